"""What waits for a person or their bodies: a small registry that every part of the desk adds to.

A provider is a function from the actor to what waits for them. It asks selectors, which keep the
permission inside, so that an actor with several memberships gets the sum of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from uuid import UUID

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wushu.casework import selectors as casework
from wushu.catalog import selectors as catalog
from wushu.catalog.types import RevisionState
from wushu.dataplane import selectors as dataplane
from wushu.dataplane.types import UploadState
from wushu.harvest import selectors as harvest
from wushu.opening import selectors as opening
from wushu.opening.types import NeedState, PlanState
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, Role
from wushu.portal.requests import language

EXPIRING_DAYS = 30
"""A grant that ends within so many days is worth a look."""
CASES_SHOWN = 100
"""Of cases the first here; all of them have a page of their own."""
_COUNTED_SECONDS = 60
"""For so long a page off the desk shows the number counted last."""
OFFICIAL = (Role.OPENING_BODY, Role.DATA_AUTHORITY, Role.PLATFORM_OPERATOR)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do."""

    what: str | Promise
    title: str
    address: str
    since: datetime
    body: UUID | None = None
    """Whose work it is; None: the authority's or the operator's own."""
    begun_by: str = ""
    """URN of the account that began it; who took over since is found from it."""
    urgent: bool = False
    body_name: str = ""
    who: str = ""
    """Whose turn it is; empty: anybody's of the body with the role."""


Provider = Callable[[Actor], Iterable[Waiting]]
PROVIDERS: dict[str, Provider] = {}
SIZES: dict[str, Callable[[Actor], int]] = {
    "cases": lambda actor: casework.inbox_size(actor=actor, most=CASES_SHOWN)
}
"""Of what many things wait: how many, without making each."""


def provider(name: str) -> Callable[[Provider], Provider]:
    """Add a source of things to do; a name is added once."""

    def add(made: Provider) -> Provider:
        if name in PROVIDERS:
            raise ValueError(f"inbox provider {name!r} is there already")
        PROVIDERS[name] = made
        return made

    return add


def waiting(actor: Actor) -> list[Waiting]:
    """All that waits, the oldest first."""
    found = [one for made in PROVIDERS.values() for one in made(actor)]
    return _with_names(sorted(found, key=lambda one: one.since), actor)


def count(actor: Actor, *, afresh: bool) -> int:
    """How much waits, for the navigation: counted afresh on the desk, elsewhere once a minute."""
    if not any(map(actor.holds, OFFICIAL)):
        return 0
    key = f"wushu-inbox-{actor.account}"
    known = None if afresh else cache.get(key)
    if known is None:
        known = sum(_size(name, actor) for name in PROVIDERS)
        cache.set(key, known, _COUNTED_SECONDS)
    return int(known)


def _size(name: str, actor: Actor) -> int:
    size = SIZES.get(name)
    return sum(1 for _one in PROVIDERS[name](actor)) if size is None else size(actor)


@provider("drafts")
def _drafts(actor: Actor) -> Iterator[Waiting]:
    """Drafts to finish, and what the authority returned."""
    for entry in catalog.drafts(actor=actor):
        revision = entry.revision
        if revision is None or not actor.holds(Role.OPENING_BODY, entry.body):
            continue
        if revision.state is RevisionState.IN_REVIEW:
            continue
        returned = revision.state is RevisionState.RETURNED
        since = revision.submitted_at if returned else revision.created_at
        yield Waiting(
            what=_("returned: mend it") if returned else _("draft to finish"),
            title=entry.title(language()),
            address=reverse("portal:desk-dataset", args=[entry.slug]),
            since=since or revision.created_at,
            body=entry.body,
            begun_by=revision.created_by,
            urgent=returned,
        )


