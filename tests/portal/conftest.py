"""A filled node behind a real server, and people who ask it without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.portal.live import LiveNode, live_node
from tests.portal.messages import compile_catalogues
from tests.portal.scenes import PASSWORD

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor(httpx.Client):
    """Asks for pages, keeps cookies, sends forms with the token their page holds."""

    def __init__(self, node: LiveNode) -> None:
        super().__init__(base_url=node.url, headers={"Accept": "text/html"}, timeout=60)
        self.node = node

    def send_form(
        self, path: str, fields: dict[str, str], to: str = "", **more: object
    ) -> httpx.Response:
        """``to``: where the form goes, if not back to its own page."""
        page = self.get(path)
        token = _TOKEN.search(page.text)
        assert token is not None, path
        return self.post(to or path, data={**fields, "csrfmiddlewaretoken": token[1]}, **more)  # type: ignore[arg-type]

    def sign_in(self, user: str, then: str = "") -> httpx.Response:
        path = f"/sign-in?next={then}" if then else "/sign-in"
        return self.send_form(path, {"username": user, "password": PASSWORD})


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    compile_catalogues()


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveNode]:
    with live_node(Path(tmp_path_factory.mktemp("node"))) as running:
        yield running


@pytest.fixture
def visitor(node: LiveNode) -> Iterator[Visitor]:
    with Visitor(node) as made:
        yield made


@pytest.fixture
def known(_people: dict[str, Visitor]) -> dict[str, Visitor]:
    """The public and everybody who has an account without one-time codes, signed in.

    Some tests end somebody's sessions: who was signed out signs in again.
    """
    for user, one in _people.items():
        if user and one.get("/account").status_code != 200:
            one.sign_in(user)
    return _people


@pytest.fixture(scope="session")
def _people(node: LiveNode) -> Iterator[dict[str, Visitor]]:
    people = {"": Visitor(node)}
    for user in ("clerk", "reviewer", "steward", "forester", "analyst", "citizen"):
        people[user] = Visitor(node)
        people[user].sign_in(user)
    yield people
    for one in people.values():
        one.close()
