"""Shapes of the catalogue, of rows, of CKAN's interface and of the log."""

from __future__ import annotations

from collections.abc import Mapping

from wushu.catalog.selectors import Freshness
from wushu.catalog.types import Attribute, EntryState, FieldType, GroupingKind, RelationReason
from wushu.config.openapi.shapes import (
    BASE64,
    CELL,
    COUNT,
    MOMENT,
    SHA256,
    TEXT,
    URI,
    UUID,
    Schema,
    listed,
    maybe,
    open_record,
    record,
    reference,
)


def _entry() -> dict[str, Schema]:
    code = record(code=TEXT, zh=TEXT, en=TEXT)
    return {
        "id": UUID,
        "identifier": URI,
        "slug": TEXT,
        "state": {"enum": [EntryState.LISTED.value]},
        "body": record(id=UUID, code=TEXT, name_zh=TEXT, name_en=TEXT),
        "title_zh": TEXT,
        "title_en": TEXT,
        "description_zh": TEXT,
        "description_en": TEXT,
        "keywords": listed(TEXT),
        "theme": code,
        "attribute": {"enum": [one.value for one in Attribute]},
        "attribute_reason": TEXT,
        "attribute_basis": TEXT,
        "conditions": TEXT,
        "update_cycle": code,
        "spatial": TEXT,
        "temporal_start": maybe({"type": "string", "format": "date"}),
        "temporal_end": maybe({"type": "string", "format": "date"}),
        "licence": TEXT,
        "licence_note": TEXT,
        "source_url": TEXT,
        "source_note": TEXT,
        "synthetic": {"type": "boolean"},
        "contact_name": TEXT,
        "contact_email": TEXT,
        "contact_phone": TEXT,
        "change_note": TEXT,
        "freshness": record(
            state={"enum": sorted(Freshness)},
            due=maybe({"type": "string", "format": "date"}),
            days=maybe({"type": "integer"}),
            soon={"type": "boolean"},
        ),
        "issued": maybe(MOMENT),
        "modified": MOMENT,
        "revision": COUNT,
        "version": maybe(reference("Version")),
        "links": {"type": "object", "additionalProperties": URI},
    }


_NAMED: Mapping[str, Schema] = {"identifier": URI, "slug": TEXT, "title_zh": TEXT, "title_en": TEXT}

_AROUND: Mapping[str, Schema] = {
    "series": {
        **maybe(record(**_NAMED, period=TEXT, previous=maybe(TEXT), following=maybe(TEXT))),
        "description": "`period`: the time it stands for there (2024, 2024-H1, 2024-Q3 or 2024-05); "
        "`previous`, `following`: names of its neighbours.",
    },
    "groupings": {
        **listed(record(**_NAMED, kind={"enum": [one.value for one in GroupingKind]})),
        "description": "Base and theme databases it is in.",
    },
    "derived_from": {**listed(record(**_NAMED)), "description": "Datasets that it was made from."},
}

FIELD: Schema = record(
    name=TEXT,
    type={"enum": [one.value for one in FieldType]},
    format=TEXT,
    title_zh=TEXT,
    title_en=TEXT,
    description=TEXT,
    unit=TEXT,
    code_list=listed({**listed(TEXT), "minItems": 2, "maxItems": 2}),
    null_values=listed(TEXT),
    null_meaning=TEXT,
    required={"type": "boolean"},
    key={"type": "boolean"},
)

_VERSION: Mapping[str, Schema] = {
    "id": UUID,
    "identifier": URI,
    "number": {"type": "integer", "minimum": 1},
    "created_at": MOMENT,
    "rows": COUNT,
    "rows_declared": COUNT,
    "rows_rejected": COUNT,
    "source_name": TEXT,
    "source_sha256": SHA256,
    "source_bytes": COUNT,
    "manifest_sha256": SHA256,
    "parquet_bytes": COUNT,
}

VERSION: Schema = record(**_VERSION)

FILES: Schema = {
    **listed(
        record(format=TEXT, variant=TEXT, url=URI, bytes=COUNT, sha256=maybe(SHA256)),
    ),
    "description": "Files of unconditional data whose size and digest are known. `variant`: "
    "parameters that change the bytes; empty: none.",
}

ROWS: Schema = record(
    dataset=TEXT,
    id={"type": "string", "format": "uri"},
    version={"type": "integer", "minimum": 1},
    manifest_sha256=SHA256,
    columns=listed(
        {
            **record(
                name=TEXT,
                type={"enum": [one.value for one in FieldType]},
                masked={
                    **TEXT,
                    "description": "How the values are masked, such as keep:3:4; without it they are as they are.",
                },
            ),
            "required": ["name", "type"],
        }
    ),
    total={
        **maybe(COUNT),
        "description": "Rows that match, where an index knows; else null.",
    },
    ceilings={**listed(TEXT), "description": "Names of the limits that cut this answer."},
    next={**maybe(TEXT), "description": "Address of the following page; null on the last."},
    rows=listed({"type": "object", "additionalProperties": CELL}),
)

