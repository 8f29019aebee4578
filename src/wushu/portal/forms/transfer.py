"""Who leaves which body, who takes over, from when on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wushu.portal.forms.base import PortalForm


class TransferForm(PortalForm):
    """An official leaves or moves."""

    refused_at: ClassVar[Mapping[str, str]] = {
        "successor-wrong": "successor",
        "successor-lacks-role": "successor",
        "successor-cannot-review": "successor",
        "nothing-to-transfer": "leaver",
    }
    organisation = forms.CharField(
        label=_("Credit code of the body"),
        help_text=_("Of the body that is left. What belongs to the body stays with it."),
        max_length=18,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    leaver = forms.CharField(
        label=_("Username of who leaves"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    successor = forms.CharField(
        label=_("Username of the colleague who takes over"),
        help_text=_("Somebody of the same body with the same roles."),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    last_day = forms.DateField(
        label=_("The last day"),
        help_text=_("Left empty, the roles end now."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is not public."),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )

    def moment(self) -> datetime | None:
        """The moment after the last day; None: now."""
        day = self.cleaned_data["last_day"]
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
