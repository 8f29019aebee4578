"""``wushu case breaches``, ``wushu case reassessments``: what everybody may know beside the ledger."""

from __future__ import annotations

import json

import click

from wushu.casework import selectors
from wushu.config.commands.options import as_json
from wushu.config.saying import language, said
from wushu.opening import selectors as opening
from wushu.parties import selectors as parties

_limit = click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="At most so many."
)


@click.command()
@_limit
@as_json
def breaches(limit: int, *, as_json: bool) -> None:
    """Breaches by users of data that officials published, newest first."""
    page = selectors.published_page("breaches", limit=limit)
    if as_json:
        click.echo(json.dumps(opening.notices_document(page), ensure_ascii=False, default=str))
        return
    for one in page.notices:
        click.echo(f"{one.at:%Y-%m-%d}")
        for label, text in one.answers:
            click.echo(f"  {label(language())}：{text(language())}")


@click.command()
@click.option("--body", help="Of one body, by its unified social credit code.")
@_limit
@as_json
def reassessments(body: str | None, limit: int, *, as_json: bool) -> None:
    """When each dataset that is not opened is due to be re-assessed, the soonest first."""
    of = parties.organisation_by_code(body).id if body else None
    found = opening.reassessments_page(body=of, limit=limit).items
    if as_json:
        document = {"items": opening.reassessment_documents(found)}
        click.echo(json.dumps(document, ensure_ascii=False, default=str))
        return
    for one in found:
        late = said("逾期", "overdue") if one.is_late else ""
        begun = said("评估中", "under way") if one.under_way else ""
        last = one.assessed or said("从未评估", "never assessed")
        words = (f"{one.due}", one.entry.slug, one.entry.title(language()), f"{last}", late, begun)
        click.echo("  ".join(word for word in words if word))
