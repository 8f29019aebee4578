"""Signing in, in one step or two, and out."""

from __future__ import annotations

from typing import TypedDict
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from wushu.kernel.errors import Refusal
from wushu.parties import selectors
from wushu.parties import services as parties
from wushu.parties.types import SIGN_IN_AGAIN
from wushu.portal.forms.account import SignInCodeForm, SignInForm
from wushu.portal.requests import actor_of, safe_next

_DEVICE_COOKIE = "wushu-device"
_DEVICE_SECONDS = 180 * 86_400
FROM_PROVIDER = "from-provider"
"""Marks a session that an identity provider began."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Username and password; asks for the code on a page of its own where one is needed."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            step = parties.sign_in_begin(
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                **client_of(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if step.account is None:
                return code_page(request, SignInCodeForm(initial={"ticket": step.ticket}))
            return begun_session(request, step.account)
    elif request.method == "GET" and actor_of(request) is not None:
        return HttpResponseRedirect(safe_next(request, reverse("portal:desk")))
    return render(
        request,
        "portal/sign_in.html",
        {"form": form, "next": safe_next(request, ""), **_provider()},
        status=form.status if form.errors else 200,
    )


@never_cache
@require_POST
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The one-time code of somebody whose password was right."""
    form = SignInCodeForm(request.POST)
    if form.is_valid():
        try:
            account = parties.sign_in_finish(
                ticket=form.cleaned_data["ticket"],
                code=form.cleaned_data["code"],
                **client_of(request),
            )
        except Refusal as refusal:
            if refusal.name == SIGN_IN_AGAIN.name:
                again = SignInForm(request.POST)
                again.errors.clear()
                again.refuse(refusal)
                return render(
                    request, "portal/sign_in.html", {"form": again, **_provider()}, status=401
                )
            form.refuse(refusal)
        else:
            return begun_session(request, account)
    return code_page(request, form)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; who came from an identity provider is shown how to sign out there too."""
    from_provider = bool(request.session.get(FROM_PROVIDER))
    logout(request)
    home = settings.BASE_URL + reverse("portal:home")
    elsewhere = selectors.outside_sign_out_url(home) if from_provider else ""
    if elsewhere:
        return render(request, "portal/signed_out.html", {"elsewhere": elsewhere})
    return redirect("portal:home")


def begun_session(request: HttpRequest, account: UUID, after: str = "") -> HttpResponse:
    """Begin the session, and let the browser be known: others' guesses will not lock it out."""
    parties.session_begin(request, account)
    response = HttpResponseRedirect(after or safe_next(request, reverse("portal:desk")))
    response.set_cookie(
        _DEVICE_COOKIE,
        parties.device_token(account),
        max_age=_DEVICE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def code_page(request: HttpRequest, form: SignInCodeForm, after: str = "") -> HttpResponse:
    """Asks for the code; ``after`` is where the person goes then."""
    context = {"form": form, "next": after or safe_next(request, "")}
    status = form.status if form.errors else 200
    return render(request, "portal/sign_in_code.html", context, status=status)


def _provider() -> dict[str, object]:
    """For the sign-in page: whether there is an identity provider, and what it is called."""
    return {"provider": selectors.outside_sign_in_is_on(), "provider_name": settings.OIDC_NAME}


class Client(TypedDict):
    """What is known of the browser before it is signed in."""

    browser: str
    address: str | None
    device: str


def client_of(request: HttpRequest) -> Client:
    """What is known of the browser that asks."""
    return {
        "browser": request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""),  # what only this one holds
        "address": request.META.get("REMOTE_ADDR") or None,
        "device": request.COOKIES.get(_DEVICE_COOKIE, ""),
    }
