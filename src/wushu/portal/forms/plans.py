"""Yearly opening plans: their words, one item, the authority's decision, which dataset an item became."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wushu.casework.types import PriorityDomain
from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute, EntryView
from wushu.kernel.errors import Refusal
from wushu.opening.types import PlanContent, PlanItem
from wushu.portal.forms.base import FileForm, PortalForm, named, offer
from wushu.portal.labels import QUARTERS
from wushu.portal.requests import language

_TEXT = {"rows": "4"}
_PLANNED = (Attribute.UNCONDITIONAL, Attribute.CONDITIONAL)


def _long(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=5_000,
        widget=forms.Textarea(attrs=_TEXT),
    )  # fmt: skip


def _codes(vocabulary: str) -> Any:
    def choices() -> list[tuple[str, str]]:
        found = catalog.vocabulary(vocabulary)
        return [("", gettext("not said"))] + [(one.code, one.label(language())) for one in found]

    return choices


class _KnownForm(PortalForm):
    """A form that says which draft its writer saw, so that nobody's later one is lost."""

    known = forms.IntegerField(widget=forms.HiddenInput)


class PlanTextsForm(_KnownForm):
    """What a plan says beside its list."""

    scenarios = _long(_("Key scenarios"), _("For what the data are wanted most."))
    measures = _long(_("Measures"), _("What the body does so that it comes about."))
    reason = _long(_("Why it is amended"), _("Everybody can read it beside the former state."))

    def __init__(self, data: Any, content: PlanContent, known: int, *, amends: bool) -> None:
        texts = {name: getattr(content, name) for name in ("scenarios", "measures", "reason")}
        super().__init__(data, initial={**texts, "known": known})
        if not amends:
            del self.fields["reason"]

    def content(self, before: PlanContent) -> PlanContent:
        """What was written, with the list as it was."""
        given = self.cleaned_data
        return replace(
            before, scenarios=given["scenarios"], measures=given["measures"],
            reason=given.get("reason", ""),
        )  # fmt: skip


class PlanSheetForm(_KnownForm, FileForm):
    """The whole list out of a spreadsheet."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_(
            "CSV or XLSX with the columns 数据名称, 开放属性, 完成季度, and as you like 主题, 更新周期, "
            "数据集 (or title, attribute, quarter, theme, update_cycle, dataset). It replaces the list."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, data: Any, files: Any, known: int) -> None:
        super().__init__(data, files, auto_id="sheet_%s", initial={"known": known})

    def refuse(self, refusal: Refusal, at: str = "") -> None:
        """What is wrong with a file is said at the file."""
        super().refuse(refusal, at or "file")


class PlanItemForm(_KnownForm):
    """One thing that the body will open."""

    refused_at: ClassVar[Mapping[str, str]] = {"stale": ""}
    title = forms.CharField(
        label=_("What will be opened"),
        help_text=_("As the dataset will be called."),
        max_length=200,
    )
    attribute = forms.ChoiceField(
        label=lazy(lambda: str(named(catalog.METADATA, "attribute")), str)(),
        choices=lambda: [(one.value, named(catalog.ATTRIBUTES, one)) for one in _PLANNED],
        widget=forms.RadioSelect,
    )
    quarter = forms.TypedChoiceField(
        label=_("Open by"), coerce=int, choices=[(str(key), said) for key, said in QUARTERS.items()]
    )
    dataset = forms.ChoiceField(
        label=_("Dataset"), required=False,
        help_text=_("Where it is in the catalogue already, as a draft or with another attribute."),
    )  # fmt: skip
    theme = forms.ChoiceField(label=_("Theme"), required=False, choices=_codes("data-theme"))
    domain = forms.ChoiceField(
        label=_("Priority domain"), required=False,
        help_text=_("Whose data are opened first. Not said: the one its theme falls under, if it is one."),
    )  # fmt: skip
    update_cycle = forms.ChoiceField(
        label=_("Update cycle"), required=False, choices=_codes("frequency")
    )

    def __init__(
        self,
        data: Any,
        item: PlanItem | None,
        known: int,
        entries: Iterable[EntryView],
        domains: Iterable[PriorityDomain] = (),
    ) -> None:
        super().__init__(data, initial={**_initial(item), "known": known})
        if offered := [(one.id, one.label(language())) for one in domains]:
            offer(self, "domain", [("", gettext("not said")), *offered])
        else:
            del self.fields["domain"]
        offer(self, "dataset", [("", gettext("none yet")), *_choices(entries)])

    def item(self, key: UUID | None) -> PlanItem:
        """The item as it was written; a new one gets a key."""
        given = self.cleaned_data
        return PlanItem(
            key=key or uuid4(), title=given["title"].strip(), attribute=Attribute(given["attribute"]),
            quarter=given["quarter"], theme=given["theme"], update_cycle=given["update_cycle"],
            dataset=UUID(given["dataset"]) if given["dataset"] else None,
            domain=given.get("domain", ""),
        )  # fmt: skip


def _initial(item: PlanItem | None) -> dict[str, Any]:
    if item is None:
        return {"attribute": Attribute.UNCONDITIONAL.value}
    return {
        "title": item.title, "attribute": item.attribute.value, "quarter": item.quarter,
        "theme": item.theme, "update_cycle": item.update_cycle,
        "dataset": str(item.dataset) if item.dataset else "", "domain": item.domain,
    }  # fmt: skip


def _choices(entries: Iterable[EntryView]) -> list[tuple[str, str]]:
    return [(str(one.id), one.title(language())) for one in entries]


class PlanDecisionForm(PortalForm):
    """The authority accepts a plan, or returns it with reasons."""

    accepted = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect,
        choices=[("yes", _("Accept it: it is public from now on")), ("no", _("Return it"))],
    )  # fmt: skip
    reasons = forms.CharField(
        label=_("Reasons"), help_text=_("For the body, where the plan is returned."), required=False,
        max_length=2_000, widget=forms.Textarea(attrs=_TEXT),
    )  # fmt: skip


class PlanLinkForm(PortalForm):
    """Which dataset a planned item became."""

    item = forms.ChoiceField(label=_("Planned"))
    dataset = forms.ChoiceField(label=_("Dataset"))

    def __init__(self, data: Any, items: Iterable[PlanItem], entries: Iterable[EntryView]) -> None:
        super().__init__(data, auto_id="link_%s")
        offer(self, "item", [(str(one.key), one.title) for one in items])
        offer(self, "dataset", _choices(entries))
