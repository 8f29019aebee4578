"""The API's description is valid, complete, and kept by the node (Schemathesis)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.dataplane.query import support
from tests.dataplane.query.conftest import _cheap_hashing, _closed_connections, node
from tests.evidence.conftest import initialise
from wushu.casework import selectors as casework
from wushu.casework.services import regulation_publish
from wushu.catalog.api.ckan import ACTIONS
from wushu.config import openapi
from wushu.dataplane.asgi import ROUTES
from wushu.evidence.services import sequence
from wushu.parties.types import NODE

__all__ = ["_cheap_hashing", "_closed_connections", "node"]

RULES = "suzhou-public-data-opening-2023"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)


def routes(patterns, prefix: str = ""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", prefix + str(pattern.pattern))


def test_every_address_of_the_api_is_described():
    described = set(openapi.document("http://x")["paths"])
    found = {route for route in routes(get_resolver().url_patterns) if route.startswith("/api/v1/")}
    found |= {route.template for route in ROUTES}
    assert found <= described
    assert {name.rsplit("/", 1)[-1] for name in described if name.startswith("/api/3/")} == {
        *ACTIONS,
        "datastore_search",
    }


def test_the_node_serves_the_description(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == openapi.document("http://testserver")


@pytest.fixture
def filled(node):
    """A node with a log, a public dataset and one that needs a grant, and published rules."""
    initialise()
    document = casework.read_folder(casework.REGULATIONS / RULES)
    regulation_publish(actor=NODE, document=document, file=RULES)
    public = support.publish()
    support.grant(public)
    support.publish("closed", conditions="仅限研究")
    sequence()
    return node


@pytest.mark.slow
@pytest.mark.once
def test_schemathesis_finds_no_server_error_and_no_schema_violation(filled, tmp_path: Path):
    document = tmp_path / "openapi.json"
    document.write_bytes(json.dumps(openapi.document(filled)).encode())
    # One worker: CPython 3.11 counts the depth of syntax trees for all threads together, and hypothesis
    # that parses in two of them at once ends now and then with a SystemError of the interpreter.
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "run", str(document), "--url", filled,
        "--checks", CHECKS, "--max-examples", "15", "--phases", "examples,coverage,fuzzing",
        "--seed", "20240601", "--max-time", "40", "--continue-on-failure", "--workers", "1",
        "--suppress-health-check", "all", "--request-timeout", "20", "--no-color",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=170, check=False,
        env={**os.environ, "PYTHONWARNINGS": "default"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-15_000:] + done.stderr[-3000:]
