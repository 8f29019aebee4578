"""Procedures explored with what their steps really do: to grants, agreements and datasets.

Who may take which step is explored in ``tests/casework``; here, on every way a case can go, what can be
read and what is listed must be what the case's state says.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from tests.casework.conftest import Bureau, bureau, node
from tests.casework.exploring import Place, World, cast_of, given, outcome, undone
from tests.casework.exploring import given as answers
from tests.dataplane.ingest.conftest import Desk, metadata
from tests.opening.test_cases import TABLE, table
from wushu.casework import selectors as casework
from wushu.casework.services import Given
from wushu.casework.types import CaseView, Step, SubjectKind, WalkIn
from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import Attribute, EntryState, Metadata
from wushu.dataplane import selectors as dataplane
from wushu.dataplane import services as dataplane_services
from wushu.opening import services
from wushu.opening.models import Agreement
from wushu.opening.services import cases as filing
from wushu.opening.services.effects import EFFECTS
from wushu.parties.types import Actor, OrganisationView, Role

__all__ = ["bureau", "node"]

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]


@dataclass
class Opened(World):
    """A procedure about a dataset, by the services of openings with their effects."""

    dataset: UUID = field(default_factory=uuid4)

    def file(
        self, by: Actor, given: Given, organisation: UUID | None, walk_in: WalkIn | None = None
    ) -> CaseView:
        return services.case_file_on_dataset(
            actor=by, dataset=self.dataset, procedure=self.procedure.id, step=self.begin.id,
            organisation=organisation, values=given.values, papers=given.papers, walk_in=walk_in,
        )  # fmt: skip

    def take(self, case: CaseView, step: str, by: Actor, given: Given) -> CaseView:
        return services.case_take(
            actor=by, case=case.id, step=step, values=given.values, papers=given.papers
        )

    def ways(self) -> Iterator[str]:
        """Every way a case can go, each step by somebody who may take it."""
        with undone():
            case = self.file(self.filer, given(self.begin, self), self.for_whom)
            yield from self.holds(case, self.begin)
            yield from self._walk(case, self.after(None, self.begin, self.filer))

    def _worth_trying(
        self, step: Step, who: str, ought: str, place: Place, *, lead: bool, new: bool
    ) -> bool:
        return lead and (new or self.after(place, step, self.cast[who]) not in self._known)

    def _spoils(self, case: CaseView, step: Step, actor: Actor) -> Iterator[str]:
        yield from ()

    @property
    def stands(self) -> EntryState:
        return catalog.entry_by_id(self.dataset, actor=self.bureau.clerk).state

    def reads(self, who: Actor, at: datetime | None = None) -> bool:
        moment = at or timezone.now()
        return not outcome(lambda: dataplane.access(self.dataset, who, moment))[1]


def list_again(bureau: Bureau, dataset: UUID) -> None:
    """A revision that opens no more than the one before, listed by a second person."""
    drafted = catalog_services.revision_draft(actor=bureau.clerk, entry=dataset)
    catalog_services.revision_submit(actor=bureau.clerk, revision=drafted.id)
    dataplane_services.revision_list(actor=bureau.examiner, revision=drafted.id)


class Applied(Opened):
    """Rows are read while an agreement that both signed is in use, and not a moment else."""

    IN_USE = frozenset({"in-use", "renewal-asked", "renewal-to-sign", "renewal-to-countersign"})

    def take(self, case: CaseView, step: str, by: Actor, given: Given) -> CaseView:
        if step == "ask-renewal":  # of what would end no later there is none
            early = Given({**given.values, "until": timezone.localdate().isoformat()})
            name = outcome(lambda: super(Applied, self).take(case, step, by, early))[1]
            assert name == "renewal-not-longer"
        return super().take(case, step, by, given)

    def holds(self, case: CaseView, step: Step) -> Iterator[str]:
        in_use = case.state.id in self.IN_USE
        drawn = Agreement.objects.filter(case=case.id).order_by("-number")
        ends = {one.ends_at for one in drawn if one.grant} if case.state.id == "ended" else set()
        at = max(ends, default=None)  # the node says so on that day, and here earlier
        if self.reads(self.filer, at) is not in_use:
            yield f"after {step.id}, at {case.state.id}: {self.reads(self.filer, at)=}"
        if any(self.reads(self.cast[who]) for who in ("colleague", "clerk next door")):
            yield f"after {step.id} others read"
        signed = [
            one for one in drawn
            if one.user_signed_by == self.filer.urn
            and one.body_signed_by in [self.cast[who].urn for who in ("clerk", "head and clerk")]
        ]  # fmt: skip
        grants = dataplane.grants_of(self.dataset, actor=self.bureau.clerk)
        live = [one.valid_until for one in grants if one.revoked_at is None]
        if in_use and live != [one.ends_at for one in signed[:1]]:
            yield f"after {step.id} it is in use, and not as long as both have signed"
        if step.effect == "ask-for-results":
            task = casework.open_case_about(self.dataset, "result-materials", actor=self.filer)
            if task is None or task.state.turn != "user":
                yield f"after {step.id} the user has no task"
        if step.effect.startswith("countersign") and drawn[0] not in signed:
            yield f"after {step.id} the newest agreement is not signed by both"


class Handed(Opened):
    """Materials are shown where who handed them in agreed, and nowhere else."""

    def take(self, case: CaseView, step: str, by: Actor, given: Given) -> CaseView:
        if step == "show":
            other = self.file(self.filer, answers(self.begin, self, show="no"), self.for_whom)
            super().take(other, "accept", by, Given({}))
            name = outcome(lambda: super(Handed, self).take(other, step, by, given))[1]
            assert name == "not-to-be-shown"
        return super().take(case, step, by, given)


class Objected(Opened):
    """What is sealed is read by nobody, what is restored or opened anew by everybody again."""

    SEALED = frozenset({"sealed", "to-restore", "processing"})

    def take(self, case: CaseView, step: str, by: Actor, given: Given) -> CaseView:
        if step == "report-reopened":  # the way it is opened again is the catalogue's
            early = outcome(lambda: super(Objected, self).take(case, step, by, given))[1]
            assert early == "still-sealed"
            list_again(self.bureau, self.dataset)
        return super().take(case, step, by, given)

    def holds(self, case: CaseView, step: Step) -> Iterator[str]:
        ought = EntryState.SEALED if case.state.id in self.SEALED else EntryState.LISTED
        ought = EntryState.WITHDRAWN if case.state.id == "withdrawn-data" else ought
        if self.stands is not ought:
            yield f"after {step.id}, at {case.state.id}: {self.stands}"
        if self.reads(self.cast["somebody"]) is not (ought is EntryState.LISTED):
            yield f"after {step.id}, at {case.state.id}: {self.reads(self.cast['somebody'])=}"


@dataclass
class Proposed(Opened):
    """What is submitted is a draft of the body's, drafted anew where it was returned."""

    metadata: Metadata = field(default_factory=metadata)

    def file(
        self, by: Actor, given: Given, organisation: UUID | None, walk_in: WalkIn | None = None
    ) -> CaseView:
        self._draft(self.begin)
        return super().file(by, given, organisation, walk_in)

    def take(self, case: CaseView, step: str, by: Actor, given: Given) -> CaseView:
        self._draft(self.procedure.step(step))
        return super().take(case, step, by, given)

    def _draft(self, step: Step) -> None:
        if step.effect.startswith("submit-"):
            catalog_services.revision_draft(
                actor=self.bureau.clerk, entry=self.dataset, metadata=self.metadata
            )


