"""Django's handle on this app."""

from __future__ import annotations

from django.apps import AppConfig


class OpeningConfig(AppConfig):
    """The app ``wushu.opening``."""

    name = "wushu.opening"
    label = "opening"
    default_auto_field = "django.db.models.BigAutoField"
