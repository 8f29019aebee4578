"""Needs for data: a call, what somebody writes into it, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wushu.catalog import selectors as catalog
from wushu.opening.types import NeedAnswer, NeedGiven, PlanView
from wushu.parties.types import OrganisationView
from wushu.portal.forms.base import PortalForm, offer
from wushu.portal.requests import language

_TEXT = {"rows": "4"}


def _long(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=5_000, widget=forms.Textarea(attrs=_TEXT)
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _bodies(bodies: Iterable[OrganisationView], none: str) -> list[tuple[str, str]]:
    return [("", none), *((str(one.id), one.name(language())) for one in bodies)]


class CallForm(PortalForm):
    """A call for needs."""

    division = forms.ChoiceField(label=_("Region"))
    title = forms.CharField(label=_("Title"), max_length=200)
    text = _long(_("What is asked"), _("Everybody can read it."))
    begins = _day(_("First day"))
    ends = _day(_("Last day"))

    def __init__(self, data: Any, divisions: Iterable[tuple[str, str]]) -> None:
        super().__init__(data, initial={"begins": timezone.localdate()})
        offer(self, "division", divisions)


class NeedForm(PortalForm):
    """What somebody needs."""

    title = forms.CharField(label=_("In one line"), max_length=200)
    data = _long(  # type: ignore[assignment]  # Django takes fields off the class
        _("Which data do you need?"),
        _("What each row would be, which columns, of which time, how often renewed."),
    )
    purpose = _long(
        _("What for?"), _("Everybody can read it. Write nothing that says who you are.")
    )
    body = forms.ChoiceField(
        label=_("Who holds the data, if you know"), required=False,
        help_text=_("You may leave it open; the data authority finds out."),
    )  # fmt: skip

    def __init__(self, data: Any, bodies: Iterable[OrganisationView]) -> None:
        super().__init__(data)
        offer(self, "body", _bodies(bodies, gettext("I do not know")))

    def given(self) -> NeedGiven:
        """What was written."""
        given = self.cleaned_data
        body = UUID(given["body"]) if given["body"] else None
        return NeedGiven(given["title"], given["data"], given["purpose"], body)


class LookForm(PortalForm):
    """Whether everybody may see a need."""

    published = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect,
        choices=[
            ("yes", _("Publish it: nothing in it says who somebody is")),
            ("no", _("Do not publish it")),
        ],
    )  # fmt: skip
    reasons = forms.CharField(
        label=_("Reasons"), required=False, max_length=5_000,
        help_text=_("For who wrote it, where it is not published."),
        widget=forms.Textarea(attrs=_TEXT),
    )  # fmt: skip


class HandOverForm(PortalForm):
    """Which body answers."""

    body = forms.ChoiceField(label=_("Body"))

    def __init__(self, data: Any, bodies: Iterable[OrganisationView], chosen: UUID | None) -> None:
        super().__init__(data, initial={"body": str(chosen) if chosen else ""})
        offer(self, "body", _bodies(bodies, gettext("choose")))


class AnswerForm(PortalForm):
    """What becomes of a need."""

    refused_at: ClassVar[Mapping[str, str]] = {"not-found": "dataset"}
    text = _long(_("Answer"), _("Everybody can read it."))
    dataset = forms.CharField(
        label=_("Dataset that meets it"), required=False, max_length=80,
        help_text=_("Its name in the address: what follows /datasets/."),
    )  # fmt: skip
    planned = forms.ChoiceField(label=_("Or the planned item that will"), required=False)

    def __init__(self, data: Any, plans: Iterable[PlanView]) -> None:
        super().__init__(data, auto_id="answer_%s")
        items = [
            (f"{one.year}/{item.item.key}", f"{one.year} · {item.item.title}")
            for one in plans
            for item in one.items
        ]
        offer(self, "planned", [("", gettext("none")), *items])

    def answer(self, body: UUID | None) -> NeedAnswer:
        """What was written; ``not-found`` for a dataset that is not there."""
        given = self.cleaned_data
        slug = given["dataset"].strip()
        year, _slash, item = given["planned"].partition("/")
        return NeedAnswer(
            given["text"], catalog.entry_by_slug(slug).id if slug else None,
            plan_body=body if item else None, plan_year=int(year or 0),
            plan_item=UUID(item) if item else None,
        )  # fmt: skip
