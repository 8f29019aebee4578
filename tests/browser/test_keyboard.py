"""A citizen's visit and an official's day with the keyboard alone, in Chromium as most people have it.

Only key presses, after one typed address for each visit: focus must be seen wherever it goes, everything that
can be pressed must be reached by Tab, nothing may hold the focus, and the first stop of each page leads past
the navigation. (``test_journey`` does a clerk's work without script.)
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import expect

from tests.portal.live import LiveNode
from tests.portal.scenes import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_STOPS = 400
TABLE = "桩号,名称,数量\nA01,东站,4\nA02,南站,6\n"

FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const style = getComputedStyle(e), box = e.getClientRects()[0];
  const shown = box && box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0
    && box.top < innerHeight && box.left < innerWidth;
  let covered = false;
  if (shown) {
    const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
    const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    covered = !(top && (e.contains(top) || top.contains(e)));
  }
  if (!e.dataset.stop) e.dataset.stop = String(1 + document.querySelectorAll('[data-stop]').length);
  return {
    stop: e.dataset.stop, name: e.getAttribute('name') || '', value: e.value || '',
    words: (e.innerText || e.getAttribute('aria-label') || '').trim().replace(/\\s+/g, ' '),
    tag: e.tagName, shown: Boolean(shown), covered,
    ringed: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
  };
}"""
"""What has the focus, and whether one sees it; each element gets a number when it is first reached."""

UNREACHED = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(e => !e.disabled && e.checkVisibility({checkVisibilityCSS: true}) && !e.dataset.stop)
  .filter(e => e.type !== 'radio' || ![...document.getElementsByName(e.name)].some(o => o.dataset.stop))
  .map(e => e.outerHTML.slice(0, 200))"""


class Person:
    """Somebody with a keyboard and nothing else, who asked for pages that do not glide."""

    def __init__(self, chromium: Any, node: LiveNode, **how: Any) -> None:
        self.context = chromium.new_context(
            base_url=node.url, accept_downloads=True, locale="zh-CN", reduced_motion="reduce", **how
        )
        self.tab = self.context.new_page()

    def arrive(self, address: str = "/") -> None:
        """The one address that is typed; everything else is reached from there."""
        self.tab.goto(address)

    def step(self, key: str = "Tab") -> dict[str, Any] | None:
        """One press; what has the focus then must be seen. None: the focus has left the page."""
        self.tab.keyboard.press(key)
        focus: dict[str, Any] | None = self.tab.evaluate(FOCUS)
        if focus is not None:
            where = f"{focus['tag']} “{focus['words'][:60]}” {focus['name']} on {self.tab.url}"
            assert focus["shown"], f"the focus is out of sight: {where}"
            assert focus["ringed"], f"nothing shows the focus: {where}"
            assert not focus["covered"], f"something lies over the focus: {where}"
        return focus

    def reach(self, wanted: Any, what: str) -> dict[str, Any]:
        """Tab on until the focus is where it is wanted."""
        for _ in range(MOST_STOPS):
            focus = self.step()
            if focus is not None and wanted(focus):
                return focus
        raise AssertionError(f"{what} is not reached by Tab on {self.tab.url}")

    def press(self, words: str, leads_to: str, key: str = "Enter") -> None:
        """Press what says these words; the page it leads to says the others."""
        self.reach(lambda focus: focus["words"] == words, f"“{words}”")
        self.tab.keyboard.press(key)
        expect(self.tab.locator("body")).to_contain_text(leads_to)
        self.tab.wait_for_load_state()

    def write(self, name: str, text: str) -> None:
        """Into the field of this name."""
        self.reach(lambda focus: focus["name"] == name, name)
        self.tab.keyboard.press("Control+A")
        self.tab.keyboard.type(text)

    def choose(self, name: str, label: str) -> None:
        """In a closed select, by the arrow keys."""
        self.reach(lambda focus: focus["name"] == name, name)
        options = self.tab.locator(f"select[name='{name}'] option").all_inner_texts()
        at = self.tab.locator(f"select[name='{name}'] option:checked").inner_text()
        steps = options.index(label) - options.index(at)
        for _ in range(abs(steps)):
            self.tab.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")

    def tick(self, name: str, value: str) -> None:
        """One of a group: Tab to the group, the arrows within it, and the space bar."""
        focus = self.reach(lambda focus: focus["name"] == name, name)
        for _ in range(8):
            if focus["value"] == value:
                self.tab.keyboard.press("Space")
                return
            found = self.step("ArrowDown")
            assert found is not None
            focus = found
        raise AssertionError(f"{name} offers no {value}")

    def from_the_top(self) -> None:
        """The same page anew, without the place in it that a skip link left in the address."""
        self.tab.goto(self.tab.url.partition("#")[0])

    def whole_page(self) -> None:
        """From the top through every stop, out at the end, and one back: nothing holds the focus."""
        self.from_the_top()
        first = self.step()
        assert first is not None
        assert "跳到正文" in first["words"] or "Skip to the text" in first["words"], first
        stops = 1
        while (focus := self.step()) is not None and focus["stop"] != first["stop"]:
            stops += 1
            assert stops < MOST_STOPS, f"{self.tab.url} has no end"
        left = self.tab.evaluate(UNREACHED)
        assert left == [], f"not reached by Tab on {self.tab.url}"
        for _ in range(3):  # the way back is open too
            back = self.step("Shift+Tab")
            assert back is None or back["stop"] != first["stop"] or stops < 3

    def skip(self) -> None:
        """The skip link leads past the navigation: the next stop is in the text."""
        self.from_the_top()
        self.step()
        self.tab.keyboard.press("Enter")
        self.step()
        assert self.tab.evaluate("document.querySelector('main').contains(document.activeElement)")

    def sign_in(self, user: str, node: LiveNode) -> None:
        """From the home page's own link to the desk, with a code where the account asks for one."""
        self.press("登录", "用户名")
        self.write("username", user)
        self.write("password", PASSWORD)
        secret = node.scenes.secrets.get(user)
        self.press("登录", "输入动态验证码" if secret else "工作台")
        if secret:
            self.whole_page_of_a_form("code")
            self.write("code", pyotp.TOTP(secret).now())
            self.press("登录", "工作台")

    def whole_page_of_a_form(self, name: str) -> None:
        """The page that answered a form is not loaded again: its stops are walked once round."""
        seen = set()
        for _ in range(MOST_STOPS):
            focus = self.step()
            if focus is not None and focus["stop"] in seen:
                break
            if focus is not None:
                seen.add(focus["stop"])
        assert self.tab.evaluate(UNREACHED) == [], name


