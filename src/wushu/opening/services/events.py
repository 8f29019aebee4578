"""What happened, read from the log in its order, and handed to every subscription it concerns.

The log is followed and not the catalogue, so that an act is never missed and never told twice: its
place in the tree is the event's key. Handing out goes in batches with a mark of how far it came, so
that 100,000 subscribers neither fill the memory nor keep other work waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.evidence import selectors as evidence
from wushu.evidence.types import PublishedAct
from wushu.kernel.errors import Refusal
from wushu.opening import rules
from wushu.opening.models import Delivery, Event, Reached, Subscription
from wushu.opening.types import EventKind, SubscriptionState, TargetKind

TAKE = 100
"""Acts read in one transaction."""
_SUBSCRIBED = 1
"""The reader for subscriptions, among those that note how far they came."""
BATCH = 500
"""Subscriptions looked at in one transaction."""
BATCHES = 20
"""Of them in one call: the rest waits for the next, behind what else the worker has to do."""
_ARGUMENTS = {"q": "query"}
"""Parameters of ``/datasets`` that the catalogue's own functions call otherwise."""


def begin_following() -> None:
    """Note where the log ends today: what happened before the first subscription is told nobody."""
    if not Reached.objects.filter(pk=_SUBSCRIBED).exists():
        _, end = evidence.acts_following(0, acts=(), limit=1)
        Reached.objects.get_or_create(pk=_SUBSCRIBED, defaults={"log_index": end})


def events_take() -> int:
    """Make events of the next acts of the log; how many acts were looked at.

    Background work. Nothing is taken before somebody has subscribed.
    """
    return read_on(_SUBSCRIBED, rules.ACTS, _take)


def _take(acts: Sequence[PublishedAct]) -> None:
    events = [event for act in acts if (event := _event(act)) is not None]
    Event.objects.bulk_create(events, ignore_conflicts=True)


def read_on(
    reader: int, names: Sequence[str], take: Callable[[Sequence[PublishedAct]], None]
) -> int:
    """Hand a reader of the log the next acts of these names, each once; how many they were.

    How far it came is noted in the same transaction as what it made of them.
    """
    seen = Reached.objects.filter(pk=reader).first()
    if seen is None or not _has_grown(seen.log_index):
        return 0  # without a transaction: on SQLite each takes the one writer's turn
    with transaction.atomic():
        reached = Reached.objects.select_for_update().get(pk=reader)
        acts, following = evidence.acts_following(reached.log_index, acts=names, limit=TAKE)
        take(acts)
        if following != reached.log_index:
            reached.log_index = following
            reached.save(update_fields=["log_index"])
    return len(acts)


def _has_grown(log_index: int) -> bool:
    _, end = evidence.acts_following(log_index, acts=(), limit=1)
    return end > log_index


def _event(act: PublishedAct) -> Event | None:
    dataset = UUID(act.subject.removeprefix("urn:uuid:"))
    try:
        entry = catalog.entry_by_id(dataset)
    except Refusal:
        return None  # a draft that was given up: the public has never known of it
    before = _listed_before(act) if act.act == rules.LISTED else None
    kind = rules.event_kind(act.act, act.data, before)
    if kind is None:
        return None
    version = act.data.get("version_number") if act.act == rules.LISTED else None
    return Event(
        log_index=act.index, kind=kind.value, dataset=dataset, body=entry.body, version=version,
        at=act.at,
    )  # fmt: skip


def _listed_before(act: PublishedAct) -> Any:
    """What the listing before this one said; None for the first."""
    for said in evidence.acts_said(act.subject, rules.LISTED):
        if said.index is not None and said.index < act.index:
            return said.data
    return None


def events_fan_out(batches: int = BATCHES) -> int:
    """Hand events to the subscriptions they concern; how many messages now wait.

    Background work, bounded: ``batches`` of ``BATCH`` subscriptions, the rest at the next call.
    """
    made = 0
    for _ in range(batches):
        step = _fan_out()
        if step is None:
            break
        made += step
    return made


def _fan_out() -> int | None:
    """One batch of the oldest event; None when no event waits."""
    if not Event.objects.filter(fanned_at=None).exists():
        return None
    with transaction.atomic():
        waiting = Event.objects.filter(fanned_at=None).order_by("log_index")
        event = waiting.select_for_update(skip_locked=True).first()
        if event is None:
            return None
        batch = _next_subscribers(event)
        told = _concerned(event, batch)
        now = timezone.now()
        Delivery.objects.bulk_create(
            [Delivery(subscription=one, event=event, created_at=now) for one in told],
            ignore_conflicts=True,
        )
        if batch:
            event.fanned_to = batch[-1].pk
        if len(batch) < BATCH:
            event.fanned_at = now
        event.save(update_fields=["fanned_to", "fanned_at"])
    return len(told)


def _next_subscribers(event: Event) -> list[Subscription]:
    if event.kind == EventKind.LISTED:
        followed = Q(target_kind=TargetKind.BODY.value, target=event.body) | Q(
            target_kind=TargetKind.SEARCH.value
        )
    else:
        followed = Q(target_kind=TargetKind.DATASET.value, target=event.dataset)
    rows = Subscription.objects.filter(
        followed, state=SubscriptionState.ACTIVE.value, confirmed_at__lte=event.at
    )
    if event.fanned_to is not None:
        rows = rows.filter(pk__gt=event.fanned_to)
    return list(rows.order_by("pk")[:BATCH])


def _concerned(event: Event, batch: list[Subscription]) -> list[Subscription]:
    """Those whose search finds the dataset; each different search is asked once."""
    fits: dict[str, bool] = {}
    for one in batch:
        if one.target_kind != TargetKind.SEARCH.value:
            fits[one.target_key] = True
        elif one.target_key not in fits:
            fits[one.target_key] = _fits(event.dataset, one.search)
    return [one for one in batch if fits[one.target_key]]


def _fits(dataset: UUID, search: dict[str, str]) -> bool:
    choice: dict[str, Any] = {_ARGUMENTS.get(name, name): value for name, value in search.items()}
    if "body" in choice:
        choice["body"] = UUID(choice["body"])
    return catalog.fits(dataset, **choice)
