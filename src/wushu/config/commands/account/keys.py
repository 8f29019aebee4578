"""API keys of an account."""

from __future__ import annotations

from datetime import timedelta

import click
from django.utils import timezone

from wushu.config.commands.account.finding import account_named
from wushu.config.commands.account.printing import say, show
from wushu.config.commands.options import as_json
from wushu.config.saying import said
from wushu.kernel.errors import NOT_FOUND, Said
from wushu.parties import selectors, services
from wushu.parties.types import NODE_AT_THE_SHELL, ApiKeyView, Scope


@click.group()
def key() -> None:
    """Issue, list and revoke API keys of an account."""


@key.command("issue")
@click.argument("username")
@click.option("--name", required=True, help="What the key is for.")
@click.option(
    "--scope", "scopes", multiple=True, required=True,
    type=click.Choice([s.value for s in Scope]), help="What it may do. Repeatable.",
)  # fmt: skip
@click.option(
    "--days", type=click.IntRange(min=1), help="Days until it expires; default: WUSHU_API_KEY_DAYS."
)
@as_json
def key_issue(
    username: str, name: str, scopes: tuple[str, ...], days: int | None, as_json: bool
) -> None:
    """Issue a key. It is printed once and stored nowhere."""
    view, text = services.api_key_issue(
        actor=NODE_AT_THE_SHELL,
        account=account_named(username).id,
        name=name,
        scopes=scopes,
        expires_at=None if days is None else timezone.now() + timedelta(days=days),
    )
    say(as_json, {"key": text, "prefix": view.prefix, "id": view.id}, text)


@key.command("list")
@click.argument("username")
@as_json
def key_list(username: str, as_json: bool) -> None:
    """List the keys of an account, newest first."""
    keys = selectors.api_keys(actor=NODE_AT_THE_SHELL, account=account_named(username).id)
    rows = [
        (one.prefix, one.name, " ".join(sorted(one.scopes)), one.created_at, _state(one))
        for one in keys
    ]
    show(as_json, ("prefix", "name", "scopes", "issued", "state"), rows)


@key.command("revoke")
@click.argument("username")
@click.argument("prefix")
def key_revoke(username: str, prefix: str) -> None:
    """Revoke the key with this prefix (the part between the underscores)."""
    keys = selectors.api_keys(actor=NODE_AT_THE_SHELL, account=account_named(username).id)
    found = next((one for one in keys if one.prefix == prefix), None)
    if found is None:
        raise NOT_FOUND(what=prefix)
    services.api_key_revoke(actor=NODE_AT_THE_SHELL, key=found.id)
    click.echo(said(f"密钥 {prefix} 已撤销。", f"Key {prefix} is revoked."))


def _state(view: ApiKeyView) -> Said:
    if view.revoked_at is not None:
        return Said(f"{view.revoked_at:%Y-%m-%d} 撤销", f"revoked {view.revoked_at:%Y-%m-%d}")
    if view.expires_at is None:
        return Said("有效", "valid")
    return Said(f"{view.expires_at:%Y-%m-%d} 到期", f"expires {view.expires_at:%Y-%m-%d}")
