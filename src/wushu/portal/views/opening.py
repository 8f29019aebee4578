"""Suspending, opening again and taking down a dataset; who may read a conditional one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wushu.catalog import services as catalog_services
from wushu.catalog.types import EntryAct, EntryView
from wushu.dataplane.types import GranteeKind, Quota, Watermark
from wushu.kernel.errors import Refusal
from wushu.opening import selectors as cases
from wushu.opening import services as opening_services
from wushu.parties.types import Actor
from wushu.portal import desk_page, opening_page
from wushu.portal.forms.opening import CLOSING, CloseForm, GrantForm, RevokeForm
from wushu.portal.requests import signed_in

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
_CLOSE: Mapping[EntryAct, Callable[..., EntryView]] = MappingProxyType(
    {
        EntryAct.SEAL: catalog_services.entry_seal,
        EntryAct.RESTORE: catalog_services.entry_restore,
        EntryAct.WITHDRAW: catalog_services.entry_withdraw,
    }
)


@require_safe
@signed_in
def opening(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """What may be closed, and all grants."""
    entry = opening_page.overseen(slug, actor)
    return render(request, "portal/desk_opening.html", opening_page.content(entry, actor))


@_GET_OR_POST
@signed_in
def close(request: HttpRequest, actor: Actor, slug: str, act: str) -> HttpResponse:
    """Seal, restore or withdraw, with reason and basis."""
    entry = opening_page.overseen(slug, actor)
    wanted = next((one for one in CLOSING if one.value == act), None)
    if wanted is None:
        raise Http404(act)
    obstacle = opening_page.obstacle(entry, wanted, actor)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _CLOSE[wanted](actor=actor, entry=entry.id, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, str(CLOSING[wanted].done))
            return redirect("portal:desk-opening", slug)
    context = {
        "entry": entry,
        "form": form,
        "words": CLOSING[wanted],
        "is_final": wanted is EntryAct.WITHDRAW,
        "obstacle": desk_page.said(obstacle),
    }
    status = form.status if form.errors else 200 if obstacle is None else obstacle.status
    return render(request, "portal/desk_close.html", context, status=status)


@_GET_OR_POST
@signed_in
def grant_new(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Let somebody read columns of a conditional dataset for a purpose until a day."""
    entry = opening_page.overseen(slug, actor)
    listed = opening_page.listed_revision(entry, actor)
    if listed is None or not opening_page.may_write(entry, listed, actor):
        raise Http404(slug)
    data = request.POST if request.method == "POST" else None
    form = GrantForm(data, listed.fields, f"urn:uuid:{listed.id}")
    if request.method == "POST" and form.is_valid() and _granted(form, entry, actor):
        messages.success(request, _("Granted. The reader needs to be told; nothing is sent."))
        return redirect("portal:desk-opening", slug)
    context = {"entry": entry, "form": form, "conditions": listed.metadata.conditions}
    status = form.status if form.errors else 200
    return render(request, "portal/desk_grant.html", context, status=status)


def _granted(form: GrantForm, entry: EntryView, actor: Actor) -> bool:
    """Whether the grant was written; what was refused then stands at its field."""
    chosen = form.cleaned_data
    try:
        grantee = form.named()
    except Refusal as refusal:
        form.refuse(refusal, at="grantee")
        return False
    try:
        opening_services.grant_by_hand(
            actor=actor,
            dataset=entry.id,
            grantee_kind=GranteeKind(chosen["kind"]),
            grantee=grantee,
            columns=chosen["columns"],
            row_filter=chosen["row_filter"],
            masks=chosen["masks"],
            quota=Quota(chosen["rows_a_day"], chosen["requests_a_day"]),
            purpose=chosen["purpose"],
            basis=chosen["basis"],
            valid_from=timezone.now(),
            valid_until=form.end(),
            watermark=Watermark.ORDER if chosen["row_order"] else Watermark.NONE,
            delivery=form.delivered(),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True


@_GET_OR_POST
@signed_in
def grant_revoke(request: HttpRequest, actor: Actor, slug: str, grant: UUID) -> HttpResponse:
    """Take a grant back, with the reason its reader will see."""
    entry = opening_page.overseen(slug, actor)
    given = opening_page.grant_of(entry, grant, actor)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            opening_services.grant_revoke_by_hand(
                actor=actor, grant=grant, reason=form.cleaned_data["reason"]
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Revoked. Reading under it has ended."))
            return redirect("portal:desk-opening", slug)
    context = {"entry": entry, "given": given, "form": form, "case": cases.granting_case(grant)}
    status = form.status if form.errors else 200
    return render(request, "portal/desk_grant_revoke.html", context, status=status)
