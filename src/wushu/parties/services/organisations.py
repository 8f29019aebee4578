"""Registering organisations and keeping them true."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from wushu.kernel import acts
from wushu.kernel.errors import NOT_FOUND
from wushu.parties import rules
from wushu.parties.models import Organisation
from wushu.parties.presenting import organisation_view
from wushu.parties.services.fields import (
    CONTACT_EMAIL,
    CONTACT_NAME,
    CONTACT_PHONE,
    NAME_EN,
    NAME_LIMIT,
    NAME_ZH,
    PERSON_NAME_LIMIT,
    PHONE_LIMIT,
    email_address,
    filled,
    homepage_url,
    optional,
)
from wushu.parties.types import ORGANISATION_EXISTS, Actor, OrganisationKind, OrganisationView


def organisation_register(
    *,
    actor: Actor,
    kind: OrganisationKind,
    code: str,
    name_zh: str,
    name_en: str = "",
    division: str = "",
    level: str = "",
    contact_name: str = "",
    contact_phone: str = "",
    contact_email: str = "",
    homepage: str = "",
) -> OrganisationView:
    """Register a department, an enterprise or an agency under its unified social credit code.

    For who governs its division. A department's level follows from its division. Refusals:
    ``not-governing``, ``key-cannot-manage``, ``identifier-*``, ``division-missing``,
    ``level-mismatch``, ``field-empty``, ``invalid-value``, ``organisation-exists``.
    """
    kind = OrganisationKind(kind)
    standing = rules.standing(kind, code=code, division=division, level=level)
    rules.require_governing(actor, standing.division)
    organisation = Organisation(
        kind=kind.value,
        code=standing.code,
        name_zh=filled(NAME_ZH, name_zh, NAME_LIMIT),
        name_en=optional(NAME_EN, name_en, NAME_LIMIT),
        division=standing.division,
        level=standing.level,
        contact_name=optional(CONTACT_NAME, contact_name, PERSON_NAME_LIMIT),
        contact_phone=optional(CONTACT_PHONE, contact_phone, PHONE_LIMIT),
        contact_email=email_address(CONTACT_EMAIL, contact_email),
        homepage=homepage_url(homepage),
        created_at=timezone.now(),
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                organisation.save(force_insert=True)
        except IntegrityError:
            if not Organisation.objects.filter(code=standing.code).exists():
                raise
            raise ORGANISATION_EXISTS(code=standing.code) from None
        _record("registered", actor, organisation)
    return organisation_view(organisation)


def organisation_update(
    *,
    actor: Actor,
    organisation: UUID,
    name_zh: str | None = None,
    name_en: str | None = None,
    contact_name: str | None = None,
    contact_phone: str | None = None,
    contact_email: str | None = None,
    homepage: str | None = None,
) -> OrganisationView:
    """Change names and contact; what is None stays. Code, kind and division identify it and stay.

    For who governs its division. Refusals: ``not-found``, ``not-governing``, ``field-empty``,
    ``invalid-value``.
    """
    with transaction.atomic():
        found = Organisation.objects.select_for_update().filter(pk=organisation).first()
        if found is None:
            raise NOT_FOUND(what=str(organisation))
        rules.require_governing(actor, found.division)
        if name_zh is not None:
            found.name_zh = filled(NAME_ZH, name_zh, NAME_LIMIT)
        if name_en is not None:
            found.name_en = optional(NAME_EN, name_en, NAME_LIMIT)
        if contact_name is not None:
            found.contact_name = optional(CONTACT_NAME, contact_name, PERSON_NAME_LIMIT)
        if contact_phone is not None:
            found.contact_phone = optional(CONTACT_PHONE, contact_phone, PHONE_LIMIT)
        if contact_email is not None:
            found.contact_email = email_address(CONTACT_EMAIL, contact_email)
        if homepage is not None:
            found.homepage = homepage_url(homepage)
        found.save()
        _record("updated", actor, found)
    return organisation_view(found)


def _record(verb: str, actor: Actor, organisation: Organisation) -> None:
    # The contact is a person's: it stays out of the log.
    acts.record(
        f"parties.organisation.{verb}",
        actor=actor,
        subject=f"urn:uuid:{organisation.pk}",
        data={
            "kind": organisation.kind,
            "code": organisation.code,
            "name": organisation.name_zh,
            "division": organisation.division,
        },
        rows=[organisation],
    )
