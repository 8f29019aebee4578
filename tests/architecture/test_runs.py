"""Which tests belong to a run of the suite."""

from __future__ import annotations

import pytest

from tests.support.runs import has_its_turn


class Item:
    """A fake test, with a name and perhaps the mark."""

    def __init__(self, name: str, parts: int | None) -> None:
        self.nodeid = name
        self._mark = None if parts is None else pytest.mark.rota(parts).mark

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        return self._mark if name == "rota" else None


def turns(monkeypatch: pytest.MonkeyPatch, item: Item, commits: range) -> list[bool]:
    found = []
    for commit in commits:
        monkeypatch.setenv("TEST_RUN_TURN", str(commit))
        found.append(has_its_turn(item))
    return found


@pytest.mark.parametrize("name", ["a", "tests/x.py::test[zh-home]", "测试"])
def test_what_takes_turns_has_one_in_as_many_commits_as_it_has_parts(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert sum(turns(monkeypatch, Item(name, 4), range(1000, 1004))) == 1
    monkeypatch.setenv("TEST_RUN_TURN", "1000")
    first = has_its_turn(Item(name, None), 2)
    monkeypatch.setenv("TEST_RUN_TURN", "1001")
    assert has_its_turn(Item(name, None), 2) is not first


def test_all_else_and_an_exhaustive_run_leave_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(turns(monkeypatch, Item("a", None), range(4)))
    monkeypatch.setenv("TEST_RUN_TURN", "")
    assert has_its_turn(Item("a", 4))
