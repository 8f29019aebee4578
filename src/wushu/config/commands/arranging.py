"""``wushu series``, ``wushu grouping`` and ``wushu ledger``: what stands beside the entries."""

from __future__ import annotations

import json
from typing import Any

import click

from wushu.catalog import selectors as catalog
from wushu.catalog import services
from wushu.catalog.types import GroupingKind, GroupingView, LedgerLine, SeriesView, Words
from wushu.config.commands.options import as_account, as_json
from wushu.evidence import selectors as evidence
from wushu.parties import selectors as parties

_slug = click.argument("slug")
_dataset = click.argument("dataset")
_words = (
    click.option("--title", required=True, help="Title in Chinese."),
    click.option("--description", default="", help="What belongs in it, in Chinese."),
    click.option("--title-en", default="", help="Title in English."),
    click.option("--description-en", default="", help="The same in English."),
)
_reasons = click.option("--reasons", required=True, help="Why; who proposed it reads it.")


def _with_words(command: Any) -> Any:
    for option in reversed(_words):
        command = option(command)
    return command


# Series


@click.group()
def series() -> None:
    """Series of datasets: proposed by a body, listed by the authority's second person."""


@series.command("show")
@_slug
@as_account
@as_json
def series_show(slug: str, account: str, *, as_json: bool) -> None:
    """Where the series SLUG stands, and its datasets by their periods."""
    _say_series(_series(slug, account), as_json)


@series.command("propose")
@click.option("--body", "code", required=True, help="Unified social credit code of the body.")
@click.option("--slug", default=None, help="Its name in addresses; else the title's pinyin.")
@_with_words
@as_account
@as_json
def series_propose(
    code: str, slug: str | None, account: str, *, as_json: bool, **words: str
) -> None:
    """Propose a series; for a clerk of the body."""
    made = services.series_propose(
        actor=parties.actor_for_username(account), slug=slug, words=_said(words),
        body=parties.organisation_by_code(code).id,
    )  # fmt: skip
    _say_series(made, as_json)


@series.command("change")
@_slug
@_with_words
@as_account
@as_json
def series_change(slug: str, account: str, *, as_json: bool, **words: str) -> None:
    """Change what a series that is not listed is called, and propose it again."""
    actor = parties.actor_for_username(account)
    found = _series(slug, account)
    _say_series(services.series_change(actor=actor, series=found.id, words=_said(words)), as_json)


@series.command("add")
@_slug
@_dataset
@click.option("--period", required=True, help="2024, 2024-H1, 2024-Q3 or 2024-05.")
@as_account
@as_json
def series_add(slug: str, dataset: str, period: str, account: str, *, as_json: bool) -> None:
    """Put DATASET into the series SLUG."""
    made = services.series_add(
        actor=parties.actor_for_username(account), series=_series(slug, account).id,
        entry=catalog.entry_by_slug(dataset).id, period=period,
    )  # fmt: skip
    _say_series(made, as_json)


@series.command("drop")
@_slug
@_dataset
@as_account
@as_json
def series_drop(slug: str, dataset: str, account: str, *, as_json: bool) -> None:
    """Take DATASET out of the series SLUG."""
    made = services.series_drop(
        actor=parties.actor_for_username(account), series=_series(slug, account).id,
        entry=catalog.entry_by_slug(dataset).id,
    )  # fmt: skip
    _say_series(made, as_json)


@series.command("list")
@_slug
@as_account
@as_json
def series_list(slug: str, account: str, *, as_json: bool) -> None:
    """List the proposed series SLUG; for another person of the authority."""
    actor = parties.actor_for_username(account)
    _say_series(services.series_list(actor=actor, series=_series(slug, account).id), as_json)


@series.command("return")
@_slug
@_reasons
@as_account
@as_json
def series_return(slug: str, reasons: str, account: str, *, as_json: bool) -> None:
    """Return the proposed series SLUG with reasons; for another person of the authority."""
    made = services.series_return(
        actor=parties.actor_for_username(account), series=_series(slug, account).id,
        reasons=reasons,
    )  # fmt: skip
    _say_series(made, as_json)


