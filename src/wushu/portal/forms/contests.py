"""Contests: announced, entered, won."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from wushu.opening.types import Award, ContestEntryView, ContestGiven, ContestView, ResultView
from wushu.parties.types import OrganisationView
from wushu.portal.forms.base import PortalForm, offer, offer_bodies
from wushu.portal.forms.results import slugs_of
from wushu.portal.requests import language


class ContestForm(PortalForm):
    """What an organiser announces."""

    refused_at: ClassVar[Mapping[str, str]] = {"result-datasets": "datasets"}
    body = forms.ChoiceField(label=_("Who holds it"))
    title_zh = forms.CharField(label=_("Title (Chinese)"), max_length=200)
    title_en = forms.CharField(label=_("Title (English)"), max_length=200, required=False)
    text_zh = forms.CharField(
        label=_("What is asked and offered (Chinese)"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    text_en = forms.CharField(
        label=_("The same in English"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    begins = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends = forms.DateField(
        label=_("Last day on which results are entered"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    datasets = forms.CharField(
        label=_("Datasets it is about"),
        help_text=_(
            "The addresses of their pages, or the names at their end, one on a line. None: "
            "results on any dataset can be entered."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocapitalize": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, *, bodies: Iterable[OrganisationView]) -> None:
        super().__init__(data)
        offer_bodies(self, bodies)

    def given(self) -> ContestGiven:
        """As the service takes it."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "body"}
        return ContestGiven(datasets=slugs_of(said.pop("datasets")), **said)


class ContestChangeForm(PortalForm):
    """What an announced contest says instead, and until when."""

    text_zh = forms.CharField(
        label=_("What is asked and offered (Chinese)"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    text_en = forms.CharField(
        label=_("The same in English"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    ends = forms.DateField(
        label=_("Last day on which results are entered"),
        help_text=_("It can only become later."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Why it is changed"), help_text=_("Everybody reads it."), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, contest: ContestView) -> None:
        super().__init__(data)
        self.initial = {name: getattr(contest, name) for name in ("text_zh", "text_en", "ends")}


class EnterForm(PortalForm):
    """Which of one's results is entered."""

    result = forms.ChoiceField(label=_("Your result"))

    def __init__(self, data: Any = None, *, results: Iterable[ResultView]) -> None:
        super().__init__(data)
        offer(self, "result", [(str(one.id), one.title(language())) for one in results])


class AwardForm(PortalForm):
    """What each result won, and why; left empty: nothing."""

    def __init__(self, data: Any = None, *, entries: Sequence[ContestEntryView]) -> None:
        super().__init__(data)
        self._results = [one.result for one in entries]
        for place, one in enumerate(self._results):
            title = one.title(language())
            self.fields[f"award{place}"] = forms.CharField(
                label=_("Award for “%(title)s”") % {"title": title}, max_length=100, required=False
            )
            self.fields[f"reason{place}"] = forms.CharField(
                label=_("Why “%(title)s” wins") % {"title": title}, max_length=4000,
                required=False, widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    def awards(self) -> list[Award]:
        """Those that won something."""
        said: list[tuple[UUID, str, str]] = [
            (one.id, self.cleaned_data[f"award{place}"], self.cleaned_data[f"reason{place}"])
            for place, one in enumerate(self._results)
        ]
        return [Award(*one) for one in said if one[1]]
