"""The ledger as officials take it away: whole, in their language, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from urllib.parse import quote

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode

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
