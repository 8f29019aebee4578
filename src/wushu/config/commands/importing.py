"""``wushu import``: bodies, their staff and an existing catalogue from spreadsheets.

Without ``--as`` it acts as the node itself, and the log says that it was somebody at the shell. A row
that is refused stops no other; the exit code is 3 where any was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.urls import reverse

from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.config.commands.options import account_or_node, as_account_or_node
from wushu.config.saying import language, said
from wushu.kernel.sheets import (
    OUTCOMES,
    Layout,
    Line,
    Outcome,
    Tally,
    read,
    report_csv,
    sha256_of,
    template_csv,
    template_xlsx,
)
from wushu.parties import selectors as parties
from wushu.parties import services as parties_services

LAYOUTS: dict[str, Layout] = {**parties.IMPORT_LAYOUTS, **catalog.IMPORT_LAYOUTS}
Import = Callable[..., Iterator[Line]]

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Check everything and change nothing."
)
report_option = click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report as CSV to this file, with the addresses to set passwords.",
)  # fmt: skip
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print a JSON object for every row and one at the end."
)


def importing(command: Callable[..., None]) -> Callable[..., None]:
    """What every import is told."""
    for given in (json_option, as_account_or_node, report_option, dry_run_option, file_argument):
        command = given(command)
    return command


@click.group("import")
def import_() -> None:
    """Import bodies, staff or a catalogue from a spreadsheet (CSV in UTF-8 or GBK, or XLSX)."""


@import_.command()
@importing
def bodies(**given: Any) -> None:
    """Register and update the bodies of FILE."""
    _import(parties_services.bodies_import, "bodies", **given)


@import_.command()
@importing
def staff(**given: Any) -> None:
    """Make the people of FILE known, with their roles and accounts."""
    _import(parties_services.staff_import, "staff", **given)


@import_.command()
@importing
def catalogue(**given: Any) -> None:
    """Make drafts of the datasets of FILE; nothing is listed."""
    _import(catalog_services.catalogue_import, "catalogue", **given)


@import_.command()
@click.argument("what", type=click.Choice(sorted(LAYOUTS)))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def template(what: str, file: Path) -> None:
    """Write the template of bodies, staff or catalogue to FILE, which ends in .csv or .xlsx."""
    write_template(LAYOUTS[what], file)


def write_template(layout: Layout, file: Path) -> None:
    """An empty sheet that explains its columns."""
    if file.suffix.lower() == ".xlsx":
        file.write_bytes(template_xlsx(layout))
    elif file.suffix.lower() == ".csv":
        file.write_text(template_csv(layout), "utf-8", newline="")
    else:
        raise click.UsageError("FILE must end in .csv or .xlsx.")
    click.echo(str(file))


def _import(
    service: Import,
    what: str,
    file: Path,
    dry_run: bool,
    report: Path | None,
    account: str,
    as_json: bool,
) -> None:
    actor = account_or_node(account)
    tally = Tally()
    with file.open("rb") as stream:
        digest = sha256_of(stream)
        rows = read(stream, file.name, LAYOUTS[what])
        found = service(actor=actor, rows=rows, file_sha256=digest, dry_run=dry_run)
        lines = _printed(tally.of(map(with_address, found)), as_json)
        if report is None:
            for _line in lines:
                pass
        else:
            report.touch(mode=0o600)
            with report.open("w", encoding="utf-8", newline="") as out:
                out.writelines(report_csv(lines, language()))
    _conclude(tally, dry_run, as_json)


def with_address(line: Line) -> Line:
    """A line whose ticket to set a password is the whole address."""
    if not line.secret:
        return line
    account, _sign, ticket = line.secret.partition("/")
    path = reverse("portal:account-begin", args=[account, ticket])
    return replace(line, secret=f"{settings.BASE_URL}{path}")


def _printed(lines: Iterable[Line], as_json: bool) -> Iterator[Line]:
    """The lines, each printed as it passes; what is already so only in JSON."""
    for line in lines:
        if as_json:
            click.echo(json.dumps(line.as_json(), ensure_ascii=False))
        elif line.outcome is not Outcome.SAME:
            _say(line)
        yield line


def _say(line: Line) -> None:
    where = line.cell or said(f"第 {line.row} 行", f"row {line.row}")
    words = line.words(language()) if line.outcome is not Outcome.CREATED else ""
    parts = (where, OUTCOMES[line.outcome](language()), line.subject, words, line.secret)
    click.echo("  ".join(filter(None, parts)))


def _conclude(tally: Tally, dry_run: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"dry_run": dry_run, **tally.as_json()}))
    else:
        tried = said("（试运行，没有改动任何内容）", " (dry run: nothing was changed)")
        click.echo(tally.words(language()) + (tried if dry_run else ""))
    if tally.counts[Outcome.REFUSED]:
        click.get_current_context().exit(3)
