"""Real tables that nobody here wrote: right rows, right characters, rejects explained."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.dataplane.ingest.conftest import Desk
from wushu.catalog.types import FieldType
from wushu.dataplane.types import Evidence, Newline

pytestmark = [pytest.mark.data, pytest.mark.once]


@pytest.fixture
def public(test_data: Path) -> Path:
    return test_data / "public"


def python_rows(content: bytes, encoding: str, delimiter: str = ",") -> list[list[str]]:
    """An independent reading."""
    stream = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    return [row for row in csv.reader(stream, delimiter=delimiter) if row]


def same_texts(loaded, content: bytes, encoding: str, delimiter: str = ",") -> None:
    """Every text cell of the version is the source's, row by row."""
    header, *rows = python_rows(content, encoding, delimiter)
    stored = loaded.data()
    texts = [n for n, type_ in enumerate(loaded.types().values()) if type_ == "VARCHAR"]
    for row in stored:
        source = rows[row[0] - 1]
        for n in texts:
            assert row[n] == (source[n - 1] or None), (row[0], header[n - 1])


def test_covid_notices_in_gbk_with_chinese_dates(desk: Desk, public: Path):
    content = (public / "covid-thepaper-gbk" / "data.csv").read_bytes()
    looked = desk.look(content, "data.csv")
    found = looked.found
    assert (found.encoding, found.dialect.newline) == ("gb18030", Newline.MIXED)
    day = found.columns[0]
    assert (day.proposal.type, day.proposal.format) == (FieldType.DATE, "%Y年%-m月%-d日")
    assert (day.rejected, day.rejected_examples[0].text) == (1, "2020年")
    loaded = desk.load(content, name="data.csv")
    version = loaded.manifest["rows"]
    assert version == {"declared": 27424, "loaded": 27423, "rejected": 1}
    (reject,) = loaded.rejects()
    assert (reject["column"], reject["reason"], reject["text"]) == (
        "报道时间", "not-the-date-format", "2020年",
    )  # fmt: skip
    line = content.decode("gb18030").replace("\r\n", "\n").split("\n")[reject["line"] - 1]
    assert line.startswith("2020年,")
    assert loaded.data()[0][1:5] == (date(2020, 1, 11), "湖北", "武汉市", 41)
    with_break = [row for row in loaded.data('"消息来源"') if row[0] and "\n" in row[0]]
    assert len(with_break) == 1, "one cell holds a bare line feed, and keeps it"
    assert loaded.profile.duplicate_rows == 15
    same_texts(loaded, content, "gb18030")


def test_streets_keep_their_codes_as_text(desk: Desk, public: Path):
    content = (public / "admin-divisions" / "streets.csv").read_bytes()
    loaded = desk.load(content, name="streets.csv")
    assert loaded.manifest["rows"] == {"declared": 41352, "loaded": 41352, "rejected": 0}
    assert set(loaded.types().values()) == {"BIGINT", "VARCHAR"}
    assert loaded.data()[0] == (1, "110101001", "东华门街道", "110101", "11", "1101")
    assert loaded.profile.key_candidates == ("code",)
    assert loaded.profile.columns[0].semantic == "division_code"
    same_texts(loaded, content, "utf-8")


def test_air_quality_with_na_literals(desk: Desk, public: Path):
    (path,) = (public / "air-quality-beijing").glob("PRSA*.csv")
    content = path.read_bytes()
    loaded = desk.load(content, name=path.name)
    assert loaded.manifest["rows"] == {"declared": 35064, "loaded": 35064, "rejected": 0}
    empty = sum(column.empty for column in loaded.profile.columns)
    assert empty == content.count(b"NA,"), "every NA is no value"
    _, *rows = python_rows(content, "utf-8")
    numbers = loaded.data('_row, "No", "SO2", "wd", "TEMP"')
    for row, number, sulphur, wind, temperature in numbers:
        source = rows[row - 1]
        assert number == int(source[0])
        assert sulphur == (None if source[7] == "NA" else Decimal(source[7]))
        assert wind == (None if source[15] == "NA" else source[15])
        assert temperature == (None if source[11] == "NA" else float(source[11]))
    same_texts_of = loaded.types()
    assert same_texts_of["station"] == "VARCHAR"


def test_referrers_with_carriage_returns_only(desk: Desk, public: Path):
    content = (public / "qsv-gov" / "311011.csv").read_bytes()
    loaded = desk.load(content, name="311011.csv")
    assert loaded.load.found.dialect.newline is Newline.CR
    assert loaded.manifest["rows"] == {"declared": 39627, "loaded": 39627, "rejected": 0}
    assert loaded.data('"Referrals"')[0] == (9508234,)
    same_texts(loaded, content, "utf-8")


