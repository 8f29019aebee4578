"""Signing in: guesses are counted before they are checked, and everybody is answered alike.

In one step (``sign_in``), or in two for pages: ``sign_in_begin`` looks at the password,
``sign_in_finish`` at the one-time code. Between them the browser holds a *ticket*, sealed by the node,
that says whose password was right. No password leaves the server.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth import login, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from wushu.kernel.errors import Refusal
from wushu.parties import passwords, rules, sealed, selectors
from wushu.parties.models import Account, SignIn
from wushu.parties.services.accounts import locked_account, record_account
from wushu.parties.services.attempts import begin_attempt
from wushu.parties.services.totp import code_accepted
from wushu.parties.types import SIGN_IN_AGAIN, SIGN_IN_FAILED, TOTP_REQUIRED, SignInStep

_BACKEND = "wushu.parties.backends.AccountBackend"
_TICKET = "sign-in-ticket"


def sign_in(
    *, username: str, password: str, code: str = "", address: str | None = None, device: str = ""
) -> UUID:
    """The account with this username, password and (where set up) one-time code.

    ``address`` is the client's IP address, None on the command line; ``device`` what ``device_token``
    once gave this browser. Must not run inside a transaction: a failure has to stay counted
    (``RuntimeError`` otherwise). Refusals: ``sign-in-failed`` (whatever was wrong),
    ``sign-in-locked``, ``totp-required`` (the password was right, the code is missing),
    ``totp-unreadable``.
    """
    account, attempt, outdated = _password_right(username, password, address, device)
    if account.totp_secret:
        if not code.strip():
            attempt.delete()  # nothing was guessed: the form asked for one field less
            raise TOTP_REQUIRED()
        if not code_accepted(account, code, timezone.now()):
            raise SIGN_IN_FAILED()
    _succeeded(attempt)
    if outdated:
        _hash_again(account, password)
    return account.pk


def sign_in_begin(
    *, username: str, password: str, browser: str, address: str | None = None, device: str = ""
) -> SignInStep:
    """First step of two: the account, or the ticket with which its code is asked.

    ``browser`` is what only this browser holds (its CSRF cookie); the ticket is worth nothing in
    another. Counted and refused as ``sign_in``: ``sign-in-failed``, ``sign-in-locked``.
    """
    account, attempt, outdated = _password_right(username, password, address, device)
    if outdated:
        _hash_again(account, password)
        account.refresh_from_db()
    if account.totp_secret:
        attempt.delete()  # nothing was guessed yet: the code is counted when it comes
        return SignInStep(ticket=ticket_for(account, browser))
    _succeeded(attempt)
    return SignInStep(account=account.pk)


def sign_in_finish(
    *, ticket: str, code: str, browser: str, address: str | None = None, device: str = ""
) -> UUID:
    """Second step of two: the account whose ticket this is, if the code is right and new.

    A wrong code is a failed sign-in, counted before it is looked at. Refusals: ``sign-in-again``
    (the ticket is too old, of another browser or altered, or the account was closed, got another
    password or lost its codes since), ``sign-in-failed``, ``sign-in-locked``, ``totp-unreadable``.
    """
    account = _account_of(ticket, browser, timezone.now())
    attempt = begin_attempt(account.username, account, address, device)
    if not code_accepted(account, code, timezone.now()):
        raise SIGN_IN_FAILED()
    _succeeded(attempt)
    return account.pk


class _Right(NamedTuple):
    """A password that was right: whose, the attempt it is counted as, whether its hash is outdated."""

    account: Account
    attempt: SignIn
    outdated: bool


def _password_right(username: str, password: str, address: str | None, device: str) -> _Right:
    account = Account.objects.filter(username__in=_candidate(username)).first()
    attempt = begin_attempt(username, account, address, device)
    right = passwords.matches(password, account.password if account else "")
    if account is None or not right.correct or not account.is_active:
        raise SIGN_IN_FAILED()
    return _Right(account, attempt, right.outdated)


def _succeeded(attempt: SignIn) -> None:
    attempt.succeeded = True
    attempt.save(update_fields=["succeeded"])


def ticket_for(account: Account, browser: str) -> str:
    """What says, in this browser only, that the first step of a sign-in to the account was right."""
    content = {
        "account": str(account.pk),
        "password": account.get_session_auth_hash(),  # a MAC of its hash: it ends when that changes
        "begun": timezone.now().timestamp(),
    }
    return sealed.seal(json.dumps(content), purpose=_TICKET, owner=rules.opaque(browser))


def _account_of(ticket: str, browser: str, now: datetime) -> Account:
    content = sealed.unseal(ticket, purpose=_TICKET, owner=rules.opaque(browser))
    if content is None:
        raise SIGN_IN_AGAIN()
    step = json.loads(content)
    account = Account.objects.filter(pk=step["account"], is_active=True).first()
    if (
        account is None
        or not account.totp_secret
        or not constant_time_compare(step["password"], account.get_session_auth_hash())
        or now.timestamp() - step["begun"] > rules.TICKET_SECONDS
    ):
        raise SIGN_IN_AGAIN()
    return account


def _hash_again(account: Account, password: str) -> None:
    """Store the password at the present cost; only now is it known in clear."""
    with transaction.atomic():
        found = locked_account(account.pk)
        if found.password != account.password:
            return  # somebody set a new one in the meantime
        found.set_password(password)
        found.save()
        record_account("password-rehashed", selectors.actor_for_account(found.pk), found)


def session_begin(request: HttpRequest, account: UUID) -> None:
    """Attach the session to an account that has just signed in, under a new session key.

    The key changes always, so that a key somebody planted or copied before is worth nothing.
    """
    found = Account.objects.get(pk=account, is_active=True)
    login(request, found, backend=_BACKEND)
    request.session.cycle_key()


def session_keep(request: HttpRequest, account: UUID) -> None:
    """Keep this one session after its own person changed the password; all others end."""
    update_session_auth_hash(request, Account.objects.get(pk=account))


def _candidate(typed: str) -> list[str]:
    try:
        return [rules.username(typed)]
    except Refusal:
        return []
