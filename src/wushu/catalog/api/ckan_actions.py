"""The actions of CKAN that this catalogue answers, one function each."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings

from wushu import __version__
from wushu.catalog import selectors, vocabulary
from wushu.catalog.api import ckan_documents as documents
from wushu.catalog.api.ckan_arguments import (
    Arguments,
    FilterQuery,
    SearchQueryWrong,
    filter_query,
)
from wushu.catalog.forms import every_form
from wushu.catalog.types import EntryView, Facets, Page
from wushu.catalog.vocabulary import Concept
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.parties import selectors as parties
from wushu.parties.types import OrganisationKind, OrganisationView

ROWS, ROWS_MOST = 10, 1000
NAMES_MOST = 10_000
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_SORTS = {
    "": "-changed_at",
    "score desc": "-changed_at",
    "score desc, metadata_modified desc": "-changed_at",
    "metadata_modified desc": "-changed_at",
    "metadata_modified asc": "changed_at",
    "name asc": "slug",
    "name desc": "-slug",
    "id asc": "pk",
    "id desc": "-pk",
}


# Datasets


def package_list(arguments: Arguments) -> list[str]:
    """Names of the listed datasets in alphabetical order.

    ``limit``, ``offset``. At most 10,000 names; a longer list says ``truncated`` beside the result.
    """
    limit = arguments.number("limit", NAMES_MOST, most=NAMES_MOST)
    offset = arguments.number("offset", 0, most=10**9)
    names = selectors.slugs(offset=offset, limit=limit + 1)
    if len(names) > limit and not arguments.given("limit"):
        arguments.notes |= {"truncated": True, "next_offset": offset + limit}
    return names[:limit]


def package_show(arguments: Arguments) -> dict[str, Any]:
    """One dataset. ``id``: its name or id."""
    return documents.package(_entry(arguments.required("id", "name_or_id")), _base())


def package_search(arguments: Arguments) -> dict[str, Any]:
    """Datasets by words and choices.

    ``q``; ``fq`` with organization, groups, tags, res_format, name, metadata_modified; ``sort``
    (without words), ``rows`` to 1000, ``start``, ``facet.field``.
    """
    asked = filter_query([*_texts(arguments, "fq"), *_texts(arguments, "fq_list")])
    words = _words(arguments.text("q"))
    rows = arguments.number("rows", ROWS, most=ROWS_MOST)
    start = arguments.number("start", 0, most=10**9)
    sort = arguments.text("sort").strip().lower()
    if sort not in _SORTS:
        raise SearchQueryWrong(f"sort: cannot sort by {sort[:80]!r}")
    chosen = _choices(asked)
    if chosen is None:
        page = Page((), None, 0)
    elif asked.name:
        page = _named(asked.name)
    else:
        page = selectors.entries_at(
            query=words, **chosen, since=asked.since, order=_SORTS[sort], offset=start, limit=rows
        )
    base = _base()
    result = {
        "count": page.total,
        "sort": sort or "score desc, metadata_modified desc",
        "results": documents.packages(page.items[:rows], base),
    }
    if page.more_than_total:
        arguments.notes["count_is_lower_bound"] = True
    return result | _facets(arguments, words, chosen)


def current_package_list_with_resources(arguments: Arguments) -> list[dict[str, Any]]:
    """Whole datasets, the last changed first. ``limit`` to 1000, ``offset``."""
    limit = arguments.number("limit", ROWS, most=ROWS_MOST)
    offset = arguments.number("offset", 0, most=10**9)
    base = _base()
    page = selectors.entries_at(offset=offset, limit=limit)
    return documents.packages(page.items, base)


def resource_show(arguments: Arguments) -> dict[str, Any]:
    """One file of a dataset. ``id``."""
    wanted = arguments.required("id")
    for place in range(len(every_form())):
        try:
            entry = _entry(str(documents.resource_id(UUID(wanted), place)))
        except (Refusal, ValueError):
            continue
        for resource in documents.package(entry, _base())["resources"]:
            if resource["id"] == str(UUID(wanted)):
                return dict(resource)
    raise NOT_FOUND(what=wanted[:80])


# Bodies, themes, keywords, licences


def organization_list(arguments: Arguments) -> list[Any]:
    """Departments. ``all_fields``, ``limit``, ``offset``."""
    bodies = parties.organisations(OrganisationKind.DEPARTMENT)
    limit = arguments.number("limit", ROWS_MOST, most=ROWS_MOST)
    offset = arguments.number("offset", 0, most=10**9)
    chosen = bodies[offset : offset + limit]
    if not arguments.flag("all_fields"):
        return [one.code.lower() for one in chosen]
    counts = {one.value: one.count for one in selectors.facets().bodies}
    return [documents.organization(one, counts.get(str(one.id), 0)) for one in chosen]


def organization_show(arguments: Arguments) -> dict[str, Any]:
    """One body. ``id``: its credit code or id."""
    body = _body(arguments.required("id"))
    return documents.organization(body, selectors.entries_at(body=body.id, limit=0).total)


def group_list(arguments: Arguments) -> list[Any]:
    """Themes. ``all_fields``."""
    if not arguments.flag("all_fields"):
        return [one.code.lower() for one in vocabulary.themes()]
    counts = {one.value: one.count for one in selectors.facets().themes}
    return [
        {**documents.group(one), "package_count": counts.get(one.code, 0)}
        for one in vocabulary.themes()
    ]


def group_show(arguments: Arguments) -> dict[str, Any]:
    """One theme. ``id``: its code or address."""
    wanted = arguments.required("id")
    theme = _theme(wanted.rpartition("/")[2])
    if theme is None:
        raise NOT_FOUND(what=wanted[:80])
    packages = selectors.entries_at(theme=theme.code, limit=0).total
    return {**documents.group(theme), "package_count": packages}


def tag_list(arguments: Arguments) -> list[str]:
    """Keywords of the listed datasets, the 500 most frequent. ``query``: part of them."""
    wanted = arguments.text("query").casefold()
    return sorted(keyword for keyword in selectors.keywords() if wanted in keyword.casefold())


def license_list(arguments: Arguments) -> list[dict[str, Any]]:
    """The licences this node offers."""
    return [documents.license_document(one) for one in vocabulary.licences()]


# The site


def status_show(arguments: Arguments) -> dict[str, Any]:
    """What answers here. ``ckan_version`` is the version whose shapes are followed."""
    node = evidence.node()
    return {
        "site_title": f"{node.region_zh}公共数据开放平台",
        "site_description": "",
        "site_url": settings.BASE_URL,
        "ckan_version": "2.10.0",
        "wushu_version": __version__,
        "error_emails_to": None,
        "locale_default": "zh_Hans_CN",
        "extensions": ["datastore"],
    }


def site_read(arguments: Arguments) -> bool:
    """Everybody may read."""
    return True


_ELSEWHERE = {
    "datastore_search": "Rows of a dataset's newest version, where they are open to the key. "
    "``resource_id`` (a dataset's id or name), ``filters``, ``q``, ``fields``, ``sort``, ``limit``, "
    "``offset``, ``include_total``.",
}
"""Actions that another app answers at the same address."""


def help_show(arguments: Arguments) -> str:
    """What an action does. ``name``."""
    wanted = arguments.required("name")
    if wanted in _ELSEWHERE:
        return _ELSEWHERE[wanted]
    action: Callable[..., Any] | None = globals().get(wanted)
    if wanted.startswith("_") or getattr(action, "__module__", "") != __name__:
        raise NOT_FOUND(what=wanted[:80])
    return inspect.getdoc(action) or ""


# How what is asked is found


def _entry(wanted: str) -> EntryView:
    try:
        entry = selectors.entry_by_id(UUID(wanted))
    except ValueError:
        if not _SLUG.fullmatch(wanted):
            raise NOT_FOUND(what=wanted[:80]) from None
        entry = selectors.entry_by_slug(wanted)
    return selectors.listed_entry(entry.slug)


def _named(name: str) -> Page:
    try:
        return Page((_entry(name),), None, 1)
    except Refusal:
        return Page((), None, 0)


def _body(wanted: str) -> OrganisationView:
    try:
        return parties.organisation(UUID(wanted))
    except ValueError:
        if not (wanted.isascii() and wanted.isalnum()):
            raise NOT_FOUND(what=wanted[:80]) from None
        return parties.organisation_by_code(wanted.upper())


def _theme(name: str) -> Concept | None:
    return vocabulary.themes().get(name.upper())


def _choices(asked: FilterQuery) -> dict[str, Any] | None:
    """The selector's arguments; None where nothing can fit."""
    chosen: dict[str, Any] = {}
    if asked.organization:
        try:
            chosen["body"] = _body(asked.organization).id
        except Refusal:
            return None
    if asked.group:
        theme = _theme(asked.group)
        if theme is None:
            return None
        chosen["theme"] = theme.code
    if asked.format:
        chosen["format"] = asked.format
    if asked.tag:
        chosen["keyword"] = asked.tag
    return None if asked.nothing else chosen


