"""Procedures explored through the real services: every step, by everybody, wherever a case can stand.

The pure rules are explored in ``test_exploration``; here the services, their database and their order
of questions are. What must hold is said by the regulation's file alone, not by the code under test.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import TypeAlias

import pytest
from django.utils import timezone

from tests.casework import mutants
from tests.casework.conftest import Bureau, department, node
from tests.casework.exploring import World, cast_of, require_clean
from wushu.casework import selectors, services
from wushu.casework.rules import cases as rules
from wushu.casework.services import cases as written
from wushu.casework.types import NODE_SEAT, Procedure, Regulation, SeatOf, Step
from wushu.kernel import scanning
from wushu.parties.types import NODE, OrganisationView, Role

__all__ = ["node"]

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]

PLACES = {
    "guizhou-data-sharing-opening-2020": "520100",
    "qingdao-public-data-management-2024": "370200",
    "suzhou-public-data-opening-2023": "320500",
}
"""Where each shipped regulation is adopted here."""
FILES = {
    folder.name: selectors.regulation_of(selectors.read_folder(folder), folder.name)
    for folder in selectors.regulation_folders()
}
SUZHOU = FILES["suzhou-public-data-opening-2023"]
ONLY_AFTER = {
    "countersign-and-grant": {"pass", "agree", "sign"},
    "list-dataset": set[str](),
    "restore-dataset": {"propose-restore"},
}
"""What a step with this effect leads to is come to only by itself and, where there are such, by these."""
Explored: TypeAlias = Callable[[Regulation, Procedure, Step], World]


def bureau_of(regulation: Regulation) -> Bureau:
    """A city of its own that goes by the regulation."""
    division = PLACES[regulation.id]
    version = services.regulation_publish(
        actor=NODE, document=selectors.read_folder(selectors.REGULATIONS / regulation.id),
        file=regulation.id,
    )  # fmt: skip
    made = Bureau(
        authority=department("数据局", division),
        transport=department("交通运输局", division),
        health=department("卫生健康委员会", division),
        regulation=selectors.regulation(version.id),
    )
    services.regulation_adopt(
        actor=made.examiner, version=version.id, division=division,
        begins=timezone.localdate() - timedelta(days=1), ends=None, decision="示范市数据局决定",
        beyond="" if made.regulation.covers(timezone.localdate(), None) else "继续参照",
    )  # fmt: skip
    return made


def filed_for(bureau: Bureau, procedure: Procedure, begin: Step) -> OrganisationView | None:
    """The organisation for which a procedure is begun; None: people begin it for themselves."""
    role = bureau.regulation.seat(begin.seats[0]).role
    seats = {one for step in procedure.steps for one in step.seats}
    of_body = {one.id for one in bureau.regulation.seats if one.of is SeatOf.BODY}
    if role is Role.DATA_AUTHORITY:
        return bureau.authority
    if role is not Role.OPENING_BODY:
        return None
    return bureau.health if seats & of_body else bureau.transport


def only_after(procedure: Procedure) -> dict[str, set[str]]:
    """States that stand for something delivered, listed or restored, and what must come before."""
    known = {one.id for one in procedure.steps}
    return {
        one.to: {one.id} | (ONLY_AFTER[one.effect] & known)
        for one in procedure.steps
        if one.to and one.effect in ONLY_AFTER
    }


@pytest.fixture
def explored(node: object, monkeypatch: pytest.MonkeyPatch) -> Explored:
    monkeypatch.setattr(scanning, "require_clean", require_clean)
    cities: dict[str, Bureau] = {}

    def world(regulation: Regulation, procedure: Procedure, begin: Step) -> World:
        if regulation.id not in cities:
            cities[regulation.id] = bureau_of(regulation)
        bureau = cities[regulation.id]
        organisation = filed_for(bureau, procedure, begin)
        role = regulation.seat(begin.seats[0]).role
        return World(bureau, procedure, begin, organisation, cast_of(bureau, role, organisation))

    return world


@pytest.mark.parametrize(
    ("regulation", "procedure"),
    [
        pytest.param(regulation, procedure, id=f"{regulation.id}-{procedure.id}")
        for regulation in FILES.values()
        for procedure in regulation.procedures
    ],
)
def test_nobody_can_do_what_the_rules_do_not_give_them_and_everybody_what_they_do(
    explored: Explored, regulation: Regulation, procedure: Procedure
) -> None:
    begun = [one for one in procedure.steps if one.starts and NODE_SEAT not in one.seats]
    worlds = [explored(regulation, procedure, one) for one in begun]
    for world in worlds:
        assert list(world.violations()) == []
        assert world.stuck() == set()
        for state, steps in only_after(procedure).items():
            assert all(state not in world.reached(without=[one]) for one in steps)
    assert set().union(*(one.states for one in worlds)) == {one.id for one in procedure.states}


# Guards taken out

SAME = {
    "_sits: sides.filer_organisation is None": "a role that is asked for in no organisation is asked for anywhere",
}
"""What can be left out without a difference, and why."""
TAKEN_OUT = [
    *(one for one in mutants.guards_of(rules) if str(one) not in SAME),
    *mutants.guards_of(written),
    mutants.without(rules.seats_of, "(one.of is SeatOf.FILER) is own and "),
    mutants.without(rules._sits, "sides.body not in actor.organisations and "),
    mutants.without(
        rules._sits, "actor.holds_over(seat.role, sides.division)", "actor.holds(seat.role)"
    ),
    mutants.without(rules._sits, "actor.holds(seat.role, sides.body)", "actor.holds(seat.role)"),
    mutants.without(written._require_seen, " and not rules.is_filer(actor, sides)"),
]
NOTICE = (
    "reassessment",
    "quality-rectification",
    "pilot-scenario",
    "correction",
    "rights-objection",
    "catalogue-entry",
    "conditional-access",
    "breach",
)
"""Procedures that have every kind of guard between them, the small ones first."""


def is_about(function: object, procedure: Procedure) -> bool:
    """Whether a procedure has what the function is for: it is explored before the others."""
    kinds = {kind for kind, reader in rules._READ.items() if reader is function}
    if any(field.kind in kinds for step in procedure.steps for field in step.fields):
        return True
    return function is rules._guard_published and any(one.takes_down for one in procedure.steps)


def noticed(explored: Explored, function: object = None) -> str | None:
    """The first violation that the exploration finds; who can file what is asked of all before."""
    procedures = sorted(
        (SUZHOU.procedure(one) for one in NOTICE), key=lambda one: not is_about(function, one)
    )
    worlds = [
        explored(SUZHOU, procedure, step)
        for procedure in procedures
        for step in procedure.steps
        if step.starts and NODE_SEAT not in step.seats
    ]
    for walk in (World.filing, World.counter, World.violations):
        for world in worlds:
            with closing(walk(world)) as violations:
                found = next(violations, None)
            if found is not None:
                return found
    return None


@pytest.mark.rota(4)
@pytest.mark.parametrize("mutant", TAKEN_OUT, ids=str)
def test_the_exploration_notices_each_guard_that_is_taken_out(
    explored: Explored, mutant: mutants.Mutant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutant.function, "__code__", mutant.code)
    assert noticed(explored, mutant.function) is not None


@pytest.mark.rota(4)
@pytest.mark.parametrize("guard", rules.GUARDS, ids=lambda one: one.__name__)
def test_the_exploration_notices_each_question_that_is_not_asked(
    explored: Explored, guard: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "GUARDS", tuple(one for one in rules.GUARDS if one is not guard))
    assert noticed(explored, guard) is not None
