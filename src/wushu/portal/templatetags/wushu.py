"""Filters and tags of the pages. What they write is escaped as everything else."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from wushu.portal import labels, map_page, text
from wushu.portal.requests import language
from wushu.privacy import selectors as privacy
from wushu.privacy.types import Kind

register = template.Library()


@register.filter
def grouped(number: int | None) -> str:
    """Digits in groups of three; nothing for None."""
    return "" if number is None else text.grouped(number)


@register.filter
def plain(number: float) -> str:
    """A number without a fraction of nought."""
    return f"{number:g}"


@register.filter
def size(count: int) -> str:
    """Bytes for people."""
    return text.size_words(count)


@register.filter
def share(part: float) -> str:
    """0 to 1 as per cent."""
    return text.share_words(part)


@register.filter
def degrees(number: float) -> str:
    """Degrees of a place."""
    return map_page.degrees(number)


@register.filter
def day(moment: date | datetime | None) -> SafeString | str:
    """A day, with its ISO form for machines."""
    if moment is None:
        return ""
    local = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(), text.day_words(local, language())
    )


@register.filter
def moment(at: datetime | None) -> SafeString | str:
    """A day and time in the node's zone, with its ISO form for machines."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        text.moment_words(local, language()),
    )


@register.filter
def here(value: str) -> SafeString | str:
    """The reader's half of a text written in two languages; Chinese on an English page says so."""
    said = text.one_language(value, language())
    if language() == "en" and text.is_chinese(said):
        return format_html('<span lang="zh-Hans">{}</span>', said)
    return said


@register.filter
def title(metadata: Any) -> str:
    """Title of a dataset in the reader's language."""
    return text.either(metadata.title_zh, metadata.title_en, language())


@register.filter
def description(metadata: Any) -> str:
    """Description of a dataset in the reader's language."""
    return text.either(metadata.description_zh, metadata.description_en, language())


@register.filter
def column_title(field: Any) -> str:
    """Title of a column in the reader's language, its name where it has none."""
    return text.either(field.title_zh, field.title_en, language()) or str(field.name)


@register.filter
def mean(value: float) -> str:
    """A mean with four significant digits, and no powers of ten that a person could read out."""
    if 1e4 <= abs(value) < 1e15:
        return grouped(round(value))
    return f"{value:.4g}"


@register.filter
def as_written(value: str) -> SafeString | str:
    """A text of others, whole; Chinese on an English page says so."""
    if language() == "en" and text.is_chinese(value):
        return format_html('<span lang="zh-Hans">{}</span>', value)
    return value


@register.filter
def titled(one: Any) -> str:
    """Title of what has one in two languages: an entry, an incident, a source of a harvest."""
    return str(one.title(language()))


@register.filter
def summary(one: Any) -> str:
    """What somebody says of a result they built, in the reader's language where it can."""
    return str(one.summary(language()))


@register.filter
def said(words: Any) -> str:
    """Words of a regulation in the reader's language."""
    return str(words(language()))


@register.filter
def as_json(document: Any) -> str:
    """A document for programs, as people read it."""
    return json.dumps(document, ensure_ascii=False, indent=2)


@register.filter
def told(one: Any) -> str:
    """What was said, in the reader's language where it can: of another catalogue's dataset, of an incident."""
    return str(one.text(language()))


@register.filter
def source_title(record: Any) -> str:
    """The catalogue a record comes from."""
    return str(record.source_title(language()))


@register.filter
def body_name(entry: Any) -> str:
    """Name of the opening body of an entry."""
    return str(entry.body_name(language()))


@register.filter
def organisation_name(organisation: Any) -> str:
    """Name of an organisation."""
    return str(organisation.name(language()))


@register.filter
def kind_of_use(use: str) -> str:
    """What the statistics call a kind of use."""
    return labels.kind_of_use(use)


@register.filter
def until_due(due: Any) -> str:
    """How long until the next version is due, or how late it is; empty where no day was promised."""
    if due.days is None:
        return ""
    if due.days == 0:
        return gettext("due today")
    if due.days > 0:
        said = ngettext("due in {count} day", "due in {count} days", due.days)
    else:
        said = ngettext("{count} day late", "{count} days late", -due.days)
    return said.format(count=text.grouped(abs(due.days)))


@register.filter
def api_group(tag: str) -> str:
    """What the API's page calls a group of addresses."""
    return labels.api_group(tag)


@register.filter
def label(value: Any) -> str:
    """What pages call a member of an enumeration or a code of a vocabulary."""
    return labels.label(value)


@register.filter
def theme(code: str) -> str:
    """Theme of a dataset."""
    return labels.theme(code)


@register.filter
def quarter(number: int) -> str:
    """Until when what is planned for a quarter is to be open."""
    return labels.quarter(number)


@register.filter
def cycle(code: str) -> str:
    """Update cycle of a dataset."""
    return labels.cycle(code)


@register.filter
def place(code: str) -> str:
    """Division a dataset is about."""
    return labels.place(code)


@register.filter
def personal_kind(name: str) -> str:
    """What a recogniser of personal information looks for."""
    return str(privacy.KINDS[Kind(name)])


@register.filter
def delimiter(mark: str) -> str:
    """Name of what divides cells: some of them cannot be seen."""
    return labels.delimiter(mark)


@register.simple_tag(takes_context=True)
def current(context: Context, *names: str) -> str:
    """``page`` when the request is one of the named routes (for ``aria-current``)."""
    match = context["request"].resolver_match
    return "page" if match is not None and match.url_name in names else ""


@register.simple_tag
def with_query(route: str, *args: Any, **query: str | None) -> str:
    """Address of a route with the query parameters that are not empty."""
    filled = {key: value for key, value in query.items() if value}
    address = reverse(route, args=args)
    return f"{address}?{urlencode(filled)}" if filled else address


@register.simple_tag
def json_ld(document: dict[str, Any]) -> SafeString:
    """A block of JSON-LD, which no browser runs. Escaped as Django's ``json_script`` does."""
    text = json.dumps(document, ensure_ascii=False)
    for character, written in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(character, written)
    # Nothing in it can end the element now.
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))


@register.filter
def named(one: Any) -> str:
    """What something with a label in two languages is called in the reader's."""
    return str(one.label(language()))
