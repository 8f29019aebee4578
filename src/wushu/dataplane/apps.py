"""Django's handle on this app."""

from __future__ import annotations

from django.apps import AppConfig


class DataplaneConfig(AppConfig):
    """The app ``wushu.dataplane``."""

    name = "wushu.dataplane"
    label = "dataplane"
    default_auto_field = "django.db.models.BigAutoField"
