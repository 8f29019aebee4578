"""What a check finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from wushu.kernel.errors import Said


class Level(StrEnum):
    """What a finding asks for."""

    FAULT = "fault"
    """Something is wrong: the doctor ends with 3."""
    NOTE = "note"
    """Something to know, that needs no hand now or only before the node is a real one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or worth knowing."""

    kind: str
    where: str
    message: Said
    way_out: Said | None = None
    level: Level = Level.FAULT

    def as_json(self) -> dict[str, str]:
        """For ``--json``: English, with the Chinese beside it."""
        way_out = self.way_out or Said("", "")
        return {
            "kind": self.kind, "where": self.where, "level": self.level.value,
            "message": self.message.en, "way_out": way_out.en,
            "zh": self.message.zh, "way_out_zh": way_out.zh,
        }  # fmt: skip


Check = Callable[[], Iterator[Finding]]

START_THE_WORKER = Said(
    "启动 wushu worker，或查看它的输出", "start `wushu worker`, or see what it says"
)
