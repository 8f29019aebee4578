"""``/api/v1/case-notices``: what the account was told of cases."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from wushu.kernel.errors import Said
from wushu.opening import selectors, services
from wushu.opening.api.answering import answering, asked_of, limit_of, response_of, wrong
from wushu.parties.types import Actor

PAGE, PAGE_MOST = 50, 200
_WHAT = Said("查看办件通知", "read what you were told of cases")


@answering("GET", "HEAD", "POST", what=_WHAT, parameters=("cursor", "limit"))
def case_notices(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The newest first; or, by POST, mark as read all up to one."""
    if request.method == "POST":
        through = asked_of(request, ("read_through",)).get("read_through")
        if not isinstance(through, int) or isinstance(through, bool):
            raise wrong(
                Said("read_through", "read_through", "read_through"), str(through)[:80],
                "应为一条通知的 id", "the id of a notice",
            )  # fmt: skip
        return response_of({"read": services.case_notices_read(actor=actor, through=through)})
    page = selectors.case_notices(
        actor=actor,
        cursor=request.GET.get("cursor"),
        limit=limit_of(request.GET.get("limit", ""), usual=PAGE, most=PAGE_MOST),
    )
    return response_of(
        {"items": selectors.case_notice_documents(page.notices), "next": page.cursor}
    )
