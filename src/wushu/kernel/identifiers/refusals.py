"""Why a text is not the identifier it should be: named, with the position and what was expected.

No refusal carries the whole text: a resident number in a log would be personal data in a log.
Positions count from 1, as the standards do.
"""

from __future__ import annotations

from dataclasses import dataclass

from wushu.kernel.errors import Refusal, kind

IDENTIFIER_LENGTH = kind(
    "identifier-length",
    422,
    zh="{what_zh}应为{expected_zh}，实际长度为 {found}。",
    en="{what_en} has {expected_en}; this one has {found}.",
    way_out_zh="请检查是否漏写、多写，或被表格软件改成了数字。",
    way_out_en="Check for missing or extra characters, or a spreadsheet that made it a number.",
)
IDENTIFIER_CHARACTER = kind(
    "identifier-character",
    422,
    zh="{what_zh}第 {position} 位“{character}”不允许：此处应为{allowed_zh}。",
    en="{what_en} cannot have “{character}” at position {position}: {allowed_en} belongs there.",
    way_out_zh="请对照证照逐位核对。",
    way_out_en="Compare it with the certificate, character by character.",
)
IDENTIFIER_CHECK_DIGIT = kind(
    "identifier-check-digit",
    422,
    zh="{what_zh}第 {position} 位校验码为“{found}”，按前面各位计算应为“{expected}”。",
    en="{what_en} ends in the check digit “{found}” at position {position};"
    " the characters before it require “{expected}”.",
    way_out_zh="某一位写错或相邻两位颠倒，请对照证照逐位核对。",
    way_out_en="A character is wrong or two are swapped; compare it with the certificate.",
)
IDENTIFIER_PART = kind(
    "identifier-part",
    422,
    zh="{what_zh}第 {first} 至 {last} 位“{part}”不正确：{reason_zh}。",
    en="{what_en} has “{part}” at positions {first} to {last}, which is wrong: {reason_en}.",
    way_out_zh="请对照证照核对这几位。",
    way_out_en="Compare these positions with the certificate.",
)


@dataclass(frozen=True, slots=True)
class Naming:
    """What an identifier is called in refusals, and how long it is."""

    zh: str
    en: str
    length_zh: str
    length_en: str

    def wrong_length(self, found: int) -> Refusal:
        """``identifier-length``."""
        return IDENTIFIER_LENGTH(
            what_zh=self.zh,
            what_en=self.en,
            expected_zh=self.length_zh,
            expected_en=self.length_en,
            found=found,
        )

    def wrong_character(
        self, position: int, character: str, *, allowed_zh: str, allowed_en: str
    ) -> Refusal:
        """``identifier-character``; ``position`` counts from 1."""
        return IDENTIFIER_CHARACTER(
            what_zh=self.zh,
            what_en=self.en,
            position=position,
            character=character,
            allowed_zh=allowed_zh,
            allowed_en=allowed_en,
        )

    def wrong_check(self, position: int, *, found: str, expected: str) -> Refusal:
        """``identifier-check-digit``."""
        return IDENTIFIER_CHECK_DIGIT(
            what_zh=self.zh,
            what_en=self.en,
            position=position,
            found=found,
            expected=expected,
        )

    def wrong_part(
        self, first: int, last: int, part: str, *, reason_zh: str, reason_en: str
    ) -> Refusal:
        """``identifier-part``: the characters are allowed, together they mean nothing."""
        return IDENTIFIER_PART(
            what_zh=self.zh,
            what_en=self.en,
            first=first,
            last=last,
            part=part,
            reason_zh=reason_zh,
            reason_en=reason_en,
        )

    def require_digits(self, text: str, first: int = 1, last: int | None = None) -> None:
        """Refuse the first character between the positions that is not an ASCII digit."""
        for position, character in enumerate(text[first - 1 : last], start=first):
            if not ("0" <= character <= "9"):
                raise self.wrong_character(
                    position, character, allowed_zh="数字 0-9", allowed_en="a digit 0-9"
                )
