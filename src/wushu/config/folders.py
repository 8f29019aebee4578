"""The folders a node writes to, and the disks they lie on."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def written_to() -> dict[str, Path]:
    """Folder by the name it has in metrics."""
    return {
        "home": Path(settings.HOME),
        "objects": Path(settings.OBJECTS_DIR),
        "evidence": Path(settings.EVIDENCE_DIR),
        "serving": Path(settings.SERVING_DIR),
    }


def standing(folder: Path) -> Path:
    """The folder, or where it is not there yet the nearest above it."""
    while not folder.exists():
        folder = folder.parent
    return folder
