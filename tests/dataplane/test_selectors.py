"""First rows and rejects: by grant everywhere, by one's work on the desk alone."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from tests.dataplane.ingest.conftest import Desk, desk
from tests.dataplane.test_services_grants import TABLE, conditional, grant_values, of_division
from wushu.catalog import selectors as catalog_selectors
from wushu.catalog import services as catalog
from wushu.dataplane import selectors, services
from wushu.dataplane.models import Receipt
from wushu.dataplane.types import GranteeKind
from wushu.kernel.errors import Refusal

__all__ = ["conditional", "desk"]


def version_of(desk: Desk, dataset) -> UUID:
    found = catalog_selectors.entry_by_id(dataset, actor=desk.clerk).revision
    assert found is not None
    assert found.version is not None
    return found.version.id


@pytest.mark.parametrize("at_work", [False, True])
def test_no_role_opens_a_listed_conditional_dataset(desk: Desk, conditional, at_work):
    version = version_of(desk, conditional)
    for who in (desk.clerk, desk.reviewer, of_division(desk.reviewer, "110105"), desk.stranger):
        with pytest.raises(Refusal, match="no-grant"):
            selectors.preview(version, actor=who, limit=9, at_work=at_work)
    unscoped = replace(desk.reviewer, scopes=frozenset())
    with pytest.raises(Refusal, match="key-lacks-scope"):
        selectors.preview(version, actor=unscoped, limit=9, at_work=at_work)
    assert not Receipt.objects.exists()


def test_rows_read_under_a_grant_leave_a_receipt_before_they_are_shown(
    desk: Desk, conditional, monkeypatch
):
    services.grant_write(
        **grant_values(
            desk, conditional, grantee_kind=GranteeKind.PERSON, grantee=desk.reviewer.person
        )
    )
    version = version_of(desk, conditional)
    with monkeypatch.context() as without:

        def full(*given, **named):
            raise OSError("no room")

        without.setattr(selectors, "receipt_write", full)
        with pytest.raises(OSError, match="no room"):  # what leaves no receipt is not shown
            selectors.preview(version, actor=desk.reviewer, limit=9)
    assert not Receipt.objects.exists()
    shown = selectors.preview(version, actor=desk.reviewer, limit=9)
    assert shown.hidden == 2
    assert [one.name for one in shown.profile.columns] == ["编号"]
    receipt = Receipt.objects.get()
    assert receipt.actor == desk.reviewer.urn


def test_who_edits_or_decides_sees_rows_and_rejects_without_a_grant_on_the_desk_alone(desk: Desk):
    loaded = desk.load(TABLE)
    version = version_of(desk, loaded.entry)
    assert selectors.preview(version, actor=desk.clerk, limit=9, at_work=True).rows
    with pytest.raises(Refusal, match="not-found"):
        selectors.preview(version, actor=desk.reviewer, limit=9, at_work=True)
    entry = catalog_selectors.entry_by_id(loaded.entry, actor=desk.clerk)
    catalog.revision_submit(actor=desk.clerk, revision=entry.revision.id)
    assert selectors.preview(version, actor=desk.reviewer, limit=9, at_work=True).rows
    assert selectors.rejects(version, actor=desk.reviewer, limit=9) == []
    with pytest.raises(Refusal, match="dataset-not-found"):
        selectors.preview(version, actor=desk.reviewer, limit=9)
    for who in (of_division(desk.reviewer, "110105"), desk.stranger):
        with pytest.raises(Refusal, match="not-found"):
            selectors.preview(version, actor=who, limit=9, at_work=True)
    assert not Receipt.objects.exists()
    services.revision_list(actor=desk.reviewer, revision=entry.revision.id)
    with pytest.raises(Refusal, match="not-permitted"):
        selectors.rejects(version, actor=desk.reviewer, limit=9)
    assert selectors.rejects(version, actor=desk.clerk, limit=9) == []
