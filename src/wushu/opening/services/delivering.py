"""The outbox: what waits is sent, tried again with growing pauses, and at last given up visibly.

At least once: a message is settled after it was sent, so a worker that dies in between leaves it to be
sent again, with the same id. In order: of one subscription the oldest goes first, and while one fails
nothing younger is tried. A worker takes subscriptions, not messages, so that one slow receiver never
keeps more than one of its threads.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wushu.kernel.failpoints import failpoint
from wushu.opening import addresses, links, notices, rules
from wushu.opening.models import CaseNotice, Delivery, Event, Subscription
from wushu.opening.sending import Call, Mailer, call, mailer
from wushu.opening.services.subscriptions import activate
from wushu.opening.types import Channel, DeliveryState, Problem, SubscriptionState

BATCH = 64
"""Subscriptions taken at once."""
ROUNDS = 20
"""Batches of one call; the rest waits for the next."""
THREADS = 8
"""Webhooks called at the same time."""
MAIL_EVENTS = 50
"""Events that one mail tells; more wait for the next."""
CLAIM = timedelta(minutes=15)
"""How long a worker may be at it before another takes it for dead: a whole batch that times out."""


@dataclass(slots=True)
class _Claim:
    """One subscription with the messages that are sent for it now."""

    subscription: Subscription
    deliveries: list[Delivery]
    events: list[Event] = field(default_factory=list)
    cases: list[CaseNotice] = field(default_factory=list)
    problem: Problem | None = None

    @property
    def is_question(self) -> bool:
        return not (self.events or self.cases)


def notices_send(rounds: int = ROUNDS) -> int:
    """Send what is due; how many messages arrived. Background work, bounded by ``rounds``."""
    sent = 0
    for _ in range(rounds):
        claims = _claim(timezone.now())
        if not claims:
            break
        _send(claims)
        failpoint("opening.notices.sent")
        for claim in claims:
            sent += _settle(claim, timezone.now())
    return sent


# Taking


def _claim(now: datetime) -> list[_Claim]:
    """Subscriptions with something due, each taken by nobody else until it is settled."""
    free = Q(subscription__claimed_until=None) | Q(subscription__claimed_until__lt=now)
    due = Q(subscription__not_before=None) | Q(subscription__not_before__lte=now)
    waiting = Delivery.objects.filter(free, due, state=DeliveryState.WAITING.value)
    if not waiting.exists():
        return []
    with transaction.atomic():
        rows = list(
            Subscription.objects.select_for_update(skip_locked=True).filter(
                Q(claimed_until=None) | Q(claimed_until__lt=now), pk__in=_longest_waiting(waiting)
            )
        )
        Subscription.objects.filter(pk__in=[row.pk for row in rows]).update(
            claimed_until=now + CLAIM
        )
    return [claim for row in rows if (claim := _of(row)) is not None]


def _longest_waiting(waiting: QuerySet[Delivery]) -> list[UUID]:
    """Subscriptions by their oldest message; however many one has, it takes one place."""
    found: dict[UUID, None] = {}
    keys = waiting.order_by("id").values_list("subscription_id", flat=True)
    for key in keys.iterator(chunk_size=BATCH):
        found[key] = None
        if len(found) == BATCH:
            break
    return list(found)


def _of(row: Subscription) -> _Claim | None:
    """What goes out for a subscription now: a question, one webhook, or one mail of many events."""
    most = MAIL_EVENTS if row.channel == Channel.MAIL else 1
    waiting = row.deliveries.filter(state=DeliveryState.WAITING.value).select_related(
        "event", "notice"
    )
    held = list(waiting.order_by("id")[:most])
    if not held:
        Subscription.objects.filter(pk=row.pk).update(claimed_until=None)
        return None
    if held[0].event is None and held[0].notice is None:
        return _Claim(row, held[:1])
    told = [one for one in held if one.event is not None or one.notice is not None]
    return _Claim(
        row, told, [one.event for one in told if one.event is not None],
        [one.notice for one in told if one.notice is not None],
    )  # fmt: skip


# Sending


def _send(claims: Iterable[_Claim]) -> None:
    calls: list[tuple[_Claim, Call]] = []
    with mailer() as mails:
        for claim in claims:
            address = addresses.address_of(claim.subscription)
            if address is None:
                claim.problem = Problem.KEY_LOST
            elif claim.subscription.channel == Channel.MAIL:
                claim.problem = _mailed(claim, address, mails)
            elif (prepared := _call(claim, address)) is None:
                claim.problem = Problem.KEY_LOST
            else:
                calls.append((claim, prepared))
    if not calls:
        return
    with ThreadPoolExecutor(min(THREADS, len(calls))) as threads:
        problems = threads.map(call, [prepared for _, prepared in calls])
        for (claim, _), problem in zip(calls, problems, strict=True):
            claim.problem = problem


def _mailed(claim: _Claim, address: str, mails: Mailer) -> Problem | None:
    row = claim.subscription
    if claim.is_question:
        mail = notices.confirmation_mail(row)
    elif claim.cases:
        mail = notices.cases_mail(claim.cases, row)
    else:
        mail = notices.events_mail(claim.events, row)
    identity = rules.mail_identity(one.message for one in claim.deliveries)
    return mails.send(address, mail, end=links.end_link(row.pk), identity=identity)


def _call(claim: _Claim, address: str) -> Call | None:
    row, now = claim.subscription, timezone.now()
    secret = addresses.secret_of(row)
    if secret is None:
        return None
    message = str(claim.deliveries[0].message)
    challenge = ""
    if claim.is_question:
        challenge = addresses.challenge_of(secret, message)
        body = notices.challenge_json(challenge, row, now.isoformat())
    elif claim.cases:
        body = notices.case_json(claim.cases[0], row)
    else:
        body = notices.event_json(claim.events[0], row)
    return Call(address, secret, message, int(now.timestamp()), body, challenge)


# Settling


def _settle(claim: _Claim, now: datetime) -> int:
    """Note what became of it; how many messages arrived."""
    with transaction.atomic():
        row = Subscription.objects.select_for_update().filter(pk=claim.subscription.pk).first()
        if row is None:
            return 0  # ended meanwhile
        row.claimed_until = None
        if claim.problem is not None:
            _failed(row, claim, claim.problem, now)
            return 0
        ids = [one.pk for one in claim.deliveries]
        Delivery.objects.filter(pk__in=ids).update(state=DeliveryState.SENT.value, ended_at=now)
        row.problem, row.tries, row.not_before = "", 0, None
        row.save()
        if claim.is_question and row.channel == Channel.WEBHOOK:
            activate(row, now)
    return len(ids)


def _failed(row: Subscription, claim: _Claim, problem: Problem, now: datetime) -> None:
    row.tries += 1
    row.problem = problem.value
    row.not_before = rules.next_try(row.tries, problem, now, question=claim.is_question)
    if row.not_before is None:
        # An address that never agreed stays unconfirmed; one that did is suspended, for its owner to see.
        if not claim.is_question:
            row.state = SubscriptionState.SUSPENDED.value
        row.tries = 0
        row.deliveries.filter(state=DeliveryState.WAITING.value).update(
            state=DeliveryState.DROPPED.value, ended_at=now
        )
    row.save()
