"""``/status``: what of the node works now, and what the operator says of what does not.

The page asks each part a small question, at most once in ten seconds and process, so that whoever reloads
it in alarm adds nothing to the trouble. It tells nothing about hosts, versions or backups.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute
from wushu.config import heartbeat
from wushu.dataplane import selectors as dataplane
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Refusal
from wushu.opening import selectors as opening
from wushu.opening.types import Component, IncidentView

ASK_EVERY = 10
"""Seconds for which an answer holds."""
SEQUENCED_WITHIN = 60.0
"""Seconds after which an act that has no place in the log yet means that it stands still."""
NOTICE_WITHIN = 15 * 60.0
"""The same for a notice that nobody has tried to send."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the node."""

    component: Component
    works: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """All parts, at one moment."""

    parts: tuple[Part, ...]
    log_size: int
    """Entries under the last signed checkpoint."""

    @property
    def works(self) -> bool:
        """Whether everything does."""
        return all(part.works for part in self.parts)


@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """What works now, and what the operator announced; JSON for who prefers it."""
    standing = current()
    incidents = opening.incidents()
    wanted = request.get_preferred_type(["text/html", "application/json"])
    if request.headers.get("Accept") and wanted == "application/json":
        response: HttpResponse = JsonResponse(_document(standing, incidents))
    else:
        context = {
            "standing": standing,
            "open": [one for one in incidents if one.ended_at is None],
            "past": [one for one in incidents if one.ended_at is not None],
            "days": opening.INCIDENT_DAYS,
        }
        response = render(request, "portal/status.html", context)
    patch_vary_headers(response, ["Accept"])
    return response


def current() -> Standing:
    """What works, as it was asked within the last ten seconds."""
    return _asked(int(time.monotonic() / ASK_EVERY))


@lru_cache(maxsize=1)
def _asked(_period: int) -> Standing:
    parts = (Part(component, _works(component, ask)) for component, ask in QUESTIONS.items())
    return Standing(tuple(parts), _log_size())


def _works(component: Component, ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except (Refusal, DatabaseError, OSError) as error:
        logger.warning("status: %s does not answer: %s", component.value, error)
        return False


def _web() -> bool:
    return evidence.node_or_none() is not None


def _rows() -> bool:
    """The first row of the dataset changed last that is open to everybody; with none there is no fault."""
    newest = catalog.entries(attribute=Attribute.UNCONDITIONAL, format="CSV", limit=1).items
    for entry in newest:
        if entry.revision is not None and entry.revision.version is not None:
            dataplane.preview(entry.revision.version.id, actor=None, limit=1)
    return True


def _search() -> bool:
    catalog.entries(query="数据", limit=1)
    return True


def _evidence() -> bool:
    evidence.checkpoint_and_size()
    oldest = evidence.oldest_unsequenced()
    waits = 0.0 if oldest is None else (timezone.now() - oldest).total_seconds()
    return waits < SEQUENCED_WITHIN


def _background() -> bool:
    age = heartbeat.age()
    return age is not None and age < heartbeat.SILENT_AFTER


def _notices() -> bool:
    return _background() and opening.longest_untried() < NOTICE_WITHIN


QUESTIONS: dict[Component, Callable[[], bool]] = {
    Component.WEB: _web,
    Component.ROWS: _rows,
    Component.SEARCH: _search,
    Component.EVIDENCE: _evidence,
    Component.BACKGROUND: _background,
    Component.NOTICES: _notices,
}


def _log_size() -> int:
    try:
        return evidence.checkpoint_and_size()[1]
    except (Refusal, DatabaseError, OSError):
        return 0  # the part says that it does not work


def _document(standing: Standing, incidents: list[IncidentView]) -> dict[str, object]:
    return {
        "works": standing.works,
        "parts": {part.component.value: part.works for part in standing.parts},
        "log_size": standing.log_size,
        "incidents": [
            {
                "id": str(one.id),
                "title_zh": one.title_zh,
                "title_en": one.title_en,
                "components": [component.value for component in one.components],
                "begun_at": one.begun_at.isoformat(),
                "ended_at": None if one.ended_at is None else one.ended_at.isoformat(),
                "updates": [
                    {
                        "at": note.at.isoformat(),
                        "stage": note.stage.value,
                        "text_zh": note.text_zh,
                        "text_en": note.text_en,
                    }
                    for note in one.notes
                ],
            }
            for one in incidents
        ],
    }
