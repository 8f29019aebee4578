"""The search of the catalogue and its facets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from wushu.catalog.selectors import Freshness, Order
from wushu.catalog.types import Attribute, Facets, FacetValue
from wushu.portal.forms.base import PortalForm
from wushu.portal.labels import label
from wushu.portal.requests import language
from wushu.portal.text import grouped


class SearchForm(PortalForm):
    """What the reader asks of the catalogue; what cannot be read counts as not asked."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    theme = forms.CharField(label=_("Theme"), required=False, max_length=16, widget=forms.Select)
    body = forms.UUIDField(label=_("Opening body"), required=False, widget=forms.Select)
    attribute = forms.CharField(
        label=_("Opening attribute"), required=False, max_length=16, widget=forms.Select
    )
    format = forms.CharField(label=_("Format"), required=False, max_length=16, widget=forms.Select)
    frequency = forms.CharField(
        label=_("Update cycle"), required=False, max_length=16, widget=forms.Select
    )
    grouping = forms.CharField(
        label=_("Base or theme database"), required=False, max_length=80, widget=forms.Select
    )
    region = forms.CharField(label=_("Area"), required=False, max_length=12, widget=forms.Select)

    freshness = forms.CharField(
        label=_("Kept up to date"), required=False, max_length=16, widget=forms.Select
    )
    sort = forms.CharField(label=_("Order"), required=False, max_length=16, widget=forms.Select)

    def wanted(self) -> dict[str, Any]:
        """Arguments for ``catalog.selectors.entries``."""
        self.full_clean()
        asked = self.cleaned_data
        attribute = asked.get("attribute", "")
        body: UUID | None = asked.get("body")
        return {
            "query": asked.get("q", ""),
            "theme": asked.get("theme") or None,
            "body": body,
            "attribute": Attribute(attribute) if attribute in set(Attribute) else None,
            "format": asked.get("format") or None,
            "frequency": asked.get("frequency") or None,
            "region": asked.get("region") or None,
            "grouping": asked.get("grouping") or None,
        }

    def listing(self) -> dict[str, Any]:
        """Arguments for ``catalog.selectors.entries_sorted`` besides those of ``wanted``."""
        self.full_clean()
        order, freshness = (self.cleaned_data.get(name) for name in ("sort", "freshness"))
        return {
            "order": Order(order) if order in set(Order) else Order.NEWEST,
            "freshness": Freshness(freshness) if freshness in set(Freshness) else None,
        }

    def asked(self) -> dict[str, str]:
        """What was understood, as parameters of an address."""
        wanted = self.wanted()
        wanted["q"] = wanted.pop("query")
        return {name: str(value) for name, value in wanted.items() if value}

    has_groupings = False
    """Whether to offer base and theme databases: not where the region keeps none."""

    def offer(self, facets: Facets) -> None:
        """Offer what there is, with how often."""
        self.has_groupings = bool(facets.groupings)
        for name, values in (
            ("theme", facets.themes),
            ("body", facets.bodies),
            ("attribute", facets.attributes),
            ("format", facets.formats),
            ("frequency", facets.frequencies),
            ("region", facets.regions),
            ("grouping", facets.groupings),
        ):
            choices = [_choice(one, at_least=facets.at_least) for one in values]
            self.fields[name].widget.choices = [("", _("all")), *choices]
        self.fields["freshness"].widget.choices = [
            ("", _("all")),
            *((one.value, label(one)) for one in Freshness),
        ]
        self.fields["sort"].widget.choices = [
            ("", _("best match, else newest")),
            (Order.USED.value, _("most used")),
            (Order.WANTED.value, _("most wanted")),
        ]


def _choice(facet: FacetValue, *, at_least: bool) -> tuple[str, str]:
    sign = "≥ " if at_least else ""
    return facet.value, f"{facet.label(language())} ({sign}{grouped(facet.count)})"
