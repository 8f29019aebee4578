"""``wushu regulation``: rules as data, from their files to where they apply."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from rich.console import Console

from wushu.casework import selectors, services
from wushu.casework.types import (
    AdoptionView,
    Procedure,
    PublishedRegulation,
    Regulation,
    RegulationStatus,
)
from wushu.config.commands import regulation_tables as tables
from wushu.config.commands.options import as_account, as_json
from wushu.config.saying import language, said
from wushu.kernel.errors import NOT_FOUND, Language, Refusal
from wushu.opening.services import effects
from wushu.parties import selectors as parties
from wushu.parties.types import NODE_AT_THE_SHELL

_DAY = click.DateTime(["%Y-%m-%d"])
_STATUS = {
    RegulationStatus.DRAFT: ("征求意见稿", "consultation draft"),
    RegulationStatus.IN_FORCE: ("现行", "in force"),
}
_version = click.option(
    "--version", "number", type=click.IntRange(1), help="This published version."
)
_procedure = click.option("--procedure", help="This procedure alone, by its id.")


@click.group()
def regulation() -> None:
    """Regulations: check their files, publish and adopt them, draw their procedures."""


# The files


@regulation.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False))
@as_json
@click.pass_context
def check(context: click.Context, folders: tuple[Path, ...], *, as_json: bool) -> None:
    """Read the regulations in FOLDERS (or all that come with the program) and say what is wrong in them.

    Exit code 3 when something is.
    """
    paths = list(folders) or selectors.regulation_folders()
    faults = [fault for path in paths for fault in _faults(path)]
    if as_json:
        problems = [fault.as_problem("en") for fault in faults]
        click.echo(json.dumps({"checked": len(paths), "faults": problems}, ensure_ascii=False))
    else:
        for fault in faults:
            click.echo(fault.sentence(language()), err=True)
        for way_out in dict.fromkeys(fault.way_out(language()) for fault in faults):
            click.echo(way_out, err=True)
        click.echo(
            said(
                f"检查了 {len(paths)} 部法规，{len(faults)} 处有问题。",
                f"Checked {len(paths)} regulations, {len(faults)} places with faults.",
            )
        )
    context.exit(3 if faults else 0)


def _faults(folder: Path) -> list[Refusal]:
    try:
        found = selectors.regulation_of(selectors.read_folder(folder), folder.name)
    except Refusal as refusal:
        return [refusal]
    offered = {kind.value: frozenset(of) for kind, of in effects.EFFECTS.items()}
    return selectors.regulation_faults(found, folder.name, offered)


def _sound(folder: Path) -> Regulation:
    """What files say, where everything in them can be drawn; else ``regulation-faulty``."""
    found = selectors.regulation_of(selectors.read_folder(folder), folder.name)
    for fault in selectors.regulation_faults(found, folder.name):
        raise fault
    return found


def _folder(name: str) -> Path:
    """A folder, or one that comes with the program, by its key; ``not-found``."""
    for path in (Path(name).resolve(), selectors.REGULATIONS / name):
        if (path / "regulation.toml").is_file():
            return path
    raise NOT_FOUND(what=name)


def _content(name: str, number: int | None) -> Regulation:
    """What files say, or a published version; refuses ``regulation-faulty``, ``not-found``."""
    if number is not None:
        return selectors.regulation(selectors.published_version(name, number).id)
    return _sound(_folder(name))


def _procedures(found: Regulation, wanted: str | None) -> tuple[Procedure, ...]:
    if wanted is None:
        return found.procedures
    known = {one.id: one for one in found.procedures}
    if wanted not in known:
        raise NOT_FOUND(what=f"{found.id} {wanted}")
    return (known[wanted],)


# Looking at them


@regulation.command()
@click.argument("name", metavar="KEY|FOLDER")
@_procedure
@click.option(
    "--language", "languages", multiple=True, type=click.Choice(["zh", "en"]),
    help="In this language; may be given twice. Default: that of WUSHU_LANG.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path(),
    help="Folder to write into; default: the one you are in.",
)  # fmt: skip
@_version
@as_json
def draw(
    name: str,
    procedure: str | None,
    languages: tuple[Language, ...],
    out: Path,
    number: int | None,
    *,
    as_json: bool,
) -> None:
    """Draw each procedure of a regulation: a flow chart (SVG), and its limits and steps as tables (Markdown)."""
    found = _content(name, number)
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for one in _procedures(found, procedure):
        for tongue in languages or (language(),):
            stem = f"{found.id}-{one.id}-{tongue}"
            texts = {
                "svg": selectors.flow_chart(found, one, tongue) + "\n",
                "md": selectors.tables_as_text(found, one, tongue),
            }
            for suffix, text in texts.items():
                path = out / f"{stem}.{suffix}"
                path.write_text(text, encoding="utf-8")
                written.append(str(path))
    if as_json:
        click.echo(json.dumps({"written": written}, ensure_ascii=False))
        return
    for line in written:
        click.echo(line)


@regulation.command()
@click.argument("name", metavar="KEY|FOLDER")
@_procedure
@_version
@as_json
def show(name: str, procedure: str | None, number: int | None, *, as_json: bool) -> None:
    """Print what a regulation says: who is who, states, limits and steps, and its articles.

    With --json: all of it, in the form that is frozen when it is published.
    """
    found = _content(name, number)
    if as_json:
        if number is None:
            text = json.dumps(selectors.read_folder(_folder(name)), ensure_ascii=False)
        else:
            text = selectors.document(selectors.published_version(name, number).id)
        click.echo(text)
        return
    tongue = language()
    click.echo(f"{found.title(tongue)}  ({found.id})")
    click.echo(
        "  ".join(
            filter(
                None,
                (
                    found.issuer(tongue), found.number, said(*_STATUS[found.status]),
                    _period(found.valid_from, found.valid_until),
                ),
            )
        )
    )  # fmt: skip
    console = Console()
    if procedure is None:
        console.print(tables.seats(found))
    for one in _procedures(found, procedure):
        click.echo(f"\n{one.title(tongue)}  ({one.id})\n{one.summary(tongue)}")
        console.print(tables.states(found, one))
        if one.clocks:
            console.print(tables.limits(found, one))
        console.print(tables.steps(found, one))
    if procedure is None:
        console.print(tables.articles(found))


# Published and adopted


@regulation.command("list")
@as_json
def list_(*, as_json: bool) -> None:
    """List what is published, with hashes, and where it applies."""
    adopted = selectors.adoptions()
    versions = [
        _facts(one) | {"adoptions": [_adoption_facts(a) for a in adopted if a.version.id == one.id]}
        for one in selectors.published()
    ]
    known = {one["key"] for one in versions}
    waiting = [path.name for path in selectors.regulation_folders() if path.name not in known]
    if as_json:
        click.echo(json.dumps({"versions": versions, "unpublished": waiting}, ensure_ascii=False))
        return
    for one in versions:
        click.echo(_sentence(one))
        for adoption in one["adoptions"]:
            click.echo(f"  {_adoption_sentence(adoption)}")
    for name in waiting:
        click.echo(said(f"{name}  未公布", f"{name}  not published"))


@regulation.command()
@click.argument("name", metavar="FOLDER|KEY")
@as_json
def publish(name: str, *, as_json: bool) -> None:
    """Freeze a regulation as its files say it now: its JSON and hash go into database and log.

    It applies nowhere until a place adopts it.
    """
    folder = _folder(name)
    made = services.regulation_publish(
        actor=NODE_AT_THE_SHELL, document=selectors.read_folder(folder), file=folder.name
    )
    facts = _facts(made)
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else _sentence(facts))


@regulation.command()
@click.argument("key")
@click.option("--division", required=True, help="Code of the place that applies it (GB/T 2260).")
@click.option("--from", "begins", type=_DAY, required=True, help="First day.")
@click.option("--until", "ends", type=_DAY, help="Last day; without: until somebody ends it.")
@click.option(
    "--decision", required=True, help="By what decision, in words; everybody can read it."
)
@click.option(
    "--beyond", default="", metavar="REASON",
    help="Why it applies on days that the regulation does not give itself; everybody can read it.",
)  # fmt: skip
@click.option(
    "--version", "number", type=click.IntRange(1), help="This version; without: the newest."
)
@as_account
@as_json
def adopt(
    key: str,
    division: str,
    begins: datetime,
    ends: datetime | None,
    decision: str,
    beyond: str,
    number: int | None,
    account: str,
    *,
    as_json: bool,
) -> None:
    """Let a place apply the published regulation KEY from a day on, as its data authority."""
    made = services.regulation_adopt(
        actor=parties.actor_for_username(account),
        version=selectors.published_version(key, number).id,
        division=division,
        begins=begins.date(),
        ends=ends.date() if ends else None,
        decision=decision,
        beyond=beyond,
    )
    _say_adoption(made, as_json=as_json)


@regulation.command()
@click.argument("adoption", type=click.UUID)
@click.option("--on", "day", type=_DAY, required=True, help="The last day on which it applies.")
@as_account
@as_json
def end(adoption: UUID, day: datetime, account: str, *, as_json: bool) -> None:
    """End an adoption (its id as listed); cases that run finish under the version they began with."""
    made = services.adoption_end(
        actor=parties.actor_for_username(account), adoption=adoption, ends=day.date()
    )
    _say_adoption(made, as_json=as_json)


def _say_adoption(made: AdoptionView, *, as_json: bool) -> None:
    facts = _adoption_facts(made)
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else _adoption_sentence(facts))


def _facts(one: PublishedRegulation) -> dict[str, Any]:
    found = selectors.regulation(one.id)
    return {
        "id": str(one.id),
        "key": one.key,
        "number": one.number,
        "sha256": one.sha256,
        "published_at": one.published_at.isoformat(),
        "title": found.title.zh,
        "title_en": found.title.en,
        "status": found.status.value,
        "partly_read": found.partly_read,
        "procedures": [procedure.id for procedure in found.procedures],
    }


def _sentence(facts: dict[str, Any]) -> str:
    title = said(facts["title"], facts["title_en"])
    number = said(f"第 {facts['number']} 版", f"version {facts['number']}")
    status = said(*_STATUS[RegulationStatus(facts["status"])])
    if facts["partly_read"]:
        status += said("，条文未读全", ", not read in full")
    called = said(f"{title}（{status}）", f"{title} ({status})")
    return f"{facts['key']}  {number}  {called}\n  {facts['id']}  SHA-256 {facts['sha256']}"


def _adoption_facts(one: AdoptionView) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "key": one.version.key,
        "number": one.version.number,
        "division": one.division,
        "begins": one.begins.isoformat(),
        "ends": one.ends and one.ends.isoformat(),
        "decision": one.decision,
        "beyond": not selectors.regulation(one.version.id).covers(one.begins, one.ends),
    }


def _adoption_sentence(facts: dict[str, Any]) -> str:
    ends = date.fromisoformat(facts["ends"]) if facts["ends"] else None
    period = _period(date.fromisoformat(facts["begins"]), ends)
    applies = said(
        f"{facts['division']} 适用 {facts['key']} 第 {facts['number']} 版",
        f"{facts['division']} applies {facts['key']} version {facts['number']}",
    )
    beyond = (
        said("（超出条文自定期间）", " (beyond the regulation's own days)")
        if facts["beyond"]
        else ""
    )
    return f"{applies}  {period}{beyond}  {facts['decision']}  {facts['id']}"


def _period(begins: date, ends: date | None) -> str:
    if ends is None:
        return said(f"自 {begins} 起", f"from {begins}")
    return said(f"自 {begins} 至 {ends}", f"from {begins} to {ends}")
