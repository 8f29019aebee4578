"""What is kept no longer than it is needed."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from wushu.catalog import services as catalog
from wushu.opening import rules, selectors
from wushu.opening.models import CaseNotice, Delivery, Event, Favourite, Question, Subscription
from wushu.opening.types import DeliveryState, SubscriptionState
from wushu.parties import selectors as parties

CHUNK = 500


def belongings_sweep() -> int:
    """Erase what belonged to closed accounts, addresses that never agreed, and old notices.

    Background work; how many rows went.
    """
    now = timezone.now()
    gone = _of_closed_accounts()
    unconfirmed = Subscription.objects.filter(
        state=SubscriptionState.UNCONFIRMED.value,
        confirmed_at=None,
        created_at__lt=now - timedelta(days=rules.UNCONFIRMED_DAYS),
    )
    old = now - timedelta(days=rules.KEEP_DAYS)
    ended = Delivery.objects.exclude(state=DeliveryState.WAITING.value).filter(ended_at__lt=old)
    told = Event.objects.filter(fanned_at__lt=old)
    asked = Question.objects.filter(at__lt=now - 2 * rules.QUESTION_WINDOW)
    of_cases = CaseNotice.objects.filter(at__lt=now - timedelta(days=rules.CASE_NOTICE_DAYS))
    return gone + sum(rows.delete()[0] for rows in (unconfirmed, ended, told, asked, of_cases))


def demand_refresh() -> None:
    """Tell the catalogue which datasets many people marked or follow. Background work."""
    catalog.demand_replace(selectors.most_wanted(settings.WANTED_MIN))


def _of_closed_accounts() -> int:
    gone = 0
    for model in (Favourite, Subscription):
        accounts = model._default_manager.values_list("account_id", flat=True).distinct()
        held = list(accounts.order_by("account_id"))
        for start in range(0, len(held), CHUNK):
            closed = parties.accounts_closed(held[start : start + CHUNK])
            gone += model._default_manager.filter(account__in=closed).delete()[0]
    return gone
