"""Pages about the rules that cases follow: published for good, with where each applies."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wushu.casework import selectors as casework
from wushu.portal import regulation_page


@require_safe
def regulations(request: HttpRequest) -> HttpResponse:
    """Every published regulation, and where it applies from when to when."""
    return render(request, "portal/regulations.html", {"versions": regulation_page.versions()})


@require_safe
def regulation(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version: where it applies, who is who, its procedures, articles and silences."""
    return render(request, "portal/regulation.html", regulation_page.page(key, number))


@require_safe
def procedure(request: HttpRequest, key: str, number: int, procedure: str) -> HttpResponse:
    """One procedure of a version: its flow chart, time limits, steps and states."""
    context = regulation_page.procedure_page(key, number, procedure)
    return render(request, "portal/procedure.html", context)


@require_safe
def chart(request: HttpRequest, key: str, number: int, procedure: str) -> HttpResponse:
    """The flow chart of a procedure as an SVG file."""
    content = regulation_page.chart_file(key, number, procedure)
    return _file(content.encode(), "image/svg+xml", f"{key}-{number}-{procedure}.svg")


@require_safe
def document(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The canonical JSON of a version, byte for byte as its hash was made and logged."""
    view = casework.published_version(key, number)
    response = _file(
        casework.document(view.id).encode(), "application/json", f"{key}-{number}.json"
    )
    response.headers["ETag"] = f'"{view.sha256}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
