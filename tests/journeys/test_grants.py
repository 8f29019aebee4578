"""Every surface on which rows can be read, with every kind of grant.

Surfaces are enumerated from the routes: Django's resolver and the data plane's table. Each is listed
here as one that delivers rows, one of the desk, or one that never shows a value; a route that is not
listed fails the test. What the listing promises is then tried on a running node.
"""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tests.dataplane.ingest.conftest import Desk, desk, metadata
from tests.dataplane.query import support
from tests.dataplane.query.conftest import _cheap_hashing, _closed_connections, node
from tests.evidence.conftest import initialise
from tests.parties.conftest import World
from tests.portal.messages import compile_catalogues
from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import Attribute, EntryView, Metadata
from wushu.dataplane import services
from wushu.dataplane.asgi import ROUTES
from wushu.dataplane.models import Receipt
from wushu.dataplane.query.types import Condition, Format, Op
from wushu.dataplane.types import Delivery, GranteeKind, Quota
from wushu.evidence.services import sequence
from wushu.parties.models import Account
from wushu.parties.types import Actor, Role

__all__ = ["_cheap_hashing", "_closed_connections", "desk", "node"]

# What each route may show. ROWS: rows by the reader's grant. DESK: rows to who works on the version or
# handed in the file. SILENT: never a value of a row; what a program made of rows goes out by an official's
# release alone (tests/opening/test_computations.py).
ROWS, DESK, SILENT = "rows", "desk", "silent"

