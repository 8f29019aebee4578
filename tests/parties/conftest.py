"""A province, a city and a county, with somebody who governs each, for tests of who may what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pyotp
import pytest

from wushu.kernel.identifiers.credit_code import check_character
from wushu.parties import selectors, services
from wushu.parties.types import NODE, Actor, OrganisationKind, OrganisationView, Role

PASSWORD = "hangs together loosely 42"
PROVINCE, CITY, COUNTY, OTHER_COUNTY, OTHER_CITY = "320000", "320500", "320505", "320506", "320600"

_numbers = count(1)


@pytest.fixture(autouse=True)
def _cheap_hashing(settings):
    settings.PASSWORD_HASHERS = ["tests.parties.hashers.CheapArgon2"]


def credit_code(prefix: str = "11320500") -> str:
    """The next valid credit code that nobody has."""
    first_17 = f"{prefix}{next(_numbers):09d}"
    return first_17 + check_character(first_17)


@dataclass
class World:
    """Makes what a test needs through the real services, as the node."""

    bodies: dict[str, OrganisationView] = field(default_factory=dict)

    def department(self, division: str = CITY) -> OrganisationView:
        """A department of the division, the same one when asked again."""
        if division not in self.bodies:
            self.bodies[division] = services.organisation_register(
                actor=NODE,
                kind=OrganisationKind.DEPARTMENT,
                code=credit_code(),
                name_zh=f"{division}数据局",
                division=division,
            )
        return self.bodies[division]

    def organisation(self, kind: OrganisationKind, division: str = "") -> OrganisationView:
        """A new organisation of the kind."""
        return services.organisation_register(
            actor=NODE, kind=kind, code=credit_code(), name_zh="某单位", division=division
        )

    def person(self, name: str = "张三", *roles: Role, division: str = CITY) -> UUID:
        """A person with these roles in the division's department."""
        person = services.person_register(actor=NODE, name=name)
        for role in roles:
            services.membership_grant(
                actor=NODE,
                person=person,
                organisation=self.department(division).id,
                role=role,
            )
        return person

    def account(self, username: str, *roles: Role, division: str = CITY) -> UUID:
        """An account of a new person, with ``PASSWORD``."""
        return services.account_create(
            actor=NODE,
            username=username,
            password=PASSWORD,
            person=self.person(f"姓名{username}", *roles, division=division),
        )

    def actor(self, username: str, *roles: Role, division: str = CITY) -> Actor:
        """A signed-in actor with these roles."""
        return selectors.actor_for_account(self.account(username, *roles, division=division))


@pytest.fixture
def world(db) -> World:
    return World()


@pytest.fixture
def operator(world: World) -> Actor:
    return world.actor("operator", Role.PLATFORM_OPERATOR)


@pytest.fixture
def authority(world: World) -> Actor:
    return world.actor("authority", Role.DATA_AUTHORITY)


@pytest.fixture
def clerk(world: World) -> Actor:
    return world.actor("clerk", Role.OPENING_BODY)


class Clock:
    """The time as services read it, moved by the test."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 9, 0, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch, world) -> Clock:
    made = Clock()
    monkeypatch.setattr("django.utils.timezone.now", made)
    return made


@pytest.fixture
def device(clock, clerk) -> pyotp.TOTP:
    """The clerk's app, set up; a step later, so that its next code is new."""
    setup = services.totp_begin(actor=clerk, password=PASSWORD)
    app = pyotp.TOTP(setup.secret)
    services.totp_confirm(actor=clerk, ticket=setup.ticket, code=app.at(clock()))
    clock.forward(30)
    return app
