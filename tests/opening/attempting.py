"""Services tried by everybody: who is there, what is offered, and what came of each attempt."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from tests.architecture.test_services import WITHOUT_PERMISSION_CHECK
from tests.casework.articles import missing
from tests.casework.conftest import Bureau
from tests.casework.exploring import cast_of, undone
from wushu.evidence.models import Entry
from wushu.kernel.errors import Refusal
from wushu.parties.types import Actor, HeldRole, Role

Act = Callable[[Actor], object]
Outcomes = Mapping[str, set[str]]
"""As what a service refuses, and whom; under "" whom it does not."""


def everybody(bureau: Bureau) -> dict[str, Actor]:
    """The cast that cases are explored with, who runs the platform, and who has no role."""
    operator = HeldRole(bureau.authority.id, Role.PLATFORM_OPERATOR, bureau.authority.division)
    return {
        **cast_of(bureau, Role.DATA_USER, None),
        "operator": replace(bureau.person("平台", Role.DATA_USER), roles=(operator,)),
        "somebody": replace(bureau.person("某人", Role.DATA_USER), roles=()),
    }


# What is offered


def services_with_an_actor(*offered: ModuleType) -> set[str]:
    """As ``app.name``; without those that ask nobody, which say why in the tests of the architecture."""
    return {
        f"{one.__name__.split('.')[1]}.{name}"
        for one in offered
        for name in {*getattr(one, "__all__", ()), *_defined(one)}
        if "actor" in _arguments(getattr(one, name))
    } - WITHOUT_PERMISSION_CHECK.keys()


def _defined(module: ModuleType) -> set[str]:
    """What stands in the module itself is offered, said to be or not."""
    return {
        name
        for name, one in vars(module).items()
        if inspect.isfunction(one) and one.__module__ == module.__name__ and name[0] != "_"
    }


def _arguments(service: Any) -> Iterable[str]:
    return inspect.signature(service).parameters if inspect.isfunction(service) else ()


def service_of(attempt: str) -> str:
    """``parties.membership_grant: to oneself`` is an attempt at ``parties.membership_grant``."""
    return attempt.partition(":")[0]


def untried(
    offered: set[str], tries: Iterable[str], outcomes: Iterable[str], elsewhere: Mapping[str, str]
) -> list[str]:
    """What is wrong with the tables of attempts, each a sentence."""
    known = {service_of(one) for one in tries} | elsewhere.keys()
    return [
        *(f"{one}: try it, or name the test that does" for one in sorted(offered - known)),
        *(f"{one}: is no service any more" for one in sorted(known - offered)),
        *(f"{one}: has no attempt or no outcome" for one in sorted(set(tries) ^ set(outcomes))),
        *(f"{one}: is no test any more" for one in missing(list(elsewhere.values()))),
    ]


# What came of it


def gone_wrong(
    attempt: str, act: Act, cast: Mapping[str, Actor], outcomes: Outcomes, *watched: str
) -> list[str]:
    """Where it went otherwise than declared, or left something in the ``watched`` apps when refused."""
    expected = {who: name for name, several in outcomes.items() for who in several}
    if expected.keys() != cast.keys() or len(expected) != sum(map(len, outcomes.values())):
        return [f"{attempt}: not one outcome for each"]
    wrong = []
    before = stored(*watched)
    for who, actor in cast.items():
        with undone():
            name = refusal(act, actor)
            if name != expected[who]:
                ought = expected[who] or "done"
                wrong.append(f"{attempt} by {who}: ought to be {ought}, was {name or 'done'}")
            elif name and stored(*watched) != before:
                wrong.append(f"{attempt} by {who}: {name}, and something is left")
        if not name:  # files that were written are not taken back
            before |= {"files": files()}
    return wrong


def refusal(act: Act, actor: Actor) -> str:
    """Its name; empty where it was done. Nothing around it takes back what it wrote before."""
    try:
        act(actor)
    except Refusal as refused:
        return refused.name
    except Exception as error:  # whatever it is, it was no refusal
        return f"broke: {error!r}"
    return ""


def stored(*watched: str) -> dict[str, Any]:
    """Every row of the apps as it is stored, how many acts are recorded, and the files of uploads."""
    found: dict[str, Any] = {"acts": Entry.objects.count(), "files": files()}
    with connection.cursor() as cursor:  # a few thousand times: the ORM takes several times as long
        for app in watched:
            for model in apps.get_app_config(app).get_models():
                of = model._meta
                cursor.execute(f'SELECT * FROM "{of.db_table}" ORDER BY "{of.pk.column}"')
                found[of.label] = cursor.fetchall()
    return found


def files() -> list[Path]:
    """Originals, versions and work on them; a lock's own file says nothing."""
    every = Path(settings.OBJECTS_DIR).rglob("*")
    return sorted(path for path in every if path.is_file() and path.parent.name != "locks")
