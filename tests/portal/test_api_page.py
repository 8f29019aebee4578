"""The API's page: every address is on it, its examples run, limits are told where they hold."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from django.test import Client
from django.utils import translation

from tests.dataplane.query import support
from tests.dataplane.query.conftest import _cheap_hashing, _closed_connections, node
from tests.evidence.conftest import initialise
from tests.portal.messages import compile_catalogues
from wushu.config import openapi
from wushu.dataplane.models import DailyKeyUse
from wushu.dataplane.usage.counting import Counts
from wushu.parties import selectors as parties
from wushu.parties.models import Account
from wushu.portal import api_page
from wushu.portal.api_examples import examples
from wushu.portal.labels import api_group

__all__ = ["_cheap_hashing", "_closed_connections", "node"]


@pytest.fixture
def open_node(node: str, settings) -> str:
    """Address of a node with one dataset open to all, limited in rate."""
    settings.BASE_URL = node
    settings.RATE_LIMIT_PER_MINUTE = 600
    compile_catalogues()
    initialise()
    support.grant(support.publish("streets"))
    return node


def test_every_operation_of_the_description_is_on_the_page(open_node: str) -> None:
    page = html.unescape(httpx.get(f"{open_node}/en/api").text)
    document = openapi.document(open_node)
    wanted = [
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
    ]
    assert len(wanted) > 20
    assert [one for one in wanted if f">{one}<" not in page] == []
    with translation.override("zh-hans"):
        unnamed = [tag["name"] for tag in document["tags"] if api_group(tag["name"]) == tag["name"]]
    assert unnamed == []
    shown = sum(len(group.operations) for group in api_page.groups(document))
    assert shown == len(wanted)
    assert "600 requests a minute on average, 150 at once" in page
    assert "<script" not in page.split("</head>")[1].replace("application/ld+json", "")


@pytest.mark.parametrize("id", ["curl", "python"])
def test_the_examples_do_what_they_say(open_node: str, tmp_path: Path, id: str) -> None:
    page = httpx.get(f"{open_node}/en/api").text
    found = re.search(rf'<pre id="example-{id}".*?<code>(.*?)</code>', page, re.DOTALL)
    assert found is not None
    code = html.unescape(found[1])
    command = [sys.executable, "-c", code] if id == "python" else ["bash", "-euc", code]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "streets" in done.stdout
    table = (tmp_path / "streets.csv").read_text("utf-8")
    assert table.count("3205") >= 1000
    if id == "python":
        assert "1000 rows" in done.stdout
    else:
        assert re.search(r'ratelimit: "requests";r=\d+;t=\d+', done.stdout, re.IGNORECASE)


def test_the_javascript_example_is_javascript(open_node: str, tmp_path: Path) -> None:
    """Run where Node is there; else read for what differs from the other languages."""
    [code] = [one.code for one in examples(open_node, "streets") if one.id == "javascript"]
    program = shutil.which("node")
    if program is None:
        assert code.count("{") == code.count("}")
        assert "await ask" in code
        return
    file = tmp_path / "example.mjs"
    file.write_text(code, "utf-8")
    done = subprocess.run([program, str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "1000 rows" in done.stdout


def test_each_answer_says_what_is_left_and_the_last_one_when_to_come_back(
    open_node: str, settings
) -> None:
    settings.RATE_LIMIT_PER_MINUTE = 12
    rows = f"{open_node}/api/v1/datasets/streets/rows?limit=1"
    with httpx.Client() as client:
        answers = [client.get(rows) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert {one.headers["ratelimit-policy"] for one in answers} == {'"requests";q=3;w=15'}
    left = [
        re.fullmatch(r'"requests";r=(\d+);t=(\d+)', one.headers["ratelimit"]) for one in answers
    ]
    assert [one and int(one[1]) for one in left] == [2, 1, 0, 0]
    assert left[3] is not None
    assert 10 < int(left[3][2]) <= 15
    assert 1 <= int(answers[3].headers["retry-after"]) <= 5


def test_a_key_counts_for_itself_and_a_node_without_a_limit_says_nothing_of_one(
    open_node: str, settings
) -> None:
    settings.RATE_LIMIT_PER_MINUTE = 12  # one in five seconds comes back: not between two requests
    rows = f"{open_node}/api/v1/datasets/streets/rows?limit=1"
    key = {"authorization": f"Bearer {support.reader('keyed').key}"}
    for expected in (2, 1):
        assert f";r={expected};" in httpx.get(rows, headers=key).headers["ratelimit"]
    assert ";r=2;" in httpx.get(rows).headers["ratelimit"]
    settings.RATE_LIMIT_PER_MINUTE = 0
    assert "ratelimit" not in httpx.get(rows).headers


def test_the_account_page_shows_todays_use_of_ones_own_keys(open_node: str, client: Client) -> None:
    reader = support.reader("keyed")
    stranger = support.reader("other")
    counts = Counts()
    for owner, times in ((reader, 3), (stranger, 70)):
        [digest] = parties.api_key_digests(actor=owner.actor).values()
        for _ in range(times):
            counts.key(digest, 2000)
    counts.flush()
    assert DailyKeyUse.objects.count() == 2
    account = Account.objects.get(pk=reader.actor.account)
    client.force_login(account, backend="wushu.parties.backends.AccountBackend")
    page = client.get("/en/account").content.decode()
    assert "3 requests" in page
    assert "70 requests" not in page
    assert "600 times a minute on average and 150 times at once" in page
