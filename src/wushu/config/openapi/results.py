"""Addresses of results, ratings and contests."""

from __future__ import annotations

from wushu.config.openapi.operations import (
    CONTRIBUTING,
    Part,
    json_of,
    one_of_steps,
    operation_of,
    path_parameter,
    query_parameter,
)
from wushu.config.openapi.shapes import TEXT, UUID
from wushu.opening.types import ResultKind


def results() -> Part:
    """What is shown is everybody's; all else is for the key's account, or for who is signed in."""
    key = [{**path_parameter("key", "0190c4a2-0000-7000-8000-000000000000"), "schema": UUID}]
    cursor = query_parameter("cursor", TEXT, "From `next` of the page before.")
    limit = query_parameter(
        "limit", {"type": "integer", "minimum": 1, "maximum": 100}, "Page length."
    )
    kinds = {"enum": [one.value for one in ResultKind]}
    return {
        "/api/v1/results": {
            **operation_of(
                "listResults", "results", "What was built on the data, newest first.",
                [
                    query_parameter("kind", kinds, "One kind."), query_parameter("dataset", TEXT, "Uses one dataset."),
                    cursor, limit,
                ],
                json_of("ResultPage"), (400, 404, 405, 422),
            ),
            **_contributed(
                "post", "fileResult", "File a result; it is shown once a moderator publishes it.",
                [], "ResultGiven", "Result", "201",
            ),
        },
        "/api/v1/results/mine": _theirs(
            operation_of("listOwnResults", "results", "What the account filed, newest first.", [],
                 json_of("Results"), CONTRIBUTING),
        ),
        "/api/v1/results/waiting": _theirs(
            operation_of("listResultsToDecide", "results", "What waits for a moderator, the oldest first.",
                 [cursor, limit], json_of("ResultPage"), CONTRIBUTING),
        ),
        "/api/v1/results/{key}": {
            **operation_of(
                "showResult", "results", "One result, with how to cite what it uses.", key,
                json_of("Result"), (401, 404, 405),
            ),
            **_contributed(
                "put", "mendResult", "Say it again of one that waits or was sent back.",
                key, "ResultGiven", "Result",
            ),
        },
        "/api/v1/results/{key}/steps/{name}": _contributed(
            "post", "decideOnResult",
            "Withdraw it as who filed it; publish, return or take it down as a moderator.",
            [*key, one_of_steps(("withdraw", "publish", "return", "take-down"))], "ReasonGiven", "Result",
        ),
    }  # fmt: skip


def ratings() -> Part:
    """Ratings and the comments beside them."""
    slug = [path_parameter("slug", "streets")]
    key = [{**path_parameter("key", "0190c4a2-0000-7000-8000-000000000000"), "schema": UUID}]
    cursor = query_parameter("cursor", TEXT, "From `next` of the page before.")
    limit = query_parameter(
        "limit", {"type": "integer", "minimum": 1, "maximum": 100}, "Page length."
    )
    problems = (*CONTRIBUTING, 410, 451)
    mine = {
        **operation_of("showOwnRating", "results", "How the account rated a dataset.", slug,
               json_of("Rating"), problems),
        **_contributed("put", "rateDataset", "Rate a dataset, or rate it anew.", slug,
                       "RatingGiven", "Rating"),
        "delete": operation_of("withdrawRating", "results", "Take one's rating back; nothing of it stays.",
                       slug, {}, problems)["get"],
    }  # fmt: skip
    del mine["delete"]["responses"]["200"]
    mine["delete"]["responses"]["204"] = {"description": "Taken back."}
    return {
        "/api/v1/datasets/{slug}/ratings": operation_of(
            "listRatings", "results",
            "How a dataset was rated, where enough people did, and comments that were let through.",
            [*slug, cursor, limit], json_of("Ratings"), (400, 404, 405, 410, 422, 451),
        ),
        "/api/v1/datasets/{slug}/ratings/mine": _theirs(mine),
        "/api/v1/comments/waiting": _theirs(
            operation_of("listCommentsToDecide", "results", "Comments that wait, the oldest first.",
                 [cursor, limit], json_of("CommentsToDecide"), problems),
        ),
        "/api/v1/comments/{key}/steps/{name}": _contributed(
            "post", "decideOnComment", "Publish a comment, return it or take it down.",
            [*key, one_of_steps(("publish", "return", "take-down"))], "ReasonGiven", "Comment",
        ),
    }  # fmt: skip


def contests() -> Part:
    """Contests, their entries and awards."""
    key = [{**path_parameter("key", "0190c4a2-0000-7000-8000-000000000000"), "schema": UUID}]
    result = [{**path_parameter("result", "0190c4a2-0000-7000-8000-000000000000"), "schema": UUID}]
    cursor = query_parameter("cursor", TEXT, "From `next` of the page before.")
    limit = query_parameter(
        "limit", {"type": "integer", "minimum": 1, "maximum": 100}, "Page length."
    )
    entry = {
        "put": operation_of("enterContest", "results", "Enter one's own published result.",
                    [*key, *result], {}, CONTRIBUTING)["get"],
        "delete": operation_of("leaveContest", "results", "Take one's result out while it runs.",
                       [*key, *result], {}, CONTRIBUTING)["get"],
    }  # fmt: skip
    for operation in entry.values():
        del operation["responses"]["200"]
        operation["responses"]["204"] = {"description": "Done."}
    return {
        "/api/v1/contests": {
            **operation_of("listContests", "results", "Contests of what is built on the data.",
                   [cursor, limit], json_of("ContestPage"), (400, 404, 405, 422)),
            **_contributed("post", "announceContest", "Announce a contest, as authority or body.",
                           [], "ContestGiven", "Contest", "201"),
        },
        "/api/v1/contests/{key}": operation_of(
            "showContest", "results", "A contest with what was entered, winners first.", key,
            json_of("Contest"), (404, 405),
        ),
        "/api/v1/contests/{key}/entries/{result}": _theirs(entry),
        "/api/v1/contests/{key}/changes": _contributed(
            "post", "changeContest", "Correct what it says, put its last day off.", key,
            "ContestChanged", "Contest",
        ),
        "/api/v1/contests/{key}/awards": _contributed(
            "post", "awardContest", "Name the winners, once, after the last day.", key,
            "AwardsGiven", "Contest",
        ),
    }  # fmt: skip


def _theirs(operations: Part) -> Part:
    """For the key's account, or for who is signed in."""
    for operation in operations.values():
        operation["security"] = [{"contributor": []}]
    return operations


def _contributed(
    method: str, operation: str, summary: str, parameters: list[Part], asked: str, answered: str,
    status: str = "200",
) -> Part:  # fmt: skip
    """A write, answered with what it is about as it stands afterwards."""
    made = operation_of(operation, "results", summary, parameters, json_of(answered), CONTRIBUTING)[
        "get"
    ]
    made["responses"][status] = {**made["responses"].pop("200"), "description": "Done."}
    made["requestBody"] = {"required": True, "content": json_of(asked)}
    return _theirs({method: made})
