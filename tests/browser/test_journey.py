"""A clerk publishes a table and a reviewer lists it, in Chromium, without script, by keyboard alone."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.portal.live import LiveNode
from tests.portal.scenes import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TABLE = "站号,站名,泊位,启用日期\n0007,南门,120,2024年5月1日\n0008,西街,未知,2025年12月31日\n0009,湖滨,88,2026年1月2日\n"
MOST_TABS = 250
MOST_LOOKS = 400


class Keyboard:
    """A person who has neither mouse nor script."""

    def __init__(self, chromium: Any, node: LiveNode) -> None:
        self.context = chromium.new_context(base_url=node.url, java_script_enabled=False)
        self.tab = self.context.new_page()

    def open(self, address: str) -> None:
        self.tab.goto(address)

    def reach(self, selector: str) -> None:
        """Press Tab until the focus is there."""
        target = self.tab.locator(f"{selector}:focus")
        for _ in range(MOST_TABS):
            if target.count():
                return
            self.tab.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with the Tab key on {self.tab.url}")

    def write(self, name: str, text: str) -> None:
        self.reach(f"[name='{name}']")
        self.tab.keyboard.press("Control+A")
        self.tab.keyboard.press("Delete")
        self.tab.keyboard.type(text)

    def choose(self, name: str, label: str) -> None:
        """In a closed select the arrow keys choose; a letter jumps."""
        self.reach(f"select[name='{name}']")
        options = self.tab.locator(f"select[name='{name}'] option").all_inner_texts()
        at = self.tab.locator(f"select[name='{name}'] option:checked").inner_text()
        steps = options.index(label) - options.index(at)
        for _ in range(abs(steps)):
            self.tab.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")

    def tick(self, name: str, value: str) -> None:
        """Tab reaches a group of radio buttons, the arrows its other members."""
        self.reach(f"[name='{name}']")
        for _ in range(5):
            if self.tab.locator(f"[name='{name}'][value='{value}']:focus").count():
                self.tab.keyboard.press("Space")
                return
            self.tab.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} offers no {value}")

    def press(self, words: str) -> None:
        """Go to the button or link with these words and press it."""
        found = self.tab.locator(f"main a:text-is('{words}'), main button:text-is('{words}')")
        handle = found.first.element_handle()
        for _ in range(MOST_TABS):
            if self.tab.evaluate("e => e === document.activeElement", handle):
                break
            self.tab.keyboard.press("Tab")
        else:
            raise AssertionError(f"“{words}” cannot be reached with the Tab key on {self.tab.url}")
        with self.tab.expect_navigation():
            self.tab.keyboard.press("Enter")

    def sign_in(self, user: str) -> None:
        self.open("/sign-in")
        self.write("username", user)
        self.write("password", PASSWORD)
        self.press("登录")
        assert self.tab.url.endswith("/desk")

    def read(self) -> str:
        text: str = self.tab.locator("main").inner_text()
        return text

    def wait_for(self, words: str) -> None:
        """Follow the page's own link until the work is done."""
        for _ in range(MOST_LOOKS):
            if words in self.read():
                return
            self.press("刷新看看")
        raise AssertionError(f"“{words}” never came: {self.read()}")


@pytest.fixture
def clerk(chromium: Any, node: LiveNode) -> Keyboard:
    return Keyboard(chromium, node)


@pytest.fixture
def reviewer(chromium: Any, node: LiveNode) -> Keyboard:
    return Keyboard(chromium, node)


def test_the_skip_link_comes_first_and_leads_to_the_text(clerk: Keyboard):
    clerk.open("/")
    clerk.tab.keyboard.press("Tab")
    assert clerk.tab.locator(".skip:focus").count() == 1
    clerk.tab.keyboard.press("Enter")
    assert clerk.tab.url.endswith("#main")


def test_a_table_goes_from_the_clerk_to_the_public(
    clerk: Keyboard, reviewer: Keyboard, node: LiveNode, tmp_path: Path
):
    file = tmp_path / "停车场.csv"
    file.write_bytes(TABLE.encode("gb18030"))
    with node.worker():
        slug = hand_in(clerk, file)
        describe_and_submit(clerk, slug)
        return_once(reviewer, clerk, slug)
        list_it(reviewer)
    the_public_reads(clerk, node, slug)


