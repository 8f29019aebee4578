"""Filing a case and taking its steps. May they? -> rules -> save -> effect -> evidence, one transaction."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, models, transaction
from django.db.models.functions import Length
from django.utils import timezone

from wushu.casework import refusals as no
from wushu.casework.models import Case, CaseEvent, CasePaper, PaperContent
from wushu.casework.presenting import case_view, happened_of, sides_of
from wushu.casework.rules import cases as rules
from wushu.casework.rules.clock import local_day
from wushu.casework.rules.papers import media_type_of, require_paper
from wushu.casework.selectors.regulations import applying, content, regulation
from wushu.casework.services.answers import answer_keep
from wushu.casework.services.turns import turn_keep
from wushu.casework.types import (
    NODE_SEAT,
    CaseView,
    Decided,
    Effect,
    HappenedKind,
    Paper,
    Procedure,
    Regulation,
    Sides,
    Step,
    WalkIn,
)
from wushu.evidence.services import record
from wushu.kernel import scanning
from wushu.kernel.canonical import sha256_hex
from wushu.parties import selectors as parties
from wushu.parties import services as people
from wushu.parties.types import NODE, Actor, OrganisationView

_NUMBER_LOCK = 0x57757368_75436E00  # "Wushu" "Cn": a number among the database's advisory locks


@dataclass(frozen=True, slots=True)
class Given:
    """What comes with a step."""

    values: Mapping[str, Any]
    papers: Sequence[Paper] = ()
    columns: Collection[str] = ()
    """Data items of the case's dataset, by which chosen ones are checked."""


def case_open(
    *,
    actor: Actor,
    procedure: str,
    step: str,
    subject: UUID,
    body: UUID,
    organisation: UUID | None,
    title: str,
    given: Given,
    effects: Mapping[str, Effect],
    walk_in: WalkIn | None = None,
) -> CaseView:
    """File a case under the regulation that applies today where the body is.

    ``organisation`` None: for oneself. ``walk_in``: for somebody who came to the actor's counter; the
    case is theirs, and the actor takes their steps for them but decides nothing in it. Refusals:
    ``counter-not-here``, ``not-found``, ``regulation-not-adopted``,
    ``step-unknown``, ``file-for-whom``, ``key-lacks-scope``, those of the answers and papers, of the
    malware scanner, and of the step's effect.
    """
    now = timezone.now()
    place = parties.organisation(body)
    adopted = applying(place.division, procedure, local_day(now))
    rule = regulation(adopted.version.id)
    of = rule.procedure(procedure)
    first = _step(of, step, starting=True)
    if walk_in is not None:
        obstacle = rules.counter_obstacle(
            actor, first, walk_in, regulation=rule, procedure=of, division=place.division
        )
    else:
        obstacle = rules.filing_obstacle(
            actor, organisation, first, regulation=rule, procedure=of, body=body,
            division=place.division,
        )  # fmt: skip
    if obstacle is not None:
        raise obstacle
    papers = _looked_at(first, given.papers)
    values = rules.values_of(rules.Asked(first, of, rule, frozenset(given.columns)), given.values)
    with transaction.atomic():
        assert actor.person is not None
        assert first.to is not None
        filer = actor.person
        if walk_in is not None:
            filer = people.person_register(actor=actor, name=walk_in.name)
        row = Case.objects.create(
            number=_number(of, place, now), version_id=adopted.version.id, procedure=of.id,
            subject=subject, body_id=body, filer_id=filer,
            counter_id=None if walk_in is None else actor.person,
            filer_organisation_id=organisation, title=title.strip()[:200] or of.title.zh,
            state=first.to, opened_at=now,
        )  # fmt: skip
        case = case_view(row, rule)
        seat = next(one for one in first.seats if one != "node")
        shown = "" if walk_in is None else walk_in.identity.strip()
        _happen(actor, row, case, first, seat, values, papers, effects, now, shown)
    return case


def case_begin(
    *, of: CaseView, procedure: str, step: str, title: str, values: Mapping[str, Any]
) -> CaseView:
    """Begin by the node what is asked of who filed another case: theirs too, about the same, under the same version.

    For the effect of a step in that other case, whose actor was asked there.
    """
    now = timezone.now()
    with transaction.atomic():
        known = locked_case(of.id)
        rule = content(known.version.sha256)
        begun = rule.procedure(procedure)
        first = _step(begun, step, starting=True)
        given = rules.values_of(rules.Asked(first, begun, rule), values)
        assert first.to is not None
        row = Case.objects.create(
            number=_number(begun, parties.organisation(known.body_id), now),
            version=known.version, procedure=begun.id, subject=known.subject, body=known.body,
            filer=known.filer, counter_id=known.counter_id,
            filer_organisation=known.filer_organisation, title=title[:200], state=first.to,
            opened_at=now,
        )  # fmt: skip
        _happen(NODE, row, case_view(row, rule), first, NODE_SEAT, given, (), {}, now)
    return case_view(row, rule)


