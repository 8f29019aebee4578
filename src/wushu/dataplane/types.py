"""What other apps see of the data plane."""

from __future__ import annotations

from enum import StrEnum


class UploadState(StrEnum):
    """How far the work on an upload is."""

    RECEIVED = "received"
    FOUND = "found"  # waiting for the person to confirm the schema
    QUEUED = "queued"
    LOADING = "loading"
    LOADED = "loaded"
    FAILED = "failed"


class GranteeKind(StrEnum):
    """Whom a grant is for."""

    PUBLIC = "public"
    ORGANISATION = "organisation"
    PERSON = "person"
