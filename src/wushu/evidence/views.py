"""The published log over HTTP: C2SP tlog-tiles below ``/evidence``, and what goes with it.

Everything here is a static resource: tiles, bundles and details never change once they are there,
the checkpoint changes every few seconds.
"""

from __future__ import annotations

import gzip

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wushu.evidence import selectors
from wushu.evidence.rules import tiles
from wushu.evidence.store import FileMissing, Store
from wushu.kernel.errors import Refusal

IMMUTABLE = "public, max-age=31536000, immutable"
BRIEF = "no-cache"
TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"


def _answer(body: bytes | str, content_type: str, cache: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Cache-Control"] = cache
    response["Access-Control-Allow-Origin"] = "*"  # anybody's page may verify the log
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _missing(what: str) -> HttpResponse:
    response = _answer(f"{what}: not in this log\n", TEXT, BRIEF)
    response.status_code = 404
    return response


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The signed checkpoint (C2SP tlog-checkpoint); 404 before the node is initialised."""
    try:
        return _answer(selectors.checkpoint(), TEXT, BRIEF)
    except Refusal:
        return _missing("checkpoint")


@require_safe
def verifier_key(request: HttpRequest) -> HttpResponse:
    """The log's public key as a C2SP verifier key.

    Handy for a first look; who wants proof takes the key from elsewhere.
    """
    node = selectors.node_or_none()
    return _answer(node.verifier_key + "\n", TEXT, BRIEF) if node else _missing("key")


@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """A tile or entry bundle of the published tree, exactly as wide as asked."""
    try:
        wanted = tiles.parse_path(f"tile/{path}")
        size = selectors.published_size()
        if wanted.width > tiles.width_in(wanted.level, wanted.number, size):
            raise FileMissing(path)
        data = Store.of_node().read(wanted)
    except (tiles.TileError, FileMissing, Refusal):
        return _missing(f"tile/{path}")
    return _compressed(request, _answer(data, BYTES, IMMUTABLE), wanted.level == tiles.ENTRIES)


@require_safe
def detail(request: HttpRequest, sha256: str) -> HttpResponse:
    """A part of an entry that was too large for it, by the hash that the entry carries."""
    try:
        data = Store.of_node().detail(sha256)
    except (ValueError, FileMissing):
        return _missing(f"detail/{sha256}")
    return _compressed(request, _answer(data, "application/json", IMMUTABLE), True)


@require_safe
def proof(request: HttpRequest, index: int) -> HttpResponse:
    """A proof of an entry that is checked without asking the node again (C2SP tlog-proof)."""
    try:
        text = selectors.proof_file(index)
    except Refusal as refusal:
        response = _answer(f"{refusal}\n", TEXT, BRIEF)
        response.status_code = 404 if refusal.status == 422 else refusal.status
        return response
    response = _answer(text, TEXT, BRIEF)
    response["Content-Disposition"] = f'attachment; filename="{index}.tlog-proof"'
    return response


def _compressed(request: HttpRequest, response: HttpResponse, worthwhile: bool) -> HttpResponse:
    """Entries are JSON and shrink well, hashes do not (tlog-tiles asks for it)."""
    if not worthwhile:
        return response
    response["Vary"] = "Accept-Encoding"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = gzip.compress(response.content, compresslevel=6, mtime=0)
        response["Content-Encoding"] = "gzip"
    return response
