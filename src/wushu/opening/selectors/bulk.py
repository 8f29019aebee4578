"""What can be done in several cases at once, and in which of them it cannot be done, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wushu.casework import selectors as casework
from wushu.casework.types import CaseView
from wushu.kernel.errors import Refusal
from wushu.opening.refusals import (
    BULK_OTHER_PROCEDURE,
    BULK_OTHER_RULES,
    BULK_SIZE,
    BULK_STEP,
)
from wushu.opening.types import (
    BulkAct,
    BulkAssignment,
    BulkChoice,
    BulkLine,
    BulkMessage,
    BulkStep,
)
from wushu.parties.types import Actor

BULK_MOST = 50
"""Cases at once: a page of the inbox."""


def bulk_numbers(numbers: Iterable[str]) -> list[str]:
    """The marked cases, each once; ``bulk-size``."""
    found = list(dict.fromkeys(one.strip().upper() for one in numbers if one.strip()))
    if not 1 <= len(found) <= BULK_MOST:
        raise BULK_SIZE(count=len(found), most=BULK_MOST)
    return found


def bulk_cases(numbers: Iterable[str], *, actor: Actor) -> list[BulkLine]:
    """The marked cases as the actor may see them; ``bulk-size``."""
    return [_seen(number, actor) for number in bulk_numbers(numbers)]


def bulk_preview(cases: Iterable[BulkLine], act: BulkAct, *, actor: Actor) -> list[BulkLine]:
    """What would become of the act in each; nothing is done."""
    return [
        one
        if one.case is None
        else BulkLine(one.number, one.case, bulk_obstacle(one.case, act, actor=actor))
        for one in cases
    ]


def bulk_steps(cases: Iterable[BulkLine]) -> list[BulkChoice]:
    """Steps that can be taken in several cases at once, of each version of the rules by itself."""
    found: dict[tuple[str, int, str, str], BulkChoice] = {}
    for case in (one.case for one in cases if one.case is not None):
        for step in filter(casework.is_for_several, case.steps):
            key = (case.regulation.id, case.version, case.procedure.id, step.id)
            many = found[key].many if key in found else 0
            found[key] = BulkChoice(case.regulation, case.version, case.procedure, step, many + 1)
    return list(found.values())


def bulk_obstacle(case: CaseView, act: BulkAct, *, actor: Actor) -> Refusal | None:
    """Why the act cannot be done in a case now, as far as its words do not matter, or None."""
    if isinstance(act, BulkAssignment):
        return casework.assigning_obstacle(case, actor=actor)
    if isinstance(act, BulkMessage):
        return casework.writing_obstacle(case, actor=actor, among_officials=act.among_officials)
    return _step_obstacle(case, act, actor)


def _step_obstacle(case: CaseView, act: BulkStep, actor: Actor) -> Refusal | None:
    if act.procedure != case.procedure.id:
        return BULK_OTHER_PROCEDURE(number=case.number, procedure=case.procedure.title)
    if act.rules not in (None, (case.regulation.id, case.version)):
        return BULK_OTHER_RULES(
            number=case.number, regulation=case.regulation.title, version=case.version
        )
    step = next((one for one in case.procedure.steps if one.id == act.step), None)
    if step is not None and not casework.is_for_several(step):
        return BULK_STEP(step=step.label)
    return casework.step_obstacle(case, act.step, actor=actor)


def bulk_document(lines: Sequence[BulkLine]) -> dict[str, Any]:
    """What became of it, for programs."""
    refused = sum(1 for one in lines if one.refusal is not None)
    return {
        "done": len(lines) - refused,
        "refused": refused,
        "items": [
            {
                "number": one.number,
                "done": one.refusal is None,
                "state": one.case.state.id if one.case is not None else None,
                "refusal": one.refusal
                and {
                    "name": one.refusal.name,
                    "zh": one.refusal.sentence("zh"),
                    "en": one.refusal.sentence("en"),
                },
            }
            for one in lines
        ],
    }


def _seen(number: str, actor: Actor) -> BulkLine:
    try:
        return BulkLine(number, casework.case_by_number(number, actor=actor))
    except Refusal as refusal:
        return BulkLine(number, None, refusal)
