"""What steps of opening procedures do outside their cases, by the names the regulations use.

Each runs in its step's transaction: what it refuses undoes the step.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from wushu.casework import selectors as casework
from wushu.casework import services as cases
from wushu.casework.types import NODE_SEAT, CaseView, Decided, Effect, Happened, SubjectKind
from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import Attribute, EntryState, RevisionView
from wushu.dataplane import selectors as dataplane_selectors
from wushu.dataplane import services as dataplane
from wushu.dataplane.types import Delivery, GranteeKind, Quota, Watermark
from wushu.evidence import selectors as evidence
from wushu.evidence.services import record
from wushu.kernel.canonical import canonical_json, sha256_hex
from wushu.kernel.errors import Said
from wushu.opening.models import Agreement
from wushu.opening.refusals import (
    ACCESS_NOT_LIVE,
    ACCESS_OVER,
    AGREEMENT_MISSING,
    AGREEMENT_PERIOD,
    ATTRIBUTE_CHANGES_OTHERWISE,
    ATTRIBUTE_HAS_ITS_PROCEDURE,
    ATTRIBUTE_NOT_AS_ASSESSED,
    ATTRIBUTE_UNCHANGED,
    BREACH_STANDS,
    COUNTER_SIGNS_NOTHING,
    DELIVERS_MORE_THAN_ASKED,
    NEEDS_NO_APPLICATION,
    NOT_OPEN_TO_APPLICATIONS,
    NOT_TO_BE_SHOWN,
    NOTHING_PROPOSED,
    RENEWAL_NOT_LONGER,
    RESTORED_BY_WHO_SUSPENDED,
    STILL_SEALED,
)
from wushu.opening.rules import agreements as rules
from wushu.opening.selectors.governing import sealed_at
from wushu.parties import selectors as parties
from wushu.parties.types import NODE


def _require_conditional(decided: Decided) -> None:
    """Only what is open under conditions is applied for; the rest is taken, or asked for otherwise."""
    entry = catalog.entry_by_id(decided.case.subject)
    title = Said(entry.title("zh"), entry.title("en"))
    if entry.state is not EntryState.LISTED or entry.revision is None:
        reason = Said("已中止开放或撤回", "it is sealed or withdrawn")
        raise NOT_OPEN_TO_APPLICATIONS(title=title, reason=reason)
    attribute = entry.revision.metadata.attribute
    if attribute is Attribute.UNCONDITIONAL:
        raise NEEDS_NO_APPLICATION(title=title)
    if attribute is Attribute.NONE:
        raise NOT_OPEN_TO_APPLICATIONS(title=title, reason=Said("不予开放", "it is not opened"))


def _require_listed(decided: Decided) -> None:
    """What is said to be open again is (art. 41): what was processed was listed since it was sealed."""
    entry = catalog.entry_by_id(decided.case.subject)
    if not catalog.listed_since(entry.id, sealed_at(decided.case) or decided.case.opened_at):
        raise STILL_SEALED(title=Said(entry.title("zh"), entry.title("en")))


def _draw_agreement(decided: Decided) -> None:
    """Draw the agreement from what the body set and the user pledged; no rows for who asked for none."""
    if rules.gives_more(decided.case, rules.terms_of(decided.happened)):
        raise DELIVERS_MORE_THAN_ASKED(number=decided.case.number)
    _draw(decided, decided.happened)


def _require_longer(decided: Decided) -> None:
    """A renewal is asked for and agreed to beyond the agreement in force, and for data still to be applied for.

    Not of what was taken back for a breach.
    """
    _require_conditional(decided)
    row = _in_force(decided.case)
    assert row.grant is not None
    _require_no_breach(row.grant, lambda breach: rules.taken(breach) is not None)
    ends = rules.Terms.from_json(json.loads(row.document)["terms"]).until.isoformat()
    until = str((decided.happened.values or {})["until"])
    if until <= ends:
        raise RENEWAL_NOT_LONGER(until=until, ends=ends)


def _draw_renewal(decided: Decided) -> None:
    """Draw the next agreement of the case: the first one's terms with another end."""
    _require_longer(decided)
    _draw(decided, rules.renewed(decided.case, decided.happened))


