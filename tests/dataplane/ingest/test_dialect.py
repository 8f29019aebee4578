"""How cells stand, judged from the beginning of a text."""

from __future__ import annotations

import pytest

from wushu.dataplane.ingest.dialect import newline_of, sniff
from wushu.dataplane.types import Dialect, Newline


def sniffed(text: str):
    return sniff(text, Newline.LF)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", ":", "^", "~", "，", "\x1f", "¦"])
def test_any_usual_or_odd_delimiter_is_found(delimiter):
    rows = [["编号", "名称", "数量"], ["001", "甲", "3"], ["002", "乙", "4"], ["003", "丙", "5"]]
    found = sniffed("".join(delimiter.join(row) + "\n" for row in rows))
    assert (found.dialect.delimiter, found.columns) == (delimiter, 3)
    assert found.header == ("编号", "名称", "数量")


def test_decimal_commas_do_not_divide_what_semicolons_divide():
    found = sniffed("a;b;c\n1,5;2,5;x\n1,25;3;y, z\n4;5,5;z\n")
    assert (found.dialect.delimiter, found.columns) == (";", 3)


def test_times_do_not_make_colons_a_delimiter():
    found = sniffed("time,value\n10:30:00,1\n11:30:00,2\n12:30:00,3\n")
    assert found.dialect.delimiter == ","


def test_a_column_alone_needs_no_delimiter():
    found = sniffed("名称\n甲\n乙\n")
    assert (found.columns, found.header) == (1, ("名称",))


def test_delimiters_and_line_ends_inside_quotes_divide_nothing():
    found = sniffed('a,b\n"1,2\n3",x\n"4",y\n')
    assert (found.columns, found.data_line) == (2, 2)


def test_a_header_over_two_lines_ends_where_its_quotes_end():
    found = sniffed('"面积\n(平方米)",名称\n1,甲\n2,乙\n')
    assert found.header == ("面积\n(平方米)", "名称")
    assert found.data_line == 3


def test_a_preamble_of_single_texts_is_reported_and_skipped():
    text = "数据库：年度数据\n指标：总值\n\n地区,2023年,2022年\n北京,1,2\n上海,3,4\n注：略\n来源：统计局\n"
    found = sniffed(text)
    assert found.preamble == ("数据库：年度数据", "指标：总值")
    assert (found.dialect.skip_lines, found.data_line) == (3, 5)
    assert found.header == ("地区", "2023年", "2022年")


def test_a_preamble_padded_with_delimiters_is_one_too():
    found = sniffed("月度数据,,,,\n时间：近期,,,,\n时间,甲,乙,丙,丁\n2020,1,2,3,4\n2021,1,2,3,4\n")
    assert len(found.preamble) == 2
    assert found.header[0] == "时间"


def test_a_header_with_an_unnamed_column_is_no_preamble():
    found = sniffed("名称,\n甲,1\n乙,2\n")
    assert found.header == ("名称", "")
    assert found.dialect.skip_lines == 0


def test_rows_longer_than_the_header_widen_the_table_with_an_unnamed_column():
    found = sniffed("a,b\n1,2,3\n4,5,6\n7,8,9\n")
    assert found.header == ("a", "b", "")


@pytest.mark.parametrize(
    ("text", "has_header"),
    [
        ("code,n\n1,2\n3,4\n", True),
        ("1,2\n3,4\n5,6\n", False),
        ("甲,1\n乙,2\n丙,3\n", False),
        ("3,?,alfa,88.6\n1,2,audi,99.8\n2,158,bmw,101.2\n", False),
        ("地区,2020,2021\n北京,1,2\n上海,3,4\n", True),
        (",102,105,107\n102,0,1,2\n105,1,0,3\n", True),
        ("名称,地址\n甲,某路\n乙,某街\n", True),
        ("2023-01-02,5\n2023-01-03,6\n", False),
        ("name\n", True),
    ],
)
def test_a_header_names_columns_and_data_do_not(text, has_header):
    assert sniffed(text).dialect.header is has_header


def test_single_quotes_enclose_cells_where_there_are_no_double_ones():
    found = sniffed("a,b\n'1,2','x'\n'3,4','y'\n")
    assert (found.dialect.quote, found.columns) == ("'", 2)


def test_an_apostrophe_in_a_text_is_no_quote():
    assert sniffed("a,b\nMayor's office,1\nCity's yard,2\n").dialect.quote == '"'


def test_what_the_person_says_is_not_questioned():
    told = Dialect("|", "", Newline.LF, 1, header=False)
    found = sniff("a,b\n1|2\n3|4\n", Newline.LF, told)
    assert (found.dialect, found.columns, found.data_line) == (told, 2, 2)


@pytest.mark.parametrize(
    ("counts", "kind"),
    [((5, 0, 0), Newline.LF), ((5, 5, 5), Newline.CRLF), ((0, 5, 0), Newline.CR),
     ((6, 5, 5), Newline.MIXED), ((5, 5, 4), Newline.MIXED), ((0, 0, 0), Newline.LF)],
)  # fmt: skip
def test_line_ends_are_told_by_their_counts(counts, kind):
    assert newline_of(*counts) is kind
