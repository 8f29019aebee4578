"""Django's handle on this app."""

from __future__ import annotations

from django.apps import AppConfig


class HarvestConfig(AppConfig):
    """The app ``wushu.harvest``."""

    name = "wushu.harvest"
    label = "harvest"
    default_auto_field = "django.db.models.BigAutoField"
