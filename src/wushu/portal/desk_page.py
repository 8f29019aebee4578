"""What stands on a clerk's pages."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from wushu.casework import selectors as casework
from wushu.casework.types import CaseView
from wushu.catalog import selectors as catalog
from wushu.catalog.types import (
    EntryState,
    EntryView,
    FieldSpec,
    ReviewDecision,
    ReviewView,
    RevisionState,
    RevisionView,
    SharedItem,
)
from wushu.dataplane import selectors as dataplane
from wushu.dataplane.types import LoadView, PersonalInformation, UploadState
from wushu.kernel.errors import Refusal
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, OrganisationView, Role
from wushu.portal import opening_page
from wushu.portal.forms.base import field_of
from wushu.portal.forms.columns import ItemForm, MeaningForm
from wushu.portal.forms.dataset import SECTIONS
from wushu.portal.requests import language
from wushu.portal.searching import unless_away

GOVERNING = (Role.DATA_AUTHORITY, Role.PLATFORM_OPERATOR)
"""Who is offered what concerns the people of several bodies; the services ask for which bodies."""

_EDITABLE = (EntryState.DRAFT, EntryState.LISTED, EntryState.SEALED)
_COLUMN_PROBLEMS = ("fields-missing", "field-name-wrong", "field-codes-twice", "field-type-detail")


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do for a dataset."""

    name: str
    address: str
    done: bool
    faults: tuple[str, ...] = ()
    note: str = ""
    optional: bool = False
    """Nothing is missing while it is not done."""


def bodies_of(actor: Actor) -> list[OrganisationView]:
    """Bodies for which the actor may publish."""
    found = parties.organisations_by_id(actor.organisations_as(Role.OPENING_BODY))
    return list(found.values())


def own_entry(slug: str, actor: Actor) -> EntryView:
    """An entry of a body the actor works for, with its newest revision; a 404 for all others."""
    entry = catalog.entry_by_slug(slug, actor=actor)
    if entry.body not in actor.organisations or entry.revision is None:
        raise Http404(slug)
    return entry


def said(refusal: Refusal | None) -> dict[str, str] | None:
    """A refusal as the part ``error`` shows it."""
    if refusal is None:
        return None
    chosen = language()
    return {
        "name": refusal.name,
        "sentence": refusal.sentence(chosen),
        "way_out": refusal.way_out(chosen),
    }


def tasks(entry: EntryView, actor: Actor) -> dict[str, Any]:
    """Context of the page with a dataset's tasks."""
    revision = entry.revision
    assert revision is not None
    drafted = revision.state is RevisionState.DRAFT
    may_edit = revision.state is not RevisionState.IN_REVIEW and entry.state in _EDITABLE
    loads = _loads(entry, revision, actor)
    problems = catalog.submission_problems(revision.id, actor=actor) if may_edit else []
    listed = [_data_task(entry, loads, problems), *_section_tasks(entry, problems)]
    return {
        "entry": entry,
        "revision": revision,
        "metadata": revision.metadata,
        "version": revision.version,
        "personal": _personal(revision, actor) if drafted else (),
        "tasks": listed,
        "loads": loads,
        "may_edit": may_edit,
        "drafted": drafted,
        "listed": revision.state is RevisionState.LISTED,
        "ready": drafted and not problems and not any(map(_at_work, loads)),
        **_by_the_rules(entry, revision, actor),
        "returned": _newest_return(entry, revision, actor),
        "may_oversee": opening_page.may_oversee(entry, actor),
        "trouble": None,
        "collected": collected(entry, revision, actor) if drafted else (),
    }


def _by_the_rules(entry: EntryView, revision: RevisionView, actor: Actor) -> dict[str, Any]:
    """The procedure that the rules ask for instead of the button, and the case that is at it."""
    if revision.state is RevisionState.IN_REVIEW:
        return {"case": case_of(revision, actor)}
    asked = catalog.listing_procedure(revision.id, actor=actor)
    if asked is None or revision.state is not RevisionState.DRAFT:
        return {}
    return {
        "procedure": asked,
        "case": casework.open_case_about(entry.id, asked.id, actor=actor),
    }


