"""A form out of a step of a regulation: what it asks is data, with the article at each field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from wushu.casework.types import PER_ITEM, FieldKind, FormField, Ground, Paper, Step, WalkIn
from wushu.kernel.errors import Language, Said
from wushu.parties.types import OrganisationView
from wushu.portal.forms.base import PortalForm, field_of
from wushu.portal.forms.per_item import PerItemField
from wushu.portal.requests import language

FOR_WHOM = "for-whom"
_CAME, _SHOWN = "walk-in-name", "walk-in-identity"
_PAPER = "paper-"
TERMS_REFUSED_AT = MappingProxyType(
    {
        "unknown-column": "rows",
        "filter-not-understood": "rows",
        "grant-mask-wrong": "masks",
        "grant-quota-wrong": "rows-a-day",
    }
)
"""Fields of the step that agrees, where the data plane refuses what stands in them."""
_PROVISION = ("level", "title", "article")


class StepForm(PortalForm):
    """The fields and papers of a step; ``for_whom`` where somebody files and can choose.

    ``public``: the fields whose answer everybody may read.
    """

    refused_at: ClassVar[Mapping[str, str]] = TERMS_REFUSED_AT

    def __init__(
        self,
        data: Any,
        files: Any,
        step: Step,
        *,
        public: Collection[str] = (),
        columns: Iterable[str] = (),
        for_whom: Iterable[OrganisationView] | None = None,
        for_oneself: bool = True,
        at_counter: bool = False,
    ) -> None:
        super().__init__(data, files)
        self.step = step
        if at_counter:
            self._ask_who_came()
        elif for_whom is not None:
            self._offer_filers(for_whom, for_oneself=for_oneself)
        for one in step.fields:
            self._add(one, list(columns), is_public=one.id in public)
        for paper in step.papers:
            label = paper.label(language())
            field = forms.FileField(
                label=label, required=paper.required, help_text=_hint(None, paper.ground)
            )
            field.error_messages["required"] = _missing(label, paper.ground)
            self.fields[_PAPER + paper.id] = field

    def _offer_filers(self, bodies: Iterable[OrganisationView], *, for_oneself: bool) -> None:
        own = [("", _("for myself"))] if for_oneself else []
        choices = [*own, *((str(one.id), one.name(language())) for one in bodies)]
        self.fields[FOR_WHOM] = forms.ChoiceField(
            label=_("I file this"), choices=choices, required=False,
            widget=forms.HiddenInput if len(choices) == 1 else forms.RadioSelect,
            initial=choices[0][0] if choices else "",
        )  # fmt: skip

    def _ask_who_came(self) -> None:
        self.fields[_CAME] = forms.CharField(
            label=_("Name of who came in person"),
            max_length=100,
            help_text=_("As on the document."),
        )
        self.fields[_SHOWN] = forms.CharField(
            label=_("Document shown"), max_length=100,
            help_text=_("Its kind and the last four characters of its number, such as 居民身份证 123X. Never all of it."),
        )  # fmt: skip

    def _add(self, one: FormField, columns: list[str], *, is_public: bool) -> None:
        label, hint = one.label(language()), _hint(one.help, one.ground)
        if is_public:
            hint = f"{hint} · {_('Everybody can read it.')}"
        if one.kind is FieldKind.PROVISION:
            levels = [(choice.id, choice.label(language())) for choice in one.choices]
            parts: tuple[tuple[str, Any], ...] = (
                (_("its level"), forms.ChoiceField(choices=[("", "—"), *levels])),
                (_("its title"), forms.CharField(max_length=200)),
                (_("the article"), forms.CharField(max_length=200)),
            )
            for name, (words, field) in zip(_PROVISION, parts, strict=True):
                field.label = _("%(field)s: %(part)s") % {"field": label, "part": words}
                field.help_text = hint if name == _PROVISION[0] else ""
                field.required = one.required
                field.error_messages["required"] = _missing(str(field.label), one.ground)
                self.fields[f"{one.id}.{name}"] = field
            return
        field = _FIELDS[one.kind](one, columns)
        field.label, field.help_text, field.required = label, hint, one.required
        if one.kind is FieldKind.PLEDGE:
            field.error_messages["required"] = _("This must be agreed to.")
        else:
            field.error_messages["required"] = _missing(label, one.ground)
        self.fields[one.id] = field

    @property
    def organisation(self) -> UUID | None:
        """For whom it is filed; None: for oneself."""
        chosen = self.cleaned_data.get(FOR_WHOM)
        return UUID(chosen) if chosen else None

    @property
    def walk_in_asked(self) -> bool:
        """Whether it is filled in at the counter."""
        return _CAME in self.fields

    @property
    def walk_in(self) -> WalkIn | None:
        """Who came to the counter; None: somebody files for themselves."""
        if not self.walk_in_asked:
            return None
        return WalkIn(self.cleaned_data[_CAME], self.cleaned_data[_SHOWN])

    @property
    def values(self) -> dict[str, Any]:
        """The answers, as the rules take them."""
        found: dict[str, Any] = {}
        for one in self.step.fields:
            if one.kind is FieldKind.PROVISION:
                parts = {name: self.cleaned_data.get(f"{one.id}.{name}") for name in _PROVISION}
                answer: Any = parts if any(parts.values()) else None
            else:
                answer = self.cleaned_data.get(one.id)
            if answer not in (None, "", [], False):
                found[one.id] = answer
        return found

    @property
    def papers(self) -> list[Paper]:
        """The files that were sent."""
        found = []
        for one in self.step.papers:
            file = self.cleaned_data.get(_PAPER + one.id)
            if file:
                found.append(Paper(one.id, file.name, file.read()))
        return found

    def refuse(self, refusal: Any, at: str = "") -> None:
        """At the field that the rules name; a provision's at its level."""
        key = at or field_of(refusal)
        super().refuse(refusal, f"{key}.{_PROVISION[0]}" if f"{key}.level" in self.fields else at)


