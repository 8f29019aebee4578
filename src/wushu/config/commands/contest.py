"""``wushu contest``: contests of what is built on the data."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

import click

from wushu.config.commands.options import as_account, as_json
from wushu.config.saying import language, said
from wushu.opening import selectors, services
from wushu.opening.selectors import showing
from wushu.opening.types import Award, ContestGiven
from wushu.parties import selectors as parties

_day = click.DateTime(["%Y-%m-%d"])


@click.group()
def contest() -> None:
    """Contests: announced, entered with published results, won with a reason."""


@contest.command("list")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="At most so many."
)
@as_json
def contest_list(limit: int, *, as_json: bool) -> None:
    """All contests, the one that begins last first."""
    found = selectors.contests(limit=limit).items
    if as_json:
        lines = [showing.contest_line(one) for one in found]
        click.echo(json.dumps(lines, ensure_ascii=False, default=str))
        return
    for one in found:
        click.echo(f"{one.id}  {one.begins} – {one.ends}  {one.title(language())}")


@contest.command()
@click.argument("key", type=click.UUID)
@as_json
def show(key: UUID, *, as_json: bool) -> None:
    """The contest KEY with what was entered, winners first."""
    found = selectors.contest(key)
    if as_json:
        click.echo(json.dumps(showing.contest_document(found), ensure_ascii=False, default=str))
        return
    words = language()
    click.echo(f"{found.title(words)}  {found.begins} – {found.ends}")
    click.echo(f"{found.organiser.name(words)}\n{found.text(words)}")
    for changed in found.changes:
        until = said(f"原截止日 {changed.ends}", f"its last day was {changed.ends}")
        click.echo(f"  {changed.at:%Y-%m-%d}  {changed.reason}  ({until})")
    for one in found.entries:
        won = f"  {one.award}: {one.reason}" if one.award else ""
        click.echo(f"  {one.result.id}  {one.result.title(words)}{won}")


@contest.command()
@click.option("--organiser", required=True, help="Authority or body, by its credit code.")
@click.option("--title", "title_zh", required=True, help="Title in Chinese.")
@click.option("--title-en", default="", help="Title in English.")
@click.option("--text", "text_zh", required=True, help="What is asked and offered, in Chinese.")
@click.option("--text-en", default="", help="The same in English.")
@click.option("--begins", type=_day, required=True, help="First day.")
@click.option("--ends", type=_day, required=True, help="Last day on which results are entered.")
@click.option(
    "--dataset", "datasets", multiple=True, metavar="SLUG",
    help="A dataset it is about; once for each, none: any.",
)  # fmt: skip
@as_account
def announce(
    organiser: str, begins: datetime, ends: datetime, datasets: tuple[str, ...], account: str,
    **words: str,
) -> None:  # fmt: skip
    """Announce a contest to everybody."""
    given = ContestGiven(begins=begins.date(), ends=ends.date(), datasets=datasets, **words)
    holder = parties.organisation_by_code(organiser).id
    actor = parties.actor_for_username(account)
    made = services.contest_announce(actor=actor, organiser=holder, given=given)
    click.echo(str(made.id))


@contest.command()
@click.argument("key", type=click.UUID)
@click.option("--text", "text_zh", help="What is asked and offered, in Chinese.")
@click.option("--text-en", help="The same in English.")
@click.option("--ends", type=_day, help="Last day on which results are entered: later than now.")
@click.option("--reason", required=True, help="Why; everybody reads it.")
@as_account
def change(
    key: UUID, text_zh: str | None, text_en: str | None, ends: datetime | None, reason: str,
    account: str,
) -> None:  # fmt: skip
    """Correct what the contest KEY says, or put its last day off; the former stays readable."""
    actor, now = parties.actor_for_username(account), selectors.contest(key)
    services.contest_change(
        actor=actor, contest=key, reason=reason,
        text_zh=now.text_zh if text_zh is None else text_zh,
        text_en=now.text_en if text_en is None else text_en,
        ends=now.ends if ends is None else ends.date(),
    )  # fmt: skip
    click.echo(said("已更改，原来的内容仍可查看。", "Changed; the former stays readable."))


@contest.command()
@click.argument("key", type=click.UUID)
@click.argument("result", type=click.UUID)
@as_account
def enter(key: UUID, result: UUID, account: str) -> None:
    """Enter the account's RESULT into the contest KEY."""
    actor = parties.actor_for_username(account)
    services.contest_enter(actor=actor, contest=key, result=result)
    click.echo(said("已参赛。", "Entered."))


@contest.command()
@click.argument("key", type=click.UUID)
@click.argument("result", type=click.UUID)
@as_account
def leave(key: UUID, result: UUID, account: str) -> None:
    """Take the account's RESULT out of the contest KEY."""
    actor = parties.actor_for_username(account)
    services.contest_leave(actor=actor, contest=key, result=result)
    click.echo(said("已退出。", "Taken out."))


@contest.command()
@click.argument("key", type=click.UUID)
@click.option(
    "--winner", "winners", nargs=3, multiple=True, required=True, metavar="RESULT AWARD REASON",
    type=(click.UUID, str, str), help="A winner, what it won, and why; once for each.",
)  # fmt: skip
@as_account
def award(key: UUID, winners: tuple[tuple[UUID, str, str], ...], account: str) -> None:
    """Name the winners of the contest KEY, once, after its last day."""
    actor = parties.actor_for_username(account)
    named = [Award(*one) for one in winners]
    services.contest_award(actor=actor, contest=key, awards=named)
    click.echo(said("已公布获奖名单。", "The winners are named."))
