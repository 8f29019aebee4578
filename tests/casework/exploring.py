"""Walks through a procedure by the real services, and says where they do not do what the file says.

What must hold is worked out here from the file alone and in other words than the rules', so that they
are not asked about themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from tests.casework.conftest import COLUMNS, Bureau, department
from wushu.casework import services
from wushu.casework.types import (
    NODE_SEAT,
    CaseView,
    FieldKind,
    FormField,
    Paper,
    Procedure,
    Regulation,
    Seat,
    SeatOf,
    Step,
    WalkIn,
)
from wushu.kernel.errors import Refusal
from wushu.kernel.scanning.refusals import MALWARE_FOUND
from wushu.parties.types import NODE, Actor, HeldRole, OrganisationView, Role, Scope

INFECTED = b"infected"
PERSONAL = {Role.DATA_USER, Role.INTERESTED_PARTY}
"""Roles that people have for themselves."""
COUNTERS = {Role.DATA_AUTHORITY, Role.PLATFORM_OPERATOR}
_numbers = count(1)


def require_clean(file: Any, name: str) -> None:
    """Stands in for the scanner of malware."""
    if file.read() == INFECTED:
        raise MALWARE_FOUND(name=name, signature="test")


class undone:
    """Whatever is written inside is taken back."""

    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, kind: Any, value: Any, trace: Any) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


@dataclass(frozen=True)
class Place:
    """Where a case stands, as far as what can be done next depends on it."""

    state: str
    once: frozenset[str] = frozenset()
    """Steps done that can be done only once."""
    did: frozenset[tuple[str, UUID | None]] = frozenset()
    """Who did the steps that somebody else must have done for another."""
    asked: bool = False
    """Whether the expert panel was asked."""


@dataclass(frozen=True)
class Spoil:
    """Something that is wrong with what comes with a step, and what it is refused as."""

    given: services.Given
    name: str


@dataclass
class World:
    """A procedure of a regulation in a city, and everybody who might try something."""

    bureau: Bureau
    procedure: Procedure
    begin: Step
    organisation: OrganisationView | None
    """For which it is filed; None: for oneself."""
    cast: dict[str, Actor]
    states: set[str] = field(default_factory=set)
    moves: set[tuple[Place | None, str, Place]] = field(default_factory=set)
    _known: set[Place] = field(default_factory=set)
    _tried: set[tuple[str, str]] = field(default_factory=set)
    _spoiled: set[str] = field(default_factory=set)

    @property
    def regulation(self) -> Regulation:
        return self.bureau.regulation

    @property
    def later(self) -> list[Step]:
        return [one for one in self.procedure.steps if not one.starts]

    @property
    def for_whom(self) -> UUID | None:
        return self.organisation.id if self.organisation else None

    @property
    def filer(self) -> Actor:
        return self.cast["filer"]

    # What is done, by the real services

    def file(
        self, by: Actor, given: services.Given, organisation: UUID | None,
        walk_in: WalkIn | None = None,
    ) -> CaseView:  # fmt: skip
        return services.case_open(
            walk_in=walk_in,
            actor=by, procedure=self.procedure.id, step=self.begin.id,
            subject=self.bureau.subject, body=self.bureau.transport.id,
            organisation=organisation, title="探索",
            given=given, effects=self.bureau.effects.of(self.regulation),
        )  # fmt: skip

    def take(self, case: CaseView, step: str, by: Actor, given: services.Given) -> CaseView:
        return services.case_step(
            actor=by, case=case.id, step=step, given=given,
            effects=self.bureau.effects.of(self.regulation),
        )  # fmt: skip

    # What ought to be, by the file

    def is_filer(self, actor: Actor) -> bool:
        mine = {one.organisation for one in actor.roles}
        return actor.person == self.filer.person if self.organisation is None else (
            actor.person == self.filer.person or self.organisation.id in mine
        )  # fmt: skip

    def may_file(self, actor: Actor, where: UUID | None) -> bool:
        """Whether somebody may begin it for an organisation (None: for themselves)."""
        body = self.bureau.transport
        return any(
            one.role is seat.role
            and one.organisation == where
            and (seat.within is not SeatOf.BODY or where == body.id)
            and (seat.within is not SeatOf.DIVISION or one.division in self.governing)
            for seat in self.regulation.seats
            if seat.id in self.begin.seats
            for one in actor.roles
        )

    @property
    def governing(self) -> set[str]:
        """Divisions whose authorities govern the case's body."""
        city = self.bureau.authority.division
        return {city, f"{city[:2]}0000"}

    def sits(self, actor: Actor, seat: Seat, place: Place) -> bool:
        """Whether somebody has a seat, in the words of the reference page."""
        own, body = self.is_filer(actor), self.bureau.transport
        if own is not (seat.of is SeatOf.FILER) or actor.scopes is not None:
            return False
        held = [one for one in actor.roles if one.role is seat.role]
        if own:
            return any(self.for_whom in (None, one.organisation) for one in held)
        if seat.of is SeatOf.BODY:
            return any(one.organisation == body.id for one in held)
        outside = all(one.organisation != body.id for one in actor.roles)
        return outside and any(one.division in self.governing for one in held) and (
            place.asked or seat.role is not Role.EXPERT
        )  # fmt: skip

    def seats(self, actor: Actor, place: Place) -> set[str]:
        if actor is NODE:
            return {NODE_SEAT}
        return {one.id for one in self.regulation.seats if self.sits(actor, one, place)}

    def refusal(self, actor: Actor, step: Step, place: Place) -> str:
        """As what a step ought to be refused; empty where it ought to be taken."""
        seats, own = self.seats(actor, place), actor is not NODE and self.is_filer(actor)
        if not seats and not own:
            return "not-found"
        if not seats & set(step.seats):
            officials = {one.id for one in self.regulation.seats if one.of is not SeatOf.FILER}
            if actor.scopes is not None:
                return "key-lacks-scope"
            return "own-case" if own and officials & set(step.seats) else "not-in-seat"
        if place.state not in step.at:
            return "step-not-now"
        if step.id in place.once:
            return "step-once"
        if any((one, actor.person) in place.did for one in step.unlike):
            return "step-another-person"
        # What publishes is done once, so that it is among what was.
        return "nothing-published" if {step.takes_down} - {"", *place.once} else ""

    def after(self, place: Place | None, step: Step, by: Actor) -> Place:
        watched = {one for other in self.procedure.steps for one in other.unlike}
        before = place or Place("")
        state = step.to or before.state
        asks = {one.id for one in self.regulation.seats if one.role is Role.EXPERT}
        return Place(
            state,
            before.once | ({step.id} if step.once else set()),
            before.did | ({(step.id, by.person)} if step.id in watched else set()),
            before.asked or self.procedure.state(state).turn in asks,
        )

    # The walk

    def violations(self) -> Iterator[str]:
        """Where the services let somebody who ought not, refuse somebody who ought, or break."""
        yield from self.filing()
        yield from self.counter()
        with undone():
            case = self.file(self.filer, self._right(), self.for_whom)
            first = self.after(None, self.begin, self.filer)
            self.moves.add((None, self.begin.id, first))
            yield from self._unknown(case)
            yield from self._merged(case)
            yield from self._walk(case, first)

    def filing(self) -> Iterator[str]:
        """Where somebody can begin a case who ought not, or cannot who ought."""
        for who, actor in self.cast.items():
            for where in dict.fromkeys([None, *(one.organisation for one in actor.roles)]):
                ought = "" if self.may_file(actor, where) else "file-for-whom"
                ought = ought if actor.scopes is None else "key-lacks-scope"
                with undone():
                    done = outcome(lambda by=actor, to=where: self.file(by, self._right(), to))
                    yield from self._told(f"{who} files for {where}", ought, done[1])
        for spoil in spoils(self.begin, self):
            with undone():
                done = outcome(lambda said=spoil: self.file(self.filer, said.given, self.for_whom))
                yield from self._told("files", spoil.name, done[1])

    def counter(self) -> Iterator[str]:
        """Where somebody files for who came in person who ought not, cannot who ought, or does more."""
        came = WalkIn("来人", "居民身份证 1234")
        personal = {one.id for one in self.regulation.seats if one.role in PERSONAL}
        for who, actor in self.cast.items():
            runs = any(
                one.role in COUNTERS and one.division in self.governing for one in actor.roles
            )
            ought = "" if runs and actor.scopes is None else "counter-not-here"
            ought = ought if personal & set(self.begin.seats) else "file-for-whom"
            with undone():
                case, name = outcome(lambda by=actor: self.file(by, self._right(), None, came))
                yield from self._told(f"{who} files at the counter", ought, name)
                if case is not None:
                    yield from self._counter_acts(case, actor, personal)
        for wrong in (WalkIn(" ", "证件 1234"), WalkIn("来人", ""), WalkIn("来人", "1" * 18)):
            if personal & set(self.begin.seats):
                with undone():
                    at = self.bureau.examiner
                    done = outcome(
                        lambda said=wrong, by=at: self.file(by, self._right(), None, said)
                    )
                    yield from self._told(f"{wrong} at the counter", "answer-wrong", done[1])

    def _counter_acts(self, case: CaseView, actor: Actor, personal: set[str]) -> Iterator[str]:
        """Who filed at the counter takes the steps of who came, and decides nothing."""
        officials = {one.id for one in self.regulation.seats if one.of is not SeatOf.FILER}
        for step in (one for one in self.later if case.state.id in one.at):
            unseated = "own-case" if officials & set(step.seats) else "not-in-seat"
            with undone():
                done = self._tried_out(case, step, actor)
                ought = "" if personal & set(step.seats) else unseated
                yield from self._told(f"{step.id} at the counter", ought, done[1])

    def _right(self) -> services.Given:
        return given(self.begin, self)

    def _unknown(self, case: CaseView) -> Iterator[str]:
        """What is not there is not found, before anything else is asked."""
        gone = replace(case, id=uuid4())
        by, nothing = self.bureau.examiner, services.Given({})
        done = outcome(lambda: self.take(gone, self.later[0].id, by, nothing))
        yield from self._told("a case that is not there", "not-found", done[1])
        done = outcome(lambda: services.case_refer(actor=by, case=gone.id, question="？"))
        yield from self._told("experts are asked of nothing", "not-found", done[1])
        for step in ("gone", self.begin.id):
            done = outcome(lambda step=step: self.take(case, step, self.filer, nothing))
            yield from self._told(f"{step} of a case", "step-unknown", done[1])

    def _merged(self, case: CaseView) -> Iterator[str]:
        """Nothing more happens in what was merged into another."""
        with undone():
            other = self.file(self.filer, self._right(), self.for_whom)
            merge = outcome(
                lambda: services.case_merge(actor=self.bureau.examiner, case=case.id, into=other.id)
            )
            if merge[1]:  # not everything can be: other tests say what
                return
            first = self.after(None, self.begin, self.filer)
            for step in self.later:
                for who, actor in self.cast.items():
                    if self.refusal(actor, step, first) == "":
                        done = self._tried_out(case, step, actor)
                        yield from self._told(
                            f"{who} {step.id} after merging", "step-not-now", done[1]
                        )

    def _walk(self, case: CaseView, place: Place) -> Iterator[str]:
        self._known.add(place)
        new = place.state not in self.states
        self.states.add(place.state)
        if place.state != case.state.id:
            yield f"it stands at {case.state.id}, not at {place.state}"
        if self._panel_must_be_asked(place):
            yield from self._walk_after_asking(case, place)
        for step in self.later:
            oughts = {who: self.refusal(actor, step, place) for who, actor in self.cast.items()}
            lead = next((who for who, ought in oughts.items() if not ought), "")
            if lead and step.id not in self._spoiled:
                self._spoiled.add(step.id)
                yield from self._spoils(case, step, self.cast[lead])
            for who, ought in oughts.items():
                if self._worth_trying(step, who, ought, place, lead=who == lead, new=new):
                    yield from self._try(case, place, step, who, ought, walk=who == lead)

    def _worth_trying(
        self, step: Step, who: str, ought: str, place: Place, *, lead: bool, new: bool
    ) -> bool:
        """Who has no seat is refused wherever it stands: once is enough. Else once in each state.

        Where it stands as before but for what was done once, only what that changes is tried.
        """
        if ought in ("step-once", "step-another-person", "nothing-published"):
            return True
        if ought in ("", "step-not-now"):
            return new or (lead and self.after(place, step, self.cast[who]) not in self._known)
        if place.state not in step.at or (step.id, who) in self._tried:
            return False
        self._tried.add((step.id, who))
        return True

    def _try(
        self, case: CaseView, place: Place, step: Step, who: str, ought: str, *, walk: bool
    ) -> Iterator[str]:
        actor = self.cast[who]
        with undone():
            done, name = self._tried_out(case, step, actor)
            yield from self._told(f"{who} {step.id} at {place.state}", ought, name)
            if done is not None and not ought and walk:
                following = self.after(place, step, actor)
                self.moves.add((place, step.id, following))
                yield from self.holds(done, step)
                if following not in self._known:
                    yield from self._walk(done, following)

    def holds(self, case: CaseView, step: Step) -> Iterator[str]:
        """What must hold of the world outside the case once a step is done."""
        del case, step
        yield from ()

    def _tried_out(self, case: CaseView, step: Step, actor: Actor) -> tuple[CaseView | None, str]:
        by_node = actor is NODE and NODE_SEAT in step.seats
        gave = services.Given({}) if by_node else given(step, self)
        return outcome(lambda: self.take(case, step.id, actor, gave))

    def _spoils(self, case: CaseView, step: Step, actor: Actor) -> Iterator[str]:
        done = {one.step for one in case.history}
        for spoil in spoils(step, self, done) if actor is not NODE else ():
            with undone():
                taken = outcome(lambda spoil=spoil: self.take(case, step.id, actor, spoil.given))
                yield from self._told(f"{step.id} spoilt", spoil.name, taken[1])

    def _panel_must_be_asked(self, place: Place) -> bool:
        """Where experts have steps and the turn never comes to them, officials ask them."""
        experts = {one.id for one in self.regulation.seats if one.role is Role.EXPERT}
        turns = {one.turn for one in self.procedure.states}
        has_steps = any(experts & set(one.seats) for one in self.later)
        open_ = not self.procedure.state(place.state).end
        return has_steps and not experts & turns and not place.asked and open_

    def _walk_after_asking(self, case: CaseView, place: Place) -> Iterator[str]:
        asked = replace(place, asked=True)
        if asked not in self._known:
            with undone():
                services.case_refer(actor=self.bureau.examiner, case=case.id, question="请论证")
                yield from self._walk(case, asked)

    @staticmethod
    def _told(what: str, ought: str, name: str) -> Iterator[str]:
        if name != ought:
            yield f"{what}: ought to be {ought or 'done'}, was {name or 'done'}"

    # The graph that was walked

    def reached(self, without: Collection[str] = ()) -> set[str]:
        """States that cases come to by the moves made; ``without``: as if these steps were not there."""
        places: set[Place | None] = {None}
        grown = True
        while grown:
            more = {b for a, step, b in self.moves if a in places and step not in without} - places
            places |= more
            grown = bool(more)
        return {one.state for one in places if one is not None}

    def stuck(self) -> set[str]:
        """States from which the moves made lead to no end."""
        ends = {one.id for one in self.procedure.states if one.end}
        grown = True
        while grown:
            more = {a.state for a, _s, b in self.moves if a and b.state in ends} - ends
            ends |= more
            grown = bool(more)
        return self.states - ends


