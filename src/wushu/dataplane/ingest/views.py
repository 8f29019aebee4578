"""Rows of uploads and loads as other apps see them."""

from __future__ import annotations

from wushu.dataplane.ingest.codec import from_json
from wushu.dataplane.models import Load, Upload
from wushu.dataplane.types import (
    Confirmed,
    EncodingCandidate,
    Found,
    LoadView,
    Progress,
    UploadState,
    UploadView,
)

CANDIDATES = "candidates"
"""Key of ``Load.found`` while the encoding is undecided."""


def upload_view(upload: Upload, load: Load) -> UploadView:
    """An upload with one load of it."""
    return UploadView(
        id=upload.pk,
        load=load.pk,
        body=upload.body_id,
        name=upload.name,
        sha256=upload.sha256,
        size=upload.size,
        encoding=upload.encoding,
        received_at=upload.received_at,
        state=UploadState(load.state),
    )


def load_view(load: Load) -> LoadView:
    """A load with its upload."""
    found = found_of(load)
    return LoadView(
        id=load.pk,
        upload=upload_view(load.upload, load),
        state=UploadState(load.state),
        found=found,
        candidates=candidates_of(load),
        confirmed=Confirmed.from_json(load.confirmed) if load.confirmed else None,
        progress=Progress(
            state=UploadState(load.state),
            bytes_total=load.upload.size,
            bytes_done=load.bytes_done,
            rows_total=found.rows if found else 0,
            rows_done=load.rows_done,
            started_at=load.started_at,
            finished_at=load.finished_at,
        ),
        entry=load.entry,
        version=load.version,
        refusal=load.refusal,
    )


def found_of(load: Load) -> Found | None:
    """What was found; None before, or while the encoding is undecided."""
    return Found.from_json(load.found) if "columns" in load.found else None


def candidates_of(load: Load) -> tuple[EncodingCandidate, ...]:
    """What to choose the encoding from; empty once it is known."""
    if load.state != UploadState.UNDECIDED.value:
        return ()
    return from_json(tuple[EncodingCandidate, ...], load.found[CANDIDATES])