def _draw(decided: Decided, agreed: Happened) -> None:
    case, now = decided.case, timezone.now()
    terms = rules.terms_of(agreed)
    if terms.ends <= now:
        raise AGREEMENT_PERIOD(until=terms.until.isoformat())
    dataplane_selectors.terms_require(case.subject, **_of_reading(terms))
    entry = catalog.entry_by_id(case.subject)
    base = evidence.node().identifier_base
    row = Agreement(case=case.id, dataset=entry.id, drawn_at=now, drawn_by=decided.actor.urn)
    body = parties.organisation(case.sides.body)
    filer = case.sides.filer_organisation or case.sides.filer_person
    sides = (
        rules.Side(body.name_zh, f"{base}/id/{body.id}"),
        rules.Side(case.filer_name, f"urn:uuid:{filer}"),
    )
    machine = rules.odrl(
        f"urn:uuid:{row.pk}", assigner=sides[0], assignee=sides[1],
        target=f"{base}/id/{entry.id}", terms=terms, issued=now,
    )  # fmt: skip
    drawn = rules.document(
        case=case, sides=sides, dataset=entry.title_zh, machine=machine, terms=terms,
        words=rules.clauses(case, agreed), salt=secrets.token_hex(32),
    )  # fmt: skip
    content = canonical_json(drawn)
    newest = Agreement.objects.filter(case=case.id).aggregate(newest=Max("number"))["newest"] or 0
    row.number, row.document, row.sha256 = newest + 1, content.decode(), sha256_hex(content)
    row.ends_at = terms.ends
    row.save(force_insert=True)
    _record(decided, row, "drawn")


def _sign(decided: Decided) -> None:
    """For themselves or their organisation: at the counter nobody signs for who came in person."""
    if decided.actor.person == decided.case.sides.counter:
        raise COUNTER_SIGNS_NOTHING(number=decided.case.number)
    row = _agreement(decided.case)
    row.user_signed_at, row.user_signed_by = timezone.now(), decided.actor.urn
    row.save(update_fields=["user_signed_at", "user_signed_by"])
    _record(decided, row, "signed-by-user")


def _countersign_and_grant(decided: Decided) -> None:
    """The second signature delivers: from here on the grant lets the data plane answer."""
    row = _countersigned(decided)
    _grant(decided, row)
    _record(decided, row, "signed-by-body")


def _countersign_and_extend(decided: Decided) -> None:
    """The second signature of a renewal lets the grant in force end later: not a moment is without it."""
    former = _in_force(decided.case)
    row = _countersigned(decided)
    assert former.grant is not None
    dataplane.grant_extend(
        actor=decided.actor, grant=former.grant, valid_until=row.ends_at, basis=decided.happened.urn
    )
    row.grant = former.grant
    row.save(update_fields=["grant"])
    _record(decided, row, "signed-by-body")


def _countersigned(decided: Decided) -> Agreement:
    """The newest agreement with the body's signature under the user's; refuses ``agreement-missing``."""
    row = _agreement(decided.case)
    if row.user_signed_at is None:
        raise AGREEMENT_MISSING(number=decided.case.number)
    row.body_signed_at, row.body_signed_by = timezone.now(), decided.actor.urn
    row.save(update_fields=["body_signed_at", "body_signed_by"])
    return row


def _grant_again(decided: Decided) -> None:
    """Access comes back as it was, by who suspended it or the authority; not while a breach stands against it.

    The suspended grant stays as it is, a new one is written.
    """
    regulation, suspended = decided.case.regulation, rules.taken(decided.case)
    assert suspended is not None
    if not rules.may_restore(decided.happened.seat, suspended.seat, regulation):
        seat = regulation.seat(suspended.seat).label
        raise RESTORED_BY_WHO_SUSPENDED(seat=seat, number=decided.case.number)
    row = _in_force(decided.case)
    assert row.grant is not None
    _require_no_breach(row.grant, rules.stands)
    row.grant = dataplane.grant_restore(
        actor=decided.actor, grant=row.grant, basis=decided.happened.urn
    )
    row.save(update_fields=["grant"])
    _record(decided, row, "granted-again")


def _require_no_breach(
    grant: UUID, counts: Callable[[CaseView], bool], but: UUID | None = None
) -> None:
    """No case about this access counts against it, ``but`` the one that asks; refuses ``breach-stands``.

    All of them: also those in which the actor has no part.
    """
    for one in casework.cases_about([grant], actor=NODE).cases:
        if one.id != but and counts(one):
            raise BREACH_STANDS(
                procedure=one.procedure.title, number=one.number, state=one.state.label
            )


def _grant(decided: Decided, row: Agreement) -> None:
    sides = decided.case.sides
    terms = rules.Terms.from_json(json.loads(row.document)["terms"])
    row.grant = dataplane.grant_write(
        actor=decided.actor, dataset=row.dataset,
        grantee_kind=GranteeKind.ORGANISATION if sides.filer_organisation else GranteeKind.PERSON,
        grantee=sides.filer_organisation or sides.filer_person,
        purpose=f"{terms.purpose}（{decided.case.number}）",
        basis=decided.happened.urn, valid_from=timezone.now(), valid_until=terms.ends,
        watermark=Watermark.ORDER if terms.is_marked else Watermark.NONE,
        delivery=Delivery.COMPUTED if terms.is_computed else Delivery.ROWS, **_of_reading(terms),
    )  # fmt: skip
    row.save(update_fields=["grant"])


