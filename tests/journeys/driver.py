"""A node's process for tests that kill it: loads Django once, then forks a life for each order.

Orders come as JSON lines on stdin, answers go as JSON lines to stdout. What a life acknowledges it
writes to the descriptor named by ``ACKS``: one line for each act that is committed.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import select
import sys
import uuid
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone


def setup() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushu.config.settings")
    django.setup()


def write_act(dice: random.Random) -> str:
    """Register an organisation; now and then change or remove an older one in the same act."""
    from wushu.evidence import services
    from wushu.parties.models import Organisation

    key = uuid.uuid4()
    large = {"note": "x" * 70_000} if dice.random() < 0.03 else {}
    with transaction.atomic():
        row = Organisation(
            id=key, kind="enterprise", code=key.hex[:18], name_zh="企业", created_at=timezone.now()
        )
        row.save(force_insert=True)
        rows = [row]
        gone: list[Organisation] = []
        if dice.random() < 0.2:
            older = Organisation.objects.select_for_update().exclude(pk=key).order_by("?").first()
            if older is not None and dice.random() < 0.5:
                older.name_en = uuid.uuid4().hex
                older.save()
                rows.append(older)
            elif older is not None:
                gone.append(older)
        services.record(
            "parties.organisation.registered",
            actor="urn:uuid:driver",
            subject=f"urn:uuid:{key}",
            data=large,
            rows=rows,
            deleted=gone,
        )
        for older in gone:
            older.delete()
    return str(key)


def live_write(order: dict[str, Any]) -> None:
    """Write acts, acknowledge each, and sequence now and then."""
    from wushu.evidence import services

    dice = random.Random(order["seed"])
    for _ in range(order["acts"]):
        acknowledged = write_act(dice)
        os.write(int(os.environ["ACKS"]), f"{acknowledged}\n".encode())
        if dice.random() < order.get("sequence", 0.4):
            services.sequence()


def live_sequence(order: dict[str, Any]) -> None:
    """Sequence again and again until a file says that the writers are done."""
    from wushu.evidence import services

    while not Path(order["until"]).exists():
        services.sequence(wait=order["wait"])
        select.select([], [], [], 0.02)


def live_recover(order: dict[str, Any]) -> None:
    from wushu.evidence import services

    services.recover()


def live(order: dict[str, Any]) -> None:
    """One life: does what the order says and ends; a refusal or an error is told on stderr."""
    os.environ["WUSHU_FAILPOINT"] = order.get("failpoint", "")
    importlib.reload(importlib.import_module("wushu.kernel.failpoints"))
    lives = {"write": live_write, "sequence": live_sequence, "recover": live_recover}
    lives[order["do"]](order)


def fork(order: dict[str, Any]) -> int:
    """Begin a life in a process of its own; returns its id."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        live(order)
        status = 0
    except BaseException as error:
        os.write(2, f"{order}: {type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(status)


def answer(order: dict[str, Any]) -> Any:
    """Carry out an order of the test itself, which is not to be killed."""
    from wushu.evidence import selectors, services
    from wushu.evidence.models import Checkpoint, Entry
    from wushu.kernel.errors import Refusal
    from wushu.parties.models import Organisation

    match order["do"]:
        case "init":
            call_command("migrate", verbosity=0)
            node = services.node_initialise(
                origin="kill.example/log",
                identifier_base="https://id.example",
                region_zh="示例市",
                division="440300",
            )
            return node.verifier_key
        case "sequence-once":
            try:
                return services.sequence().size
            except Refusal as refusal:
                return refusal.name
        case "recover-once":
            return services.recover().imported
        case "act":
            return write_act(random.Random(0))
        case "audit":
            return [[fault.kind, fault.where] for fault in selectors.audit()]
        case "checkpoints":
            return list(Checkpoint.objects.order_by("size").values_list("note", flat=True))
        case "subjects":
            return list(Entry.objects.values_list("index", "subject"))
        case "rows":
            return [str(key) for key in Organisation.objects.values_list("pk", flat=True)]
    raise ValueError(order)


def main() -> None:
    setup()
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "fork":
            result: Any = fork(order["order"])
        elif order["do"] == "wait":
            result = os.waitstatus_to_exitcode(os.waitpid(order["pid"], 0)[1])
        else:
            result = answer(order)
            connection.close()  # a life must not inherit a connection
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
