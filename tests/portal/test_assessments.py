"""Yearly assessments through the pages alone."""

from __future__ import annotations

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode


def test_everybody_reads_what_was_published_with_how_it_was_counted(
    known: dict[str, Visitor], node: LiveNode
):
    shown = known[""].get(f"/assessments/{node.scenes.plans['before']}?region=329902").text
    for word in (
        "西山县林业局",
        "按期更新",
        "82",
        "抽样调查 500 人",
        "拒收的行已更正",
        "权重",
        "第十七条",
    ):
        assert word in shown, word
    assert node.scenes.plans["before"] in known[""].get("/assessments").text


def test_the_authority_enters_a_survey_a_body_comments_and_it_is_published(
    known: dict[str, Visitor], node: LiveNode
):
    reviewer = known["reviewer"]
    place = f"/desk/assessments/{node.scenes.plans['year']}/329902"
    public = f"/assessments/{node.scenes.plans['year']}?region=329902"
    assert known[""].get(public).status_code == 404
    assert known["clerk"].get(place).status_code == 404, "of a body elsewhere"
    page = reviewer.get(place).text
    code = page.split('<option value="113')[1].split('"')[0]
    survey = {
        "act": "survey", "body": f"113{code}", "indicator": "satisfaction", "value": "170",
        "source": "电话调查",
    }  # fmt: skip
    assert reviewer.send_form(place, survey).status_code == 422
    assert reviewer.send_form(place, {**survey, "value": "70"}).status_code == 302
    assert reviewer.send_form(place, {"act": "publish"}).status_code == 302
    shown = known[""].get(public).text
    assert "电话调查" in shown
    assert "SHA-256" in shown
    assert reviewer.send_form(place, {"act": "publish"}).status_code in (404, 409, 422)


def test_an_assessment_needs_rules_that_declare_indicators(known: dict[str, Visitor]):
    year = {"division": "329900", "year": "1999"}
    assert known["reviewer"].send_form("/desk/assessments", year).status_code == 422
    assert 'name="year"' not in known["clerk"].get("/desk/assessments").text
