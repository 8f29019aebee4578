"""Yearly opening plans: who may, what a plan must say, how its items stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from wushu.casework.types import PriorityDomain
from wushu.catalog.types import Attribute
from wushu.kernel.errors import INVALID_VALUE, NOT_PERMITTED, Refusal, Said
from wushu.opening import planning_refusals as no
from wushu.opening.types import (
    DomainProgress,
    ItemStanding,
    PlanChange,
    PlanContent,
    PlanItem,
    PlanProgress,
    PlanState,
)
from wushu.parties.types import KEY_LACKS_SCOPE, Actor, Role, Scope

ITEMS_MOST = 500
TITLE_LENGTH = 200
TEXT_LENGTH = 5_000
OPEN_STATES = frozenset({PlanState.DRAFT, PlanState.RETURNED})
"""In which its body writes a plan."""
_PLANNED = {
    # What the dataset must be listed as for the item to be done: as planned, or more open.
    Attribute.UNCONDITIONAL: frozenset({Attribute.UNCONDITIONAL}),
    Attribute.CONDITIONAL: frozenset({Attribute.CONDITIONAL, Attribute.UNCONDITIONAL}),
}
_TITLE = Said("数据名称", "title", "title")
_DRAFTING = Said("编制年度开放计划", "draft the yearly opening plan")
_DECIDING = Said("审定年度开放计划", "decide on the yearly opening plan")


# Who may


PLANNERS = (Role.OPENING_BODY, Role.DATA_AUTHORITY)
"""A body plans what it opens; the authority writes its region's scenarios and measures beside."""


def may_plan(actor: Actor, body: UUID) -> bool:
    """A clerk of the body writes its plan, somebody of the authority the region's."""
    return body in actor.organisations_as(*PLANNERS) and actor.allows(Scope.CATALOG_WRITE)


def require_planner(actor: Actor, body: UUID) -> None:
    """Refusals: ``not-permitted``, ``key-lacks-scope``."""
    if body not in actor.organisations_as(*PLANNERS):
        raise NOT_PERMITTED(who=actor.name, what=_DRAFTING)
    if not actor.allows(Scope.CATALOG_WRITE):
        raise KEY_LACKS_SCOPE(what=_DRAFTING, scope=Scope.CATALOG_WRITE)


def may_oversee(actor: Actor, division: str) -> bool:
    """The authority of the body's division, or of one above it, reads what was submitted to it."""
    return actor.holds_over(Role.DATA_AUTHORITY, division) and actor.allows(Scope.CATALOG_REVIEW)


def decision_obstacle(
    actor: Actor, *, body: UUID, division: str, submitted_by: str
) -> Refusal | None:
    """Why the actor cannot accept or return a plan, or None.

    Nobody decides on what they submitted, nor on the plan of a body that they write for.
    Refusals: ``not-permitted``, ``key-lacks-scope``, ``own-plan``.
    """
    if not actor.holds_over(Role.DATA_AUTHORITY, division):
        return NOT_PERMITTED(who=actor.name, what=_DECIDING)
    if not actor.allows(Scope.CATALOG_REVIEW):
        return KEY_LACKS_SCOPE(what=_DECIDING, scope=Scope.CATALOG_REVIEW)
    if actor.urn == submitted_by or actor.holds(Role.OPENING_BODY, body):
        return no.OWN_PLAN(who=actor.name)
    return None


# What a plan says


def require_year(year: int, today: date) -> None:
    """A plan is made for this year or the next: ``plan-year``."""
    if not today.year <= year <= today.year + 1:
        raise no.PLAN_YEAR(year=year, first=today.year, last=today.year + 1)


def require_content(
    content: PlanContent,
    *,
    themes: Collection[str],
    cycles: Collection[str],
    domains: Collection[str] = (),
) -> None:
    """What can be kept as a draft: ``invalid-value``."""
    if len(content.items) > ITEMS_MOST:
        raise _wrong(
            Said("清单", "list", "items"), str(len(content.items)),
            f"最多 {ITEMS_MOST} 项", f"there may be {ITEMS_MOST} at most",
        )  # fmt: skip
    if len({one.key for one in content.items}) != len(content.items):
        raise _wrong(
            Said("清单", "list", "items"), "key", "有两项编号相同", "two items have the same key"
        )
    for name, text in _texts(content):
        if len(text) > TEXT_LENGTH:
            raise _wrong(
                name, text[:20] + "…",
                f"超过 {TEXT_LENGTH} 字", f"it has more than {TEXT_LENGTH} characters",
            )  # fmt: skip
    for item in content.items:
        _require_item(item, themes, cycles)
        if item.domain and item.domain not in domains:
            raise _wrong(
                Said("优先开放领域", "priority domain", "domain"), item.domain,
                "不是当地优先开放的领域", "it is no priority domain of the place",
            )  # fmt: skip


def _texts(content: PlanContent) -> Iterable[tuple[Said, str]]:
    yield Said("重点场景", "key scenarios", "scenarios"), content.scenarios
    yield Said("促进措施", "measures", "measures"), content.measures
    yield Said("调整理由", "reason of the amendment", "reason"), content.reason


