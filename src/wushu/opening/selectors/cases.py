"""What is asked of cases by what they are about: which can be filed, and the agreement of one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushu.casework import selectors as casework
from wushu.casework.types import (
    NODE_SEAT,
    AdoptionView,
    CaseView,
    Procedure,
    Regulation,
    Step,
    SubjectKind,
)
from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute, EntryView, ListingProcedure
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.opening.models import Agreement
from wushu.parties import selectors as parties
from wushu.parties.types import PERSONAL_ROLES, Actor


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement, as both sides see it."""

    id: UUID
    case: UUID
    number: int
    dataset: UUID
    document: dict[str, Any]
    sha256: str
    drawn_at: datetime
    user_signed_at: datetime | None
    body_signed_at: datetime | None
    grant: UUID | None

    @property
    def until(self) -> date:
        """The last day of use."""
        return date.fromisoformat(self.document["terms"]["until"])


def rules_applying(body: UUID) -> list[tuple[Regulation, Procedure]]:
    """Every procedure that applies today where a body is, each with its regulation."""
    return [
        (rule, rule.procedure(name))
        for name, adopted in _applying(body).items()
        for rule in [casework.regulation(adopted.version.id)]
    ]


def rule_applying(body: UUID, procedure: str) -> Procedure:
    """One procedure as it applies today where a body is; ``regulation-not-adopted``."""
    return _rule_and_procedure(body, procedure)[1]


def first_step(body: UUID, procedure: str, *, actor: Actor) -> Step:
    """The step by which the actor can begin a procedure where a body is; ``regulation-not-adopted``.

    Of several beginnings the one that is theirs; where none is, the first, and the service says why not.
    """
    rule, of = _rule_and_procedure(body, procedure)
    ways = [one for one in of.steps if one.starts]
    theirs = (one for one in ways if _can_file(one, actor, rule, of, body))
    return next(theirs, ways[0])


def filing_for(body: UUID, procedure: str, *, actor: Actor) -> list[UUID | None]:
    """For whom the actor can begin a procedure: organisations, and None for themselves."""
    rule, of = _rule_and_procedure(body, procedure)
    step = first_step(body, procedure, actor=actor)
    return casework.filing_for(step, actor=actor, regulation=rule, procedure=of, body=body)


def _can_file(step: Step, actor: Actor, rule: Regulation, procedure: Procedure, body: UUID) -> bool:
    return bool(
        casework.filing_for(step, actor=actor, regulation=rule, procedure=procedure, body=body)
    )


def to_begin(body: UUID, kind: SubjectKind, *, actor: Actor) -> list[Procedure]:
    """What the actor can begin today as an official: about a dataset or grant of a body, or the body."""
    found = []
    for rule, procedure in rules_applying(body):
        official = [
            one
            for one in procedure.steps
            if one.starts
            and NODE_SEAT not in one.seats
            and not any(rule.seat(seat).role in PERSONAL_ROLES for seat in one.seats)
        ]
        if procedure.subject is kind and any(
            _can_file(one, actor, rule, procedure, body) for one in official
        ):
            found.append(procedure)
    return found


def to_file(body: UUID, kind: SubjectKind, attribute: Attribute | None = None) -> list[Procedure]:
    """What the public can file today about a dataset of a body, or to the body itself.

    What asks for conditional data is left out for others.
    """
    found = []
    for rule, procedure in rules_applying(body):
        first = next(one for one in procedure.steps if one.starts)
        public = any(rule.seat(one).role in PERSONAL_ROLES for one in first.seats)
        fits = first.effect != "require-conditional" or attribute is Attribute.CONDITIONAL
        if procedure.subject is kind and public and fits:
            found.append(procedure)
    return found


def listing_procedure(body: UUID, attribute_changes: bool) -> ListingProcedure | None:
    """What the rules where a body is ask for before its data are listed, or their attribute changes."""
    by_effect = {
        step.effect: procedure
        for _rule, procedure in reversed(rules_applying(body))
        for step in procedure.steps
    }
    effects = ("submit-attribute", "submit-entry") if attribute_changes else ("submit-entry",)
    found = next((by_effect[one] for one in effects if one in by_effect), None)
    return None if found is None else ListingProcedure(found.id, found.title)


def granting_rule(body: UUID) -> tuple[Regulation, Procedure] | None:
    """The procedure by which data of a body are opened to somebody, where rules apply."""
    for rule, procedure in rules_applying(body):
        if any(one.effect == "countersign-and-grant" for one in procedure.steps):
            return rule, procedure
    return None


def _rule_and_procedure(body: UUID, procedure: str) -> tuple[Regulation, Procedure]:
    division = parties.organisation(body).division
    adopted = casework.applying(division, procedure, casework.local_day(timezone.now()))
    rule = casework.regulation(adopted.version.id)
    return rule, rule.procedure(procedure)


def _applying(body: UUID) -> dict[str, AdoptionView]:
    division = parties.organisation(body).division
    if not division:
        return {}
    return casework.all_applying(division, casework.local_day(timezone.now()))


def columns_of_case(case: CaseView, *, actor: Actor) -> list[str]:
    """Data items that can be chosen in a case: those of its dataset, where it is about one.

    None for who sits in a case about a draft that is not theirs to see, as experts do.
    """
    if case.procedure.subject is not SubjectKind.DATASET:
        return []
    try:
        entry = catalog.entry_by_id(case.subject, actor=actor)
    except Refusal as refusal:
        if refusal.name != NOT_FOUND.name:
            raise
        return []
    return columns_of(entry, actor=actor)


def columns_of(entry: EntryView, *, actor: Actor) -> list[str]:
    """Data items of a dataset as it is listed; of one that never was, as the actor knows it.

    A clerk sees the newest draft: what can be applied for and granted is what was listed.
    """
    bound = entry.revision
    if bound is not None and entry.listed_revision not in (None, bound.id):
        bound = catalog.revision(entry.listed_revision, actor=actor)
    return [] if bound is None else [one.name for one in bound.fields]


def agreement(case: UUID, *, actor: Actor, number: int | None = None) -> AgreementView:
    """An agreement of a case by its number (None: the newest), for who may see the case; ``not-found``."""
    found = agreements(case, actor=actor)
    for one in found:
        if number in (None, one.number):
            return one
    raise NOT_FOUND(what=str(case if number is None else number))


def agreements(case: UUID, *, actor: Actor) -> list[AgreementView]:
    """All of a case, the newest first: a renewal leaves the former readable; ``not-found``."""
    known = casework.case(case, actor=actor)
    return [
        AgreementView(
            id=row.pk, case=row.case, number=row.number, dataset=row.dataset,
            document=json.loads(row.document), sha256=row.sha256, drawn_at=row.drawn_at,
            user_signed_at=row.user_signed_at, body_signed_at=row.body_signed_at, grant=row.grant,
        )
        for row in Agreement.objects.filter(case=known.id).order_by("-number")
    ]  # fmt: skip


def agreement_documents(found: Sequence[AgreementView]) -> list[dict[str, Any]]:
    """Agreements for programs: what both sign, and when they did."""
    return [
        {
            "number": one.number, "id": one.id, "document": one.document, "sha256": one.sha256,
            "drawn_at": one.drawn_at, "user_signed_at": one.user_signed_at,
            "body_signed_at": one.body_signed_at, "grant": one.grant,
        }
        for one in found
    ]  # fmt: skip
