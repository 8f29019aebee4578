"""Signing in, and looking after one's own account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wushu.parties.selectors import SCOPES
from wushu.parties.types import Scope
from wushu.portal.forms.base import PortalForm

_YEAR = 365


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


def _days(days: int) -> str:
    if days == _YEAR:
        return gettext("one year")
    return gettext("%(days)s days") % {"days": days}


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


class OutsideLinkForm(PortalForm):
    """One's password, to link the identity that ``ticket`` carries, sealed."""

    refused_at: ClassVar[Mapping[str, str]] = {"password-wrong": "current"}
    ticket = forms.CharField(widget=forms.HiddenInput, max_length=4000)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=300, required=False)
    current = _password(_("Your password"), "current-password")


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
    revoke = forms.BooleanField(
        label=_("Revoke all my API keys"),
        help_text=_(
            "Whoever knew the old password may have issued one. Programs need new keys then."
        ),
        initial=True,
        required=False,
    )

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
        "password-wrong": "current",
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
    days = forms.TypedChoiceField(
        label=_("Ends after"),
        choices=lambda: [(days, _days(days)) for days in sorted({30, 90, settings.API_KEY_DAYS})],
        coerce=int,
        initial=lambda: settings.API_KEY_DAYS,
    )
    current = _password(
        _("Present password"),
        "current-password",
        _("Asked once more, so that nobody issues a key on a screen you left open."),
    )

    def expires_at(self) -> datetime:
        """End of the chosen day in the node's zone."""
        last = timezone.localdate() + timedelta(days=self.cleaned_data["days"])
        return timezone.make_aware(datetime.combine(last, time.max.replace(microsecond=0)))
