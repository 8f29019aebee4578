"""Cases as documents for programs: what the API answers and ``wushu case --json`` prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings

from wushu.casework.types import (
    CaseClock,
    CaseFigures,
    CaseLine,
    CaseView,
    FormField,
    Ground,
    Happened,
    NoticePage,
    Pace,
    PublicCase,
    Step,
    SubjectKind,
)
from wushu.catalog import selectors as catalog
from wushu.kernel.errors import Refusal, Said
from wushu.opening.types import CaseNoticeView, ReassessmentDue
from wushu.parties import selectors as parties


def said_document(words: Said | None) -> dict[str, str] | None:
    """Words in both languages."""
    return None if words is None else {"zh": words.zh, "en": words.en}


def ground_document(ground: Ground) -> dict[str, Any]:
    """An article, or the platform rule and its reason."""
    return {
        "article": ground.article or None,
        "words": said_document(ground.words),
        "platform_rule": said_document(ground.platform_rule),
    }


def case_notice_documents(notices: Sequence[CaseNoticeView]) -> list[dict[str, Any]]:
    """What somebody was told of cases."""
    return [
        {
            "id": one.id,
            "number": one.number or None,
            "title": one.title,
            "happened": said_document(one.words),
            "at": one.at,
            "is_read": one.is_read,
            "case": f"{settings.BASE_URL}/api/v1/cases/{one.number}" if one.number else None,
            "computation": one.computation
            and f"{settings.BASE_URL}/api/v1/computations/{one.computation}",
        }
        for one in notices
    ]


def case_lines(lines: Sequence[CaseLine]) -> list[dict[str, Any]]:
    """Cases in a list."""
    bodies = parties.organisations_by_id({one.body for one in lines})
    entries = {one.id: one.slug for one in catalog.entries_by_id([one.subject for one in lines])}
    return [
        {
            "number": one.number,
            "procedure": one.procedure,
            "procedure_title": said_document(one.procedure_title),
            "title": one.title or None,
            "state": one.state,
            "state_label": said_document(one.state_label),
            "turn": one.turn or None,
            "turn_label": said_document(one.turn_label),
            "due": one.due,
            "provisional": one.provisional,
            "dataset": entries.get(one.subject),
            "body": bodies[one.body].code,
            "opened_at": one.opened_at,
            "closed_at": one.closed_at,
        }
        for one in lines
    ]


def public_case_document(found: PublicCase) -> dict[str, Any]:
    """A case as everybody may know it."""
    [line] = case_lines([found.line])
    del line["title"]
    return {
        **line,
        "happened": [
            {
                "at": one.at,
                "done": said_document(one.done),
                "seat": said_document(one.seat),
                "state": said_document(one.state),
                "answers": _answers(one.answers),
            }
            for one in found.acts
        ],
    }


def notices_document(page: NoticePage) -> dict[str, Any]:
    """What officials published out of cases that are not public."""
    return {
        "items": [
            {"id": one.id, "published_at": one.at, "answers": _answers(one.answers)}
            for one in page.notices
        ],
        "next": page.cursor,
    }


def reassessment_documents(items: Sequence[ReassessmentDue]) -> list[dict[str, Any]]:
    """When datasets that are not opened are due to be re-assessed."""
    return [
        {
            "dataset": one.entry.slug,
            "title_zh": one.entry.title("zh"),
            "title_en": one.entry.title("en"),
            "body": one.entry.body_code,
            "due": one.due,
            "late": one.is_late,
            "assessed": one.assessed,
            "under_way": one.under_way,
            "page": f"{settings.BASE_URL}/datasets/{one.entry.slug}",
        }
        for one in items
    ]


def _answers(answers: Iterable[tuple[Said, Said]]) -> list[dict[str, Any]]:
    return [{"label": said_document(label), "text": said_document(text)} for label, text in answers]


def figures_document(found: CaseFigures) -> dict[str, Any]:
    """How fast cases were answered."""
    return {
        "first": found.first,
        "last": found.last,
        "total": _pace(found.total),
        "procedures": [
            {
                "procedure": one.procedure,
                "title": said_document(one.title),
                **(_pace(one.pace) or {}),
            }
            for one in found.procedures
        ],
    }


def _pace(pace: Pace | None) -> dict[str, Any] | None:
    if pace is None:
        return None
    return {
        "answered": pace.answered,
        "median_working_days": pace.median,
        "in_time": pace.in_time,
        "late": pace.late,
    }


def case_document(case: CaseView) -> dict[str, Any]:
    """A case with its limits day by day, its timeline, and what who asks can do."""
    of = case.procedure
    entry = _entry(case)
    address = f"{settings.BASE_URL}/api/v1/cases/{case.number}"
    return {
        "number": case.number,
        "id": case.id,
        "title": case.title,
        "procedure": of.id,
        "procedure_title": said_document(of.title),
        "regulation": case.regulation.id,
        "state": case.state.id,
        "state_label": said_document(case.state.label),
        "turn": case.state.turn or None,
        "dataset": entry,
        "body": parties.organisation(case.sides.body).code,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "merged_into": case.merged_into or None,
        "assignee": case.assignee and {"person": case.assignee, "name": case.assignee_name},
        "seats": list(case.seats),
        "clocks": [_clock(one) for one in case.clocks],
        "steps": [_step(one) for one in case.steps],
        "history": [_happened(case, one) for one in case.history],
        "papers": [
            {
                "id": one.id, "kind": one.kind, "name": one.name, "size": one.size,
                "sha256": one.sha256, "happened": one.happened,
                "content": f"{address}/papers/{one.id}",
            }
            for one in case.papers
        ],
        "self": address,
    }  # fmt: skip


def _entry(case: CaseView) -> str | None:
    if case.procedure.subject is not SubjectKind.DATASET:
        return None
    try:
        return catalog.entry_by_id(case.subject).slug
    except Refusal:
        return None


def _clock(one: CaseClock) -> dict[str, Any]:
    clock = one.clock
    return {
        "id": one.rule.id,
        "label": said_document(one.rule.label),
        "ground": ground_document(one.rule.ground),
        "state": clock.state.value,
        "limit": clock.limit,
        "used": clock.used,
        "left": clock.left,
        "late": clock.late,
        "due": clock.due,
        "provisional": clock.provisional,
        "calendar": clock.calendar,
        "days": [
            {
                "date": line.day.date,
                "kind": line.day.kind.value,
                "why": line.why.value,
                "number": line.number,
                "notice": line.day.notice or None,
            }
            for line in clock.lines
        ],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "label": said_document(step.label),
        "ground": ground_document(step.ground),
        "fields": [_field(one) for one in step.fields],
        "papers": [
            {"kind": one.id, "label": said_document(one.label), "required": one.required,
             "ground": ground_document(one.ground)}
            for one in step.papers
        ],
    }  # fmt: skip


def _field(field: FormField) -> dict[str, Any]:
    return {
        "id": field.id,
        "label": said_document(field.label),
        "kind": field.kind.value,
        "required": field.required,
        "ground": ground_document(field.ground),
        "choices": [{"id": one.id, "label": said_document(one.label)} for one in field.choices],
    }


def _happened(case: CaseView, one: Happened) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind.value,
        "step": one.step or None,
        "words": said_document(case.procedure.step(one.step).done) if one.step else None,
        "at": one.at,
        "seat": one.seat or None,
        "state": one.state,
        "values": dict(one.values or {}),
        "text": one.text or None,
    }
