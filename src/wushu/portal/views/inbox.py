"""One page of all that waits for a person and their bodies."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wushu.parties.types import Actor
from wushu.portal import inbox
from wushu.portal.requests import signed_in


@require_safe
@signed_in
def waiting(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The oldest first; ``?mine=1``: only what is in one's own charge or anybody's."""
    found = inbox.waiting(actor)
    mine = request.GET.get("mine") == "1"
    shown = [one for one in found if one.who in ("", actor.name)] if mine else found
    context = {"waiting": shown, "mine": mine, "all_count": len(found)}
    return render(request, "portal/desk_inbox.html", context)
