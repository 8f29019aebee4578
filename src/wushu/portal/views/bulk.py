"""The same act in several cases: marked in the inbox, chosen, confirmed, and told of each case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wushu.casework import selectors as casework
from wushu.kernel.errors import Refusal
from wushu.kernel.noting import note_refused
from wushu.opening import selectors as opening
from wushu.opening import services
from wushu.opening.types import (
    BulkAct,
    BulkAssignment,
    BulkChoice,
    BulkLine,
    BulkMessage,
    BulkStep,
)
from wushu.parties.types import Actor
from wushu.portal import desk_page
from wushu.portal.forms.base import PortalForm
from wushu.portal.forms.cases import AssignForm, WriteForm
from wushu.portal.forms.steps import StepForm
from wushu.portal.requests import language, signed_in

ASSIGN, WRITE = "assign", "write"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def cases_bulk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Which act; then what it would do and what not; then what it did in each case."""
    numbers = request.POST.getlist("number") or request.GET.getlist("number")
    try:
        lines = opening.bulk_cases(numbers, actor=actor)
    except Refusal as refusal:  # none was marked, or too many: mark others
        note_refused(refusal.name)
        messages.warning(request, refusal.sentence(language()))
        return redirect("portal:desk-cases")
    choices = _choices(lines)
    chosen = request.POST.get("act") or request.GET.get("act", "")
    label = next((words for key, words, _many in choices if key == chosen), "")
    context: dict[str, Any] = {
        "rows": _rows(lines),
        "choices": choices,
        "act": chosen,
        "label": label,
    }
    if not label:
        if request.method == "POST":
            for one in lines:
                if one.refusal is not None:
                    note_refused(one.refusal.name)
            messages.warning(request, _("That cannot be done now; the page says what can."))
        return render(request, "portal/cases_bulk.html", context)
    form = _form(request, chosen, lines, actor)
    if request.method == "POST" and form.is_valid():
        numbers = [one.number for one in lines]
        done = services.cases_act(actor=actor, numbers=numbers, act=_act(chosen, form, actor))
        refused = sum(1 for one in done if one.refusal is not None)
        context |= {"done": _rows(done), "refused": refused, "done_in": len(done) - refused}
        return render(request, "portal/cases_bulk.html", context)
    preview = opening.bulk_preview(lines, _act(chosen, None, actor), actor=actor)
    context |= {
        "form": form,
        "able": _rows(one for one in preview if one.refusal is None),
        "unable": _rows(one for one in preview if one.refusal is not None),
    }
    status = form.status if form.errors else 200
    return render(request, "portal/cases_bulk.html", context, status=status)


def _rows(lines: Iterable[BulkLine]) -> list[dict[str, Any]]:
    return [
        {"number": one.number, "case": one.case, "refusal": desk_page.said(one.refusal)}
        for one in lines
    ]


def _choices(lines: Sequence[BulkLine]) -> list[tuple[str, str, int]]:
    """The acts, by what the page calls them, with how many cases they can be done in."""
    seen = sum(1 for one in lines if one.case is not None)
    if not seen:
        return []
    choices = opening.bulk_steps(lines)
    steps = [(_key(one), _label(one, choices), one.many) for one in choices]
    return [*steps, (ASSIGN, _("Assign them"), seen), (WRITE, _("Write the same in each"), seen)]


def _key(choice: BulkChoice) -> str:
    """A step as the page names it: of this version of the rules, since another may ask for other words."""
    regulation, version = choice.rules
    return f"{regulation}.{version}.{choice.procedure.id}.{choice.step.id}"


def _label(choice: BulkChoice, choices: Sequence[BulkChoice]) -> str:
    words = language()
    label = f"{choice.procedure.title(words)} · {choice.step.label(words)}"
    alike = [
        one for one in choices
        if (one.procedure.id, one.step.id) == (choice.procedure.id, choice.step.id)
    ]  # fmt: skip
    if len(alike) == 1:
        return label
    rules = _("%(regulation)s, version %(version)s") % {
        "regulation": choice.regulation.title(words), "version": choice.version,
    }  # fmt: skip
    return f"{label} · {rules}"


def _form(request: HttpRequest, chosen: str, lines: Sequence[BulkLine], actor: Actor) -> PortalForm:
    data = request.POST if request.method == "POST" else None
    if chosen == ASSIGN:
        people: dict[UUID, str] = {}
        for one in lines:
            if one.case is not None and not people:
                people = casework.colleagues(one.case, actor=actor)
        return AssignForm(data, people=people.items())
    if chosen == WRITE:
        return WriteForm(data, official=True)
    choice = next(one for one in opening.bulk_steps(lines) if _key(one) == chosen)
    public = casework.public_fields(choice.regulation, choice.step)
    return StepForm(data, None, choice.step, public=public)


def _act(chosen: str, form: PortalForm | None, actor: Actor) -> BulkAct:
    """``form`` None: the act without its words, oneself for the person, to see where it can be done."""
    if chosen == ASSIGN:
        assert actor.person is not None  # who is signed in is somebody
        return BulkAssignment(UUID(form.cleaned_data["person"]) if form else actor.person)
    if isinstance(form, WriteForm):
        return BulkMessage(form.cleaned_data["message"], among_officials=form.among_officials)
    if chosen == WRITE:
        return BulkMessage()
    regulation, version, procedure, step = chosen.split(".")
    values = form.values if isinstance(form, StepForm) else {}
    return BulkStep(procedure, step, values, rules=(regulation, int(version)))
