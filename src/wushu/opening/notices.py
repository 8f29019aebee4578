"""What a notice says: JSON for a webhook, two languages of plain text for a mailbox.

It is written when it is sent, from what the public may see then: of a dataset sealed meanwhile it says
no more than its notice does.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryView
from wushu.evidence import selectors as evidence
from wushu.opening import following, links, rules
from wushu.opening.models import CaseNotice, Event, Subscription
from wushu.opening.presenting import target_of
from wushu.opening.types import EventKind, TargetKind

SUBJECT_LENGTH = 120
_HAPPENED: dict[EventKind, tuple[str, str]] = {
    EventKind.LISTED: ("新数据上架", "new dataset"),
    EventKind.VERSION: ("第 {number} 版数据", "version {number}"),
    EventKind.CHANGED: ("说明已修改", "description changed"),
    EventKind.SEALED: ("已封存", "sealed"),
    EventKind.RESTORED: ("已恢复开放", "opened again"),
    EventKind.WITHDRAWN: ("已下架", "withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Mail:
    """A text mail before it is addressed."""

    subject: str
    text: str


def happened(event: Event, language: str) -> str:
    """What happened, in words."""
    zh, en = _HAPPENED[EventKind(event.kind)]
    return (en if language == "en" else zh).format(number=event.version)


def event_json(event: Event, subscription: Subscription) -> bytes:
    """Body of a webhook's message (Standard Webhooks: type, timestamp, data)."""
    entry = catalog.entry_by_id(event.dataset)
    base = evidence.node().identifier_base
    data: dict[str, Any] = {
        "event": event.log_index,
        "subscription": str(subscription.pk),
        "dataset": {
            "id": f"{base}/id/{entry.id}",
            "slug": entry.slug,
            "title_zh": entry.title_zh,
            "title_en": entry.title_en,
            "state": entry.state.value,
            "page": _page(entry),
            "api": f"{settings.BASE_URL}/api/v1/datasets/{entry.slug}",
        },
        "body": {"code": entry.body_code, "name_zh": entry.body_name_zh,
                 "name_en": entry.body_name_en},
        "evidence": f"{settings.BASE_URL}/api/v1/evidence/entries/{event.log_index}",
    }  # fmt: skip
    if event.version is not None:
        data["version"] = event.version
    return _body(event.kind, event.at.isoformat(), data)


def case_json(notice: CaseNotice, subscription: Subscription) -> bytes:
    """The same of a case or a computation: where it is, and what happened; the rest stays on the node."""
    kind = "case" if notice.number else "computation"
    name = {"number": notice.number} if notice.number else {"id": str(notice.case)}
    data = {
        "subscription": str(subscription.pk),
        kind: {
            **name,
            "title": notice.title,
            "page": f"{settings.BASE_URL}/{_place(notice)}",
            "api": f"{settings.BASE_URL}/api/v1/{_place(notice)}",
        },
        "line": notice.line,
        "happened_zh": notice.words_zh,
        "happened_en": notice.words_en,
    }
    return _body(f"{kind}.{notice.kind}", notice.at.isoformat(), data)


def challenge_json(challenge: str, subscription: Subscription, at: str) -> bytes:
    """Body of the question whether a webhook is welcome: the receiver gives ``challenge`` back."""
    data = {"subscription": str(subscription.pk), "challenge": challenge}
    return _body("subscription.challenge", at, data)


