"""A program that is handed in, and an official's decision on its result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from wushu.portal.forms.base import PortalForm

_OF_THE_PROGRAM = (
    "program-empty", "program-too-long", "program-not-understood", "program-not-one-statement",
    "program-not-a-query", "program-other-table", "program-function-refused",
)  # fmt: skip


class ProgramForm(PortalForm):
    """A program for the table ``data``."""

    refused_at: ClassVar[Mapping[str, str]] = dict.fromkeys(_OF_THE_PROGRAM, "program")
    program = forms.CharField(
        label=_("Program"),
        help_text=_("One SELECT in DuckDB's SQL over the table “data”."),
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 10, "autocapitalize": "off", "spellcheck": "false", "class": "code"}
        ),
    )  # fmt: skip


class ReleaseForm(PortalForm):
    """Let a result out, or keep it in; either way with a reason."""

    refused_at: ClassVar[Mapping[str, str]] = {"reason-missing": "reason"}
    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            ("release", _("Release it: who submitted the program may download the result")),
            ("withhold", _("Withhold it: the result is erased")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("What you looked at, and why. Who submitted the program reads exactly this."),
        max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
