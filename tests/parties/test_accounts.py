from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.db import transaction

from tests.parties.conftest import COUNTY, PASSWORD, PROVINCE
from tests.parties.refused import refused
from wushu.parties import selectors, services
from wushu.parties.models import Account
from wushu.parties.types import NODE, Role

NEW = "a different sentence 7"


def signs_in(username, password):
    try:
        return services.sign_in(username=username, password=password)
    except Exception as no:
        return getattr(no, "name", repr(no))


def test_the_operator_opens_an_account_that_signs_in(operator, world):
    person = world.person("赵六", Role.OPENING_BODY)
    made = services.account_create(
        actor=operator, username="Zhao.Liu", password=PASSWORD, person=person
    )
    assert signs_in("zhao.liu", PASSWORD) == made
    actor = selectors.actor_for_username("ZHAO.LIU")
    assert (actor.account, actor.person, actor.name) == (made, person, "赵六")
    assert actor.holds(Role.OPENING_BODY)
    assert actor.scopes is None
    assert actor == selectors.actor_for_account(made)


def test_a_clerk_opens_no_account(clerk, world):
    with refused("not-governing"):
        services.account_create(
            actor=clerk, username="other", password=PASSWORD, person=world.person()
        )


def test_an_account_cannot_be_opened_twice_under_one_name_nor_for_nobody(world):
    world.account("zhao")
    with refused("username-taken"):
        services.account_create(
            actor=NODE, username="ZHAO", password=PASSWORD, person=world.person()
        )
    with refused("not-found"):
        services.account_create(actor=NODE, username="qian", password=PASSWORD, person=uuid4())


@pytest.mark.parametrize("password", ["short 1", "1234567890", "zhao.liu.zhao", "x" * 1025])
def test_a_weak_password_is_refused_in_both_languages(world, password):
    with pytest.raises(Exception, match="too weak") as caught:
        services.account_create(
            actor=NODE, username="zhao.liu", password=password, person=world.person()
        )
    assert caught.value.name == "password-weak"
    chinese, english = caught.value.sentence("zh"), caught.value.sentence("en")
    assert english.isascii()
    assert not chinese.split("：")[1].isascii()


