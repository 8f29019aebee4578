"""Identifiers: the standards' own examples, and every error their check digits promise to find."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wushu.kernel.errors import Refusal
from wushu.kernel.identifiers import (
    PROVINCE_CODES,
    DivisionLevel,
    Oid,
    Sex,
    bank_card,
    credit_code,
    is_credit_code,
    is_resident_id,
    luhn_holds,
    oid_of_uuid,
    parse_bank_card,
    parse_credit_code,
    parse_division,
    parse_oid,
    parse_resident_id,
    resident_id,
)

digits = st.text("0123456789", min_size=1)


def refusal_of(parse: Callable[[str], Any], text: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        parse(text)
    return caught.value


# --- unified social credit code, GB 32100-2015 -----------------------------------------------

GB_32100_EXAMPLE = "91350100M000100Y43"
credit_bodies = st.builds(
    lambda head, division, tail: head + division + tail,
    st.text(credit_code.ALPHABET, min_size=2, max_size=2),
    st.one_of(
        st.just(credit_code.NATIONAL),
        st.builds(
            lambda province, rest: province + rest,
            st.sampled_from(sorted(PROVINCE_CODES)),
            st.text("0123456789", min_size=4, max_size=4),
        ),
    ),
    st.text(credit_code.ALPHABET, min_size=9, max_size=9),
)


def test_the_example_of_gb_32100_is_read_into_its_parts():
    code = parse_credit_code(GB_32100_EXAMPLE)
    assert (code.authority, code.category, code.division) == ("9", "1", "350100")
    assert code.body_identifier == "M000100Y4"
    assert code.body_check_holds


def test_a_real_code_is_read_whatever_its_case_and_blanks():
    # Xiaomi's, printed in every one of its annual reports
    assert str(parse_credit_code(" 91110108551385082q\n")) == "91110108551385082Q"


def test_a_wrong_check_character_names_the_expected_one():
    refused = refusal_of(parse_credit_code, "91350100M000100Y4Y")
    assert refused.name == "identifier-check-digit"
    assert (refused.facts["position"], refused.facts["expected"]) == (18, "3")


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_the_standard_leaves_out_are_named_with_their_position(letter):
    refused = refusal_of(parse_credit_code, f"91350100{letter}000100Y43")
    assert refused.name == "identifier-character"
    assert (refused.facts["position"], refused.facts["character"]) == (9, letter)


def test_a_letter_in_the_division_is_refused():
    assert refusal_of(parse_credit_code, "913501A0M000100Y43").facts["position"] == 7


def test_a_code_that_lost_a_digit_says_how_many_there_are():
    assert refusal_of(parse_credit_code, GB_32100_EXAMPLE[1:]).facts["found"] == 17


@pytest.mark.parametrize("division", ["000000", "990000", "100001", "109999", "160000"])
def test_a_credit_code_of_no_registrar_is_refused_though_its_check_character_holds(division):
    body = f"91{division}M000100Y4"
    code = body + credit_code.check_character(body)
    refused = refusal_of(parse_credit_code, code)
    assert refused.name == "identifier-part"
    assert division in refused.sentence("zh")
    assert not is_credit_code(code)


def test_eighteen_zeros_are_no_credit_code():
    assert credit_code.check_character("0" * 17) == "0"
    assert not is_credit_code("0" * 18)


def test_a_registrar_of_the_state_is_one():
    body = "91100000MA00123456"[:17]
    assert parse_credit_code(body + credit_code.check_character(body)).division == "100000"


@given(credit_bodies, st.integers(0, 17), st.sampled_from(credit_code.ALPHABET))
def test_every_single_wrong_character_of_a_credit_code_is_found(body, place, character):
    code = body + credit_code.check_character(body)
    wrong = code[:place] + character + code[place + 1 :]
    assert is_credit_code(code)
    assert is_credit_code(wrong) == (wrong == code)


@given(credit_bodies, st.integers(0, 16))
def test_every_swap_of_neighbours_in_a_credit_code_is_found(body, place):
    code = body + credit_code.check_character(body)
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_credit_code(wrong) == (wrong == code)


@given(st.one_of(credit_bodies, st.text(max_size=20)))
def test_the_quick_check_and_the_parser_of_credit_codes_agree(text):
    for candidate in (text, text + "0"):
        try:
            parsed = str(parse_credit_code(candidate)) == candidate
        except Refusal:
            parsed = False
        assert is_credit_code(candidate) == parsed


def test_codes_made_by_the_rule_of_the_permit_register_are_accepted(permit_codes):
    for code in permit_codes:
        assert parse_credit_code(code).division == code[2:8]


@pytest.fixture
def permit_codes() -> list[str]:
    """The generator's rule: weights 3^i mod 31 over ``91`` + division + nine digits."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = [3**i % 31 for i in range(17)]
    chance = random.Random(20240601)
    made = []
    for _ in range(2000):
        body = (
            "91" + chance.choice(["110101", "441900", "659012"]) + f"{chance.randrange(10**9):09}"
        )
        check = (31 - sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 31) % 31
        made.append(body + alphabet[check])
    return made


