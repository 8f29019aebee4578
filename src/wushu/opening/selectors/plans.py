"""Yearly opening plans: those in force for everybody, drafts for their body and its authority."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from wushu.casework import selectors as casework
from wushu.casework.types import PriorityDomain
from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute
from wushu.kernel import cursors
from wushu.kernel.errors import NOT_FOUND, Refusal, Said
from wushu.kernel.identifiers import parse_division
from wushu.opening.models import Plan, PlanEdition, PlanLink
from wushu.opening.rules import plans as rules
from wushu.opening.types import (
    DomainProgress,
    PlanContent,
    PlanEditionView,
    PlanItem,
    PlanLine,
    PlannedItem,
    PlanPage,
    PlanProgress,
    PlanState,
    PlanView,
)
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, OrganisationView, Role

PAGE, PAGE_MOST = 100, 200
DESK_LIMIT = 200
_ACCEPTED = PlanState.ACCEPTED.value


def plan(body: UUID, year: int, *, actor: Actor | None = None) -> PlanView:
    """A body's plan of a year; ``not-found`` where the reader may see none of it.

    What is in force and what was before is everybody's, what is worked on its body's and its authority's.
    """
    of = parties.organisation(body)
    missing = NOT_FOUND(
        what=Said(f"{of.name_zh} {year} 年的开放计划", f"the plan of {of.code} for {year}")
    )
    row = Plan.objects.filter(body=body, year=year).first()
    if row is None:
        raise missing
    accepted = [one for one in row.editions.all() if one.state == _ACCEPTED]
    working = next((one for one in row.editions.all() if one.state != _ACCEPTED), None)
    if working is not None and not _may_see(actor, of, PlanState(working.state)):
        working = None
    if not accepted and working is None:
        raise missing
    editions = _editions(accepted)
    domains = priority_domains(of)
    items = _standing_items(row, editions[0].content, domains) if editions else ()
    return PlanView(
        id=row.pk, body=of, year=row.year, in_force=editions[0] if editions else None,
        former=tuple(editions[1:]), working=_edition(working, accepted) if working else None,
        items=items, progress=rules.progress(one.standing for one in items),
        domains=rules.by_domain([(one.item, one.standing) for one in items], domains),
    )  # fmt: skip


def priority_domains(body: OrganisationView) -> tuple[PriorityDomain, ...]:
    """Domains whose data are opened first where a body is; none where it has no place."""
    if not body.division:
        return ()
    return casework.priorities(body.division, casework.local_day(timezone.now()))


def _may_see(actor: Actor | None, body: OrganisationView, state: PlanState) -> bool:
    """What is worked on: its body always, its authority once it was submitted."""
    if actor is None:
        return False
    if rules.may_plan(actor, body.id):
        return True
    return state is not PlanState.DRAFT and rules.may_oversee(actor, body.division)


def plan_obstacle(found: PlanView, *, actor: Actor) -> Refusal | None:
    """Why the actor cannot accept or return what was submitted, or None."""
    row = PlanEdition.objects.filter(plan=found.id, state=PlanState.SUBMITTED.value).first()
    return rules.decision_obstacle(
        actor, body=found.body.id, division=found.body.division,
        submitted_by=row.submitted_by if row is not None else "",
    )  # fmt: skip


def plan_bodies(*, actor: Actor) -> list[OrganisationView]:
    """Bodies whose plans the actor writes, by name."""
    found = parties.organisations_by_id(actor.organisations_as(*rules.PLANNERS))
    return sorted((one for one in found.values() if rules.may_plan(actor, one.id)),
                  key=lambda one: one.name_zh)  # fmt: skip


def plans_of_regions(year: int) -> list[PlanView]:
    """Plans in force of authorities: the scenarios and measures of their regions, by credit code."""
    rows = Plan.objects.filter(
        year=year, in_force__isnull=False, body__in=parties.bodies_with(Role.DATA_AUTHORITY)
    )
    bodies = rows.order_by("body__code").values_list("body_id", flat=True)
    return [plan(one, year) for one in bodies[:PAGE]]


def plans_page(
    year: int, *, region: str = "", cursor: str | None = None, limit: int = PAGE
) -> PlanPage:
    """Plans in force of a year, of a region and what lies in it, by the bodies' credit codes.

    Refusals: ``cursor-invalid``, ``cursor-of-another-query``, ``division-…`` for a region that is none.
    """
    rows = PlanEdition.objects.filter(
        plan__year=year, state=_ACCEPTED, number=F("plan__in_force")
    ).select_related("plan__body")
    if region:
        rows = rows.filter(plan__body__division__startswith=parse_division(region).short)
    context = ["plans", year, region]
    key = cursors.node_key(settings.SECRETS_DIR, settings.SECRET_KEY)
    if cursor:
        (last,) = cursors.decode(cursor, context, key=key)
        rows = rows.filter(plan__body__code__gt=last)
    held = list(rows.order_by("plan__body__code")[: limit + 1])
    following = None
    if len(held) > limit:
        following = cursors.encode([held[limit - 1].plan.body.code], context, key=key)
    return PlanPage(tuple(_lines(held[:limit])), following)


def plan_years() -> list[int]:
    """Years of which a plan is in force, the newest first."""
    rows = Plan.objects.filter(in_force__isnull=False).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def plans_of_body(body: UUID) -> list[int]:
    """Years of which a body's plan is in force, the newest first."""
    rows = Plan.objects.filter(body=body, in_force__isnull=False).order_by("-year")
    return list(rows.values_list("year", flat=True))


