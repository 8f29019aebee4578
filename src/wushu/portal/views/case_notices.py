"""What one was told of cases: one's own, and those that wait for one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from wushu.opening import selectors as opening
from wushu.opening import services
from wushu.parties.types import Actor
from wushu.portal.requests import page_address, signed_in

PAGE = 50


@require_safe
@signed_in
def notices(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The newest first, and by which other ways one is told."""
    page = opening.case_notices(actor=actor, cursor=request.GET.get("cursor"), limit=PAGE)
    context = {
        "notices": page.notices,
        "newest": max((one.id for one in page.notices), default=0),
        "unread": opening.case_notices_unread(actor=actor),
        "first": page_address(request, None) if request.GET.get("cursor") else "",
        "next": page_address(request, page.cursor) if page.cursor else "",
    }
    return render(request, "portal/case_notices.html", context)


@require_POST
@signed_in
def read(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Mark as read what stood on the page and all before it."""
    through = request.POST.get("through", "")
    if through.isascii() and through.isdigit():
        services.case_notices_read(actor=actor, through=int(through))
    return redirect("portal:case-notices")