# --- citizen identification number, GB 11643-1999 --------------------------------------------

resident_bodies = st.builds(
    lambda place, born, sequence: f"{place}{born:%Y%m%d}{sequence:03}",
    st.sampled_from(["110105", "440524", "513437", "810000", "830000"]),
    st.dates(date(1850, 1, 1), date(2025, 12, 31)),
    st.integers(0, 999),
)


def test_the_first_example_of_gb_11643_is_a_woman_born_in_1949():
    person = parse_resident_id("11010519491231002X")
    assert (person.division.code, person.born, person.sex) == (
        "110105",
        date(1949, 12, 31),
        Sex.FEMALE,
    )


def test_the_second_example_of_gb_11643_is_a_man_born_in_1880():
    person = parse_resident_id("440524188001010014")
    assert (person.division.code, person.born, person.sex) == (
        "440524",
        date(1880, 1, 1),
        Sex.MALE,
    )


def test_a_number_of_the_1989_standard_is_read_into_eighteen_characters():
    assert parse_resident_id("110105491231002").number == "11010519491231002X"


def test_the_1989_sequences_for_people_over_a_hundred_mean_the_century_before():
    assert parse_resident_id("440524800101997").born == date(1880, 1, 1)


def test_a_lower_case_x_is_the_same_number():
    assert parse_resident_id("11010519491231002x").number == "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "name", "first"),
    [
        ("1101051949123100", "identifier-length", None),
        ("1101051949123100A1", "identifier-character", 17),
        ("11010519491231002Y", "identifier-character", 18),
        ("99010519491231002X", "identifier-part", 1),
        ("11010519491331002X", "identifier-part", 7),
        ("110105491331002", "identifier-part", 7),
        ("110105194912310021", "identifier-check-digit", 18),
    ],
)
def test_a_wrong_number_is_refused_by_name_and_position(text, name, first):
    refused = refusal_of(parse_resident_id, text)
    assert refused.name == name
    assert refused.facts.get("first", refused.facts.get("position")) == first


def test_nobody_is_born_after_today():
    def parse(text):
        return parse_resident_id(text, today=date(1949, 12, 30))

    assert refusal_of(parse, "11010519491231002X").name == "identifier-part"


def test_neither_refusals_nor_repr_give_the_number_away():
    person = parse_resident_id("11010519491231002X")
    assert "19491231" not in f"{person!r}{person}{[person]}"
    assert "19491231" not in str(refusal_of(parse_resident_id, "110105194912310021"))


@given(resident_bodies, st.integers(0, 16), st.sampled_from("0123456789"))
def test_every_single_wrong_digit_of_a_resident_number_is_found(body, place, digit):
    number = body + resident_id.check_character(body)
    wrong = number[:place] + digit + number[place + 1 :]
    assert is_resident_id(number)
    assert is_resident_id(wrong) == (wrong == number)


@given(resident_bodies, st.integers(0, 16))
def test_every_swap_of_neighbours_in_a_resident_number_is_found(body, place):
    number = body + resident_id.check_character(body)
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert is_resident_id(wrong) == (wrong == number)


# --- bank card, ISO/IEC 7812-1 ---------------------------------------------------------------


def test_the_worked_example_of_the_luhn_formula_holds():
    # ISO/IEC 7812-1 annex B and Luhn's patent US 2,950,048 compute with 7992739871 -> 3
    assert bank_card.luhn_check_digit("7992739871") == "3"


def test_a_grouped_card_number_is_read_and_masked():
    # the number card schemes print in their test guides
    card = parse_bank_card("4111 1111-1111 1111")
    assert (card.number, card.issuer) == ("4111111111111111", "411111")
    assert repr(card) == "BankCard('411111******1111')"


@given(st.text("0123456789", min_size=14, max_size=18), st.data())
def test_every_single_wrong_digit_of_a_card_is_found(body, data):
    number = body + bank_card.luhn_check_digit(body)
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = number[:place] + data.draw(st.sampled_from("0123456789")) + number[place + 1 :]
    assert luhn_holds(wrong) == (wrong == number)


@given(st.text("0123456789", min_size=14, max_size=18), st.data())
def test_every_swap_of_neighbours_in_a_card_is_found_except_09_and_90(body, data):
    number = body + bank_card.luhn_check_digit(body)
    place = data.draw(st.integers(0, len(number) - 2))
    pair = number[place : place + 2]
    wrong = number[:place] + pair[::-1] + number[place + 2 :]
    assert luhn_holds(wrong) == (wrong == number or pair in ("09", "90"))


def test_a_wrong_card_digit_names_the_expected_one():
    refused = refusal_of(parse_bank_card, "622202123456789" + "0")
    assert refused.facts["expected"] == bank_card.luhn_check_digit("622202123456789") != "0"


