"""``wushu publish``, ``wushu ingest``: the clerk's desk at the command line.

It calls the services that the pages call and acts as a named account, with its roles and no more.
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
from shlex import quote
from typing import Any

import click
from django.conf import settings
from django.db import transaction
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import Attribute, EntryView, Metadata
from wushu.config.commands.columns import (
    Columns,
    chosen,
    column_options,
    personal_facts,
    personal_words,
    require_explained,
)
from wushu.config.commands.options import as_account, as_json
from wushu.config.refusals import LOAD_OF_DRAFT_FAILED
from wushu.config.saying import said
from wushu.dataplane import selectors as dataplane
from wushu.dataplane import services as dataplane_services
from wushu.dataplane.types import LoadView, UploadState
from wushu.kernel.errors import Said, kind
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
    way_out_zh="{way_out}",
    way_out_en="{way_out}",
)

encoding_option = click.option("--encoding", default="", help="utf-8, gb18030, big5, utf-16-le …")


@contextmanager
def _progress(shown: bool) -> Iterator[Progress]:
    """A progress bar on the error stream, so that ``--json`` output stays clean."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn(said("{task.fields[rows]:,} 行", "{task.fields[rows]:,} rows")),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not shown,
    ) as bar:
        yield bar


def _receive(actor: Actor, body_code: str, file: Path, encoding: str, shown: bool) -> LoadView:
    """Store the original, look into it, and return what was found."""
    body = parties.organisation_by_code(body_code)
    with _progress(shown) as bar, file.open("rb") as stream:
        bar.add_task(
            said(f"{file.name}：保存原文件并识别", f"{file.name}: store the original and look"),
            total=None,
            rows=0,
        )
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
    why = _why_failed(load)
    if why is not None:
        assert load.refusal is not None
        way_out = Said(load.refusal["way_out_zh"], load.refusal["way_out_en"])
        raise LOAD_FAILED(name=load.upload.name, sentence=why, way_out=way_out)


def _why_failed(load: LoadView) -> Said | None:
    if load.state is not UploadState.FAILED or load.refusal is None:
        return None
    return Said(load.refusal["zh"], load.refusal["en"])


def _confirm(actor: Actor, load: LoadView, entry: EntryView, columns: Columns) -> None:
    dataplane_services.load_confirm(
        actor=actor, load=load.id, fields=columns.fields, positions=columns.positions,
        entry=entry.id, enqueue=False,
    )  # fmt: skip


def _load(actor: Actor, load: LoadView, shown: bool) -> LoadView:
    """Load what was confirmed, with a progress bar; the finished load, failed or not."""
    with _progress(shown) as bar:
        task = bar.add_task(
            said(f"{load.upload.name}：装载", f"{load.upload.name}: load"),
            total=load.upload.size,
            rows=0,
        )

        def advance(bytes_done: int, rows_done: int) -> None:
            bar.update(task, completed=bytes_done, rows=rows_done)

        dataplane_services.load_run(load.id, progress=advance)
    return dataplane.load(load.id, actor=actor)


def _show_found(load: LoadView) -> None:
    """What was found, as a table on the error stream."""
    found = load.found
    assert found is not None
    name, rows = load.upload.name, f"{found.rows:,}"
    table = Table(
        title=said(f"{name}：{found.encoding}，{rows} 行", f"{name}: {found.encoding}, {rows} rows")
    )
    for zh, en in (
        ("列", "column"), ("类型", "type"), ("格式", "format"), ("有值", "filled"),
        ("退回", "rejected"), ("样例", "samples"),
    ):  # fmt: skip
        table.add_column(said(zh, en))
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
    for sentence in personal_words(found.personal):
        console.print(sentence, style="bold")


