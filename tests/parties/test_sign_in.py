from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.parties.conftest import PASSWORD
from tests.parties.refused import refused
from wushu.kernel.errors import Refusal
from wushu.parties import selectors, services
from wushu.parties.models import Account, SignIn
from wushu.parties.types import NODE, Role

HERE, THERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture(autouse=True)
def _limits(settings):
    settings.SIGN_IN_FAILURES = 3
    settings.SIGN_IN_ADDRESS_FAILURES = 6
    settings.SIGN_IN_LOCK_SECONDS = 900


def fail(username, address=HERE, times=1):
    for _ in range(times):
        with refused("sign-in-failed"):
            services.sign_in(username=username, password="wrong", address=address)


def sign_in(username="clerk", password=PASSWORD, address=HERE):
    return services.sign_in(username=username, password=password, address=address)


def let_pass(seconds):
    """Move every attempt so far into the past."""
    for one in SignIn.objects.all():
        SignIn.objects.filter(pk=one.pk).update(at=one.at - timedelta(seconds=seconds))


def test_name_and_password_sign_in(clerk):
    assert sign_in() == clerk.account
    assert sign_in("  CLERK ") == clerk.account


def test_a_password_typed_in_full_width_letters_is_the_same_password(clerk):
    full_width = PASSWORD.translate({ord(c): ord(c) + 0xFEE0 for c in PASSWORD if c != " "})
    assert full_width != PASSWORD
    assert sign_in(password=full_width) == clerk.account


@pytest.mark.parametrize(
    "username", ["clerk", "nobody", "", "李敏", "a\x00b", "x" * 5000, "\ud800"]
)
def test_whatever_is_wrong_the_answer_is_the_same(clerk, username):
    with pytest.raises(Refusal) as caught:
        services.sign_in(username=username, password="wrong", address=HERE)
    assert caught.value.name == "sign-in-failed"
    assert dict(caught.value.facts) == {}


@pytest.mark.parametrize("username", ["clerk", "nobody"])
def test_a_username_is_locked_after_the_limit_whether_it_exists_or_not(clerk, username):
    fail(username, times=3)
    with pytest.raises(Refusal) as caught:
        sign_in(username)
    assert caught.value.name == "sign-in-locked"
    assert dict(caught.value.facts) == {"minutes": 15}


def test_a_lock_ends_after_its_time_and_attempts_meanwhile_do_not_prolong_it(clerk):
    fail("clerk", times=3)
    for _ in range(5):
        with refused("sign-in-locked"):
            sign_in()
    let_pass(890)
    with refused("sign-in-locked"):
        sign_in()
    let_pass(11)
    assert sign_in() == clerk.account


def test_a_success_clears_the_failures_of_its_username(clerk):
    for _ in range(4):
        fail("clerk", times=2, address=None)
        assert sign_in(address=None) == clerk.account


def test_the_username_is_locked_from_every_address(clerk):
    fail("clerk", address=HERE, times=2)
    fail("clerk", address=THERE)
    with refused("sign-in-locked"):
        sign_in(address="192.0.2.1")


def test_an_address_is_locked_whatever_the_usernames_and_others_are_not(clerk):
    for number in range(6):
        fail(f"guess{number}")
    with refused("sign-in-locked"):
        sign_in(address=HERE)
    with refused("sign-in-locked"):
        sign_in(address=f"::ffff:{HERE}")
    assert sign_in(address=THERE) == clerk.account
    assert sign_in(address=None) == clerk.account


def test_addresses_of_one_ipv6_subscriber_are_locked_together(clerk):
    for number in range(6):
        fail(f"guess{number}", address=f"2001:db8:1:2::{number:x}")
    with refused("sign-in-locked"):
        sign_in(address="2001:db8:1:2:ffff::1")
    assert sign_in(address="2001:db8:1:3::1") == clerk.account


def test_signing_in_to_ones_own_account_does_not_clear_the_address(clerk, world):
    world.account("guesser")
    for number in range(6):
        assert sign_in("guesser")
        fail(f"guess{number}")
    with refused("sign-in-locked"):
        sign_in("guesser")


def test_an_unknown_name_costs_the_same_work_as_a_known_one(
    clerk, settings, django_assert_num_queries
):
    from tests.parties.hashers import CountingArgon2

    settings.PASSWORD_HASHERS = ["tests.parties.hashers.CountingArgon2"]
    services.account_set_password(actor=NODE, account=clerk.account, password=PASSWORD)
    services.account_deactivate(actor=NODE, account=world_account("closed"))
    fail("warm-up")
    for username, password in [
        ("clerk", "wrong"),
        ("nobody", "wrong"),
        ("closed", PASSWORD),
        ("not a name", "wrong"),
        ("nobody", "x" * 100_000),
    ]:
        CountingArgon2.verified = CountingArgon2.encoded = 0
        with refused("sign-in-failed"):
            services.sign_in(username=username, password=password)
        assert (CountingArgon2.verified, CountingArgon2.encoded) == (1, 0), username


def world_account(username):
    from tests.parties.conftest import World

    return World().account(username)


def test_nothing_that_was_typed_is_kept(clerk, caplog):
    caplog.set_level(logging.DEBUG)
    fail("my secret in the wrong field")
    fail("clerk")
    kept = " ".join(str(one) for row in SignIn.objects.values() for one in row.values())
    assert "secret" not in kept
    assert "clerk" not in kept
    assert "wrong" not in caplog.text
    assert "secret" not in caplog.text


def test_a_person_sees_where_their_account_was_tried_and_others_do_not(clerk, operator, world):
    sign_in(address=HERE)
    fail("clerk", address="2001:db8::1")
    fail("nobody", address=THERE)
    notes = selectors.sign_ins(actor=clerk)
    assert [(n.address, n.succeeded) for n in notes] == [("2001:db8::1", False), (HERE, True)]
    assert notes[0].at > timezone.now() - timedelta(minutes=1)
    assert len(selectors.sign_ins(actor=clerk, limit=1)) == 1
    assert selectors.sign_ins(actor=operator, account=clerk.account) == notes
    colleague = world.actor("colleague", Role.OPENING_BODY)
    with refused("not-governing"):
        selectors.sign_ins(actor=colleague, account=clerk.account)
    with refused("not-found"):
        selectors.sign_ins(actor=NODE)


def test_a_closed_account_with_the_right_password_is_answered_like_a_wrong_one(clerk):
    services.account_deactivate(actor=NODE, account=clerk.account)
    with refused("sign-in-failed"):
        sign_in()


def test_an_account_without_a_usable_password_is_answered_like_a_wrong_one(clerk):
    Account.objects.filter(pk=clerk.account).update(password="!")
    with refused("sign-in-failed"):
        sign_in(password="!")


def test_old_attempts_are_forgotten_by_the_node_and_what_counts_stays(clerk, operator):
    sign_in()
    let_pass(86_400)
    fail("clerk", times=3)
    with refused("node-only"):
        services.attempts_forget(actor=operator, before=timezone.now())
    assert services.attempts_forget(actor=NODE, before=timezone.now()) == 1
    with refused("sign-in-locked"):
        sign_in()
