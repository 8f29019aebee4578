"""A node with a log, and acts to put into it."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from wushu.evidence import services
from wushu.evidence.types import NodeView
from wushu.parties.models import Organisation

ORIGIN = "data.example.gov.cn/log"


def initialise() -> NodeView:
    return services.node_initialise(
        origin=ORIGIN,
        identifier_base="https://id.example.gov.cn/",
        region_zh="示例市",
        region_en="Example",
        division="440300",
    )


@pytest.fixture
def node(db: None, node_home: Path) -> NodeView:
    """A node whose log holds its first entry."""
    return initialise()


def organisation(**fields: str) -> Organisation:
    """An unsaved organisation that no other has the code of."""
    key = uuid.uuid4()
    values = {"kind": "enterprise", "name_zh": "企业", "code": key.hex[:18].upper(), **fields}
    return Organisation(id=key, created_at=timezone.now(), **values)


def register(count: int = 1, **data: object) -> list[Organisation]:
    """Register organisations, each in an act of its own."""
    made = []
    for _ in range(count):
        with transaction.atomic():
            row = organisation()
            row.save(force_insert=True)
            services.record(
                "parties.organisation.registered",
                actor="urn:uuid:actor",
                subject=f"urn:uuid:{row.pk}",
                data={"code": row.code, **data},
                rows=[row],
            )
        made.append(row)
    return made


def mention(count: int) -> None:
    """Record acts that wrote no row: entries at little cost."""
    with transaction.atomic():
        for number in range(count):
            services.record(
                "test.thing.mentioned",
                actor="urn:uuid:actor",
                subject="urn:uuid:thing",
                data={"number": number},
                rows=[],
            )
