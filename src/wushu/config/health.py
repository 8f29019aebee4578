"""``/healthz`` and ``/readyz``: is the process alive, may it be sent requests."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import resolve
from django.views.decorators.http import require_safe

from wushu.evidence import selectors as evidence

PROBES = ("/healthz", "/readyz")


class ProbeMiddleware:
    """Answers the probes before anything asks which host was meant.

    A prober (``wushu serve``, a proxy, an orchestrator) names the address it dialled, which need not
    be one of ``WUSHU_ALLOWED_HOSTS``; the answers are the same whatever the name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The probe's answer, or what the rest of the node says."""
        if request.path_info in PROBES:
            answer: HttpResponse = resolve(request.path_info).func(request)
            return answer
        return self.get_response(request)


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"status": "alive"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, its tables are current and the node is initialised.

    Else 503, with what is missing by name.
    """
    missing = unready()
    return JsonResponse(
        {"status": "ready" if not missing else "not ready", "missing": missing},
        status=503 if missing else 200,
    )


def unready() -> list[str]:
    """What keeps the node from answering: ``database``, ``migrations``, ``initialisation``."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return ["migrations"]
        return [] if evidence.node_or_none() is not None else ["initialisation"]
    except DatabaseError:
        return ["database"]
