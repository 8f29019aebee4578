"""Naming a catalogue of others, stopping it, searching what was read of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from wushu.harvest.types import SourceCount, SourceKind
from wushu.portal.forms.base import PortalForm, offer
from wushu.portal.labels import label
from wushu.portal.requests import language


class HarvestedForm(PortalForm):
    """What the reader asks of other catalogues."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    source = forms.CharField(
        label=_("Catalogue it comes from"), required=False, max_length=60, widget=forms.Select
    )

    def wanted(self) -> dict[str, str]:
        """Arguments for ``harvest.selectors.records``."""
        self.full_clean()
        asked = self.cleaned_data
        return {"query": asked.get("q", ""), "source": asked.get("source", "")}

    def offer(self, counts: Sequence[SourceCount]) -> None:
        """The sources with how many records of each fit."""
        choices = [("", str(_("all")))]
        choices += [(one.name, f"{one.title(language())} ({one.count})") for one in counts]
        select = self.fields["source"].widget
        assert isinstance(select, forms.Select)
        select.choices = choices


class SourceForm(PortalForm):
    """A catalogue to be harvested."""

    refused_at: ClassVar[dict[str, str]] = {
        "source-name-taken": "name",
        "outgoing-address-unusable": "url",
        "outgoing-network-refused": "url",
    }
    title_zh = forms.CharField(label=_("Chinese title"), max_length=200)
    title_en = forms.CharField(label=_("English title"), max_length=200, required=False)
    kind = forms.ChoiceField(
        label=_("Protocol"),
        choices=[],
        widget=forms.RadioSelect,
    )
    url = forms.CharField(
        label=_("Address"),
        help_text=_(
            "CKAN: the address of the portal. DCAT: the address of the catalogue's file. OAI-PMH: the "
            "base address of the interface."
        ),
        max_length=2048,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Short name"),
        help_text=_("In addresses and commands: small letters, digits and hyphens."),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    every_hours = forms.IntegerField(
        label=_("Hours between two readings"),
        min_value=1,
        max_value=744,
        initial=24,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    metadata_prefix = forms.CharField(
        label=_("Metadata format"),
        help_text=_("For OAI-PMH; empty: dcat_ap where there is one, else oai_dc."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    set = forms.CharField(
        label=_("Set"),
        help_text=_("For OAI-PMH; empty: everything."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Why these data are of use here. Everybody can read it. Name no person."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        offer(self, "kind", [(one.value, label(one)) for one in SourceKind])

    def proposed(self) -> dict[str, Any]:
        """Arguments for ``source_propose``."""
        given = dict(self.cleaned_data)
        given["kind"] = SourceKind(given["kind"])
        given["prefix"] = given.pop("metadata_prefix")
        return given


class StopForm(PortalForm):
    """Why a source is harvested no more."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
