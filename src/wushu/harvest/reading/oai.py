"""OAI-PMH 2.0: ``ListRecords`` with resumption tokens and deleted records, Dublin Core or DCAT-AP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from wushu.harvest.reading import cleaning
from wushu.harvest.reading.describing import datasets_of, described
from wushu.harvest.reading.markup import graph_of, xml_of
from wushu.harvest.reading.reader import (
    NAMELESS,
    Address,
    Deleted,
    Fetch,
    Found,
    Unread,
    require_ok,
    wrong,
)
from wushu.harvest.refusals import HARVEST_ANSWER_WRONG, HARVEST_INCOMPLETE
from wushu.harvest.types import Description, FileLink
from wushu.kernel.errors import Refusal, Said

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
PREFERRED = ("dcat_ap", "oai_dc")
"""Formats in which a source says the most come first; every provider has the last."""

_NO_DATASET = Said("没有可读的说明", "it has no description that can be read")


def read_oai(source: Address, fetch: Fetch) -> Iterator[Found]:
    """All records, or those that changed. ``harvest-answer-wrong``, ``harvest-incomplete``."""
    prefix = source.prefix or _preferred(source, fetch)
    arguments = {"verb": "ListRecords", "metadataPrefix": prefix}
    if source.set:
        arguments["set"] = source.set
    if source.since:
        arguments["from"] = source.since
    tokens: set[str] = set()
    seen, told = 0, 0
    while True:
        listed = _asked(source, fetch, arguments)
        if listed is None:
            return
        for record in listed.findall(f"{_OAI}record"):
            seen += 1
            yield _found(source.url, record)
        token = listed.find(f"{_OAI}resumptionToken")
        told = max(told, _size(token))
        text = ((token.text or "") if token is not None else "").strip()
        if not text:
            break
        if text in tokens:
            raise wrong(source.url, Said("续传标记重复", "it gave one resumption token twice"))
        tokens.add(text)
        arguments = {"verb": "ListRecords", "resumptionToken": text}
    if seen < told:
        raise HARVEST_INCOMPLETE(host=source.host, told=told, found=seen)


def day_of(source: Address, fetch: Fetch) -> str:
    """What day the source has (``2026-11-21``), if it says that it forgets no deletion; else empty.

    Only such a source can be asked what changed since a day. One that does not say it is read whole.
    """
    try:
        root = _document(source, fetch, {"verb": "Identify"})
    except Refusal as refusal:
        if refusal.name != HARVEST_ANSWER_WRONG.name:
            raise
        return ""
    if root.findtext(f"{_OAI}Identify/{_OAI}deletedRecord") != "persistent":
        return ""
    try:
        day = date.fromisoformat((root.findtext(f"{_OAI}responseDate") or "")[:10])
    except ValueError:
        return ""
    return day.isoformat()


def _preferred(source: Address, fetch: Fetch) -> str:
    """The format that says the most among those offered."""
    formats = _asked(source, fetch, {"verb": "ListMetadataFormats"})
    offered = set() if formats is None else {
        (one.text or "").strip() for one in formats.iter(f"{_OAI}metadataPrefix")
    }  # fmt: skip
    chosen = next((one for one in PREFERRED if one in offered), None)
    if chosen is None:
        raise wrong(source.url, Said("没有能读的格式", "it offers no format that can be read"))
    return chosen


def _asked(source: Address, fetch: Fetch, arguments: dict[str, str]) -> ET.Element | None:
    """The element of the verb; None where nothing matches."""
    root = _document(source, fetch, arguments)
    errors = {one.get("code", "") for one in root.findall(f"{_OAI}error")}
    if errors == {"noRecordsMatch"}:
        return None
    found = root.find(f"{_OAI}{arguments['verb']}")
    if errors or found is None:
        codes = cleaning.line(", ".join(sorted(errors)), 100) or "?"
        raise wrong(source.url, Said(f"协议错误 {codes}", f"it says {codes}"))
    return found


def _document(source: Address, fetch: Fetch, arguments: dict[str, str]) -> ET.Element:
    url = f"{source.url}?{urlencode(arguments)}"
    answer = fetch(url, "text/xml, application/xml;q=0.9")
    require_ok(url, answer)
    root = xml_of(url, answer.body)
    if root.tag != f"{_OAI}OAI-PMH":
        raise wrong(url, Said("不是 OAI-PMH 的应答", "it is not an answer of OAI-PMH"))
    return root


def _size(token: ET.Element | None) -> int:
    """How many records there are in all, where the provider says so."""
    text = "" if token is None else token.get("completeListSize", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _found(url: str, record: ET.Element) -> Found:
    header = record.find(f"{_OAI}header")
    if header is None:
        return Unread("", NAMELESS)
    identifier = cleaning.line(header.findtext(f"{_OAI}identifier"), cleaning.IDENTIFIER_MAX + 1)
    if header.get("status") == "deleted":
        return Deleted(identifier) if identifier else Unread("", NAMELESS)
    metadata = record.find(f"{_OAI}metadata")
    content = None if metadata is None else next(iter(metadata), None)
    if content is None:
        return Unread(identifier, _NO_DATASET)
    if content.tag == _RDF:
        return _of_graph(url, identifier, content)
    return cleaning.checked(_of_dublin_core(identifier, content))


def _of_graph(url: str, identifier: str, content: ET.Element) -> Found:
    graph = graph_of(url, ET.tostring(content, encoding="utf-8"), "xml")
    datasets = datasets_of(graph)
    if len(datasets) != 1:
        return Unread(identifier, _NO_DATASET)
    return cleaning.checked(described(graph, datasets[0], identifier))


def _of_dublin_core(identifier: str, content: ET.Element) -> Description:
    title, title_en = _said(content, "title", cleaning.TITLE_MAX)
    text, text_en = _said(content, "description", cleaning.TEXT_MAX)
    others = _all(content, "identifier")
    addresses = list(filter(None, (cleaning.url(one) for one in others)))
    # An identifier may be an address too; the page is another one where there is another.
    pages = [one for one in addresses if one != identifier] or addresses
    publisher, _ = _said(content, "publisher", cleaning.SHORT_MAX)
    creator, _ = _said(content, "creator", cleaning.SHORT_MAX)
    rights = _all(content, "rights")
    licence = next(filter(None, (cleaning.url(one) for one in rights)), "")
    return Description(
        identifier=identifier,
        title=cleaning.line(title, cleaning.TITLE_MAX),
        title_en=cleaning.line(title_en, cleaning.TITLE_MAX),
        description=text,
        description_en=text_en,
        publisher=cleaning.line(publisher or creator),
        licence=licence or cleaning.line("; ".join(rights)),
        keywords=cleaning.lines(_all(content, "subject"), cleaning.KEYWORDS_MAX),
        issued=cleaning.line(next(iter(_all(content, "date")), ""), 40),
        page=next(iter(pages), ""),
        files=cleaning.files(
            FileLink(title=address, url=address)
            for one in _all(content, "relation")
            if (address := cleaning.url(one))
        ),
        other_ids=cleaning.lines(others, cleaning.NAMES_MAX, cleaning.IDENTIFIER_MAX),
    )


def _all(content: ET.Element, name: str) -> list[str]:
    return [cleaning.text(one.text) for one in content.findall(f"{_DC}{name}") if one.text]


def _said(content: ET.Element, name: str, limit: int) -> tuple[str, str]:
    """Chinese, or what there is; and English."""
    by_language: dict[str, str] = {}
    for one in content.findall(f"{_DC}{name}"):
        language = one.get(_LANG, "").lower().partition("-")[0]
        by_language.setdefault(language, cleaning.text(one.text, limit))
    first = next(iter(by_language.values()), "")
    english = by_language.get("en", "")
    return by_language.get("zh") or by_language.get("") or english or first, english
