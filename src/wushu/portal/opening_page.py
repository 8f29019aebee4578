"""What stands on the pages where a listed dataset is suspended, taken down, and granted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from wushu.casework.types import SubjectKind
from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute, EntryAct, EntryState, EntryView, RevisionView
from wushu.dataplane import selectors as dataplane
from wushu.dataplane.selectors import GrantView
from wushu.dataplane.types import GranteeKind, GrantStanding
from wushu.kernel.errors import Refusal
from wushu.opening import selectors as opening
from wushu.parties.types import Actor
from wushu.portal.forms.opening import CLOSING, ClosingWords
from wushu.portal.requests import language

_ENDABLE = (GrantStanding.IN_FORCE, GrantStanding.FUTURE)


@dataclass(frozen=True, slots=True)
class Closing:
    """One way to close the dataset or open it again."""

    words: ClosingWords
    address: str
    why_not: str
    """Empty: this actor may."""


@dataclass(frozen=True, slots=True)
class Given:
    """One grant in a list."""

    grant: GrantView
    name: str
    """Of who may read; empty: everybody."""
    standing: GrantStanding
    may_end: bool


def may_oversee(entry: EntryView, actor: Actor | None) -> bool:
    """Whether a public page leads the reader here: the body's clerks and their authority."""
    return actor is not None and dataplane.grant_acts(entry.id, actor=actor)[1]


def overseen(slug: str, actor: Actor) -> EntryView:
    """An entry whose opening the actor answers for; a 404 for all others."""
    entry = catalog.entry_by_slug(slug, actor=actor)
    if not may_oversee(entry, actor):
        raise Http404(slug)
    return entry


def content(entry: EntryView, actor: Actor) -> dict[str, Any]:
    """Context of the page: what may be closed, and who may read."""
    listed = listed_revision(entry, actor)
    return {
        "entry": entry,
        "listed": listed,
        "closings": _closings(entry, actor),
        "grants": [_given(one) for one in dataplane.grants_of(entry.id, actor=actor)],
        "may_write": may_write(entry, listed, actor),
        "is_own": entry.body in actor.organisations,
        "to_begin": opening.to_begin(entry.body, SubjectKind.DATASET, actor=actor),
        "against_users": opening.to_begin(entry.body, SubjectKind.GRANT, actor=actor),
    }


def listed_revision(entry: EntryView, actor: Actor) -> RevisionView | None:
    """What is listed; None for what never was."""
    if entry.listed_revision is None:
        return None
    return catalog.revision(entry.listed_revision, actor=actor)


def may_write(entry: EntryView, listed: RevisionView | None, actor: Actor) -> bool:
    """Whether the actor may let somebody read: of a conditional dataset that is not withdrawn."""
    return (
        listed is not None
        and listed.metadata.attribute is Attribute.CONDITIONAL
        and entry.state is not EntryState.WITHDRAWN
        and dataplane.grant_acts(entry.id, actor=actor)[0]
        and opening.granting_rule(entry.body) is None
    )


def obstacle(entry: EntryView, act: EntryAct, actor: Actor) -> Refusal | None:
    """Why the actor may not; a 404 for an act that the entry's state does not know."""
    possible = catalog.closing_acts(entry.id, actor=actor)
    if act not in possible:
        raise Http404(act.value)
    return possible[act]


def any_grant_of(entry: EntryView, grant: UUID, actor: Actor) -> Given:
    """One grant of the dataset, over or not; a 404 for any other."""
    for one in dataplane.grants_of(entry.id, actor=actor):
        if one.id == grant:
            return _given(one)
    raise Http404(str(grant))


def grant_of(entry: EntryView, grant: UUID, actor: Actor) -> Given:
    """One grant of the dataset that can still be ended; a 404 for any other."""
    for one in map(_given, dataplane.grants_of(entry.id, actor=actor)):
        if one.grant.id == grant and one.may_end:
            return one
    raise Http404(str(grant))


def _closings(entry: EntryView, actor: Actor) -> Sequence[Closing]:
    return [
        Closing(
            CLOSING[act],
            reverse("portal:desk-close", args=[entry.slug, act.value]),
            "" if why_not is None else why_not.sentence(language()),
        )
        for act, why_not in catalog.closing_acts(entry.id, actor=actor).items()
    ]


def _given(one: GrantView) -> Given:
    standing = one.standing(timezone.now())
    is_public = one.grantee_kind is GranteeKind.PUBLIC
    name = one.organisation.name(language()) if one.organisation else one.person
    return Given(
        one,
        "" if is_public else name or str(one.grantee),
        standing,
        may_end=standing in _ENDABLE and not is_public,
    )
