"""What to chart or to map: which rows, and of a chart its column, perhaps a second, and a measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.selectors import Condition, Grouping, Measure, Op, Step
from wushu.portal.forms.base import PortalForm, offer
from wushu.portal.requests import language
from wushu.portal.text import either

_NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.NUMBER})
_DATES = frozenset({FieldType.DATE, FieldType.DATETIME})
MEASURES = {
    Measure.COUNT: _("number of rows"),
    Measure.SUM: _("sum"),
    Measure.MEAN: _("mean"),
    Measure.LEAST: _("smallest"),
    Measure.MOST: _("largest"),
}
_STEPS = {Step.DAY: _("day"), Step.MONTH: _("month"), Step.YEAR: _("year")}
_COMPARISONS = {
    Op.EQ: _("is"),
    Op.NE: _("is not"),
    Op.LT: _("is less than"),
    Op.LE: _("is at most"),
    Op.GT: _("is more than"),
    Op.GE: _("is at least"),
    Op.PREFIX: _("begins with"),
    Op.CONTAINS: _("contains"),
    Op.NULL: _("has no value"),
}


class RowsForm(PortalForm):
    """Which rows of one dataset; all choices stand in the page's address."""

    refused_at = {"filter-not-understood": "value"}
    status = 400  # a question in an address, not a form that was sent

    where = forms.ChoiceField(label=_("Only rows whose"), required=False)
    op = forms.ChoiceField(
        label=_("Comparison"), required=False, choices=list(_COMPARISONS.items())
    )
    value = forms.CharField(label=_("Value"), required=False, max_length=200, strip=False)

    def __init__(
        self,
        columns: Sequence[FieldSpec],
        data: Mapping[str, Any] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        every = [(one.name, _name(one)) for one in columns]
        offer(self, "where", [("", _("all rows")), *every])

    def conditions(self) -> tuple[Condition, ...] | None:
        """What the rows must fulfil; None when it was not understood."""
        if not self.is_valid():
            return None
        asked = self.cleaned_data
        if not asked["where"]:
            return ()
        op = Op(asked["op"] or Op.EQ)
        value = "true" if op is Op.NULL else asked["value"]
        return (Condition(asked["where"], op, (value,)),)


class ExploreForm(RowsForm):
    """The same, and what to chart of them."""

    field_order = ("by", "across", "measure", "of", "step", "where", "op", "value")
    refused_at = {**RowsForm.refused_at, "measure-needs-numbers": "of"}

    by = forms.ChoiceField(label=_("Group by"))
    across = forms.ChoiceField(label=_("Second column, across"), required=False)
    measure = forms.ChoiceField(label=_("Show"), required=False, choices=list(MEASURES.items()))
    of = forms.ChoiceField(label=_("Of which column"), required=False)
    step = forms.ChoiceField(label=_("Dates by"), required=False, choices=list(_STEPS.items()))

    def __init__(
        self,
        columns: Sequence[FieldSpec],
        data: Mapping[str, Any] | None = None,
        chosen: Grouping | None = None,
    ) -> None:
        """``chosen``: what is shown unasked."""
        super().__init__(columns, data, _initial(chosen) if chosen is not None else None)
        every = [(one.name, _name(one)) for one in columns]
        numbers = [(one.name, _name(one)) for one in columns if one.type in _NUMBERS]
        none = ("", _("none"))
        for name, choices in (
            ("by", every), ("across", [none, *every]), ("of", [none, *numbers]),
        ):  # fmt: skip
            offer(self, name, choices)
        if not numbers:
            del self.fields["of"], self.fields["measure"]
        if not any(one.type in _DATES for one in columns):
            del self.fields["step"]

    def wanted(self) -> Grouping | None:
        """What is asked; None when it was not understood."""
        conditions = self.conditions()
        if conditions is None:
            return None
        asked = self.cleaned_data
        measure = Measure(asked.get("measure") or Measure.COUNT)
        return Grouping(
            by=asked["by"],
            across=asked["across"] if asked["across"] != asked["by"] else "",
            measure=measure,
            of="" if measure is Measure.COUNT else asked.get("of", ""),
            step=Step(asked.get("step") or Step.DAY),
            conditions=conditions,
        )


def _initial(chosen: Grouping) -> dict[str, Any]:
    return {"by": chosen.by, "measure": chosen.measure.value, "step": chosen.step.value}


def _name(field: FieldSpec) -> str:
    return either(field.title_zh, field.title_en, language()) or field.name
