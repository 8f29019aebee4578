"""``wushu dataset`` and ``wushu grant`` as a clerk and the authority type them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.config.test_publish import body, facts, publish, table, wushu
from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryView
from wushu.dataplane import selectors as dataplane
from wushu.kernel.errors import Refusal
from wushu.parties import selectors, services
from wushu.parties.types import NODE, OrganisationKind, Role

__all__ = ["body", "table"]

TOMORROW = f"{timezone.now() + timedelta(days=1):%Y-%m-%d}"
CLOSING = ("--reason", "有人主张侵权，正在核实", "--basis", "细则第十二条")


@pytest.fixture
def listed(body: str, table: Path) -> EntryView:
    """A dataset everybody reads."""
    return publish_and_list(body, table)


@pytest.fixture
def conditional(body: str, table: Path) -> EntryView:
    """A dataset that is read by grant; ``bai.xue`` has an account and no role."""
    person = services.person_register(actor=NODE, name="白雪")
    services.account_create(
        actor=NODE, username="bai.xue", password="a sentence of its own", person=person
    )
    return publish_and_list(
        body, table, "--attribute", "conditional", "--reason", "含经营者信息", "--basis", "条例第三条",
        "--conditions", "研究机构",
    )  # fmt: skip


def publish_and_list(body: str, table: Path, *more: str) -> EntryView:
    facts(publish(table, body, "--json", *more))
    facts(wushu("review", "list", "permits", "--as", "zhou.zheng", "--json"))
    return catalog.entry_by_slug("permits")


def reads(entry: EntryView, username: str = "") -> str:
    """What the next request for rows is answered: ``ok`` or the refusal's name."""
    actor = selectors.actor_for_username(username) if username else None
    try:
        dataplane.access(entry.id, actor, timezone.now())
    except Refusal as refusal:
        return refusal.name
    return "ok"


def test_a_grant_is_written_with_rows_masks_and_a_quota_and_its_reader_sees_them(
    conditional: EntryView,
) -> None:
    made = write(
        "--person", "bai.xue", "--row", "企业名称:contains:苏州", "--mask", "许可编号:keep:1:2",
        "--mask", "发证日期:year", "--rows-a-day", "500", "--json",
    )  # fmt: skip
    grant = facts(made)["grant"]
    (mine,) = facts(wushu("grant", "mine", "--as", "bai.xue", "--json"))
    assert (mine["grant"], mine["dataset"], mine["rows_left"]) == (grant, "permits", 500)
    assert [one["method"] for one in mine["masks"]] == ["keep", "year"]
    assert mine["columns"] is not None, "columns added later are not part of a masked grant"
    (listed,) = grants()
    assert listed["row_filter"] == [{"column": "企业名称", "op": "contains", "values": ["苏州"]}]
    assert (listed["rows_a_day"], listed["rows_left"], listed["requests_a_day"]) == (500, 500, None)
    assert "500" in wushu("grant", "list", "permits", "--as", "zhou.zheng").stdout


def test_a_mask_that_does_not_suit_is_refused_at_the_command_line(conditional: EntryView) -> None:
    result = write("--person", "bai.xue", "--mask", "企业名称:month")
    assert (result.exit_code, "[grant-mask-wrong]" in result.stderr) == (1, True)


def second_reviewer() -> None:
    authority = next(o for o in selectors.organisations() if o.name_zh == "市数据局")
    person = services.person_register(actor=NODE, name="吴复")
    services.account_create(
        actor=NODE, username="wu.fu", password="a sentence of its own", person=person
    )
    services.membership_grant(
        actor=NODE, person=person, organisation=authority.id, role=Role.DATA_AUTHORITY
    )


def refused(name: str, *words: str) -> None:
    result = wushu(*words)
    assert result.exit_code == 1
    assert f"[{name}]" in result.stderr


# wushu dataset


def test_a_sealed_dataset_is_read_by_nobody_until_somebody_else_restores_it(
    listed: EntryView,
) -> None:
    assert reads(listed) == "ok"
    told = facts(wushu("dataset", "seal", "permits", *CLOSING, "--as", "zhou.zheng", "--json"))
    assert (told["state"], told["reason"], told["may"]) == ("sealed", CLOSING[1], ["withdraw"])
    assert (
        reads(listed) == reads(listed, "li.min") == reads(listed, "zhou.zheng") == "dataset-sealed"
    )
    opening = ("dataset", "restore", "permits", "--reason", "查无侵权", "--basis", "核实结论")
    refused("restorer-sealed-it", *opening, "--as", "zhou.zheng")
    refused("reviewer-lacks-role", *opening, "--as", "li.min")
    second_reviewer()
    told = facts(wushu(*opening, "--as", "wu.fu", "--json"))
    assert (told["state"], told["reason"]) == ("listed", "")
    assert reads(listed) == "ok"


