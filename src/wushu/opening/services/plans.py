"""Yearly opening plans: drafted by a body, accepted or returned by its authority, amended in the open."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.evidence.services import record
from wushu.kernel.canonical import canonical_json, sha256_hex
from wushu.kernel.errors import INVALID_VALUE, NOT_FOUND, STALE, Refusal, Said
from wushu.opening.models import Plan, PlanEdition, PlanLink
from wushu.opening.planning_refusals import PLAN_STATE
from wushu.opening.rules import plans as rules
from wushu.opening.selectors.plans import plan, priority_domains
from wushu.opening.types import PlanContent, PlanState, PlanView
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, OrganisationView, Role

REASONS_LENGTH = 2_000
_STANDS = {
    PlanState.DRAFT: Said("还没有提交", "it was not submitted"),
    PlanState.SUBMITTED: Said("已提交，等主管部门审定", "it waits for the authority"),
    PlanState.RETURNED: Said("已退回本单位修改", "it was returned to the body"),
    PlanState.ACCEPTED: Said("已审定", "it is accepted"),
}
_NONE = Said("还没有编制", "there is none")


def plan_draft(
    *, actor: Actor, body: UUID, year: int, content: PlanContent, known: int | None = None
) -> PlanView:
    """Write a body's plan of a year as a whole; where one is in force, this begins its amendment.

    ``known``: the ``revised`` of the draft that the writer saw (0: none); None: whatever there is.
    Refusals: ``not-permitted``, ``key-lacks-scope``, ``plan-year``, ``plan-state``, ``stale``,
    ``invalid-value``.
    """
    rules.require_planner(actor, body)
    of = parties.organisation(body)
    rules.require_year(year, timezone.localdate())
    rules.require_content(
        content, themes=catalog.themes().codes, cycles=catalog.frequencies().codes,
        domains={one.id for one in priority_domains(of)},
    )  # fmt: skip
    for item in content.items:
        if item.dataset is not None:
            _require_own(item.dataset, body, actor)
    with transaction.atomic():
        row, _made = Plan.objects.select_for_update().get_or_create(body_id=body, year=year)
        edition = row.editions.first()
        if edition is not None and edition.state == PlanState.SUBMITTED.value:
            raise _state(of, year, Said("修改", "changed"), edition)
        begins = edition is None or edition.state == PlanState.ACCEPTED.value
        saved = 0 if edition is None or begins else edition.revised
        if known is not None and known != saved:
            raise STALE(what=Said(f"{year} 年的计划", f"the plan of {year}"))
        if edition is None or begins:
            number = 1 if edition is None else edition.number + 1
            edition = PlanEdition(plan=row, number=number, state=PlanState.DRAFT.value)
        edition.content = canonical_json(rules.as_json(content)).decode()
        edition.sha256 = sha256_hex(edition.content.encode())
        edition.revised = saved + 1
        edition.save()
        _record("drafted", actor, row, edition, rows=[row, edition])
    return plan(body, year, actor=actor)


def plan_submit(*, actor: Actor, body: UUID, year: int) -> PlanView:
    """Submit what was drafted to the authority.

    Refusals: ``not-permitted``, ``key-lacks-scope``, ``plan-state``, ``invalid-value``.
    """
    rules.require_planner(actor, body)
    of = parties.organisation(body)
    with transaction.atomic():
        row, edition = _locked(of, year, Said("提交", "submitted"), rules.OPEN_STATES)
        content = rules.from_json(json.loads(edition.content))
        rules.require_submittable(
            content, amends=edition.number > 1,
            of_region=actor.holds(Role.DATA_AUTHORITY, body),
        )  # fmt: skip
        edition.state = PlanState.SUBMITTED.value
        edition.submitted_at, edition.submitted_by = timezone.now(), actor.urn
        edition.reasons, edition.decided_at = "", None
        edition.save()
        _record("submitted", actor, row, edition, rows=[edition])
    return plan(body, year, actor=actor)


def plan_accept(*, actor: Actor, body: UUID, year: int) -> PlanView:
    """Accept what a body submitted: it is public from now on, and in force.

    Refusals: ``not-permitted``, ``key-lacks-scope``, ``own-plan``, ``plan-state``.
    """
    with transaction.atomic():
        row, edition = _to_decide(actor, body, year, Said("审定", "accepted"))
        edition.state, edition.decided_at = PlanState.ACCEPTED.value, timezone.now()
        edition.save()
        row.in_force = edition.number
        row.save(update_fields=["in_force"])
        _record("accepted", actor, row, edition, rows=[row, edition])
    return plan(body, year, actor=actor)


def plan_return(*, actor: Actor, body: UUID, year: int, reasons: str) -> PlanView:
    """Return what a body submitted, with reasons.

    Refusals: ``not-permitted``, ``key-lacks-scope``, ``own-plan``, ``plan-state``, ``invalid-value``.
    """
    said = reasons.strip()
    with transaction.atomic():
        row, edition = _to_decide(actor, body, year, Said("退回", "returned"))
        if not 1 <= len(said) <= REASONS_LENGTH:
            raise INVALID_VALUE(
                field=Said("退回理由", "reasons", "reasons"), value=said[:20],
                reason_zh=f"须有 1 到 {REASONS_LENGTH} 字",
                reason_en=f"they have not 1 to {REASONS_LENGTH} characters",
            )  # fmt: skip
        edition.state, edition.decided_at = PlanState.RETURNED.value, timezone.now()
        edition.reasons = said
        edition.save()
        _record("returned", actor, row, edition, rows=[edition])
    return plan(body, year, actor=actor)


def plan_link(*, actor: Actor, body: UUID, year: int, item: UUID, dataset: UUID) -> PlanView:
    """Say which dataset of the body a planned item became; whether it is open the catalogue says.

    Refusals: ``not-permitted``, ``key-lacks-scope``, ``not-found``, ``invalid-value``.
    """
    rules.require_planner(actor, body)
    found = plan(body, year)
    if item not in {one.item.key for one in found.items}:
        raise NOT_FOUND(what=str(item))
    _require_own(dataset, body, actor)
    with transaction.atomic():
        link, _made = PlanLink.objects.update_or_create(
            plan_id=found.id, item=item, defaults={"dataset": dataset}
        )
        record(
            "opening.plan.linked", actor=actor, subject=found.urn,
            data={"item": str(item), "dataset": str(dataset)}, rows=[link],
        )  # fmt: skip
    return plan(body, year, actor=actor)


def _require_own(dataset: UUID, body: UUID, actor: Actor) -> None:
    """The dataset is the body's own; ``invalid-value``."""
    known = catalog.entries_known([dataset], actor=actor).get(dataset)
    if known is None or known.body != body:
        raise INVALID_VALUE(
            field=Said("数据", "dataset", "dataset"), value=str(dataset),
            reason_zh="不是本单位的数据", reason_en="it is no dataset of the body",
        )  # fmt: skip