class Examined(Proposed):
    """Nothing is listed, or open to anybody, before it was examined."""

    LISTED = frozenset({"listed", "opened", "concluded"})

    def holds(self, case: CaseView, step: Step) -> Iterator[str]:
        listed = case.state.id in self.LISTED
        if (self.stands is EntryState.LISTED) is not listed:
            yield f"after {step.id}, at {case.state.id}: {self.stands}"
        if self.reads(self.cast["somebody"]) is not listed:
            yield f"after {step.id}, at {case.state.id}: {self.reads(self.cast['somebody'])=}"


class Changed(Proposed):
    """The attribute is what was listed until the authority let it be another."""

    def file(
        self, by: Actor, given: Given, organisation: UUID | None, walk_in: WalkIn | None = None
    ) -> CaseView:
        listed = catalog.entry_by_id(self.dataset).revision
        assert listed is not None
        change = f"{listed.metadata.attribute}-{self.metadata.attribute}"
        said = replace(given, values={**given.values, "change": change})
        return super().file(by, said, organisation, walk_in)

    def holds(self, case: CaseView, step: Step) -> Iterator[str]:
        changed = case.state.id in ("loosened", "tightened")
        revision = catalog.entry_by_id(self.dataset).revision
        assert revision is not None
        if (revision.metadata.attribute is self.metadata.attribute) is not changed:
            yield f"after {step.id}, at {case.state.id}: {revision.metadata.attribute}"


def drafted(bureau: Bureau) -> UUID:
    """A dataset with rows that nobody examined yet."""
    desk = Desk(bureau.clerk, bureau.examiner, bureau.stranger, bureau.transport.id)
    looked = desk.look(TABLE)
    assert looked.found is not None
    fields = [column.proposal for column in looked.found.columns]
    entry = desk.entry(fields, Attribute.UNCONDITIONAL)
    dataplane_services.load_run(desk.confirm(looked, fields, entry.id).id)
    return entry.id


def world(
    kind: type[Opened], bureau: Bureau, procedure: str, dataset: UUID,
    organisation: OrganisationView | None = None, step: str = "",
) -> Opened:  # fmt: skip
    rule = bureau.regulation.procedure(procedure)
    begin = next(one for one in rule.steps if one.starts and step in ("", one.id))
    role = bureau.regulation.seat(begin.seats[0]).role
    cast = cast_of(bureau, role, organisation)
    cast["somebody"] = bureau.person("某人", Role.DATA_USER)
    return kind(bureau, rule, begin, organisation, cast, dataset=dataset)


