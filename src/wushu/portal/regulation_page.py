"""What the pages about regulations show: versions, where each applies, their procedures as pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wushu.casework import selectors as casework
from wushu.casework.types import (
    AdoptionView,
    Article,
    ClockRule,
    Procedure,
    PublishedRegulation,
    Regulation,
    RegulationStatus,
    SeatOf,
)
from wushu.evidence import selectors as evidence
from wushu.evidence.types import EntryNote
from wushu.kernel.errors import NOT_FOUND, Language
from wushu.portal import labels
from wushu.portal.requests import language

_STATUS: Mapping[RegulationStatus, Promise] = MappingProxyType(
    {
        RegulationStatus.DRAFT: gettext_lazy("consultation draft"),
        RegulationStatus.IN_FORCE: gettext_lazy("law in force"),
    }
)
_OF: Mapping[SeatOf, Promise] = MappingProxyType(
    {
        SeatOf.FILER: gettext_lazy("who filed the case"),
        SeatOf.BODY: gettext_lazy("in the body that the case is about"),
        SeatOf.DIVISION: gettext_lazy("over the division of that body, and not of it"),
    }
)
_FILING_OFFICE = gettext_lazy("in the organisation that filed the case")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a version applies."""

    name: str
    begins: date
    ends: date | None
    decision: str
    standing: str
    """Whether it applies now."""
    beyond: bool
    """On days, too, that the regulation does not give itself."""


@dataclass(frozen=True, slots=True)
class Version:
    """A published version."""

    view: PublishedRegulation
    title: str
    issuer: str
    document_number: str
    """文号."""
    status: str
    is_draft: bool
    partly_read: bool
    valid_from: date
    valid_until: date | None
    places: tuple[Place, ...]
    proof: EntryNote | None
    """Its publication in the log."""

    @property
    def goes_beyond(self) -> bool:
        """Whether it applies somewhere on days that it does not give itself."""
        return any(one.beyond for one in self.places)


@dataclass(frozen=True, slots=True)
class Home:
    """Where an article lives in the program."""

    text: str
    address: str = ""
    """A page to look at; empty where it is no page."""


