"""What every write of the catalogue shares: locks, the moment of a public change, the record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from wushu.catalog import refusals as no
from wushu.catalog import rules
from wushu.catalog.models import Entry, Grouping, Revision, Series
from wushu.catalog.presenting import fields_of, metadata_of
from wushu.catalog.types import EntryState
from wushu.evidence.services import record
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.parties.types import Actor

_CHANGE_LOCK = 0x57757368_75436100  # "Wushu" "Ca": a number among the database's advisory locks
_SLUG_TRIES = 1000


def locked_entry(entry: UUID) -> Entry:
    """The entry, locked until the transaction ends, so that acts on it take turns; ``not-found``.

    SQLite has no row locks and needs none: its writers take turns.
    """
    found = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("body")
        .filter(pk=entry)
        .first()
    )
    if found is None:
        raise NOT_FOUND(what=str(entry))
    return found


def locked_revision(revision: UUID) -> tuple[Entry, Revision]:
    """A revision with its entry; the entry's lock comes first everywhere, so that none waits in a ring."""
    owner = Revision.objects.filter(pk=revision).values_list("entry_id", flat=True).first()
    if owner is None:
        raise NOT_FOUND(what=str(revision))
    entry = locked_entry(owner)
    row = (
        Revision.objects.select_for_update(of=("self",)).select_related("version").get(pk=revision)
    )
    return entry, row


def moment_of_change() -> datetime:
    """Now, and later than every earlier change the public could see, in the order of the commits.

    Whoever follows ``changed_at`` (the search index, harvesters) misses nothing by asking for what
    is newer than the newest seen: the lock is held until the transaction ends.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHANGE_LOCK])
    latest = Entry.objects.aggregate(latest=models.Max("changed_at"))["latest"]
    now = timezone.now()
    return now if latest is None else max(now, latest + timedelta(microseconds=1))


def changed_now(entries: Iterable[Entry]) -> list[Entry]:
    """Say of listed entries that the public sees a change of them now; each its own moment.

    Index and harvesters read them again. Others, which the public does not see, stay as they are.
    """
    touched = [entry for entry in entries if entry.state == EntryState.LISTED.value]
    if not touched:
        return []
    moment = moment_of_change()
    for number, entry in enumerate(touched):
        entry.changed_at = moment + timedelta(microseconds=number)
        entry.save(update_fields=["changed_at"])
    return touched


def insert_under_slug(row: Entry | Series | Grouping, slug: str | None, title: str) -> None:
    """Insert a row under its slug; one of our own choice, the title's pinyin, gets a number while taken.

    Refusals: ``slug-wrong``, ``slug-taken``.
    """
    rows = type(row)._default_manager
    wanted = rules.require_slug(slug) if slug else rules.slug_of(title)
    for candidate in [wanted] if slug else islice(rules.slug_candidates(wanted), _SLUG_TRIES):
        if rows.filter(slug=candidate).exists():
            continue
        row.slug = candidate
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:  # somebody else took it since we looked
            continue
        return
    raise no.SLUG_TAKEN(slug=wanted)


def with_author(authors: Iterable[str], actor: Actor) -> list[str]:
    """The people who wrote a revision, the actor among them."""
    mine = {str(actor.person)} if actor.person is not None else set()
    return sorted({*authors, *mine})


def refuse_first(problems: Sequence[Refusal]) -> None:
    """Raise the first problem; a page shows them all through the selector."""
    if problems:
        raise problems[0]


def record_act(
    act: str,
    actor: Actor,
    entry: Entry,
    revision: Revision | None = None,
    *,
    rows: Sequence[models.Model],
    **data: Any,
) -> None:
    """Append ``catalog.<act>`` about the entry; the content enters as its salted digest only.

    The slug says what a dataset is about: it enters the log from the first listing on.
    """
    facts: dict[str, Any] = {"state": entry.state, **data}
    if entry.listed_at is not None:
        facts["slug"] = entry.slug
    if revision is not None:
        facts |= {
            "revision": str(revision.pk),
            "number": revision.number,
            "content_sha256": rules.content_digest(
                metadata_of(revision),
                fields_of(revision),
                revision.version_id,
                salt=revision.content_salt,
            ),
        }
    record(f"catalog.{act}", actor=actor, subject=f"urn:uuid:{entry.pk}", data=facts, rows=rows)
