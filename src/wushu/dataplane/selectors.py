"""Reads of the data plane, each with its permission inside.

Rows are read through the one selector (``access``). Beside it stands only the desk: who edits or
decides on an open revision sees the first rows of the version it names. Nobody's role opens a
version that is listed; whoever reads it there needs a grant and leaves a receipt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from pyarrow import parquet

from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryState, EntryView, FieldSpec, VersionView
from wushu.dataplane import rules
from wushu.dataplane.access import decide
from wushu.dataplane.asgi import application
from wushu.dataplane.ingest import faults, store
from wushu.dataplane.ingest.bucket_files import Wanted, bucket_faults, bucket_objects
from wushu.dataplane.ingest.counting import loads_by_state, receipts_unsealed
from wushu.dataplane.ingest.naming import WORK_IN_PROGRESS, objects_named
from wushu.dataplane.ingest.refusals import DISK_FULL
from wushu.dataplane.ingest.views import load_view
from wushu.dataplane.limits import Allowance
from wushu.dataplane.models import Grant, Load, Upload
from wushu.dataplane.query import conditions, pages
from wushu.dataplane.query.computing import Computable, GrantedCopy, computable
from wushu.dataplane.query.database import DjangoDatabase
from wushu.dataplane.query.exploring import Explored, explorable, explore, mapped
from wushu.dataplane.query.groups import (
    ACROSS_MOST,
    GROUPS_MOST,
    Group,
    Grouping,
    Groups,
    Measure,
    Step,
)
from wushu.dataplane.query.known import files_of as export_facts
from wushu.dataplane.query.places import Bounds, Spot, Spots
from wushu.dataplane.query.profiles import profile_of
from wushu.dataplane.query.quota import QuotaLeft, quotas_left
from wushu.dataplane.query.receipts import (
    oldest_unsealed_receipt,
    receipt_faults,
    receipt_write,
)
from wushu.dataplane.query.scans import scan_here
from wushu.dataplane.query.types import (
    DATASET_SEALED,
    DATASET_WITHDRAWN,
    OP_WORDS,
    VERSION_NOT_FOUND,
    Access,
    Condition,
    Op,
    RowsQuery,
    Surface,
)
from wushu.dataplane.query.versions import Version, readable_names, version_of
from wushu.dataplane.storage import Bucket, bucket
from wushu.dataplane.types import (
    NO_QUOTA,
    Delivery,
    FileFault,
    GranteeKind,
    GrantStanding,
    LoadView,
    PersonalInformation,
    Profile,
    Quota,
    RejectedRow,
    RejectReason,
    UploadState,
    Watermark,
)
from wushu.dataplane.usage.reading import (
    MOST_DAYS,
    RECENT_DAYS,
    key_uses,
    most_used,
    recent,
    use_totals,
    uses_by_dataset,
    uses_by_day,
)
from wushu.dataplane.usage.types import PAGE, ROWS, Client, DatasetUse, DayOfUse, KeyUse, UseTotal
from wushu.dataplane.watermarks.judging import LEVEL as TRACE_LEVEL
from wushu.dataplane.watermarks.types import Traced
from wushu.kernel.errors import NOT_FOUND, NOT_PERMITTED, Said
from wushu.parties import selectors as parties
from wushu.parties.types import (
    KEY_LACKS_SCOPE,
    NODE,
    Actor,
    OrganisationView,
    Scope,
    account_urn,
)
from wushu.privacy.types import METHOD_LABELS, Mask

__all__ = [
    "ACROSS_MOST",
    "DISK_FULL",
    "GROUPS_MOST",
    "METHOD_LABELS",
    "MOST_DAYS",
    "OP_WORDS",
    "PAGE",
    "RECENT_DAYS",
    "ROWS",
    "TRACE_LEVEL",
    "VERSION_NOT_FOUND",
    "WORK_IN_PROGRESS",
    "Allowance",
    "Bounds",
    "Bucket",
    "Client",
    "Computable",
    "Condition",
    "DatasetUse",
    "DayOfUse",
    "Explored",
    "GrantView",
    "GrantedCopy",
    "Group",
    "Grouping",
    "Groups",
    "KeyUse",
    "Measure",
    "Op",
    "Preview",
    "Spot",
    "Spots",
    "Step",
    "Traced",
    "UseTotal",
    "Wanted",
    "access",
    "allowance_of",
    "bucket",
    "bucket_objects",
    "computable",
    "condition_told",
    "explorable",
    "explore",
    "export_facts",
    "file_faults",
    "grant_acts",
    "grants_expiring",
    "grants_held",
    "grants_of",
    "key_uses",
    "load",
    "loads_by_state",
    "loads_of",
    "loads_open",
    "mapped",
    "mask_told",
    "most_used",
    "objects_named",
    "oldest_unsealed_receipt",
    "personal",
    "preview",
    "receipt_faults",
    "receipts_unsealed",
    "recent",
    "rejects",
    "terms_require",
    "uploaded_by",
    "use_totals",
    "uses_by_dataset",
    "uses_by_day",
]


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a version that the reader may see, and what its columns hold."""

    fields: tuple[FieldSpec, ...]
    rows: tuple[tuple[Any, ...], ...]
    """Values in the order of the fields, in their JSON form; None where there is none."""
    hidden: int
    """Columns the reader's grant does not name."""
    whole: bool
    """Whether the reader may read all columns and all rows."""
    profile: Profile | None
    """Of the columns shown; None for a reader of some rows only: it speaks of all of them."""
    is_marked: bool = False
    """Whether the rows of the reader's downloads stand in an order of their own."""
    masks: tuple[Mask, ...] = ()
    """How the columns are masked that are not shown as they are."""


