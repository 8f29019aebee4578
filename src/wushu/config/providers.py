"""The providers that the settings name: ``package.module:factory``, called once without arguments."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

from django.conf import settings

from wushu.parties.types import NoRealName, NoSms, RealNameProvider, SmsProvider


def sms() -> SmsProvider:
    """Of ``WUSHU_SMS_PROVIDER``, or the one that refuses; errors as ``made``."""
    found: SmsProvider = made(settings.SMS_PROVIDER) if settings.SMS_PROVIDER else NoSms()
    return found


def real_name() -> RealNameProvider:
    """Of ``WUSHU_REAL_NAME_PROVIDER``, or the one that refuses; errors as ``made``."""
    name = settings.REAL_NAME_PROVIDER
    found: RealNameProvider = made(name) if name else NoRealName()
    return found


@lru_cache(maxsize=8)
def made(name: str) -> Any:
    """What the factory gives. ``ValueError`` for another shape; ``ImportError``, ``AttributeError``."""
    module, colon, factory = name.partition(":")
    if not (module and colon and factory):
        raise ValueError(f"{name!r} is not package.module:factory")
    return getattr(import_module(module), factory)()