@dataclass(frozen=True, slots=True)
class Line:
    """An article's line."""

    number: int
    heading: str
    homes: tuple[Home, ...]
    not_software: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A procedure in the list of a regulation."""

    id: str
    title: str
    summary: str
    ground: str
    limits: tuple[str, ...]


def versions() -> list[Version]:
    """All that is published: by regulation, its newest version first."""
    adopted = casework.adoptions()
    found = sorted(casework.published(), key=lambda one: (one.key, -one.number))
    return [_version(one, adopted) for one in found]


def page(key: str, number: int) -> dict[str, Any]:
    """Context of the page of a version; ``not-found``."""
    view = casework.published_version(key, number)
    found = casework.regulation(view.id)
    tongue = language()
    return {
        "version": _version(view, casework.adoptions()),
        "others": [one for one in casework.published(key) if one.number != number],
        "sources": found.source.split() if "://" in found.source else [],
        "source": found.source,
        "seats": [
            {
                "label": one.label(tongue),
                "role": labels.label(one.role),
                "of": _FILING_OFFICE if casework.is_filing_office(one) else _OF[one.of],
                "ground": casework.ground_words(one.ground)(tongue),
            }
            for one in found.seats
        ],
        "reminder": {
            "before": found.reminder.before,
            "ground": casework.ground_words(found.reminder.ground)(tongue),
        },
        "escalation": [
            {
                "who": found.seat(one.seat).label(tongue),
                "after": one.after,
                "ground": casework.ground_words(one.ground)(tongue),
            }
            for one in found.escalation
        ],
        "priorities": [
            {
                "label": one.label(tongue),
                "themes": one.themes,
                "ground": casework.ground_words(one.ground)(tongue),
            }
            for one in found.priorities
        ],
        "silences": [
            {"question": one.question(tongue), "answer": one.answer(tongue), "decision": one.decision}
            for one in found.silences
        ],
        "articles": [_line(one, view, found) for one in found.articles],
        "procedures": [_chapter(one) for one in found.procedures],
    }  # fmt: skip


def procedure_page(key: str, number: int, procedure: str) -> dict[str, Any]:
    """Context of the page of one procedure; ``not-found``."""
    view, found, one = _found(key, number, procedure)
    tongue = language()
    return {
        "version": _version(view, casework.adoptions()),
        "procedure": _chapter(one),
        "public": one.public,
        # Our own drawing: all words in it are escaped.
        "chart": SafeString(_chart(view.sha256, view.id, procedure, tongue)),
        "limits": casework.limit_rows(found, one, tongue),
        "steps": casework.step_rows(found, one, tongue),
        "states": casework.state_rows(found, one, tongue),
    }


def chart_file(key: str, number: int, procedure: str) -> str:
    """The flow chart as a document of its own; ``not-found``."""
    _view, found, one = _found(key, number, procedure)
    return casework.flow_chart(found, one, language()) + "\n"


def address_of(version: UUID) -> str:
    """The page of a version; empty where there is none of this id."""
    for one in casework.published():
        if one.id == version:
            return reverse("portal:regulation", args=[one.key, one.number])
    return ""


def _found(
    key: str, number: int, procedure: str
) -> tuple[PublishedRegulation, Regulation, Procedure]:
    view = casework.published_version(key, number)
    found = casework.regulation(view.id)
    for one in found.procedures:
        if one.id == procedure:
            return view, found, one
    raise NOT_FOUND(what=f"{key} {number} {procedure}")


@lru_cache(maxsize=128)
def _chart(sha256: str, version: UUID, procedure: str, tongue: Language) -> str:
    """What was published never changes, and neither does its picture: it is drawn once."""
    del sha256  # names the content in the cache
    found = casework.regulation(version)
    return casework.flow_chart(found, found.procedure(procedure), tongue, headed=False)


def _version(view: PublishedRegulation, adopted: Iterable[AdoptionView]) -> Version:
    found = casework.regulation(view.id)
    tongue = language()
    return Version(
        view=view,
        title=found.title(tongue),
        issuer=found.issuer(tongue),
        document_number=found.number,
        status=str(_STATUS[found.status]),
        is_draft=found.status is RegulationStatus.DRAFT,
        partly_read=found.partly_read,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
        places=tuple(_place(one, found) for one in adopted if one.version.id == view.id),
        proof=evidence.entry_of_act(f"urn:uuid:{view.id}", "casework.regulation.published"),
    )


def _place(one: AdoptionView, found: Regulation) -> Place:
    today = timezone.localdate()
    if one.begins > today:
        standing = _("not yet")
    elif one.ends is not None and one.ends < today:
        standing = _("no more")
    else:
        standing = _("applies now")
    name = labels.place(one.division)
    if name != one.division:
        name = f"{name} ({one.division})"
    beyond = not found.covers(one.begins, one.ends)
    return Place(name, one.begins, one.ends, one.decision, standing, beyond)


def _chapter(one: Procedure) -> Chapter:
    tongue = language()
    return Chapter(
        id=one.id,
        title=one.title(tongue),
        summary=one.summary(tongue),
        ground=casework.ground_words(one.ground)(tongue),
        limits=tuple(_limit(clock) for clock in one.clocks),
    )


def _limit(clock: ClockRule) -> str:
    label, days = clock.label(language()), clock.working_days
    if clock.extension_in_all is None:
        said = ngettext("{label}: {days} working day", "{label}: {days} working days", days)
        return said.format(label=label, days=days)
    return _("{label}: {days} working days, extended {all} in all").format(
        label=label, days=days, all=clock.extension_in_all
    )


def _line(one: Article, view: PublishedRegulation, found: Regulation) -> Line:
    not_software = one.not_software(language()) if one.not_software is not None else ""
    homes = tuple(_homes(one, view, found))
    return Line(one.number, one.heading(language()), homes, not_software)


def _homes(article: Article, view: PublishedRegulation, found: Regulation) -> Iterator[Home]:
    for lives in article.lives:
        kind, _colon, name = lives.partition(":")
        if kind == "procedure":
            yield _procedure_home(name, view, found)
        elif kind == "page":
            yield Home(name, _page_address(name))
        else:
            yield Home(name)


def _procedure_home(name: str, view: PublishedRegulation, found: Regulation) -> Home:
    """``correction`` or ``correction.accept``: the procedure, or one step of it."""
    key, _dot, step = name.partition(".")
    procedure = next((one for one in found.procedures if one.id == key), None)
    if procedure is None:
        return Home(name)
    text = procedure.title(language())
    if step:
        labelled = (one.label(language()) for one in procedure.steps if one.id == step)
        text += _(": ") + next(labelled, step)
    return Home(text, reverse("portal:procedure", args=[view.key, view.number, key]))


def _page_address(path: str) -> str:
    """A page in the reader's language; empty for a pattern, and for what this node does not answer."""
    for address in (f"/en{path}", path) if language() == "en" else (path,):
        try:
            resolve(address)
        except Resolver404:
            continue
        return "" if "{" in path else address
    return ""
