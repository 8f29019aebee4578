"""Conditional data by the book: from the application to rows by the grant, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.casework.conftest import AGREED, APPLICATION, Bureau, bureau, node
from tests.casework.test_lists import second_version
from tests.dataplane.ingest.conftest import Desk
from wushu.casework import selectors as casework
from wushu.casework import services as cases
from wushu.casework.models import Case
from wushu.casework.types import CaseView, SubjectKind
from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import Attribute, FieldSpec
from wushu.dataplane import selectors as dataplane
from wushu.dataplane import services as dataplane_services
from wushu.dataplane.access import Access
from wushu.dataplane.types import GranteeKind, Watermark
from wushu.evidence.models import Entry
from wushu.kernel.canonical import canonical_json, sha256_hex
from wushu.kernel.errors import Refusal
from wushu.opening import selectors, services
from wushu.opening.models import Agreement
from wushu.parties.types import Actor

__all__ = ["bureau", "node"]

pytestmark = pytest.mark.django_db

TABLE = "编号,名称,泊位数\n001,甲,15\n002,乙,22\n".encode()


@dataclass
class Office:
    """The bureau, with a conditional dataset that holds rows."""

    bureau: Bureau
    dataset: UUID

    def apply(self, by: Actor | None = None, **changes: Any) -> CaseView:
        return services.case_file_on_dataset(
            actor=by or self.bureau.user, dataset=self.dataset, procedure="conditional-access",
            step="submit", organisation=None, values={**APPLICATION, **changes},
        )  # fmt: skip

    def take(self, case: CaseView, step: str, by: Actor, **values: Any) -> CaseView:
        return services.case_take(actor=by, case=case.id, step=step, values=values)

    def agreed(self) -> CaseView:
        case = self.take(self.apply(), "pass", self.bureau.examiner)
        return self.take(case, "agree", self.bureau.clerk, **AGREED)

    def in_use(self) -> CaseView:
        signed = self.take(self.agreed(), "sign", self.bureau.user, credit=True)
        return self.take(signed, "countersign", self.bureau.clerk)

    def access(self, reader: Actor) -> Access:
        return dataplane.access(self.dataset, reader, timezone.now())


@pytest.fixture
def office(bureau: Bureau) -> Office:
    return Office(bureau, table(bureau, Attribute.CONDITIONAL))


def table(bureau: Bureau, attribute: Attribute) -> UUID:
    """A listed dataset with rows."""
    desk = Desk(bureau.clerk, bureau.examiner, bureau.stranger, bureau.transport.id)
    looked = desk.look(TABLE)
    assert looked.found is not None
    fields = [column.proposal for column in looked.found.columns]
    entry = desk.entry(fields, attribute)
    dataplane_services.load_run(desk.confirm(looked, fields, entry.id).id)
    list_by_the_book(bureau, entry.id, attribute)
    return entry.id


def begin_listing(bureau: Bureau, dataset: UUID, attribute: Attribute) -> CaseView:
    """The body assesses what it wants to open."""
    return services.case_file_on_dataset(
        actor=bureau.clerk, dataset=dataset, procedure="catalogue-entry", step="begin",
        organisation=bureau.transport.id, values={"attribute": attribute.value},
    )  # fmt: skip


ASSESSED = {
    "assessment": "可以开放。", "legality": "合法合规。",
    "legal": "none", "expertise": "none", "secrets": "none", "combination": "none",
}  # fmt: skip


def list_by_the_book(bureau: Bureau, dataset: UUID, attribute: Attribute) -> CaseView:
    """As the rules ask: assessed, submitted, examined, listed."""
    case = begin_listing(bureau, dataset, attribute)
    services.case_take(actor=bureau.clerk, case=case.id, step="submit", values=ASSESSED)
    return services.case_take(actor=bureau.examiner, case=case.id, step="approve", values={})


def refused(name: str) -> Any:
    return pytest.raises(Refusal, match=rf"\[{name}\]")


def test_rows_can_be_read_by_the_agreed_columns_once_both_have_signed_and_not_before(
    office: Office,
) -> None:
    user = office.bureau.user
    case = office.take(office.apply(), "pass", office.bureau.examiner)
    for step, by, values in (
        ("agree", office.bureau.clerk, AGREED),
        ("sign", user, {"credit": True}),
        ("countersign", office.bureau.clerk, {}),
    ):
        with refused("no-grant"):
            office.access(user)
        case = office.take(case, step, by, **values)
    assert office.access(user).columns == tuple(AGREED["columns"])
    with refused("no-grant"):
        office.access(office.bureau.other_user)


def test_unconditional_data_need_no_application(office: Office) -> None:
    open_to_all = table(office.bureau, Attribute.UNCONDITIONAL)
    with refused("needs-no-application"):
        Office(office.bureau, open_to_all).apply()
    assert not casework.cases_filed(actor=office.bureau.user)


def seal(office: Office) -> None:
    catalog_services.entry_seal(
        actor=office.bureau.clerk, entry=office.dataset, reason="核实", basis="第十二条"
    )


def test_what_is_sealed_is_not_applied_for(office: Office) -> None:
    assert office.apply()
    seal(office)
    with refused("not-open-to-applications"):
        office.apply()


def test_a_case_is_about_what_its_procedure_is_about(office: Office) -> None:
    bureau = office.bureau
    office.in_use()
    (grant,) = dataplane.grants_of(office.dataset, actor=bureau.clerk)
    theirs: dict[str, Any] = {"organisation": bureau.transport.id, "values": {}}
    with refused("procedure-not-about"):
        services.case_file_on_dataset(
            actor=bureau.clerk, dataset=office.dataset, procedure="breach",
            step="inquire-as-body", **theirs,
        )  # fmt: skip
    with refused("procedure-not-about"):
        services.case_file_to_body(
            actor=bureau.clerk, body=bureau.transport.id, procedure="catalogue-entry",
            step="begin", **theirs,
        )  # fmt: skip
    with refused("procedure-not-about"):
        services.case_file_on_grant(
            actor=bureau.clerk, grant=grant.id, procedure="catalogue-entry", step="begin", **theirs
        )


def test_what_everybody_may_read_is_nobodys_breach(office: Office) -> None:
    """Rows without conditions are read by a grant to the public."""
    bureau = office.bureau
    office.dataset = table(bureau, Attribute.UNCONDITIONAL)
    with refused("not-found"):
        inquire(office, bureau.clerk, bureau.transport.id, "inquire-as-body")


def forget_effect(case: CaseView, step: str) -> None:
    """The case goes on by rules that are wrong: one of its steps does nothing outside it."""

    def forgotten(document: dict[str, Any]) -> dict[str, Any]:
        (rule,) = (one for one in document["procedures"] if one["id"] == case.procedure.id)
        next(one for one in rule["steps"] if one["id"] == step).pop("effect")
        return document

    Case.objects.filter(pk=case.id).update(version=second_version(forgotten))


@pytest.mark.parametrize(("forgotten", "refusing"), [("agree", "sign"), ("sign", "countersign")])
def test_no_rules_deliver_on_half_an_agreement_or_on_none(
    office: Office, forgotten: str, refusing: str
) -> None:
    """Even where those who wrote them forgot that it is drawn, or that the user signs it."""
    case = office.take(office.apply(), "pass", office.bureau.examiner)
    forget_effect(case, forgotten)
    for step, by, values in (
        ("agree", office.bureau.clerk, AGREED),
        ("sign", office.bureau.user, {"credit": True}),
        ("countersign", office.bureau.clerk, {}),
    ):
        if step == refusing:
            with refused("agreement-missing"):
                office.take(case, step, by, **values)
            break
        case = office.take(case, step, by, **values)
    with refused("no-grant"):
        office.access(office.bureau.user)


def test_an_agreement_says_every_clause_and_binds_by_its_hash(office: Office) -> None:
    case = office.in_use()
    agreement = selectors.agreement(case.id, actor=office.bureau.user)
    said = {one["title"]: one for one in agreement.document["clauses"]}
    asked = [one for one in case.procedure.step("agree").fields if one.id in AGREED]
    for field in asked:
        assert said[field.label.zh]["ground"] == field.ground.words.zh
    permission = agreement.document["odrl"]["permission"][0]
    assert permission["constraint"][2]["rightOperand"] == AGREED["columns"]
    row = Agreement.objects.get()
    assert sha256_hex(canonical_json(agreement.document)) == agreement.sha256
    logged = b"".join(bytes(one) for one in Entry.objects.values_list("leaf", flat=True))
    assert logged.count(agreement.sha256.encode()) == len(("drawn", "user", "body"))
    assert row.user_signed_by == office.bureau.user.urn
    assert office.access(office.bureau.user).watermark is Watermark.NONE


def test_downloads_are_marked_where_the_signed_agreement_says_so(office: Office) -> None:
    case = office.take(office.apply(), "pass", office.bureau.examiner)
    case = office.take(case, "agree", office.bureau.clerk, **AGREED, **{"row-order": "recipient"})
    case = office.take(case, "sign", office.bureau.user, credit=True)
    case = office.take(case, "countersign", office.bureau.clerk)
    agreement = selectors.agreement(case.id, actor=office.bureau.user)
    texts = {one["title"]: one["text"] for one in agreement.document["clauses"]}
    assert texts["下载文件的行序"].startswith("按获取人排列")
    assert office.access(office.bureau.user).watermark is Watermark.ORDER
    office.take(case, "suspend", office.bureau.examiner, reasons="疑似转让")
    case = casework.case(case.id, actor=office.bureau.clerk)
    office.take(case, "restore", office.bureau.examiner, reasons="已核实，未转让")
    assert office.access(office.bureau.user).watermark is Watermark.ORDER


LIMITS = {
    "rows": [{"column": "泊位数", "op": "ge", "values": ["20"]}],
    "masks": ["编号:keep:1:0"],
    "rows-a-day": "100",
    "requests-a-day": 5,
}


def test_what_is_agreed_on_rows_masks_and_quota_is_said_signed_and_granted(office: Office) -> None:
    case = office.take(office.apply(), "pass", office.bureau.examiner)
    case = office.take(case, "agree", office.bureau.clerk, **{**AGREED, **LIMITS})
    case = office.take(case, "sign", office.bureau.user, credit=True)
    case = office.take(case, "countersign", office.bureau.clerk)
    document = selectors.agreement(case.id, actor=office.bureau.user).document
    said = {one["title"]: one for one in document["clauses"]}
    assert said["只开放符合下列条件的行"]["text"] == "泊位数 不小于 20"
    assert said["只开放符合下列条件的行"]["ground"] == "平台规则"
    assert said["遮盖显示的数据项"]["text"] == "编号：只显示首尾若干字，其余以 *** 代替（1、0）"
    assert said["每天最多读取的行数"]["text"] == "100"
    constraints = document["odrl"]["permission"][0]["constraint"]
    target = document["odrl"]["permission"][0]["target"]
    assert constraints[3:] == [
        {"leftOperand": f"{target}#泊位数", "operator": "gteq", "rightOperand": "20"},
        {"leftOperand": "count", "operator": "lteq", "rightOperand": 100, "unit": "urn:wushu:odrl:rows-a-day"},
        {"leftOperand": "count", "operator": "lteq", "rightOperand": 5, "unit": "urn:wushu:odrl:requests-a-day"},
    ]  # fmt: skip
    (obligation,) = document["odrl"]["obligation"]
    assert obligation["action"][0]["refinement"][0]["rightOperand"] == "keep:1:0"
    access = office.access(office.bureau.user)
    assert [one.words.zh for one in access.row_filter] == ["泊位数不小于20"]
    assert [one.notation for one in access.masks] == ["keep:1:0"]
    assert (access.quota.rows, access.quota.requests) == (100, 5)
    (held,) = selectors.grant_documents(actor=office.bureau.user)
    assert held["masks"] == [{"column": "编号", "method": "keep", "values": ["1", "0"]}]
    assert (held["rows_left"], held["requests_left"], held["organisation"]) == (100, 5, None)
    assert selectors.grant_documents(actor=office.bureau.other_user) == []
    office.take(case, "suspend", office.bureau.examiner, reasons="疑似转让")
    case = casework.case(case.id, actor=office.bureau.clerk)
    office.take(case, "restore", office.bureau.examiner, reasons="已核实，未转让")
    again = office.access(office.bureau.user)
    assert again.content == access.content, "pseudonyms included"
    assert again.quota == access.quota


@pytest.mark.parametrize(
    ("limits", "name"),
    [
        ({"rows": ["没有的:eq:1"]}, "answer-wrong"),
        ({"rows": ["泊位数:like:1"]}, "answer-wrong"),
        ({"rows": ["泊位数:eq:许多"]}, "filter-not-understood"),
        ({"masks": ["编号:altered"]}, "answer-wrong"),
        ({"masks": ["编号:month"]}, "grant-mask-wrong"),
        ({"masks": ["编号:hide", "编号:pseudonym"]}, "grant-mask-wrong"),
        ({"rows": ["编号:eq:001"], "masks": ["编号:hide"]}, "grant-mask-wrong"),
        ({"rows-a-day": "0.5"}, "answer-wrong"),
    ],
)
def test_terms_that_no_grant_could_have_are_refused_before_anybody_signs(
    office: Office, limits: dict[str, Any], name: str
) -> None:
    case = office.take(office.apply(), "pass", office.bureau.examiner)
    with refused(name):
        office.take(case, "agree", office.bureau.clerk, **{**AGREED, **limits})
    assert not Agreement.objects.exists()


def test_who_applied_for_results_is_given_no_rows(office: Office) -> None:
    case = office.take(office.apply(kind="algorithm"), "pass", office.bureau.examiner)
    unsaid = {name: value for name, value in AGREED.items() if name != "delivery"}
    for name, values in (("answer-missing", unsaid), ("delivers-more-than-asked", AGREED)):
        with refused(name):
            office.take(case, "agree", office.bureau.clerk, **values)
    office.take(case, "agree", office.bureau.clerk, **{**AGREED, "delivery": "computed"})
    assert "derive" in Agreement.objects.get().document


def test_the_database_refuses_a_grant_on_half_an_agreement(office: Office) -> None:
    office.agreed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.update(grant=office.dataset)


def test_a_suspension_bites_at_the_next_read_and_restoring_gives_back_what_was_agreed(
    office: Office,
) -> None:
    case = office.in_use()
    office.take(case, "suspend", office.bureau.examiner, reasons="疑似转让")
    with refused("grant-revoked"):
        office.access(office.bureau.user)
    office.take(case, "restore", office.bureau.examiner, reasons="已核实，未转让")
    assert office.access(office.bureau.user).columns == tuple(AGREED["columns"])
    office.take(case, "shut", office.bureau.clerk, reasons="违反协议第三条")
    with refused("grant-revoked"):
        office.access(office.bureau.user)


def test_an_effect_that_is_refused_undoes_its_step(office: Office) -> None:
    case = office.take(office.apply(), "pass", office.bureau.examiner)
    with refused("agreement-period"):
        office.take(case, "agree", office.bureau.clerk, **{**AGREED, "until": "2020-01-01"})
    assert casework.case(case.id, actor=office.bureau.clerk).state.id == "answering"
    assert not Agreement.objects.exists()


def test_who_leaves_hands_over_the_cases_they_worked_on(office: Office) -> None:
    bureau, case = office.bureau, office.apply()
    cases.case_assign(actor=bureau.clerk, case=case.id, person=bureau.clerk.person)
    leaves = {
        "person": bureau.clerk.person, "organisation": bureau.transport.id,
        "successor": bureau.colleague.person,
    }  # fmt: skip
    tried = services.staff_transfer(actor=bureau.examiner, **leaves, dry_run=True)
    assert tried.cases == (case.number,)
    assert casework.case(case.id, actor=bureau.colleague).assignee == bureau.clerk.person
    assert services.staff_transfer(actor=bureau.examiner, **leaves).cases == (case.number,)
    seen = casework.case(case.id, actor=bureau.colleague)
    assert (seen.assignee_name, seen.history[-1].actor) == ("同事", bureau.examiner.urn)


def test_what_a_draft_adds_can_be_neither_asked_for_nor_agreed_to(office: Office) -> None:
    bureau = office.bureau
    case = office.take(office.apply(), "pass", bureau.examiner)
    listed = catalog.entry_by_id(office.dataset, actor=bureau.clerk).revision
    assert listed is not None
    more = [*listed.fields, FieldSpec("车牌号")]
    catalog_services.revision_draft(actor=bureau.clerk, entry=office.dataset, fields=more)
    with refused("answer-wrong"):
        office.take(case, "agree", bureau.clerk, **{**AGREED, "columns": ["编号", "车牌号"]})


def test_where_rules_apply_nobody_grants_by_hand(office: Office) -> None:
    with refused("grant-by-procedure"):
        services.grant_by_hand(
            actor=office.bureau.clerk, dataset=office.dataset, grantee_kind=GranteeKind.PERSON,
            grantee=office.bureau.user.person, columns=["编号"], row_filter=[], purpose="x",
            basis=f"urn:uuid:{office.dataset}", valid_from=timezone.now(), valid_until=None,
        )  # fmt: skip
    with refused("no-grant"):
        office.access(office.bureau.user)


def test_the_node_ends_a_case_when_its_period_of_use_is_over(office: Office) -> None:
    case = office.in_use()
    assert services.cases_end_due() == 0
    later = Agreement.objects.get().ends_at
    assert services.cases_end_due(later) == 1
    assert casework.case(case.id, actor=office.bureau.user).state.id == "ended"
    assert services.cases_end_due(later) == 0


def inquire(office: Office, by: Actor, whom: UUID, step: str) -> CaseView:
    (grant,) = dataplane.grants_of(office.dataset, actor=office.bureau.clerk)
    return services.case_file_on_grant(
        actor=by, grant=grant.id, procedure="breach", step=step, organisation=whom,
        values={"title": "转让数据", "suspicion": "协议第六条", "facts": "网上有售"},
    )  # fmt: skip


def test_a_breach_limits_the_access_at_once_which_can_come_back_and_can_be_shut(
    office: Office,
) -> None:
    bureau = office.bureau
    office.in_use()
    case = inquire(office, bureau.examiner, bureau.authority.id, "inquire-as-authority")
    assert case.procedure.subject is SubjectKind.GRANT
    assert office.access(bureau.user)
    limited = office.take(
        case, "limit", bureau.examiner, reasons="向第三方提供", heard="承认，已删除"
    )
    with refused("grant-revoked"):
        office.access(bureau.user)
    office.take(limited, "restore", bureau.examiner, reasons="已整改")
    assert office.access(bureau.user).columns == tuple(AGREED["columns"])
    newest, former = dataplane.grants_of(office.dataset, actor=bureau.clerk)
    assert former.revoked_at is not None
    assert (newest.valid_until, newest.purpose) == (former.valid_until, former.purpose)
    again = services.case_file_on_grant(
        actor=bureau.clerk, grant=newest.id, procedure="breach", step="inquire-as-body",
        organisation=bureau.transport.id,
        values={"title": "再次转让", "suspicion": "协议第六条", "facts": "再次发现"},
    )  # fmt: skip
    limited = office.take(again, "limit", bureau.clerk, reasons="再次", heard="未说明")
    office.take(limited, "shut", bureau.clerk, reasons="再次违反", heard="未说明")
    with refused("grant-revoked"):
        office.access(bureau.user)


def test_a_breach_is_inquired_into_by_who_oversees_the_access_alone(office: Office) -> None:
    bureau = office.bureau
    office.in_use()
    with refused("grant-not-overseen"):
        inquire(office, bureau.stranger, bureau.health.id, "inquire-as-body")
    with refused("file-for-whom"):
        inquire(office, bureau.clerk, bureau.transport.id, "inquire-as-authority")
    assert [one.id for one in selectors.to_begin(
        bureau.transport.id, SubjectKind.GRANT, actor=bureau.clerk)] == ["breach"]  # fmt: skip
    assert not selectors.to_begin(bureau.transport.id, SubjectKind.GRANT, actor=bureau.stranger)
    assert not selectors.to_begin(bureau.transport.id, SubjectKind.GRANT, actor=bureau.user)


def test_each_official_begins_a_breach_by_the_step_that_is_theirs(office: Office) -> None:
    bureau = office.bureau
    for who, step in ((bureau.examiner, "inquire-as-authority"), (bureau.clerk, "inquire-as-body")):
        assert selectors.first_step(bureau.transport.id, "breach", actor=who).id == step
