"""Published datasets for tests of reading: rows of the catalogue, real Parquet and serving files.

They are written directly, so that these tests do not depend on ingest and review; the journeys go
through the services.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.utils import timezone

from tests.parties.conftest import World, credit_code
from wushu.catalog.models import Entry, Revision, Version
from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane import serving
from wushu.dataplane.models import Grant
from wushu.dataplane.query.types import Condition
from wushu.dataplane.types import NO_QUOTA, Quota
from wushu.parties import selectors as parties_selectors
from wushu.parties import services as parties
from wushu.parties.types import NODE, Actor, OrganisationKind, OrganisationView, Role, Scope
from wushu.privacy.types import Mask

ARROW = {
    FieldType.TEXT: pa.string(),
    FieldType.INTEGER: pa.int64(),
    FieldType.DECIMAL: pa.decimal128(38, 2),
    FieldType.NUMBER: pa.float64(),
    FieldType.DATE: pa.date32(),
    FieldType.DATETIME: pa.timestamp("us"),
    FieldType.BOOLEAN: pa.bool_(),
}

FIELDS = (
    FieldSpec("code", key=True),
    FieldSpec("区 名"),
    FieldSpec("level", FieldType.INTEGER),
    FieldSpec("fee", FieldType.DECIMAL, "2"),
    FieldSpec("ratio", FieldType.NUMBER),
    FieldSpec("opened", FieldType.DATE),
    FieldSpec("seen", FieldType.DATETIME),
    FieldSpec("active", FieldType.BOOLEAN),
    FieldSpec("note"),
)
DISTRICTS = ("姑苏区", "虎丘区", "吴中区", "相城区", "吴江区")


def table(rows: int = 1000) -> list[tuple[Any, ...]]:
    """Rows of ``FIELDS``: every 5th of one district, some without values, some awkward."""
    made = []
    for n in range(rows):
        note = f"备注 {n}"
        if n % 97 == 3:
            note = '=HYPERLINK("http://x","y")'
        elif n % 97 == 4:
            note = '含"引号",逗号\n换行'
        elif n % 97 == 5:
            note = ""
        made.append(
            (
                f"3205{n:06d}",
                DISTRICTS[n % 5],
                n % 7 if n % 11 else None,
                Decimal(n * 7 % 1000) / 4,
                None if n % 13 == 0 else n / 8,
                date(2020, 1, 1) + timedelta(days=n % 400),
                datetime(2021, 5, 1) + timedelta(minutes=n),  # noqa: DTZ001  (without a zone)
                n % 2 == 0,
                note if n % 17 else None,
            )
        )
    return made


def write_parquet(path: Path, fields: tuple[FieldSpec, ...], rows: list[tuple[Any, ...]]) -> None:
    """The contract with ingest: ``_row`` first, then the fields."""
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = pa.schema(
        [pa.field("_row", pa.int64()), *(pa.field(f.name, ARROW[f.type]) for f in fields)]
    )
    columns = [
        pa.array(range(1, len(rows) + 1), pa.int64()),
        *(pa.array([row[n] for row in rows], ARROW[f.type]) for n, f in enumerate(fields)),
    ]
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), path, row_group_size=300)


def as_json(row: tuple[Any, ...], fields: tuple[FieldSpec, ...] = FIELDS) -> dict[str, Any]:
    """The JSON form a reader gets."""
    texts = (Decimal, date, datetime)
    values = [
        None if v is None
        else f"{v:.2f}" if isinstance(v, Decimal)
        else v.isoformat() if isinstance(v, texts)
        else v
        for v in row
    ]  # fmt: skip
    return dict(zip((f.name for f in fields), values, strict=True))


@dataclass
class Dataset:
    """A listed dataset of one version."""

    entry: Entry
    version: Version
    fields: tuple[FieldSpec, ...]
    rows: list[tuple[Any, ...]]

    @property
    def slug(self) -> str:
        return self.entry.slug

    @property
    def id(self) -> UUID:
        return self.entry.pk

    @property
    def folder(self) -> Path:
        return settings.OBJECTS_DIR / "versions" / str(self.id) / str(self.version.number)

    @property
    def serving(self) -> Path:
        return settings.SERVING_DIR / str(self.id) / str(self.version.number) / "serving.tar"

    @property
    def json(self) -> list[dict[str, Any]]:
        """All rows in their JSON form."""
        return [as_json(row, self.fields) for row in self.rows]


def publish(
    slug: str = "streets",
    *,
    fields: tuple[FieldSpec, ...] = FIELDS,
    rows: list[tuple[Any, ...]] | None = None,
    conditions: str = "",
) -> Dataset:
    """A listed dataset without any grant."""
    now = timezone.now()
    body = parties.organisation_register(
        actor=NODE,
        kind=OrganisationKind.DEPARTMENT,
        code=credit_code(),
        name_zh="苏州市数据局",
        division="320500",
    )
    entry = Entry.objects.create(
        slug=slug, body_id=body.id, state="draft", created_at=now, changed_at=now
    )
    revision = Revision.objects.create(
        entry=entry, number=1, state="listed", title_zh=f"街道名录 {slug}", theme="REGI",
        attribute="conditional" if conditions else "unconditional", attribute_reason="公开信息",
        conditions=conditions, update_cycle="ANNUAL", spatial="320500", licence="",
        fields=[f.as_json() for f in fields], created_by="urn:uuid:a",
        created_at=now, submitted_by="urn:uuid:a", submitted_at=now, listed_by="urn:uuid:b",
        listed_at=now,
    )  # fmt: skip
    data = table() if rows is None else rows
    made = add_version(entry, 1, fields, data)
    revision.version = made
    revision.save()
    entry.listed_revision = revision
    entry.state = "listed"
    entry.listed_at = now
    entry.save()
    return Dataset(entry, made, fields, data)


def add_version(
    entry: Entry, number: int, fields: tuple[FieldSpec, ...], rows: list[tuple[Any, ...]]
) -> Version:
    """Files and row of one more version; no revision refers to it yet."""
    folder = settings.OBJECTS_DIR / "versions" / str(entry.pk) / str(number)
    parquet = folder / "data.parquet"
    write_parquet(parquet, fields, rows)
    served = serving.build(
        parquet, fields, settings.SERVING_DIR / str(entry.pk) / str(number) / "serving.tar"
    )
    manifest = {
        "fields": [f.as_json() for f in fields],
        "files": [
            {
                "role": "data",
                "path": "data.parquet",
                "sha256": hashlib.sha256(parquet.read_bytes()).hexdigest(),
                "bytes": parquet.stat().st_size,
            }
        ],
        "derived": [{"layout": served.layout, "sha256": served.sha256, "bytes": served.bytes}],
    }
    document = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(document)
    return Version.objects.create(
        entry=entry, number=number, manifest_sha256=hashlib.sha256(document).hexdigest(),
        source_name="a.csv", source_sha256="0" * 64, source_bytes=1, rows_declared=len(rows),
        rows_loaded=len(rows), rows_rejected=0, parquet_bytes=parquet.stat().st_size,
        created_at=timezone.now(),
    )  # fmt: skip


def grant(
    dataset: Dataset,
    to: UUID | None = None,
    *,
    kind: str = "",
    columns: list[str] | None = None,
    row_filter: tuple[Condition, ...] = (),
    valid_from: datetime = datetime(2020, 1, 1, tzinfo=UTC),
    valid_until: datetime | None = None,
    revoked_at: datetime | None = None,
    masks: tuple[Mask, ...] = (),
    quota: Quota = NO_QUOTA,
) -> Grant:
    """A grant for everybody, or for the person or organisation ``to``."""
    return Grant.objects.create(
        dataset=dataset.id, grantee_kind=kind or ("person" if to else "public"), grantee=to,
        columns=columns, row_filter=[one.as_json() for one in row_filter], purpose="研究",
        basis=f"urn:uuid:{uuid4()}", valid_from=valid_from, valid_until=valid_until,
        revoked_at=revoked_at, revoked_reason="用途不符" if revoked_at else "",
        created_at=timezone.now(), masks=[one.as_json() for one in masks],
        rows_a_day=quota.rows, requests_a_day=quota.requests,
    )  # fmt: skip


def list_newer(dataset: Dataset, newer: Version) -> None:
    """List a newer version of the dataset."""
    before = dataset.entry.listed_revision
    assert before is not None
    Revision.objects.filter(pk=before.pk).update(state="superseded")
    listed = Revision.objects.get(pk=before.pk)
    listed.pk, listed.number, listed.state, listed.version = uuid4(), 2, "listed", newer
    listed.save(force_insert=True)
    dataset.entry.listed_revision = listed
    dataset.entry.save()


@dataclass
class Reader:
    """Somebody with an account and an API key."""

    actor: Actor
    key: str
    organisation: OrganisationView


def reader(username: str = "analyst", *scopes: Scope) -> Reader:
    """A data user of an enterprise, with a key for reading rows (or for ``scopes``)."""
    world = World()
    enterprise = world.organisation(OrganisationKind.ENTERPRISE)
    person = parties.person_register(actor=NODE, name="王五")
    parties.membership_grant(
        actor=NODE, person=person, organisation=enterprise.id, role=Role.DATA_USER
    )
    account = parties.account_create(
        actor=NODE, username=username, password="hangs together loosely 42", person=person
    )
    actor = parties_selectors.actor_for_account(account)
    _, key = parties.api_key_issue(
        actor=NODE, account=account, name="test", scopes=frozenset(scopes or (Scope.ROWS_READ,))
    )
    return Reader(actor, key, enterprise)
