"""Subscriptions: opened by an account, active only once the address has agreed."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute
from wushu.kernel.errors import NOT_FOUND
from wushu.opening import addresses, links, rules
from wushu.opening.models import Delivery, Question, Subscription
from wushu.opening.presenting import subscription_view
from wushu.opening.refusals import (
    ASKED_TOO_OFTEN,
    CONFIRMATION_INVALID,
    SUBSCRIBED_ALREADY,
    SUBSCRIPTION_WORKS,
    SUBSCRIPTIONS_FULL,
)
from wushu.opening.services.events import begin_following
from wushu.opening.types import (
    Channel,
    DeliveryState,
    SubscriptionState,
    SubscriptionView,
    Target,
    TargetKind,
)
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

_SECRET_BYTES = 32
_CODES = {"theme": "data-theme", "format": "file-type", "frequency": "frequency"}
"""Parameters of a search whose values are codes, and of which vocabulary."""


def subscription_open(
    *, actor: Actor, channel: Channel, target: Target, address: str
) -> tuple[SubscriptionView, str]:
    """Follow something; the second value is the secret of a webhook's signatures, shown once.

    Nothing is told before the address has agreed: a mailbox by the link it is sent (once: it is not
    asked again for what the same account follows next), a webhook by giving back a challenge.
    Refusals: ``sign-in-first``, ``key-lacks-scope``, ``nothing-to-follow``, ``invalid-value``,
    ``not-found``, ``channel-off``, ``address-wrong``, ``subscribed-already``,
    ``subscriptions-full``, ``asked-too-often``.
    """
    rules.require_follower(actor)
    assert actor.account is not None
    _require_known(target)
    address = addresses.require_usable(channel, address)
    key, secret = uuid4(), _new_secret() if channel is Channel.WEBHOOK else ""
    row = Subscription(
        id=key, account_id=actor.account, channel=channel.value, target_kind=target.kind.value,
        target=target.id, search=dict(target.search or {}), target_key=rules.target_key(target),
        address=addresses.seal_address(key, address), address_digest=addresses.digest(channel, address),
        secret=addresses.seal_secret(key, secret) if secret else "",
        state=SubscriptionState.UNCONFIRMED.value, created_at=timezone.now(),
    )  # fmt: skip
    with transaction.atomic():
        _require_room(row)
        begin_following()
        _keep(row)
        if _agreed_before(row):
            activate(row, row.created_at)
        else:
            _ask(row)
    return subscription_view(row), secret


def subscription_ask_again(*, actor: Actor, subscription: UUID) -> None:
    """Ask the address once more whether it agrees: not confirmed yet, or suspended.

    Refusals: ``sign-in-first``, ``key-lacks-scope``, ``not-found``, ``subscription-works``,
    ``asked-too-often``.
    """
    rules.require_follower(actor)
    with transaction.atomic():
        row = _locked(actor, subscription)
        if row.state == SubscriptionState.ACTIVE.value:
            raise SUBSCRIPTION_WORKS()
        row.state = SubscriptionState.UNCONFIRMED.value
        row.problem, row.tries, row.not_before = "", 0, None
        row.save()
        _ask(row)


def subscription_end(*, actor: Actor, subscription: UUID) -> None:
    """End it and forget its address.

    Refusals: ``sign-in-first``, ``key-lacks-scope``, ``not-found``.
    """
    rules.require_follower(actor)
    with transaction.atomic():
        _locked(actor, subscription).delete()


def subscription_confirm(token: str) -> SubscriptionView:
    """A mailbox agrees; agreeing twice changes nothing. Refusal ``confirmation-invalid``.

    Who holds the link reads the mailbox: that is the proof, whoever is signed in.
    """
    key = links.read_confirm(token)
    with transaction.atomic():
        row = (
            None if key is None else Subscription.objects.select_for_update().filter(pk=key).first()
        )
        if row is None or row.state == SubscriptionState.SUSPENDED.value:
            raise CONFIRMATION_INVALID()
        if row.state == SubscriptionState.UNCONFIRMED.value:
            activate(row, timezone.now())
    return subscription_view(row)


def subscription_end_by_link(token: str) -> None:
    """End what a mail's own link names; ending twice changes nothing (RFC 8058, one click).

    Refusal ``confirmation-invalid`` for a link that was never made here.
    """
    key = links.read_end(token)
    if key is None:
        raise CONFIRMATION_INVALID()
    Subscription.objects.filter(pk=key).delete()


def activate(row: Subscription, now: datetime) -> None:
    """From now on it is told what happens."""
    row.state = SubscriptionState.ACTIVE.value
    row.confirmed_at, row.problem, row.tries, row.not_before = now, "", 0, None
    row.save()


def _require_known(target: Target) -> None:
    rules.require_target(target)
    if target.kind is TargetKind.DATASET and target.id is not None:
        catalog.entry_by_id(target.id)
    if target.kind is TargetKind.BODY and target.id is not None:
        parties.organisation(target.id)
    _require_codes(target.search or {})


def _require_codes(search: Mapping[str, str]) -> None:
    """A search for what no dataset can be is refused, not followed for ever in vain."""
    for name, vocabulary in _CODES.items():
        if name in search and search[name] not in catalog.vocabulary(vocabulary):
            raise rules.wrong_search(search[name], "没有这个代码", "there is no such code")
    if search.get("attribute", Attribute.NONE) not in set(Attribute):
        raise rules.wrong_search(search["attribute"], "没有这个代码", "there is no such code")
    if "grouping" in search:
        catalog.grouping_by_slug(search["grouping"])
    if "body" in search:
        parties.organisation(_uuid(search["body"]))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NOT_FOUND(what=rules.one_line(text, 80)) from None


def _require_room(row: Subscription) -> None:
    if _is_open(row):
        raise SUBSCRIBED_ALREADY()
    if Subscription.objects.filter(account=row.account_id).count() >= rules.SUBSCRIPTIONS_MOST:
        raise SUBSCRIPTIONS_FULL(limit=rules.SUBSCRIPTIONS_MOST)


def _keep(row: Subscription) -> None:
    """Save it; of two requests that open the same at once, the second finds it there."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if not _is_open(row):
            raise
        raise SUBSCRIBED_ALREADY() from None


