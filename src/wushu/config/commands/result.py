"""``wushu result`` and ``wushu rating``: what was built on the data, and how datasets are rated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any
from uuid import UUID

import click
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from wushu.catalog import selectors as catalog
from wushu.config.commands.options import (
    account_or_public,
    as_account,
    as_account_or_public,
    as_json,
)
from wushu.config.saying import language, said
from wushu.opening import selectors, services
from wushu.opening.selectors import showing
from wushu.opening.types import Aspect, ResultGiven, ResultKind, ResultView
from wushu.parties import selectors as parties

_limit = click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="At most so many."
)
_kinds = click.Choice([one.value for one in ResultKind])
_reason = click.option("--reason", required=True, help="Why; who filed it reads exactly this.")


def _given(command: Any) -> Any:
    """What is said of a result, as options."""
    for option in reversed(
        [
            click.option("--kind", type=_kinds, required=True, help="What it is."),
            click.option("--title", "title_zh", required=True, help="Title in Chinese."),
            click.option("--title-en", default="", help="Title in English."),
            click.option("--summary", "summary_zh", required=True, help="What it does, in Chinese."),
            click.option("--summary-en", default="", help="The same in English."),
            click.option("--address", default="", help="Where it is: https://…"),
            click.option("--makers", required=True, help="Who made it, as they want to be named."),
            click.option("--dataset", "datasets", multiple=True, required=True, metavar="SLUG",
                         help="A dataset it uses, by its name in addresses; once for each."),
        ]
    ):  # fmt: skip
        command = option(command)
    return command


@click.group()
def result() -> None:
    """Results built on the data: filed, looked at by a moderator, shown."""


@result.command("list")
@click.option("--kind", type=_kinds, help="One kind.")
@click.option("--dataset", help="Those that use one dataset, by its name in addresses.")
@_limit
@as_json
def result_list(kind: str | None, dataset: str | None, limit: int, *, as_json: bool) -> None:
    """What everybody is shown, newest first."""
    used = catalog.entry_by_slug(dataset).id if dataset else None
    found = selectors.results(kind=ResultKind(kind) if kind else None, dataset=used, limit=limit)
    _say_lines(found.items, as_json)


@result.command()
@as_account
@as_json
def mine(account: str, *, as_json: bool) -> None:
    """What the account filed, newest first."""
    _say_lines(selectors.results_filed(actor=parties.actor_for_username(account)), as_json)


@result.command()
@_limit
@as_account
@as_json
def waiting(limit: int, account: str, *, as_json: bool) -> None:
    """What waits for the account as a moderator, the longest waiting first."""
    actor = parties.actor_for_username(account)
    _say_lines(selectors.results_waiting(actor=actor, limit=limit).items, as_json)


@result.command()
@click.argument("key", type=click.UUID)
@as_account_or_public
@as_json
def show(key: UUID, account: str, *, as_json: bool) -> None:
    """The result KEY, with the datasets it uses."""
    actor = account_or_public(account)
    _say(selectors.result(key, actor=actor), as_json)


@result.command()
@_given
@as_account
@as_json
def file(
    kind: str, datasets: tuple[str, ...], account: str, *, as_json: bool, **words: str
) -> None:
    """File a result; it is shown once a moderator has published it."""
    given = ResultGiven(kind=ResultKind(kind), datasets=datasets, **words)
    actor = parties.actor_for_username(account)
    _say(services.result_file(actor=actor, given=given), as_json)


@result.command()
@click.argument("key", type=click.UUID)
@_given
@as_account
@as_json
def mend(
    key: UUID, kind: str, datasets: tuple[str, ...], account: str, *, as_json: bool, **words: str
) -> None:
    """Say the result KEY again, which waits or was sent back."""
    given = ResultGiven(kind=ResultKind(kind), datasets=datasets, **words)
    actor = parties.actor_for_username(account)
    _say(services.result_mend(actor=actor, result=key, given=given), as_json)


@result.command()
@click.argument("key", type=click.UUID)
@as_account
@as_json
def withdraw(key: UUID, account: str, *, as_json: bool) -> None:
    """Take back the result KEY that the account filed."""
    actor = parties.actor_for_username(account)
    _say(services.result_withdraw(actor=actor, result=key), as_json)


@result.command()
@click.argument("key", type=click.UUID)
@as_account
@as_json
def publish(key: UUID, account: str, *, as_json: bool) -> None:
    """Show the result KEY to everybody."""
    actor = parties.actor_for_username(account)
    _say(services.result_publish(actor=actor, result=key), as_json)


@result.command("return")
@click.argument("key", type=click.UUID)
@_reason
@as_account
@as_json
def return_(key: UUID, reason: str, account: str, *, as_json: bool) -> None:
    """Send the result KEY back to who filed it."""
    actor = parties.actor_for_username(account)
    _say(services.result_return(actor=actor, result=key, reason=reason), as_json)


@result.command("take-down")
@click.argument("key", type=click.UUID)
@_reason
@as_account
@as_json
def take_down(key: UUID, reason: str, account: str, *, as_json: bool) -> None:
    """Show the result KEY no more."""
    actor = parties.actor_for_username(account)
    _say(services.result_take_down(actor=actor, result=key, reason=reason), as_json)


def _label(words: Mapping[Any, Any], value: Enum) -> str:
    """What a value is called; labels are translated for pages, and commands choose their own language."""
    return str(words[value]) if language() == "zh" else str(value.value)


def _say_lines(found: Any, as_json: bool) -> None:
    if as_json:
        lines = [showing.result_line(one) for one in found]
        click.echo(json.dumps(lines, ensure_ascii=False, default=str))
        return
    table = Table(box=None, pad_edge=False)
    for title in (
        "id", said("种类", "Kind"), said("标题", "Title"), said("署名", "By"), said("状态", "State"),
    ):  # fmt: skip
        table.add_column(title, no_wrap=title == "id")
    for one in found:
        table.add_row(
            str(one.id), _label(selectors.RESULT_KINDS, one.kind), one.title(language()), one.makers,
            _label(selectors.MODERATION_STATES, one.state),
        )  # fmt: skip
    Console().print(table)


def _say(one: ResultView, as_json: bool) -> None:
    if as_json:
        document = showing.result_document(one)
        click.echo(json.dumps(document, ensure_ascii=False, default=str))
        return
    click.echo(f"{one.id}  {one.title(language())}")
    click.echo(f"{_label(selectors.RESULT_KINDS, one.kind)} · {one.makers} · {one.address or '–'}")
    state = _label(selectors.MODERATION_STATES, one.state)
    click.echo(f"{state}: {one.reason}" if one.reason else state)
    click.echo(one.summary(language()))
    for entry in one.datasets:
        click.echo(f"  {entry.slug}  {entry.title(language())}")


@click.group()
def rating() -> None:
    """Ratings of datasets, and comments that wait for a moderator."""


@rating.command("show")
@click.argument("dataset")
@as_json
def rating_show(dataset: str, *, as_json: bool) -> None:
    """How DATASET was rated, and the newest comments that were let through."""
    entry = catalog.listed_entry(dataset)
    figures = selectors.rating_figures(entry.id)
    comments = selectors.comments(entry.id).items
    if as_json:
        document = {
            "figures": showing.rating_figures_document(figures),
            "comments": [showing.comment_line(one) for one in comments],
        }
        click.echo(json.dumps(document, ensure_ascii=False, default=str))
        return
    if not figures.counted:
        least = selectors.RATINGS_LEAST
        click.echo(
            said(f"评价不足 {least} 人，不公布数字。", f"Fewer than {least} people rated it.")
        )
    for one in figures.aspects:
        named = _label(selectors.ASPECTS, one.aspect)
        click.echo(
            said(
                f"{named}  平均 {one.mean}，中位 {one.median:g}（{figures.counted} 人）",
                f"{named}  mean {one.mean}, median {one.median:g} ({figures.counted} people)",
            )
        )
    for comment in comments:
        click.echo(f"{timezone.localdate(comment.at)}  {comment.text}")


def _scores(command: Any) -> Any:
    """A score for each aspect, as options."""
    for aspect in reversed(Aspect):
        command = click.option(
            f"--{aspect.value}", aspect.value, type=click.IntRange(1, 5), required=True,
            help=f"How {aspect.value} it is, from 1 to 5.",
        )(command)  # fmt: skip
    return command


@rating.command()
@click.argument("dataset")
@_scores
@click.option(
    "--comment", default="", help="Shown, without a name, once a moderator let it through."
)
@as_account
@as_json
def give(dataset: str, comment: str, account: str, *, as_json: bool, **scores: int) -> None:
    """Rate DATASET, or rate it anew."""
    actor, entry = parties.actor_for_username(account), catalog.listed_entry(dataset)
    made = services.rating_give(
        actor=actor, dataset=entry.id, comment=comment,
        scores={Aspect(name): score for name, score in scores.items()},
    )  # fmt: skip
    if as_json:
        document = showing.rating_document(made)
        click.echo(json.dumps(document, ensure_ascii=False, default=str))
        return
    click.echo(said("已评价。", "Rated."))


@rating.command("withdraw")
@click.argument("dataset")
@as_account
def rating_withdraw(dataset: str, account: str) -> None:
    """Take back the account's rating of DATASET; nothing of it stays."""
    actor, entry = parties.actor_for_username(account), catalog.entry_by_slug(dataset)
    services.rating_withdraw(actor=actor, dataset=entry.id)
    click.echo(said("已撤回评价。", "Taken back."))


