"""A clerk's desk: hands in bytes, confirms what was found, and has them loaded, by the real services."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pytest

from tests.parties.conftest import COUNTY, PROVINCE, World
from wushu.catalog import services as catalog
from wushu.catalog.types import Attribute, EntryView, FieldSpec, Metadata
from wushu.dataplane import services
from wushu.dataplane.ingest import store
from wushu.dataplane.ingest.views import load_view
from wushu.dataplane.models import Load
from wushu.dataplane.types import Found, LoadView, Profile, UploadView
from wushu.parties.types import Actor, Role


def metadata(attribute: Attribute = Attribute.UNCONDITIONAL) -> Metadata:
    return Metadata(
        title_zh="经营许可信息",
        description_zh="全市经营许可的编号、名称和日期。",
        attribute=attribute,
        attribute_reason="许可信息依法公开，不涉及秘密。",
        attribute_basis="" if attribute is Attribute.UNCONDITIONAL else "某条例第三条",
        conditions="" if attribute is not Attribute.CONDITIONAL else "科研机构，用于研究",
        keywords=("许可",),
        theme="GOVE",
        update_cycle="MONTHLY",
        licence="http://publications.europa.eu/resource/authority/licence/CC_BY_4_0",
        contact_name="数据科",
        contact_email="data@city.example",
    )


@dataclass
class Loaded:
    """A loaded version with its files."""

    load: LoadView
    entry: UUID
    number: int

    @property
    def folder(self) -> Path:
        return store.version_path(self.entry, self.number)

    @property
    def manifest(self) -> dict[str, Any]:
        return json.loads((self.folder / "manifest.json").read_bytes())

    @property
    def profile(self) -> Profile:
        return Profile.from_json(json.loads((self.folder / "profile.json").read_bytes()))

    def data(self, columns: str = "*") -> list[tuple[Any, ...]]:
        return duckdb.sql(f"SELECT {columns} FROM '{self.folder}/data.parquet'").fetchall()

    def types(self) -> dict[str, str]:
        rows = duckdb.sql(f"DESCRIBE SELECT * FROM '{self.folder}/data.parquet'").fetchall()
        return {row[0]: row[1] for row in rows}

    def rejects(self) -> list[dict[str, Any]]:
        found = duckdb.sql(f"SELECT * FROM '{self.folder}/rejects.parquet' ORDER BY \"row\"")
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


@dataclass
class Desk:
    """One clerk of one department, and the authority above it."""

    clerk: Actor
    reviewer: Actor
    stranger: Actor
    body: UUID

    def receive(self, content: bytes, name: str = "a.csv", encoding: str = "") -> UploadView:
        return services.upload_receive(
            actor=self.clerk, body=self.body, name=name, stream=io.BytesIO(content),
            encoding=encoding, enqueue=False,
        )  # fmt: skip

    def look(self, content: bytes, name: str = "a.csv", encoding: str = "") -> LoadView:
        """Hand in and look into."""
        upload = self.receive(content, name, encoding)
        services.load_inspect(upload.load)
        return self.view(upload.load)

    def found(self, content: bytes, name: str = "a.csv", encoding: str = "") -> Found:
        found = self.look(content, name, encoding).found
        assert found is not None
        return found

    def view(self, load: UUID) -> LoadView:
        return load_view(Load.objects.select_related("upload").get(pk=load))

    def entry(
        self, fields: Sequence[FieldSpec], attribute: Attribute = Attribute.UNCONDITIONAL
    ) -> EntryView:
        return catalog.entry_create(
            actor=self.clerk, body=self.body, slug=None, metadata=metadata(attribute), fields=fields
        )

    def confirm(
        self,
        load: LoadView,
        fields: Sequence[FieldSpec] | None = None,
        entry: UUID | None = None,
        positions: Sequence[int] | None = None,
    ) -> LoadView:
        assert load.found is not None
        chosen = fields or [column.proposal for column in load.found.columns]
        entry = entry or self.entry(chosen).id
        return services.load_confirm(
            actor=self.clerk, load=load.id, fields=chosen, entry=entry, positions=positions,
            enqueue=False,
        )  # fmt: skip

    def load(
        self,
        content: bytes,
        fields: Sequence[FieldSpec] | None = None,
        name: str = "a.csv",
        encoding: str = "",
        entry: UUID | None = None,
        positions: Sequence[int] | None = None,
    ) -> Loaded:
        """The whole way in; an AssertionError names the refusal of a load that failed."""
        looked = self.look(content, name, encoding)
        assert looked.found is not None, looked.refusal
        confirmed = self.confirm(looked, fields, entry, positions)
        services.load_run(confirmed.id)
        done = self.view(confirmed.id)
        assert done.version is not None, done.refusal
        assert done.entry is not None
        return Loaded(done, done.entry, self._number(done.entry))

    def _number(self, entry: UUID) -> int:
        return max(int(path.name) for path in (store.versions() / str(entry)).iterdir())


@pytest.fixture
def desk(db, node_home, settings) -> Desk:
    settings.PASSWORD_HASHERS = ["tests.parties.hashers.CheapArgon2"]
    world = World()
    clerk = world.actor("clerk", Role.OPENING_BODY)
    return Desk(
        clerk=clerk,
        reviewer=world.actor("reviewer", Role.DATA_AUTHORITY, division=PROVINCE),
        stranger=world.actor("stranger", Role.OPENING_BODY, division=COUNTY),
        body=next(iter(clerk.organisations)),
    )
