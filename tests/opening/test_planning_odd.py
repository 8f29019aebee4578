"""Odd addresses and odd numbers are refused by name, and never end in a server error."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.casework.conftest import Bureau, bureau, node
from tests.opening.test_cases_api import ask, key
from tests.opening.test_needs import handed
from wushu.parties.types import Scope

__all__ = ["bureau", "node"]

pytestmark = pytest.mark.django_db
HUGE = "9" * 30


@pytest.mark.parametrize(
    "path",
    [
        f"/api/v1/plans/{HUGE}/x",
        "/api/v1/plans?year=9999",
        "/api/v1/plans?region=xx",
        "/api/v1/plans?cursor=xx",
        f"/api/v1/assessments/{HUGE}/320500",
        "/api/v1/assessments/2026/xx",
        "/api/v1/assessments/2026/320500",
        "/api/v1/needs?call=%00",
        "/api/v1/needs?cursor=xx",
        f"/plans?year={HUGE}",
        "/plans?region=xx",
        f"/plans/{HUGE}/x",
        f"/assessments/{HUGE}",
        "/assessments/2026?region=xx",
        "/needs?call=xx",
        "/needs?cursor=xx",
    ],
)
def test_an_odd_address_is_refused(bureau: Bureau, client: Client, path: str):
    if path.startswith("/api/v1/plans/"):
        path = path.replace("/x", f"/{bureau.transport.code}")
    assert client.get(path).status_code in (200, 400, 404, 422)


def test_an_odd_number_in_a_document_is_refused(bureau: Bureau, client: Client):
    clerk = key(bureau.clerk, Scope.CATALOG_WRITE, Scope.CASES_HANDLE)
    huge = 2**53 - 1
    place = f"/api/v1/plans/{huge}/{bureau.transport.code}/draft"
    assert ask(client, "put", place, clerk, {"items": []}).json()["name"] == "plan-year"
    item = {"title": "泊位", "attribute": "unconditional", "quarter": huge}
    place = f"/api/v1/plans/2026/{bureau.transport.code}/draft"
    assert ask(client, "put", place, clerk, {"items": [item]}).status_code in (409, 422)
    need = f"/api/v1/needs/{handed(bureau).id}/steps/answer"
    answer = {
        "text": "好", "body": bureau.transport.code, "year": huge,
        "item": "0190c4a2-0000-7000-8000-000000000000",
    }  # fmt: skip
    assert ask(client, "post", need, clerk, answer).status_code == 404
