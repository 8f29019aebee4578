"""Every procedure of every regulation walked through in full, with the rules alone and no database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from wushu.casework.files import read_folder, regulation_folders
from wushu.casework.rules import cases as rules
from wushu.casework.rules.clock import clock_state_after, replay
from wushu.casework.rules.regulations import regulation_of
from wushu.casework.types import (
    NODE_SEAT,
    ClockState,
    EventKind,
    FieldKind,
    Happened,
    HappenedKind,
    Procedure,
    Regulation,
    Seat,
    SeatOf,
    Sides,
    Step,
)
from wushu.kernel.identifiers import parse_division
from wushu.parties.types import NODE, Actor, HeldRole, Role, Scope

REGULATIONS = tuple(
    regulation_of(read_folder(folder), folder.name) for folder in regulation_folders()
)
ALL = [(one, procedure) for one in REGULATIONS for procedure in one.procedures]
SUZHOU = next(one for one in REGULATIONS if one.id == "suzhou-public-data-opening-2023")
GUIZHOU = next(one for one in REGULATIONS if one.id == "guizhou-data-sharing-opening-2020")
each_procedure = pytest.mark.parametrize(
    ("regulation", "procedure"), ALL, ids=[f"{one.id}-{other.id}" for one, other in ALL]
)
BEGAN = datetime(2026, 3, 2, 1, tzinfo=UTC)
LISTING = {"list-dataset", "restore-dataset"}


# Exhaustive exploration


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands: all that decides what can happen next."""

    state: str
    once: frozenset[str]
    """The steps taken that can be taken only once."""
    clocks: frozenset[tuple[str, ClockState]]


@dataclass(frozen=True, slots=True)
class Walk:
    """A step from one standing to the next; ``before`` is None where it begins a case."""

    before: Standing | None
    step: Step
    after: Standing


def happened(step: str, number: int = 1, **more: Any) -> Happened:
    at = BEGAN + timedelta(hours=7 * number)
    return Happened(number, HappenedKind.STEP, at, "urn:x", "某人", "seat", step=step, **more)


def possible(procedure: Procedure, here: Standing) -> tuple[Step, ...]:
    return rules.possible(procedure, here.state, [happened(one) for one in sorted(here.once)])


def after(procedure: Procedure, before: Standing | None, step: Step) -> Standing:
    clocks: dict[str, ClockState] = dict(before.clocks) if before else {}
    for move in step.clocks:
        follows = clock_state_after(clocks.get(move.clock), move.event)
        assert follows is not None, f"{step.id}: {move.clock} cannot be {move.event.value}"
        clocks[move.clock] = follows
    state = step.to or (before.state if before else "")
    if procedure.state(state).end:
        clocks = dict.fromkeys(clocks, ClockState.FINISHED)
    taken = (before.once if before else frozenset()) | ({step.id} if step.once else set())
    return Standing(state, taken, frozenset(clocks.items()))


def explored(procedure: Procedure, without: frozenset[str] = frozenset()) -> list[Walk]:
    """Every way a case can go; ``without``: as if these steps were not there."""
    walks: list[Walk] = []
    known: set[Standing] = set()
    waiting: list[Standing | None] = [None]
    while waiting:
        here = waiting.pop()
        following = (
            possible(procedure, here)
            if here
            else tuple(one for one in procedure.steps if one.starts)
        )
        for step in following:
            if step.id in without:
                continue
            walk = Walk(here, step, after(procedure, here, step))
            walks.append(walk)
            if walk.after not in known:
                known.add(walk.after)
                waiting.append(walk.after)
    return walks


@cache
def explored_in_full(procedure: Procedure) -> tuple[Walk, ...]:
    return tuple(explored(procedure))


def states_reached(procedure: Procedure, *without: str) -> set[str]:
    return {one.after.state for one in explored(procedure, frozenset(without))}


@each_procedure
def test_every_state_is_reached_and_every_step_can_be_taken(
    regulation: Regulation, procedure: Procedure
):
    walks = explored_in_full(procedure)
    assert {one.after.state for one in walks} == {one.id for one in procedure.states}
    assert {one.step.id for one in walks} == {one.id for one in procedure.steps}


@each_procedure
def test_wherever_a_case_stands_it_can_end(regulation: Regulation, procedure: Procedure):
    walks = explored_in_full(procedure)
    ending = {one.after for one in walks if procedure.state(one.after.state).end}
    grown = -1
    while grown != len(ending):
        grown = len(ending)
        ending |= {one.before for one in walks if one.before and one.after in ending}
    assert {one.after for one in walks} - ending == set()


