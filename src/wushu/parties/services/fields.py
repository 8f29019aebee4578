"""Checks of single fields, as named refusals."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator, validate_email

from wushu.kernel.errors import INVALID_VALUE, Said
from wushu.parties.types import FIELD_EMPTY

NAME_ZH = Said("中文名称", "The Chinese name", "name_zh")
NAME_EN = Said("英文名称", "The English name", "name_en")
NAME = Said("姓名", "The name", "name")
KEY_NAME = Said("密钥名称", "The name of the key", "name")
PHONE = Said("电话", "The telephone number", "phone")
EMAIL = Said("电子邮箱", "The e-mail address", "email")
CONTACT_NAME = Said("联系人", "The contact", "contact_name")
CONTACT_PHONE = Said("联系电话", "The contact's telephone number", "contact_phone")
CONTACT_EMAIL = Said("联系邮箱", "The contact's e-mail address", "contact_email")
HOMEPAGE = Said("网站地址", "The homepage", "homepage")

NAME_LIMIT = 200
PERSON_NAME_LIMIT = 100
KEY_NAME_LIMIT = 100
PHONE_LIMIT = 40
URL_LIMIT = 200


def filled(field: Said, value: str, limit: int) -> str:
    """The text without blanks around it; ``field-empty`` when empty or over ``limit`` characters."""
    text = value.strip()
    if not text or len(text) > limit:
        raise FIELD_EMPTY(field=field, limit=limit)
    return text


def optional(field: Said, value: str, limit: int) -> str:
    """The same where nothing may stand."""
    return filled(field, value, limit) if value.strip() else ""


def email_address(field: Said, value: str) -> str:
    """An e-mail address or nothing; ``invalid-value``."""
    text = value.strip()
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise INVALID_VALUE(
                field=field,
                value=text,
                reason_zh="不是电子邮箱地址",
                reason_en="it is no e-mail address",
            ) from None
    return text


def homepage_url(value: str) -> str:
    """A web address or nothing; ``invalid-value``. Only http and https: pages link to it."""
    text = value.strip()
    if text:
        try:
            URLValidator(schemes=["http", "https"])(text)
            MaxLengthValidator(URL_LIMIT)(text)
        except ValidationError:
            raise INVALID_VALUE(
                field=HOMEPAGE,
                value=text,
                reason_zh=f"不是以 http 或 https 开头、不超过 {URL_LIMIT} 字的网址",
                reason_en=f"it is no address of http or https with at most {URL_LIMIT} characters",
            ) from None
    return text
