"""One's own account: password, one-time codes, keys for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wushu.dataplane import selectors as dataplane
from wushu.kernel.errors import Refusal
from wushu.opening import selectors as opening
from wushu.parties import selectors as parties
from wushu.parties import services
from wushu.parties.types import Actor, ApiKeyView, TotpSetup
from wushu.portal import belonging_page, grants_page, key_page
from wushu.portal.forms.account import ApiKeyForm, PasswordAgainForm, PasswordForm, TotpForm
from wushu.portal.forms.base import PortalForm
from wushu.portal.requests import signed_in

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def account(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who one is here, and what there is to look after."""
    assert actor.account is not None
    context = {
        "view": parties.account(actor.account, actor=actor),
        "memberships": parties.memberships_of(actor),
        "keys": key_page.keys(actor),
        "allowed": dataplane.allowance_of(""),
        "sign_ins": parties.sign_ins(actor=actor, limit=10),
        "provider": parties.outside_sign_in_is_on(),
        "linked": parties.outside_identities(actor=actor),
        "grants": grants_page.held(actor),
        "favourites": belonging_page.favourites(actor),
        "subscriptions": opening.subscriptions(actor=actor),
        "suspended": opening.suspended_count(actor=actor),
    }
    return render(request, "portal/account.html", context)


@_GET_OR_POST
@signed_in
def password(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Set a new password; this session stays, all others end, and so do the keys if that is ticked."""
    assert actor.account is not None
    form = PasswordForm(request.POST or None)
    keys = _live_keys(parties.api_keys(actor=actor), timezone.now())
    if request.method == "POST" and form.is_valid():
        try:
            services.account_set_password(
                actor=actor,
                account=actor.account,
                password=form.cleaned_data["password"],
                current=form.cleaned_data["current"],
                keep_keys=not form.cleaned_data["revoke"],
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            services.session_keep(request, actor.account)
            messages.success(
                request, _("The new password is set. Your sessions elsewhere have ended.")
            )
            return redirect("portal:account")
    return _form_page(request, "portal/account_password.html", form, keys=keys)


@require_POST
@signed_in
def sessions_end(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Sign out wherever else the account is signed in."""
    assert actor.account is not None
    services.account_end_sessions(actor=actor, account=actor.account)
    services.session_keep(request, actor.account)
    messages.success(request, _("Your sessions elsewhere have ended."))
    return redirect("portal:account")


@_GET_OR_POST
@signed_in
def codes(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Set up one-time codes or stop them; each begins with the password."""
    assert actor.account is not None
    has_codes = parties.account(actor.account, actor=actor).has_totp
    form = PasswordAgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        current = form.cleaned_data["current"]
        try:
            if not has_codes:
                return _codes_page(request, services.totp_begin(actor=actor, password=current))
            services.totp_remove(actor=actor, account=actor.account, password=current)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            services.session_keep(request, actor.account)
            messages.success(request, _("Signing in asks for no one-time code any more."))
            return redirect("portal:account")
    return _form_page(request, "portal/account_codes.html", form, has_codes=has_codes)


@require_POST
@signed_in
def codes_confirm(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Finish the set-up with the device's first code; sessions elsewhere end."""
    assert actor.account is not None
    form = TotpForm(request.POST)
    if form.is_valid():
        try:
            services.totp_confirm(
                actor=actor, ticket=form.cleaned_data["ticket"], code=form.cleaned_data["code"]
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            services.session_keep(request, actor.account)
            messages.success(request, _("From now on signing in asks for a one-time code."))
            return redirect("portal:account")
    return _form_page(request, "portal/account_codes_confirm.html", form)


@_GET_OR_POST
@signed_in
def key_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Issue a key and show it, once."""
    form = ApiKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            key, secret = services.api_key_issue(
                actor=actor,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                password=form.cleaned_data["current"],
                expires_at=form.expires_at(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return render(request, "portal/account_key.html", {"key": key, "secret": secret})
    return _form_page(request, "portal/account_key_new.html", form)


@_GET_OR_POST
@signed_in
def key_revoke(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Say what ends, then end it."""
    if request.method == "POST":
        services.api_key_revoke(actor=actor, key=key)
        messages.success(request, _("The key is revoked: it works nowhere any more."))
        return redirect("portal:account")
    found = next((one for one in parties.api_keys(actor=actor) if one.id == key), None)
    if found is None:
        return redirect("portal:account")
    return render(request, "portal/account_key_revoke.html", {"key": found})


def _live_keys(keys: Sequence[ApiKeyView], now: datetime) -> list[ApiKeyView]:
    """The keys that work."""
    return [
        key
        for key in keys
        if key.revoked_at is None and (key.expires_at is None or key.expires_at > now)
    ]


def _codes_page(request: HttpRequest, setup: TotpSetup) -> HttpResponse:
    context = {
        "form": TotpForm(initial={"ticket": setup.ticket}),
        "secret": " ".join(setup.secret[i : i + 4] for i in range(0, len(setup.secret), 4)),
        "picture": segno.make(setup.uri).svg_data_uri(border=0, scale=4),
    }
    return render(request, "portal/account_codes_confirm.html", context)


def _form_page(
    request: HttpRequest, template: str, form: PortalForm, **context: object
) -> HttpResponse:
    status = form.status if form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
