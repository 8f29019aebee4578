"""What all forms share: a refusal of a service is shown at the field it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from wushu.kernel.errors import Refusal, Said
from wushu.portal.requests import language


def named(words: Mapping[Any, Any], key: str) -> Any:
    """A label of another app's table, which the type checker does not know to be lazy text."""
    return words[key]


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

    def refuse(self, refusal: Refusal, at: str = "") -> None:
        """Show the refusal at its field (``at``, or the one it belongs to), or above the form."""
        field = at or self.refused_at.get(refusal.name) or field_of(refusal)
        words = refusal.sentence(language()) + self._joint() + refusal.way_out(language())
        place = field if field in self.fields else None
        self.add_error(place, ValidationError(words, code=refusal.name))
        self.status = refusal.status

    def _joint(self) -> str:
        return "" if language() == "zh" else " "
