from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.parties.conftest import CITY, PASSWORD
from tests.parties.refused import refused
from wushu.parties import rules, selectors, services
from wushu.parties.models import ApiKey
from wushu.parties.types import NODE, Role, Scope

HOUR = timedelta(hours=1)
NEW = "a different sentence 7"


def issue(actor, **changes):
    fields = {"name": "nightly job", "scopes": [Scope.ROWS_READ], "password": PASSWORD}
    return services.api_key_issue(actor=actor, **{**fields, **changes})


def who(text, at=None):
    return selectors.actor_for_api_key(text, at or timezone.now())


def test_a_key_acts_for_its_account_with_its_scopes_and_roles(clerk):
    view, text = issue(clerk, scopes=["rows:read", "catalog:write"])
    actor = who(text)
    assert (actor.urn, actor.account, actor.person) == (clerk.urn, clerk.account, clerk.person)
    assert actor.roles == clerk.roles
    assert actor.scopes == view.scopes == {Scope.ROWS_READ, Scope.CATALOG_WRITE}
    assert actor.allows(Scope.CATALOG_WRITE)
    assert not actor.allows(Scope.CATALOG_REVIEW)


def test_the_question_who_is_this_key_is_one_statement(clerk, django_assert_num_queries):
    _, text = issue(clerk)
    with django_assert_num_queries(1):
        who(text)


def test_the_statement_answers_bare_drivers_too(clerk):
    _, text = issue(clerk, expires_at=timezone.now() + HOUR)
    sql = selectors.API_KEY_SQL_SQLITE if connection.vendor == "sqlite" else selectors.API_KEY_SQL
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        rows = connection.connection.execute(sql, [rules.api_key_digest(text)]).fetchall()
    else:
        with connection.connection.cursor() as cursor:
            cursor.execute(sql, [rules.api_key_digest(text)])
            rows = cursor.fetchall()
    assert selectors.actor_from_key_rows(rows, timezone.now()) == who(text)


def test_two_keys_share_nothing_and_only_hashes_are_stored(clerk):
    (_, first), (_, second) = issue(clerk), issue(clerk)
    assert first.split("_")[0] == "wsk"
    assert first.split("_")[1] != second.split("_")[1]
    stored = str(list(ApiKey.objects.values()))
    for text in (first, second):
        assert text.split("_")[2] not in stored
        assert rules.looks_like_api_key(text)


def test_a_text_that_is_no_key_of_ours_is_refused_without_asking(clerk, django_assert_num_queries):
    with django_assert_num_queries(0), refused("api-key-unknown"):
        who("wsk_short")
    _, text = issue(clerk)
    with refused("api-key-unknown"):
        who(text[:-1] + ("a" if text[-1] != "a" else "b"))


def test_a_revoked_key_ends_at_once_and_for_good(clerk):
    view, text = issue(clerk)
    services.api_key_revoke(actor=clerk, key=view.id)
    with refused("api-key-revoked"):
        who(text)
    with refused("api-key-revoked"):
        services.api_key_revoke(actor=clerk, key=view.id)


def test_an_expired_key_ends_by_itself(clerk):
    now = timezone.now()
    view, text = issue(clerk, expires_at=now + HOUR)
    assert view.expires_at == now + HOUR
    who(text, now + HOUR - timedelta(microseconds=1))
    with refused("api-key-expired"):
        who(text, now + HOUR)
    with refused("period-wrong"):
        issue(clerk, expires_at=now - HOUR)


def test_a_key_ends_with_its_account_and_comes_back_with_it(clerk, operator):
    _, text = issue(clerk)
    services.account_deactivate(actor=operator, account=clerk.account)
    with refused("api-key-revoked"):
        who(text)
    services.account_activate(actor=operator, account=clerk.account)
    assert who(text).account == clerk.account


def test_a_key_knows_only_the_roles_held_at_the_moment(clerk, world):
    _, text = issue(clerk)
    now = timezone.now()
    services.membership_grant(
        actor=NODE,
        person=clerk.person,
        organisation=world.department(CITY).id,
        role=Role.EXPERT,
        valid_from=now + HOUR,
        valid_until=now + 2 * HOUR,
    )
    roles = [{h.role for h in who(text, now + n * HOUR).roles} for n in range(3)]
    assert roles == [
        {Role.OPENING_BODY},
        {Role.OPENING_BODY, Role.EXPERT},
        {Role.OPENING_BODY},
    ]


