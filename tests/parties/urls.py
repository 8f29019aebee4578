"""Two small pages in front of the real services, as a portal would put them there."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path

from wushu.parties import selectors, services


def sign_in(request: HttpRequest) -> HttpResponse:
    account = services.sign_in(
        username=request.POST["username"],
        password=request.POST["password"],
        address=request.META["REMOTE_ADDR"],
    )
    services.session_begin(request, account)
    return HttpResponse()


def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user.pk or "nobody"))


def change_password(request: HttpRequest) -> HttpResponse:
    account = UUID(str(request.user.pk))
    services.account_set_password(
        actor=selectors.actor_for_account(account),
        account=account,
        password=request.POST["password"],
        current=request.POST["current"],
    )
    services.session_keep(request, account)
    return HttpResponse()


urlpatterns = [
    path("sign-in", sign_in),
    path("who", who),
    path("password", change_password),
]
