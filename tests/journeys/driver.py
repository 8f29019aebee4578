"""A node's process for tests that kill it: loads Django once, then forks a life for each order.

Orders come as JSON lines on stdin, answers go as JSON lines to stdout. What a life acknowledges it
writes to the descriptor named by ``ACKS``: one line for each act that is committed.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import random
import select
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

if TYPE_CHECKING:
    from wushu.parties.types import OrganisationView


def setup() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushu.config.settings")
    django.setup()


class Writer:
    """Writes acts: some by the services that people use, some of a shape that those rarely have."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.bodies: list[OrganisationView] = []

    def act(self) -> str:
        """One act, committed; returns the UUID that it is about."""
        if self.dice.random() < 0.5:
            return write_odd_act(self.dice)
        if not self.bodies or self.dice.random() < 0.5:
            return self._register()
        return self._create()

    def _register(self) -> str:
        """A department, by the node."""
        from wushu.kernel.identifiers.credit_code import ALPHABET, check_character
        from wushu.parties import services
        from wushu.parties.types import NODE, OrganisationKind

        # Other lives have the same dice: names must be nobody else's.
        drawn = random.SystemRandom().choices(ALPHABET, k=9)
        first_17 = "11440300" + "".join(drawn)
        body = services.organisation_register(
            actor=NODE, kind=OrganisationKind.DEPARTMENT, division="440300", name_zh="某局",
            code=first_17 + check_character(first_17),
        )  # fmt: skip
        self.bodies.append(body)
        return str(body.id)

    def _create(self) -> str:
        """A draft dataset, by a clerk of such a department."""
        from wushu.catalog import services
        from wushu.catalog.types import Attribute, FieldSpec, Metadata
        from wushu.parties.types import Actor, HeldRole, Role

        body = self.dice.choice(self.bodies)
        key = uuid.uuid4()
        clerk = Actor(
            urn=f"urn:uuid:{key}", name="经办人", account=key, person=key,
            roles=(HeldRole(body.id, Role.OPENING_BODY, body.division),),
        )  # fmt: skip
        metadata = Metadata(
            title_zh="停车场", description_zh="位置和泊位数", attribute=Attribute.UNCONDITIONAL,
            attribute_reason="不涉及秘密和个人信息", theme="TRAN", update_cycle="MONTHLY",
        )  # fmt: skip
        entry = services.entry_create(
            actor=clerk, body=body.id, slug=f"e-{key.hex}", metadata=metadata,
            fields=[FieldSpec("编号")],
        )  # fmt: skip
        return str(entry.id)


def write_odd_act(dice: random.Random) -> str:
    """An act over several rows: changed and removed beside new ones, now and then a large one."""
    from wushu.evidence import services
    from wushu.parties.models import Organisation

    key = uuid.uuid4()
    large = {"note": "x" * 70_000} if dice.random() < 0.06 else {}
    with transaction.atomic():
        row = Organisation(
            id=key, kind="enterprise", code=key.hex[:18], name_zh="企业", created_at=timezone.now()
        )
        row.save(force_insert=True)
        rows = [row]
        gone: list[Organisation] = []
        if dice.random() < 0.4:
            others = Organisation.objects.select_for_update().filter(kind="enterprise")
            older = others.exclude(pk=key).order_by("?").first()
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
    writer = Writer(dice)
    for _ in range(order["acts"]):
        acknowledged = writer.act()
        os.write(int(os.environ["ACKS"]), f"{acknowledged}\n".encode())
        if dice.random() < order.get("sequence", 0.4):
            services.sequence()


def live_sequence(order: dict[str, Any]) -> None:
    """Sequence again and again, leaving the work to another, until the writers are done."""
    from wushu.evidence import services

    while not Path(order["until"]).exists():
        services.sequence(wait=False)
        select.select([], [], [], 0.02)


def live_work(order: dict[str, Any]) -> None:
    """``wushu worker``, until it is told to end by SIGTERM."""
    from wushu.config import worker

    with contextlib.suppress(SystemExit):
        worker.run(once=False)


def live_recover(order: dict[str, Any]) -> None:
    from wushu.evidence import services

    services.recover()


def live(order: dict[str, Any]) -> None:
    """One life: does what the order says and ends; a refusal or an error is told on stderr."""
    os.environ["WUSHU_FAILPOINT"] = order.get("failpoint", "")
    importlib.reload(importlib.import_module("wushu.kernel.failpoints"))
    lives = {
        "write": live_write, "sequence": live_sequence, "work": live_work, "recover": live_recover,
    }  # fmt: skip
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
    from wushu.kernel.tables import TableKind

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
            return Writer(random.Random(0)).act()
        case "audit":
            return [[fault.kind, fault.where] for fault in selectors.audit()]
        case "checkpoints":
            return list(Checkpoint.objects.order_by("size").values_list("note", flat=True))
        case "subjects":
            return list(Entry.objects.values_list("index", "subject"))
        case "rows":
            return [
                f"{model._meta.db_table} {key}"
                for model in apps.get_models()
                if getattr(model, "evidence", None) is TableKind.RECORDED
                for key in model._base_manager.values_list("pk", flat=True)
            ]
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