@each_procedure
def test_whose_turn_it_is_can_act_wherever_the_case_stands(
    regulation: Regulation, procedure: Procedure
):
    for here in {one.after for one in explored_in_full(procedure)}:
        turn = procedure.state(here.state).turn
        seated = [one for one in possible(procedure, here) if turn in one.seats]
        assert not turn or seated, here


@each_procedure
def test_whose_turn_it_is_can_move_the_case_or_end_it(regulation: Regulation, procedure: Procedure):
    for here in {one.after for one in explored_in_full(procedure)}:
        turn = procedure.state(here.state).turn
        moving = [
            one
            for one in possible(procedure, here)
            if turn in one.seats and one.to not in (None, here.state)
        ]
        assert not turn or moving, here


@each_procedure
def test_a_clock_that_runs_is_somebodys_turn(regulation: Regulation, procedure: Procedure):
    for here in {one.after for one in explored_in_full(procedure)}:
        running = [name for name, state in here.clocks if state is ClockState.RUNNING]
        assert not running or procedure.state(here.state).turn, (here.state, running)


@each_procedure
def test_only_a_running_clock_is_extended_and_only_once(
    regulation: Regulation, procedure: Procedure
):
    for walk in explored_in_full(procedure):
        for move in walk.step.clocks:
            if move.event is EventKind.EXTENDED:
                assert walk.before is not None
                assert (move.clock, ClockState.RUNNING) in walk.before.clocks
                assert walk.step.id not in walk.before.once


@each_procedure
def test_nobody_who_filed_has_a_step_that_lists_or_opens_again(
    regulation: Regulation, procedure: Procedure
):
    for step in procedure.steps:
        if step.effect in LISTING:
            seats = [regulation.seat(one) for one in step.seats]
            assert [one.role for one in seats] == [Role.DATA_AUTHORITY], step.id
            assert [one.of for one in seats] == [SeatOf.DIVISION], step.id
            assert step.unlike, step.id


@pytest.mark.parametrize("regulation", [SUZHOU, GUIZHOU], ids=lambda one: one.id)
@pytest.mark.parametrize("step", ["agree", "sign", "countersign"])
def test_no_conditional_data_are_in_use_without(regulation: Regulation, step: str):
    procedure = regulation.procedure("conditional-access")
    assert "in-use" in states_reached(procedure)
    assert "in-use" not in states_reached(procedure, step)


@pytest.mark.parametrize("step", ["ask-renewal", "agree-renewal", "sign-renewal"])
def test_no_renewal_is_countersigned_without(step: str):
    procedure = SUZHOU.procedure("conditional-access")
    walks = explored(procedure, frozenset({step}))
    assert "countersign-renewal" not in {one.step.id for one in walks}


def test_access_can_be_suspended_shut_and_ended_whatever_becomes_of_a_renewal():
    procedure = SUZHOU.procedure("conditional-access")
    for state in ("in-use", "renewal-asked", "renewal-to-sign", "renewal-to-countersign"):
        leads = {one.step.to for one in explored_in_full(procedure) if at(one, state)}
        assert {"suspended", "revoked", "ended"} <= leads, state


def test_no_conditional_data_of_suzhou_are_in_use_without_a_compliance_review():
    procedure = SUZHOU.procedure("conditional-access")
    assert "in-use" not in states_reached(procedure, "pass")
    assert procedure.step("pass").seats == ("authority",)


def test_no_entry_is_listed_without_the_authoritys_examination():
    procedure = SUZHOU.procedure("catalogue-entry")
    assert "listed" in states_reached(procedure)
    assert "listed" not in states_reached(procedure, "approve")
    assert "listed" not in states_reached(procedure, "submit")
    assert [one.id for one in procedure.steps if one.to == "listed"] == ["approve"]
    assert procedure.step("approve").seats == ("authority",)


def test_measures_that_the_experts_ask_for_are_taken_before_an_entry_is_examined():
    procedure = SUZHOU.procedure("catalogue-entry")
    leaving = {one.step.id for one in explored_in_full(procedure) if at(one, "measures-due")}
    assert leaving == {"measures-done", "withdraw"}