def _is_open(row: Subscription) -> bool:
    """Whether the account follows the same already, by the same way at the same address."""
    return Subscription.objects.filter(
        account=row.account_id, channel=row.channel, target_key=row.target_key,
        address_digest=row.address_digest,
    ).exists()  # fmt: skip


def _agreed_before(row: Subscription) -> bool:
    """A mailbox that already takes this account's notices. Each webhook has a secret of its own."""
    same = Subscription.objects.filter(
        account=row.account_id, channel=Channel.MAIL.value, address_digest=row.address_digest
    )
    return (
        row.channel == Channel.MAIL and same.filter(state=SubscriptionState.ACTIVE.value).exists()
    )


def _ask(row: Subscription) -> None:
    """Put the question to the address into the outbox, within what one may be asked a day."""
    now = timezone.now()
    lately = Question.objects.filter(at__gt=now - rules.QUESTION_WINDOW)
    asked = (
        lately.filter(account=row.account_id).count(),
        lately.filter(address_digest=row.address_digest).count(),
    )
    if rules.asked_too_often(Channel(row.channel), *asked):
        raise ASKED_TOO_OFTEN()
    Question.objects.create(account_id=row.account_id, address_digest=row.address_digest, at=now)
    waiting = row.deliveries.filter(state=DeliveryState.WAITING.value, event=None)
    waiting.update(state=DeliveryState.DROPPED.value, ended_at=now)
    Delivery.objects.create(subscription=row, created_at=now)


def _locked(actor: Actor, subscription: UUID) -> Subscription:
    mine = Subscription.objects.select_for_update().filter(account=actor.account)
    row = mine.filter(pk=subscription).first()
    if row is None:
        raise NOT_FOUND(what=str(subscription))
    return row


def _new_secret() -> str:
    return rules.KEY_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