def test_a_withdrawn_dataset_keeps_its_tombstone(listed: EntryView) -> None:
    result = wushu("dataset", "withdraw", "permits", *CLOSING, "--as", "li.min")
    assert result.exit_code == 0
    assert "/datasets/permits  withdrawn" in result.stdout
    assert reads(listed) == "dataset-withdrawn"
    shown = facts(wushu("dataset", "show", "permits", "--as", "li.min", "--json"))
    assert (shown["state"], shown["basis"], shown["may"]) == ("withdrawn", CLOSING[3], [])
    refused("act-not-possible", "dataset", "seal", "permits", *CLOSING, "--as", "li.min")


def test_closing_needs_words_and_a_duty(conditional: EntryView) -> None:
    refused(
        "closing-reason-missing", "dataset", "seal", "permits", "--reason", "核实", "--as", "li.min"
    )
    refused("not-for-closing", "dataset", "seal", "permits", *CLOSING, "--as", "bai.xue")
    assert wushu("dataset", "seal", "permits", "--as", "li.min").exit_code == 2
    shown = facts(wushu("dataset", "show", "permits", "--as", "bai.xue", "--json"))
    assert (shown["state"], shown["may"]) == ("listed", [])


def test_show_says_where_a_dataset_stands(listed: EntryView) -> None:
    result = wushu("dataset", "show", "permits", "--as", "li.min")
    assert result.exit_code == 0
    for word in ("/datasets/permits  listed", "unconditional", "version: 1", "seal, withdraw"):
        assert word in result.stdout


# wushu grant


def write(*more: str, account: str = "li.min") -> Any:
    return wushu(
        "grant",
        "write",
        "permits",
        "--purpose",
        "研究",
        "--until",
        TOMORROW,
        "--as",
        account,
        *more,
    )


def grants() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = facts(
        wushu("grant", "list", "permits", "--as", "zhou.zheng", "--json")
    )
    return found


def test_the_body_grants_a_person_columns_until_a_day_and_the_authority_revokes(
    conditional: EntryView,
) -> None:
    assert reads(conditional, "bai.xue") == "no-grant"
    made = facts(write("--person", "bai.xue", "--column", "许可编号", "--json"))
    assert reads(conditional, "bai.xue") == "ok"
    (one,) = grants()
    assert (one["grant"], one["standing"], one["grantee"]) == (made["grant"], "in_force", "bai.xue")
    assert (one["columns"], one["purpose"]) == (["许可编号"], "研究")
    assert one["basis"] == f"urn:uuid:{conditional.listed_revision}"
    revoking = ("grant", "revoke", made["grant"], "--reason", "用途不符", "--as")
    refused("grant-not-overseen", *revoking, "bai.xue")
    facts(wushu(*revoking, "zhou.zheng", "--json"))
    assert reads(conditional, "bai.xue") == "grant-revoked"
    assert [one["standing"] for one in grants()] == ["revoked"]


def test_an_organisation_is_granted_by_its_code_and_named_in_the_list(
    conditional: EntryView,
) -> None:
    from tests.catalog.conftest import credit_code

    code = credit_code()
    services.organisation_register(
        actor=NODE, kind=OrganisationKind.ENTERPRISE, code=code, name_zh="某企业"
    )
    facts(write("--organisation", code, "--json"))
    assert [one["grantee"] for one in grants()] == [code]
    shown = wushu("grant", "list", "permits", "--as", "li.min")
    assert shown.exit_code == 0
    assert "in_force" in shown.stdout


def test_what_may_not_be_granted_is_refused_in_a_sentence(conditional: EntryView) -> None:
    for account, name in (("zhou.zheng", "grant-by-body-only"), ("bai.xue", "grant-by-body-only")):
        result = write("--person", "bai.xue", account=account)
        assert (result.exit_code, name in result.stderr) == (1, True)
    for more, name in (
        (("--person", "li.min"), "grant-to-oneself"),
        (("--person", "nobody"), "not-found"),
        (("--person", "bai.xue", "--basis", "经张三同意"), "grant-basis-not-a-urn"),
        (("--person", "bai.xue", "--column", "没有"), "grant-columns-unknown"),
    ):
        result = write(*more)
        assert (result.exit_code, f"[{name}]" in result.stderr) == (1, True), result.output
    assert write().exit_code == 2
    refused("grant-not-overseen", "grant", "list", "permits", "--as", "bai.xue")
    assert grants() == []
