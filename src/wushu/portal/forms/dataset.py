"""What a clerk writes about a dataset, one subject a page; and the upload."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute, Metadata
from wushu.dataplane.types import EncodingCandidate
from wushu.kernel.errors import Refusal
from wushu.parties.types import OrganisationView
from wushu.portal.forms.base import (
    FileForm,
    PortalForm,
    field_of,
    named,
    offer,
    offer_bodies,
    slug_field,
)
from wushu.portal.requests import language
from wushu.portal.text import size_words

_LONG = {"rows": "5"}
_ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")


def _line(name: str, *, hint: Any = "", required: bool = False, limit: int = 200) -> Any:
    return forms.CharField(
        label=named(catalog.METADATA, name), help_text=hint, required=required, max_length=limit
    )


def _text(name: str, *, hint: Any = "", required: bool = False) -> Any:
    return forms.CharField(
        label=named(catalog.METADATA, name),
        help_text=hint,
        required=required,
        max_length=20_000,
        widget=forms.Textarea(attrs=_LONG),
    )


def _codes(name: str, vocabulary: str) -> Any:
    def choices() -> list[tuple[str, str]]:
        concepts = catalog.vocabulary(vocabulary)
        return [("", "—"), *((one.code, one.label(language())) for one in concepts)]

    return forms.ChoiceField(label=named(catalog.METADATA, name), required=False, choices=choices)


class SectionForm(PortalForm):
    """One subject of a dataset's metadata."""

    heading: ClassVar[Promise | str] = ""
    intro: ClassVar[Promise | str] = ""
    problems: ClassVar[frozenset[str]] = frozenset()
    """Names of refusals that this section answers."""

    @classmethod
    def answers(cls, refusal: Refusal) -> bool:
        """Whether what is refused is mended here."""
        return refusal.name in cls.problems or field_of(refusal) in cls.base_fields

    @classmethod
    def of(cls, metadata: Metadata, data: Any = None) -> SectionForm:
        """The form filled with what is there, or with what was sent."""
        return cls(data, initial={name: cls._shown(metadata, name) for name in cls.base_fields})

    def applied(self, metadata: Metadata) -> Metadata:
        """The metadata with this section's values."""
        return replace(metadata, **{name: self._meant(name) for name in self.base_fields})

    @staticmethod
    def _shown(metadata: Metadata, name: str) -> Any:
        value = getattr(metadata, name)
        return "，".join(value) if name == "keywords" else value

    def _meant(self, name: str) -> Any:
        value = self.cleaned_data[name]
        if name == "keywords":
            words = value.replace("，", ",").replace("、", ",").split(",")
            return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
        return Attribute(value) if name == "attribute" else value


class WhatForm(SectionForm):
    """What the data are."""

    heading = _("What it is")
    intro = _("Say it so that somebody who does not know your office understands.")
    problems = frozenset({"title-missing", "description-missing"})
    refused_at: ClassVar[Mapping[str, str]] = {
        "title-missing": "title_zh",
        "description-missing": "description_zh",
    }
    title_zh = _line("title_zh", hint=_("What the table holds, not the name of the file."),
                     required=True)  # fmt: skip
    title_en = _line("title_en")
    description_zh = _text(
        "description_zh", hint=_("What the data are, where they come from, how they are counted.")
    )
    description_en = _text("description_en")
    theme = _codes("theme", "data-theme")
    keywords = forms.CharField(
        label=named(catalog.METADATA, "keywords"),
        help_text=_("Words people would search for, with commas between them."),
        required=False,
        max_length=2000,
    )


class OpeningForm(SectionForm):
    """How the data are opened."""

    heading = _("How it is opened")
    intro = _(
        "Unconditional is the default for all that is neither conditional nor closed "
        "(opening rules, article 7). The reason is shown to everybody."
    )
    problems = frozenset(
        {
            "attribute-reason-missing",
            "conditions-missing",
            "attribute-basis-missing",
            "attribute-tightened",
            "attribute-change-unexplained",
        }
    )
    refused_at: ClassVar[Mapping[str, str]] = {
        "attribute-reason-missing": "attribute_reason",
        "attribute-change-unexplained": "attribute_reason",
        "conditions-missing": "conditions",
        "attribute-basis-missing": "attribute_basis",
        "attribute-tightened": "attribute_basis",
    }
    attribute = forms.ChoiceField(
        label=named(catalog.METADATA, "attribute"),
        choices=lambda: [
            (one.value, f"{catalog.ATTRIBUTES[one]} — {catalog.ATTRIBUTE_MEANINGS[one]}")
            for one in Attribute
        ],
        widget=forms.RadioSelect,
    )
    attribute_reason = _text("attribute_reason")
    attribute_basis = _text(
        "attribute_basis", hint=_("The provision, where the data are not unconditionally open.")
    )
    conditions = _text(
        "conditions", hint=_("Audience, purpose, scope and requirements, where conditional.")
    )