@pytest.mark.parametrize(
    ("key", "end", "step"),
    [
        ("attribute-change", "loosened", "approve"),
        ("attribute-change", "tightened", "record"),
        ("emergency-opening", "opened", "open"),
        ("rights-objection", "restored", "restore"),
        ("rights-objection", "restored", "propose-restore"),
        ("rights-objection", "restored", "suspend"),
        ("rights-objection", "reopened", "process"),
        ("correction", "corrected", "correct"),
        ("quality-rectification", "rectified", "confirm"),
        ("quality-rectification", "rectified", "report"),
        ("outside-catalogue", "to-open", "hand-over"),
        ("opener-dispute", "decided", "expert-opinion"),
        ("opener-dispute", "decided", "to-government"),
        ("it-project", "accepted", "submit-catalogue"),
        ("it-project", "accepted", "confirm"),
        ("staff-filing", "recorded", "record"),
        ("emergency-plan", "replaced", "note-plan"),
        ("existing-channel", "integrated", "report"),
        ("existing-channel", "integrated", "confirm"),
        ("training", "held", "announce"),
        ("pilot-scenario", "assessed", "select"),
        ("breach", "restored", "limit"),
    ],
)
def test_a_case_comes_to_its_end_only_by_its_step(key: str, end: str, step: str):
    procedure = SUZHOU.procedure(key)
    assert end in states_reached(procedure)
    assert end not in states_reached(procedure, step)


def test_drills_are_reported_under_a_plan_that_was_noted():
    procedure = SUZHOU.procedure("emergency-plan")
    reporting = [one for one in explored_in_full(procedure) if one.step.id == "report-drill"]
    assert reporting
    assert all(at(one, "in-force") for one in reporting)
    assert "in-force" not in states_reached(procedure, "note-plan")


def test_once_a_dataset_is_sealed_an_objection_cannot_be_dropped():
    procedure = SUZHOU.procedure("rights-objection")
    for walk in explored_in_full(procedure):
        if at(walk, "sealed") or at(walk, "processing") or at(walk, "to-restore"):
            assert walk.after.state != "dropped"


def test_a_plan_alone_leaves_a_rectification_open_and_its_clock_running():
    procedure = SUZHOU.procedure("quality-rectification")
    for walk in explored_in_full(procedure):
        if walk.step.id == "plan":
            assert walk.after.state == "rectifying"
            assert ("rectify", ClockState.RUNNING) in walk.after.clocks


def test_a_correction_is_extended_only_after_who_reported_was_asked():
    procedure = SUZHOU.procedure("correction")
    assert "deciding" not in states_reached(procedure, "consent", "object", "record-consultation")
    assert "deciding" not in states_reached(procedure, "propose-extension")


def test_the_answer_to_data_outside_the_catalogue_is_due_only_once_the_body_has_the_need():
    procedure = SUZHOU.procedure("outside-catalogue")
    for walk in explored_in_full(procedure):
        clocks = dict(walk.after.clocks)
        if walk.after.state == "handing-over":
            assert clocks == {"hand-over": ClockState.RUNNING}
        if walk.after.state == "assessing":
            assert clocks == {"hand-over": ClockState.FINISHED, "answer": ClockState.RUNNING}


def at(walk: Walk, state: str) -> bool:
    return walk.before is not None and walk.before.state == state


# Random people


def one_id(name: str) -> UUID:
    return uuid5(UUID(int=0), name)


CITY, OTHER_CITY, PROVINCE = "320500", "320200", "320000"
BODY, OTHER_BODY, AUTHORITY, FAR, ABOVE, FIRM = (
    one_id(name) for name in ("body", "other body", "authority", "far", "above", "firm")
)
WHERE = {
    BODY: CITY, OTHER_BODY: CITY, AUTHORITY: CITY, FAR: OTHER_CITY, ABOVE: PROVINCE, FIRM: "",
}  # fmt: skip


def person(name: str, *held: tuple[Role, UUID | None], account: int = 1, **more: Any) -> Actor:
    return Actor(
        urn=f"urn:account:{name}:{account}",
        name=name,
        account=one_id(f"{name}{account}"),
        person=one_id(name),
        roles=tuple(
            HeldRole(where, role, WHERE.get(where, "") if where else "") for role, where in held
        ),
        **more,
    )


