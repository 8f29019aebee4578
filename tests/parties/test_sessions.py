from __future__ import annotations

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from tests.parties.conftest import PASSWORD
from tests.parties.refused import refused
from wushu.parties import services
from wushu.parties.models import Account

NEW = "a different sentence 7"


@pytest.fixture(autouse=True)
def _pages(settings, tmp_path):
    settings.ROOT_URLCONF = "tests.parties.urls"
    settings.STATIC_ROOT = str(tmp_path)


def signed_in(client: Client | None = None) -> Client:
    client = client or Client()
    response = client.post("/sign-in", {"username": "clerk", "password": PASSWORD})
    assert response.status_code == 200
    return client


def who(client: Client) -> str:
    return client.get("/who").content.decode()


def test_a_session_knows_its_account(clerk):
    assert who(Client()) == "nobody"
    assert who(signed_in()) == str(clerk.account)


def test_a_session_key_planted_before_sign_in_is_worth_nothing_after_it(clerk):
    planted = Client()
    session = planted.session
    session["something"] = "to be stored"
    session.save()
    key = session.session_key
    victim = Client()
    victim.cookies["sessionid"] = key
    signed_in(victim)
    assert victim.cookies["sessionid"].value != key
    assert who(planted) == "nobody"
    assert who(victim) == str(clerk.account)


def test_the_session_key_changes_even_when_the_same_account_signs_in_again(clerk):
    client = signed_in()
    copied = Client()
    copied.cookies["sessionid"] = client.cookies["sessionid"].value
    assert who(copied) == str(clerk.account)
    signed_in(client)
    assert who(copied) == "nobody"
    assert who(client) == str(clerk.account)


def test_a_changed_password_ends_all_sessions_but_the_one_that_changed_it(clerk):
    here, elsewhere = signed_in(), signed_in()
    assert here.post("/password", {"current": PASSWORD, "password": NEW}).status_code == 200
    assert who(here) == str(clerk.account)
    assert who(elsewhere) == "nobody"


def test_a_password_set_by_the_operator_ends_all_sessions(clerk, operator):
    client = signed_in()
    services.account_set_password(actor=operator, account=clerk.account, password=NEW)
    assert who(client) == "nobody"


def test_a_closed_account_has_no_session(clerk, operator):
    client = signed_in()
    services.account_deactivate(actor=operator, account=clerk.account)
    assert who(client) == "nobody"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(clerk):
    cookie = signed_in().cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def codes(actor) -> None:
    setup = services.totp_begin(actor=actor, password=PASSWORD)
    code = pyotp.TOTP(setup.secret).at(timezone.now())
    services.totp_confirm(actor=actor, ticket=setup.ticket, code=code)


def test_sessions_that_began_without_a_code_end_when_codes_are_set_up(clerk):
    client = signed_in()
    codes(clerk)
    assert who(client) == "nobody"


def test_removing_codes_ends_all_sessions(clerk, operator):
    codes(clerk)
    client = Client()
    client.force_login(Account.objects.get(pk=clerk.account))
    assert who(client) == str(clerk.account)
    services.totp_remove(actor=operator, account=clerk.account)
    assert who(client) == "nobody"


def test_a_cookie_from_before_an_account_was_closed_stays_worthless(clerk, operator):
    client = signed_in()
    services.account_deactivate(actor=operator, account=clerk.account)
    services.account_activate(actor=operator, account=clerk.account)
    assert who(client) == "nobody"


def test_one_signs_out_everywhere_and_so_does_who_manages(clerk, operator, world):
    client = signed_in()
    with refused("not-governing"):
        services.account_end_sessions(actor=world.actor("colleague"), account=clerk.account)
    assert who(client) == str(clerk.account)
    services.account_end_sessions(actor=clerk, account=clerk.account)
    assert who(client) == "nobody"
    client = signed_in()
    services.account_end_sessions(actor=operator, account=clerk.account)
    assert who(client) == "nobody"


def test_a_renewed_secret_of_the_node_keeps_sessions(clerk, settings):
    client = signed_in()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of the node, just as long"
    assert who(client) == str(clerk.account)
