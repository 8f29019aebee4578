"""The XML of OAI-PMH answers (sections 2 and 3.2), and a dataset as Dublin Core and as DCAT-AP."""

from __future__ import annotations

import re
from datetime import datetime
from xml.etree import ElementTree as ET

from rdflib import Graph

from wushu.catalog import vocabulary
from wushu.catalog.forms import forms_of
from wushu.catalog.oai.protocol import Prefix, stamp
from wushu.catalog.rules import ATTRIBUTE_WORDS
from wushu.catalog.types import EntryView, RevisionView
from wushu.parties.types import OrganisationView

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"

FORMATS = {
    Prefix.DUBLIN_CORE: (f"{OAI[:-1]}/oai_dc.xsd", OAI_DC),
    # RDF/XML has no schema of its own; this one is the Open Archives Initiative's for it.
    Prefix.DCAT: (f"{OAI[:-1]}/rdf.xsd", RDF),
}
"""Prefix -> schema and namespace of the metadata's root."""

# What XML 1.0 cannot carry (section 2.2), and what no UTF-8 can.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

for _prefix, _namespace in (("oai_dc", OAI_DC), ("dc", DC), ("xsi", XSI)):
    ET.register_namespace(_prefix, _namespace)


def root(base_url: str, at: datetime, attributes: dict[str, str]) -> ET.Element:
    """The envelope: when, and which request is answered."""
    envelope = ET.Element(
        f"{{{OAI}}}OAI-PMH", {f"{{{XSI}}}schemaLocation": f"{OAI} {OAI}OAI-PMH.xsd"}
    )
    put(envelope, "responseDate", stamp(at))
    request = put(envelope, "request", base_url)
    for name, value in attributes.items():
        request.set(name, legal(value))
    return envelope


def put(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    """A child in the protocol's namespace."""
    child = ET.SubElement(parent, f"{{{OAI}}}{name}", attributes)
    child.text = legal(text) or None
    return child


def legal(text: str) -> str:
    """The text without characters that XML cannot carry."""
    return _NOT_XML.sub("", text)


def header_into(parent: ET.Element, entry: EntryView, identifier: str, sets: list[str]) -> None:
    """Who a record is, when it changed, and whether it is gone."""
    gone = {} if entry.revision is not None else {"status": "deleted"}
    header = put(parent, "header", **gone)
    put(header, "identifier", identifier)
    put(header, "datestamp", stamp(entry.changed_at))
    for one in sets:
        put(header, "setSpec", one)


def dublin_core(
    entry: EntryView, revision: RevisionView, body: OrganisationView, identifier: str, page: str
) -> ET.Element:
    """The fifteen elements, as far as the catalogue knows them; texts in both languages."""
    m = revision.metadata
    dc = ET.Element(f"{{{OAI_DC}}}dc", {f"{{{XSI}}}schemaLocation": f"{OAI_DC} {OAI}oai_dc.xsd"})
    themes, words = vocabulary.themes(), ATTRIBUTE_WORDS[m.attribute]
    _say(dc, "title", m.title_zh, m.title_en)
    _say(dc, "creator", body.name_zh, body.name_en)
    for keyword in m.keywords:
        _say(dc, "subject", keyword)
    if m.theme:
        _say(dc, "subject", themes.label(m.theme, "zh"), themes.label(m.theme, "en"))
    _say(dc, "description", m.description_zh, m.description_en)
    _say(dc, "publisher", body.name_zh, body.name_en)
    _plain(dc, "date", stamp(entry.listed_at) if entry.listed_at else "")
    _plain(dc, "type", "Dataset")
    for form in forms_of(revision):
        _plain(dc, "format", form.media_type)
    _plain(dc, "identifier", identifier)
    _plain(dc, "identifier", page)
    _plain(dc, "source", m.source_url)
    _plain(dc, "language", "zh")
    _plain(dc, "coverage", m.spatial)
    if m.temporal_start or m.temporal_end:
        _plain(dc, "coverage", f"{m.temporal_start or ''}/{m.temporal_end or ''}")
    _say(dc, "rights", words[0], words[1])
    _plain(dc, "rights", m.licence)
    return dc


def dcat(graph: Graph) -> ET.Element:
    """A dataset's DCAT-AP description as one ``rdf:RDF`` element."""
    return ET.fromstring(legal(graph.serialize(format="xml")))  # noqa: S314  (made by ourselves)


def serialise(envelope: ET.Element) -> bytes:
    """The document in UTF-8, which the protocol prescribes (section 3.2)."""
    document: bytes = ET.tostring(
        envelope, encoding="utf-8", xml_declaration=True, default_namespace=None
    )
    return document


def _say(parent: ET.Element, name: str, zh: str, en: str = "") -> None:
    for text, language in ((zh, "zh"), (en, "en")):
        if text:
            child = ET.SubElement(parent, f"{{{DC}}}{name}", {f"{{{XML}}}lang": language})
            child.text = legal(text)


def _plain(parent: ET.Element, name: str, text: str) -> None:
    if text:
        ET.SubElement(parent, f"{{{DC}}}{name}").text = legal(text)
