"""The seam of the log: an act never goes unrecorded."""

from __future__ import annotations

from typing import Any

import pytest

from wushu.kernel import acts


@pytest.fixture
def unbound(monkeypatch):
    monkeypatch.setattr(acts, "_recorder", None)


def test_an_unbound_seam_refuses(unbound):
    with pytest.raises(RuntimeError, match="no evidence log is bound"):
        acts.record("parties.person.registered", actor="urn:a", subject="urn:b", data={}, rows=[])


def test_a_bound_seam_passes_everything_on_and_gives_the_answer_back(unbound):
    calls: list[Any] = []

    def recorder(act: str, **rest: Any) -> str:
        calls.append((act, rest))
        return "recorded"

    acts.bind(recorder)
    given = {"actor": "urn:a", "subject": "urn:b", "data": {"x": 1}, "rows": [1], "deleted": [2]}
    assert acts.record("parties.person.registered", **given) == "recorded"
    assert calls == [("parties.person.registered", given)]


def test_the_started_program_has_its_seam_bound():
    from wushu.evidence import services

    assert acts._recorder is services.record
