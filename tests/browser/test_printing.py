"""Pages on A4: no navigation, nothing cut off, and where to check what is printed."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pypdf import PdfReader

from tests.portal.live import LiveNode

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.once]

A4 = (595, 842)
"""Points, rounded."""

PRINTED = (
    ("/datasets/{datasets[stops]}", "", ("公交站点",)),
    ("/datasets/{datasets[stops]}/history", "", ("历史",)),
    ("/datasets/{datasets[sealed]}", "", ("封存",)),
    ("/desk/review/{revisions[waiting]}", "reviewer", ("审核",)),
    ("/ledger", "reviewer", ("一本账",)),
    ("/desk/datasets/{datasets[taps]}/opening", "clerk", ("公交刷卡",)),
    ("/regulations/suzhou-public-data-opening-2023/1", "", ("第二十一条", "适用地区")),
    (
        "/regulations/suzhou-public-data-opening-2023/1/conditional-access",
        "",
        ("合规性审查中", "第21条第(2)项"),
    ),
)


def scene(path: str, node: LiveNode) -> str:
    return path.format(datasets=node.scenes.datasets, revisions=node.scenes.revisions)


@pytest.fixture
def opened(
    chromium: Any, node: LiveNode, signed_in: Callable[[str], Any]
) -> Iterator[Callable[[str, str], Any]]:
    contexts = []

    def open_page(path: str, user: str) -> Any:
        context = chromium.new_context(base_url=node.url, storage_state=signed_in(user))
        contexts.append(context)
        page = context.new_page()
        answer = page.goto(path)
        assert answer.status in (200, 451), path
        return page

    yield open_page
    for context in contexts:
        context.close()


def words(page: Any) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    text = "".join(one.extract_text() for one in reader.pages).replace("\n", "")
    return reader, unicodedata.normalize("NFKC", text)  # fonts name some characters as radicals


@pytest.mark.parametrize(("path", "user", "said"), PRINTED, ids=[one[0] for one in PRINTED])
def test_a_page_prints_on_a4_without_controls_and_with_where_to_check_it(
    opened: Callable[[str, str], Any], node: LiveNode, path: str, user: str, said: tuple[str, ...]
):
    page = opened(scene(path, node), user)
    reader, text = words(page)
    for one in reader.pages:
        sides = sorted((round(float(one.mediabox.width)), round(float(one.mediabox.height))))
        assert tuple(sides) == A4
    assert said[0] in text
    assert node.url.removeprefix("http://") in text
    assert "日志检查点" in text
    for control in ("退出", "跳到正文", "大字"):
        assert control not in text


@pytest.mark.parametrize(("path", "user", "said"), PRINTED, ids=[one[0] for one in PRINTED])
def test_nothing_is_wider_than_the_paper(
    opened: Callable[[str, str], Any], node: LiveNode, path: str, user: str, said: tuple[str, ...]
):
    page = opened(scene(path, node), user)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})  # 182 mm at 96 pixels an inch
    wide = page.evaluate(
        "() => [...document.querySelectorAll('main table, main pre, main p, main dl')]"
        ".filter(e => e.getClientRects().length && e.getBoundingClientRect().right > 690)"
        ".map(e => e.tagName + ' ' + e.className)"
    )
    assert wide == []


def test_the_preview_prints_every_row_and_column(opened: Callable[[str, str], Any], node: LiveNode):
    page = opened(scene("/datasets/{datasets[stops]}", node), "")
    heads = page.locator(".sheet thead th").evaluate_all("all => all.map(e => e.innerText)")
    _, text = words(page)
    assert len(heads) > 3
    for head in heads:
        name = head.split("\n")[0].strip()
        assert name.replace(" ", "") in text.replace(" ", ""), name
