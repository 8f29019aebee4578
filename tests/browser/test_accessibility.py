"""axe in real Chromium on every page, in both languages, modes, widths and schemes: no violation."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.portal.live import LiveNode
from tests.portal.pages import PAGES, Page, unlisted

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ENGINE_IS_ENOUGH = True
"""Hundreds of pages are laid out and asked; the journeys beside are in the whole browser."""
WIDTHS = {"wide": (1360, 900), "narrow": (390, 844)}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURED = ["color-contrast", "link-in-text-block"]
"""All that the dark scheme can break: it changes colours alone."""
ENHANCED = {"color-contrast-enhanced": {"enabled": True}}
"""Elder mode promises 7:1."""


@pytest.fixture(scope="module")
def reading(
    chromium: Any, node: LiveNode, signed_in: Callable[[str], Any]
) -> Callable[[str, str], tuple[Any, list[str]]]:
    """A tab for each reader and mode, and what the browser complains of in it.

    What all pages share is fetched once, and no process is started for a page.
    """

    @cache
    def of(user: str, mode: str) -> tuple[Any, list[str]]:
        made = chromium.new_context(base_url=node.url, storage_state=signed_in(user))
        if mode == "elder":
            made.add_cookies([{"name": "elder", "value": "1", "url": node.url}])
        made.add_init_script(script=axe_source())
        tab = made.new_page()
        return tab, listen(tab)

    return of


@cache
def axe_source() -> str:
    from axe_playwright_python.sync_playwright import Axe

    return str(Axe().axe_script)


def test_no_page_is_left_out():
    assert unlisted() == set()


def test_axe_finds_what_is_wrong(chromium: Any):
    tab = chromium.new_page()
    tab.set_content(
        "<html lang=zh><title>x</title><main><h1>x</h1><img src=x>"
        "<p style='color:#999;background:#fff'>grey</p></main></html>"
    )

    def kinds(**how: Any) -> list[str]:
        return [one.split(":")[0] for one in violations(tab, **how)]

    assert kinds() == ["color-contrast", "image-alt"]
    assert kinds(rules=COLOURED) == ["color-contrast"]
    tab.evaluate("document.querySelector('p').style.color = '#666'")  # 5.7:1
    assert kinds() == ["image-alt"]
    assert kinds(enhanced=True) == ["color-contrast-enhanced", "image-alt"]
    tab.close()


@pytest.mark.rota(4)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_axe_finds_nothing(
    page: Page,
    language: str,
    node: LiveNode,
    reading: Callable[[str, str], tuple[Any, list[str]]],
):
    faults: list[str] = []
    for mode in ("normal", "elder"):
        tab, noise = reading(page.user, mode)
        noise.clear()
        assert reach(tab, page, node, language) == page.status
        assert bool(tab.query_selector("html.elder")) == (mode == "elder")
        for width, (across, down) in WIDTHS.items():
            tab.set_viewport_size({"width": across, "height": down})
            keep_picture(tab, f"{page.name}-{language}-{mode}-{width}")
            found = violations(tab, enhanced=mode == "elder")
            wider = overflow(tab)
            if wider:
                found.append(f"the page is {wider} pixels wider than the window")
            faults += [f"{mode}, {width}: {one}" for one in (*found, *noise)]
        if mode == "normal" and language == "zh":
            tab.set_viewport_size({"width": WIDTHS["wide"][0], "height": WIDTHS["wide"][1]})
            tab.emulate_media(color_scheme="dark")
            keep_picture(tab, f"{page.name}-zh-dark-wide")
            faults += [f"dark: {one}" for one in violations(tab, rules=COLOURED)]
            tab.emulate_media(color_scheme="light")
    assert faults == []


def reach(tab: Any, page: Page, node: LiveNode, language: str) -> int:
    """Open the page, or fill its form and send it; the status it came with."""
    prefix = "/en" if language == "en" else ""
    answer = tab.goto(prefix + page.address(node.scenes))
    if page.send is None:
        return int(answer.status)
    for name, value in page.send:
        fill(tab, name, value)
    with tab.expect_navigation() as sent:
        tab.click("main form:not([role=search]) .acts button")
    return int(sent.value.status)


def fill(tab: Any, name: str, value: str) -> None:
    field = tab.locator(f"main [name='{name}']")
    kind = field.first.evaluate("e => e.type || e.tagName")
    if kind == "checkbox" and value == "on":
        field.check()
    elif kind in ("radio", "checkbox"):
        tab.check(f"main [name='{name}'][value='{value}']")
    elif kind.startswith("select"):
        field.select_option(value)
    else:
        field.fill(value)


def listen(tab: Any) -> list[str]:
    """What the browser complains of: broken scripts, blocked by the content security policy."""
    noise: list[str] = []

    def said(message: Any) -> None:
        # Chromium reports the page's own 4xx status as an error of the console.
        if message.type == "error" and "Failed to load resource" not in message.text:
            noise.append(message.text)

    tab.on("console", said)
    tab.on("pageerror", lambda error: noise.append(str(error)))
    return noise


def violations(tab: Any, *, enhanced: bool = False, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds, by these rules or by all of the standards' tags."""
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": TAGS}
    options = {
        "runOnly": only,
        "rules": ENHANCED if enhanced else {},
        "resultTypes": ["violations"],
    }
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(axe_source())
    # What passed is told at length too, and nobody reads it: only violations leave the browser.
    found = tab.evaluate("options => axe.run(options).then(said => said.violations)", options)
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in found
        for node in one["nodes"]
    ]


def overflow(tab: Any) -> int:
    """Pixels by which the page is wider than the window; tables scroll in their own frame."""
    return int(
        tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def keep_picture(tab: Any, name: str) -> None:
    """For people to look at, in the folder ``WUSHU_SCREENSHOTS`` names."""
    folder = os.environ.get("WUSHU_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
