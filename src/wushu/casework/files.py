"""Regulations where people write them: folders of TOML beside the code."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from wushu.casework.refusals import REGULATION_FAULTY
from wushu.casework.rules.regulations import document_of
from wushu.kernel.errors import Said

REGULATIONS = Path(__file__).parents[1] / "regulations"
"""Rules as dated data, beside the code."""


def regulation_folders(folder: Path = REGULATIONS) -> list[Path]:
    """Folders of all regulations."""
    return sorted(found.parent for found in folder.glob("*/regulation.toml"))


def read_folder(folder: Path) -> dict[str, Any]:
    """A regulation's document out of its files; refuses ``regulation-faulty``."""
    regulation = _toml(folder / "regulation.toml") | _toml(folder / "articles.toml")
    procedures = [_toml(path) for path in sorted((folder / "procedures").glob("*.toml"))]
    if regulation.get("id") != folder.name:
        reason = Said(
            f"须与文件夹同名（{folder.name}）", f"it must be the folder's name, {folder.name}"
        )
        raise REGULATION_FAULTY(file=folder.name, where="id", reason=reason)
    return document_of(regulation, procedures)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = Said(f"读不出（{error}）", f"it cannot be read ({error})")
        name = f"{path.parent.name}/{path.name}"
        raise REGULATION_FAULTY(file=name, where="TOML", reason=reason) from error
