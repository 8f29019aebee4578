"""Who manages whom, which role fits where, when a sign-in is locked, which code is right."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parties.refused import refused
from wushu.kernel.errors import Refusal
from wushu.parties import rules
from wushu.parties.types import NODE, Actor, HeldRole, OrganisationKind, Role, Scope

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LIMIT = 5
LOCK = timedelta(minutes=15)


def actor(*held: tuple[Role, str], scopes: frozenset[Scope] | None = None) -> Actor:
    return Actor(
        urn="urn:uuid:x",
        name="x",
        account=UUID(int=1),
        person=UUID(int=2),
        roles=tuple(HeldRole(uuid4(), role, division) for role, division in held),
        scopes=scopes,
    )


# Divisions


@pytest.mark.parametrize(
    ("governing", "division"),
    [
        ("320000", "320500"),
        ("320500", "320500"),
        ("320500", "320505"),
        ("320500", "320505001"),
        ("320505001", "320505001000"),
        ("441900", "441900003"),
        ("320500", ""),
    ],
)
def test_a_division_governs_itself_and_what_lies_in_it(governing, division):
    assert rules.covers(governing, division)


@pytest.mark.parametrize(
    ("governing", "division"),
    [
        ("320505", "320500"),
        ("320500", "320600"),
        ("320500", "330500"),
        ("320505", "320506"),
        ("", "320500"),
        ("", ""),
    ],
)
def test_a_division_governs_nothing_above_or_beside_it(governing, division):
    assert not rules.covers(governing, division)


def test_only_the_two_governing_roles_and_the_node_govern():
    assert rules.governs(NODE, "320500")
    for role in Role:
        expected = role in (Role.DATA_AUTHORITY, Role.PLATFORM_OPERATOR)
        assert rules.governs(actor((role, "320500")), "320505") is expected


def test_somebody_who_only_looks_like_the_node_governs_nothing():
    assert not rules.governs(Actor(urn=NODE.urn, name="x", account=UUID(int=9)), "320500")


def test_a_key_of_the_operator_manages_nobody():
    key = actor((Role.PLATFORM_OPERATOR, "320500"), scopes=frozenset(Scope))
    with refused("key-cannot-manage"):
        rules.require_governing(key, "320500")
    with refused("key-cannot-manage"):
        rules.require_own(key, key.account)
    assert not rules.is_own(key, key.account)


def test_a_county_operator_does_not_manage_who_also_acts_for_the_city():
    county = actor((Role.PLATFORM_OPERATOR, "320505"))
    roles = [HeldRole(uuid4(), Role.OPENING_BODY, "320505")]
    rules.require_managing(county, roles)
    with refused("not-governing"):
        rules.require_managing(county, [*roles, HeldRole(uuid4(), Role.EXPERT, "320500")])


@pytest.mark.parametrize("role", [Role.DATA_AUTHORITY, Role.SUPERVISOR])
def test_the_operator_neither_grants_nor_takes_over_who_oversees_it(role):
    operator, authority = (
        actor((Role.PLATFORM_OPERATOR, "320500")),
        actor((Role.DATA_AUTHORITY, "320500")),
    )
    grant = {"to_oneself": False, "kind": OrganisationKind.DEPARTMENT, "division": "320500"}
    with refused("role-above-operator"):
        rules.require_grant(operator, role=role, **grant)
    with refused("role-above-operator"):
        rules.require_managing(operator, [HeldRole(uuid4(), role, "320500")])
    rules.require_grant(authority, role=role, **grant)


def test_who_holds_no_role_is_managed_by_every_governing_body_and_by_nobody_else():
    assert rules.manages(actor((Role.PLATFORM_OPERATOR, "320505")), [])
    assert not rules.manages(actor((Role.OPENING_BODY, "320505")), [])
    assert not rules.manages(actor(), [])


@pytest.mark.parametrize(
    ("role", "kind", "division"),
    [
        (Role.DATA_AUTHORITY, OrganisationKind.ENTERPRISE, "320500"),
        (Role.SUPERVISOR, OrganisationKind.AGENCY, "320500"),
        (Role.THIRD_PARTY_AGENCY, OrganisationKind.DEPARTMENT, "320500"),
        (Role.OPENING_BODY, OrganisationKind.AGENCY, "320500"),
        (Role.PLATFORM_OPERATOR, OrganisationKind.ENTERPRISE, ""),
        (Role.REGISTRY, OrganisationKind.AGENCY, ""),
        (Role.OPENING_BODY, OrganisationKind.ENTERPRISE, ""),
    ],
)
def test_a_role_is_refused_where_it_does_not_exist(role, kind, division):
    with refused("role-not-for-organisation"):
        rules.require_grant(NODE, to_oneself=False, role=role, kind=kind, division=division)


@given(
    role=st.sampled_from(Role),
    kind=st.sampled_from(OrganisationKind),
    division=st.sampled_from(["", "320000", "320500", "320505", "110101"]),
    held=st.lists(st.tuples(st.sampled_from(Role), st.sampled_from(["320500", "320505", ""]))),
)
def test_nobody_without_a_governing_role_ever_grants_anything(role, kind, division, held):
    somebody = actor(*held)
    may = any(one in rules.GOVERNING_ROLES and rules.covers(where, division) for one, where in held)
    try:
        rules.require_grant(somebody, to_oneself=False, role=role, kind=kind, division=division)
    except Refusal as no:
        assert may or no.name == "not-governing"  # noqa: PT017
    else:
        assert may


# Organisations


def test_the_level_of_a_department_follows_from_its_division():
    for division, stored, level in [
        ("32", "320000", "province"),
        ("320500", "320500", "prefecture"),
        ("320505000000", "320505", "county"),
        ("441900003", "441900003", "township"),
    ]:
        found = rules.standing(
            OrganisationKind.DEPARTMENT, code="91350100M000100Y43", division=division, level=""
        )
        assert (found.division, found.level) == (stored, level)


def test_a_level_that_contradicts_the_division_is_refused():
    with refused("level-mismatch"):
        rules.standing(
            OrganisationKind.DEPARTMENT,
            code="91350100M000100Y43",
            division="320500",
            level="county",
        )


def test_a_village_has_no_department():
    with refused("level-mismatch"):
        rules.standing(
            OrganisationKind.DEPARTMENT,
            code="91350100M000100Y43",
            division="320505001001",
            level="",
        )


def test_a_department_without_a_division_is_refused_and_an_enterprise_is_not():
    with refused("division-missing"):
        rules.standing(
            OrganisationKind.DEPARTMENT, code="91350100M000100Y43", division=" ", level=""
        )
    found = rules.standing(
        OrganisationKind.ENTERPRISE, code=" 91350100m000100y43", division="", level=""
    )
    assert found == rules.Standing("91350100M000100Y43", "", "")


# Lock-out

MOMENTS = st.integers(0, 3600).map(lambda s: NOW + timedelta(seconds=s))
TRIES = st.lists(st.tuples(MOMENTS, st.booleans()), max_size=60).map(
    lambda tries: sorted(tries, key=lambda one: one[0])
)


def replay(
    tries: list[tuple[datetime, bool]], *, success_clears: bool
) -> tuple[list[rules.Attempt], list[datetime]]:
    """What is checked, and what is turned away, when these tries arrive (True: right password)."""
    checked: list[rules.Attempt] = []
    turned_away = []
    for at, right in tries:
        until = rules.locked_until(
            checked, limit=LIMIT, lock=LOCK, now=at, success_clears=success_clears
        )
        if until is None:
            checked.append(rules.Attempt(at, right))
        else:
            assert at < until <= at + LOCK
            turned_away.append(at)
    return checked, turned_away


@given(TRIES)
def test_no_stretch_of_the_lock_time_sees_more_wrong_guesses_than_the_limit(tries):
    checked, _ = replay([(at, False) for at, _ in tries], success_clears=True)
    for start in checked:
        within = [one for one in checked if start.at <= one.at < start.at + LOCK]
        assert len(within) <= LIMIT


@given(TRIES)
def test_between_two_successes_no_stretch_sees_more_wrong_guesses_than_the_limit(tries):
    checked, _ = replay(tries, success_clears=True)
    for index, start in enumerate(checked):
        failures = 0
        for one in checked[index:]:
            if one.succeeded or one.at >= start.at + LOCK:
                break
            failures += 1
        assert failures <= LIMIT


@given(TRIES)
def test_an_address_cannot_clear_its_failures_by_signing_in_to_its_own_account(tries):
    checked, _ = replay(tries, success_clears=False)
    for start in checked:
        failures = [
            one for one in checked if start.at <= one.at < start.at + LOCK and not one.succeeded
        ]
        assert len(failures) <= LIMIT


@given(TRIES, st.booleans())
def test_a_lock_ends_by_itself(tries, success_clears):
    checked, _ = replay(tries, success_clears=success_clears)
    later = max((one.at for one in checked), default=NOW) + LOCK
    assert (
        rules.locked_until(
            checked, limit=LIMIT, lock=LOCK, now=later, success_clears=success_clears
        )
        is None
    )


@given(TRIES, st.booleans())
def test_nobody_is_turned_away_before_the_limit_is_reached(tries, success_clears):
    checked, turned_away = replay(tries, success_clears=success_clears)
    for moment in turned_away:
        recent = [one for one in checked if moment - LOCK < one.at <= moment and not one.succeeded]
        assert len(recent) >= LIMIT


@given(TRIES, st.booleans())
def test_the_newest_attempts_up_to_the_limit_decide_as_all_of_them_do(tries, success_clears):
    """The service reads only so many rows: of a username all kinds, of an address the failures."""
    checked, _ = replay(tries, success_clears=success_clears)
    now = max((at for at, _ in tries), default=NOW)
    newest = [one for one in checked if success_clears or not one.succeeded][-LIMIT:]
    whole, part = (
        rules.locked_until(some, limit=LIMIT, lock=LOCK, now=now, success_clears=success_clears)
        for some in (checked, newest)
    )
    assert whole == part


def test_the_refusal_says_the_minutes_left_rounded_up():
    assert rules.locked(NOW + timedelta(seconds=61), NOW).facts["minutes"] == 2
    assert rules.locked(NOW + timedelta(milliseconds=1), NOW).facts["minutes"] == 1


# What is typed


def test_a_subscriber_of_ipv6_is_one_address():
    assert rules.address_block("2001:db8:1:2:aaaa::1") == rules.address_block("2001:db8:1:2::ffff")
    assert rules.address_block("2001:db8:1:3::1") != rules.address_block("2001:db8:1:2::1")
    assert rules.address_block("::ffff:203.0.113.7") == "203.0.113.7"
    assert rules.address_block("203.0.113.7") == "203.0.113.7"
    assert rules.address_block("fe80::1%eth0") == "fe80::/64"
    assert len(rules.address_block("2001:db8:1:2:aaaa:bbbb:cccc:dddd")) <= 49


@pytest.mark.parametrize("address", [None, "", "unix:", "testclient"])
def test_an_unknown_address_is_no_address(address):
    assert rules.address_block(address) == ""


@given(st.text())
def test_every_typed_username_is_either_refused_or_stored_in_one_way(text):
    try:
        stored = rules.username(text)
    except Refusal as no:
        assert no.name == "username-shape"  # noqa: PT017
    else:
        assert rules.username(stored) == stored
        assert stored.isascii()
        assert len(stored) <= 64
    key = b"k" * 32
    assert len(rules.username_digest(text, key)) == 64


def test_capitals_and_full_width_letters_are_the_same_username():
    assert rules.username(" Ｌｉ.Ｍin ") == "li.min"
    key = b"k" * 32
    assert rules.username_digest("Ｌi.min", key) == rules.username_digest("li.MIN ", key)
    assert rules.username_digest("li.min", key) != rules.username_digest("li.min", b"l" * 32)


@pytest.mark.parametrize("text", ["", "a", "-ab", "a b", "аdmin", "x" * 65, "a\x00b", "李敏"])
def test_a_username_that_could_be_mistaken_is_refused(text):
    with refused("username-shape"):
        rules.username(text)


def test_periods_that_end_before_they_begin_or_now_are_refused():
    hour = timedelta(hours=1)
    rules.require_period(NOW, None, NOW)
    rules.require_period(NOW, NOW + hour, NOW)
    for begin, end in [(NOW, NOW), (NOW + hour, NOW), (NOW - 2 * hour, NOW - hour)]:
        with refused("period-wrong"):
            rules.require_period(begin, end, NOW)


@given(st.tuples(MOMENTS, st.none() | MOMENTS), st.tuples(MOMENTS, st.none() | MOMENTS))
def test_two_periods_overlap_when_some_second_lies_in_both(first, second):
    def seconds(period):
        begin, end = period
        last = NOW + timedelta(seconds=3601) if end is None else end
        return {begin + timedelta(seconds=s) for s in range(int((last - begin).total_seconds()))}

    if any(end is not None and end <= begin for begin, end in (first, second)):
        return
    assert rules.overlap(first, second) is bool(seconds(first) & seconds(second))


def test_a_key_needs_at_least_one_known_scope():
    assert rules.scopes(["rows:read", "rows:read"]) == {Scope.ROWS_READ}
    for names in ([], ["rows:write"], ["rows:read", "*"]):
        with refused("api-key-scopes"):
            rules.scopes(names)


# One-time codes

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_6238 = [  # appendix B, SHA-1; the codes of this node are the last six of its eight digits
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]


@pytest.mark.parametrize(("seconds", "code"), RFC_6238)
def test_the_vectors_of_rfc_6238_are_accepted(seconds, code):
    at = datetime.fromtimestamp(seconds, UTC)
    assert rules.totp_step(RFC_SECRET, code[-6:], at) == seconds // 30


def test_a_code_is_accepted_one_step_early_or_late_and_no_further():
    step, code = 1111111109 // 30, "081804"
    for drift, expected in [(-2, None), (-1, step), (0, step), (1, step), (2, None)]:
        at = datetime.fromtimestamp((step + drift) * 30 + 5, UTC)
        assert rules.totp_step(RFC_SECRET, code, at) == expected


@pytest.mark.parametrize("code", ["", "28708", "2870822", "28708a", "２８７０８２", "287083"])
def test_what_is_not_the_code_is_refused(code):
    assert rules.totp_step(RFC_SECRET, code, datetime.fromtimestamp(59, UTC)) is None


def test_a_code_may_be_typed_in_two_groups():
    assert rules.totp_step(RFC_SECRET, "287 082", datetime.fromtimestamp(59, UTC)) == 1


def test_no_code_works_twice_nor_an_older_one_after_it():
    assert rules.is_fresh(5, None)
    assert rules.is_fresh(6, 5)
    assert not rules.is_fresh(5, 5)
    assert not rules.is_fresh(4, 5)


def test_a_text_that_is_no_key_is_not_looked_up():
    whole = rules.api_key_text("0123456789", "A" * 43)
    assert rules.looks_like_api_key(whole)
    for text in ("", whole[:-1], whole + "A", whole.replace("wsk", "sk"), whole + "\n"):
        assert not rules.looks_like_api_key(text)
