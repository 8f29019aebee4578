"""Addresses notices go to: judged before they are kept, and kept so that nobody reads them by chance."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import salted_hmac

from wushu.kernel.errors import Refusal
from wushu.opening.models import Subscription
from wushu.opening.refusals import ADDRESS_WRONG, CHANNEL_OFF
from wushu.opening.rules import CHANNEL_WORDS, one_line
from wushu.opening.types import Channel
from wushu.parties import selectors as parties

_FOR_ADDRESS = "notice-address"
_FOR_SIGNING = "notice-signing"
MAIL_LENGTH = 254
"""Characters of a mail address (RFC 5321)."""


def channels() -> tuple[Channel, ...]:
    """What this node can send by: mail needs a server and a sender's address."""
    mail = settings.EMAIL_HOST and settings.DEFAULT_FROM_EMAIL
    return (Channel.MAIL, Channel.WEBHOOK) if mail else (Channel.WEBHOOK,)


def require_usable(channel: Channel, address: str) -> str:
    """The address as it is kept; refusals ``channel-off``, ``address-wrong``."""
    if channel not in channels():
        channel_zh, channel_en = CHANNEL_WORDS[channel]
        raise CHANNEL_OFF(channel_zh=channel_zh, channel_en=channel_en)
    address = address.strip()
    return _mail(address) if channel is Channel.MAIL else _web(address)


def _mail(address: str) -> str:
    try:
        validate_email(address)
        if len(address) > MAIL_LENGTH or not address.isascii():
            raise ValidationError("length")
    except ValidationError:
        raise _wrong(address, "不是邮箱地址", "it is no mail address") from None
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def _web(address: str) -> str:
    try:
        target = settings.OUTGOING.accept(address)
    except Refusal as refusal:
        raise _wrong(address, refusal.sentence("zh"), refusal.sentence("en")) from refusal
    if target.scheme != "https" and not settings.WEBHOOK_HTTP:
        raise _wrong(address, "必须以 https:// 开头", "it must begin with https://")
    return str(target.url)


def _wrong(address: str, reason_zh: str, reason_en: str) -> Refusal:
    return ADDRESS_WRONG(
        field="address", address=one_line(address, 200),
        reason_zh=reason_zh.rstrip("。"), reason_en=reason_en.rstrip("."),
    )  # fmt: skip


def digest(channel: Channel, address: str) -> str:
    """By which the same address is found again without reading any.

    A mailbox is the same however its letters are written; in a web address they make another one.
    """
    same = address.casefold() if channel is Channel.MAIL else address
    return salted_hmac("wushu.opening.address", same, algorithm="sha256").hexdigest()


def seal_address(subscription: UUID, address: str) -> str:
    """Encrypted, for this subscription only."""
    return parties.seal(address, purpose=_FOR_ADDRESS, owner=str(subscription))


def address_of(row: Subscription) -> str | None:
    """The address; None when the node's key was lost."""
    return parties.unseal(row.address, purpose=_FOR_ADDRESS, owner=str(row.pk))


def seal_secret(subscription: UUID, secret: str) -> str:
    """Encrypted, for this subscription only."""
    return parties.seal(secret, purpose=_FOR_SIGNING, owner=str(subscription))


def secret_of(row: Subscription) -> str | None:
    """The secret of the signatures; None when the node's key was lost."""
    return parties.unseal(row.secret, purpose=_FOR_SIGNING, owner=str(row.pk))


def challenge_of(secret: str, message: str) -> str:
    """What a receiver must give back: it is made from the secret, so that nothing need be kept."""
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
