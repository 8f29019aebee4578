"""``wushu account``: organisations, people, accounts, roles and keys, by the node's administrator.

Whoever may run it on the node's host may read its database: it acts as the node itself, and the log
says so. Passwords are asked for or read from standard input, never taken from the command line,
where every user of the machine could read them.
"""

from __future__ import annotations

import click

from wushu.config.commands.account import accounts, keys, organisations, roles


@click.group()
def account() -> None:
    """Manage organisations, people, accounts, roles and API keys, as the node itself."""


for _command in (
    accounts.link,
    accounts.unlink,
    accounts.create,
    accounts.list_accounts,
    accounts.password,
    accounts.sign_out,
    accounts.close,
    accounts.open_again,
    accounts.remove_codes,
    accounts.password_link,
    accounts.forget_attempts,
    roles.grant,
    roles.end,
    roles.transfer,
    keys.key,
    organisations.organisation,
):
    account.add_command(_command)
