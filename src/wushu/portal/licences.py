"""A licence in plain words, by what its type allows. The licence's own text decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wushu.catalog import selectors as catalog
from wushu.portal.requests import language

_FREE = _("You may use, share and change the data, also for profit.")
_NAME = _("Name the source, and say what you changed.")
_SHARE_ALIKE = _("Pass on what you make of it under the same licence.")
_NOT_FOR_PROFIT = _("You may use and share the data, but not for profit.")
_UNCHANGED = _("You may share the data only as they are, unchanged.")

_BY_TYPE: Mapping[str, tuple[Promise, ...]] = MappingProxyType(
    {
        "PublicDomain": (_FREE, _("Nothing is asked of you.")),
        "Attribution": (_FREE, _NAME),
        "ViralEffect-ShareAlike": (_FREE, _NAME, _SHARE_ALIKE),
        "NonCommercialUseOnly": (_NOT_FOR_PROFIT, _NAME),
        "NoDerivativeWork": (_UNCHANGED, _NAME),
    }
)
_MORE: Mapping[str, tuple[Promise, ...]] = MappingProxyType(
    {"CC_BYNCSA_4_0": (_SHARE_ALIKE,), "CC_BYNCND_4_0": (_UNCHANGED,)}
)


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence of the vocabulary as a page shows it."""

    name: str
    words: tuple[str, ...]
    address: str


def licence(uri: str) -> Licence | None:
    """The licence a URI stands for; None when it is not in the vocabulary or not given."""
    concept = catalog.licence_of(uri) if uri else None
    if concept is None:
        return None
    said = (*_BY_TYPE.get(concept.more["type"], ()), *_MORE.get(concept.code, ()))
    return Licence(
        name=concept.label(language()),
        words=tuple(str(sentence) for sentence in said),
        address=concept.more["document"],
    )
