"""Identifiers with their check digits. Parsers give a frozen value or a named refusal."""

from wushu.kernel.identifiers.bank_card import BankCard, luhn_holds, parse_bank_card
from wushu.kernel.identifiers.credit_code import CreditCode, is_credit_code, parse_credit_code
from wushu.kernel.identifiers.division import (
    PROVINCE_CODES,
    Division,
    DivisionLevel,
    parse_division,
)
from wushu.kernel.identifiers.oid import Oid, oid_of_uuid, parse_oid
from wushu.kernel.identifiers.refusals import (
    IDENTIFIER_CHARACTER,
    IDENTIFIER_CHECK_DIGIT,
    IDENTIFIER_LENGTH,
    IDENTIFIER_PART,
)
from wushu.kernel.identifiers.resident_id import (
    ResidentId,
    Sex,
    is_resident_id,
    parse_resident_id,
)

__all__ = [
    "IDENTIFIER_CHARACTER",
    "IDENTIFIER_CHECK_DIGIT",
    "IDENTIFIER_LENGTH",
    "IDENTIFIER_PART",
    "PROVINCE_CODES",
    "BankCard",
    "CreditCode",
    "Division",
    "DivisionLevel",
    "Oid",
    "ResidentId",
    "Sex",
    "is_credit_code",
    "is_resident_id",
    "luhn_holds",
    "oid_of_uuid",
    "parse_bank_card",
    "parse_credit_code",
    "parse_division",
    "parse_oid",
    "parse_resident_id",
]