@dataclass(frozen=True, slots=True)
class GrantView:
    """A grant as those who give it see it."""

    id: UUID
    grantee_kind: GranteeKind
    grantee: UUID | None
    organisation: OrganisationView | None
    person: str
    """Username of the person it is for; empty where there is none (any more)."""
    columns: tuple[str, ...] | None
    row_filter: tuple[Condition, ...]
    purpose: str
    basis: str
    valid_from: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
    revoked_reason: str
    watermark: Watermark
    masks: tuple[Mask, ...] = ()
    quota: Quota = NO_QUOTA
    delivery: Delivery = Delivery.ROWS
    left: QuotaLeft | None = None
    """Of the quota, today; None where there is none."""

    def standing(self, now: datetime) -> GrantStanding:
        """Whether it lets anybody read at the moment."""
        if self.revoked_at is not None:
            return GrantStanding.REVOKED
        if self.valid_until is not None and self.valid_until <= now:
            return GrantStanding.EXPIRED
        return GrantStanding.FUTURE if self.valid_from > now else GrantStanding.IN_FORCE


GRANTS_MOST = 200
"""Grants of one reader that are listed."""
_WORK = UUID(int=0)
"""In the place of a grant (nil UUID, RFC 9562, 5.9): read by somebody at work on the version."""


# Rows


def access(
    dataset: UUID, actor: Actor | None, now: datetime, *, version: int | None = None
) -> Access:
    """Which version, columns and rows the actor may read now; refusals as ``access.decide``."""
    return decide(DjangoDatabase(), dataset, actor, now, version=version)