@pytest.fixture
def citizen(chromium: Any, node: LiveNode) -> Iterator[Person]:
    person = Person(chromium, node)
    yield person
    person.context.close()


def test_a_citizens_visit(citizen: Person, node: LiveNode, tmp_path: Path):
    citizen.arrive("/")
    citizen.whole_page()
    citizen.skip()
    citizen.write("q", "gongjiaozhandian")
    citizen.tab.keyboard.press("Enter")
    citizen.tab.wait_for_url("**/datasets?q=gongjiaozhandian*")
    citizen.whole_page()
    stops = citizen.tab.locator("#results .entries h3 a").first.inner_text()
    citizen.press(stops, "预览")
    assert citizen.tab.locator("main table caption").first.count() == 1
    citizen.whole_page()
    citizen.skip()
    scroll_the_preview(citizen)
    take(citizen, node)
    citizen.press("English", "Datasets")
    assert citizen.tab.locator("html").get_attribute("lang") == "en"
    citizen.whole_page()
    citizen.press("Large text", "Standard view")
    assert citizen.tab.locator("html.elder").count() == 1
    citizen.whole_page()
    citizen.press("Standard view", "Large text")
    citizen.press("中文", "长辈版")
    assert citizen.tab.locator("html.elder").count() == 0


def scroll_the_preview(citizen: Person) -> None:
    """A table that is wider than the page is a stop, and the arrows move it."""
    citizen.tab.set_viewport_size({"width": 420, "height": 800})
    citizen.from_the_top()
    citizen.reach(lambda focus: focus["tag"] == "DIV", "the table")
    before = citizen.tab.evaluate("document.activeElement.scrollLeft")
    for _ in range(5):
        citizen.tab.keyboard.press("ArrowRight")
    citizen.tab.wait_for_function(
        "before => document.activeElement.scrollLeft > before", arg=before
    )
    citizen.whole_page()
    citizen.tab.set_viewport_size({"width": 1280, "height": 720})


