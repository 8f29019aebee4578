"""Shapes of results, ratings and contests."""

from __future__ import annotations

from wushu.catalog.types import EntryState
from wushu.config.openapi.shapes import (
    COUNT,
    DAY,
    MOMENT,
    TEXT,
    URI,
    UUID,
    Schema,
    listed,
    maybe,
    record,
)
from wushu.opening.types import Aspect, Moderation, ResultKind

_RESULT_WORDS: dict[str, Schema] = {
    "kind": {"enum": [one.value for one in ResultKind]},
    "title_zh": {**TEXT, "minLength": 1, "maxLength": 200},
    "title_en": {**TEXT, "maxLength": 200},
    "summary_zh": {**TEXT, "minLength": 1, "maxLength": 4000},
    "summary_en": {**TEXT, "maxLength": 4000},
    "address": {**TEXT, "maxLength": 500, "description": "https://…; never fetched."},
    "makers": {
        **TEXT, "minLength": 1, "maxLength": 200,
        "description": "Who made it, as they want to be named in public.",
    },
}  # fmt: skip

RESULT_GIVEN: Schema = {
    "type": "object",
    "properties": {
        **_RESULT_WORDS,
        "datasets": {
            **listed(TEXT), "minItems": 1, "maxItems": 20,
            "description": "Names in addresses of the listed datasets it uses.",
        },
    },
    "required": ["kind", "title_zh", "summary_zh", "makers", "datasets"],
    "additionalProperties": False,
}  # fmt: skip

_RESULT: dict[str, Schema] = {
    "id": UUID,
    **_RESULT_WORDS,
    "address": maybe(URI),
    "state": {"enum": [one.value for one in Moderation]},
    "reason": {**maybe(TEXT), "description": "Why it is not shown; for its filer and moderators."},
    "filed_at": MOMENT,
    "published_at": maybe(MOMENT),
    "datasets": listed(
        record(
            slug=TEXT, state={"enum": [one.value for one in EntryState]}, title_zh=TEXT,
            title_en=TEXT,
        )
    ),
    "self": URI,
}  # fmt: skip

SCORES: Schema = record(
    **{one.value: {"type": "integer", "minimum": 1, "maximum": 5} for one in Aspect}
)

_COMMENT: dict[str, Schema] = {
    "id": UUID, "text": TEXT, "on": {"type": "string", "format": "date"},
}  # fmt: skip

_TO_DECIDE: dict[str, Schema] = {
    **_COMMENT,
    "dataset": TEXT,
    "state": {"enum": [one.value for one in Moderation]},
    "reason": maybe(TEXT),
}

_CONTEST: dict[str, Schema] = {
    "id": UUID,
    "organiser": {**TEXT, "description": "Credit code of the authority or body that holds it."},
    "title_zh": TEXT,
    "title_en": TEXT,
    "text_zh": TEXT,
    "text_en": TEXT,
    "begins": {"type": "string", "format": "date"},
    "ends": {"type": "string", "format": "date"},
    "announced_at": MOMENT,
    "awarded_at": maybe(MOMENT),
    "datasets": {**listed(TEXT), "description": "What it is about; none: any."},
    "self": URI,
}

CONTEST_GIVEN: Schema = {
    "type": "object",
    "properties": {
        name: _CONTEST[name]
        for name in _CONTEST
        if name not in ("id", "announced_at", "awarded_at", "self")
    },
    "required": ["organiser", "title_zh", "text_zh", "begins", "ends"],
    "additionalProperties": False,
}

REASON_GIVEN: Schema = {
    "type": "object",
    "properties": {
        "reason": {**TEXT, "maxLength": 4000, "description": "Needed to return or take down."}
    },
    "additionalProperties": False,
}

SCHEMAS: dict[str, Schema] = {
    "ContestChanged": {
        "type": "object",
        "required": ["reason"],
        "properties": {
            "text_zh": TEXT,
            "text_en": TEXT,
            "ends": {**DAY, "description": "Not earlier than it is."},
            "reason": {**TEXT, "description": "Why; everybody reads it."},
        },
        "additionalProperties": False,
    },
    "Contest": record(
        **_CONTEST,
        changes=listed(
            record(at=MOMENT, reason=TEXT, before=record(text_zh=TEXT, text_en=TEXT, ends=DAY))
        ),
        entries=listed(record(result=record(**_RESULT), award=maybe(TEXT), reason=maybe(TEXT))),
    ),
    "ContestGiven": CONTEST_GIVEN,
    "ContestPage": record(items=listed(record(**_CONTEST)), next=maybe(TEXT)),
    "AwardsGiven": record(awards=listed(record(result=UUID, award=TEXT, reason=TEXT))),
    "Result": record(**_RESULT, citations=listed(record(dataset=TEXT, zh=TEXT, en=TEXT))),
    "ResultGiven": RESULT_GIVEN,
    "ResultPage": record(items=listed(record(**_RESULT)), next=maybe(TEXT)),
    "Results": record(items=listed(record(**_RESULT))),
    "ReasonGiven": REASON_GIVEN,
    "Comment": record(**_TO_DECIDE),
    "CommentsToDecide": record(items=listed(record(**_TO_DECIDE)), next=maybe(TEXT)),
    "Ratings": record(
        figures=record(
            counted={**COUNT, "description": "Ratings the figures take in: 0, 5, 10 …"},
            aspects=listed(
                record(
                    aspect={"enum": [one.value for one in Aspect]},
                    mean={"type": "number"},
                    median={"type": "number"},
                )
            ),
        ),
        comments=listed(record(**_COMMENT)),
        next=maybe(TEXT),
    ),
    "Rating": record(
        scores=SCORES,
        comment=TEXT,
        reason=maybe(TEXT),
        given_at=MOMENT,
        changed_at=MOMENT,
        comment_state=maybe({"enum": [one.value for one in Moderation]}),
    ),
    "RatingGiven": {
        "type": "object",
        "properties": {"scores": SCORES, "comment": {**TEXT, "maxLength": 2000}},
        "required": ["scores"],
        "additionalProperties": False,
    },
}
