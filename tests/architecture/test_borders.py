"""Between apps only types, selectors and services are spoken of; rules are pure."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import MAY_USE, SOURCE, Module, called, imports, modules

PUBLIC_ROOMS = frozenset({"types", "selectors", "services"})
WIRING_ROOMS = PUBLIC_ROOMS | {"api", "views", "urls", "tasks", "apps", "refusals", "asgi"}
"""What ``config``, the wiring, may import besides."""

IMPURE_MODULES = frozenset(
    [
        "django",
        "io",
        "os",
        "pathlib",
        "random",
        "requests",
        "secrets",
        "shutil",
        "socket",
        "sqlite3",
        "subprocess",
        "tempfile",
        "time",
        "duckdb",
        "pyarrow",
    ]
)
IMPURE_CALLS = frozenset({"open", "now", "utcnow", "today", "localtime", "uuid4", "print", "input"})


def border_faults(module: Module) -> list[str]:
    """Imports that reach past another app's border."""
    faults = []
    rooms = WIRING_ROOMS if module.app == "config" else PUBLIC_ROOMS
    for imported in imports(module):
        prefix, _, rest = imported.dotted.partition(".")
        if prefix != "wushu" or not rest:
            continue
        other, _, inside = rest.partition(".")
        if other in (module.app, "kernel", "__version__"):
            continue
        if other not in MAY_USE.get(module.app, frozenset()):
            faults.append(f"{module.at(imported.node)}: {module.app} may not use {other}")
        elif inside.split(".")[0] not in rooms:
            faults.append(
                f"{module.at(imported.node)}: {imported.dotted} is private to {other};"
                f" only {', '.join(sorted(rooms))} may be imported"
            )
        elif _reaches_inside(inside):
            faults.append(
                f"{module.at(imported.node)}: import {imported.dotted} from the room itself"
            )
    return faults


def _reaches_inside(inside: str) -> bool:
    """``services.people.register``: a module inside a room (a name of the room has two parts)."""
    return inside.count(".") > 1


def purity_faults(module: Module) -> list[str]:
    """What a rules module imports or calls that is not a pure decision."""
    faults = [
        f"{module.at(imported.node)}: rules import {imported.dotted}"
        for imported in imports(module)
        if imported.dotted.split(".")[0] in IMPURE_MODULES
        or imported.dotted.startswith(("wushu.kernel.acts", "wushu.kernel.failpoints"))
        or (imported.dotted.startswith("wushu.") and ".models" in imported.dotted)
    ]
    faults += [
        f"{module.at(node)}: rules call {called(node)}()"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and called(node) in IMPURE_CALLS
    ]
    return faults


def is_rules(module: Module) -> bool:
    return module.rooms[:1] == ("rules",)


ALL = modules()


def test_apps_speak_only_to_the_public_rooms_of_those_they_may_use():
    faults = [fault for module in ALL for fault in border_faults(module)]
    assert not faults, "\n".join(faults)


def test_rules_are_pure():
    rules = [module for module in ALL if is_rules(module)]
    assert rules, "no rules module found: the walk no longer sees them"
    faults = [fault for module in rules for fault in purity_faults(module)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("module", [m for m in ALL if is_rules(m)], ids=lambda m: m.dotted)
def test_rules_load_nothing_impure_by_what_they_import(module):
    """``import django`` three modules away is as impure as here: a program of its own looks."""
    code = (
        "import importlib, sys\n"
        f"importlib.import_module({module.dotted!r})\n"
        "print(*sorted({'django', 'duckdb', 'pyarrow', 'requests'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(SOURCE.parent)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def planted(tmp_path: Path, name: str, text: str) -> Module:
    root = tmp_path / "src" / "wushu"
    path = root / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return Module(path, root)


@pytest.mark.parametrize(
    "line",
    [
        "from wushu.catalog.models import Entry",
        "from wushu.catalog import models",
        "import wushu.catalog.rules",
        "def f():\n    from wushu.catalog.rules import decide",
        "from ..catalog.models import Entry",
        "from wushu.parties.services.people import person_register",
        "import importlib; importlib.import_module('wushu.catalog.models')",
        "from wushu.portal import views",
    ],
)
def test_reaching_past_a_border_is_caught(tmp_path, line):
    assert border_faults(planted(tmp_path, "dataplane/services.py", line))


@pytest.mark.parametrize(
    "line",
    [
        "from wushu.catalog import services",
        "from wushu.catalog.types import Attribute",
        "import wushu.parties.selectors as parties",
        "from wushu.kernel.identifiers.oid import Oid",
        "from wushu.dataplane.models import Grant",
        "from .models import Grant",
    ],
)
def test_speaking_across_a_border_as_agreed_is_allowed(tmp_path, line):
    assert border_faults(planted(tmp_path, "dataplane/services.py", line)) == []


def test_an_import_the_table_forbids_is_caught_even_downwards(tmp_path):
    module = planted(tmp_path, "privacy/selectors.py", "from wushu.parties.types import Actor")
    assert border_faults(module)


@pytest.mark.parametrize(
    "line",
    [
        "from django.utils import timezone",
        "import django.db.models",
        "from pathlib import Path",
        "from wushu.catalog.models import Entry",
        "def f():\n    return open('x')",
        "def f():\n    return datetime.now(UTC)",
        "def f():\n    return date.today()",
    ],
)
def test_an_impure_rule_is_caught(tmp_path, line):
    assert purity_faults(planted(tmp_path, "catalog/rules.py", line))
