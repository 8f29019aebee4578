"""Two bodies of a city, its data authority, and somebody of each, for tests of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from wushu.catalog import selectors, services
from wushu.catalog.selectors import finding
from wushu.catalog.types import Attribute, EntryView, FieldSpec, FieldType, Metadata, VersionView
from wushu.evidence import services as evidence
from wushu.kernel.identifiers.credit_code import check_character
from wushu.parties import services as parties
from wushu.parties.types import NODE, Actor, HeldRole, OrganisationKind, OrganisationView, Role

CITY, COUNTY, OTHER_CITY = "320500", "320505", "320600"

METADATA = Metadata(
    title_zh="公共停车场分布",
    title_en="Public car parks",
    description_zh="全市公共停车场的名称、位置和泊位数。",
    description_en="Name, place and number of spaces of the city's public car parks.",
    keywords=("停车", "parking"),
    theme="TRAN",
    attribute=Attribute.UNCONDITIONAL,
    attribute_reason="停车场位置是公共服务信息，不涉及秘密和个人信息。",
    update_cycle="MONTHLY",
    licence="http://publications.europa.eu/resource/authority/licence/CC_BY_4_0",
    contact_name="数据科",
    contact_email="data@city.example",
)
FIELDS = (
    FieldSpec("编号", key=True, required=True),
    FieldSpec("名称", title_en="Name", description="停车场名称"),
    FieldSpec("泊位数", type=FieldType.INTEGER, unit="个"),
)

_numbers = count(1)


def credit_code() -> str:
    """The next valid credit code that nobody has."""
    first_17 = f"11320500{next(_numbers):09d}"
    return first_17 + check_character(first_17)


def actor(name: str, *roles: HeldRole, **changes: Any) -> Actor:
    """A person at the desk with these roles."""
    account, person = uuid4(), uuid4()
    made = Actor(
        urn=f"urn:uuid:{account}", name=name, account=account, person=person, roles=tuple(roles)
    )
    return replace(made, **changes)


@dataclass
class City:
    """Makes what a test needs through the real services."""

    transport: OrganisationView
    health: OrganisationView
    authority: OrganisationView
    clerk: Actor = field(init=False)
    colleague: Actor = field(init=False)
    stranger: Actor = field(init=False)
    reviewer: Actor = field(init=False)

    def __post_init__(self) -> None:
        self.clerk = self.clerk_of(self.transport, "交通经办人")
        self.colleague = self.clerk_of(self.transport, "交通同事")
        self.stranger = self.clerk_of(self.health, "卫健经办人")
        self.reviewer = self.reviewer_of(self.authority, "审核人")

    def clerk_of(self, body: OrganisationView, name: str = "经办人") -> Actor:
        return actor(name, HeldRole(body.id, Role.OPENING_BODY, body.division))

    def reviewer_of(self, body: OrganisationView, name: str = "审核人") -> Actor:
        return actor(name, HeldRole(body.id, Role.DATA_AUTHORITY, body.division))

    def body(self, name_zh: str, division: str = CITY, name_en: str = "") -> OrganisationView:
        return parties.organisation_register(
            actor=NODE, kind=OrganisationKind.DEPARTMENT, code=credit_code(), name_zh=name_zh,
            name_en=name_en, division=division, contact_email="office@city.example",
        )  # fmt: skip

    def draft(
        self, metadata: Metadata = METADATA, *, by: Actor | None = None, slug: str | None = None
    ) -> EntryView:
        by = by or self.clerk
        body = by.roles[0].organisation
        return services.entry_create(
            actor=by, body=body, slug=slug, metadata=metadata, fields=FIELDS
        )

    def load(self, entry: EntryView, number: int = 1, *, by: Actor | None = None) -> VersionView:
        by = by or self.clerk
        version = services.version_add(
            actor=by, entry=entry.id, number=number, manifest_sha256=f"{number:064x}",
            source_name="停车场.csv", source_sha256="ab" * 32, source_bytes=2048,
            rows_declared=12, rows_loaded=11, rows_rejected=1, parquet_bytes=1500,
            parquet_sha256="cd" * 32,
        )  # fmt: skip
        services.revision_draft(actor=by, entry=entry.id, version=version.id)
        return version

    def submitted(self, metadata: Metadata = METADATA, *, by: Actor | None = None) -> EntryView:
        by = by or self.clerk
        entry = self.draft(metadata, by=by)
        if metadata.attribute is not Attribute.NONE:
            self.load(entry, by=by)
        services.revision_submit(actor=by, revision=self.newest(entry, by))
        return selectors.entry_by_id(entry.id, actor=by)

    def listed(self, metadata: Metadata = METADATA, *, by: Actor | None = None) -> EntryView:
        entry = self.submitted(metadata, by=by)
        assert entry.revision is not None
        return services.revision_pass_gate(actor=self.reviewer, revision=entry.revision.id)

    def newest(self, entry: EntryView, by: Actor | None = None) -> UUID:
        shown = selectors.entry_by_id(entry.id, actor=by or self.clerk).revision
        assert shown is not None
        return shown.id


@pytest.fixture
def node(db: None, node_home: Path) -> Any:
    """An initialised node, whose secrets and search index are this test's own."""
    finding._bodies.cache_clear()
    return evidence.node_initialise(
        origin="test.example/wushu", identifier_base="https://id.test.example",
        region_zh="示范市", region_en="Model City", division=CITY,
    )  # fmt: skip


@pytest.fixture
def city(node: Any) -> City:
    return make_city()


def make_city() -> City:
    def department(name_zh: str, name_en: str) -> OrganisationView:
        return parties.organisation_register(
            actor=NODE, kind=OrganisationKind.DEPARTMENT, code=credit_code(), name_zh=name_zh,
            name_en=name_en, division=CITY, contact_email="office@city.example",
        )  # fmt: skip

    return City(
        transport=department("交通运输局", "Transport Bureau"),
        health=department("卫生健康委员会", "Health Commission"),
        authority=department("数据局", "Data Bureau"),
    )
