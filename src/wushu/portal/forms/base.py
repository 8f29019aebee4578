"""What all forms share: a refusal of a service is shown at the field it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import IO, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from wushu.kernel.errors import INVALID_VALUE, Refusal, Said
from wushu.kernel.noting import note_refused
from wushu.parties.types import OrganisationView
from wushu.portal.requests import language


def named(words: Mapping[Any, Any], key: str) -> Any:
    """A label of another app's table, which the type checker does not know to be lazy text."""
    return words[key]


def slug_field() -> forms.CharField:
    """A name in addresses; left empty, one is made."""
    return forms.CharField(
        label=_("Name in the address"),
        help_text=_(
            "Lower-case letters, digits and hyphens. Left empty, the title's pinyin is taken."
        ),
        required=False,
        max_length=80,
    )


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """What a field lets choose, known only when the form is made."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def offer_bodies(form: forms.Form, bodies: Iterable[OrganisationView]) -> None:
    """One's bodies in the field ``body``; where there is but one, nothing is asked."""
    choices = [(str(one.id), one.name(language())) for one in bodies]
    offer(form, "body", choices)
    if len(choices) == 1:
        form.fields["body"].widget = forms.HiddenInput()
        form.initial.setdefault("body", choices[0][0])


def field_of(refusal: Refusal) -> str:
    """Name of the one field a refusal is about (``theme``, ``fields.2.unit``); empty: of none."""
    field = refusal.facts.get("field", "")
    return field.key if isinstance(field, Said) else str(field)


class PortalForm(forms.Form):
    """A form whose errors are said in full, with the way out."""

    required_css_class = ""
    use_required_attribute = False
    """The server says what is missing, in words; a browser's bubble would vanish."""
    refused_at: ClassVar[Mapping[str, str]] = {}
    """Field at which a refusal of this name is shown; otherwise the one the refusal names."""
    status = 422
    """HTTP status of the page that shows the errors."""

    def is_valid(self) -> bool:
        """Whether it can be taken as it is.

        A page offers what one may choose: another choice is an attempt, which the log names, though no
        service was asked.
        """
        valid = super().is_valid()
        said = (one for several in self.errors.as_data().values() for one in several)
        if any(one.code == "invalid_choice" for one in said):
            note_refused(INVALID_VALUE.name)
        return valid

    def refuse(self, refusal: Refusal, at: str = "") -> None:
        """Show the refusal at its field (``at``, or the one it belongs to), or above the form."""
        field = at or self.refused_at.get(refusal.name) or field_of(refusal)
        words = refusal.sentence(language()) + self._joint() + refusal.way_out(language())
        place = field if field in self.fields else None
        self.add_error(place, ValidationError(words, code=refusal.name))
        self.status = refusal.status
        note_refused(refusal.name)

    def does(self, act: Callable[[], object]) -> bool:
        """Whether the act was done; what was refused stands at its field then."""
        try:
            act()
        except Refusal as refusal:
            self.refuse(refusal)
            return False
        return True

    def _joint(self) -> str:
        return "" if language() == "zh" else " "


class FileForm(PortalForm):
    """A form with a file in the field ``file``."""

    @property
    def upload(self) -> UploadedFile[Any]:
        """The file that was sent."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        return file

    @property
    def stream(self) -> IO[bytes]:
        """Its bytes; Django keeps large ones in a temporary file."""
        assert self.upload.file is not None
        return self.upload.file
