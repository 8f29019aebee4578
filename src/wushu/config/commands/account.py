"""``wushu account``: organisations, people, accounts, roles and keys, by the node's administrator.

Whoever may run it on the node's host may read its database: it acts as the node itself, and the log
says so. Passwords are asked for or read from standard input, never taken from the command line,
where every user of the machine could read them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import click
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from wushu.config.saying import language, said
from wushu.kernel.errors import NOT_FOUND, Language, Said
from wushu.opening.services import staff_transfer
from wushu.parties import selectors, services
from wushu.parties.types import (
    NODE_AT_THE_SHELL,
    AccountView,
    AdministrativeLevel,
    ApiKeyView,
    MembershipView,
    OrganisationKind,
    OrganisationView,
    Role,
    Scope,
)

Command = Callable[..., None]

as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input's first line."
)
organisation_option = click.option(
    "--organisation", "code", default="", metavar="CODE",
    help="Unified social credit code of the organisation; without: the role is the person's own.",
)  # fmt: skip
role_option = click.option(
    "--role", required=True, type=click.Choice([r.value for r in Role]), help="The role."
)


def _say(as_json: bool, document: dict[str, Any], sentence: str) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, default=str) if as_json else sentence)


def _show(as_json: bool, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table, or with ``--json`` a list of objects, in English."""
    if as_json:
        found = [
            {name: _cell(cell, "en") for name, cell in zip(columns, row, strict=True)}
            for row in rows
        ]
        click.echo(json.dumps(found, ensure_ascii=False, default=str))
        return
    table = Table()
    for column in columns:
        table.add_column(
            said(_HEADINGS[column], column), overflow="fold"
        )  # an identifier cut short helps nobody
    for row in rows:
        table.add_row(*("" if cell is None else str(_cell(cell, language())) for cell in row))
    Console().print(table)


_HEADINGS = {
    "username": "用户名", "person": "姓名", "state": "状态", "one-time codes": "动态验证码",
    "roles": "角色", "id": "标识", "prefix": "前缀", "name": "名称", "scopes": "权限",
    "issued": "签发时间", "code": "统一社会信用代码", "kind": "类型", "division": "行政区划",
    "level": "层级",
}  # fmt: skip
"""Chinese headings of the tables; the English ones are the names in ``--json``."""


def _cell(cell: Any, wanted: Language) -> Any:
    return cell(wanted) if isinstance(cell, Said) else cell


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt(said("密码", "Password"), hide_input=True, confirmation_prompt=True))


def _account(username: str) -> AccountView:
    return selectors.account_by_username(username, actor=NODE_AT_THE_SHELL)


def _end_of(until: datetime | None) -> datetime | None:
    return None if until is None else timezone.make_aware(until)


@click.group()
def account() -> None:
    """Manage organisations, people, accounts, roles and API keys, as the node itself."""


@account.command()
@click.argument("username")
@click.option("--subject", required=True, help="The person's `sub` at the identity provider.")
def link(username: str, subject: str) -> None:
    """Let the identity provider sign somebody in to USERNAME (`WUSHU_OIDC_ISSUER`)."""
    found = _account(username)
    services.outside_link(actor=NODE_AT_THE_SHELL, account=found.id, subject=subject)
    click.echo(said(f"账号 {username} 已关联。", f"Account {username} is linked."))


@account.command()
@click.argument("username")
def unlink(username: str) -> None:
    """Take the link of USERNAME to the identity provider away; its sessions end."""
    found = _account(username)
    services.outside_unlink(actor=NODE_AT_THE_SHELL, account=found.id)
    click.echo(said(f"账号 {username} 已解除关联。", f"Account {username} is linked no more."))


@account.command()
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
        body = _organisation(code)
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
    _say(
        as_json,
        {"account": made, "person": person, "username": username},
        said(f"账号 {username} 已开通：{made}", f"Account {username} is open: {made}"),
    )


@account.command("list")
@as_json
def list_accounts(as_json: bool) -> None:
    """List accounts with their person, state and roles."""
    rows = [
        (
            one.username,
            one.person_name,
            Said("正常", "open") if one.is_active else Said("已停用", "closed"),
            Said("有", "yes") if one.has_totp else Said("无", "no"),
            _roles(_current(one.person)),
            one.id,
        )
        for one in selectors.accounts(actor=NODE_AT_THE_SHELL)
    ]
    _show(as_json, ("username", "person", "state", "one-time codes", "roles", "id"), rows)


@account.command()
@click.argument("username")
@password_stdin
@click.option("--keep-keys", is_flag=True, help="Let the account's API keys go on working.")
def password(username: str, password_stdin: bool, keep_keys: bool) -> None:
    """Set a new password; all sessions of the account end, and its API keys are revoked."""
    found = _account(username)
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


