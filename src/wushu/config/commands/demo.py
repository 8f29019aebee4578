"""``wushu demo``: the demonstration region, loaded through the real services."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict

import click
from django.conf import settings

from wushu.config.commands.options import as_json
from wushu.config.demo import region
from wushu.config.demo.load import DemoResult
from wushu.config.demo.load import load as load_region


def load() -> DemoResult:
    """Bring the demonstration region up to date and print its accounts."""
    result = load_region(lambda line: click.echo(line, err=True))
    for line in accounts():
        click.echo(line)
    return result


def accounts() -> list[str]:
    """The accounts as lines of text: username, name, what they are for."""
    head = f"{region.NOTICE_ZH} {region.NOTICE_EN}"
    lines = [
        f"  {person.username:18}{_padded(person.name, 8)}{_padded(person.title_zh, 22)}{person.title_en}"
        for person in region.PEOPLE
    ]
    return [head, f"accounts, all with the password {region.PASSWORD}:", *lines]


def _padded(text: str, width: int) -> str:
    """Text filled up to a width in terminal columns, where a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text + " " * max(width - taken, 1)


@click.command()
@as_json
def demo(as_json: bool) -> None:
    """Load the demonstration region: an invented city, its accounts, real tables.

    A second call adds nothing. Only on a node that answers this machine alone, since the passwords
    are printed; a node that is new is initialised for the invented city.
    """
    from wushu.config.commands.node import prepare_database  # noqa: PLC0415  (writes the home)

    prepare_database()
    if not as_json:
        load()
        return
    result = load_region()
    people = [{"username": p.username, "title": p.title_en} for p in region.PEOPLE]
    facts = asdict(result) | {
        "address": settings.BASE_URL,
        "password": region.PASSWORD,
        "accounts": people,
    }
    click.echo(json.dumps(facts, ensure_ascii=False))
