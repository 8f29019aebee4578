"""Addresses of rules, cases, computations and subscriptions."""

from __future__ import annotations

from wushu.config.openapi.operations import (
    CONTRIBUTING,
    Part,
    content_of,
    json_of,
    one_of_steps,
    operation_of,
    path_parameter,
    query_parameter,
)
from wushu.config.openapi.shapes import TEXT, UUID


def rules() -> Part:
    """Regulations and where they apply."""
    version = [
        path_parameter("key", "suzhou-public-data-opening-2023"),
        {**path_parameter("number", 1), "schema": {"type": "integer", "minimum": 1}},
    ]
    return {
        "/api/v1/regulations": operation_of(
            "listRegulations", "rules", "Published regulations with hashes, and where each applies.",
            [], json_of("Regulations"), (400, 404, 405),
        ),
        "/api/v1/regulations/{key}/{number}": operation_of(
            "showRegulation", "rules", "One version with its procedures and time limits.",
            version, json_of("RegulationWithProcedures"), (400, 404, 405),
        ),
    }  # fmt: skip


def subscriptions() -> Part:
    """The actor is the key's account, or who is signed in (then with the token of the pages' forms)."""
    one = [{**path_parameter("key", "0190c4a2-0000-7000-8000-000000000000"), "schema": UUID}]
    problems = (401, 403, 404, 405, 409, 422, 429)
    many = operation_of("listSubscriptions", "subscriptions", "What the account follows, newest first.",
                [], json_of("Subscriptions"), problems)  # fmt: skip
    many["post"] = {
        **operation_of("openSubscription", "subscriptions", "Follow a dataset, a body or a search.",
               [], json_of("SubscriptionOpened"), problems)["get"],
        "requestBody": {"required": True, "content": json_of("SubscriptionAsked")},
    }  # fmt: skip
    opened = many["post"]["responses"].pop("200")
    many["post"]["responses"]["201"] = {
        **opened,
        "description": "Followed once the address agrees.",
    }
    shown = operation_of("showSubscription", "subscriptions", "How one stands.",
                 one, json_of("Subscription"), problems)  # fmt: skip
    shown["delete"] = operation_of("endSubscription", "subscriptions", "End one; its address is erased.",
                           one, {}, problems)["get"]  # fmt: skip
    del shown["delete"]["responses"]["200"]
    shown["delete"]["responses"]["204"] = {"description": "Ended."}
    for operation in (*many.values(), *shown.values()):
        operation["security"] = [{"manager": []}]
    return {"/api/v1/subscriptions": many, "/api/v1/subscriptions/{key}": shown}


_SCOPED = {"/api/v1/grants/mine": "key", "/api/v1/datasets/{slug}/due-care": "planner"}
"""Addresses that take keys of another scope than the rest of cases."""
_LEDGER = {
    "/api/v1/breaches", "/api/v1/reassessments", "/api/v1/cases", "/api/v1/cases/figures", "/api/v1/cases/{number}/public",
}  # fmt: skip


