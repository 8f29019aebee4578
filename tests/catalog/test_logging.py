"""What the log tells of the catalogue's acts, what it keeps to itself, and the order of public changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.catalog.conftest import METADATA, City
from wushu.catalog import rules, services
from wushu.catalog.models import Revision
from wushu.catalog.services import common
from wushu.evidence import selectors as evidence
from wushu.evidence import services as log
from wushu.evidence.models import Entry as Act


def test_the_log_names_the_content_that_was_submitted_and_listed(city: City) -> None:
    entry = city.listed()
    assert entry.revision is not None
    rows = evidence.entries_about(entry.urn)
    assert len(rows) == 5
    version = entry.revision.version
    assert version is not None
    salt = Revision.objects.get(pk=entry.revision.id).content_salt
    digest = rules.content_digest(
        entry.revision.metadata, entry.revision.fields, version.id, salt=salt
    )
    for act in ("catalog.revision.submitted", "catalog.revision.listed"):
        leaf = bytes(Act.objects.get(act=act, subject=entry.urn).leaf).decode()
        assert digest in leaf
        assert METADATA.contact_email not in leaf


def test_the_log_does_not_tell_what_a_draft_is_about(city: City) -> None:
    entry = city.submitted()
    services.revision_return(actor=city.reviewer, revision=city.newest(entry), reasons="缺说明")
    again = services.revision_draft(actor=city.clerk, entry=entry.id, metadata=METADATA)
    told = [bytes(act.leaf).decode() for act in Act.objects.filter(subject=entry.urn)]
    assert len(told) >= 6
    assert not [leaf for leaf in told if entry.slug in leaf]
    services.revision_submit(actor=city.clerk, revision=again.id)
    services.revision_pass_gate(actor=city.reviewer, revision=again.id)
    listed = Act.objects.get(act="catalog.revision.listed", subject=entry.urn)
    assert entry.slug in bytes(listed.leaf).decode()


def test_a_withdrawn_draft_leaves_no_title_in_the_log(city: City) -> None:
    entry = city.draft()
    services.entry_withdraw(actor=city.clerk, entry=entry.id, reason="重复", basis="")
    told = [bytes(act.leaf).decode() for act in Act.objects.filter(subject=entry.urn)]
    assert not [leaf for leaf in told if entry.slug in leaf]


def test_public_changes_are_strictly_ordered_even_when_the_clock_is_not(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = city.listed()
    earlier = timezone.now() - timedelta(hours=1)
    monkeypatch.setattr(common.timezone, "now", lambda: earlier)
    second = city.listed(replace(METADATA, title_zh="第二个"))
    assert second.changed_at > first.changed_at


def test_every_row_the_catalogue_writes_is_in_the_log(city: City) -> None:
    entry = city.listed()
    services.revision_draft(actor=city.clerk, entry=entry.id)
    services.revision_submit(actor=city.clerk, revision=city.newest(entry))
    services.revision_return(actor=city.reviewer, revision=city.newest(entry), reasons="改")
    services.entry_seal(actor=city.clerk, entry=entry.id, reason="核实", basis="第十二条")
    services.entry_restore(actor=city.reviewer, entry=entry.id, reason="无误", basis="结论")
    log.sequence()
    faults = [str(fault) for fault in evidence.audit() if "catalog_" in str(fault)]
    assert faults == []
    Revision.objects.filter(entry=entry.id).update(title_zh="改过")
    assert any("catalog_revision" in str(fault) for fault in evidence.audit())


def test_hashes_of_a_file_enter_the_log_with_its_listing_and_not_before(city: City) -> None:
    """Of a small file that is never opened they could be guessed from."""
    entry = city.submitted()
    said = "ab" * 32  # of the source, as ``City.load`` has it
    assert not [one for one in leaves() if said in one]
    assert entry.revision is not None
    services.revision_pass_gate(actor=city.reviewer, revision=entry.revision.id)
    assert said in leaves()[-1]


def leaves() -> list[str]:
    """What the log holds, in order."""
    rows = Act.objects.order_by("pk").values_list("leaf", flat=True)
    return [bytes(one).decode() for one in rows]
