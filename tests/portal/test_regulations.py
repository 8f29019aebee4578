"""The rules as everybody can read and check them: what is published, where it applies, how a case goes."""

from __future__ import annotations

import hashlib
import html
import re
from xml.etree import ElementTree

import pytest

from tests.portal.conftest import Visitor
from wushu.casework import selectors as casework

KEY = "suzhou-public-data-opening-2023"
PAGE = f"/regulations/{KEY}/1"
RULES = casework.regulation_of(casework.read_folder(casework.REGULATIONS / KEY), KEY)
SVG = "{http://www.w3.org/2000/svg}"


def texts(page: str) -> str:
    return html.unescape(page)


def test_the_list_says_what_is_published_and_where_it_applies(visitor: Visitor):
    page = texts(visitor.get("/regulations").text)
    assert RULES.title.zh in page
    assert f'href="{PAGE}"' in page
    assert "329902" in page
    assert "正在适用" in page
    assert "征求意见稿" in page
    assert re.search(r'href="/evidence/entries/\d+"', page)
    english = texts(visitor.get("/en/regulations").text)
    assert RULES.title.en in english
    assert "applies now" in english


def test_every_page_leads_there(visitor: Visitor):
    assert 'href="/regulations"' in visitor.get("/").text.split("<footer")[1]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_version_says_who_is_who_what_it_is_silent_on_and_where_articles_live(
    visitor: Visitor, language: str
):
    page = texts(visitor.get(PAGE if language == "zh" else f"/en{PAGE}").text)
    said = [
        RULES.title,
        RULES.issuer,
        *(one.label for one in RULES.seats),
        *(one.title for one in RULES.procedures),
        *(one.summary for one in RULES.procedures),
        *(one.question for one in RULES.silences),
        *(one.answer for one in RULES.silences),
        *(one.heading for one in RULES.articles),
    ]
    assert [one.zh for one in said if one("en" if language == "en" else "zh") not in page] == []
    rows = page.split('<h2 id="articles">')[1].split("</section>")[0]
    assert rows.count("<tr><td") == len(RULES.articles)
    prefix = "" if language == "zh" else "/en"
    for one in RULES.procedures:
        assert f'href="{prefix}{PAGE}/{one.id}"' in page
    assert f'href="{prefix}/datasets"' in rows, "an article that lives on a page leads there"


def test_what_is_downloaded_has_the_hash_of_the_page_and_of_the_log(visitor: Visitor):
    page = visitor.get(PAGE).text
    answer = visitor.get(f"{PAGE}.json")
    digest = hashlib.sha256(answer.content).hexdigest()
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["etag"] == f'"{digest}"'
    assert f'<dd class="digest">{digest}</dd>' in page
    index = re.search(r'href="/evidence/entries/(\d+)"', page)
    assert index is not None
    entry = visitor.get(f"/api/v1/evidence/entries/{index[1]}").json()["entry"]
    assert entry["act"] == "casework.regulation.published"
    assert entry["data"] == {"key": KEY, "number": 1, "sha256": digest}
    back = visitor.get(f"/evidence/entries/{index[1]}").text
    assert f'href="{PAGE}"' in back
    assert "规则已公布" in back


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_procedure_is_a_picture_and_the_same_as_tables(visitor: Visitor, language: str):
    procedure = RULES.procedure("conditional-access")
    prefix = "" if language == "zh" else "/en"
    page = visitor.get(f"{prefix}{PAGE}/{procedure.id}").text
    drawn = page[page.index("<svg") : page.index("</svg>") + len("</svg>")]
    picture = ElementTree.fromstring(drawn)
    assert picture.get("role") == "img"
    heard = picture.find(f"{SVG}title")
    assert heard is not None
    tables = texts(page.split("</svg>")[1])
    tongue = "en" if language == "en" else "zh"
    for part in (*procedure.states, *procedure.steps, *procedure.clocks):
        assert part.label(tongue) in tables, part.id
    for step in procedure.steps:
        assert f'id="step-{step.id}"' in tables
        for field in step.fields:
            assert field.label(tongue) in tables
    file = visitor.get(f"{prefix}{PAGE}/{procedure.id}.svg")
    assert file.headers["content-type"] == "image/svg+xml"
    assert procedure.title(tongue) in "".join(ElementTree.fromstring(file.text).itertext())


def test_a_procedure_without_limits_says_so(visitor: Visitor):
    without = next(one for one in RULES.procedures if not one.clocks)
    assert "规则没有为本程序规定期限" in visitor.get(f"{PAGE}/{without.id}").text


@pytest.mark.parametrize(
    "path",
    [
        f"/regulations/{KEY}/2",
        f"/regulations/{KEY}/99999999999999999999",
        "/regulations/none/1",
        "/regulations/none/1.json",
        f"{PAGE}/none",
        f"{PAGE}/none.svg",
    ],
)
def test_what_is_not_published_is_not_found(visitor: Visitor, path: str):
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert "not-found" in answer.text


# For programs


def test_programs_read_the_same(visitor: Visitor):
    (one,) = visitor.get("/api/v1/regulations").json()["items"]
    assert (one["key"], one["number"], one["status"]) == (KEY, 1, "draft")
    assert [place["division"] for place in one["adoptions"]] == ["329902"]
    document = visitor.get(one["document"])
    assert hashlib.sha256(document.content).hexdigest() == one["sha256"]
    assert visitor.get(one["page"]).status_code == 200
    logged = visitor.get(f"/api/v1/evidence/entries/{one['entry']}").json()["entry"]
    assert logged["data"]["sha256"] == one["sha256"]
    shown = visitor.get(one["self"]).json()
    assert {name: shown[name] for name in one} == one
    limits = {
        f"{procedure['id']}.{limit['id']}": limit["working_days"]
        for procedure in shown["procedures"]
        for limit in procedure["limits"]
    }
    assert limits["conditional-access.compliance-review"] == 5
    assert limits["conditional-access.answer"] == 10
    for procedure in shown["procedures"]:
        assert visitor.get(procedure["page"]).status_code == 200


def test_programs_are_told_what_is_wrong(visitor: Visitor):
    missing = visitor.get("/api/v1/regulations/none/1")
    assert (missing.status_code, missing.json()["name"]) == (404, "not-found")
    unknown = visitor.get("/api/v1/regulations?division=329902")
    assert (unknown.status_code, unknown.json()["name"]) == (400, "parameter-unknown")
