"""What somebody who means ill tries: guessing, telling names from answers, reading logs and rows."""

from __future__ import annotations

import logging
import random
from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.parties.conftest import PASSWORD
from tests.parties.refused import refused
from wushu.evidence.models import Detail, Entry
from wushu.kernel.errors import Refusal
from wushu.parties import selectors, services
from wushu.parties.models import Account, ApiKey, SignIn
from wushu.parties.types import NODE, Scope


class Clock:
    """The time as services read it."""

    now = datetime(2026, 11, 21, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch, world):
    made = Clock()
    monkeypatch.setattr("django.utils.timezone.now", made)
    return made


def outcome(**fields) -> str:
    try:
        services.sign_in(**fields)
    except Refusal as no:
        return no.name
    return "done"


def test_a_day_of_guessing_one_name_from_everywhere_is_worth_480_guesses(clock, clerk, settings):
    """Five in fifteen minutes: at most 96 * 5 in a day, however they are timed."""
    settings.SIGN_IN_FAILURES, settings.SIGN_IN_LOCK_SECONDS = 5, 900
    settings.SIGN_IN_USERNAME_FAILURES = 5
    dice, checked, end = random.Random(7), 0, clock.now + timedelta(days=1)
    while clock.now < end:
        address = f"198.51.{dice.randrange(256)}.{dice.randrange(256)}"
        checked += outcome(username="clerk", password="guess", address=address) == "sign-in-failed"
        clock.now += timedelta(seconds=dice.choice([0.001, 1, 60, 300]))
    assert 96 * 4 < checked <= 96 * 5


def test_spraying_one_password_over_all_names_is_worth_the_limit_of_the_address(
    clock, world, settings
):
    settings.SIGN_IN_ADDRESS_FAILURES = 6
    for number in range(10):
        world.account(f"person{number}")
    ends = [
        outcome(username=f"person{n}", password="Spring 2026!", address=f"2001:db8::{n:x}")
        for n in range(10)
    ]
    assert ends == ["sign-in-failed"] * 6 + ["sign-in-locked"] * 4


def test_a_locked_name_does_not_tell_the_right_password(clock, clerk, settings):
    settings.SIGN_IN_FAILURES = 2
    for _ in range(2):
        outcome(username="clerk", password="wrong")
    assert outcome(username="clerk", password=PASSWORD) == "sign-in-locked"
    assert outcome(username="clerk", password="wrong") == "sign-in-locked"


def test_the_answers_for_known_and_unknown_names_are_the_same_until_locked_and_after(
    clock, clerk, settings
):
    settings.SIGN_IN_FAILURES = 3
    answers = {
        name: [outcome(username=name, password="wrong") for _ in range(6)]
        for name in ("clerk", "nobody", "李敏", "x" * 200)
    }
    assert len({tuple(one) for one in answers.values()}) == 1


def test_the_database_is_asked_the_same_for_known_and_unknown_names(clock, clerk):
    def statements(name: str) -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            outcome(username=name, password="wrong", address="203.0.113.7")
        return [query["sql"].split()[0] for query in asked.captured_queries]

    statements("warm-up")
    assert statements("clerk") == statements("nobody")


def test_attempts_while_locked_write_nothing(clock, clerk, settings):
    settings.SIGN_IN_FAILURES = 2
    for _ in range(20):
        outcome(username="clerk", password="wrong")
    assert SignIn.objects.count() == 2


def test_no_secret_reaches_a_log_a_refusal_or_the_evidence(clock, clerk, caplog):
    caplog.set_level(logging.DEBUG)
    view, key = services.api_key_issue(
        actor=clerk, name="job", scopes=list(Scope), password=PASSWORD
    )
    setup = services.totp_begin(actor=clerk, password=PASSWORD)
    refusals = []
    for attempt in (
        lambda: selectors.actor_for_api_key(key[:-1] + "!", clock.now),
        lambda: services.sign_in(username="clerk", password="my private guess"),
        lambda: services.totp_confirm(actor=clerk, ticket=setup.ticket, code="1"),
        lambda: services.account_set_password(
            actor=clerk, account=clerk.account, password="shortpw", current=PASSWORD
        ),
    ):
        with pytest.raises(Refusal) as caught:
            attempt()
        refusals.append(f"{caught.value} {caught.value.as_problem()} {caught.value.facts}")
    services.api_key_revoke(actor=clerk, key=view.id)
    written = b"".join(bytes(e.leaf) for e in Entry.objects.all()) + b"".join(
        bytes(d.body) for d in Detail.objects.all()
    )
    said = caplog.text + "".join(refusals)
    for secret in (key, key.split("_")[2], setup.secret, PASSWORD, "my private guess", "shortpw"):
        assert secret not in said
        assert secret.encode() not in written


def test_a_copied_database_gives_neither_keys_nor_codes_nor_passwords(clock, clerk):
    _, key = services.api_key_issue(
        actor=clerk, name="job", scopes=["rows:read"], password=PASSWORD
    )
    rows = str(list(Account.objects.values())) + str(list(ApiKey.objects.values()))
    assert key.split("_")[2] not in rows
    assert PASSWORD not in rows
    [stored] = ApiKey.objects.values_list("secret_sha256", flat=True)
    with refused("api-key-unknown"):
        selectors.actor_for_api_key(stored, clock.now)


def test_a_ticket_signed_by_another_part_of_the_program_is_no_ticket(clock, clerk):
    forged = signing.dumps({"secret": "JBSWY3DPEHPK3PXP", "begun": clock.now.timestamp()})
    with refused("totp-setup-expired"):
        services.totp_confirm(actor=clerk, ticket=forged, code="000000")


def test_an_actor_that_calls_itself_the_node_is_not_believed(clerk, world):
    from dataclasses import replace

    with refused("not-governing"):
        services.person_register(actor=replace(clerk, urn=NODE.urn, name="node"), name="x")
