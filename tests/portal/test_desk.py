"""The clerk's and the reviewer's pages: who sees what, and what a form does."""

from __future__ import annotations

import re
import resource
from pathlib import Path

import pytest

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode


@pytest.mark.parametrize("user", ["reviewer", "analyst", "citizen"])
@pytest.mark.parametrize(
    "path",
    ["/desk/datasets/{0[draft]}", "/desk/datasets/{0[draft]}/about/what",
     "/desk/datasets/{0[draft]}/columns", "/desk/upload?dataset={0[draft]}"],
)  # fmt: skip
def test_nobody_else_sees_a_bodys_drafts(
    known: dict[str, Visitor], node: LiveNode, user: str, path: str
):
    assert known[user].get(path.format(node.scenes.datasets)).status_code == 404


@pytest.mark.parametrize("user", ["reviewer", "analyst", "citizen"])
def test_nobody_else_sees_a_bodys_files(known: dict[str, Visitor], node: LiveNode, user: str):
    for load in node.scenes.loads.values():
        assert known[user].get(f"/desk/loads/{load}").status_code == 404


def test_a_form_of_another_body_changes_nothing(known: dict[str, Visitor], node: LiveNode):
    path = f"/desk/datasets/{node.scenes.datasets['draft']}/about/what"
    answer = known["analyst"].send_form("/account/keys/new", {})
    token = answer.text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    sent = known["analyst"].post(path, data={"title_zh": "夺走", "csrfmiddlewaretoken": token})
    assert sent.status_code == 404
    assert "夺走" not in known["clerk"].get(path).text


def test_the_tasks_say_what_is_missing_and_where(known: dict[str, Visitor], node: LiveNode):
    page = known["clerk"].get(f"/desk/datasets/{node.scenes.datasets['draft']}").text
    row = next(one for one in page.split("<tr>") if "/about/opening" in one)
    assert "没有说明开放属性的理由" in row
    assert "补齐后即可提交" in page


def test_a_draft_that_lacks_something_is_not_submitted(known: dict[str, Visitor], node: LiveNode):
    slug = node.scenes.datasets["draft"]
    answer = known["clerk"].send_form(f"/desk/datasets/{slug}/about/what", {"title_zh": ""})
    token = answer.text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    sent = known["clerk"].post(f"/desk/datasets/{slug}/submit", data={"csrfmiddlewaretoken": token})
    assert sent.status_code == 422
    assert "attribute-reason-missing" in sent.text


def test_what_is_written_by_hand_becomes_data_items(known: dict[str, Visitor]):
    clerk = known["clerk"]
    made = clerk.send_form(
        "/desk/new",
        {"title_zh": "手写目录", "slug": "by-hand", "body": _body(clerk), "title_en": ""},
    )
    assert made.headers["location"] == "/desk/datasets/by-hand"
    fields = {
        "c0-name": "站名", "c0-type": "text", "c0-description": "站点名称",
        "c1-name": "泊位", "c1-type": "integer", "c1-unit": "个",
        "c2-name": "", "c2-type": "text",
    }  # fmt: skip
    empty = {f"c{place}-type": "text" for place in (3, 4)}
    saved = clerk.send_form("/desk/datasets/by-hand/columns", {**fields, **empty})
    assert saved.headers["location"] == "/desk/datasets/by-hand"
    page = clerk.get("/desk/datasets/by-hand/columns").text
    assert 'value="泊位"' in page
    assert 'value="个"' in page


def _body(clerk: Visitor) -> str:
    return clerk.get("/desk/new").text.split('name="body" value="')[1].split('"')[0]


def test_a_code_list_is_one_code_a_line(known: dict[str, Visitor]):
    clerk = known["clerk"]
    clerk.send_form("/desk/new", {"title_zh": "代码表", "slug": "code-list", "body": _body(clerk)})
    types = {f"c{place}-type": "text" for place in range(5)}
    fields = {**types, "c0-name": "等级", "c0-code_list": "a=枢纽站\n\nb = 干线站"}
    assert clerk.send_form("/desk/datasets/code-list/columns", fields).status_code == 302
    page = clerk.get("/desk/datasets/code-list/columns").text
    assert "a=枢纽站\nb=干线站" in page


def test_progress_is_sent_alone_while_work_goes_on_and_the_page_anew_after(
    known: dict[str, Visitor], node: LiveNode
):
    part = {"HX-Request": "true"}
    moving = known["clerk"].get(f"/desk/loads/{node.scenes.loads['queued']}", headers=part)
    assert "<html" not in moving.text
    assert "等待装载" in moving.text
    done = known["clerk"].get(f"/desk/loads/{node.scenes.loads['loaded']}", headers=part)
    assert done.headers["hx-refresh"] == "true"