SURFACES = {
    # the data plane
    "/api/v1/datasets/{slug}/rows": ROWS,
    "/api/v1/datasets/{slug}/delta": ROWS,
    "/data/{slug}.{format}": ROWS,
    "/api/3/action/datastore_search": ROWS,
    # pages
    "/datasets/{slug}": ROWS,
    "/datasets/{slug}/explore": ROWS,
    "/datasets/{slug}/map": ROWS,
    "/": SILENT,
    "/datasets": SILENT,
    "/series/{slug}": SILENT,
    "/groupings": SILENT,
    "/groupings/{slug}": SILENT,
    "/bodies": SILENT,
    "/bodies/{code}": SILENT,
    "/regulations": SILENT,
    "/regulations/{key}/{number}": SILENT,
    "/regulations/{key}/{number}.json": SILENT,
    "/regulations/{key}/{number}/{procedure}": SILENT,
    "/regulations/{key}/{number}/{procedure}.svg": SILENT,
    "/usage": SILENT,
    "/api": SILENT,
    "/scoreboard": SILENT,
    "/view/elder": SILENT,
    "/how-to-check": SILENT,
    "/evidence/entries/{index}": SILENT,
    "/sign-in": SILENT,
    "/sign-in/code": SILENT,
    "/sign-in/provider": SILENT,
    "/sign-in/provider/back": SILENT,
    "/account/provider": SILENT,
    "/account/provider/confirm": SILENT,
    "/account/provider/end": SILENT,
    "/sign-out": SILENT,
    "/account": SILENT,
    "/account/password": SILENT,
    "/account/subscriptions": SILENT,
    "/status": SILENT,
    "/changelog": SILENT,
    "/desk/incidents": SILENT,
    "/desk/incidents/{incident}": SILENT,
    "/account/subscriptions/new": SILENT,
    "/account/subscriptions/{key}/end": SILENT,
    "/account/subscriptions/{key}/ask-again": SILENT,
    "/subscriptions/confirm/{token}": SILENT,
    "/subscriptions/end/{token}": SILENT,
    "/datasets/{slug}/favourite": SILENT,
    "/account/begin/{account}/{ticket}": SILENT,
    "/account/codes": SILENT,
    "/account/codes/confirm": SILENT,
    "/account/sessions/end": SILENT,
    "/account/keys/new": SILENT,
    "/account/keys/{key}/revoke": SILENT,
    "/desk": SILENT,
    "/desk/transfer": SILENT,
    "/desk/inbox": SILENT,
    "/desk/import": SILENT,
    "/desk/import/{what}": SILENT,
    "/desk/import/{what}/template.{suffix}": SILENT,
    "/desk/plans/template.{suffix}": SILENT,
    "/desk/new": SILENT,
    "/desk/upload": SILENT,
    "/desk/loads/{load}": DESK,
    "/desk/loads/{load}/encoding": DESK,
    "/desk/loads/{load}/name": DESK,
    "/desk/loads/{load}/columns/{slug}": DESK,
    "/desk/datasets/{slug}": DESK,
    "/desk/datasets/{slug}/columns": DESK,
    "/desk/datasets/{slug}/submit": DESK,
    "/desk/datasets/{slug}/about/{name}": DESK,
    "/desk/datasets/{slug}/due-care": SILENT,
    "/desk/datasets/{slug}/due-care.csv": SILENT,
    "/desk/datasets/{slug}/opening": SILENT,
    "/desk/datasets/{slug}/opening/{act}": SILENT,
    "/desk/datasets/{slug}/grants/new": SILENT,
    "/desk/datasets/{slug}/grants/{grant}/revoke": SILENT,
    "/datasets/{slug}/file/{procedure}": SILENT,
    "/bodies/{code}/file/{procedure}": SILENT,
    "/cases": SILENT,
    "/breaches": SILENT,
    "/reassessments": SILENT,
    "/cases/{number}": SILENT,
    "/cases/{number}/agreement": SILENT,
    "/cases/{number}/papers/{paper}": SILENT,
    "/cases/{number}/do/{key}": SILENT,
    "/cases/{number}/write": SILENT,
    "/cases/{number}/assign": SILENT,
    "/cases/{number}/merge": SILENT,
    "/cases/{number}/refer": SILENT,
    "/cases/{number}/advise": SILENT,
    "/cases/{number}/receipt": SILENT,
    "/cases/{number}/public": SILENT,
    "/account/cases": SILENT,
    "/account/notices": SILENT,
    "/account/notices/read": SILENT,
    "/desk/cases": SILENT,
    "/desk/cases/all": SILENT,
    "/desk/cases/bulk": SILENT,
    "/harvested": SILENT,
    "/harvested/{record}": SILENT,
    "/desk/harvest": SILENT,
    "/desk/harvest/new": SILENT,
    "/desk/harvest/sources/{name}": SILENT,
    "/desk/harvest/sources/{name}/activate": SILENT,
    "/desk/harvest/sources/{name}/run": SILENT,
    "/desk/harvest/sources/{name}/stop": SILENT,
    "/ledger": SILENT,
    "/ledger.csv": SILENT,
    "/ledger/sources": SILENT,
    "/desk/datasets/{slug}/duty": SILENT,
    "/desk/series": SILENT,
    "/assessments": SILENT,
    "/assessments/{year}": SILENT,
    "/desk/assessments": SILENT,
    "/desk/assessments/{year}/{division}": SILENT,
    "/api/v1/assessments": SILENT,
    "/api/v1/assessments/{year}/{division}": SILENT,
    "/api/v1/assessments/{year}/{division}/steps/{name}": SILENT,
    "/needs": SILENT,
    "/needs/{need}": SILENT,
    "/needs/calls/{call}/new": SILENT,
    "/datasets/{slug}/compute": SILENT,
    "/account/computations": SILENT,
    "/computations/{key}": SILENT,
    "/computations/{key}/result.{suffix}": SILENT,
    "/desk/computations": SILENT,
    "/desk/computations/{key}": SILENT,
    "/api/v1/computations": SILENT,
    "/api/v1/computations/waiting": SILENT,
    "/api/v1/computations/failed": SILENT,
    "/api/v1/computations/{key}": SILENT,
    "/api/v1/computations/{key}/result": SILENT,
    "/api/v1/computations/{key}/steps/{name}": SILENT,
    "/desk/needs": SILENT,
    "/desk/needs/{need}": SILENT,
    "/api/v1/need-calls": SILENT,
    "/api/v1/needs": SILENT,
    "/api/v1/needs/mine": SILENT,
    "/api/v1/needs/waiting": SILENT,
    "/api/v1/needs/{key}": SILENT,
    "/api/v1/needs/{key}/steps/{name}": SILENT,
    "/plans": SILENT,
    "/plans/{year}/{code}": SILENT,
    "/desk/plans": SILENT,
    "/desk/plans/{year}/{code}": SILENT,
    "/desk/plans/{year}/{code}/items/new": SILENT,
    "/desk/plans/{year}/{code}/items/{key}": SILENT,
    "/api/v1/plans": SILENT,
    "/api/v1/plans/{year}/{code}": SILENT,
    "/api/v1/plans/{year}/{code}/draft": SILENT,
    "/api/v1/plans/{year}/{code}/steps/{name}": SILENT,
    "/results": SILENT,
    "/results/{key}": SILENT,
    "/account/results": SILENT,
    "/account/results/new": SILENT,
    "/account/results/{key}": SILENT,
    "/account/results/{key}/withdraw": SILENT,
    "/datasets/{slug}/ratings": SILENT,
    "/datasets/{slug}/ratings/mine": SILENT,
    "/datasets/{slug}/ratings/withdraw": SILENT,
    "/desk/results": SILENT,
    "/desk/results/{key}": SILENT,
    "/desk/comments/{key}": SILENT,
    "/contests": SILENT,
    "/contests/{key}": SILENT,
    "/contests/{key}/enter": SILENT,
    "/contests/{key}/leave": SILENT,
    "/desk/contests": SILENT,
    "/desk/contests/{key}": SILENT,
    "/desk/contests/{key}/change": SILENT,
    "/api/v1/contests": SILENT,
    "/api/v1/contests/{key}": SILENT,
    "/api/v1/contests/{key}/entries/{result}": SILENT,
    "/api/v1/contests/{key}/changes": SILENT,
    "/api/v1/contests/{key}/awards": SILENT,
    "/api/v1/results": SILENT,
    "/api/v1/results/mine": SILENT,
    "/api/v1/results/waiting": SILENT,
    "/api/v1/results/{key}": SILENT,
    "/api/v1/results/{key}/steps/{name}": SILENT,
    "/api/v1/datasets/{slug}/ratings": SILENT,
    "/api/v1/datasets/{slug}/ratings/mine": SILENT,
    "/api/v1/comments/waiting": SILENT,
    "/api/v1/comments/{key}/steps/{name}": SILENT,
    "/desk/series/{slug}": SILENT,
    "/desk/groupings": SILENT,
    "/desk/groupings/{slug}": SILENT,
    "/datasets/{slug}/history": SILENT,
    "/desk/datasets/{slug}/acts/{index}/correct": SILENT,
    "/desk/corrections/{correction}": SILENT,
    "/desk/review": SILENT,
    "/desk/review/{revision}": DESK,
    # the catalogue for machines
    "/datasets/{slug}.ttl": SILENT,
    "/datasets/{slug}.jsonld": SILENT,
    "/datasets/{slug}.rdf": SILENT,
    "/catalog.csv": SILENT,
    "/catalog.json": SILENT,
    "/catalog.ndjson": SILENT,
    "/datasets/{slug}/datapackage.json": SILENT,
    "/data/{slug}.csv-metadata.json": SILENT,
    "/datasets.atom": SILENT,
    "/datasets/{slug}.atom": SILENT,
    "/oai": SILENT,
    "/robots.txt": SILENT,
    "/sitemap.xml": SILENT,
    "/sitemap-{number}.xml": SILENT,
    "/catalog.ttl": SILENT,
    "/catalog.jsonld": SILENT,
    "/catalog.rdf": SILENT,
    "/id/{identifier}": SILENT,
    "/api/v1/datasets": SILENT,
    "/api/v1/datasets/{slug}": SILENT,
    "/api/v1/datasets/{slug}/related": SILENT,
    "/api/v1/datasets/{slug}/versions": SILENT,
    "/api/3/action/{name}": SILENT,
    "/api/action/{name}": SILENT,
    "/api/v1/openapi.json": SILENT,
    "/api/v1/subscriptions": SILENT,
    "/api/v1/subscriptions/{key}": SILENT,
    "/api/v1/regulations": SILENT,
    "/api/v1/regulations/{key}/{number}": SILENT,
    "/api/v1/cases": SILENT,
    "/api/v1/breaches": SILENT,
    "/api/v1/reassessments": SILENT,
    "/api/v1/case-notices": SILENT,
    "/api/v1/cases/figures": SILENT,
    "/api/v1/grants/mine": SILENT,
    "/api/v1/grants/{grant}/cases/{procedure}": SILENT,
    "/api/v1/datasets/{slug}/due-care": SILENT,
    "/desk/datasets/{slug}/grants/{grant}/file/{procedure}": SILENT,
    "/api/v1/cases/mine": SILENT,
    "/api/v1/cases/inbox": SILENT,
    "/api/v1/cases/office": SILENT,
    "/api/v1/cases/{number}/papers/{key}": SILENT,
    "/api/v1/cases/{number}": SILENT,
    "/api/v1/cases/{number}/steps/{key}": SILENT,
    "/api/v1/cases/{number}/public": SILENT,
    "/api/v1/cases/bulk": SILENT,
    "/api/v1/cases/{number}/agreements": SILENT,
    "/api/v1/cases/{number}/messages": SILENT,
    "/api/v1/cases/{number}/merge": SILENT,
    "/api/v1/cases/{number}/referral": SILENT,
    "/api/v1/cases/{number}/opinion": SILENT,
    "/api/v1/cases/referred": SILENT,
    "/api/v1/cases/{number}/assignment": SILENT,
    "/api/v1/datasets/{slug}/cases/{procedure}": SILENT,
    "/api/v1/bodies/{code}/cases/{procedure}": SILENT,
    "/api/v1/usage": SILENT,
    "/api/v1/scoreboard": SILENT,
    # the log and the node
    "/evidence/checkpoint": SILENT,
    "/evidence/key": SILENT,
    "/evidence/tile/{path}": SILENT,
    "/evidence/detail/{sha256}": SILENT,
    "/evidence/entries/{index}.tlog-proof": SILENT,
    "/api/v1/evidence/entries/{index}": SILENT,
    "/api/v1/evidence/proof": SILENT,
    "/healthz": SILENT,
    "/metrics": SILENT,
    "/readyz": SILENT,
}

