"""``/oai``: the catalogue for harvesters by OAI-PMH 2.0."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wushu.catalog.oai import provider


@csrf_exempt  # the protocol's POST carries no session and changes nothing (section 3.1.1.2)
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    """One request of the protocol, by query string or by form."""
    given = request.POST if request.method == "POST" else request.GET
    arguments = {name: given.getlist(name) for name in given}
    return HttpResponse(
        provider.respond(arguments, timezone.now()), content_type="text/xml; charset=utf-8"
    )
