"""The background work on a load: look into it, make a version of it, note how it went."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import VersionView
from wushu.dataplane import serving
from wushu.dataplane.ingest import engine, load, store
from wushu.dataplane.ingest.codec import from_json, to_json
from wushu.dataplane.ingest.confirming import require_as_confirmed
from wushu.dataplane.ingest.inspect import inspect
from wushu.dataplane.ingest.refusals import ENCODING_AMBIGUOUS, INGEST_FAILED, LOAD_ABORTED
from wushu.dataplane.ingest.views import CANDIDATES
from wushu.dataplane.models import Load
from wushu.dataplane.types import Confirmed, Dialect, Found, UploadState
from wushu.kernel.canonical import canonical_json
from wushu.kernel.errors import Refusal
from wushu.kernel.failpoints import failpoint
from wushu.parties import selectors as parties
from wushu.parties.types import NODE, Channel

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Told how many bytes and rows are done."""
TRIES = 2
"""How often work on a load may end with its process before the load is given up."""


def examine(load_id: UUID) -> None:
    """Look into a received upload; see ``services.load_inspect``."""
    with _work_on(load_id, (UploadState.RECEIVED,)) as taken:
        if taken is None:
            return
        row, folder = taken
        told = row.found.get("told")
        try:
            found = inspect(
                store.original(row.upload.sha256),
                row.upload.name,
                folder,
                encoding=row.upload.encoding,
                told=from_json(Dialect, told) if told else None,
                max_columns=settings.MAX_COLUMNS,
            )
        except Refusal as refusal:
            if refusal.kind is not ENCODING_AMBIGUOUS:
                raise
            row.found = {CANDIDATES: to_json(refusal.facts["options"])}
            _save(row, UploadState.UNDECIDED, "found")
            return
        row.found = found.as_json()
        _save(row, UploadState.FOUND, "found")


def run(load_id: UUID, progress: Progress | None) -> None:
    """Make a version of a confirmed load; see ``services.load_run``."""
    with _work_on(load_id, (UploadState.QUEUED, UploadState.LOADING)) as taken:
        if taken is None:
            return
        row, folder = taken
        require_as_confirmed(row)
        row.started_at, row.finished_at = timezone.now(), None
        _save(row, UploadState.LOADING, "started_at", "finished_at")
        _Run(row, folder, progress).version()


@contextmanager
def _work_on(load_id: UUID, states: tuple[UploadState, ...]) -> Iterator[tuple[Load, Path] | None]:
    """The load with a folder of its own, if it is in one of the states; failures are noted on it.

    Tries are counted before the work and forgotten when it ends, well or not: what is left counted
    died with its process, and a load that kills its worker would do so at each start.
    """
    with store.working(f"load-{load_id}") as folder:
        row = Load.objects.select_related("upload").filter(pk=load_id).first()
        if row is None or UploadState(row.state) not in states:
            yield None
            return
        if row.tries >= TRIES:
            _fail(row, LOAD_ABORTED(name=row.upload.name, tries=row.tries))
            yield None
            return
        row.tries += 1
        row.save(update_fields=["tries"])
        try:
            yield row, folder
        except Refusal as refusal:
            _fail(row, refusal)
        except Exception as error:  # the person must hear of it, and the worker must live on
            logger.exception("load %s broke off", load_id)
            _fail(row, INGEST_FAILED(reason=type(error).__name__))


def _fail(row: Load, refusal: Refusal) -> None:
    """Note why, in every language: it is read later, by whoever that is then."""
    ways = {"way_out_zh": refusal.way_out("zh"), "way_out_en": refusal.way_out("en")}
    row.refusal, row.finished_at = refusal.as_problem() | ways, timezone.now()
    _save(row, UploadState.FAILED, "refusal", "finished_at")


def _save(row: Load, state: UploadState, *names: str) -> None:
    """Write the state with these fields; where the work has ended, its tries are forgotten."""
    row.state = state.value
    if state is not UploadState.LOADING:
        row.tries = 0
    row.save(update_fields=["state", "tries", *names])


