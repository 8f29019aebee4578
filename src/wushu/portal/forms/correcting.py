"""What was wrong with an earlier act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from wushu.portal.forms.base import PortalForm


class CorrectionForm(PortalForm):
    """Why, and what would have been right."""

    refused_at: ClassVar[Mapping[str, str]] = {"correction-reason-missing": "reason"}
    reason = forms.CharField(
        label=_("What was wrong"),
        help_text=_("Everybody can read it. Name no person."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    right = forms.CharField(
        label=_("What would have been right"),
        help_text=_("For example the right reason, basis or title; public too."),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
