"""The selector: who may read which columns and rows of a dataset, decided in one place.

Rows endpoints, downloads, the CKAN API and pages all ask ``decide``; nothing else reads grants. It is
plain SQL that SQLite and PostgreSQL both run, so that it answers before Django's handler as well as
in a view. Why one: ``docs/decisions/0010-one-selector.md``.

**One grant.** Of the grants in force that are for the reader exactly one is used, the widest:

1. one for all columns and all rows, none of them masked,
2. else one for all columns (with a row filter, or with masks),
3. else the one with the most columns;
4. among equals one without a row filter, then one that masks fewer columns, then the public one (it
   leaves no receipt), then one without a quota, then the one that lasts longest, then the smallest id.

A grant of results (art. 24, 算法模型分析结果) is none of these: it delivers what a program made of the
rows, and no row. Who holds nothing else is told the way.

Grants are never united: each was allowed for its own purpose, and columns that no single decision
allowed together must not come together. ``grant`` names another of them explicitly.

**A version is as open as it was last listed.** The public grant is of the dataset as it is listed now;
it does not open versions that were listed under conditions (art. 7): the names that were taken out
before a table was opened still stand in the one before it. Nobody's grant opens what was last listed
as not to be opened.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushu.catalog.types import Attribute
from wushu.dataplane.query.database import Database, Parameter, moment, uuid
from wushu.dataplane.query.types import (
    DATASET_HAS_NO_DATA,
    DATASET_NOT_FOUND,
    DATASET_SEALED,
    DATASET_WITHDRAWN,
    GRANT_DELIVERS_RESULTS,
    GRANT_DELIVERS_ROWS,
    GRANT_EXPIRED,
    GRANT_REVOKED,
    GRANT_UNKNOWN,
    NO_GRANT,
    VERSION_NOT_FOUND,
    VERSION_NOT_PUBLIC,
    Access,
    CandidateGrant,
    Condition,
)
from wushu.dataplane.types import Delivery, Quota, Watermark
from wushu.kernel.errors import Refusal, Said
from wushu.parties.selectors import actor_from_key_rows, api_key_question
from wushu.parties.types import KEY_LACKS_SCOPE, Actor, Scope
from wushu.privacy.types import Mask

_FOREVER = datetime.max.replace(tzinfo=UTC)

_ENTRY = """
SELECT e.id, e.slug, e.state, e.closed_reason, r.title_zh, r.conditions,
       v.id, v.number, v.manifest_sha256,
       g.id, g.grantee_kind, g.columns, g.row_filter, g.valid_until,
       {attribute}, g.watermark, g.masks, g.grantee, g.purpose, g.rows_a_day, g.requests_a_day,
       g.delivery
FROM catalog_entry e
LEFT JOIN catalog_revision r ON r.id = e.listed_revision_id
"""
_ATTRIBUTE = "r.attribute"
_ATTRIBUTE_OF_NUMBERED = """(
    SELECT past.attribute FROM catalog_revision past
    WHERE past.version_id = v.id AND past.state IN ('listed', 'superseded')
    ORDER BY past.number DESC LIMIT 1)"""
_NEWEST = "LEFT JOIN catalog_version v ON v.id = r.version_id"
_NUMBERED = """
LEFT JOIN catalog_version v ON v.entry_id = e.id AND v.number = ? AND EXISTS (
    SELECT 1 FROM catalog_revision past
    WHERE past.version_id = v.id AND past.state IN ('listed', 'superseded'))
"""
_IN_FORCE = """
LEFT JOIN dataplane_grant g ON g.dataset = e.id AND g.revoked_at IS NULL
    AND g.valid_from <= ? AND (g.valid_until IS NULL OR g.valid_until > ?) AND ({grantee})
