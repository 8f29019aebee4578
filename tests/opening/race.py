"""Programs handed in and run at the same moment, against a database of its own: run by ``test_race.py``.

What is granted and what a program makes of it are others' work and stand in for themselves here. Prints one
JSON object: how each race ended.
"""

# ruff: noqa: E402  (Django is set up before what needs it is imported)
from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushu.config.settings")

import django

django.setup()

from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from tests.parties.conftest import World
from tests.parties.race import race
from wushu.kernel.errors import NOT_FOUND
from wushu.opening.models import Computation, ComputedContent
from wushu.opening.services import computations as services
from wushu.parties.types import Role
from wushu.privacy.types import Computed

DATASET, GRANT = uuid4(), uuid4()
ACCESS = SimpleNamespace(grant=GRANT, version=uuid4(), number=1, manifest_sha256="0" * 64)
ENTRY = SimpleNamespace(body=uuid4(), title_zh="停车场", id=DATASET)
COPIES: list[str] = []


@contextmanager
def copy(**given: Any) -> Iterator[Any]:
    """A copy of what is granted; each leaves a receipt, so each is noted."""
    COPIES.append(given["name"])
    yield SimpleNamespace(access=ACCESS, table=Path(), folder=Path())


def main() -> None:
    # The tables as the models say, without the way that led to them: a tenth of the time.
    settings.MIGRATION_MODULES = {one.label: None for one in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    actor = World().actor("analyst", Role.DATA_USER)
    found = SimpleNamespace(access=ACCESS, organisation=None, purpose="")
    result = Computed(columns=(("n", "BIGINT"),), rows=((1,),), smallest_group=1)
    with (
        patch.object(services.dataplane_selectors, "computable", lambda *a, **k: found),
        patch.object(services.dataplane, "granted_copy", copy),
        patch.object(services.catalog, "entry_by_id", lambda *a, **k: ENTRY),
        patch.object(services.privacy, "program_check", lambda *a: None),
        patch.object(services.privacy, "program_run", lambda *a, **k: result),
        patch.object(services, "computation_view", lambda row, actor: row),
    ):

        def submit(number: int) -> None:
            services.computation_submit(actor=actor, dataset=DATASET, program=f"SELECT {number}")

        handed_in = race(8, submit)
        one = Computation.objects.first()
        if one is None:
            raise NOT_FOUND(what="computation")
        race(6, lambda number: services.computation_run(one.pk))
    json.dump(
        {
            "handed in": handed_in,
            "held": Computation.objects.count(),
            "copies": len(COPIES),
            "results": ComputedContent.objects.count(),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
