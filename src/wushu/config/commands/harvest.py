"""``wushu harvest``: catalogues of others, named by one person and activated by a second."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from wushu.config.commands.options import as_account, as_json
from wushu.config.saying import language, said
from wushu.harvest import selectors, services
from wushu.harvest.types import RunView, SourceKind, SourceState, SourceView
from wushu.parties import selectors as parties

_KINDS = click.Choice([kind.value for kind in SourceKind])


@click.group()
def harvest() -> None:
    """Read other catalogues: CKAN, DCAT, OAI-PMH."""


@harvest.command()
@click.argument("name")
@click.argument("url")
@click.option("--kind", type=_KINDS, required=True, help="The protocol it speaks.")
@click.option("--title", required=True, help="What it is called here, in Chinese.")
@click.option("--title-en", default="", help="The same in English.")
@click.option("--reason", required=True, help="Why it is harvested; everybody can read it.")
@click.option(
    "--every", "every_hours", default=24, show_default=True, help="Hours between two runs."
)
@click.option(
    "--prefix", default="", help="OAI-PMH: metadata format. Default: dcat_ap, else oai_dc."
)
@click.option("--set", "set_", default="", help="OAI-PMH: only this set.")
@as_account
@as_json
def add(
    *,
    name: str,
    url: str,
    kind: str,
    title: str,
    title_en: str,
    reason: str,
    every_hours: int,
    prefix: str,
    set_: str,
    account: str,
    as_json: bool,
) -> None:
    """Propose the catalogue at URL under NAME; a second person then activates it."""
    made = services.source_propose(
        actor=parties.actor_for_username(account),
        name=name,
        kind=SourceKind(kind),
        url=url,
        title_zh=title,
        title_en=title_en,
        reason=reason,
        every_hours=every_hours,
        prefix=prefix,
        set=set_,
    )
    _say(made, as_json)


@harvest.command("list")
@as_account
@as_json
def list_(account: str, as_json: bool) -> None:
    """All sources, how many records each has, and how its last run ended."""
    actor = parties.actor_for_username(account)
    last = {source: _outcome(run) for source, run in selectors.last_runs(actor=actor).items()}
    found = [_facts(one) | {"last_run": last.get(one.id)} for one in selectors.sources(actor=actor)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, default=str))
        return
    table = Table()
    for column in (
        said("名称", "name"), said("协议", "kind"), said("状态", "state"), said("记录", "records"),
        said("网址", "url"), said("上次采集", "last run"),
    ):  # fmt: skip
        table.add_column(column, overflow="fold")
    for facts in found:
        table.add_row(
            facts["name"], facts["kind"], _state(facts["state"]), str(facts["present"]),
            facts["url"], _line(facts["last_run"]),
        )  # fmt: skip
    Console().print(table)


@harvest.command()
@click.argument("name")
@as_account
@as_json
def activate(name: str, account: str, as_json: bool) -> None:
    """Let NAME be harvested by its schedule; for a second person, of the data authority."""
    made = services.source_activate(actor=parties.actor_for_username(account), name=name)
    _say(made, as_json)


@harvest.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why it is harvested no more.")
@as_account
@as_json
def stop(name: str, reason: str, account: str, as_json: bool) -> None:
    """Harvest NAME no more; what came from it is no longer shown."""
    actor = parties.actor_for_username(account)
    _say(services.source_stop(actor=actor, name=name, reason=reason), as_json)


@harvest.command()
@click.argument("name")
@click.option(
    "--accept-shrink", is_flag=True,
    help="Half or more of the records are missing: you have looked, and take it as it is.",
)  # fmt: skip
@as_account
@as_json
@click.pass_context
def run(
    context: click.Context, name: str, accept_shrink: bool, account: str, as_json: bool
) -> None:
    """Read NAME now and wait for the end. Exit code 1: nothing was changed, the sentence says why."""
    made = services.source_harvest(
        actor=parties.actor_for_username(account), name=name, accept_shrink=accept_shrink
    )
    outcome = _outcome(made)
    click.echo(
        json.dumps(outcome, ensure_ascii=False, default=str) if as_json else _line(outcome),
        err=bool(made.refusal) and not as_json,
    )
    for one in () if as_json else made.skipped:
        click.echo(f"{one.identifier or '?'}: {one.reason(language())}", err=True)
    if made.refusal:
        context.exit(1)


def _say(source: SourceView, as_json: bool) -> None:
    facts = _facts(source)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, default=str))
        return
    click.echo(f"{facts['name']}  {_state(facts['state'])}  {facts['kind']}  {facts['url']}")


def _facts(source: SourceView) -> dict[str, Any]:
    facts = asdict(source)
    return {"urn": source.urn, **{name: facts[name] for name in facts if name != "id"}}


def _outcome(run: RunView) -> dict[str, Any]:
    facts = asdict(run)
    return {name: facts[name] for name in facts if name not in ("id", "source")} | {
        "run": str(run.id)
    }


def _state(state: SourceState) -> str:
    return selectors.STATE_WORDS[state](language())


def _line(outcome: dict[str, Any] | None) -> str:
    if outcome is None:
        return "—"
    if outcome["refusal"]:
        sentence = outcome["refusal_en" if language() == "en" else "refusal_zh"]
        return f"{sentence} [{outcome['refusal']}]"
    if outcome["finished_at"] is None:
        return said("采集中", str(outcome["state"]))
    since = outcome["since"] and said("（{since} 以来的变化）", " (changed since {since})")
    return said(
        "读到 {seen} 条{part}：新增 {added}，变更 {changed}，改标识 {renamed}，消失 {gone}，未变 {unchanged}，跳过 {skipped_count}",
        "{seen} records{part}: {added} added, {changed} changed, {renamed} renamed, {gone} gone, "
        "{unchanged} unchanged, {skipped_count} skipped",
    ).format(**outcome, part=since.format(**outcome))
