"""What every page knows: the region, who is signed in, and how the reader wants to read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from wushu.evidence import selectors as evidence
from wushu.opening import selectors as opening
from wushu.parties.types import Role
from wushu.portal import checkpoints, inbox
from wushu.portal.requests import actor_of, language

ELDER_COOKIE = "elder"


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor; what costs a query is asked only when a template uses it."""
    elder = request.COOKIES.get(ELDER_COOKIE) == "1"
    switch = urlencode({"on": "0" if elder else "1", "next": request.get_full_path()})
    return {
        "language": language(),
        "elder": elder,
        "region": SimpleLazyObject(_region),
        "actor": SimpleLazyObject(lambda: actor_of(request)),
        "reviews": SimpleLazyObject(lambda: _holds(request, Role.DATA_AUTHORITY)),
        "publishes": SimpleLazyObject(lambda: _holds(request, Role.OPENING_BODY)),
        "printed_checkpoint": checkpoints.published,
        # A number, which no lazy object can stand for.
        "inbox_count": lambda: _inbox_count(request),
        "notices_unread": lambda: _notices_unread(request),
        "at_desk": _at_desk(request),
        "operates": SimpleLazyObject(lambda: _holds(request, Role.PLATFORM_OPERATOR)),
        "other_language_url": _in_other_language(request),
        # Not the request's own host: a page may be made to say that the host is not ours.
        "page_address": f"{settings.BASE_URL}{request.get_full_path()}",
        "elder_url": f"{reverse('portal:elder')}?{switch}",
    }


def _region() -> str:
    node = evidence.node_or_none()
    return node.region(language()) if node is not None else gettext("This node")


def _inbox_count(request: HttpRequest) -> int:
    actor = actor_of(request)
    return 0 if actor is None else inbox.count(actor, afresh=_at_desk(request))


def _notices_unread(request: HttpRequest) -> str:
    """How many, as they are written; nothing where all is read."""
    count = opening.case_notices_unread(actor=actor_of(request))
    return f"{count}+" if count == opening.COUNTED_MOST else str(count or "")


def _at_desk(request: HttpRequest) -> bool:
    return request.path.removeprefix("/en").startswith(("/desk", "/ledger"))


def _holds(request: HttpRequest, role: Role) -> bool:
    actor = actor_of(request)
    return actor is not None and actor.holds(role)


def _in_other_language(request: HttpRequest) -> str:
    return translate_url(request.get_full_path(), "zh-hans" if language() == "en" else "en")
