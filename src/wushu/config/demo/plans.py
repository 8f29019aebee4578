"""Yearly opening plans of the invented city: what two bodies said they would open, and how far they are."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute, EntryView
from wushu.config.demo import region
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.opening import selectors, services
from wushu.opening.types import PlanContent, PlanItem
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

_TO_COME = ("公共自行车站点", "道路施工计划")
"""What is planned and not in the catalogue yet."""


def plan(slugs: tuple[str, ...]) -> None:
    """Plans of this year for the bodies of some datasets, each with what they listed and what is to come."""
    entries = [catalog.entry_by_slug(one) for one in slugs]
    for body in dict.fromkeys(one.body for one in entries):
        own = [one for one in entries if one.body == body]
        if not _is_planned(body):
            _accept(body, own)


def _is_planned(body: UUID) -> bool:
    try:
        selectors.plan(body, timezone.localdate().year, actor=_clerk(body))
    except Refusal as refusal:
        if refusal.name != NOT_FOUND.name:
            raise
        return False
    return True


def _accept(body: UUID, entries: list[EntryView]) -> None:
    items = [_item(one) for one in entries]
    items += [
        PlanItem(uuid4(), title, Attribute.UNCONDITIONAL, quarter)
        for quarter, title in enumerate(_TO_COME, start=3)
    ]
    content = PlanContent(
        tuple(items),
        scenarios="公共交通换乘分析；停车诱导（虚构）",
        measures="每季度核对一次进度（虚构）",
    )
    of: dict[str, Any] = {"body": body, "year": timezone.localdate().year}
    clerk = _clerk(body)
    services.plan_draft(actor=clerk, content=content, **of)
    services.plan_submit(actor=clerk, **of)
    services.plan_accept(actor=parties.actor_for_username(region.REVIEWER), **of)


def _item(entry: EntryView) -> PlanItem:
    assert entry.revision is not None
    about = entry.revision.metadata
    return PlanItem(
        uuid4(), about.title_zh, about.attribute, 2, theme=about.theme,
        update_cycle=about.update_cycle, dataset=entry.id,
    )  # fmt: skip


def _clerk(body: UUID) -> Actor:
    code = parties.organisation(body).code
    key = next(one.key for one in region.ORGANISATIONS if one.code == code)
    return parties.actor_for_username(region.clerk_of(key).username)
