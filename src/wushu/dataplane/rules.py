"""Pure decisions of the data plane: who may load and grant, which names and schemas are taken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.ingest.formats import format_fault, scale
from wushu.dataplane.ingest.refusals import (
    BAD_COLUMN_NAME,
    BAD_FORMAT,
    DUPLICATE_HEADER,
    EMPTY_HEADER,
    GRANT_BASIS_NOT_A_URN,
    GRANT_BY_BODY_ONLY,
    GRANT_COLUMNS_UNKNOWN,
    GRANT_MASK_WRONG,
    GRANT_NOT_EXTENDED,
    GRANT_NOT_OVERSEEN,
    GRANT_QUOTA_WRONG,
    GRANT_TO_ONESELF,
    GRANT_WITHOUT_BASIS,
    GRANTEE_WRONG,
    PERIOD_WRONG,
    PUBLIC_GRANT_REFUSED,
    UNSAFE_FILE_NAME,
    WRONG_COLUMNS,
    WRONG_STATE,
)
from wushu.dataplane.query import conditions
from wushu.dataplane.types import GranteeKind, Quota, UploadState
from wushu.kernel.errors import NOT_PERMITTED, Refusal, Said
from wushu.parties.types import Actor, Role, Scope
from wushu.privacy.types import Mask, MaskMethod

MAX_NAME_BYTES = 255
QUOTA_MOST = 10**15
MAX_COLUMN_NAME = 200
RESERVED_COLUMNS = frozenset(("_row",))
_WINDOWS_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)))
)
_DECISION = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WINDOWS_CHARACTERS = frozenset('<>:"|?*')

CONFIRMABLE = (UploadState.FOUND, UploadState.FAILED)
"""A failed load may be confirmed again with other types, if its columns were found."""
REDESCRIBABLE = (UploadState.UNDECIDED, UploadState.FOUND, UploadState.FAILED)

STATE_WORDS = {
    UploadState.RECEIVED: Said("已收到", "received"),
    UploadState.UNDECIDED: Said("待选编码", "waiting for the encoding"),
    UploadState.FOUND: Said("待确认", "waiting for confirmation"),
    UploadState.QUEUED: Said("排队中", "queued"),
    UploadState.LOADING: Said("装载中", "loading"),
    UploadState.LOADED: Said("已装载", "loaded"),
    UploadState.FAILED: Said("未成功", "failed"),
}


def may_load(actor: Actor | None, body: UUID) -> bool:
    """Whether the actor is a clerk of the opening body (数据开放主体)."""
    return (
        actor is not None
        and actor.account is not None
        and actor.holds(Role.OPENING_BODY, body)
        and actor.allows(Scope.CATALOG_WRITE)
    )


def require_loader(actor: Actor, body: UUID) -> None:
    """Refuse who is no clerk of the body (``not-permitted``)."""
    if not may_load(actor, body):
        raise NOT_PERMITTED(who=actor.name, what=Said("装载数据", "load data"))


def require_grant_writer(actor: Actor, body: UUID) -> None:
    """A grant is the opening body's answer (art. 22): nobody else writes one (``grant-by-body-only``)."""
    if not may_load(actor, body):
        raise GRANT_BY_BODY_ONLY(who=actor.name)


def may_revoke(actor: Actor, body: UUID, division: str) -> bool:
    """The body and the authority that covers its division end access, each in its duty (art. 37)."""
    is_authority = actor.person is not None and actor.holds_over(Role.DATA_AUTHORITY, division)
    return may_load(actor, body) or (is_authority and actor.allows(Scope.CATALOG_REVIEW))


def require_revoker(actor: Actor, body: UUID, division: str) -> None:
    """Refuse who neither belongs to the body nor is its authority (``grant-not-overseen``)."""
    if not may_revoke(actor, body, division):
        raise GRANT_NOT_OVERSEEN(who=actor.name)


def require_not_oneself(actor: Actor, kind: GranteeKind, grantee: UUID | None) -> None:
    """Nobody lets themselves or an organisation of theirs read (``grant-to-oneself``)."""
    mine = {actor.person} if kind is GranteeKind.PERSON else actor.organisations
    if grantee is not None and grantee in mine:
        raise GRANT_TO_ONESELF(who=actor.name)


