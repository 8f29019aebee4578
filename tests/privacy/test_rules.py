"""Recognisers: what they see in one text, and what they must not see."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wushu.kernel.identifiers import PROVINCE_CODES, bank_card, credit_code, resident_id
from wushu.privacy.rules import (
    PREFILTER,
    announced,
    beyond_chance,
    confidence,
    hits,
    is_person_name,
    masked,
    strays,
)
from wushu.privacy.types import Confidence, Kind


def seen(text: str) -> set[Kind]:
    return {hit.kind for hit in hits(text) if hit.holds}


CARD = "622202123456789012" + bank_card.luhn_check_digit("622202123456789012")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("11010519491231002X", Kind.RESIDENT_ID),
        ("11010519491231002x", Kind.RESIDENT_ID),
        ("110105 19491231 002X", Kind.RESIDENT_ID),
        ("身份证号：440524188001010014。", Kind.RESIDENT_ID),
        ("１１０１０５１９４９１２３１００２Ｘ", Kind.RESIDENT_ID),
        ("No.11010519491231002X", Kind.RESIDENT_ID),
        ("SFZ11010519491231002X", Kind.RESIDENT_ID),
        ("备注sfz440524188001010014，已核", Kind.RESIDENT_ID),
        ("Tel.13800138000", Kind.MOBILE),
        ("住址.13800138000", Kind.MOBILE),
        ("110105491231002", Kind.RESIDENT_ID_15),
        ("13800138000", Kind.MOBILE),
        ("+86 138-0013-8000", Kind.MOBILE),
        ("0086 13800138000", Kind.MOBILE),
        ("8613800138000", Kind.MOBILE),
        ("请致电138 0013 8000联系", Kind.MOBILE),
        ("张三13800138000，李四", Kind.MOBILE),
        (CARD, Kind.BANK_CARD),
        ("4111 1111 1111 1111", Kind.BANK_CARD),
        ("paid with Amex - 378734493671000", Kind.BANK_CARD),
        ("京A12345", Kind.PLATE),
        ("粤B·12345", Kind.PLATE),
        ("车牌粤BD12345已登记", Kind.PLATE),
        ("沪A1234挂", Kind.PLATE),
        ("川A12345D", Kind.PLATE),
        ("Zhang.San+a@mail.example.gov.cn", Kind.EMAIL),
        ("邮箱zhang@example.cn。", Kind.EMAIL),
    ],
)
def test_personal_information_is_seen(text, kind):
    assert kind in seen(text)


def test_the_code_of_a_body_is_recognised_and_is_not_personal():
    assert seen("91350100M000100Y43") == {Kind.CREDIT_CODE}
    assert not Kind.CREDIT_CODE.personal
    assert all(kind.personal for kind in Kind if kind is not Kind.CREDIT_CODE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "110105",
        "441900003001",
        "2022-01-21 13:47:00",
        "2022-01-21T13:47:00.123456+08:00",
        "20220121134700",
        "1705312345678",
        "1705312345",
        "202401151234567890",
        "20240115123456789012",
        "13800138000.25",
        "0.13800138000123456",
        "-71.05870013800138",
        "A13800138000",
        "13800138000123",
        "12800138000",
        "15400138000",
        "123e4567-e89b-12d3-a456-426614174000",
        "https://311.boston.gov/report/photos/61d0688a05bbcf180c297be9/report.jpg",
        "010-62345678",
        "京东方A",
        "川A座",
        "粤BABCDE",
        "@someone",
        "a@b",
        "110105194912310021",
        "11010519491331002X",
        "6222021234567890",
        "SFZ110105194912310021",
        "1.13800138000",
        "X-11010519491231002X",
        "SFZ11010519491231002X9",
        "1A11010519491231002X",
    ],
)
def test_what_only_looks_like_it_is_not_seen(text):
    assert {kind for kind in seen(text) if kind.personal} == set()


bodies_18 = st.from_regex(
    r"(11|44|52)0[1-9]0[1-9]19[5-9][0-9](0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}",
    fullmatch=True,
)


@given(bodies_18, st.integers(0, 16), st.integers(1, 9))
def test_a_resident_number_with_any_digit_changed_is_no_resident_number(body, place, change):
    number = body + resident_id.check_character(body)
    assert Kind.RESIDENT_ID in seen(number)
    changed = str((int(number[place]) + change) % 10)
    assert Kind.RESIDENT_ID not in seen(number[:place] + changed + number[place + 1 :])


@given(
    st.one_of(
        st.text("0123456789X -+@.京A粤Bab·１", max_size=40),
        st.text(max_size=30),
        bodies_18.map(lambda b: b + resident_id.check_character(b)),
        st.text(credit_code.ALPHABET, min_size=17, max_size=17),
    )
)
def test_the_prefilter_never_hides_a_hit(text):
    if hits(text):
        assert re.search(PREFILTER, text)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("身份证号码", Kind.RESIDENT_ID),
        ("ID Number", Kind.RESIDENT_ID),
        ("联系手机", Kind.MOBILE),
        ("Phone", Kind.MOBILE),
        ("法定代表人姓名", Kind.PERSON_NAME),
        ("统一社会信用代码", Kind.CREDIT_CODE),
        ("车牌号", Kind.PLATE),
        ("Ｅｍａｉｌ", Kind.EMAIL),
    ],
)
def test_headers_announce_what_is_below_them(header, kind):
    assert kind in announced(header)


def test_an_ordinary_header_announces_nothing():
    assert announced("district") == announced("金额") == frozenset()


def test_names_of_people_begin_with_a_surname():
    assert is_person_name("王小明")
    assert not is_person_name("东城区")
    assert not is_person_name("王小明有限公司")


def test_matches_that_chance_explains_prove_nothing():
    assert not beyond_chance(10, 100, 0.1)
    assert beyond_chance(20, 100, 0.1)
    assert beyond_chance(1, 1, 0.1)
    assert not beyond_chance(0, 0, 0.0)


def test_confidence_grows_with_header_checksum_and_share():
    def sure(kind, matches, shaped, values, header=False):
        return confidence(kind, matches=matches, shaped=shaped, values=values, header=header)

    assert sure(Kind.BANK_CARD, 10, 100, 100) is Confidence.LOW
    assert sure(Kind.BANK_CARD, 10, 100, 100, header=True) is Confidence.MEDIUM
    assert sure(Kind.BANK_CARD, 1, 1, 1000) is Confidence.MEDIUM
    assert sure(Kind.BANK_CARD, 90, 100, 100) is Confidence.HIGH
    assert sure(Kind.RESIDENT_ID, 1, 1, 1000) is Confidence.HIGH
    assert sure(Kind.PERSON_NAME, 50, 50, 100) is Confidence.LOW
    assert sure(Kind.PERSON_NAME, 50, 50, 100, header=True) is Confidence.HIGH


def test_one_resident_number_that_holds_is_warned_of_though_another_is_mistyped():
    def sure(matches, shaped):
        return confidence(
            Kind.RESIDENT_ID, matches=matches, shaped=shaped, values=500, header=False
        )

    assert sure(1, 2) is Confidence.MEDIUM
    assert sure(1, 3) is Confidence.MEDIUM
    assert sure(0, 2) is Confidence.LOW
    assert sure(10, 100) is Confidence.LOW, "what chance gives of a hundred codes"


def test_only_what_has_a_possible_date_looks_like_a_resident_number():
    assert [hit.kind for hit in hits("110105194912310021")] == [Kind.RESIDENT_ID]
    assert Kind.RESIDENT_ID not in {hit.kind for hit in hits("110105194919310021")}


credit_codes = st.builds(
    lambda head, province, rest, body: head + province + rest + body,
    st.sampled_from(["91", "11", "12", "51", "52", "92", "N2"]),
    st.sampled_from(sorted(PROVINCE_CODES)),
    st.from_regex(r"[0-9]{4}", fullmatch=True),
    st.text(credit_code.ALPHABET, min_size=9, max_size=9),
).map(lambda body: body + credit_code.check_character(body))


@given(credit_codes, st.sampled_from(["", "信用代码", "No.", "USCC:", "(", "代码 "]))
def test_the_code_of_a_body_is_no_resident_number_whatever_stands_before_it(code, before):
    found = seen(before + code)
    if not code.isdigit():  # of digits alone, one in eleven with a date is both
        assert found - {Kind.CREDIT_CODE} == set()


@given(
    st.sampled_from(["DD", "SO", "ORD", "x", "INV"]),
    credit_codes,
    st.from_regex(r"[0-9]{1,6}", fullmatch=True),
)
def test_a_code_within_a_longer_code_is_nothing(before, code, after):
    assert {kind for kind in seen(before + code + after) if kind.personal} == set()


@given(
    st.sampled_from(["", "DD", "SO", "No.", "订单"]),
    st.dates(date(2015, 1, 1), date(2026, 12, 31)),
    st.from_regex(r"[0-9]{10}", fullmatch=True),
)
def test_a_number_that_begins_with_its_day_is_no_resident_number(before, day, serial):
    """Order numbers: 20240115 and a serial, also behind letters. No province is numbered 20."""
    assert Kind.RESIDENT_ID not in seen(f"{before}{day:%Y%m%d}{serial}")


def test_a_few_strays_in_a_column_of_something_else_do_not_count():
    assert strays({Kind.RESIDENT_ID: 1000, Kind.BANK_CARD: 2}, 1000) == {Kind.BANK_CARD}
    assert strays({Kind.EMAIL: 1, Kind.MOBILE: 300}, 100_000) == frozenset()


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        (Kind.RESIDENT_ID, "11010519491231002X", "110*************2X"),
        (Kind.MOBILE, "13800138000", "138******00"),
        (Kind.EMAIL, "zhang@example.cn", "z***@example.cn"),
        (Kind.PERSON_NAME, "王小明", "王**"),
        (Kind.PLATE, "京A12345", "京A****5"),
        (Kind.CREDIT_CODE, "91350100M000100Y43", "91350100M000100Y43"),
    ],
)
def test_examples_are_masked(kind, text, shown):
    assert masked(kind, text) == shown
