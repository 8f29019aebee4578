"""The reviewer's decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from wushu.catalog.types import ReviewDecision
from wushu.portal.forms.base import PortalForm


class ReviewForm(PortalForm):
    """List it, or return it with reasons."""

    refused_at: ClassVar[Mapping[str, str]] = {"reasons-missing": "reasons"}
    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            (ReviewDecision.LIST.value, _("List it: it is complete and may be opened as proposed")),
            (ReviewDecision.RETURN.value, _("Return it: something must be mended first")),
        ],
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("Reasons of a return"),
        help_text=_("List everything that must be mended, at once; the clerk reads exactly this."),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": "6"}),
    )