def safe_name(name: str) -> str:
    """The file name as it will be kept; refusal ``unsafe-file-name`` for tricks with paths."""
    for is_bad, reason_zh, reason_en in (
        (not name.strip(), "名称是空的", "it is empty"),
        ("/" in name or "\\" in name, "名称里有路径", "it holds a path"),
        (name in (".", ".."), "名称指向文件夹", "it names a folder"),
        (
            any(ord(c) < 32 or 127 <= ord(c) < 160 or 0xD800 <= ord(c) < 0xE000 for c in name),
            "名称里有控制字符",
            "it holds control characters",
        ),
        (
            any(0x200B <= ord(c) <= 0x200F or 0x202A <= ord(c) <= 0x202E or ord(c) == 0xFEFF
                for c in name),
            "名称里有不可见或改变文字方向的字符",
            "it holds invisible characters",
        ),
        (bool(_WINDOWS_CHARACTERS & set(name)), "名称里有系统保留的字符", "it holds reserved characters"),
        (name.split(".", 1)[0].strip().casefold() in _WINDOWS_DEVICES, "名称是系统设备名", "it names a device"),
        (len(name.encode("utf-8", "replace")) > MAX_NAME_BYTES, "名称太长", "it is too long"),
    ):  # fmt: skip
        if is_bad:
            raise UNSAFE_FILE_NAME(name=_printable(name), reason_zh=reason_zh, reason_en=reason_en)
    return name.strip()


def _printable(name: str) -> str:
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name[:60])
    return shown + ("…" if len(name) > 60 else "")


def require_state(
    state: UploadState, allowed: Collection[UploadState], what_zh: str, what_en: str
) -> None:
    """Refuse an act that the load's state does not allow (``wrong-load-state``)."""
    if state not in allowed:
        raise WRONG_STATE(state=STATE_WORDS[state], what=Said(what_zh, what_en))


def require_schema(fields: Sequence[FieldSpec], positions: Sequence[int], columns: int) -> None:
    """Check a confirmed schema against the file's number of columns.

    Refusals: ``wrong-columns``, ``empty-header``, ``duplicate-header``, ``bad-column-name``,
    ``bad-format``.
    """
    if not fields or len(fields) != len(positions):
        raise WRONG_COLUMNS(
            reason_zh=f"确认了 {len(fields)} 列，文件有 {columns} 列",
            reason_en=f"{len(fields)} confirmed, {columns} in the file",
        )
    if len(set(positions)) != len(positions) or not all(0 <= p < columns for p in positions):
        raise WRONG_COLUMNS(
            reason_zh="列的位置不对", reason_en="positions are not those of the file"
        )
    unnamed = [str(p + 1) for f, p in zip(fields, positions, strict=True) if not f.name.strip()]
    if unnamed:
        raise EMPTY_HEADER(positions=", ".join(unnamed))
    # The engine and many clients compare names without case.
    seen = Counter(field.name.strip().casefold() for field in fields)
    twice = dict.fromkeys(f.name for f in fields if seen[f.name.strip().casefold()] > 1)
    if twice:
        raise DUPLICATE_HEADER(names=", ".join(twice))
    for field in fields:
        _require_column_name(field.name)
        fault = format_fault(field)
        if fault is not None:
            raise BAD_FORMAT(
                column=field.name, format=field.format, reason_zh=fault.zh, reason_en=fault.en
            )


def _require_column_name(name: str) -> None:
    for is_bad, reason_zh, reason_en in (
        (name != name.strip(), "前后有空白", "it has blanks around it"),
        (len(name) > MAX_COLUMN_NAME, f"超过 {MAX_COLUMN_NAME} 个字符", f"it is longer than {MAX_COLUMN_NAME} characters"),
        (any(ord(c) < 32 and c != "\n" for c in name), "有控制字符", "it holds control characters"),
        ("\n" in name, "有换行", "it holds a line break"),
        (name.casefold() in RESERVED_COLUMNS, "是保留名", "it is reserved"),
    ):  # fmt: skip
        if is_bad:
            raise BAD_COLUMN_NAME(name=_printable(name), reason_zh=reason_zh, reason_en=reason_en)


