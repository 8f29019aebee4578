"""``wushu doctor``: checks a deployment and says what is wrong and what to do."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import click
from django.conf import settings
from django.db import connection
from django.utils import timezone

from wushu.config import health
from wushu.dataplane import selectors as dataplane
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Refusal

LOW_DISK_SHARE = 0.05
"""Below this free share of a disk the next load may fail."""
BACKLOG_AGE = timedelta(minutes=5)
"""An act older than this that is not in the tree means that no worker runs."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    kind: str
    where: str
    message: str
    way_out: str = ""


Check = Callable[[], Iterator[Finding]]


def check_readiness() -> Iterator[Finding]:
    """Database, tables, initialisation."""
    ways_out = {
        "database": "check WUSHU_DATABASE_URL and that the server runs",
        "migrations": "run `wushu serve --prepare` with this release",
        "initialisation": "run `wushu init`",
    }
    for name in health.unready():
        yield Finding("not-ready", name, f"{name} is missing or out of date", ways_out[name])


def check_secrets() -> Iterator[Finding]:
    """Keys exist and only their owner can read them."""
    for name in ("django.key", "cursor.key", "log.key"):
        path = settings.SECRETS_DIR / name
        if not path.is_file():
            yield Finding(
                "secret-missing", str(path), "the key is missing", "restore it from a backup"
            )
        elif path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(
                "secret-readable", str(path), "others can read the key", f"chmod 600 {path}"
            )


def check_database_settings() -> Iterator[Finding]:
    """SQLite runs with the settings without which acts are lost."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for pragma, wanted in (("journal_mode", "wal"), ("synchronous", 2)):
            cursor.execute(f"PRAGMA {pragma}")
            value = cursor.fetchone()[0]
            if value != wanted:
                yield Finding(
                    "database-setting", pragma, f"{pragma} is {value}, not {wanted}",
                    "keep the OPTIONS of wushu.config.settings",
                )  # fmt: skip


def check_disk() -> Iterator[Finding]:
    """Every folder the node writes to has room."""
    for folder in {
        settings.HOME,
        settings.OBJECTS_DIR,
        settings.EVIDENCE_DIR,
        settings.SERVING_DIR,
    }:
        place = Path(folder)
        while not place.exists():
            place = place.parent
        usage = shutil.disk_usage(place)
        if usage.free < usage.total * LOW_DISK_SHARE:
            yield Finding(
                "disk-low", str(folder), f"{usage.free // 2**20} MiB are free",
                "make room, or move the folder and name its new place in the settings",
            )  # fmt: skip


def check_checkpoint_place() -> Iterator[Finding]:
    """The checkpoint's copy survives the loss of the database."""
    if settings.CHECKPOINT_DIR.resolve() == settings.HOME.resolve():
        yield Finding(
            "checkpoint-beside-database", str(settings.CHECKPOINT_DIR),
            "the checkpoint's copy lies where the database lies",
            "set WUSHU_CHECKPOINT_DIR to a folder that is backed up apart",
        )  # fmt: skip


def check_worker() -> Iterator[Finding]:
    """Acts enter the tree."""
    oldest = evidence.oldest_unsequenced()
    if oldest is not None and oldest < timezone.now() - BACKLOG_AGE:
        yield Finding(
            "log-backlog", "evidence", f"an act of {oldest:%Y-%m-%d %H:%M} is not in the tree",
            "start `wushu worker`, or see what it says",
        )  # fmt: skip


def check_files() -> Iterator[Finding]:
    """Originals, manifests, Parquet and serving files are what was recorded."""
    for fault in dataplane.file_faults():
        yield Finding(fault.kind, fault.where, fault.message)


def check_receipts() -> Iterator[Finding]:
    """Receipts of reads are those whose roots are in the log."""
    for sentence in dataplane.receipt_faults():
        yield Finding("receipts-changed", "dataplane_receipt", sentence)


def check_evidence() -> Iterator[Finding]:
    """The whole of `wushu evidence audit`."""
    for fault in evidence.audit():
        yield Finding(fault.kind, fault.where, fault.message)


CHECKS: dict[str, Check] = {
    "readiness": check_readiness,
    "secrets": check_secrets,
    "database settings": check_database_settings,
    "disk": check_disk,
    "checkpoint": check_checkpoint_place,
    "worker": check_worker,
    "files": check_files,
    "receipts": check_receipts,
    "evidence": check_evidence,
}


@click.command()
@click.option("--quick", is_flag=True, help="Leave out what reads every file and every row.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def doctor(context: click.Context, quick: bool, as_json: bool) -> None:
    """Check this deployment; exit with 3 and name each fault when something is wrong."""
    findings: list[Finding] = []
    for name, check in CHECKS.items():
        if quick and name in ("files", "evidence"):
            continue
        try:
            found = list(check())
        except Refusal as refusal:
            found = [Finding(refusal.name, name, refusal.sentence("en"), refusal.way_out("en"))]
        findings += found
        if not as_json:
            click.echo(f"{'ok' if not found else 'WRONG':6} {name}")
            for finding in found:
                click.echo(f"       {finding.kind}: {finding.where}: {finding.message}")
                if finding.way_out:
                    click.echo(f"       -> {finding.way_out}")
        if name == "readiness" and found:
            break  # without tables the other checks would only repeat it
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    context.exit(3 if findings else 0)
