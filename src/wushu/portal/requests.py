"""What a view asks of a request: who acts, in which language, where to go next."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from wushu.kernel.errors import Language
from wushu.kernel.languages import language_of
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
SignedInView = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]

_CACHE = "_wushu_actor"


def language() -> Language:
    """Language of the page being made."""
    return language_of(get_language())


def actor_of(request: HttpRequest) -> Actor | None:
    """Who is signed in, with the roles held now; None for the public. Asked once a request."""
    if not hasattr(request, _CACHE):
        user = getattr(request, "user", None)
        account = user.pk if user is not None and user.is_authenticated else None
        found = parties.actor_for_account(account) if account is not None else None
        setattr(request, _CACHE, found)
    actor: Actor | None = getattr(request, _CACHE)
    return actor


def signed_in(view: SignedInView[P]) -> View[P]:
    """Give the view the actor; send the public to the sign-in page and back here afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        actor = actor_of(request)
        if actor is None:
            here = request.get_full_path() if request.method == "GET" else reverse("portal:desk")
            return HttpResponseRedirect(f"{reverse('portal:sign-in')}?{urlencode({'next': here})}")
        response = view(request, actor, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return cast("View[P]", guarded)


def safe_next(request: HttpRequest, fallback: str) -> str:
    """The address in ``next`` if it is on this host, else the fallback."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if allowed else fallback


def prefers_json(request: HttpRequest) -> bool:
    """Whether the client would rather have JSON than a page."""
    if not request.headers.get("Accept"):
        return False
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def urn_uuid(urn: str) -> UUID | None:
    """The UUID of a ``urn:uuid:`` name; None for any other."""
    try:
        return UUID(urn.removeprefix("urn:uuid:"))
    except ValueError:
        return None


def page_address(request: HttpRequest, cursor: str | None) -> str:
    """The page being asked for, at another place of its list."""
    query = request.GET.copy()
    query.pop("cursor", None)
    if cursor:
        query["cursor"] = cursor
    return f"{request.path}?{query.urlencode()}" if query else request.path
