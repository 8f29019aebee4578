"""Following a dataset, a body or a search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from wushu.opening import selectors as opening
from wushu.opening.types import Channel
from wushu.portal.forms.base import PortalForm, named


class SubscribeForm(PortalForm):
    """By which way to be told, and where."""

    refused_at: ClassVar[Mapping[str, str]] = {
        "channel-off": "channel",
        "address-wrong": "address",
        "subscribed-already": "address",
        "asked-too-often": "address",
    }
    channel = forms.ChoiceField(
        label=_("How to tell you"),
        choices=lambda: [(one.value, named(opening.CHANNELS, one)) for one in opening.channels()],
        widget=forms.RadioSelect,
    )
    address = forms.CharField(
        label=_("Address"),
        help_text=_(
            "For mail your mailbox, for a webhook the https address of your program. It is asked"
            " whether it agrees before anything else is sent."
        ),
        max_length=2048,
        widget=forms.TextInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def chosen(self) -> Channel:
        """The way chosen."""
        return Channel(self.cleaned_data["channel"])
