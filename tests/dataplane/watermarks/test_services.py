"""Who traces a file, what is compared, and what the log and the node keep of it."""

from __future__ import annotations

import io
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from tests.dataplane.ingest.conftest import Desk, desk
from tests.dataplane.test_services_grants import grant_values, of_division
from wushu.catalog import selectors as catalog_selectors
from wushu.catalog import services as catalog
from wushu.catalog.types import Attribute
from wushu.dataplane import services
from wushu.dataplane.access import decide
from wushu.dataplane.models import Grant, Trace
from wushu.dataplane.query.database import DjangoDatabase
from wushu.dataplane.query.downloads import Asked, chunks
from wushu.dataplane.query.formats import of_version
from wushu.dataplane.query.marked import order_of
from wushu.dataplane.query.receipts import receipt_write
from wushu.dataplane.query.types import Format, Surface
from wushu.dataplane.query.versions import version_of
from wushu.dataplane.types import GranteeKind, Watermark
from wushu.evidence.models import Entry as Act
from wushu.kernel.errors import Refusal
from wushu.parties.types import Actor, HeldRole, Role

__all__ = ["desk"]

ROWS = 3_000
TABLE = "\n".join(["编号,名称", *(f"{n:05d},第{n}号" for n in range(ROWS))]).encode()


@pytest.fixture
def conditional(desk: Desk) -> UUID:
    """A listed conditional dataset."""
    looked = desk.look(TABLE)
    fields = [column.proposal for column in looked.found.columns]
    entry = desk.entry(fields, Attribute.CONDITIONAL)
    services.load_run(desk.confirm(looked, fields, entry.id).id)
    draft = catalog_selectors.entry_by_id(entry.id, actor=desk.clerk)
    catalog.revision_submit(actor=desk.clerk, revision=draft.revision.id)
    services.revision_list(actor=desk.reviewer, revision=draft.revision.id)
    return entry.id


def downloaded(
    desk: Desk, dataset: UUID, watermark=Watermark.ORDER, masks=()
) -> tuple[UUID, bytes]:
    """A new organisation's grant and the file it downloads."""
    values = grant_values(desk, dataset, columns=None, watermark=watermark, masks=masks)
    grant = services.grant_write(**values)
    organisation = values["grantee"]
    reader = Actor(
        "urn:uuid:r", "读者", uuid4(), uuid4(), (HeldRole(organisation, Role.DATA_USER),)
    )
    access = decide(DjangoDatabase(), dataset, reader, timezone.now())
    receipt_write(access, surface=Surface.DOWNLOAD, columns=(), query="", rows=0)
    version = version_of(access)
    table = of_version(access.slug, version, version.names, (), order_of(access))
    return grant, b"".join(chunks(table, Asked(Format.CSV, None, None, guard=True, bom=False)))


def trace(actor: Actor, dataset: UUID, file: bytes, **how):
    return services.watermark_trace(
        actor=actor, dataset=dataset, stream=io.BytesIO(file), name="found.csv", **how
    )


def test_the_authority_learns_whose_file_it_is_and_the_log_that_one_was_traced(desk, conditional):
    downloaded(desk, conditional)
    grant, file = downloaded(desk, conditional)
    found = trace(desk.reviewer, conditional, file)
    assert [fit.grant for fit in found.named] == [grant]
    assert (found.rows, found.met, len(found.fits)) == (ROWS, ROWS, 2)
    kept = Trace.objects.get()
    assert kept.found["fits"][0]["grant"] == str(grant)
    act = Act.objects.filter(act="dataplane.watermark.traced").get()
    assert str(grant) not in bytes(act.leaf).decode("utf-8", "replace")
    assert kept.sha256 not in bytes(act.leaf).decode("utf-8", "replace")


def test_a_clerk_of_the_body_traces_too(desk, conditional):
    grant, file = downloaded(desk, conditional)
    assert [fit.grant for fit in trace(desk.clerk, conditional, file).named] == [grant]


def test_a_masked_file_is_traced_by_the_columns_that_are_as_they_are(desk, conditional):
    downloaded(desk, conditional)
    hidden = [{"column": "名称", "method": "hide", "values": []}]
    grant, file = downloaded(desk, conditional, masks=hidden)
    assert "第7号" not in file.decode()
    assert [fit.grant for fit in trace(desk.clerk, conditional, file).named] == [grant]


def test_nobody_else_traces(desk, conditional):
    _, file = downloaded(desk, conditional)
    elsewhere = of_division(desk.reviewer, "110000")
    for actor in (elsewhere, Actor("urn:uuid:x", "路人", uuid4(), uuid4())):
        with pytest.raises(Refusal) as caught:
            trace(actor, conditional, file)
        assert caught.value.name == "grant-not-overseen"
    assert not Trace.objects.exists()


def test_only_deliveries_are_compared(desk, conditional):
    """Who never downloaded a version so is no suspect."""
    services.grant_write(**grant_values(desk, conditional, watermark=Watermark.ORDER))
    grant, file = downloaded(desk, conditional)
    downloaded(desk, conditional, watermark=Watermark.NONE)
    assert [fit.grant for fit in trace(desk.clerk, conditional, file).fits] == [grant]


def test_where_nothing_was_delivered_so_there_is_nothing_to_compare(desk, conditional):
    _, file = downloaded(desk, conditional, watermark=Watermark.NONE)
    with pytest.raises(Refusal) as caught:
        trace(desk.clerk, conditional, file)
    assert caught.value.name == "watermark-not-delivered"


def test_a_version_that_is_not_there_is_refused(desk, conditional):
    _, file = downloaded(desk, conditional)
    with pytest.raises(Refusal) as caught:
        trace(desk.clerk, conditional, file, version=7)
    assert caught.value.name == "version-not-found"


def test_a_revoked_grant_is_still_compared(desk, conditional):
    grant, file = downloaded(desk, conditional)
    services.grant_revoke(actor=desk.clerk, grant=grant, reason="外泄")
    assert [fit.grant for fit in trace(desk.clerk, conditional, file).named] == [grant]


def test_nothing_of_the_file_is_left_behind(desk, conditional, settings):
    _, file = downloaded(desk, conditional)
    trace(desk.clerk, conditional, file)
    assert not list((settings.OBJECTS_DIR / "incoming").glob("trace-*"))


def test_a_grant_asks_for_the_mark_only_when_told(desk, conditional):
    services.grant_write(**grant_values(desk, conditional))
    assert Grant.objects.get().watermark == ""


def test_a_person_can_hold_a_marked_grant(desk, conditional):
    values = grant_values(
        desk, conditional, grantee_kind=GranteeKind.PERSON, watermark=Watermark.ORDER
    )
    services.grant_write(**values)
    assert Grant.objects.get().watermark == Watermark.ORDER.value
