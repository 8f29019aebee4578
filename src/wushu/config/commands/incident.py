"""``wushu incident``: tell the public what of the node does not work, and when it does again."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import click
from django.utils import timezone

from wushu.config import saying
from wushu.config.commands.options import account_or_node, as_account_or_node, as_json
from wushu.opening import selectors as opening
from wushu.opening import services
from wushu.opening.types import Component, IncidentStage, IncidentView

text_options = (
    click.option("--text", required=True, help="What to say, in Chinese; everybody can read it."),
    click.option("--text-en", default="", help="The same in English."),
)


def _texts(command: Any) -> Any:
    for option in reversed(text_options):
        command = option(command)
    return command


@click.group()
def incident() -> None:
    """Announce incidents on the status page, say how far they are, and end them."""


@incident.command("open")
@click.argument("title")
@click.option("--title-en", default="", help="The title in English.")
@click.option(
    "--part",
    "parts",
    multiple=True,
    required=True,
    type=click.Choice([one.value for one in Component]),
    help="What it touches; may be given several times.",
)
@click.option("--since", type=click.DateTime(["%Y-%m-%d %H:%M"]), help="When it began; else now.")
@_texts
@as_account_or_node
@as_json
def open_(
    title: str,
    title_en: str,
    parts: tuple[str, ...],
    since: datetime | None,
    text: str,
    text_en: str,
    account: str,
    as_json: bool,
) -> None:
    """Announce an incident called TITLE."""
    begun = None if since is None else timezone.make_aware(since)
    made = services.incident_open(
        actor=account_or_node(account), title_zh=title, title_en=title_en, text_zh=text, text_en=text_en,
        components=[Component(part) for part in parts], begun_at=begun,
    )  # fmt: skip
    _say([made], as_json)


@incident.command()
@click.argument("key", type=click.UUID)
@click.option(
    "--stage",
    required=True,
    type=click.Choice([s.value for s in IncidentStage if s is not IncidentStage.RESOLVED]),
    help="How far it is.",
)
@_texts
@as_account_or_node
@as_json
def update(key: UUID, stage: str, text: str, text_en: str, account: str, as_json: bool) -> None:
    """Say how far the incident KEY is."""
    said = services.incident_update(
        actor=account_or_node(account), incident=key, stage=IncidentStage(stage), text_zh=text,
        text_en=text_en,
    )  # fmt: skip
    _say([said], as_json)


@incident.command()
@click.argument("key", type=click.UUID)
@_texts
@as_account_or_node
@as_json
def close(key: UUID, text: str, text_en: str, account: str, as_json: bool) -> None:
    """Say that the incident KEY is over."""
    actor = account_or_node(account)
    _say(
        [services.incident_close(actor=actor, incident=key, text_zh=text, text_en=text_en)], as_json
    )


@incident.command("list")
@as_json
def list_(as_json: bool) -> None:
    """What is announced, as the status page shows it."""
    _say(opening.incidents(), as_json)


def _say(incidents: list[IncidentView], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([_facts(one) for one in incidents], ensure_ascii=False))
        return
    for one in incidents:
        stage = str(opening.STAGES[one.stage]) if saying.language() == "zh" else one.stage.value
        click.echo(f"{one.id}  {stage}  {one.title(saying.language())}")


def _facts(one: IncidentView) -> dict[str, object]:
    return {
        "id": str(one.id),
        "title_zh": one.title_zh,
        "title_en": one.title_en,
        "stage": one.stage.value,
        "components": [component.value for component in one.components],
        "begun_at": one.begun_at.isoformat(),
        "ended_at": None if one.ended_at is None else one.ended_at.isoformat(),
    }
