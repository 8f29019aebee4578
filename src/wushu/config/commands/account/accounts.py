"""Accounts themselves: opening and closing them, passwords, codes, sessions, sign-in elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta

import click
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from wushu.config.commands.account.finding import (
    account_named,
    body_with,
    current_roles,
    held_in,
)
from wushu.config.commands.account.printing import say, show
from wushu.config.commands.options import as_json
from wushu.config.saying import said
from wushu.kernel.errors import Said
from wushu.parties import selectors, services
from wushu.parties.types import NODE_AT_THE_SHELL, MembershipView, Role

password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input's first line."
)


@click.command()
@click.argument("username")
@click.option("--subject", required=True, help="The person's `sub` at the identity provider.")
def link(username: str, subject: str) -> None:
    """Let the identity provider sign somebody in to USERNAME (`WUSHU_OIDC_ISSUER`)."""
    found = account_named(username)
    services.outside_link(actor=NODE_AT_THE_SHELL, account=found.id, subject=subject)
    click.echo(said(f"账号 {username} 已关联。", f"Account {username} is linked."))


@click.command()
@click.argument("username")
def unlink(username: str) -> None:
    """Take the link of USERNAME to the identity provider away; its sessions end."""
    found = account_named(username)
    services.outside_unlink(actor=NODE_AT_THE_SHELL, account=found.id)
    click.echo(said(f"账号 {username} 已解除关联。", f"Account {username} is linked no more."))


@click.command()
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--email", default="", help="The person's e-mail address.")
@click.option("--organisation", "code", default="", metavar="CODE", help="Where the role is held.")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice([r.value for r in Role]),
    help="A role in the organisation, or without one the person's own. Repeatable.",
)  # fmt: skip
@password_stdin
@as_json
def create(
    *,
    username: str,
    name: str,
    email: str,
    code: str,
    roles: tuple[str, ...],
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Make a person with an account, and the roles they hold in an organisation or for themselves."""
    if code and not roles:
        raise click.UsageError("--organisation needs a --role that is held there.")
    password = _password(password_stdin)
    with transaction.atomic():
        person = services.person_register(actor=NODE_AT_THE_SHELL, name=name, email=email)
        body = body_with(code)
        for role in roles:
            services.membership_grant(
                actor=NODE_AT_THE_SHELL,
                person=person,
                organisation=None if body is None else body.id,
                role=Role(role),
            )
        made = services.account_create(
            actor=NODE_AT_THE_SHELL, username=username, password=password, person=person
        )
    say(
        as_json,
        {"account": made, "person": person, "username": username},
        said(f"账号 {username} 已开通：{made}", f"Account {username} is open: {made}"),
    )


@click.command("list")
@as_json
def list_accounts(as_json: bool) -> None:
    """List accounts with their person, state and roles."""
    rows = [
        (
            one.username,
            one.person_name,
            Said("正常", "open") if one.is_active else Said("已停用", "closed"),
            Said("有", "yes") if one.has_totp else Said("无", "no"),
            _roles(current_roles(one.person)),
            one.id,
        )
        for one in selectors.accounts(actor=NODE_AT_THE_SHELL)
    ]
    show(as_json, ("username", "person", "state", "one-time codes", "roles", "id"), rows)


@click.command()
@click.argument("username")
@password_stdin
@click.option("--keep-keys", is_flag=True, help="Let the account's API keys go on working.")
def password(username: str, password_stdin: bool, keep_keys: bool) -> None:
    """Set a new password; all sessions of the account end, and its API keys are revoked."""
    found = account_named(username)
    revoked = services.account_set_password(
        actor=NODE_AT_THE_SHELL,
        account=found.id,
        password=_password(password_stdin),
        keep_keys=keep_keys,
    )
    click.echo(
        said(
            f"账号 {username} 的密码已设置，会话已结束，撤销了 {revoked} 个 API 密钥。",
            f"The password of {username} is set; its sessions have ended,"
            f" {revoked} API keys were revoked.",
        )
    )


@click.command("sign-out")
@click.argument("username")
def sign_out(username: str) -> None:
    """End all sessions of an account; its API keys go on working."""
    services.account_end_sessions(actor=NODE_AT_THE_SHELL, account=account_named(username).id)
    click.echo(said(f"账号 {username} 的会话已结束。", f"The sessions of {username} have ended."))


@click.command()
@click.argument("username")
def close(username: str) -> None:
    """Close an account: its sessions end and its keys stop working."""
    services.account_deactivate(actor=NODE_AT_THE_SHELL, account=account_named(username).id)
    click.echo(said(f"账号 {username} 已停用。", f"Account {username} is closed."))


@click.command("open")
@click.argument("username")
def open_again(username: str) -> None:
    """Open a closed account again."""
    services.account_activate(actor=NODE_AT_THE_SHELL, account=account_named(username).id)
    click.echo(said(f"账号 {username} 已启用。", f"Account {username} is open."))


@click.command("remove-codes")
@click.argument("username")
def remove_codes(username: str) -> None:
    """Stop asking for one-time codes, when the device is lost."""
    services.totp_remove(actor=NODE_AT_THE_SHELL, account=account_named(username).id)
    click.echo(
        said(
            f"账号 {username} 登录时不再需要动态验证码。",
            f"Account {username} signs in without one-time codes.",
        )
    )


@click.command("password-link")
@click.argument("username")
@as_json
def password_link(username: str, as_json: bool) -> None:
    """Give out an address at which the person sets a password; it works once, for seven days."""
    found = account_named(username)
    ticket = services.password_link_issue(actor=NODE_AT_THE_SHELL, account=found.id)
    address = settings.BASE_URL + reverse("portal:account-begin", args=[found.id, ticket])
    say(as_json, {"account": found.id, "address": address}, address)


@click.command("forget-attempts")
@click.option(
    "--days", required=True, type=click.IntRange(min=1), help="Keep those of so many days."
)
def forget_attempts(days: int) -> None:
    """Delete old attempts to sign in, which name addresses of people."""
    before = timezone.now() - timedelta(days=days)
    found = services.attempts_forget(actor=NODE_AT_THE_SHELL, before=before)
    click.echo(
        said(
            f"已删除 {days} 天以前的 {found} 次登录尝试。",
            f"{found} attempts older than {days} days are deleted.",
        )
    )


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt(said("密码", "Password"), hide_input=True, confirmation_prompt=True))


def _roles(memberships: Sequence[MembershipView]) -> Said:
    held = [held_in(one.role.value, one.organisation) for one in memberships]
    return Said("，".join(one.zh for one in held), ", ".join(one.en for one in held))