def outcome(done: Any) -> tuple[Any, str]:
    """What came back, and the name of the refusal; ``broke`` where it was none."""
    try:
        with transaction.atomic():
            return done(), ""
    except Refusal as refusal:
        return None, refusal.name
    except Exception as error:  # whatever it is, it was no refusal
        return None, f"broke: {error!r}"


# What comes with a step


def given(step: Step, world: World, **changes: Any) -> services.Given:
    """Something right in every field, and the papers that must be there."""
    papers = [Paper(one.id, "证据.txt", b"paper") for one in step.papers if one.required]
    values = {one.id: answer(one, step, world.procedure) for one in step.fields}
    return services.Given(values | changes, papers, COLUMNS)


def answer(one: FormField, step: Step, procedure: Procedure) -> Any:
    today, years = timezone.localdate(), 2 if "renewal" in step.id else 1  # a renewal lasts longer
    said: dict[FieldKind, Any] = {
        FieldKind.LINE: "某某", FieldKind.TEXT: "写明", FieldKind.PLEDGE: True,
        FieldKind.DATE: today.replace(year=today.year + years, day=1).isoformat(),
        FieldKind.COLUMNS: [COLUMNS[0]], FieldKind.NUMBER: 1_000_000,
        FieldKind.ROWS: [{"column": COLUMNS[1], "op": "ne", "values": ["0"]}],
        FieldKind.MASKS: [{"column": COLUMNS[0], "method": "hide", "values": []}],
    }  # fmt: skip
    if one.kind is FieldKind.CHOICE:
        return one.choices[0].id
    if one.kind is FieldKind.PROVISION:
        return {"level": one.choices[0].id, "title": "《某法》", "article": "第一条"}
    if one.kind is FieldKind.WORKING_DAYS:
        return next(procedure.clock(move.clock).extension_in_all for move in step.clocks)
    return said[one.kind]