TABLE = "编号,名称,区,经度,纬度\n" + "".join(
    f"秘钥{n:04d}密,机密名{n:04d}称,{'甲区' if n % 2 else '乙区'},{120 + n / 8},31.5\n"
    for n in range(40)
)
KEY, NAME = re.compile("秘钥[0-9]{4}密"), re.compile("机密名[0-9]{4}称")
"""Values that occur nowhere else: of the column 编号 and of the column 名称."""


def routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        inside = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, inside)
        elif isinstance(pattern, URLPattern):
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", inside)


def all_routes() -> set[str]:
    return {route.template for route in ROUTES} | set(routes(get_resolver().url_patterns))


def test_every_route_is_listed_with_what_it_may_show():
    assert all_routes() - SURFACES.keys() == set(), "say in SURFACES what these may show"
    assert SURFACES.keys() - all_routes() == set(), "these are no routes any more"


@dataclass
class Scene:
    """A listed dataset that needs a grant, and somebody who might hold one."""

    node: str
    desk: Desk
    entry: EntryView
    revision: UUID
    load: UUID
    upload: UUID
    reader: support.Reader

    def grant(self, to: UUID | None = None, **more: Any) -> UUID:
        given: dict[str, Any] = {
            "columns": None, "row_filter": [], "valid_from": timezone.now(), "valid_until": None,
            "purpose": "研究", "basis": f"urn:uuid:{uuid4()}",
        }  # fmt: skip
        return services.grant_write(
            actor=self.desk.clerk, dataset=self.entry.id, grantee_kind=GranteeKind.PERSON,
            grantee=to or self.reader.actor.person, **{**given, **more},
        )  # fmt: skip

    def key(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.reader.key}"}

    def cookie(self, actor: Actor) -> dict[str, str]:
        """The cookie of a signed-in account."""
        client = Client()
        client.force_login(
            Account.objects.get(pk=actor.account), backend="wushu.parties.backends.AccountBackend"
        )
        return {"cookie": f"sessionid={client.cookies['sessionid'].value}"}


