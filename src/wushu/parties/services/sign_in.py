"""Signing in: guesses are counted before they are checked, and everybody is answered alike."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth import login, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from wushu.kernel.errors import Refusal
from wushu.parties import passwords, rules, selectors
from wushu.parties.models import Account
from wushu.parties.services.accounts import locked_account, record_account
from wushu.parties.services.attempts import begin_attempt
from wushu.parties.services.totp import code_accepted
from wushu.parties.types import SIGN_IN_FAILED, TOTP_REQUIRED

_BACKEND = "wushu.parties.backends.AccountBackend"


def sign_in(*, username: str, password: str, code: str = "", address: str | None = None) -> UUID:
    """The account with this username, password and (where set up) one-time code.

    ``address`` is the client's IP address, None on the command line. Must not run inside a
    transaction: a failure has to stay counted (``RuntimeError`` otherwise). Refusals:
    ``sign-in-failed`` (whatever was wrong), ``sign-in-locked``, ``totp-required`` (the password
    was right, the code is missing), ``totp-unreadable``.
    """
    account = Account.objects.filter(username__in=_candidate(username)).first()
    attempt = begin_attempt(username, account, address)
    right = passwords.matches(password, account.password if account else "")
    if account is None or not right.correct or not account.is_active:
        raise SIGN_IN_FAILED()
    if account.totp_secret:
        if not code.strip():
            attempt.delete()  # nothing was guessed: the form asked for one field less
            raise TOTP_REQUIRED()
        if not code_accepted(account, code, timezone.now()):
            raise SIGN_IN_FAILED()
    attempt.succeeded = True
    attempt.save(update_fields=["succeeded"])
    if right.outdated:
        _hash_again(account, password)
    return account.pk


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
