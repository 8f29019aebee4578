"""A clerk at the command line, in a process of its own that may be killed.

``python -m tests.dataplane.ingest.program prepare`` makes the home's database and prints account and
body; ``publish ACCOUNT BODY FILE [ENTRY]`` goes the whole way in, saying after each step what is
acknowledged; ``resume`` is a worker that starts and works off the queue.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from uuid import UUID

import django


def prepare() -> None:
    from tests.parties.conftest import World
    from wushu.config.commands.node import prepare_database
    from wushu.parties.types import Role

    prepare_database()  # with its secrets: what one process confirmed the next one checks
    clerk = World().actor("clerk", Role.OPENING_BODY)
    say("prepared", account=str(clerk.account), body=str(next(iter(clerk.organisations))))


def publish(account: str, body: str, file: str, entry: str = "") -> None:
    from tests.dataplane.ingest.conftest import metadata
    from wushu.catalog import services as catalog
    from wushu.dataplane import services
    from wushu.dataplane.ingest.views import load_view
    from wushu.dataplane.models import Load
    from wushu.parties.selectors import actor_for_account

    actor = actor_for_account(UUID(account))
    with Path(file).open("rb") as stream:
        upload = services.upload_receive(
            actor=actor, body=UUID(body), name="a.csv", stream=stream, enqueue=False
        )
    say("received", sha256=upload.sha256, load=str(upload.load))
    services.load_inspect(upload.load)
    found = load_view(Load.objects.select_related("upload").get(pk=upload.load)).found
    assert found is not None
    fields = [column.proposal for column in found.columns]
    if not entry:
        made = catalog.entry_create(
            actor=actor, body=UUID(body), slug=None, metadata=metadata(), fields=fields
        )
        entry = str(made.id)
    services.load_confirm(
        actor=actor, load=upload.load, fields=fields, entry=UUID(entry), enqueue=False
    )
    say("confirmed", entry=entry)
    services.load_run(upload.load)
    done = load_view(Load.objects.select_related("upload").get(pk=upload.load))
    say("loaded", state=done.state.value, version=str(done.version))


def resume() -> None:
    from django_tasks_db.management.commands.db_worker import Worker

    from wushu.dataplane import services

    say("resumed", loads=services.loads_resume())
    Worker(
        queue_names=["*"], interval=0.1, batch=True, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id="w", excluded_queue_names=[],
    ).run()  # fmt: skip
    say("worked")


def say(what: str, **facts: object) -> None:
    sys.stdout.write(json.dumps({"what": what, **facts}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    django.setup()
    {"prepare": prepare, "publish": publish, "resume": resume}[sys.argv[1]](*sys.argv[2:])
