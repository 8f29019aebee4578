"""A program that races against itself on a database of its own and prints what came of it.

Run by ``test_races.py`` on both databases: the suite's own SQLite database lives in memory, where
threads do not wait for one another as they do on a file.
"""

# ruff: noqa: E402  (Django is set up before what needs it is imported)
from __future__ import annotations

import json
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushu.config.settings")

import django

django.setup()

import pyotp
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests.parties.conftest import CITY, PASSWORD, World, credit_code
from wushu.kernel.errors import Refusal
from wushu.parties import selectors, services
from wushu.parties.types import NODE, OrganisationKind, Role


def race(runners: int, act: Callable[[int], object]) -> Counter[str]:
    """Let all begin at the same moment; count how each ended."""
    ends: Counter[str] = Counter()
    line, counting = threading.Barrier(runners), threading.Lock()

    def run(number: int) -> None:
        line.wait()
        try:
            act(number)
        except Refusal as no:
            end = no.name
        except Exception as fault:
            end = repr(fault)
        else:
            end = "done"
        finally:
            connection.close()
        with counting:  # a counter is read and written in two steps
            ends[end] += 1

    threads = [threading.Thread(target=run, args=[n]) for n in range(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def main() -> None:
    call_command("migrate", verbosity=0)
    world = World()
    found: dict[str, Counter[str]] = {}
    world.account("target")
    found["guesses on one name"] = race(
        24, lambda n: services.sign_in(username="target", password=f"guess {n}")
    )
    found["guesses from one address"] = race(
        40,
        lambda n: services.sign_in(username=f"name{n}", password="x", address="203.0.113.7"),
    )
    device = world.actor("device")
    setup = services.totp_begin(actor=device, password=PASSWORD)
    app, now = pyotp.TOTP(setup.secret), timezone.now()
    services.totp_confirm(actor=device, ticket=setup.ticket, code=app.at(now, counter_offset=-1))
    code = app.at(now)
    found["one code"] = race(
        5, lambda n: services.sign_in(username="device", password=PASSWORD, code=code)
    )
    person, body = world.person(), world.department(CITY)
    found["one role"] = race(
        8,
        lambda n: services.membership_grant(
            actor=NODE, person=person, organisation=body.id, role=Role.EXPERT
        ),
    )
    same = credit_code()
    found["one credit code"] = race(
        8,
        lambda n: services.organisation_register(
            actor=NODE, kind=OrganisationKind.ENTERPRISE, code=same, name_zh=f"公司{n}"
        ),
    )
    people = [world.person() for _ in range(8)]
    found["one username"] = race(
        8,
        lambda n: services.account_create(
            actor=NODE, username="wanted", password=PASSWORD, person=people[n]
        ),
    )
    key, _ = services.api_key_issue(
        actor=selectors.actor_for_username("wanted"), name="k", scopes=["rows:read"],
        password=PASSWORD,
    )  # fmt: skip
    found["one revocation"] = race(8, lambda n: services.api_key_revoke(actor=NODE, key=key.id))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
