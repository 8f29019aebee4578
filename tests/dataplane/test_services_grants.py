"""Grants: who writes and revokes them, what they must say, what the log shows of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.dataplane.ingest.conftest import Desk, desk
from wushu.catalog import selectors as catalog_selectors
from wushu.catalog import services as catalog
from wushu.catalog.types import Attribute
from wushu.dataplane import selectors, services
from wushu.dataplane.models import Grant
from wushu.dataplane.rules import QUOTA_MOST
from wushu.dataplane.types import GranteeKind, Quota
from wushu.evidence.models import Entry as Act
from wushu.evidence.selectors import entries_about
from wushu.kernel.errors import Refusal
from wushu.parties.types import Actor, Scope

__all__ = ["desk"]

TABLE = "编号,名称,面积\n001,甲,1.50\n002,乙,2.25\n".encode()


def grant_values(desk: Desk, dataset, **changes):
    return {
        "actor": desk.clerk, "dataset": dataset, "grantee_kind": GranteeKind.ORGANISATION,
        "grantee": uuid4(), "columns": ["编号"], "row_filter": [], "purpose": "研究",
        "basis": f"urn:uuid:{uuid4()}", "valid_from": timezone.now(),
        "valid_until": timezone.now() + timedelta(days=30),
    } | changes  # fmt: skip


FIRST = {"column": "编号", "op": "eq", "values": ["001"]}


def hidden(column: str, method: str = "hide"):
    return {"column": column, "method": method, "values": []}


def of_division(actor: Actor, division: str) -> Actor:
    """The same authority, for another division."""
    return replace(actor, roles=tuple(replace(one, division=division) for one in actor.roles))


@pytest.fixture
def conditional(desk: Desk):
    """A listed conditional dataset; it has no public grant."""
    looked = desk.look(TABLE)
    fields = [column.proposal for column in looked.found.columns]
    entry = desk.entry(fields, Attribute.CONDITIONAL)
    confirmed = desk.confirm(looked, fields, entry.id)
    services.load_run(confirmed.id)
    draft = catalog_selectors.entry_by_id(entry.id, actor=desk.clerk)
    catalog.revision_submit(actor=desk.clerk, revision=draft.revision.id)
    services.revision_list(actor=desk.reviewer, revision=draft.revision.id)
    assert not Grant.objects.exists()
    return entry.id


def test_a_grant_is_written_and_revoked_on_the_record(desk: Desk, conditional):
    grant = services.grant_write(**grant_values(desk, conditional))
    services.grant_revoke(actor=desk.reviewer, grant=grant, reason="用途不符")
    row = Grant.objects.get(pk=grant)
    assert row.revoked_reason == "用途不符"
    acts = [e.act for e in entries_about(f"urn:uuid:{conditional}")]
    assert {"dataplane.grant.written", "dataplane.grant.revoked"} <= set(acts)
    with pytest.raises(Refusal, match="grant-already-revoked"):
        services.grant_revoke(actor=desk.reviewer, grant=grant, reason="again")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"grantee": None}, "grantee-wrong"),
        ({"grantee_kind": GranteeKind.PUBLIC}, "public-grant-refused"),
        ({"grantee_kind": GranteeKind.PUBLIC, "grantee": None}, "public-grant-refused"),
        ({"basis": " "}, "grant-without-basis"),
        ({"basis": "经张三同意"}, "grant-basis-not-a-urn"),
        ({"basis": "11010519491231002X"}, "grant-basis-not-a-urn"),
        ({"basis": "urn:id:11010519491231002x"}, "grant-basis-not-a-urn"),
        ({"basis": f"urn:uuid:{uuid4()} 张三"}, "grant-basis-not-a-urn"),
        ({"valid_until": timezone.now() - timedelta(days=1)}, "grant-period-wrong"),
        ({"columns": ["不存在"]}, "grant-columns-unknown"),
        ({"columns": []}, "grant-columns-unknown"),
        ({"row_filter": [{"column": "x", "op": "eq", "values": ["1"]}]}, "grant-columns-unknown"),
        ({"masks": [hidden("不存在")], "columns": None}, "grant-mask-wrong"),
        ({"masks": [hidden("名称")]}, "grant-mask-wrong"),
        ({"masks": [hidden("编号"), hidden("编号")]}, "grant-mask-wrong"),
        ({"masks": [hidden("编号")], "row_filter": [FIRST]}, "grant-mask-wrong"),
        ({"masks": [hidden("编号", "month")]}, "grant-mask-wrong"),
        ({"quota": Quota(0, None)}, "grant-quota-wrong"),
        ({"quota": Quota(None, QUOTA_MOST)}, "grant-quota-wrong"),
    ],
)
def test_a_grant_that_says_too_little_or_too_much_is_refused(desk, conditional, changes, refusal):
    with pytest.raises(Refusal) as caught:
        services.grant_write(**grant_values(desk, conditional, **changes))
    assert caught.value.name == refusal
    assert not Grant.objects.exists()


def test_a_stranger_neither_writes_nor_revokes_grants(desk: Desk, conditional):
    grant = services.grant_write(**grant_values(desk, conditional))
    with pytest.raises(Refusal, match="grant-by-body-only"):
        services.grant_write(**grant_values(desk, conditional, actor=desk.stranger))
    with pytest.raises(Refusal, match="grant-not-overseen"):
        services.grant_revoke(actor=desk.stranger, grant=grant, reason="x")
    with pytest.raises(Refusal, match="grant-not-overseen"):
        selectors.grants_of(conditional, actor=desk.stranger)
    with pytest.raises(Refusal, match="revocation-reason-missing"):
        services.grant_revoke(actor=desk.clerk, grant=grant, reason=" ")


def test_the_authority_that_covers_the_body_revokes_a_grant_but_writes_none(
    desk: Desk, conditional
):
    with pytest.raises(Refusal, match="grant-by-body-only"):
        services.grant_write(**grant_values(desk, conditional, actor=desk.reviewer))
    grant = services.grant_write(**grant_values(desk, conditional))
    assert [one.id for one in selectors.grants_of(conditional, actor=desk.reviewer)] == [grant]
    services.grant_revoke(actor=desk.reviewer, grant=grant, reason="违反用途")
    assert Grant.objects.get(pk=grant).revoked_at is not None


@pytest.mark.parametrize("division", ["110105", ""])
def test_an_authority_elsewhere_has_no_say_in_grants(desk: Desk, conditional, division):
    grant = services.grant_write(**grant_values(desk, conditional))
    elsewhere = of_division(desk.reviewer, division)
    with pytest.raises(Refusal, match="grant-by-body-only"):
        services.grant_write(
            **grant_values(
                desk, conditional, actor=elsewhere, grantee_kind=GranteeKind.PERSON,
                grantee=elsewhere.person, columns=None,
            )
        )  # fmt: skip
    with pytest.raises(Refusal, match="grant-not-overseen"):
        services.grant_revoke(actor=elsewhere, grant=grant, reason="x")
    with pytest.raises(Refusal, match="grant-not-overseen"):
        selectors.grants_of(conditional, actor=elsewhere)


def test_a_key_without_the_scope_neither_writes_nor_revokes(desk: Desk, conditional):
    grant = services.grant_write(**grant_values(desk, conditional))
    reading = frozenset({Scope.ROWS_READ})
    clerk, reviewer = replace(desk.clerk, scopes=reading), replace(desk.reviewer, scopes=reading)
    with pytest.raises(Refusal, match="grant-by-body-only"):
        services.grant_write(**grant_values(desk, conditional, actor=clerk))
    for who in (clerk, reviewer):
        with pytest.raises(Refusal, match="grant-not-overseen"):
            services.grant_revoke(actor=who, grant=grant, reason="x")


def test_nobody_grants_data_to_themselves_or_an_organisation_of_theirs(desk: Desk, conditional):
    for kind, grantee in (
        (GranteeKind.PERSON, desk.clerk.person),
        (GranteeKind.ORGANISATION, desk.body),
    ):
        with pytest.raises(Refusal, match="grant-to-oneself"):
            services.grant_write(
                **grant_values(desk, conditional, grantee_kind=kind, grantee=grantee)
            )
    assert not Grant.objects.exists()


def extend(actor: Actor, grant, **changes):
    later = {"valid_until": timezone.now() + timedelta(days=60), "basis": f"urn:uuid:{uuid4()}"}
    services.grant_extend(actor=actor, grant=grant, **later | changes)


def test_a_grant_in_force_is_made_longer_by_the_body_for_others_alone(desk: Desk, conditional):
    grant = services.grant_write(**grant_values(desk, conditional))
    for who in (desk.stranger, desk.reviewer):
        with pytest.raises(Refusal, match="grant-by-body-only"):
            extend(who, grant)
    with pytest.raises(Refusal, match="not-found"):
        extend(desk.clerk, uuid4())
    with pytest.raises(Refusal, match="grant-basis-not-a-urn"):
        extend(desk.clerk, grant, basis="经张三同意")
    with pytest.raises(Refusal, match="grant-not-extended"):
        extend(desk.clerk, grant, valid_until=timezone.now() + timedelta(days=1))
    extend(desk.clerk, grant)
    # Somebody who was given access, and works for the body by now.
    mine = Grant.objects.filter(pk=grant)
    mine.update(grantee_kind=GranteeKind.PERSON.value, grantee=desk.clerk.person)
    with pytest.raises(Refusal, match="grant-to-oneself"):
        extend(desk.clerk, grant, valid_until=timezone.now() + timedelta(days=90))


def test_what_was_taken_back_is_given_back_by_who_oversees_it_and_no_longer(
    desk: Desk, conditional
):
    grant = services.grant_write(**grant_values(desk, conditional))
    basis = f"urn:uuid:{uuid4()}"
    for unknown in (grant, uuid4()):  # what is in force was not taken back
        with pytest.raises(Refusal, match="not-found"):
            services.grant_restore(actor=desk.clerk, grant=unknown, basis=basis)
    with pytest.raises(Refusal, match="not-found"):
        services.grant_revoke(actor=desk.clerk, grant=uuid4(), reason="x")
    services.grant_revoke(actor=desk.reviewer, grant=grant, reason="核实")
    with pytest.raises(Refusal, match="grant-not-overseen"):
        services.grant_restore(actor=desk.stranger, grant=grant, basis=basis)
    with pytest.raises(Refusal, match="grant-without-basis"):
        services.grant_restore(actor=desk.reviewer, grant=grant, basis="")
    again = services.grant_restore(actor=desk.reviewer, grant=grant, basis=basis)
    former, newer = Grant.objects.get(pk=grant), Grant.objects.get(pk=again)
    assert (newer.valid_until, newer.revoked_at) == (former.valid_until, None)
    assert former.revoked_at is not None


def test_terms_are_agreed_on_of_what_is_listed(desk: Desk, conditional):
    terms = {"columns": ["编号"], "row_filter": [], "masks": [], "quota": Quota(None, None)}
    selectors.terms_require(conditional, **terms)
    with pytest.raises(Refusal, match="grant-columns-unknown"):
        selectors.terms_require(conditional, **terms | {"columns": ["不存在"]})
    catalog.entry_seal(actor=desk.clerk, entry=conditional, reason="核实", basis="第十二条")
    with pytest.raises(Refusal, match="not-found"):
        selectors.terms_require(conditional, **terms)


def test_a_key_that_does_not_read_rows_lists_no_grants_and_what_is_not_there_is_overseen_by_nobody(
    desk: Desk, conditional
):
    services.grant_write(**grant_values(desk, conditional))
    with pytest.raises(Refusal, match="key-lacks-scope"):
        selectors.grants_held(actor=replace(desk.clerk, scopes=frozenset({Scope.CASES_FILE})))
    gone = uuid4()
    with pytest.raises(Refusal, match=f"{gone}.*not-found"):
        selectors.grant_overseen(gone, actor=desk.clerk)


def test_the_log_shows_of_a_grant_identifiers_only(desk: Desk, conditional):
    grant = services.grant_write(
        **grant_values(desk, conditional, purpose="张三 11010519491231002X")
    )
    services.grant_revoke(actor=desk.clerk, grant=grant, reason="李四举报")
    told = [
        bytes(one.leaf).decode() for one in Act.objects.filter(act__startswith="dataplane.grant")
    ]
    assert len(told) == 2
    assert not [leaf for leaf in told for word in ("张三", "1101051949", "李四") if word in leaf]


def test_a_grant_to_the_public_is_written_by_listing_alone(desk: Desk):
    loaded = desk.load(TABLE)
    public = {"grantee_kind": GranteeKind.PUBLIC, "grantee": None}
    with pytest.raises(Refusal, match="public-grant-refused"):
        services.grant_write(
            **grant_values(
                desk, loaded.entry, **public, valid_until=timezone.now() + timedelta(seconds=1)
            )
        )
    entry = catalog_selectors.entry_by_id(loaded.entry, actor=desk.clerk)
    catalog.revision_submit(actor=desk.clerk, revision=entry.revision.id)
    services.revision_list(actor=desk.reviewer, revision=entry.revision.id)
    (grant,) = Grant.objects.filter(dataset=loaded.entry)
    with pytest.raises(Refusal, match="public-grant-refused"):
        services.grant_revoke(actor=desk.clerk, grant=grant.pk, reason="x")
    assert selectors.preview(entry.revision.version.id, actor=None, limit=9).hidden == 0


def test_listing_writes_a_whole_public_grant_whatever_stands_there(desk: Desk):
    loaded = desk.load(TABLE)
    now = timezone.now()
    partial = Grant.objects.create(
        dataset=loaded.entry, grantee_kind="public", columns=["编号"], basis="urn:uuid:0",
        valid_from=now, valid_until=now + timedelta(days=1), created_at=now,
    )  # fmt: skip
    entry = catalog_selectors.entry_by_id(loaded.entry, actor=desk.clerk)
    catalog.revision_submit(actor=desk.clerk, revision=entry.revision.id)
    services.revision_list(actor=desk.reviewer, revision=entry.revision.id)
    in_force = Grant.objects.filter(dataset=loaded.entry, revoked_at=None)
    assert [(one.columns, one.valid_until) for one in in_force] == [(None, None)]
    partial.refresh_from_db()
    assert partial.revoked_at is not None
