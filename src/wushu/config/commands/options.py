"""Options that many commands take: who acts, and whether the result is JSON."""

from __future__ import annotations

import click
from django.conf import settings

from wushu.config import logs
from wushu.kernel.errors import Refusal
from wushu.parties import selectors as parties
from wushu.parties.types import NODE_AT_THE_SHELL, Actor

as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
ACTING = "wushu.acting"
"""Where the root context finds, after a refusal, which command was asked for and as whom."""


def _acting(context: click.Context, option: click.Parameter, account: str) -> str:
    del option
    context.meta[ACTING] = (context.command_path.partition(" ")[2], account)
    return account


as_account = click.option(
    "--as", "account", required=True, envvar="WUSHU_ACCOUNT", help="Account that acts.",
    callback=_acting,
)  # fmt: skip
as_account_or_node = click.option(
    "--as", "account", default="", envvar="WUSHU_ACCOUNT",
    help="Account that acts; without: the node itself.", callback=_acting,
)  # fmt: skip


as_account_or_public = click.option(
    "--as", "account", default="", envvar="WUSHU_ACCOUNT",
    help="Account that reads; without: the public.", callback=_acting,
)  # fmt: skip


def tell_refused(context: click.Context, name: str) -> None:
    """Who tried what, in the node's log; where there is no node yet nothing is written."""
    if not settings.SECRETS_DIR.is_dir():
        return
    command, account = context.meta.get(ACTING, (str(context.invoked_subcommand), ""))
    logs.tell_refused_command(command, _acting_urn(account), name)


def _acting_urn(account: str) -> str:
    """URN of the account that a refused command named; empty where there is none."""
    try:
        return parties.actor_for_username(account).urn if account else ""
    except Refusal:
        return ""


def account_or_public(account: str) -> Actor | None:
    """Who reads: the account, ``not-found``, or anybody."""
    return parties.actor_for_username(account) if account else None


def account_or_node(account: str) -> Actor:
    """Who acts: the account, ``not-found``, or somebody at the shell of the node."""
    return parties.actor_for_username(account) if account else NODE_AT_THE_SHELL
