"""What a moderator of results and comments may decide on."""

from __future__ import annotations

from django.db.models import Q

from wushu.opening.rules import showing as rules
from wushu.parties.types import Actor


def moderated(actor: Actor) -> Q:
    """What a moderator may decide on, as a condition on the column ``division``."""
    if rules.is_operator(actor):
        return Q()
    within = Q(pk__in=())
    for beginning in rules.divisions_moderated(actor):
        within |= Q(division__startswith=beginning)
    return within
