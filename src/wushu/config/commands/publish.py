"""``wushu publish``, ``wushu ingest``, ``wushu review``: the desks at the command line.

They call the services that the pages call and act as a named account, with its roles and no more.
Whoever may run them on the node's host may read its database, so the account's password is not
asked; the log names the account and says that the act came by the command line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import Attribute, EntryView, FieldSpec, FieldType, Metadata
from wushu.dataplane import selectors as dataplane
from wushu.dataplane import services as dataplane_services
from wushu.dataplane.types import LoadView, UploadState
from wushu.kernel.errors import INVALID_VALUE, Said, kind
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

ENCODING_NEEDED = kind(
    "encoding-needed",
    422,
    zh="文件 {name} 的编码无法确定，可能是：{candidates}。",
    en="The encoding of {name} cannot be told; it may be: {candidates}.",
    way_out_zh="请用 --encoding 指明其中之一。",
    way_out_en="Name one of them with --encoding.",
)
LOAD_FAILED = kind(
    "load-failed",
    422,
    zh="文件 {name} 没有装载：{sentence}",
    en="The file {name} was not loaded: {sentence}",
    way_out_zh="原文件已保存，改正后可再次提交。",
    way_out_en="The original is kept; correct it and publish again.",
)

as_account = click.option(
    "--as", "account", required=True, envvar="WUSHU_ACCOUNT", help="Account that acts."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
encoding_option = click.option("--encoding", default="", help="utf-8, gb18030, big5, utf-16-le …")
types_option = click.option(
    "--type", "types", multiple=True, metavar="COLUMN=TYPE[:FORMAT]",
    help="Confirm another type than the proposed one, e.g. 日期=date:%Y年%m月%d日. Repeatable.",
)  # fmt: skip


@contextmanager
def _progress(shown: bool) -> Iterator[Progress]:
    """A progress bar on the error stream, so that ``--json`` output stays clean."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not shown,
    ) as bar:
        yield bar


def _confirmed_fields(proposed: list[FieldSpec], corrections: tuple[str, ...]) -> list[FieldSpec]:
    """The proposal with the corrections of ``--type``; an unknown column or type is refused."""
    wanted: dict[str, tuple[FieldType, str]] = {}
    known = {field.name for field in proposed}
    for correction in corrections:
        column, _, rest = correction.rpartition("=")
        name, _, pattern = rest.partition(":")
        if column not in known or name not in set(FieldType):
            raise INVALID_VALUE(
                field="--type",
                value=correction,
                reason_zh="没有这一列，或没有这种类型",
                reason_en=f"no such column, or none of {', '.join(FieldType)}",
            )
        wanted[column] = (FieldType(name), pattern)
    return [
        replace(field, type=wanted[field.name][0], format=wanted[field.name][1])
        if field.name in wanted
        else field
        for field in proposed
    ]


def _receive(actor: Actor, body_code: str, file: Path, encoding: str, shown: bool) -> LoadView:
    """Store the original, look into it, and return what was found."""
    body = parties.organisation_by_code(body_code)
    with _progress(shown) as bar, file.open("rb") as stream:
        bar.add_task(f"{file.name}: store the original and look", total=None, rows=0)
        upload = dataplane_services.upload_receive(
            actor=actor,
            body=body.id,
            name=file.name,
            stream=stream,
            encoding=encoding,
            enqueue=False,
        )
        dataplane_services.load_inspect(upload.load)
    load = dataplane.load(upload.load, actor=actor)
    if load.state is UploadState.UNDECIDED:
        names = ", ".join(candidate.encoding for candidate in load.candidates)
        raise ENCODING_NEEDED(name=file.name, candidates=names)
    _refuse_failed(load)
    return load


def _refuse_failed(load: LoadView) -> None:
    if load.state is UploadState.FAILED and load.refusal is not None:
        why = Said(load.refusal["zh"], load.refusal["en"])
        raise LOAD_FAILED(name=load.upload.name, sentence=why)


def _load(
    actor: Actor, load: LoadView, entry: EntryView, fields: list[FieldSpec], shown: bool
) -> LoadView:
    """Confirm the schema, load with a progress bar, and return the finished load."""
    dataplane_services.load_confirm(
        actor=actor, load=load.id, fields=fields, entry=entry.id, enqueue=False
    )
    with _progress(shown) as bar:
        task = bar.add_task(f"{load.upload.name}: load", total=load.upload.size, rows=0)

        def advance(bytes_done: int, rows_done: int) -> None:
            bar.update(task, completed=bytes_done, rows=rows_done)

        dataplane_services.load_run(load.id, progress=advance)
    finished = dataplane.load(load.id, actor=actor)
    _refuse_failed(finished)
    return finished


