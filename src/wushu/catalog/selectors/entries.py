"""Entries, their revisions and versions, as far as their reader may see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.fields import UUIDField

from wushu.catalog import rules
from wushu.catalog.models import Entry, Grouping, Review, Revision, Series, Version
from wushu.catalog.presenting import (
    entry_view,
    fields_of,
    metadata_of,
    revision_view,
    version_view,
)
from wushu.catalog.rules import Standing
from wushu.catalog.types import (
    Attribute,
    Change,
    EntryState,
    EntryView,
    FieldSpec,
    IdentifierTarget,
    ListedAs,
    Metadata,
    RevisionState,
    RevisionView,
    SeriesState,
    VersionView,
)
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.parties import selectors as parties
from wushu.parties.types import NODE, Actor

_SUBMITTED = tuple(state.value for state in rules.visible_states(Standing.AUTHORITY))
_ONCE_PUBLIC = tuple(state.value for state in rules.visible_states(Standing.PUBLIC))
_CLOSED = (EntryState.SEALED.value, EntryState.WITHDRAWN.value)


def entry_by_slug(slug: str, *, actor: Actor | None = None) -> EntryView:
    """An entry by its name in addresses; ``not-found`` also where the reader may not know of it.

    Without an actor: the listed revision, or the notice of a sealed or withdrawn entry (no
    revision). With one who works for its body or holds the authority's role: the newest revision
    they may read. Public pages ask without an actor.
    """
    return _one(Q(slug=slug), actor, slug)


def entry_by_id(entry: UUID, *, actor: Actor | None = None) -> EntryView:
    """The same by id."""
    return _one(Q(pk=entry), actor, str(entry))


def entries_by_id(ids: Sequence[UUID], *, with_fields: bool = True) -> list[EntryView]:
    """Listed entries as the public sees them, in the order asked for; others are left out.

    ``with_fields`` as in ``views_of``.
    """
    if not ids:
        return []
    found = Entry.objects.filter(pk__in=ids, state=EntryState.LISTED.value).select_related(
        "body", "listed_revision__version"
    )
    rows = (found if with_fields else found.defer("listed_revision__fields")).in_bulk()
    if not with_fields:
        for row in rows.values():
            if row.listed_revision is not None:
                row.listed_revision.fields = []
    return [entry_view(rows[one], rows[one].listed_revision) for one in ids if one in rows]


def entries_known(ids: Iterable[UUID], *, actor: Actor | None = None) -> dict[UUID, EntryView]:
    """By id the entries of which the actor may know, as ``entry_by_id`` shows each: a few queries."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = visible_entries(actor).filter(pk__in=wanted)
    return {one.id: one for one in views_of(rows, actor)}


def revision(revision: UUID, *, actor: Actor | None = None) -> RevisionView:
    """One revision with its content; ``not-found``.

    The public reads what is or was listed, unless the entry is sealed or withdrawn; the authority
    what was ever submitted; the body all of its own.
    """
    row = _revision_row(revision, actor)
    reviews = _reviews_for(row, rules.standing(actor, row.entry.body_id, row.entry.body.division))
    return revision_view(row, reviews)


def listed_as(attribute: Attribute, *, bodies: Collection[UUID] | None = None) -> list[ListedAs]:
    """What is listed with an opening attribute, of some bodies or of all, in no order."""
    rows = Entry.objects.filter(
        state=EntryState.LISTED.value, listed_revision__attribute=attribute.value
    )
    if bodies is not None:
        rows = rows.filter(body__in=bodies)
    known = rows.order_by().values_list("pk", "body", "listed_at")
    return [ListedAs(entry, body, at) for entry, body, at in known if at is not None]


def listed_since(entry: UUID, moment: datetime) -> bool:
    """Whether the public reads a revision that was listed after a moment."""
    listed = Entry.objects.filter(pk=entry, state=EntryState.LISTED.value)
    return listed.filter(listed_revision__listed_at__gt=moment).exists()


def revisions(entry: UUID, *, actor: Actor | None = None) -> list[RevisionView]:
    """All revisions of an entry that the reader may read, newest first; ``not-found``."""
    held = _visible_entry(Q(pk=entry), actor, str(entry))
    of = rules.standing(actor, held.body_id, held.body.division)
    if of is Standing.PUBLIC and held.state in _CLOSED:
        return []
    rows = (
        Revision.objects.filter(entry=held, state__in=_values(rules.visible_states(of)))
        .select_related("version")
        .prefetch_related(_REVIEWS)
        .order_by("-number")
    )
    return [revision_view(row, _reviews_for(row, of)) for row in rows]