def spoils(step: Step, world: World, done: Collection[str] = ()) -> Iterator[Spoil]:
    """Everything that can be wrong with what comes with a step, one at a time; ``done``: steps before it."""
    right = given(step, world)
    yield Spoil(replace(right, values={**right.values, "unasked": "x"}), "answer-unasked")
    for one in step.fields:
        if one.required:
            without = {name: value for name, value in right.values.items() if name != one.id}
            yield Spoil(replace(right, values=without), "answer-missing")
            yield Spoil(given(step, world, **{one.id: "  "}), "answer-missing")
        for value in wrong_answers(one, step, world):
            yield Spoil(given(step, world, **{one.id: value}), "answer-wrong")
        for choice in one.choices:
            if choice.after and not set(choice.after) & set(done):
                yield Spoil(given(step, world, **{one.id: choice.id}), "answer-not-yet")
    stray = Paper("unasked", "证据.txt", b"paper")
    yield Spoil(replace(right, papers=[*right.papers, stray]), "paper-unasked")
    for rule in step.papers:
        others = [one for one in right.papers if one.kind != rule.id]
        if rule.required:
            yield Spoil(replace(right, papers=others), "paper-missing")
        for paper, name in (
            (Paper(rule.id, "证据.exe", b"MZ"), "paper-kind"),
            (Paper(rule.id, "证据.txt", INFECTED), "malware-found"),
        ):
            yield Spoil(replace(right, papers=[*others, paper]), name)