def test_a_key_of_somebody_without_roles_is_still_somebodys(world):
    citizen = world.actor("citizen")
    _, text = issue(citizen)
    assert who(text).roles == ()
    assert who(text).account == citizen.account


def test_nobody_issues_a_key_in_anothers_name_but_the_node(clerk, operator):
    with refused("not-own-account"):
        issue(operator, account=clerk.account)
    with refused("not-own-account"):
        issue(NODE)
    assert who(issue(NODE, account=clerk.account)[1]).account == clerk.account


def test_a_key_issues_and_revokes_no_key(clerk):
    view, text = issue(clerk, scopes=list(Scope))
    key = who(text)
    with refused("key-cannot-manage"):
        issue(key)
    with refused("key-cannot-manage"):
        services.api_key_revoke(actor=key, key=view.id)
    with refused("key-cannot-manage"):
        selectors.api_keys(actor=key)


def test_the_operator_revokes_a_leaked_key_and_a_colleague_does_not(clerk, operator, world):
    view, text = issue(clerk)
    colleague = world.actor("colleague", Role.OPENING_BODY)
    with refused("not-governing"):
        services.api_key_revoke(actor=colleague, key=view.id)
    services.api_key_revoke(actor=operator, key=view.id)
    with refused("api-key-revoked"):
        who(text)


def test_keys_are_listed_for_their_account_and_who_manages_it(clerk, operator, world):
    view, text = issue(clerk)
    assert selectors.api_keys(actor=clerk) == [view]
    assert selectors.api_keys(actor=operator, account=clerk.account) == [view]
    assert text not in repr(view)
    with refused("not-governing"):
        selectors.api_keys(actor=world.actor("colleague", Role.OPENING_BODY), account=clerk.account)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"name": ""}, "field-empty"),
        ({"scopes": []}, "api-key-scopes"),
        ({"scopes": ["everything"]}, "api-key-scopes"),
    ],
)
def test_a_key_without_a_name_or_a_known_scope_is_refused(clerk, changes, name):
    with refused(name):
        issue(clerk, **changes)


def test_a_closed_account_gets_no_key(clerk):
    services.account_deactivate(actor=NODE, account=clerk.account)
    with refused("not-found"):
        issue(NODE, account=clerk.account)


def test_a_stolen_session_alone_makes_no_key(clerk):
    with refused("password-wrong"):
        issue(clerk, password="")
    with refused("password-wrong"):
        issue(clerk, password="a guess of the thief")
    assert not ApiKey.objects.exists()


def test_guesses_of_the_password_for_a_key_are_counted(clerk, settings):
    settings.SIGN_IN_FAILURES = 2
    for _ in range(2):
        with refused("password-wrong"):
            issue(clerk, password="wrong")
    with refused("sign-in-locked"):
        issue(clerk)


def test_a_key_ends_after_the_setting_unless_another_day_is_named(clerk, settings):
    settings.API_KEY_DAYS = 90
    view, _ = issue(clerk)
    assert view.expires_at == view.created_at + timedelta(days=90)


def test_a_new_password_revokes_the_keys_that_work_and_says_how_many(clerk):
    now = timezone.now()
    view, _ = issue(clerk)
    _, second = issue(clerk, expires_at=now + HOUR)
    services.api_key_revoke(actor=clerk, key=view.id)
    kept = ApiKey.objects.get(pk=view.id).revoked_at
    revoked = services.account_set_password(
        actor=clerk, account=clerk.account, password=NEW, current=PASSWORD
    )
    assert revoked == 1
    with refused("api-key-revoked"):
        who(second)
    assert ApiKey.objects.get(pk=view.id).revoked_at == kept, "what had ended is left alone"


def test_a_new_password_leaves_keys_that_the_person_keeps(clerk, operator):
    _, text = issue(clerk)
    services.account_set_password(
        actor=clerk, account=clerk.account, password=NEW, current=PASSWORD, keep_keys=True
    )
    assert who(text).account == clerk.account
    services.account_set_password(actor=operator, account=clerk.account, password=PASSWORD)
    with refused("api-key-revoked"):
        who(text)
