"""Addresses of plans, needs and assessments."""

from __future__ import annotations

from wushu.config.openapi.operations import (
    Part,
    json_of,
    operation_of,
    path_parameter,
    query_parameter,
)
from wushu.config.openapi.shapes import TEXT, UUID


def plans() -> Part:
    """Those in force are everybody's; drafts are for who writes them or decides on them."""
    of = [
        {**path_parameter("year", "2026"), "schema": {"type": "integer"}},
        path_parameter("code", "11320500DEM0000146"),
    ]
    problems = (400, 401, 403, 404, 405, 409, 422, 429)
    steps = {"enum": ["submit", "accept", "return", "link"]}
    paths: Part = {
        "/api/v1/plans": operation_of(
            "listPlans", "plans", "Yearly opening plans in force, by the bodies' credit codes.",
            [
                query_parameter("year", TEXT, "Of this year; left out: of now.", "2026"),
                query_parameter("region", TEXT, "Of this division and what lies in it.", "320500"),
                query_parameter("cursor", TEXT, "From `next` of the page before."),
                query_parameter(
                    "limit", {"type": "integer", "minimum": 1, "maximum": 200}, "Page length."
                ),
            ],
            json_of("PlanPage"), (400, 404, 405, 422),
        ),
        "/api/v1/plans/{year}/{code}": operation_of(
            "showPlan", "plans", "A body's plan in force, how each item stands, and what it was.",
            of, json_of("Plan"), (404, 405),
        ),
        "/api/v1/plans/{year}/{code}/draft": {
            **operation_of("showPlanDraft", "plans", "The plan with what is worked on.", of,
                   json_of("Plan"), problems),
            "put": _sent(
                "draftPlan", "Write the draft as a whole; of a plan in force, its amendment.",
                of, "PlanDraft", problems,
            ),
        },
        "/api/v1/plans/{year}/{code}/steps/{name}": {
            "post": _sent(
                "stepPlan", "Submit, accept, return with `reasons`; `link` an `item` to a `dataset`.",
                [*of, {**path_parameter("name", "submit"), "schema": steps}], "PlanStep", problems,
            ),
        },
    }  # fmt: skip
    for address in ("/draft", "/steps/{name}"):
        for operation in paths["/api/v1/plans/{year}/{code}" + address].values():
            operation["security"] = [{"planner": []}]
    return paths


def needs() -> Part:
    """Calls and public needs are everybody's; all else is for the key's account."""
    problems = (400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 451)
    key = [{**path_parameter("key", "0190c4a2-0000-7000-8000-000000000000"), "schema": UUID}]
    steps = {"enum": ["support", "leave", "case", "publish", "decline", "hand-over", "answer"]}
    limit = {"type": "integer", "minimum": 1, "maximum": 100}
    paths: Part = {
        "/api/v1/need-calls": {
            **operation_of("listNeedCalls", "needs", "Calls for needs, the newest first.", [],
                   json_of("NeedCalls"), (405,)),
            "post": _sent("openNeedCall", "Open a call, as the data authority.", [],
                          "NeedCallGiven", problems, answer="NeedCall", tag="needs", status="201"),
        },
        "/api/v1/needs": {
            **operation_of(
                "listNeeds", "needs", "Published needs, the newest first; without names.",
                [
                    query_parameter("call", UUID, "Of one call."),
                    query_parameter("cursor", TEXT, "From `next` of the page before."),
                    query_parameter("limit", limit, "Page length."),
                ],
                json_of("NeedPage"), (400, 404, 405, 410, 422, 451),
            ),
            "post": _sent("submitNeed", "Submit a need into a call.", [], "NeedGiven", problems,
                          answer="Need", tag="needs", status="201"),
        },
        "/api/v1/needs/mine": operation_of("listOwnNeeds", "needs", "What the account wrote.", [],
                                   json_of("Needs"), problems),
        "/api/v1/needs/waiting": operation_of(
            "listNeedsToDecide", "needs", "What the account is to look at or answer.", [],
            json_of("Needs"), problems,
        ),
        "/api/v1/needs/{key}": operation_of("showNeed", "needs", "One need.", key, json_of("Need"),
                                    (401, 404, 405)),
        "/api/v1/needs/{key}/steps/{name}": {
            "post": _sent(
                "stepNeed", "Support it or no longer, make it a case; publish, decline with "
                "`reasons`, hand over to a `body`, answer with a `text`.",
                [*key, {**path_parameter("name", "support"), "schema": steps}], "NeedStep", problems,
                answer="Need", tag="needs",
            ),
        },
    }  # fmt: skip
    for address, operations in paths.items():
        for method, operation in operations.items():
            if method == "post" or address.endswith(("/mine", "/waiting")):
                operation["security"] = [{"party": []}]
    return paths


def assessments() -> Part:
    """Published ones are everybody's; the steps are for the key's account."""
    problems = (400, 401, 403, 404, 405, 409, 422, 429)
    of = [
        {**path_parameter("year", "2026"), "schema": {"type": "integer"}},
        path_parameter("division", "320500"),
    ]
    steps = {"enum": ["begin", "survey", "comment", "publish"]}
    stepped = _sent(
        "stepAssessment", "Begin it, enter a survey's result, comment for a body, publish it.",
        [*of, {**path_parameter("name", "comment"), "schema": steps}], "AssessmentStep", problems,
        answer="Assessment", tag="assessments",
    )  # fmt: skip
    return {
        "/api/v1/assessments": operation_of(
            "listAssessments", "assessments", "Which years were assessed, and where.", [],
            json_of("Assessments"), (405,),
        ),
        "/api/v1/assessments/{year}/{division}": operation_of(
            "showAssessment", "assessments", "A year's assessment of a division's bodies.", of,
            json_of("Assessment"), (401, 404, 405, 409, 422),
        ),
        "/api/v1/assessments/{year}/{division}/steps/{name}": {
            "post": {**stepped, "security": [{"planner": []}]}
        },
    }  # fmt: skip


def _sent(
    operation: str, summary: str, parameters: list[Part], asked: str, problems: tuple[int, ...],
    *, answer: str = "Plan", tag: str = "plans", status: str = "200",
) -> Part:  # fmt: skip
    """A write, answered with what was written as it stands afterwards."""
    made: Part = operation_of(operation, tag, summary, parameters, json_of(answer), problems)["get"]
    answered = made["responses"].pop("200")
    made["responses"][status] = {**answered, "description": "Done."}
    return {**made, "requestBody": {"required": True, "content": json_of(asked)}}
