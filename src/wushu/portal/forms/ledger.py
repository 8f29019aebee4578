"""The ledger's choices, the decision on a source, and who within a body answers for a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute, DutyView, EntryState, SharedItem
from wushu.parties import selectors as parties
from wushu.parties.types import OrganisationKind
from wushu.portal.forms.base import PortalForm, offer
from wushu.portal.requests import language


class LedgerForm(PortalForm):
    """What of the ledger is shown; what cannot be read counts as not asked."""

    body = forms.UUIDField(label=_("Opening body"), required=False, widget=forms.Select)
    attribute = forms.ChoiceField(label=_("Opening attribute"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        everything = ("", _("all"))
        bodies = parties.organisations(OrganisationKind.DEPARTMENT)
        self.fields["body"].widget.choices = [
            everything, *((str(one.id), one.name(language())) for one in bodies)
        ]  # fmt: skip
        for name, table in (("attribute", catalog.ATTRIBUTES), ("state", catalog.ENTRY_STATES)):
            offer(self, name, [everything, *((one.value, words) for one, words in table.items())])

    def wanted(self) -> dict[str, Any]:
        """Arguments for ``catalog.selectors.ledger``."""
        self.full_clean()
        asked = self.cleaned_data
        return {
            "body": asked.get("body"),
            "attribute": Attribute(asked["attribute"]) if asked.get("attribute") else None,
            "state": EntryState(asked["state"]) if asked.get("state") else None,
        }

    def asked(self) -> dict[str, str]:
        """What was understood, as parameters of an address."""
        return {name: str(value) for name, value in self.wanted().items() if value}


class SourceForm(PortalForm):
    """Which body is the source of an item, and why."""

    refused_at: ClassVar[Mapping[str, str]] = {"reasons-missing": "reason"}
    choice = forms.ChoiceField(label=_("Data item and its source"))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Which duty of the body makes it the source."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )

    def __init__(self, data: Any, found: Sequence[SharedItem]) -> None:
        super().__init__(data)
        offer(
            self, "choice",
            [(item.name, [(f"{item.key}@{one.body}", f"{item.name} ← {one.name(language())}")
                          for one in item.holders])
             for item in found],
        )  # fmt: skip


class DutyForm(PortalForm):
    """Unit and source system."""

    unit = forms.CharField(
        label=_("Responsible unit"),
        help_text=_("The unit of the body that answers for the data. Officials read it."),
        required=False,
        max_length=100,
    )
    source_system = forms.CharField(
        label=_("Source system"),
        help_text=_("The system in which the data come about. Officials read it."),
        required=False,
        max_length=200,
    )

    @classmethod
    def of(cls, duty: DutyView, data: Any) -> DutyForm:
        """The form filled with what stands."""
        return cls(data, initial={"unit": duty.unit, "source_system": duty.source_system})


class DerivationForm(PortalForm):
    """A dataset that this one was made from."""

    refused_at: ClassVar[Mapping[str, str]] = {
        "not-found": "source",
        "entry-not-listed": "source",
        "derived-from-itself": "source",
        "derivation-known": "source",
    }
    source = forms.CharField(
        label=_("Source dataset"),
        help_text=_("Its name in the address: what follows /datasets/."),
        max_length=80,
    )
