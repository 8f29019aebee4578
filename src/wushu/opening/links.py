"""Links in mails: signed with the node's secret, so that nobody can make one for another's address."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from wushu.opening import rules

_CONFIRM = "wushu.opening.confirm"
_END = "wushu.opening.end"


def confirm_link(subscription: UUID) -> str:
    """Address of the page that asks whether the notices are welcome."""
    return _link("portal:subscription-confirm", signing.dumps(subscription.hex, salt=_CONFIRM))


def end_link(subscription: UUID) -> str:
    """Address that ends the subscription; it works as long as there is something to end."""
    return _link("portal:subscription-end-by-link", signing.dumps(subscription.hex, salt=_END))


def read_confirm(token: str) -> UUID | None:
    """The subscription a link to confirm is for; None when it is made up or too old."""
    return _read(token, _CONFIRM, timedelta(hours=rules.CONFIRM_HOURS))


def read_end(token: str) -> UUID | None:
    """The subscription a link to end is for; None when it is made up."""
    return _read(token, _END, None)


def _read(token: str, salt: str, age: timedelta | None) -> UUID | None:
    try:
        return UUID(signing.loads(token, salt=salt, max_age=age))
    except (signing.BadSignature, ValueError):
        return None


def _link(route: str, token: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):  # the page itself offers the other language
        return f"{settings.BASE_URL}{reverse(route, args=[token])}"
