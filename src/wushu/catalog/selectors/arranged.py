"""Series and groupings, as far as their reader may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from wushu.catalog import rules
from wushu.catalog.models import (
    Derivation,
    Entry,
    Grouping,
    GroupingMember,
    Series,
    SeriesMember,
)
from wushu.catalog.presenting import words_of
from wushu.catalog.rules import Standing
from wushu.catalog.selectors.desk import DESK_LIMIT
from wushu.catalog.selectors.entries import entries_by_id, in_examined_divisions, views_of
from wushu.catalog.types import (
    Around,
    EntryState,
    EntryView,
    GroupingKind,
    GroupingView,
    SeriesMemberView,
    SeriesPlace,
    SeriesState,
    SeriesTie,
    SeriesView,
)
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.parties.types import Actor

_LISTED = SeriesState.LISTED.value


# Series


def series_by_slug(slug: str, *, actor: Actor | None = None) -> SeriesView:
    """A series by its name in addresses; ``not-found`` also where the reader may not know of it.

    The public sees it once it is listed, with the datasets that are; the body and its authority
    always.
    """
    return series_view(_visible(Q(slug=slug), actor, slug))


def series_at_desk(*, actor: Actor) -> list[SeriesView]:
    """The series of the actor's bodies, and those the authority's people examine; the newest first."""
    wanted = Q(body__in=rules.bodies_read(actor))
    examined = in_examined_divisions(actor)
    if examined is not None:
        wanted |= examined
    rows = Series.objects.filter(wanted).select_related("body").order_by("-proposed_at")
    return _series_views(rows[:DESK_LIMIT])


def series_obstacle(series: UUID, *, actor: Actor) -> Refusal | None:
    """Why the actor may not decide on a proposed series, for the page to say; None when they may.

    ``not-found`` for who may not know of it.
    """
    return deciding_obstacle(_visible(Q(pk=series), actor, str(series)), actor)


def deciding_obstacle(row: Series, actor: Actor) -> Refusal | None:
    """The same of a row with its body."""
    return rules.gate_obstacle(
        actor,
        author_urns={row.proposed_by},
        author_persons={UUID(one) for one in row.authors},
        body=row.body_id,
        body_division=row.body.division,
    )


def may_edit_series(series: SeriesView, *, actor: Actor) -> bool:
    """Whether the actor fills it, changes its words, and closes it."""
    return rules.may_edit(actor, series.body)


def series_place(entry: UUID) -> SeriesPlace | None:
    """Where a listed entry stands in its listed series, with its neighbours; None: in none."""
    found = (
        SeriesMember.objects.filter(
            entry=entry, series__state=_LISTED, entry__state=EntryState.LISTED.value
        )
        .select_related("series__body")
        .first()
    )
    if found is None:
        return None
    series = series_view(found.series)
    at = next(i for i, one in enumerate(series.members) if one.entry.id == entry)
    members = series.members
    return SeriesPlace(
        series=series,
        period=members[at].period,
        previous=members[at - 1] if at else None,
        following=members[at + 1] if at + 1 < len(members) else None,
    )


def around(entries: Iterable[UUID]) -> dict[UUID, Around]:
    """What stands around listed entries, for descriptions of many: a few queries for all of them."""
    wanted = list(entries)
    ties, held = _ties(wanted), groupings_of(wanted)
    sources: dict[UUID, list[UUID]] = defaultdict(list)
    for entry, source in (
        Derivation.objects.filter(entry__in=wanted, source__state=EntryState.LISTED.value)
        .order_by("added_at", "pk")
        .values_list("entry", "source")
    ):
        sources[entry].append(source)
    return {
        one: Around(ties.get(one), tuple(held.get(one, ())), tuple(sources.get(one, ())))
        for one in wanted
    }


def sources_of(entry: UUID) -> list[EntryView]:
    """Listed datasets that a listed one was made from."""
    rows = Derivation.objects.filter(entry=entry).order_by("added_at", "pk")
    return entries_by_id(list(rows.values_list("source", flat=True)))


def _ties(entries: list[UUID]) -> dict[UUID, SeriesTie]:
    of = Series.objects.filter(members__entry__in=entries, state=_LISTED)
    series = {row.pk: row for row in of.distinct()}
    order: dict[UUID, list[tuple[str, UUID]]] = defaultdict(list)
    rows = SeriesMember.objects.filter(series__in=series, entry__state=EntryState.LISTED.value)
    for key, period, entry in rows.values_list("series", "period", "entry"):
        order[key].append((period, entry))
    wanted = set(entries)
    found: dict[UUID, SeriesTie] = {}
    for key, members in order.items():
        row = series[key]
        members.sort(key=lambda one: rules.period_order(one[0]))
        for at, (period, entry) in enumerate(members):
            if entry in wanted:
                found[entry] = SeriesTie(
                    id=row.pk, slug=row.slug, body=row.body_id, words=words_of(row),
                    listed_at=row.listed_at, period=period,
                    first=members[0][1], last=members[-1][1],
                    previous=members[at - 1][1] if at else None,
                    following=members[at + 1][1] if at + 1 < len(members) else None,
                )  # fmt: skip
    return found


def series_view(row: Series) -> SeriesView:
    """A series with the entries the public may see, the earliest first."""
    return _series_views([row])[0]


def _series_views(rows: Iterable[Series]) -> list[SeriesView]:
    held = list(rows)
    members = _members_of([row.pk for row in held])
    return [
        SeriesView(
            id=row.pk,
            slug=row.slug,
            state=SeriesState(row.state),
            body=row.body_id,
            body_code=row.body.code,
            body_name_zh=row.body.name_zh,
            body_name_en=row.body.name_en,
            words=words_of(row),
            proposed_at=row.proposed_at,
            listed_at=row.listed_at,
            reasons=row.reasons,
            members=tuple(members.get(row.pk, ())),
        )
        for row in held
    ]


def _members_of(series: list[UUID]) -> Mapping[UUID, list[SeriesMemberView]]:
    rows = list(
        SeriesMember.objects.filter(
            series__in=series, entry__state=EntryState.LISTED.value
        ).select_related("entry__body")
    )
    views = views_of([row.entry for row in rows], None, with_fields=False)
    entries = {view.id: view for view in views}
    found: dict[UUID, list[SeriesMemberView]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: rules.period_order(one.period)):
        found[row.series_id].append(SeriesMemberView(entries[row.entry_id], row.period))
    return found


def _visible(condition: Q, actor: Actor | None, what: str) -> Series:
    row = Series.objects.select_related("body").filter(condition).first()
    if row is None or not _may_see(row, actor):
        raise NOT_FOUND(what=what)
    return row


def _may_see(row: Series, actor: Actor | None) -> bool:
    if row.state == _LISTED:
        return True
    return rules.standing(actor, row.body_id, row.body.division) is not Standing.PUBLIC


# Groupings


def groupings(kind: GroupingKind | None = None) -> list[GroupingView]:
    """All base and theme databases with the number of their listed datasets."""
    rows = _counted(Grouping.objects.all())
    if kind is not None:
        rows = rows.filter(kind=kind.value)
    return [grouping_view(row) for row in rows]


def groupings_named(slugs: Iterable[str]) -> list[GroupingView]:
    """Those of these names, not counted."""
    rows = Grouping.objects.filter(slug__in=list(slugs)).order_by("kind", "slug")
    return [grouping_view(row) for row in rows]


def grouping_by_slug(slug: str) -> GroupingView:
    """One of them; ``not-found``."""
    row = _counted(Grouping.objects.filter(slug=slug)).first()
    if row is None:
        raise NOT_FOUND(what=slug)
    return grouping_view(row)


def groupings_of(entries: Iterable[UUID]) -> dict[UUID, list[GroupingView]]:
    """Per entry the groupings it is in."""
    rows = (
        GroupingMember.objects.filter(entry__in=list(entries))
        .select_related("grouping")
        .order_by("grouping__kind", "grouping__slug")
    )
    found: dict[UUID, list[GroupingView]] = defaultdict(list)
    for row in rows:
        found[row.entry_id].append(grouping_view(row.grouping))
    return dict(found)


def entries_of_grouping(grouping: UUID) -> list[EntryView]:
    """Its listed entries for the desk that keeps it, at most ``DESK_LIMIT``."""
    rows = (
        Entry.objects.filter(in_groupings__grouping=grouping, state=EntryState.LISTED.value)
        .select_related("body")
        .order_by("slug")[:DESK_LIMIT]
    )
    return views_of(rows, None)


def may_keep_grouping(grouping: GroupingView, *, actor: Actor) -> bool:
    """Whether the actor changes it and what is in it."""
    return rules.may_examine(actor, grouping.kept_for)


def grouping_view(row: Grouping) -> GroupingView:
    """A grouping; the number is 0 where it was not counted."""
    return GroupingView(
        id=row.pk,
        slug=row.slug,
        kind=GroupingKind(row.kind),
        words=words_of(row),
        kept_for=row.kept_for,
        changed_at=row.changed_at,
        count=getattr(row, "listed", 0),
    )


def _counted(rows: QuerySet[Grouping]) -> QuerySet[Grouping]:
    of_listed = Q(members__entry__state=EntryState.LISTED.value)
    return rows.annotate(listed=Count("members", filter=of_listed)).order_by("kind", "slug")