@pytest.fixture
def started(node: str) -> str:
    """Address of an initialised node; nothing may be recorded before that."""
    compile_catalogues()
    initialise()
    return node


@pytest.fixture
def scene(started: str, desk: Desk) -> Scene:
    return publish(started, desk, Attribute.CONDITIONAL)


def publish(node: str, desk: Desk, attribute: Attribute) -> Scene:
    """From the file to the listing, by the real services and two people."""
    looked = desk.look(TABLE.encode(), "许可.csv")
    assert looked.found is not None
    fields = [column.proposal for column in looked.found.columns]
    entry = desk.entry(fields, attribute)
    confirmed = desk.confirm(looked, fields, entry.id)
    services.load_run(confirmed.id)
    assert entry.revision is not None
    drafted = catalog.revision(entry.revision.id, actor=desk.clerk)
    catalog_services.revision_submit(actor=desk.clerk, revision=drafted.id)
    listed = services.revision_list(actor=desk.reviewer, revision=drafted.id)
    sequence()
    return Scene(
        node, desk, listed, drafted.id, confirmed.id, looked.upload.id, support.reader("analyst")
    )


# Reading: what comes back of the two secret columns


@dataclass
class Seen:
    """How many different values of each column a surface showed."""

    status: int
    keys: set[str]
    names: set[str]


def seen(answer: httpx.Response, text: str | None = None) -> Seen:
    content = answer.text if text is None else text
    return Seen(answer.status_code, set(KEY.findall(content)), set(NAME.findall(content)))


def _rows(form: str) -> Callable[[Scene, dict[str, str]], Seen]:
    def read(scene: Scene, headers: dict[str, str]) -> Seen:
        slug = scene.entry.slug
        answer = httpx.get(
            f"{scene.node}/api/v1/datasets/{slug}/rows?format={form}&limit=1000", headers=headers
        )
        return seen(answer, opened(form, answer) if answer.status_code == 200 else None)

    return read


