"""Django's handle on this app."""

from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The app ``wushu.evidence``."""

    name = "wushu.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
