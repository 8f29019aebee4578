"""Django's handle on this app."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The app ``wushu.portal``."""

    name = "wushu.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