def cases() -> Part:
    """The ledger is everybody's; all else is for the key's account, or for who is signed in."""
    problems = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429)
    number, procedure = (
        path_parameter("number", "320500-YT-2026-00001"),
        path_parameter("procedure", "correction"),
    )
    cursor = query_parameter("cursor", TEXT, "From `next` of the page before.")
    limit = query_parameter(
        "limit", {"type": "integer", "minimum": 1, "maximum": 200}, "Page length."
    )
    mine = query_parameter("mine", {"enum": ["true", "false"]}, "Only those assigned to oneself.")
    kind = query_parameter("procedure", TEXT, "One procedure.", "conditional-access")
    paths: Part = {
        "/api/v1/grants/mine": operation_of(
            "listMyGrants", "rows", "What the account may read, and what is left of it today.", [],
            json_of("GrantList"), (401, 403, 405, 429),
        ),
        "/api/v1/case-notices": {
            **operation_of(
                "listCaseNotices", "cases", "What the account was told of cases, newest first.",
                [cursor, limit], json_of("CaseNoticePage"), problems,
            ),
            **_posted(
                "readCaseNotices", "Mark as read all up to one.", [], "CaseNoticesRead", problems,
                answer="CaseNoticesMarked",
            ),
        },
        "/api/v1/breaches": operation_of(
            "listBreaches", "cases",
            "Breaches by users of data that officials published, newest first; of their cases nothing else.",
            [cursor, limit], json_of("NoticesPublished"), (400, 405, 422),
        ),
        "/api/v1/reassessments": operation_of(
            "listReassessments", "cases",
            "When each dataset that is not opened is due to be re-assessed, the soonest first.",
            [query_parameter("body", TEXT, "A body's unified social credit code."), cursor, limit],
            json_of("ReassessmentPage"), (400, 404, 405, 422),
        ),
        "/api/v1/cases": operation_of(
            "listCases", "cases", "The public ledger of cases, newest first; without names.",
            [
                kind, query_parameter("number", TEXT, "One case, by its number."),
                query_parameter("dataset", TEXT, "About one dataset."),
                query_parameter("body", TEXT, "A body's unified social credit code."), cursor, limit,
            ],
            json_of("CasePage"), (400, 404, 405, 410, 422, 451),
        ),
        "/api/v1/cases/figures": operation_of(
            "showCaseFigures", "cases",
            "How many cases were answered in the last 12 months, how fast, and how many in time.",
            [query_parameter("body", TEXT, "A body's unified social credit code.")],
            json_of("CaseFigures"), (404, 405, 422),
        ),
        "/api/v1/cases/{number}/public": operation_of(
            "showPublicCase", "cases",
            "One case as everybody may know it: its steps, and the answers that the regulation makes public.",
            [number], json_of("PublicCase"), (404, 405),
        ),
        "/api/v1/cases/mine": operation_of(
            "listOwnCases", "cases", "What the account filed, newest first.", [cursor, limit],
            json_of("CasePage"), problems,
        ),
        "/api/v1/cases/inbox": operation_of(
            "listCasesToDo", "cases",
            "Cases in which it is the turn of one's office, due soonest first.",
            [kind, mine, cursor, limit], json_of("CasePage"), problems,
        ),
        "/api/v1/cases/office": operation_of(
            "listOfficeCases", "cases",
            "Cases in which one's office has a part, ended ones too, newest first.",
            [
                kind, query_parameter("body", TEXT, "A body's unified social credit code."),
                query_parameter("number", TEXT, "One case, by its number."),
                query_parameter("state", {"enum": ["open", "closed"]}, "Only these."),
                query_parameter("overdue", {"enum": ["true", "false"]}, "Only those whose day has passed."),
                cursor, limit,
            ],
            json_of("CasePage"), problems,
        ),
        "/api/v1/cases/referred": operation_of(
            "listReferredCases", "cases", "Open cases in which the expert panel was asked, for it.",
            [], json_of("Cases"), problems,
        ),
        "/api/v1/cases/bulk": _posted(
            "actInCases", "The same step, assignment or message in several cases; each is told of.",
            [], "CasesBulk", problems, answer="CasesBulkDone",
        ),
        "/api/v1/datasets/{slug}/due-care": operation_of(
            "showDueCare", "cases",
            "Who reviewed what of a dataset and when, with proofs; for its body and its authority.",
            [path_parameter("slug", "streets")], json_of("DueCare"), (*problems, 410, 451),
        ),
        "/api/v1/cases/{number}": operation_of(
            "showCase", "cases", "A case: its timeline, its limits day by day, what can be done now.",
            [number], json_of("Case"), problems,
        ),
        "/api/v1/cases/{number}/steps/{key}": _posted(
            "takeStep", "Take a step; what it asks for is in the case's `steps`.",
            [number, path_parameter("key", "sign")], "StepTaken", problems,
        ),
        "/api/v1/cases/{number}/papers/{key}": operation_of(
            "downloadPaper", "cases", "A paper's bytes as they were handed in.",
            [
                number,
                {**path_parameter("key", "0190c4a2-0000-7000-8000-000000000000"), "schema": UUID},
            ],
            content_of("application/octet-stream", {"type": "string", "format": "binary"}), problems,
        ),
        "/api/v1/cases/{number}/agreements": operation_of(
            "listAgreements", "cases", "The use agreements of a case, the newest first.",
            [number], json_of("CaseAgreements"), problems,
        ),
        "/api/v1/cases/{number}/messages": _posted(
            "writeInCase", "Write to the other side, or a note among officials.",
            [number], "CaseMessage", problems,
        ),
        "/api/v1/cases/{number}/assignment": {
            **operation_of(
                "showAssignment", "cases", "Who works on it and who could; for its officials.",
                [number], json_of("CaseAssignment"), problems,
            ),
            **_posted(
                "assignCase", "Take it, or give it to a colleague who has the same seat.",
                [number], "CaseAssigned", problems,
            ),
        },
        "/api/v1/cases/{number}/referral": _posted(
            "referCase", "Ask the expert panel.", [number], "CaseQuestion", problems,
        ),
        "/api/v1/cases/{number}/opinion": _posted(
            "adviseInCase", "Give an opinion as an expert who was asked.",
            [number], "CaseOpinion", problems,
        ),
        "/api/v1/cases/{number}/merge": _posted(
            "mergeCase", "End a duplicate, which goes on in another case.",
            [number], "CaseMerged", problems,
        ),
        "/api/v1/datasets/{slug}/cases/{procedure}": _posted(
            "fileOnDataset", "File a case about a dataset.",
            [path_parameter("slug", "streets"), procedure], "CaseFiled", (*problems, 410, 451), "201",
        ),
        "/api/v1/grants/{grant}/cases/{procedure}": _posted(
            "fileOnGrant", "File a case about one user's access, such as a breach.",
            [
                {**path_parameter("grant", "0190c4a2-0000-7000-8000-000000000000"), "schema": UUID},
                path_parameter("procedure", "breach"),
            ],
            "CaseFiled", problems, "201",
        ),
        "/api/v1/bodies/{code}/cases/{procedure}": _posted(
            "fileToBody", "File a case to a body.",
            [path_parameter("code", "11320500DEM0000146"), procedure], "CaseFiled", problems, "201",
        ),
    }  # fmt: skip
    for address, operations in paths.items():
        for operation in operations.values() if address not in _LEDGER else ():
            operation["security"] = [{_SCOPED.get(address, "party"): []}]
    return paths