def case_step(
    *,
    actor: Actor,
    case: UUID,
    step: str,
    given: Given,
    effects: Mapping[str, Effect],
) -> CaseView:
    """Take a step of a case; the view is of how it stands afterwards.

    Of two who take a step at the same moment the second is told how the case stands now. Refusals:
    ``not-found``, ``step-unknown``, ``own-case``, ``not-in-seat``, ``key-lacks-scope``,
    ``step-not-now``, ``step-once``, ``step-another-person``, those of the answers and papers, of the
    malware scanner, and of the step's effect.
    """
    known = _known(case)
    rule = content(known.version.sha256)
    of = rule.procedure(known.procedure)
    taken = _step(of, step, starting=False)
    _require_seen(actor, rule, sides_of(known, rule))
    papers = _looked_at(taken, given.papers)
    with transaction.atomic():
        row = locked_case(case)
        history = [happened_of(one) for one in row.events.order_by("number")]
        sides = sides_of(row, rule)
        if row.merged_into_id is not None:
            raise no.STEP_NOT_NOW(state=of.state(row.state).label, step=taken.label)
        obstacle = rules.obstacle(
            actor,
            taken,
            regulation=rule,
            procedure=of,
            state=row.state,
            sides=sides,
            history=history,
        )
        if obstacle is not None:
            raise obstacle
        done = frozenset(one.step for one in history if one.step)
        values = rules.values_of(
            rules.Asked(taken, of, rule, frozenset(given.columns), done), given.values
        )
        seats = rules.seats_of(actor, rule, sides)
        before = case_view(row, rule, history=history, seats=seats)
        seat = next(one for one in taken.seats if one in seats)
        if taken.to is not None:
            row.state = taken.to
        now = max(timezone.now(), history[-1].at)
        if of.state(row.state).end:
            row.closed_at = row.closed_at or now
        row.save(update_fields=["state", "closed_at"])
        _happen(actor, row, before, taken, seat, values, papers, effects, now)
        after = [happened_of(one) for one in row.events.order_by("number")]
    return case_view(row, rule, history=after, seats=seats)


def locked_case(case: UUID) -> Case:
    """The case, locked until the transaction ends, so that acts on it take turns; ``not-found``."""
    found = (
        Case.objects.select_for_update(of=("self",))
        .select_related("body", "filer", "filer_organisation", "version", "merged_into")
        .filter(pk=case)
        .first()
    )
    if found is None:
        raise no.no_case()
    return found


def _known(case: UUID) -> Case:
    found = Case.objects.select_related("body", "version").filter(pk=case).first()
    if found is None:
        raise no.no_case()
    return found


def _require_seen(actor: Actor, regulation: Regulation, sides: Sides) -> None:
    """Who has no part in a case is told the same as if it were not there, but for its own filer."""
    if not rules.seats_of(actor, regulation, sides) and not rules.is_filer(actor, sides):
        raise no.no_case()


def _step(procedure: Procedure, step: str, *, starting: bool) -> Step:
    fitting = [one for one in procedure.steps if one.starts is starting]
    found = next((one for one in fitting if one.id == step), None)
    if found is None:
        raise no.STEP_UNKNOWN(
            procedure=procedure.title, step=step, steps=", ".join(one.id for one in fitting)
        )
    return found


def _looked_at(step: Step, papers: Sequence[Paper]) -> list[Paper]:
    """The papers, asked for, small enough, of a known kind, and clean; before anything is written."""
    rules.require_papers(step, papers)
    for one in papers:
        require_paper(one)
        scanning.require_clean(io.BytesIO(one.content), one.name)
    return list(papers)


def _number(procedure: Procedure, body: OrganisationView, now: datetime) -> str:
    """``320500-YT-2026-00017``: of the body's division, counted by the year."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBER_LOCK])
    prefix = f"{body.division}-{procedure.code}-{local_day(now).year}-"
    numbered = Case.objects.filter(number__startswith=prefix)
    by_digits = numbered.order_by(Length("number").desc(), "-number")  # beyond 99999 they are six
    newest = by_digits.values_list("number", flat=True).first()
    return f"{prefix}{1 + int(newest.removeprefix(prefix)) if newest else 1:05d}"


def _happen(
    actor: Actor,
    row: Case,
    before: CaseView,
    step: Step,
    seat: str,
    values: Mapping[str, Any],
    papers: Sequence[Paper],
    effects: Mapping[str, Effect],
    now: datetime,
    text: str = "",
) -> None:
    """Write the line, let the step take effect, record it, and say whose turn it is.

    ``text``: what was shown at the counter; like all text of lines it stays out of the log.
    """
    event = CaseEvent.objects.create(
        id=uuid4(), case=row, number=len(before.history) + 1, kind=HappenedKind.STEP.value, at=now,
        actor=actor.urn, actor_name=actor.name[:100], person=actor.person, seat=seat,
        step=step.id, state=row.state, values=dict(values), text=text,
    )  # fmt: skip
    kept: list[models.Model] = []
    for one in papers:
        paper = CasePaper.objects.create(
            event=event, kind=one.kind, name=one.name[:255], media_type=media_type_of(one),
            size=len(one.content), sha256=sha256_hex(one.content),
        )  # fmt: skip
        PaperContent.objects.create(paper=paper, content=one.content)
        kept.append(paper)
    happened = happened_of(event)
    if step.effect:
        effects[step.effect](Decided(actor, replace(before, seats=(seat,)), step, happened))
    record(
        f"casework.case.{'opened' if step.starts else 'stepped'}", actor=actor,
        subject=f"urn:uuid:{row.pk}",
        data={
            "number": row.number, "regulation": row.version.sha256, "procedure": row.procedure,
            "step": step.id, "seat": seat, "state": row.state, "event": str(event.pk),
        },
        rows=[row, event, *kept],
    )  # fmt: skip
    turn_keep(row, (*before.history, happened), now)
    answer_keep(row, (*before.history, happened))