def _words(text: str) -> str:
    """The words of ``q``, without Solr's ``*:*`` and names of fields."""
    return re.sub(r"\b(?:text|title|notes|name):", " ", text.replace("*:*", " ")).strip()


def _texts(arguments: Arguments, name: str) -> list[str]:
    value = arguments.names(name) if name == "fq_list" else [arguments.text(name)]
    return [one for one in value if one]


def _facets(
    arguments: Arguments, words: str, chosen: dict[str, Any] | None
) -> dict[str, dict[str, Any]]:
    fields = arguments.names("facet.field")
    if not fields:
        return {"facets": {}, "search_facets": {}}
    found = Facets() if chosen is None else selectors.facets(query=words, **chosen)
    bodies = parties.organisations_by_id(UUID(one.value) for one in found.bodies)
    known = {
        "organization": (
            found.bodies,
            {str(one.id): one.code.lower() for one in bodies.values()},
        ),
        "groups": (found.themes, {one.value: one.value.lower() for one in found.themes}),
        "res_format": (found.formats, {}),
    }
    items = {name: documents.facet_items(*known[name]) if name in known else [] for name in fields}
    return {
        "facets": {name: {one["name"]: one["count"] for one in items[name]} for name in fields},
        "search_facets": {name: {"title": name, "items": items[name]} for name in fields},
    }


def _base() -> str:
    return evidence.node().identifier_base
