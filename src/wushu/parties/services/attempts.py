"""Attempts to show a password: counted before they are checked, so that none races past the limit."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from wushu.kernel.errors import NOT_FOUND
from wushu.parties import passwords, rules, sealed
from wushu.parties.models import Account, SignIn
from wushu.parties.services.devices import known_device
from wushu.parties.types import PASSWORD_WRONG, Actor

_AT_THE_DESK = "at the desk"
"""Stands for the device of somebody signed in: whoever guesses at the door does not lock the desk."""


def require_password(account: UUID, password: str) -> None:
    """Refuse a wrong password of somebody signed in (``password-wrong``, ``sign-in-locked``).

    Counted like a sign-in, so that a stolen session cannot try passwords without end.
    """
    found = Account.objects.filter(pk=account).first()
    if found is None:
        raise NOT_FOUND(what=str(account))
    attempt = _begin(found.username, found, address=None, device=_AT_THE_DESK)
    if not passwords.matches(password, found.password).correct:
        raise PASSWORD_WRONG()
    attempt.succeeded = True
    attempt.save(update_fields=["succeeded"])


def attempts_forget(*, actor: Actor, before: datetime) -> int:
    """Delete attempts older than ``before``; the answer is how many. For the node only.

    They name addresses of people. How long they must and may be kept is the jurisdiction's rule.
    What still counts towards a lock stays. Refusal: ``node-only``.
    """
    rules.require_node(actor)
    counting = timezone.now() - timedelta(seconds=settings.SIGN_IN_LOCK_SECONDS)
    deleted, _ = SignIn.objects.filter(at__lt=min(before, counting)).delete()
    return deleted


def begin_attempt(
    username: str, account: Account | None, address: str | None, token: str = ""
) -> SignIn:
    """Count this attempt as failed, or refuse it when there were too many (``sign-in-locked``).

    ``token`` is the browser's device token. A browser that is known for the account has a count of
    its own, so that guesses of others do not lock it out; all others share those of username and
    address.
    """
    device = known_device(token, account, timezone.now())
    return _begin(username, account, address=address, device=device)


def note_sign_in(account: Account, address: str | None) -> None:
    """Keep, for the account's overview, that somebody signed in whose password was not asked."""
    block = rules.address_block(address)
    SignIn.objects.create(
        username_digest=_digest(account.username), account=account,
        address=address if block else None, block=block, at=timezone.now(), succeeded=True,
    )  # fmt: skip


def _digest(username: str) -> str:
    return rules.username_digest(username, sealed.derived_key(settings.SECRET_KEY, "username"))


def _begin(username: str, account: Account | None, *, address: str | None, device: str) -> SignIn:
    digest = _digest(username)
    block = rules.address_block(address)
    with transaction.atomic(durable=True):
        _wait_for_turn(digest, block)
        now = timezone.now()
        since = now - timedelta(seconds=settings.SIGN_IN_LOCK_SECONDS)
        tries = SignIn.objects.filter(at__gt=since, device=device)
        if device:
            _refuse_locked(tries.filter(username_digest=digest), settings.SIGN_IN_FAILURES)
        else:
            _refuse_locked_strangers(tries, digest, block)
        return SignIn.objects.create(
            username_digest=digest,
            account=account,
            address=address if block else None,
            block=block,
            device=device,
            at=now,
            succeeded=False,
        )


def _refuse_locked_strangers(tries: QuerySet[SignIn], digest: str, block: str) -> None:
    """Ask the three limits of browsers that are not known: pair, username, address."""
    of_name = tries.filter(username_digest=digest)
    _refuse_locked(of_name.filter(block=block), settings.SIGN_IN_FAILURES)
    _refuse_locked(
        of_name.filter(succeeded=False),
        settings.SIGN_IN_USERNAME_FAILURES,
        success_clears=False,
    )
    if block:
        _refuse_locked(
            tries.filter(block=block, succeeded=False),
            settings.SIGN_IN_ADDRESS_FAILURES,
            success_clears=False,
        )


def _refuse_locked(tries: QuerySet[SignIn], limit: int, *, success_clears: bool = True) -> None:
    # The newest `limit` rows decide: a success among them, or fewer of them, and nothing is locked.
    now = timezone.now()
    newest = list(tries.order_by("-at", "-id").values_list("at", "succeeded")[:limit])
    until = rules.locked_until(
        [rules.Attempt(at, succeeded) for at, succeeded in reversed(newest)],
        limit=limit,
        lock=timedelta(seconds=settings.SIGN_IN_LOCK_SECONDS),
        now=now,
        success_clears=success_clears,
    )
    if until is not None:
        raise rules.locked(until, now)


def _wait_for_turn(digest: str, block: str) -> None:
    """Let attempts on the same username or from the same address count one after the other.

    SQLite's transactions begin IMMEDIATE, one writer at a time; PostgreSQL needs a lock of its own
    since there may be no row yet to lock. Always username first: no two attempts wait in a circle,
    for a username's lock is never asked for by who holds an address's.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for name in (f"sign-in name {digest}", f"sign-in address {block}"):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
