"""What a revision must say before it may be saved, and before it may be submitted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from wushu.catalog import refusals as no
from wushu.catalog.rules import words
from wushu.catalog.types import Attribute, FieldSpec, Metadata, Words
from wushu.kernel.errors import Refusal, Said
from wushu.kernel.identifiers import parse_division

_LINE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s\"<>]+@[^@\s\"<>]+\.[^@\s.\"<>]+")

# As wide as the columns of the table.
_LINE_LIMITS = {
    "title_zh": 200, "title_en": 200, "theme": 16, "update_cycle": 16, "spatial": 12,
    "licence": 255, "source_url": 500, "contact_name": 100, "contact_email": 254,
    "contact_phone": 40,
}  # fmt: skip
_TEXT_LIMIT = 20_000
_TEXTS = (
    "description_zh", "description_en", "attribute_reason", "attribute_basis", "conditions",
    "licence_note", "source_note", "change_note",
)  # fmt: skip
_KEYWORD_LIMIT = 100
_WORDS_TITLE_LIMIT = 100
_WORDS_TEXT_LIMIT = 5_000
_FIELD_LINES = {"name": 200, "format": 100, "title_zh": 200, "title_en": 200, "unit": 100}
_FIELD_TEXTS = {"description": 5_000, "null_meaning": 1_000}

ATTRIBUTE_WORDS = {
    Attribute.UNCONDITIONAL: ("无条件开放", "unconditional"),
    Attribute.CONDITIONAL: ("有条件开放", "conditional"),
    Attribute.NONE: ("不予开放", "not opened"),
}
"""Chinese and English, opening rules art. 7."""


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes that vocabularies allow."""

    themes: frozenset[str]
    frequencies: frozenset[str]
    countries: frozenset[str]


def draft_problems(metadata: Metadata, fields: Sequence[FieldSpec]) -> list[Refusal]:
    """What keeps a draft from being saved: a draft may be incomplete but not unreadable."""
    return [*_text_problems(metadata), *_field_problems(fields)]


def submission_problems(
    metadata: Metadata,
    fields: Sequence[FieldSpec],
    *,
    codes: Codes,
    listed: Metadata | None,
    has_version: bool,
) -> list[Refusal]:
    """All that is missing or wrong before submission, in the order of the form.

    ``listed`` is what is listed now: the opening attribute is compared with it (art. 8).
    """
    return [
        *draft_problems(metadata, fields),
        *_description_problems(metadata, codes),
        *_attribute_problems(metadata, listed),
        *_coverage_problems(metadata, codes),
        *_source_problems(metadata),
        *_contact_problems(metadata),
        *_data_problems(metadata, fields, has_version),
    ]


def _text_problems(metadata: Metadata) -> Iterator[Refusal]:
    if not metadata.title_zh.strip():
        yield no.TITLE_MISSING()
    for name, limit in _LINE_LIMITS.items():
        yield from _text_problem(words.METADATA[name], getattr(metadata, name), limit, _LINE)
    for name in _TEXTS:
        yield from _text_problem(words.METADATA[name], getattr(metadata, name), _TEXT_LIMIT, _TEXT)
    for keyword in metadata.keywords:
        yield from _text_problem(words.METADATA["keywords"], keyword, _KEYWORD_LIMIT, _LINE)


def words_problems(written: Words) -> list[Refusal]:
    """What keeps the words of a series or a grouping from being kept."""
    found: list[Refusal] = []
    if not written.title_zh.strip():
        found.append(no.TITLE_MISSING())
    if not written.description_zh.strip():
        found.append(no.DESCRIPTION_MISSING())
    for name, limit, wrong in (
        ("title_zh", _WORDS_TITLE_LIMIT, _LINE),
        ("title_en", _WORDS_TITLE_LIMIT, _LINE),
        ("description_zh", _WORDS_TEXT_LIMIT, _TEXT),
        ("description_en", _WORDS_TEXT_LIMIT, _TEXT),
    ):
        found += _text_problem(words.METADATA[name], getattr(written, name), limit, wrong)
    return found


def require_duty(unit: str, source_system: str) -> None:
    """Refuse a unit or source system that does not fit its column, or holds control characters."""
    for field, text, limit in (
        (Said("责任处室", "Responsible unit"), unit, 100),
        (Said("来源系统", "Source system"), source_system, 200),
    ):
        for problem in _text_problem(field, text, limit, _LINE):
            raise problem


def _text_problem(field: Said, text: str, limit: int, wrong: re.Pattern[str]) -> Iterator[Refusal]:
    if len(text) > limit:
        yield no.TEXT_TOO_LONG(field=field, length=len(text), limit=limit)
    if found := wrong.search(text):
        yield no.TEXT_UNPRINTABLE(field=field, position=found.start() + 1)


