"""What pages call kinds and confidences, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wushu.privacy.types import Confidence, Kind

KINDS: Mapping[Kind, Promise] = MappingProxyType(
    {
        Kind.RESIDENT_ID: _("resident identity number"),
        Kind.RESIDENT_ID_15: _("resident identity number (15 digits)"),
        Kind.MOBILE: _("mobile phone number"),
        Kind.BANK_CARD: _("bank card number"),
        Kind.PLATE: _("vehicle plate number"),
        Kind.EMAIL: _("e-mail address"),
        Kind.PERSON_NAME: _("name of a person"),
        Kind.CREDIT_CODE: _("unified social credit code"),
    }
)
CONFIDENCES: Mapping[Confidence, Promise] = MappingProxyType(
    {
        Confidence.LOW: _("may be chance"),
        Confidence.MEDIUM: _("likely"),
        Confidence.HIGH: _("almost certain"),
    }
)