def opened(form: str, answer: httpx.Response) -> str:
    """What stands in a file that is not text."""
    if form == "parquet":
        return str(pq.read_table(io.BytesIO(answer.content)).to_pylist())
    if form == "xlsx":
        return zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml").decode()
    return answer.content.decode(errors="replace")


def _file(suffix: str) -> Callable[[Scene, dict[str, str]], Seen]:
    def read(scene: Scene, headers: dict[str, str]) -> Seen:
        answer = httpx.get(f"{scene.node}/data/{scene.entry.slug}.{suffix}", headers=headers)
        if answer.status_code != 200:
            return seen(answer)
        return seen(answer, opened(suffix, answer))

    return read


def _delta(scene: Scene, headers: dict[str, str]) -> Seen:
    """Everything: what was added since nothing was there."""
    path = f"{scene.node}/api/v1/datasets/{scene.entry.slug}/delta?from=0"
    return seen(httpx.get(path, headers=headers))


def _ckan(method: str) -> Callable[[Scene, dict[str, str]], Seen]:
    def read(scene: Scene, headers: dict[str, str]) -> Seen:
        asked = {"resource_id": str(scene.entry.id), "limit": "1000"}
        more = {"params": asked} if method == "GET" else {"json": asked}
        path = f"{scene.node}/api/3/action/datastore_search"
        return seen(httpx.request(method, path, headers=headers, **more))  # type: ignore[arg-type]

    return read


def _page(prefix: str) -> Callable[[Scene, dict[str, str]], Seen]:
    def read(scene: Scene, headers: dict[str, str]) -> Seen:
        return seen(httpx.get(f"{scene.node}{prefix}/datasets/{scene.entry.slug}", headers=headers))

    return read


def _explored(scene: Scene, headers: dict[str, str]) -> Seen:
    """Grouped by both columns, else by the one of the keys."""
    path = f"{scene.node}/datasets/{scene.entry.slug}/explore?by=编号"
    found = seen(httpx.get(f"{path}&across=名称", headers=headers))
    return found if found.keys or found.status != 400 else seen(httpx.get(path, headers=headers))


def _mapped(scene: Scene, headers: dict[str, str]) -> Seen:
    """A map names rows by their names, or by their keys where it may not: the rows are the same."""
    found = seen(httpx.get(f"{scene.node}/datasets/{scene.entry.slug}/map", headers=headers))
    rows = {f"秘钥{re.sub('[^0-9]', '', name)}密" for name in found.names}
    return replace(found, keys=found.keys | rows)


READERS = {
    "/api/v1/datasets/{slug}/rows": [
        _rows(one)
        for one in ("json", "ndjson", "csv", "xml", "xlsx", "arrow", "parquet", "geojson")
    ],
    "/api/v1/datasets/{slug}/delta": [_delta],
    "/data/{slug}.{format}": [_file(one.value) for one in Format],
    "/api/3/action/datastore_search": [_ckan("GET"), _ckan("POST")],
    "/datasets/{slug}": [_page(""), _page("/en")],
    "/datasets/{slug}/explore": [_explored],
    "/datasets/{slug}/map": [_mapped],
}
PAGES = ("/datasets/{slug}", "/datasets/{slug}/explore", "/datasets/{slug}/map")
"""Pages show the metadata to everybody, so they answer 200 without rows; and only the first rows."""


def test_every_surface_of_rows_is_read_here():
    assert READERS.keys() == {route for route, kind in SURFACES.items() if kind == ROWS}


def each(scene: Scene) -> Iterator[tuple[str, Seen]]:
    """Read every surface of rows as the reader: by key, and by cookie where a person would."""
    cookie = scene.cookie(scene.reader.actor)
    for route, readers in READERS.items():
        for read in readers:
            if route not in PAGES:
                yield route, read(scene, scene.key())
            yield route, read(scene, cookie)


def expect_nothing(scene: Scene, status: int) -> None:
    for route, found in each(scene):
        assert (found.keys, found.names) == (set(), set()), route
        assert found.status == (200 if route in PAGES else status), route


def test_without_a_grant_no_surface_shows_a_value(scene: Scene):
    expect_nothing(scene, 403)
    assert not Receipt.objects.exists()