def _posted(
    operation: str, summary: str, parameters: list[Part], asked: str, problems: tuple[int, ...],
    status: str = "200", *, answer: str = "Case",
) -> Part:  # fmt: skip
    """A write, answered with the case as it stands afterwards where nothing else is said."""
    post = operation_of(operation, "cases", summary, parameters, json_of(answer), problems)["get"]
    answered = post["responses"].pop("200")
    post["responses"][status] = {**answered, "description": "Done."}
    return {"post": {**post, "requestBody": {"required": True, "content": json_of(asked)}}}


def computations() -> Part:
    """For who hands programs in, and for the officials who release what they made."""
    tag = "computations"
    whose: list[Part] = [{"computer": []}]
    key = [{**path_parameter("key", "0190c4a2-0000-7000-8000-000000000000"), "schema": UUID}]
    cursor = query_parameter("cursor", TEXT, "From `next` of the page before.")
    limit = query_parameter(
        "limit", {"type": "integer", "minimum": 1, "maximum": 100}, "Page length."
    )
    format_ = query_parameter("format", {"enum": ["json", "csv"]}, "Of the file; JSON if left out.")
    problems = (*CONTRIBUTING, 410, 451, 503)
    given = operation_of("submitComputation", tag, "Hand in a program; a worker runs it.", [],
                 json_of("Computation"), problems)["get"]  # fmt: skip
    given["responses"]["202"] = {**given["responses"].pop("200"), "description": "Received."}
    given["requestBody"] = {"required": True, "content": json_of("ComputationGiven")}
    decided = operation_of("decideOnComputation", tag, "Release a result or withhold it, as an official.",
                   [*key, one_of_steps(("release", "withhold"))], json_of("Computation"), problems)["get"]  # fmt: skip
    decided["requestBody"] = {"required": True, "content": json_of("ReasonGiven")}
    delivered = {**json_of("ComputedResult"), **content_of("text/csv", TEXT)}
    paths = {
        "/api/v1/computations": {
            **operation_of("listComputations", tag, "What the account handed in, newest first.",
                   [query_parameter("dataset", TEXT, "For one dataset."), cursor, limit],
                   json_of("ComputationPage"), problems),
            "post": given,
        },
        "/api/v1/computations/waiting": operation_of(
            "listComputationsToDecide", tag, "Results that wait for an official, the oldest first.",
            [cursor, limit], json_of("ComputationPage"), problems,
        ),
        "/api/v1/computations/failed": operation_of(
            "listComputationsFailed", tag, "For officials: programs that did not run to their end, the newest first.",
            [cursor, limit], json_of("ComputationPage"), problems,
        ),
        "/api/v1/computations/{key}": operation_of(
            "showComputation", tag, "One computation.", key, json_of("Computation"), problems,
        ),
        "/api/v1/computations/{key}/result": operation_of(
            "getComputed", tag, "A released result; leaves a receipt.", [*key, format_], delivered,
            problems,
        ),
        "/api/v1/computations/{key}/steps/{name}": {"post": decided},
    }  # fmt: skip
    for operations in paths.values():
        for operation in operations.values():
            operation["security"] = whose
    return paths
