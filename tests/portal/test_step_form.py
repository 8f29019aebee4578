"""The form of a step that asks for rows, masks and numbers, filled in without a script."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from wushu.casework.rules.regulations import regulation_of
from wushu.casework.selectors import REGULATIONS, public_fields, read_folder
from wushu.casework.types import Step
from wushu.dataplane.ingest.refusals import GRANT_MASK_WRONG
from wushu.portal.forms.steps import StepForm

SUZHOU = "suzhou-public-data-opening-2023"
COLUMNS = ("编号", "名称", "区")
FILLED = {
    "purpose": "研究", "scope": "课题组", "manner": "下载", "columns": ["编号", "名称"],
    "until": "2027-01-31", "delivery": "rows", "service": "邮件", "prohibited": "转让", "liability": "按约定",
    "disputes": "协商",
}  # fmt: skip


@pytest.fixture(scope="module")
def agree() -> Step:
    regulation = regulation_of(read_folder(REGULATIONS / SUZHOU), SUZHOU)
    return regulation.procedure("conditional-access").step("agree")


def form(step: Step, **more: Any) -> StepForm:
    given = {**FILLED, **more}
    data = MultiValueDict({k: v if isinstance(v, list) else [v] for k, v in given.items()})
    return StepForm(data, None, step, columns=COLUMNS)


def test_who_writes_what_everybody_can_read_is_told_so(agree: Step) -> None:
    regulation = regulation_of(read_folder(REGULATIONS / SUZHOU), SUZHOU)
    refuse = regulation.procedure("conditional-access").step("refuse")
    with translation.override("en"):
        told = StepForm(None, None, refuse, public=public_fields(regulation, refuse))
        assert "Everybody can read it." in told.fields["reasons"].help_text
    apply = regulation.procedure("conditional-access").step("submit")
    assert public_fields(regulation, apply) == {"kind"}, "their own words stay with who takes part"
    assert public_fields(regulation, agree) == set()


def test_lines_become_conditions_and_masks(agree: Step) -> None:
    filled = form(
        agree,
        **{
            "rows-0-column": "区", "rows-0-op": "in", "rows-0-values": "甲区\r\n 乙区 \r\n",
            "rows-1-column": "", "rows-1-op": "eq", "rows-1-values": "",
            "masks-0-column": "编号", "masks-0-method": "keep", "masks-0-values": "3\n4",
            "masks-1-column": "名称", "masks-1-method": "hide", "masks-1-values": "",
            "rows-a-day": "100", "requests-a-day": "",
        },
    )  # fmt: skip
    assert filled.is_valid(), filled.errors
    assert filled.values["rows"] == [{"column": "区", "op": "in", "values": ["甲区", "乙区"]}]
    assert filled.values["masks"] == [
        {"column": "编号", "method": "keep", "values": ["3", "4"]},
        {"column": "名称", "method": "hide", "values": []},
    ]
    assert filled.values["rows-a-day"] == "100"
    assert "requests-a-day" not in filled.values
    shown = str(filled["rows"])
    assert '<option value="in" selected>' in shown
    assert "甲区\n乙区</textarea>" in shown
    assert '<details class="per-item" open>' in shown


def test_without_lines_nothing_is_limited(agree: Step) -> None:
    filled = form(agree)
    assert filled.is_valid(), filled.errors
    assert not {"rows", "masks", "rows-a-day", "requests-a-day"} & filled.values.keys()
    assert "open" not in str(filled["masks"]).split("<summary>")[0]


def test_what_the_data_plane_refuses_stands_at_its_field(agree: Step) -> None:
    filled = form(agree)
    assert filled.is_valid()
    filled.refuse(GRANT_MASK_WRONG(column="编号", reason="x", methods="hide"))
    assert list(filled.errors) == ["masks"]
