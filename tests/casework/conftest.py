"""A city whose rules are adopted, with real people in every seat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from tests.catalog.conftest import CITY, credit_code, node
from wushu.casework import selectors, services
from wushu.casework.types import CaseView, Decided, Effect, Regulation
from wushu.parties import selectors as people
from wushu.parties import services as parties
from wushu.parties.types import NODE, Actor, OrganisationKind, OrganisationView, Role

__all__ = ["node"]

SUZHOU = "suzhou-public-data-opening-2023"
APPLICATION = {
    "title": "停车诱导研究", "reason": "研究停车诱导", "kind": "api", "until": "2027-12-31",
    "result": "论文", "scenario": "高校课题",
    **dict.fromkeys(
        ("scenario-true", "no-third-party", "cooperate", "cite", "secure", "no-harm"), True
    ),
}  # fmt: skip
AGREED = {
    "purpose": "停车诱导研究", "scope": "课题组内", "manner": "接口", "columns": ["编号", "泊位数"],
    "until": "2027-06-30", "delivery": "rows", "service": "每季度反馈", "prohibited": "不得转让", "liability": "依约承担",
    "disputes": "协商，协商不成的向有管辖权的人民法院起诉",
}  # fmt: skip
COLUMNS = ("编号", "名称", "泊位数")
_names = count(1)


@dataclass
class Effects:
    """Fake effects for tests of the engine alone: they note what they were told."""

    seen: list[tuple[str, Decided]] = field(default_factory=list)

    def of(self, regulation: Regulation) -> Mapping[str, Effect]:
        names = {s.effect for p in regulation.procedures for s in p.steps if s.effect}
        return {name: self._note(name) for name in names}

    def _note(self, name: str) -> Effect:
        return lambda decided: self.seen.append((name, decided))


@dataclass
class Bureau:
    """A city's authority and bodies, each with real people, under adopted rules."""

    authority: OrganisationView
    transport: OrganisationView
    health: OrganisationView
    regulation: Regulation
    effects: Effects = field(default_factory=Effects)
    subject: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        self.examiner = self.person("审查人", Role.DATA_AUTHORITY, self.authority)
        self.clerk = self.person("经办人", Role.OPENING_BODY, self.transport)
        self.colleague = self.person("同事", Role.OPENING_BODY, self.transport)
        self.stranger = self.person("别家经办人", Role.OPENING_BODY, self.health)
        self.user = self.person("申请人", Role.DATA_USER)
        self.other_user = self.person("旁人", Role.DATA_USER)

    def person(self, name: str, role: Role, body: OrganisationView | None = None) -> Actor:
        person = parties.person_register(actor=NODE, name=name)
        parties.membership_grant(
            actor=NODE, person=person, organisation=body.id if body else None, role=role
        )
        account = parties.account_create(
            actor=NODE, username=f"someone{next(_names)}", password=None, person=person
        )
        return people.actor_for_account(account)

    def grant(self, who: Actor, role: Role, body: OrganisationView) -> Actor:
        assert who.person is not None
        parties.membership_grant(actor=NODE, person=who.person, organisation=body.id, role=role)
        return people.actor_of_person(who.person)

    def file(self, by: Actor | None = None, **changes: Any) -> CaseView:
        return services.case_open(
            actor=by or self.user, procedure="conditional-access", step="submit",
            subject=self.subject, body=self.transport.id,
            organisation=changes.pop("organisation", None), title="停车诱导研究",
            given=services.Given(
                {**APPLICATION, **changes.pop("values", {})}, changes.pop("papers", ()), COLUMNS
            ),
            effects=self.effects.of(self.regulation),
        )  # fmt: skip

    def step(self, case: CaseView, step: str, by: Actor, **values: Any) -> CaseView:
        named = {name.replace("_", "-"): value for name, value in values.items()}
        return services.case_step(
            actor=by, case=case.id, step=step, given=services.Given(named, (), COLUMNS),
            effects=self.effects.of(self.regulation),
        )  # fmt: skip

    def agreed(self) -> CaseView:
        case = self.step(self.file(), "pass", self.examiner)
        return self.step(case, "agree", self.clerk, **AGREED)

    def in_use(self) -> CaseView:
        signed = self.step(self.agreed(), "sign", self.user, credit=True)
        return self.step(signed, "countersign", self.clerk)


def department(name: str, division: str = CITY) -> OrganisationView:
    return parties.organisation_register(
        actor=NODE, kind=OrganisationKind.DEPARTMENT, code=credit_code(), name_zh=name,
        division=division,
    )  # fmt: skip


def before_adoption() -> Bureau:
    """The city with rules that are published and adopted by nobody."""
    folder = selectors.REGULATIONS / SUZHOU
    version = services.regulation_publish(
        actor=NODE, document=selectors.read_folder(folder), file=SUZHOU
    )
    return Bureau(
        authority=department("数据局"),
        transport=department("交通运输局"),
        health=department("卫生健康委员会"),
        regulation=selectors.regulation(version.id),
    )


@pytest.fixture
def bureau(node: Any) -> Bureau:
    made = before_adoption()
    services.regulation_adopt(
        actor=made.examiner, version=selectors.published()[0].id, division=CITY,
        begins=timezone.localdate() - timedelta(days=1), ends=None, decision="示范市数据局决定",
        beyond="继续参照",
    )  # fmt: skip
    return made