PROBLEM: Schema = {
    **open_record(
        type=TEXT, title=TEXT, status=COUNT, detail=TEXT, name=TEXT, way_out=TEXT, zh=TEXT, en=TEXT
    ),
    "description": "Problem details (RFC 9457). `name` is the refusal's stable name, see "
    "docs/reference/errors.md; `title` is the kind's and never varies; `detail` and `way_out` follow "
    "Accept-Language, `zh` and `en` have both; `field` names the field that is wrong, where it is one.",
}

CKAN_ERROR: Schema = open_record(
    help=TEXT, success={"const": False}, error={**open_record(__type=TEXT), "type": "object"}
)

DATASTORE: Schema = open_record(
    help=TEXT,
    success={"const": True},
    result=open_record(
        resource_id=TEXT,
        limit=COUNT,
        offset=COUNT,
        records_format={"const": "objects"},
        include_total={"type": "boolean"},
        fields=listed(record(id=TEXT, type=TEXT)),
        records=listed({"type": "object", "additionalProperties": CELL}),
        version={"type": "integer", "minimum": 1},
        manifest_sha256=SHA256,
    ),
)

INCLUSION: Schema = record(
    index=COUNT, size=COUNT, root=BASE64, leaf_hash=BASE64, hashes=listed(BASE64)
)

CONSISTENCY: Schema = record(
    first=COUNT, second=COUNT, first_root=BASE64, second_root=BASE64, hashes=listed(BASE64)
)

LOG_ENTRY: Schema = record(
    index=COUNT,
    entry={"type": "object"},
    leaf=BASE64,
    leaf_hash=BASE64,
    proof=record(size=COUNT, root=BASE64, hashes=listed(BASE64)),
    checkpoint=TEXT,
)

CITATION: Schema = record(zh=TEXT, en=TEXT)

QUALITY: Schema = record(
    points=COUNT,
    of=COUNT,
    rating={"enum": ["excellent", "good", "sufficient", "bad"]},
    lost=listed(record(indicator=TEXT, dimension=TEXT, points=COUNT, zh=TEXT, en=TEXT)),
)

SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}

SCOREBOARD: Schema = record(
    at=MOMENT,
    points_most=COUNT,
    items=listed(
        record(
            place=maybe(COUNT),
            score=maybe(SHARE),
            code=TEXT,
            name_zh=TEXT,
            name_en=TEXT,
            datasets=COUNT,
            kept=COUNT,
            missed=COUNT,
            points_mean=maybe({"type": "number"}),
            assessed=COUNT,
            readable=COUNT,
            rows_open=COUNT,
            used_by_browsers=COUNT,
            used_by_programs=COUNT,
        )
    ),
)

USAGE: Schema = record(
    **{"dataset": maybe(TEXT), "from": TEXT, "to": TEXT, "counted": TEXT},
    items=listed(
        record(
            day={"type": "string", "format": "date"},
            use={"type": "string", "description": "page, rows, or the format of a download"},
            client={"enum": ["browser", "program"]},
            requests=COUNT,
            rows=COUNT,
            bytes=COUNT,
        )
    ),
)

SCHEMAS: dict[str, Schema] = {
    "Problem": PROBLEM,
    "Field": FIELD,
    "Version": VERSION,
    "Entry": record(**_entry()),
    "EntryWithFields": record(
        **_entry(),
        **_AROUND,
        citation=CITATION,
        metadata_quality=QUALITY,
        fields=listed(reference("Field")),
    ),
    "EntryPage": record(
        items=listed(reference("Entry")),
        next=maybe(URI),
        total=COUNT,
        more_than_total={"type": "boolean"},
        approximate={"type": "boolean"},
    ),
    "CitedVersion": record(**_VERSION, citation=CITATION, files=FILES),
    "Related": record(
        items=listed(
            record(
                slug=TEXT,
                id=TEXT,
                title_zh=TEXT,
                title_en=TEXT,
                reasons=listed({"enum": [one.value for one in RelationReason]}),
                columns=listed(TEXT),
                keywords=listed(TEXT),
            )
        )
    ),
    "Versions": record(items=listed(reference("CitedVersion"))),
    "Rows": ROWS,
    "Scoreboard": SCOREBOARD,
    "Usage": USAGE,
    "LogEntry": LOG_ENTRY,
    "InclusionProof": INCLUSION,
    "ConsistencyProof": CONSISTENCY,
    "CkanAnswer": open_record(help=TEXT, success={"const": True}, result={}),
    "CkanError": CKAN_ERROR,
    "DatastoreAnswer": DATASTORE,
    "Health": open_record(status=TEXT),
}
