"""Sample code of a dataset: what to type to read it. Names are quoted for each language."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class Sample:
    """One way to read the data."""

    id: str
    name: str
    code: str


def samples(
    base_url: str, slug: str, column: str, value: str, *, key_needed: bool, version: int | None
) -> list[Sample]:
    """curl, Python and R for the first rows, a filter, and the whole table.

    ``column`` and ``value`` make the example of a filter; ``key_needed``: with an API key in the
    environment variable ``WUSHU_KEY``; ``version``: an older one, None for the newest at any time.
    """
    rows = f"{base_url}/api/v1/datasets/{slug}/rows"
    numbered = {} if version is None else {"version": version}
    asked: dict[str, str | int] = {"filter": f"{column}:eq:{value}", "limit": 5, **numbered}
    filtered = f"{rows}?{urlencode(asked, quote_via=quote, safe='')}"
    table = f"{base_url}/data/{slug}.csv" + (f"?version={version}" if numbered else "")
    return [
        Sample("curl", "curl", _curl(filtered, table, slug, key_needed)),
        Sample("python", "Python", _python(rows, asked, table, key_needed)),
        Sample("r", "R", _r(filtered, table, key_needed)),
    ]


def _curl(filtered: str, table: str, slug: str, key_needed: bool) -> str:
    header = ' -H "Authorization: Bearer $WUSHU_KEY"' if key_needed else ""
    return (
        f"curl{header} {shlex.quote(filtered)}\n"
        f"curl{header} -o {shlex.quote(f'{slug}.csv')} {shlex.quote(table)}"
    )


def _python(rows: str, asked: Mapping[str, str | int], table: str, key_needed: bool) -> str:
    params = ", ".join(
        f"{_text(name)}: {_text(value) if isinstance(value, str) else value}"
        for name, value in asked.items()
    )
    auth = '{"Authorization": f"Bearer {os.environ[\'WUSHU_KEY\']}"}'
    lines = [
        "import os" if key_needed else "",
        "import pandas as pd",
        "import requests",
        "",
        f"headers = {auth}" if key_needed else "headers = {}",
        "found = requests.get(",
        f"    {_text(rows)},",
        f"    params={{{params}}},",
        "    headers=headers,",
        "    timeout=30,",
        ").json()",
        f"table = pd.read_csv({_text(table)}, storage_options=headers, dtype=str)",
    ]
    return "\n".join(lines[0 if key_needed else 1 :])


def _r(filtered: str, table: str, key_needed: bool) -> str:
    if not key_needed:
        return (
            f"found <- jsonlite::fromJSON({_text(filtered)})\n"
            f"table <- readr::read_csv({_text(table)})"
        )
    return (
        "library(httr2)\n"
        f"ask <- function(url) request(url) |>\n"
        '  req_auth_bearer_token(Sys.getenv("WUSHU_KEY")) |> req_perform()\n'
        f"found <- resp_body_json(ask({_text(filtered)}))\n"
        f"table <- readr::read_csv(resp_body_string(ask({_text(table)})))"
    )


def _text(value: str) -> str:
    """A string literal that Python and R both read."""
    return json.dumps(value, ensure_ascii=False)
