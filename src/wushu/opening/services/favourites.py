"""Marks on datasets. They are the person's own: no log, no count by name, gone with the account."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.opening import rules
from wushu.opening.models import Favourite
from wushu.opening.refusals import FAVOURITES_FULL
from wushu.parties.types import Actor


def favourite_add(*, actor: Actor, dataset: UUID) -> None:
    """Mark a dataset the public knows of; marking it twice changes nothing.

    Refusals: ``sign-in-first``, ``not-found``, ``favourites-full``.
    """
    rules.require_person(actor, "收藏", "mark datasets")
    assert actor.account is not None
    entry = catalog.entry_by_id(dataset)
    with transaction.atomic():
        mine = Favourite.objects.filter(account=actor.account)
        if mine.filter(dataset=entry.id).exists():
            return
        if mine.count() >= rules.FAVOURITES_MOST:
            raise FAVOURITES_FULL(limit=rules.FAVOURITES_MOST)
        Favourite.objects.get_or_create(
            account_id=actor.account, dataset=entry.id, defaults={"since": timezone.now()}
        )


def favourite_remove(*, actor: Actor, dataset: UUID) -> None:
    """Take the mark away; nothing happens where there is none. Refusal ``sign-in-first``."""
    rules.require_person(actor, "取消收藏", "take marks away")
    Favourite.objects.filter(account=actor.account, dataset=dataset).delete()