def _show_found(load: LoadView) -> None:
    """What was found, as a table on the error stream."""
    found = load.found
    assert found is not None
    table = Table(title=f"{load.upload.name}: {found.encoding}, {found.rows:,} rows")
    for heading in ("column", "type", "format", "filled", "rejected", "samples"):
        table.add_column(heading)
    for column in found.columns:
        table.add_row(
            column.proposal.name,
            column.proposal.type.value,
            column.proposal.format,
            f"{column.filled:,}",
            f"{column.rejected:,}",
            " · ".join(column.samples[:3]),
        )
    console = Console(stderr=True)
    console.print(table)
    for finding in found.personal:
        console.print(
            f"personal information: column {finding.column} holds {finding.kind} "
            f"({finding.matches:,} of {finding.checked:,})",
            style="bold",
        )


def _outcome(actor: Actor, slug: str, as_json_text: bool, loaded: LoadView | None) -> None:
    """Print the page's address and its state."""
    entry = catalog.entry_by_slug(slug, actor=actor)
    facts: dict[str, Any] = {
        "dataset": slug,
        "page": f"{settings.BASE_URL}/datasets/{slug}",
        "state": entry.state.value,
    }
    if loaded is not None and entry.revision is not None and entry.revision.version is not None:
        version = entry.revision.version
        facts |= {
            "version": version.number,
            "rows": {
                "declared": version.rows_declared,
                "loaded": version.rows_loaded,
                "rejected": version.rows_rejected,
            },
            "manifest_sha256": version.manifest_sha256,
        }
    if as_json_text:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    if "rows" in facts:
        rows = facts["rows"]
        click.echo(
            f"{rows['declared']:,} rows declared = {rows['loaded']:,} loaded"
            f" + {rows['rejected']:,} rejected"
        )
    click.echo(f"{facts['page']}  {facts['state']}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", required=True, help="Title of the dataset, in Chinese.")
@click.option("--title-en", default="", help="Title in English.")
@click.option("--body", required=True, help="Credit code of the opening body.")
@click.option(
    "--attribute", type=click.Choice([a.value for a in Attribute]), default="unconditional",
    show_default=True, help="Opening attribute.",
)  # fmt: skip
@click.option(
    "--reason", default="", help="Why this attribute (default for unconditional: art. 7)."
)
@click.option("--basis", default="", help="Legal basis, where not unconditional.")
@click.option("--conditions", default="", help="Conditions, where conditional.")
@click.option("--description", default="", help="What the data are, in Chinese.")
@click.option("--theme", default="GOVE", show_default=True, help="Code of the EU data themes.")
@click.option("--cycle", default="UNKNOWN", show_default=True, help="Update cycle, EU code.")
@click.option("--licence", default="", help="Licence, as a URI.")
@click.option("--source", default="", help="Where the data truly come from.")
@click.option("--keyword", "keywords", multiple=True, help="Keyword; repeatable.")
@click.option("--slug", default="", help="Name in the address; default: from the title.")
@click.option("--draft", is_flag=True, help="Stop before submitting for review.")
@encoding_option
@types_option
@as_account
@as_json
def publish(
    file: Path,
    title: str,
    title_en: str,
    body: str,
    attribute: str,
    reason: str,
    basis: str,
    conditions: str,
    description: str,
    theme: str,
    cycle: str,
    licence: str,
    source: str,
    keywords: tuple[str, ...],
    slug: str,
    draft: bool,
    encoding: str,
    types: tuple[str, ...],
    account: str,
    as_json: bool,
) -> None:
    """Hand in FILE as a new dataset: store, look, load, and submit for review."""
    actor = parties.actor_for_username(account)
    organisation = parties.organisation_by_code(body)
    shown = not as_json and sys.stderr.isatty()
    load = _receive(actor, body, file, encoding, shown)
    assert load.found is not None
    if not as_json:
        _show_found(load)
    fields = _confirmed_fields([column.proposal for column in load.found.columns], types)
    kind_of_opening = Attribute(attribute)
    if not reason and kind_of_opening is Attribute.UNCONDITIONAL:
        reason = "不属于有条件开放或不予开放的情形，默认无条件开放（第七条第三项）"
    metadata = Metadata(
        title_zh=title,
        title_en=title_en,
        description_zh=description or title,
        attribute=kind_of_opening,
        attribute_reason=reason,
        attribute_basis=basis,
        conditions=conditions,
        theme=theme,
        update_cycle=cycle,
        keywords=keywords,
        spatial=organisation.division,
        licence=licence,
        source_note=source,
        contact_name=organisation.contact_name or organisation.name_zh,
        contact_email=organisation.contact_email,
        contact_phone=organisation.contact_phone,
    )
    entry = catalog_services.entry_create(
        actor=actor, body=organisation.id, slug=slug or None, metadata=metadata, fields=fields
    )
    loaded = _load(actor, load, entry, fields, shown)
    _submit(actor, entry, draft)
    _outcome(actor, entry.slug, as_json, loaded)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dataset", required=True, help="Name of the dataset in its address (slug).")