@provider("loads")
def _loads(actor: Actor) -> Iterator[Waiting]:
    """Files that wait for an answer, and those that failed."""
    asked = {
        UploadState.UNDECIDED: _("file: choose its encoding"),
        UploadState.FOUND: _("file: confirm its columns"),
        UploadState.FAILED: _("file: loading failed"),
    }
    loads = [one for one in dataplane.loads_open(actor=actor) if one.state in asked]
    handed_in = dataplane.uploaded_by([one.upload.id for one in loads], actor=actor)
    for load in loads:
        yield Waiting(
            what=asked[load.state],
            title=load.upload.name,
            address=reverse("portal:desk-load", args=[load.id]),
            since=load.upload.received_at,
            body=load.upload.body,
            begun_by=handed_in.get(load.upload.id, ""),
            urgent=load.state is UploadState.FAILED,
        )


@provider("reviews")
def _reviews(actor: Actor) -> Iterator[Waiting]:
    """Submissions on which the actor may decide."""
    for entry in catalog.reviews_of(actor):
        assert entry.revision is not None
        yield Waiting(
            what=_("submission to review"),
            title=entry.title(language()),
            address=reverse("portal:review", args=[entry.revision.id]),
            since=entry.revision.submitted_at or entry.revision.created_at,
            body_name=entry.body_name(language()),
        )


@provider("corrections")
def _corrections(actor: Actor) -> Iterator[Waiting]:
    """Corrections that need the actor as the second person."""
    found = catalog.corrections_waiting(actor=actor)
    entries = catalog.entries_known([one.entry for one in found], actor=actor)
    for one in found:
        entry = entries[one.entry]
        yield Waiting(
            what=_("correction to confirm"),
            title=entry.title(language()),
            address=reverse("portal:desk-correction", args=[one.id]),
            since=one.proposed_at,
            body_name=entry.body_name(language()),
        )


@provider("computations")
def _computations(actor: Actor) -> Iterator[Waiting]:
    """Results of users' programs that the actor may release or withhold."""
    if not opening.may_decide_computations(actor):
        return
    for one in opening.computations_waiting(actor=actor, limit=CASES_SHOWN).items:
        if not one.is_decided_here or one.ran_at is None:
            continue
        yield Waiting(
            what=_("result of a program to release"),
            title=one.dataset.title(language()),
            address=reverse("portal:desk-computation", args=[one.id]),
            since=one.ran_at,
            body=one.dataset.body,
        )


@provider("grants")
def _grants(actor: Actor) -> Iterator[Waiting]:
    """Grants that the actor's bodies gave and that end soon."""
    ending = list(dataplane.grants_expiring(actor=actor, days=EXPIRING_DAYS))
    entries = catalog.entries_known([dataset for dataset, _begun in ending], actor=actor)
    for dataset, begun in ending:
        entry = entries[dataset]
        yield Waiting(
            what=_("a grant ends soon"),
            title=entry.title(language()),
            address=reverse("portal:desk-opening", args=[entry.slug]),
            since=begun,
            body=entry.body,
        )


@provider("updates")
def _updates(actor: Actor) -> Iterator[Waiting]:
    """Datasets whose next version is due or overdue."""
    for entry, due in catalog.updates_due(actor=actor):
        if due.on is None or not actor.holds(Role.OPENING_BODY, entry.body):
            continue
        late = due.days is not None and due.days < 0
        yield Waiting(
            what=_("update overdue") if late else _("update due soon"),
            title=entry.title(language()),
            address=reverse("portal:desk-dataset", args=[entry.slug]),
            since=min(timezone.make_aware(datetime.combine(due.on, time.min)), timezone.now()),
            body=entry.body,
            urgent=late,
        )


@provider("reassessments")
def _reassessments(actor: Actor) -> Iterator[Waiting]:
    """Datasets that are not opened and are due to be re-assessed."""
    for one in opening.reassessments_due(actor=actor):
        yield Waiting(
            what=_("re-assessment overdue") if one.is_late else _("re-assessment due soon"),
            title=one.entry.title(language()),
            address=reverse("portal:file-on-dataset", args=[one.entry.slug, one.procedure]),
            since=min(timezone.make_aware(datetime.combine(one.due, time.min)), timezone.now()),
            body=one.entry.body,
            urgent=one.is_late,
        )


