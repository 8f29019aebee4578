"""Modules that are slow to load and seldom needed: loaded when something of them is first used.

Each costs every command and every serving process between a tenth of a second and a second at its start.
A type checker is told of the true module: ``if TYPE_CHECKING: import that; else: that = lazily("that")``.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class _Lazily:
    """Stands for a module. Imports are safe among threads, so that nothing is locked here."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._name), name)


def lazily(name: str) -> Any:
    """The module of this name, not loaded yet."""
    return _Lazily(name)