USER = (Role.DATA_USER, None)
PEOPLE = (
    person("user", USER),
    person("user", USER, account=2),
    person("holder", (Role.INTERESTED_PARTY, None)),
    person("anybody", USER, (Role.INTERESTED_PARTY, None)),
    person("employee", (Role.DATA_USER, FIRM)),
    person("colleague at the firm", (Role.DATA_USER, FIRM), USER),
    person("clerk", (Role.OPENING_BODY, BODY)),
    person("clerk", (Role.OPENING_BODY, BODY), account=2),
    person("second clerk", (Role.OPENING_BODY, BODY)),
    person("clerk who also uses data", (Role.OPENING_BODY, BODY), USER, (Role.INTERESTED_PARTY, None)),
    person("head", (Role.CHIEF_DATA_OFFICER, BODY)),
    person("head and clerk", (Role.CHIEF_DATA_OFFICER, BODY), (Role.OPENING_BODY, BODY)),
    person("clerk next door", (Role.OPENING_BODY, OTHER_BODY)),
    person("clerk of both", (Role.OPENING_BODY, BODY), (Role.OPENING_BODY, OTHER_BODY)),
    person("examiner", (Role.DATA_AUTHORITY, AUTHORITY)),
    person("second examiner", (Role.DATA_AUTHORITY, AUTHORITY)),
    person("examiner who also uses data", (Role.DATA_AUTHORITY, AUTHORITY), USER),
    person("examiner in the body", (Role.DATA_AUTHORITY, AUTHORITY), (Role.OPENING_BODY, BODY)),
    person("examiner of another city", (Role.DATA_AUTHORITY, FAR)),
    person("examiner of the province", (Role.DATA_AUTHORITY, ABOVE)),
    person("expert", (Role.EXPERT, AUTHORITY)),
    person("expert in the body", (Role.EXPERT, AUTHORITY), (Role.OPENING_BODY, BODY)),
    person("reader's key", USER, scopes=frozenset({Scope.ROWS_READ})),
    person("filer's key", USER, (Role.OPENING_BODY, BODY), scopes=frozenset({Scope.CASES_FILE})),
    NODE,
)  # fmt: skip


def acts_for_filer(actor: Actor, sides: Sides) -> bool:
    """Said again in other words, so that the rules are not asked about themselves."""
    in_organisation = {one.organisation for one in actor.roles if one.organisation}
    return actor.person == sides.filer_person or sides.filer_organisation in in_organisation


def sits(actor: Actor, seat: str, regulation: Regulation, sides: Sides) -> bool:
    """Whether an actor has a seat, in the words of the reference page."""
    if actor is NODE or seat == NODE_SEAT:
        return actor is NODE and seat == NODE_SEAT
    wanted = regulation.seat(seat)
    own = acts_for_filer(actor, sides)
    scope = Scope.CASES_FILE if own else Scope.CASES_HANDLE
    if own is not (wanted.of is SeatOf.FILER) or not (
        actor.scopes is None or scope in actor.scopes
    ):
        return False
    held = [one for one in actor.roles if one.role is wanted.role]
    if wanted.of is SeatOf.FILER:
        if sides.filer_organisation is None:
            return bool(held)
        return any(one.organisation == sides.filer_organisation for one in held)
    if wanted.of is SeatOf.BODY:
        return any(one.organisation == sides.body for one in held)
    here = parse_division(sides.division)
    in_body = any(one.organisation == sides.body for one in actor.roles)
    return not in_body and any(
        one.division and here.within(parse_division(one.division)) for one in held
    )


@dataclass
class Running:
    """A case with all that happened in it."""

    sides: Sides
    state: str
    history: list[Happened] = field(default_factory=list)


def allowed(actor: Actor, step: Step, regulation: Regulation, case: Running) -> bool:
    """Whether an actor may take a step of a case now, in the words of the reference page."""
    seated = any(sits(actor, one, regulation, case.sides) for one in step.seats)
    again = step.once and any(one.step == step.id for one in case.history)
    own_work = {one.person for one in case.history if one.step in step.unlike} - {None}
    empty = step.takes_down and all(one.step != step.takes_down for one in case.history)
    now = case.state in step.at and not again and not empty
    return seated and now and actor.person not in own_work


def may_file(filer: Actor, organisation: UUID | None, regulation: Regulation, step: Step) -> bool:
    """Whether an actor may begin a case of ``BODY`` for an organisation (None: for themselves)."""
    holds = any(
        one.role is seat.role and one.organisation == organisation and reaches(seat, one)
        for seat in regulation.seats
        if seat.id in step.seats
        for one in filer.roles
    )
    keyed = filer.scopes is None or Scope.CASES_FILE in filer.scopes
    return holds and keyed and filer.person is not None


