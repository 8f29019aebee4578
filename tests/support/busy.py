"""A node at work, in a process of its own: clerks load and list, organisations register, the log grows.

``python -m tests.support.busy prepare`` makes an initialised node with accounts and one listed dataset
and prints what the next call needs; ``work FACTS`` then writes until its standard input ends, one JSON
line for each thing that is acknowledged; ``tell`` says what a reader finds.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any
from uuid import UUID

import django

_printing = threading.Lock()


def say(what: str, **facts: object) -> None:
    """One line, at once."""
    with _printing:
        sys.stdout.write(json.dumps({"what": what, **facts}) + "\n")
        sys.stdout.flush()


def prepare() -> None:
    """An initialised node with a clerk, a reviewer and a listed dataset."""
    from tests.parties.conftest import World
    from wushu.config.commands.node import prepare_database
    from wushu.evidence import services as evidence
    from wushu.parties.types import Role

    prepare_database()
    evidence.node_initialise(
        origin="busy.example/log", identifier_base="https://id.example",
        region_zh="示例市", division="320500",
    )  # fmt: skip
    world = World()
    clerk = world.actor("clerk", Role.OPENING_BODY)
    reviewer = World().actor("reviewer", Role.DATA_AUTHORITY)  # of another body
    facts = {"clerk": str(clerk.account), "reviewer": str(reviewer.account)}
    publish(facts, 0)
    evidence.sequence()
    say("prepared", **facts)


def publish(facts: dict[str, str], number: int) -> dict[str, Any]:
    """A table all the way from its bytes to the public; returns what must be found again."""
    from tests.dataplane.ingest.conftest import metadata
    from wushu.catalog import selectors as catalog
    from wushu.catalog import services as catalog_services
    from wushu.dataplane import selectors, services
    from wushu.parties.selectors import actor_for_account

    clerk = actor_for_account(UUID(facts["clerk"]))
    reviewer = actor_for_account(UUID(facts["reviewer"]))
    body = next(iter(clerk.organisations))
    table = "编号,名称\n" + "".join(f"{number:04d}-{n:03d},第{n}行\n" for n in range(300))
    upload = services.upload_receive(
        actor=clerk, body=body, name=f"表{number}.csv", stream=io.BytesIO(table.encode()),
        enqueue=False,
    )  # fmt: skip
    services.load_inspect(upload.load)
    found = selectors.load(upload.load, actor=clerk).found
    assert found is not None
    fields = [column.proposal for column in found.columns]
    entry = catalog_services.entry_create(
        actor=clerk, body=body, slug=f"table-{number}", fields=fields,
        metadata=replace(metadata(), title_zh=f"第 {number} 张表"),
    )  # fmt: skip
    services.load_confirm(
        actor=clerk, load=upload.load, fields=fields, entry=entry.id, enqueue=False
    )
    services.load_run(upload.load)
    revision = catalog.entry_by_id(entry.id, actor=clerk).revision
    assert revision is not None
    catalog_services.revision_submit(actor=clerk, revision=revision.id)
    services.revision_list(actor=reviewer, revision=revision.id)
    return {"slug": f"table-{number}", "sha256": upload.sha256, "entry": str(entry.id)}


def tell() -> None:
    """What a reader of this node finds: rows of every listed table, organisations, size of the log."""
    from wushu.catalog import selectors as catalog
    from wushu.dataplane import selectors
    from wushu.evidence import selectors as evidence
    from wushu.kernel.errors import Refusal
    from wushu.parties.models import Organisation

    rows = {}
    for version in catalog.all_versions():
        try:
            shown = selectors.preview(version.id, actor=None, limit=1000).rows
        except Refusal:
            continue  # loaded, but not listed yet at this moment
        rows[str(version.entry)] = hashlib.sha256(repr(shown).encode()).hexdigest()
    say(
        "told", rows=rows, codes=sorted(Organisation.objects.values_list("code", flat=True)),
        published=evidence.published_size(), sequenced=evidence.sequenced_size(),
    )  # fmt: skip


def work(text: str) -> None:
    """Write with three hands until told to stop."""
    facts = json.loads(text)
    stop = threading.Event()
    hands = [
        threading.Thread(target=_again, args=(stop, hand))
        for hand in (_registering(), _publishing(facts), _sequencing())
    ]
    for hand in hands:
        hand.start()
    sys.stdin.read()
    stop.set()
    for hand in hands:
        hand.join()
    say("stopped")


def _again(stop: threading.Event, hand: Callable[[], None]) -> None:
    from django.db import connections

    try:
        hand()
        while not stop.wait(0.01):
            hand()
    except Exception as error:
        say("broke", error=repr(error))
        raise
    finally:
        connections.close_all()


def _registering() -> Callable[[], None]:
    from wushu.kernel.identifiers.credit_code import check_character
    from wushu.parties import services
    from wushu.parties.types import NODE, OrganisationKind

    numbers = count(1)

    def register() -> None:
        first_17 = f"91320500{next(numbers):09d}"
        made = services.organisation_register(
            actor=NODE, kind=OrganisationKind.ENTERPRISE, name_zh="某企业",
            code=first_17 + check_character(first_17),
        )  # fmt: skip
        say("registered", code=made.code)

    return register


def _publishing(facts: dict[str, str]) -> Callable[[], None]:
    numbers = count(1)
    return lambda: say("listed", **publish(facts, next(numbers)))


def _sequencing() -> Callable[[], None]:
    from wushu.evidence import services as evidence

    return lambda: say("sequenced", size=evidence.sequence().size)


if __name__ == "__main__":
    django.setup()
    {"prepare": prepare, "work": work, "tell": tell}[sys.argv[1]](*sys.argv[2:])
