"""XML and RDF of strangers, read without ever asking for anything else.

XML with a document type is refused: entities can name files and addresses, and multiply without end.
JSON-LD whose context lies elsewhere is refused: reading it would make the library fetch an address
that was judged by nobody.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

from rdflib import Graph
from rdflib.exceptions import ParserError
from rdflib.plugins.parsers.notation3 import BadSyntax

from wushu.harvest.reading.reader import wrong
from wushu.kernel.errors import Said

DEPTH_MAX = 200
"""Elements within elements."""

_NOT_XML = Said("不是 XML", "it is not XML")


class _Refused(Exception):
    """The document has a document type, or is nested without measure."""


def xml_of(url: str, body: bytes) -> ET.Element:
    """The document's root; ``harvest-answer-wrong``."""
    require_plain_xml(url, body)
    return ET.fromstring(body)  # noqa: S314  (it has no document type, so no entities)


def require_plain_xml(url: str, body: bytes) -> None:
    """Refuse what is not well-formed, has a document type or is nested too deeply."""
    parser = expat.ParserCreate()
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH_MAX:
            raise _Refused

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1

    def declared(*_: object) -> None:
        raise _Refused

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.StartDoctypeDeclHandler = declared
    try:
        parser.Parse(body, True)
    except _Refused:
        reason = Said(
            "XML 含有 DOCTYPE 或嵌套过深", "its XML has a document type or is nested too deeply"
        )
        raise wrong(url, reason) from None
    except (expat.ExpatError, ValueError, LookupError):
        raise wrong(url, _NOT_XML) from None


def graph_of(url: str, body: bytes, format: str) -> Graph:
    """The graph of a document in ``turtle``, ``xml`` or ``json-ld``; ``harvest-answer-wrong``."""
    if format == "xml":
        require_plain_xml(url, body)
    if format == "json-ld":
        _require_own_context(url, body)
    graph = Graph(bind_namespaces="none")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the library about itself, and about odd literals
            graph.parse(data=body, format=format, publicID=url)
    except (BadSyntax, ParserError, ValueError, KeyError, TypeError, AttributeError, IndexError,
            AssertionError, RecursionError, expat.ExpatError, SyntaxError, OSError) as error:  # fmt: skip
        # The parsers raise whatever a document of nonsense makes them stumble over.
        reason = Said("不是所说格式的 RDF", "it is not RDF of the format it should be")
        raise wrong(url, reason) from error
    except Exception as error:
        if type(error).__module__.startswith(("rdflib", "xml.sax")):
            reason = Said("不是所说格式的 RDF", "it is not RDF of the format it should be")
            raise wrong(url, reason) from error
        raise
    return graph


def _require_own_context(url: str, body: bytes) -> None:
    try:
        document = json.loads(body)
        remote = any(_is_remote(name, value) for name, value in _members(document))
    except (ValueError, RecursionError):
        raise wrong(url, Said("不是 JSON", "it is not JSON")) from None
    if remote:
        reason = Said(
            "JSON-LD 的上下文在别处，没有读取",
            "the context of its JSON-LD lies elsewhere and is not fetched",
        )
        raise wrong(url, reason)


def _is_remote(name: str, value: Any) -> bool:
    if name == "@import":
        return True
    if name != "@context":
        return False
    found = value if isinstance(value, list) else [value]
    return any(isinstance(one, str) for one in found)


def _members(document: Any) -> Iterator[tuple[str, Any]]:
    """All names and values, at any depth."""
    waiting = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield from one.items()
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
