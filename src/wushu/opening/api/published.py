"""``/api/v1/breaches``, ``/api/v1/reassessments``: what everybody may know beside the ledger of cases."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from wushu.casework import selectors as casework
from wushu.opening.api.answering import for_everybody, limit_of, response_of
from wushu.opening.selectors import notices_document, reassessment_documents, reassessments_page
from wushu.parties import selectors as parties

PAGE, PAGE_MOST = 50, 200


@for_everybody
def breaches(request: HttpRequest) -> HttpResponse:
    """Breaches by users that officials published, newest first; of their cases nothing else (art. 37)."""
    limit = limit_of(request.GET.get("limit", ""), usual=PAGE, most=PAGE_MOST)
    page = casework.published_page("breaches", cursor=request.GET.get("cursor"), limit=limit)
    return response_of(notices_document(page))


@for_everybody
def reassessments(request: HttpRequest) -> HttpResponse:
    """When each dataset that is not opened is due to be re-assessed, the soonest first (art. 8)."""
    asked = request.GET
    limit = limit_of(asked.get("limit", ""), usual=PAGE, most=PAGE_MOST)
    body = parties.organisation_by_code(asked["body"]).id if asked.get("body") else None
    page = reassessments_page(body=body, cursor=asked.get("cursor"), limit=limit)
    return response_of({"items": reassessment_documents(page.items), "next": page.cursor})
