"""Results built on the data: filed, looked at by a second person, shown, taken down or withdrawn.

What is written about a result enters the log as its rows' digests: makers are people.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryState, EntryView
from wushu.evidence.services import record
from wushu.kernel.errors import NOT_FOUND, Refusal, Said
from wushu.opening.models import Result, ResultDataset
from wushu.opening.refusals import RESULT_DATASETS, RESULTS_FULL
from wushu.opening.rules import one_line
from wushu.opening.rules import showing as rules
from wushu.opening.showing import result_views
from wushu.opening.types import Moderation, ResultGiven, ResultView
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

_TITLE = Said("标题", "title", "title_zh")
_TITLE_EN = Said("英文标题", "title in English", "title_en")
_SUMMARY = Said("简介", "summary", "summary_zh")
_SUMMARY_EN = Said("英文简介", "summary in English", "summary_en")
_MAKERS = Said("署名", "who made it", "makers")


def result_file(*, actor: Actor, given: ResultGiven) -> ResultView:
    """File a result; it is shown once a moderator has published it.

    Refusals: ``sign-in-first``, ``key-lacks-scope``, ``invalid-value``, ``result-datasets``,
    ``results-full``.
    """
    rules.require_contributor(actor, rules.FILE)
    assert actor.person is not None
    with transaction.atomic():
        waiting = Result.objects.filter(filer=actor.person, state=Moderation.WAITING.value)
        if waiting.count() >= rules.RESULTS_WAITING_MOST:
            raise RESULTS_FULL(limit=rules.RESULTS_WAITING_MOST)
        row = Result(filer_id=actor.person)
        _write(actor, row, given, "filed")
    return _view(row, actor)


def result_mend(*, actor: Actor, result: UUID, given: ResultGiven) -> ResultView:
    """Say it again of a result that waits or was sent back; it waits from now on.

    Refusals: those of ``result_file``, ``not-found``, ``result-stands-otherwise``.
    """
    rules.require_contributor(actor, rules.FILE)
    with transaction.atomic():
        row = _own(actor, result)
        rules.require_state(
            Moderation(row.state), rules.MENDABLE, rules.MEND, title=row.title_zh
        )  # fmt: skip
        _write(actor, row, given, "mended")
    return _view(row, actor)


def result_withdraw(*, actor: Actor, result: UUID) -> ResultView:
    """Take back what one filed, also once it is shown.

    Refusals: ``sign-in-first``, ``key-lacks-scope``, ``not-found``, ``result-stands-otherwise``.
    """
    rules.require_contributor(actor, rules.FILE)
    with transaction.atomic():
        row = _own(actor, result)
        rules.require_state(
            Moderation(row.state), rules.WITHDRAWABLE, rules.WITHDRAW, title=row.title_zh
        )  # fmt: skip
        row.state, row.reason = Moderation.WITHDRAWN.value, ""
        row.save()
        _record(actor, row, "withdrawn", [row])
    return _view(row, actor)


def result_publish(*, actor: Actor, result: UUID) -> ResultView:
    """Show it to everybody, as a moderator who did not file it.

    Refusals: ``not-found``, ``key-lacks-scope``, ``not-permitted``, ``own-words``,
    ``result-stands-otherwise``.
    """
    with transaction.atomic():
        row = _locked(result)
        _require_decider(actor, row)
        rules.require_state(
            Moderation(row.state), (Moderation.WAITING,), rules.PUBLISH, title=row.title_zh
        )
        row.published_at = timezone.now()
        used = [f"urn:uuid:{one.dataset}" for one in row.datasets.all()]
        _decide(actor, row, Moderation.PUBLISHED, "", datasets=sorted(used))
    return _view(row, actor)


def result_return(*, actor: Actor, result: UUID, reason: str) -> ResultView:
    """Send it back to who filed it, who may mend it. Refusals as ``result_publish``, ``reason-missing``."""
    with transaction.atomic():
        row = _locked(result)
        _require_decider(actor, row)
        rules.require_state(
            Moderation(row.state), (Moderation.WAITING,), rules.RETURN, title=row.title_zh
        )
        _decide(actor, row, Moderation.RETURNED, rules.reason_of(reason))
    return _view(row, actor)


def result_take_down(*, actor: Actor, result: UUID, reason: str) -> ResultView:
    """Show it no more. Refusals as ``result_return``."""
    with transaction.atomic():
        row = _locked(result)
        _require_decider(actor, row)
        rules.require_state(
            Moderation(row.state), (Moderation.PUBLISHED,), rules.TAKE_DOWN, title=row.title_zh
        )
        _decide(actor, row, Moderation.TAKEN_DOWN, rules.reason_of(reason))
    return _view(row, actor)


def _write(actor: Actor, row: Result, given: ResultGiven, act: str) -> None:
    """Keep what is said of a result, and hand it to the moderators."""
    used = listed_datasets(given.datasets)
    bodies = parties.organisations_by_id({one.body for one in used})
    row.kind = given.kind.value
    row.title_zh = rules.filled(_TITLE, given.title_zh, rules.TITLE_LENGTH)
    row.title_en = rules.short(_TITLE_EN, given.title_en, rules.TITLE_LENGTH)
    row.summary_zh = rules.filled(_SUMMARY, given.summary_zh, rules.SUMMARY_LENGTH)
    row.summary_en = rules.short(_SUMMARY_EN, given.summary_en, rules.SUMMARY_LENGTH)
    row.makers = rules.filled(_MAKERS, given.makers, rules.MAKERS_LENGTH)
    row.address = rules.web_address(given.address)
    row.division = rules.division_of(one.division for one in bodies.values())
    row.state, row.reason, row.filed_at = Moderation.WAITING.value, "", timezone.now()
    row.save()
    before = {one.dataset: one for one in row.datasets.all()}
    dropped = [one for key, one in before.items() if key not in {entry.id for entry in used}]
    added = [
        ResultDataset.objects.create(result=row, dataset=entry.id)
        for entry in used
        if entry.id not in before
    ]
    _record(actor, row, act, [row, *added], dropped)
    for one in dropped:
        one.delete()


def listed_datasets(slugs: Sequence[str]) -> list[EntryView]:
    """The listed datasets of these names, each once; ``result-datasets``."""
    names = list(dict.fromkeys(slugs))
    most = rules.DATASETS_MOST
    if not 1 <= len(names) <= most:
        given = Said(f"现有 {len(names)} 项", f"{len(names)} are given")
        raise RESULT_DATASETS(field=_USED, most=most, what=given)
    return [_listed(one) for one in names]


_USED = Said("用到的数据", "datasets", "datasets")


def _listed(slug: str) -> EntryView:
    try:
        entry = catalog.entry_by_slug(slug)
    except Refusal as refusal:
        if refusal.name != NOT_FOUND.name:
            raise
        entry = None
    if entry is None or entry.state is not EntryState.LISTED:
        name = one_line(slug, 80)
        what = Said(f"没有上架的数据“{name}”", f"there is no listed dataset “{name}”")
        raise RESULT_DATASETS(field=_USED, most=rules.DATASETS_MOST, what=what)
    return entry


def _require_decider(actor: Actor, row: Result) -> None:
    obstacle = rules.moderation_obstacle(actor, division=row.division, writer=row.filer_id)
    if obstacle is not None:
        raise obstacle


def _decide(
    actor: Actor, row: Result, state: Moderation, reason: str, **data: Any
) -> None:  # fmt: skip
    row.state, row.reason, row.decided_by = state.value, reason, actor.person
    row.save()
    _record(actor, row, state.value, [row], **data)


def _record(
    actor: Actor,
    row: Result,
    act: str,
    rows: Sequence[Any],
    dropped: Sequence[Any] = (),
    **data: Any,
) -> None:
    record(
        f"opening.result.{act}", actor=actor, subject=f"urn:uuid:{row.pk}",
        data={"kind": row.kind, **data}, rows=rows, deleted=dropped,
    )  # fmt: skip


def _own(actor: Actor, result: UUID) -> Result:
    row = _locked(result)
    if row.filer_id != actor.person:
        raise NOT_FOUND(what=str(result))
    return row


def _locked(result: UUID) -> Result:
    row = Result.objects.select_for_update().filter(pk=result).first()
    if row is None:
        raise NOT_FOUND(what=str(result))
    return row


def _view(row: Result, actor: Actor) -> ResultView:
    fresh = Result.objects.get(pk=row.pk)
    return result_views([fresh], actor=actor, moderating=True)[0]
