"""Answers to the six requests, from what the public may see.

Sealed and withdrawn datasets stay as deleted records for ever (``persistent``, section 2.5.1).
A list's pages follow the order of change: what changes while one harvests moves to the end of the
list, so that nothing is missed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree import ElementTree as ET

from django.conf import settings

from wushu.catalog import dcat, vocabulary
from wushu.catalog.files import files_of_entries
from wushu.catalog.oai import documents
from wushu.catalog.oai.protocol import (
    TOKEN,
    ErrorCode,
    Prefix,
    ProtocolError,
    Selection,
    Verb,
    prefix_of,
    require_arguments,
    selection_of,
    stamp,
    verb_of,
)
from wushu.catalog.selectors.arranged import around
from wushu.catalog.selectors.harvesting import changed_entries, changed_entry, earliest_change
from wushu.catalog.types import EntryView
from wushu.evidence import selectors as evidence
from wushu.evidence.types import NodeView
from wushu.kernel import cursors
from wushu.kernel.errors import Refusal
from wushu.parties import selectors as parties

PATH = "/oai"
PAGE = {Verb.LIST_IDENTIFIERS: 500, Verb.LIST_RECORDS: 50}
"""Records in one answer."""


def respond(arguments: Mapping[str, Sequence[str]], now: datetime) -> bytes:
    """The answer to a request; what is wrong with it is said inside (section 3.6)."""
    try:
        verb = verb_of(arguments)
        given = require_arguments(verb, arguments)
        told = {"verb": verb.value, **given}
        content = _ANSWERS[verb](given)
    except ProtocolError as wrong:
        # Section 3.6: where the request itself is at fault, its arguments are not repeated.
        at_fault = wrong.code in (ErrorCode.BAD_VERB, ErrorCode.BAD_ARGUMENT)
        envelope = documents.root(_base(), now, {} if at_fault else told)
        documents.put(envelope, "error", wrong.sentence, code=wrong.code.value)
        return documents.serialise(envelope)
    envelope = documents.root(_base(), now, told)
    envelope.append(content)
    return documents.serialise(envelope)


def _identify(_: Mapping[str, str]) -> ET.Element:
    node = evidence.node()
    content = _element(Verb.IDENTIFY)
    documents.put(content, "repositoryName", f"{node.region_zh}公共数据目录")
    documents.put(content, "baseURL", _base())
    documents.put(content, "protocolVersion", "2.0")
    documents.put(content, "adminEmail", _admin_email())
    documents.put(content, "earliestDatestamp", stamp(earliest_change() or node.initialised_at))
    documents.put(content, "deletedRecord", "persistent")
    documents.put(content, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    return content


def _list_metadata_formats(given: Mapping[str, str]) -> ET.Element:
    if "identifier" in given:
        _entry(given["identifier"])
    content = _element(Verb.LIST_METADATA_FORMATS)
    for prefix, (schema, namespace) in documents.FORMATS.items():
        one = documents.put(content, "metadataFormat")
        documents.put(one, "metadataPrefix", prefix.value)
        documents.put(one, "schema", schema)
        documents.put(one, "metadataNamespace", namespace)
    return content


def _list_sets(given: Mapping[str, str]) -> ET.Element:
    if TOKEN in given:
        raise ProtocolError(ErrorCode.BAD_TOKEN, "the list of sets comes in one piece")
    content = _element(Verb.LIST_SETS)
    for theme in vocabulary.themes():
        _set_into(content, f"theme:{theme.code}", theme.zh)
    for body in parties.organisations():
        _set_into(content, f"body:{body.code}", body.name_zh)
    return content


def _set_into(content: ET.Element, spec: str, name: str) -> None:
    one = documents.put(content, "set")
    documents.put(one, "setSpec", spec)
    documents.put(one, "setName", name)


def _get_record(given: Mapping[str, str]) -> ET.Element:
    prefix = prefix_of(given["metadataPrefix"])
    entry = _entry(given["identifier"])
    content = _element(Verb.GET_RECORD)
    _records_into(content, [entry], prefix)
    return content


def _list_identifiers(given: Mapping[str, str]) -> ET.Element:
    content, page, _ = _list(Verb.LIST_IDENTIFIERS, given)
    node = evidence.node()
    for entry in page:
        documents.header_into(content, entry, _identifier(entry, node), _sets(entry))
    return _finished(content)


def _list_records(given: Mapping[str, str]) -> ET.Element:
    content, page, chosen = _list(Verb.LIST_RECORDS, given)
    _records_into(content, page, chosen.prefix)
    return _finished(content)


def _list(
    verb: Verb, given: Mapping[str, str]
) -> tuple[ET.Element, Sequence[EntryView], Selection]:
    """The list's element with its token set aside, the entries of one page, what was selected."""
    after = None
    if TOKEN in given:
        chosen, after = _opened(verb, given[TOKEN])
    else:
        chosen = selection_of(given)
    theme, body = _set_of(chosen.set)
    page = changed_entries(
        since=chosen.first,
        before=chosen.past,
        theme=theme,
        body=body,
        after=after,
        limit=PAGE[verb] + 1,
    )
    if not page:
        raise ProtocolError(ErrorCode.NO_RECORDS, "no record fits")
    content = _element(verb)
    shown = page[: PAGE[verb]]
    if len(page) > len(shown):
        documents.put(content, TOKEN, _sealed(verb, chosen, shown[-1].changed_at))
    elif after is not None:
        documents.put(content, TOKEN)  # section 3.5: the last piece of a list says so
    return content, shown, chosen


