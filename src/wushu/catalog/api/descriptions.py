"""``/datasets/<slug>.ttl`` and its kin, ``/catalog.ttl``, and the permanent ``/id/<uuid>``."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers

from wushu.catalog import selectors
from wushu.catalog.api.responses import absolute, answering, rdf_response, require_known
from wushu.evidence import selectors as evidence


@answering
def dataset(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
    """One dataset in DCAT-AP 3.0.1."""
    return rdf_response(selectors.serialise(selectors.dcat_graph(slug), suffix), suffix)


@answering
def catalog(request: HttpRequest, suffix: str) -> HttpResponse:
    """One page of the catalogue in DCAT-AP 3.0.1; ``hydra:next`` leads to the next."""
    require_known(request, ["cursor"])
    graph = selectors.catalog_graph(suffix=suffix, cursor=request.GET.get("cursor") or None)
    return rdf_response(selectors.serialise(graph, suffix), suffix)


@answering
def identifier(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """From what a thing is called for ever to where it is described today (303, RFC 9110)."""
    suffix = selectors.negotiate(request.headers.get("Accept", ""))
    if identifier == evidence.node().node_uuid:
        path = f"/catalog.{suffix}" if suffix else "/"
    else:
        target = selectors.identifier_target(identifier)
        path = f"/datasets/{target.slug}.{suffix}" if suffix and target.slug else target.page
    response = HttpResponseRedirect(absolute(path))
    response.status_code = 303
    patch_vary_headers(response, ["Accept"])
    return response