@account.command("sign-out")
@click.argument("username")
def sign_out(username: str) -> None:
    """End all sessions of an account; its API keys go on working."""
    services.account_end_sessions(actor=NODE_AT_THE_SHELL, account=_account(username).id)
    click.echo(said(f"账号 {username} 的会话已结束。", f"The sessions of {username} have ended."))


@account.command()
@click.argument("username")
def close(username: str) -> None:
    """Close an account: its sessions end and its keys stop working."""
    services.account_deactivate(actor=NODE_AT_THE_SHELL, account=_account(username).id)
    click.echo(said(f"账号 {username} 已停用。", f"Account {username} is closed."))


@account.command("open")
@click.argument("username")
def open_again(username: str) -> None:
    """Open a closed account again."""
    services.account_activate(actor=NODE_AT_THE_SHELL, account=_account(username).id)
    click.echo(said(f"账号 {username} 已启用。", f"Account {username} is open."))


@account.command("remove-codes")
@click.argument("username")
def remove_codes(username: str) -> None:
    """Stop asking for one-time codes, when the device is lost."""
    services.totp_remove(actor=NODE_AT_THE_SHELL, account=_account(username).id)
    click.echo(
        said(
            f"账号 {username} 登录时不再需要动态验证码。",
            f"Account {username} signs in without one-time codes.",
        )
    )


@account.command()
@click.argument("username")
@organisation_option
@role_option
@click.option("--until", type=click.DateTime(), help="When the role ends; without: not yet known.")
@as_json
def grant(username: str, code: str, role: str, until: datetime | None, as_json: bool) -> None:
    """Give the account's person a role in an organisation, or one of their own."""
    body = _organisation(code)
    made = services.membership_grant(
        actor=NODE_AT_THE_SHELL,
        person=_account(username).person,
        organisation=None if body is None else body.id,
        role=Role(role),
        valid_until=_end_of(until),
    )
    held = _held_in(role, body)
    _say(
        as_json,
        {"membership": made},
        said(f"{username} 担任 {held.zh}：{made}", f"{username} is {held.en}: {made}"),
    )


@account.command()
@click.argument("username")
@organisation_option
@role_option
def end(username: str, code: str, role: str) -> None:
    """End a role of the account's person in an organisation, or one of their own."""
    body = _organisation(code)
    held = [
        one
        for one in _current(_account(username).person)
        if one.organisation == body and one.role == role
    ]
    if not held:
        raise NOT_FOUND(what=f"{username} {role} {code}")
    for one in held:
        services.membership_end(actor=NODE_AT_THE_SHELL, membership=one.id)
    gone = _held_in(role, body)
    click.echo(said(f"{username} 不再担任 {gone.zh}。", f"{username} is no longer {gone.en}."))


@account.command()
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
        person=_account(username).person,
        organisation=selectors.organisation_by_code(code).id,
        successor=_account(successor).person,
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
        "dry_run": dry_run,
    }
    counts = len(done.entries), len(done.loads), len(done.reviews), len(done.corrections)
    sentence = said(
        "{0} 由 {1} 接替：草稿和提交 {2} 项，未装载的文件 {3} 个，待审核 {4} 项，待确认的更正 {5} 项",
        "{1} takes over from {0}: {2} drafts and submissions, {3} files, {4} reviews, {5} corrections",
    ).format(username, successor, *counts)
    _say(as_json, document, sentence + (said("（试运行）", " (dry run)") if dry_run else ""))


@account.command("password-link")
@click.argument("username")
@as_json
def password_link(username: str, as_json: bool) -> None:
    """Give out an address at which the person sets a password; it works once, for seven days."""
    found = _account(username)
    ticket = services.password_link_issue(actor=NODE_AT_THE_SHELL, account=found.id)
    address = settings.BASE_URL + reverse("portal:account-begin", args=[found.id, ticket])
    _say(as_json, {"account": found.id, "address": address}, address)


@account.command("forget-attempts")
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


@account.group()
def key() -> None:
    """Issue, list and revoke API keys of an account."""


@key.command("issue")
@click.argument("username")
@click.option("--name", required=True, help="What the key is for.")
@click.option(
    "--scope", "scopes", multiple=True, required=True,
    type=click.Choice([s.value for s in Scope]), help="What it may do. Repeatable.",
)  # fmt: skip
@click.option(
    "--days", type=click.IntRange(min=1), help="Days until it expires; default: WUSHU_API_KEY_DAYS."
)
@as_json
def key_issue(
    username: str, name: str, scopes: tuple[str, ...], days: int | None, as_json: bool
) -> None:
    """Issue a key. It is printed once and stored nowhere."""
    view, text = services.api_key_issue(
        actor=NODE_AT_THE_SHELL,
        account=_account(username).id,
        name=name,
        scopes=scopes,
        expires_at=None if days is None else timezone.now() + timedelta(days=days),
    )
    _say(as_json, {"key": text, "prefix": view.prefix, "id": view.id}, text)


