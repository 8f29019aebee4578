"""CKAN's Action API v3 over the catalogue, so that CKAN's clients and harvesters read it.

``/api/3/action/<name>`` and ``/api/action/<name>``, GET and POST. The rows are the data plane's:
``datastore_search`` is answered before this. Names and shapes follow CKAN 2.10.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from wushu.catalog.api import ckan_actions
from wushu.catalog.api.ckan_arguments import Arguments, SearchQueryWrong, ValidationWrong
from wushu.catalog.api.responses import absolute, json_response, language
from wushu.kernel.errors import Refusal

Action = Callable[[Arguments], Any]

ACTIONS: Mapping[str, Action] = {
    "current_package_list_with_resources": ckan_actions.current_package_list_with_resources,
    "group_list": ckan_actions.group_list,
    "group_show": ckan_actions.group_show,
    "help_show": ckan_actions.help_show,
    "license_list": ckan_actions.license_list,
    "organization_list": ckan_actions.organization_list,
    "organization_show": ckan_actions.organization_show,
    "package_list": ckan_actions.package_list,
    "package_search": ckan_actions.package_search,
    "package_show": ckan_actions.package_show,
    "resource_show": ckan_actions.resource_show,
    "site_read": ckan_actions.site_read,
    "status_show": ckan_actions.status_show,
    "tag_list": ckan_actions.tag_list,
}

_TYPES = {403: "Authorization Error", 404: "Not Found Error"}


@csrf_exempt
def action(request: HttpRequest, name: str) -> HttpResponse:
    """One action of CKAN, 2.10. What goes wrong is told in its envelope; ``error.name`` names it."""
    asked = ACTIONS.get(name)
    if asked is None:
        return json_response(f"Bad request - Action name not known: {name}", status=400)
    if request.method not in ("GET", "HEAD", "POST"):
        return json_response("Bad request - use GET or POST", status=405)
    try:
        arguments = Arguments(_given(request))
        result = asked(arguments)
    except ValidationWrong as wrong:
        return _error(request, 409, {"__type": "Validation Error", **wrong.fields})
    except SearchQueryWrong as wrong:
        return _error(request, 400, {"__type": "Search Query Error", "message": str(wrong)})
    except Refusal as refusal:
        return _refused(request, refusal)
    envelope = {"help": _help(request), "success": True, "result": result}
    return json_response({**envelope, **arguments.notes})


def _given(request: HttpRequest) -> dict[str, Any]:
    """Arguments: the query string, and a POST's JSON object or form."""
    given: dict[str, Any] = {
        name: values if len(values) > 1 else values[0] for name, values in request.GET.lists()
    }
    if request.method != "POST":
        return given
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        posted = dict(request.POST.items())
        if list(posted.values()) != [""] or len(posted) != 1:
            return given | posted
        # Some clients post JSON under the form's media type: it arrives as one empty field.
        return given | _object(next(iter(posted)))
    return given | _object(request.body.decode("utf-8", "replace"))


def _object(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text or "{}")
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise ValidationWrong("data", "the body must be a JSON object")
    return document


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    sentence = f"{refusal.sentence(language(request))} {refusal.way_out(language(request))}"
    # What is sealed or withdrawn is not there for a client that knows no such state.
    status = 404 if refusal.status in (404, 410, 451) else refusal.status
    kind = _TYPES.get(status, "Validation Error" if status < 500 else "Search Error")
    error = {"__type": kind, "name": refusal.name, "message": sentence}
    return _error(request, 409 if kind == "Validation Error" else status, error)


def _error(request: HttpRequest, status: int, error: dict[str, Any]) -> HttpResponse:
    document = {"help": _help(request), "success": False, "error": error}
    return json_response(document, status=status)


def _help(request: HttpRequest) -> str:
    name = request.path.rsplit("/", 1)[-1]
    return absolute(f"/api/3/action/help_show?name={name}")
