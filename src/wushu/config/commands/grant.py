"""``wushu grant``: who may read a conditional dataset; the opening body's answer (art. 21, 22, 37)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import click
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from wushu.catalog import selectors as catalog
from wushu.config.commands.options import as_account, as_json
from wushu.config.saying import language, said
from wushu.dataplane import selectors as dataplane
from wushu.dataplane.selectors import GrantView
from wushu.dataplane.types import Delivery, GranteeKind, Quota, Watermark
from wushu.opening import selectors as opening_selectors
from wushu.opening import services as opening
from wushu.parties import selectors as parties


@click.group()
def grant() -> None:
    """List, write and revoke grants: who may read which columns, for what, until when."""


@grant.command("list")
@click.argument("slug")
@as_account
@as_json
def grant_list(slug: str, account: str, as_json: bool) -> None:
    """All grants of SLUG, newest first, for its body and the authority that covers it."""
    actor = parties.actor_for_username(account)
    entry = catalog.entry_by_slug(slug, actor=actor)
    found = [_facts(one) for one in dataplane.grants_of(entry.id, actor=actor)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, default=str))
        return
    table = Table()
    for column in ("grant", "grantee", "columns", "until", "standing", "purpose"):
        table.add_column(column, overflow="fold")
    for one in found:
        columns = "*" if one["columns"] is None else ", ".join(one["columns"])
        columns = "; ".join([columns, *one["limits"]])
        until = "—" if one["valid_until"] is None else f"{one['valid_until']:%Y-%m-%d %H:%M}"
        table.add_row(one["grant"], one["grantee"], columns, until, one["standing"], one["purpose"])
    Console().print(table)


@grant.command()
@click.argument("slug")
@click.option("--organisation", "code", default="", metavar="CODE", help="Its credit code.")
@click.option("--person", default="", metavar="USERNAME", help="A person, by their account.")
@click.option("--column", "columns", multiple=True, help="A column; repeatable. Without: all.")
@click.option("--purpose", required=True, help="What for, and the document that says so; private.")
@click.option(
    "--basis", default="", metavar="URN",
    help="Decision that allows it, urn:uuid:…, shown in the log. Default: the dataset's listing.",
)  # fmt: skip
@click.option(
    "--row", "rows", multiple=True, metavar="COLUMN:COMPARISON:VALUE",
    help="Only rows that fulfil it, as filter= of the rows API; repeatable, all hold.",
)  # fmt: skip
@click.option(
    "--mask", "masks", multiple=True, metavar="COLUMN:METHOD[:N…]",
    help="Show a column masked: hide, keep:3:4, day, month, year, step:100, pseudonym; repeatable.",
)  # fmt: skip
@click.option("--rows-a-day", type=click.IntRange(1), help="Rows that may be read in a day.")
@click.option("--requests-a-day", type=click.IntRange(1), help="Reads in a day.")
@click.option(
    "--row-order", type=click.Choice(["table", "recipient"]), default="table", show_default=True,
    help="Of downloads. recipient: an order of the reader's own, by which a leaked file is traced; tell them.",
)  # fmt: skip
@click.option(
    "--delivery", type=click.Choice(["rows", "computed"]), default="rows", show_default=True,
    help="computed: results of programs alone, which the body releases; no row leaves.",
)  # fmt: skip
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The last day.")
@as_account
@as_json
def write(
    *,
    slug: str,
    code: str,
    person: str,
    columns: tuple[str, ...],
    purpose: str,
    basis: str,
    rows: tuple[str, ...],
    masks: tuple[str, ...],
    rows_a_day: int | None,
    requests_a_day: int | None,
    row_order: str,
    delivery: str,
    until: datetime,
    account: str,
    as_json: bool,
) -> None:
    """Let an organisation or a person read SLUG; for a clerk of its body."""
    if bool(code) == bool(person):
        raise click.UsageError("Give either --organisation or --person.")
    actor = parties.actor_for_username(account)
    entry = catalog.entry_by_slug(slug, actor=actor)
    fields = entry.revision.fields if entry.revision else ()
    made = opening.grant_by_hand(
        actor=actor,
        dataset=entry.id,
        grantee_kind=GranteeKind.ORGANISATION if code else GranteeKind.PERSON,
        grantee=_grantee(code, person),
        columns=list(columns) or None,
        row_filter=[dataplane.condition_told(one, fields).as_json() for one in rows],
        masks=[dataplane.mask_told(one, fields) for one in masks],
        quota=Quota(rows_a_day, requests_a_day),
        purpose=purpose,
        basis=basis or f"urn:uuid:{entry.listed_revision or entry.id}",
        valid_from=timezone.now(),
        valid_until=timezone.make_aware(until) + timedelta(days=1),
        watermark=Watermark.ORDER if row_order == "recipient" else Watermark.NONE,
        delivery=Delivery.COMPUTED if delivery == "computed" else Delivery.ROWS,
    )
    _say(as_json, {"grant": str(made), "dataset": slug}, f"{slug}: {made}")


@grant.command()
@as_account
@as_json
def mine(account: str, as_json: bool) -> None:
    """What the account may read, for what, until when, and what is left of it today."""
    found = opening_selectors.grant_documents(actor=parties.actor_for_username(account))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    table = Table()
    for column in ("grant", "dataset", "until", "rows left", "reads left", "purpose"):
        table.add_column(column, overflow="fold")
    for one in found:
        left = [
            "—" if one[name] is None else str(one[name]) for name in ("rows_left", "requests_left")
        ]
        table.add_row(
            one["grant"], one["dataset"] or "—", one["valid_until"] or "—", *left, one["purpose"]
        )
    Console().print(table)


@grant.command()
@click.argument("grant_id", metavar="GRANT", type=click.UUID)
@click.option("--reason", required=True, help="Why; the grantee is told.")
@as_account
@as_json
def revoke(grant_id: UUID, reason: str, account: str, as_json: bool) -> None:
    """Take GRANT back at once; for its body and the authority that covers it."""
    actor = parties.actor_for_username(account)
    opening.grant_revoke_by_hand(actor=actor, grant=grant_id, reason=reason)
    _say(as_json, {"grant": str(grant_id), "standing": "revoked"}, f"{grant_id}: revoked")


def _grantee(code: str, person: str) -> UUID | None:
    if code:
        return parties.organisation_by_code(code).id
    return parties.actor_for_username(person).person


def _say(as_json: bool, document: dict[str, Any], sentence: str) -> None:
    click.echo(json.dumps(document, ensure_ascii=False) if as_json else sentence)


def _facts(one: GrantView) -> dict[str, Any]:
    named = (
        one.organisation.code if one.organisation else one.person or str(one.grantee or "public")
    )
    return {
        "grant": str(one.id),
        "standing": one.standing(timezone.now()).value,
        "grantee_kind": one.grantee_kind.value,
        "grantee": named,
        "columns": None if one.columns is None else list(one.columns),
        "row_filter": [condition.as_json() for condition in one.row_filter],
        "purpose": one.purpose,
        "basis": one.basis,
        "valid_from": one.valid_from,
        "valid_until": one.valid_until,
        "revoked_at": one.revoked_at,
        "revoked_reason": one.revoked_reason,
        "watermark": one.watermark.value,
        "delivery": one.delivery.value or "rows",
        "masks": [mask.as_json() for mask in one.masks],
        "rows_a_day": one.quota.rows,
        "requests_a_day": one.quota.requests,
        "rows_left": one.left.rows if one.left else None,
        "requests_left": one.left.requests if one.left else None,
        "limits": _limits(one),
    }


def _limits(one: GrantView) -> list[str]:
    """Rows, masks and quota in the words of the language."""
    found = [condition.words(language()) for condition in one.row_filter]
    found += [f"{mask.column}: {mask.words(language())}" for mask in one.masks]
    for most, left, zh, en in (
        (one.quota.rows, one.left and one.left.rows, "行", "rows"),
        (one.quota.requests, one.left and one.left.requests, "次", "reads"),
    ):
        if most is not None:
            found.append(
                said(f"每天 {most} {zh}，今天还剩 {left}", f"{most} {en} a day, {left} left today")
            )
    return found
