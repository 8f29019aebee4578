"""Which address is answered by which app."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from wushu.config import (
    health,
    metrics,
    openapi,
    regulations_api,
    scoreboard_api,
    status,
    usage_api,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.view, name="metrics"),
    path("api/v1/openapi.json", openapi.view, name="openapi"),
    path("api/v1/regulations", regulations_api.regulations, name="api-regulations"),
    path(
        "api/v1/regulations/<slug:key>/<int:number>",
        regulations_api.regulation,
        name="api-regulation",
    ),
    path("api/v1/scoreboard", scoreboard_api.scoreboard, name="api-scoreboard"),
    path("api/v1/usage", usage_api.usage, name="api-usage"),
    path("", include("wushu.evidence.urls")),
    path("", include("wushu.catalog.urls")),
    path("", include("wushu.opening.urls")),
    *i18n_patterns(
        path("status", status.view, name="status"),
        path("", include("wushu.portal.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "wushu.portal.views.errors.bad_request"
handler403 = "wushu.portal.views.errors.forbidden"
handler404 = "wushu.portal.views.errors.not_found"
handler500 = "wushu.portal.views.errors.server_failed"