def revision_diff(revision: UUID, *, actor: Actor | None = None) -> list[Change]:
    """How a revision differs from what is listed, for the reviewer; ``not-found``.

    For the listed revision itself, and for older ones: from the one listed before it.
    """
    row = _revision_row(revision, actor)
    before = (
        Revision.objects.filter(entry=row.entry_id, number__lt=row.number, state__in=_ONCE_PUBLIC)
        .select_related("version")
        .order_by("-number")
        .first()
    )
    return rules.revision_changes(None if before is None else _content(before), _content(row))


def versions(entry: UUID, *, actor: Actor | None = None) -> list[VersionView]:
    """Versions of the data, newest first; ``not-found``.

    The public sees those that a listed revision named or names, none of a sealed or withdrawn
    entry.
    """
    held = _visible_entry(Q(pk=entry), actor, str(entry))
    return [version_view(row) for row in _visible_versions(held, actor)]


def all_versions() -> Iterator[VersionView]:
    """Every version of every entry, for the node's own checks of its files; asks nobody."""
    for row in Version.objects.order_by("entry", "number").iterator():
        yield version_view(row)


def version(version: UUID, *, actor: Actor | None = None) -> VersionView:
    """One version of the data; ``not-found`` as in ``versions``."""
    row = Version.objects.filter(pk=version).first()
    if row is None:
        raise NOT_FOUND(what=str(version))
    held = _visible_entry(Q(pk=row.entry_id), actor, str(version))
    if not _visible_versions(held, actor).filter(pk=version).exists():
        raise NOT_FOUND(what=str(version))
    return version_view(row)


def identifier_target(identifier: UUID) -> IdentifierTarget:
    """What ``…/id/<uuid>`` stands for: a dataset, a version, a series … ; ``not-found``."""
    entry = Entry.objects.filter(pk=identifier, listed_at__isnull=False).first()
    if entry is not None:
        return IdentifierTarget("dataset", f"/datasets/{entry.slug}", entry.slug)
    row = Version.objects.filter(pk=identifier).select_related("entry__body").first()
    if row is not None and _visible_versions(row.entry, None).filter(pk=identifier).exists():
        page = f"/datasets/{row.entry.slug}?version={row.number}"
        return IdentifierTarget("version", page, row.entry.slug)
    if series := Series.objects.filter(pk=identifier, state=SeriesState.LISTED.value).first():
        return IdentifierTarget("series", f"/series/{series.slug}")
    if grouping := Grouping.objects.filter(pk=identifier).first():
        return IdentifierTarget("grouping", f"/groupings/{grouping.slug}")
    try:
        body = parties.organisation(identifier)
    except Refusal:
        raise NOT_FOUND(what=str(identifier)) from None
    return IdentifierTarget("organisation", f"/bodies/{body.code}")


# Rows under the reader's permission


def visible_entries(actor: Actor | None) -> QuerySet[Entry]:
    """Entries of which the reader may know."""
    known = Q(listed_at__isnull=False)
    if actor == NODE:
        known = Q()
    elif bodies := rules.bodies_read(actor):
        known |= Q(body__in=bodies)
    if (examined := in_examined_divisions(actor)) is not None:
        submitted = Revision.objects.filter(entry=OuterRef("pk"), state__in=_SUBMITTED)
        known |= examined & Q(Exists(submitted))
    return Entry.objects.filter(known).select_related("body")


def in_examined_divisions(actor: Actor | None, path: str = "body__division") -> Q | None:
    """``rules.may_examine`` as a condition on a division's column; None where it never holds."""
    beginnings = rules.divisions_examined(actor)
    if not beginnings:
        return None
    within = Q(**{path: ""})
    for beginning in beginnings:
        within |= Q(**{f"{path}__startswith": beginning})
    return within


