"""Pages everybody reads: home, catalogue, datasets, bodies."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from wushu.casework.types import SubjectKind
from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryState
from wushu.dataplane import selectors as dataplane
from wushu.kernel.noting import note_use
from wushu.opening import selectors as opening
from wushu.parties import selectors as parties
from wushu.parties.types import OrganisationKind
from wushu.portal import dataset_page, elsewhere, home_page, opening_page
from wushu.portal.context import ELDER_COOKIE
from wushu.portal.forms.search import SearchForm
from wushu.portal.requests import actor_of, page_address, safe_next

PAGE_SIZE = 20
_YEAR_SECONDS = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this region opened, one search box, what is new, how to check us."""
    return render(request, "portal/home.html", {**home_page.content(), "is_home": True})


@require_safe
def datasets(request: HttpRequest) -> HttpResponse:
    """The catalogue: search, facets, pages by cursor. htmx asks for the results alone."""
    form = SearchForm(request.GET)
    wanted = form.wanted()
    listing = form.listing()
    cursor = request.GET.get("cursor") or None
    page = catalog.entries_sorted(**wanted, **listing, cursor=cursor, limit=PAGE_SIZE)
    facets = catalog.facets(**wanted, freshness=listing["freshness"])
    form.offer(facets)
    context = {
        "form": form,
        "page": page,
        "wanted": wanted,
        "filtered": any(wanted.values()) or listing["freshness"] is not None,
        "feed_query": urlencode(form.asked()),
        "first": page_address(request, None) if request.GET.get("cursor") else "",
        "next": page_address(request, page.cursor) if page.cursor else "",
    }
    if not cursor and not any(value for name, value in wanted.items() if name != "query"):
        context |= elsewhere.beneath(wanted["query"])
    partial = request.headers.get("HX-Request") == "true"
    response = render(request, "parts/results.html" if partial else "portal/datasets.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def dataset(request: HttpRequest, slug: str) -> HttpResponse:
    """One dataset: what is listed of it, its first rows, how to get and to check it.

    Who prefers RDF is sent to it (RFC 9110, section 12.5.1).
    """
    suffix = catalog.negotiate(request.headers.get("Accept", ""))
    if suffix is not None:
        see_other = HttpResponseRedirect(f"/datasets/{slug}.{suffix}")
        see_other.status_code = 303
        patch_vary_headers(see_other, ["Accept"])
        return see_other
    entry = catalog.entry_by_slug(slug)
    may_oversee = opening_page.may_oversee(entry, actor_of(request))
    marked = opening.is_favourite(entry.id, actor=actor_of(request))
    if entry.state in (EntryState.WITHDRAWN, EntryState.SEALED):
        status = 410 if entry.state is EntryState.WITHDRAWN else 451
        context = dataset_page.notice(entry) | {"may_oversee": may_oversee, "marked": marked}
        return render(request, "portal/dataset_closed.html", context, status=status)
    if entry.revision is None:
        raise Http404(slug)
    context = dataset_page.content(entry, actor_of(request), request.GET.get("version"))
    context["may_oversee"] = may_oversee
    context["marked"] = marked
    context["wanted_by"] = opening.wanted_by(entry.id, settings.WANTED_MIN)
    note_use(entry.id, dataplane.PAGE)
    response = render(request, "portal/dataset.html", context)
    patch_vary_headers(response, ["Accept"])
    base = settings.BASE_URL
    response.headers["Link"] = ", ".join(
        f'<{base}/datasets/{slug}.{suffix}>; rel="describedby"; type="{media_type}"'
        for suffix, media_type in (("ttl", "text/turtle"), ("jsonld", "application/ld+json"))
    )
    return response


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """Who opens data here."""
    opened = {facet.value: facet.count for facet in home_page.facets().bodies}
    listed = [
        (body, opened.get(str(body.id), 0))
        for body in parties.organisations(OrganisationKind.DEPARTMENT)
    ]
    listed.sort(key=lambda one: -one[1])
    return render(request, "portal/bodies.html", {"bodies": listed})


@require_safe
def body(request: HttpRequest, code: str) -> HttpResponse:
    """One body, its contact, which others it stands between, and what it opened."""
    found = parties.organisation_by_code(code)
    actor = actor_of(request)
    page = catalog.entries(body=found.id, cursor=request.GET.get("cursor") or None, limit=PAGE_SIZE)
    context = {
        "body": found,
        "above": parties.above(found.id),
        "under": parties.under(found.id),
        "plan_years": opening.plans_of_body(found.id),
        "to_file": opening.to_file(found.id, SubjectKind.BODY),
        "to_begin": opening.to_begin(found.id, SubjectKind.BODY, actor=actor) if actor else (),
        "page": page,
        "first": page_address(request, None) if request.GET.get("cursor") else "",
        "next": page_address(request, page.cursor) if page.cursor else "",
    }
    return render(request, "portal/body.html", context)


@require_safe
def elder(request: HttpRequest) -> HttpResponse:
    """Switch elder mode (长辈版) on (``?on=1``) or off and go back to the page one was on."""
    response = HttpResponseRedirect(safe_next(request, reverse("portal:home")))
    if request.GET.get("on") != "1":
        response.delete_cookie(ELDER_COOKIE)
    else:
        response.set_cookie(
            ELDER_COOKIE, "1", max_age=_YEAR_SECONDS, samesite="Lax", httponly=True,
            secure=request.is_secure(),
        )  # fmt: skip
    return response
