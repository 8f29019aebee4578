"""Signing in, in one step or two, and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from wushu.kernel.errors import Refusal
from wushu.parties import services as parties
from wushu.parties.types import TOTP_REQUIRED
from wushu.portal import pending
from wushu.portal.forms.account import SignInCodeForm, SignInForm
from wushu.portal.refusals import SIGN_IN_AGAIN
from wushu.portal.requests import actor_of, safe_next


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Username and password; asks for the code on a page of its own where one is needed."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        username, password = form.cleaned_data["username"], form.cleaned_data["password"]
        try:
            return _signed_in(request, username, password, "")
        except Refusal as refusal:
            if refusal.name == TOTP_REQUIRED.name:
                ticket = pending.seal(username, password, _browser(request))
                return _code_page(request, SignInCodeForm(initial={"ticket": ticket}))
            form.refuse(refusal)
    elif request.method == "GET" and actor_of(request) is not None:
        return HttpResponseRedirect(safe_next(request, reverse("portal:desk")))
    return render(
        request,
        "portal/sign_in.html",
        {"form": form, "next": safe_next(request, "")},
        status=form.status if form.errors else 200,
    )


@never_cache
@require_POST
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The one-time code of somebody whose password was right."""
    form = SignInCodeForm(request.POST)
    if form.is_valid():
        try:
            ticket = form.cleaned_data["ticket"]
            username, password = pending.unseal(ticket, _browser(request))
            return _signed_in(request, username, password, form.cleaned_data["code"])
        except Refusal as refusal:
            if refusal.name == SIGN_IN_AGAIN.name:
                again = SignInForm(request.POST)
                again.errors.clear()
                again.refuse(refusal)
                return render(request, "portal/sign_in.html", {"form": again}, status=401)
            form.refuse(refusal)
    return _code_page(request, form)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("portal:home")


def _signed_in(request: HttpRequest, username: str, password: str, code: str) -> HttpResponse:
    address = request.META.get("REMOTE_ADDR") or None
    account = parties.sign_in(username=username, password=password, code=code, address=address)
    parties.session_begin(request, account)
    return HttpResponseRedirect(safe_next(request, reverse("portal:desk")))


def _code_page(request: HttpRequest, form: SignInCodeForm) -> HttpResponse:
    context = {"form": form, "next": safe_next(request, "")}
    status = form.status if form.errors else 200
    return render(request, "portal/sign_in_code.html", context, status=status)


def _browser(request: HttpRequest) -> str:
    """What only this browser holds before it is signed in: its CSRF cookie."""
    return request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
