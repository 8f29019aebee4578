"""The ledger as officials take it away: whole, in their language, and harmless in a spreadsheet."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator
from contextlib import aclosing
from itertools import count
from urllib.parse import quote

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode
from wushu.portal.views import ledger

SIGNS = ("=", "+", "-", "@", "\t", "\r")


def test_the_whole_ledger_is_a_csv_without_formulas(known: dict[str, Visitor], node: LiveNode):
    answer = known["reviewer"].get("/en/ledger.csv?state=listed")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.startswith("\ufeff")
    heading, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert heading[:2] == ["Opening body", "Unified social credit code"]
    assert {len(row) for row in rows} == {len(heading)}
    slugs = {row[heading.index("Name in the address")] for row in rows}
    assert node.scenes.datasets["stops"] in slugs
    assert node.scenes.datasets["draft"] not in slugs
    assert not [cell for row in rows for cell in row if cell.startswith(SIGNS)]


def test_the_public_is_sent_to_sign_in_and_a_citizen_is_refused(
    visitor: Visitor, known: dict[str, Visitor]
):
    away = visitor.get("/ledger")
    assert away.status_code == 302
    assert quote("/ledger", safe="") in away.headers["location"]
    assert known["citizen"].get("/ledger.csv").status_code == 403


def test_the_csv_is_made_while_it_is_sent(monkeypatch):
    """A plain iterator the server would read to its end first: this one has none."""
    monkeypatch.setattr(ledger, "_cells", lambda one: [one])
    lines: Iterator[int] = count()

    async def begin() -> list[str]:
        async with aclosing(ledger._csv(lines)) as pieces:
            return [await anext(pieces) for _ in range(3)]

    heading, first, second = asyncio.run(begin())
    assert heading.startswith("\ufeff")
    assert first.startswith("0\r\n1\r\n")
    assert (first + second).split() == [str(n) for n in range(2 * ledger._AT_ONCE)]
    assert next(lines) == 2 * ledger._AT_ONCE
