"""Shapes of computations in the API's description."""

from __future__ import annotations

from wushu.config.openapi.shapes import (
    COUNT,
    MOMENT,
    SHA256,
    TEXT,
    URI,
    UUID,
    Schema,
    listed,
    maybe,
    record,
)
from wushu.opening.types import ComputationState

_COLUMN = record(name=TEXT, type={**TEXT, "description": "As the engine names it."})
SCHEMAS: dict[str, Schema] = {
    "Computation": record(
        id=UUID, dataset=TEXT, grant=UUID, state={"enum": [one.value for one in ComputationState]},
        program=TEXT, program_sha256={**SHA256, "description": "Of it with the salt of its result."},
        submitted_at=MOMENT, ran_at=maybe(MOMENT), decided_at=maybe(MOMENT), reason=maybe(TEXT),
        refusal={
            **maybe({"type": "object"}), "description": "Problem details, where it failed.",
        },
        version=maybe(COUNT), manifest_sha256=maybe(SHA256), result_sha256=maybe(SHA256),
        result={
            **maybe(
                record(rows=COUNT, bytes=COUNT, columns=listed(_COLUMN), smallest_group=maybe(COUNT))
            ),
            "description": "For who decides on it; for who submitted it once it is released.",
        },
        self=URI,
    ),
    "ComputationPage": record(items=listed({"$ref": "#/components/schemas/Computation"}), next=maybe(TEXT)),
    "ComputationGiven": {
        "type": "object",
        "required": ["dataset", "program"],
        "additionalProperties": False,
        "properties": {
            "dataset": {**TEXT, "description": "Its name in addresses."},
            "program": {**TEXT, "description": "One SELECT over the table `data`."},
            "grant": {**UUID, "description": "One of several grants; left out: the widest."},
        },
    },
    "ComputedResult": record(
        program=TEXT, salt=TEXT, columns=listed(_COLUMN), rows=listed({"type": "array"}),
    ),
}  # fmt: skip
