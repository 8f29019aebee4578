"""CKAN clients read rows: ckanapi as it is, and the envelope it expects."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from ckanapi import RemoteCKAN
from ckanapi.errors import NotAuthorized, NotFound, ValidationError

from tests.dataplane.query import support
from wushu.dataplane.models import Receipt
from wushu.dataplane.query import ckan
from wushu.dataplane.query.types import Condition, Op

SEARCH = ckan.PATH


@pytest.fixture
def remote(node):
    with RemoteCKAN(node, user_agent="wushu-test") as made:
        yield made


def test_ckanapi_reads_records_fields_and_total(remote, public):
    found = remote.action.datastore_search(resource_id=str(public.id), limit=3)
    assert found["records"] == [{"_id": n + 1, **row} for n, row in enumerate(public.json[:3])]
    assert found["total"] == 1000
    assert found["total_was_estimated"] is False
    assert found["fields"][:3] == [
        {"id": "_id", "type": "int"},
        {"id": "code", "type": "text"},
        {"id": "区 名", "type": "text"},
    ]
    assert found["limit"] == 3


def test_slug_and_get_requests_work_as_well(client, public):
    body = client.get(SEARCH, params={"resource_id": "streets", "limit": 1}).json()
    assert body["success"] is True
    assert body["result"]["records"][0]["code"] == "3205000000"
    short = client.get("/api/action/datastore_search", params={"resource_id": "streets"})
    assert short.json()["success"] is True
    assert body["help"].endswith("/api/3/action/help_show?name=datastore_search")
    twice = client.get(SEARCH, params={"resource_id": "streets", "limit": ["1", "2"]})
    assert twice.json()["error"]["name"] == "parameter-not-understood"


def test_filters_sort_fields_and_offset(remote, public):
    found = remote.action.datastore_search(
        resource_id="streets",
        filters={"区 名": ["吴中区", "虎丘区"], "active": True},
        fields=["code", "fee"],
        sort="fee desc, code",
        limit=5,
        offset=10,
    )
    wanted = sorted(
        (r for r in public.json if r["区 名"] in ("吴中区", "虎丘区") and r["active"]),
        key=lambda r: (-float(r["fee"]), r["code"]),
    )
    assert found["records"] == [{"code": r["code"], "fee": r["fee"]} for r in wanted[10:15]]
    assert found["total"] == len(wanted)


def test_paging_by_the_next_link_reads_everything_once(client, public):
    address, seen = f"{SEARCH}?resource_id=streets&limit=300&filters=%7B%7D", []
    while True:
        result = client.get(address).json()["result"]
        if not result["records"]:
            break
        seen += [record["_id"] for record in result["records"]]
        address = result["_links"]["next"]
    assert seen == list(range(1, 1001))


def test_pandas_makes_a_table_of_the_records(remote, public):
    found = remote.action.datastore_search(resource_id="streets", limit=1000)
    frame = pd.DataFrame(found["records"]).set_index("_id")
    assert len(frame) == 1000
    assert frame["fee"].astype(float).sum() == sum(float(r["fee"]) for r in public.json)


def test_q_finds_rows_by_any_text(remote, public):
    found = remote.action.datastore_search(resource_id="streets", q="备注 77")
    assert {"3205000077", "3205000770"} <= {r["code"] for r in found["records"]}
    assert all("备注 77" in r["note"] for r in found["records"])


def test_null_is_found_by_none(remote, public):
    found = remote.action.datastore_search(resource_id="streets", filters={"note": None})
    assert found["total"] == len([r for r in public.json if r["note"] is None])


def test_totals_stop_at_the_ceiling_and_say_so(remote, public, settings):
    settings.COUNT_MAX = 50
    found = remote.action.datastore_search(resource_id="streets", filters={"active": True})
    assert (found["total"], found["total_was_estimated"]) == (50, True)
    by_index = remote.action.datastore_search(resource_id="streets")
    assert (by_index["total"], by_index["total_was_estimated"]) == (1000, False)


def test_totals_can_be_left_out(remote, public):
    assert "total" not in remote.action.datastore_search(resource_id="streets", include_total=False)


def test_errors_are_those_that_ckan_clients_know(remote, public):
    with pytest.raises(NotFound):
        remote.action.datastore_search(resource_id="none")
    with pytest.raises(ValidationError):
        remote.action.datastore_search(resource_id="streets", filters={"none": 1})
    with pytest.raises(ValidationError):
        remote.action.datastore_search(resource_id="streets", offset=ckan.OFFSET_MAX + 1)
    support.publish("closed", conditions="仅限研究")
    with pytest.raises(NotAuthorized):
        remote.action.datastore_search(resource_id="closed")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"resource_id": 5},
        {"resource_id": "streets", "limit": "many"},
        {"resource_id": "streets", "limit": -1},
        {"resource_id": "streets", "limit": True},
        {"resource_id": "streets", "filters": "[]"},
        {"resource_id": "streets", "filters": {"level": "one"}},
        {"resource_id": "streets", "filters": {"level": []}},
        {"resource_id": "streets", "filters": {"level": {"a": 1}}},
        {"resource_id": "streets", "sort": "code sideways"},
        {"resource_id": "streets", "fields": {"a": 1}},
        {"resource_id": "streets", "fields": ["none"]},
        {"resource_id": "streets", "distinct": True},
        {"resource_id": "streets", "records_format": "tsv"},
        {"resource_id": "streets", "surprise": 1},
        {"resource_id": "streets", "q": {"note": "x"}},
    ],
)
def test_wrong_arguments_are_a_validation_error_with_a_name(client, public, given):
    answer = client.post(SEARCH, json=given)
    assert answer.status_code == 409, answer.text
    body = answer.json()
    assert body["success"] is False
    assert body["error"]["__type"] == "Validation Error"
    assert body["error"]["name"]


@pytest.mark.parametrize("content", [b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_refused(client, public, content):
    answer = client.post(SEARCH, content=content, headers={"content-type": "application/json"})
    assert answer.status_code in (409, 413)
    assert answer.json()["success"] is False


def test_a_large_body_is_refused(client, public):
    answer = client.post(SEARCH, content=b"x" * 100_000)
    assert answer.status_code == 413
    assert answer.json()["error"]["name"] == "body-too-large"


def test_refusals_of_the_rate_come_in_the_envelope_too(client, public, settings):
    settings.RATE_LIMIT_PER_MINUTE = 4
    answers = [client.get(SEARCH, params={"resource_id": "streets"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].json()["error"]["name"] == "too-many-requests"
    assert answers[1].headers["retry-after"]


def test_forms_work(client, public):
    answer = client.post(SEARCH, data={"resource_id": "streets", "filters": '{"level": "3"}'})
    assert {r["level"] for r in answer.json()["result"]["records"]} == {3}


def test_hidden_columns_are_not_searched_filtered_or_shown(client, node):
    dataset = support.publish()
    support.grant(dataset, columns=["code", "区 名"])
    by_q = client.post(SEARCH, json={"resource_id": "streets", "q": "HYPERLINK"}).json()
    assert by_q["result"]["total"] == 0
    by_filter = client.post(SEARCH, json={"resource_id": "streets", "filters": {"fee": "1.75"}})
    assert by_filter.status_code == 403
    assert by_filter.json()["error"]["name"] == "column-not-granted"
    shown = client.post(SEARCH, json={"resource_id": "streets"}).json()["result"]
    assert [field["id"] for field in shown["fields"]] == ["_id", "code", "区 名"]
    assert set(shown["records"][0]) == {"_id", "code", "区 名"}


def test_a_row_filter_holds_in_totals_too(client, node):
    dataset = support.publish()
    support.grant(dataset, row_filter=(Condition("区 名", Op.EQ, ("吴中区",)),))
    shown = client.post(SEARCH, json={"resource_id": "streets", "q": "备注"}).json()["result"]
    assert shown["total"] <= 200
    assert {record["区 名"] for record in shown["records"]} == {"吴中区"}


def test_keys_are_taken_the_way_ckan_clients_send_them(node, client):
    dataset = support.publish()
    someone = support.reader()
    support.grant(dataset, someone.actor.person)
    with RemoteCKAN(node, apikey=someone.key, user_agent="wushu-test") as remote:
        assert remote.action.datastore_search(resource_id="streets", limit=1)["records"]
    receipt = Receipt.objects.get()
    assert receipt.surface == "ckan"
    assert json.loads(receipt.query) == {"resource_id": "streets", "limit": 1}


@pytest.mark.parametrize(
    "body",
    [
        rb'{"resource_id": "\ud800"}',
        rb'{"resource_id": "streets", "q": "\ud800"}',
        rb'{"resource_id": "streets", "filters": {"name": "\ud800"}}',
        rb'{"resource_id": "streets", "filters": "{\"name\": \"\\ud800\"}"}',
        rb'{"resource_id": "streets", "sort": "\ud800"}',
        rb'{"\ud800": 1}',
        rb'{"resource_id": "streets", "fields": ["\ud800"]}',
        b"[" * 5_000,
    ],
)
def test_text_that_is_no_text_is_refused_by_name(client, public, body):
    answer = client.post(
        "/api/3/action/datastore_search", content=body,
        headers={"content-type": "application/json"},
    )  # fmt: skip
    assert answer.status_code == 409
    assert answer.json()["error"]["name"]


def test_a_number_beyond_all_bounds_is_no_fault_of_the_server(client, public):
    body = b'{"resource_id": "streets", "include_total": 1' + b"0" * 30 + b"}"
    answer = client.post(
        "/api/3/action/datastore_search", content=body,
        headers={"content-type": "application/json"},
    )  # fmt: skip
    assert answer.status_code in (200, 409)
