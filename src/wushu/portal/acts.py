"""Acts of the evidence log in words, with who did them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wushu.evidence.types import EntryNote
from wushu.parties import selectors as parties
from wushu.parties.types import NODE, Actor
from wushu.portal.requests import language

WORDS: Mapping[str, Promise] = MappingProxyType(
    {
        "catalog.entry.created": _("entry begun"),
        "catalog.entry.sealed": _("sealed"),
        "catalog.entry.restored": _("restored"),
        "catalog.entry.withdrawn": _("withdrawn"),
        "catalog.act.corrected": _("an earlier act corrected"),
        "catalog.correction.proposed": _("correction of an earlier act proposed"),
        "catalog.import.done": _("catalogue imported from a spreadsheet"),
        "catalog.revision.drafted": _("draft saved"),
        "catalog.revision.submitted": _("submitted for review"),
        "catalog.revision.returned": _("returned by the reviewer"),
        "catalog.revision.listed": _("reviewed and listed"),
        "catalog.version.added": _("version of the data added"),
        "catalog.series.proposed": _("series proposed"),
        "catalog.series.listed": _("series listed"),
        "catalog.series.returned": _("series returned by the reviewer"),
        "catalog.series.filled": _("dataset put into the series"),
        "catalog.series.emptied": _("dataset taken out of the series"),
        "catalog.series.closed": _("series closed"),
        "catalog.grouping.created": _("database begun"),
        "catalog.grouping.changed": _("words of the database changed"),
        "catalog.grouping.filled": _("dataset put into the database"),
        "catalog.grouping.emptied": _("dataset taken out of the database"),
        "catalog.grouping.removed": _("empty database taken away"),
        "catalog.item.source-decided": _("source of a data item decided"),
        "catalog.entry.duty-set": _("responsible unit and source system named"),
        "catalog.entry.derived": _("source dataset named"),
        "catalog.entry.derivation-dropped": _("source dataset no longer named"),
        "dataplane.upload.received": _("file received"),
        "dataplane.upload.encoding-told": _("encoding told"),
        "dataplane.load.confirmed": _("columns confirmed"),
        "dataplane.grant.written": _("grant given"),
        "dataplane.grant.revoked": _("grant revoked"),
        "dataplane.receipts.sealed": _("read receipts sealed"),
        "harvest.source.proposed": _("other catalogue proposed"),
        "harvest.source.activated": _("other catalogue activated"),
        "harvest.source.stopped": _("other catalogue stopped"),
        "harvest.records.written": _("datasets of another catalogue read"),
        "harvest.records.gone": _("datasets of another catalogue gone"),
        "harvest.shrink.accepted": _("shrunken catalogue accepted as it is"),
        "evidence.node.initialised": _("node initialised"),
        "opening.work.handed-over": _("open work handed over to a colleague"),
        "parties.import.done": _("bodies or staff imported from a spreadsheet"),
        "parties.organisation.placed": _("body above it recorded"),
        "parties.staff.succeeded": _("a colleague took over"),
        "parties.account.password-link-issued": _("address to set a password given out"),
        "opening.incident.opened": _("incident announced"),
        "opening.incident.updated": _("incident: further word"),
        "opening.incident.closed": _("incident over"),
        "parties.organisation.registered": _("organisation registered"),
        "parties.organisation.updated": _("organisation updated"),
        "parties.membership.granted": _("role given"),
        "parties.membership.ended": _("role ended"),
        "parties.account.created": _("account opened"),
        "parties.account.deactivated": _("account closed"),
        "parties.account.activated": _("account opened again"),
        "parties.account.password-set": _("password set"),
        "parties.account.password-rehashed": _("password stored at the present cost"),
        "parties.account.totp-set": _("one-time codes set up"),
        "parties.account.totp-removed": _("one-time codes removed"),
        "parties.api_key.issued": _("API key issued"),
        "parties.api_key.revoked": _("API key revoked"),
        "parties.person.registered": _("person registered"),
        "parties.person.updated": _("person updated"),
    }
)


@dataclass(frozen=True, slots=True)
class Act:
    """One act as a timeline shows it."""

    note: EntryNote
    words: str
    who: str


def words(act: str) -> str:
    """What happened, in words; the act's name where there are none."""
    return str(WORDS.get(act, act))


def names(urns: Sequence[str], actor: Actor | None) -> dict[str, str]:
    """What to call who acted, as far as the reader may know them."""
    return parties.names_of(set(urns), actor=actor, language=language())


def timeline(notes: Sequence[EntryNote], actor: Actor | None) -> list[Act]:
    """The acts with the names their reader may see."""
    names = parties.names_of({note.actor for note in notes}, actor=actor, language=language())
    return [Act(note, words(note.act), who(note.actor, names)) for note in notes]


def who(urn: str, names: Mapping[str, str]) -> str:
    """Name of an actor, as far as the reader may know it."""
    if urn == NODE.urn:
        return str(_("the node itself"))
    return names.get(urn) or str(_("an account of this node"))
