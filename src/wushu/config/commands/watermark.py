"""``wushu watermark``: whose download a file came from, by the order of its rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table

from wushu.catalog import selectors as catalog
from wushu.config.commands.options import as_account, as_json
from wushu.dataplane import selectors as dataplane
from wushu.dataplane import services
from wushu.dataplane.selectors import TRACE_LEVEL, GrantView, Traced
from wushu.parties import selectors as parties

_TABLE_ORDER = 0.99
"""Share of neighbours from which a file is said to stand as the table does."""


@click.group()
def watermark() -> None:
    """Trace files whose rows were ordered for their recipient."""


@watermark.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dataset", "slug", required=True, metavar="SLUG", help="What the file is of.")
@click.option("--version", type=click.IntRange(min=1), help="Default: the newest delivered so.")
@click.option("--encoding", default="", help="Of the file. Default: found by its bytes.")
@as_account
@as_json
def trace(
    *, file: Path, slug: str, version: int | None, encoding: str, account: str, as_json: bool
) -> None:
    """Say whose download FILE (CSV) came from, or that it is not decided.

    For the body and the authority that covers it; the log says that a file was traced.
    """
    actor = parties.actor_for_username(account)
    entry = catalog.entry_by_slug(slug, actor=actor)
    with file.open("rb") as stream:
        found = services.watermark_trace(
            actor=actor, dataset=entry.id, stream=stream, name=file.name, version=version,
            encoding=encoding,
        )  # fmt: skip
    names = {one.id: _name(one) for one in dataplane.grants_of(entry.id, actor=actor)}
    if as_json:
        click.echo(json.dumps(_facts(found, names), ensure_ascii=False))
        return
    _print(found, names)


def _name(grant: GrantView) -> str:
    return grant.organisation.code if grant.organisation else grant.person or str(grant.grantee)


def _facts(found: Traced, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        **found.as_json(),
        "level": TRACE_LEVEL,
        "decided": bool(found.named),
        "fits": [
            {**fit, "grantee": names.get(UUID(fit["grant"]))} for fit in found.as_json()["fits"]
        ],
    }


def _print(found: Traced, names: dict[UUID, str]) -> None:
    click.echo(
        f"{found.rows} rows in the file, {found.met} of the table found by {', '.join(found.columns)}"
    )
    table = Table()
    for column in ("grantee", "grant", "agreeing", "pairs", "chance of accusing wrongly", "named"):
        table.add_column(column, overflow="fold")
    for fit in found.fits:
        table.add_row(
            names.get(fit.grant), str(fit.grant), str(fit.reading.agreeing),
            str(fit.reading.pairs), f"10^{fit.log10_p:.2f}", "yes" if fit.named else "no",
        )  # fmt: skip
    Console().print(table)
    if not found.named:
        click.echo(f"not decided: no delivery fits with a chance of at most {TRACE_LEVEL:g}")
    if found.in_table_order > _TABLE_ORDER:
        click.echo(
            "the rows stand as in the table: they were not downloaded in a recipient's order"
        )
