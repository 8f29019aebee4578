"""What people do in a case beside its steps: one page an act, and back to the case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from wushu.casework import selectors as casework
from wushu.casework import services
from wushu.casework.types import CaseView
from wushu.kernel.errors import Refusal
from wushu.parties.types import Actor
from wushu.portal import case_page
from wushu.portal.forms.base import PortalForm
from wushu.portal.forms.cases import AdviseForm, AssignForm, MergeForm, ReferForm, WriteForm
from wushu.portal.requests import signed_in

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
Words = str | Promise


@dataclass(frozen=True, slots=True)
class _Act:
    """One of the things that can be done."""

    heading: Words
    button: Words
    done: Words
    hint: Words = ""


@_GET_OR_POST
@signed_in
def write(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Write to the other side, or a note among officials."""
    found = casework.case_by_number(number, actor=actor)
    form = WriteForm(_sent(request), official=case_page.is_official(found))
    act = _Act(_("Write in the case"), _("Write"), _("Written into the timeline."))

    def do() -> CaseView:
        return services.case_write(
            actor=actor, case=found.id, text=form.cleaned_data["message"],
            among_officials=form.among_officials,
        )  # fmt: skip

    return _page(request, found, act, form, do)


@_GET_OR_POST
@signed_in
def assign(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Take a case, or give it to a colleague who has the same seat."""
    found = casework.case_by_number(number, actor=actor)
    people = casework.colleagues(found, actor=actor)
    if not people:
        raise Http404(number)
    form = AssignForm(_sent(request), people=people.items())
    act = _Act(
        _("Assign the case"), _("Assign it"), _("Assigned."),
        _("Who works on a case changes nothing in who may decide."),
    )  # fmt: skip

    def do() -> CaseView:
        person = UUID(form.cleaned_data["person"])
        return services.case_assign(actor=actor, case=found.id, person=person)

    return _page(request, found, act, form, do)


@_GET_OR_POST
@signed_in
def refer(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Ask the expert panel."""
    found = casework.case_by_number(number, actor=actor)
    if not case_page.is_official(found):
        raise Http404(number)
    form = ReferForm(_sent(request))
    act = _Act(
        _("Ask the expert panel"), _("Ask"), _("Asked. The panel sees the case from now on."),
        _("Its members over this place then see the case, without the notes among officials."),
    )  # fmt: skip

    def do() -> CaseView:
        question = form.cleaned_data["question"]
        return services.case_refer(actor=actor, case=found.id, question=question)

    return _page(request, found, act, form, do)


@_GET_OR_POST
@signed_in
def advise(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Give an opinion as an expert who was asked."""
    found = casework.case_by_number(number, actor=actor)
    if not case_page.is_expert(found):
        raise Http404(number)
    form = AdviseForm(_sent(request))
    act = _Act(
        _("Give an opinion"), _("Give it"), _("Your opinion is in the timeline."),
        _("The officials of the case read it, and who filed does not."),
    )  # fmt: skip

    def do() -> CaseView:
        opinion = form.cleaned_data["opinion"]
        return services.case_advise(actor=actor, case=found.id, opinion=opinion)

    return _page(request, found, act, form, do)


@_GET_OR_POST
@signed_in
def merge(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """End a duplicate, which goes on in another case."""
    found = casework.case_by_number(number, actor=actor)
    others = casework.cases_like(found, actor=actor)
    if not others:
        raise Http404(number)
    choices = [(one.id, f"{one.number} {one.title} · {one.filer_name}") for one in others]
    form = MergeForm(_sent(request), cases=choices)
    act = _Act(
        _("Merge a duplicate"), _("Merge it"), _("Merged. Its page says where it goes on."),
        _("This case ends, and who filed it reads in which it goes on. It cannot be undone."),
    )  # fmt: skip

    def do() -> CaseView:
        into = UUID(form.cleaned_data["into"])
        return services.case_merge(actor=actor, case=found.id, into=into)

    return _page(request, found, act, form, do)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _page(
    request: HttpRequest, found: CaseView, act: _Act, form: PortalForm, do: Callable[[], CaseView]
) -> HttpResponse:
    """The form; sent, it is done and the case's page follows."""
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, str(act.done))
            return redirect("portal:case", found.number)
    context = {"case": found, "act": act, "form": form}
    status = form.status if form.errors else 200
    return render(request, "portal/case_work.html", context, status=status)
