"""Django's way to our accounts: ``request.user`` and nothing of its permissions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from wushu.kernel.errors import Refusal
from wushu.parties.models import Account


class AccountBackend(BaseBackend):
    """Signs in through ``services.sign_in``, with its lock-out and one-time codes."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str = "",
        password: str = "",
        code: str = "",
        **credentials: Any,
    ) -> Account | None:
        """The account, or None; pages call ``services.sign_in`` itself to say why not."""
        from wushu.parties.services import sign_in  # noqa: PLC0415  (models load before services)

        address = request.META.get("REMOTE_ADDR") if request is not None else None
        try:
            found = sign_in(username=username, password=password, code=code, address=address)
        except Refusal:
            return None
        return self.get_user(found)

    def get_user(self, user_id: UUID | str) -> Account | None:
        """The account of a session, if it is still open; closing it ends its sessions."""
        return Account.objects.filter(pk=user_id, is_active=True).first()
