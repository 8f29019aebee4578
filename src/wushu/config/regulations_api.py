"""``/api/v1/regulations``: the rules that cases follow, with hashes and where each applies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from wushu.casework import selectors as casework
from wushu.casework.types import AdoptionView, ClockRule, Ground, Procedure, PublishedRegulation
from wushu.catalog.api import responses
from wushu.evidence import selectors as evidence


@responses.answering
def regulations(request: HttpRequest) -> HttpResponse:
    """Every published version, oldest first within a regulation; ``parameter-unknown``."""
    responses.require_known(request, ())
    adopted = casework.adoptions()
    items = [_version(one, adopted) for one in casework.published()]
    return responses.json_response({"items": items})


@responses.answering
def regulation(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version with its procedures and time limits; ``not-found``, ``parameter-unknown``."""
    responses.require_known(request, ())
    view = casework.published_version(key, number)
    procedures = [_procedure(one, view) for one in casework.regulation(view.id).procedures]
    return responses.json_response(
        {**_version(view, casework.adoptions()), "procedures": procedures}
    )


def _version(view: PublishedRegulation, adopted: Iterable[AdoptionView]) -> dict[str, Any]:
    found = casework.regulation(view.id)
    note = evidence.entry_of_act(f"urn:uuid:{view.id}", "casework.regulation.published")
    where = (view.key, view.number)
    return {
        "id": view.id,
        "key": view.key,
        "number": view.number,
        "sha256": view.sha256,
        "published_at": view.published_at,
        "entry": note.index if note is not None and note.published else None,
        "title_zh": found.title.zh,
        "title_en": found.title.en,
        "issuer_zh": found.issuer.zh,
        "issuer_en": found.issuer.en,
        "document_number": found.number,
        "status": found.status.value,
        "partly_read": found.partly_read,
        "division": found.division,
        "valid_from": found.valid_from,
        "valid_until": found.valid_until,
        "adoptions": [
            {
                "division": one.division,
                "begins": one.begins,
                "ends": one.ends,
                "decision": one.decision,
                "beyond": not found.covers(one.begins, one.ends),
            }
            for one in adopted
            if one.version.id == view.id
        ],
        "document": _address("portal:regulation-document", *where),
        "page": _address("portal:regulation", *where),
        "self": _address("api-regulation", *where),
    }


def _procedure(one: Procedure, view: PublishedRegulation) -> dict[str, Any]:
    return {
        "id": one.id,
        "title_zh": one.title.zh,
        "title_en": one.title.en,
        "article": _article(one.ground),
        "states": [state.id for state in one.states],
        "steps": [step.id for step in one.steps],
        "limits": [_limit(clock) for clock in one.clocks],
        "page": _address("portal:procedure", view.key, view.number, one.id),
    }


def _limit(clock: ClockRule) -> dict[str, Any]:
    return {
        "id": clock.id,
        "label_zh": clock.label.zh,
        "label_en": clock.label.en,
        "working_days": clock.working_days,
        "extension_in_all": clock.extension_in_all,
        "after_supplement": clock.supplement.value,
        "article": _article(clock.ground),
    }


def _article(ground: Ground) -> str | None:
    """``21(2)``; None: a rule of the platform."""
    return ground.article or None


def _address(route: str, *parts: str | int) -> str:
    return f"{settings.BASE_URL}{reverse(route, args=parts)}"
