"""Shapes of rules, cases and subscriptions."""

from __future__ import annotations

from collections.abc import Mapping

from wushu.casework.types import (
    ClockState,
    DayKind,
    FieldKind,
    HappenedKind,
    RegulationStatus,
    Supplement,
    Why,
)
from wushu.config.openapi.shapes import (
    BASE64,
    COUNT,
    DAY,
    MOMENT,
    SHA256,
    TEXT,
    URI,
    UUID,
    WORDS,
    Schema,
    listed,
    maybe,
    open_record,
    record,
    reference,
)
from wushu.dataplane.selectors import Op
from wushu.opening.selectors import SEARCH_PARAMETERS
from wushu.opening.types import Channel, Problem, SubscriptionState
from wushu.privacy.types import MaskMethod

_DAY: Schema = {"type": "string", "format": "date"}

_REGULATION: Mapping[str, Schema] = {
    "id": UUID,
    "key": TEXT,
    "number": {"type": "integer", "minimum": 1},
    "sha256": {**SHA256, "description": "Of the bytes at `document`."},
    "published_at": MOMENT,
    "entry": {**maybe(COUNT), "description": "Its publication in the log; null: not signed yet."},
    "title_zh": TEXT,
    "title_en": TEXT,
    "issuer_zh": TEXT,
    "issuer_en": TEXT,
    "document_number": TEXT,
    "status": {"enum": [one.value for one in RegulationStatus]},
    "partly_read": {"type": "boolean", "description": "Its text could not be read in full."},
    "division": {**TEXT, "description": "Of the place it was made for."},
    "valid_from": _DAY,
    "valid_until": maybe(_DAY),
    "adoptions": {
        **listed(
            record(
                division=TEXT,
                begins=_DAY,
                ends=maybe(_DAY),
                decision=TEXT,
                beyond={"type": "boolean"},
            )
        ),
        "description": "Where it applies. `ends`: the last day; `beyond`: on days that the regulation"
        " does not give itself, for the reason said behind the decision.",
    },
    "document": URI,
    "page": URI,
    "self": URI,
}

_PROCEDURE: Schema = record(
    id=TEXT,
    title_zh=TEXT,
    title_en=TEXT,
    article={**maybe(TEXT), "description": "As 21(2); null: a rule of the platform."},
    states=listed(TEXT),
    steps=listed(TEXT),
    limits=listed(
        record(
            id=TEXT,
            label_zh=TEXT,
            label_en=TEXT,
            working_days=COUNT,
            extension_in_all=maybe(COUNT),
            after_supplement={"enum": [one.value for one in Supplement]},
            article=maybe(TEXT),
        )
    ),
    page=URI,
)

_SEARCH: Schema = {
    "type": "object",
    "properties": dict.fromkeys(SEARCH_PARAMETERS, TEXT),
    "additionalProperties": False,
    "description": "Parameters of /datasets.",
}

_SUBSCRIPTION: Mapping[str, Schema] = {
    "id": UUID,
    "channel": {"enum": [one.value for one in Channel]},
    "address": {**maybe(TEXT), "description": "null: the node's key was lost; subscribe again."},
    "dataset": {**maybe(TEXT), "description": "Its name in addresses, where one is followed."},
    "body": {**maybe(TEXT), "description": "Its credit code, where one is followed."},
    "cases": {"type": "boolean", "description": "Whether one's cases are followed."},
    "search": maybe(_SEARCH),
    "state": {"enum": [one.value for one in SubscriptionState]},
    "problem": maybe({"enum": [one.value for one in Problem]}),
    "next_try": maybe(MOMENT),
    "sent": {**COUNT, "description": "Notices delivered and still kept."},
    "created_at": MOMENT,
    "self": URI,
}

SUBSCRIPTION_ASKED: Schema = {
    "type": "object",
    "properties": {
        "channel": {"enum": [one.value for one in Channel]},
        "address": {**TEXT, "description": "A mailbox, or the https address of your program."},
        "dataset": {**TEXT, "examples": ["streets"]},
        "body": {**TEXT, "description": "Credit code or id."},
        "search": _SEARCH,
        "cases": {"const": True, "description": "One's own cases and those that wait for one."},
    },
    "required": ["channel", "address"],
    "additionalProperties": False,
    "description": "Exactly one of dataset, body, search and cases.",
}

_PACE: dict[str, Schema] = {
    "answered": COUNT,
    "median_working_days": {
        "type": "number",
        "minimum": 0,
        "description": "From receipt to the first answer: half took no longer.",
    },
    "in_time": {**COUNT, "description": "Every limit until the answer was kept."},
    "late": COUNT,
}

CASE_FIGURES: Schema = record(
    first=DAY,
    last=DAY,
    total=maybe(record(**_PACE)),
    procedures=listed(record(procedure=TEXT, title=WORDS, **_PACE)),
)

