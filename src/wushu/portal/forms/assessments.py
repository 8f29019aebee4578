"""Yearly assessments: begun, what a survey said, what a body comments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wushu.opening.types import BodyAssessed, Counted, IndicatorSystem
from wushu.parties.types import OrganisationView
from wushu.portal.forms.base import PortalForm, offer, offer_bodies
from wushu.portal.requests import language


class BeginForm(PortalForm):
    """Which place and which year."""

    division = forms.ChoiceField(label=_("Region"))
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(
        self, data: Any, divisions: Iterable[tuple[str, str]], years: Iterable[int]
    ) -> None:
        super().__init__(data)
        offer(self, "division", divisions)
        offer(self, "year", [(str(one), str(one)) for one in years])


class SurveyForm(PortalForm):
    """What a survey said of a body, with its source."""

    body = forms.ChoiceField(label=_("Body"))
    indicator = forms.ChoiceField(label=_("Indicator"))
    value = forms.FloatField(label=_("Result"))
    source = forms.CharField(
        label=_("Source"), help_text=_("Who asked whom, when, and how many. Everybody can read it."),
        max_length=500,
    )  # fmt: skip

    def __init__(self, data: Any, bodies: Iterable[BodyAssessed], system: IndicatorSystem) -> None:
        super().__init__(data)
        offer(self, "body", [(one.code, one.name(language())) for one in bodies])
        asked = [one for one in system.indicators if one.counts is Counted.SURVEY]
        offer(self, "indicator", [(one.id, one.label(language())) for one in asked])


class CommentForm(PortalForm):
    """What a body says to its figures."""

    body = forms.ChoiceField(label=_("Body"))
    text = forms.CharField(
        label=_("Comment"), help_text=_("It is published with the figures."), max_length=5_000,
        widget=forms.Textarea(attrs={"rows": "4"}),
    )  # fmt: skip

    def __init__(self, data: Any, bodies: Iterable[OrganisationView]) -> None:
        super().__init__(data, auto_id="comment_%s")
        offer_bodies(self, bodies)