def case_of(revision: RevisionView, actor: Actor) -> CaseView | None:
    """The case whose steps list or return what waits for review; None for who has no part in it."""
    if revision.case is not None:
        with suppress(Refusal):  # whoever may read the revision has not always a seat in its case
            return casework.case(revision.case, actor=actor)
    return None


def collected(entry: EntryView, revision: RevisionView, actor: Actor) -> Sequence[SharedItem]:
    """Items of a proposed table that other bodies collect already (一数一源).

    None while the search index cannot be read: the warning keeps nobody from submitting.
    """
    division = parties.organisation(entry.body).division
    return unless_away(
        lambda: catalog.collected_elsewhere(
            revision.fields, actor=actor, body=entry.body, division=division
        ),
        [],
    )


def _personal(revision: RevisionView, actor: Actor) -> tuple[PersonalInformation, ...]:
    """What looks personal in the data to be submitted."""
    if revision.version is None:
        return ()
    try:
        return dataplane.personal(revision.version.id, actor=actor)
    except Refusal:  # of a sealed dataset nothing is read
        return ()


def _loads(entry: EntryView, revision: RevisionView, actor: Actor) -> list[LoadView]:
    """Loads for the entry, newest first; failed ones only until another has succeeded."""
    version = revision.version
    return [
        one
        for one in dataplane.loads_open(actor=actor)
        if one.entry == entry.id
        and (_at_work(one) or version is None or one.upload.received_at > version.created_at)
    ]


def _at_work(load: LoadView) -> bool:
    return load.state is not UploadState.FAILED


def _newest_return(entry: EntryView, revision: RevisionView, actor: Actor) -> ReviewView | None:
    """Why the authority returned this revision or the one this draft mends."""
    for one in catalog.revisions(entry.id, actor=actor):
        if one.number < revision.number - 1 or one.state is RevisionState.LISTED:
            return None
        for review in one.reviews:
            if review.decision is ReviewDecision.RETURN:
                return review
    return None


def _data_task(entry: EntryView, loads: Sequence[LoadView], problems: Sequence[Refusal]) -> Task:
    """The table itself: loaded, being loaded, or missing."""
    assert entry.revision is not None
    faults = _faults(one for one in problems if one.name == "version-missing")
    if loads:
        newest = loads[0]
        address = reverse("portal:desk-load", args=[newest.id])
        waiting = newest.state not in (UploadState.QUEUED, UploadState.LOADING)
        note = _("waits for you") if waiting else _("being loaded")
        return Task(_("The data"), address, done=False, note=note)
    address = f"{reverse('portal:desk-upload')}?dataset={entry.slug}"
    version = entry.revision.version
    note = "" if version is None else _("version {number}").format(number=version.number)
    done = version is not None
    return Task(_("The data"), address, done=done, faults=faults, note=note, optional=not faults)


def _section_tasks(entry: EntryView, problems: Sequence[Refusal]) -> list[Task]:
    made = [
        Task(
            str(form.heading),
            reverse("portal:desk-section", args=[entry.slug, name]),
            done=not (faults := _faults(one for one in problems if form.answers(one))),
            faults=faults,
        )
        for name, form in SECTIONS.items()
    ]
    faults = _faults(
        one for one in problems
        if one.name in _COLUMN_PROBLEMS or field_of(one).startswith("fields.")
    )  # fmt: skip
    address = reverse("portal:desk-columns", args=[entry.slug])
    made.append(Task(_("What the columns mean"), address, done=not faults, faults=faults))
    return made


def _faults(problems: Any) -> tuple[str, ...]:
    return tuple(one.sentence(language()) for one in problems)


def meaning_forms(fields: Sequence[FieldSpec], data: Any, *, blank: int) -> list[MeaningForm]:
    """A form per column; ``blank``: so many more by hand, and names may be changed."""
    if not blank:
        return [MeaningForm.of(place, spec, data) for place, spec in enumerate(fields)]
    specs = [*fields, *(FieldSpec(name="") for _unused in range(blank))]
    return [ItemForm.of(place, spec, data) for place, spec in enumerate(specs)]
