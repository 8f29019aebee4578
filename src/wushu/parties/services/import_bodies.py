"""Importing bodies from a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction

from wushu.kernel.errors import Refusal
from wushu.kernel.identifiers import parse_credit_code
from wushu.kernel.sheets import CELL_EMPTY, Changed, Line, Outcome, Plan, Row, run
from wushu.parties import layouts, rules, selectors
from wushu.parties.models import Organisation
from wushu.parties.presenting import organisation_view
from wushu.parties.services.fields import (
    NAME_LIMIT,
    PERSON_NAME_LIMIT,
    PHONE_LIMIT,
    email_address,
    filled,
    homepage_url,
    optional,
)
from wushu.parties.services.hierarchy import organisation_place
from wushu.parties.services.imports import recorded
from wushu.parties.services.organisations import organisation_register, organisation_update
from wushu.parties.types import (
    IMPORT_BODY_DIFFERS,
    IMPORT_PARENT_UNKNOWN,
    IMPORT_ROW_TWICE,
    ORGANISATION_UNDER_ITSELF,
    Actor,
    OrganisationKind,
    OrganisationView,
)

_COLUMNS = layouts.BODIES.by_key
_CHANGEABLE = {
    "name_zh": NAME_LIMIT,
    "name_en": NAME_LIMIT,
    "contact_name": PERSON_NAME_LIMIT,
    "contact_phone": PHONE_LIMIT,
}


def bodies_import(
    *, actor: Actor, rows: Iterable[Row], file_sha256: str = "", dry_run: bool = False
) -> Iterator[Line]:
    """Register and update the bodies of a file (``layouts.BODIES``): a line for every row.

    A row is written whole or not at all, a few rows commit together, and nobody else waits long; a
    second run changes nothing. For who governs their divisions. Refusals: ``not-governing``,
    ``key-cannot-manage``; those of single rows stand in their lines.
    """
    rules.require_governing(actor, "")
    plan = partial(_planned, actor, _Above())
    lines = run(rows, plan, key="code", dry_run=dry_run, together=transaction.atomic)
    return recorded(lines, actor=actor, what="bodies", file_sha256=file_sha256, dry_run=dry_run)


@dataclass
class _Above:
    """What the rows above say, as far as the rows below depend on it."""

    rows: dict[str, int] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Wanted:
    """A row, checked."""

    code: str
    kind: OrganisationKind
    division: str
    level: str
    texts: Mapping[str, str]
    """Names and contact, only what is filled in."""
    parent: str


def _planned(actor: Actor, above: _Above, row: Row) -> Plan:
    wanted = _wanted(row)
    with row.at("division", "code"):
        rules.require_governing(actor, wanted.division)
    with row.at("code"):
        if wanted.code in above.rows:
            raise IMPORT_ROW_TWICE(what=wanted.code, row=above.rows[wanted.code])
    found = Organisation.objects.filter(code=wanted.code).first()
    known = None if found is None else organisation_view(found)
    if known is not None:
        _require_same(row, wanted, known)
    parent = _parent_change(row, wanted, known, above)
    above.rows[wanted.code] = row.number
    if wanted.parent:
        above.parents[wanted.code] = wanted.parent
    changes = _changes(wanted, known, parent)
    if known is None:
        line = Line(row.number, Outcome.CREATED, wanted.code, changes)
    elif changes:
        line = Line(row.number, Outcome.CHANGED, wanted.code, changes)
    else:
        return Line(row.number, Outcome.SAME, wanted.code), None
    return line, partial(_write, actor, wanted, known, parent is not None, line)


def _wanted(row: Row) -> _Wanted:
    with row.at("code"):
        code = parse_credit_code(_filled(row, "code")).code
    kind = row.choice(_COLUMNS["kind"], layouts.KINDS, OrganisationKind.DEPARTMENT)
    level = row.choice(_COLUMNS["level"], layouts.LEVELS, "")
    with row.at("division"):
        standing = rules.standing(kind, code=code, division=row["division"], level=level)
    texts: dict[str, str] = {}
    for key, limit in _CHANGEABLE.items():
        with row.at(key):
            name = _COLUMNS[key].named
            texts[key] = (
                filled(name, _filled(row, key), limit)
                if _COLUMNS[key].required
                else optional(name, row[key], limit)
            )
    with row.at("contact_email"):
        texts["contact_email"] = email_address(
            _COLUMNS["contact_email"].named, row["contact_email"]
        )
    with row.at("homepage"):
        texts["homepage"] = homepage_url(row["homepage"])
    with row.at("parent"):
        parent = parse_credit_code(row["parent"]).code if row["parent"] else ""
    said = {key: text for key, text in texts.items() if text}
    return _Wanted(code, kind, standing.division, level, said, parent)


def _filled(row: Row, key: str) -> str:
    if not row[key]:
        raise CELL_EMPTY(field=_COLUMNS[key].named)
    return row[key]


def _require_same(row: Row, wanted: _Wanted, known: OrganisationView) -> None:
    """What identifies a body must be what is registered."""
    for key, registered, value in (
        ("kind", known.kind.value, wanted.kind.value),
        ("division", known.division, wanted.division),
    ):
        with row.at(key, "code"):
            if registered != value:
                raise IMPORT_BODY_DIFFERS(
                    code=known.code, field=_COLUMNS[key].named, registered=registered, value=value
                )


def _parent_change(
    row: Row, wanted: _Wanted, known: OrganisationView | None, above: _Above
) -> Changed | None:
    if not wanted.parent:
        return None
    with row.at("parent"):
        registered = _registered(wanted.parent)
        if registered is None and wanted.parent not in above.rows:
            raise IMPORT_PARENT_UNKNOWN(code=wanted.parent)
        if _is_under(wanted.parent, wanted.code, above):
            raise ORGANISATION_UNDER_ITSELF(code=wanted.code)
    before = None if known is None else selectors.above(known.id)
    old = "" if before is None else before.code
    if old == wanted.parent:
        return None
    return Changed(_COLUMNS["parent"].named, old, wanted.parent)


def _is_under(code: str, other: str, above: _Above) -> bool:
    """Whether one body is the other or under it, with what the rows above will change."""
    seen: set[str] = set()
    while code and code != other and code not in seen:
        seen.add(code)
        known = _registered(code) if code not in above.parents else None
        over = None if known is None else selectors.above(known.id)
        code = above.parents.get(code) or ("" if over is None else over.code)
    return code == other


def _registered(code: str) -> OrganisationView | None:
    try:
        return selectors.organisation_by_code(code)
    except Refusal:
        return None


def _changes(
    wanted: _Wanted, known: OrganisationView | None, parent: Changed | None
) -> tuple[Changed, ...]:
    texts = [
        Changed(_COLUMNS[key].named, "" if known is None else getattr(known, key), text)
        for key, text in wanted.texts.items()
        if known is None or getattr(known, key) != text
    ]
    return (*texts, *([parent] if parent is not None else []))


def _write(
    actor: Actor, wanted: _Wanted, known: OrganisationView | None, place: bool, line: Line
) -> Line:
    """One row, whole or not at all."""
    texts: dict[str, Any] = dict(wanted.texts)
    with transaction.atomic():
        if known is None:
            known = organisation_register(
                actor=actor, kind=wanted.kind, code=wanted.code, division=wanted.division,
                level=wanted.level, **texts,
            )  # fmt: skip
        elif any(getattr(known, key) != text for key, text in texts.items()):
            organisation_update(actor=actor, organisation=known.id, **texts)
        if place:
            parent = selectors.organisation_by_code(wanted.parent)
            organisation_place(actor=actor, organisation=known.id, above=parent.id)
    return line
