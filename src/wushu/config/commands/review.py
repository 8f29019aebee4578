"""``wushu review``: the second person's desk at the command line."""

from __future__ import annotations

import json
from typing import Any

import click

from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import FieldSpec
from wushu.config.commands.columns import personal_facts, personal_words
from wushu.config.commands.options import as_account, as_json
from wushu.config.commands.publish import print_outcome
from wushu.config.saying import said
from wushu.dataplane import selectors as dataplane
from wushu.dataplane import services as dataplane_services
from wushu.kernel.errors import INVALID_VALUE
from wushu.parties import selectors as parties
from wushu.parties.types import Actor


@click.group()
def review() -> None:
    """The second person's desk: see what waits, list it or return it with reasons."""


@review.command("queue")
@as_account
@as_json
def review_queue(account: str, as_json: bool) -> None:
    """What waits for review."""
    waiting = catalog.review_queue(actor=parties.actor_for_username(account))
    if as_json:
        rows = [
            {"dataset": e.slug, "title": e.revision.metadata.title_zh}
            for e in waiting
            if e.revision
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for entry in waiting:
        assert entry.revision is not None
        click.echo(f"{entry.slug}  r{entry.revision.number}  {entry.revision.metadata.title_zh}")
    if not waiting:
        click.echo(said("没有待审核的提交", "nothing waits for review"))


@review.command("show")
@click.argument("dataset")
@as_account
@as_json
def review_show(dataset: str, account: str, as_json: bool) -> None:
    """What a submitted revision says, how it differs from what is listed, what looks personal."""
    actor = parties.actor_for_username(account)
    revision = _in_review(dataset, actor)
    changes = catalog.revision_diff(revision, actor=actor)
    version = catalog.revision(revision, actor=actor).version
    personal = dataplane.personal(version.id, actor=actor) if version is not None else ()
    if as_json:
        rows = [{"field": c.field, "old": c.old, "new": c.new} for c in changes]
        facts = {"changes": rows, "personal": personal_facts(personal)}
        click.echo(json.dumps(facts, ensure_ascii=False, default=str))
        return
    for change in changes:
        before = "" if change.old is None else f"{_in_words(change.old)} -> "
        click.echo(f"{change.field}: {before}{_in_words(change.new)}")
    for sentence in personal_words(personal):
        click.echo(sentence)


def _in_words(value: Any) -> str:
    """One side of a change on one line: of a column what its type is and which format it has."""
    if isinstance(value, FieldSpec):
        return " ".join(filter(None, (value.type.value, value.format, value.unit, value.title_zh)))
    return "—" if value is None else str(value)


@review.command("list")
@click.argument("dataset")
@as_account
@as_json
def review_list(dataset: str, account: str, as_json: bool) -> None:
    """List what was submitted: it becomes public as its opening attribute says."""
    actor = parties.actor_for_username(account)
    dataplane_services.revision_list(actor=actor, revision=_in_review(dataset, actor))
    print_outcome(actor, dataset, as_json)


@review.command("return")
@click.argument("dataset")
@click.option("--reasons", required=True, help="What must be mended.")
@as_account
@as_json
def review_return(dataset: str, reasons: str, account: str, as_json: bool) -> None:
    """Return what was submitted to its body, with reasons."""
    actor = parties.actor_for_username(account)
    catalog_services.revision_return(
        actor=actor, revision=_in_review(dataset, actor), reasons=reasons
    )
    print_outcome(actor, dataset, as_json)


def _in_review(dataset: str, actor: Actor) -> Any:
    """Id of the revision that waits for review."""
    for entry in catalog.review_queue(actor=actor):
        if entry.slug == dataset and entry.revision is not None:
            return entry.revision.id
    raise INVALID_VALUE(
        field="DATASET",
        value=dataset,
        reason_zh="没有待审核的提交",
        reason_en="nothing of this dataset waits for your review",
    )
