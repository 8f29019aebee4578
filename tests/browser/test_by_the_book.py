"""Opening by the book in Chromium: four people, one application, an error reported, rights objected to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.portal.live import LiveNode
from tests.portal.scenes import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SignedIn = Callable[[str], Any]
ROWS = "/api/v1/datasets/trees/rows"
USER, AUTHORITY, BODY, HOLDER = "analyst", "reviewer", "forester", "holder"


class Desk:
    """One person at the browser."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def open(self, path: str) -> None:
        self.page.goto(path)

    def fill(self, columns: tuple[str, ...] = (), paper: Path | None = None) -> None:
        """Something in every field that is seen at once; the columns that are named."""
        main = self.page.locator("main form[method=post]")
        for field in main.locator("textarea:visible, input[type=text]:visible").all():
            field.fill("用于古树保护研究，只在课题组内使用。")
        for field in main.locator("input[type=date]").all():
            field.fill("2099-12-31")
        for name in {one.get_attribute("name") for one in main.locator("input[type=radio]").all()}:
            main.locator(f"input[type=radio][name='{name}']").first.check()
        for box in main.locator("input[type=checkbox]").all():
            if box.get_attribute("name") != "columns" or box.get_attribute("value") in columns:
                box.check()
        if paper is not None:
            main.locator("input[type=file]").first.set_input_files(paper)

    def send(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("main form[method=post] button").last.click()

    def follow(self, link: str) -> None:
        """A link of the page, until what it leads to is there: a click alone returns before."""
        with self.page.expect_navigation():
            self.page.click(f"main a[href$='{link}']")

    def file(self, procedure: str, paper: Path | None = None) -> str:
        """File from the dataset's page; the number of the case."""
        self.open("/datasets/trees")
        self.follow(f"/file/{procedure}")
        self.fill(paper=paper)
        self.send()
        found = re.search(r"/cases/([0-9A-Z-]+)$", self.page.url)
        assert found is not None, self.page.inner_text("main")
        return found[1]

    def take(self, case: str, step: str, columns: tuple[str, ...] = ()) -> None:
        """From the case's page: nobody needs to know an address."""
        self.open(f"/cases/{case}")
        self.follow(f"/do/{step}")
        self.fill(columns)
        self.send()
        assert self.page.url.endswith(f"/cases/{case}"), self.page.inner_text("main")

    @property
    def text(self) -> str:
        return str(self.page.inner_text("main"))


@pytest.fixture
def at(chromium: Any, node: LiveNode, signed_in: SignedIn) -> Iterator[Callable[[str], Desk]]:
    """Somebody's own browser window."""
    contexts: dict[str, Any] = {}

    def desk(user: str) -> Desk:
        if user not in contexts:
            contexts[user] = chromium.new_context(
                base_url=node.url, storage_state=signed_in(user), locale="zh-CN"
            )
        return Desk(contexts[user].new_page())

    yield desk
    for context in contexts.values():
        context.close()


def key_of(desk: Desk) -> dict[str, str]:
    """A new API key of who sits there, issued on the page."""
    desk.open("/account/keys/new")
    desk.page.fill("[name=name]", "巡查")
    desk.page.check("[name=scopes][value='rows:read']")
    desk.page.fill("[name=current]", PASSWORD)
    desk.send()
    found = re.search(r"wsk_\w+", desk.text)
    assert found is not None
    return {"Authorization": f"Bearer {found[0]}"}


def test_conditional_data_go_from_the_application_to_rows_and_stop_with_an_objection(
    at: Callable[[str], Desk], node: LiveNode, tmp_path: Path
) -> None:
    user, authority, body = at(USER), at(AUTHORITY), at(BODY)
    with httpx.Client(base_url=node.url) as program:
        key = key_of(user)
        assert program.get(ROWS, headers=key).status_code == 403

        case = user.file("conditional-access")
        assert "还剩 5 个工作日 · 等公共数据主管部门办理" in user.text
        authority.open("/desk/cases")
        assert case in authority.text
        authority.take(case, "return")
        user.open(f"/cases/{case}")
        assert "轮到您办理" in user.text
        user.take(case, "resubmit")
        authority.take(case, "pass")
        body.take(case, "agree", columns=("时间", "线路"))
        assert program.get(ROWS, headers=key).status_code == 403
        user.open(f"/cases/{case}/agreement")
        assert "开放的数据项（第二十一条第（三）项）" in user.text
        user.take(case, "sign")
        assert program.get(ROWS, headers=key).status_code == 403
        body.take(case, "countersign")
        rows = program.get(ROWS, headers=key).json()
        assert set(rows["rows"][0]) == {"时间", "线路"}
        outside = program.get(f"{ROWS}?select=卡号", headers=key)
        assert outside.json()["name"] == "column-not-granted"

        error = user.file("correction")
        body.take(error, "correct")
        user.open(f"/cases/{error}")
        assert "更正了数据" in user.text

        evidence = tmp_path / "证据.txt"
        evidence.write_text("名册")
        objection = at(HOLDER).file("rights-objection", paper=evidence)
        body.take(objection, "suspend")
        stopped = program.get(ROWS, headers=key)
        assert (stopped.status_code, stopped.json()["name"]) == (451, "dataset-sealed")
        assert "古树保护" in stopped.json()["detail"]  # the reason that the body gave
        body.take(objection, "propose-restore")
        authority.take(objection, "restore")
        assert program.get(ROWS, headers=key).status_code == 200


def test_who_has_no_part_in_a_case_cannot_even_see_that_it_is_there(
    at: Callable[[str], Desk], node: LiveNode
) -> None:
    stranger = at("clerk")
    stranger.open(f"/cases/{node.scenes.cases['review']}")
    assert "找不到" in stranger.text
