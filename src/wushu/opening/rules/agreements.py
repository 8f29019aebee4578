"""What a use agreement says, in plain Chinese and in ODRL, out of what was applied for and agreed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from wushu.casework.types import (
    PER_ITEM,
    ZONE,
    CaseView,
    FieldKind,
    FormField,
    Happened,
    Regulation,
    SeatOf,
    Step,
    Values,
)

ODRL = "http://www.w3.org/ns/odrl.jsonld"
"""ODRL Information Model 2.2 (W3C Recommendation)."""

OWN = "urn:wushu:odrl:"
"""Begins the names of what ODRL has no word for."""
_OPERATORS = {
    "eq": "eq",
    "ne": "neq",
    "lt": "lt",
    "le": "lteq",
    "gt": "gt",
    "ge": "gteq",
    "in": "isAnyOf",
}
DRAWING = "draw-agreement"
"""The effect of the step by which a body agrees; its answers are the terms."""
REVOKING, RESTORING = "revoke", "grant-again"
"""The effects of steps that take an access back, and that give it back."""
COMPUTED = "computed"
"""The choice of a regulation's field ``delivery`` by which programs go to the data (art. 24)."""
ALGORITHM = "algorithm"
"""The choice of a regulation's field ``kind`` by which no rows are applied for."""
MATERIALS, YES = "result-materials", "yes"
"""The procedure by which a user hands in materials, and the choice by which they may be shown (art. 26)."""
RECIPIENT = "recipient"
"""The choice of a regulation's field ``row-order`` that asks for the recipient's own order."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause, and where the regulation asks for it."""

    title: str
    text: str
    ground: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What reading is granted by an agreement."""

    columns: tuple[str, ...]
    until: date
    """The last day."""
    purpose: str
    row_order: str = ""
    """``RECIPIENT``: downloads are marked by it; else they stand as the table does."""
    rows: tuple[Mapping[str, Any], ...] = ()
    """Conditions that every row fulfils: ``column``, ``op``, ``values``."""
    masks: tuple[Mapping[str, Any], ...] = ()
    """Columns that are shown masked: ``column``, ``method``, ``values``."""
    rows_a_day: int | None = None
    requests_a_day: int | None = None
    delivery: str = ""
    """``COMPUTED``: results of programs alone; else rows."""

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Terms:
        """Out of an agreement's document."""
        return cls(
            tuple(kept["columns"]),
            date.fromisoformat(kept["until"]),
            kept["purpose"],
            kept.get("row-order", ""),
            tuple(kept.get("rows", ())),
            tuple(kept.get("masks", ())),
            kept.get("rows-a-day"),
            kept.get("requests-a-day"),
            kept.get("delivery", ""),
        )

    def as_json(self) -> dict[str, Any]:
        """For an agreement's document."""
        asked = {
            "row-order": self.row_order,
            "rows": list(self.rows),
            "masks": list(self.masks),
            "rows-a-day": self.rows_a_day,
            "requests-a-day": self.requests_a_day,
            "delivery": self.delivery,
        }
        return {
            "columns": list(self.columns),
            "until": self.until.isoformat(),
            "purpose": self.purpose,
            **{name: value for name, value in asked.items() if value},
        }

    @property
    def is_marked(self) -> bool:
        """Whether the rows of downloads stand in an order of their recipient's own."""
        return self.row_order == RECIPIENT

    @property
    def is_computed(self) -> bool:
        """Whether no row leaves: what is delivered is what programs make of them."""
        return self.delivery == COMPUTED

    @property
    def ends(self) -> datetime:
        """The moment from which nothing may be read: the midnight after the last day."""
        return datetime.combine(self.until + timedelta(days=1), time.min, ZONE)


@dataclass(frozen=True, slots=True)
class Side:
    """A party to an agreement: its name for people, its URI for machines."""

    name: str
    uri: str


def clauses(case: CaseView, agreed: Happened) -> list[Clause]:
    """The clauses: what the body set when it agreed, then what the user pledged when they applied."""
    found = _clauses(case.procedure.step(agreed.step), agreed.values or {})
    applied = case.history[0]
    pledged = case.procedure.step(applied.step)
    pledges = frozenset({FieldKind.PLEDGE})
    return [*found, *_clauses(pledged, applied.values or {}, kinds=pledges)]


def answered(history: Sequence[Happened], field: str) -> Any:
    """The newest answer to a field that several steps may ask for; None where there is none."""
    given = ((one.values or {}).get(field) for one in reversed(history))
    return next((one for one in given if one is not None), None)


def gives_more(case: CaseView, terms: Terms) -> bool:
    """Whether rows would be delivered to somebody who applied for results of computation alone."""
    asked = (case.history[0].values or {}).get("kind")
    return asked == ALGORITHM and not terms.is_computed


def _clauses(
    step: Step, values: Values, kinds: frozenset[FieldKind] = frozenset(FieldKind)
) -> list[Clause]:
    return [
        Clause(field.label.zh, _text(field, values[field.id]), field.ground.words.zh)
        for field in step.fields
        if field.id in values and field.kind in kinds
    ]


def _text(field: FormField, value: Any) -> str:
    if field.kind is FieldKind.PLEDGE:
        return "数据利用主体作出此项承诺。"
    if field.kind is FieldKind.COLUMNS:
        return "、".join(value)
    if field.kind in PER_ITEM:
        return "；".join(field.line(one).zh for one in value)
    if field.kind is FieldKind.CHOICE:
        return next(one.label.zh for one in field.choices if one.id == value)
    return str(value)