def print_outcome(actor: Actor, slug: str, as_json: bool, columns: Columns | None = None) -> None:
    """Print the page's address and its state; ``columns``: and what was loaded."""
    entry = catalog.entry_by_slug(slug, actor=actor)
    facts: dict[str, Any] = {
        "dataset": slug,
        "page": f"{settings.BASE_URL}/datasets/{slug}",
        "state": entry.state.value,
    }
    if columns is not None and entry.revision is not None and entry.revision.version is not None:
        version = entry.revision.version
        facts |= {
            "version": version.number,
            "rows": {
                "declared": version.rows_declared,
                "loaded": version.rows_loaded,
                "rejected": version.rows_rejected,
            },
            "manifest_sha256": version.manifest_sha256,
            "personal": personal_facts(columns.personal),
        }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    if "rows" in facts:
        rows = facts["rows"]
        click.echo(
            said(
                f"共 {rows['declared']:,} 行 = 装载 {rows['loaded']:,} 行"
                f" + 退回 {rows['rejected']:,} 行",
                f"{rows['declared']:,} rows declared = {rows['loaded']:,} loaded"
                f" + {rows['rejected']:,} rejected",
            )
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
@column_options
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
    renames: tuple[str, ...],
    drops: tuple[str, ...],
    personal_reason: str,
    account: str,
    as_json: bool,
) -> None:
    """Hand in FILE as a new dataset: store, look, load, and submit for review where no case is asked for."""
    actor = parties.actor_for_username(account)
    organisation = parties.organisation_by_code(body)
    shown = not as_json and sys.stderr.isatty()
    load = _receive(actor, body, file, encoding, shown)
    assert load.found is not None
    if not as_json:
        _show_found(load)
    columns = chosen(load.found, {}, types=types, renames=renames, drops=drops)
    explained = require_explained(file.name, columns, personal_reason)
    kind_of_opening = Attribute(attribute)
    if not reason and kind_of_opening is Attribute.UNCONDITIONAL:
        reason = "不属于有条件开放或不予开放的情形，默认无条件开放（第七条第三项）"
    metadata = Metadata(
        title_zh=title,
        title_en=title_en,
        description_zh=description or title,
        attribute=kind_of_opening,
        attribute_reason="；".join(filter(None, (reason, explained))),
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
    with transaction.atomic():  # nothing is begun that could not be loaded or submitted
        entry = catalog_services.entry_create(
            actor=actor, body=organisation.id, slug=slug or None, metadata=metadata,
            fields=columns.fields,
        )  # fmt: skip
        _confirm(actor, load, entry, columns)
        if not draft:
            _require_submittable(actor, entry)
    loaded = _load(actor, load, shown)
    why = _why_failed(loaded)
    if why is not None:
        raise LOAD_OF_DRAFT_FAILED(
            name=file.name, sentence=why, dataset=entry.slug, file=quote(str(file))
        )
    _submit(actor, entry, draft)
    print_outcome(actor, entry.slug, as_json, columns)


def _require_submittable(actor: Actor, entry: EntryView) -> None:
    """Refuse now what submission would refuse after the load, but for the data still to come."""
    assert entry.revision is not None
    for problem in catalog.submission_problems(entry.revision.id, actor=actor):
        if problem.name != "version-missing":
            raise problem


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dataset", required=True, help="Name of the dataset in its address (slug).")
@click.option("--note", default="", help="What is new in this version.")
@click.option("--draft", is_flag=True, help="Stop before submitting for review.")
@encoding_option
@column_options
@as_account
@as_json
def ingest(
    file: Path,
    dataset: str,
    note: str,
    draft: bool,
    encoding: str,
    types: tuple[str, ...],
    renames: tuple[str, ...],
    drops: tuple[str, ...],
    personal_reason: str,
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
    columns = chosen(load.found, known, types=types, renames=renames, drops=drops)
    explained = require_explained(file.name, columns, personal_reason)
    with transaction.atomic():
        if entry.revision is not None:
            catalog_services.revision_draft(
                actor=actor,
                entry=entry.id,
                metadata=replace(
                    entry.revision.metadata, change_note="；".join(filter(None, (note, explained)))
                ),
                fields=columns.fields,
            )
        _confirm(actor, load, entry, columns)
    loaded = _load(actor, load, shown)
    _refuse_failed(loaded)
    _submit(actor, entry, draft)
    print_outcome(actor, entry.slug, as_json, columns)


def _submit(actor: Actor, entry: EntryView, draft: bool) -> None:
    """Where the rules ask for a procedure first the draft waits for it, and how to begin is said."""
    if draft:
        return
    newest = catalog.entry_by_id(entry.id, actor=actor).revision
    assert newest is not None
    asked = catalog.listing_procedure(newest.id, actor=actor)
    if asked is None:
        catalog_services.revision_submit(actor=actor, revision=newest.id)
        return
    begin = f"wushu case file {asked.id} --dataset {entry.slug}"
    click.echo(
        said(
            f"草稿已就绪。本地适用的规则要求先办理“{asked.title.zh}”：{begin} …",
            f"The draft is ready. The rules that apply here ask for “{asked.title.en}”: {begin} …",
        ),
        err=True,
    )
