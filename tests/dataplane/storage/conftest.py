"""Nodes whose files a real S3-compatible server keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from tests.dataplane.ingest.conftest import desk  # noqa: F401
from tests.support.bucket import make_bucket, server
from wushu.dataplane.storage import Bucket, bucket

KEYS = "an-access-key a-secret-key\n"


@pytest.fixture(scope="session")
def storage_server(tmp_path_factory) -> Iterator[str]:
    with server(tmp_path_factory.mktemp("storage")) as address:
        yield address


@pytest.fixture
def new_bucket(storage_server) -> Callable[[], str]:
    return lambda: make_bucket(storage_server, f"test-{uuid4().hex}")


@pytest.fixture
def kept(new_bucket, node_home, settings) -> Bucket:
    """The bucket of this test's node."""
    settings.STORAGE_URL = new_bucket()
    settings.SECRETS_DIR.mkdir()
    (settings.SECRETS_DIR / "storage.key").write_text(KEYS)
    found = bucket()
    assert found is not None
    return found
