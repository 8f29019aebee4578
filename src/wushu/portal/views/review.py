"""The reviewer's desk: what waits, what changed, the rows, the decision."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import ReviewDecision
from wushu.dataplane import services
from wushu.kernel.errors import Refusal
from wushu.parties.types import Actor
from wushu.portal import review_page
from wushu.portal.forms.review import ReviewForm
from wushu.portal.requests import signed_in


@require_safe
@signed_in
def queue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What was submitted, the longest waiting first."""
    waiting = review_page.queue(catalog.review_queue(actor=actor), actor)
    return render(request, "portal/review_queue.html", {"waiting": waiting})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def revision(request: HttpRequest, actor: Actor, revision: UUID) -> HttpResponse:
    """One submission: compare, look at the rows, and list it or return it with reasons."""
    found = catalog.revision(revision, actor=actor)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        listing = form.cleaned_data["decision"] == ReviewDecision.LIST.value
        try:
            if listing:
                services.revision_list(actor=actor, revision=revision)
            else:
                catalog_services.revision_return(
                    actor=actor, revision=revision, reasons=form.cleaned_data["reasons"]
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            done = _("Listed. The public can see it now.") if listing else _(
                "Returned, with your reasons."
            )  # fmt: skip
            messages.success(request, done)
            return redirect("portal:review-queue")
    context = review_page.content(found, actor) | {"form": form}
    status = form.status if form.errors else 200
    return render(request, "portal/review.html", context, status=status)
