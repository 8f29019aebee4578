"""What stands on the page of a dataset's record of due care, and in its CSV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wushu.evidence import selectors as evidence
from wushu.evidence.types import EntryNote
from wushu.kernel.formulas import csv_line
from wushu.opening import selectors as opening
from wushu.opening.types import CareLine, DueCare
from wushu.portal import acts, labels
from wushu.portal.requests import language

HOME = "page:/desk/datasets/{slug}/due-care"
"""By which an article of a regulation says that due care is shown here."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the page shows it."""

    line: CareLine
    words: str
    who: str
    note: EntryNote | None


def content(found: DueCare) -> dict[str, Any]:
    """Context of the page."""
    return {
        "care": found,
        "entry": found.entry,
        "lines": [_line(one) for one in found.lines],
        "article": opening.article_living(HOME, division=found.body.division),
        "key": evidence.node().verifier_key,
    }


def _line(one: CareLine) -> Line:
    act = one.proved
    note = None
    if act is not None:
        note = EntryNote(act.index, act.act, act.actor, act.at, bool(act.proof))
    return Line(one, _words(one), _who(one), note)


def _words(one: CareLine) -> str:
    return one.words(language()) if one.words else acts.words(one.act)


def _who(one: CareLine) -> str:
    """The part they played, for whom, and who they are as far as the reader may know."""
    parts = [one.seat(language()) if one.seat else "", one.organisation, one.name]
    said = " · ".join(part for part in parts if part)
    return said or str(_("the node itself") if not one.proved else acts.who(one.proved.actor, {}))


def as_csv(found: DueCare) -> str:
    """The record as a table of its own, a line of it a row."""
    headings = [
        _("When"), _("What"), _("Case"), _("Procedure"), _("Part played"),
        pgettext("acting", "For whom"), _("Person"), _("Ground"), _("What was found or decided"), _("Papers (SHA-256)"),
        _("Evidence"), _("Act in the log"),
    ]  # fmt: skip
    return "\ufeff" + "".join(map(csv_line, [headings, *(_cells(one) for one in found.lines)]))


def _cells(one: CareLine) -> list[Any]:
    words = language()
    return [
        timezone.localtime(one.at).isoformat(timespec="seconds"), _words(one),
        one.case.number if one.case else "", one.case.title(words) if one.case else "",
        one.seat(words) if one.seat else "", one.organisation, one.name,
        one.ground.words(words) if one.ground else "", _found(one),
        "\n".join(f"{paper.name or paper.label(words)} {paper.sha256}" for paper in one.papers),
        "" if one.proved is None or one.proved.index is None else one.proved.index, one.act,
    ]  # fmt: skip


def _found(one: CareLine) -> str:
    words, colon = language(), _(": ")
    found = [f"{said.label(words)}{colon}{said.text(words)}" for said in one.answers]
    if one.revision is not None:
        attribute = labels.label(one.revision.attribute)
        found.append(_("revision %(number)s") % {"number": one.revision.number} + f" · {attribute}")
        found.append(one.revision.reasons)
    return "\n".join(part for part in [*found, one.text] if part)
