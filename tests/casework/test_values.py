"""What counts as an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.casework.conftest import AGREED, APPLICATION, COLUMNS, SUZHOU
from wushu.casework.files import REGULATIONS, read_folder
from wushu.casework.rules.cases import Asked, values_of
from wushu.casework.rules.regulations import regulation_of
from wushu.kernel.errors import Refusal


@pytest.fixture(scope="module")
def asked() -> Asked:
    regulation = regulation_of(read_folder(REGULATIONS / SUZHOU), SUZHOU)
    procedure = regulation.procedure("conditional-access")
    return Asked(procedure.step("agree"), procedure, regulation, frozenset(COLUMNS))


@pytest.mark.parametrize("answer", [0, 0.0, "0"])
def test_a_quota_of_nothing_is_refused_and_not_taken_for_none(asked: Asked, answer: Any) -> None:
    with pytest.raises(Refusal, match=r"\[answer-wrong\]"):
        values_of(asked, {**AGREED, "rows-a-day": answer})


@pytest.mark.parametrize("answer", [None, "", " ", [], False])
def test_what_says_nothing_is_left_out(asked: Asked, answer: Any) -> None:
    assert "rows-a-day" not in values_of(asked, {**AGREED, "rows-a-day": answer})


@pytest.mark.parametrize("pledge", ["cooperate", "cite", "secure", "no-harm"])
def test_nobody_applies_without_each_of_the_pledges(asked: Asked, pledge: str) -> None:
    applying = replace(asked, step=asked.procedure.step("submit"))
    assert values_of(applying, APPLICATION)[pledge] is True
    for answer in (None, False):
        with pytest.raises(Refusal, match=r"\[answer-missing\]"):
            values_of(applying, {**APPLICATION, pledge: answer})
