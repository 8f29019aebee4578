"""Django's handle on this app."""

from __future__ import annotations

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """The app ``wushu.parties``."""

    name = "wushu.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"
