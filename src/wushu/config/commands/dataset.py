"""``wushu dataset``: where a dataset stands; its record of due care; seal it, restore it, withdraw it (opening rules art. 12)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click
from django.conf import settings

from wushu.catalog import selectors as catalog
from wushu.catalog import services
from wushu.catalog.types import EntryView
from wushu.config.commands.due_care import due_care
from wushu.config.commands.options import as_account, as_json
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

Close = Callable[..., EntryView]

reason_option = click.option("--reason", required=True, help="Why; everybody can read it.")
basis_option = click.option(
    "--basis",
    default="",
    help="The provision or decision it rests on; required once it was listed.",
)


@click.group()
def dataset() -> None:
    """Show where a dataset stands and what was done for it; seal, restore or withdraw it."""


dataset.add_command(due_care)


@dataset.command()
@click.argument("slug")
@as_account
@as_json
def show(slug: str, account: str, as_json: bool) -> None:
    """Where SLUG stands, and what the account may do with it."""
    actor = parties.actor_for_username(account)
    _say(catalog.entry_by_slug(slug, actor=actor), actor, as_json)


@dataset.command()
@click.argument("slug")
@reason_option
@basis_option
@as_account
@as_json
def seal(slug: str, reason: str, basis: str, account: str, as_json: bool) -> None:
    """Suspend opening of SLUG at once: nobody reads it until it is restored."""
    _close(services.entry_seal, slug, reason, basis, account, as_json)


@dataset.command()
@click.argument("slug")
@reason_option
@basis_option
@as_account
@as_json
def restore(slug: str, reason: str, basis: str, account: str, as_json: bool) -> None:
    """Open sealed SLUG again as it was listed; for another person of the authority."""
    _close(services.entry_restore, slug, reason, basis, account, as_json)


@dataset.command()
@click.argument("slug")
@reason_option
@basis_option
@as_account
@as_json
def withdraw(slug: str, reason: str, basis: str, account: str, as_json: bool) -> None:
    """Take SLUG down for good; its page then says when, why and on what basis."""
    _close(services.entry_withdraw, slug, reason, basis, account, as_json)


def _close(close: Close, slug: str, reason: str, basis: str, account: str, as_json: bool) -> None:
    actor = parties.actor_for_username(account)
    entry = catalog.entry_by_slug(slug, actor=actor)
    close(actor=actor, entry=entry.id, reason=reason, basis=basis)
    _say(catalog.entry_by_slug(slug, actor=actor), actor, as_json)


def _say(entry: EntryView, actor: Actor, as_json: bool) -> None:
    """Address, state, reason and basis of a closed one, and what the account may do now."""
    facts = _facts(entry, actor)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(f"{facts['page']}  {facts['state']}")
    for name in ("title", "body", "attribute", "version", "reason", "basis"):
        if facts.get(name):
            click.echo(f"{name}: {facts[name]}")
    click.echo(f"{actor.name}: {', '.join(facts['may']) or '—'}")


def _facts(entry: EntryView, actor: Actor) -> dict[str, Any]:
    acts = catalog.closing_acts(entry.id, actor=actor)
    facts: dict[str, Any] = {
        "dataset": entry.slug,
        "urn": entry.urn,
        "page": f"{settings.BASE_URL}/datasets/{entry.slug}",
        "state": entry.state.value,
        "title": entry.title_zh,
        "body": entry.body_code,
        "reason": entry.closed_reason,
        "basis": entry.closed_basis,
        "may": [act.value for act, obstacle in acts.items() if obstacle is None],
    }
    if entry.revision is not None:
        version = entry.revision.version
        facts["attribute"] = entry.revision.metadata.attribute.value
        facts["version"] = None if version is None else version.number
    return facts