def views_of(
    rows: Iterable[Entry], actor: Actor | None, *, with_fields: bool = True
) -> list[EntryView]:
    """Views of entries the reader may know of, each with the revision they may read: two queries.

    ``with_fields`` False leaves the data items out, for long lists that do not show them.
    """
    held = list(rows)
    if not held:  # each of the questions that follow takes milliseconds to put, with no answer
        return []
    shown = _newest_revisions([row.pk for row in held], actor, with_fields)
    titles = Revision.objects.in_bulk(
        [row.listed_revision_id for row in held if row.pk not in shown and row.listed_revision_id]
    )
    return [
        entry_view(
            row,
            shown.get(row.pk),
            titled=titles.get(row.listed_revision_id) if row.listed_revision_id else None,
            reviews=_reviews_for(
                shown[row.pk], rules.standing(actor, row.body_id, row.body.division)
            )
            if row.pk in shown
            else (),
        )
        for row in held
    ]


def shown_revision(actor: Actor | None) -> Case:
    """The newest revision of an entry the reader may read; none of a closed entry for the public."""
    newest = Revision.objects.filter(entry=OuterRef("pk")).order_by("-number")
    whens = []
    if actor == NODE:
        whens.append(When(Q(pk__isnull=False), then=Subquery(newest.values("pk")[:1])))
    elif bodies := rules.bodies_read(actor):
        whens.append(When(body__in=bodies, then=Subquery(newest.values("pk")[:1])))
    if (examined := in_examined_divisions(actor)) is not None:
        submitted = newest.filter(state__in=_SUBMITTED)
        whens.append(
            When(examined & Q(Exists(submitted)), then=Subquery(submitted.values("pk")[:1]))
        )
    nothing = Value(None, output_field=UUIDField())
    whens.append(When(state__in=_CLOSED, then=nothing))
    return Case(*whens, default=F("listed_revision_id"), output_field=UUIDField())


def _newest_revisions(
    entries: Sequence[UUID], actor: Actor | None, with_fields: bool
) -> dict[UUID, Revision]:
    chosen = (
        Entry.objects.filter(pk__in=entries)
        .annotate(shown=shown_revision(actor))
        .values_list("shown", flat=True)
    )
    rows = (
        Revision.objects.filter(pk__in=[one for one in chosen if one is not None])
        .select_related("version")
        .prefetch_related(_REVIEWS)
    )
    if with_fields:
        return {row.entry_id: row for row in rows}
    found = {row.entry_id: row for row in rows.defer("fields")}
    for row in found.values():
        row.fields = []
    return found


_REVIEWS = Prefetch("reviews", queryset=Review.objects.order_by("at"))


def _reviews_for(row: Revision, of: Standing) -> Iterable[Review]:
    """Who decided is for those inside; the public sees the act in the evidence log."""
    return () if of is Standing.PUBLIC else row.reviews.all()


def _one(condition: Q, actor: Actor | None, what: str) -> EntryView:
    return views_of([_visible_entry(condition, actor, what)], actor)[0]


def _visible_entry(condition: Q, actor: Actor | None, what: str) -> Entry:
    row = visible_entries(actor).filter(condition).first()
    if row is None:
        raise NOT_FOUND(what=what)
    return row


def _revision_row(revision: UUID, actor: Actor | None) -> Revision:
    row = (
        Revision.objects.filter(pk=revision)
        .select_related("version", "entry__body")
        .prefetch_related(_REVIEWS)
        .first()
    )
    if row is None or not _may_read(row, actor):
        raise NOT_FOUND(what=str(revision))
    return row


def _may_read(row: Revision, actor: Actor | None) -> bool:
    of = rules.standing(actor, row.entry.body_id, row.entry.body.division)
    closed = row.entry.state in _CLOSED
    if of is Standing.PUBLIC and closed:
        return False
    return RevisionState(row.state) in rules.visible_states(of)


def _visible_versions(entry: Entry, actor: Actor | None) -> QuerySet[Version]:
    of = rules.standing(actor, entry.body_id, entry.body.division)
    rows = Version.objects.filter(entry=entry).order_by("-number")
    if of is Standing.BODY:
        return rows
    if of is Standing.PUBLIC and entry.state in _CLOSED:
        return rows.none()
    named = Revision.objects.filter(
        version=OuterRef("pk"), state__in=_values(rules.visible_states(of))
    )
    return rows.filter(Exists(named))


def _content(row: Revision) -> tuple[Metadata, tuple[FieldSpec, ...], int | None]:
    return metadata_of(row), fields_of(row), None if row.version is None else row.version.number


def _values(states: Iterable[RevisionState]) -> list[str]:
    return sorted(state.value for state in states)
