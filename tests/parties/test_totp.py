from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pyotp

from tests.parties.conftest import PASSWORD
from tests.parties.refused import refused
from wushu.parties import selectors, services
from wushu.parties.models import Account, TotpUse
from wushu.parties.types import NODE, Actor, Role, Scope


def sign_in(code="", password=PASSWORD):
    return services.sign_in(username="clerk", password=password, code=code)


def test_the_app_gets_a_standard_address(clock, clerk):
    setup = services.totp_begin(actor=clerk, password=PASSWORD)
    parts = urlsplit(setup.uri)
    assert (parts.scheme, parts.netloc, parts.path) == ("otpauth", "totp", "/testserver:clerk")
    assert parse_qs(parts.query) == {"secret": [setup.secret], "issuer": ["testserver"]}
    assert setup.secret not in repr(setup)


def test_nothing_is_asked_before_a_first_code_confirmed_the_device(clock, clerk):
    services.totp_begin(actor=clerk, password=PASSWORD)
    assert not selectors.account(clerk.account, actor=clerk).has_totp
    assert sign_in() == clerk.account


def test_once_set_up_the_code_is_asked_and_needed(clock, clerk, device):
    assert selectors.account(clerk.account, actor=clerk).has_totp
    with refused("totp-required"):
        sign_in()
    with refused("sign-in-failed"):
        sign_in("000000" if device.at(clock()) != "000000" else "111111")
    assert sign_in(device.at(clock())) == clerk.account


def test_the_code_does_not_help_without_the_password(clock, device):
    with refused("sign-in-failed"):
        sign_in(device.at(clock()), password="wrong")
    with refused("sign-in-failed"):
        sign_in(password="wrong")


def test_a_code_signs_in_once(clock, clerk, device):
    code = device.at(clock())
    assert sign_in(code) == clerk.account
    with refused("sign-in-failed"):
        sign_in(code)
    clock.forward(20)  # the same code would still be within its window
    with refused("sign-in-failed"):
        sign_in(code)
    clock.forward(10)
    assert sign_in(device.at(clock())) == clerk.account


def test_an_older_code_does_not_work_after_a_newer_one(clock, clerk, device):
    older = device.at(clock())
    clock.forward(30)
    assert sign_in(device.at(clock())) == clerk.account
    with refused("sign-in-failed"):
        sign_in(older)


def test_the_code_that_confirmed_the_device_does_not_sign_in(clock, clerk):
    setup = services.totp_begin(actor=clerk, password=PASSWORD)
    code = pyotp.TOTP(setup.secret).at(clock())
    services.totp_confirm(actor=clerk, ticket=setup.ticket, code=code)
    with refused("sign-in-failed"):
        sign_in(code)


def test_guessing_codes_locks_like_guessing_passwords(clock, clerk, device, settings):
    settings.SIGN_IN_FAILURES = 3
    right = device.at(clock())
    for guess in [c for c in ("111111", "222222", "333333", "444444") if c != right][:3]:
        with refused("sign-in-failed"):
            sign_in(guess)
    with refused("sign-in-locked"):
        sign_in(right)


def test_forgetting_the_code_is_no_failure_and_clears_none(clock, clerk, device, settings):
    settings.SIGN_IN_FAILURES = 3
    for _ in range(4):
        with refused("totp-required"):
            sign_in()
    for _ in range(2):
        with refused("sign-in-failed"):
            sign_in(password="wrong")
    with refused("totp-required"):
        sign_in()
    with refused("sign-in-failed"):
        sign_in(password="wrong")
    with refused("sign-in-locked"):
        sign_in()


def test_setting_up_needs_the_password_again(clock, clerk):
    with refused("password-wrong"):
        services.totp_begin(actor=clerk, password="wrong")


def test_a_wrong_first_code_sets_nothing_up(clock, clerk):
    setup = services.totp_begin(actor=clerk, password=PASSWORD)
    with refused("totp-code-wrong"):
        services.totp_confirm(actor=clerk, ticket=setup.ticket, code="12345")
    assert not selectors.account(clerk.account, actor=clerk).has_totp


def test_a_ticket_expires_and_is_worthless_for_others(clock, clerk, world):
    setup = services.totp_begin(actor=clerk, password=PASSWORD)
    code = pyotp.TOTP(setup.secret).at(clock())
    other = world.actor("other")
    for ticket in (setup.ticket, "", "AAAA", setup.ticket[:-4] + "AAAA", "é"):
        with refused("totp-setup-expired"):
            services.totp_confirm(actor=other, ticket=ticket, code=code)
    clock.forward(601)
    with refused("totp-setup-expired"):
        services.totp_confirm(
            actor=clerk, ticket=setup.ticket, code=pyotp.TOTP(setup.secret).at(clock())
        )


def test_only_a_person_at_the_desk_sets_up_codes(clock, clerk):
    with refused("not-own-account"):
        services.totp_begin(actor=NODE, password=PASSWORD)
    key = Actor(
        urn=clerk.urn,
        name=clerk.name,
        account=clerk.account,
        person=clerk.person,
        scopes=frozenset(Scope),
    )
    with refused("key-cannot-manage"):
        services.totp_begin(actor=key, password=PASSWORD)


def test_codes_are_set_up_once(clock, clerk, device):
    with refused("totp-already-set"):
        services.totp_begin(actor=clerk, password=PASSWORD)


def test_a_second_pending_set_up_does_not_replace_the_first(clock, clerk):
    first, second = (services.totp_begin(actor=clerk, password=PASSWORD) for _ in range(2))
    for setup, name in [(first, None), (second, "totp-already-set")]:
        code = pyotp.TOTP(setup.secret).at(clock())
        if name is None:
            services.totp_confirm(actor=clerk, ticket=setup.ticket, code=code)
        else:
            with refused(name):
                services.totp_confirm(actor=clerk, ticket=setup.ticket, code=code)


def test_one_removes_ones_codes_with_the_password(clock, clerk, device):
    with refused("password-wrong"):
        services.totp_remove(actor=clerk, account=clerk.account, password="wrong")
    services.totp_remove(actor=clerk, account=clerk.account, password=PASSWORD)
    assert sign_in() == clerk.account
    assert not TotpUse.objects.exists()
    with refused("totp-not-set"):
        services.totp_remove(actor=clerk, account=clerk.account, password=PASSWORD)


def test_the_operator_removes_the_codes_of_a_lost_device_and_a_colleague_does_not(
    clock, clerk, device, operator, world
):
    colleague = world.actor("colleague", Role.OPENING_BODY)
    with refused("not-governing"):
        services.totp_remove(actor=colleague, account=clerk.account, password=PASSWORD)
    services.totp_remove(actor=operator, account=clerk.account)
    assert sign_in() == clerk.account


def test_the_secret_is_stored_encrypted_and_bound_to_its_account(clock, clerk, device, world):
    stored = Account.objects.get(pk=clerk.account).totp_secret
    assert device.secret not in stored
    other = world.account("other")
    Account.objects.filter(pk=other).update(totp_secret=stored)
    with refused("totp-unreadable"):
        services.sign_in(username="other", password=PASSWORD, code=device.at(clock()))


def test_codes_survive_a_change_of_the_nodes_secret_that_keeps_the_old_one(
    clock, clerk, device, settings
):
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another secret of the node, long enough"
    with refused("totp-unreadable"):
        sign_in(device.at(clock()))
    settings.SECRET_KEY_FALLBACKS = [old]
    assert sign_in(device.at(clock())) == clerk.account
