"""What subscriptions follow, as it stands today, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils import translation

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Said
from wushu.opening.types import Followed, Target, TargetKind
from wushu.parties import selectors as parties

CASES = Said("与我有关的办件和计算", "my cases and computations, and cases that wait for me")
"""What a subscription to cases follows, in words."""
_VOCABULARIES = {"theme": "data-theme", "format": "file-type", "frequency": "frequency"}


def followed(targets: Sequence[Target]) -> list[Followed]:
    """The dataset or organisation of each, with a few queries for all of them."""
    ids: dict[TargetKind, list[UUID]] = {TargetKind.DATASET: [], TargetKind.BODY: []}
    for one in targets:
        if one.id is not None:
            ids[one.kind].append(one.id)
    entries = catalog.entries_known(ids[TargetKind.DATASET])
    bodies = parties.organisations_by_id(ids[TargetKind.BODY])
    return [
        Followed(
            target=one,
            entry=entries.get(one.id) if one.id is not None else None,
            body=bodies.get(one.id) if one.id is not None else None,
        )
        for one in targets
    ]


def search_words(search: Mapping[str, str], language: str) -> str:
    """The words typed, and what the choices made are called."""
    said = [_choice(name, value, language) for name, value in search.items() if name != "q"]
    return " · ".join([search["q"], *said] if "q" in search else said)


def _choice(name: str, value: str, language: str) -> str:
    if name == "body":
        return parties.organisation(UUID(value)).name(language)
    if name == "attribute" and value in set(Attribute):
        with translation.override("en" if language == "en" else "zh-hans"):
            return str(catalog.ATTRIBUTES[Attribute(value)])
    if name == "region":
        node = evidence.node()
        here = value == node.division
        return (
            node.region(language) if here else catalog.vocabulary("country").label(value, language)
        )
    if name in _VOCABULARIES:
        return catalog.vocabulary(_VOCABULARIES[name]).label(value, language)
    return value
