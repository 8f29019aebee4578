"""``wushu backup``, ``restore``, ``rebuild``: a node's copies, and what is made again from them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from wushu.catalog import selectors as catalog
from wushu.config.backup.checking import backup_faults, facts_of
from wushu.config.backup.making import backup_make, secrets_save
from wushu.config.backup.restoring import restore as restore_backup
from wushu.config.backup.upgrading import upgrade as upgrade_tables
from wushu.config.commands.options import as_json
from wushu.dataplane import services as dataplane

FAULTS_FOUND = 3
folder_argument = click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path)
)


@click.group()
def backup() -> None:
    """Take a backup of this node, and check one.

    Exit codes: 0 done, 1 refused, 2 wrong usage, 3 something is missing or was changed.
    """


@backup.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--base",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="An earlier backup on the same disk: objects that are in it are linked, not copied.",
)
@click.option(
    "--with-secrets",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also put the keys into this new file (a tar, mode 0600). Encrypt it and keep it apart.",
)
@as_json
@click.pass_context
def make(
    context: click.Context,
    folder: Path,
    base: Path | None,
    with_secrets: Path | None,
    as_json: bool,
) -> None:
    """Back this node up into the new folder FOLDER while it works.

    Database, objects and the published log, with the SHA-256 of every file; what can be made again
    (serving files, search index) is left out. The printed hash is of the whole: keep it elsewhere.
    """
    if with_secrets is not None and with_secrets.exists():
        raise click.UsageError(f"{with_secrets} is there already")
    if folder.resolve().is_relative_to(Path(settings.OBJECTS_DIR).resolve()):
        raise click.UsageError(f"{folder} lies among the objects, which the backup would copy")
    with _counting() as report:
        made = backup_make(folder, base=base, progress=report)
    facts: dict[str, Any] = {
        "folder": str(made.folder),
        "engine": made.engine,
        "files": made.files,
        "bytes": made.bytes,
        "linked": made.linked,
        "checkpoint_size": made.size,
        "missing": made.missing,
        "sha256": made.sha256,
    }
    if with_secrets is not None:
        facts["secrets"] = secrets_save(with_secrets)
    _say(facts, as_json)
    context.exit(FAULTS_FOUND if made.missing else 0)


@backup.command()
@folder_argument
@as_json
@click.pass_context
def check(context: click.Context, folder: Path, as_json: bool) -> None:
    """Read every file of the backup in FOLDER and name what is missing or was changed."""
    with _counting() as report:
        found = list(backup_faults(folder, progress=report))
    facts = {**facts_of(folder), "faults": [dataclasses.asdict(fault) for fault in found]}
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        for fault in found:
            click.echo(f"{fault.kind}  {fault.where}  {fault.message}")
        _say({**facts, "missing": len(facts["missing"]), "faults": len(found)}, as_json=False)
    context.exit(FAULTS_FOUND if found else 0)


@click.command()
@folder_argument
@click.option(
    "--home",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Empty folder that becomes the node's WUSHU_HOME.",
)
@click.option(
    "--secrets",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File that `wushu backup make --with-secrets` wrote.",
)
@click.option(
    "--checkpoint",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Newest checkpoint known anywhere.",
)
@click.option(
    "--checkpoint-of-backup",
    is_flag=True,
    help="No checkpoint was published after this backup, or the copy will never sign.",
)
@as_json
def restore(
    folder: Path,
    home: Path,
    secrets: Path | None,
    checkpoint: Path | None,
    checkpoint_of_backup: bool,
    as_json: bool,
) -> None:
    """Make a node of the backup in FOLDER, in an empty home and an empty database.

    A checkpoint that lies in WUSHU_CHECKPOINT_DIR already is kept. Then run `wushu rebuild`,
    `wushu doctor`, and `wushu evidence recover` where the doctor says that the log is ahead.
    """
    with _counting() as report:
        done = restore_backup(
            folder,
            home=home,
            secrets=secrets,
            checkpoint=checkpoint,
            checkpoint_of_backup=checkpoint_of_backup,
            progress=report,
        )
    _say({**dataclasses.asdict(done), "home": str(done.home)}, as_json)


@click.command()
@click.option("--serving", is_flag=True, help="Only the serving files of the versions.")
@click.option("--search", is_flag=True, help="Only the search index.")
@click.option("--exports", is_flag=True, help="Only sizes and digests of generated downloads.")
@as_json
@click.pass_context
def rebuild(
    context: click.Context, serving: bool, search: bool, exports: bool, as_json: bool
) -> None:
    """Make again what is derived, beside a working node.

    Serving files that are missing or damaged, the search index, and missing sizes and digests of the
    downloads that everybody may have. Exits with 3 when the data of a version are missing or were
    changed.
    """
    facts: dict[str, Any] = {}
    every = not (serving or search or exports)
    with _counting() as report:
        if serving or every:
            done = dataplane.serving_rebuild(lambda done, total: report("serving", done, total))
            facts = {
                "serving_built": done.built,
                "serving_kept": done.kept,
                "unbuildable": list(done.unbuildable),
            }
        if search or every:
            report("search", 0)
            facts["search_entries"] = catalog.index_rebuild()
        if exports or every:
            report("exports", 0)
            measured = dataplane.exports_measure()
            facts["exports_measured"] = measured.made
            facts["exports_failed"] = measured.failed
    _say(facts, as_json)
    context.exit(FAULTS_FOUND if facts.get("unbuildable") else 0)


@click.command()
@click.option(
    "--no-copy", is_flag=True, help="Take no copy of the database first (another backup exists)."
)
@as_json
def upgrade(no_copy: bool, as_json: bool) -> None:
    """Bring the tables up to date with this release: all of it, or nothing.

    Stop the node first. A copy of the database goes to WUSHU_HOME/upgrades before anything changes;
    `wushu serve --prepare` does the same.
    """
    done = upgrade_tables(keep_copy=not no_copy)
    _say({"migrations": list(done.migrations), "copy": str(done.copy or "")}, as_json)


def _say(facts: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for name, value in facts.items():
        shown = "\n                 ".join(value) if isinstance(value, list) else value
        click.echo(f"{name:16} {shown}")


@contextmanager
def _counting() -> Iterator[Callable[..., None]]:
    """A line with a growing number for each part; nothing where the output is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        tasks: dict[str, Any] = {}

        def report(part: str, done: int, total: int | None = None) -> None:
            if part not in tasks:
                tasks[part] = bar.add_task(part, total=total)
            bar.update(tasks[part], completed=done, total=total)

        yield report
