"""Cases: filed, followed, decided; the public ledger of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wushu.casework import selectors as casework
from wushu.casework.types import (
    NODE_SEAT,
    CasePage,
    CaseView,
    Procedure,
    Regulation,
    Step,
    SubjectKind,
)
from wushu.catalog import selectors as catalog
from wushu.kernel.errors import Refusal
from wushu.kernel.noting import note_refused
from wushu.opening import selectors as opening
from wushu.opening import services
from wushu.parties import selectors as parties
from wushu.parties.types import PERSONAL_ROLES, Actor, OrganisationView
from wushu.portal import case_page, opening_page
from wushu.portal.forms.office import OfficeForm
from wushu.portal.forms.steps import StepForm
from wushu.portal.requests import language, page_address, signed_in

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 50


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The public ledger: what is asked for, where it stands, whose turn it is; no names."""
    chosen, cursor = request.GET.get("procedure", ""), request.GET.get("cursor")
    number = request.GET.get("number", "").strip()
    page = casework.public_page(procedure=chosen, number=number, cursor=cursor, limit=PAGE)
    context = {
        **_listed(request, page),
        "figures": casework.case_figures(),
        "procedures": casework.procedures_known(),
        "chosen": chosen,
        "by_number": True,
        "number": number,
    }
    return render(request, "portal/cases.html", context)


@require_safe
def public(request: HttpRequest, number: str) -> HttpResponse:
    """One case as everybody may know it."""
    found = casework.public_case(number)
    [row] = case_page.named([found.line])
    return render(request, "portal/case_public.html", {"row": row, "acts": found.acts})


def _listed(request: HttpRequest, page: CasePage) -> dict[str, Any]:
    """A page of a list with the ways to the first and the next."""
    return {
        "rows": case_page.named(page.lines),
        "first": page_address(request, None) if request.GET.get("cursor") else "",
        "next": page_address(request, page.cursor) if page.cursor else "",
    }


@require_safe
@signed_in
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What one filed, newest first."""
    page = casework.filed_page(actor=actor, cursor=request.GET.get("cursor"), limit=PAGE)
    return render(request, "portal/cases_mine.html", _listed(request, page))


@require_safe
@signed_in
def inbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Cases in which it is the turn of one's office, due soonest first."""
    chosen = request.GET.get("procedure", "")
    own = bool(request.GET.get("mine", ""))
    narrowed = casework.Filter(procedure=chosen, assignee=actor.person if own else None)
    page = casework.inbox_page(
        actor=actor, narrowed=narrowed, cursor=request.GET.get("cursor"), limit=PAGE
    )
    context = {
        **_listed(request, page),
        "procedures": casework.procedures_known(hidden=True),
        "chosen": chosen,
        "can_be_mine": True,
        "own": own,
        "referred": case_page.named(casework.cases_referred(actor=actor)),
    }
    return render(request, "portal/desk_cases.html", context)


