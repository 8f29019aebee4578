"""Indicator systems where people write them: ``assessment.toml`` in the folder of a regulation."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from wushu.casework import selectors as casework
from wushu.kernel.errors import Refusal, Said
from wushu.opening.planning_refusals import INDICATORS_FAULTY
from wushu.opening.rules import assessing as rules
from wushu.opening.types import IndicatorSystem

_NAME = "assessment.toml"


def indicator_folders() -> list[Path]:
    """Folders of regulations that declare an indicator system."""
    return [one for one in casework.regulation_folders() if (one / _NAME).is_file()]


def indicator_system(folder: Path) -> IndicatorSystem:
    """The system of a folder; refuses ``indicators-faulty``."""
    return rules.system_of(_read(folder), folder.name)


def indicator_faults(folder: Path) -> list[Refusal]:
    """All that is wrong in the file of a folder."""
    try:
        document = _read(folder)
    except Refusal as refusal:
        return [refusal]
    return rules.faults(document, folder.name)


def _read(folder: Path) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / _NAME).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = Said(f"读不出（{error}）", f"it cannot be read ({error})")
        raise INDICATORS_FAULTY(
            file=f"{folder.name}/{_NAME}", where="TOML", reason=reason
        ) from error
