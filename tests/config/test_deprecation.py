"""A route that goes says so in each answer, on both planes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from wushu.config import deprecation
from wushu.config.deprecation import Deprecated
from wushu.config.observing import observed
from wushu.kernel.noting import note_route

GOING = Deprecated(
    since=datetime(2026, 11, 21, tzinfo=UTC),
    sunset=datetime(2027, 12, 31, 16, tzinfo=UTC),
    successor="/api/v2/things",
)


@pytest.fixture
def going(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deprecation, "DEPRECATED", {"/api/v1/things/{slug}": GOING})


def answered(route: str) -> list[tuple[str, str]]:
    """Headers of an answer of the route, as they leave the server."""
    sent: list[Mapping[str, Any]] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        note_route(route)
        start = {"type": "http.response.start", "status": 200, "headers": [(b"x-own", b"1")]}
        await send(start)
        await send({"type": "http.response.body", "body": b"{}"})

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(observed(application, scope, None, send))  # type: ignore[arg-type]
    return [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]


@pytest.mark.parametrize("route", ["/api/v1/things/{slug}", "/api/v1/things/<slug:slug>"])
def test_each_answer_names_the_days_and_the_successor(going: None, route: str):
    headers = answered(route)
    said = dict(headers)
    assert said["deprecation"] == "@1795219200", "RFC 9745: a date as a structured field"
    assert datetime.fromtimestamp(int(said["deprecation"][1:]), UTC) == GOING.since
    assert said["sunset"] == "Fri, 31 Dec 2027 16:00:00 GMT"
    assert parsedate_to_datetime(said["sunset"]) == GOING.sunset
    links = [value for name, value in headers if name == "link"]
    assert links == [
        '</changelog#api>; rel="deprecation"; type="text/html"',
        '</api/v2/things>; rel="successor-version"',
    ]
    assert ("x-own", "1") in headers


def test_a_route_that_stays_says_nothing(going: None):
    assert {name for name, _ in answered("/api/v1/others")} == {"x-own", "x-request-id"}


def test_nothing_is_deprecated_without_a_year_of_notice():
    for route, said in deprecation.DEPRECATED.items():
        assert (said.sunset - said.since).days >= 365, route
