"""The import contract holds, and would notice if it did not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import MAY_USE, ROOT, SOURCE, apps


def lint_imports(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from importlinter.cli import lint_imports; "
            "sys.exit(lint_imports(config_filename='pyproject.toml', no_cache=True))",
        ],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The product's source and its contract, free to be broken."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        SOURCE,
        tmp_path / "src" / "wushu",
        ignore=lambda folder, names: [
            name for name in names if (Path(folder) / name).is_file() and not name.endswith(".py")
        ],
    )
    return tmp_path


def plant(project: Path, module: str, line: str) -> None:
    path = project / "src" / "wushu" / module
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


def test_apps_import_only_downwards():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_import_upwards_is_caught(copy):
    plant(copy, "kernel/money.py", "import wushu.parties.types")
    done = lint_imports(copy)
    assert done.returncode == 1
    assert "wushu.kernel.money -> wushu.parties.types" in done.stdout


def test_an_import_upwards_inside_a_function_is_caught(copy):
    plant(copy, "parties/types.py", "def late():\n    from wushu.catalog import types")
    done = lint_imports(copy)
    assert done.returncode == 1
    assert "wushu.parties.types -> wushu.catalog.types" in done.stdout


def test_an_import_between_siblings_is_caught(copy):
    plant(copy, "privacy/rules.py", "from wushu.catalog.types import FieldSpec")
    done = lint_imports(copy)
    assert done.returncode == 1
    assert "wushu.privacy.rules -> wushu.catalog.types" in done.stdout


def test_an_app_the_contract_does_not_name_is_caught(copy):
    plant(copy, "shadow/__init__.py", "")
    done = lint_imports(copy)
    assert done.returncode == 1
    assert "shadow" in done.stdout


def test_every_app_stands_in_the_table_of_who_may_use_whom():
    assert set(apps()) <= set(MAY_USE), "name the new app in tests/architecture/source.py"