def wrong_answers(one: FormField, step: Step, world: World) -> list[Any]:
    clocks = [world.procedure.clock(move.clock) for move in step.clocks]
    limits = [(one.working_days, one.extension_in_all or 0) for one in clocks]
    cited = {"level": "law", "title": "《某法》", "article": "第一条"}
    condition = {"column": COLUMNS[1], "op": "eq", "values": ["1"]}
    wrong: Mapping[FieldKind, list[Any]] = {
        FieldKind.LINE: ["两\n行", "长" * 201],
        FieldKind.TEXT: ["长" * 20_001],
        FieldKind.CHOICE: ["something-else"],
        FieldKind.PLEDGE: ["no"],
        FieldKind.COLUMNS: [["没有的"]],
        FieldKind.DATE: ["昨天"],
        FieldKind.NUMBER: ["0.5", "-1", "许多", 0],
        FieldKind.ROWS: [
            [{"column": "没有的", "op": "eq", "values": ["1"]}], ["没有的:eq:1"], [3],
            [{**condition, "values": []}], [{**condition, "values": "1"}],
            [{**condition, "values": ["长" * 201]}], [condition] * 21,
        ],
        FieldKind.MASKS: [[{"column": COLUMNS[0], "method": "altered", "values": []}]],
        FieldKind.WORKING_DAYS: [*(less for less, _most in limits), *(most + 1 for _less, most in limits)],
        FieldKind.PROVISION: [
            {**cited, "level": "notice"},
            {**cited, "article": ""},
            {**cited, "title": f"《{world.regulation.title.zh}》"},
        ],
    }  # fmt: skip
    return wrong[one.kind]


