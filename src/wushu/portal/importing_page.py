"""What may be imported from spreadsheets, by whom, and the report of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.kernel.sheets import OUTCOMES, Layout, Line, Outcome, Tally
from wushu.parties import selectors as parties
from wushu.parties import services as parties_services
from wushu.parties.types import Actor, Role
from wushu.portal.desk_page import GOVERNING
from wushu.portal.requests import language

LINES_SHOWN = 500
"""A page shows no more rows; the report as CSV has them all."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of spreadsheet."""

    layout: Layout
    heading: str | Promise
    intro: str | Promise
    service: Callable[..., Iterator[Line]]
    roles: tuple[Role, ...]
    """Who is offered it; the service asks again, row by row."""


SHEETS: Mapping[str, Sheet] = MappingProxyType(
    {
        "bodies": Sheet(
            parties.IMPORT_LAYOUTS["bodies"],
            _("Import bodies"),
            _("Registers bodies and updates their names and contact by their credit code."),
            parties_services.bodies_import,
            GOVERNING,
        ),
        "staff": Sheet(
            parties.IMPORT_LAYOUTS["staff"],
            _("Import staff"),
            _(
                "Opens accounts with roles. Who gets no first password gets an address to set one, "
                "shown only in the report."
            ),
            parties_services.staff_import,
            GOVERNING,
        ),
        "catalogue": Sheet(
            catalog.IMPORT_LAYOUTS["catalogue"],
            _("Import a catalogue"),
            _("Makes drafts for their bodies. Nothing is listed: every draft goes through review."),
            catalog_services.catalogue_import,
            (*GOVERNING, Role.OPENING_BODY),
        ),
    }
)


def offered(actor: Actor) -> dict[str, Sheet]:
    """What the actor may import."""
    return {name: sheet for name, sheet in SHEETS.items() if any(map(actor.holds, sheet.roles))}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One row of a report, in the reader's words."""

    where: str
    outcome: Outcome
    said: str
    subject: str
    words: str
    address: str


def lines_of(found: Iterable[Line]) -> Iterator[Line]:
    """The lines, with the whole address where a ticket to set a password is."""
    for line in found:
        if line.secret:
            account, _sign, ticket = line.secret.partition("/")
            path = reverse("portal:account-begin", args=[account, ticket])
            yield replace(line, secret=f"{settings.BASE_URL}{path}")
        else:
            yield line


def report(lines: Sequence[Line], tally: Tally) -> dict[str, object]:
    """Context of a report: refused rows first, what is already so only counted."""
    chosen = language()
    order = {Outcome.REFUSED: 0, Outcome.CREATED: 1, Outcome.CHANGED: 2}
    shown = sorted((one for one in lines if one.outcome in order), key=lambda o: order[o.outcome])
    return {
        "lines": [
            ReportLine(
                line.cell or str(line.row),
                line.outcome,
                OUTCOMES[line.outcome](chosen),
                line.subject,
                line.words(chosen) if line.outcome is not Outcome.CREATED else "",
                line.secret,
            )
            for line in shown[:LINES_SHOWN]
        ],
        "more": max(0, len(shown) - LINES_SHOWN),
        "summary": tally.words(chosen),
        "with_addresses": any(line.secret for line in lines),
        "refused": tally.counts[Outcome.REFUSED],
    }