def _finished(content: ET.Element) -> ET.Element:
    """The token's place is behind the records."""
    token = content.find(f"{{{documents.OAI}}}{TOKEN}")
    if token is not None:
        content.remove(token)
        content.append(token)
    return content


def _records_into(content: ET.Element, page: Sequence[EntryView], prefix: Prefix) -> None:
    """The records of a page; what the descriptions need is read for all of them at once."""
    node = evidence.node()
    bodies = parties.organisations_by_id(entry.body for entry in page)
    as_dcat = prefix is Prefix.DCAT
    files = files_of_entries(page) if as_dcat else {}
    surroundings = around(entry.id for entry in page) if as_dcat else {}
    for entry in page:
        record = documents.put(content, "record")
        identifier = _identifier(entry, node)
        documents.header_into(record, entry, identifier, _sets(entry))
        if entry.revision is None:
            continue
        metadata, body = documents.put(record, "metadata"), bodies[entry.body]
        if as_dcat:
            writer = dcat.Writer(node, settings.BASE_URL, files)
            dcat.dataset_into(writer, entry, body)
            dcat.around_into(writer, {entry.id: surroundings[entry.id]}, {body.id: body})
            metadata.append(documents.dcat(writer.graph))
        else:
            address = f"{settings.BASE_URL}/datasets/{entry.slug}"
            metadata.append(documents.dublin_core(entry, entry.revision, body, identifier, address))


def _entry(identifier: str) -> EntryView:
    """``idDoesNotExist`` for what the public never saw."""
    base = f"{evidence.node().identifier_base}/id/"
    try:
        if not identifier.startswith(base):
            raise ValueError(identifier)
        return changed_entry(UUID(identifier.removeprefix(base)))
    except (ValueError, Refusal):
        raise ProtocolError(ErrorCode.NO_SUCH_ID, "no record has this identifier") from None


def _identifier(entry: EntryView, node: NodeView) -> str:
    return f"{node.identifier_base}/id/{entry.id}"


def _sets(entry: EntryView) -> list[str]:
    theme = entry.revision.metadata.theme if entry.revision is not None else ""
    return [*([f"theme:{theme}"] if theme else []), f"body:{entry.body_code}"]


def _set_of(spec: str) -> tuple[str | None, UUID | None]:
    """Theme or body of a set; a set that is not there holds no record."""
    kind, _, code = spec.partition(":")
    if not spec:
        return None, None
    if kind == "theme" and code in vocabulary.themes().codes:
        return code, None
    if kind == "body" and code.isascii() and code.isalnum():
        try:
            return None, parties.organisation_by_code(code).id
        except Refusal:
            pass  # said below, as for every other set that is not there
    raise ProtocolError(ErrorCode.NO_RECORDS, "there is no such set")


def _sealed(verb: Verb, chosen: Selection, last: datetime) -> str:
    values = (chosen.prefix.value, chosen.since, chosen.until, chosen.set, last)
    return cursors.encode(values, _context(verb), key=_key())


def _opened(verb: Verb, token: str) -> tuple[Selection, datetime]:
    try:
        prefix, since, until, chosen, last = cursors.decode(token, _context(verb), key=_key())
    except Refusal:
        raise ProtocolError(
            ErrorCode.BAD_TOKEN, "this node did not issue the token for this request"
        ) from None
    assert isinstance(last, datetime)
    return Selection(Prefix(str(prefix)), str(since), str(until), str(chosen)), last


def _context(verb: Verb) -> dict[str, str]:
    return {"list": "oai", "verb": verb.value}


def _key() -> bytes:
    return cursors.node_key(settings.SECRETS_DIR, settings.SECRET_KEY)


def _element(verb: Verb) -> ET.Element:
    return ET.Element(f"{{{documents.OAI}}}{verb.value}")


def _base() -> str:
    return f"{settings.BASE_URL}{PATH}"


def _admin_email() -> str:
    """The operator's address; else the one every mail domain has (RFC 2142)."""
    given: str = settings.CONTACT_EMAIL
    return given or f"postmaster@{urlsplit(settings.BASE_URL).hostname}"


_ANSWERS = {
    Verb.IDENTIFY: _identify,
    Verb.LIST_METADATA_FORMATS: _list_metadata_formats,
    Verb.LIST_SETS: _list_sets,
    Verb.LIST_IDENTIFIERS: _list_identifiers,
    Verb.LIST_RECORDS: _list_records,
    Verb.GET_RECORD: _get_record,
}
