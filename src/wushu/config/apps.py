"""Binds the seams between apps when the program starts."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The wiring."""

    name = "wushu.config"
    label = "config"

    def ready(self) -> None:
        """Give ``parties``, which lies below the log, the log's recorder."""
        from wushu.evidence.services import Rerecording, record  # noqa: PLC0415  (apps are ready only now)
        from wushu.kernel import acts, migrating  # noqa: PLC0415

        acts.bind(record)
        migrating.bind(Rerecording())
