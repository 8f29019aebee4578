"""A filled node and Chromium, one of each for a module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.portal.live import LiveNode, live_node
from tests.portal.scenes import PASSWORD

CHROMIUM = "/usr/bin/chromium"
HEADLESS_SHELL = "/usr/bin/chromium-headless-shell"
"""The same engine without a browser's own windows (Debian's package of that name): a third quicker."""
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveNode]:
    with live_node(Path(tmp_path_factory.mktemp("node"))) as running:
        yield running


@pytest.fixture(scope="module")
def chromium(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The browser; a module that says so is content with its engine, where that is installed."""
    from playwright.sync_api import sync_playwright

    is_engine_enough = getattr(request.module, "ENGINE_IS_ENOUGH", False)
    program = HEADLESS_SHELL if is_engine_enough and Path(HEADLESS_SHELL).exists() else CHROMIUM
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def signed_in(chromium: Any, node: LiveNode) -> Callable[[str], Any]:
    """The cookies of somebody signed in, once for each person."""
    kept: dict[str, Any] = {}

    def state(user: str) -> Any:
        if user and user not in kept:
            context = chromium.new_context(base_url=node.url)
            sign_in(context.new_page(), user, node)
            kept[user] = context.storage_state()
            context.close()
        return kept.get(user)

    return state


def sign_in(page: Any, user: str, node: LiveNode) -> None:
    """Through the pages, with a one-time code where the account asks for one."""
    page.goto("/sign-in")
    page.fill("[name=username]", user)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    secret = node.scenes.secrets.get(user)
    if secret:
        import pyotp

        page.fill("[name=code]", pyotp.TOTP(secret).now())
        page.click("main form button")
    page.wait_for_url("**/desk")
