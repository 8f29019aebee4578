"""Signing in by an identity provider: away, back, and the link that a person makes to it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from wushu.kernel.errors import Refusal
from wushu.parties import selectors as parties
from wushu.parties import services
from wushu.parties.types import Actor, OutsideWho
from wushu.portal.forms.account import OutsideLinkForm, SignInCodeForm
from wushu.portal.requests import actor_of, safe_next, signed_in
from wushu.portal.views.sign_in import FROM_PROVIDER, begun_session, client_of, code_page

_COOKIE = "wushu-provider"
_SECONDS = 600


@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider; what it must come back with waits in a cookie of this site."""
    actor = actor_of(request)
    after = {
        "next": safe_next(request, ""),
        "link": str(actor.account) if actor is not None and "link" in request.GET else "",
        "language": get_language(),
    }
    get_token(request)  # the cookie that the ticket of the next step will be bound to
    step = services.outside_begin(back=_back(), after=after)
    response = HttpResponseRedirect(step.url)
    response.set_cookie(
        _COOKIE,
        step.kept,
        max_age=_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",  # it must come along when the provider sends the browser back
    )
    return response


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """The provider has sent the browser back: sign in, ask for the code, or ask for the password."""
    who = services.outside_finish(
        kept=request.COOKIES.get(_COOKIE, ""), answer=request.GET.dict(), back=_back()
    )
    with override(who.after["language"]):
        response = _link_page(request, who) if who.after["link"] else _sign_in(request, who)
    response.delete_cookie(_COOKIE, samesite="Lax")
    return response


def _sign_in(request: HttpRequest, who: OutsideWho) -> HttpResponse:
    client = client_of(request)
    step = services.outside_sign_in(who=who, browser=client["browser"], address=client["address"])
    after = who.after["next"] or reverse("portal:desk")
    if step.account is None:
        request.session[FROM_PROVIDER] = True
        return code_page(request, SignInCodeForm(initial={"ticket": step.ticket}), after)
    response = begun_session(request, step.account, after)
    request.session[FROM_PROVIDER] = True
    return response


def _link_page(request: HttpRequest, who: OutsideWho) -> HttpResponse:
    actor = actor_of(request)
    if actor is None or str(actor.account) != who.after["link"]:
        return redirect("portal:sign-in")
    ticket = services.outside_ticket(actor=actor, who=who)
    form = OutsideLinkForm(initial={"ticket": ticket, "shown": who.name or who.subject})
    return render(
        request,
        "portal/account_provider_confirm.html",
        {"form": form, "shown": who.name or who.subject, "issuer": who.issuer},
    )


@require_safe
@signed_in
def link(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Whether an identity signs in to this account, and the way to link one or take it away."""
    context = {"links": parties.outside_identities(actor=actor), "name": settings.OIDC_NAME}
    return render(request, "portal/account_provider.html", context)


@require_POST
@signed_in
def link_confirm(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Link, with the password."""
    form = OutsideLinkForm(request.POST)
    if form.is_valid():
        try:
            services.outside_link_own(
                actor=actor,
                ticket=form.cleaned_data["ticket"],
                password=form.cleaned_data["current"],
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("From now on the identity provider signs you in."))
            return redirect("portal:account")
    context = {"form": form, "shown": form.data.get("shown", ""), "issuer": settings.OIDC_ISSUER}
    return render(request, "portal/account_provider_confirm.html", context, status=form.status)


@require_POST
@signed_in
def link_end(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take the link away; this session stays, all others end."""
    assert actor.account is not None
    services.outside_unlink(actor=actor, account=actor.account)
    services.session_keep(request, actor.account)
    messages.success(request, _("The identity provider signs you in no more."))
    return redirect("portal:account")


def _back() -> str:
    """The one address that is registered at the provider, whatever the page's language."""
    with override(settings.LANGUAGE_CODE):
        return settings.BASE_URL + reverse("portal:outside-back")
