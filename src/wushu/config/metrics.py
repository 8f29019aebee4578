"""``/metrics`` in Prometheus' text format: what went through this node, and how it stands.

What went through is counted by each process where it happens. ``wushu serve`` gives its processes a
folder (``PROMETHEUS_MULTIPROC_DIR``) whose files they count in, so that whichever of them is asked
answers for all. How the node stands (loads, log, queue, disk) is asked of the database and the disk
when somebody looks.
"""

from __future__ import annotations

import hmac
import os
import shutil
import time
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from wushu.config import heartbeat
from wushu.config.folders import standing, written_to
from wushu.config.refusals import METRICS_CLOSED
from wushu.dataplane import selectors as dataplane
from wushu.evidence import selectors as evidence
from wushu.kernel.languages import language_of
from wushu.kernel.noting import Noted
from wushu.opening import selectors as opening

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds."""
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})

_registry = CollectorRegistry()
REQUESTS = Counter(
    "wushu_requests", "Answers, by route, method and status (0: the client left).",
    ["route", "method", "status"], registry=_registry,
)  # fmt: skip
SECONDS = Histogram(
    "wushu_request_seconds", "From the request to the end of its answer.",
    ["route"], buckets=BUCKETS, registry=_registry,
)  # fmt: skip
BYTES = Counter(
    "wushu_response_bytes", "Bytes of answers, headers apart.", ["route"], registry=_registry
)
REFUSALS = Counter(
    "wushu_refusals", "Refusals, by name (docs/reference/errors.md).", ["name"],
    registry=_registry,
)  # fmt: skip
ROWS = Counter(
    "wushu_rows_served", "Rows that went out in pages; downloads are counted in bytes.",
    registry=_registry,
)  # fmt: skip


def count(noted: Noted, method: str, status: int, seconds: float, size: int) -> None:
    """One answer."""
    route = noted.route or "other"
    requests, latency, sent = _children(route, method if method in _METHODS else "other", status)
    requests.inc()
    latency.observe(seconds)
    if size:
        sent.inc(size)
    if noted.rows:
        ROWS.inc(noted.rows)
    if refused := noted.refused_as(status):
        REFUSALS.labels(refused).inc()


@lru_cache(maxsize=4096)
def _children(route: str, method: str, status: int) -> tuple[Any, Any, Any]:
    """The counters of these labels, looked up once."""
    return REQUESTS.labels(route, method, status), SECONDS.labels(route), BYTES.labels(route)


class NodeState(Collector):
    """How the node stands, asked when it is collected: eight short queries."""

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        """One family each."""
        loads = GaugeMetricFamily("wushu_loads", "Loads, by state.", labels=["state"])
        for state, number in dataplane.loads_by_state().items():
            loads.add_metric([state], number)
        yield loads
        yield _gauge("wushu_log_waiting", "Acts without a place in the tree.",
                     evidence.unsequenced_count())  # fmt: skip
        yield _gauge("wushu_log_size", "Entries with a place in the tree.",
                     evidence.sequenced_size())  # fmt: skip
        yield _gauge("wushu_receipts_unsealed", "Receipts whose root is not in the log.",
                     dataplane.receipts_unsealed())  # fmt: skip
        yield _gauge("wushu_notices_waiting", "Notices that wait to be sent.",
                     opening.outbox_size())  # fmt: skip
        queue = GaugeMetricFamily("wushu_queue", "Background tasks, by state.", labels=["state"])
        queue.add_metric(["ready"], DBTaskResult.objects.ready().count())
        queue.add_metric(["running"], DBTaskResult.objects.running().count())
        queue.add_metric(["failed"], DBTaskResult.objects.failed().count())
        yield queue
        age = heartbeat.age()
        if age is not None:
            yield _gauge("wushu_worker_heartbeat_timestamp_seconds",
                         "When a worker last showed that it lives.", time.time() - age)  # fmt: skip
        yield _disks()


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def _disks() -> GaugeMetricFamily:
    free = GaugeMetricFamily("wushu_disk_free_bytes", "Room on the disk.", labels=["folder"])
    for name, folder in written_to().items():
        free.add_metric([name], shutil.disk_usage(standing(folder)).free)
    return free


def text() -> bytes:
    """All of it, for every process of this node where they share a folder."""
    state = CollectorRegistry()
    state.register(NodeState())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    else:
        counted = _registry
    return generate_latest(counted) + generate_latest(state)


def _is_allowed(request: HttpRequest) -> bool:
    """The token where one is set and sent; else only who asks from this host, by no proxy."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    token = settings.METRICS_TOKEN
    if token and given and hmac.compare_digest(given.encode(), token.encode()):
        return True
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via")):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """Counters and gauges for Prometheus, for the node's own host or with the token."""
    if not _is_allowed(request):
        refusal = METRICS_CLOSED()
        return JsonResponse(
            refusal.as_problem(language_of(get_language())),
            status=refusal.status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    return HttpResponse(text(), content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})
