"""Accounts: opening, closing, passwords."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from wushu.kernel import acts
from wushu.kernel.errors import NOT_FOUND
from wushu.parties import rules, selectors
from wushu.parties.models import Account
from wushu.parties.services.attempts import require_password
from wushu.parties.services.keys import revoke_live_keys
from wushu.parties.services.people import locked_person
from wushu.parties.types import PASSWORD_WEAK, USERNAME_TAKEN, Actor, account_urn


def account_create(*, actor: Actor, username: str, password: str | None, person: UUID) -> UUID:
    """Open an account for a person; the answer is its id.

    ``password`` None: nobody signs in until a link to set one is used. For who manages the person.
    Refusals: ``not-found``, ``not-governing``, ``role-above-operator``, ``username-shape``,
    ``username-taken``, ``password-weak``.
    """
    account = Account(
        username=rules.username(username), person_id=person, created_at=timezone.now()
    )
    with transaction.atomic():
        locked_person(person)
        rules.require_managing(actor, selectors.roles_to_manage(person, timezone.now()))
        if password is None:
            account.set_password(None)
        else:
            set_checked_password(account, password)
        try:
            with transaction.atomic():
                account.save(force_insert=True)
        except IntegrityError:
            if not Account.objects.filter(username=account.username).exists():
                raise
            raise USERNAME_TAKEN() from None
        record_account("created", actor, account)
    return account.pk


def account_set_password(
    *, actor: Actor, account: UUID, password: str, current: str = "", keep_keys: bool = False
) -> int:
    """Set a new password; all sessions of the account end, and so do its API keys.

    Who changes a password often does so because somebody else had it, and that somebody may have
    issued a key; ``keep_keys`` lets them live. Returns how many were revoked. One's own needs the
    ``current`` password; who manages the person, and the node, set it without. Refusals: ``not-found``,
    ``not-governing``, ``role-above-operator``, ``password-wrong``, ``sign-in-locked``,
    ``password-weak``.
    """
    if rules.is_own(actor, account):
        require_password(account, current)
    with transaction.atomic():
        found = locked_account(account)
        if not rules.is_own(actor, account):
            require_managing_account(actor, found)
        set_checked_password(found, password)
        found.save()
        record_account("password-set", actor, found)
        return 0 if keep_keys else revoke_live_keys(actor, found, timezone.now())


def account_end_sessions(*, actor: Actor, account: UUID) -> None:
    """End all sessions of an account; whoever holds its cookie must sign in again.

    For the account's own person and who manages them. Refusals: ``not-found``, ``not-governing``,
    ``role-above-operator``.
    """
    with transaction.atomic():
        found = locked_account(account)
        if not rules.is_own(actor, account):
            require_managing_account(actor, found)
        found.session_epoch += 1
        found.save()
        record_account("sessions-ended", actor, found)


def account_deactivate(*, actor: Actor, account: UUID) -> None:
    """Close an account: its sessions end and its keys stop working, until it is opened again.

    For the account's own person and who manages them. Refusals: ``not-found``, ``not-governing``,
    ``role-above-operator``.
    """
    with transaction.atomic():
        found = locked_account(account)
        if not rules.is_own(actor, account):
            require_managing_account(actor, found)
        found.is_active = False
        found.session_epoch += 1  # opened again, the account does not revive them
        found.save()
        record_account("deactivated", actor, found)


def account_activate(*, actor: Actor, account: UUID) -> None:
    """Open a closed account again; its unexpired keys work again.

    For who manages the person. Refusals: ``not-found``, ``not-governing``, ``role-above-operator``.
    """
    with transaction.atomic():
        found = locked_account(account)
        require_managing_account(actor, found)
        found.is_active = True
        found.save()
        record_account("activated", actor, found)


def locked_account(account: UUID) -> Account:
    """The account's row, locked until the transaction ends; ``not-found``."""
    found = Account.objects.select_for_update().filter(pk=account).first()
    if found is None:
        raise NOT_FOUND(what=str(account))
    return found


def require_managing_account(actor: Actor, account: Account) -> None:
    """Refuse whoever does not manage the account's person."""
    rules.require_managing(actor, selectors.roles_to_manage(account.person_id, timezone.now()))


def record_account(verb: str, actor: Actor, account: Account) -> None:
    """Record an act on an account; its username is its person's and stays out of the log."""
    acts.record(
        f"parties.account.{verb}",
        actor=actor,
        subject=account_urn(account.pk),
        data={"person": f"urn:uuid:{account.person_id}"},
        rows=[account],
    )


def set_checked_password(account: Account, password: str) -> None:
    """Put a password into an account that the caller saves; ``password-weak``."""
    require_strong(account, password)
    account.set_password(password)


def require_strong(account: Account, password: str) -> None:
    """Refuse a password that is too easy for this account (``password-weak``)."""
    if len(password) > rules.PASSWORD_MAX_CHARACTERS:
        limit = rules.PASSWORD_MAX_CHARACTERS
        raise PASSWORD_WEAK(
            reason_zh=f"超过 {limit} 个字符。", reason_en=f"it has more than {limit} characters."
        )
    try:
        validate_password(rules.password_text(password), account)
    except ValidationError as error:
        said = [_weakness(one) for one in error.error_list]
        raise PASSWORD_WEAK(
            reason_zh="".join(zh for zh, _ in said), reason_en=" ".join(en for _, en in said)
        ) from None


_WEAKNESSES = {
    "password_too_short": ("少于 {min_length} 个字符。", "fewer than {min_length} characters."),
    "password_too_common": ("太常见。", "too common."),
    "password_too_similar": ("与用户名太相似。", "too similar to the username."),
}
"""Django's own sentences are in one language, the one active when they are made."""


def _weakness(error: ValidationError) -> tuple[str, str]:
    """What is weak, in Chinese and English; of a validator we do not know, its own words."""
    if error.code not in _WEAKNESSES:
        words = " ".join(error.messages)
        return words, words
    zh, en = (text.format_map(error.params or {}) for text in _WEAKNESSES[error.code])
    return zh, en
