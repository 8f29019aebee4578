"""Object identifiers: X.660 | ISO/IEC 9834-1 in dotted text, and the UUID arc 2.25 of X.667."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from wushu.kernel.identifiers.refusals import Naming

UUID_ARC = (2, 25)
_SECOND_ARC_CEILING = 39
"""Under the roots 0 and 1 the second arc is at most 39 (X.660)."""
_MAX_ARC_DIGITS = 100
"""X.660 sets no bound; a UUID needs 39, and ``int`` refuses to read thousands."""
_ARC = re.compile(r"0|[1-9][0-9]*")
_NAMING = Naming("对象标识符（OID）", "An object identifier", "至少两段", "at least two arcs")


@dataclass(frozen=True, slots=True)
class Oid:
    """A path in the tree of object identifiers, at least two arcs long."""

    arcs: tuple[int, ...]

    @property
    def parent(self) -> Oid | None:
        """The node above; None above the second arc."""
        return Oid(self.arcs[:-1]) if len(self.arcs) > 2 else None

    @property
    def urn(self) -> str:
        """``urn:oid:…`` (RFC 3061)."""
        return f"urn:oid:{self}"

    @property
    def uuid(self) -> UUID | None:
        """The UUID of ``2.25.<number>``; None for any other identifier."""
        if len(self.arcs) == 3 and self.arcs[:2] == UUID_ARC and self.arcs[2] < 1 << 128:
            return UUID(int=self.arcs[2])
        return None

    def child(self, arc: int) -> Oid:
        """The node below; ``ValueError`` for a negative arc."""
        if arc < 0:
            raise ValueError("an arc is not negative")
        return Oid((*self.arcs, arc))

    def within(self, other: Oid) -> bool:
        """Whether this is the other node or lies below it."""
        return self.arcs[: len(other.arcs)] == other.arcs

    def __str__(self) -> str:
        return ".".join(map(str, self.arcs))


def oid_of_uuid(value: UUID) -> Oid:
    """``2.25.<UUID as an integer>``, needing no registration (X.667, 7)."""
    return Oid((*UUID_ARC, value.int))


def parse_oid(text: str) -> Oid:
    """Read dotted decimal arcs; ``urn:oid:`` before them is accepted.

    Refusals: ``identifier-length`` (fewer than two arcs), ``identifier-part`` (an arc that is no
    number without leading zeros, an arc over 100 digits, a root over 2, a second arc over 39, a UUID
    arc over 128 bits). Positions count characters of the dotted text.
    """
    dotted = text.strip().removeprefix("urn:oid:")
    pieces = dotted.split(".")
    position = 1
    for piece in pieces:
        if not _ARC.fullmatch(piece):
            raise _wrong(
                position, piece, "应为无前导零的十进制数", "a decimal without leading zeros"
            )
        if len(piece) > _MAX_ARC_DIGITS:
            raise _wrong(position, piece, "超过 100 位数字", "it has more than 100 digits")
        position += len(piece) + 1
    if len(pieces) < 2:
        raise _NAMING.wrong_length(len(pieces))
    arcs = tuple(map(int, pieces))
    if arcs[0] > 2:
        raise _wrong(1, pieces[0], "根弧只有 0、1、2", "the root is 0, 1 or 2")
    second = len(pieces[0]) + 2
    if arcs[0] < 2 and arcs[1] > _SECOND_ARC_CEILING:
        raise _wrong(second, pieces[1], "0 和 1 之下最大为 39", "39 is the most under 0 and 1")
    if arcs[:2] == UUID_ARC and len(arcs) > 2 and arcs[2] >= 1 << 128:
        raise _wrong(6, pieces[2], "超过 128 位，不是 UUID", "it exceeds the 128 bits of a UUID")
    return Oid(arcs)


def _wrong(first: int, piece: str, reason_zh: str, reason_en: str) -> Exception:
    last = first + max(len(piece), 1) - 1
    return _NAMING.wrong_part(first, last, piece[:40], reason_zh=reason_zh, reason_en=reason_en)
