"""Writes of the data plane: uploads, loads, grants, and the listing that opens data to the public."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import Attribute, EntryView, FieldSpec
from wushu.dataplane import rules
from wushu.dataplane.ingest import confirming, store
from wushu.dataplane.ingest.bucket_files import objects_import, sweep_bucket
from wushu.dataplane.ingest.codec import to_json
from wushu.dataplane.ingest.decode import canonical_name
from wushu.dataplane.ingest.rebuilding import serving_rebuild
from wushu.dataplane.ingest.refusals import (
    GRANT_ALREADY_REVOKED,
    NOT_THE_BODY,
    PUBLIC_GRANT_REFUSED,
    REASON_MISSING,
)
from wushu.dataplane.ingest.running import examine, run
from wushu.dataplane.ingest.store import Readable
from wushu.dataplane.ingest.sweeping import sweep_objects
from wushu.dataplane.ingest.views import found_of, load_view, upload_view
from wushu.dataplane.models import Grant, Load, Trace, Upload
from wushu.dataplane.query.computing import computed_delivered, granted_copy
from wushu.dataplane.query.measuring import exports_measure
from wushu.dataplane.query.receipts import receipts_seal
from wushu.dataplane.storage import bucket
from wushu.dataplane.types import (
    NO_QUOTA,
    Confirmed,
    Delivery,
    Dialect,
    GranteeKind,
    LoadView,
    Quota,
    UploadState,
    UploadView,
    Watermark,
)
from wushu.dataplane.usage.observing import (
    popularity_refresh,
    usage_begin,
    usage_end,
    use_count,
)
from wushu.dataplane.watermarks.comparing import compare
from wushu.dataplane.watermarks.types import Traced
from wushu.evidence.services import record
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.kernel.failpoints import failpoint
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

__all__ = [
    "computed_delivered",
    "exports_measure",
    "grant_extend",
    "grant_restore",
    "grant_revoke",
    "grant_write",
    "granted_copy",
    "load_confirm",
    "load_inspect",
    "load_redescribe",
    "load_run",
    "loads_resume",
    "objects_import",
    "popularity_refresh",
    "receipts_seal",
    "revision_list",
    "serving_rebuild",
    "upload_receive",
    "usage_begin",
    "usage_end",
    "use_count",
    "watermark_trace",
]

logger = logging.getLogger(__name__)


# Uploads


def upload_receive(
    *,
    actor: Actor,
    body: UUID,
    name: str,
    stream: Readable,
    encoding: str = "",
    enqueue: bool = True,
) -> UploadView:
    """Store the original bytes, on disk and hashed, and begin a load of them.

    ``encoding`` is what the person says it is; empty: to be found. ``enqueue`` hands the looking-into
    to a worker; otherwise the caller calls ``load_inspect``. Refusals: ``not-permitted``,
    ``unsafe-file-name``, ``encoding-unknown``, those of ``store.keep``.
    """
    rules.require_loader(actor, body)
    assert actor.account is not None
    kept_name = rules.safe_name(name)
    told = canonical_name(encoding) if encoding.strip() else ""
    stored = store.keep(stream, kept_name, settings.UPLOAD_MAX_BYTES)
    with transaction.atomic():
        upload = Upload.objects.create(
            body_id=body, account=actor.account, name=kept_name, sha256=stored.sha256,
            size=stored.size, encoding=told, received_at=timezone.now(),
        )  # fmt: skip
        load = Load.objects.create(upload=upload, state=UploadState.RECEIVED.value)
        record(
            "dataplane.upload.received", actor=actor, subject=f"urn:uuid:{upload.pk}",
            data={"body": str(body)}, rows=[upload],
        )  # fmt: skip
        if enqueue:
            _enqueue_inspection(load.pk)
    failpoint("ingest.upload.committed")
    return upload_view(upload, load)


def load_inspect(load: UUID) -> None:
    """Look into an upload and note what was found, the question, or the refusal on the load.

    Background work; nothing happens to a load that was looked into before.
    """
    examine(load)


def load_redescribe(
    *,
    actor: Actor,
    load: UUID,
    encoding: str = "",
    dialect: Dialect | None = None,
    enqueue: bool = True,
) -> LoadView:
    """Look again with what the person says: the encoding, or how cells stand.

    Refusals: ``not-found``, ``not-permitted``, ``wrong-load-state``, ``encoding-unknown``.
    """
    with transaction.atomic():
        row = _locked_load(load)
        rules.require_loader(actor, row.upload.body_id)
        rules.require_state(
            UploadState(row.state), rules.REDESCRIBABLE, "重新识别", "looked into again"
        )
        if encoding.strip():
            row.upload.encoding = canonical_name(encoding)
            row.upload.save(update_fields=["encoding"])
            record(
                "dataplane.upload.encoding-told", actor=actor,
                subject=f"urn:uuid:{row.upload_id}", data={"encoding": row.upload.encoding},
                rows=[row.upload],
            )  # fmt: skip
        row.state, row.refusal, row.found = UploadState.RECEIVED.value, None, {}
        if dialect is not None:
            row.found = {"told": to_json(dialect)}
        row.save(update_fields=["state", "refusal", "found"])
        if enqueue:
            _enqueue_inspection(row.pk)
    return load_view(row)


def load_confirm(
    *,
    actor: Actor,
    load: UUID,
    fields: Sequence[FieldSpec],
    entry: UUID,
    positions: Sequence[int] | None = None,
    enqueue: bool = True,
) -> LoadView:
    """Confirm the schema of a load for an entry; a worker then loads it (``enqueue``).

    ``positions`` are the source columns of the fields, from 0, so that columns may be left out; by
    default all of them in order. Refusals: ``not-found``, ``not-permitted``, ``wrong-load-state``,
    ``not-the-body-of-the-dataset``, those of ``catalog.draft_obstacle`` (while the dataset is in
    review no load could enter its draft), and those of ``rules.require_schema``.
    """
    with transaction.atomic():
        row = _locked_load(load)
        rules.require_loader(actor, row.upload.body_id)
        found = found_of(row)
        allowed = rules.CONFIRMABLE if found else ()
        rules.require_state(UploadState(row.state), allowed, "确认", "confirmed")
        assert found is not None
        if catalog.entry_by_id(entry, actor=actor).body != row.upload.body_id:
            raise NOT_THE_BODY()
        obstacle = catalog.draft_obstacle(entry, actor=actor)
        if obstacle is not None:
            raise obstacle
        chosen = tuple(range(len(found.columns))) if positions is None else tuple(positions)
        named = tuple(replace(field, name=field.name.strip()) for field in fields)
        rules.require_schema(named, chosen, len(found.columns))
        confirmed = Confirmed(found.encoding, found.dialect, named, chosen)
        row.confirmed, row.entry, row.account = confirmed.as_json(), entry, actor.account
        row.state, row.refusal = UploadState.QUEUED.value, None
        row.bytes_done, row.rows_done, row.started_at, row.finished_at = 0, 0, None, None
        row.save()
        record(
            confirming.CONFIRMED, actor=actor, subject=confirming.subject_of(row),
            data=confirming.facts_of(row), rows=[],
        )  # fmt: skip
        if enqueue:
            _enqueue_run(row.pk)
    return load_view(row)


def load_run(load: UUID, progress: Callable[[int, int], None] | None = None) -> None:
    """Make a version of a confirmed load, or note on the load why it failed.

    Background work for who confirmed it. ``progress`` is told (bytes, rows) done; the load's row is
    told at most once a second. Nothing happens to a load that is finished.
    """
    run(load, progress)


def loads_resume(*, now: datetime | None = None) -> int:
    """Take up what a stopped process left: remove half-made files, queue unfinished loads again.

    Called when a worker starts; returns how many loads were queued. Work that a living process of
    this host holds is left alone.
    """
    store.sweep()
    moment = now or timezone.now()
    _sweep_bucket(moment)
    sweep_objects(moment - timedelta(hours=1))
    resumed = 0
    for row in Load.objects.filter(
        state__in=[s.value for s in (UploadState.RECEIVED, UploadState.QUEUED, UploadState.LOADING)]
    ):
        with store.locked(f"work-load-{row.pk}", wait=False) as free, transaction.atomic():
            if not free:
                continue
            if row.state == UploadState.RECEIVED.value:
                _enqueue_inspection(row.pk)
            else:
                Load.objects.filter(pk=row.pk).update(state=UploadState.QUEUED.value)
                _enqueue_run(row.pk)
            resumed += 1
    return resumed


def _sweep_bucket(moment: datetime) -> None:
    """Leave it to the next start where the bucket does not answer: other work does not wait for it."""
    kept = bucket()
    if kept is None:
        return
    try:
        for name in sweep_bucket(kept, moment):
            logger.info("removed %s from the bucket", name)
    except Refusal as refusal:
        logger.warning("the bucket is not swept: %s", refusal)


# Listing and grants


def revision_list(*, actor: Actor, revision: UUID, case: UUID | None = None) -> EntryView:
    """List a reviewed revision and open its data as its attribute says, in one transaction.

    An unconditional dataset gets the public grant; one that is so no longer loses it. Refusals:
    those of ``catalog.services.revision_pass_gate``, which asks whether the actor may.
    """
    with transaction.atomic():
        entry = catalog_services.revision_pass_gate(actor=actor, revision=revision, case=case)
        assert entry.revision is not None
        _require_public_grant_as(entry.revision.metadata.attribute, entry, actor)
    return entry


def grant_write(
    *,
    actor: Actor,
    dataset: UUID,
    grantee_kind: GranteeKind,
    grantee: UUID | None,
    columns: Sequence[str] | None,
    row_filter: Sequence[dict[str, Any]],
    purpose: str,
    basis: str,
    valid_from: datetime,
    valid_until: datetime | None,
    watermark: Watermark = Watermark.NONE,
    masks: Sequence[dict[str, Any]] = (),
    quota: Quota = NO_QUOTA,
    delivery: Delivery = Delivery.ROWS,
) -> UUID:
    """Let somebody read columns and rows of a dataset for a purpose until a day.

    ``columns`` None means all, and with masks all there are now; every condition of ``row_filter`` must
    hold (``query.types.Condition.as_json``); ``watermark`` marks downloads for their reader; ``masks``
    (``privacy.types.Mask.as_json``) say which columns are shown masked, ``quota`` how much may be read in
    a day; by ``delivery`` rows are read, or programs are run over them. For a clerk of the opening body, never for themselves; ``basis`` is the URN of the decision,
    which the log shows. Refusals: ``not-found``, ``grant-by-body-only``, ``grant-to-oneself``, those of
    ``rules.require_grant`` and of ``rules.require_terms``.
    """
    kind, basis = GranteeKind(grantee_kind), basis.strip().lower()
    with transaction.atomic():
        entry = catalog.entry_by_id(dataset, actor=actor)
        rules.require_grant_writer(actor, entry.body)
        rules.require_not_oneself(actor, kind, grantee)
        if entry.revision is None:
            raise NOT_FOUND(what=str(dataset))
        # A clerk sees the newest draft; what binds is what was listed.
        bound = catalog.revision(entry.listed_revision or entry.revision.id, actor=actor)
        rules.require_grant(
            kind, grantee, basis=basis, valid_from=valid_from, valid_until=valid_until
        )
        rules.require_terms(bound.fields, columns, row_filter, masks, quota)
        if masks and columns is None:  # a column that is added later may say what is masked here
            columns = [field.name for field in bound.fields]
        grant = _granted(
            actor, dataset=dataset, grantee_kind=kind.value, grantee=grantee,
            columns=None if columns is None else list(columns), row_filter=list(row_filter),
            purpose=purpose, basis=basis, valid_from=valid_from, valid_until=valid_until,
            watermark=Watermark(watermark).value, masks=[rules.mask_of(one).as_json() for one in masks],
            rows_a_day=quota.rows, requests_a_day=quota.requests, delivery=Delivery(delivery).value,
        )  # fmt: skip
    return grant.pk


def grant_extend(*, actor: Actor, grant: UUID, valid_until: datetime, basis: str) -> None:
    """Let a grant in force end later; all else stays, what was read under it too.

    For a clerk of the opening body, never for themselves. ``basis`` as in ``grant_write``; the log keeps
    the former. Refusals: ``not-found``, ``grant-by-body-only``, ``grant-to-oneself``,
    ``grant-not-extended``, and those of ``rules.require_grant``.
    """
    now = timezone.now()
    with transaction.atomic():
        row = Grant.objects.select_for_update().filter(pk=grant).first()
        if row is None:
            raise NOT_FOUND(what=str(grant))
        entry = catalog.entry_by_id(row.dataset, actor=actor)
        kind = GranteeKind(row.grantee_kind)
        rules.require_grant_writer(actor, entry.body)
        rules.require_not_oneself(actor, kind, row.grantee)
        rules.require_grant(
            kind, row.grantee, basis=basis, valid_from=row.valid_from, valid_until=valid_until
        )
        rules.require_extendable(
            row.valid_until, valid_until, now=now, revoked=row.revoked_at is not None
        )
        row.valid_until, row.basis = valid_until, basis
        row.save(update_fields=["valid_until", "basis"])
        record(
            "dataplane.grant.extended", actor=actor, subject=f"urn:uuid:{row.dataset}",
            data={"grant": str(row.pk), "basis": basis}, rows=[row],
        )  # fmt: skip


def grant_revoke(*, actor: Actor, grant: UUID, reason: str) -> None:
    """Take a grant back; running reads end within a second.

    For a clerk of the body and for the authority that covers it (art. 37). Refusals: ``not-found``,
    ``grant-not-overseen``, ``public-grant-refused``, ``grant-already-revoked``,
    ``revocation-reason-missing``.
    """
    if not reason.strip():
        raise REASON_MISSING()
    with transaction.atomic():
        row = Grant.objects.select_for_update().filter(pk=grant).first()
        if row is None:
            raise NOT_FOUND(what=str(grant))
        entry = catalog.entry_by_id(row.dataset, actor=actor)
        rules.require_revoker(actor, entry.body, parties.organisation(entry.body).division)
        if row.grantee_kind == GranteeKind.PUBLIC.value:
            raise PUBLIC_GRANT_REFUSED()
        if row.revoked_at is not None:
            raise GRANT_ALREADY_REVOKED()
        _revoked(actor, row, reason.strip())


def grant_restore(*, actor: Actor, grant: UUID, basis: str) -> UUID:
    """Give back what was taken back, as it was and no longer: a grant of the same content, from now.

    For who may take it back; the grant that was revoked stays so. ``basis`` as in ``grant_write``.
    Refusals: ``not-found``, ``grant-not-overseen``, and those of ``rules.require_grant``.
    """
    now = timezone.now()
    with transaction.atomic():
        row = Grant.objects.select_for_update().filter(pk=grant).exclude(revoked_at=None).first()
        if row is None:
            raise NOT_FOUND(what=str(grant))
        entry = catalog.entry_by_id(row.dataset, actor=actor)
        rules.require_revoker(actor, entry.body, parties.organisation(entry.body).division)
        rules.require_grant(
            GranteeKind(row.grantee_kind), row.grantee, basis=basis, valid_from=now,
            valid_until=row.valid_until,
        )  # fmt: skip
        again = _granted(
            actor, dataset=row.dataset, grantee_kind=row.grantee_kind, grantee=row.grantee,
            columns=row.columns, row_filter=row.row_filter, purpose=row.purpose, basis=basis,
            valid_from=now, valid_until=row.valid_until, watermark=row.watermark, masks=row.masks,
            rows_a_day=row.rows_a_day, requests_a_day=row.requests_a_day, delivery=row.delivery,
        )  # fmt: skip
    return again.pk


def watermark_trace(
    *,
    actor: Actor,
    dataset: UUID,
    stream: Readable,
    name: str,
    version: int | None = None,
    encoding: str = "",
) -> Traced:
    """Say whose download a file came from, by the order of its rows, or that it is not decided.

    It is compared with every grant under which the version (the newest that was delivered so, where none
    is named) was downloaded in an order of its reader's own. For a clerk of the body and for the authority
    that covers it, who act on what it says (art. 37). The log says that a file was traced; which, and what
    was found, stays here. Refusals: ``not-found``, ``grant-not-overseen``, ``watermark-not-delivered``,
    ``file-too-large``, and those of ``watermarks.tracing.trace``.
    """
    entry = catalog.entry_by_id(dataset, actor=actor)
    rules.require_revoker(actor, entry.body, parties.organisation(entry.body).division)
    traced, of, sha256 = compare(entry, actor, stream, name, version, encoding)
    with transaction.atomic():
        row = Trace.objects.create(
            dataset=entry.id, version=of, sha256=sha256, found=traced.as_json(), at=timezone.now()
        )
        record(
            "dataplane.watermark.traced", actor=actor, subject=f"urn:uuid:{entry.id}",
            data={"trace": str(row.pk), "version": str(of)}, rows=[row],
        )  # fmt: skip
    return traced


def _require_public_grant_as(attribute: Attribute, entry: EntryView, actor: Actor) -> None:
    """Write or take back the public grant, as the listed attribute says (art. 7(3), 20)."""
    public = list(
        Grant.objects.select_for_update().filter(
            dataset=entry.id, grantee_kind=GranteeKind.PUBLIC.value, revoked_at=None
        )
    )
    assert entry.revision is not None
    whole = [one for one in public if one.columns is None and not (one.row_filter or one.masks)]
    kept = [one for one in whole if one.valid_until is None][:1]
    if attribute is not Attribute.UNCONDITIONAL:
        kept = []
    elif not kept:
        _granted(
            actor, dataset=entry.id, grantee_kind=GranteeKind.PUBLIC.value,
            basis=f"urn:uuid:{entry.revision.id}", valid_from=timezone.now(),
        )  # fmt: skip
    for grant in public:
        if grant not in kept:
            _revoked(actor, grant, f"attribute {attribute.value}, urn:uuid:{entry.revision.id}")


def _granted(actor: Actor, **values: Any) -> Grant:
    grant = Grant.objects.create(created_at=timezone.now(), **values)
    record(
        "dataplane.grant.written", actor=actor, subject=f"urn:uuid:{grant.dataset}",
        data={"grant": str(grant.pk), "grantee_kind": grant.grantee_kind, "basis": grant.basis},
        rows=[grant],
    )  # fmt: skip
    return grant


def _revoked(actor: Actor, grant: Grant, reason: str) -> None:
    grant.revoked_at, grant.revoked_reason = timezone.now(), reason
    grant.save(update_fields=["revoked_at", "revoked_reason"])
    record(
        "dataplane.grant.revoked", actor=actor, subject=f"urn:uuid:{grant.dataset}",
        data={"grant": str(grant.pk)}, rows=[grant],
    )  # fmt: skip


def _locked_load(load: UUID) -> Load:
    row = Load.objects.select_for_update().filter(pk=load).first()
    if row is None:
        raise NOT_FOUND(what=str(load))
    return row


def _enqueue_inspection(load: UUID) -> None:
    from wushu.dataplane import tasks  # noqa: PLC0415  (tasks call these services)

    tasks.load_found.enqueue(str(load))


def _enqueue_run(load: UUID) -> None:
    from wushu.dataplane import tasks  # noqa: PLC0415  (tasks call these services)

    tasks.load_run.enqueue(str(load))
