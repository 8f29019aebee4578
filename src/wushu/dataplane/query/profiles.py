"""What the columns of a version hold, as it was measured when it was loaded."""

from __future__ import annotations

import json

from wushu.dataplane.ingest import store
from wushu.dataplane.query.types import Access
from wushu.dataplane.types import Profile


def profile_of(allowed: Access) -> Profile | None:
    """What the values of the columns look like, of those columns the reader may read as they are."""
    if allowed.row_filter:
        return None
    named = store.Named(allowed.dataset, allowed.number, allowed.manifest_sha256)
    document = json.loads(store.listed_file(named, "profile").read_bytes())
    masked = {one.column for one in allowed.masks}
    if allowed.columns is not None or masked:
        every = [one["name"] for one in document["columns"]]
        names = set(every if allowed.columns is None else allowed.columns) - masked
        document["columns"] = [one for one in document["columns"] if one["name"] in names]
        document["key_candidates"] = [one for one in document["key_candidates"] if one in names]
    return Profile.from_json(document)
