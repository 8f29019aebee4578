"""Reads of this app, each for whom it is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from wushu.kernel.errors import NOT_FOUND
from wushu.opening import labels, links, rules
from wushu.opening.addresses import channels
from wushu.opening.following import followed, search_words
from wushu.opening.models import Delivery, Favourite, Incident, Subscription
from wushu.opening.presenting import incident_view, subscription_view
from wushu.opening.refusals import CONFIRMATION_INVALID
from wushu.opening.sending import mail_trouble
from wushu.opening.types import (
    DeliveryState,
    FavouriteView,
    IncidentView,
    SubscriptionState,
    SubscriptionView,
)
from wushu.parties.types import Actor

__all__ = [
    "CHANNELS",
    "COMPONENTS",
    "PROBLEMS",
    "SEARCH_PARAMETERS",
    "STAGES",
    "SUBSCRIPTION_STATES",
    "channels",
    "favourites",
    "followed",
    "incident",
    "incidents",
    "is_favourite",
    "longest_untried",
    "mail_trouble",
    "most_wanted",
    "outbox_size",
    "require_announcer",
    "search_words",
    "subscription",
    "subscription_by_confirm_link",
    "subscription_by_end_link",
    "subscriptions",
    "suspended_count",
    "wanted_by",
]

CHANNELS = labels.CHANNELS
COMPONENTS = labels.COMPONENTS
PROBLEMS = labels.PROBLEMS
STAGES = labels.STAGES
SUBSCRIPTION_STATES = labels.SUBSCRIPTION_STATES
"""What pages call these values, translated when shown."""

require_announcer = rules.require_announcer
SEARCH_PARAMETERS = rules.SEARCH_PARAMETERS

INCIDENT_DAYS = 90
"""How far back the status page looks."""


# One's own


def favourites(*, actor: Actor) -> list[FavouriteView]:
    """What the actor marked, newest first; nobody sees another's."""
    rows = Favourite.objects.filter(account=actor.account).order_by("-since", "-id")
    return [FavouriteView(row.dataset, row.since) for row in rows if actor.account is not None]


def is_favourite(dataset: UUID, *, actor: Actor | None) -> bool:
    """Whether the actor marked it."""
    if actor is None or actor.account is None:
        return False
    return Favourite.objects.filter(account=actor.account, dataset=dataset).exists()


def subscriptions(*, actor: Actor) -> list[SubscriptionView]:
    """The actor's subscriptions, newest first; nobody sees another's.

    Refusals: ``sign-in-first``, ``key-lacks-scope``.
    """
    rules.require_follower(actor)
    sent = Count("deliveries", filter=Q(deliveries__state=DeliveryState.SENT.value,
                                        deliveries__event__isnull=False))  # fmt: skip
    rows = Subscription.objects.filter(account=actor.account).annotate(sent_count=sent)
    return [subscription_view(row, row.sent_count) for row in rows]


def subscription(key: UUID, *, actor: Actor) -> SubscriptionView:
    """One of the actor's own; ``sign-in-first``, ``key-lacks-scope``, ``not-found``."""
    rules.require_follower(actor)
    row = Subscription.objects.filter(pk=key, account=actor.account).first()
    if row is None:
        raise NOT_FOUND(what=str(key))
    return subscription_view(row)


def suspended_count(*, actor: Actor | None) -> int:
    """How many of the actor's subscriptions were given up."""
    if actor is None or actor.account is None:
        return 0
    mine = Subscription.objects.filter(account=actor.account)
    return mine.filter(state=SubscriptionState.SUSPENDED.value).count()


def subscription_by_confirm_link(token: str) -> SubscriptionView:
    """What a mail's link asks about; the link is the proof. Refusal ``confirmation-invalid``."""
    return _by_link(links.read_confirm(token))


def subscription_by_end_link(token: str) -> SubscriptionView | None:
    """What a mail's link would end; None: it has ended. Refusal ``confirmation-invalid``."""
    key = links.read_end(token)
    if key is None:
        raise CONFIRMATION_INVALID()
    row = Subscription.objects.filter(pk=key).first()
    return None if row is None else subscription_view(row)


def _by_link(key: UUID | None) -> SubscriptionView:
    row = None if key is None else Subscription.objects.filter(pk=key).first()
    if row is None:
        raise CONFIRMATION_INVALID()
    return subscription_view(row)


# Everybody's


def most_wanted(least: int, most: int = 10_000) -> dict[UUID, int]:
    """How many accounts marked or follow each dataset, where they are ``least`` or more.

    Below that a number would say something about single people; so numbers are cut to multiples of
    ``least``, and who comes or goes is not seen. The most wanted first.
    """
    step = max(least, 2)
    with connection.cursor() as cursor:
        cursor.execute(_WANTED.format(one=""), [step, step, step, most])
        return {UUID(str(dataset)): int(count) for dataset, count in cursor.fetchall()}


def wanted_by(dataset: UUID, least: int) -> int | None:
    """The same of one dataset; None where it is too few to say."""
    key = Favourite._meta.get_field("dataset").get_db_prep_value(dataset, connection)
    step = max(least, 2)
    with connection.cursor() as cursor:
        cursor.execute(_WANTED.format(one="AND dataset = %s"), [step, step, key, step, 1])
        found = cursor.fetchone()
    return None if found is None else int(found[1])


_WANTED = """
SELECT dataset, COUNT(*) / %s * %s AS people FROM (
    SELECT dataset, account_id FROM opening_favourite
    UNION
    SELECT target AS dataset, account_id FROM opening_subscription
    WHERE target_kind = 'dataset' AND confirmed_at IS NOT NULL
) AS wanted
WHERE dataset IS NOT NULL {one}
GROUP BY dataset HAVING COUNT(*) >= %s
ORDER BY people DESC, dataset LIMIT %s
"""
"""Each account counts once for a dataset, however it shows that it wants it."""


def incidents(days: int = INCIDENT_DAYS) -> list[IncidentView]:
    """What the operator announced: all that lasts, and what began or ended in the past days."""
    since = timezone.now() - timedelta(days=days)
    rows = Incident.objects.filter(
        Q(ended_at=None) | Q(ended_at__gte=since) | Q(begun_at__gte=since)
    )
    return [incident_view(row) for row in rows.prefetch_related("updates").order_by("-begun_at")]


def incident(key: UUID) -> IncidentView:
    """One announced incident; ``not-found``."""
    row = Incident.objects.filter(pk=key).first()
    if row is None:
        raise NOT_FOUND(what=str(key))
    return incident_view(row)


def longest_untried() -> float:
    """Seconds since the oldest message was made that may be sent and was not; 0: none waits."""
    now = timezone.now()
    waiting = Delivery.objects.filter(
        Q(subscription__not_before=None) | Q(subscription__not_before__lte=now),
        state=DeliveryState.WAITING.value,
    )
    oldest = waiting.order_by("id").values_list("created_at", flat=True).first()
    return 0.0 if oldest is None else (now - oldest).total_seconds()


def outbox_size() -> int:
    """Messages that wait to be delivered, for the operator's metrics."""
    return Delivery.objects.filter(state=DeliveryState.WAITING.value).count()