def test_inpatients_in_utf_16(desk: Desk, public: Path):
    (path,) = (public / "qsv-gov").glob("Inpatients*.csv")
    content = path.read_bytes()
    loaded = desk.load(content, name=path.name)
    assert loaded.load.found.encoding == "utf-16-le"
    assert loaded.load.found.evidence is Evidence.BOM
    assert loaded.manifest["rows"]["rejected"] == 0
    assert loaded.data('"Part_II_patients"')[76] == (1338,), "1,338 in the source"
    same_texts(loaded, content, "utf-16")


def test_a_row_with_a_surplus_cell_among_a_hundred(desk: Desk, public: Path):
    content = (public / "qsv-gov" / "boston311-100-bad.tsv").read_bytes()
    loaded = desk.load(content, name="bad.tsv")
    assert loaded.manifest["rows"] == {"declared": 100, "loaded": 99, "rejected": 1}
    (reject,) = loaded.rejects()
    assert (reject["row"], reject["line"], reject["reason"]) == (40, 41, "too-many-cells")
    assert reject["text"].count("\t") == 29
    assert reject["text"] in content.decode()


def test_payments_with_padded_header_grouped_amounts_and_a_mark(desk: Desk, public: Path):
    content = (public / "qsv-gov" / "spendover25kdownloadSep.csv").read_bytes()
    loaded = desk.load(content, name="spend.csv")
    assert loaded.manifest["rows"]["loaded"] == 189
    assert loaded.data('"Amount in Sterling"')[0] == (Decimal("27275.25"),)
    assert loaded.data('"Date of Payment"')[0] == (date(2011, 9, 23),)


def test_a_table_of_the_statistics_bureau_with_preamble_and_notes(desk: Desk, public: Path):
    content = (public / "nbs-stats" / "分省年度数据-GDP.csv").read_bytes()
    loaded = desk.load(content, name="gdp.csv")
    assert loaded.load.found.preamble[0].startswith("数据库")
    assert loaded.manifest["rows"] == {"declared": 33, "loaded": 31, "rejected": 2}
    assert [reject["reason"] for reject in loaded.rejects()] == ["too-few-cells"] * 2
    assert loaded.rejects()[1]["text"] == "数据来源：国家统计局"
    assert loaded.data('"地区"')[0] == ("北京市",)


def test_two_hundred_columns_between_semicolons(desk: Desk, public: Path):
    content = (public / "qsv-gov" / "progetti_sample_10.csv").read_bytes()
    loaded = desk.load(content, name="progetti.csv")
    assert len(loaded.types()) == 200
    same_texts(loaded, content, "utf-8", ";")


@pytest.mark.parametrize("name", ["1030_columns.csv", "various-characters.csv", "1mb.csv"])
def test_awkward_files_of_frictionless(desk: Desk, public: Path, name: str):
    content = (public / "frictionless-datasets" / "files" / "csv" / name).read_bytes()
    loaded = desk.load(content, name=name)
    rows = loaded.manifest["rows"]
    assert (
        rows["declared"]
        == rows["loaded"] + rows["rejected"]
        == len(python_rows(content, "utf-8")) - 1
    )
    same_texts(loaded, content, "utf-8")


@pytest.mark.parametrize("name", ["carets", "colon", "comma", "pipes", "semicolon", "tab"])
def test_the_same_table_between_any_separators(desk: Desk, public: Path, name: str):
    folder = public / "frictionless-datasets" / "files" / "csv" / "separators"
    loaded = desk.load((folder / f"{name}.csv").read_bytes(), name=f"{name}.csv")
    assert loaded.data('"string"') == [("one",), ("two",)]


@pytest.mark.parametrize("name", ["iso8859.csv", "western-macos-roman.csv"])
def test_western_encodings_are_asked_about_and_then_read(desk: Desk, public: Path, name: str):
    folder = public / "frictionless-datasets" / "files" / "csv" / "encodings"
    content = (folder / name).read_bytes()
    looked = desk.look(content, name)
    assert looked.state == "undecided"
    right = "latin-1" if name == "iso8859.csv" else "mac-roman"
    assert desk.found(content, name, right).sample[0][0] == "Réunion"


def test_every_file_of_the_folder_is_found_or_refused_by_name(desk: Desk, public: Path):
    """Nothing crashes, nothing is silent: 13 folders, and files that are no tables at all."""
    refused, found = {}, 0
    for path in sorted(public.rglob("*")):
        if not path.is_file() or path.suffix in (".md", ".DS_Store") or path.stat().st_size > 3e6:
            continue
        if path.stat().st_size == 0:
            continue
        looked = desk.look(path.read_bytes(), "file" + path.suffix)
        if looked.found is None:
            name = looked.refusal["name"] if looked.refusal else looked.state.value
            refused.setdefault(name, []).append(path.name)
            continue
        found += 1
        counted = looked.found
        assert json.loads(json.dumps(counted.as_json())) == counted.as_json()
        for column in counted.columns:
            assert column.filled + column.empty == counted.rows - counted.ragged, path.name
    assert found > 40
    assert set(refused) <= {"not-a-table", "undecided", "undecodable", "no-data-rows"}, refused