@series.command("close")
@_slug
@_reasons
@as_account
@as_json
def series_close(slug: str, reasons: str, account: str, *, as_json: bool) -> None:
    """Close the series SLUG; its datasets stay."""
    made = services.series_close(
        actor=parties.actor_for_username(account), series=_series(slug, account).id,
        reasons=reasons,
    )  # fmt: skip
    _say_series(made, as_json)


def _series(slug: str, account: str) -> SeriesView:
    return catalog.series_by_slug(slug, actor=parties.actor_for_username(account))


def _say_series(found: SeriesView, as_json: bool) -> None:
    members = [{"dataset": one.entry.slug, "period": one.period} for one in found.members]
    if as_json:
        facts = {
            "series": found.slug, "title": found.words.title_zh, "body": found.body_code,
            "state": found.state.value, "reasons": found.reasons, "members": members,
        }  # fmt: skip
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(f"{found.slug}  {found.words.title_zh}  {found.state.value}")
    for one in members:
        click.echo(f"  {one['period']}  {one['dataset']}")


# Base and theme databases


@click.group()
def grouping() -> None:
    """Base and theme databases (基础库、主题库), which the authority keeps over its bodies."""


@grouping.command("list")
@as_json
def grouping_list(*, as_json: bool) -> None:
    """All of them, with how many listed datasets each has."""
    facts = [_facts(one) for one in catalog.groupings()]
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for one in facts:
        click.echo(f"{one['grouping']}  {one['title']}  {one['kind']}  {one['count']}")


@grouping.command("create")
@_slug
@click.option("--kind", required=True, type=click.Choice([one.value for one in GroupingKind]),
              help="Base or theme database.")  # fmt: skip
@click.option("--division", required=True, help="Whose authority keeps it.")
@_with_words
@as_account
@as_json
def grouping_create(
    slug: str, kind: str, division: str, account: str, *, as_json: bool, **words: str
) -> None:
    """Begin the database SLUG."""
    made = services.grouping_create(
        actor=parties.actor_for_username(account), division=division, kind=GroupingKind(kind),
        slug=slug, words=_said(words),
    )  # fmt: skip
    _say_grouping(made, as_json)


@grouping.command("change")
@_slug
@_with_words
@as_account
@as_json
def grouping_change(slug: str, account: str, *, as_json: bool, **words: str) -> None:
    """Change what the database SLUG is called."""
    made = services.grouping_change(
        actor=parties.actor_for_username(account), grouping=catalog.grouping_by_slug(slug).id,
        words=_said(words),
    )  # fmt: skip
    _say_grouping(made, as_json)


@grouping.command("add")
@_slug
@_dataset
@as_account
@as_json
def grouping_add(slug: str, dataset: str, account: str, *, as_json: bool) -> None:
    """Put the listed DATASET into the database SLUG."""
    services.grouping_add(
        actor=parties.actor_for_username(account), grouping=catalog.grouping_by_slug(slug).id,
        entry=catalog.entry_by_slug(dataset).id,
    )  # fmt: skip
    _say_grouping(catalog.grouping_by_slug(slug), as_json)


@grouping.command("drop")
@_slug
@_dataset
@as_account
@as_json
def grouping_drop(slug: str, dataset: str, account: str, *, as_json: bool) -> None:
    """Take DATASET out of the database SLUG."""
    services.grouping_drop(
        actor=parties.actor_for_username(account), grouping=catalog.grouping_by_slug(slug).id,
        entry=catalog.entry_by_slug(dataset).id,
    )  # fmt: skip
    _say_grouping(catalog.grouping_by_slug(slug), as_json)


@grouping.command("remove")
@_slug
@as_account
def grouping_remove(slug: str, account: str) -> None:
    """Take the empty database SLUG away."""
    services.grouping_remove(
        actor=parties.actor_for_username(account), grouping=catalog.grouping_by_slug(slug).id
    )
    click.echo(slug)


