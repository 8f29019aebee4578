"""Sample code is code: it parses, and a hostile name stays a string."""

from __future__ import annotations

import ast
import shlex
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wushu.portal.samples import samples

BASE = "https://data.example"


def made(
    column: str, value: str, *, key_needed: bool = False, version: int | None = None
) -> dict[str, str]:
    found = samples(BASE, "stops", column, value, key_needed=key_needed, version=version)
    return {one.id: one.code for one in found}


@given(st.text(), st.text(), st.booleans())
def test_python_parses_and_carries_the_filter_unchanged(column: str, value: str, key: bool):
    tree = ast.parse(made(column, value, key_needed=key)["python"])
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert f"{column}:eq:{value}" in texts


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.booleans())
def test_curl_is_one_command_a_line_with_the_filter_in_its_address(value: str, key: bool):
    first, second = made("站名", value, key_needed=key)["curl"].split("\n")
    words = shlex.split(first)
    assert words[0] == "curl"
    assert parse_qs(urlsplit(words[-1]).query)["filter"] == [f"站名:eq:{value}"]
    assert shlex.split(second)[-1] == f"{BASE}/data/stops.csv"


@pytest.mark.parametrize("language", ["curl", "python", "r"])
def test_a_key_is_read_from_the_environment_only_where_one_is_needed(language: str):
    assert "WUSHU_KEY" in made("a", "b", key_needed=True)[language]
    assert "WUSHU_KEY" not in made("a", "b")[language]


@pytest.mark.parametrize("key", [False, True])
@pytest.mark.parametrize("language", ["curl", "python", "r"])
def test_code_on_an_older_version_s_page_asks_for_that_version_every_time(language: str, key: bool):
    code = made("a", "b", key_needed=key, version=3)[language]
    assert "/data/stops.csv?version=3" in code
    assert "&version=3" in code or '"version": 3' in code
    assert "version" not in made("a", "b", key_needed=key)[language]
