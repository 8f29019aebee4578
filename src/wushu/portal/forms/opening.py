"""Suspending, opening again, taking down; writing and revoking a grant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushu.catalog.types import EntryAct, FieldSpec
from wushu.dataplane import selectors as dataplane
from wushu.dataplane.types import Delivery, GranteeKind
from wushu.parties import selectors as parties
from wushu.portal.forms.base import PortalForm
from wushu.portal.forms.per_item import PerItemField, PerItemWidget
from wushu.portal.requests import language

Words = str | Promise


@dataclass(frozen=True, slots=True)
class ClosingWords:
    """What the page of one act says."""

    heading: Words
    intro: Words
    button: Words
    done: Words


CLOSING: Mapping[EntryAct, ClosingWords] = MappingProxyType(
    {
        EntryAct.SEAL: ClosingWords(
            _("Seal it"),
            _(
                "Opening stops at once, for everybody and in running downloads too, until it is "
                "decided (article 12). Nothing is lost; another person of the data authority can "
                "restore it."
            ),
            _("Seal it now"),
            _("Sealed. Nobody reads it now."),
        ),
        EntryAct.RESTORE: ClosingWords(
            _("Restore it"),
            _(
                "It is opened again exactly as it was listed, with the grants that still run. If "
                "something must change first, the body submits a new revision instead."
            ),
            _("Restore it now"),
            _("Restored. It is open as it was listed."),
        ),
        EntryAct.WITHDRAW: ClosingWords(
            _("Withdraw it"),
            _(
                "It is taken down for good and cannot be brought back. If it was ever listed, its "
                "page stays and says when, why and on what basis."
            ),
            _("Withdraw it for good"),
            _("Withdrawn."),
        ),
    }
)


_COMPARISONS = {
    op: words for op, words in dataplane.OP_WORDS.items() if op is not dataplane.Op.NULL
}


_ROWS = "rows"
"""In the form's place of ``Delivery.ROWS``, which is empty."""


class CloseForm(PortalForm):
    """Why, and on what basis."""

    refused_at: ClassVar[Mapping[str, str]] = {"closing-reason-missing": "basis"}
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Everybody can read it. Name no person."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    basis = forms.CharField(
        label=_("Basis"),
        help_text=_("The provision or decision it rests on; public too."),
        required=False,
        max_length=500,
    )


class GrantForm(PortalForm):
    """Who may read which columns, for what, until when."""

    refused_at: ClassVar[Mapping[str, str]] = {
        "grant-to-oneself": "grantee",
        "grantee-wrong": "grantee",
        "grant-without-basis": "basis",
        "grant-basis-not-a-urn": "basis",
        "grant-period-wrong": "until",
        "grant-columns-unknown": "columns",
        "unknown-column": "row_filter",
        "filter-not-understood": "row_filter",
        "grant-mask-wrong": "masks",
        "grant-quota-wrong": "rows_a_day",
    }
    kind = forms.ChoiceField(
        label=_("For whom"),
        choices=[
            (GranteeKind.ORGANISATION.value, _("An organisation: everybody who acts for it")),
            (GranteeKind.PERSON.value, _("One person")),
        ],
        widget=forms.RadioSelect,
    )
    grantee = forms.CharField(
        label=_("Credit code or username"),
        help_text=_(
            "The organisation's unified social credit code, or the person's username here."
        ),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    columns = forms.MultipleChoiceField(
        label=pgettext_lazy("grant", "Columns"),
        help_text=_("Only what the purpose needs. Columns added later are not part of it."),
        widget=forms.CheckboxSelectMultiple,
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        help_text=_("What for, and which document says so. It is not public."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    basis = forms.CharField(
        label=_("Identifier of the decision"),
        help_text=_(
            "urn:uuid:… It stands in the public log. Filled in is the listing whose conditions the "
            "reader meets."
        ),
        max_length=100,
    )
    until = forms.DateField(
        label=_("The last day"),
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
    )
    delivery = forms.ChoiceField(
        label=pgettext_lazy("grant", "What is delivered"),
        choices=[
            (_ROWS, _("Rows: on pages, by the API and as downloads")),
            (
                Delivery.COMPUTED.value,
                _(
                    "Results of programs that run where the data are, each released by you; no row leaves"
                ),
            ),
        ],
        initial=_ROWS,
        widget=forms.RadioSelect,
    )
    row_filter = PerItemField(
        "op", (), label=_("Only the rows that fulfil these conditions"),
        help_text=_("All of them hold. “Is one of”: one value a line. None means all rows."),
    )  # fmt: skip
    masks = PerItemField(
        "method", (), label=_("Columns that are shown masked"),
        help_text=_(
            "Of first and last characters two numbers, one a line; of a step the step; else nothing. The "
            "reader is told."
        ),
    )  # fmt: skip
    rows_a_day = forms.IntegerField(
        label=_("Rows that may be read in a day"), help_text=_("Empty: any number."),
        required=False, min_value=1, widget=forms.NumberInput(attrs={"class": "short"}),
    )  # fmt: skip
    requests_a_day = forms.IntegerField(
        label=_("Reads in a day"), help_text=_("Empty: any number."),
        required=False, min_value=1, widget=forms.NumberInput(attrs={"class": "short"}),
    )  # fmt: skip
    row_order = forms.BooleanField(
        label=_("Order the rows of downloads for this reader"),
        help_text=_(
            "No value changes. The order means nothing, but it tells whose file it is that leaks. Say so "
            "to the reader."
        ),
        required=False,
    )

    def __init__(self, data: Any, fields: Sequence[FieldSpec], basis: str) -> None:
        super().__init__(data, initial={"basis": basis})
        columns = self.fields["columns"]
        assert isinstance(columns, forms.MultipleChoiceField)
        columns.choices = [
            (one.name, " · ".join(dict.fromkeys(filter(None, (one.name, one.title_zh)))))
            for one in fields
        ]

        words = language()
        names = [one.name for one in fields]
        for name, labels in (("row_filter", _COMPARISONS), ("masks", dataplane.METHOD_LABELS)):
            widget = self.fields[name].widget
            assert isinstance(widget, PerItemWidget)
            widget.columns = names
            widget.choices = [(one.value, label(words)) for one, label in labels.items()]

    def named(self) -> UUID | None:
        """Whom it is for; refusals of the two kinds of names."""
        text = self.cleaned_data["grantee"].strip()
        if self.cleaned_data["kind"] == GranteeKind.ORGANISATION.value:
            return parties.organisation_by_code(text).id
        return parties.actor_for_username(text).person

    def delivered(self) -> Delivery:
        """How what it covers is delivered."""
        chosen = self.cleaned_data["delivery"]
        return Delivery.ROWS if chosen == _ROWS else Delivery(chosen)

    def end(self) -> datetime:
        """The moment after the last day."""
        following = self.cleaned_data["until"] + timedelta(days=1)
        return timezone.make_aware(datetime.combine(following, time.min))


class RevokeForm(PortalForm):
    """Why a grant is taken back."""

    refused_at: ClassVar[Mapping[str, str]] = {"revocation-reason-missing": "reason"}
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Whoever held the grant reads exactly this."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