def _of_reading(terms: rules.Terms) -> dict[str, Any]:
    """What the data plane makes of an agreement's terms."""
    return {
        "columns": terms.columns,
        "row_filter": [dict(one) for one in terms.rows],
        "masks": [dict(one) for one in terms.masks],
        "quota": Quota(terms.rows_a_day, terms.requests_a_day),
    }


def _revoke(decided: Decided) -> None:
    """Take the case's grant back."""
    row = _in_force(decided.case)
    if NODE_SEAT not in decided.case.seats:  # the node ends a case when its grant's time is over
        assert row.grant is not None
        _take_back(decided, row.grant, gone=_ends(decided))
    if _ends(decided):
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
        _record(decided, row, "ended")


def _revoke_subject(decided: Decided) -> None:
    """Take back the access that the case is about, unless another grant has taken its place meanwhile."""
    grant = decided.case.subject
    newest = rules.taken(decided.case) is not None or Agreement.objects.filter(grant=grant).exists()
    _take_back(decided, grant, gone=newest and _ends(decided))


def _ask_for_results(decided: Decided) -> None:
    """A task of the user's own, with its own thread (art. 26)."""
    case = decided.case
    cases.case_begin(
        of=case, procedure=rules.MATERIALS, step="ask", title=f"应用成果资料（{case.number}）",
        values={"case": case.number, "what": (decided.happened.values or {})["what"]},
    )  # fmt: skip


def _require_agreed_to_show(decided: Decided) -> None:
    """What who handed it in did not agree to show is not shown."""
    if _answered(decided, "show") != rules.YES:
        raise NOT_TO_BE_SHOWN(number=decided.case.number)


def _take_back(decided: Decided, grant: UUID, *, gone: bool) -> None:
    """Revoke a grant. ``gone``: one that was revoked before will do; else it is refused.

    Who limits an access could give it back, and with it what somebody else has taken; who shuts it cannot.
    """
    _, held = dataplane_selectors.grant_overseen(grant, actor=decided.actor)
    if held.revoked_at is None:
        dataplane.grant_revoke(actor=decided.actor, grant=grant, reason=_reason(decided))
    elif not gone:
        raise ACCESS_NOT_LIVE(step=decided.step.label)


def _ends(decided: Decided) -> bool:
    return decided.step.to is not None and decided.case.procedure.state(decided.step.to).end


def _restore_subject(decided: Decided) -> None:
    """Give that access back as it was; its agreement goes on under the new grant."""
    grant = decided.case.subject
    _require_no_breach(grant, rules.stands, but=decided.case.id)
    rows = list(Agreement.objects.select_for_update().filter(grant=grant))
    if any(row.ended_at is not None for row in rows):
        raise ACCESS_OVER(number=json.loads(rows[0].document)["case"])
    again = dataplane.grant_restore(actor=decided.actor, grant=grant, basis=decided.happened.urn)
    for row in rows:
        row.grant = again
        row.save(update_fields=["grant"])
        _record(decided, row, "granted-again")


def _agreement(case: CaseView, **which: Any) -> Agreement:
    """The newest of a case, which may still have to be signed; ``agreement-missing``."""
    rows = Agreement.objects.select_for_update().filter(case=case.id, **which)
    row = rows.order_by("-number").first()
    if row is None:
        raise AGREEMENT_MISSING(number=case.number)
    return row


def _in_force(case: CaseView) -> Agreement:
    """The newest that both have signed: a renewal that waits for a signature changes nothing yet."""
    return _agreement(case, body_signed_at__isnull=False)


def _seal_dataset(decided: Decided) -> None:
    catalog_services.entry_seal(
        actor=decided.actor,
        entry=decided.case.subject,
        reason=_reason(decided),
        basis=_basis(decided),
    )


def _restore_dataset(decided: Decided) -> None:
    catalog_services.entry_restore(
        actor=decided.actor,
        entry=decided.case.subject,
        case=decided.case.id,
        reason=_reason(decided),
        basis=_basis(decided),
    )


def _withdraw_dataset(decided: Decided) -> None:
    catalog_services.entry_withdraw(
        actor=decided.actor,
        entry=decided.case.subject,
        case=decided.case.id,
        reason=_reason(decided),
        basis=_basis(decided),
    )


