"""``/api/v1/computations``: programs that are run where the data are, and the release of their results.

For the key's account, or for who is signed in.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wushu.catalog import selectors as catalog
from wushu.kernel.errors import NOT_FOUND, Said
from wushu.opening import selectors, services
from wushu.opening.api.answering import (
    answering,
    asked_of,
    limit_of,
    page_asked,
    response_of,
    text_of,
    uuid_of,
    wrong,
)
from wushu.opening.types import ComputationPage
from wushu.parties.types import Actor

_WHAT = Said("提交计算程序和审核结果", "hand in programs and decide on their results")
PAGE, PAGE_MOST = 20, 100


@csrf_exempt  # who submits by a session is asked for the token inside
@require_http_methods(["GET", "HEAD", "POST"])
def computations(request: HttpRequest) -> HttpResponse:
    """What the account submitted, newest first; or, by POST, hand in a program."""
    return _submit(request) if request.method == "POST" else _mine(request)


@answering("GET", "HEAD", what=_WHAT, parameters=("dataset", "cursor", "limit"))
def _mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    asked = request.GET
    slug = asked.get("dataset", "")
    found = selectors.computations_mine(
        actor=actor,
        dataset=catalog.entry_by_slug(slug).id if slug else None,
        cursor=asked.get("cursor"),
        limit=limit_of(asked.get("limit", ""), usual=PAGE, most=PAGE_MOST),
    )
    return _page(found)


@answering("POST", what=_WHAT)
def _submit(request: HttpRequest, actor: Actor) -> HttpResponse:
    asked = asked_of(request, ("dataset", "program", "grant"))
    made = services.computation_submit(
        actor=actor,
        dataset=catalog.entry_by_slug(text_of(asked, "dataset")).id,
        program=text_of(asked, "program"),
        grant=uuid_of(asked, "grant") if "grant" in asked else None,
    )
    document = selectors.computation_document(made)
    response = response_of(document, status=202)
    response.headers["Location"] = document["self"]
    return response


@answering("GET", "HEAD", what=_WHAT, parameters=("cursor", "limit"))
def waiting(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Results that wait for officials of the account's bodies, the longest waiting first."""
    return _page(
        selectors.computations_waiting(
            actor=actor, **page_asked(request, usual=PAGE, most=PAGE_MOST)
        )
    )


@answering("GET", "HEAD", what=_WHAT, parameters=("cursor", "limit"))
def failed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Programs over data of the account's bodies that did not run to their end, the newest first."""
    return _page(
        selectors.computations_failed(
            actor=actor, **page_asked(request, usual=PAGE, most=PAGE_MOST)
        )
    )


@answering("GET", "HEAD", what=_WHAT)
def computation(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """One computation."""
    return response_of(selectors.computation_document(selectors.computation(key, actor=actor)))


@answering("GET", what=_WHAT, parameters=("format",))
def result(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """A released result, for who submitted the program: JSON, or CSV with ``?format=csv``."""
    form = request.GET.get("format", "json")
    if form not in selectors.COMPUTED_FORMS:
        offered = ", ".join(selectors.COMPUTED_FORMS)
        raise wrong(
            Said("格式", "format", "format"),
            form,
            f"可用的格式：{offered}",
            f"it is one of {offered}",
        )
    file = selectors.computed_file(
        services.computation_download(actor=actor, computation=key), form
    )
    response = HttpResponse(file.content, content_type=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="computation-{key}.{form}"'
    return response


@answering("POST", what=_WHAT)
def step(request: HttpRequest, actor: Actor, key: UUID, name: str) -> HttpResponse:
    """Release or withhold a result, as an official of the opening body."""
    reason = text_of(asked_of(request, ("reason",)), "reason")
    match name:
        case "release":
            after = services.computation_release(actor=actor, computation=key, reason=reason)
        case "withhold":
            after = services.computation_withhold(actor=actor, computation=key, reason=reason)
        case _:
            raise NOT_FOUND(what=name)
    return response_of(selectors.computation_document(after))


def _page(found: ComputationPage) -> HttpResponse:
    items = [selectors.computation_document(one) for one in found.items]
    return response_of({"items": items, "next": found.cursor})