def test_personal_information_is_warned_of_and_masked(known: dict[str, Visitor], node: LiveNode):
    page = known["clerk"].get(f"/desk/loads/{node.scenes.loads['found']}").text
    notice = page.split('class="notice waiting"')[1].split("</div>")[0]
    assert "居民身份证号码" in notice
    assert "11010519491231002X" not in notice


def test_a_column_may_be_left_out(known: dict[str, Visitor], node: LiveNode):
    """A kept box of the second column alone: the first is left behind with its personal data."""
    clerk = known["clerk"]
    path = f"/desk/loads/{node.scenes.loads['found']}/columns/{node.scenes.datasets['draft']}"
    fields = {
        "c0-name": "姓名", "c0-type": "text", "c1-keep": "on", "c1-name": "证号", "c1-type": "text",
        "c1-null_values": '"", 无',
    }  # fmt: skip
    answer = clerk.send_form(path, fields)
    assert answer.status_code == 302
    again = clerk.send_form(path, fields)
    assert again.status_code == 409
    assert "wrong-load-state" in again.text


def test_the_reviewer_compares_with_what_is_listed(known: dict[str, Visitor], node: LiveNode):
    page = known["reviewer"].get(f"/desk/review/{node.scenes.revisions['change']}").text
    changes = page.split('class="compare"')[1].split("</table>")[0]
    assert "<del>公交站点</del>" in changes
    assert "<ins>公交站点（含夜班）</ins>" in changes
    assert len(re.findall("<tr>", changes)) == 3  # head, title, note


def test_a_decision_needs_a_choice_and_a_return_its_reasons(
    known: dict[str, Visitor], node: LiveNode
):
    path = f"/desk/review/{node.scenes.revisions['waiting']}"
    none = known["reviewer"].send_form(path, {})
    assert none.status_code == 422
    silent = known["reviewer"].send_form(path, {"decision": "return", "reasons": " "})
    assert silent.status_code == 422
    assert "退回没有写明理由" in silent.text


def test_a_clerk_decides_nothing(known: dict[str, Visitor], node: LiveNode):
    path = f"/desk/review/{node.scenes.revisions['waiting']}"
    page = known["clerk"].get(path)
    assert 'name="decision"' not in page.text
    assert "没有公共数据主管部门的审核角色" in page.text
    token = known["clerk"].get("/desk/new").text.split('csrfmiddlewaretoken" value="')[1]
    sent = known["clerk"].post(
        path, data={"decision": "list", "csrfmiddlewaretoken": token.split('"')[0]}
    )
    assert sent.status_code == 403


def test_what_was_decided_is_not_decided_again(known: dict[str, Visitor], node: LiveNode):
    path = f"/desk/review/{node.scenes.revisions['decided']}"
    assert 'name="decision"' not in known["reviewer"].get(path).text


def test_an_empty_file_is_refused_at_its_field(known: dict[str, Visitor]):
    clerk = known["clerk"]
    answer = clerk.send_form(
        "/desk/upload", {"body": _upload_body(clerk)}, files={"file": ("空.csv", b"", "text/csv")}
    )
    assert answer.status_code == 422
    assert "空.csv" in answer.text
    assert 'id="id_file_error"' in answer.text


def test_the_upload_page_says_how_large_a_file_may_be(known: dict[str, Visitor]):
    assert "最大 2.15\u202fGB" in known["clerk"].get("/desk/upload").text
    assert "at most 2.15\u202fGB" in known["clerk"].get("/en/desk/upload").text


def test_a_path_in_a_file_name_is_taken_off(known: dict[str, Visitor]):
    """Browsers and Django send the name alone; what still holds a trick is refused by name."""
    clerk = known["clerk"]
    answer = clerk.send_form(
        "/desk/upload", {"body": _upload_body(clerk)},
        files={"file": ("../../etc/passwd.csv", b"a\n1\n", "text/csv")},
    )  # fmt: skip
    assert answer.status_code == 302
    assert "passwd.csv" in clerk.get(answer.headers["location"]).text
    assert "etc/" not in clerk.get(answer.headers["location"]).text


def _upload_body(clerk: Visitor) -> str:
    return clerk.get("/desk/upload").text.split('name="body" value="')[1].split('"')[0]


