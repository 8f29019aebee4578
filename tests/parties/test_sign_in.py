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
    settings.SIGN_IN_USERNAME_FAILURES = 5
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


def test_a_success_clears_the_failures_of_its_username_at_its_address(clerk, settings):
    settings.SIGN_IN_USERNAME_FAILURES = 100
    for _ in range(4):
        fail("clerk", times=2, address=None)
        assert sign_in(address=None) == clerk.account


def test_guesses_from_one_address_do_not_lock_the_username_at_another(clerk):
    fail("clerk", address=HERE, times=3)
    with refused("sign-in-locked"):
        sign_in(address=HERE)
    assert sign_in(address=THERE) == clerk.account


def test_guesses_from_many_addresses_lock_the_username_everywhere(clerk):
    for number in range(5):
        fail("clerk", address=f"198.51.100.{number}")
    with refused("sign-in-locked"):
        sign_in(address="192.0.2.1")


def test_a_success_does_not_clear_what_others_guessed_at_other_addresses(clerk):
    for number in range(4):
        fail("clerk", address=f"198.51.100.{number}")
    assert sign_in(address="192.0.2.1") == clerk.account
    fail("clerk", address="198.51.100.9")
    with refused("sign-in-locked"):
        sign_in(address="192.0.2.1")


def lock_everywhere(username="clerk"):
    for number in range(6):
        fail(f"guess{number}", address=HERE)
    for number in range(5):
        fail(username, address=f"198.51.100.{number}")


def at_home(device, password=PASSWORD, username="clerk"):
    return services.sign_in(username=username, password=password, address=HERE, device=device)


def test_guesses_of_others_lock_no_browser_that_signed_in_before(clerk):
    device = services.device_token(clerk.account)
    lock_everywhere()
    with refused("sign-in-locked"):
        sign_in()
    assert at_home(device) == clerk.account


def test_a_known_browser_may_guess_as_often_as_a_strange_one_and_no_more(clerk):
    device = services.device_token(clerk.account)
    for _ in range(3):
        with refused("sign-in-failed"):
            at_home(device, password="wrong")
    with refused("sign-in-locked"):
        at_home(device)
    assert sign_in() == clerk.account, "its guesses lock it alone"


def test_a_browser_is_known_for_its_own_account_only(clerk, world):
    other = services.device_token(world.account("other"))
    lock_everywhere()
    for foreign in (other, "", "é", "AAAA", services.device_token(clerk.account)[:-4] + "AAAA"):
        with refused("sign-in-locked"):
            at_home(foreign)


def test_a_browser_is_forgotten_after_half_a_year(clerk, monkeypatch):
    then = timezone.now() - timedelta(days=181)
    with monkeypatch.context() as past:
        past.setattr("django.utils.timezone.now", lambda: then)
        device = services.device_token(clerk.account)
    lock_everywhere()
    with refused("sign-in-locked"):
        at_home(device)


def test_guesses_at_the_door_do_not_lock_who_is_signed_in(clerk):
    lock_everywhere()
    services.account_set_password(
        actor=clerk, account=clerk.account, password="another " + PASSWORD, current=PASSWORD
    )


def test_a_device_token_names_nobody(clerk):
    first, second = (services.device_token(clerk.account) for _ in range(2))
    assert first != second
    assert str(clerk.account) not in first
    at_home(first)
    assert not SignIn.objects.filter(device=first).exists(), "only its digest is kept"


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
