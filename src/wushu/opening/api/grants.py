"""``/api/v1/grants/mine``: what the account may read, for what, until when, and what is left of it today."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from wushu.kernel.errors import Said
from wushu.opening import selectors
from wushu.opening.api.answering import answering, response_of
from wushu.parties.types import Actor

_WHAT = Said("查看自己的授权", "see what you may read")


@answering("GET", "HEAD", what=_WHAT)
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Those in force or to come, also of one's organisations; the one that ends first, first."""
    del request
    return response_of({"items": selectors.grant_documents(actor=actor)})
