"""Cases about open data: filed here, so that what they are about is known, and taken step by step.

Casework asks who may do what; this knows the dataset, and what a step does to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from wushu.casework import selectors as casework
from wushu.casework import services as cases
from wushu.casework.services import Given
from wushu.casework.types import CaseView, Paper, SubjectKind, WalkIn
from wushu.catalog import selectors as catalog
from wushu.dataplane import selectors as dataplane
from wushu.dataplane.types import GranteeKind
from wushu.kernel.errors import NOT_FOUND, Said
from wushu.opening.refusals import PROCEDURE_NOT_ABOUT
from wushu.opening.selectors.cases import columns_of, columns_of_case, rule_applying
from wushu.opening.services.effects import EFFECTS
from wushu.parties.types import Actor


def case_file_on_dataset(
    *,
    actor: Actor,
    dataset: UUID,
    procedure: str,
    step: str,
    organisation: UUID | None,
    values: Mapping[str, Any],
    papers: Sequence[Paper] = (),
    walk_in: WalkIn | None = None,
) -> CaseView:
    """File a case about a dataset that the actor may know of; its body is the case's.

    Refusals: ``not-found``, ``procedure-not-about``, and those of ``casework.services.case_open`` and
    of the step's effect.
    """
    entry = catalog.entry_by_id(dataset, actor=actor)
    _require_about(entry.body, procedure, SubjectKind.DATASET)
    return cases.case_open(
        actor=actor, procedure=procedure, step=step, subject=entry.id, body=entry.body,
        organisation=organisation, title=_title(values, entry.title_zh),
        given=Given(values, papers, columns_of(entry, actor=actor)),
        effects=EFFECTS[SubjectKind.DATASET], walk_in=walk_in,
    )  # fmt: skip


def case_file_to_body(
    *,
    actor: Actor,
    body: UUID,
    procedure: str,
    step: str,
    organisation: UUID | None,
    values: Mapping[str, Any],
    papers: Sequence[Paper] = (),
    walk_in: WalkIn | None = None,
) -> CaseView:
    """File a case that is about a body and no dataset, such as a need for data outside the catalogue.

    Refusals as ``case_file_on_dataset``.
    """
    _require_about(body, procedure, SubjectKind.BODY)
    return cases.case_open(
        actor=actor, procedure=procedure, step=step, subject=body, body=body,
        organisation=organisation, title=_title(values, ""), given=Given(values, papers),
        effects=EFFECTS[SubjectKind.BODY], walk_in=walk_in,
    )  # fmt: skip


def case_file_on_grant(
    *,
    actor: Actor,
    grant: UUID,
    procedure: str,
    step: str,
    organisation: UUID | None,
    values: Mapping[str, Any],
    papers: Sequence[Paper] = (),
) -> CaseView:
    """File a case about the access of one user to conditional data, such as a breach.

    For those who may take the access back. Refusals: ``grant-not-overseen``, and as
    ``case_file_on_dataset``.
    """
    dataset, given = dataplane.grant_overseen(grant, actor=actor)
    if given.grantee_kind is GranteeKind.PUBLIC:
        raise NOT_FOUND(what=str(grant))
    entry = catalog.entry_by_id(dataset, actor=actor)
    _require_about(entry.body, procedure, SubjectKind.GRANT)
    return cases.case_open(
        actor=actor, procedure=procedure, step=step, subject=grant, body=entry.body,
        organisation=organisation, title=_title(values, entry.title_zh),
        given=Given(values, papers), effects=EFFECTS[SubjectKind.GRANT],
    )  # fmt: skip


def case_take(
    *,
    actor: Actor,
    case: UUID,
    step: str,
    values: Mapping[str, Any],
    papers: Sequence[Paper] = (),
) -> CaseView:
    """Take a step of a case; refusals as ``casework.services.case_step``."""
    known = casework.case(case, actor=actor)
    return cases.case_step(
        actor=actor, case=case, step=step, given=Given(values, papers, columns_of_case(known, actor=actor)),
        effects=EFFECTS[known.procedure.subject],
    )  # fmt: skip


_ABOUT = {
    SubjectKind.DATASET: Said("数据", "a dataset"),
    SubjectKind.BODY: Said("单位", "a body"),
    SubjectKind.GRANT: Said("某一利用主体的获取权限", "the access of one user"),
}


def _require_about(body: UUID, procedure: str, kind: SubjectKind) -> None:
    found = rule_applying(body, procedure)
    if found.subject is not kind:
        raise PROCEDURE_NOT_ABOUT(procedure=found.title, what=_ABOUT[kind])


def _title(values: Mapping[str, Any], otherwise: str) -> str:
    return str(values.get("title") or otherwise)