def test_no_role_opens_the_rows_of_a_listed_dataset_on_its_page(scene: Scene):
    """Clerk of the body, its authority, and an authority of another division, with a session each."""
    elsewhere = World().actor("elsewhere", Role.DATA_AUTHORITY, division="110105")
    for who in (scene.desk.clerk, scene.desk.reviewer, elsewhere):
        cookie = scene.cookie(who)
        for prefix in ("", "/en"):
            assert _page(prefix)(scene, cookie) == Seen(200, set(), set()), who.name
        for route in ("/api/v1/datasets/{slug}/rows", "/data/{slug}.{format}"):
            for read in READERS[route]:
                assert read(scene, cookie) == Seen(403, set(), set()), who.name
    assert not Receipt.objects.exists()


def test_somebody_elses_grant_is_nobody_elses(scene: Scene):
    scene.grant(support.reader("other").actor.person)
    expect_nothing(scene, 403)


def test_an_unconditional_dataset_is_read_by_everybody_without_receipts(started: str, desk: Desk):
    scene = publish(started, desk, Attribute.UNCONDITIONAL)
    for route, readers in READERS.items():
        for read in readers:
            found = read(scene, {})
            assert found.status == 200, route
            assert found.keys, route
            assert found.names, route
    assert not Receipt.objects.exists()


def test_a_grant_of_the_whole_table_shows_it_and_leaves_a_receipt_each_time(scene: Scene):
    scene.grant()
    for reads, (route, found) in enumerate(each(scene), 1):
        assert found.status == 200, route
        assert len(found.keys) == 40 or route in PAGES, route
        assert found.keys, route
        assert found.names, route
        assert Receipt.objects.count() == reads, f"{route} left no receipt"
    assert set(Receipt.objects.values_list("actor", flat=True)) == {scene.reader.actor.urn}


def test_a_grant_of_columns_shows_those_and_no_other(scene: Scene):
    scene.grant(columns=["编号", "区", "经度", "纬度"])
    for route, found in each(scene):
        assert found.status == 200, route
        assert found.keys, route
        assert found.names == set(), route


def test_a_row_filter_hides_the_other_rows(scene: Scene):
    scene.grant(row_filter=[Condition("区", Op.EQ, ("甲区",)).as_json()])
    odd = {f"秘钥{n:04d}密" for n in range(1, 40, 2)}
    for route, found in each(scene):
        assert found.status == 200, route
        assert found.keys, route
        assert found.keys <= odd, route


def test_a_masked_column_is_shown_by_no_surface_as_it_is(scene: Scene):
    """By key and by cookie, in every form; groups, map and difference included."""
    scene.grant(masks=[
        {"column": "编号", "method": "pseudonym", "values": []},
        {"column": "名称", "method": "keep", "values": ["1", "2"]},
    ])  # fmt: skip
    for route, found in each(scene):
        assert found.status == 200, route
        assert (found.keys, found.names) == (set(), set()), route


def test_a_used_up_quota_shows_nothing_until_the_next_day(scene: Scene):
    scene.grant(quota=Quota(requests=1))
    assert _delta(scene, scene.key()).keys
    for route, found in each(scene):
        assert (found.keys, found.names) == (set(), set()), route
        assert found.status == 429 or route in PAGES, route
    assert Receipt.objects.count() == 1


def test_a_grant_of_results_shows_no_row_on_any_surface_and_says_the_way(scene: Scene):
    """Programs go to the data (art. 24); what they make comes by a way of its own."""
    scene.grant(delivery=Delivery.COMPUTED)
    expect_nothing(scene, 403)
    assert not Receipt.objects.exists()
    address = f"{scene.node}/data/{scene.entry.slug}.csv"
    refusal = httpx.get(address, headers={**scene.key(), "accept-language": "en"}).json()
    assert refusal["name"] == "grant-delivers-results"
    assert f"/datasets/{scene.entry.slug}/compute" in refusal["way_out"]


def test_an_expired_grant_shows_nothing(scene: Scene):
    now = timezone.now()
    scene.grant(valid_from=now - timedelta(days=2), valid_until=now - timedelta(days=1))
    expect_nothing(scene, 403)


def test_a_grant_of_the_future_shows_nothing(scene: Scene):
    scene.grant(valid_from=timezone.now() + timedelta(days=1))
    expect_nothing(scene, 403)


def test_a_revoked_grant_shows_nothing_from_then_on(scene: Scene):
    given = scene.grant()
    assert all(found.keys for _, found in each(scene))
    services.grant_revoke(actor=scene.desk.clerk, grant=given, reason="用途不符")
    expect_nothing(scene, 403)


