"""What Prometheus is told: by whom it may be asked, and that the numbers are the node's."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from tests.catalog.conftest import City, city, node
from wushu.config import heartbeat, metrics
from wushu.config.commands import doctor
from wushu.evidence import services as evidence
from wushu.kernel.noting import Noted

__all__ = ["city", "node"]

Sample = tuple[str, tuple[tuple[str, str], ...]]


def numbers(text: str) -> dict[Sample, float]:
    """Every sample, read by Prometheus' own parser."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.django_db
def test_the_state_of_the_node_is_what_the_database_says(city: City, client: Client) -> None:
    before = numbers(client.get("/metrics").content.decode())
    assert before["wushu_log_waiting", ()] > 0
    evidence.sequence()
    now = numbers(client.get("/metrics").content.decode())
    assert now["wushu_log_waiting", ()] == 0
    assert (
        now["wushu_log_size", ()] == before["wushu_log_size", ()] + before["wushu_log_waiting", ()]
    )
    assert now["wushu_loads", (("state", "failed"),)] == 0
    assert now["wushu_queue", (("state", "ready"),)] == 0
    assert now["wushu_receipts_unsealed", ()] == 0
    for folder in ("home", "objects", "evidence", "serving"):
        assert now["wushu_disk_free_bytes", (("folder", folder),)] > 0


@pytest.mark.django_db
def test_a_worker_shows_that_it_lives(node: Any, client: Client) -> None:
    name = "wushu_worker_heartbeat_timestamp_seconds"
    assert (name, ()) not in numbers(client.get("/metrics").content.decode())
    beating = heartbeat.Heartbeat()
    beating.beat()
    found = numbers(client.get("/metrics").content.decode())
    assert abs(found[name, ()] - time.time()) < 60
    assert heartbeat.silent() == []
    os.utime(beating.path, (0, time.time() - 300))
    assert [one for one, _ in heartbeat.silent()] == [beating.path.name]
    assert [one.kind for one in doctor.check_worker()] == ["worker-silent"]
    beating.end()
    assert list(doctor.check_worker()) == []
    assert heartbeat.age() is None


@pytest.mark.django_db
def test_an_answer_is_counted_by_its_route_its_status_and_its_refusal(
    node: Any, client: Client
) -> None:
    noted = Noted(route="/only/in/this/test", refusal="not-found", refusal_status=404, rows=7)
    before = numbers(client.get("/metrics").content.decode())
    metrics.count(noted, "GET", 404, 0.004, 1234)
    metrics.count(noted, "BREW", 404, 0.3, 0)
    now = numbers(client.get("/metrics").content.decode())
    route = ("route", "/only/in/this/test")
    assert now["wushu_requests_total", (("method", "GET"), route, ("status", "404"))] == 1
    assert now["wushu_requests_total", (("method", "other"), route, ("status", "404"))] == 1
    assert now["wushu_request_seconds_bucket", (("le", "0.005"), route)] == 1
    assert now["wushu_request_seconds_count", (route,)] == 2
    assert now["wushu_response_bytes_total", (route,)] == 1234
    refusals = ("wushu_refusals_total", (("name", "not-found"),))
    assert now[refusals] - before.get(refusals, 0) == 2
    assert now["wushu_rows_served_total", ()] - before["wushu_rows_served_total", ()] == 14


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asking", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "10.0.0.8"}, 403),
        ({"REMOTE_ADDR": ""}, 403),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 403),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=192.0.2.1"}, 403),
        ({"REMOTE_ADDR": "10.0.0.8", "HTTP_AUTHORIZATION": "Bearer right"}, 200),
        ({"REMOTE_ADDR": "10.0.0.8", "HTTP_AUTHORIZATION": "Bearer wrong"}, 403),
        ({"REMOTE_ADDR": "10.0.0.8", "HTTP_AUTHORIZATION": "Bearer "}, 403),
    ],
)
def test_only_the_host_itself_and_who_holds_the_token_are_answered(
    node: Any, client: Client, settings: Any, asking: dict[str, str], status: int
) -> None:
    settings.METRICS_TOKEN = "right"
    answer = client.get("/metrics", **asking)  # type: ignore[arg-type]
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["name"] == "metrics-closed"
        assert b"wushu_log_size" not in answer.content


@pytest.mark.django_db
def test_without_a_token_no_token_opens(node: Any, client: Client) -> None:
    answer = client.get("/metrics", REMOTE_ADDR="10.0.0.8", HTTP_AUTHORIZATION="Bearer ")
    assert answer.status_code == 403


COUNTING = """
import django; django.setup()
from wushu.config import metrics
from wushu.kernel.noting import Noted
metrics.count(Noted(route="/shared"), "GET", 200, 0.001, 10)
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
counted = CollectorRegistry(); MultiProcessCollector(counted)
print(generate_latest(counted).decode())
"""


def test_each_of_several_processes_answers_for_all(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for number in (1, 2):
        done = subprocess.run(
            [sys.executable, "-c", COUNTING], env=environment, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        labels = (("method", "GET"), ("route", "/shared"), ("status", "200"))
        assert numbers(done.stdout)["wushu_requests_total", labels] == number
