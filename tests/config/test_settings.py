"""Settings that are read from files when the program starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from wushu.config import saying
from wushu.config.commands.node import server_command
from wushu.config.settings import _database


def keys(home: Path) -> list[str]:
    """``SECRET_KEY`` and its fallbacks, as a program of this home reads them."""
    code = (
        "import json; from wushu.config import settings as s;"
        " print(json.dumps([s.SECRET_KEY, *s.SECRET_KEY_FALLBACKS]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "WUSHU_HOME": str(home)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: list[str] = json.loads(done.stdout)
    return found


def test_keys_the_node_had_before_are_read_one_a_line(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "django.key").write_text("new\n")
    assert keys(tmp_path) == ["new"]
    (tmp_path / "secrets" / "django.key.old").write_text("older\noldest\n")
    assert keys(tmp_path) == ["new", "older", "oldest"]


def test_the_server_believes_the_headers_of_the_named_proxies_only() -> None:
    command = server_command("10.0.0.5", 8000, 2, "10.0.0.4,10.1.0.0/16")
    assert command[command.index("--forwarded-allow-ips") + 1] == "10.0.0.4,10.1.0.0/16"


def test_a_fact_of_a_command_is_named_in_the_language_that_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert saying.fact("size", 3) == "条目数：3"
    monkeypatch.setenv("WUSHU_LANG", "en")
    assert saying.fact("size", 3) == "size             3"


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", "-c jit=off"),
        ("?sslmode=require", "-c jit=off"),
        ("?options=-c%20jit%3Don", "-c jit=off -c jit=on"),  # the last one holds
    ],
)
def test_postgresql_compiles_no_question_unless_the_address_asks_for_it(
    query: str, options: str
) -> None:
    given = _database(f"postgresql://wushu@db.example/wushu{query}")["OPTIONS"]
    assert isinstance(given, dict)
    assert given["options"] == options