def renewed(case: CaseView, anew: Happened) -> Happened:
    """What the body set when it agreed at first, with what it sets anew for a renewal."""
    first = next(
        one for one in case.history if one.step and case.procedure.step(one.step).effect == DRAWING
    )
    return replace(first, values={**(first.values or {}), **(anew.values or {})})


def terms_of(agreed: Happened) -> Terms:
    """What the agreeing step says of reading; ``KeyError`` for a regulation that does not ask for it."""
    return Terms.from_json(agreed.values or {})


def taken(case: CaseView) -> Happened | None:
    """The step by which a case took an access back; None where it did not, or gave it back since."""
    found = None
    for one in case.history:
        effect = case.procedure.step(one.step).effect if one.step else ""
        if effect in (REVOKING, RESTORING):
            found = one if effect == REVOKING else None
    return found


def stands(case: CaseView) -> bool:
    """Whether a case about an access stands in the way of giving it back elsewhere."""
    return case.closed_at is None or taken(case) is not None


def may_restore(seat: str, suspended: str, regulation: Regulation) -> bool:
    """Whether who sits there gives back what was suspended from another seat: the same one, or the authority."""
    return seat == suspended or regulation.seat(seat).of is SeatOf.DIVISION


def odrl(
    uid: str, *, assigner: Side, assignee: Side, target: str, terms: Terms, issued: datetime
) -> dict[str, Any]:
    """The same as an ODRL agreement: who may read what, for what, until when; what is due, what forbidden.

    A column is a property of the dataset, ``<dataset>#<column>``. What ODRL has no word for is said with
    the names of ``docs/reference/grant-terms.md``. That columns are masked is the body's obligation.
    """
    masked = [
        {"leftOperand": f"{target}#{one['column']}", "operator": f"{OWN}masked",
         "rightOperand": ":".join((one["method"], *one["values"]))}
        for one in terms.masks
    ]  # fmt: skip
    anonymize = {"rdf:value": {"@id": "odrl:anonymize"}, "refinement": masked}
    obligation = {"assignee": assigner.uri, "target": target, "action": [anonymize]}
    return {
        "@context": ODRL,
        "@type": "Agreement",
        "uid": uid,
        "dct:issued": issued.isoformat(),
        "permission": [
            {
                "assigner": assigner.uri,
                "assignee": assignee.uri,
                "target": target,
                "action": "derive" if terms.is_computed else "read",
                "constraint": [
                    {"leftOperand": "purpose", "operator": "eq", "rightOperand": terms.purpose},
                    {
                        "leftOperand": "dateTime",
                        "operator": "lt",
                        "rightOperand": {"@value": terms.ends.isoformat(), "@type": "xsd:dateTime"},
                    },
                    {
                        "leftOperand": "dct:subject",
                        "operator": "isAnyOf",
                        "rightOperand": list(terms.columns),
                    },
                    *_row_constraints(target, terms),
                    *_quota_constraints(terms),
                    *_delivery_constraints(terms),
                ],
                "duty": [{"action": "attribute"}, {"action": "inform"}, *_consent(assigner, terms)],
            }
        ],
        "prohibition": [
            {"assignee": assignee.uri, "target": target, "action": action}
            for action in ("distribute", "sell", "give", *(("read",) if terms.is_computed else ()))
        ],
        **({"obligation": [obligation]} if masked else {}),
    }


def _row_constraints(target: str, terms: Terms) -> list[dict[str, Any]]:
    found = []
    for one in terms.rows:
        several = one["op"] == "in"
        found.append({
            "leftOperand": f"{target}#{one['column']}",
            "operator": _OPERATORS.get(one["op"], f"{OWN}{one['op']}"),
            "rightOperand": list(one["values"]) if several else one["values"][0],
        })  # fmt: skip
    return found


def _quota_constraints(terms: Terms) -> list[dict[str, Any]]:
    limits = {"rows-a-day": terms.rows_a_day, "requests-a-day": terms.requests_a_day}
    return [
        {"leftOperand": "count", "operator": "lteq", "rightOperand": most, "unit": f"{OWN}{unit}"}
        for unit, most in limits.items()
        if most is not None
    ]


def _delivery_constraints(terms: Terms) -> list[dict[str, Any]]:
    if not terms.is_computed:
        return []
    where = f"{OWN}where-the-data-are"
    return [{"leftOperand": "deliveryChannel", "operator": "eq", "rightOperand": {"@id": where}}]


def _consent(assigner: Side, terms: Terms) -> list[dict[str, Any]]:
    """Each result is released by the body before it is delivered."""
    if not terms.is_computed:
        return []
    return [{"action": "obtainConsent", "consentingParty": assigner.uri}]


def document(
    *, case: CaseView, sides: Sequence[Side], dataset: str, words: Sequence[Clause],
    machine: Mapping[str, Any], terms: Terms, salt: str,
) -> dict[str, Any]:  # fmt: skip
    """What both sign. ``salt`` keeps others from trying guesses of it against its hash in the log."""
    body, user = sides
    return {
        "case": case.number,
        "regulation": case.regulation.title.zh,
        "dataset": dataset,
        "body": body.name,
        "user": user.name,
        "clauses": [{"title": o.title, "text": o.text, "ground": o.ground} for o in words],
        "terms": terms.as_json(),
        "odrl": dict(machine),
        "salt": salt,
    }
