from __future__ import annotations

import pytest

from tests.dataplane.query import support

ROWS = "/api/v1/datasets/streets/rows"


@pytest.fixture
def public(node):
    dataset = support.publish()
    support.grant(dataset)
    return dataset


def test_a_page_carries_rows_version_and_manifest(client, public):
    answer = client.get(ROWS, params={"limit": 3})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["rows"] == public.json[:3]
    assert body["version"] == 1
    assert body["manifest_sha256"] == public.version.manifest_sha256
    assert body["total"] == 1000