def _body(kind: str, at: str, data: dict[str, Any]) -> bytes:
    document = {"type": kind, "timestamp": at, "data": data}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def events_mail(events: Sequence[Event], subscription: Subscription) -> Mail:
    """One mail about everything that waits for one subscription, the oldest first."""
    known = catalog.entries_known(event.dataset for event in events)
    entries = [(event, known[event.dataset]) for event in events]
    zh = [f"· {entry.title('zh')}：{happened(event, 'zh')}\n  {_page(entry)}"
          for event, entry in entries]  # fmt: skip
    en = [f"- {entry.title('en')}: {happened(event, 'en')}\n  {_page(entry)}"
          for event, entry in entries]  # fmt: skip
    first, entry = entries[0]
    said = f"{entry.title('zh')}：{happened(first, 'zh')} / {happened(first, 'en')}"
    if len(entries) > 1:
        said = f"{len(entries)} 条动态 / {len(entries)} notices"
    end = links.end_link(subscription.pk)
    text = "\n".join(
        [
            f"您订阅的内容有了变化（{followed(subscription, 'zh')}）：", "", *zh, "",
            f"不想再收到：{end}", "", "----", "",
            f"What you follow has changed ({followed(subscription, 'en')}):", "", *en, "",
            f"To receive no more: {end}", "",
        ]
    )  # fmt: skip
    return Mail(_subject(said), text)


def cases_mail(notices: Sequence[CaseNotice], subscription: Subscription) -> Mail:
    """One mail about all that waits to be told of cases, the oldest first."""
    pages = [f"{settings.BASE_URL}/{_place(one)}" for one in notices]
    zh = [f"· {_named(one)}：{one.words_zh}\n  {page}"
          for one, page in zip(notices, pages, strict=True)]  # fmt: skip
    en = [f"- {_named(one)}: {one.words_en}\n  {page}"
          for one, page in zip(notices, pages, strict=True)]  # fmt: skip
    first = notices[0]
    said = f"{first.number or _named(first)}：{first.words_zh} / {first.words_en}"
    if len(notices) > 1:
        said = f"{len(notices)} 条办件通知 / {len(notices)} notices of cases"
    end = links.end_link(subscription.pk)
    text = "\n".join(
        [
            "您的办件或计算有了变化：", "", *zh, "", f"不想再收到：{end}", "", "----", "",
            "Something happened in your cases or computations:", "", *en, "", f"To receive no more: {end}", "",
        ]
    )  # fmt: skip
    return Mail(_subject(said), text)


def confirmation_mail(subscription: Subscription) -> Mail:
    """The question whether a mailbox agrees. It quotes nothing that somebody typed but a search."""
    link, hours = links.confirm_link(subscription.pk), rules.CONFIRM_HOURS
    text = "\n".join(
        [
            f"有人用这个邮箱订阅了：{followed(subscription, 'zh')}。",
            f"如果是您，请在 {hours} 小时内打开下面的链接并确认；否则不用理会，不会再发邮件给您。",
            "", link, "", "----", "",
            f"Somebody asked for notices to this mailbox: {followed(subscription, 'en')}.",
            f"If it was you, open the link above within {hours} hours and confirm. If not, do nothing:",
            "no more mail will come.", "",
        ]
    )  # fmt: skip
    return Mail(_subject("请确认订阅 / Please confirm your subscription"), text)


def followed(subscription: Subscription, language: str) -> str:
    """What a subscription follows, in words."""
    if subscription.target_kind == TargetKind.CASES:
        return following.CASES.en if language == "en" else following.CASES.zh
    (found,) = following.followed([target_of(subscription)])
    if found.entry is not None:
        return rules.one_line(found.entry.title(language), 200)
    if found.body is not None:
        name = found.body.name(language)
        return f"data of {name}" if language == "en" else f"{name}的数据"
    if found.target.id is not None:
        return str(found.target.id)
    words = rules.one_line(following.search_words(found.target.search or {}, language), 200)
    return f"the search “{words}”" if language == "en" else f"检索“{words}”"


def _place(notice: CaseNotice) -> str:
    """Where it is, below the node's address and below its API's."""
    return f"cases/{notice.number}" if notice.number else f"computations/{notice.case}"


def _named(notice: CaseNotice) -> str:
    return f"{notice.number} {rules.one_line(notice.title, 200)}".strip()


def _page(entry: EntryView) -> str:
    return f"{settings.BASE_URL}/datasets/{entry.slug}"


def _subject(said: str) -> str:
    region = evidence.node().region("zh")
    return rules.one_line(f"[{region}公共数据] {said}", SUBJECT_LENGTH)
