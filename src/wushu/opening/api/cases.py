"""``/api/v1/cases``: the public ledger of cases, one's own, one's inbox; filing, and taking steps.

What a step asks for is in the case's document under ``steps``: fields and papers, each with its article.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from wushu.casework import selectors as casework
from wushu.casework.types import CasePage, CaseView, Paper
from wushu.catalog import selectors as catalog
from wushu.dataplane import selectors as dataplane
from wushu.kernel.errors import Said
from wushu.opening import services
from wushu.opening.api.answering import (
    DOCUMENT,
    answering,
    asked_of,
    for_everybody,
    limit_of,
    page_asked,
    response_of,
    wrong,
)
from wushu.opening.selectors import (
    case_document,
    case_lines,
    figures_document,
    public_case_document,
)
from wushu.opening.selectors.cases import first_step
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

_WHAT = Said("办理事项", "act in cases")
_SENT = ("values", "papers")
_FILED = (*_SENT, "organisation")
PAGE, PAGE_MOST = 50, 200
OFFICE = ("procedure", "body", "number", "state", "overdue", "cursor", "limit")
OPEN_OR_CLOSED = {"": None, "open": True, "closed": False}


@for_everybody
def cases(request: HttpRequest) -> HttpResponse:
    """The public ledger, newest first: no names, titles, reasons or papers."""
    asked = request.GET
    limit = limit_of(asked.get("limit", ""), usual=PAGE, most=PAGE_MOST)
    body = parties.organisation_by_code(asked["body"]).id if asked.get("body") else None
    subject = catalog.entry_by_slug(asked["dataset"]).id if asked.get("dataset") else None
    page = casework.public_page(
        procedure=asked.get("procedure", ""), number=asked.get("number", ""), body=body,
        subject=subject,
        cursor=asked.get("cursor"), limit=limit,
    )  # fmt: skip
    return response_of({"items": case_lines(page.lines), "next": page.cursor})


@for_everybody
def public(request: HttpRequest, number: str) -> HttpResponse:
    """One case as everybody may know it: its steps, and the answers that the regulation makes public."""
    return response_of(public_case_document(casework.public_case(number)))


@for_everybody
def figures(request: HttpRequest) -> HttpResponse:
    """How many cases were answered in the last 12 months, how fast, and how many in time."""
    code = request.GET.get("body")
    body = parties.organisation_by_code(code).id if code else None
    return response_of(figures_document(casework.case_figures(body=body)))


@answering("GET", "HEAD", what=_WHAT, parameters=("cursor", "limit"))
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the account filed, newest first."""
    return _listed(
        casework.filed_page(actor=actor, **page_asked(request, usual=PAGE, most=PAGE_MOST))
    )


@answering("GET", "HEAD", what=_WHAT, parameters=("procedure", "mine", "cursor", "limit"))
def inbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Cases in which it is the turn of one's office, due soonest first."""
    narrowed = casework.Filter(
        procedure=request.GET.get("procedure", ""),
        assignee=actor.person if _flag(request, "mine") else None,
    )
    page = casework.inbox_page(
        actor=actor, narrowed=narrowed, **page_asked(request, usual=PAGE, most=PAGE_MOST)
    )
    return _listed(page)


