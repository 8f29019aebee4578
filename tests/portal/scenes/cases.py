"""Rules that a county applies, and cases under them: one in review, one whose agreement waits for a signature."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.portal.scenes import HOSTILE, Scenes
from tests.portal.scenes.people import People
from tests.portal.scenes.steps import Steps
from wushu.casework import selectors as casework
from wushu.casework import services as regulations
from wushu.casework.types import CaseView, FieldKind, Step
from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute, FieldSpec
from wushu.dataplane import services as dataplane
from wushu.dataplane.types import GranteeKind
from wushu.opening import services
from wushu.parties import selectors as parties
from wushu.parties.types import NODE

SUZHOU = "suzhou-public-data-opening-2023"


def cases(people: People, made: Scenes) -> None:
    """Adopt the rules, file, and go a little way."""
    document = casework.read_folder(casework.REGULATIONS / SUZHOU)
    version = regulations.regulation_publish(actor=NODE, document=document, file=SUZHOU)
    today = timezone.localdate()
    regulations.regulation_adopt(
        actor=people.reviewer, version=version.id, division="329902",
        begins=today - timedelta(days=1), ends=None, decision="示例市数据局决定",
        beyond="条文期满后继续参照",
    )  # fmt: skip
    rules = casework.regulation(version.id).procedure("conditional-access")
    dataset = catalog.entry_by_slug(made.datasets["trees"]).id

    def file(title: str) -> CaseView:
        return services.case_file_on_dataset(
            actor=parties.actor_for_username("analyst"), dataset=dataset, procedure=rules.id,
            step="submit", organisation=people.enterprise,
            values=answers(rules.step("submit"), title=title),
        )  # fmt: skip

    made.cases["review"] = file("通勤时间研究").number
    made.cases["again"] = file("通勤时间研究").number
    agreed = file(f"换乘 {HOSTILE}"[:190])
    for step, by in (("pass", people.reviewer), ("agree", people.forester)):
        services.case_take(
            actor=by, case=agreed.id, step=step, values=answers(rules.step(step), columns=["时间"])
        )
    made.cases["to-sign"] = agreed.number
    made.grants["trees"] = str(
        dataplane.grant_write(
            actor=people.forester, dataset=dataset, grantee_kind=GranteeKind.ORGANISATION,
            grantee=people.enterprise, columns=["时间"], row_filter=[], purpose="林木研究",
            basis=f"urn:uuid:{dataset}", valid_from=timezone.now() + timedelta(days=1),
            valid_until=timezone.now() + timedelta(days=30),
        )
    )  # fmt: skip


def breach(people: People, made: Scenes) -> None:
    """Access that its body limited, which it published."""
    dataset = catalog.entry_by_slug(made.datasets["trees"]).id
    grant = dataplane.grant_write(
        actor=people.forester, dataset=dataset, grantee_kind=GranteeKind.ORGANISATION,
        grantee=people.enterprise, columns=["时间"], row_filter=[], purpose="林木统计",
        basis=f"urn:uuid:{dataset}", valid_from=timezone.now(),
        valid_until=timezone.now() + timedelta(days=30),
    )  # fmt: skip
    case = services.case_file_on_grant(
        actor=people.forester, grant=grant, procedure="breach", step="inquire-as-body",
        organisation=people.forests,
        values={"title": "转让数据", "suspicion": "约定不得转让", "facts": "网上有售"},
    )  # fmt: skip
    for step, values in (
        ("limit", {"reasons": "转让", "heard": "承认"}),
        ("publish", {"notice": f"某用户转让林木数据，已限制其获取权限。\n{HOSTILE}"}),
    ):
        services.case_take(actor=people.forester, case=case.id, step=step, values=values)


def listing(people: People, made: Scenes) -> None:
    """A draft that the county's rules want assessed, and one that was submitted in its case."""
    steps = Steps(people, made)
    steps.clerk, steps.body = people.forester, people.forests
    rules = casework.regulation(casework.published_version(SUZHOU).id).procedure("catalogue-entry")
    for slug, title in (("seedlings", "苗圃名录"), ("logging", f"采伐许可 {HOSTILE}")):
        metadata = steps.metadata(title, attribute=Attribute.NONE, spatial="329902")
        entry = steps.create(slug, metadata, [FieldSpec(name="编号", description="编号")])
        made.datasets[slug] = entry.slug
    case = services.case_file_on_dataset(
        actor=people.forester, dataset=entry.id, procedure=rules.id, step="begin",
        organisation=people.forests, values={"attribute": Attribute.NONE.value},
    )  # fmt: skip
    services.case_take(
        actor=people.forester, case=case.id, step="submit", values=answers(rules.step("submit"))
    )
    made.cases["to-list"] = case.number
    made.revisions["to-list"] = str(steps.newest(entry).id)


def answers(step: Step, **given: Any) -> dict[str, Any]:
    """Something in every field that asks for it."""
    until = (timezone.localdate() + timedelta(days=300)).isoformat()
    said = {
        FieldKind.LINE: "研究报告",
        FieldKind.TEXT: "用于城市交通研究。\n只在课题组内使用。",
        FieldKind.DATE: until,
        FieldKind.PLEDGE: True,
    }
    chosen = {
        one.id: one.choices[0].id if one.kind is FieldKind.CHOICE else said[one.kind]
        for one in step.fields
        if one.id not in given and (one.kind is FieldKind.CHOICE or one.kind in said)
    }
    return chosen | {name: value for name, value in given.items() if step_asks(step, name)}


def step_asks(step: Step, name: str) -> bool:
    """Whether a step has the field."""
    return any(one.id == name for one in step.fields)
