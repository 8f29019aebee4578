"""Which organisation is under which."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wushu.kernel import acts
from wushu.kernel.errors import NOT_FOUND
from wushu.parties import rules
from wushu.parties.models import Organisation, Subordination
from wushu.parties.selectors import is_under
from wushu.parties.types import ORGANISATION_UNDER_ITSELF, Actor


def organisation_place(*, actor: Actor, organisation: UUID, above: UUID) -> None:
    """Say under which other one an organisation is; what was said before is replaced.

    For who governs its division. Refusals: ``not-found``, ``not-governing``,
    ``organisation-under-itself``.
    """
    with transaction.atomic():
        found = _locked(organisation)
        rules.require_governing(actor, found.division)
        _locked(above)
        if is_under(above, organisation):
            raise ORGANISATION_UNDER_ITSELF(code=found.code)
        row, _made = Subordination.objects.update_or_create(
            organisation=found, defaults={"above_id": above, "since": timezone.now()}
        )
        acts.record(
            "parties.organisation.placed",
            actor=actor,
            subject=f"urn:uuid:{found.pk}",
            data={"above": f"urn:uuid:{above}"},
            rows=[row],
        )


def _locked(organisation: UUID) -> Organisation:
    found = Organisation.objects.select_for_update().filter(pk=organisation).first()
    if found is None:
        raise NOT_FOUND(what=str(organisation))
    return found
