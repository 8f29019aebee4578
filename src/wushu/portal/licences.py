"""A licence in plain words: what one may do, must do and may not do. The licence's own text decides.

Each licence of the vocabulary has its own row, after its legal code or its makers' summary of it; what
two licences of a kind ask differs (MIT wants its notice kept, CC BY a name and a word on changes).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute
from wushu.portal.requests import language

Sentences = tuple[Promise, ...]

_USE = _("Use, copy and pass on the data, also for profit.")
_CHANGE = _("Change them, and combine them with others.")
_USE_UNPAID = _("Use, copy and pass on the data, but not for profit.")
_CHANGE_UNPAID = _("Change them, and combine them with others, but not for profit.")
_CHANGE_AT_HOME = _("Change them for yourself.")

_NOTHING = _("Nothing is asked of you. To name the source is good custom.")
_NAME = _("Name the source, give the address of the licence, and say what you changed.")
_NAME_OGL = _("Name the source in the words it gives, with the address of the licence.")
_NOTICE = _("Keep the copyright notice and the text of the licence with every copy.")
_APACHE = _("Pass on the text of the licence and all notices, and mark the files you changed.")
_DATABASE = _("Keep the notices, and say where the data come from in what you make of them.")
_SHARE_ALIKE = _("Pass on what you make of them under the same licence.")
_UNLOCKED = _("Where you lock your version technically, give an open copy beside it.")

_NO_SUPPORT = _("Suggest that the source supports you or what you made.")
_NO_LOCKS = _("Add terms or technical locks that keep others from what the licence allows.")
_NO_PROFIT = _("Use them mainly for profit.")
_NO_CHANGED = _("Pass on a changed version.")
_NO_MARKS = _("Use the makers' names and trademarks as if they were yours.")
_NO_PROMOTION = _("Promote what you made with the makers' names, unless they agreed.")

_CC = (_NO_SUPPORT, _NO_LOCKS)

# Code of the EU licence table: may, must, may not.
_WORDS: Mapping[str, tuple[Sentences, Sentences, Sentences]] = MappingProxyType(
    {
        "CC0": ((_USE, _CHANGE), (_NOTHING,), (_NO_SUPPORT,)),
        "CC_PDM_1_0": ((_USE, _CHANGE), (_NOTHING,), (_NO_SUPPORT,)),
        "CC_BY_4_0": ((_USE, _CHANGE), (_NAME,), _CC),
        "CC_BY_3_0": ((_USE, _CHANGE), (_NAME,), _CC),
        "CC_BYSA_4_0": ((_USE, _CHANGE), (_NAME, _SHARE_ALIKE), _CC),
        "CC_BYSA_3_0": ((_USE, _CHANGE), (_NAME, _SHARE_ALIKE), _CC),
        "CC_BYNC_4_0": ((_USE_UNPAID, _CHANGE_UNPAID), (_NAME,), (_NO_PROFIT, *_CC)),
        "CC_BYND_4_0": ((_USE, _CHANGE_AT_HOME), (_NAME,), (_NO_CHANGED, *_CC)),
        "CC_BYNCSA_4_0": (
            (_USE_UNPAID, _CHANGE_UNPAID), (_NAME, _SHARE_ALIKE), (_NO_PROFIT, *_CC),
        ),
        "CC_BYNCND_4_0": (
            (_USE_UNPAID, _CHANGE_AT_HOME), (_NAME,), (_NO_PROFIT, _NO_CHANGED, *_CC),
        ),
        "ODC_BY": ((_USE, _CHANGE), (_DATABASE,), ()),
        "ODC_PDDL": ((_USE, _CHANGE), (_NOTHING,), ()),
        "ODC_BL": ((_USE, _CHANGE), (_DATABASE, _SHARE_ALIKE, _UNLOCKED), ()),
        "OGL_3_0": ((_USE, _CHANGE), (_NAME_OGL,), (_NO_SUPPORT,)),
        "MIT": ((_USE, _CHANGE), (_NOTICE,), ()),
        "APACHE_2_0": ((_USE, _CHANGE), (_APACHE,), (_NO_MARKS,)),
        "BSD_2_CLAUSE": ((_USE, _CHANGE), (_NOTICE,), ()),
        "BSD_3_CLAUSE": ((_USE, _CHANGE), (_NOTICE,), (_NO_PROMOTION,)),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence of the vocabulary as a page shows it."""

    name: str
    may: tuple[str, ...]
    must: tuple[str, ...]
    may_not: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """What goes before every licence where data are opened under conditions (art. 21–24)."""

    may: tuple[str, ...]
    must: tuple[str, ...]
    may_not: tuple[str, ...]


def licence(uri: str) -> Licence | None:
    """The licence a URI stands for; None when it is not in the vocabulary or not given."""
    concept = catalog.licence_of(uri) if uri else None
    if concept is None:
        return None
    may, must, may_not = _WORDS[concept.code]
    return Licence(
        name=concept.label(language()),
        may=_said(may),
        must=_said(must),
        may_not=_said(may_not),
        address=concept.more["document"],
    )


def conditions(attribute: Attribute) -> Conditions | None:
    """In plain words what holds for conditional data, whatever the licence; None for others."""
    if attribute is not Attribute.CONDITIONAL:
        return None
    return Conditions(
        may=_said(
            (_("Read them once the body has granted it, for the purpose and time it names."),)
        ),
        must=_said((_("Cite the source, report on the use and the results (article 23)."),)),
        may_not=_said(
            (_("Give them to anybody in any form, or use them for anything else (article 21)."),)
        ),
    )


def _said(sentences: Sequence[Promise]) -> tuple[str, ...]:
    return tuple(str(one) for one in sentences)