def preview(version: UUID, *, actor: Actor | None, limit: int, at_work: bool = False) -> Preview:
    """The first ``limit`` rows that the actor may read; a receipt is left where they are not public.

    ``at_work``: on the desk, where who edits or decides on the version needs no grant.
    Refusals: ``not-found``, those of ``access.decide``, ``version-damaged``, ``quota-used-up``.
    """
    shown = catalog.version(version, actor=actor)
    if at_work and actor is not None and catalog.is_at_work_on(version, actor=actor):
        allowed = _access_at_work(shown, actor)
    else:
        allowed = access(shown.entry, actor, timezone.now(), version=shown.number)
    opened = version_of(allowed)
    names = readable_names(allowed, opened)
    rows = [orjson.loads(row) for row in _first_rows(opened, allowed, limit)]
    if not allowed.public and allowed.grant != _WORK:
        # Read first: of a quota it takes the rows that are shown, which the filter may make fewer.
        receipt_write(
            allowed, surface=Surface.PAGE, columns=names, query=f"limit={limit}", rows=len(rows)
        )
    return Preview(
        fields=tuple(one for one in opened.fields if one.name in names),
        rows=tuple(tuple(row[name] for name in names) for row in rows),
        hidden=len(opened.names) - len(names),
        whole=allowed.whole,
        profile=profile_of(allowed),
        is_marked=allowed.watermark is not Watermark.NONE,
        masks=tuple(one for one in allowed.masks if one.column in names),
    )


def rejects(version: UUID, *, actor: Actor, limit: int) -> list[RejectedRow]:
    """The first rejected rows of a version, for its body's clerks and for who decides on it.

    Refusals: ``not-found``, ``not-permitted``, ``dataset-sealed``, ``dataset-withdrawn``.
    """
    shown = _of_work(version, actor, Said("查看未装载的行", "read rejected rows"))
    named = store.Named(shown.entry, shown.number, shown.manifest_sha256)
    path = store.listed_file(named, "rejects")
    found: list[RejectedRow] = []
    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=max(limit, 1)):
            for row in batch.to_pylist()[: limit - len(found)]:
                found.append(RejectedRow(**{**row, "reason": RejectReason(row["reason"])}))
            if len(found) >= limit:
                break
    return found


def personal(version: UUID, *, actor: Actor) -> tuple[PersonalInformation, ...]:
    """What looked personal in the columns a version was loaded with; readers as of ``rejects``."""
    _of_work(version, actor, Said("查看个人信息的提示", "read warnings about personal information"))
    row = Load.objects.select_related("upload").filter(version=version).first()
    if row is None:
        return ()
    load = load_view(row)
    if load.found is None or load.confirmed is None:
        return ()
    return load.found.personal_in(load.confirmed.positions, load.confirmed.fields)


def _of_work(version: UUID, actor: Actor, what: Said) -> VersionView:
    """The version, for its body's clerks and for who decides on it."""
    shown = catalog.version(version, actor=actor)
    entry = catalog.entry_by_id(shown.entry, actor=actor)
    is_own = rules.may_load(actor, entry.body)
    if not is_own and not catalog.is_at_work_on(version, actor=actor):
        raise NOT_PERMITTED(who=actor.name, what=what)
    _require_readable(entry)
    return shown


def _access_at_work(version: VersionView, actor: Actor) -> Access:
    """All of a version, for who edits or decides on it."""
    entry = catalog.entry_by_id(version.entry, actor=actor)
    _require_readable(entry)
    return Access(
        dataset=entry.id,
        slug=entry.slug,
        title=entry.revision.metadata.title_zh if entry.revision else entry.slug,
        version=version.id,
        number=version.number,
        manifest_sha256=version.manifest_sha256,
        grant=_WORK,
        public=False,
        columns=None,
        row_filter=(),
        actor=actor.urn,
    )


def _require_readable(entry: EntryView) -> None:
    """A seal and a withdrawal bind those who work on the dataset too."""
    if entry.state is EntryState.SEALED:
        raise DATASET_SEALED(dataset=entry.slug, reason=entry.closed_reason)
    if entry.state is EntryState.WITHDRAWN:
        raise DATASET_WITHDRAWN(dataset=entry.slug, reason=entry.closed_reason)


def _first_rows(version: Version, allowed: Access, limit: int) -> list[bytes | memoryview]:
    query = pages.with_filter(RowsQuery(limit=limit), allowed.row_filter)
    found = pages.point(version, query, None)
    if found is None:
        found = scan_here(
            lambda db: pages.scan(db, version, query, None, count=False),
            seconds=settings.QUERY_SECONDS,
            dataset=allowed.slug,
        )
    return found.rows


# Uploads, loads and grants


