"""An official leaves or moves: see what would be handed over, then hand it over."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wushu.kernel.errors import Refusal
from wushu.opening import services
from wushu.opening.types import Transfer
from wushu.parties import selectors as parties
from wushu.parties.types import NOT_GOVERNING, Actor
from wushu.portal.desk_page import GOVERNING
from wushu.portal.forms.transfer import TransferForm
from wushu.portal.requests import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def transfer(request: HttpRequest, actor: Actor) -> HttpResponse:
    """For who governs the body; the button "check" changes nothing."""
    if not any(map(actor.holds, GOVERNING)):
        raise NOT_GOVERNING()
    form = TransferForm(request.POST if request.method == "POST" else None)
    found: Transfer | None = None
    if request.method == "POST" and form.is_valid():
        wanted = "transfer" in request.POST
        try:
            found = _transfer(form, actor, dry_run=not wanted)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if wanted:
                messages.success(request, _("Handed over. The past acts keep who did them."))
                return redirect("portal:desk")
    status = form.status if form.errors else 200
    context = {"form": form, "found": found}
    return render(request, "portal/desk_transfer.html", context, status=status)


def _transfer(form: TransferForm, actor: Actor, *, dry_run: bool) -> Transfer:
    names = form.cleaned_data
    return services.staff_transfer(
        actor=actor,
        person=parties.account_by_username(names["leaver"], actor=actor).person,
        organisation=parties.organisation_by_code(names["organisation"]).id,
        successor=parties.account_by_username(names["successor"], actor=actor).person,
        at=form.moment(),
        reason=names["reason"],
        dry_run=dry_run,
    )