def plans_at_desk(*, actor: Actor) -> list[PlanLine]:
    """Plans that the actor writes or decides on, in their newest edition, the newest year first."""
    mine = Q(plan__body__in=[one.id for one in plan_bodies(actor=actor)])
    newest = PlanEdition.objects.filter(mine | _overseen(actor)).select_related("plan__body")
    found: dict[UUID, PlanEdition] = {}
    for one in newest.order_by("-plan__year", "plan__body__code", "-number")[: DESK_LIMIT * 2]:
        found.setdefault(one.plan_id, one)
    return _lines(list(found.values())[:DESK_LIMIT])


def plans_waiting(*, actor: Actor) -> list[PlanLine]:
    """Submitted plans on which the actor can decide, and their own that were returned."""
    submitted = PlanEdition.objects.filter(_overseen(actor), state=PlanState.SUBMITTED.value)
    decided = [
        one
        for one in _ordered(submitted)
        if rules.decision_obstacle(
            actor, body=one.plan.body_id, division=one.plan.body.division,
            submitted_by=one.submitted_by,
        ) is None
    ]  # fmt: skip
    mine = [one.id for one in plan_bodies(actor=actor)]
    returned = PlanEdition.objects.filter(plan__body__in=mine, state=PlanState.RETURNED.value)
    return _lines([*decided, *_ordered(returned)])


def _ordered(rows: QuerySet[PlanEdition]) -> QuerySet[PlanEdition]:
    found = rows.select_related("plan__body").order_by("submitted_at", "pk")
    return found[:DESK_LIMIT]


def _overseen(actor: Actor) -> Q:
    """Editions that were submitted to an authority for which the actor acts."""
    within = Q(pk__in=[])
    for one in actor.divisions(Role.DATA_AUTHORITY):
        if rules.may_oversee(actor, one):
            within |= Q(plan__body__division__startswith=parse_division(one).short)
    return within & ~Q(state=PlanState.DRAFT.value)


# Rows as others see them


def _content(row: PlanEdition) -> PlanContent:
    return rules.from_json(json.loads(row.content))


def _editions(accepted: list[PlanEdition]) -> list[PlanEditionView]:
    """The newest first, each with what it changed."""
    return [_edition(one, accepted[at + 1 :]) for at, one in enumerate(accepted)]


def _edition(row: PlanEdition, before: list[PlanEdition]) -> PlanEditionView:
    content = _content(row)
    return PlanEditionView(
        number=row.number, state=PlanState(row.state), content=content, sha256=row.sha256,
        revised=row.revised, submitted_at=row.submitted_at, decided_at=row.decided_at,
        reasons=row.reasons,
        changes=rules.changes(_content(before[0]), content) if before else (),
    )  # fmt: skip


def _standing_items(
    row: Plan, content: PlanContent, domains: Sequence[PriorityDomain]
) -> tuple[PlannedItem, ...]:
    links = dict(row.links.values_list("item", "dataset"))
    datasets = {one.key: _dataset(one, links) for one in content.items}
    ids = [one for one in datasets.values() if one is not None]
    attributes = catalog.attributes_of(ids)
    shown = {one.id: one for one in catalog.entries_by_id(ids)}
    today = timezone.localdate()
    return tuple(
        PlannedItem(
            item=one,
            standing=rules.standing(one, row.year, _listed(datasets[one.key], attributes), today),
            dataset=shown.get(datasets[one.key] or row.pk),
            domain=rules.domain_of(one, domains),
        )
        for one in content.items
    )


