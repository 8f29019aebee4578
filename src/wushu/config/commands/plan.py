"""``wushu plan``: yearly opening plans: read, drafted from a file, submitted, accepted or returned."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import click
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute
from wushu.config.commands.importing import write_template
from wushu.config.commands.options import (
    account_or_public,
    as_account,
    as_account_or_public,
    as_json,
)
from wushu.config.saying import language, said
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.opening import selectors, services
from wushu.opening.types import PlanContent, PlanItem, PlanLine, PlanView
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

_code = click.argument("code")
_year = click.argument("year", type=click.IntRange(2000, 2999))


@click.group()
def plan() -> None:
    """Yearly opening plans: what each body will open, and how far it is."""


@plan.command("list")
@click.option("--year", type=click.IntRange(2000, 2999), help="Of this year; without: of now.")
@click.option("--region", default="", help="Of this division and what lies in it (GB/T 2260).")
@as_json
def list_(year: int | None, region: str, *, as_json: bool) -> None:
    """Plans in force, with how many items are open and how many are late."""
    wanted, cursor = year or timezone.localdate().year, None
    lines: list[PlanLine] = []
    while True:
        page = selectors.plans_page(wanted, region=region, cursor=cursor)
        lines += page.lines
        cursor = page.cursor
        if cursor is None:
            break
    if as_json:
        click.echo(json.dumps(selectors.plan_lines(lines), ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False)
    for title in (
        said("统一社会信用代码", "Code"), said("单位", "Body"), said("计划", "Planned"),
        said("已开放", "Open"), said("逾期", "Late"),
    ):  # fmt: skip
        table.add_column(title)
    for one in lines:
        counted = (one.progress.planned, one.progress.done, one.progress.late)
        table.add_row(one.body.code, one.body.name(language()), *map(str, counted))
    Console().print(table)


@plan.command()
@_code
@_year
@as_account_or_public
@as_json
def show(code: str, year: int, account: str, *, as_json: bool) -> None:
    """The plan of the body CODE for YEAR: each item and how it stands."""
    actor = account_or_public(account)
    _say(selectors.plan(_body(code), year, actor=actor), as_json)


@plan.command()
@_code
@_year
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@as_account
@as_json
def draft(code: str, year: int, file: Path, account: str, *, as_json: bool) -> None:
    """Write the plan as FILE says it: JSON with items, scenarios, measures, reason; or a spreadsheet.

    An item has a title, an attribute (unconditional or conditional), a quarter (1 to 4), and may have
    a key (of the item it changes), a theme, an update_cycle, a dataset (its name in addresses) and a
    domain (of the priority domains, by its id).
    A spreadsheet (.csv, .xlsx) has these as columns and holds the list alone: the words stay.
    """
    actor, body = parties.actor_for_username(account), _body(code)
    if file.suffix.lower() in (".csv", ".xlsx"):
        content = _of_sheet(file, body, year, actor)
    else:
        content = _content(file, actor)
    _say(services.plan_draft(actor=actor, body=body, year=year, content=content), as_json)


@plan.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def template(file: Path) -> None:
    """Write the sheet to fill in with a plan's list to FILE, which ends in .csv or .xlsx."""
    write_template(selectors.PLAN_LAYOUT, file)


@plan.command()
@_code
@_year
@as_account
@as_json
def submit(code: str, year: int, account: str, *, as_json: bool) -> None:
    """Submit what was drafted to the data authority."""
    actor = parties.actor_for_username(account)
    _say(services.plan_submit(actor=actor, body=_body(code), year=year), as_json)


@plan.command()
@_code
@_year
@as_account
@as_json
def accept(code: str, year: int, account: str, *, as_json: bool) -> None:
    """Accept what a body submitted; it is public from then on."""
    actor = parties.actor_for_username(account)
    _say(services.plan_accept(actor=actor, body=_body(code), year=year), as_json)


@plan.command("return")
@_code
@_year
@click.option("--reasons", required=True, help="Why; the body reads it.")
@as_account
@as_json
def return_(code: str, year: int, reasons: str, account: str, *, as_json: bool) -> None:
    """Return what a body submitted."""
    actor = parties.actor_for_username(account)
    _say(services.plan_return(actor=actor, body=_body(code), year=year, reasons=reasons), as_json)


@plan.command()
@_code
@_year
@click.argument("item", type=click.UUID)
@click.argument("slug")
@as_account
@as_json
def link(code: str, year: int, item: UUID, slug: str, account: str, *, as_json: bool) -> None:
    """Say that the planned ITEM (its key) became the dataset SLUG."""
    actor = parties.actor_for_username(account)
    entry = catalog.entry_by_slug(slug, actor=actor)
    linked = services.plan_link(
        actor=actor, body=_body(code), year=year, item=item, dataset=entry.id
    )
    _say(linked, as_json)


def _body(code: str) -> UUID:
    return parties.organisation_by_code(code).id


def _of_sheet(file: Path, body: UUID, year: int, actor: Actor) -> PlanContent:
    """The draft as it stands, or what is in force, with the list of the file."""
    before = PlanContent()
    try:
        found = selectors.plan(body, year, actor=actor)
    except Refusal as refusal:
        if refusal.name != NOT_FOUND.name:
            raise
    else:
        edition = found.working or found.in_force
        before = edition.content if edition else before
    with file.open("rb") as stream:
        items = selectors.plan_items_of_sheet(stream, file.name, before=before, actor=actor)
    return replace(before, items=items)


def _content(file: Path, actor: Actor) -> PlanContent:
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return PlanContent(
            items=tuple(_item(one, actor) for one in stored["items"]),
            **{name: str(stored.get(name, "")) for name in ("scenarios", "measures", "reason")},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise click.BadParameter(f"{file}: {error!r}", param_hint="FILE") from None


def _item(stored: Mapping[str, Any], actor: Actor) -> PlanItem:
    slug = stored.get("dataset")
    return PlanItem(
        key=UUID(stored["key"]) if stored.get("key") else uuid4(), title=str(stored["title"]),
        attribute=Attribute(stored["attribute"]), quarter=int(stored["quarter"]),
        theme=str(stored.get("theme", "")), update_cycle=str(stored.get("update_cycle", "")),
        dataset=catalog.entry_by_slug(slug, actor=actor).id if slug else None,
        domain=str(stored.get("domain", "")),
    )  # fmt: skip


def _say(found: PlanView, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(selectors.plan_document(found), ensure_ascii=False))
        return
    words = language()
    click.echo(f"{found.body.name(words)}  {found.year}")
    standing = {one.item.key: selectors.ITEM_STANDINGS[one.standing] for one in found.items}
    for edition in filter(None, (found.in_force, found.working)):
        click.echo(f"{selectors.PLAN_STATES[edition.state]}  {edition.sha256}")
        for item in edition.content.items:
            stands = standing.get(item.key, "") if edition is found.in_force else ""
            attribute = catalog.ATTRIBUTES[item.attribute]
            click.echo(f"  {item.key}  Q{item.quarter}  {attribute}  {stands}  {item.title}")
    for one in found.domains:
        if one.progress.planned:
            counted = one.progress
            click.echo(f"{one.domain.label(words)}  {counted.done}/{counted.planned}")
