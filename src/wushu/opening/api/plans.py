"""``/api/v1/plans``: yearly opening plans in force for everybody; drafting and deciding by key or session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute
from wushu.kernel.errors import NOT_FOUND, Said
from wushu.opening import selectors, services
from wushu.opening.api.answering import (
    DOCUMENT,
    answering,
    asked_of,
    for_everybody,
    limit_of,
    response_of,
    text_of,
    uuid_of,
    wrong,
)
from wushu.opening.selectors.plans import PAGE, PAGE_MOST
from wushu.opening.types import PlanContent, PlanItem, PlanView
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

_WHAT = Said("编制和审定年度开放计划", "draft yearly opening plans and decide on them")
_DRAFT = ("items", "scenarios", "measures", "reason", "known")
_ITEM = ("key", "title", "attribute", "quarter", "theme", "update_cycle", "dataset", "domain")


@for_everybody
def plans(request: HttpRequest) -> HttpResponse:
    """Plans in force of a year (without: this one), with how far each is."""
    asked = request.GET
    page = selectors.plans_page(
        _year(asked.get("year", "")), region=asked.get("region", ""), cursor=asked.get("cursor"),
        limit=limit_of(asked.get("limit", ""), usual=PAGE, most=PAGE_MOST),
    )  # fmt: skip
    return response_of({"items": selectors.plan_lines(page.lines), "next": page.cursor})


@for_everybody
def plan(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """A body's plan in force, how each item stands, and what it was before."""
    return _answer(selectors.plan(_body(code), year))


@answering("GET", "HEAD", "PUT", what=_WHAT)
def draft(request: HttpRequest, actor: Actor, year: int, code: str) -> HttpResponse:
    """The plan with what is worked on; PUT writes the draft as a whole."""
    body = _body(code)
    if request.method != "PUT":
        return _answer(selectors.plan(body, year, actor=actor))
    asked = asked_of(request, _DRAFT)
    known = asked.get("known")
    if known is not None and not _is_number(known):
        raise wrong(DOCUMENT, "known", "应为整数", "it is a whole number")
    return _answer(
        services.plan_draft(actor=actor, body=body, year=year, content=_content(asked), known=known)
    )


@answering("POST", what=_WHAT)
def step(request: HttpRequest, actor: Actor, year: int, code: str, name: str) -> HttpResponse:
    """``submit``, ``accept``, ``return`` (``reasons``) or ``link`` (``item``, ``dataset``)."""
    if name not in _STEPS:
        raise NOT_FOUND(what=name)
    act, fields = _STEPS[name]
    asked = asked_of(request, fields)
    return _answer(act(asked, {"actor": actor, "body": _body(code), "year": year}))


def _link(asked: Mapping[str, Any], of: Mapping[str, Any]) -> PlanView:
    entry = catalog.entry_by_slug(text_of(asked, "dataset"), actor=of["actor"])
    return services.plan_link(item=uuid_of(asked, "item"), dataset=entry.id, **of)


Act = Callable[[Mapping[str, Any], Mapping[str, Any]], PlanView]
_STEPS: Mapping[str, tuple[Act, tuple[str, ...]]] = {
    "submit": (lambda _asked, of: services.plan_submit(**of), ()),
    "accept": (lambda _asked, of: services.plan_accept(**of), ()),
    "return": (
        lambda asked, of: services.plan_return(reasons=text_of(asked, "reasons"), **of),
        ("reasons",),
    ),
    "link": (_link, ("item", "dataset")),
}


def _answer(found: PlanView) -> HttpResponse:
    return response_of(selectors.plan_document(found))


def _body(code: str) -> UUID:
    return parties.organisation_by_code(code).id


def _year(text: str) -> int:
    if not text:
        return timezone.localdate().year
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise wrong(
            Said("年度", "year", "year"), text, "应为四位年份", "it is a year of four digits"
        )
    return int(text)


def _content(asked: Mapping[str, Any]) -> PlanContent:
    items = asked.get("items", [])
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise wrong(DOCUMENT, "items", "应为对象的列表", "it is a list of objects")
    return PlanContent(
        items=tuple(_item(one) for one in items), scenarios=text_of(asked, "scenarios"),
        measures=text_of(asked, "measures"), reason=text_of(asked, "reason"),
    )  # fmt: skip


def _item(asked: Mapping[str, Any]) -> PlanItem:
    for name in asked:
        if name not in _ITEM:
            known = ", ".join(_ITEM)
            raise wrong(DOCUMENT, name, f"可用的字段：{known}", f"its fields are {known}")
    attribute = text_of(asked, "attribute")
    if attribute not in list(Attribute):
        known = ", ".join(Attribute)
        raise wrong(
            Said("开放属性", "attribute", "attribute"),
            attribute,
            f"应为 {known}",
            f"one of {known}",
        )
    if not _is_number(asked.get("quarter")):
        raise wrong(Said("完成季度", "quarter", "quarter"), "", "应为 1 到 4", "1 to 4")
    return PlanItem(
        key=uuid_of(asked, "key") if asked.get("key") else uuid4(), title=text_of(asked, "title"),
        attribute=Attribute(attribute), quarter=asked["quarter"], theme=text_of(asked, "theme"),
        update_cycle=text_of(asked, "update_cycle"),
        dataset=uuid_of(asked, "dataset") if asked.get("dataset") else None,
        domain=text_of(asked, "domain"),
    )  # fmt: skip


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
