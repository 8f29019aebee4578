"""A spreadsheet to import; the first password of somebody who was imported."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wushu.kernel.errors import Refusal
from wushu.portal.forms.account import PasswordForm
from wushu.portal.forms.base import FileForm


class SheetForm(FileForm):
    """The file, and whether it was checked before."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("CSV in UTF-8 or GBK, or XLSX; at most 20 MB and 50,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    checked = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    download = forms.BooleanField(label=_("Give me the whole report as a CSV file"), required=False)

    def refuse(self, refusal: Refusal, at: str = "") -> None:
        """What is wrong with a file is said at the file."""
        super().refuse(refusal, at or "file")


class FirstPasswordForm(PasswordForm):
    """A password, set with a one-time link."""

    current = None  # type: ignore[assignment]  # there is none yet
    revoke = None  # type: ignore[assignment]  # a link revokes all keys
