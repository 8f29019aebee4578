"""Base and theme databases (基础库、主题库), kept by the data authority (decision 19)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from wushu.catalog import arranging_refusals as no
from wushu.catalog import refusals, rules
from wushu.catalog.models import Entry, Grouping, GroupingMember
from wushu.catalog.presenting import write_words
from wushu.catalog.selectors.arranged import grouping_view
from wushu.catalog.services.common import (
    changed_now,
    insert_under_slug,
    locked_entry,
    refuse_first,
)
from wushu.catalog.types import EntryState, GroupingKind, GroupingView, Words
from wushu.evidence.services import record
from wushu.kernel.errors import NOT_FOUND
from wushu.parties.types import Actor, Role


def grouping_create(
    *, actor: Actor, division: str, kind: GroupingKind, slug: str, words: Words
) -> GroupingView:
    """A base or theme database that the authority of a division keeps.

    Refusals: ``reviewer-lacks-role``, ``reviewer-out-of-division``, ``slug-wrong``, ``slug-taken``,
    and those of ``rules.words_problems``.
    """
    _require_keeper(actor, division)
    refuse_first(rules.words_problems(words))
    with transaction.atomic():
        now = timezone.now()
        row = Grouping(
            kind=kind.value, kept_for=division, created_by=actor.urn, created_at=now, changed_at=now
        )
        write_words(row, words)
        insert_under_slug(row, rules.require_slug(slug), words.title_zh)
        _record("created", actor, row, [row])
    return grouping_view(row)


def grouping_change(*, actor: Actor, grouping: UUID, words: Words) -> GroupingView:
    """Other words. Refusals: ``not-found`` and those of ``grouping_create``."""
    refuse_first(rules.words_problems(words))
    with transaction.atomic():
        row = _locked(grouping)
        _require_keeper(actor, row.kept_for)
        write_words(row, words)
        row.changed_at = timezone.now()
        row.save()
        _record("changed", actor, row, [row, *changed_now(_entries(row))])
    return grouping_view(row)


def grouping_remove(*, actor: Actor, grouping: UUID) -> None:
    """Take away an empty one. Refusals: ``grouping-not-empty`` and those of ``grouping_change``."""
    with transaction.atomic():
        row = _locked(grouping)
        _require_keeper(actor, row.kept_for)
        if count := row.members.count():
            raise no.GROUPING_NOT_EMPTY(grouping=row.title_zh, count=count)
        _record("removed", actor, row, [], deleted=[row])
        row.delete()


def grouping_add(*, actor: Actor, grouping: UUID, entry: UUID) -> GroupingView:
    """Put a listed dataset of a body the authority covers into it; once more changes nothing.

    Refusals: ``not-found``, ``reviewer-lacks-role``, ``reviewer-out-of-division``,
    ``entry-not-listed``.
    """
    with transaction.atomic():
        held = locked_entry(entry)
        row = _locked(grouping)
        _require_keeper(actor, row.kept_for)
        _require_keeper(actor, held.body.division)
        if held.state != EntryState.LISTED.value:
            raise no.ENTRY_NOT_LISTED(title=held.slug)
        if not GroupingMember.objects.filter(grouping=row, entry=held).exists():
            now = timezone.now()
            member = GroupingMember(grouping=row, entry=held, added_by=actor.urn, added_at=now)
            member.save(force_insert=True)
            row.changed_at = now
            row.save(update_fields=["changed_at"])
            rows = [row, member, *changed_now([held])]
            _record("filled", actor, row, rows, entry=f"urn:uuid:{held.pk}")
    return grouping_view(row)


def grouping_drop(*, actor: Actor, grouping: UUID, entry: UUID) -> GroupingView:
    """Take a dataset out. Refusals: ``not-in-it`` and those of ``grouping_change``."""
    with transaction.atomic():
        held = locked_entry(entry)
        row = _locked(grouping)
        _require_keeper(actor, row.kept_for)
        member = GroupingMember.objects.filter(grouping=row, entry=held).first()
        if member is None:
            raise no.NOT_IN_IT(title=held.slug)
        row.changed_at = timezone.now()
        row.save(update_fields=["changed_at"])
        rows = [row, *changed_now([held])]
        _record("emptied", actor, row, rows, deleted=[member], entry=f"urn:uuid:{held.pk}")
        member.delete()
    return grouping_view(row)


def _require_keeper(actor: Actor, division: str) -> None:
    rules.require_examiner(actor)
    if not rules.may_examine(actor, division):
        held = ", ".join(actor.divisions(Role.DATA_AUTHORITY)) or "—"
        raise refusals.REVIEWER_OUT_OF_DIVISION(
            who=actor.name, division=held, body_division=division
        )


def _locked(grouping: UUID) -> Grouping:
    found = Grouping.objects.select_for_update().filter(pk=grouping).first()
    if found is None:
        raise NOT_FOUND(what=str(grouping))
    return found


def _entries(row: Grouping) -> Iterable[Entry]:
    return Entry.objects.filter(in_groupings__grouping=row)


def _record(
    act: str,
    actor: Actor,
    row: Grouping,
    rows: Sequence[models.Model],
    *,
    deleted: Sequence[models.Model] = (),
    **data: Any,
) -> None:
    record(
        f"catalog.grouping.{act}",
        actor=actor,
        subject=f"urn:uuid:{row.pk}",
        data={"slug": row.slug, **data},
        rows=rows,
        deleted=deleted,
    )
