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
from wushu.dataplane import selectors as dataplane
from wushu.dataplane import services
from wushu.dataplane.selectors import GrantView
from wushu.dataplane.types import GranteeKind
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
    until: datetime,
    account: str,
    as_json: bool,
) -> None:
    """Let an organisation or a person read SLUG; for a clerk of its body."""
    if bool(code) == bool(person):
        raise click.UsageError("Give either --organisation or --person.")
    actor = parties.actor_for_username(account)
    entry = catalog.entry_by_slug(slug, actor=actor)
    made = services.grant_write(
        actor=actor,
        dataset=entry.id,
        grantee_kind=GranteeKind.ORGANISATION if code else GranteeKind.PERSON,
        grantee=_grantee(code, person),
        columns=list(columns) or None,
        row_filter=[],
        purpose=purpose,
        basis=basis or f"urn:uuid:{entry.listed_revision or entry.id}",
        valid_from=timezone.now(),
        valid_until=timezone.make_aware(until) + timedelta(days=1),
    )
    _say(as_json, {"grant": str(made), "dataset": slug}, f"{slug}: {made}")


@grant.command()
@click.argument("grant_id", metavar="GRANT", type=click.UUID)
@click.option("--reason", required=True, help="Why; the grantee is told.")
@as_account
@as_json
def revoke(grant_id: UUID, reason: str, account: str, as_json: bool) -> None:
    """Take GRANT back at once; for its body and the authority that covers it."""
    actor = parties.actor_for_username(account)
    services.grant_revoke(actor=actor, grant=grant_id, reason=reason)
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
    }
