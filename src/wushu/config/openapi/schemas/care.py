"""Shape of the record of due care in the API's description."""

from __future__ import annotations

from wushu.catalog.types import Attribute
from wushu.config.openapi.shapes import (
    BASE64,
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

_BOTH = record(zh=TEXT, en=TEXT)
_LINE = record(
    at=MOMENT,
    act={**TEXT, "description": "Its name in the log."},
    words=maybe(_BOTH),
    seat={**maybe(_BOTH), "description": "The part they played in the case."},
    organisation={**TEXT, "description": "For whom they act or acted."},
    name={**TEXT, "description": "Of the person; empty where the reader may not know it."},
    case=maybe(record(number=TEXT, procedure=TEXT, title=_BOTH)),
    ground=maybe(record(article=maybe(TEXT), words=_BOTH, platform_rule=maybe(_BOTH))),
    revision=maybe(
        record(number=COUNT, attribute={"enum": [one.value for one in Attribute]}, reasons=TEXT)
    ),
    answers=listed(record(label=_BOTH, text=_BOTH)),
    text=TEXT,
    papers=listed(record(name=TEXT, label=_BOTH, sha256=SHA256)),
    evidence=maybe(
        record(
            index=maybe(COUNT), act=TEXT, actor=TEXT, subject=TEXT, at=MOMENT,
            data={"type": "object"},
            leaf={**BASE64, "description": "What is in the tree."},
            proof={**TEXT, "description": "C2SP tlog-proof; empty while no checkpoint covers it."},
        )
    ),
)  # fmt: skip
SCHEMAS: dict[str, Schema] = {
    "DueCare": record(
        dataset=record(id=UUID, slug=TEXT, title_zh=TEXT, title_en=TEXT),
        body=record(code=TEXT, name_zh=TEXT, name_en=TEXT),
        made_at=MOMENT,
        unseen_cases={**COUNT, "description": "Cases in which the reader has no part."},
        withheld_lines={**COUNT, "description": "Lines of cases that are not for the reader."},
        cut={"type": "boolean", "description": "There is more, and older, than is shown."},
        lines=listed(_LINE),
        self=URI,
    )
}
