"""Importing from spreadsheets: templates, a check that changes nothing, the import itself."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wushu.kernel import scanning
from wushu.kernel.errors import Refusal
from wushu.kernel.sheets import (
    Layout,
    Line,
    Tally,
    read,
    report_csv,
    sha256_of,
    template_csv,
    template_xlsx,
)
from wushu.parties import selectors as parties
from wushu.parties import services
from wushu.parties.types import NOT_GOVERNING, PASSWORD_LINK_ENDED, Actor
from wushu.portal import importing_page
from wushu.portal.forms.importing import FirstPasswordForm, SheetForm
from wushu.portal.importing_page import Sheet
from wushu.portal.refusals import SHEET_NOT_CHECKED
from wushu.portal.requests import language, signed_in

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
SHEET_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
@signed_in
def sheets(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What may be imported, with the templates."""
    found = importing_page.offered(actor)
    if not found:
        raise NOT_GOVERNING()
    return render(request, "portal/desk_import.html", {"sheets": found.items()})


@require_safe
@signed_in
def template(request: HttpRequest, actor: Actor, what: str, suffix: str) -> HttpResponse:
    """An empty spreadsheet that explains its columns."""
    sheet = _sheet(actor, what)
    if suffix not in SHEET_TYPES:
        raise Http404(suffix)
    return sheet_template(sheet.layout, suffix)


def sheet_template(layout: Layout, suffix: str) -> HttpResponse:
    """A layout as a file to fill in, ``csv`` or ``xlsx``."""
    content = template_csv(layout) if suffix == "csv" else template_xlsx(layout)
    return _attached(HttpResponse(content), f"{layout.title.zh}模板", suffix)


@_GET_OR_POST
@signed_in
def sheet(request: HttpRequest, actor: Actor, what: str) -> HttpResponse:
    """Check a file and change nothing; then import the file that was checked."""
    found = _sheet(actor, what)
    posted = request.method == "POST"
    form = SheetForm(request.POST if posted else None, request.FILES if posted else None)
    context = {"what": what, "sheet": found, "form": form}
    if posted and form.is_valid():
        try:
            lines, tally, digest = _run(found, form, actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            done = bool(form.cleaned_data["checked"])
            if form.cleaned_data["download"]:
                content = "".join(report_csv(lines, language()))
                return _attached(HttpResponse(content), f"{found.layout.title.zh}导入报告", "csv")
            context |= importing_page.report(lines, tally) | {"done": done, "reported": True}
            again = {"checked": "" if done else digest, "download": False}
            context["form"] = SheetForm(initial=again)
    return render(request, "portal/desk_import_sheet.html", context, status=_status(form))


def _status(form: SheetForm) -> int:
    return form.status if form.is_bound and form.errors else 200


def _run(found: Sheet, form: SheetForm, actor: Actor) -> tuple[list[Line], Tally, str]:
    """Check the file, or import it when it is the one that was checked."""
    scanning.require_clean(form.stream, form.upload.name or "")
    form.stream.seek(0)
    digest = sha256_of(form.stream)
    checked = form.cleaned_data["checked"]
    if checked and checked != digest:
        raise SHEET_NOT_CHECKED()
    tally = Tally()
    rows = read(form.stream, form.upload.name or "", found.layout)
    lines = found.service(actor=actor, rows=rows, file_sha256=digest, dry_run=not checked)
    return list(tally.of(importing_page.lines_of(lines))), tally, digest


def _sheet(actor: Actor, what: str) -> Sheet:
    found = importing_page.offered(actor).get(what)
    if found is None:
        if what in importing_page.SHEETS:
            raise NOT_GOVERNING()
        raise Http404(what)
    return found


def _attached(response: HttpResponse, name: str, suffix: str) -> HttpResponse:
    response.headers["Content-Type"] = SHEET_TYPES[suffix]
    response.headers["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{quote(f'{name}.{suffix}')}"
    )
    return response


@_GET_OR_POST
def begin(request: HttpRequest, account: UUID, ticket: str) -> HttpResponse:
    """Set the first password with a link that works once."""
    if not parties.password_link_holds(account, ticket):
        raise PASSWORD_LINK_ENDED()
    form = FirstPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.password_link_use(
                account=account, ticket=ticket, password=form.cleaned_data["password"]
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The password is set. Sign in with it now."))
            return redirect("portal:sign-in")
    status = form.status if form.errors else 200
    response = render(request, "portal/account_begin.html", {"form": form}, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    # The node's own policy keeps the address from others; without any referrer a browser sends the
    # form with the origin "null", which is refused.
    return response