@rating.command("waiting")
@_limit
@as_account
@as_json
def rating_waiting(limit: int, account: str, *, as_json: bool) -> None:
    """Comments that wait for the account as a moderator, the longest waiting first."""
    actor = parties.actor_for_username(account)
    found = selectors.comments_waiting(actor=actor, limit=limit).items
    lines = showing.comments_to_decide(found)
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False, default=str))
        return
    for one in lines:
        click.echo(f"{one['id']}  {one['dataset']}  {one['text']}")


@rating.command("publish")
@click.argument("comment", type=click.UUID)
@as_account
def comment_publish(comment: UUID, account: str) -> None:
    """Show COMMENT under its dataset, without a name."""
    services.comment_publish(actor=parties.actor_for_username(account), comment=comment)
    click.echo(said("已公开。", "Published."))


@rating.command("return")
@click.argument("comment", type=click.UUID)
@_reason
@as_account
def comment_return(comment: UUID, reason: str, account: str) -> None:
    """Send COMMENT back to who wrote it; their scores count all the same."""
    actor = parties.actor_for_username(account)
    services.comment_return(actor=actor, comment=comment, reason=reason)
    click.echo(said("已退回。", "Sent back."))


@rating.command("take-down")
@click.argument("comment", type=click.UUID)
@_reason
@as_account
def comment_take_down(comment: UUID, reason: str, account: str) -> None:
    """Show COMMENT no more."""
    actor = parties.actor_for_username(account)
    services.comment_take_down(actor=actor, comment=comment, reason=reason)
    click.echo(said("已撤下。", "Taken down."))
