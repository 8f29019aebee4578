"""Rows as others see them."""

from __future__ import annotations

from wushu.opening import addresses
from wushu.opening.models import Incident, Subscription
from wushu.opening.types import (
    Channel,
    Component,
    IncidentNote,
    IncidentStage,
    IncidentView,
    Problem,
    SubscriptionState,
    SubscriptionView,
    Target,
    TargetKind,
)


def subscription_view(row: Subscription, sent: int = 0) -> SubscriptionView:
    """A subscription for its owner."""
    return SubscriptionView(
        id=row.pk,
        channel=Channel(row.channel),
        target=target_of(row),
        state=SubscriptionState(row.state),
        address=addresses.address_of(row) or "",
        created_at=row.created_at,
        problem=Problem(row.problem) if row.problem else None,
        next_try=row.not_before,
        sent=sent,
    )


def target_of(row: Subscription) -> Target:
    """What it follows."""
    return Target(TargetKind(row.target_kind), row.target, row.search or None)


def incident_view(row: Incident) -> IncidentView:
    """An incident with its updates, newest first; they are prefetched where there are many."""
    notes = sorted(row.updates.all(), key=lambda one: one.at, reverse=True)
    return IncidentView(
        id=row.pk,
        title_zh=row.title_zh,
        title_en=row.title_en,
        components=tuple(Component(one) for one in row.components),
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        notes=tuple(
            IncidentNote(one.at, IncidentStage(one.stage), one.text_zh, one.text_en)
            for one in notes
        ),
    )
