"""``/api/v1/cases/<number>/…``: what people do in a case beside its steps; answered with the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from wushu.casework import selectors as casework
from wushu.casework import services
from wushu.casework.types import CaseView
from wushu.kernel.errors import Said
from wushu.opening.api.answering import (
    DOCUMENT,
    answering,
    asked_of,
    flag_of,
    response_of,
    text_of,
    wrong,
)
from wushu.opening.selectors import agreement_documents, case_document, case_lines
from wushu.opening.selectors import agreements as agreements_of
from wushu.parties.types import Actor

_WHAT = Said("办理事项", "act in cases")


@answering("POST", what=_WHAT)
def messages(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Write to the other side, or a note among officials."""
    asked = asked_of(request, ("text", "among_officials"))
    found = casework.case_by_number(number, actor=actor)
    among = flag_of(asked, "among_officials")
    return _answer(
        services.case_write(
            actor=actor, case=found.id, text=text_of(asked, "text"), among_officials=among
        )
    )


@answering("GET", "HEAD", "POST", what=_WHAT)
def assignment(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Who works on it and who could; a person sent takes it, without one oneself."""
    found = casework.case_by_number(number, actor=actor)
    if request.method != "POST":
        people = casework.colleagues(found, actor=actor)
        return response_of(
            {
                "assignee": case_document(found)["assignee"],
                "colleagues": [{"person": key, "name": name} for key, name in people.items()],
            }
        )
    asked = asked_of(request, ("person",))
    chosen = _key(asked, "person") if "person" in asked else actor.person
    assert chosen is not None  # a key and a sign-in are of somebody
    return _answer(services.case_assign(actor=actor, case=found.id, person=chosen))


@answering("GET", "HEAD", what=_WHAT)
def agreements(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The use agreements of a case, the newest first; one that was renewed stays."""
    found = casework.case_by_number(number, actor=actor)
    several = agreements_of(found.id, actor=actor)
    return response_of({"items": agreement_documents(several)})


@answering("GET", "HEAD", what=_WHAT)
def referred(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Cases in which an official asked the expert panel, for its members."""
    return response_of({"items": case_lines(casework.cases_referred(actor=actor))})


@answering("POST", what=_WHAT)
def referral(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Ask the expert panel."""
    asked = asked_of(request, ("question",))
    found = casework.case_by_number(number, actor=actor)
    return _answer(
        services.case_refer(actor=actor, case=found.id, question=text_of(asked, "question"))
    )


@answering("POST", what=_WHAT)
def opinion(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Give an opinion as an expert who was asked."""
    asked = asked_of(request, ("text",))
    found = casework.case_by_number(number, actor=actor)
    return _answer(services.case_advise(actor=actor, case=found.id, opinion=text_of(asked, "text")))


@answering("POST", what=_WHAT)
def merge(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """End a duplicate, which goes on in another case."""
    asked = asked_of(request, ("into",))
    found = casework.case_by_number(number, actor=actor)
    other = casework.case_by_number(text_of(asked, "into"), actor=actor)
    return _answer(services.case_merge(actor=actor, case=found.id, into=other.id))


def _key(asked: Mapping[str, Any], name: str) -> UUID:
    try:
        return UUID(str(asked[name]))
    except ValueError:
        raise wrong(DOCUMENT, str(asked[name]), "应为 UUID", "it is a UUID") from None


def _answer(case: CaseView) -> HttpResponse:
    return response_of(case_document(case))
