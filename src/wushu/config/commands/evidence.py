"""``wushu evidence``: verify, audit, sequence, recover, destroy salts."""

from __future__ import annotations

import base64
import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from wushu.config import saying
from wushu.config.commands.options import as_json
from wushu.evidence import selectors, services
from wushu.evidence.types import Fault
from wushu.parties.types import NODE_AT_THE_SHELL

FAULTS_FOUND = 3
Report = Callable[[str, int, int], None]


@click.group()
def evidence() -> None:
    """Prove the log, check everything against it, keep it going.

    Exit codes: 0 done, 1 refused, 2 wrong usage, 3 faults were found (one line each).
    """


@evidence.command()
@click.argument("url", default="")
@click.option("--key", default="", help="Verifier key of the log, from a trusted source.")
@click.option("--trust-key", is_flag=True, help="Trust the key that the node itself gives out.")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that remembers what was verified; next time the log must begin with it.",
)
@as_json
def verify(url: str, key: str, trust_key: bool, state: Path | None, as_json: bool) -> None:
    """Fetch a node's whole log over HTTP and recompute it.

    URL is the address of a node, by default this one's. The key is taken from --key, else from the
    state file, else (for this node's own log) from the database, else with --trust-key from the
    node that is verified, which then only proves that its log is consistent with itself.
    """
    check = services.Verification.prepare(
        url or settings.BASE_URL, key=key, state=state, trust_key=trust_key
    )
    with _progress() as report:
        found = _say(check.faults(report), as_json)
    facts: dict[str, Any] = {"url": check.log.prefix, "key": str(check.key)}
    if check.checkpoint is not None:
        facts["size"] = check.checkpoint.size
        facts["root"] = base64.b64encode(check.checkpoint.root).decode()
    if check.before is not None:
        facts["before"] = check.before.size
    _end(facts, found, as_json)


@evidence.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", required=True, help="Verifier key of the log, from a trusted source.")
@as_json
def check(file: Path, key: str, as_json: bool) -> None:
    """Check a record that carries acts with their proofs, such as one of due care, away from its node.

    Each act of FILE must be in the tree whose checkpoint the key signed, and say what FILE says of it.
    """
    record = services.RecordCheck.prepare(file, key=key)
    found = _say(record.faults(), as_json)
    facts = {"file": str(file), "key": str(record.key)}
    _end({**facts, "proved": record.proved, "waiting": record.waiting}, found, as_json)


@evidence.command()
@as_json
def audit(as_json: bool) -> None:
    """Compare rows, entries, tiles and checkpoints of this node with one another."""
    with _progress() as report:
        found = _say(selectors.audit(report), as_json)
    facts = {
        "origin": selectors.node().origin,
        "size": selectors.sequenced_size(),
        "unsequenced": selectors.unsequenced_count(),
    }
    _end(facts, found, as_json)


@evidence.command()
@as_json
def sequence(as_json: bool) -> None:
    """Place, hash, sign and publish the acts that wait (the worker does it by itself)."""
    _end(dataclasses.asdict(services.sequence()), [], as_json)


@evidence.command()
@click.option(
    "--checkpoint",
    type=click.File("rb"),
    help="Newest checkpoint known anywhere, to be published again where the file was lost.",
)
@click.option(
    "--accept-losses",
    metavar="DECISION",
    default="",
    help="Say in a public act, by the reference of a decision, that what a restored backup lost is"
    " lost: a document number, a case number or a URN.",
)
@click.option("--reason", default="", help="Why it is accepted; stays in the database.")
@as_json
def recover(checkpoint: Any, accept_losses: str, reason: str, as_json: bool) -> None:
    """Make database and files hold the published log again, after a loss.

    Missing tiles are written from the database, missing entries imported from the tiles, all of it
    checked against the published checkpoint. Rows of acts that only the lost database held are
    named, here and by the audit, until they are done again or their loss is accepted.
    """
    if bool(accept_losses) != bool(reason):
        raise click.UsageError("--accept-losses and --reason belong together.")
    result = services.recover(checkpoint=checkpoint.read() if checkpoint else None)
    facts = dataclasses.asdict(result)
    if accept_losses:
        services.losses_accept(actor=NODE_AT_THE_SHELL, decision=accept_losses, reason=reason)
        facts["size"] = services.sequence().size
        facts["losses_accepted"] = True
    _end(facts, _say(selectors.losses(), as_json), as_json)


@evidence.command("destroy-salts")
@click.argument("table")
@click.argument("row")
@click.option(
    "--decision", required=True, help="Public: document number, case number or URN of the order."
)
@click.option("--reason", required=True, help="Why, in words; stays in the database.")
@as_json
def destroy_salts(table: str, row: str, decision: str, reason: str, as_json: bool) -> None:
    """Make what the log says of the old contents of a row meaningless, where the law orders erasure.

    TABLE and ROW are as a fault names them (parties_person and a UUID). First overwrite or delete
    the row in a recorded act; the salt of its present content stays. There is no way back.
    """
    services.sequence()
    services.salts_destroy(
        actor=NODE_AT_THE_SHELL, table=table, row=row, decision=decision, reason=reason
    )
    size = services.sequence().size
    _end({"table": table, "row": row, "decision": decision, "size": size}, [], as_json)


def _say(found: Iterable[Fault], as_json: bool) -> list[Fault]:
    """Print faults as they come, one a line; returns them."""
    language = saying.language()
    said = []
    for fault in found:
        said.append(fault)
        if not as_json:
            click.echo(f"{fault.kind}  {fault.where}  {fault.sentence(language)}")
    return said


def _end(facts: dict[str, Any], found: list[Fault], as_json: bool) -> None:
    """Print what was done and end with the exit code of a check."""
    if as_json:
        facts["faults"] = [fault.as_json() for fault in found]
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        for name, value in facts.items():
            click.echo(saying.fact(name, value))
        click.echo(saying.fact("faults", len(found)))
    if found:
        sys.exit(FAULTS_FOUND)


@contextmanager
def _progress() -> Iterator[Report]:
    """A bar on the terminal for long work; nothing where the output is not a terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        tasks: dict[str, Any] = {}

        def report(part: str, done: int, total: int) -> None:
            if part not in tasks:
                tasks[part] = bar.add_task(part, total=total)
            bar.update(tasks[part], completed=done, total=total)

        yield report
