"""Series and groupings: their words, what is put into them, why they end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushu.catalog.types import EntryView, GroupingKind, Words
from wushu.parties.types import OrganisationView
from wushu.portal.forms.base import PortalForm, offer, offer_bodies, slug_field
from wushu.portal.requests import language

KINDS = {
    GroupingKind.BASE: pgettext_lazy("grouping", "Base database"),
    GroupingKind.THEME: pgettext_lazy("grouping", "Theme database"),
}


def _text(label: Any, limit: int, *, rows: int = 0, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": str(rows)}) if rows else forms.TextInput
    return forms.CharField(label=label, required=required, max_length=limit, widget=widget)


class WordsForm(PortalForm):
    """What a series or a grouping is called, and what it is."""

    refused_at: ClassVar[Mapping[str, str]] = {
        "title-missing": "title_zh",
        "description-missing": "description_zh",
        "slug-wrong": "slug",
        "slug-taken": "slug",
    }
    title_zh = _text(_("Title (Chinese)"), 100, required=True)
    title_en = _text(_("Title (English)"), 100)
    description_zh = _text(_("Description (Chinese)"), 5_000, rows=3, required=True)
    description_en = _text(_("Description (English)"), 5_000, rows=3)

    @classmethod
    def of(cls, words: Words, data: Any) -> WordsForm:
        """The form filled with what stands."""
        names = ("title_zh", "title_en", "description_zh", "description_en")
        return cls(data, initial={name: getattr(words, name) for name in names})

    def words(self) -> Words:
        """What was written."""
        given = self.cleaned_data
        return Words(
            title_zh=given["title_zh"],
            title_en=given["title_en"],
            description_zh=given["description_zh"],
            description_en=given["description_en"],
        )


class SeriesForm(WordsForm):
    """A new series."""

    body = forms.ChoiceField(label=_("Opening body"))
    slug = slug_field()
    field_order = ("body", "title_zh", "title_en", "description_zh", "description_en", "slug")

    def __init__(self, data: Any, bodies: Iterable[OrganisationView]) -> None:
        super().__init__(data)
        offer_bodies(self, bodies)


class GroupingForm(WordsForm):
    """A new base or theme database."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind.value, words) for kind, words in KINDS.items()],
        widget=forms.RadioSelect,
    )
    slug = forms.CharField(
        label=_("Name in the address"),
        help_text=_("Lower-case letters, digits and hyphens."),
        max_length=80,
    )
    field_order = ("kind", "title_zh", "title_en", "description_zh", "description_en", "slug")


class MemberForm(PortalForm):
    """A dataset to put in, by its name in the address."""

    refused_at: ClassVar[Mapping[str, str]] = {
        "not-found": "entry",
        "entry-not-listed": "entry",
        "entry-of-another-body": "entry",
        "already-in-series": "entry",
        "reviewer-out-of-division": "entry",
    }
    entry = forms.CharField(
        label=_("Dataset"),
        help_text=_("Its name in the address: what follows /datasets/."),
        max_length=80,
    )


class SeriesMemberForm(MemberForm):
    """A dataset of the body, and the time it stands for."""

    refused_at: ClassVar[Mapping[str, str]] = {
        **MemberForm.refused_at,
        "series-period-wrong": "period",
        "series-period-taken": "period",
    }
    entry = forms.ChoiceField(label=_("Dataset"))  # type: ignore[assignment]
    period = forms.CharField(
        label=_("Period"), help_text=_("2024, 2024-H1, 2024-Q3 or 2024-05."), max_length=10
    )

    def __init__(self, data: Any, entries: Iterable[EntryView]) -> None:
        super().__init__(data)
        offer(self, "entry", [(one.slug, one.title(language())) for one in entries])


class EndForm(PortalForm):
    """Why a series ends."""

    refused_at: ClassVar[Mapping[str, str]] = {"reasons-missing": "reasons"}

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="end_%s")  # beside the decision, which has reasons too

    reasons = _text(_("Reason"), 2_000, rows=3, required=True)