@provider("harvests")
def _harvests(actor: Actor) -> Iterator[Waiting]:
    """Catalogues of others that wait for a second person before they are harvested."""
    for source in harvest.to_activate(actor=actor):
        yield Waiting(
            what=_("source of a harvest to activate"),
            title=source.title_zh or source.name,
            address=reverse("portal:desk-harvest-source", args=[source.name]),
            since=source.proposed_at,
        )


@provider("cases")
def _cases(actor: Actor) -> Iterator[Waiting]:
    """Cases in which it is the actor's turn as an official."""
    today = casework.local_day(timezone.now())
    for one in casework.inbox(actor=actor, limit=CASES_SHOWN):
        yield Waiting(
            what=f"{one.procedure_title(language())} · {one.state_label(language())}",
            title=one.title,
            address=reverse("portal:case", args=[one.number]),
            since=one.opened_at,
            body=one.body,
            urgent=one.due is not None and one.due < today,
        )


@provider("plans")
def _plans(actor: Actor) -> Iterator[Waiting]:
    """Yearly plans that the actor can decide on, and their bodies' that were returned."""
    for one in opening.plans_waiting(actor=actor):
        returned = one.state is PlanState.RETURNED
        yield Waiting(
            what=_("plan returned: mend it") if returned else _("plan to decide on"),
            title=f"{one.year} {one.body.name(language())}",
            address=reverse("portal:desk-plan", args=[one.year, one.body.code]),
            since=one.since or timezone.now(),
            body=one.body.id if returned else None,
            urgent=returned,
            body_name=one.body.name(language()),
        )


@provider("results")
def _results(actor: Actor) -> Iterator[Waiting]:
    """Results and comments on which the actor may decide."""
    if not opening.may_moderate(actor):
        return
    for result in opening.results_waiting(actor=actor).items:
        if not result.is_own:
            yield Waiting(
                what=_("result to look at"),
                title=result.title(language()),
                address=reverse("portal:desk-result", args=[result.id]),
                since=result.filed_at,
            )
    comments = [one for one in opening.comments_waiting(actor=actor).items if not one.is_own]
    entries = catalog.entries_known({one.dataset for one in comments})
    for comment in comments:
        yield Waiting(
            what=_("comment to look at"),
            title=entries[comment.dataset].title(language()),
            address=reverse("portal:desk-comment", args=[comment.id]),
            since=comment.at,
        )


@provider("needs")
def _needs(actor: Actor) -> Iterator[Waiting]:
    """Needs that the actor is to look at, hand over or answer."""
    for one in opening.needs_waiting(actor=actor):
        handed = one.state is NeedState.HANDED
        yield Waiting(
            what=_("need to look at") if one.state is NeedState.WAITING else _("need to answer"),
            title=one.title,
            address=reverse("portal:desk-need", args=[one.id]),
            since=one.submitted_at,
            body=one.body.id if handed and one.body else None,
        )


def _with_names(found: Sequence[Waiting], actor: Actor) -> list[Waiting]:
    """The bodies' names, and in whose charge each is now that colleagues may have taken over."""
    bodies = parties.organisations_by_id({one.body for one in found if one.body is not None})
    people = parties.people_of_accounts({one.begun_by for one in found if one.begun_by})
    now = timezone.now()
    charge: dict[tuple[str, UUID], UUID] = {}
    for one in found:
        if one.body is not None and one.begun_by in people:
            key = (one.begun_by, one.body)
            if key not in charge:
                charge[key] = parties.successor_of(people[one.begun_by], one.body, now)
    names = parties.person_names(charge.values(), actor=actor)
    return [
        replace(
            one,
            body_name=bodies[one.body].name(language()) if one.body in bodies else one.body_name,
            who=names.get(charge.get((one.begun_by, one.body), _NOBODY), "")
            if one.body is not None
            else "",
        )
        for one in found
    ]


_NOBODY = UUID(int=0)
