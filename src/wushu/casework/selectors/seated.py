"""In which cases an actor has a seat, as conditions on lists; ``rules.seats_of`` says it of one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from wushu.casework.models import RegulationVersion
from wushu.casework.rules import cases as rules
from wushu.casework.selectors.regulations import content
from wushu.casework.types import Regulation, Seat, SeatOf
from wushu.kernel.identifiers import parse_division
from wushu.parties.types import PERSONAL_ROLES, Actor, Role

_Meaning = tuple[SeatOf, Role]
"""What a seat is held over, and by which role."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a table says what a seat is asked about."""

    case: str
    """What stands before the case's own columns."""
    division: str


_TURNS = _Columns(case="case__", division="division")
_CASES = _Columns(case="", division="body__division")


def versions() -> list[tuple[UUID, Regulation]]:
    """Every published version: those that cases run on are among them, and there are few."""
    known = RegulationVersion.objects.order_by().values_list("pk", "sha256")
    return [(version, content(sha256)) for version, sha256 in known]


def where_it_is_their_turn(actor: Actor) -> Q | None:
    """Turns of seats in which the actor sits for an office or is asked as an expert; None: nowhere."""
    meanings: dict[str, dict[_Meaning, set[UUID]]] = {}
    for version, regulation in versions():
        for seat in regulation.seats:
            of_this_name = meanings.setdefault(seat.id, {})
            of_this_name.setdefault((seat.of, seat.role), set()).add(version)
    found = Q()
    for name, several in meanings.items():
        for (of, role), those in several.items():
            reach = _reach(actor, of, role, _TURNS)
            if reach is not None:
                # Only where a seat's name means two things does the version tell them apart.
                of_these = Q(case__version__in=those) if len(several) > 1 else Q()
                found |= Q(seat=name) & of_these & reach
    return found or None


def where_their_office_sits(actor: Actor) -> Q | None:
    """Cases in which the actor sits for an office, whoever's turn it is; None: nowhere."""
    meanings: dict[_Meaning, set[UUID]] = {}
    known = versions()
    for version, regulation in known:
        for seat in filter(_is_of_office, regulation.seats):
            meanings.setdefault((seat.of, seat.role), set()).add(version)
    return _of_versions(actor, meanings, {version for version, _ in known})


def _of_versions(
    actor: Actor, meanings: Mapping[_Meaning, set[UUID]], every: set[UUID]
) -> Q | None:
    found = Q()
    for (of, role), those in meanings.items():
        reach = _reach(actor, of, role, _CASES)
        if reach is not None:
            # By what it is not: no index of the few versions is taken before that of the office.
            found |= reach & ~Q(version__in=every - those) if every - those else reach
    return found or None


def governed(actor: Actor, *roles: Role, column: str) -> Q:
    """Within the divisions for which the actor holds one of the roles; an empty condition: nowhere."""
    found = Q()
    for role in roles:
        for one in actor.divisions(role):
            found |= Q(**{f"{column}__startswith": parse_division(one).short})
    return found


def _is_of_office(seat: Seat) -> bool:
    if seat.of is SeatOf.FILER:
        return rules.is_filing_office(seat)
    return not rules.is_expert(seat)


def _reach(actor: Actor, of: SeatOf, role: Role, at: _Columns) -> Q | None:
    """Where the actor sits by a role; nobody decides on what they filed, for whomever."""
    if actor.person is None or not actor.allows(rules.scope_of(own=of is SeatOf.FILER)):
        return None
    bodies = actor.organisations_as(role)
    if of is SeatOf.FILER:
        office = bool(bodies) and role not in PERSONAL_ROLES
        return Q(filer_organisation__in=bodies) if office else None
    if of is SeatOf.BODY:
        found = Q(body__in=bodies) if bodies else Q()
    else:
        found = governed(actor, role, column=at.division)
        found = found and found & ~Q(body__in=actor.organisations)
    own = Q(filer_organisation__in=actor.organisations)
    for side in ("filer", "counter"):
        own |= Q(**{f"{at.case}{side}": actor.person})
    return found & ~own if found else None