def _missing(label: str, ground: Ground) -> str:
    return _("“%(field)s” is missing (%(ground)s).") % {
        "field": label, "ground": ground.words(language()),
    }  # fmt: skip


def _hint(help_text: Said | None, ground: Ground) -> str:
    """Where it is asked for, and what is meant."""
    words: Language = language()
    said = [help_text(words)] if help_text is not None else []
    said.append(ground.words(words))
    if ground.platform_rule is not None:
        said.append(ground.platform_rule(words))
    return " · ".join(said)


def _line(_one: FormField, _columns: list[str]) -> forms.Field:
    return forms.CharField(max_length=200)


def _text(_one: FormField, _columns: list[str]) -> forms.Field:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": "4"}), max_length=20_000)


def _choice(one: FormField, _columns: list[str]) -> forms.Field:
    choices = [(choice.id, choice.label(language())) for choice in one.choices]
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect)


def _date(_one: FormField, _columns: list[str]) -> forms.Field:
    return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}))


def _days(_one: FormField, _columns: list[str]) -> forms.Field:
    return forms.CharField(widget=forms.NumberInput(attrs={"min": "1", "inputmode": "numeric"}))


def _pledge(_one: FormField, _columns: list[str]) -> forms.Field:
    return forms.BooleanField()


def _number(_one: FormField, _columns: list[str]) -> forms.Field:
    return forms.CharField(
        widget=forms.NumberInput(attrs={"min": "1", "inputmode": "numeric", "class": "short"})
    )


def _per_item(one: FormField, columns: list[str]) -> forms.Field:
    choices = [(choice.id, choice.label(language())) for choice in one.choices]
    return PerItemField(PER_ITEM[one.kind], choices, columns)


def _columns_of(_one: FormField, columns: list[str]) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=[(name, name) for name in columns], widget=forms.CheckboxSelectMultiple
    )


_FIELDS: Mapping[FieldKind, Any] = {
    FieldKind.LINE: _line,
    FieldKind.TEXT: _text,
    FieldKind.CHOICE: _choice,
    FieldKind.DATE: _date,
    FieldKind.WORKING_DAYS: _days,
    FieldKind.PLEDGE: _pledge,
    FieldKind.COLUMNS: _columns_of,
    FieldKind.NUMBER: _number,
    FieldKind.ROWS: _per_item,
    FieldKind.MASKS: _per_item,
}
