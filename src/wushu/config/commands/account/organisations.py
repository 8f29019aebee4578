"""Organisations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from wushu.config.commands.account.printing import say, show
from wushu.config.commands.options import as_json
from wushu.parties import selectors, services
from wushu.parties.types import (
    NODE_AT_THE_SHELL,
    AdministrativeLevel,
    OrganisationKind,
    OrganisationView,
)


@click.group()
def organisation() -> None:
    """Register and list organisations."""


@organisation.command("add")
@click.argument("code")
@click.option(
    "--kind", required=True, type=click.Choice([k.value for k in OrganisationKind]),
    help="What it is.",
)  # fmt: skip
@click.option("--name-zh", required=True, help="Name in Chinese.")
@click.option("--name-en", default="", help="Name in English.")
@click.option("--division", default="", help="Division code, GB/T 2260.")
@click.option(
    "--level", default="", type=click.Choice(["", *(v.value for v in AdministrativeLevel)]),
    help="Level of a department; follows from the division.",
)  # fmt: skip
@click.option("--contact-name", default="", help="Office or person that answers questions.")
@click.option("--contact-phone", default="", help="Its telephone number.")
@click.option("--contact-email", default="", help="Its e-mail address.")
@click.option("--homepage", default="", help="Address that begins with http or https.")
@as_json
def organisation_add(kind: str, as_json: bool, **fields: str) -> None:
    """Register an organisation under its unified social credit code."""
    made = services.organisation_register(
        actor=NODE_AT_THE_SHELL, kind=OrganisationKind(kind), **fields
    )
    say(as_json, {"organisation": made.id, "code": made.code}, f"{made.name_zh}: {made.id}")


@organisation.command("list")
@click.option(
    "--kind", type=click.Choice([k.value for k in OrganisationKind]), help="Only this kind."
)
@as_json
def organisation_list(kind: str | None, as_json: bool) -> None:
    """List organisations by credit code."""
    found = selectors.organisations(OrganisationKind(kind) if kind else None)
    show(as_json, ("code", "kind", "name", "division", "level", "id"), _rows(found))


def _rows(found: Sequence[OrganisationView]) -> list[tuple[Any, ...]]:
    return [(o.code, o.kind.value, o.name_zh, o.division, o.level, o.id) for o in found]