def test_a_sealed_dataset_is_read_by_nobody(scene: Scene):
    scene.grant()
    catalog_services.entry_seal(
        actor=scene.desk.reviewer, entry=scene.entry.id, reason="含个人信息", basis="个人信息保护法"
    )
    for route, found in each(scene):
        assert (found.keys, found.names) == (set(), set()), route
        assert found.status in (404, 451), route


def test_older_versions_follow_the_same_grants(scene: Scene):
    answer = httpx.get(
        f"{scene.node}/api/v1/datasets/{scene.entry.slug}/rows?version=1", headers=scene.key()
    )
    assert seen(answer) == Seen(403, set(), set())
    page = httpx.get(
        f"{scene.node}/datasets/{scene.entry.slug}?version=1",
        headers=scene.cookie(scene.reader.actor),
    )
    assert seen(page) == Seen(200, set(), set())


OPENED = "编号,名称,区\n" + "".join(f"{n},已脱敏,甲区\n" for n in range(40))
"""The table with its names taken out."""


def changed(attribute: Attribute) -> Metadata:
    return replace(metadata(attribute), attribute_reason=f"重新评估：{attribute.value}。")


def list_next(scene: Scene, attribute: Attribute, table: str) -> None:
    """The next version, by two people, with an attribute of its own."""
    loaded = scene.desk.load(table.encode(), name="next.csv", entry=scene.entry.id)
    drafted = catalog_services.revision_draft(
        actor=scene.desk.clerk, entry=scene.entry.id, metadata=changed(attribute),
        version=loaded.load.version,
    )  # fmt: skip
    catalog_services.revision_submit(actor=scene.desk.clerk, revision=drafted.id)
    services.revision_list(actor=scene.desk.reviewer, revision=drafted.id)
    sequence()


def older(scene: Scene, headers: dict[str, str]) -> Iterator[tuple[str, httpx.Response]]:
    """Every address that takes a version, asked for the first."""
    for path in (
        f"/api/v1/datasets/{scene.entry.slug}/rows?version=1&limit=1000",
        *(f"/data/{scene.entry.slug}.{form}?version=1" for form in ("csv", "json", "ndjson")),
        f"/data/{scene.entry.slug}.parquet?version=1",
        f"/datasets/{scene.entry.slug}?version=1",
        f"/en/datasets/{scene.entry.slug}?version=1",
    ):
        yield path, httpx.get(f"{scene.node}{path}", headers=headers)


def test_opening_a_dataset_does_not_open_the_versions_listed_under_conditions(scene: Scene):
    """The names stand in the version before the one that was opened without them."""
    list_next(scene, Attribute.UNCONDITIONAL, OPENED)
    for path, answer in older(scene, {}):
        assert seen(answer) == Seen(answer.status_code, set(), set()), path
        if path.startswith(("/api/", "/data/")):
            assert answer.json()["name"] == "version-not-public", path
        else:
            assert ("不包括它" in answer.text) or ("does not cover it" in answer.text), path
    newest = httpx.get(f"{scene.node}/data/{scene.entry.slug}.csv")
    assert "已脱敏" in newest.text
    scene.grant()  # who was allowed to read it still may
    for path, answer in older(scene, scene.cookie(scene.reader.actor)):
        assert answer.status_code == 200, path
        assert path.endswith(".parquet?version=1") or seen(answer).names, path


def test_closing_a_dataset_closes_the_versions_that_were_open(started: str, desk: Desk):
    scene = publish(started, desk, Attribute.UNCONDITIONAL)
    list_next(scene, Attribute.CONDITIONAL, OPENED)
    for path, answer in older(scene, {}):
        assert seen(answer) == Seen(answer.status_code, set(), set()), path
        if path.startswith(("/api/", "/data/")):
            assert answer.json()["name"] == "grant-revoked", path


def test_a_version_listed_again_under_conditions_is_not_opened_by_the_next_one(
    started: str, desk: Desk
):
    scene = publish(started, desk, Attribute.UNCONDITIONAL)
    again = catalog_services.revision_draft(
        actor=desk.clerk, entry=scene.entry.id, metadata=changed(Attribute.CONDITIONAL)
    )
    catalog_services.revision_submit(actor=desk.clerk, revision=again.id)
    services.revision_list(actor=desk.reviewer, revision=again.id)
    list_next(scene, Attribute.UNCONDITIONAL, OPENED)
    for path, answer in older(scene, {}):
        assert seen(answer) == Seen(answer.status_code, set(), set()), path


# Everything else: no value, to anybody who holds no grant


