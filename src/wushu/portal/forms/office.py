"""What an office's cases are narrowed to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushu.casework import selectors as casework
from wushu.casework.selectors import OfficeFilter
from wushu.parties import selectors as parties
from wushu.parties.types import OrganisationKind
from wushu.portal.forms.base import PortalForm, offer
from wushu.portal.requests import language

_OPEN = {"open": True, "closed": False}


class OfficeForm(PortalForm):
    """What cannot be read counts as not asked."""

    procedure = forms.ChoiceField(label=_("What for"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    body = forms.UUIDField(label=_("Opening body"), required=False, widget=forms.Select)
    number = forms.CharField(label=_("Case number"), required=False, max_length=40)
    overdue = forms.BooleanField(label=_("only what is overdue"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        everything = ("", _("all"))
        procedures = casework.procedures_known(hidden=True)
        offer(
            self, "procedure",
            [everything, *((key, words(language())) for key, words in procedures)],
        )  # fmt: skip
        offer(
            self, "state",
            [everything, ("open", pgettext_lazy("case", "open")),
             ("closed", pgettext_lazy("case", "ended"))],
        )  # fmt: skip
        bodies = parties.organisations(OrganisationKind.DEPARTMENT)
        self.fields["body"].widget.choices = [
            everything, *((str(one.id), one.name(language())) for one in bodies)
        ]  # fmt: skip

    def wanted(self) -> OfficeFilter:
        """The filter for ``casework.selectors.office_page``."""
        self.full_clean()
        asked = self.cleaned_data
        return OfficeFilter(
            procedure=asked.get("procedure", ""), body=asked.get("body"),
            number=asked.get("number", ""), is_open=_OPEN.get(asked.get("state", "")),
            overdue=asked.get("overdue", False),
        )  # fmt: skip

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked."""
        return self.wanted() != OfficeFilter()
