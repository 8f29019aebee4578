"""Unified social credit code (统一社会信用代码), GB 32100-2015.

18 characters of ``0-9A-Z`` without I, O, S, V, Z: registering authority (1), kind of body (2),
division of the registrar (3-8, GB/T 2260), body identifier (9-17, GB 11714) and a check character
(18; ISO 7064 style, modulus 31, weights 3^(i-1)). Any single wrong character and any swap of
neighbours changes the check character.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import mul

from wushu.kernel.identifiers.division import PROVINCE_CODES
from wushu.kernel.identifiers.refusals import Naming

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
WEIGHTS = tuple(pow(3, i, 31) for i in range(LENGTH - 1))
NATIONAL = "100000"
"""The registrar's division where the registrar is of the State (国家级), below no province."""
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_VALUE_BY_BYTE = bytes(_VALUE.get(chr(byte), 255) for byte in range(256))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NAMING = Naming("统一社会信用代码", "A unified social credit code", "18 位", "18 characters")


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A code whose check character holds."""

    code: str

    @property
    def authority(self) -> str:
        """Registering authority (登记管理部门代码), e.g. ``9`` market regulation."""
        return self.code[0]

    @property
    def category(self) -> str:
        """Kind of body within the authority (机构类别代码)."""
        return self.code[1]

    @property
    def division(self) -> str:
        """Division of the registrar, six digits of GB/T 2260, or ``100000`` for the State."""
        return self.code[2:8]

    @property
    def body_identifier(self) -> str:
        """The organisation code of GB 11714 (主体标识码), nine characters."""
        return self.code[8:17]

    @property
    def body_check_holds(self) -> bool:
        """Whether the body identifier's own check character (GB 11714) holds as well.

        A fact beside the code's validity: registers contain codes whose body identifier was
        assigned without it.
        """
        return organisation_check_character(self.code[8:16]) == self.code[16]

    def __str__(self) -> str:
        return self.code


def check_character(first_17: str) -> str:
    """The 18th character that 17 characters of the alphabet require; ``KeyError`` otherwise."""
    total = sum(_VALUE[c] * w for c, w in zip(first_17, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_check_character(first_8: str) -> str:
    """The ninth character of an organisation code, GB 11714 (modulus 11, 10 is ``X``)."""
    total = sum(
        _ORGANISATION_ALPHABET.index(c) * w
        for c, w in zip(first_8, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X"[-total % 11]


def _has_registrar(division: str) -> bool:
    """Whether six digits can be a registrar's: of a province of GB/T 2260, or of the State.

    Below the province they are not looked up: codes outlive divisions that were merged or renamed.
    """
    return division[:2] in PROVINCE_CODES or division == NATIONAL


def is_credit_code(text: str) -> bool:
    """Whether the text is a credit code, without saying why not: for scanning many values."""
    if len(text) != LENGTH or not text.isascii():
        return False
    values = text.encode().translate(_VALUE_BY_BYTE)
    return (
        max(values) < 31
        and max(values[2:8]) < 10
        and _has_registrar(text[2:8])
        and (sum(map(mul, WEIGHTS, values)) + values[17]) % 31 == 0
    )


def parse_credit_code(text: str) -> CreditCode:
    """Read a code; surrounding blanks and lower case are accepted.

    Refusals: ``identifier-length``, ``identifier-character``, ``identifier-part`` (no division of a
    registrar), ``identifier-check-digit``.
    """
    code = text.strip().upper()
    if len(code) != LENGTH:
        raise _NAMING.wrong_length(len(code))
    for position, character in enumerate(code, start=1):
        if character not in _VALUE:
            raise _NAMING.wrong_character(
                position,
                character,
                allowed_zh="数字或大写字母（不含 I、O、S、V、Z）",
                allowed_en="a digit or a capital other than I, O, S, V, Z",
            )
    _NAMING.require_digits(code, 3, 8)
    if not _has_registrar(code[2:8]):
        raise _NAMING.wrong_part(
            3,
            8,
            code[2:8],
            reason_zh="不是 GB/T 2260 的行政区划，也不是国家级的 100000",
            reason_en="it is no division of GB/T 2260, nor 100000 for the State",
        )
    expected = check_character(code[:17])
    if code[17] != expected:
        raise _NAMING.wrong_check(18, found=code[17], expected=expected)
    return CreditCode(code)
