"""Django's handle on this app."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """The app ``wushu.catalog``."""

    name = "wushu.catalog"
    label = "catalog"
    default_auto_field = "django.db.models.BigAutoField"
