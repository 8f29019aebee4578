"""Signing in by two pages: between them the browser holds a ticket and never the password."""

from __future__ import annotations

import base64

import pytest

from tests.parties.conftest import PASSWORD
from tests.parties.refused import refused
from wushu.parties import services
from wushu.parties.models import SignIn
from wushu.parties.types import NODE


def begin(password=PASSWORD, browser="cookie", username="clerk"):
    return services.sign_in_begin(username=username, password=password, browser=browser)


def finish(ticket, code, browser="cookie"):
    return services.sign_in_finish(ticket=ticket, code=code, browser=browser)


def test_an_account_without_codes_is_signed_in_by_the_first_step(clock, clerk):
    step = begin()
    assert (step.account, step.ticket) == (clerk.account, "")


def test_the_right_password_gives_a_ticket_and_the_code_completes_it(clock, clerk, device):
    step = begin()
    assert step.account is None
    assert finish(step.ticket, device.at(clock())) == clerk.account


def test_a_wrong_password_gives_no_ticket(clock, clerk, device):
    with refused("sign-in-failed"):
        begin(password="wrong")


def test_neither_password_nor_account_can_be_read_from_a_ticket(clock, clerk, device):
    step = begin()
    content = base64.urlsafe_b64decode(step.ticket)
    for told in (PASSWORD, "clerk", str(clerk.account), device.secret):
        assert told.encode() not in content
    assert step.ticket not in repr(step)


def test_a_ticket_is_worth_nothing_in_another_browser(clock, device):
    ticket = begin().ticket
    with refused("sign-in-again"):
        finish(ticket, device.at(clock()), browser="another")


@pytest.mark.parametrize(
    "spoil",
    [lambda t: t[:-4], lambda t: "", lambda t: "é", lambda t: t[:40] + "AAAA" + t[44:]],
    ids=["cut", "empty", "foreign letters", "altered"],
)
def test_an_altered_ticket_begins_the_sign_in_again(clock, device, spoil):
    with refused("sign-in-again"):
        finish(spoil(begin().ticket), device.at(clock()))


def test_a_ticket_ends_after_five_minutes(clock, clerk, device):
    ticket = begin().ticket
    clock.forward(300)
    assert finish(ticket, device.at(clock())) == clerk.account
    ticket = begin().ticket
    clock.forward(301)
    with refused("sign-in-again"):
        finish(ticket, device.at(clock()))


def test_a_ticket_ends_with_the_password_it_came_from(clock, clerk, device):
    ticket = begin().ticket
    services.account_set_password(actor=NODE, account=clerk.account, password="another " + PASSWORD)
    with refused("sign-in-again"):
        finish(ticket, device.at(clock()))


def test_a_ticket_ends_with_its_account(clock, clerk, device):
    ticket = begin().ticket
    services.account_deactivate(actor=NODE, account=clerk.account)
    with refused("sign-in-again"):
        finish(ticket, device.at(clock()))


def test_a_ticket_does_not_sign_in_once_the_codes_were_removed(clock, clerk, device):
    ticket = begin().ticket
    services.totp_remove(actor=NODE, account=clerk.account)
    with refused("sign-in-again"):
        finish(ticket, device.at(clock()))


def test_a_ticket_of_a_set_up_is_no_ticket_of_a_sign_in(clock, clerk):
    setup = services.totp_begin(actor=clerk, password=PASSWORD)
    with refused("sign-in-again"):
        finish(setup.ticket, "123456")


def test_a_node_with_another_secret_cannot_open_a_ticket(clock, device, settings):
    ticket = begin().ticket
    settings.SECRET_KEY = "another secret of the node, long enough"
    with refused("sign-in-again"):
        finish(ticket, device.at(clock()))


def test_a_ticket_does_not_let_a_code_work_twice(clock, clerk, device):
    ticket, code = begin().ticket, device.at(clock())
    assert finish(ticket, code) == clerk.account
    with refused("sign-in-failed"):
        finish(ticket, code)


def test_codes_guessed_with_a_ticket_lock_like_passwords(clock, clerk, device, settings):
    settings.SIGN_IN_FAILURES = 3
    ticket, right = begin().ticket, device.at(clock())
    for guess in [c for c in ("111111", "222222", "333333", "444444") if c != right][:3]:
        with refused("sign-in-failed"):
            finish(ticket, guess)
    with refused("sign-in-locked"):
        finish(ticket, right)
    with refused("sign-in-locked"):
        begin()


def test_asking_for_the_code_is_no_failure_and_clears_none(clock, device):
    before = SignIn.objects.count()
    begin()
    assert SignIn.objects.count() == before
    with refused("sign-in-failed"):
        begin(password="wrong")
    begin()
    assert SignIn.objects.filter(succeeded=False).count() == 1