def addresses(scene: Scene, route: str) -> Iterator[str]:
    """Addresses of a route, filled with what belongs to the dataset."""
    entry = scene.entry
    assert entry.revision is not None
    assert entry.revision.version is not None
    names = {
        "slug": [entry.slug],
        "code": [entry.body_code],
        "index": [str(n) for n in range(30)],
        "key": [str(uuid4())],
        "number": ["0", "1", "2"],
        "procedure": ["conditional-access"],
        "paper": [str(uuid4())],
        "act": ["seal", "restore", "withdraw"],
        "grant": [str(uuid4())],
        "load": [str(scene.load)],
        "revision": [str(scene.revision)],
        "record": [str(uuid4())],
        "name": ["package_show", "package_search", "package_list", "resource_show", "data"],
        "identifier": [
            str(one)
            for one in (
                entry.id, entry.revision.id, entry.revision.version.id, scene.upload, entry.body
            )
        ],
        "path": ["0/000", "entries/000", "entries/000.p/9"],
        "token": ["made-up"],
        "ticket": ["made-up"],
        "account": [str(uuid4())],
        "correction": [str(uuid4())],
        "result": [str(uuid4())],
        "need": [str(uuid4())],
        "call": [str(uuid4())],
        "division": ["320500"],
        "year": ["2026"],
        "what": ["bodies", "people", "entries"],
        "suffix": ["csv", "xlsx"],
        "incident": [str(uuid4())],
        "sha256": [entry.revision.version.manifest_sha256],
        "format": ["csv"],
    }  # fmt: skip
    found = [route]
    for name in re.findall(r"{(\w+)}", route):
        found = [one.replace(f"{{{name}}}", value) for one in found for value in names[name]]
    yield from found
    for one in found if "{index}" not in route else ():
        yield f"{one}?id={entry.slug}"
        yield f"{one}?q=%E6%9C%BA%E5%AF%86&id={entry.id}"


@pytest.mark.once  # thousands of addresses that ask no data plane; those that do are asked on both
@pytest.mark.parametrize("kind", [SILENT, DESK])
def test_no_other_route_shows_a_value_to_who_may_not_read_it(scene: Scene, kind: str):
    readers = {
        "nobody": {},
        "a reader without a grant": scene.cookie(scene.reader.actor),
        "a clerk of another body": scene.cookie(scene.desk.stranger),
    }
    with httpx.Client(base_url=scene.node, timeout=60) as client:
        for route in (one for one, listed in SURFACES.items() if listed == kind):
            for address in addresses(scene, route):
                for who, headers in readers.items():
                    found = seen(client.get(address, headers=headers))
                    assert (found.keys, found.names) == (set(), set()), f"{who}: {address}"
                    assert found.status < 500, address


def test_the_desk_shows_rows_to_who_works_on_them(scene: Scene):
    """That the values are there to be found, so that their absence elsewhere says something."""
    reviewer = scene.cookie(scene.desk.reviewer)

    def on_the_desk(revision: UUID) -> Seen:
        return seen(httpx.get(f"{scene.node}/desk/review/{revision}", headers=reviewer))

    assert on_the_desk(scene.revision) == Seen(200, set(), set()), "it was decided: no work is left"
    drafted = catalog_services.revision_draft(actor=scene.desk.clerk, entry=scene.entry.id)
    catalog_services.revision_submit(actor=scene.desk.clerk, revision=drafted.id)
    assert on_the_desk(drafted.id).keys
    assert on_the_desk(drafted.id).names
    assert _page("")(scene, reviewer) == Seen(200, set(), set()), "the public page is no desk"
    assert not Receipt.objects.exists()


# Revoked while it streams


def test_revoking_ends_a_download_within_seconds(scene: Scene):
    """With the real interval, to a client that reads slowly."""
    fields = (support.FieldSpec("code"), support.FieldSpec("text"))
    noise = [(f"{n:08d}", (f"{n * 7919 % 999_983:06d}" * 50)) for n in range(80_000)]
    long = support.publish("long", fields=fields, rows=noise)
    given = support.grant(long, scene.reader.actor.person)
    received, broken = 0, False
    pause = threading.Event()
    headers = {**scene.key(), "accept-encoding": "identity"}
    try:
        with httpx.stream("GET", f"{scene.node}/data/long.ndjson", headers=headers) as answer:
            assert answer.status_code == 200
            for piece in answer.iter_raw(64 * 1024):
                if not received:
                    given.revoked_at, given.revoked_reason = timezone.now(), "用途不符"
                    given.save()
                received += len(piece)
                pause.wait(0.01)
    except httpx.RemoteProtocolError:
        broken = True
    whole = sum(len(json.dumps(dict(zip(("code", "text"), row, strict=True)))) for row in noise)
    assert broken
    assert received < whole