def _require_item(item: PlanItem, themes: Collection[str], cycles: Collection[str]) -> None:
    if not 1 <= len(item.title.strip()) <= TITLE_LENGTH:
        raise _wrong(
            _TITLE, item.title[:20],
            f"须有 1 到 {TITLE_LENGTH} 字", f"it has not 1 to {TITLE_LENGTH} characters",
        )  # fmt: skip
    if item.attribute not in _PLANNED:
        raise _wrong(
            Said("开放属性", "attribute", "attribute"), item.attribute.value,
            "计划开放的只能是无条件或有条件开放", "what is planned to open is unconditional or conditional",
        )  # fmt: skip
    if item.quarter not in (1, 2, 3, 4):
        raise _wrong(
            Said("完成季度", "quarter", "quarter"), str(item.quarter), "应为 1 到 4", "1 to 4"
        )
    for field, code, known in (
        (Said("主题", "theme", "theme"), item.theme, themes),
        (Said("更新周期", "update cycle", "update_cycle"), item.update_cycle, cycles),
    ):
        if code and code not in known:
            raise _wrong(field, code, "不在代码表中", "it is no code of the vocabulary")


def require_submittable(content: PlanContent, *, amends: bool, of_region: bool = False) -> None:
    """A plan that is submitted lists something, and an amendment says why: ``invalid-value``.

    ``of_region``: an authority's own, which may have scenarios and measures alone; the bodies list.
    """
    says = of_region and bool((content.scenarios + content.measures).strip())
    if not (content.items or says):
        raise _wrong(Said("清单", "list", "items"), "", "一项也没有", "it lists nothing")
    if amends and not content.reason.strip():
        raise _wrong(
            Said("调整理由", "reason of the amendment", "reason"), "", "没有填写", "it is empty"
        )


def _wrong(field: Said, value: str, reason_zh: str, reason_en: str) -> Refusal:
    return INVALID_VALUE(field=field, value=value, reason_zh=reason_zh, reason_en=reason_en)


def as_json(content: PlanContent) -> dict[str, Any]:
    """The stored form."""
    return {
        "scenarios": content.scenarios,
        "measures": content.measures,
        "reason": content.reason,
        "items": [
            {
                "key": str(one.key),
                "title": one.title,
                "attribute": one.attribute.value,
                "quarter": one.quarter,
                "theme": one.theme,
                "update_cycle": one.update_cycle,
                "dataset": None if one.dataset is None else str(one.dataset),
                **({"domain": one.domain} if one.domain else {}),
            }
            for one in content.items
        ],
    }


def from_json(stored: Mapping[str, Any]) -> PlanContent:
    """Read the stored form."""
    return PlanContent(
        items=tuple(
            PlanItem(
                key=UUID(one["key"]),
                title=one["title"],
                attribute=Attribute(one["attribute"]),
                quarter=one["quarter"],
                theme=one["theme"],
                update_cycle=one["update_cycle"],
                dataset=None if one["dataset"] is None else UUID(one["dataset"]),
                domain=one.get("domain", ""),
            )
            for one in stored["items"]
        ),
        scenarios=stored["scenarios"],
        measures=stored["measures"],
        reason=stored["reason"],
    )


# How it stands


def quarter_of(day: date) -> int:
    """1 to 4."""
    return (day.month + 2) // 3


def standing(item: PlanItem, year: int, listed: Attribute | None, today: date) -> ItemStanding:
    """How an item stands; ``listed``: as what its dataset is listed today, None where it is not."""
    if listed in _PLANNED[item.attribute]:
        return ItemStanding.DONE
    passed = (today.year, quarter_of(today)) > (year, item.quarter)
    return ItemStanding.LATE if passed else ItemStanding.COMING


def progress(standings: Iterable[ItemStanding]) -> PlanProgress:
    """How many are open, and how many are late."""
    counted = list(standings)
    return PlanProgress(
        planned=len(counted),
        done=counted.count(ItemStanding.DONE),
        late=counted.count(ItemStanding.LATE),
    )


def domain_of(item: PlanItem, domains: Iterable[PriorityDomain]) -> PriorityDomain | None:
    """The priority domain of an item: the one its body names, else the only one its theme falls under."""
    known = tuple(domains)
    if item.domain:
        return next((one for one in known if one.id == item.domain), None)
    fitting = [one for one in known if item.theme in one.themes]
    return fitting[0] if len(fitting) == 1 else None


def by_domain(
    standings: Iterable[tuple[PlanItem, ItemStanding]], domains: Iterable[PriorityDomain]
) -> tuple[DomainProgress, ...]:
    """How far a plan is in each priority domain, those without an item too."""
    known = tuple(domains)
    found = [(domain_of(item, known), stands) for item, stands in standings]
    return tuple(
        DomainProgress(one, progress(stands for of, stands in found if of == one)) for one in known
    )


def changes(before: PlanContent, after: PlanContent) -> tuple[PlanChange, ...]:
    """What an amendment changed: items dropped and changed in their old order, then new ones."""
    old = {one.key: one for one in before.items}
    new = {one.key: one for one in after.items}
    kept = [PlanChange(one, new.get(key)) for key, one in old.items() if new.get(key) != one]
    return (*kept, *(PlanChange(None, one) for key, one in new.items() if key not in old))