"""
_PAST = """
SELECT g.revoked_at, g.revoked_reason, g.valid_until
FROM dataplane_grant g
WHERE g.dataset = ? AND g.valid_from <= ? AND ({grantee})
ORDER BY g.created_at DESC
LIMIT 1
"""


def actor_of_key(database: Database, secret: str, now: datetime) -> Actor:
    """The account an API key acts for.

    Refusals: ``api-key-unknown``, ``api-key-revoked``, ``api-key-expired``.
    """
    return actor_from_key_rows(database.rows(*api_key_question(secret)), now)


def decide(
    database: Database,
    dataset: str | UUID,
    actor: Actor | None,
    now: datetime,
    *,
    version: int | None = None,
    grant: UUID | None = None,
    delivery: Delivery = Delivery.ROWS,
) -> Access:
    """Which version, columns and rows of the dataset (slug or id) the actor may read now.

    ``version`` asks for an older version that was once listed; ``grant`` for one of the reader's
    grants instead of the widest. A grant of another ``delivery`` opens nothing: under one of results no
    row leaves, and a program is run under such a one alone. Refusals: ``dataset-not-found``,
    ``dataset-sealed``, ``dataset-withdrawn``, ``dataset-has-no-data``, ``version-not-found``,
    ``version-not-public``, ``no-grant``, ``grant-unknown``, ``grant-expired``, ``grant-revoked``,
    ``grant-delivers-results``, ``grant-delivers-rows``, ``key-lacks-scope``.
    """
    reader = actor if actor is not None and actor.allows(Scope.ROWS_READ) else None
    by_id = isinstance(dataset, UUID)
    organisations = sorted(reader.organisations, key=str) if reader else []
    person = reader.person if reader else None
    sql = _statement(len(organisations), person is not None, by_id, version is not None)
    params: list[Parameter] = [] if version is None else [version]
    params += [now, now, *organisations, *([person] if person else []), dataset]
    rows = database.rows(sql, params)
    found = _require_readable(rows, str(dataset), version)
    in_force = [_candidate(row) for row in rows if row[9] is not None]
    candidates = [one for one in in_force if _opens(one, Attribute(found[14]))]
    chosen = choose([one for one in candidates if one.delivery is delivery], grant)
    if chosen is None:
        if choose(candidates, grant) is not None:
            raise _other_delivery(delivery, found[1], reader)
        if any(one.public for one in in_force) and not candidates:
            raise VERSION_NOT_PUBLIC(dataset=found[1], version=found[7])
        if candidates:
            raise GRANT_UNKNOWN(grant=grant)
        raise _why_not(database, found, actor, reader, now)
    return Access(
        dataset=uuid(found[0]),
        slug=found[1],
        title=found[4],
        version=uuid(found[6]),
        number=found[7],
        manifest_sha256=found[8],
        grant=chosen.id,
        public=chosen.public,
        columns=chosen.columns,
        row_filter=chosen.row_filter,
        actor=actor.urn if actor else "",
        watermark=chosen.watermark,
        masks=chosen.masks,
        reading=chosen.reading,
        quota=chosen.quota,
    )


def _other_delivery(wanted: Delivery, dataset: str, reader: Actor | None) -> Refusal:
    """There is a grant, and it delivers in the other way."""
    refusal = GRANT_DELIVERS_RESULTS if wanted is Delivery.ROWS else GRANT_DELIVERS_ROWS
    return refusal(who=reader.name if reader else Said("公众", "the public"), dataset=dataset)


def _opens(grant: CandidateGrant, attribute: Attribute) -> bool:
    """Whether a grant of the dataset opens a version that was last listed with this attribute."""
    if grant.public:
        return attribute is Attribute.UNCONDITIONAL
    return attribute is not Attribute.NONE


def choose(grants: Sequence[CandidateGrant], wanted: UUID | None = None) -> CandidateGrant | None:
    """The one grant that is used, by the rule of this module's description; pure."""
    if wanted is not None:
        return next((one for one in grants if one.id == wanted), None)
    if len(grants) < 2:
        return grants[0] if grants else None
    return min(grants, key=_preference)


def _preference(one: CandidateGrant) -> tuple[Any, ...]:
    whole = one.columns is None and not one.row_filter and not one.masks
    return (
        not whole,
        one.columns is not None,
        -len(one.columns or ()),
        bool(one.row_filter),
        len(one.masks),
        not one.public,
        bool(one.quota),
        -(one.valid_until or _FOREVER).timestamp(),
        one.id,
    )