def require_grant(
    kind: GranteeKind,
    grantee: UUID | None,
    *,
    basis: str,
    valid_from: datetime,
    valid_until: datetime | None,
) -> None:
    """Check what a grant that somebody writes says of itself.

    The public one is written and taken back by listing alone: it follows the attribute that was
    reviewed. ``basis`` enters the public log, so that it is an identifier and never words.

    Refusals: ``public-grant-refused``, ``grantee-wrong``, ``grant-without-basis``,
    ``grant-basis-not-a-urn``, ``grant-period-wrong``.
    """
    if kind is GranteeKind.PUBLIC:
        raise PUBLIC_GRANT_REFUSED()
    if grantee is None:
        raise GRANTEE_WRONG()
    if not basis:
        raise GRANT_WITHOUT_BASIS()
    if not _DECISION.fullmatch(basis):
        raise GRANT_BASIS_NOT_A_URN()
    if valid_until is not None and valid_until <= valid_from:
        raise PERIOD_WRONG()


def require_extendable(
    ends: datetime | None, later: datetime, *, now: datetime, revoked: bool
) -> None:
    """Only what is in force can last longer, and only longer (``grant-not-extended``)."""
    reason = None
    if revoked:
        reason = Said("已被撤销", "it was revoked")
    elif ends is None or later <= ends:
        reason = Said("新的期限不比原来的长", "it would not last longer than now")
    elif ends <= now:
        reason = Said("已经到期", "it is over")
    if reason is not None:
        raise GRANT_NOT_EXTENDED(reason=reason)


def require_terms(
    fields: Sequence[FieldSpec],
    columns: Sequence[str] | None,
    row_filter: Sequence[Mapping[str, Any]],
    masks: Sequence[Mapping[str, Any]],
    quota: Quota,
) -> None:
    """Terms that a grant of these fields can have.

    Refusals: ``grant-columns-unknown``, ``filter-not-understood``, ``grant-mask-wrong``,
    ``grant-quota-wrong``.
    """
    named = {*(columns or ()), *(str(condition.get("column", "")) for condition in row_filter)}
    unknown = sorted(named - {field.name for field in fields})
    if unknown or (columns is not None and not columns):
        raise GRANT_COLUMNS_UNKNOWN(columns=", ".join(unknown) or "—")
    for condition in row_filter:
        conditions.stored(condition, {field.name: field.type for field in fields})
    filtered = {str(one["column"]) for one in row_filter}
    require_masks([mask_of(one) for one in masks], fields, columns, filtered)
    require_quota(quota)


def require_masks(
    masks: Sequence[Mask],
    fields: Sequence[FieldSpec],
    columns: Collection[str] | None,
    filtered: Collection[str],
) -> None:
    """Each column is masked once, in a way that suits it; none is that rows are chosen by.

    A filter by true values would tell them. Refusal ``grant-mask-wrong``.
    """
    known = {one.name: one for one in fields}
    seen: set[str] = set()
    for one in masks:
        field = known.get(one.column)
        if field is None or (columns is not None and one.column not in columns):
            raise mask_wrong(one.column, Said("授权不包括这一列", "the grant does not name it"))
        if one.column in seen:
            raise mask_wrong(one.column, Said("写了两次", "it stands there twice"))
        if one.column in filtered:
            by_truth = Said("授权按它的真实值选取行", "the grant chooses rows by its true values")
            raise mask_wrong(one.column, by_truth)
        digits = scale(field) if field.type is FieldType.DECIMAL else 0
        fault = one.fault(field.type.value, digits)
        if fault is not None:
            raise mask_wrong(one.column, fault)
        seen.add(one.column)


def mask_of(stored: Mapping[str, Any]) -> Mask:
    """A mask as it is stored; refusal ``grant-mask-wrong``."""
    try:
        return Mask.from_json(stored)
    except (KeyError, TypeError, ValueError):
        reason = Said("不是遮盖方法", "it is no way of masking")
        raise mask_wrong(str(stored.get("column", "")), reason) from None


def mask_wrong(column: str, reason: Said) -> Refusal:
    """``grant-mask-wrong``, with the methods there are."""
    return GRANT_MASK_WRONG(column=column, reason=reason, methods=", ".join(MaskMethod))


def require_quota(quota: Quota) -> None:
    """A limit that lets somebody read (``grant-quota-wrong``)."""
    if any(n is not None and not 0 < n < QUOTA_MOST for n in (quota.rows, quota.requests)):
        raise GRANT_QUOTA_WRONG()