def take(citizen: Person, node: LiveNode) -> None:
    """The download begins by Enter, and is the table."""
    citizen.from_the_top()
    citizen.reach(lambda focus: focus["words"].startswith("CSV"), "the download")
    with citizen.tab.expect_download() as begun:
        citizen.tab.keyboard.press("Enter")
    content = Path(begun.value.path()).read_text("utf-8-sig")
    assert len(content.splitlines()) > 2
    assert begun.value.suggested_filename.endswith(".csv")


def test_a_day_of_a_clerk_and_a_reviewer(chromium: Any, node: LiveNode, tmp_path: Path):
    clerk, reviewer = Person(chromium, node), Person(chromium, node)
    file = tmp_path / "充电桩.csv"
    file.write_text(TABLE, encoding="utf-8")
    with node.worker():
        hand_in(clerk, node, file)
        describe(clerk)
    clerk.press("退出", "开放的数据")
    assert "登录" in clerk.tab.locator("header").inner_text()
    list_it(reviewer, node)
    reviewer.press("退出", "开放的数据")
    clerk.from_the_top()
    clerk.press("充电站点", "预览")
    clerk.context.close()
    reviewer.context.close()


def hand_in(clerk: Person, node: LiveNode, file: Path) -> None:
    clerk.arrive("/")
    clerk.sign_in("careful", node)
    clerk.whole_page()
    clerk.press("上传数据表", "文字编码")
    clerk.whole_page()
    clerk.reach(lambda focus: focus["name"] == "file", "the file")
    with clerk.tab.expect_file_chooser() as asked:
        clerk.tab.keyboard.press("Space")
    asked.value.set_files(file)  # the system's own dialogue is not the page
    clerk.reach(lambda focus: focus["words"] == "上传", "“上传”")
    clerk.tab.keyboard.press("Enter")
    clerk.tab.get_by_text("继续：命名数据集").wait_for(timeout=120_000)
    clerk.whole_page()
    clerk.press("继续：命名数据集", "名称")
    clerk.write("title_zh", "充电站点")
    clerk.write("slug", "charging-points")
    clerk.press("继续：确认各列", "装载")
    clerk.whole_page()
    clerk.press("确认并装载", "装载")
    clerk.tab.get_by_text("继续：填写说明并提交").wait_for(timeout=120_000)
    clerk.press("继续：填写说明并提交", "补齐后即可提交")


def describe(clerk: Person) -> None:
    clerk.whole_page()
    clerk.press("数据是什么", "保存")
    clerk.whole_page()
    clerk.write("description_zh", "全市充电站点的编号、名称和桩数。")
    clerk.choose("theme", "交通运输")
    clerk.press("保存", "怎样开放")
    clerk.press("怎样开放", "保存")
    clerk.tick("attribute", "unconditional")
    clerk.write("attribute_reason", "站点信息不涉及秘密和个人信息。")
    clerk.press("保存", "范围、时间与更新")
    clerk.press("范围、时间与更新", "保存")
    clerk.choose("update_cycle", "每月")
    clerk.press("保存", "提交审核")
    clerk.press("提交审核", "主管部门审核中")


def list_it(reviewer: Person, node: LiveNode) -> None:
    reviewer.arrive("/")
    reviewer.sign_in("reviewer", node)
    reviewer.press("待审核", "充电站点")
    reviewer.whole_page()
    reviewer.press("充电站点", "作出决定")
    reviewer.whole_page()
    reviewer.tick("decision", "list")
    reviewer.press("作出决定", "已上架")


def test_the_walk_finds_a_stop_that_shows_nothing(citizen: Person):
    """That the two tests above would fail, if a page hid the focus, held it, or left something out."""
    citizen.arrive("/")
    hide = "document.querySelectorAll('.masthead a').forEach(a => { a.style.outline = 'none' })"
    citizen.tab.evaluate(hide)
    with pytest.raises(AssertionError, match="nothing shows the focus"):
        citizen.reach(lambda focus: focus["words"] == "登录", "the way in")
    citizen.tab.reload()
    citizen.tab.evaluate("document.querySelector('footer a').tabIndex = -1")
    with pytest.raises(AssertionError, match="a footer's link"):
        citizen.whole_page_of_a_form("a footer's link")