# --- divisions, GB/T 2260 and below ----------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "level", "short", "parent"),
    [
        ("11", "province", "11", None),
        ("440000", "province", "44", None),
        ("4419", "prefecture", "4419", "44"),
        ("441900", "prefecture", "4419", "44"),
        ("110105", "county", "110105", "1101"),
        ("110101001", "township", "110101001", "110101"),
        ("441900003", "township", "441900003", "4419"),
        ("350527000", "county", "350527", "3505"),
        ("110101001001", "village", "110101001001", "110101001"),
        ("110101001000", "township", "110101001", "110101"),
        ("441900003001", "village", "441900003001", "441900003"),
    ],
)
def test_a_division_code_says_its_level_and_its_parent(code, level, short, parent):
    division = parse_division(code)
    assert division.level == level
    assert division.short == short
    assert (division.parent.code if division.parent else None) == parent


def test_a_division_lies_within_its_ancestors_and_itself_only():
    street = parse_division("441900003001")
    assert [a.code for a in street.ancestors] == ["441900003", "4419", "44"]
    assert street.within(parse_division("440000"))
    assert street.within(parse_division("441900003001"))
    assert not street.within(parse_division("4418"))


def test_a_division_can_be_written_longer_but_never_cut():
    assert parse_division("4419").padded(12) == "441900000000"
    with pytest.raises(ValueError, match="cannot be written"):
        parse_division("110105").padded(4)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("1", "identifier-length"),
        ("1101011", "identifier-length"),
        ("11O105", "identifier-character"),
        ("１１０１０５", "identifier-character"),
        ("999999", "identifier-part"),
        ("110001", "identifier-part"),
        ("110101000001", "identifier-part"),
    ],
)
def test_a_code_that_can_be_no_division_is_refused(code, name):
    assert refusal_of(parse_division, code).name == name


@pytest.mark.data
def test_every_code_of_the_national_tables_is_read_with_its_level_and_parent(test_data: Path):
    folder = test_data / "public" / "admin-divisions"
    for table, level in (("provinces", "province"), ("cities", "prefecture"), ("areas", "county")):
        for row in _rows(folder / f"{table}.csv"):
            # a prefecture without counties (东莞 441900) stands for itself among the counties
            undivided = table == "areas" and row["code"].endswith("00")
            assert parse_division(row["code"]).level == ("prefecture" if undivided else level)
    for row in _rows(folder / "streets.csv"):
        street = parse_division(row["code"])
        assert street.within(parse_division(row["areaCode"]))
        # 金门县 stands among the streets without one of its own
        assert street.level is (
            DivisionLevel.COUNTY if row["code"].endswith("000") else DivisionLevel.TOWNSHIP
        )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- object identifiers, X.660 and X.667 -----------------------------------------------------


def test_the_uuid_example_of_x_667_maps_both_ways():
    uuid = UUID("f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
    text = "2.25.329800735698586629295641978511506172918"
    assert str(oid_of_uuid(uuid)) == text
    assert parse_oid(text).uuid == uuid


@given(st.uuids())
def test_every_uuid_survives_the_way_through_its_oid(uuid):
    assert parse_oid(oid_of_uuid(uuid).urn).uuid == uuid


@given(
    st.one_of(
        st.tuples(st.integers(0, 1), st.integers(0, 39)),
        st.tuples(st.just(2), st.integers(0, 24)),
    ),
    st.lists(st.integers(min_value=0)),
)
def test_every_oid_is_read_back_as_written(head, tail):
    oid = Oid((*head, *tail))
    assert parse_oid(str(oid)) == oid
    assert oid.uuid is None
    assert oid.child(7).within(oid)
    assert oid.child(7).parent == oid


@given(st.sampled_from("1379"), st.integers(1, 100))
def test_an_arc_of_up_to_a_hundred_digits_is_read(digit, count):
    assert str(parse_oid(f"1.2.{digit * count}")) == f"1.2.{digit * count}"


@given(st.sampled_from("1379"), st.integers(101, 6000), st.sampled_from([("2.", 3), ("1.2.", 5)]))
def test_an_arc_of_more_digits_is_refused_with_the_place(digit, count, before):
    refused = refusal_of(parse_oid, before[0] + digit * count)
    assert (refused.name, refused.facts["first"]) == ("identifier-part", before[1])


@pytest.mark.parametrize(
    ("text", "name", "first"),
    [
        ("1", "identifier-length", None),
        ("3.1", "identifier-part", 1),
        ("1.40", "identifier-part", 3),
        ("1.2.156.007", "identifier-part", 9),
        ("1.2..3", "identifier-part", 5),
        ("1.2.a", "identifier-part", 5),
        ("", "identifier-part", 1),
        ("2.25.340282366920938463463374607431768211456", "identifier-part", 6),
    ],
)
def test_a_text_that_is_no_oid_is_refused_with_the_place(text, name, first):
    refused = refusal_of(parse_oid, text)
    assert refused.name == name
    assert refused.facts.get("first") == first