def test_a_refusal_about_one_column_stands_at_that_column(
    known: dict[str, Visitor], node: LiveNode
):
    clerk = known["clerk"]
    load = node.scenes.loads["columns"]
    path = f"/desk/loads/{load}/columns/{node.scenes.datasets['returned']}"
    fields = {
        "c0-keep": "on", "c0-name": "编号", "c0-type": "text",
        "c1-keep": "on", "c1-name": "日期", "c1-type": "date", "c1-format": "%Q",
    }  # fmt: skip
    answer = clerk.send_form(path, fields)
    assert answer.status_code == 422
    row = answer.text.split('id="id_c1-format_error"')[1].split("</p>")[0]
    assert "“%Q”" in row


def test_a_disk_that_fills_up_while_a_file_is_sent_is_said_by_name(
    known: dict[str, Visitor], node: LiveNode
):
    clerk = known["clerk"]
    limits = resource.prlimit(node.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(node.pid, resource.RLIMIT_FSIZE, (16_000_000, limits[1]))
    try:
        answer = clerk.send_form(
            "/en/desk/upload",
            {"body": _body(clerk), "encoding": ""},
            files={"file": ("large.csv", b"a,b\n" * 6_000_000)},
        )
    finally:
        resource.prlimit(node.pid, resource.RLIMIT_FSIZE, limits)
    assert answer.status_code == 507
    assert "disk-full" in answer.text
    assert "The disk is full; the upload was not completed" in answer.text


def test_a_file_too_large_for_memory_is_taken_and_leaves_nothing_beside_it(
    known: dict[str, Visitor], node: LiveNode
):
    clerk = known["clerk"]
    sent = clerk.send_form(
        "/desk/upload",
        {"body": _body(clerk), "encoding": ""},
        files={"file": ("large.csv", b"a,b\n" + b"1,2\n" * 1_000_000)},
    )
    assert sent.status_code == 302
    spool = Path(node.environment["WUSHU_HOME"]) / "objects" / "incoming"
    assert list(spool.iterdir()) == []


def test_a_header_that_repeats_or_lacks_a_name_is_mended_on_the_way_to_a_new_dataset(
    known: dict[str, Visitor], node: LiveNode
):
    clerk, path = known["clerk"], f"/desk/loads/{node.scenes.loads['headers']}"
    page = clerk.get(path).text
    assert "没有列名" in page
    named = clerk.send_form(
        f"{path}/name", {"title_zh": "列名重复", "slug": "", "title_en": "", "body": _body(clerk)}
    )
    assert named.status_code == 302
    columns = named.headers["location"]
    fields = {
        "c0-keep": "on", "c0-name": "甲", "c0-type": "text",
        "c1-keep": "on", "c1-name": "乙", "c1-type": "text",
        "c2-keep": "on", "c2-name": "", "c2-type": "text",
    }  # fmt: skip
    unnamed = clerk.send_form(columns, fields)
    assert unnamed.status_code == 422
    assert "请为这一列填写名称，或不载入它" in unnamed.text
    twice = clerk.send_form(columns, fields | {"c1-name": "甲", "c2-name": "丙"})
    assert twice.status_code == 422
    assert [f'id="id_c{place}-name_error"' in twice.text for place in range(3)] == [
        True,
        True,
        False,
    ]
    del fields["c2-keep"]
    assert clerk.send_form(columns, fields).status_code == 302


def test_a_refusal_about_one_field_stands_at_that_field(known: dict[str, Visitor], node: LiveNode):
    path = f"/desk/datasets/{node.scenes.datasets['draft']}"
    subject = known["clerk"].send_form(
        f"{path}/about/what", {"title_zh": "夜班线路", "title_en": "bell \x07"}
    )
    assert subject.status_code == 422
    assert 'id="id_title_en_error"' in subject.text
    item = known["clerk"].send_form(
        f"{path}/columns",
        {f"c{place}-type": "text" for place in range(20)}
        | {"c0-name": "编号", "c0-unit": "bell \x07"},
    )
    assert item.status_code == 422
    assert 'id="id_c0-unit_error"' in item.text
    assert "Said(" not in subject.text + item.text


def test_the_reviewer_is_warned_of_what_looks_personal(known: dict[str, Visitor], node: LiveNode):
    page = known["reviewer"].get(f"/desk/review/{node.scenes.revisions['personal']}").text
    notice = page.split('class="notice waiting"')[1].split("</div>")[0]
    assert "“值班手机”列：手机号码，查看的 3 个值中有 3 个" in notice
    assert "13812345678" not in notice
    calm = known["reviewer"].get(f"/desk/review/{node.scenes.revisions['waiting']}").text
    assert "可能含有个人信息" not in calm