# Who is there


def cast_of(bureau: Bureau, role: Role, organisation: OrganisationView | None) -> dict[str, Actor]:
    """Somebody of every kind. Who filed also works in the body, which must give them nothing."""
    body, city, other = bureau.transport, bureau.authority, bureau.health
    above = department("省数据局", f"{city.division[:2]}0000")
    elsewhere = department("外地数据局", "510100")

    def held(role: Role, where: OrganisationView | None) -> HeldRole:
        return HeldRole(where.id if where else None, role, where.division if where else "")

    def somebody(name: str, *roles: HeldRole) -> Actor:
        person = bureau.person(f"{name}{next(_numbers)}", Role.DATA_USER)
        return replace(person, roles=roles)

    clerk, examiner = held(Role.OPENING_BODY, body), held(Role.DATA_AUTHORITY, city)
    head = held(Role.CHIEF_DATA_OFFICER, body)
    mine = held(role, organisation)
    filer = somebody("提出人", mine, *(() if organisation else (clerk,)))
    return {
        "filer": filer,
        "filer's key": replace(filer, scopes=frozenset({Scope.ROWS_READ})),
        "colleague": somebody("同事", mine) if organisation else somebody("旁人", mine),
        "head and clerk": somebody("首席数据官兼经办人", head, clerk),
        "clerk": somebody("经办人", clerk),
        "head": somebody("首席数据官", head),
        "clerk next door": somebody("别家经办人", held(Role.OPENING_BODY, other)),
        "examiner": replace(bureau.examiner, roles=(examiner,)),
        "examiner in the body": somebody("兼职审查人", examiner, clerk),
        "province": somebody("省审查人", held(Role.DATA_AUTHORITY, above)),
        "elsewhere": somebody("外地审查人", held(Role.DATA_AUTHORITY, elsewhere)),
        "expert": somebody("专家", held(Role.EXPERT, city)),
        "node": NODE,
    }
