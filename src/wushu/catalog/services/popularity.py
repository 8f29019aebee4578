"""How much each entry is used and wanted: told by the apps that count, kept so that lists can be ordered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models, transaction

from wushu.catalog.models import Demand, Entry, Popularity

KEPT = 1000
"""Places kept; nobody pages further through the most used or wanted."""


def popularity_replace(ranked: Iterable[UUID]) -> int:
    """Put down anew which entries are used most, the most used first; how many are kept.

    Background work of the node itself: derived figures that decide nothing but an order.
    """
    return _replace(Popularity, ranked)


def demand_replace(ranked: Iterable[UUID]) -> int:
    """The same for which entries are wanted most."""
    return _replace(Demand, ranked)


def _replace(table: type[Popularity] | type[Demand], ranked: Iterable[UUID]) -> int:
    wanted = list(dict.fromkeys(ranked))[:KEPT]
    with transaction.atomic():
        known: set[UUID] = set()
        for first in range(0, len(wanted), 500):
            some = wanted[first : first + 500]
            known.update(Entry.objects.filter(pk__in=some).values_list("pk", flat=True))
        table._default_manager.all().delete()
        manager: models.Manager[Any] = table._default_manager
        manager.bulk_create(
            [
                table(entry_id=one, place=place)
                for place, one in enumerate((one for one in wanted if one in known), start=1)
            ],
            batch_size=200,
        )
        return len(known)