@answering("GET", "HEAD", what=_WHAT, parameters=OFFICE)
def office(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Cases in which one's office has a part, ended ones too, newest first."""
    asked = request.GET
    narrowed = casework.OfficeFilter(
        procedure=asked.get("procedure", ""),
        body=parties.organisation_by_code(asked["body"]).id if asked.get("body") else None,
        number=asked.get("number", ""), is_open=_is_open(asked.get("state", "")),
        overdue=_flag(request, "overdue"),
    )  # fmt: skip
    return _listed(
        casework.office_page(
            actor=actor, narrowed=narrowed, **page_asked(request, usual=PAGE, most=PAGE_MOST)
        )
    )


@answering("GET", "HEAD", what=_WHAT)
def case(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """One case with its timeline, its limits day by day, and what can be done now."""
    return response_of(case_document(casework.case_by_number(number, actor=actor)))


@answering("GET", "HEAD", what=_WHAT)
def paper(request: HttpRequest, actor: Actor, number: str, key: UUID) -> HttpResponse:
    """A paper's bytes as they were handed in, always as a download."""
    kept = casework.paper(number, key, actor=actor)
    response = HttpResponse(kept.content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(True, kept.name)
    return response


@answering("POST", what=_WHAT)
def step(request: HttpRequest, actor: Actor, number: str, key: str) -> HttpResponse:
    """Take a step; the answer is the case as it stands afterwards."""
    asked = asked_of(request, _SENT)
    found = casework.case_by_number(number, actor=actor)
    after = services.case_take(
        actor=actor, case=found.id, step=key, values=_values(asked), papers=_papers(asked)
    )
    return response_of(case_document(casework.case(after.id, actor=actor)))


@answering("POST", what=_WHAT)
def file_on_dataset(request: HttpRequest, actor: Actor, slug: str, procedure: str) -> HttpResponse:
    """File a case about a dataset; 201 with its document."""
    asked = asked_of(request, _FILED)
    entry = catalog.entry_by_slug(slug, actor=actor)
    made = services.case_file_on_dataset(
        actor=actor, dataset=entry.id, procedure=procedure, step=first_step(entry.body, procedure, actor=actor).id,
        organisation=_organisation(asked), values=_values(asked), papers=_papers(asked),
    )  # fmt: skip
    return _filed(made, actor)


@answering("POST", what=_WHAT)
def file_on_grant(request: HttpRequest, actor: Actor, grant: UUID, procedure: str) -> HttpResponse:
    """File a case about one user's access, such as a breach; 201 with its document."""
    asked = asked_of(request, _FILED)
    dataset, _given = dataplane.grant_overseen(grant, actor=actor)
    body = catalog.entry_by_id(dataset, actor=actor).body
    made = services.case_file_on_grant(
        actor=actor, grant=grant, procedure=procedure,
        step=first_step(body, procedure, actor=actor).id,
        organisation=_organisation(asked), values=_values(asked), papers=_papers(asked),
    )  # fmt: skip
    return _filed(made, actor)


@answering("POST", what=_WHAT)
def file_to_body(request: HttpRequest, actor: Actor, code: str, procedure: str) -> HttpResponse:
    """File a case to a body; 201 with its document."""
    asked = asked_of(request, _FILED)
    body = parties.organisation_by_code(code).id
    made = services.case_file_to_body(
        actor=actor, body=body, procedure=procedure, step=first_step(body, procedure, actor=actor).id,
        organisation=_organisation(asked), values=_values(asked), papers=_papers(asked),
    )  # fmt: skip
    return _filed(made, actor)


def _filed(made: CaseView, actor: Actor) -> HttpResponse:
    document = case_document(casework.case(made.id, actor=actor))
    response = response_of(document, status=201)
    response.headers["Location"] = document["self"]
    return response


# What is asked


def _listed(page: CasePage) -> HttpResponse:
    return response_of({"items": case_lines(page.lines), "next": page.cursor})


def _flag(request: HttpRequest, name: str) -> bool:
    text = request.GET.get(name, "")
    if text not in ("", "true", "false"):
        raise wrong(Said(name, name, name), text, "应为 true 或 false", "true or false")
    return text == "true"


def _is_open(text: str) -> bool | None:
    if text not in OPEN_OR_CLOSED:
        raise wrong(Said("state", "state", "state"), text, "应为 open 或 closed", "open or closed")
    return OPEN_OR_CLOSED[text]


def _values(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    values = asked.get("values", {})
    if not isinstance(values, dict):
        raise wrong(DOCUMENT, "values", "应为一个 JSON 对象", "it is no JSON object")
    return values


def _organisation(asked: Mapping[str, Any]) -> UUID | None:
    code = asked.get("organisation")
    return parties.organisation_by_code(str(code)).id if code else None


def _papers(asked: Mapping[str, Any]) -> list[Paper]:
    """``{"kind": …, "name": …, "content": base64}`` each."""
    given = asked.get("papers", [])
    try:
        return [
            Paper(
                str(one["kind"]), str(one["name"]), base64.b64decode(one["content"], validate=True)
            )
            for one in given
        ]
    except (TypeError, KeyError, ValueError, binascii.Error):
        raise wrong(
            DOCUMENT, "papers", "每份材料须有 kind、name 和 base64 的 content",
            "each has a kind, a name, and its content in base64",
        ) from None  # fmt: skip
