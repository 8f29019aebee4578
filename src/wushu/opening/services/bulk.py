"""One act in several cases: each by the ordinary service, which asks and records it by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wushu.casework import selectors as casework
from wushu.casework import services
from wushu.kernel.errors import Refusal, Said
from wushu.kernel.noting import note_refused
from wushu.opening.selectors.bulk import bulk_cases, bulk_obstacle
from wushu.opening.services.cases import case_take
from wushu.opening.types import BulkAct, BulkAssignment, BulkLine, BulkStep
from wushu.parties.types import KEY_LACKS_SCOPE, Actor, Scope


def cases_act(*, actor: Actor, numbers: Iterable[str], act: BulkAct) -> list[BulkLine]:
    """Do the same in each of several cases, and say of each what became of it.

    No case waits for another: what was done stays done where the next is refused. What signs, delivers
    or closes, and what asks for papers or a provision of law, is done in each case alone. Refuses
    ``key-lacks-scope``, ``bulk-size``; in a line also ``not-found``, ``bulk-other-procedure``,
    ``bulk-other-rules``, ``bulk-step``, and those of ``case_take``, ``case_assign`` and ``case_write``.
    """
    if not actor.allows(Scope.CASES_HANDLE):
        what = Said("批量办理事项", "act in several cases")
        raise KEY_LACKS_SCOPE(what=what, scope=Scope.CASES_HANDLE)
    lines = [_done(one, act, actor) for one in bulk_cases(numbers, actor=actor)]
    for one in lines:
        if one.refusal is not None:
            note_refused(one.refusal.name)
    return lines


def _done(line: BulkLine, act: BulkAct, actor: Actor) -> BulkLine:
    if line.case is None:
        return line
    try:
        obstacle = bulk_obstacle(line.case, act, actor=actor)
        if obstacle is not None:
            raise obstacle
        if isinstance(act, BulkStep):
            case_take(actor=actor, case=line.case.id, step=act.step, values=act.values)
        elif isinstance(act, BulkAssignment):
            services.case_assign(actor=actor, case=line.case.id, person=act.person)
        else:
            services.case_write(
                actor=actor, case=line.case.id, text=act.text, among_officials=act.among_officials
            )
    except Refusal as refusal:
        return replace(line, refusal=refusal)
    return BulkLine(line.number, casework.case(line.case.id, actor=actor))