@click.option("--note", default="", help="What is new in this version.")
@click.option("--draft", is_flag=True, help="Stop before submitting for review.")
@encoding_option
@types_option
@as_account
@as_json
def ingest(
    file: Path,
    dataset: str,
    note: str,
    draft: bool,
    encoding: str,
    types: tuple[str, ...],
    account: str,
    as_json: bool,
) -> None:
    """Hand in FILE as a new version of a dataset, with the types its columns already have."""
    actor = parties.actor_for_username(account)
    entry = catalog.entry_by_slug(dataset, actor=actor)
    shown = not as_json and sys.stderr.isatty()
    load = _receive(actor, entry.body_code, file, encoding, shown)
    assert load.found is not None
    if not as_json:
        _show_found(load)
    known = {field.name: field for field in entry.revision.fields} if entry.revision else {}
    proposed = [known.get(column.proposal.name, column.proposal) for column in load.found.columns]
    fields = _confirmed_fields(proposed, types)
    if entry.revision is not None:
        catalog_services.revision_draft(
            actor=actor,
            entry=entry.id,
            metadata=replace(entry.revision.metadata, change_note=note),
            fields=fields,
        )
    loaded = _load(actor, load, entry, fields, shown)
    _submit(actor, entry, draft)
    _outcome(actor, entry.slug, as_json, loaded)


def _submit(actor: Actor, entry: EntryView, draft: bool) -> None:
    if draft:
        return
    newest = catalog.entry_by_id(entry.id, actor=actor).revision
    assert newest is not None
    catalog_services.revision_submit(actor=actor, revision=newest.id)


@click.group()
def review() -> None:
    """The second person's desk: see what waits, list it or return it with reasons."""


@review.command("queue")
@as_account
@as_json
def review_queue(account: str, as_json: bool) -> None:
    """What waits for review."""
    waiting = catalog.review_queue(actor=parties.actor_for_username(account))
    if as_json:
        rows = [
            {"dataset": e.slug, "title": e.revision.metadata.title_zh}
            for e in waiting
            if e.revision
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for entry in waiting:
        assert entry.revision is not None
        click.echo(f"{entry.slug}  r{entry.revision.number}  {entry.revision.metadata.title_zh}")
    if not waiting:
        click.echo("nothing waits for review")


@review.command("show")
@click.argument("dataset")
@as_account
@as_json
def review_show(dataset: str, account: str, as_json: bool) -> None:
    """What a submitted revision says, and how it differs from what is listed."""
    actor = parties.actor_for_username(account)
    revision = _in_review(dataset, actor)
    changes = catalog.revision_diff(revision, actor=actor)
    if as_json:
        rows = [{"field": c.field, "old": c.old, "new": c.new} for c in changes]
        click.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    for change in changes:
        before = "" if change.old is None else f"{_in_words(change.old)} -> "
        click.echo(f"{change.field}: {before}{_in_words(change.new)}")


def _in_words(value: Any) -> str:
    """One side of a change on one line: of a column what its type is and which format it has."""
    if isinstance(value, FieldSpec):
        return " ".join(filter(None, (value.type.value, value.format, value.unit, value.title_zh)))
    return "—" if value is None else str(value)


@review.command("list")
@click.argument("dataset")
@as_account
@as_json
def review_list(dataset: str, account: str, as_json: bool) -> None:
    """List what was submitted: it becomes public as its opening attribute says."""
    actor = parties.actor_for_username(account)
    dataplane_services.revision_list(actor=actor, revision=_in_review(dataset, actor))
    _outcome(actor, dataset, as_json, None)


@review.command("return")
@click.argument("dataset")
@click.option("--reasons", required=True, help="What must be mended.")
@as_account
@as_json
def review_return(dataset: str, reasons: str, account: str, as_json: bool) -> None:
    """Return what was submitted to its body, with reasons."""
    actor = parties.actor_for_username(account)
    catalog_services.revision_return(
        actor=actor, revision=_in_review(dataset, actor), reasons=reasons
    )
    _outcome(actor, dataset, as_json, None)


def _in_review(dataset: str, actor: Actor) -> Any:
    """Id of the revision that waits for review."""
    for entry in catalog.review_queue(actor=actor):
        if entry.slug == dataset and entry.revision is not None:
            return entry.revision.id
    raise INVALID_VALUE(
        field="DATASET",
        value=dataset,
        reason_zh="没有待审核的提交",
        reason_en="nothing of this dataset waits for your review",
    )
