"""Several people at once, against a database of its own: run as a program by ``test_race.py``.

Prints one JSON object: how often each revision was decided, and whether a follower of
``changed_at`` missed a public change.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushu.config.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from tests.catalog.conftest import METADATA, City, make_city  # noqa: E402
from wushu.catalog import selectors, services  # noqa: E402
from wushu.catalog.models import Entry, Review  # noqa: E402
from wushu.evidence import services as evidence  # noqa: E402
from wushu.kernel.errors import Refusal  # noqa: E402

ROUNDS, WRITERS, EACH = 6, 4, 12


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Do everything at the same moment; ``done`` or the name of the refusal, per act."""
    barrier = threading.Barrier(len(acts))
    outcomes = [""] * len(acts)

    def run(number: int) -> None:
        barrier.wait()
        try:
            acts[number]()
            outcomes[number] = "done"
        except Refusal as refusal:
            outcomes[number] = refusal.name
        except Exception as error:
            outcomes[number] = repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def decided_at_once(city: City, number: int) -> dict[str, Any]:
    """Two reviewers list and one returns the same revision."""
    entry = city.submitted(replace(METADATA, title_zh=f"竞争{number}"))
    revision = city.newest(entry)
    second, third = city.reviewer_of(city.authority), city.reviewer_of(city.authority)
    outcomes = at_once(
        lambda: services.revision_pass_gate(actor=city.reviewer, revision=revision),
        lambda: services.revision_pass_gate(actor=second, revision=revision),
        lambda: services.revision_return(actor=third, revision=revision, reasons="改"),
    )
    return {"outcomes": outcomes, "reviews": Review.objects.filter(revision=revision).count()}


def followed(city: City) -> dict[str, int]:
    """Writers list datasets while a follower asks again and again for what is newer."""
    waiting = [
        [city.newest(city.submitted(replace(METADATA, title_zh=f"{w}-{n}"))) for n in range(EACH)]
        for w in range(WRITERS)
    ]
    done = threading.Event()
    seen: set[Any] = set()

    def follow() -> None:
        newest = None
        while True:
            last = done.is_set()
            rows = Entry.objects.filter(listed_at__isnull=False).order_by("changed_at")
            rows = rows if newest is None else rows.filter(changed_at__gt=newest)
            for key, changed in rows.values_list("pk", "changed_at"):
                seen.add(key)
                newest = changed
            if last:
                break
        connection.close()

    follower = threading.Thread(target=follow)
    follower.start()
    outcomes = at_once(
        *(
            lambda mine=mine: [
                services.revision_pass_gate(actor=city.reviewer, revision=one) for one in mine
            ]
            for mine in waiting
        )
    )
    done.set()
    follower.join()
    listed = set(Entry.objects.filter(listed_at__isnull=False).values_list("pk", flat=True))
    moments = Entry.objects.filter(listed_at__isnull=False).values_list("changed_at", flat=True)
    return {
        "writers_done": outcomes.count("done"),
        "listed": len(listed),
        "missed": len(listed - seen),
        "same_moment": len(moments) - len(set(moments)),
        "in_the_index": selectors.index_rebuild(),
    }


def main() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    evidence.node_initialise(
        origin="race.example/wushu", identifier_base="https://id.race.example",
        region_zh="示范市", division="320500",
    )  # fmt: skip
    city = make_city()
    rounds = [decided_at_once(city, number) for number in range(ROUNDS)]
    json.dump({"rounds": rounds, "followed": followed(city)}, sys.stdout)


if __name__ == "__main__":
    main()
