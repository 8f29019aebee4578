"""``wushu computation``: programs that are run where the data are, and the release of their results."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import IO
from uuid import UUID

import click

from wushu.catalog import selectors as catalog
from wushu.config.commands.options import as_account, as_json
from wushu.config.saying import language, said
from wushu.opening import selectors, services
from wushu.opening.types import ComputationView
from wushu.parties import selectors as parties

_limit = click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="At most so many."
)
_reason = click.option(
    "--reason",
    required=True,
    help="What was looked at, and why; who submitted it reads exactly this.",
)
_key = click.argument("key", type=click.UUID)


@click.group()
def computation() -> None:
    """Programs run where the data are; an official of the body releases their results."""


@computation.command()
@click.argument("slug")
@click.argument("program", type=click.File(encoding="utf-8"))
@click.option("--grant", type=click.UUID, help="One of several grants; without: the widest.")
@as_account
@as_json
def submit(slug: str, program: IO[str], grant: UUID | None, account: str, *, as_json: bool) -> None:
    """Hand in the file PROGRAM (- for standard input), one SELECT, for the dataset SLUG."""
    actor = parties.actor_for_username(account)
    made = services.computation_submit(
        actor=actor, dataset=catalog.entry_by_slug(slug).id, program=program.read(), grant=grant
    )
    _say(made, as_json)


@computation.command("list")
@_limit
@as_account
@as_json
def list_(limit: int, account: str, *, as_json: bool) -> None:
    """What the account handed in, newest first."""
    actor = parties.actor_for_username(account)
    _say_lines(selectors.computations_mine(actor=actor, limit=limit).items, as_json)


@computation.command()
@_limit
@as_account
@as_json
def waiting(limit: int, account: str, *, as_json: bool) -> None:
    """Results that wait for officials of the account's bodies, the longest waiting first."""
    actor = parties.actor_for_username(account)
    _say_lines(selectors.computations_waiting(actor=actor, limit=limit).items, as_json)


@computation.command()
@_limit
@as_account
@as_json
def failed(limit: int, account: str, *, as_json: bool) -> None:
    """Programs over data of the account's bodies that did not run to their end, newest first."""
    actor = parties.actor_for_username(account)
    _say_lines(selectors.computations_failed(actor=actor, limit=limit).items, as_json)


@computation.command()
@_key
@as_account
@as_json
def show(key: UUID, account: str, *, as_json: bool) -> None:
    """The computation KEY: its program, where it stands, and why it failed or was decided so."""
    _say(selectors.computation(key, actor=parties.actor_for_username(account)), as_json)


@computation.command()
@_key
@click.option(
    "--rows", default=20, show_default=True, type=click.IntRange(1), help="At most so many."
)
@as_account
def look(key: UUID, rows: int, account: str) -> None:
    """The result of KEY, as CSV lines, for who decides on it."""
    actor = parties.actor_for_username(account)
    shown = selectors.computation_shown(key, actor=actor, limit=rows)
    if shown is None:
        click.echo(said("没有保存结果。", "No result is kept."))
        return
    click.echo(selectors.computed_csv(shown), nl=False)
    click.echo(said(f"共 {shown.all_rows} 行", f"{shown.all_rows} rows in all"), err=True)


@computation.command()
@_key
@_reason
@as_account
@as_json
def release(key: UUID, reason: str, account: str, *, as_json: bool) -> None:
    """Let the result of KEY out to who submitted the program."""
    actor = parties.actor_for_username(account)
    _say(services.computation_release(actor=actor, computation=key, reason=reason), as_json)


@computation.command()
@_key
@_reason
@as_account
@as_json
def withhold(key: UUID, reason: str, account: str, *, as_json: bool) -> None:
    """Keep the result of KEY in; it is erased."""
    actor = parties.actor_for_username(account)
    _say(services.computation_withhold(actor=actor, computation=key, reason=reason), as_json)


@computation.command()
@_key
@click.argument("to", type=click.Path(dir_okay=False, path_type=Path))
@as_account
def download(key: UUID, to: Path, account: str) -> None:
    """Write the released result of KEY to the file TO, .csv or .json; a receipt is left."""
    form = to.suffix.removeprefix(".")
    if form not in selectors.COMPUTED_FORMS:
        raise click.UsageError("Name a file that ends in .csv or .json.")
    actor = parties.actor_for_username(account)
    document = services.computation_download(actor=actor, computation=key)
    to.write_bytes(selectors.computed_file(document, form).content)
    click.echo(str(to))


def _say_lines(found: Iterable[ComputationView], as_json: bool) -> None:
    if as_json:
        lines = [selectors.computation_document(one) for one in found]
        click.echo(json.dumps(lines, ensure_ascii=False, default=str))
        return
    for one in found:
        click.echo(
            f"{one.id}  {one.submitted_at:%Y-%m-%d %H:%M}  {one.dataset.slug}  {_state(one)}"
        )


def _say(one: ComputationView, as_json: bool) -> None:
    if as_json:
        document = selectors.computation_document(one)
        click.echo(json.dumps(document, ensure_ascii=False, default=str))
        return
    click.echo(f"{one.id}  {one.dataset.title(language())}  {_state(one)}")
    if one.refusal is not None:
        click.echo(f"{one.refusal[language()]} [{one.refusal['name']}]")
    if one.reason:
        click.echo(one.reason)
    click.echo(one.program)


def _state(one: ComputationView) -> str:
    return selectors.COMPUTATION_STATES[one.state](language())
