"""Signing in, and looking after one's own account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wushu.parties.selectors import SCOPES
from wushu.parties.types import Scope
from wushu.portal.forms.base import PortalForm


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


def _code() -> forms.CharField:
    return forms.CharField(
        label=_("One-time code"),
        help_text=_("The six digits your authenticator app shows now."),
        max_length=16,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "short",
            }
        ),
    )


class SignInForm(PortalForm):
    """First step: who, and the password."""

    username = forms.CharField(
        label=_("Username"),
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = _password(_("Password"), "current-password")


class SignInCodeForm(PortalForm):
    """Second step: the one-time code. ``ticket`` carries the first step, sealed."""

    refused_at: ClassVar[Mapping[str, str]] = {"sign-in-failed": "code"}
    ticket = forms.CharField(widget=forms.HiddenInput, max_length=4000)
    code = _code()


class PasswordForm(PortalForm):
    """A new password for oneself."""

    refused_at: ClassVar[Mapping[str, str]] = {
        "password-wrong": "current",
        "password-weak": "password",
    }
    current = _password(_("Present password"), "current-password")
    password = _password(
        _("New password"),
        "new-password",
        _("At least 10 characters. Several unrelated words are strong and easy to remember."),
    )
    again = _password(_("New password once more"), "new-password")

    def clean_again(self) -> str:
        """Both must agree: a password typed wrong twice is rare, once is not."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise ValidationError(gettext("This differs from the new password above."))
        return again


class PasswordAgainForm(PortalForm):
    """The present password, asked before something grave."""

    refused_at: ClassVar[Mapping[str, str]] = {"password-wrong": "current"}
    current = _password(_("Present password"), "current-password")


class TotpForm(PortalForm):
    """The first code of a new device."""

    refused_at: ClassVar[Mapping[str, str]] = {"totp-code-wrong": "code"}
    ticket = forms.CharField(widget=forms.HiddenInput, max_length=4000)
    code = _code()


class ApiKeyForm(PortalForm):
    """A key for one's own programs."""

    refused_at: ClassVar[Mapping[str, str]] = {
        "api-key-scopes": "scopes",
        "period-wrong": "days",
        "field-empty": "name",
    }
    name = forms.CharField(
        label=_("Name of the key"),
        help_text=_("What will use it, for example “nightly report”."),
        max_length=100,
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may be used for"),
        choices=lambda: [(scope.value, SCOPES[scope]) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.ChoiceField(
        label=_("Ends after"),
        choices=[
            ("30", _("30 days")),
            ("90", _("90 days")),
            ("365", _("one year")),
            ("", _("never, until it is revoked")),
        ],
        initial="365",
        required=False,
    )

    def expires_at(self) -> datetime | None:
        """End of the chosen day in the node's zone; None: it does not end by itself."""
        days = self.cleaned_data["days"]
        if not days:
            return None
        last = timezone.localdate() + timedelta(days=int(days))
        return timezone.make_aware(datetime.combine(last, time.max.replace(microsecond=0)))
