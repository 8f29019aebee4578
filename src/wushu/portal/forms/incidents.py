"""What the operator tells the public of the node."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wushu.opening import selectors as opening
from wushu.opening.types import Component, IncidentStage
from wushu.portal.forms.base import PortalForm, named

_TEXT = {"rows": 4}


class _WordForm(PortalForm):
    """What is said to everybody."""

    text_zh = forms.CharField(
        label=_("What to say (Chinese)"),
        help_text=_("Everybody can read it. Name no people and no addresses."),
        max_length=4000,
        widget=forms.Textarea(attrs=_TEXT),
    )
    text_en = forms.CharField(
        label=_("What to say (English)"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs=_TEXT),
    )


class IncidentUpdateForm(_WordForm):
    """How far it is; the stage “over” ends the incident."""

    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=lambda: [(one.value, named(opening.STAGES, one)) for one in IncidentStage],
    )
    field_order = ("stage",)

    def chosen(self) -> IncidentStage:
        """The stage chosen."""
        return IncidentStage(self.cleaned_data["stage"])


class IncidentForm(_WordForm):
    """A new incident."""

    title_zh = forms.CharField(label=_("Title (Chinese)"), max_length=200)
    title_en = forms.CharField(label=_("Title (English)"), max_length=200, required=False)
    components = forms.MultipleChoiceField(
        label=_("Parts touched"),
        choices=lambda: [(one.value, named(opening.COMPONENTS, one)) for one in Component],
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("title_zh", "title_en", "components")

    def touched(self) -> list[Component]:
        """The parts chosen."""
        return [Component(one) for one in self.cleaned_data["components"]]