def reaches(seat: Seat, held: HeldRole) -> bool:
    """Whether a role reaches as far as the seat of who files must."""
    if seat.within is SeatOf.BODY:
        return held.organisation == BODY
    over = {CITY[:digits].ljust(6, "0") for digits in (2, 4, 6)}
    return seat.within is not SeatOf.DIVISION or held.division in over


def everybody_filing(regulation: Regulation, step: Step) -> list[Sides]:
    """The sides of a case, for everybody who can begin it, for whomever they can."""
    return [
        Sides(filer.person, where, BODY, CITY, experts_asked=True)
        for filer in PEOPLE
        for where in (None, *sorted(filer.organisations))
        if may_file(filer, where, regulation, step)
    ]


@each_procedure
def test_whoever_filed_a_step_is_taken_only_by_those_who_sit_there(
    regulation: Regulation, procedure: Procedure
):
    begun = [
        sides
        for one in procedure.steps
        if one.starts
        for sides in everybody_filing(regulation, one)
    ]
    assert begun
    for sides in begun:
        for step in (one for one in procedure.steps if not one.starts):
            elsewhere = [one.id for one in procedure.states if one.id not in step.at]
            for state in (step.at[0], *elsewhere[:1]):  # seats do not depend on the state
                case = Running(sides, state)
                for actor in PEOPLE:
                    obstacle = rules.obstacle(
                        actor, step, regulation=regulation, procedure=procedure, state=state,
                        sides=sides, history=(),
                    )  # fmt: skip
                    expected = allowed(actor, step, regulation, case)
                    assert (obstacle is None) is expected, (actor.name, step.id, state)


@each_procedure
def test_every_step_has_somebody_who_can_take_it(regulation: Regulation, procedure: Procedure):
    begun = [
        sides
        for one in procedure.steps
        if one.starts
        for sides in everybody_filing(regulation, one)
    ]
    for step in (one for one in procedure.steps if not one.starts):
        before = [happened(step.takes_down)] if step.takes_down else []
        assert any(
            allowed(actor, step, regulation, Running(sides, step.at[0], before))
            for sides in begun
            for actor in PEOPLE
        ), step.id


