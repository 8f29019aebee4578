"""Roles in organisations: given, ended, handed over."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
from django.utils import timezone

from wushu.config.commands.account.finding import (
    account_named,
    body_with,
    current_roles,
    held_in,
)
from wushu.config.commands.account.printing import say
from wushu.config.commands.options import as_json
from wushu.config.saying import said
from wushu.kernel.errors import NOT_FOUND
from wushu.opening.services import staff_transfer
from wushu.parties import selectors, services
from wushu.parties.types import NODE_AT_THE_SHELL, Role

organisation_option = click.option(
    "--organisation", "code", default="", metavar="CODE",
    help="Unified social credit code of the organisation; without: the role is the person's own.",
)  # fmt: skip
role_option = click.option(
    "--role", required=True, type=click.Choice([r.value for r in Role]), help="The role."
)


@click.command()
@click.argument("username")
@organisation_option
@role_option
@click.option("--until", type=click.DateTime(), help="When the role ends; without: not yet known.")
@as_json
def grant(username: str, code: str, role: str, until: datetime | None, as_json: bool) -> None:
    """Give the account's person a role in an organisation, or one of their own."""
    body = body_with(code)
    made = services.membership_grant(
        actor=NODE_AT_THE_SHELL,
        person=account_named(username).person,
        organisation=None if body is None else body.id,
        role=Role(role),
        valid_until=_end_of(until),
    )
    held = held_in(role, body)
    say(
        as_json,
        {"membership": made},
        said(f"{username} 担任 {held.zh}：{made}", f"{username} is {held.en}: {made}"),
    )


@click.command()
@click.argument("username")
@organisation_option
@role_option
def end(username: str, code: str, role: str) -> None:
    """End a role of the account's person in an organisation, or one of their own."""
    body = body_with(code)
    held = [
        one
        for one in current_roles(account_named(username).person)
        if one.organisation == body and one.role == role
    ]
    if not held:
        raise NOT_FOUND(what=f"{username} {role} {code}")
    for one in held:
        services.membership_end(actor=NODE_AT_THE_SHELL, membership=one.id)
    gone = held_in(role, body)
    click.echo(said(f"{username} 不再担任 {gone.zh}。", f"{username} is no longer {gone.en}."))


@click.command()
@click.argument("username")
@click.option(
    "--organisation", "code", required=True, metavar="CODE",
    help="Unified social credit code of the organisation that USERNAME leaves.",
)  # fmt: skip
@click.option(
    "--to", "successor", required=True, metavar="USERNAME",
    help="Colleague who takes over and holds the same roles there.",
)  # fmt: skip
@click.option(
    "--last-day", type=click.DateTime(["%Y-%m-%d"]), help="The last day; without: it ends now."
)
@click.option("--reason", default="", help="Why; it is not public.")
@click.option("--dry-run", is_flag=True, help="Say what would be handed over, change nothing.")
@as_json
def transfer(
    *,
    username: str,
    code: str,
    successor: str,
    last_day: datetime | None,
    reason: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """End USERNAME's roles in an organisation and hand what is open to a colleague."""
    done = staff_transfer(
        actor=NODE_AT_THE_SHELL,
        person=account_named(username).person,
        organisation=selectors.organisation_by_code(code).id,
        successor=account_named(successor).person,
        at=None if last_day is None else _end_of(last_day + timedelta(days=1)),
        reason=reason,
        dry_run=dry_run,
    )
    document = {
        "succession": done.succession.id,
        "since": done.succession.since.isoformat(),
        "entries": [one.slug for one in done.entries],
        "loads": [one.upload.name for one in done.loads],
        "reviews": [one.slug for one in done.reviews],
        "corrections": [one.slug for one in done.corrections],
        "cases": list(done.cases),
        "dry_run": dry_run,
    }
    several = done.entries, done.loads, done.reviews, done.corrections, done.cases
    counts = [len(one) for one in several]
    sentence = said(
        "{0} 由 {1} 接替：草稿和提交 {2} 项，未装载的文件 {3} 个，待审核 {4} 项，待确认的更正 {5} 项，在办事项 {6} 件",
        "{1} takes over from {0}: {2} drafts and submissions, {3} files, {4} reviews, {5} corrections,"
        " {6} cases",
    ).format(username, successor, *counts)
    say(as_json, document, sentence + (said("（试运行）", " (dry run)") if dry_run else ""))


def _end_of(until: datetime | None) -> datetime | None:
    return None if until is None else timezone.make_aware(until)
