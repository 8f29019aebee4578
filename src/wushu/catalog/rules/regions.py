"""Under which regions an entry is found: the division it is about, and every one that this lies in."""

from __future__ import annotations

from wushu.kernel.errors import Refusal
from wushu.kernel.identifiers import parse_division


def regions_of(spatial: str) -> tuple[str, ...]:
    """Short codes, the nearest first; a country or the world is itself alone, nothing is nothing.

    ``320505`` gives ``320505``, ``3205``, ``32``: who asks for the city sees its districts' data too.
    """
    try:
        division = parse_division(spatial)
    except Refusal:
        return (spatial,) if spatial else ()
    return (division.short, *(one.short for one in division.ancestors))


def region_of(asked: str) -> str:
    """What was asked for as ``regions_of`` writes it: the six digits of a city are its four."""
    regions = regions_of(asked.strip())
    return regions[0] if regions else ""
