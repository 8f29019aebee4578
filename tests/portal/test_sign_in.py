"""Signing in through the pages: one step or two, where one goes next, and what is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pyotp
import pytest

from tests.portal.conftest import _TOKEN, Visitor
from tests.portal.live import LiveNode
from tests.portal.scenes import PASSWORD


def test_who_signs_in_gets_a_new_session_and_their_desk(visitor: Visitor):
    answer = visitor.sign_in("clerk")
    assert (answer.status_code, answer.headers["location"]) == (302, "/desk")
    assert "工作台" in visitor.get("/desk").text
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_session_planted_before_is_worth_nothing_after(visitor: Visitor):
    planted = "planted0planted0planted0planted0"
    visitor.cookies.set("sessionid", planted, domain="127.0.0.1", path="/")
    visitor.sign_in("clerk")
    assert [one.value for one in visitor.cookies.jar if one.name == "sessionid"] != [planted]


def test_a_wrong_password_is_said_at_once_and_nothing_more(visitor: Visitor):
    answer = visitor.send_form("/sign-in", {"username": "clerk", "password": "not it"})
    unknown = visitor.send_form("/sign-in", {"username": "nobody-here", "password": "not it"})
    assert answer.status_code == unknown.status_code == 401
    assert "用户名、密码或动态验证码不正确" in answer.text
    assert "用户名、密码或动态验证码不正确" in unknown.text


@pytest.mark.parametrize("there", ["/account", "/en/desk", "/desk/upload?dataset=stops"])
def test_one_goes_on_to_where_one_wanted(visitor: Visitor, there: str):
    asked = visitor.get(there)
    assert asked.status_code == 302
    assert "/sign-in?next=" in asked.headers["location"]
    page = visitor.get(asked.headers["location"])
    token = _TOKEN.search(page.text)
    assert token is not None
    answer = visitor.post(
        "/sign-in",
        data={
            "username": "clerk", "password": PASSWORD, "next": there,
            "csrfmiddlewaretoken": token[1],
        },
    )  # fmt: skip
    assert answer.headers["location"] == there


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)",
     "http:///evil.example", "https:evil.example"],
)  # fmt: skip
def test_nobody_is_led_to_another_site(visitor: Visitor, elsewhere: str):
    answer = visitor.send_form(
        "/sign-in", {"username": "clerk", "password": PASSWORD, "next": elsewhere}
    )
    assert answer.headers["location"] == "/desk"
    view = visitor.get("/view/elder", params={"on": "1", "next": elsewhere})
    assert view.headers["location"] == "/"


def test_a_code_is_asked_on_a_page_of_its_own(visitor: Visitor, node: LiveNode):
    asked = visitor.sign_in("careful", then="/account")
    assert "输入动态验证码" in asked.text
    assert PASSWORD not in asked.text
    assert PASSWORD not in str(asked.headers), "nor in a cookie"
    form = {
        "ticket": asked.text.split('name="ticket" value="')[1].split('"')[0],
        "csrfmiddlewaretoken": _TOKEN.search(asked.text)[1],  # type: ignore[index]
        "next": "/account",
    }
    wrong = visitor.post("/sign-in/code", data={**form, "code": "000000"})
    assert wrong.status_code == 401
    assert "动态验证码不正确" in wrong.text
    assert visitor.get("/account").status_code == 302
    code = pyotp.TOTP(node.scenes.secrets["careful"]).at(datetime.now(UTC))
    right = visitor.post("/sign-in/code", data={**form, "code": code})
    assert (right.status_code, right.headers["location"]) == (302, "/account")


def test_a_ticket_of_another_browser_begins_again(visitor: Visitor, node: LiveNode):
    asked = visitor.sign_in("careful")
    ticket = asked.text.split('name="ticket" value="')[1].split('"')[0]
    with Visitor(node) as thief:
        page = thief.get("/sign-in")
        answer = thief.post(
            "/sign-in/code",
            data={
                "ticket": ticket, "code": "123456",
                "csrfmiddlewaretoken": _TOKEN.search(page.text)[1],  # type: ignore[index]
            },
        )  # fmt: skip
    assert answer.status_code == 401
    assert "请重新输入用户名和密码" in answer.text


def test_who_signed_in_here_is_not_locked_out_by_guesses_from_elsewhere(
    visitor: Visitor, node: LiveNode
):
    visitor.sign_in("besieged")
    visitor.cookies.delete("sessionid")
    with Visitor(node) as guesser:
        for _ in range(5):
            guesser.send_form("/sign-in", {"username": "besieged", "password": "not it"})
        locked = guesser.sign_in("besieged")
        assert locked.status_code == 429
        assert "用以前登录过的浏览器" in locked.text
    assert visitor.sign_in("besieged").status_code == 302


def test_a_form_from_elsewhere_is_refused_by_name(visitor: Visitor):
    answer = visitor.post("/sign-in", data={"username": "clerk", "password": PASSWORD})
    assert answer.status_code == 403
    assert "form-expired" in answer.text
    assert "没有写入任何内容" in answer.text


def test_signing_out_needs_a_post_and_ends_the_session(visitor: Visitor):
    visitor.sign_in("citizen")
    assert visitor.get("/sign-out").status_code == 405
    assert visitor.send_form("/account/keys/new", {}).status_code == 422
    page = visitor.get("/account")
    visitor.post("/sign-out", data={"csrfmiddlewaretoken": _TOKEN.search(page.text)[1]})  # type: ignore[index]
    assert visitor.get("/account").status_code == 302


def test_a_key_needs_the_password_and_ends_within_a_year(visitor: Visitor):
    visitor.sign_in("analyst")
    wanted = {"name": "t", "scopes": "rows:read", "days": "365"}
    wrong = visitor.send_form("/account/keys/new", {**wanted, "current": "not the password"})
    assert wrong.status_code == 403
    assert "id_current_error" in wrong.text
    never = visitor.send_form("/account/keys/new", {**wanted, "current": PASSWORD, "days": ""})
    assert never.status_code == 422
    assert "“t”" not in visitor.get("/account").text


def test_a_new_password_lists_the_keys_and_revokes_them_unless_the_box_is_cleared(
    visitor: Visitor,
):
    visitor.sign_in("analyst")
    issue = {"name": "evening", "scopes": "rows:read", "days": "30", "current": PASSWORD}
    assert visitor.send_form("/account/keys/new", issue).status_code == 200
    page = visitor.get("/account/password").text
    assert "evening" in page
    assert re.search(r'name="revoke"[^>]* checked', page)
    fields = {"current": PASSWORD, "password": PASSWORD, "again": PASSWORD}
    assert visitor.send_form("/account/password", fields).status_code == 302
    assert "evening" in visitor.get("/account/password").text, "the box was not sent"
    ticked = visitor.send_form("/account/password", {**fields, "revoke": "on"})
    assert ticked.headers["location"] == "/account"
    assert "evening" not in visitor.get("/account/password").text


def test_one_signs_out_everywhere_else(visitor: Visitor, node: LiveNode):
    visitor.sign_in("analyst")
    with Visitor(node) as elsewhere:
        elsewhere.sign_in("analyst")
        page = visitor.get("/account")
        token = _TOKEN.search(page.text)[1]  # type: ignore[index]
        done = visitor.post("/account/sessions/end", data={"csrfmiddlewaretoken": token})
        assert done.headers["location"] == "/account"
        assert visitor.get("/account").status_code == 200
        assert elsewhere.get("/account").status_code == 302


def test_a_key_is_shown_once_works_and_is_revoked(visitor: Visitor, node: LiveNode):
    visitor.sign_in("analyst")
    shown = visitor.send_form(
        "/account/keys/new",
        {"name": "t", "scopes": "rows:read", "days": "30", "current": PASSWORD},
    )
    secret = shown.text.split('class="secret"')[1].split(">")[1].split("<")[0]
    rows = f"/api/v1/datasets/{node.scenes.datasets['taps']}/rows"
    with Visitor(node) as program:
        header = {"Authorization": f"Bearer {secret}", "Accept": "application/json"}
        assert program.get(rows, headers=header).status_code == 200
        account = visitor.get("/account").text
        assert secret not in account
        key = account.split("/account/keys/")[1].split("/revoke")[0]
        done = visitor.send_form(f"/account/keys/{key}/revoke", {})
        assert done.headers["location"] == "/account"
        assert program.get(rows, headers=header).status_code == 401


def test_a_new_password_keeps_this_session_and_ends_the_others(visitor: Visitor, node: LiveNode):
    visitor.sign_in("citizen")
    with Visitor(node) as elsewhere:
        elsewhere.sign_in("citizen")
        fields = {"current": PASSWORD, "password": "another " + PASSWORD}
        differs = visitor.send_form("/account/password", {**fields, "again": "different"})
        assert "两次输入的新密码不一样" in differs.text
        weak = visitor.send_form(
            "/account/password", {"current": PASSWORD, "password": "1234", "again": "1234"}
        )
        assert weak.status_code == 422
        done = visitor.send_form("/account/password", {**fields, "again": fields["password"]})
        assert done.headers["location"] == "/account"
        assert visitor.get("/account").status_code == 200
        assert elsewhere.get("/account").status_code == 302
    back = {"current": fields["password"], "password": PASSWORD, "again": PASSWORD}
    assert visitor.send_form("/account/password", back).status_code == 302


def test_one_time_codes_are_set_up_and_stopped(visitor: Visitor):
    visitor.sign_in("analyst")
    begun = visitor.send_form("/account/codes", {"current": PASSWORD})
    assert "data:image/svg+xml" in begun.text
    secret = begun.text.split('class="secret"')[1].split(">")[1].split("<")[0].replace(" ", "")
    form = {
        "ticket": begun.text.split('name="ticket" value="')[1].split('"')[0],
        "csrfmiddlewaretoken": _TOKEN.search(begun.text)[1],  # type: ignore[index]
    }
    wrong = visitor.post("/account/codes/confirm", data={**form, "code": "000000"})
    assert wrong.status_code == 422
    done = visitor.post("/account/codes/confirm", data={**form, "code": pyotp.TOTP(secret).now()})
    assert done.headers["location"] == "/account"
    assert "已启用" in visitor.get("/account").text
    assert visitor.send_form("/account/codes", {"current": PASSWORD}).status_code == 302
    assert "未启用" in visitor.get("/account").text
