"""Binds the seams between apps when the program starts."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The wiring."""

    name = "wushu.config"
    label = "config"

    def ready(self) -> None:
        """Give each app what it needs of one above it."""
        from wushu.config import wiring  # noqa: PLC0415  (models can be imported only now)

        wiring.bind()
