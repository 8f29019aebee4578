"""The columns of a table: their types, to be confirmed before loading, and their meaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wushu.catalog import selectors as catalog
from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.types import ColumnFound
from wushu.kernel.errors import Refusal
from wushu.portal.forms.base import PortalForm, field_of, named

_EMPTY = '""'
"""Stands for the empty text in a list of null literals, which a line cannot show."""


def _typed() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=named(catalog.FIELD_PROPERTIES, "type"),
        choices=lambda: [(one.value, catalog.FIELD_TYPES[one]) for one in FieldType],
    )


class TypeForm(PortalForm):
    """One column of an upload: keep it, under which name, as what."""

    refused_at: ClassVar[Mapping[str, str]] = {"bad-format": "format", "bad-column-name": "name"}
    keep = forms.BooleanField(label=_("Take it"), required=False)
    name = forms.CharField(
        label=named(catalog.FIELD_PROPERTIES, "name"), required=False, max_length=200
    )
    type = _typed()
    format = forms.CharField(
        label=named(catalog.FIELD_PROPERTIES, "format"), required=False, max_length=100
    )
    null_values = forms.CharField(
        label=named(catalog.FIELD_PROPERTIES, "null_values"), required=False, max_length=500
    )
    key = forms.BooleanField(label=named(catalog.FIELD_PROPERTIES, "key"), required=False)

    found: ColumnFound

    @classmethod
    def of(cls, found: ColumnFound, data: Any = None) -> TypeForm:
        """The form with what is proposed, or with what was sent."""
        spec = found.proposal
        initial = {
            "keep": True,
            "name": spec.name,
            "type": spec.type.value,
            "format": spec.format,
            "null_values": _listed(spec.null_values),
            "key": spec.key,
        }
        made = cls(data, prefix=f"c{found.position}", initial=initial)
        made.found = found
        for field in made:
            field.field.widget.attrs["aria-label"] = f"{field.label}: {made.heading}"
        return made

    @property
    def heading(self) -> str:
        """What the page calls the column; by its place where the file gives it no name."""
        named_so = self.found.header or self.found.proposal.name
        return named_so or gettext("column {number}").format(number=self.found.position + 1)

    def clean(self) -> dict[str, Any]:
        """Of a column that is taken: its name, and of a date its exact format.

        Without the format nothing could be checked. What is written about a column that is left out
        matters to nobody.
        """
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("keep"):
            self.errors.clear()
            return cleaned
        if not cleaned.get("name", "").strip() and "name" not in self.errors:
            words = gettext("Give the column a name, or do not take it.")
            self.add_error("name", ValidationError(words))
        dated = cleaned.get("type") in (FieldType.DATE.value, FieldType.DATETIME.value)
        if dated and not cleaned.get("format", "").strip():
            words = gettext("Give the exact format, for example {format} for {day}.").format(
                format="%Y-%m-%d", day="2026-11-21"
            )
            self.add_error("format", ValidationError(words))
        return cleaned

    def called(self) -> str:
        """Its name as a refusal would say it."""
        return str(self.cleaned_data.get("name", "")).strip()

    def confirmed(self) -> FieldSpec:
        """What the clerk confirmed, on the ground of what was proposed."""
        values = self.cleaned_data
        proposal = self.found.proposal
        return replace(
            proposal,
            name=values["name"],
            type=FieldType(values["type"]),
            format=values["format"],
            null_values=_unlisted(values["null_values"], proposal.null_values),
            key=values["key"],
        )


class MeaningForm(PortalForm):
    """What one column means."""

    refused_at: ClassVar[Mapping[str, str]] = {
        "field-codes-twice": "code_list",
        "field-name-wrong": "name",
    }
    title_zh = forms.CharField(
        label=named(catalog.FIELD_PROPERTIES, "title_zh"), required=False, max_length=200
    )
    title_en = forms.CharField(
        label=named(catalog.FIELD_PROPERTIES, "title_en"), required=False, max_length=200
    )
    unit = forms.CharField(
        label=named(catalog.FIELD_PROPERTIES, "unit"), required=False, max_length=100
    )
    description = forms.CharField(
        label=named(catalog.FIELD_PROPERTIES, "description"), required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )  # fmt: skip
    null_meaning = forms.CharField(
        label=named(catalog.FIELD_PROPERTIES, "null_meaning"), required=False, max_length=1000
    )
    code_list = forms.CharField(
        label=named(catalog.FIELD_PROPERTIES, "code_list"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": "2", "placeholder": "1=…"}),
    )  # fmt: skip

    spec: FieldSpec

    @classmethod
    def of(cls, place: int, spec: FieldSpec, data: Any = None) -> MeaningForm:
        """The form with what is written, or with what was sent."""
        initial = {
            "name": spec.name,
            "type": spec.type.value,
            "title_zh": spec.title_zh,
            "title_en": spec.title_en,
            "unit": spec.unit,
            "description": spec.description,
            "null_meaning": spec.null_meaning,
            "code_list": "\n".join(f"{code}={meaning}" for code, meaning in spec.code_list),
        }
        made = cls(data, prefix=f"c{place}", initial=initial)
        made.spec = spec
        for field in made:
            field.field.widget.attrs["aria-label"] = f"{field.label}: {spec.name}"
        return made

    def clean_code_list(self) -> tuple[tuple[str, str], ...]:
        """One ``code=meaning`` a line."""
        pairs = []
        for line in self.cleaned_data["code_list"].splitlines():
            if not line.strip():
                continue
            code, sign, meaning = line.partition("=")
            if not sign:
                raise ValidationError(gettext("Write one code a line, as code=meaning."))
            pairs.append((code.strip(), meaning.strip()))
        return tuple(pairs)

    def called(self) -> str:
        """Its name as a refusal would say it."""
        return str(self.cleaned_data.get("name", self.spec.name))

    def described(self) -> FieldSpec:
        """The column with its meaning; name and type stay."""
        return replace(self.spec, **self.cleaned_data)


class ItemForm(MeaningForm):
    """A data item written by hand, where there is no file to take it from."""

    name = forms.CharField(
        label=named(catalog.FIELD_PROPERTIES, "name"), required=False, max_length=200
    )
    type = _typed()

    field_order = ("name", "type")

    def described(self) -> FieldSpec:
        """The item as written."""
        values = dict(self.cleaned_data)
        return replace(self.spec, **values | {"type": FieldType(values["type"])})


def refuse_at(rows: Sequence[TypeForm | MeaningForm], refusal: Refusal) -> bool:
    """Show the refusal at the columns it is about; False when it names none of them."""
    if refusal.name == "duplicate-header":
        return _refuse_each(rows, refusal)
    about = {str(refusal.facts.get(fact)) for fact in ("column", "name")}
    place, _dot, prop = field_of(refusal).removeprefix("fields.").partition(".")
    for position, row in enumerate(rows, start=1):
        if str(position) == place and prop in row.fields:
            row.refuse(refusal, at=prop)
            return True
        if row.called() in about:
            row.refuse(refusal)
            return True
    return False


def _refuse_each(rows: Sequence[TypeForm | MeaningForm], refusal: Refusal) -> bool:
    """Show the refusal at every column whose name occurs more than once."""
    taken = [one for one in rows if one.cleaned_data.get("keep", True)]
    seen = Counter(one.called().casefold() for one in taken)
    twice = [one for one in taken if seen[one.called().casefold()] > 1]
    for row in twice:
        row.refuse(refusal, at="name")
    return bool(twice)


def _listed(literals: Sequence[str]) -> str:
    return ", ".join(one or _EMPTY for one in literals)


def _unlisted(text: str, proposed: tuple[str, ...]) -> tuple[str, ...]:
    """The literals of a line; a proposal that was left alone stays, whatever it holds."""
    if text == _listed(proposed):
        return proposed
    parts = [one.strip() for one in text.split(",")]
    return tuple(dict.fromkeys("" if one == _EMPTY else one for one in parts if one))


def all_valid(forms_: Sequence[forms.Form]) -> bool:
    """Whether every form is; each is asked, so that all errors are shown."""
    faulty = [one for one in forms_ if not one.is_valid()]
    return not faulty