@key.command("list")
@click.argument("username")
@as_json
def key_list(username: str, as_json: bool) -> None:
    """List the keys of an account, newest first."""
    keys = selectors.api_keys(actor=NODE_AT_THE_SHELL, account=_account(username).id)
    rows = [
        (one.prefix, one.name, " ".join(sorted(one.scopes)), one.created_at, _state(one))
        for one in keys
    ]
    _show(as_json, ("prefix", "name", "scopes", "issued", "state"), rows)


@key.command("revoke")
@click.argument("username")
@click.argument("prefix")
def key_revoke(username: str, prefix: str) -> None:
    """Revoke the key with this prefix (the part between the underscores)."""
    keys = selectors.api_keys(actor=NODE_AT_THE_SHELL, account=_account(username).id)
    found = next((one for one in keys if one.prefix == prefix), None)
    if found is None:
        raise NOT_FOUND(what=prefix)
    services.api_key_revoke(actor=NODE_AT_THE_SHELL, key=found.id)
    click.echo(said(f"密钥 {prefix} 已撤销。", f"Key {prefix} is revoked."))


@account.group()
def organisation() -> None:
    """Register and list organisations."""


@organisation.command("add")
@click.argument("code")
@click.option(
    "--kind", required=True, type=click.Choice([k.value for k in OrganisationKind]),
    help="What it is.",
)  # fmt: skip
@click.option("--name-zh", required=True, help="Name in Chinese.")
@click.option("--name-en", default="", help="Name in English.")
@click.option("--division", default="", help="Division code, GB/T 2260.")
@click.option(
    "--level", default="", type=click.Choice(["", *(v.value for v in AdministrativeLevel)]),
    help="Level of a department; follows from the division.",
)  # fmt: skip
@click.option("--contact-name", default="", help="Office or person that answers questions.")
@click.option("--contact-phone", default="", help="Its telephone number.")
@click.option("--contact-email", default="", help="Its e-mail address.")
@click.option("--homepage", default="", help="Address that begins with http or https.")
@as_json
def organisation_add(kind: str, as_json: bool, **fields: str) -> None:
    """Register an organisation under its unified social credit code."""
    made = services.organisation_register(
        actor=NODE_AT_THE_SHELL, kind=OrganisationKind(kind), **fields
    )
    _say(as_json, {"organisation": made.id, "code": made.code}, f"{made.name_zh}: {made.id}")


@organisation.command("list")
@click.option(
    "--kind", type=click.Choice([k.value for k in OrganisationKind]), help="Only this kind."
)
@as_json
def organisation_list(kind: str | None, as_json: bool) -> None:
    """List organisations by credit code."""
    found = selectors.organisations(OrganisationKind(kind) if kind else None)
    _show(as_json, ("code", "kind", "name", "division", "level", "id"), _rows(found))


def _rows(found: Sequence[OrganisationView]) -> list[tuple[Any, ...]]:
    return [(o.code, o.kind.value, o.name_zh, o.division, o.level, o.id) for o in found]


def _current(person: UUID) -> list[MembershipView]:
    now = timezone.now()
    held = selectors.memberships_of_person(person, actor=NODE_AT_THE_SHELL)
    return [one for one in held if one.valid_until is None or one.valid_until > now]


def _organisation(code: str) -> OrganisationView | None:
    return selectors.organisation_by_code(code) if code else None


def _roles(memberships: Sequence[MembershipView]) -> Said:
    held = [_held_in(one.role.value, one.organisation) for one in memberships]
    return Said("，".join(one.zh for one in held), ", ".join(one.en for one in held))


def _held_in(role: str, body: OrganisationView | None) -> Said:
    if body is None:
        return Said(role, role)
    return Said(f"{body.name_zh} {role}", f"{role} in {body.name('en')}")


def _state(view: ApiKeyView) -> Said:
    if view.revoked_at is not None:
        return Said(f"{view.revoked_at:%Y-%m-%d} 撤销", f"revoked {view.revoked_at:%Y-%m-%d}")
    if view.expires_at is None:
        return Said("有效", "valid")
    return Said(f"{view.expires_at:%Y-%m-%d} 到期", f"expires {view.expires_at:%Y-%m-%d}")
