"""``wushu assessment``: bodies assessed in a year by a declared indicator system."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from wushu.config.commands.options import (
    account_or_public,
    as_account,
    as_account_or_public,
    as_json,
)
from wushu.config.saying import language, said
from wushu.opening import selectors, services
from wushu.opening.types import AssessmentView
from wushu.parties import selectors as parties

_division = click.argument("division")
_year = click.argument("year", type=click.IntRange(2000, 2999))


@click.group()
def assessment() -> None:
    """Yearly assessments: check the indicators, count, hear the bodies, publish."""


@assessment.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False))
@as_json
@click.pass_context
def check(context: click.Context, folders: tuple[Path, ...], *, as_json: bool) -> None:
    """Read assessment.toml in FOLDERS (or all that come with the program) and say what is wrong in it.

    Exit code 3 when something is.
    """
    paths = list(folders) or selectors.indicator_folders()
    faults = [fault for path in paths for fault in selectors.indicator_faults(path)]
    if as_json:
        problems = [fault.as_problem("en") for fault in faults]
        click.echo(json.dumps({"checked": len(paths), "faults": problems}, ensure_ascii=False))
    else:
        for fault in faults:
            click.echo(fault.sentence(language()), err=True)
        click.echo(
            said(
                f"检查了 {len(paths)} 个指标体系，{len(faults)} 处有问题。",
                f"Checked {len(paths)} indicator systems, {len(faults)} places with faults.",
            )
        )
    context.exit(3 if faults else 0)


@assessment.command("list")
@as_json
def list_(*, as_json: bool) -> None:
    """Which years were assessed, and where; published ones."""
    lines = selectors.assessments()
    if as_json:
        click.echo(json.dumps(selectors.assessment_lines(lines), ensure_ascii=False))
        return
    for one in lines:
        click.echo(f"{one.year}  {one.division}  {one.published_at:%Y-%m-%d}")


@assessment.command()
@_division
@_year
@as_account
@as_json
def compute(division: str, year: int, account: str, *, as_json: bool) -> None:
    """Count the figures of DIVISION in YEAR as they stand now, as its authority; begins it if need be."""
    actor = parties.actor_for_username(account)
    _say(services.assessment_begin(actor=actor, division=division, year=year), as_json)


@assessment.command()
@_division
@_year
@click.option("--body", required=True, help="Its unified social credit code.")
@click.option("--indicator", required=True, help="Id of an indicator that counts a survey.")
@click.option("--value", type=float, required=True, help="What the survey said.")
@click.option("--source", required=True, help="Who asked whom, when; everybody can read it.")
@as_account
@as_json
def survey(
    division: str, year: int, body: str, indicator: str, value: float, source: str, account: str,
    *, as_json: bool,
) -> None:  # fmt: skip
    """Enter what a survey said of a body."""
    found = services.survey_enter(
        actor=parties.actor_for_username(account), division=division, year=year,
        body=parties.organisation_by_code(body).id, indicator=indicator, value=value, source=source,
    )  # fmt: skip
    _say(found, as_json)


@assessment.command()
@_division
@_year
@click.option("--body", required=True, help="Its unified social credit code.")
@click.option("--text", required=True, help="It is published with the figures.")
@as_account
@as_json
def comment(division: str, year: int, body: str, text: str, account: str, *, as_json: bool) -> None:
    """Comment on one's body's figures before they are published."""
    found = services.assessment_comment(
        actor=parties.actor_for_username(account), division=division, year=year,
        body=parties.organisation_by_code(body).id, text=text,
    )  # fmt: skip
    _say(found, as_json)


@assessment.command()
@_division
@_year
@as_account
@as_json
def publish(division: str, year: int, account: str, *, as_json: bool) -> None:
    """Freeze the figures as they stand now; their hash goes into the log."""
    actor = parties.actor_for_username(account)
    _say(services.assessment_publish(actor=actor, division=division, year=year), as_json)


@assessment.command()
@_division
@_year
@as_account_or_public
@as_json
def show(division: str, year: int, account: str, *, as_json: bool) -> None:
    """The assessment of DIVISION for YEAR: each body, each indicator."""
    actor = account_or_public(account)
    _say(selectors.assessment(division, year, actor=actor), as_json)


def _say(found: AssessmentView, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(selectors.assessment_document(found), ensure_ascii=False))
        return
    words = language()
    table = Table(box=None, pad_edge=False)
    table.add_column(said("单位", "Body"))
    table.add_column(said("得分", "Score"))
    for one in found.system.indicators:
        table.add_column(one.label(words))
    for body in found.bodies:
        cells = ["–" if one.value is None else f"{one.value:g}" for one in body.measured]
        score = "–" if body.score is None else f"{body.score:g}"
        table.add_row(body.name(words), score, *cells)
    Console().print(table)
    click.echo(f"SHA-256 {found.sha256}")
