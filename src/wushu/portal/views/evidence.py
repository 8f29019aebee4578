"""Pages of the evidence log: one entry, and how to check this node."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wushu.catalog import selectors as catalog
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Refusal
from wushu.parties import selectors as parties
from wushu.portal import acts, checkpoints, history_page, regulation_page
from wushu.portal.requests import actor_of, language, urn_uuid


@require_safe
def entry(request: HttpRequest, index: int) -> HttpResponse:
    """What one entry says, its proof, and how to check it without this node."""
    found = evidence.entry(index)
    proof = evidence.inclusion_proof(index)
    names = parties.names_of({found.actor}, actor=actor_of(request), language=language())
    context = {
        "entry": found,
        "words": acts.words(found.act),
        "who": acts.who(found.actor, names),
        "subject": _subject(found.subject),
        "document": json.dumps(found.document, ensure_ascii=False, indent=2, sort_keys=True),
        "leaf_hash": found.leaf_hash.hex(),
        "proof": proof,
        "root": proof.root.hex(),
        "base_url": settings.BASE_URL,
        **history_page.pointers(found),
    }
    return render(request, "portal/evidence_entry.html", context)


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """How anyone can check this node with their own tools."""
    context = {
        "node": evidence.node(),
        "checkpoint": checkpoints.published(),
        "base_url": settings.BASE_URL,
    }
    return render(request, "portal/check.html", context)


def _subject(urn: str) -> str:
    """Address of the page about the subject; empty where there is none for the public."""
    identifier = urn_uuid(urn)
    if identifier is None:
        return ""
    try:
        return catalog.identifier_target(identifier).page
    except Refusal:
        return regulation_page.address_of(identifier)
