"""Django's handle on this app."""

from __future__ import annotations

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The app ``wushu.casework``."""

    name = "wushu.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"