def load(load: UUID, *, actor: Actor) -> LoadView:
    """A load, for the clerks of its body; ``not-found`` for everybody else."""
    row = Load.objects.select_related("upload").filter(pk=load).first()
    if row is None or not (actor == NODE or rules.may_load(actor, row.upload.body_id)):
        raise NOT_FOUND(what=str(load))
    return load_view(row)


def loads_open(*, actor: Actor) -> list[LoadView]:
    """Loads of the actor's bodies that wait for something or failed, newest first."""
    bodies = [body for body in actor.organisations if rules.may_load(actor, body)]
    rows = (
        Load.objects.select_related("upload")
        .filter(Q(upload__body__in=bodies) & ~Q(state=UploadState.LOADED.value))
        .order_by("-upload__received_at")
    )
    return [load_view(row) for row in rows]


def allowance_of(digest: str) -> Allowance | None:
    """What is left of its rate to an API key in this process; None where the node has no limit.

    For the key's owner. Other processes of the node count for themselves.
    """
    return application.plane.allowance(digest)


def loads_of(actor: Actor, body: UUID) -> list[LoadView]:
    """Loads of the body that the actor handed in and that are not loaded, newest first."""
    rows = (
        Load.objects.select_related("upload")
        .filter(Q(upload__body=body, upload__account=actor.account))
        .exclude(state=UploadState.LOADED.value)
        .order_by("-upload__received_at")
    )
    return [load_view(row) for row in rows]


def uploaded_by(uploads: Iterable[UUID], *, actor: Actor) -> dict[UUID, str]:
    """URN of the account that handed each file in, for the clerks of its body; others are left out."""
    found = Upload.objects.filter(pk__in=set(uploads))
    return {one.pk: account_urn(one.account) for one in found if rules.may_load(actor, one.body_id)}


def condition_told(text: str, fields: Iterable[FieldSpec]) -> Condition:
    """A condition of a grant as it is typed, ``column:comparison:value``; refusals of ``conditions``."""
    return conditions.condition(text, {one.name: one.type for one in fields})


def mask_told(text: str, fields: Iterable[FieldSpec]) -> dict[str, Any]:
    """A mask as it is typed, ``column:method:3:4``; whether it fits, who writes the grant says."""
    names = [one.name for one in fields if text.startswith(f"{one.name}:")]
    column = max(names, key=len, default=text.partition(":")[0])
    method, *values = text[len(column) + 1 :].split(":")
    return {"column": column, "method": method, "values": values}


def terms_require(
    dataset: UUID,
    *,
    columns: Sequence[str] | None,
    row_filter: Sequence[Mapping[str, Any]],
    masks: Sequence[Mapping[str, Any]],
    quota: Quota,
) -> None:
    """Refuse terms of which no grant of the dataset as it is listed could be written.

    Refusals: ``not-found`` and those of ``rules.require_terms``.
    """
    entry = catalog.entry_by_id(dataset)
    if entry.revision is None:
        raise NOT_FOUND(what=str(dataset))
    rules.require_terms(entry.revision.fields, columns, row_filter, masks, quota)


def grants_expiring(*, actor: Actor, days: int) -> list[tuple[UUID, datetime]]:
    """Datasets of the actor's bodies with a grant that ends within so many days, and since when.

    Each once, by the grant that ends first; for clerks, who answer for the grants of their body.
    """
    now = timezone.now()
    ending = (
        Grant.objects.filter(revoked_at=None, valid_until__gt=now)
        .filter(valid_until__lte=now + timedelta(days=days))
        .order_by("valid_until", "id")
    )
    bodies = catalog.bodies_of_entries(actor=actor)
    own = {one for one, body in bodies.items() if rules.may_load(actor, body)}
    found: dict[UUID, datetime] = {}
    for grant in ending.filter(dataset__in=own):
        assert grant.valid_until is not None
        found.setdefault(grant.dataset, grant.valid_until - timedelta(days=days))
    return list(found.items())


