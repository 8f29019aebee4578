"""``/api/v1/cases/bulk``: the same act in several cases, with what became of it in each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from wushu.kernel.errors import Said
from wushu.opening import services
from wushu.opening.api.answering import (
    DOCUMENT,
    answering,
    asked_of,
    flag_of,
    response_of,
    text_of,
    uuid_of,
    wrong,
)
from wushu.opening.selectors.bulk import bulk_cases, bulk_document, bulk_preview
from wushu.opening.types import BulkAct, BulkAssignment, BulkMessage, BulkStep
from wushu.parties.types import Actor

_ACTS = ("step", "person", "text")
_FIELDS = ("numbers", "procedure", "values", "among_officials", "dry_run", *_ACTS)


@answering("POST", what=Said("批量办理事项", "act in several cases"))
def bulk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take a ``step``, assign to a ``person`` or write a ``text``; ``dry_run``: only say what would be."""
    asked = asked_of(request, _FIELDS)
    numbers = asked.get("numbers")
    if not isinstance(numbers, list) or not all(isinstance(one, str) for one in numbers):
        raise wrong(DOCUMENT, "numbers", "应为编号的列表", "it is a list of numbers of cases")
    act = _act(asked)
    if flag_of(asked, "dry_run"):
        lines = bulk_preview(bulk_cases(numbers, actor=actor), act, actor=actor)
    else:
        lines = services.cases_act(actor=actor, numbers=numbers, act=act)
    return response_of(bulk_document(lines))


def _act(asked: Mapping[str, Any]) -> BulkAct:
    values = asked.get("values", {})
    named = [name for name in _ACTS if asked.get(name)]
    if len(named) != 1 or not isinstance(values, dict):
        raise wrong(
            DOCUMENT, "step", "step、person、text 恰有一项；values 为对象",
            "exactly one of step, person and text; values is an object",
        )  # fmt: skip
    among = flag_of(asked, "among_officials")
    if named == ["step"]:
        return BulkStep(text_of(asked, "procedure"), text_of(asked, "step"), values)
    if named == ["person"]:
        return BulkAssignment(uuid_of(asked, "person"))
    return BulkMessage(text_of(asked, "text"), among_officials=among)