def _require_readable(
    rows: Sequence[Sequence[Any]], asked: str, version: int | None
) -> Sequence[Any]:
    """The dataset's row, if it stands so that anybody could read it."""
    if not rows:
        raise DATASET_NOT_FOUND(dataset=asked)
    found = rows[0]
    slug, state, reason = found[1:4]
    if state == "sealed":
        raise DATASET_SEALED(dataset=slug, reason=reason)
    if state == "withdrawn" and found[4] is not None:  # a draft that was never listed is not there
        raise DATASET_WITHDRAWN(dataset=slug, reason=reason)
    if state != "listed":
        raise DATASET_NOT_FOUND(dataset=asked)
    if found[6] is None:
        if version is not None:
            raise VERSION_NOT_FOUND(dataset=slug, version=version)
        raise DATASET_HAS_NO_DATA(dataset=slug)
    return found


def _candidate(row: Sequence[Any]) -> CandidateGrant:
    columns, row_filter = _document(row[11]), _document(row[12])
    return CandidateGrant(
        id=uuid(row[9]),
        public=row[10] == "public",
        columns=None if columns is None else tuple(columns),
        row_filter=tuple(Condition.from_json(one) for one in row_filter),
        valid_until=moment(row[13]),
        watermark=Watermark(row[15]),
        masks=tuple(Mask.from_json(one) for one in _document(row[16])),
        reading=f"{uuid(row[17]) if row[17] else ''}\n{row[18]}",
        quota=Quota(row[19], row[20]),
        delivery=Delivery(row[21]),
    )


def _why_not(
    database: Database,
    found: Sequence[Any],
    actor: Actor | None,
    reader: Actor | None,
    now: datetime,
) -> Exception:
    """The refusal that fits: lapsed, revoked, or never granted."""
    slug = found[1]
    if actor is not None and reader is None:
        return KEY_LACKS_SCOPE(what=Said("读取数据行", "read rows"), scope=Scope.ROWS_READ)
    organisations = sorted(reader.organisations, key=str) if reader else []
    person = [reader.person] if reader and reader.person else []
    past = database.rows(
        _PAST.format(grantee=_grantee(len(organisations), bool(person))),
        [uuid(found[0]), now, *organisations, *person],
    )
    who = reader.name if reader else Said("公众", "the public")
    if past:
        revoked_at, reason, valid_until = past[0]
        if revoked_at is not None:
            return GRANT_REVOKED(who=who, dataset=slug, at=_minute(revoked_at), reason=reason)
        if valid_until is not None and (moment(valid_until) or now) <= now:
            return GRANT_EXPIRED(who=who, dataset=slug, at=_minute(valid_until))
    conditions = found[5] or ""
    return NO_GRANT(
        who=who,
        dataset=slug,
        conditions_zh=f"开放条件：{conditions} " if conditions else "",
        conditions_en=f"Conditions: {conditions} " if conditions else "",
    )


@lru_cache(maxsize=64)
def _statement(organisations: int, person: bool, by_id: bool, numbered: bool) -> str:
    """The one statement, for a reader with so many organisations."""
    grants = _IN_FORCE.format(grantee=_grantee(organisations, person))
    version = _NUMBERED if numbered else _NEWEST
    entry = _ENTRY.format(attribute=_ATTRIBUTE_OF_NUMBERED if numbered else _ATTRIBUTE)
    return f"{entry}{version}{grants}WHERE e.{'id' if by_id else 'slug'} = ?"


def _grantee(organisations: int, person: bool) -> str:
    alternatives = ["g.grantee_kind = 'public'"]
    if organisations:
        marks = ", ".join("?" * organisations)
        alternatives.append(f"(g.grantee_kind = 'organisation' AND g.grantee IN ({marks}))")
    if person:
        alternatives.append("(g.grantee_kind = 'person' AND g.grantee = ?)")
    return " OR ".join(alternatives)


def _document(value: Any) -> Any:
    """A JSON column: SQLite's driver gives its text, PostgreSQL's the document."""
    return json.loads(value) if isinstance(value, str) else value


def _minute(value: Any) -> str:
    at = moment(value)
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