_CASE_LINE: dict[str, Schema] = {
    "number": TEXT,
    "procedure": TEXT,
    "procedure_title": WORDS,
    "state": TEXT,
    "state_label": WORDS,
    "turn": {**maybe(TEXT), "description": "The seat whose turn it is."},
    "turn_label": maybe(WORDS),
    "due": maybe(DAY),
    "provisional": {"type": "boolean"},
    "dataset": maybe(TEXT),
    "body": TEXT,
    "opened_at": MOMENT,
    "closed_at": maybe(MOMENT),
}

GRANTS: Schema = record(
    items=listed(record(
        grant=UUID, dataset={**maybe(TEXT), "description": "Slug; null: not listed now."},
        organisation=maybe(TEXT), columns=maybe(listed(TEXT)),
        rows=listed(record(column=TEXT, op={"enum": [one.value for one in Op]}, values=listed(TEXT))),
        masks=listed(record(
            column=TEXT, method={"enum": [one.value for one in MaskMethod]}, values=listed(TEXT)
        )),
        purpose=TEXT, valid_from=MOMENT, valid_until=maybe(MOMENT),
        delivery={"enum": ["rows", "computed"]},
        rows_a_day=maybe(COUNT), requests_a_day=maybe(COUNT), rows_left=maybe(COUNT),
        requests_left=maybe(COUNT),
    )),
)  # fmt: skip

_GROUND: Schema = record(article=maybe(TEXT), words=WORDS, platform_rule=maybe(WORDS))

_STEP: Schema = record(
    id=TEXT, label=WORDS, ground=_GROUND,
    fields=listed(record(
        id=TEXT, label=WORDS, kind={"enum": [one.value for one in FieldKind]},
        required={"type": "boolean"}, ground=_GROUND,
        choices=listed(record(id=TEXT, label=WORDS)),
    )),
    papers=listed(record(kind=TEXT, label=WORDS, required={"type": "boolean"}, ground=_GROUND)),
)  # fmt: skip

_CLOCK: Schema = record(
    id=TEXT, label=WORDS, ground=_GROUND, state={"enum": [one.value for one in ClockState]},
    limit=COUNT, used=COUNT, left=COUNT, late=COUNT, due=maybe(DAY),
    provisional={"type": "boolean"}, calendar=SHA256,
    days=listed(record(
        date=DAY, kind={"enum": [one.value for one in DayKind]},
        why={"enum": [one.value for one in Why]}, number=maybe(COUNT), notice=maybe(TEXT),
    )),
)  # fmt: skip

CASE: Schema = record(
    number=TEXT, id=UUID, title=TEXT, procedure=TEXT, procedure_title=WORDS, regulation=TEXT,
    state=TEXT, state_label=WORDS, turn=maybe(TEXT), dataset=maybe(TEXT), body=TEXT,
    opened_at=MOMENT, closed_at=maybe(MOMENT), seats=listed(TEXT), clocks=listed(_CLOCK),
    merged_into={**maybe(TEXT), "description": "Number of the case in which it goes on."},
    assignee=maybe(record(person=UUID, name=TEXT)),
    steps=listed(_STEP),
    history=listed(record(
        number=COUNT, kind={"enum": [one.value for one in HappenedKind]}, step=maybe(TEXT),
        words=maybe(WORDS), at=MOMENT, seat=maybe(TEXT), state=TEXT, values={"type": "object"},
        text={**maybe(TEXT), "description": "Of a message, a note, a question, an opinion."},
    )),
    papers=listed(record(
        id=UUID, kind=TEXT, name=TEXT, size=COUNT, sha256=SHA256, happened=COUNT, content=URI,
    )),
    self=URI,
)  # fmt: skip

_PAPER: Schema = record(kind=TEXT, name=TEXT, content=BASE64)

STEP_TAKEN: Schema = {
    "type": "object",
    "properties": {
        "values": {"type": "object", "description": "Answers by the ids of the step's fields."},
        "papers": listed(_PAPER),
    },
    "additionalProperties": False,
}

CASE_FILED: Schema = {
    **STEP_TAKEN,
    "properties": {
        **STEP_TAKEN["properties"],
        "organisation": {
            **TEXT,
            "description": "Unified social credit code of whom it is filed for; left out: oneself.",
        },
    },
}

CASE_ASSIGNMENT: Schema = record(
    assignee=maybe(record(person=UUID, name=TEXT)),
    colleagues=listed(record(person=UUID, name=TEXT)),
)

CASE_ASSIGNED: Schema = {
    "type": "object",
    "properties": {"person": {**UUID, "description": "Left out: oneself."}},
    "additionalProperties": False,
}

CASE_QUESTION: Schema = {
    "type": "object",
    "properties": {"question": {**TEXT, "minLength": 1, "maxLength": 5000}},
    "required": ["question"],
    "additionalProperties": False,
}

