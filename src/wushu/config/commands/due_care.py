"""``wushu dataset due-care``: who reviewed what of a dataset and when, with proofs."""

from __future__ import annotations

import json

import click
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.config.commands.options import as_account, as_json
from wushu.config.saying import language, said
from wushu.opening import selectors
from wushu.opening.types import CareLine
from wushu.parties import selectors as parties


@click.command("due-care")
@click.argument("slug")
@as_account
@as_json
def due_care(slug: str, account: str, *, as_json: bool) -> None:
    """The record of due care of SLUG: who reviewed what, and when.

    For an account of its body or of the data authority over it. With --json each act comes with its
    proof: `wushu evidence check` checks that file anywhere.
    """
    actor = parties.actor_for_username(account)
    entry = catalog.entry_by_slug(slug, actor=actor)
    found = selectors.due_care(entry.id, actor=actor, language=language())
    if as_json:
        document = selectors.due_care_document(found)
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    for one in found.lines:
        click.echo(_line(one))
    for sentence in _gaps(found.unseen_cases, found.withheld_lines, cut=found.cut):
        click.echo(sentence)


def _line(one: CareLine) -> str:
    words = language()
    number = f"#{one.proved.index}" if one.proved and one.proved.proof else "–"
    who = [one.seat(words) if one.seat else "", one.organisation, one.name]
    said = [
        f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}", number,
        one.words(words) if one.words else one.act, " · ".join(filter(None, who)),
        one.case.number if one.case else "", one.ground.words(words) if one.ground else "",
    ]  # fmt: skip
    return "  ".join(filter(None, said))


def _gaps(unseen: int, withheld: int, *, cut: bool) -> list[str]:
    """What is not in it."""
    found = []
    if unseen:
        found.append(said(f"另有 {unseen} 件事项与该账号无关，未列出",
                          f"{unseen} more cases in which the account has no part"))  # fmt: skip
    if withheld:
        found.append(said(f"另有 {withheld} 条记录不供该账号查看",
                          f"{withheld} more lines that are not for the account"))  # fmt: skip
    if cut:
        found.append(said("只列出最近的记录", "only the newest are listed"))
    return found
