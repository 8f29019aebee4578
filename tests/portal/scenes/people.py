"""The bodies and the people of the scenes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pyotp

from tests.portal.scenes import HOSTILE, PASSWORD, Scenes
from wushu.config.commands.node import prepare_database
from wushu.evidence import services as evidence
from wushu.parties import selectors, services
from wushu.parties.types import NODE, Actor, OrganisationKind, Role


def initialise() -> None:
    prepare_database()
    evidence.node_initialise(
        origin="scenes.example/log",
        identifier_base="http://scenes.example",
        region_zh="示例市",
        region_en="Sample City",
        division="329900",
    )


@dataclass
class People:
    transport: UUID
    enterprise: UUID
    parks: UUID
    forests: UUID
    """Of a county, which applies rules."""
    clerk: Actor
    keeper: Actor
    """The clerk of the parks bureau."""
    forester: Actor
    """The clerk of the county's forests."""
    reviewer: Actor


def admitted(made: Scenes) -> People:
    def register(kind: OrganisationKind, code: str, zh: str, en: str, **more: str) -> UUID:
        return services.organisation_register(
            actor=NODE, kind=kind, code=code, name_zh=zh, name_en=en,
            **{"division": "329900", **more},
        ).id  # fmt: skip

    department = OrganisationKind.DEPARTMENT
    authority = register(department, "11329900DEM0000146", "示例市数据局", "Data Bureau")
    transport = register(
        department, "11329900DEM000057K", "示例市交通运输局", "Transport Bureau",
        contact_name="综合运输科", contact_email="transport@scenes.example",
    )  # fmt: skip
    enterprise = register(
        OrganisationKind.ENTERPRISE, "91329900DEM001017E", "示例出行公司", "Sample Mobility"
    )
    parks = register(
        department, "11329900DEM0000739", "示例市园林局", "Parks Bureau",
        contact_email="parks@scenes.example",
    )  # fmt: skip
    forests = register(
        department, "11329902DEM0000811", "西山县林业局", "Forestry Bureau of Xishan",
        contact_email="forests@scenes.example", division="329902",
    )  # fmt: skip
    services.organisation_place(actor=NODE, organisation=enterprise, above=transport)
    made.code = "11329900DEM000057K"

    def admit(username: str, name: str, organisation: UUID | None, role: Role | None) -> None:
        person = services.person_register(actor=NODE, name=name)
        if role is not None:
            services.membership_grant(
                actor=NODE, person=person, organisation=organisation, role=role
            )
        services.account_create(actor=NODE, username=username, password=PASSWORD, person=person)

    admit("clerk", "陈路", transport, Role.OPENING_BODY)
    admit("keeper", "柳园", parks, Role.OPENING_BODY)
    admit("forester", "林巡", forests, Role.OPENING_BODY)
    admit("reviewer", "周正", authority, Role.DATA_AUTHORITY)
    admit("steward", "孙理", authority, Role.PLATFORM_OPERATOR)
    admit("analyst", "冯远", enterprise, Role.DATA_USER)
    admit("citizen", "白雪", None, None)
    admit("holder", "袁权", None, Role.INTERESTED_PARTY)
    admit("besieged", "魏困", None, None)
    admit("careful", "沈慎", transport, Role.OPENING_BODY)
    _codes("careful", made)
    newcomer = services.person_register(actor=NODE, name="新来")
    begun = services.account_create(actor=NODE, username="newcomer", password=None, person=newcomer)
    ticket = services.password_link_issue(actor=NODE, account=begun)
    made.keys["begin"] = f"{begun}/{ticket}"
    clerk = selectors.actor_for_username("clerk")
    key, _secret = services.api_key_issue(
        actor=clerk, name="夜间报表", scopes=["rows:read"], password=PASSWORD
    )
    made.keys["live"] = str(key.id)
    gone, _secret = services.api_key_issue(
        actor=clerk, name=HOSTILE[:90], scopes=["rows:read"], password=PASSWORD
    )
    services.api_key_revoke(actor=clerk, key=gone.id)
    keeper, forester, reviewer = map(
        selectors.actor_for_username, ("keeper", "forester", "reviewer")
    )
    return People(transport, enterprise, parks, forests, clerk, keeper, forester, reviewer)


def _codes(username: str, made: Scenes) -> None:
    """Give an account one-time codes, with a code of the past minute so that the next one is new."""
    actor = selectors.actor_for_username(username)
    setup = services.totp_begin(actor=actor, password=PASSWORD)
    earlier = datetime.now(UTC) - timedelta(seconds=30)
    services.totp_confirm(
        actor=actor, ticket=setup.ticket, code=pyotp.TOTP(setup.secret).at(earlier)
    )
    made.secrets[username] = setup.secret
