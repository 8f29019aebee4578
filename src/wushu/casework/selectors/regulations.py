"""Which regulations are published, and which applies where on a day."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import Q

from wushu.casework.models import Adoption, RegulationVersion
from wushu.casework.refusals import REGULATION_NOT_ADOPTED
from wushu.casework.rules.regulations import regulation_of
from wushu.casework.types import AdoptionView, PriorityDomain, PublishedRegulation, Regulation
from wushu.kernel.errors import NOT_FOUND, Said
from wushu.kernel.identifiers import parse_division


def published(key: str = "") -> list[PublishedRegulation]:
    """Published versions (of one regulation), the newest last."""
    rows = RegulationVersion.objects.filter(key=key) if key else RegulationVersion.objects.all()
    return [published_view(one) for one in rows]


def published_view(row: RegulationVersion) -> PublishedRegulation:
    """A version without its content."""
    return PublishedRegulation(row.pk, row.key, row.number, row.sha256, row.published_at)


def regulation(version: UUID) -> Regulation:
    """The content of a published version; ``not-found``."""
    found = RegulationVersion.objects.filter(pk=version).only("sha256", "key").first()
    if found is None:
        raise NOT_FOUND(what=str(version))
    return content(found.sha256)


@lru_cache(maxsize=64)
def content(sha256: str) -> Regulation:
    """The content that a hash names: what is published never changes, so that it is read once."""
    row = RegulationVersion.objects.get(sha256=sha256)
    return regulation_of(json.loads(row.document), row.key)


def document(version: UUID) -> str:
    """The canonical JSON of a version, as it was hashed; ``not-found``."""
    found = RegulationVersion.objects.filter(pk=version).values_list("document", flat=True).first()
    if found is None:
        raise NOT_FOUND(what=str(version))
    return found


def adoptions(division: str = "") -> list[AdoptionView]:
    """Who applies what, from when to when; of one division, or of all."""
    rows = Adoption.objects.select_related("version")
    return [adoption_view(one) for one in (rows.filter(division=division) if division else rows)]


def adoption_view(row: Adoption) -> AdoptionView:
    """An adoption as others see it."""
    return AdoptionView(
        id=row.pk,
        version=published_view(row.version),
        division=row.division,
        begins=row.begins,
        ends=row.ends,
        decision=row.decision,
    )


def applying(division: str, procedure: str, day: date) -> AdoptionView:
    """What a place applies to a procedure on a day: its own rules before those of the places above it.

    Refusal ``regulation-not-adopted``.
    """
    found = all_applying(division, day).get(procedure)
    if found is None:
        raise REGULATION_NOT_ADOPTED(division=division, procedure=procedure, day=day.isoformat())
    return found


def all_applying(division: str, day: date) -> dict[str, AdoptionView]:
    """The same for every procedure that has rules there, by its id."""
    place = parse_division(division)
    rows = Adoption.objects.select_related("version").filter(
        Q(ends__isnull=True) | Q(ends__gte=day), begins__lte=day
    )
    near_last = sorted(
        (one for one in rows if place.within(parse_division(one.division))),
        key=lambda one: len(parse_division(one.division).short),
    )
    return {
        procedure.id: adoption_view(one)
        for one in near_last
        for procedure in content(one.version.sha256).procedures
    }


def priorities(division: str, day: date) -> tuple[PriorityDomain, ...]:
    """Domains whose data are opened first in a place, by the rules that it applies on a day."""
    versions = {one.version.sha256 for one in all_applying(division, day).values()}
    found = {one.id: one for sha256 in sorted(versions) for one in content(sha256).priorities}
    return tuple(found.values())


def procedures_known(*, hidden: bool = False) -> list[tuple[str, Said]]:
    """Every procedure of a published regulation whose cases stand in the public ledger, each once.

    ``hidden``: those whose cases stand in no ledger too, for who works on them.
    """
    found: dict[str, Said] = {}
    for row in RegulationVersion.objects.only("sha256").order_by("key", "-number"):
        for one in content(row.sha256).procedures:
            if one.public or hidden:
                found.setdefault(one.id, one.title)
    return sorted(found.items())