def hand_in(clerk: Keyboard, file: Path) -> str:
    clerk.sign_in("clerk")
    clerk.press("上传数据表")
    clerk.reach("[name=file]")
    clerk.tab.set_input_files("[name=file]", file)  # the system's own dialogue is not the page
    clerk.press("上传")
    clerk.wait_for("查看结果")
    assert "GB18030" in clerk.read()
    clerk.press("继续：命名数据集")
    clerk.write("title_zh", "公共停车场")
    clerk.write("slug", "car-parks")
    clerk.press("继续：确认各列")
    clerk.write("c3-format", "")
    clerk.press("确认并装载")
    assert "请写出确切的格式" in clerk.read()
    clerk.write("c3-format", "%Y年%-m月%-d日")
    clerk.choose("c2-type", "整数")
    clerk.press("确认并装载")
    clerk.wait_for("申报 3 行 = 装载 2 行 + 拒收 1 行")
    assert "未知" in clerk.read()
    clerk.press("继续：填写说明并提交")
    return "car-parks"


def describe_and_submit(clerk: Keyboard, slug: str) -> None:
    assert "补齐后即可提交" in clerk.read()
    clerk.press("数据是什么")
    clerk.write("description_zh", "全市公共停车场的编号、名称和泊位数。")
    clerk.choose("theme", "交通运输")
    clerk.press("保存")
    clerk.press("怎样开放")
    clerk.tick("attribute", "unconditional")
    clerk.write("attribute_reason", "停车场信息不涉及秘密和个人信息。")
    clerk.press("保存")
    clerk.press("范围、时间与更新")
    clerk.choose("update_cycle", "每月")
    clerk.press("保存")
    clerk.press("各列的含义")
    clerk.write("c2-unit", "个")
    clerk.write("c2-description", "规划泊位数")
    clerk.press("保存")
    clerk.press("提交审核")
    assert "主管部门审核中" in clerk.read()


def return_once(reviewer: Keyboard, clerk: Keyboard, slug: str) -> None:
    reviewer.sign_in("reviewer")
    reviewer.open("/desk/review")
    reviewer.press("公共停车场")
    assert "南门" in reviewer.read()
    assert "不是整数" in reviewer.read()
    reviewer.tick("decision", "return")
    reviewer.press("作出决定")
    assert "退回没有写明理由" in reviewer.read()
    reviewer.write("reasons", "请写明泊位数为“未知”的处理办法。")
    reviewer.press("作出决定")
    clerk.open(f"/desk/datasets/{slug}")
    assert "请写明泊位数为“未知”的处理办法。" in clerk.read()
    clerk.press("各列的含义")
    clerk.write("c2-null_meaning", "未统计")
    clerk.press("保存")
    clerk.press("提交审核")


def list_it(reviewer: Keyboard) -> None:
    reviewer.open("/desk/review")
    reviewer.press("公共停车场")
    reviewer.tick("decision", "list")
    reviewer.press("作出决定")
    assert "已上架" in reviewer.read()


def the_public_reads(anyone: Keyboard, node: LiveNode, slug: str) -> None:
    anyone.context.clear_cookies()
    anyone.open("/datasets?q=tingchechang")
    anyone.press("公共停车场")
    text = anyone.read()
    assert "规划泊位数" in text
    assert "停车场信息不涉及秘密和个人信息。" in text
    assert re.search(r"存证 #\d+", text) or "待写入检查点" in text
    with urllib.request.urlopen(f"{node.url}/data/{slug}.ndjson") as answer:
        rows = [json.loads(line) for line in answer.read().splitlines()]
    assert rows == [
        {"站号": "0007", "站名": "南门", "泊位": 120, "启用日期": "2024-05-01"},
        {"站号": "0009", "站名": "湖滨", "泊位": 88, "启用日期": "2026-01-02"},
    ]
