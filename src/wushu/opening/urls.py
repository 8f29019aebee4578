"""Addresses of this app for programs; included at the root."""

from __future__ import annotations

from django.urls import URLPattern, path

from wushu.opening import api

urlpatterns: list[URLPattern] = [
    path("api/v1/subscriptions", api.subscriptions, name="api-subscriptions"),
    path("api/v1/subscriptions/<uuid:key>", api.subscription, name="api-subscription"),
]