def _submit_entry(decided: Decided) -> None:
    """What was assessed is submitted, with the attribute that was; a change of it has its own procedure."""
    proposed = _proposed(decided)
    attribute = proposed.metadata.attribute
    if _answered(decided, "attribute") not in (None, attribute.value):
        raise ATTRIBUTE_NOT_AS_ASSESSED()
    if _attribute_listed(decided) not in (None, attribute):
        asked = catalog.listing_procedure(proposed.id, actor=decided.actor)
        if asked is not None and asked.id != decided.case.procedure.id:
            raise ATTRIBUTE_HAS_ITS_PROCEDURE(procedure=asked.id, title=asked.title)
    _submit_dataset(decided)


def _submit_attribute(decided: Decided) -> None:
    """Of something listed, whose attribute the revision changes as the case says (art. 8)."""
    listed, proposed = _attribute_listed(decided), _proposed(decided).metadata.attribute
    if listed in (None, proposed):
        raise ATTRIBUTE_UNCHANGED()
    if _answered(decided, "change") not in (None, f"{listed}-{proposed}"):
        raise ATTRIBUTE_CHANGES_OTHERWISE()
    _submit_dataset(decided)


def _answered(decided: Decided, field: str) -> Any:
    """The newest answer to a field in the case, this step's among them."""
    return rules.answered((*decided.case.history, decided.happened), field)


def _attribute_listed(decided: Decided) -> Attribute | None:
    """Under which the public knows the dataset; None before it was ever listed."""
    entry = catalog.entry_by_id(decided.case.subject, actor=decided.actor)
    if entry.listed_revision is None:
        return None
    return catalog.revision(entry.listed_revision, actor=decided.actor).metadata.attribute


def _submit_dataset(decided: Decided) -> None:
    """From here on it cannot change (art. 16), and only this case lists or returns it."""
    catalog_services.revision_submit(
        actor=decided.actor, revision=_proposed(decided).id, case=decided.case.id
    )


def _list_dataset(decided: Decided) -> None:
    """Through the two-person gate, which the procedure does not replace."""
    dataplane.revision_list(
        actor=decided.actor, revision=_proposed(decided).id, case=decided.case.id
    )


def _return_dataset(decided: Decided) -> None:
    catalog_services.revision_return(
        actor=decided.actor, revision=_proposed(decided).id, reasons=_reason(decided),
        case=decided.case.id,
    )  # fmt: skip


def _proposed(decided: Decided) -> RevisionView:
    """The revision that is proposed: the newest that the actor may see."""
    entry = catalog.entry_by_id(decided.case.subject, actor=decided.actor)
    if entry.revision is None:
        raise NOTHING_PROPOSED(title=Said(entry.title("zh"), entry.title("en")))
    return entry.revision


def _reason(decided: Decided) -> str:
    return str((decided.happened.values or {}).get("reasons", ""))


def _basis(decided: Decided) -> str:
    return (
        f"{decided.case.regulation.title.zh}{decided.step.ground.words.zh}（{decided.case.number}）"
    )


def _record(decided: Decided, row: Agreement, verb: str) -> None:
    record(
        f"opening.agreement.{verb}", actor=decided.actor, subject=f"urn:uuid:{row.pk}",
        data={"case": decided.case.number, "number": row.number, "sha256": row.sha256}, rows=[row],
    )  # fmt: skip


EFFECTS: Mapping[SubjectKind, Mapping[str, Effect]] = MappingProxyType(
    {
        SubjectKind.DATASET: {
            "require-conditional": _require_conditional,
            "require-listed": _require_listed,
            rules.DRAWING: _draw_agreement,
            "require-longer": _require_longer,
            "draw-renewal": _draw_renewal,
            "countersign-and-extend": _countersign_and_extend,
            "sign": _sign,
            "countersign-and-grant": _countersign_and_grant,
            "grant-again": _grant_again,
            "ask-for-results": _ask_for_results,
            "require-agreed-to-show": _require_agreed_to_show,
            "revoke": _revoke,
            "seal-dataset": _seal_dataset,
            "restore-dataset": _restore_dataset,
            "withdraw-dataset": _withdraw_dataset,
            "submit-entry": _submit_entry,
            "submit-attribute": _submit_attribute,
            "submit-dataset": _submit_dataset,
            "list-dataset": _list_dataset,
            "return-dataset": _return_dataset,
        },
        SubjectKind.BODY: {},
        SubjectKind.GRANT: {"revoke": _revoke_subject, "grant-again": _restore_subject},
    }
)
"""By what a case is about, and by name; ``wushu regulation check`` knows no others."""
