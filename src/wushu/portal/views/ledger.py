"""The one ledger (一本账) for officials, and what is collected twice (一数一源)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wushu.catalog import selectors as catalog
from wushu.catalog import services
from wushu.catalog.types import LedgerLine
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Refusal
from wushu.kernel.formulas import csv_line
from wushu.parties.types import Actor, Role
from wushu.portal import labels
from wushu.portal.desk_page import own_entry
from wushu.portal.forms.ledger import DerivationForm, DutyForm, LedgerForm, SourceForm
from wushu.portal.requests import language, page_address, signed_in

_AT_ONCE = 200
"""Lines of one piece of the CSV."""


@require_safe
@signed_in
def ledger(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All entries of all bodies: whose they are, how they stand, when the next version is due."""
    form = LedgerForm(request.GET)
    wanted = form.wanted()
    page = catalog.ledger(actor=actor, **wanted, cursor=request.GET.get("cursor") or None)
    context = {
        "form": form,
        "page": page,
        "export": urlencode(form.asked()),
        "first": page_address(request, None) if request.GET.get("cursor") else "",
        "next": page_address(request, page.cursor) if page.cursor else "",
    }
    return render(request, "portal/ledger.html", context)


@require_safe
@signed_in
def ledger_csv(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The whole ledger as CSV, made while it is sent; no cell is run as a formula."""
    lines = catalog.ledger_lines(actor=actor, **LedgerForm(request.GET).wanted())
    response = StreamingHttpResponse(_csv(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="ledger.csv"'
    return cast("HttpResponse", response)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def sources(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Items that several bodies collect; the authority decides which of them is the source."""
    node = evidence.node()
    found = catalog.shared_items(actor=actor, division=node.division)
    form = SourceForm(request.POST if request.method == "POST" else None, found)
    if request.method == "POST" and form.is_valid():
        item, _sign, body = form.cleaned_data["choice"].rpartition("@")
        try:
            services.item_source_decide(
                actor=actor, item=item, body=UUID(body), reason=form.cleaned_data["reason"]
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Decided. Who collects it elsewhere is told from now on."))
            return redirect("portal:sources")
    context = {"found": found, "form": form, "decides": actor.holds(Role.DATA_AUTHORITY)}
    status = form.status if form.errors else 200
    return render(request, "portal/sources.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def duty(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Who within the body answers for a dataset, its source system, and what it was made from."""
    entry = own_entry(slug, actor)
    act = request.POST.get("act", "")
    duty_form = DutyForm.of(
        catalog.duty_of(entry.id, actor=actor), request.POST if act == "duty" else None
    )
    derivation_form = DerivationForm(request.POST if act in ("add", "drop") else None)
    sent = {"duty": duty_form, "add": derivation_form, "drop": derivation_form}.get(act)
    if sent is not None and sent.is_valid():
        try:
            if act == "duty":
                services.duty_set(actor=actor, entry=entry.id, **duty_form.cleaned_data)
            else:
                source = catalog.entry_by_slug(derivation_form.cleaned_data["source"]).id
                change = services.derivation_add if act == "add" else services.derivation_drop
                change(actor=actor, entry=entry.id, source=source)
        except Refusal as refusal:
            sent.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("portal:desk-duty", slug)
    context = {
        "entry": entry, "duty": duty_form, "derivation": derivation_form, "sent": sent,
        "made_from": catalog.sources_of(entry.id),
    }  # fmt: skip
    status = sent.status if sent is not None and sent.errors else 200
    return render(request, "portal/desk_duty.html", context, status=status)


def _csv(lines: Iterator[LedgerLine]) -> AsyncIterator[str]:
    """In the language of the page, which the server leaves before the body is made."""
    return _csv_pieces(lines, get_language() or "zh-hans")


async def _csv_pieces(lines: Iterator[LedgerLine], chosen: str) -> AsyncIterator[str]:
    """Some lines at a time; the event loop waits for no database."""

    def some() -> str:
        with override(chosen):
            return "".join(csv_line(_cells(one)) for one in islice(lines, _AT_ONCE))

    with override(chosen):
        heading = _headings()
    yield "\ufeff" + csv_line(heading)
    while piece := await sync_to_async(some)():
        yield piece


def _headings() -> list[str]:
    return [
        _("Opening body"), _("Unified social credit code"), _("Responsible unit"),
        _("Whom to ask"), _("E-mail"), _("Telephone"), _("Dataset"), _("Name in the address"),
        _("State"), _("Opening attribute"), _("Update cycle"), _("Newest version"),
        _("Next due"), _("Kept or missed"), _("Source system"), _("Theme"),
    ]  # fmt: skip


def _cells(one: LedgerLine) -> list[str]:
    entry, revision = one.entry, one.entry.revision
    m = None if revision is None else revision.metadata
    version = None if revision is None else revision.version
    return [
        entry.body_name(language()), entry.body_code, one.duty.unit,
        m.contact_name if m else "", m.contact_email if m else "", m.contact_phone if m else "",
        entry.title(language()), entry.slug, str(labels.label(entry.state)),
        str(labels.label(m.attribute)) if m else "",
        labels.cycle(m.update_cycle) if m and m.update_cycle else "",
        version.created_at.date().isoformat() if version else "",
        one.due.on.isoformat() if one.due.on else "", str(labels.label(one.due.freshness)),
        one.duty.source_system, labels.theme(m.theme) if m and m.theme else "",
    ]  # fmt: skip