class AnybodyTriesAnything(RuleBasedStateMachine):
    """People in all kinds of seats try every step; what the rules let through must be allowed."""

    @initialize(
        chosen=st.sampled_from(ALL),
        filer=st.sampled_from(PEOPLE),
        pick=st.integers(0, 5),
        first=st.integers(0, 3),
    )
    def file(
        self, chosen: tuple[Regulation, Procedure], filer: Actor, pick: int, first: int
    ) -> None:
        self.regulation, self.procedure = chosen
        starting = [
            one for one in self.procedure.steps if one.starts and NODE_SEAT not in one.seats
        ]
        step = starting[first % len(starting)]
        places: list[UUID | None] = [None, *sorted(filer.organisations)]
        organisation = places[pick % len(places)]
        self.case: Running | None = None
        obstacle = rules.filing_obstacle(
            filer, organisation, step, regulation=self.regulation, procedure=self.procedure,
            body=BODY, division=CITY,
        )  # fmt: skip
        allowed = may_file(filer, organisation, self.regulation, step)
        assert (obstacle is None) is allowed, (filer.name, organisation, step.id)
        if not allowed:  # somebody who can does it instead
            filer, organisation = next(
                (one, where)
                for one in PEOPLE
                for where in (None, *sorted(one.organisations))
                if may_file(one, where, self.regulation, step)
            )
        assert filer.person is not None
        self.case = Running(Sides(filer.person, organisation, BODY, CITY, experts_asked=True), "")
        self._take(filer, step, next(iter(step.seats)))

    @rule(actor=st.sampled_from(PEOPLE), number=st.integers(0, 40))
    def try_any_step(self, actor: Actor, number: int) -> None:
        later = [one for one in self.procedure.steps if not one.starts]
        self._try(actor, later[number % len(later)])

    @rule(turns=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=8))
    def those_who_may_go_on(self, turns: list[tuple[int, int]]) -> None:
        for who, number in turns:
            due = self._due()
            if not due:
                return
            step = due[number % len(due)]
            able = [one for one in PEOPLE if self._allowed(one, step)]
            if able:
                self._try(able[who % len(able)], step)
            self._everybody_is_asked()

    def _everybody_is_asked(self) -> None:
        for step in self._due():
            for actor in PEOPLE:
                self._ask(actor, step)

    @invariant()
    def nobody_acted_outside_their_seat_or_on_their_own_case(self) -> None:
        if self.case is None:
            return
        for line in self.case.history:
            actor = next(one for one in PEOPLE if one.urn == line.actor)
            step = self.procedure.step(line.step)
            assert any(sits(actor, one, self.regulation, self.case.sides) for one in step.seats)
            if acts_for_filer(actor, self.case.sides):
                assert self.regulation.seat(line.seat).of is SeatOf.FILER

    @invariant()
    def nobody_checked_their_own_work(self) -> None:
        if self.case is None:
            return
        for number, line in enumerate(self.case.history):
            before = {
                one.person
                for one in self.case.history[:number]
                if one.step in self.procedure.step(line.step).unlike
            }
            assert line.person is None or line.person not in before

    @invariant()
    def the_clocks_can_be_counted(self) -> None:
        if self.case is None:
            return
        runs = rules.clock_runs(self.procedure, self.case.history)
        for name, several in runs.items():
            limit = rules.limit_of(self.procedure.clock(name))
            for run in several:
                state, days = replay(run, limit)
                most = self.procedure.clock(name).extension_in_all
                assert days in {limit.working_days, most}
            ended = self.procedure.state(self.case.state).end
            assert not ended or state is ClockState.FINISHED

    def _due(self) -> tuple[Step, ...]:
        assert self.case is not None
        return rules.possible(self.procedure, self.case.state, self.case.history)

    def _allowed(self, actor: Actor, step: Step) -> bool:
        assert self.case is not None
        return allowed(actor, step, self.regulation, self.case)

    def _ask(self, actor: Actor, step: Step) -> bool:
        """Whether the rules let the step through; they must say what these tests say."""
        assert self.case is not None
        obstacle = rules.obstacle(
            actor, step, regulation=self.regulation, procedure=self.procedure,
            state=self.case.state, sides=self.case.sides, history=self.case.history,
        )  # fmt: skip
        assert (obstacle is None) is self._allowed(actor, step), (actor.name, step.id, obstacle)
        return obstacle is None

    def _try(self, actor: Actor, step: Step) -> None:
        if self._ask(actor, step):
            assert self.case is not None
            seats = rules.seats_of(actor, self.regulation, self.case.sides)
            self._take(actor, step, next(one for one in step.seats if one in seats))

    def _take(self, actor: Actor, step: Step, seat: str) -> None:
        assert self.case is not None
        self.case.state = step.to or self.case.state
        line = happened(
            step.id,
            len(self.case.history) + 1,
            state=self.case.state,
            values=_answers(step, self.procedure),
        )
        self.case.history.append(
            replace(line, actor=actor.urn, actor_name=actor.name, person=actor.person, seat=seat)
        )


def _answers(step: Step, procedure: Procedure) -> dict[str, Any]:
    """What the clocks need of the answers: the number of an extension."""
    return {
        one.id: procedure.clock(move.clock).extension_in_all
        for one in step.fields
        for move in step.clocks
        if one.kind is FieldKind.WORKING_DAYS and move.event is EventKind.EXTENDED
    }


AnybodyTriesAnything.TestCase.settings = settings(
    max_examples=200, stateful_step_count=10, deadline=None
)


class TestAnybodyTriesAnything(AnybodyTriesAnything.TestCase):
    """What the machine above finds."""


def test_an_account_of_the_same_person_is_not_a_second_person():
    procedure = SUZHOU.procedure("reassessment")
    first, other = (one for one in PEOPLE if one.name == "clerk")
    case = Sides(first.person, BODY, BODY, CITY)
    before = replace(happened("begin"), actor=first.urn, person=first.person)
    refused = rules.obstacle(
        other, procedure.step("keep"), regulation=SUZHOU, procedure=procedure, state="assessing",
        sides=case, history=[before],
    )  # fmt: skip
    assert refused is not None
    assert refused.name == "step-another-person"


def test_there_is_somebody_for_every_seat():
    for regulation in REGULATIONS:
        for seat in regulation.seats:
            filers = [(one, where) for one in PEOPLE for where in (None, *one.organisations)]
            assert any(
                seat.id
                in rules.seats_of(
                    actor, regulation, Sides(filer.person, where, BODY, CITY, experts_asked=True)
                )
                for filer, where in filers
                if filer.person is not None
                for actor in PEOPLE
            ), (regulation.id, seat.id)
