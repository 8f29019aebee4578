"""What pages call codes and members of enumerations, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wushu.casework.types import ClockState, DayKind, Why
from wushu.catalog import selectors as catalog
from wushu.catalog.types import (
    Attribute,
    EntryState,
    FieldType,
    RelationReason,
    RevisionState,
    SeriesState,
    SharedReason,
)
from wushu.dataplane import selectors as dataplane
from wushu.dataplane.types import (
    Evidence,
    GrantStanding,
    Newline,
    RejectReason,
    SemanticType,
    UploadState,
)
from wushu.evidence import selectors as evidence
from wushu.harvest import selectors as harvest
from wushu.harvest.types import RunState, SourceKind, SourceState
from wushu.kernel.errors import Said
from wushu.opening import selectors as opening
from wushu.opening.types import (
    Aspect,
    Channel,
    Component,
    ComputationState,
    IncidentStage,
    ItemStanding,
    Moderation,
    NeedState,
    PlanState,
    Problem,
    ResultKind,
    SubscriptionState,
)
from wushu.parties import selectors as parties
from wushu.parties.types import Role, Scope
from wushu.portal.requests import language

Words = str | Promise

_MEMBERS: Mapping[type[Enum], Mapping[Any, Words | Said]] = MappingProxyType(
    {
        UploadState: {
            UploadState.RECEIVED: _("being looked at"),
            UploadState.UNDECIDED: _("encoding to be chosen"),
            UploadState.FOUND: _("columns to be confirmed"),
            UploadState.QUEUED: _("waiting to be loaded"),
            UploadState.LOADING: _("being loaded"),
            UploadState.LOADED: _("loaded"),
            UploadState.FAILED: _("not loaded"),
        },
        Evidence: {
            Evidence.TOLD: _("as you said"),
            Evidence.BOM: _("by its byte order mark"),
            Evidence.NUL_PATTERN: _("by the pattern of its zero bytes"),
            Evidence.STRICT: _("the only encoding that fits every byte"),
            Evidence.FREQUENCY: _("the characters speak for it"),
        },
        Newline: {
            Newline.LF: "LF",
            Newline.CRLF: "CR LF",
            Newline.CR: "CR",
            Newline.MIXED: _("mixed line ends"),
        },
        SemanticType: {
            SemanticType.NONE: "",
            SemanticType.CREDIT_CODE: _("unified social credit code"),
            SemanticType.RESIDENT_ID: _("resident identity number"),
            SemanticType.PHONE: _("telephone number"),
            SemanticType.DIVISION_CODE: _("division code"),
            SemanticType.EMAIL: _("e-mail address"),
            SemanticType.URL: _("web address"),
            SemanticType.MONEY: _("amount of money"),
            SemanticType.LONGITUDE: _("longitude"),
            SemanticType.LATITUDE: _("latitude"),
            SemanticType.CODE: _("code"),
            SemanticType.CATEGORY: _("category"),
        },
        RejectReason: {
            RejectReason.TOO_FEW_CELLS: _("fewer cells than columns"),
            RejectReason.TOO_MANY_CELLS: _("more cells than columns"),
            RejectReason.ROW_TOO_LONG: _(
                "a row far too long, probably a quotation mark that never closes"
            ),
            RejectReason.QUOTE_MISPLACED: _("a quotation mark in the wrong place"),
            RejectReason.NOT_AN_INTEGER: _("not a whole number"),
            RejectReason.NOT_A_DECIMAL: _("not a decimal number"),
            RejectReason.NOT_A_NUMBER: _("not a number"),
            RejectReason.NOT_THE_DATE_FORMAT: _("not a date in the confirmed format"),
            RejectReason.NOT_THE_DATETIME_FORMAT: _("not a date and time in the confirmed format"),
            RejectReason.NOT_A_BOOLEAN: _("neither yes nor no"),
            RejectReason.REQUIRED_IS_EMPTY: _("empty, though a value is required"),
        },
        GrantStanding: {
            GrantStanding.IN_FORCE: pgettext_lazy("grant", "in force"),
            GrantStanding.FUTURE: pgettext_lazy("grant", "not begun yet"),
            GrantStanding.EXPIRED: pgettext_lazy("grant", "expired"),
            GrantStanding.REVOKED: pgettext_lazy("grant", "revoked"),
        },
        catalog.Freshness: {
            catalog.Freshness.KEPT: _("update kept"),
            catalog.Freshness.MISSED: _("update missed"),
            catalog.Freshness.IRREGULAR: _("updated without a fixed cycle"),
            catalog.Freshness.FINAL: _("not meant to be updated"),
            catalog.Freshness.UNKNOWN: _("no update cycle stated"),
            catalog.Freshness.NO_DATA: _("no data yet"),
        },
        SourceKind: harvest.SOURCE_KINDS,
        SourceState: harvest.SOURCE_STATES,
        RunState: harvest.RUN_STATES,
        Attribute: catalog.ATTRIBUTES,
        EntryState: catalog.ENTRY_STATES,
        RevisionState: catalog.REVISION_STATES,
        SeriesState: catalog.SERIES_STATES,
        RelationReason: {
            RelationReason.COLUMNS: _("shares columns"),
            RelationReason.KEYWORDS: _("shares keywords"),
            RelationReason.WORDS: _("has a similar title"),
            RelationReason.THEME: _("same theme"),
            RelationReason.BODY: _("same body"),
        },
        SharedReason: {
            SharedReason.NAME: _("same name"),
            SharedReason.TYPE: _("same type"),
            SharedReason.UNIT: _("same unit"),
            SharedReason.CODES: _("same codes"),
            SharedReason.MEANING: _("same meaning"),
        },
        ClockState: {
            ClockState.RUNNING: _("running"),
            ClockState.RETURNED: _("stopped: returned for supplement"),
            ClockState.PAUSED: _("stopped: paused"),
            ClockState.FINISHED: _("finished"),
        },
        Why: {
            Why.COUNTED: _("counted"),
            Why.BEGINS: _("day of receipt: not counted"),
            Why.REST: _("rest day: not counted"),
            Why.STOPPED: _("stopped: not counted"),
            Why.LATE: _("overdue"),
        },
        DayKind: {
            DayKind.WORKING: _("working day"),
            DayKind.MAKE_UP: _("weekend day worked for a holiday"),
            DayKind.WEEKEND: _("weekend"),
            DayKind.HOLIDAY: _("public holiday"),
        },
        FieldType: catalog.FIELD_TYPES,
        Aspect: opening.ASPECTS,
        Channel: opening.CHANNELS,
        Component: opening.COMPONENTS,
        ComputationState: opening.COMPUTATION_STATES,
        IncidentStage: opening.STAGES,
        NeedState: opening.NEED_STATES,
        PlanState: opening.PLAN_STATES,
        ItemStanding: opening.ITEM_STANDINGS,
        Moderation: opening.MODERATION_STATES,
        Problem: opening.PROBLEMS,
        ResultKind: opening.RESULT_KINDS,
        SubscriptionState: opening.SUBSCRIPTION_STATES,
        Role: parties.ROLES,
        Scope: parties.SCOPES,
    }
)
"""By class: members of two text enumerations with the same value are equal as keys."""

_DELIMITERS: Mapping[str, Words] = MappingProxyType(
    {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar"), " ": _("blank")}
)
_WARNINGS: Mapping[str, Words] = MappingProxyType(
    {
        "headers-invented": _("The file has no header, so the columns were given names."),
        "empty-header": _("A column has no name in the header; give it one on the next page."),
        "duplicate-header": _("Two columns have the same name; rename one on the next page."),
        "replacement-characters": _(
            "Some characters were lost before the file came here (they read \ufffd); ask for a better one."
        ),
    }
)
"""What is not shown by the findings themselves."""


def warnings(names: Iterable[str]) -> list[str]:
    """Sentences for what deserves a look."""
    return [str(_WARNINGS[name]) for name in names if name in _WARNINGS]


def delimiter(mark: str) -> str:
    """Name of what divides cells; the mark itself where it can be seen."""
    return str(_DELIMITERS.get(mark, mark))


def label(value: Any) -> str:
    """Words for a member of an enumeration; the value itself where there are none."""
    words = _MEMBERS.get(type(value), {}).get(value)
    if isinstance(words, Said):
        return words(language())
    return str(value) if words is None else str(words)


def theme(code: str) -> str:
    """Name of a data theme."""
    return catalog.vocabulary("data-theme").label(code, language())


def cycle(code: str) -> str:
    """Name of an update cycle."""
    return catalog.vocabulary("frequency").label(code, language())


QUARTERS: Mapping[int, Words] = MappingProxyType(
    {
        1: _("by the end of March"),
        2: _("by the end of June"),
        3: _("by the end of September"),
        4: _("by the end of December"),
    }
)


def quarter(number: int) -> str:
    """Until when what is planned for a quarter is to be open."""
    return str(QUARTERS[number])


def place(code: str) -> str:
    """Name of the area a dataset is about, as far as this node knows it; else its code."""
    node = evidence.node_or_none()
    if node is not None and code == node.division:
        return node.region(language())
    return catalog.vocabulary("country").label(code, language())


_USES: Mapping[str, Words] = MappingProxyType(
    {
        dataplane.PAGE: _("Pages of datasets"),
        dataplane.ROWS: _("Pages of rows (API)"),
    }
)


def kind_of_use(use: str) -> str:
    """What the statistics call a kind of use: a page, rows, or a download's format."""
    said = _USES.get(use)
    return (
        str(said) if said is not None else gettext("Downloads: {format}").format(format=use.upper())
    )


_API_GROUPS: Mapping[str, Words] = MappingProxyType(
    {
        "catalogue": _("The catalogue"),
        "rows": _("Rows and downloads"),
        "rules": _("Rules that apply"),
        "figures": _("Figures"),
        "subscriptions": _("Subscriptions"),
        "cases": _("Requests and applications"),
        "plans": _("Yearly opening plans"),
        "assessments": _("Yearly assessments"),
        "needs": _("Which data are needed"),
        "results": _("Results, contests and ratings"),
        "computations": _("Computations"),
        "ckan": _("CKAN Action API"),
        "evidence": _("The evidence log"),
        "node": _("The node"),
    }
)


def api_group(tag: str) -> str:
    """What the API's page calls a group of addresses."""
    return str(_API_GROUPS.get(tag, tag))
