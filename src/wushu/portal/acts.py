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
        "casework.notice.published": _("notice on working days published"),
        "casework.regulation.published": _("rules published"),
        "casework.regulation.adopted": _("rules adopted by a place"),
        "casework.regulation.ended": _("last day of the rules in a place set"),
        "casework.case.opened": _("case filed"),
        "casework.case.stepped": _("case taken on"),
        "casework.case.wrote": _("message or note in a case"),
        "casework.case.assigned": _("case assigned"),
        "casework.case.counter-changed": _("case followed by somebody else at the counter"),
        "casework.case.referred": _("expert panel asked in a case"),
        "casework.case.advised": _("expert's opinion in a case"),
        "casework.case.merged": _("case merged into another"),
        "casework.case.taken-in": _("another case merged into this one"),
        "casework.case.warned": _("due day of a case comes near"),
        "casework.case.overdue": _("due day of a case has passed"),
        "casework.case.escalated": _("delay of a case told above"),
        "casework.case.recounted": _("due day of a case moved with the work calendar"),
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
        "dataplane.grant.extended": _("grant extended"),
        "dataplane.receipts.sealed": _("read receipts sealed"),
        "dataplane.watermark.traced": _("file compared with deliveries"),
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
        "opening.agreement.drawn": _("use agreement drawn"),
        "opening.agreement.signed-by-user": _("use agreement signed by the applicant"),
        "opening.agreement.signed-by-body": _("use agreement signed by the body"),
        "opening.agreement.granted-again": _("access by a use agreement restored"),
        "opening.agreement.ended": _("use agreement over"),
        "opening.computation.submitted": _("program handed in"),
        "opening.computation.ran": _("program ran"),
        "opening.computation.failed": _("program did not run to its end"),
        "opening.computation.released": _("result of a program released"),
        "opening.computation.withheld": _("result of a program withheld"),
        "opening.contest.announced": _("contest announced"),
        "opening.contest.changed": _("contest changed"),
        "opening.contest.entered": _("result entered into a contest"),
        "opening.contest.left": _("result taken out of a contest"),
        "opening.contest.awarded": _("winners of a contest named"),
        "opening.result.filed": _("result filed"),
        "opening.result.mended": _("result changed"),
        "opening.result.published": _("result shown to everybody"),
        "opening.result.returned": _("result sent back"),
        "opening.result.taken-down": _("result taken down"),
        "opening.result.withdrawn": _("result withdrawn"),
        "opening.rating.given": _("a dataset rated"),
        "opening.rating.withdrawn": _("a rating taken back"),
        "opening.comment.published": _("a comment let through"),
        "opening.comment.returned": _("a comment sent back"),
        "opening.comment.taken-down": _("a comment taken down"),
        "opening.incident.opened": _("incident announced"),
        "opening.incident.updated": _("incident: further word"),
        "opening.incident.closed": _("incident over"),
        "opening.assessment.begun": _("assessment begun"),
        "opening.assessment.survey-entered": _("survey result entered"),
        "opening.assessment.commented": _("body commented on its figures"),
        "opening.assessment.published": _("assessment published"),
        "opening.call.opened": _("call for needs opened"),
        "opening.need.submitted": _("need for data submitted"),
        "opening.need.published": _("need for data published"),
        "opening.need.declined": _("need for data not published"),
        "opening.need.handed-over": _("need for data handed over to a body"),
        "opening.need.answered": _("need for data answered"),
        "opening.need.became-case": _("need for data made a case"),
        "opening.plan.drafted": _("yearly plan drafted"),
        "opening.plan.submitted": _("yearly plan submitted"),
        "opening.plan.accepted": _("yearly plan accepted"),
        "opening.plan.returned": _("yearly plan returned to its body"),
        "opening.plan.linked": _("dataset of a planned item named"),
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
