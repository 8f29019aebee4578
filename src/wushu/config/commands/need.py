"""``wushu need``: calls for needs, and what the public would have opened."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

import click

from wushu.catalog import selectors as catalog
from wushu.config.commands.options import as_account, as_json
from wushu.opening import selectors, services
from wushu.opening.types import NeedAnswer, NeedGiven, NeedView
from wushu.parties import selectors as parties

_DAY = click.DateTime(["%Y-%m-%d"])
_key = click.argument("key", type=click.UUID)


@click.group()
def need() -> None:
    """Needs for data: calls, what was asked for, who supports it, what became of it."""


@need.command()
@as_json
def calls(*, as_json: bool) -> None:
    """Calls, the newest first."""
    found = selectors.need_calls()
    if as_json:
        click.echo(json.dumps([selectors.call_document(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.id}  {one.begins} – {one.ends}  {one.division}  {one.title}")


@need.command()
@click.argument("title")
@click.option("--division", required=True, help="Code of the place that is asked (GB/T 2260).")
@click.option("--text", required=True, help="What is asked; everybody can read it.")
@click.option("--from", "begins", type=_DAY, required=True, help="First day.")
@click.option("--until", "ends", type=_DAY, required=True, help="Last day.")
@as_account
@as_json
def call(
    title: str, division: str, text: str, begins: datetime, ends: datetime, account: str, *,
    as_json: bool,
) -> None:  # fmt: skip
    """Open a call named TITLE, as the data authority."""
    made = services.call_open(
        actor=parties.actor_for_username(account), division=division, title=title, text=text,
        begins=begins.date(), ends=ends.date(),
    )  # fmt: skip
    facts = selectors.call_document(made)
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else f"{made.id}  {made.title}")


@need.command("list")
@click.option("--call", type=click.UUID, help="Of this call.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="At most so many."
)
@as_json
def list_(call: UUID | None, limit: int, *, as_json: bool) -> None:
    """Published needs, the newest first."""
    _say(list(selectors.needs_page(call=call, limit=limit).needs), as_json)


@need.command()
@as_account
@as_json
def mine(account: str, *, as_json: bool) -> None:
    """What the account wrote, newest first."""
    _say(selectors.needs_mine(actor=parties.actor_for_username(account)), as_json)


@need.command()
@as_account
@as_json
def waiting(account: str, *, as_json: bool) -> None:
    """What the account is to look at or to answer, the oldest first."""
    _say(selectors.needs_waiting(actor=parties.actor_for_username(account)), as_json)


@need.command()
@click.argument("call", type=click.UUID)
@click.argument("title")
@click.option("--data", required=True, help="Which data are needed.")
@click.option("--purpose", required=True, help="What for; nothing that says who you are.")
@click.option("--body", default="", help="Who holds them, by its unified social credit code.")
@as_account
@as_json
def submit(
    call: UUID, title: str, data: str, purpose: str, body: str, account: str, *, as_json: bool
) -> None:
    """Submit a need named TITLE into CALL; the authority looks at it before it is public."""
    given = NeedGiven(title, data, purpose, parties.organisation_by_code(body).id if body else None)
    made = services.need_submit(actor=parties.actor_for_username(account), call=call, given=given)
    _say([made], as_json)


@need.command()
@_key
@click.option("--no-longer", is_flag=True, help="Take the support back.")
@as_account
@as_json
def support(key: UUID, account: str, *, no_longer: bool, as_json: bool) -> None:
    """Say that one needs what KEY asks for, too."""
    actor = parties.actor_for_username(account)
    _say([services.need_support(actor=actor, need=key, supports=not no_longer)], as_json)


@need.command()
@_key
@as_account
@as_json
def publish(key: UUID, account: str, *, as_json: bool) -> None:
    """Let everybody see the need KEY."""
    _say([services.need_publish(actor=parties.actor_for_username(account), need=key)], as_json)


@need.command()
@_key
@click.option("--reasons", required=True, help="Why; who wrote it reads them.")
@as_account
@as_json
def decline(key: UUID, reasons: str, account: str, *, as_json: bool) -> None:
    """Keep the need KEY from the public."""
    actor = parties.actor_for_username(account)
    _say([services.need_decline(actor=actor, need=key, reasons=reasons)], as_json)


@need.command("hand-over")
@_key
@click.argument("body")
@as_account
@as_json
def hand_over(key: UUID, body: str, account: str, *, as_json: bool) -> None:
    """Give the need KEY to BODY (unified social credit code), which answers."""
    to = parties.organisation_by_code(body).id
    actor = parties.actor_for_username(account)
    _say([services.need_hand_over(actor=actor, need=key, body=to)], as_json)


@need.command()
@_key
@click.argument("text")
@click.option("--dataset", help="Listed dataset that meets it, by its name in addresses.")
@click.option("--plan", nargs=3, metavar="CODE YEAR ITEM", help="Planned item that will.")
@as_account
@as_json
def answer(
    key: UUID, text: str, dataset: str | None, plan: tuple[str, str, str] | None, account: str,
    *, as_json: bool,
) -> None:  # fmt: skip
    """Answer the need KEY in words, with the dataset or the planned item that meets it."""
    given = NeedAnswer(
        text, catalog.entry_by_slug(dataset).id if dataset else None,
        plan_body=parties.organisation_by_code(plan[0]).id if plan else None,
        plan_year=int(plan[1]) if plan else 0, plan_item=UUID(plan[2]) if plan else None,
    )  # fmt: skip
    actor = parties.actor_for_username(account)
    _say([services.need_answer(actor=actor, need=key, answer=given)], as_json)


@need.command("case")
@_key
@as_account
@as_json
def case(key: UUID, account: str, *, as_json: bool) -> None:
    """Make one's own need KEY, once it was handed over, a case that the body must answer in time."""
    _say([services.need_file_case(actor=parties.actor_for_username(account), need=key)], as_json)


def _say(found: list[NeedView], as_json: bool) -> None:
    if as_json:
        documents = [selectors.need_document(one) for one in found]
        click.echo(json.dumps(documents, ensure_ascii=False))
        return
    for one in found:
        state = selectors.NEED_STATES[one.state]
        click.echo(f"{one.id}  {state}  {one.supports}  {one.title}  {one.case}".rstrip())
