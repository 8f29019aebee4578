"""What stands on the pages of one's favourites and subscriptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute, EntryState, EntryView
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.opening import selectors as opening
from wushu.opening.types import NOTHING_TO_FOLLOW, SubscriptionView, Target, TargetKind
from wushu.parties import selectors as parties
from wushu.parties.types import Actor
from wushu.portal import labels
from wushu.portal.forms.search import SearchForm
from wushu.portal.requests import language


@dataclass(frozen=True, slots=True)
class Favourite:
    """A marked dataset as it stands today."""

    entry: EntryView
    since: datetime
    closed: bool
    """Sealed or withdrawn: the list says so instead of leaving it out."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a subscription follows, in words, with its page and its feed."""

    words: str
    page: str
    feed: str


@dataclass(frozen=True, slots=True)
class Line:
    """One subscription in the list."""

    view: SubscriptionView
    followed: Followed


def favourites(actor: Actor) -> list[Favourite]:
    """What the actor marked, newest first; closed ones are shown as what they are."""
    marked = opening.favourites(actor=actor)
    listed = {one.id: one for one in catalog.entries_by_id([one.dataset for one in marked])}
    found = []
    for one in marked:
        entry = listed.get(one.dataset) or _closed(one.dataset)
        if entry is not None:
            found.append(Favourite(entry, one.since, entry.state is not EntryState.LISTED))
    return found


def _closed(dataset: UUID) -> EntryView | None:
    """The public notice of what is listed no more."""
    try:
        return catalog.entry_by_id(dataset)
    except Refusal as refusal:
        if refusal.kind is NOT_FOUND:
            return None
        raise


def lines(actor: Actor) -> list[Line]:
    """The actor's subscriptions."""
    return [Line(one, followed(one.target)) for one in opening.subscriptions(actor=actor)]


def target_asked(query: QueryDict) -> Target:
    """What the address of the page says to follow; refusals ``nothing-to-follow``, ``not-found``."""
    what = query.get("what", "")
    if what == TargetKind.DATASET:
        return Target(TargetKind.DATASET, catalog.entry_by_slug(query.get("slug", "")).id)
    if what == TargetKind.BODY:
        return Target(TargetKind.BODY, parties.organisation_by_code(query.get("code", "")).id)
    if what == TargetKind.SEARCH and (asked := SearchForm(query).asked()):
        return Target(TargetKind.SEARCH, search=asked)
    raise NOTHING_TO_FOLLOW()


def followed(target: Target) -> Followed:
    """In words for people."""
    try:
        if target.kind is TargetKind.DATASET and target.id is not None:
            entry = catalog.entry_by_id(target.id)
            page = reverse("portal:dataset", args=[entry.slug])
            return Followed(entry.title(language()), page, f"/datasets/{entry.slug}.atom")
        if target.kind is TargetKind.BODY and target.id is not None:
            body = parties.organisation(target.id)
            words = _("new data of %(name)s") % {"name": body.name(language())}
            page = reverse("portal:body", args=[body.code])
            return Followed(words, page, f"/datasets.atom?{urlencode({'body': body.code})}")
    except Refusal as refusal:
        if refusal.kind is not NOT_FOUND:
            raise
        return Followed(str(target.id), "", "")
    asked = dict(target.search or {})
    words = _("new data for the search “%(words)s”") % {"words": _search_words(asked)}
    query = urlencode(asked)
    return Followed(words, f"{reverse('portal:datasets')}?{query}", f"/datasets.atom?{query}")


def _search_words(asked: dict[str, str]) -> str:
    """The words typed, and the names of the choices made."""
    said = [_choice(name, value) for name, value in asked.items() if name != "q"]
    return " · ".join([asked["q"], *said] if "q" in asked else said)


def _choice(name: str, value: str) -> str:
    if name == "body":
        return parties.organisation(UUID(value)).name(language())
    if name == "format":
        return catalog.vocabulary("file-type").label(value, language())
    if name == "attribute" and value in set(Attribute):
        return labels.label(Attribute(value))
    named = {"theme": labels.theme, "frequency": labels.cycle, "region": labels.place}
    return named[name](value) if name in named else value