class _Run:
    """One load on its way to a version."""

    def __init__(self, row: Load, folder: Path, progress: Progress | None) -> None:
        assert row.entry is not None
        assert row.account is not None
        self._row = row
        self._entry = row.entry
        self._folder = folder
        self._progress = progress
        self._note = engine.throttled(self._write_progress)
        self._found = Found.from_json(row.found)
        self._confirmed = Confirmed.from_json(row.confirmed)
        # Who confirmed may have lost the role since: the catalogue is asked again.
        self._actor = parties.actor_for_account(row.account, Channel.BACKGROUND)

    def version(self) -> VersionView:
        """Build the files where nobody looks, put them in place, then tell the database.

        Refuses first what the catalogue would refuse last: a load may take minutes.
        """
        obstacle = catalog.draft_obstacle(self._entry, actor=self._actor)
        if obstacle is not None:
            raise obstacle
        upload, files = self._row.upload, self._folder / "version"
        store.make_folder(files)
        counts = load.build(
            store.require_original(upload.sha256),
            self._found, self._confirmed, self._folder, files, self._report,
        )  # fmt: skip
        with store.serving_work(f"load-{self._row.pk}") as serving_folder:
            with engine.disk_full_refused():
                served = serving.build(
                    files / load.DATA, self._confirmed.fields, serving_folder / "serving.tar"
                )
            failpoint("ingest.serving.built")
            with store.locked(f"entry-{self._entry}"):
                number = self._next_number()
                place = store.serving_path(self._entry, number)
                manifest = load.manifest(
                    dataset=str(self._entry),
                    number=number,
                    created_at=timezone.now().isoformat(timespec="seconds"),
                    source_of=self._source(),
                    fields=self._confirmed.fields,
                    counts=counts,
                    folder=files,
                    derived=[
                        {
                            "role": "serving",
                            "path": f"{self._entry}/{number}/{place.name}",
                            "layout": served.layout,
                            "sha256": served.sha256,
                            "bytes": served.bytes,
                        }
                    ],
                )
                document = canonical_json(manifest)
                with engine.disk_full_refused():
                    store.write_durably(files / load.MANIFEST, document)
                    store.sync_folder(files)
                failpoint("ingest.version.built")
                self._discard_unnamed(number)
                store.publish(serving_folder, place.parent)
                named = store.Named(self._entry, number, store.hash_of_bytes(document))
                store.publish_version(files, named)
                failpoint("ingest.version.placed")
                return self._enter(number, manifest, document, counts)

    def _enter(
        self, number: int, manifest: dict[str, Any], document: bytes, counts: load.Counts
    ) -> VersionView:
        """The version, the draft that names it and the load's end, in one transaction."""
        upload, row = self._row.upload, self._row
        data = next(file for file in manifest["files"] if file["role"] == "data")
        try:
            with transaction.atomic():
                version = catalog_services.version_add(
                    actor=self._actor,
                    entry=self._entry,
                    number=number,
                    manifest_sha256=store.hash_of_bytes(document),
                    source_name=upload.name,
                    source_sha256=upload.sha256,
                    source_bytes=upload.size,
                    rows_declared=counts.declared,
                    rows_loaded=counts.loaded,
                    rows_rejected=counts.rejected,
                    parquet_bytes=data["bytes"],
                    parquet_sha256=data["sha256"],
                )
                catalog_services.revision_draft(
                    actor=self._actor,
                    entry=self._entry,
                    fields=self._confirmed.fields,
                    version=version.id,
                )
                row.version, row.finished_at = version.id, timezone.now()
                row.bytes_done, row.rows_done = upload.size, counts.declared
                _save(row, UploadState.LOADED, "version", "finished_at", "bytes_done", "rows_done")
        except Refusal:
            self._discard_unnamed(number)
            raise
        failpoint("ingest.version.entered")
        if self._progress is not None:
            self._progress(upload.size, counts.declared)
        return version

    def _next_number(self) -> int:
        """One more than the newest version the database names."""
        return max(self._numbers(), default=0) + 1

    def _numbers(self) -> set[int]:
        """Numbers of all versions the database names, also those that the loader may not see."""
        return {version.number for version in catalog.versions(self._entry, actor=NODE)}

    def _discard_unnamed(self, number: int) -> None:
        """Remove what an aborted try left under a number; never files that the database names.

        Another host may have entered the number since: the entry's lock holds on this one only.
        """
        if number not in self._numbers():
            store.discard(self._entry, number)

    def _source(self) -> dict[str, Any]:
        upload = self._row.upload
        return {
            "name": upload.name,
            "sha256": upload.sha256,
            "bytes": upload.size,
            "encoding": self._confirmed.encoding,
            "dialect": to_json(self._confirmed.dialect),
        }

    def _report(self, share: float) -> None:
        done = int(self._row.upload.size * share), int(self._found.rows * share)
        self._note(*done)
        if self._progress is not None:
            self._progress(*done)

    def _write_progress(self, bytes_done: int, rows_done: int) -> None:
        Load.objects.filter(pk=self._row.pk).update(bytes_done=bytes_done, rows_done=rows_done)
