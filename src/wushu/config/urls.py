"""Which address is answered by which app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from wushu.config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("wushu.evidence.urls")),
    path("", include("wushu.catalog.urls")),
]
