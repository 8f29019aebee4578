"""``wushu watermark trace`` as the authority types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from tests.config.test_closing import conditional, grants, write
from tests.config.test_publish import body, facts, wushu
from wushu.catalog.types import EntryView
from wushu.dataplane.access import decide
from wushu.dataplane.query.database import DjangoDatabase
from wushu.dataplane.query.downloads import Asked, chunks
from wushu.dataplane.query.formats import of_version
from wushu.dataplane.query.marked import order_of
from wushu.dataplane.query.receipts import receipt_write
from wushu.dataplane.query.types import Format, Surface
from wushu.dataplane.query.versions import version_of
from wushu.parties import selectors

__all__ = ["body", "conditional"]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Enough rows to carry a mark."""
    path = tmp_path / "许可.csv"
    rows = "".join(f"{n:05d},苏州{n}店,2024-01-05\n" for n in range(3_000))
    path.write_text(f"许可编号,企业名称,发证日期\n{rows}")
    return path


@pytest.fixture
def leaked(conditional: EntryView, tmp_path: Path) -> Path:
    """What ``bai.xue`` downloaded, without the first thousand rows."""
    facts(write("--person", "bai.xue", "--row-order", "recipient", "--json"))
    reader = selectors.actor_for_username("bai.xue")
    access = decide(DjangoDatabase(), conditional.id, reader, timezone.now())
    receipt_write(access, surface=Surface.DOWNLOAD, columns=(), query="", rows=0)
    version = version_of(access)
    table = of_version("permits", version, version.names, (), order_of(access))
    head, *rows = b"".join(
        chunks(table, Asked(Format.CSV, None, None, guard=True, bom=False))
    ).splitlines(keepends=True)
    file = tmp_path / "found.csv"
    file.write_bytes(b"".join([head, *rows[1_000:]]))
    return file


def trace(file: Path, *more: str, account: str = "zhou.zheng"):
    return wushu("watermark", "trace", str(file), "--dataset", "permits", "--as", account, *more)


def test_the_reader_whose_file_it_is_is_named(leaked: Path) -> None:
    found = facts(trace(leaked, "--json"))
    assert (found["decided"], found["rows"], found["met"]) == (True, 2_000, 2_000)
    (fit,) = found["fits"]
    assert (fit["grantee"], fit["named"], fit["grant"]) == ("bai.xue", True, grants()[0]["grant"])
    assert fit["log10_p"] < -100
    assert grants()[0]["watermark"] == "order-1"
    result = trace(leaked)
    assert result.exit_code == 0
    assert "bai.xue" in result.stdout
    assert "not decided" not in result.stdout


def test_the_table_itself_is_said_to_be_no_marked_download(leaked: Path, table: Path) -> None:
    assert facts(trace(table, "--json"))["decided"] is False
    result = trace(table)
    assert "not decided" in result.stdout
    assert "as in the table" in result.stdout


def test_the_reader_may_not_trace(leaked: Path) -> None:
    result = trace(leaked, account="bai.xue")
    assert (result.exit_code, "[grant-not-overseen]" in result.stderr) == (1, True)


def test_without_a_marked_delivery_it_is_refused_in_a_sentence(
    conditional: EntryView, table: Path
) -> None:
    facts(write("--person", "bai.xue", "--json"))
    result = trace(table)
    assert (result.exit_code, "[watermark-not-delivered]" in result.stderr) == (1, True)
