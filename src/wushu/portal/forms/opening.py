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
from wushu.dataplane.types import GranteeKind
from wushu.parties import selectors as parties
from wushu.portal.forms.base import PortalForm

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

    def __init__(self, data: Any, fields: Sequence[FieldSpec], basis: str) -> None:
        super().__init__(data, initial={"basis": basis})
        columns = self.fields["columns"]
        assert isinstance(columns, forms.MultipleChoiceField)
        columns.choices = [
            (one.name, " · ".join(dict.fromkeys(filter(None, (one.name, one.title_zh)))))
            for one in fields
        ]

    def named(self) -> UUID | None:
        """Whom it is for; refusals of the two kinds of names."""
        text = self.cleaned_data["grantee"].strip()
        if self.cleaned_data["kind"] == GranteeKind.ORGANISATION.value:
            return parties.organisation_by_code(text).id
        return parties.actor_for_username(text).person

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