def _description_problems(metadata: Metadata, codes: Codes) -> Iterator[Refusal]:
    if not metadata.description_zh.strip():
        yield no.DESCRIPTION_MISSING()
    for name, allowed in (("theme", codes.themes), ("update_cycle", codes.frequencies)):
        code = getattr(metadata, name)
        if code not in allowed:
            yield no.CODE_UNKNOWN(
                field=words.METADATA[name], value=code, allowed=", ".join(sorted(allowed))
            )


def _attribute_problems(metadata: Metadata, listed: Metadata | None) -> Iterator[Refusal]:
    """Opening rules art. 7 and 8."""
    if not metadata.attribute_reason.strip():
        yield no.ATTRIBUTE_REASON_MISSING()
    if metadata.attribute is Attribute.CONDITIONAL and not metadata.conditions.strip():
        yield no.CONDITIONS_MISSING()
    if metadata.attribute is Attribute.NONE and not metadata.attribute_basis.strip():
        yield no.ATTRIBUTE_BASIS_MISSING()
    if listed is None or metadata.attribute is listed.attribute:
        return
    if metadata.attribute_reason.strip() == listed.attribute_reason.strip():
        yield no.ATTRIBUTE_CHANGE_UNEXPLAINED()
    basis = metadata.attribute_basis.strip()
    filed = bool(basis) and basis != listed.attribute_basis.strip()
    if listed.attribute is Attribute.UNCONDITIONAL and not filed:
        zh, en = ATTRIBUTE_WORDS[metadata.attribute]
        yield no.ATTRIBUTE_TIGHTENED(attribute_zh=zh, attribute_en=en)


def _coverage_problems(metadata: Metadata, codes: Codes) -> Iterator[Refusal]:
    if metadata.spatial not in codes.countries:
        try:
            parse_division(metadata.spatial)
        except Refusal:
            yield no.SPATIAL_UNKNOWN(value=metadata.spatial)
    start, end = metadata.temporal_start, metadata.temporal_end
    if start is not None and end is not None and end < start:
        yield no.TEMPORAL_ORDER(start=start.isoformat(), end=end.isoformat())


def _source_problems(metadata: Metadata) -> Iterator[Refusal]:
    for name in ("licence", "source_url"):
        address = getattr(metadata, name)
        if address and not _is_web_address(address):
            yield no.URI_INVALID(field=words.METADATA[name], value=address)


def _contact_problems(metadata: Metadata) -> Iterator[Refusal]:
    if not metadata.contact_email.strip() and not metadata.contact_phone.strip():
        yield no.CONTACT_MISSING()
    if metadata.contact_email and not _EMAIL.fullmatch(metadata.contact_email):
        yield no.EMAIL_INVALID(value=metadata.contact_email)


def _data_problems(
    metadata: Metadata, fields: Sequence[FieldSpec], has_version: bool
) -> Iterator[Refusal]:
    if not fields:
        yield no.FIELDS_MISSING()
    if metadata.attribute is Attribute.UNCONDITIONAL and not has_version:
        yield no.VERSION_MISSING()


def _field_problems(fields: Sequence[FieldSpec]) -> Iterator[Refusal]:
    seen: dict[str, int] = {}
    for position, spec in enumerate(fields, start=1):
        wrong = _name_problem(spec.name, seen.get(spec.name.casefold()))
        if wrong is not None:
            yield no.FIELD_NAME_WRONG(
                position=position, name=spec.name, reason_zh=wrong[0], reason_en=wrong[1]
            )
        seen.setdefault(spec.name.casefold(), position)
        for name, limit in _FIELD_LINES.items():
            yield from _text_problem(words.item(position, name), getattr(spec, name), limit, _LINE)
        for name, limit in _FIELD_TEXTS.items():
            yield from _text_problem(words.item(position, name), getattr(spec, name), limit, _TEXT)
        yield from _code_problems(spec)


def _name_problem(name: str, earlier: int | None) -> tuple[str, str] | None:
    if not name:
        return "名称是空的", "it is empty"
    if name != name.strip():
        return "首尾有空白", "it begins or ends with a blank"
    if earlier is not None:
        return f"与第 {earlier} 项重名", f"item {earlier} has the same name"
    return None


def _code_problems(spec: FieldSpec) -> Iterator[Refusal]:
    seen: set[str] = set()
    for code, _ in spec.code_list:
        if code in seen:
            yield no.FIELD_CODES_TWICE(name=spec.name, code=code)
        seen.add(code)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    # Characters that RFC 3987 keeps out of an IRI would break the catalogue's RDF.
    clean = not re.search(r"[\s<>\"{}|\\^`\x00-\x20]", text)
    return clean and parts.scheme in ("http", "https") and bool(parts.hostname)
