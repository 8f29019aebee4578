"""Publishing a regulation, which freezes it, and deciding where it applies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from wushu.casework import refusals as no
from wushu.casework.models import Adoption, RegulationVersion
from wushu.casework.rules import regulations as rules
from wushu.casework.selectors.regulations import adoption_view, content, published_view
from wushu.casework.types import AdoptionView, PublishedRegulation, Regulation
from wushu.evidence.services import record
from wushu.kernel.canonical import sha256_hex
from wushu.kernel.errors import NOT_FOUND, Said
from wushu.kernel.identifiers import parse_division
from wushu.parties.types import NODE, NODE_ONLY, Actor, Role

_CODE_DIGITS = 6
"""GB/T 2260 writes a province, a prefecture and a county with six digits."""


def regulation_publish(
    *, actor: Actor, document: Mapping[str, Any], file: str
) -> PublishedRegulation:
    """Freeze a regulation: its canonical JSON and hash, in the database and in the log.

    For whoever keeps the node: the files came with the program, or were laid beside it. It applies
    nowhere until a place adopts it. Refusals: ``node-only``, ``regulation-faulty``,
    ``regulation-published``.
    """
    if actor.urn != NODE.urn:
        raise NODE_ONLY()
    regulation = rules.regulation_of(document, file)
    faults = rules.faults(regulation, file)
    if faults:
        raise faults[0]
    content = rules.frozen(document)
    digest = sha256_hex(content)
    with transaction.atomic():
        earlier = RegulationVersion.objects.select_for_update().filter(key=regulation.id)
        if earlier.filter(sha256=digest).exists():
            raise no.REGULATION_PUBLISHED(key=regulation.id, sha256=digest)
        newest = earlier.aggregate(newest=Max("number"))["newest"] or 0
        row = RegulationVersion.objects.create(
            key=regulation.id, number=newest + 1, sha256=digest, document=content.decode(),
            published_at=timezone.now(), published_by=actor.urn,
        )  # fmt: skip
        record(
            "casework.regulation.published", actor=actor, subject=f"urn:uuid:{row.pk}",
            data={"key": row.key, "number": row.number, "sha256": digest}, rows=[row],
        )  # fmt: skip
    return published_view(row)


def regulation_adopt(
    *,
    actor: Actor,
    version: UUID,
    division: str,
    begins: date,
    ends: date | None,
    decision: str,
    beyond: str = "",
) -> AdoptionView:
    """Let a place apply a published version from a day to a day (the last one).

    For the authority of that place; a regulation's cases begin only within an adoption. Two
    adoptions of a place that offer the same procedure never overlap. ``beyond``: why it applies on
    days that the regulation does not give itself, kept with the decision. Refusals: ``not-found``,
    ``adoption-not-yours``, ``adoption-period``, ``adoption-beyond``, ``adoption-overlaps``.
    """
    _require_deciding(actor, division)
    if ends is not None and ends < begins:
        raise _period(begins, ends, Said("先后颠倒", "it ends before it begins"))
    if not decision.strip():
        raise _period(begins, ends, Said("没有写依据哪个决定", "it does not say by what decision"))
    with transaction.atomic():
        row = RegulationVersion.objects.select_for_update().filter(pk=version).first()
        if row is None:
            raise NOT_FOUND(what=str(version))
        reason = _reason_beyond(content(row.sha256), begins, ends, beyond.strip())
        _require_alone(row, division, begins, ends)
        made = Adoption.objects.create(
            version=row, division=_place(division), begins=begins, ends=ends,
            decision=decision.strip() + reason, decided_by=actor.urn, decided_at=timezone.now(),
        )  # fmt: skip
        _record(actor, made, "adopted")
    return adoption_view(made)


def adoption_end(*, actor: Actor, adoption: UUID, ends: date) -> AdoptionView:
    """Say on which day, the last one, a place applies a version; running cases finish under it.

    Refusals: ``not-found``, ``adoption-not-yours``, ``adoption-period``.
    """
    with transaction.atomic():
        row = (
            Adoption.objects.select_for_update()
            .select_related("version")
            .filter(pk=adoption)
            .first()
        )
        if row is None:
            raise NOT_FOUND(what=str(adoption))
        _require_deciding(actor, row.division)
        if ends < row.begins or (row.ends is not None and ends > row.ends):
            raise _period(row.begins, ends, Said("只能提前结束", "it can only end earlier"))
        row.ends = ends
        row.save(update_fields=["ends"])
        _record(actor, row, "ended")
    return adoption_view(row)


def _require_deciding(actor: Actor, division: str) -> None:
    if actor.person is None or not actor.holds_over(Role.DATA_AUTHORITY, division):
        raise no.ADOPTION_NOT_YOURS(who=actor.name, division=division)


def _place(division: str) -> str:
    """A division's code in the one form that is stored: at least six digits."""
    found = parse_division(division)
    return found.padded(max(_CODE_DIGITS, len(found.short)))


def _period(begins: date, ends: date | None, reason: Said) -> Exception:
    return no.ADOPTION_PERIOD(begins=begins, ends=ends or "…", reason=reason)


def _reason_beyond(rule: Regulation, begins: date, ends: date | None, beyond: str) -> str:
    """What stands behind the decision where it goes beyond the regulation's own days; empty where not."""
    if rule.covers(begins, ends):
        if beyond:
            reason = Said(
                "没有超出条文自定的期间", "it goes beyond nothing that the regulation says"
            )
            raise _period(begins, ends, reason)
        return ""
    if not beyond:
        raise no.ADOPTION_BEYOND(
            title=rule.title, first=rule.valid_from, last=rule.valid_until or "…", begins=begins,
            ends=ends or "…",
        )  # fmt: skip
    return f"（适用超出条文自定期间：{beyond}）"


def _require_alone(row: RegulationVersion, division: str, begins: date, ends: date | None) -> None:
    mine = {one.id for one in content(row.sha256).procedures}
    others = Adoption.objects.select_related("version").filter(
        Q(ends__isnull=True) | Q(ends__gte=begins), division=_place(division)
    )
    for one in others if ends is None else others.filter(begins__lte=ends):
        if mine & {found.id for found in content(one.version.sha256).procedures}:
            raise no.ADOPTION_OVERLAPS(division=division, key=one.version.key, begins=one.begins)


def _record(actor: Actor, row: Adoption, verb: str) -> None:
    record(
        f"casework.regulation.{verb}", actor=actor, subject=f"urn:uuid:{row.version_id}",
        data={
            "division": row.division, "begins": row.begins.isoformat(),
            "ends": row.ends.isoformat() if row.ends else None,
        },
        rows=[row],
    )  # fmt: skip
