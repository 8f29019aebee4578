"""Due care for a dataset: every review, opinion, listing and answer, with who did it and its proof."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from wushu.casework import selectors as casework
from wushu.casework.types import CaseView, Happened, HappenedKind, PaperView, Step
from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryView, RevisionView
from wushu.evidence import selectors as evidence
from wushu.evidence.types import ProvedAct
from wushu.kernel.errors import Language, Said
from wushu.opening.rules import due_care as rules
from wushu.opening.selectors.documents import ground_document, said_document
from wushu.opening.types import CareAnswer, CareCase, CareLine, CarePaper, CareRevision, DueCare
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

ACTS_MOST = 5_000
_REVIEWED = {"catalog.revision.listed", "catalog.revision.returned"}


def may_read_due_care(entry: EntryView, actor: Actor | None) -> bool:
    """Whether a page leads the reader to the record."""
    return rules.may_read(actor, entry.body, parties.organisation(entry.body).division)


def due_care(dataset: UUID, *, actor: Actor, language: Language = "zh") -> DueCare:
    """The record of a dataset, for its body and the authority; names as far as the reader may know them.

    At most ``ACTS_MOST`` acts, the newest; ``cut`` says so. Refusals: ``not-found``,
    ``due-care-for-officials``.
    """
    entry = catalog.entry_by_id(dataset, actor=actor)
    body = parties.organisation(entry.body)
    rules.require_reader(actor, body.id, body.division)
    of_entry = evidence.acts_proved([entry.urn], limit=ACTS_MOST)
    grants = {UUID(str(one.data["grant"])) for one in of_entry if "grant" in one.data}
    about = casework.cases_about([entry.id, *grants], actor=actor)
    in_cases = evidence.acts_proved([one.urn for one in about.cases], limit=ACTS_MOST)
    names = _Names.of([*of_entry, *in_cases], actor, language)
    lines = [
        *_of_entry(entry, of_entry, names, actor),
        *_of_cases(about.cases, in_cases, names),
    ]
    return DueCare(
        entry=entry, body=body, made_at=timezone.now(),
        lines=tuple(sorted(lines, key=lambda one: one.at)),
        unseen_cases=about.unseen, withheld_lines=about.withheld,
        cut=about.cut or ACTS_MOST in (len(of_entry), len(in_cases)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Names:
    """What to call who acted: by organisation for all, by name for who may know it."""

    organisations: Mapping[str, str]
    shown: Mapping[str, str]

    @classmethod
    def of(cls, acts: list[ProvedAct], actor: Actor, language: Language) -> _Names:
        urns = {one.actor for one in acts}
        return cls(
            parties.names_of(urns, actor=None, language=language),
            parties.names_of(urns, actor=actor, language=language),
        )

    def organisation(self, urn: str) -> str:
        return self.organisations.get(urn, "")

    def person(self, urn: str) -> str:
        shown = self.shown.get(urn, "")
        return "" if shown == self.organisation(urn) else shown


# Acts on the entry itself


def _of_entry(
    entry: EntryView, acts: list[ProvedAct], names: _Names, actor: Actor
) -> Iterator[CareLine]:
    revisions = {str(one.id): one for one in catalog.revisions(entry.id, actor=actor)}
    for one in acts:
        known = revisions.get(str(one.data.get("revision")))
        yield CareLine(
            at=one.at, act=one.act, words=None, seat=None,
            organisation=names.organisation(one.actor), name=names.person(one.actor),
            revision=None if known is None else _revision(known, one), proved=one,
        )  # fmt: skip


def _revision(known: RevisionView, act: ProvedAct) -> CareRevision:
    decided = known.reviews if act.act in _REVIEWED else ()
    said = [one.reasons for one in decided if one.reasons]
    return CareRevision(known.number, known.metadata.attribute, "\n".join(said))


# What was done in cases


def _of_cases(
    cases: tuple[CaseView, ...], acts: list[ProvedAct], names: _Names
) -> Iterator[CareLine]:
    by_event = {str(one.data["event"]): one for one in acts if "event" in one.data}
    for case in cases:
        papers: dict[int, list[PaperView]] = defaultdict(list)
        for paper in case.papers:
            papers[paper.happened].append(paper)
        for one in filter(rules.belongs, case.history):
            act = by_event.get(str(one.id))
            yield _line(case, one, act, names, papers[one.number])


def _line(
    case: CaseView,
    one: Happened,
    act: ProvedAct | None,
    names: _Names,
    papers: list[PaperView],
) -> CareLine:
    step = case.procedure.step(one.step) if one.kind is HappenedKind.STEP else None
    outside = rules.from_outside(one, case.regulation)
    seat = None if one.seat in ("", "node") else case.regulation.seat(one.seat).label
    return CareLine(
        at=one.at,
        act=act.act if act else "",
        words=step.done if step else casework.HAPPENED_WORDS[one.kind],
        seat=seat,
        organisation=names.organisation(one.actor),
        name=names.person(one.actor),
        case=CareCase(case.id, case.number, case.procedure.id, case.procedure.title),
        ground=step.ground if step else None,
        answers=() if step is None or outside else _answers(step, one),
        text="" if step is not None or one.person is None else one.text,
        papers=tuple(_paper(paper, step, outside=outside) for paper in papers),
        proved=act,
    )


def _answers(step: Step, one: Happened) -> tuple[CareAnswer, ...]:
    values = one.values or {}
    return tuple(
        CareAnswer(field.label, casework.answer_words(field, values[field.id]))
        for field in step.fields
        if field.id in values
    )


def _paper(paper: PaperView, step: Step | None, *, outside: bool) -> CarePaper:
    kinds = {one.id: one.label for one in step.papers} if step else {}
    label = kinds.get(paper.kind, Said("材料", "paper"))
    return CarePaper("" if outside else paper.name, label, paper.sha256)


# As a document


def due_care_document(found: DueCare) -> dict[str, Any]:
    """The record for programs; ``wushu evidence check`` checks it anywhere."""
    entry, body = found.entry, found.body
    return {
        "dataset": {"id": str(entry.id), "slug": entry.slug, "title_zh": entry.title("zh"),
                    "title_en": entry.title("en")},
        "body": {"code": body.code, "name_zh": body.name_zh, "name_en": body.name_en},
        "made_at": found.made_at.isoformat(),
        "unseen_cases": found.unseen_cases, "withheld_lines": found.withheld_lines,
        "cut": found.cut,
        "lines": [_line_document(one) for one in found.lines],
        "self": f"{settings.BASE_URL}/api/v1/datasets/{entry.slug}/due-care",
    }  # fmt: skip


def _line_document(one: CareLine) -> dict[str, Any]:
    return {
        "at": one.at.isoformat(), "act": one.act, "words": said_document(one.words),
        "seat": said_document(one.seat), "organisation": one.organisation, "name": one.name,
        "case": one.case and {
            "number": one.case.number, "procedure": one.case.procedure,
            "title": said_document(one.case.title),
        },
        "ground": one.ground and ground_document(one.ground),
        "revision": one.revision and {
            "number": one.revision.number, "attribute": one.revision.attribute.value,
            "reasons": one.revision.reasons,
        },
        "answers": [{"label": said_document(said.label), "text": said_document(said.text)} for said in one.answers],
        "text": one.text,
        "papers": [
            {"name": paper.name, "label": said_document(paper.label), "sha256": paper.sha256}
            for paper in one.papers
        ],
        "evidence": one.proved and evidence.act_document(one.proved),
    }  # fmt: skip
