"""What script adds: results in place, progress that moves by itself, reading aloud, copying."""

from __future__ import annotations

import io
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.portal.live import LiveNode

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def tab(chromium: Any, node: LiveNode) -> Any:
    context = chromium.new_context(
        base_url=node.url, permissions=["clipboard-read", "clipboard-write"]
    )
    yield context.new_page()
    context.close()


def test_results_change_while_one_types_and_the_address_with_them(tab: Any):
    tab.goto("/datasets")
    tab.locator("#id_q").press_sequentially("gongjiaozhandian")
    tab.wait_for_url("**/datasets?q=gongjiaozhandian*")
    expect(tab.locator("#results .entries > li")).to_have_count(1)
    assert tab.locator("#id_q").input_value() == "gongjiaozhandian"
    tab.select_option("#id_attribute", "none")
    expect(tab.locator("#results .empty")).to_be_visible()


def test_progress_moves_by_itself_until_the_next_step(tab: Any, node: LiveNode):
    sign_in(tab, "clerk", node)
    tab.goto("/desk/upload")
    rows = "".join(f"{place},{place % 7}\n" for place in range(2000))
    content = io.BytesIO(("编号,值\n" + rows).encode())
    file = {"name": "大表.csv", "mimeType": "text/csv", "buffer": content.getvalue()}
    tab.set_input_files("[name=file]", file)
    tab.click("main form button")
    assert tab.locator("#progress[data-follow]").count() == 1
    with node.worker():
        tab.get_by_text("继续：命名数据集").wait_for(timeout=120_000)


def test_elder_mode_offers_to_read_the_page_aloud(tab: Any):
    tab.goto("/view/elder?on=1&next=/how-to-check")
    assert tab.locator("html.elder").count() == 1
    said = tab.evaluate(
        """() => {
            const said = [];
            speechSynthesis.speak = (speech) => said.push([speech.text, speech.lang]);
            document.querySelector("main > button").click();
            return said;
        }"""
    )
    assert said[0] == ["怎样核验", "zh-Hans"]
    assert len(said) > 10
    assert tab.locator("main > button").get_attribute("aria-pressed") == "true"
    tab.goto("/view/elder?on=0&next=/how-to-check")
    assert tab.locator("html.elder").count() == 0
    assert tab.locator("main > button").count() == 0


def test_sample_code_can_be_copied(tab: Any):
    tab.goto("/datasets/stops")
    tab.locator("details[open] button.copy").click()
    tab.get_by_text("已复制").wait_for()
    assert tab.evaluate("navigator.clipboard.readText()").startswith("curl ")


def test_the_head_of_the_table_and_its_first_column_stay(tab: Any):
    tab.set_viewport_size({"width": 500, "height": 800})
    tab.goto("/datasets/stops")
    head = tab.locator(".sheet thead th").first
    before = head.bounding_box()
    tab.locator(".sheet").evaluate("e => { e.style.maxHeight = '200px'; e.scrollTo(150, 60); }")
    after = head.bounding_box()
    assert before == after


def test_on_paper_there_are_no_controls_and_the_whole_table(tab: Any):
    tab.goto("/datasets/stops")
    tab.emulate_media(media="print")
    for hidden in (".ways", ".switches", ".trail"):
        assert not tab.locator(hidden).first.is_visible()
    sheet = tab.locator(".sheet").evaluate("e => getComputedStyle(e).overflow")
    assert sheet == "visible"
    assert tab.locator(".sheet tbody tr").last.is_visible()