@require_safe
@signed_in
def office(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Cases in which one's office has a part, whoever's turn it is, ended ones too; newest first."""
    form = OfficeForm(request.GET)
    page = casework.office_page(
        actor=actor, narrowed=form.wanted(), cursor=request.GET.get("cursor"), limit=PAGE
    )
    context = {**_listed(request, page), "form": form, "narrowed": form.is_narrowed}
    return render(request, "portal/desk_cases_all.html", context)


@require_safe
@signed_in
def case(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """A case: whose turn it is, how many working days are left, all that happened, what can be done."""
    found = casework.case_by_number(number, actor=actor)
    context = {**case_page.content(found, actor), **case_page.forms(found, actor)}
    return render(request, "portal/case.html", context)


@require_safe
@signed_in
def receipt(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """What was received, to be printed and handed over."""
    found = casework.case_by_number(number, actor=actor)
    return render(request, "portal/case_receipt.html", case_page.content(found, actor))


@_GET_OR_POST
@signed_in
def step(request: HttpRequest, actor: Actor, number: str, key: str) -> HttpResponse:
    """Take a step: a form of what the regulation asks for."""
    found = casework.case_by_number(number, actor=actor)
    taken = case_page.step_of(found, key)
    if taken is None:
        if request.method == "POST":
            _note_refused_step(actor, found.id, key)
        messages.warning(request, _("That cannot be done now; the page says what can."))
        return redirect("portal:case", found.number)
    posted = request.method == "POST"
    form = StepForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        taken,
        public=casework.public_fields(found.regulation, taken),
        columns=opening.columns_of_case(found, actor=actor),
    )
    if posted and form.is_valid():
        try:
            services.case_take(
                actor=actor, case=found.id, step=key, values=form.values, papers=form.papers
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, taken.done(language()))
            return redirect("portal:case", found.number)
    context = {
        **case_page.content(found, actor),
        "form": form,
        "step": taken,
        "label": taken.label(language()),
        "ground": taken.ground.words(language()),
        "has_papers": bool(taken.papers),
    }
    return render(request, "portal/case_step.html", context, status=_status(form))


def _note_refused_step(actor: Actor, case: UUID, key: str) -> None:
    """The log names what the step is refused as, though the page leads back to what can be done."""
    try:
        services.case_take(actor=actor, case=case, step=key, values={})
    except Refusal as refusal:
        note_refused(refusal.name)


@_GET_OR_POST
@signed_in
def file_on_dataset(request: HttpRequest, actor: Actor, slug: str, procedure: str) -> HttpResponse:
    """File a case about a dataset: the conditions first, then the form."""
    entry = catalog.entry_by_slug(slug, actor=actor)
    rule, of = _rule(entry.body, procedure, SubjectKind.DATASET)
    form, first = _filing_form(
        request, actor, rule, of, entry.body, opening.columns_of(entry, actor=actor)
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.case_file_on_dataset(
                actor=actor, dataset=entry.id, procedure=of.id, step=first.id,
                organisation=form.organisation, values=form.values, papers=form.papers,
                walk_in=form.walk_in,
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _filed(request, made)
    context = {
        "entry": entry,
        "metadata": entry.revision and entry.revision.metadata,
        "counter": casework.runs_counter(entry.body, actor=actor),
    }
    return _filing_page(request, form, first, rule, of, context)


@_GET_OR_POST
@signed_in
def file_on_grant(
    request: HttpRequest, actor: Actor, slug: str, grant: UUID, procedure: str
) -> HttpResponse:
    """File a case about one user's access, such as a breach."""
    entry = opening_page.overseen(slug, actor)
    given = opening_page.any_grant_of(entry, grant, actor)
    rule, of = _rule(entry.body, procedure, SubjectKind.GRANT)
    form, first = _filing_form(request, actor, rule, of, entry.body, [])
    if request.method == "POST" and form.is_valid():
        try:
            made = services.case_file_on_grant(
                actor=actor, grant=grant, procedure=of.id, step=first.id,
                organisation=form.organisation, values=form.values, papers=form.papers,
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _filed(request, made)
    return _filing_page(request, form, first, rule, of, {"entry": entry, "given": given})


@_GET_OR_POST
@signed_in
def file_to_body(request: HttpRequest, actor: Actor, code: str, procedure: str) -> HttpResponse:
    """File a case that is about a body, such as a need for data outside the catalogue."""
    body = parties.organisation_by_code(code)
    rule, of = _rule(body.id, procedure, SubjectKind.BODY)
    form, first = _filing_form(request, actor, rule, of, body.id, [])
    if request.method == "POST" and form.is_valid():
        try:
            made = services.case_file_to_body(
                actor=actor, body=body.id, procedure=of.id, step=first.id,
                organisation=form.organisation, values=form.values, papers=form.papers,
                walk_in=form.walk_in,
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _filed(request, made)
    context = {"body": body, "counter": casework.runs_counter(body.id, actor=actor)}
    return _filing_page(request, form, first, rule, of, context)


def _rule(body: UUID, procedure: str, kind: SubjectKind) -> tuple[Regulation, Procedure]:
    """The procedure as it applies where the body is, with its regulation."""
    for rule, of in opening.rules_applying(body):
        if of.id == procedure and of.subject is kind:
            return rule, of
    raise Http404(procedure)


def _filing_form(
    request: HttpRequest,
    actor: Actor,
    rule: Regulation,
    of: Procedure,
    body: UUID,
    columns: list[str],
) -> tuple[StepForm, Step]:
    first = opening.first_step(body, of.id, actor=actor)
    posted = request.method == "POST"
    at_counter = _at_counter(request, actor, body)
    organisations, oneself = _filers(actor, rule, of, first, body)
    form = StepForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        first,
        public=casework.public_fields(rule, first),
        columns=columns,
        for_whom=organisations,
        for_oneself=oneself,
        at_counter=at_counter,
    )
    return form, first


def _at_counter(request: HttpRequest, actor: Actor, body: UUID) -> bool:
    """Whether the page is asked for somebody who came in person."""
    return request.GET.get("counter") == "1" and casework.runs_counter(body, actor=actor)


def _filers(
    actor: Actor, rule: Regulation, of: Procedure, first: Step, body: UUID
) -> tuple[list[OrganisationView], bool]:
    """For whom the actor can file: organisations, and themselves."""
    found = casework.filing_for(first, actor=actor, regulation=rule, procedure=of, body=body)
    bodies = parties.organisations_by_id(one for one in found if one is not None)
    return sorted(bodies.values(), key=lambda one: one.code), None in found or not found


def _filed(request: HttpRequest, made: CaseView) -> HttpResponse:
    messages.success(
        request,
        _("Received as %(number)s. This page is the confirmation; it always says whose turn it is.")
        % {"number": made.number},
    )
    return redirect("portal:case", made.number)


def _filing_page(
    request: HttpRequest,
    form: StepForm,
    first: Step,
    rule: Regulation,
    of: Procedure,
    context: dict[str, Any],
) -> HttpResponse:
    words = language()
    shown = {
        **context,
        "form": form,
        "title": of.title(words),
        "summary": of.summary(words),
        "regulation": rule.title(words),
        "clocks": [
            (one.label(words), one.working_days, one.ground.words(words)) for one in of.clocks
        ],
        "label": first.label(words),
        "has_papers": bool(first.papers),
        "at_counter": form.walk_in_asked,
        "for_people": any(
            rule.seat(one).role in PERSONAL_ROLES for one in first.seats if one != NODE_SEAT
        ),
    }
    return render(request, "portal/case_file.html", shown, status=_status(form))


def _status(form: StepForm) -> int:
    return form.status if form.errors else 200


@require_safe
@signed_in
def paper(request: HttpRequest, actor: Actor, number: str, paper: UUID) -> HttpResponse:
    """A paper of a case, always as a download."""
    kept = casework.paper(number, paper, actor=actor)
    response = HttpResponse(kept.content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(True, kept.name)
    return response


@require_safe
@signed_in
def agreement(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The use agreement in plain Chinese beside its ODRL; ``?agreement=`` one that was renewed since."""
    found = casework.case_by_number(number, actor=actor)
    asked = request.GET.get("agreement", "")
    which = int(asked) if asked.isascii() and asked.isdigit() else None
    kept = opening.agreement(found.id, actor=actor, number=which)
    if request.GET.get("format") == "jsonld":
        response = JsonResponse(kept.document["odrl"], json_dumps_params={"ensure_ascii": False})
        response.headers["Content-Type"] = "application/ld+json"
        return response
    context = {**case_page.content(found, actor), "agreement": kept}
    return render(request, "portal/agreement.html", context)