def _facts(one: GroupingView) -> dict[str, Any]:
    return {
        "grouping": one.slug, "kind": one.kind.value, "title": one.words.title_zh,
        "division": one.kept_for, "count": one.count,
    }  # fmt: skip


def _say_grouping(made: GroupingView, as_json: bool) -> None:
    facts = _facts(made)
    click.echo(
        json.dumps(facts, ensure_ascii=False)
        if as_json
        else f"{facts['grouping']}  {facts['title']}"
    )


def _said(words: dict[str, str]) -> Words:
    return Words(words["title"], words["description"], words["title_en"], words["description_en"])


# The ledger


@click.group()
def ledger() -> None:
    """The one ledger (一本账) for officials: who answers for what, and what is collected twice."""


@ledger.command("list")
@as_account
@as_json
def ledger_list(account: str, *, as_json: bool) -> None:
    """Every entry the account may know of, a line each; with --json one JSON document a line."""
    for one in catalog.ledger_lines(actor=parties.actor_for_username(account)):
        facts = _line(one)
        click.echo(
            json.dumps(facts, ensure_ascii=False)
            if as_json
            else "  ".join(str(facts[name] or "–") for name in ("dataset", "body", "state", "unit", "due"))
        )  # fmt: skip


@ledger.command("duty")
@_dataset
@click.option("--unit", required=True, help="The unit of the body that answers for it.")
@click.option("--source-system", default="", help="The system that its data come from.")
@as_account
@as_json
def ledger_duty(
    dataset: str, unit: str, source_system: str, account: str, *, as_json: bool
) -> None:
    """Name who within the body answers for DATASET; for a clerk of the body."""
    actor = parties.actor_for_username(account)
    entry = catalog.entry_by_slug(dataset, actor=actor)
    made = services.duty_set(actor=actor, entry=entry.id, unit=unit, source_system=source_system)
    facts = {"dataset": dataset, "unit": made.unit, "source_system": made.source_system}
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else f"{dataset}  {made.unit}")


@ledger.command("items")
@as_account
@as_json
def ledger_items(account: str, *, as_json: bool) -> None:
    """Data items that more than one body collects, and which body was decided to be the source."""
    found = catalog.shared_items(
        actor=parties.actor_for_username(account), division=evidence.node().division
    )
    codes = {one.id: one.code for one in parties.organisations_by_id(
        {holder.body for item in found for holder in item.holders}).values()}  # fmt: skip
    facts: list[dict[str, Any]] = [
        {
            "item": one.key, "name": one.name, "reasons": [why.value for why in one.reasons],
            "bodies": [codes[holder.body] for holder in one.holders],
            "source": codes.get(one.source) if one.source else None,
        }
        for one in found
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for line in facts:
        click.echo(f"{line['item']}  {', '.join(line['bodies'])}  {line['source'] or '–'}")


@ledger.command("source")
@click.argument("item")
@click.option("--body", "code", required=True, help="Unified social credit code of the source.")
@click.option("--reason", required=True, help="Which duty of the body makes it the source.")
@as_account
def ledger_source(item: str, code: str, reason: str, account: str) -> None:
    """Decide that a body is the source of ITEM (一数一源); for the authority."""
    body = parties.organisation_by_code(code)
    services.item_source_decide(
        actor=parties.actor_for_username(account), item=item, body=body.id, reason=reason
    )
    click.echo(f"{item}  {code}")


def _line(one: LedgerLine) -> dict[str, Any]:
    entry, revision = one.entry, one.entry.revision
    return {
        "dataset": entry.slug, "title": entry.title_zh, "body": entry.body_code,
        "state": entry.state.value,
        "attribute": None if revision is None else revision.metadata.attribute.value,
        "unit": one.duty.unit, "source_system": one.duty.source_system,
        "due": one.due.on.isoformat() if one.due.on else None,
        "freshness": one.due.freshness.value,
    }  # fmt: skip
