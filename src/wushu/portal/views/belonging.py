"""What is one's own: marks on datasets, and subscriptions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wushu.catalog import selectors as catalog
from wushu.kernel.errors import Refusal
from wushu.opening import selectors as opening
from wushu.opening import services
from wushu.opening.types import Channel
from wushu.parties.types import Actor
from wushu.portal import belonging_page
from wushu.portal.forms.belonging import SubscribeForm
from wushu.portal.requests import safe_next, signed_in

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
@signed_in
def favourite(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Mark a dataset, or take the mark away; and back to where one was."""
    entry = catalog.entry_by_slug(slug)
    if request.POST.get("marked") == "1":
        services.favourite_add(actor=actor, dataset=entry.id)
        messages.success(request, _("Marked. You find it again on your account's page."))
    else:
        services.favourite_remove(actor=actor, dataset=entry.id)
        messages.success(request, _("The mark is taken away."))
    return redirect(safe_next(request, reverse("portal:dataset", args=[slug])))


@require_safe
@signed_in
def subscriptions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the account follows, and how it stands."""
    return render(request, "portal/subscriptions.html", {"lines": belonging_page.lines(actor)})


@_GET_OR_POST
@signed_in
def subscription_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Follow what the address says; a webhook's secret is shown once."""
    target = belonging_page.target_asked(request.GET)
    first = {"channel": opening.channels()[0].value}
    form = SubscribeForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            view, secret = services.subscription_open(
                actor=actor, channel=form.chosen(), target=target,
                address=form.cleaned_data["address"],
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if view.channel is Channel.WEBHOOK:
                context = {"view": view, "secret": secret}
                return render(request, "portal/subscription_secret.html", context)
            messages.success(request, _("A mail with a link is on its way. Open it to confirm."))
            return redirect("portal:subscriptions")
    context = {"form": form, "followed": belonging_page.followed(target)}
    status = form.status if form.errors else 200
    return render(request, "portal/subscription_new.html", context, status=status)


@_GET_OR_POST
@signed_in
def subscription_end(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Say what ends, then end it."""
    view = opening.subscription(key, actor=actor)
    if request.method == "POST":
        services.subscription_end(actor=actor, subscription=key)
        messages.success(request, _("The subscription has ended, and its address is erased."))
        return redirect("portal:subscriptions")
    context = {"view": view, "followed": belonging_page.followed(view.target)}
    return render(request, "portal/subscription_end.html", context)


@require_POST
@signed_in
def subscription_ask_again(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Ask the address once more."""
    services.subscription_ask_again(actor=actor, subscription=key)
    messages.success(request, _("The address is being asked again."))
    return redirect("portal:subscriptions")


# By the links in mails: who opens them need not be signed in


@_GET_OR_POST
@never_cache
def subscription_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and confirm on POST only: what looks into mails beforehand must not agree for anybody."""
    view = opening.subscription_by_confirm_link(token)
    done = request.method == "POST"
    if done:
        view = services.subscription_confirm(token)
    context = {"view": view, "followed": belonging_page.followed(view.target), "done": done}
    return render(request, "portal/subscription_confirm.html", context)


@csrf_exempt  # a mail provider's one click carries no cookie and no token of ours (RFC 8058)
@_GET_OR_POST
@never_cache
def subscription_end_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and end on POST only: by the page's button or by a mail program's one click."""
    view = opening.subscription_by_end_link(token)
    if request.method == "POST" and view is not None:
        services.subscription_end_by_link(token)
        view = None
    followed = belonging_page.followed(view.target) if view is not None else None
    context = {"view": view, "followed": followed}
    return render(request, "portal/subscription_end_by_link.html", context)