def all_of(explored: Opened) -> None:
    assert list(explored.ways()) == []
    assert explored.states == {one.id for one in explored.procedure.states}
    assert explored.stuck() == set()


def test_rows_are_read_by_an_agreement_that_both_signed_while_it_is_in_use(bureau: Bureau) -> None:
    explored = world(Applied, bureau, "conditional-access", table(bureau, Attribute.CONDITIONAL))
    all_of(explored)
    for step in ("pass", "agree", "sign", "countersign"):
        assert "in-use" not in explored.reached(without=[step])


def test_materials_are_shown_only_where_who_handed_them_in_agreed(bureau: Bureau) -> None:
    dataset = table(bureau, Attribute.UNCONDITIONAL)
    all_of(world(Handed, bureau, "result-materials", dataset))


def test_a_dataset_is_sealed_while_an_objection_is_verified_and_open_once_it_is_said_so(
    bureau: Bureau,
) -> None:
    dataset = table(bureau, Attribute.UNCONDITIONAL)
    all_of(world(Objected, bureau, "rights-objection", dataset))


@pytest.mark.parametrize(
    ("procedure", "step", "listed"),
    [("catalogue-entry", "approve", "listed"), ("emergency-opening", "open", "opened")],
)
def test_nothing_is_listed_that_was_not_examined(
    bureau: Bureau, procedure: str, step: str, listed: str
) -> None:
    explored = world(Examined, bureau, procedure, drafted(bureau), bureau.transport)
    all_of(explored)
    assert listed not in explored.reached(without=[step])


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        ("loosen", Attribute.CONDITIONAL, Attribute.UNCONDITIONAL),
        ("tighten", Attribute.UNCONDITIONAL, Attribute.CONDITIONAL),
    ],
)
def test_an_attribute_changes_only_once_the_authority_let_it(
    bureau: Bureau, step: str, before: Attribute, after: Attribute
) -> None:
    dataset = table(bureau, before)
    explored = world(Changed, bureau, "attribute-change", dataset, bureau.transport, step)
    assert isinstance(explored, Changed)
    explored.metadata = replace(
        metadata(after), attribute_reason="经评估调整。", attribute_basis="备〔2026〕3 号"
    )
    assert list(explored.ways()) == []
    assert explored.stuck() == set()
    assert {"loosened", "tightened"} & explored.states


@pytest.mark.parametrize("attribute", [Attribute.UNCONDITIONAL, Attribute.NONE])
def test_only_conditional_data_are_applied_for(bureau: Bureau, attribute: Attribute) -> None:
    dataset = table(bureau, attribute)
    explored = world(Applied, bureau, "conditional-access", dataset)
    name = outcome(lambda: explored.file(explored.filer, given(explored.begin, explored), None))[1]
    assert name in ("needs-no-application", "not-open-to-applications")


NOTICE = {
    "conditional-access": (
        "draw-agreement", "sign", "countersign-and-grant", "grant-again", "revoke",
        "require-conditional", "require-longer", "draw-renewal", "countersign-and-extend",
        "ask-for-results",
    ),
    "result-materials": ("require-agreed-to-show",),
    "rights-objection": ("seal-dataset", "restore-dataset", "withdraw-dataset", "require-listed"),
    "emergency-opening": ("submit-dataset", "list-dataset", "return-dataset"),
    "catalogue-entry": ("submit-entry",),
    "attribute-change": ("submit-attribute",),
}  # fmt: skip
"""Where each effect shows."""


@pytest.mark.rota(4)
@pytest.mark.parametrize("effect", EFFECTS[SubjectKind.DATASET])
def test_the_exploration_notices_each_effect_that_does_nothing(
    bureau: Bureau, effect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    procedure = next(one for one, several in NOTICE.items() if effect in several)
    explored = {
        "conditional-access": lambda: world(
            Applied, bureau, procedure, table(bureau, Attribute.CONDITIONAL)
        ),
        "result-materials": lambda: world(
            Handed, bureau, procedure, table(bureau, Attribute.UNCONDITIONAL)
        ),
        "rights-objection": lambda: world(
            Objected, bureau, procedure, table(bureau, Attribute.UNCONDITIONAL)
        ),
        "emergency-opening": lambda: world(
            Examined, bureau, procedure, drafted(bureau), bureau.transport
        ),
        "catalogue-entry": lambda: world(
            Examined, bureau, procedure, drafted(bureau), bureau.transport
        ),
        "attribute-change": lambda: world(
            Changed, bureau, procedure, table(bureau, Attribute.CONDITIONAL), bureau.transport
        ),
    }[procedure]()
    idle = {**EFFECTS[SubjectKind.DATASET], effect: lambda decided: None}
    monkeypatch.setattr(filing, "EFFECTS", {**EFFECTS, SubjectKind.DATASET: idle})
    if effect == "require-conditional":
        explored.dataset = table(bureau, Attribute.UNCONDITIONAL)
    with closing(explored.ways()) as violations:
        assert next(violations, None) is not None
