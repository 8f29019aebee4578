"""Organisations: public, as the catalogue names them with their contact; and which is under which."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wushu.kernel.errors import NOT_FOUND
from wushu.parties.models import Organisation, Subordination
from wushu.parties.presenting import organisation_view
from wushu.parties.types import OrganisationKind, OrganisationView


def organisation(organisation_id: UUID) -> OrganisationView:
    """An organisation; ``not-found``."""
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None:
        raise NOT_FOUND(what=str(organisation_id))
    return organisation_view(found)


def organisation_by_code(code: str) -> OrganisationView:
    """An organisation by its unified social credit code; ``not-found``."""
    found = Organisation.objects.filter(code=code.strip().upper()).first()
    if found is None:
        raise NOT_FOUND(what=code)
    return organisation_view(found)


def organisations(kind: OrganisationKind | None = None) -> list[OrganisationView]:
    """All organisations, ordered by credit code."""
    found = Organisation.objects.all() if kind is None else Organisation.objects.filter(kind=kind)
    return [organisation_view(one) for one in found]


def organisations_by_id(ids: Iterable[UUID]) -> dict[UUID, OrganisationView]:
    """Several organisations in one query; unknown ids are left out."""
    found = Organisation.objects.filter(pk__in=set(ids))
    return {one.pk: organisation_view(one) for one in found}


def above(organisation_id: UUID) -> OrganisationView | None:
    """The organisation that this one is under, or None."""
    found = (
        Subordination.objects.select_related("above").filter(organisation=organisation_id).first()
    )
    return None if found is None else organisation_view(found.above)


def is_under(organisation_id: UUID, other: UUID) -> bool:
    """Whether an organisation is the other one, or under it at any depth."""
    seen: set[UUID] = set()
    here: UUID | None = organisation_id
    while here is not None and here != other and here not in seen:
        seen.add(here)
        here = (
            Subordination.objects.filter(organisation=here)
            .values_list("above_id", flat=True)
            .first()
        )
    return here == other


def under(organisation_id: UUID) -> list[OrganisationView]:
    """The organisations that are directly under this one, ordered by credit code."""
    found = Organisation.objects.filter(subordination__above=organisation_id)
    return [organisation_view(one) for one in found]
