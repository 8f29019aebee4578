"""Addresses of the catalogue for machines; included at the root."""

from __future__ import annotations

from django.urls import URLPattern, path

from wushu.catalog.api import ckan, complete, descriptions, feeds, oai, rest, sitemap, tables
from wushu.catalog.selectors import MEDIA_TYPES

urlpatterns: list[URLPattern] = [
    *(
        path(f"datasets/<slug:slug>.{suffix}", descriptions.dataset, {"suffix": suffix})
        for suffix in MEDIA_TYPES
    ),
    *(
        path(f"catalog.{suffix}", descriptions.catalog, {"suffix": suffix})
        for suffix in MEDIA_TYPES
    ),
    *(
        path(f"catalog.{suffix}", complete.catalogue, {"suffix": suffix})
        for suffix in complete.MEDIA_TYPES
    ),
    path("datasets/<slug:slug>/datapackage.json", tables.datapackage, name="datapackage"),
    path("data/<slug:slug>.csv-metadata.json", tables.csvw, name="csvw"),
    path("id/<uuid:identifier>", descriptions.identifier, name="identifier"),
    path("datasets.atom", feeds.datasets, name="feed"),
    path("datasets/<slug:slug>.atom", feeds.dataset, name="feed-dataset"),
    path("oai", oai.oai, name="oai"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemap.part, name="sitemap-part"),
    path("api/v1/datasets", rest.datasets, name="api-datasets"),
    path("api/v1/datasets/<slug:slug>", rest.dataset, name="api-dataset"),
    path("api/v1/datasets/<slug:slug>/related", rest.related, name="api-related"),
    path("api/v1/datasets/<slug:slug>/versions", rest.versions, name="api-versions"),
    path("api/3/action/<slug:name>", ckan.action, name="ckan"),
    path("api/action/<slug:name>", ckan.action),
]
