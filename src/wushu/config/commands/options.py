"""Options that many commands take: who acts, and whether the result is JSON."""

from __future__ import annotations

import click

from wushu.parties import selectors as parties
from wushu.parties.types import NODE_AT_THE_SHELL, Actor

as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
as_account = click.option(
    "--as", "account", required=True, envvar="WUSHU_ACCOUNT", help="Account that acts."
)
as_account_or_node = click.option(
    "--as", "account", default="", envvar="WUSHU_ACCOUNT",
    help="Account that acts; without: the node itself.",
)  # fmt: skip


def account_or_node(account: str) -> Actor:
    """Who acts: the account, ``not-found``, or somebody at the shell of the node."""
    return parties.actor_for_username(account) if account else NODE_AT_THE_SHELL
