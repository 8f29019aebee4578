"""Which open case suspended the opening of a dataset, asked of who knows the cases.

Casework lies beside the catalogue, and the program binds it when it starts. Where nothing is bound,
a dataset is opened again by the two-person gate alone.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from wushu.catalog.types import SealingCase

Finder = Callable[[UUID], SealingCase | None]
"""Asked with a dataset."""

_finders: list[Finder] = []


def sealing_bind(finder: Finder) -> None:
    """Ask this one from now on."""
    _finders[:] = [finder]


def sealing_case(entry: UUID) -> SealingCase | None:
    """The open case by whose step the dataset was sealed, which decides how that ends; None: none is."""
    return _finders[0](entry) if _finders else None
