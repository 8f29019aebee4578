"""Results built on the data, ratings of datasets, and a moderator's decision on both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import unquote

from django import forms
from django.utils.translation import gettext_lazy as _

from wushu.opening import selectors as opening
from wushu.opening.types import Aspect, RatingView, ResultGiven, ResultKind, ResultView
from wushu.portal.forms.base import PortalForm, named

_SCORES = (
    ("5", _("5 – very good")),
    ("4", _("4 – good")),
    ("3", _("3 – fair")),
    ("2", _("2 – poor")),
    ("1", _("1 – very poor")),
)


class ResultForm(PortalForm):
    """What somebody says of a result they file."""

    refused_at: ClassVar[Mapping[str, str]] = {"result-datasets": "datasets"}
    kind = forms.ChoiceField(
        label=_("Kind of result"),
        choices=lambda: [(one.value, named(opening.RESULT_KINDS, one)) for one in ResultKind],
    )
    title_zh = forms.CharField(label=_("Title (Chinese)"), max_length=200)
    title_en = forms.CharField(label=_("Title (English)"), max_length=200, required=False)
    summary_zh = forms.CharField(
        label=_("What it does, and how it uses the data (Chinese)"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    summary_en = forms.CharField(
        label=_("The same in English"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    makers = forms.CharField(
        label=_("Who made it"),
        help_text=_("Shown to everybody exactly as you write it; a name of a group will do."),
        max_length=200,
    )
    address = forms.CharField(
        label=_("Where it is"),
        help_text=_("An address with https://, which readers follow at their own risk."),
        max_length=500, required=False, widget=forms.URLInput,
    )  # fmt: skip
    datasets = forms.CharField(
        label=_("Datasets it uses"),
        help_text=_("The addresses of their pages, or the names at their end, one on a line."),
        widget=forms.Textarea(attrs={"rows": 3, "autocapitalize": "off", "spellcheck": "false"}),
    )

    @classmethod
    def of(cls, one: ResultView, data: Any = None) -> ResultForm:
        """To mend a result."""
        names = ("title_zh", "title_en", "summary_zh", "summary_en", "makers", "address")
        said = {name: getattr(one, name) for name in names}
        slugs = "\n".join(entry.slug for entry in one.datasets)
        return cls(data, initial={**said, "kind": one.kind.value, "datasets": slugs})

    def given(self) -> ResultGiven:
        """As the service takes it."""
        said = dict(self.cleaned_data)
        datasets = slugs_of(said.pop("datasets"))
        return ResultGiven(kind=ResultKind(said.pop("kind")), datasets=datasets, **said)


def slugs_of(written: str) -> tuple[str, ...]:
    """Names of datasets, written as they are or at the end of their pages' addresses."""
    return tuple(map(_slug, written.split()))


def _slug(written: str) -> str:
    """The name at the end of the address of a dataset's page."""
    address, _mark, _query = unquote(written).partition("?")
    return address.rstrip("/").rpartition("/")[2]


def _score(aspect: Aspect) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=named(opening.ASPECTS, aspect), choices=(("", _("choose")), *_SCORES)
    )


class RatingForm(PortalForm):
    """How somebody rates a dataset."""

    complete = _score(Aspect.COMPLETE)
    accurate = _score(Aspect.ACCURATE)
    timely = _score(Aspect.TIMELY)
    usable = _score(Aspect.USABLE)
    comment = forms.CharField(
        label=_("Comment"),
        help_text=_("Shown without your name, once a moderator let it through. Name nobody."),
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    @classmethod
    def of(cls, mine: RatingView | None, data: Any = None) -> RatingForm:
        """As one rated it before."""
        if mine is None:
            return cls(data)
        scores = {aspect.value: str(score) for aspect, score in mine.scores.items()}
        return cls(data, initial={**scores, "comment": mine.comment})

    def scores(self) -> dict[Aspect, int]:
        """By aspect."""
        return {one: int(self.cleaned_data[one.value]) for one in Aspect}


class ModerateForm(PortalForm):
    """Show it to everybody, or send it back with a reason."""

    refused_at: ClassVar[Mapping[str, str]] = {"reason-missing": "reason"}
    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            ("publish", _("Publish it: everybody may read it")),
            ("return", _("Send it back: something must be mended first")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason for sending it back"),
        help_text=_("Who filed it reads exactly this."),
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class TakeDownForm(PortalForm):
    """Show it no more."""

    refused_at: ClassVar[Mapping[str, str]] = {"reason-missing": "reason"}
    reason = forms.CharField(
        label=_("Reason for taking it down"),
        help_text=_("Who filed it reads exactly this."),
        max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
