"""Whether the mail server of the settings can be used, as ``wushu doctor`` asks."""

from __future__ import annotations

import pytest

from tests.opening.conftest import _Inbox
from wushu.config.commands.doctor import check_notices
from wushu.opening import selectors, sending
from wushu.opening.notices import Mail
from wushu.opening.types import Problem

pytestmark = pytest.mark.django_db


def test_a_server_that_answers_is_no_trouble(inbox: _Inbox):
    assert selectors.mail_trouble() == ""
    assert list(check_notices()) == []


def test_one_that_is_away_is_named(inbox: _Inbox, settings):
    settings.EMAIL_PORT = 1
    (finding,) = check_notices()
    assert finding.kind == "mail-unreachable"
    assert "refused" in finding.message("en")


def test_without_a_server_there_is_nothing_to_ask(settings):
    settings.EMAIL_HOST = ""
    assert selectors.mail_trouble() == ""


class _Silent:
    """A mail server that takes the connection and never goes on."""

    def __init__(self) -> None:
        self.asked = 0

    def open(self) -> None:
        self.asked += 1
        raise TimeoutError

    def close(self) -> None:
        pass


def test_of_a_batch_only_the_first_mail_waits_for_a_server_that_is_silent():
    """Or a batch would last longer than its claim, and another worker would send it too."""
    silent = _Silent()
    mailer = sending.Mailer(silent)
    for number in range(3):
        problem = mailer.send(
            f"{number}@mail.example", Mail("s", "t"), end="https://a.example/", identity="i"
        )
        assert problem is Problem.MAIL_SERVER
    assert silent.asked == 1
