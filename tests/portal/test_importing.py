"""Importing at the desk: the check changes nothing, the import takes only what was checked."""

from __future__ import annotations

import csv
import io
import re

import pytest

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode
from tests.portal.scenes import PASSWORD
from wushu.kernel.identifiers.credit_code import check_character

_CHECKED = re.compile(r'name="checked" value="([0-9a-f]{64})"')
_ADDRESS = re.compile(r"/account/begin/[^<\s]+")


def credit_code(number: int) -> str:
    first = f"11329900{number:09d}"
    return first + check_character(first)


def sheet(*rows: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("gbk")


def send(visitor: Visitor, what: str, content: bytes, **fields: str):  # type: ignore[no-untyped-def]
    file = {"file": ("表.csv", content, "text/csv")}
    return visitor.send_form(f"/desk/import/{what}", fields, files=file)


def test_a_file_is_checked_then_imported(known: dict[str, Visitor]):
    reviewer = known["reviewer"]
    code = credit_code(1)
    content = sheet(
        ("统一社会信用代码", "中文名称", "行政区划代码"),
        (code, "示例市水务局", "329900"),
        (credit_code(2), "邻市水务局", "320500"),
    )
    page = send(reviewer, "bodies", content)
    assert page.status_code == 200
    assert "新增 1，更改 0，已是如此 0，拒绝 1" in page.text
    assert "not-governing" in page.text
    assert reviewer.get(f"/bodies/{code}").status_code == 404
    checked = _CHECKED.search(page.text)
    assert checked is not None
    other = send(reviewer, "bodies", content + b"\r\n", checked=checked[1])
    assert other.status_code == 409
    done = send(reviewer, "bodies", content, checked=checked[1])
    assert "已导入" in done.text
    assert reviewer.get(f"/bodies/{code}").status_code == 200
    again = send(reviewer, "bodies", content)
    assert "已是如此 1" in again.text


def test_a_new_colleague_sets_the_first_password_with_the_address_of_the_report(
    known: dict[str, Visitor], node: LiveNode
):
    content = sheet(
        ("单位代码", "姓名", "用户名", "角色"),
        (node.scenes.code, "何新", "he.xin", "数据开放主体"),
    )
    reviewer = known["reviewer"]
    checked = _CHECKED.search(send(reviewer, "staff", content).text)
    assert checked is not None
    report = send(reviewer, "staff", content, checked=checked[1])
    address = _ADDRESS.search(report.text)
    assert address is not None, report.text
    assert report.headers["cache-control"] == "no-store, private"
    with Visitor(node) as newcomer:
        short = newcomer.send_form(address[0], {"password": "short", "again": "short"})
        assert short.status_code == 422
        done = newcomer.send_form(address[0], {"password": PASSWORD, "again": PASSWORD})
        assert done.headers["location"] == "/sign-in"
        assert newcomer.get(address[0]).status_code == 410
        assert newcomer.sign_in("he.xin").status_code == 302
        assert newcomer.get("/desk").status_code == 200


def test_the_report_as_a_file_runs_no_formula(known: dict[str, Visitor]):
    content = sheet(("统一社会信用代码", "中文名称"), ("=1+1", "某局"), ("@x", "某局"))
    answer = send(known["reviewer"], "bodies", content, download="on")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row[2] for row in rows[1:]] == ["'=1+1", "'@x"]


@pytest.mark.parametrize("what", ["bodies", "staff", "catalogue"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_template_checked_as_it_is_has_no_rows(known: dict[str, Visitor], what: str, suffix: str):
    template = known["reviewer"].get(f"/desk/import/{what}/template.{suffix}")
    answer = send(known["reviewer"], what, template.content)
    assert answer.status_code == 422
    assert "没有数据行" in answer.text


def test_a_clerk_imports_the_catalogue_of_the_own_body_and_nothing_else(
    known: dict[str, Visitor], node: LiveNode
):
    clerk = known["clerk"]
    assert clerk.get("/desk/import/bodies").status_code == 403
    heading = ("开放主体代码", "名称（中文）", "开放属性")
    page = send(clerk, "catalogue", sheet(heading, (node.scenes.code, "导入的目录", "不予开放")))
    assert "新增 1" in page.text


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0xls", b"\xff\xfe\x00", b""]
)
def test_what_is_no_spreadsheet_is_refused_by_name(known: dict[str, Visitor], content: bytes):
    answer = send(known["reviewer"], "bodies", content)
    assert answer.status_code == 422, answer.text
