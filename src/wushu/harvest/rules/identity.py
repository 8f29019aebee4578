"""Which new record is a known one under another identifier.

A catalogue that moves to other software often names all its datasets anew. A record that is new is
taken for one that vanished in the same run if they share another name: an identifier the publisher
gave (``dct:identifier``, ``adms:identifier``, a DOI), or the page at the source. A name that two of
the new or two of the vanished ones bear says nothing and is not used. Titles are never compared: two
datasets of one title are common, and a false match would put one dataset's history under another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

_SHORTEST = 6
"""Characters of a name that can tell datasets apart; ``1`` and ``csv`` cannot."""


def renamed(
    new: Mapping[str, Iterable[str]], vanished: Mapping[str, Iterable[str]]
) -> dict[str, str]:
    """New identifier -> the vanished one it was; both maps give the other names of each.

    One to one; the identifiers themselves count as names.
    """
    old = _unambiguous({one: {one, *names} for one, names in vanished.items()})
    fresh = _unambiguous({one: {one, *names} for one, names in new.items()})
    votes: dict[str, set[str]] = {}
    for key, identifier in fresh.items():
        if key in old:
            votes.setdefault(identifier, set()).add(old[key])
    agreed = {one: min(found) for one, found in votes.items() if len(found) == 1}
    taken = Counter(agreed.values())
    return {one: was for one, was in agreed.items() if taken[was] == 1}


def _unambiguous(names: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Name -> the one that bears it alone."""
    bearers: dict[str, set[str]] = {}
    for identifier, found in names.items():
        for name in found:
            if len(key := _key(name)) >= _SHORTEST:
                bearers.setdefault(key, set()).add(identifier)
    return {key: min(found) for key, found in bearers.items() if len(found) == 1}


def _key(name: str) -> str:
    """A name as it is compared: http and https, and a slash at the end, make no difference."""
    for scheme in ("https://", "http://"):
        name = name.removeprefix(scheme)
    return name.strip().rstrip("/").casefold()