def _dataset(item: PlanItem, links: Mapping[UUID, UUID]) -> UUID | None:
    return links.get(item.key, item.dataset)


def _listed(dataset: UUID | None, attributes: Mapping[UUID, Attribute]) -> Attribute | None:
    return None if dataset is None else attributes.get(dataset)


def _lines(rows: Iterable[PlanEdition]) -> list[PlanLine]:
    """Editions as lines of a list: three queries and one for each 500 datasets, however many there are."""
    held = list(rows)
    contents = {one.pk: _content(one) for one in held}
    linked: dict[UUID, dict[UUID, UUID]] = {}
    for row in PlanLink.objects.filter(plan__in=[one.plan_id for one in held]):
        linked.setdefault(row.plan_id, {})[row.item] = row.dataset
    datasets = {
        one.pk: [_dataset(item, linked.get(one.plan_id, {})) for item in contents[one.pk].items]
        for one in held
    }
    attributes = catalog.attributes_of(
        {dataset for several in datasets.values() for dataset in several if dataset is not None}
    )
    bodies = parties.organisations_by_id(one.plan.body_id for one in held)
    today = timezone.localdate()

    domains = {
        one.division: priority_domains(one)
        for one in {body.division: body for body in bodies.values()}.values()
    }

    def line(one: PlanEdition) -> PlanLine:
        body = bodies[one.plan.body_id]
        stands = [
            (item, rules.standing(item, one.plan.year, _listed(dataset, attributes), today))
            for item, dataset in zip(contents[one.pk].items, datasets[one.pk], strict=True)
        ]
        return PlanLine(
            body=body, year=one.plan.year, state=PlanState(one.state),
            progress=rules.progress(standing for _item, standing in stands),
            since=one.decided_at or one.submitted_at,
            domains=rules.by_domain(stands, domains[body.division]),
        )  # fmt: skip

    return [line(one) for one in held]


# As a document


def plan_document(found: PlanView) -> dict[str, Any]:
    """A plan for programs."""
    standings = {one.item.key: one for one in found.items}
    return {
        "id": str(found.id), "body": _body(found.body), "year": found.year,
        "progress": _progress(found.progress), "domains": _domains(found.domains),
        "in_force": found.in_force and _edition_document(found.in_force, standings),
        "former": [_edition_document(one, {}) for one in found.former],
        "working": found.working and _edition_document(found.working, {}),
        "self": f"/api/v1/plans/{found.year}/{found.body.code}",
    }  # fmt: skip


def plan_lines(lines: Iterable[PlanLine]) -> list[dict[str, Any]]:
    """Plans of a list for programs."""
    return [
        {
            "body": _body(one.body), "year": one.year, "state": one.state.value,
            "progress": _progress(one.progress), "self": f"/api/v1/plans/{one.year}/{one.body.code}",
        }
        for one in lines
    ]  # fmt: skip


def _body(body: OrganisationView) -> dict[str, str]:
    return {"code": body.code, "name_zh": body.name_zh, "name_en": body.name_en}


def _progress(counted: PlanProgress) -> dict[str, int]:
    return {"planned": counted.planned, "done": counted.done, "late": counted.late}


def _domains(several: Iterable[DomainProgress]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.domain.id, "label_zh": one.domain.label.zh, "label_en": one.domain.label.en,
            "themes": list(one.domain.themes), "progress": _progress(one.progress),
        }
        for one in several
    ]  # fmt: skip


def _edition_document(
    one: PlanEditionView, standings: Mapping[UUID, PlannedItem]
) -> dict[str, Any]:
    content = rules.as_json(one.content)
    for item in content["items"]:
        stands = standings.get(UUID(item["key"]))
        item["standing"] = stands and stands.standing.value
        item["slug"] = stands.dataset.slug if stands and stands.dataset else None
        item["domain"] = stands.domain.id if stands and stands.domain else item.get("domain", "")
    return {
        "number": one.number, "state": one.state.value, "sha256": one.sha256,
        "decided_at": one.decided_at and one.decided_at.isoformat(), "reasons": one.reasons,
        **content,
    }  # fmt: skip
