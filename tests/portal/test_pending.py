"""The first step of a sign-in travels sealed, for five minutes, with the browser that made it."""

from __future__ import annotations

import time

import pytest

from wushu.kernel.errors import Refusal
from wushu.portal import pending


def test_what_is_sealed_comes_back_to_the_same_browser():
    ticket = pending.seal("clerk", "密码 with spaces", "cookie")
    assert pending.unseal(ticket, "cookie") == ("clerk", "密码 with spaces")
    assert "clerk" not in ticket


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-2], lambda t: "", lambda t: "é", lambda t: "A" + t]
)
def test_an_altered_ticket_begins_the_sign_in_again(spoil):  # type: ignore[no-untyped-def]
    with pytest.raises(Refusal, match="sign-in-again"):
        pending.unseal(spoil(pending.seal("clerk", "x", "cookie")), "cookie")


def test_a_ticket_is_worth_nothing_in_another_browser():
    with pytest.raises(Refusal, match="sign-in-again"):
        pending.unseal(pending.seal("clerk", "x", "cookie"), "another")


def test_a_ticket_ends_after_five_minutes(monkeypatch: pytest.MonkeyPatch):
    ticket = pending.seal("clerk", "x", "cookie")
    later = time.time() + pending.SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(Refusal, match="sign-in-again"):
        pending.unseal(ticket, "cookie")


def test_a_node_with_another_secret_cannot_open_it(settings):  # type: ignore[no-untyped-def]
    ticket = pending.seal("clerk", "x", "cookie")
    settings.SECRET_KEY = "another"
    with pytest.raises(Refusal, match="sign-in-again"):
        pending.unseal(ticket, "cookie")
