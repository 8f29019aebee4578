"""Agents search, read and cite through the protocol's own client, with the grants of their key."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from tests.portal.live import ROOT, LiveNode, live_node
from wushu.config import agents

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveNode]:
    with live_node(Path(tmp_path_factory.mktemp("node"))) as running:
        yield running


class Agent:
    """Calls tools as an agent does; a new client for each call."""

    def __init__(self, node: LiveNode) -> None:
        self.node = node

    def call(self, tool: str, **arguments: Any) -> tuple[bool, str]:
        async def ask() -> tuple[bool, str]:
            async with (
                agents.client(self.node.url) as http,
                Client(agents.server(http)) as client,
            ):
                answer = await client.call_tool(tool, arguments)
                return bool(answer.is_error), answer.content[0].text

        return asyncio.run(ask())

    def told(self, tool: str, **arguments: Any) -> Any:
        failed, text = self.call(tool, **arguments)
        assert not failed, text
        return json.loads(text)

    def refused(self, tool: str, **arguments: Any) -> str:
        failed, text = self.call(tool, **arguments)
        assert failed, text
        return text


@pytest.fixture
def agent(node: LiveNode) -> Agent:
    return Agent(node)


def test_an_agent_finds_a_dataset_by_its_pinyin_and_learns_its_columns(
    agent: Agent, node: LiveNode
) -> None:
    found = agent.told("search_datasets", query="gongjiaozhandian")["datasets"]
    assert [one["slug"] for one in found] == ["stops"]
    described = agent.told("describe_dataset", slug="stops")
    assert described["fields"]
    assert described["versions"][0]["number"] == described["version"]["number"]


def test_rows_come_with_their_version_and_go_on_by_cursor(agent: Agent, node: LiveNode) -> None:
    first = agent.told("read_rows", slug="stops", limit=1)
    second = agent.told("read_rows", slug="stops", limit=1, cursor=first["next_cursor"])
    assert first["version"] == second["version"]
    assert first["manifest_sha256"]
    assert first["rows"] != second["rows"]


def test_columns_and_filters_are_those_of_the_interface(agent: Agent, node: LiveNode) -> None:
    row = agent.told("read_rows", slug="stops", limit=1)["rows"][0]
    column = next(iter(row))
    same = agent.told(
        "read_rows", slug="stops", filters=[f"{column}:eq:{row[column]}"], select=[column]
    )
    assert same["rows"] == [{column: row[column]}]


def test_a_row_is_cited_by_an_address_that_gives_it_again(agent: Agent, node: LiveNode) -> None:
    import httpx

    row = agent.told("read_rows", slug="stops", limit=1)["rows"][0]
    column = next(iter(row))
    cited = agent.told("cite", slug="stops", row=[f"{column}:eq:{row[column]}"])
    assert "[DS/OL]" in cited["citation"]["zh"]
    assert cited["identifier"] in cited["citation"]["en"]
    assert httpx.get(cited["row"]).json()["rows"] == [row]


def test_a_citation_of_many_rows_is_refused(agent: Agent, node: LiveNode) -> None:
    assert "more than one row" in agent.refused("cite", slug="stops", row=["编号:null:false"])


@pytest.mark.parametrize(
    ("tool", "arguments", "name"),
    [
        ("read_rows", {"slug": "taps"}, "[no-grant]"),
        ("describe_dataset", {"slug": "nothing-here"}, "[not-found]"),
        ("read_rows", {"slug": "stops", "filters": ["nichts:eq:1"]}, "[unknown-column]"),
    ],
)
def test_a_refusal_of_the_node_reaches_the_agent_by_name(
    agent: Agent, node: LiveNode, tool: str, arguments: dict[str, Any], name: str
) -> None:
    assert name in agent.refused(tool, **arguments)


def test_a_name_that_would_leave_its_address_is_refused(agent: Agent, node: LiveNode) -> None:
    assert "slug" in agent.refused("read_rows", slug="../../evidence/checkpoint")


def test_a_node_that_is_not_there_is_said_plainly() -> None:
    async def ask() -> str:
        async with agents.client("http://127.0.0.1:9") as http, Client(agents.server(http)) as one:
            answer = await one.call_tool("search_datasets", {})
            return str(answer.content[0].text)

    assert "Check its address" in asyncio.run(ask())


def test_the_command_speaks_on_standard_input_and_output(node: LiveNode) -> None:
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "wushu.config", "mcp", "--node", node.url],
        env=node.environment,
        cwd=ROOT,
    )

    async def ask() -> list[str]:
        async with Client(parameters) as client:
            return [one.name for one in (await client.list_tools()).tools]

    assert asyncio.run(ask()) == ["search_datasets", "describe_dataset", "read_rows", "cite"]
