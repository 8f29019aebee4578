"""Every "no" has its name, its sentence and its way out, as a page or for programs."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.utils import translation

from tests.portal.conftest import Visitor
from wushu.kernel.cursors import CURSOR_INVALID
from wushu.kernel.errors import vocabulary
from wushu.portal import refusals
from wushu.portal.views import errors


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/no/such/page", 404, "page-not-found"),
        ("/datasets/no-such", 404, "not-found"),
        ("/evidence/entries/999999", 404, "entry-not-published"),
        ("/datasets?cursor=made-up", 400, CURSOR_INVALID.name),
        ("/desk/review", 302, ""),
    ],
)
def test_a_refusal_is_a_page_with_its_name(visitor: Visitor, path: str, status: int, name: str):
    answer = visitor.get(path)
    assert answer.status_code == status
    if name:
        assert f"<code>{name}</code>" in answer.text
        assert vocabulary()[name].way_out_zh.split("{")[0] in answer.text
        english = visitor.get(f"/en{path}").text
        assert vocabulary()[name].way_out_en.split("{")[0].split("'")[0] in english


def test_a_program_gets_problem_details(visitor: Visitor):
    answer = visitor.get("/datasets/no-such", headers={"Accept": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code == 404
    assert problem["name"] == "not-found"
    assert problem["way_out"]


def test_a_method_that_is_not_taken_is_said_with_those_that_are(visitor: Visitor):
    answer = visitor.get("/sign-out")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert "page-method" in answer.text


def test_who_lacks_the_role_is_told_which(known: dict[str, Visitor]):
    answer = known["clerk"].get("/desk/review")
    assert answer.status_code == 403
    assert "reviewer-lacks-role" in answer.text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_of_a_failed_server_asks_no_database(language: str):
    """pytest-django refuses every query here: no test mark asks for the database."""
    with translation.override(language):
        answer = errors.server_failed(RequestFactory().get("/", headers={"Accept": "text/html"}))
    assert answer.status_code == 500
    kind = refusals.SERVER_FAILED
    words = kind.en if language == "en" else kind.zh
    assert words in answer.content.decode().replace("&#x27;", "'")


def test_a_failed_server_tells_programs_too():
    answer = errors.server_failed(RequestFactory().get("/", headers={"Accept": "application/json"}))
    assert answer["Content-Type"] == "application/problem+json"


def test_a_bad_request_has_its_page(visitor: Visitor):
    answer = visitor.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text
