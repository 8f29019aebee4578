"""Masking: values shown otherwise than they are, by declared methods. Pure: expressions of the engine.

No value is falsified: what is shown is less than the true value and says so (a day becomes its month, not
another day), or stands openly for it. What is empty stays empty.

=============  =====================  =========================================================
method         columns                shown
=============  =====================  =========================================================
``hide``       all                    ``***``
``keep:m:n``   text, integer          the first m and the last n characters with ``***`` between;
                                      only ``***`` where that would be all of them
``day``        datetime               ``2024-05-01``
``month``      date, datetime         ``2024-05``
``year``       date, datetime         ``2024``
``step:s``     integer, decimal,      the number without what is left over of s: 1250 is 1200 by
               number                 100, -1250 is -1200
``pseudonym``  text, integer          20 hexadecimal digits of HMAC-SHA256 (RFC 2104) of the text
=============  =====================  =========================================================
"""

from __future__ import annotations

from decimal import Decimal

from wushu.privacy.types import Mask, MaskMethod

HIDDEN = "***"
"""Always as long, whatever it stands for."""
PSEUDONYM_DIGITS = 20
"""80 bits: among ten million values two that get one name are less likely than one in ten thousand million."""

_BLOCK = 64
"""Bytes of SHA-256's block (RFC 2104, 2)."""
_PERIODS = {MaskMethod.DAY: "%Y-%m-%d", MaskMethod.MONTH: "%Y-%m", MaskMethod.YEAR: "%Y"}


def shown_type(mask: Mask, type_: str) -> str:
    """The type of what is shown."""
    return type_ if mask.method is MaskMethod.STEP else "text"


def tells_apart(mask: Mask) -> bool:
    """Whether different values stay different, so that a key is still one."""
    return mask.method is MaskMethod.PSEUDONYM


def expression(mask: Mask, cell: str, text: str, type_: str, scale: int, key: bytes) -> str:
    """What is shown of a cell: SQL of the engine (DuckDB) over the cell and over its text.

    The mask fits (``Mask.fault``); ``key`` is that of pseudonyms.
    """
    if mask.method in _PERIODS:
        return f"strftime({cell}, '{_PERIODS[mask.method]}')"
    if mask.method is MaskMethod.KEEP:
        first, last = (int(one) for one in mask.values)
        return (
            f"CASE WHEN length({text}) <= {first + last} THEN '{HIDDEN}' "
            f"ELSE left({text}, {first}) || '{HIDDEN}' || right({text}, {last}) END"
        )
    if mask.method is MaskMethod.STEP:
        return f"{cell} - {cell} % {_step(Decimal(mask.values[0]), type_, scale)}"
    if mask.method is MaskMethod.PSEUDONYM:
        return f"left({_hmac(key, text)}, {PSEUDONYM_DIGITS})"
    return f"CASE WHEN {cell} IS NOT NULL THEN '{HIDDEN}' END"


def _step(step: Decimal, type_: str, scale: int) -> str:
    named = {"integer": "BIGINT", "decimal": f"DECIMAL(38, {scale})", "number": "DOUBLE"}
    return f"{step:f}::{named[type_]}"


def _hmac(key: bytes, text: str) -> str:
    """HMAC-SHA256 (RFC 2104) of a text in UTF-8, as hexadecimal text."""
    padded = key.ljust(_BLOCK, b"\0")
    inner, outer = (bytes(one ^ pad for one in padded).hex() for pad in (0x36, 0x5C))
    digest = f"sha256(from_hex('{inner}') || encode({text}))"
    return f"sha256(from_hex('{outer}') || from_hex({digest}))"