def grant_overseen(grant: UUID, *, actor: Actor) -> tuple[UUID, GrantView]:
    """A grant with its dataset, for those who may revoke it; ``not-found``, ``grant-not-overseen``."""
    dataset = Grant.objects.filter(pk=grant).values_list("dataset", flat=True).first()
    if dataset is None:
        raise NOT_FOUND(what=str(grant))
    return dataset, next(one for one in grants_of(dataset, actor=actor) if one.id == grant)


def grants_of(dataset: UUID, *, actor: Actor) -> list[GrantView]:
    """All grants of a dataset, newest first, for those who may revoke them; ``grant-not-overseen``."""
    entry = catalog.entry_by_id(dataset, actor=actor)
    rules.require_revoker(actor, entry.body, parties.organisation(entry.body).division)
    return _grant_views(
        list(Grant.objects.filter(dataset=dataset).order_by("-created_at", "id")), actor
    )


def grants_held(*, actor: Actor) -> list[tuple[UUID, GrantView]]:
    """Grants that let the actor read now or later, with their datasets: theirs and their organisations'."""
    own = Q(grantee_kind=GranteeKind.PERSON.value, grantee=actor.person) if actor.person else Q()
    theirs = Q(grantee_kind=GranteeKind.ORGANISATION.value, grantee__in=actor.organisations)
    if not actor.allows(Scope.ROWS_READ):
        raise KEY_LACKS_SCOPE(what=Said("查看授权", "see grants"), scope=Scope.ROWS_READ)
    rows = list(
        Grant.objects.filter(own | theirs, revoked_at=None)
        .filter(Q(valid_until=None) | Q(valid_until__gt=timezone.now()))
        .order_by("valid_until", "id")[:GRANTS_MOST]
    )
    return [(row.dataset, view) for row, view in zip(rows, _grant_views(rows, actor), strict=True)]


def _grant_views(rows: list[Grant], actor: Actor) -> list[GrantView]:
    quotas = {row.pk: Quota(row.rows_a_day, row.requests_a_day) for row in rows}
    left = quotas_left({grant: quota for grant, quota in quotas.items() if quota})
    grantees = {row.grantee for row in rows if row.grantee is not None}
    organisations = parties.organisations_by_id(grantees)
    people = parties.people_named(grantees, actor=actor)
    return [
        GrantView(
            id=row.pk,
            grantee_kind=GranteeKind(row.grantee_kind),
            grantee=row.grantee,
            organisation=organisations.get(row.grantee) if row.grantee else None,
            person=people.get(row.grantee, "") if row.grantee else "",
            columns=None if row.columns is None else tuple(row.columns),
            row_filter=tuple(Condition.from_json(one) for one in row.row_filter),
            purpose=row.purpose,
            basis=row.basis,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            revoked_at=row.revoked_at,
            revoked_reason=row.revoked_reason,
            watermark=Watermark(row.watermark),
            delivery=Delivery(row.delivery),
            masks=tuple(Mask.from_json(one) for one in row.masks),
            quota=quotas[row.pk],
            left=left.get(row.pk),
        )
        for row in rows
    ]


def grant_acts(dataset: UUID, *, actor: Actor) -> tuple[bool, bool]:
    """Whether the actor may write grants of a dataset, and whether they may see and revoke them.

    ``not-found`` for who may not know of the dataset.
    """
    entry = catalog.entry_by_id(dataset, actor=actor)
    division = parties.organisation(entry.body).division
    return rules.may_load(actor, entry.body), rules.may_revoke(actor, entry.body, division)


def file_faults() -> Iterator[FileFault]:
    """Every file of uploads and versions that is not what the database says; reads every byte.

    For the node's own check of itself (``wushu doctor``); asks nobody.
    """
    originals = Upload.objects.values_list("sha256", flat=True).distinct()
    if (kept := bucket()) is not None:
        yield from bucket_faults(kept, catalog.all_versions(), originals.iterator())
        yield from faults.serving_faults(catalog.all_versions())
        return
    yield from faults.file_faults(catalog.all_versions(), originals.iterator())
