"""Addresses of the log; included at the root of the site."""

from __future__ import annotations

from django.urls import path

from wushu.evidence import api, views

urlpatterns = [
    path("evidence/checkpoint", views.checkpoint, name="evidence-checkpoint"),
    path("evidence/key", views.verifier_key, name="evidence-key"),
    path("evidence/tile/<path:path>", views.tile, name="evidence-tile"),
    path("evidence/detail/<str:sha256>", views.detail, name="evidence-detail"),
    path("evidence/entries/<int:index>.tlog-proof", views.proof, name="evidence-proof"),
    path("api/v1/evidence/entries/<int:index>", api.entry, name="evidence-api-entry"),
    path("api/v1/evidence/proof", api.proof, name="evidence-api-proof"),
]
