"""Shapes of yearly plans in the API's description."""

from __future__ import annotations

from wushu.catalog.types import Attribute
from wushu.config.openapi.shapes import (
    COUNT,
    MOMENT,
    SHA256,
    TEXT,
    UUID,
    Schema,
    listed,
    maybe,
    record,
    reference,
)
from wushu.opening.types import Counted, ItemStanding, NeedState, PlanState, Unit

_BODY = record(code=TEXT, name_zh=TEXT, name_en=TEXT)
_PROGRESS = record(planned=COUNT, done=COUNT, late=COUNT)
_DOMAIN = record(id=TEXT, label_zh=TEXT, label_en=TEXT, themes=listed(TEXT), progress=_PROGRESS)
_STATE: Schema = {"enum": [one.value for one in PlanState]}
_PLANNED: Schema = {"enum": [Attribute.UNCONDITIONAL.value, Attribute.CONDITIONAL.value]}
_QUARTER: Schema = {"type": "integer", "minimum": 1, "maximum": 4}
_ITEM = {
    "key": UUID, "title": TEXT, "attribute": _PLANNED, "quarter": _QUARTER, "theme": TEXT,
    "update_cycle": TEXT, "dataset": maybe(UUID),
    "domain": {**TEXT, "description": "Id of a priority domain of the place; may be empty."},
}  # fmt: skip
_STANDING: Schema = {"enum": [one.value for one in ItemStanding]}
DAY: Schema = {"type": "string", "format": "date"}
_EDITION = record(
    number=COUNT, state=_STATE, sha256=SHA256, decided_at=maybe(MOMENT), reasons=TEXT,
    scenarios=TEXT, measures=TEXT, reason=TEXT,
    items=listed(
        record(
            **_ITEM, standing=maybe(_STANDING),
            slug=maybe(TEXT),
        )
    ),
)  # fmt: skip
_ITEM_GIVEN: Schema = {
    "type": "object",
    "properties": {**_ITEM, "key": {**UUID, "description": "Of the item it changes; else new."}},
    "required": ["title", "attribute", "quarter"],
    "additionalProperties": False,
}

_NUMBER: Schema = {"type": "number"}
_BOTH: Schema = {**listed(TEXT), "description": "In Chinese, then in English."}
_MEASURED = record(
    indicator=TEXT, value=maybe(_NUMBER), points=maybe(_NUMBER), of=COUNT, source=TEXT
)
_INDICATOR = record(
    id=TEXT, label=_BOTH, how=_BOTH, counts={"enum": [one.value for one in Counted]},
    unit={"enum": [one.value for one in Unit]}, weight=_NUMBER, best=_NUMBER, worst=_NUMBER,
    article=TEXT, platform_rule=maybe(_BOTH), procedure=TEXT,
)  # fmt: skip
_ASSESSED = record(
    division=TEXT, year=COUNT, counted_on=DAY,
    system=record(
        regulation=TEXT, title=_BOTH, article=TEXT, weights=_BOTH, indicators=listed(_INDICATOR)
    ),
    bodies=listed(
        record(
            code=TEXT, name_zh=TEXT, name_en=TEXT, measured=listed(_MEASURED),
            score=maybe(_NUMBER), comment=TEXT,
        )
    ),
)  # fmt: skip

SCHEMAS: dict[str, Schema] = {
    "Assessment": record(
        id=UUID, sha256=SHA256, published_at=maybe(MOMENT), self=TEXT,
        document={**_ASSESSED, "description": "Its canonical JSON (RFC 8785) has this hash."},
    ),
    "Assessments": record(
        items=listed(record(division=TEXT, year=COUNT, published_at=maybe(MOMENT), self=TEXT))
    ),
    "AssessmentStep": {
        "type": "object",
        "properties": {
            "body": TEXT, "indicator": TEXT, "value": _NUMBER, "source": TEXT, "text": TEXT,
        },
        "additionalProperties": False,
    },
    "NeedCall": record(
        id=UUID, division=TEXT, title=TEXT, text=TEXT, begins=DAY, ends=DAY,
        is_open={"type": "boolean"},
    ),
    "NeedCalls": record(items=listed(reference("NeedCall"))),
    "NeedCallGiven": record(division=TEXT, title=TEXT, text=TEXT, begins=DAY, ends=DAY),
    "Need": record(
        id=UUID, call=UUID, title=TEXT, data=TEXT, purpose=TEXT, body=maybe(TEXT),
        state={"enum": [one.value for one in NeedState]}, submitted_at=MOMENT,
        published_at=maybe(MOMENT), supports=COUNT, answer=TEXT, answered_at=maybe(MOMENT),
        dataset=maybe(TEXT),
        planned=maybe(record(key=UUID, title=TEXT, year=COUNT, standing=_STANDING)),
        case=maybe(TEXT), is_own={"type": "boolean"}, is_supported={"type": "boolean"},
        reasons=TEXT, self=TEXT,
    ),
    "Needs": record(items=listed(reference("Need"))),
    "NeedPage": record(items=listed(reference("Need")), next=maybe(TEXT)),
    "NeedGiven": {
        "type": "object",
        "properties": {"call": UUID, "title": TEXT, "data": TEXT, "purpose": TEXT, "body": TEXT},
        "required": ["call", "title", "data", "purpose"],
        "additionalProperties": False,
    },
    "NeedStep": {
        "type": "object",
        "properties": {
            "reasons": TEXT, "body": TEXT, "text": TEXT, "dataset": TEXT,
            "year": {"type": "integer"}, "item": UUID,
        },
        "additionalProperties": False,
    },
    "Plan": record(
        id=UUID, body=_BODY, year=COUNT, progress=_PROGRESS, domains=listed(_DOMAIN),
        in_force=maybe(reference("PlanEdition")), former=listed(reference("PlanEdition")),
        working=maybe(reference("PlanEdition")), self=TEXT,
    ),
    "PlanEdition": _EDITION,
    "PlanPage": record(
        items=listed(record(body=_BODY, year=COUNT, state=_STATE, progress=_PROGRESS, self=TEXT)),
        next=maybe(TEXT),
    ),
    "PlanDraft": {
        "type": "object",
        "properties": {
            "items": listed(_ITEM_GIVEN), "scenarios": TEXT, "measures": TEXT,
            "reason": {**TEXT, "description": "Why the plan in force is amended."},
            "known": {
                "type": "integer",
                "description": "How often the draft was saved when it was read; another save since "
                "is refused. Left out: whatever there is.",
            },
        },
        "additionalProperties": False,
    },
    "PlanStep": {
        "type": "object",
        "properties": {"reasons": TEXT, "item": UUID, "dataset": TEXT},
        "additionalProperties": False,
    },
}  # fmt: skip
