"""``wushu correction``: say that an earlier act on a dataset was wrong; it stays, a new one points to it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import click

from wushu.catalog import selectors as catalog
from wushu.catalog import services
from wushu.catalog.types import CorrectionView
from wushu.config.commands.options import as_account, as_json
from wushu.config.saying import said
from wushu.parties import selectors as parties


@click.group()
def correction() -> None:
    """Correct a wrong act on a dataset visibly: nothing is edited, nothing removed."""


@correction.command("add")
@click.argument("dataset")
@click.argument("index", type=click.IntRange(min=0))
@click.option("--reason", required=True, help="What was wrong; everybody can read it.")
@click.option("--right", default="", help="What would have been right; public too.")
@as_account
@as_json
def add(dataset: str, index: int, reason: str, right: str, account: str, as_json: bool) -> None:
    """Say that the act on DATASET at INDEX of the log was wrong."""
    actor = parties.actor_for_username(account)
    entry = catalog.entry_by_slug(dataset, actor=actor)
    _say(
        services.act_correct(actor=actor, entry=entry.id, index=index, reason=reason, right=right),
        as_json,
    )


@correction.command("confirm")
@click.argument("identifier", type=click.UUID)
@as_account
@as_json
def confirm(identifier: UUID, account: str, as_json: bool) -> None:
    """Put a proposed correction in force, as the second person."""
    actor = parties.actor_for_username(account)
    _say(services.correction_confirm(actor=actor, correction=identifier), as_json)


@correction.command("list")
@click.argument("dataset")
@as_account
@as_json
def list_corrections(dataset: str, account: str, as_json: bool) -> None:
    """List the corrections of acts on DATASET."""
    actor = parties.actor_for_username(account)
    entry = catalog.entry_by_slug(dataset, actor=actor)
    found = catalog.corrections(entry.id, actor=actor)
    if as_json:
        click.echo(json.dumps([_facts(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo(_words(one))
    if not found:
        click.echo(said("没有更正", "nothing was corrected"))


def _say(done: CorrectionView, as_json: bool) -> None:
    click.echo(json.dumps(_facts(done), ensure_ascii=False) if as_json else _words(done))


def _facts(one: CorrectionView) -> dict[str, Any]:
    return {
        "correction": str(one.id),
        "corrects": one.index,
        "act": one.act,
        "reason": one.reason,
        "right": one.right,
        "in_force": one.in_force,
    }


def _words(one: CorrectionView) -> str:
    state = (
        said("已生效", "in force") if one.in_force
        else said("等待第二人确认", "waits for a second person")
    )  # fmt: skip
    return f"#{one.index} {one.act}: {one.reason}  {state}  {one.id}"