CASE_OPINION: Schema = {
    "type": "object",
    "properties": {"text": {**TEXT, "minLength": 1, "maxLength": 5000}},
    "required": ["text"],
    "additionalProperties": False,
}

CASE_MERGED: Schema = {
    "type": "object",
    "properties": {"into": {**TEXT, "description": "Number of the case in which it goes on."}},
    "required": ["into"],
    "additionalProperties": False,
}

CASE_MESSAGE: Schema = {
    "type": "object",
    "properties": {
        "text": {**TEXT, "minLength": 1, "maxLength": 5000},
        "among_officials": {
            "type": "boolean", "description": "A note that who filed does not see.",
        },
    },
    "required": ["text"],
    "additionalProperties": False,
}  # fmt: skip

SCHEMAS: dict[str, Schema] = {
    "Regulations": record(items=listed(record(**_REGULATION))),
    "RegulationWithProcedures": record(**_REGULATION, procedures=listed(_PROCEDURE)),
    "Subscription": record(**_SUBSCRIPTION),
    "Subscriptions": record(items=listed(reference("Subscription")), limit=COUNT),
    "SubscriptionAsked": SUBSCRIPTION_ASKED,
    "SubscriptionOpened": record(
        **_SUBSCRIPTION,
        secret={**maybe(TEXT), "description": "Of a webhook's signatures; shown only here."},
    ),
    "Cases": record(items=listed(reference("CaseLine"))),
    "CasesBulk": {
        "type": "object",
        "required": ["numbers"],
        "properties": {
            "numbers": listed(TEXT),
            "procedure": {**TEXT, "description": "Of the step."},
            "step": {**TEXT, "description": "Exactly one of step, person and text."},
            "values": {"type": "object"},
            "person": {**UUID, "description": "To whom they are assigned."},
            "text": {**TEXT, "description": "Written in each."},
            "among_officials": {"type": "boolean"},
            "dry_run": {"type": "boolean", "description": "Only say what would be."},
        },
        "additionalProperties": False,
    },
    "CasesBulkDone": record(
        done=COUNT,
        refused=COUNT,
        items=listed(
            record(
                number=TEXT,
                done={"type": "boolean"},
                state=maybe(TEXT),
                refusal=maybe(record(name=TEXT, zh=TEXT, en=TEXT)),
            )
        ),
    ),
    "CaseAgreements": record(
        items=listed(
            record(
                number=COUNT,
                id=UUID,
                document=open_record(),
                sha256=TEXT,
                drawn_at=MOMENT,
                user_signed_at=maybe(MOMENT),
                body_signed_at=maybe(MOMENT),
                grant=maybe(UUID),
            )
        )
    ),
    "CasePage": record(items=listed(reference("CaseLine")), next=maybe(TEXT)),
    "CaseLine": record(**_CASE_LINE, title=maybe(TEXT)),
    "PublicCase": record(
        **_CASE_LINE,
        happened=listed(
            record(
                at=MOMENT,
                done=WORDS,
                seat={**maybe(WORDS), "description": "Whose part it was; null: the node's."},
                state=WORDS,
                answers=listed(record(label=WORDS, text=WORDS)),
            )
        ),
    ),
    "NoticesPublished": record(
        items=listed(
            record(id=UUID, published_at=MOMENT, answers=listed(record(label=WORDS, text=WORDS)))
        ),
        next=maybe(TEXT),
    ),
    "ReassessmentPage": record(
        items=listed(
            record(
                dataset=TEXT,
                title_zh=TEXT,
                title_en=TEXT,
                body=TEXT,
                due=_DAY,
                late={"type": "boolean"},
                assessed={**maybe(_DAY), "description": "When it last was; null: never."},
                under_way={"type": "boolean", "description": "A case is at it."},
                page=URI,
            )
        ),
        next=maybe(TEXT),
    ),
    "GrantList": GRANTS,
    "CaseNoticePage": record(
        items=listed(
            record(
                id=COUNT,
                number={**maybe(TEXT), "description": "Of the case."},
                title=TEXT,
                happened=WORDS,
                at=MOMENT,
                is_read={"type": "boolean"},
                case=maybe(URI),
                computation={**maybe(URI), "description": "In place of a case: a program's end."},
            )
        ),
        next=maybe(TEXT),
    ),
    "CaseNoticesRead": record(read_through={**COUNT, "description": "The id of a notice."}),
    "CaseNoticesMarked": record(read=COUNT),
    "CaseFigures": CASE_FIGURES,
    "Case": CASE,
    "StepTaken": STEP_TAKEN,
    "CaseFiled": CASE_FILED,
    "CaseMessage": CASE_MESSAGE,
    "CaseMerged": CASE_MERGED,
    "CaseQuestion": CASE_QUESTION,
    "CaseOpinion": CASE_OPINION,
    "CaseAssignment": CASE_ASSIGNMENT,
    "CaseAssigned": CASE_ASSIGNED,
}
