"""Forms on a case's page for what is no step of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushu.portal.forms.base import PortalForm, offer


class WriteForm(PortalForm):
    """A message to the other side; officials say each time whether it is a note of theirs."""

    refused_at: ClassVar[Mapping[str, str]] = {"answer-wrong": "message"}
    message = forms.CharField(label=_("Message"), widget=forms.Textarea(attrs={"rows": 4}))
    to = forms.ChoiceField(
        label=pgettext_lazy("message", "For whom"), widget=forms.RadioSelect,
        choices=[
            ("other", _("To who filed")), ("officials", _("Note among officials")),
        ],
    )  # fmt: skip

    def __init__(self, data: Any = None, *, official: bool) -> None:
        super().__init__(data)
        if not official:
            del self.fields["to"]

    @property
    def among_officials(self) -> bool:
        """Whether who filed shall not see it."""
        return bool(self.cleaned_data.get("to") == "officials")


class AssignForm(PortalForm):
    """Who works on a case."""

    refused_at: ClassVar[Mapping[str, str]] = {"assignee-not-seated": "person"}
    person = forms.ChoiceField(label=_("Who works on it"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, people: Iterable[tuple[UUID, str]]) -> None:
        super().__init__(data)
        offer(self, "person", [(str(key), name) for key, name in people])


class ReferForm(PortalForm):
    """A question to the expert panel."""

    refused_at: ClassVar[Mapping[str, str]] = {"answer-wrong": "question"}
    question = forms.CharField(label=_("Question"), widget=forms.Textarea(attrs={"rows": 6}))


class AdviseForm(PortalForm):
    """An expert's opinion."""

    refused_at: ClassVar[Mapping[str, str]] = {"answer-wrong": "opinion"}
    opinion = forms.CharField(label=_("Opinion"), widget=forms.Textarea(attrs={"rows": 8}))


class MergeForm(PortalForm):
    """In which case a duplicate goes on."""

    into = forms.ChoiceField(label=_("Goes on in"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, cases: Iterable[tuple[UUID, str]]) -> None:
        super().__init__(data)
        offer(self, "into", [(str(key), words) for key, words in cases])
