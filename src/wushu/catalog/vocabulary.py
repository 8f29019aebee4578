"""Controlled vocabularies: codes with their URIs and labels, read from the files beside this one.

Each file of ``vocabularies/`` names its scheme and where its codes and labels come from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from wushu.catalog.rules import Codes


@dataclass(frozen=True, slots=True)
class Concept:
    """One code of a vocabulary."""

    code: str
    uri: str
    zh: str
    en: str
    more: Mapping[str, Any] = field(default_factory=dict)
    """What only this vocabulary says, e.g. ``media_type`` of a file type."""

    def label(self, language: str) -> str:
        """Its name in the language."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A list of codes. Iterating gives its concepts in the file's order."""

    name: str
    scheme: str
    """URI of the concept scheme."""
    title_zh: str
    title_en: str
    origin: str
    concepts: Mapping[str, Concept]

    def __iter__(self) -> Iterator[Concept]:
        return iter(self.concepts.values())

    def __contains__(self, code: object) -> bool:
        return code in self.concepts

    def __getitem__(self, code: str) -> Concept:
        return self.concepts[code]

    def get(self, code: str) -> Concept | None:
        """The concept, or None."""
        return self.concepts.get(code)

    @property
    def codes(self) -> frozenset[str]:
        """All codes."""
        return frozenset(self.concepts)

    def label(self, code: str, language: str) -> str:
        """Name of a code; the code itself where it is unknown."""
        concept = self.concepts.get(code)
        return code if concept is None else concept.label(language)


@lru_cache(maxsize=32)
def vocabulary(name: str) -> Vocabulary:
    """A vocabulary by the name of its file; ``FileNotFoundError``."""
    file = resources.files(__package__).joinpath("vocabularies", f"{name}.json")
    stored = json.loads(file.read_text("utf-8"))
    prefix = stored.get("prefix", stored["scheme"] + "/")
    return Vocabulary(
        name=name,
        scheme=stored["scheme"],
        title_zh=stored["title_zh"],
        title_en=stored["title_en"],
        origin=stored["origin"],
        concepts=MappingProxyType(
            {one["code"]: _concept(one, prefix) for one in stored["concepts"]}
        ),
    )


def themes() -> Vocabulary:
    """EU data themes; ``more["domains"]`` are the words Chinese portals sort by."""
    return vocabulary("data-theme")


def frequencies() -> Vocabulary:
    """EU frequencies."""
    return vocabulary("frequency")


def file_types() -> Vocabulary:
    """EU file types this node delivers; ``more`` has ``media_type`` and ``suffix``."""
    return vocabulary("file-type")


def licences() -> Vocabulary:
    """EU licences this node offers; ``more`` has ``document``, ``spdx``, ``type``, ``open``."""
    return vocabulary("licence")


def codes() -> Codes:
    """The codes that the rules check a revision against."""
    return Codes(
        themes=themes().codes,
        frequencies=frequencies().codes,
        countries=vocabulary("country").codes,
    )


def licence_of(uri: str) -> Concept | None:
    """The vocabulary's licence that a URI stands for, or None.

    A licence is known by its URI in the vocabulary, by the address of its text, and by its SPDX
    address; ``http`` and ``https`` and a last slash make no difference. Nothing else is equated.
    """
    return _licences_by_address().get(_bare(uri))


@lru_cache(maxsize=1)
def _licences_by_address() -> dict[str, Concept]:
    found: dict[str, Concept] = {}
    for concept in licences():
        addresses = [concept.uri, concept.more["document"]]
        if concept.more["spdx"]:
            addresses.append(f"https://spdx.org/licenses/{concept.more['spdx']}")
        found |= {_bare(address): concept for address in addresses}
    return found


def _bare(uri: str) -> str:
    return uri.strip().removeprefix("https:").removeprefix("http:").rstrip("/").lower()


def _concept(stored: dict[str, Any], prefix: str) -> Concept:
    named = {"code", "uri", "zh", "en"}
    return Concept(
        code=stored["code"],
        uri=stored.get("uri", prefix + stored["code"]),
        zh=stored["zh"],
        en=stored["en"],
        more=MappingProxyType({key: value for key, value in stored.items() if key not in named}),
    )
