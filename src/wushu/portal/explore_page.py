"""Charts and pivot tables of a dataset: figures in a table, each with a bar as long as it is large."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute, EntryView, FieldSpec, FieldType, VersionView
from wushu.dataplane import selectors as dataplane
from wushu.dataplane.selectors import Explored, Grouping, Groups, Measure
from wushu.kernel.errors import Refusal
from wushu.parties.types import Actor
from wushu.portal import dataset_page, sheets
from wushu.portal.forms.explore import MEASURES, ExploreForm
from wushu.portal.refusals import DATASET_WITHOUT_DATA, NOT_OPENED
from wushu.portal.requests import language
from wushu.portal.text import THIN_SPACE, either, grouped

Figure = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a bar begins and how long it is, in hundredths of the width."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Line:
    """One group."""

    key: sheets.Cell
    figure: str
    bar: Bar | None
    across: tuple[str, ...]


def content(
    entry: EntryView, actor: Actor | None, asked: Mapping[str, Any]
) -> tuple[dict[str, Any], int]:
    """Context of the page and its HTTP status."""
    context, fields = opened(entry, actor, asked)
    version: VersionView = context["version"]
    if fields is None:
        return context, 200
    if "by" not in asked:
        return {**context, **_unasked(version, fields, actor)}, 200
    form = ExploreForm(fields, asked)
    wanted = form.wanted()
    if wanted is not None:
        try:
            found = dataplane.explore(version.id, wanted, actor=actor)
            return {**context, "form": form, **_shown(found, fields)}, 200
        except Refusal as refusal:
            form.refuse(refusal)
    return {**context, "form": form}, form.status


def opened(
    entry: EntryView, actor: Actor | None, asked: Mapping[str, Any]
) -> tuple[dict[str, Any], Sequence[FieldSpec] | None]:
    """Which version a page of figures is of, and the columns the reader may use; None: none."""
    assert entry.revision is not None
    versions = catalog.versions(entry.id)
    newest = entry.revision.version
    version = dataset_page.chosen(entry.slug, versions, newest, asked.get("version"))
    context: dict[str, Any] = {
        "entry": entry,
        "metadata": entry.revision.metadata,
        "version": version,
        "older": version is not None and version != newest,
    }
    try:
        if version is None:
            closed = entry.revision.metadata.attribute is Attribute.NONE
            raise (NOT_OPENED if closed else DATASET_WITHOUT_DATA)(dataset=entry.slug)
        loaded = dataplane.explorable(version.id, actor=actor)
    except Refusal as refusal:
        return {**context, "why_not": dataset_page.reason(refusal, actor)}, None
    fields = sheets.described(loaded, entry.revision.fields)
    return {**context, "has_map": catalog.coordinates(fields) is not None}, fields


def _unasked(
    version: VersionView, fields: Sequence[FieldSpec], actor: Actor | None
) -> dict[str, Any]:
    """What is worth seeing first; the form alone where that cannot be had now."""
    try:
        found = dataplane.explore(version.id, None, actor=actor)
    except Refusal as refusal:
        return {"form": ExploreForm(fields), "why_not": dataset_page.reason(refusal, actor)}
    return {"form": ExploreForm(fields, chosen=found.wanted), **_shown(found, fields)}


def _shown(found: Explored, fields: Sequence[FieldSpec]) -> dict[str, Any]:
    if found.wanted is None or found.groups is None:
        return {}
    wanted, groups = found.wanted, found.groups
    named = {one.name: one for one in fields}
    by, across = named[wanted.by], named.get(wanted.across)
    return {
        "lines": lines(groups, by, wanted),
        "by": by,
        "across": across,
        "headings": () if across is None else tuple(_key(across, one) for one in groups.across),
        "measure": _measured(wanted, named),
        "groups": groups,
        "latest": by.type in (FieldType.DATE, FieldType.DATETIME),
        "partly": found.partly,
    }


def lines(groups: Groups, by: FieldSpec, wanted: Grouping) -> tuple[Line, ...]:
    """The groups as they are shown."""
    nothing = "0" if wanted.measure is Measure.COUNT else "–"
    values = [one.value for one in groups.groups]
    return tuple(
        Line(
            key=_key(by, one.key),
            figure=nothing if one.value is None else figure(one.value),
            bar=bar,
            across=tuple(nothing if cell is None else figure(cell) for cell in one.across),
        )
        for one, bar in zip(groups.groups, bars(values), strict=True)
    )


def bars(values: Sequence[Figure | None]) -> list[Bar | None]:
    """Bars from zero, to the right and, where a value is negative, to the left."""
    numbers = [0.0 if one is None else float(one) for one in values]
    low, high = min([0.0, *numbers]), max([0.0, *numbers])
    if low == high:
        return [None] * len(numbers)
    unit = 100 / (high - low)
    return [
        Bar(f"{(min(0.0, one) - low) * unit:.2f}", f"{max(abs(one) * unit, 0.4):.2f}")
        if one
        else None
        for one in numbers
    ]


def figure(value: Figure) -> str:
    """A number for people: digits in groups; of a fraction what can be read."""
    if isinstance(value, int):
        return grouped(value)
    if isinstance(value, Decimal):
        return _grouped_text(f"{value:,f}", abs(value) >= 10_000)
    if value and not 1e-3 <= abs(value) < 1e15:
        return f"{value:.3e}"
    return _grouped_text(
        f"{value:,.2f}" if abs(value) >= 1 else f"{value:.3g}", abs(value) >= 10_000
    )


def _grouped_text(text: str, long: bool) -> str:
    return text.replace(",", THIN_SPACE if long else "")


def _key(field: FieldSpec, key: str | None) -> sheets.Cell:
    value: Any = key
    if field.type is FieldType.BOOLEAN and key is not None:
        value = key == "true"
    return sheets.cells((field,), ((value,),))[0][0]


def _measured(wanted: Grouping, named: Mapping[str, FieldSpec]) -> str:
    """What the figures are, in words."""
    if wanted.measure is Measure.COUNT:
        return _("Rows")
    of = named[wanted.of]
    title = either(of.title_zh, of.title_en, language()) or of.name
    return _("{column}, {measure}").format(column=title, measure=MEASURES[wanted.measure])
