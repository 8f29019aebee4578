"""The rows endpoint over HTTP, on a running node."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.db import connection

from tests.dataplane.query import support
from wushu.catalog.types import FieldSpec
from wushu.dataplane.models import Receipt
from wushu.dataplane.query import pages, plane
from wushu.dataplane.query.types import Condition, Op
from wushu.parties.types import Scope

ROWS = "/api/v1/datasets/streets/rows"


def name_of(answer) -> str:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["zh"]
    assert problem["en"]
    assert problem["way_out"]
    return problem["name"]


def test_a_page_carries_rows_version_and_manifest(client, public):
    answer = client.get(ROWS, params={"limit": 3})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["rows"] == public.json[:3]
    assert body["dataset"] == "streets"
    assert body["id"] == f"urn:uuid:{public.id}"
    assert body["version"] == 1
    assert body["manifest_sha256"] == public.version.manifest_sha256
    assert body["total"] == 1000
    assert body["columns"][2] == {"name": "level", "type": "integer"}
    assert answer.headers["wushu-version"] == "1"


def test_following_next_reads_every_row_once(client, public):
    seen, address = [], f"{ROWS}?limit=170&filter=level:ge:2&sort=-level,fee"
    while address:
        body = client.get(address).json()
        seen += body["rows"]
        address = body["next"]
    wanted = [row for row in public.json if row["level"] is not None and row["level"] >= 2]
    assert len(seen) == len(wanted)
    assert {row["code"] for row in seen} == {row["code"] for row in wanted}
    assert [row["level"] for row in seen] == sorted((r["level"] for r in wanted), reverse=True)


def test_next_stays_on_its_version_when_a_newer_one_is_listed(client, public):
    first = client.get(ROWS, params={"limit": 600}).json()
    newer = support.add_version(public.entry, 2, public.fields, support.table(5))
    old = public.entry.listed_revision
    old.state = "superseded"
    old.save()
    old.pk, old.number, old.state, old.version = None, 2, "listed", newer
    old._state.adding = True
    from uuid import uuid4

    old.pk = uuid4()
    old.save()
    public.entry.listed_revision = old
    public.entry.save()
    assert client.get(ROWS).json()["version"] == 2
    second = client.get(first["next"]).json()
    assert second["version"] == 1
    assert [row["code"] for row in first["rows"] + second["rows"]] == [
        row["code"] for row in public.json
    ]


def test_select_keeps_the_order_asked_for(client, public):
    body = client.get(ROWS, params={"select": "fee,code", "limit": 2}).json()
    assert [list(row) for row in body["rows"]] == [["fee", "code"]] * 2
    assert body["rows"][1] == {"fee": public.json[1]["fee"], "code": public.json[1]["code"]}


def test_a_filter_by_code_counts_its_rows(client, public):
    body = client.get(ROWS, params={"filter": "区 名:eq:吴中区"}).json()
    assert body["total"] == 200
    assert len(body["rows"]) == 100
    assert body["next"]


def test_csv_and_ndjson_carry_the_same_rows(client, public):
    lines = client.get(ROWS, params={"format": "ndjson", "limit": 7}).text.splitlines()
    assert [json.loads(line) for line in lines] == public.json[:7]
    answer = client.get(ROWS, params={"limit": 7}, headers={"accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    table = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["code"] for row in table] == [row["code"] for row in public.json[:7]]
    assert answer.headers["link"].endswith('rel="next"')


def test_csv_pages_guard_formulas_unless_asked_not_to(client, public):
    guarded = client.get(ROWS, params={"format": "csv", "filter": "code:eq:3205000003"}).text
    exact = client.get(
        ROWS, params={"format": "csv", "filter": "code:eq:3205000003", "guard": "off"}
    ).text
    assert "'=HYPERLINK" in guarded
    assert "'=HYPERLINK" not in exact
    assert "=HYPERLINK" in exact


def test_a_limit_above_the_ceiling_is_cut_and_says_so(client, public, settings):
    settings.ROWS_PAGE_MAX = 50
    answer = client.get(ROWS, params={"limit": 51})
    assert len(answer.json()["rows"]) == 50
    assert answer.json()["ceilings"] == ["rows-page-max"]
    assert answer.headers["wushu-ceilings"] == "rows-page-max"


def test_an_unchanged_page_is_not_sent_again(client, public):
    first = client.get(ROWS)
    again = client.get(ROWS, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    other = client.get(f"{ROWS}?limit=5", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


def test_head_tells_the_same_headers_without_rows(client, public):
    got, head = client.get(ROWS), client.head(ROWS)
    assert head.status_code == 200
    assert head.content == b""
    assert (
        head.headers["content-length"]
        == str(len(client.get(ROWS, headers={"accept-encoding": "identity"}).content))
        or head.headers.get("content-encoding") == "gzip"
    )
    assert head.headers["etag"] == got.headers["etag"]


def test_large_pages_are_compressed_for_who_takes_it(client, public):
    packed = client.get(ROWS, headers={"accept-encoding": "gzip"})
    plain = client.get(ROWS, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()


@pytest.mark.parametrize(
    ("query", "name", "status"),
    [
        ("filter=none:eq:1", "unknown-column", 400),
        ("filter=code", "filter-not-understood", 400),
        ("filter=code:like:1", "filter-not-understood", 400),
        ("filter=level:eq:one", "filter-not-understood", 400),
        ("filter=level:prefix:1", "filter-not-understood", 400),
        ("filter=opened:ge:2020", "filter-not-understood", 400),
        ("filter=note:null:maybe", "filter-not-understood", 400),
        ("sort=none", "unknown-column", 400),
        ("select=code,code", "parameter-not-understood", 400),
        ("limit=0", "parameter-not-understood", 400),
        ("limit=-1", "parameter-not-understood", 400),
        ("limit=ten", "parameter-not-understood", 400),
        ("limt=10", "parameter-not-understood", 400),
        ("version=9", "version-not-found", 404),
        ("cursor=abc", "cursor-invalid", 400),
        ("format=ttl", "format-not-offered", 406),
        ("filter=%ff%fe", "parameter-not-understood", 400),
        ("grant=x", "parameter-not-understood", 400),
        ("grant=00000000-0000-4000-8000-000000000000", "grant-unknown", 403),
        ("limit=1&limit=2", "parameter-not-understood", 400),
    ],
)
def test_each_wrong_question_has_its_named_refusal(client, public, query, name, status):
    answer = client.get(f"{ROWS}?{query}")
    assert name_of(answer) == name
    assert answer.status_code == status


def test_a_cursor_of_another_query_is_refused(client, public):
    cursor = client.get(ROWS).json()["next"].split("cursor=")[1]
    answer = client.get(f"{ROWS}?filter=level:eq:1&cursor={cursor}")
    assert name_of(answer) == "cursor-of-another-query"


def test_refusals_speak_the_readers_language(client, public):
    zh = client.get("/api/v1/datasets/none/rows").json()
    en = client.get("/api/v1/datasets/none/rows", headers={"accept-language": "en"}).json()
    assert "目录" in zh["detail"]
    assert "catalogue" in en["detail"]


def test_only_reading_is_allowed(client, public):
    answer = client.post(ROWS)
    assert name_of(answer) == "method-not-allowed"
    assert answer.headers["allow"] == "GET, HEAD"


def test_public_pages_may_be_cached_but_are_asked_about(client, public):
    headers = client.get(ROWS).headers
    assert headers["cache-control"] == "public, no-cache"
    assert headers["access-control-allow-origin"] == "*"


def test_conditional_data_leave_a_receipt_before_the_first_byte(client, node):
    dataset = support.publish(conditions="仅限研究")
    someone = support.reader()
    support.grant(dataset, someone.actor.person)
    answer = client.get(
        f"{ROWS}?select=code&limit=2", headers={"authorization": f"Bearer {someone.key}"}
    )
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert "etag" not in answer.headers
    receipt = Receipt.objects.get()
    assert (receipt.actor, receipt.surface, receipt.columns, receipt.query) == (
        someone.actor.urn,
        "rows",
        ["code"],
        "select=code&limit=2",
    )


def test_public_data_leave_no_receipt(client, public):
    client.get(ROWS)
    assert not Receipt.objects.exists()


def test_a_grant_of_columns_hides_the_others_everywhere(client, node):
    dataset = support.publish()
    support.grant(dataset, columns=["code", "区 名"])
    body = client.get(ROWS, params={"limit": 1}).json()
    assert body["rows"] == [{"code": "3205000000", "区 名": "姑苏区"}]
    assert [column["name"] for column in body["columns"]] == ["code", "区 名"]
    for query in ("select=fee", "filter=fee:gt:1", "sort=fee"):
        assert name_of(client.get(f"{ROWS}?{query}")) == "column-not-granted"


def test_a_row_filter_holds_whatever_is_asked(client, node):
    dataset = support.publish()
    support.grant(dataset, row_filter=(Condition("区 名", Op.EQ, ("吴中区",)),))
    body = client.get(ROWS, params={"limit": 1000}).json()
    assert {row["区 名"] for row in body["rows"]} == {"吴中区"}
    assert body["total"] == 200
    scanned = client.get(ROWS, params={"filter": "fee:ge:0", "limit": 1000}).json()
    assert {row["区 名"] for row in scanned["rows"]} == {"吴中区"}
    none = client.get(ROWS, params={"filter": "区 名:eq:虎丘区"}).json()
    assert none["rows"] == []


def test_a_slow_scan_is_stopped_and_named(client, public, settings):
    settings.QUERY_SECONDS = 0.0
    answer = client.get(ROWS, params={"filter": "note:contains:5"})
    assert name_of(answer) == "query-too-slow"
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    settings.QUERY_SECONDS = 10
    assert client.get(ROWS, params={"filter": "note:contains:5"}).status_code == 200


def test_too_many_requests_are_told_when_to_return(client, public, settings):
    settings.RATE_LIMIT_PER_MINUTE = 8
    answers = [client.get(ROWS, params={"limit": 1}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert name_of(answers[-1]) == "too-many-requests"
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_inventing_keys_is_no_way_around_the_limit(client, public, settings):
    settings.RATE_LIMIT_PER_MINUTE = 6000
    statuses = [
        client.get(ROWS, headers={"authorization": f"Bearer wsk_{n}"}).status_code
        for n in range(plane.BAD_KEYS_PER_MINUTE)
    ]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert client.get(ROWS).status_code == 200


def test_a_key_without_the_scope_reads_only_what_everybody_reads(client, public):
    someone = support.reader("writer", Scope.CATALOG_WRITE)
    headers = {"authorization": f"Bearer {someone.key}"}
    assert client.get(ROWS, headers=headers).status_code == 200
    closed = support.publish("closed")
    support.grant(closed, someone.actor.person)
    answer = client.get("/api/v1/datasets/closed/rows", headers=headers)
    assert name_of(answer) == "key-lacks-scope"


def test_an_unknown_key_is_refused_even_for_public_data(client, public):
    answer = client.get(ROWS, headers={"authorization": "Bearer wushu_nonsense"})
    assert answer.status_code == 401
    assert name_of(answer) == "api-key-unknown"
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_damaged_files_are_not_served(client, public):
    (public.folder / "manifest.json").write_text("{}")
    answer = client.get(ROWS)
    assert name_of(answer) == "version-damaged"
    assert "“streets”" in answer.json()["en"]
    assert answer.status_code == 503


def test_a_fault_of_the_node_is_named_and_tells_nothing_of_its_inside(
    client, public, monkeypatch, caplog
):
    def fail(*args, **kwargs):
        raise RuntimeError("the secret of the inside")

    monkeypatch.setattr(pages, "point", fail)
    answer = client.get(ROWS)
    assert answer.status_code == 500
    assert name_of(answer) == "answer-failed"
    assert "secret" not in answer.text
    assert "the secret of the inside" in caplog.text


def test_names_with_colons_and_commas_can_be_asked_for(client, node):
    fields = (FieldSpec("a:b"), FieldSpec("c,d"))
    dataset = support.publish(fields=fields, rows=[("x:1", "y"), ("z", "w")])
    support.grant(dataset)
    body = client.get(ROWS, params={"filter": "a:b:eq:x:1", "select": '["c,d"]'}).json()
    assert body["rows"] == [{"c,d": "y"}]
    both = client.get(ROWS, params={"filter": 'a:b:in:["x:1","z"]', "sort": "-a:b"}).json()
    assert [row["a:b"] for row in both["rows"]] == ["z", "x:1"]


def test_readers_never_hold_up_the_database(client, public):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    for _ in range(20):
        assert client.get(ROWS, params={"limit": 1}).status_code == 200
    public.entry.changed_at = public.entry.created_at
    public.entry.save()
