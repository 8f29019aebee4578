"""What a clerk and a reviewer do with a dataset, one step each, by the real services."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from tests.portal.scenes import Scenes
from tests.portal.scenes.people import People
from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import Attribute, EntryView, FieldSpec, FieldType, Metadata, RevisionView
from wushu.dataplane import selectors, services
from wushu.dataplane.types import UploadState

_KNOWN: dict[str, dict[str, Any]] = {
    "编号": {"key": True},
    "线路数": {"type": FieldType.INTEGER, "unit": "条"},
    "启用日期": {
        "type": FieldType.DATE,
        "format": "%Y-%m-%d",
        "null_meaning": "尚未启用 / not in use yet",
    },
    "等级": {"code_list": (("a", "枢纽站 / hub"), ("b", "干线站"), ("c", "支线站"))},
}
"""What the clerk says of columns with these names."""


class Steps:
    """Those of the transport bureau's clerk and the reviewer, unless told otherwise."""

    def __init__(self, people: People, made: Scenes) -> None:
        self.people = people
        self.made = made
        self.clerk = people.clerk
        self.body = people.transport

    def metadata(self, title: str, **more: Any) -> Metadata:
        plain = Metadata(
            title_zh=title,
            title_en=f"{title} (in English)",
            description_zh=f"{title}：全市公交站点的编号、名称和线路数，每月更新。",
            description_en="Bus stops of the city with their number, name and lines.",
            attribute=Attribute.UNCONDITIONAL,
            attribute_reason="公共服务信息，不涉及秘密和个人信息。",
            attribute_basis="《示例办法》第七条",
            keywords=("公交", "bus"),
            theme="TRAN",
            update_cycle="MONTHLY",
            spatial="329900",
            temporal_start=date(2026, 1, 1),
            licence="https://creativecommons.org/licenses/by/4.0/",
            source_note="公交调度系统",
        )
        return replace(plain, **more)

    def create(self, slug: str, metadata: Metadata, fields: Iterable[FieldSpec] = ()) -> EntryView:
        return catalog_services.entry_create(
            actor=self.clerk, body=self.body, slug=slug, metadata=metadata, fields=list(fields)
        )

    def receive(self, name: str, content: bytes) -> UUID:
        return services.upload_receive(
            actor=self.clerk, body=self.body, name=name, stream=io.BytesIO(content), enqueue=False
        ).load

    def look(self, name: str, content: bytes) -> UUID:
        load = self.receive(name, content)
        services.load_inspect(load)
        return load

    def confirm(
        self, load: UUID, entry: EntryView, fields: Iterable[FieldSpec] | None = None
    ) -> UUID:
        found = selectors.load(load, actor=self.clerk).found
        assert found is not None
        proposed = [
            replace(one.proposal, **_KNOWN.get(one.proposal.name, {})) for one in found.columns
        ]
        services.load_confirm(
            actor=self.clerk, load=load, fields=list(fields or proposed), entry=entry.id,
            enqueue=False,
        )  # fmt: skip
        return load

    def load(self, load: UUID, entry: EntryView, fields: Iterable[FieldSpec] | None = None) -> UUID:
        self.confirm(load, entry, fields)
        services.load_run(load)
        done = selectors.load(load, actor=self.clerk)
        if done.state is not UploadState.LOADED:
            raise RuntimeError(f"the scene {entry.slug} was not loaded: {done.refusal}")
        return load

    def draft(self, entry: EntryView, **changes: Any) -> None:
        metadata = replace(self.newest(entry).metadata, **changes)
        catalog_services.revision_draft(actor=self.clerk, entry=entry.id, metadata=metadata)

    def newest(self, entry: EntryView) -> RevisionView:
        found = catalog.entry_by_id(entry.id, actor=self.clerk).revision
        assert found is not None
        return found

    def submit(self, entry: EntryView) -> str:
        revision = self.newest(entry).id
        catalog_services.revision_submit(actor=self.clerk, revision=revision)
        return str(revision)

    def list(self, entry: EntryView) -> None:
        services.revision_list(actor=self.people.reviewer, revision=UUID(self.submit(entry)))
