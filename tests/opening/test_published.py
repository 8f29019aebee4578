"""What officials publish of a breach is there for everybody, and nothing else of its case (art. 37)."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.casework.conftest import SUZHOU, bureau, node
from tests.opening.test_cases import Office, inquire, office, refused
from wushu.casework import selectors as casework
from wushu.casework.rules.regulations import faults, regulation_of
from wushu.config.cli import main

__all__ = ["bureau", "node", "office"]

NOTICE = "某用户把 2026 年的停车数据转给了第三方，已限制其获取权限。"


@pytest.mark.django_db
def test_a_published_breach_is_read_by_everybody_and_nothing_else_of_its_case(
    office: Office, client: Client
) -> None:
    bureau = office.bureau
    office.in_use()
    case = inquire(office, bureau.examiner, bureau.authority.id, "inquire-as-authority")
    kept = {"reasons": "违反协议第六条", "heard": "申请人承认"}
    limited = office.take(case, "limit", bureau.examiner, **kept)
    for path in ("/api/v1/breaches", "/breaches"):
        assert NOTICE not in client.get(path).content.decode()
    assert casework.published_page("breaches").notices == ()
    office.take(limited, "publish", bureau.examiner, notice=NOTICE)
    document = client.get("/api/v1/breaches").json()
    [item] = document.pop("items")
    assert document == {"next": None}
    assert set(item) == {"id", "published_at", "answers"}
    [answer] = item["answers"]
    assert (answer["label"]["zh"], answer["text"]["zh"]) == ("公示内容", NOTICE)
    printed = CliRunner().invoke(main, ["case", "breaches"], catch_exceptions=False).output
    as_json = CliRunner().invoke(main, ["case", "breaches", "--json"], catch_exceptions=False)
    assert json.loads(as_json.output)["items"][0]["answers"] == item["answers"]
    shown = client.get("/breaches").content.decode()
    secret = (
        case.number,
        "转让数据",
        "网上有售",
        *kept.values(),
        bureau.user.name,
        bureau.examiner.name,
    )
    for text in (printed, json.dumps(item, ensure_ascii=False), shown):
        assert NOTICE in text
        assert [one for one in secret if one in text] == []
    with refused("not-found"):
        casework.public_case(case.number)
    assert client.get("/api/v1/breaches?cursor=x").json()["name"] == "cursor-invalid"


@pytest.mark.django_db
def test_a_notice_is_taken_down_with_reasons_and_what_was_never_published_is_not(
    office: Office, client: Client
) -> None:
    bureau = office.bureau
    office.in_use()
    case = inquire(office, bureau.examiner, bureau.authority.id, "inquire-as-authority")
    case = office.take(case, "limit", bureau.examiner, reasons="违反协议第六条", heard="承认")
    with refused("nothing-published"):
        office.take(case, "take-down", bureau.examiner, reasons="写错了")
    case = office.take(case, "publish", bureau.examiner, notice=NOTICE)
    case = office.take(case, "restore", bureau.examiner, reasons="已经整改")
    assert NOTICE in client.get("/breaches").content.decode()
    with refused("not-in-seat"):
        office.take(case, "take-down", bureau.clerk, reasons="写错了")
    office.take(case, "take-down", bureau.examiner, reasons="写错了")
    assert NOTICE not in client.get("/breaches").content.decode()
    assert client.get("/api/v1/breaches").json()["items"] == []
    kept = casework.case(case.id, actor=bureau.examiner).history
    assert [one.step for one in kept][-3:] == ["publish", "restore", "take-down"]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"publishes": "gossip"}, "breach.steps[publish].publishes"),
        ({"fields": []}, "breach.steps[publish].publishes"),
    ],
)
def test_a_step_publishes_on_a_list_that_is_there_and_something_of_it_is_public(
    changes: dict[str, object], where: str
) -> None:
    document = casework.read_folder(casework.REGULATIONS / SUZHOU)
    procedure = next(one for one in document["procedures"] if one["id"] == "breach")
    step = next(one for one in procedure["steps"] if one["id"] == "publish")
    step |= changes
    found = faults(regulation_of(document, SUZHOU), SUZHOU)
    assert [one.facts["where"] for one in found] == [where]
    procedure["public"] = True
    assert len(faults(regulation_of(document, SUZHOU), SUZHOU)) == 2


@pytest.mark.parametrize(
    ("step", "changes"),
    [
        ("take-down", {"takes_down": "shut"}),
        ("take-down", {"takes_down": "dance"}),
        ("take-down", {"once": False}),
        ("publish", {"once": False}),
    ],
)
def test_what_is_taken_down_was_published_by_a_step_and_both_are_done_once(
    step: str, changes: dict[str, object]
) -> None:
    document = casework.read_folder(casework.REGULATIONS / SUZHOU)
    procedure = next(one for one in document["procedures"] if one["id"] == "breach")
    next(one for one in procedure["steps"] if one["id"] == step).update(changes)
    [fault] = faults(regulation_of(document, SUZHOU), SUZHOU)
    assert fault.facts["where"] == "breach.steps[take-down].takes_down"
