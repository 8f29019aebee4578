"""Django's handle on this app."""

from __future__ import annotations

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """The app ``wushu.privacy``."""

    name = "wushu.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"
