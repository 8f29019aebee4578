"""Entries and proofs of the log as JSON, below ``/api/v1/evidence``."""

from __future__ import annotations

import base64
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from wushu.evidence import selectors
from wushu.kernel.errors import INVALID_VALUE, Refusal
from wushu.kernel.languages import language_of

MAX_DIGITS = 18
"""Of an index or a size: more than any log has, less than 64 bits hold."""


def _encoded(hashes: tuple[bytes, ...]) -> list[str]:
    return [base64.b64encode(h).decode() for h in hashes]


def _problem(refusal: Refusal) -> JsonResponse:
    language = language_of(get_language())
    return JsonResponse(
        refusal.as_problem(language),
        status=refusal.status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _number(request: HttpRequest, name: str) -> int | None:
    """A parameter that is an index or a size; refused as invalid-value."""
    text = request.GET.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > MAX_DIGITS:
        raise INVALID_VALUE(
            field=name, value=text[:40],
            reason_zh="应为不超过 18 位的非负整数", reason_en="it is no whole number of up to 18 digits",
        )  # fmt: skip
    return int(text)


@require_safe
def entry(request: HttpRequest, index: int) -> JsonResponse:
    """An entry with its leaf, its hash, and its proof under the published checkpoint."""
    try:
        found = selectors.entry(index)
        # The checkpoint before the proof: the tree may grow meanwhile, the proof is of that tree.
        checkpoint, size = selectors.checkpoint_and_size()
        proof = selectors.inclusion_proof(index, size)
    except Refusal as refusal:
        return _problem(refusal)
    return JsonResponse(
        {
            "index": found.index,
            "entry": found.document,
            "leaf": base64.b64encode(found.leaf).decode(),
            "leaf_hash": base64.b64encode(found.leaf_hash).decode(),
            "proof": {
                "size": proof.size,
                "root": base64.b64encode(proof.root).decode(),
                "hashes": _encoded(proof.hashes),
            },
            "checkpoint": checkpoint,
        },
        json_dumps_params={"ensure_ascii": False},
    )


@require_safe
def proof(request: HttpRequest) -> JsonResponse:
    """``?index=&size=``: an inclusion proof. ``?first=&second=``: a consistency proof."""
    try:
        return JsonResponse(_proof(request))
    except Refusal as refusal:
        return _problem(refusal)


def _proof(request: HttpRequest) -> dict[str, Any]:
    index, first = _number(request, "index"), _number(request, "first")
    if index is not None:
        found = selectors.inclusion_proof(index, _number(request, "size"))
        return {
            "index": found.index,
            "size": found.size,
            "root": base64.b64encode(found.root).decode(),
            "leaf_hash": base64.b64encode(found.leaf_hash).decode(),
            "hashes": _encoded(found.hashes),
        }
    if first is None:
        raise INVALID_VALUE(
            field="index",
            value="",
            reason_zh="请给出 index 或 first",
            reason_en="give index or first",
        )
    tree = selectors.consistency_proof(first, _number(request, "second"))
    return {
        "first": tree.first,
        "second": tree.second,
        "first_root": base64.b64encode(tree.first_root).decode(),
        "second_root": base64.b64encode(tree.second_root).decode(),
        "hashes": _encoded(tree.hashes),
    }
