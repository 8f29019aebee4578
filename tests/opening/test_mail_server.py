"""Whether the mail server of the settings can be used, as ``wushu doctor`` asks."""

from __future__ import annotations

import pytest

from tests.opening.conftest import _Inbox
from wushu.config.commands.doctor import check_notices
from wushu.opening import selectors

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