def test_the_password_is_stored_as_argon2id_at_the_cost_of_production(world, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    made = Account.objects.get(pk=world.account("zhao"))
    assert made.password.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
    assert PASSWORD not in made.password
    assert signs_in("zhao", PASSWORD) == made.pk


def test_one_changes_ones_own_password_by_knowing_the_present_one(clerk):
    with refused("password-wrong"):
        services.account_set_password(
            actor=clerk, account=clerk.account, password=NEW, current="wrong"
        )
    services.account_set_password(
        actor=clerk, account=clerk.account, password=NEW, current=PASSWORD
    )
    assert signs_in("clerk", PASSWORD) == "sign-in-failed"
    assert signs_in("clerk", NEW) == clerk.account


def test_a_stolen_session_cannot_try_the_present_password_without_end(clerk, settings):
    settings.SIGN_IN_FAILURES = 3
    for _ in range(3):
        with refused("password-wrong"):
            services.account_set_password(
                actor=clerk, account=clerk.account, password=NEW, current="wrong"
            )
    with refused("sign-in-locked"):
        services.account_set_password(
            actor=clerk, account=clerk.account, password=NEW, current=PASSWORD
        )


def test_the_operator_sets_a_forgotten_password_in_its_division_only(operator, clerk, world):
    services.account_set_password(actor=operator, account=clerk.account, password=NEW)
    assert signs_in("clerk", NEW) == clerk.account
    above = world.account("above", Role.EXPERT, division=PROVINCE)
    with refused("not-governing"):
        services.account_set_password(actor=operator, account=above, password=NEW)


def test_neither_a_colleague_nor_a_county_nor_the_operator_takes_over_the_authority(
    authority, clerk, operator, world
):
    county = world.actor("county", Role.DATA_AUTHORITY, division=COUNTY)
    for actor, name in [
        (clerk, "not-governing"),
        (county, "not-governing"),
        (operator, "role-above-operator"),
    ]:
        with refused(name):
            services.account_set_password(
                actor=actor, account=authority.account, password=NEW, current=PASSWORD
            )
        with refused(name):
            services.account_deactivate(actor=actor, account=authority.account)
        with refused(name):
            services.totp_remove(actor=actor, account=authority.account)
    assert signs_in("authority", PASSWORD) == authority.account


def test_a_role_granted_for_later_counts_already_when_somebody_reaches_for_the_account(
    operator, world, authority
):
    from datetime import timedelta

    from django.utils import timezone

    account = world.account("future", Role.EXPERT)
    person = selectors.account(account, actor=NODE).person
    services.membership_grant(
        actor=authority,
        person=person,
        organisation=world.department().id,
        role=Role.DATA_AUTHORITY,
        valid_from=timezone.now() + timedelta(days=1),
    )
    with refused("role-above-operator"):
        services.account_set_password(actor=operator, account=account, password=NEW)


def test_a_closed_account_neither_signs_in_nor_acts_until_it_is_opened_again(operator, clerk):
    services.account_deactivate(actor=operator, account=clerk.account)
    assert signs_in("clerk", PASSWORD) == "sign-in-failed"
    with refused("not-found"):
        selectors.actor_for_account(clerk.account)
    with refused("not-found"):
        selectors.actor_for_username("clerk")
    with refused("not-governing"):
        services.account_activate(actor=clerk, account=clerk.account)
    services.account_activate(actor=operator, account=clerk.account)
    assert signs_in("clerk", PASSWORD) == clerk.account


def test_one_may_close_ones_own_account(clerk):
    services.account_deactivate(actor=clerk, account=clerk.account)
    assert signs_in("clerk", PASSWORD) == "sign-in-failed"


def test_accounts_are_listed_for_who_manages_them_and_for_oneself(
    operator, authority, clerk, world
):
    above = world.account("above", Role.EXPERT, division=PROVINCE)
    listed = {a.id for a in selectors.accounts(actor=operator)}
    assert clerk.account in listed
    assert operator.account in listed
    assert above not in listed
    assert authority.account not in listed
    assert [a.id for a in selectors.accounts(actor=clerk)] == [clerk.account]
    assert above in {a.id for a in selectors.accounts(actor=NODE)}
    with refused("not-governing"):
        selectors.account(above, actor=operator)
    assert selectors.account_by_username("clerk", actor=clerk).id == clerk.account


def test_the_view_of_an_account_holds_no_secret(clerk):
    row = Account.objects.get(pk=clerk.account)
    assert row.password not in repr(selectors.account(clerk.account, actor=clerk))


def test_django_finds_no_superuser_and_no_permission(clerk):
    row = Account.objects.get(pk=clerk.account)
    assert not row.has_perm("parties.add_account")
    assert not row.has_perms([])
    assert not row.has_module_perms("parties")
    assert not hasattr(row, "is_superuser")
    assert not hasattr(get_user_model().objects, "create_superuser")
    with pytest.raises((AttributeError, CommandError)):
        call_command("createsuperuser", username="root", interactive=False)


def test_the_backend_signs_in_with_the_same_lock_out(clerk, settings):
    settings.SIGN_IN_FAILURES = 2
    assert authenticate(username="clerk", password=PASSWORD).pk == clerk.account
    for _ in range(2):
        assert authenticate(username="clerk", password="wrong") is None
    assert authenticate(username="clerk", password=PASSWORD) is None


def test_checking_a_password_writes_nothing(clerk, settings, django_assert_num_queries):
    settings.PASSWORD_HASHERS = ["tests.parties.hashers.DearerArgon2"]
    row = Account.objects.get(pk=clerk.account)
    with django_assert_num_queries(0):
        assert row.check_password(PASSWORD)
        assert not row.check_password(None)


def test_a_hash_of_yesterdays_cost_is_renewed_at_sign_in(clerk, settings):
    settings.PASSWORD_HASHERS = ["tests.parties.hashers.DearerArgon2"]
    assert signs_in("clerk", PASSWORD) == clerk.account
    assert ",t=2," in Account.objects.get(pk=clerk.account).password
    assert signs_in("clerk", PASSWORD) == clerk.account


@pytest.mark.django_db(transaction=True)
def test_a_sign_in_inside_a_transaction_is_a_bug_that_says_so(world):
    world.account("zhao")
    with transaction.atomic(), pytest.raises(RuntimeError):
        services.sign_in(username="zhao", password="wrong")