def _to_decide(actor: Actor, body: UUID, year: int, what: Said) -> tuple[Plan, PlanEdition]:
    of = parties.organisation(body)
    # Asked before the plan is looked for: who has no say learns nothing of where it stands.
    _require_decider(actor, of, "")
    row, edition = _locked(of, year, what, frozenset({PlanState.SUBMITTED}))
    _require_decider(actor, of, edition.submitted_by)
    return row, edition


def _require_decider(actor: Actor, of: OrganisationView, submitted_by: str) -> None:
    obstacle = rules.decision_obstacle(
        actor, body=of.id, division=of.division, submitted_by=submitted_by
    )
    if obstacle is not None:
        raise obstacle


def _locked(
    of: OrganisationView, year: int, what: Said, states: frozenset[PlanState]
) -> tuple[Plan, PlanEdition]:
    """The newest edition, which must stand so; ``plan-state``."""
    row = Plan.objects.select_for_update().filter(body=of.id, year=year).first()
    edition = None if row is None else row.editions.first()
    if row is None or edition is None or PlanState(edition.state) not in states:
        raise _state(of, year, what, edition)
    return row, edition


def _state(of: OrganisationView, year: int, what: Said, edition: PlanEdition | None) -> Refusal:
    state = _NONE if edition is None else _STANDS[PlanState(edition.state)]
    body = Said(f"{of.name_zh} ", of.name_en or of.name_zh)
    return PLAN_STATE(body=body, year=year, what=what, state=state)


def _record(
    act: str, actor: Actor, row: Plan, edition: PlanEdition, *, rows: list[models.Model]
) -> None:
    data: dict[str, Any] = {
        "body": str(row.body_id), "year": row.year, "number": edition.number,
        "sha256": edition.sha256,
    }  # fmt: skip
    record(f"opening.plan.{act}", actor=actor, subject=f"urn:uuid:{row.pk}", data=data, rows=rows)