class CoverageForm(SectionForm):
    """Where, when and how often."""

    heading = _("Area, period and updates")
    problems = frozenset({"spatial-unknown", "temporal-order"})
    refused_at: ClassVar[Mapping[str, str]] = {
        "spatial-unknown": "spatial",
        "temporal-order": "temporal_end",
    }
    update_cycle = _codes("update_cycle", "frequency")
    spatial = _line(
        "spatial", hint=_("Division code of 2 to 12 digits, or CN for the country."), limit=12
    )
    temporal_start = forms.DateField(
        label=named(catalog.METADATA, "temporal_start"), required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
    )  # fmt: skip
    temporal_end = forms.DateField(
        label=named(catalog.METADATA, "temporal_end"), required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
    )  # fmt: skip


class SourceForm(SectionForm):
    """Licence, origin, contact."""

    heading = _("Licence, origin and contact")
    problems = frozenset({"uri-invalid", "contact-missing", "email-invalid"})
    refused_at: ClassVar[Mapping[str, str]] = {
        "contact-missing": "contact_email",
        "email-invalid": "contact_email",
    }
    licence = _line(
        "licence",
        hint=_("Its web address, for example https://creativecommons.org/licenses/by/4.0/. "
               "Leave it empty when the true licence is not known."),
        limit=255,
    )  # fmt: skip
    licence_note = _text("licence_note")
    source_note = _text("source_note", hint=_("Which system or office they come from."))
    source_url = _line("source_url", limit=500)
    synthetic = forms.BooleanField(
        label=named(catalog.METADATA, "synthetic"),
        help_text=_("Every row is invented; the page says so."),
        required=False,
    )
    contact_name = _line("contact_name", limit=100)
    contact_email = forms.CharField(
        label=named(catalog.METADATA, "contact_email"), required=False, max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    contact_phone = _line("contact_phone", limit=40)
    change_note = _text("change_note", hint=_("What is new in this version, where it is one."))


SECTIONS: Mapping[str, type[SectionForm]] = {
    "what": WhatForm,
    "opening": OpeningForm,
    "coverage": CoverageForm,
    "source": SourceForm,
}
"""By the word in the page's address, in the order of the task list."""


class NewForm(PortalForm):
    """The beginning of a dataset: whose it is and what it is called."""

    refused_at: ClassVar[Mapping[str, str]] = {
        "title-missing": "title_zh",
        "slug-wrong": "slug",
        "slug-taken": "slug",
    }
    body = forms.ChoiceField(label=_("Opening body"))
    title_zh = _line("title_zh", hint=_("What the table holds, not the name of the file."),
                     required=True)  # fmt: skip
    title_en = _line("title_en")
    slug = slug_field()

    def __init__(self, data: Any, bodies: Iterable[OrganisationView], **more: Any) -> None:
        super().__init__(data, **more)
        offer_bodies(self, bodies)

    def metadata(self) -> Metadata:
        """A draft's metadata, with nothing decided that the clerk has not decided."""
        return Metadata(
            title_zh=self.cleaned_data["title_zh"],
            title_en=self.cleaned_data["title_en"],
            attribute=Attribute.UNCONDITIONAL,
            attribute_reason="",
        )


def _file_hint() -> str:
    """With the limit: a browser that sends more sees its connection end before it can read why."""
    most = size_words(settings.UPLOAD_MAX_BYTES)
    return gettext("CSV or TSV, at most %(most)s. The original is kept as it is.") % {"most": most}


class UploadForm(FileForm):
    """A file, and what is known about it."""

    refused_at: ClassVar[Mapping[str, str]] = {
        "empty-file": "file",
        "file-too-large": "file",
        "unsafe-file-name": "file",
        "disk-full": "file",
        "encoding-unknown": "encoding",
    }
    body = forms.ChoiceField(label=_("Opening body"))
    file = forms.FileField(
        label=_("File"),
        help_text=lazy(_file_hint, str)(),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding of the characters"),
        help_text=_(
            "If you do not know, leave it: it is found out, and you are asked if in doubt."
        ),
        required=False,
        choices=[("", _("find it out")), *((one, one.upper()) for one in _ENCODINGS)],
    )

    def __init__(self, data: Any, files: Any, bodies: Iterable[OrganisationView]) -> None:
        super().__init__(data, files)
        offer_bodies(self, bodies)

    @property
    def body_id(self) -> UUID:
        """The chosen body."""
        return UUID(self.cleaned_data["body"])


class EncodingForm(PortalForm):
    """Which of the encodings that fit is the right one."""

    encoding = forms.ChoiceField(label=_("Which of these reads right?"), widget=forms.RadioSelect)

    def __init__(self, data: Any, candidates: Iterable[EncodingCandidate]) -> None:
        super().__init__(data)
        offer(self, "encoding", [(one.encoding, one.encoding.upper()) for one in candidates])
