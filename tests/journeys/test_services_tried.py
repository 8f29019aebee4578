"""Who may do what with datasets, rows, people and the log: every service tried by everybody.

As ``tests/opening/test_attempts.py`` for cases; here no rules are adopted, so that nothing takes a case.
What anybody is refused leaves no act, no changed row and no file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from tests.architecture.test_services import NAMES
from tests.casework.conftest import Bureau, before_adoption, department
from tests.catalog.conftest import FIELDS, METADATA, City, credit_code, node
from tests.dataplane.ingest.conftest import Desk
from tests.opening.attempting import (
    Act,
    Outcomes,
    everybody,
    gone_wrong,
    service_of,
    services_with_an_actor,
    untried,
)
from wushu.catalog import selectors as catalogued
from wushu.catalog import services as catalog
from wushu.catalog.types import Attribute, GroupingKind, Words
from wushu.dataplane import services as dataplane
from wushu.dataplane.types import Delivery, GranteeKind
from wushu.evidence import services as evidence
from wushu.evidence.models import Entry
from wushu.harvest import services as harvest
from wushu.harvest.types import SourceKind
from wushu.kernel.sheets import Line, Row, read
from wushu.parties import services as parties
from wushu.parties.models import Account, Membership, Person
from wushu.parties.selectors import IMPORT_LAYOUTS
from wushu.parties.types import (
    NODE,
    NODE_ONLY,
    Actor,
    HeldRole,
    OrganisationKind,
    OrganisationView,
    OutsideWho,
    Role,
    Scope,
)

__all__ = ["node"]

pytestmark = pytest.mark.django_db

APPS: dict[str, ModuleType] = {
    "catalog": catalog, "dataplane": dataplane, "parties": parties, "harvest": harvest,
    "evidence": evidence,
}  # fmt: skip
WORDS = Words("历年公共停车场", "每年一份，口径相同。")
TABLE = "编号,名称\n001,甲\n".encode()
REASON, BASIS = "核查中", "某条例第三条"


def the(service: Callable[..., object], **given: Any) -> Act:
    """The service as everybody tries it."""
    return lambda by: service(actor=by, **given)


@dataclass
class Scene:
    """A city that lists datasets, and everybody who might try something."""

    bureau: Bureau
    city: City
    cast: dict[str, Actor]

    @property
    def body(self) -> OrganisationView:
        return self.bureau.transport

    # Datasets

    def draft(self) -> UUID:
        return self.city.draft().id

    def in_review(self) -> UUID:
        """A revision."""
        return self.city.newest(self.city.submitted())

    @cached_property
    def dataset(self) -> UUID:
        """A listed one, for attempts at what stands as it was listed."""
        return self.listed()

    def listed(self) -> UUID:
        reviewer = self.city.reviewer
        return dataplane.revision_list(actor=reviewer, revision=self.in_review()).id

    def complete(self) -> UUID:
        """A revision that can be submitted."""
        draft = self.city.draft()
        self.city.load(draft)
        return self.city.newest(draft)

    def returned(self) -> UUID:
        entry = self.city.submitted()
        revision = self.city.newest(entry)
        catalog.revision_return(actor=self.city.reviewer, revision=revision, reasons=REASON)
        return entry.id

    def sealed(self, by: Actor) -> UUID:
        return catalog.entry_seal(actor=by, entry=self.listed(), reason=REASON, basis=BASIS).id

    def act_on(self, entry: UUID, act: str) -> dict[str, Any]:
        """Where it stands in the log."""
        evidence.sequence()
        index = Entry.objects.get(subject=f"urn:uuid:{entry}", act=act).index
        return {"entry": entry, "index": index}

    def correction(self, by: Actor) -> UUID:
        """Of a listing; it waits for a second person."""
        wrong = self.act_on(self.dataset, "catalog.revision.listed")
        return catalog.act_correct(actor=by, **wrong, reason="列错了").id

    def series(self, *datasets: UUID) -> UUID:
        clerk = self.city.clerk
        made = catalog.series_propose(actor=clerk, body=self.body.id, words=WORDS)
        for year, dataset in enumerate(datasets, start=2023):
            catalog.series_add(actor=clerk, series=made.id, entry=dataset, period=str(year))
        return made.id

    def in_series(self) -> dict[str, UUID]:
        dataset = self.listed()  # it is in one series at most
        return {"series": self.series(dataset), "entry": dataset}

    def grouping(self) -> UUID:
        kept = KEPT | {"slug": f"traffic-{uuid4().hex}"}
        return catalog.grouping_create(actor=self.city.reviewer, **kept).id

    def grouped(self) -> dict[str, UUID]:
        inside = {"grouping": self.grouping(), "entry": self.dataset}
        catalog.grouping_add(actor=self.city.reviewer, **inside)
        return inside

    def derivation(self) -> dict[str, UUID]:
        pair = {"entry": self.dataset, "source": self.listed()}
        catalog.derivation_add(actor=self.city.clerk, **pair)
        return pair

    def item(self) -> str:
        """Something that a dataset of the body holds."""
        assert self.dataset
        return "number:泊位数"

    # Rows

    def found(self) -> dict[str, Any]:
        """A load that was looked into, and the columns that were found."""
        desk = Desk(self.bureau.clerk, self.city.reviewer, self.city.stranger, self.body.id)
        load = desk.look(TABLE)
        assert load.found is not None
        fields = [column.proposal for column in load.found.columns]
        return {"load": load.id, "fields": fields, "entry": desk.entry(fields).id}

    def grant(self) -> UUID:
        return dataplane.grant_write(actor=self.city.clerk, **self.terms())

    def taken_back(self) -> UUID:
        grant = self.grant()
        dataplane.grant_revoke(actor=self.city.clerk, grant=grant, reason=REASON)
        return grant

    def computing(self) -> dict[str, Any]:
        """A grant of results to somebody of the cast."""
        conditional = replace(
            METADATA, attribute=Attribute.CONDITIONAL, attribute_basis=BASIS, conditions="用于研究"
        )
        dataset = self.city.listed(conditional).id
        to = {"grantee": self.cast["filer"].person, "delivery": Delivery.COMPUTED}
        grant = dataplane.grant_write(
            actor=self.city.clerk, **self.terms() | to | {"dataset": dataset}
        )
        return {"dataset": dataset, "grant": grant, "query": "SELECT 1"}

    def terms(self) -> dict[str, Any]:
        now = timezone.now()
        return {
            "dataset": self.dataset, "grantee_kind": GranteeKind.PERSON, "grantee": uuid4(),
            "columns": ["编号"], "row_filter": [], "purpose": "研究", "basis": f"urn:uuid:{uuid4()}",
            "valid_from": now, "valid_until": now + timedelta(days=30),
        }  # fmt: skip

    # People

    def newcomer(self, role: Role, body: OrganisationView) -> UUID:
        """Somebody with a role and without an account."""
        person = parties.person_register(actor=NODE, name="新人")
        parties.membership_grant(actor=NODE, person=person, organisation=body.id, role=role)
        return person

    def clerk(self) -> UUID:
        return account_of(self.bureau.clerk)

    def examiner(self) -> UUID:
        """Somebody of the authority who is not in the cast."""
        authority = self.bureau.authority
        return account_of(self.bureau.person("另一审查人", Role.DATA_AUTHORITY, authority))

    def linked(self, account: UUID) -> UUID:
        parties.outside_link(actor=NODE, account=account, subject=uuid4().hex)
        return account

    def key_of(self, account: UUID) -> UUID:
        return parties.api_key_issue(actor=NODE, account=account, **KEY_ASKED)[0].id

    def leaving(self, role: Role, body: OrganisationView) -> dict[str, Any]:
        """Somebody whose colleague takes over."""
        person, successor = self.newcomer(role, body), self.newcomer(role, body)
        return {"person": person, "organisation": body.id, "successor": successor}

    # Other catalogues

    def source(self, by: Actor) -> str:
        return harvest.source_propose(actor=by, **SOURCE | {"name": uuid4().hex}).name

    def active(self) -> str:
        name = self.source(self.cast["operator"])
        return harvest.source_activate(actor=self.bureau.examiner, name=name).name


def account_of(actor: Actor) -> UUID:
    assert actor.account is not None
    return actor.account


def person_of(account: UUID) -> UUID:
    return Account.objects.values_list("person", flat=True).get(pk=account)


def membership_of(person: UUID | None) -> UUID:
    """Their own; where they have none, one that is not there."""
    found = Membership.objects.filter(person=person).values_list("pk", flat=True).first()
    return found or uuid4()


def table(layout: Any, **cells: str) -> Iterable[Row]:
    """A sheet with one row."""
    heading = {column.key: column.heading.zh for column in layout.columns}
    text = io.StringIO()
    csv.writer(text).writerows([[heading[key] for key in cells], cells.values()])
    return read(io.BytesIO(text.getvalue().encode()), "表.csv", layout)


def imported(service: Callable[..., Iterable[Line]], layout: Any, **cells: str) -> Act:
    """One row; a line that refuses it counts as the refusal it names."""

    def act(by: Actor) -> None:
        (line,) = service(actor=by, rows=table(layout, **cells))
        if line.refusal is not None:
            raise line.refusal

    return act


# Attempts

METADATA_OF_DRAFT = replace(METADATA, title_zh="公交站点分布")
KEPT = {"division": "320500", "kind": GroupingKind.BASE, "slug": "traffic", "words": WORDS}
VERSION = {
    "number": 1, "manifest_sha256": "1" * 64, "source_name": "站点.csv", "source_sha256": "a" * 64,
    "source_bytes": 9, "rows_declared": 1, "rows_loaded": 1, "rows_rejected": 0, "parquet_bytes": 9,
}  # fmt: skip
CLOSING = {"reason": REASON, "basis": BASIS}
SOURCE = {
    "name": "other", "kind": SourceKind.CKAN, "url": "https://data.example.org",
    "title_zh": "邻市公共数据", "reason": "两市共用的公交数据。",
}  # fmt: skip
KEY_ASKED = {"name": "程序", "scopes": [Scope.ROWS_READ.value]}
PASSWORD = "hangs together loosely 42"
DECISION = {"decision": "某数〔2026〕12号", "reason": REASON}

TRIES: dict[str, Callable[[Scene], Act]] = {
    "catalog.act_correct: of a listing": lambda s: the(
        catalog.act_correct, **s.act_on(s.dataset, "catalog.revision.listed"), reason=REASON
    ),
    "catalog.act_correct: of a return": lambda s: the(
        catalog.act_correct, **s.act_on(s.returned(), "catalog.revision.returned"), reason=REASON
    ),
    "catalog.act_correct: of a submission": lambda s: the(
        catalog.act_correct, **s.act_on(s.dataset, "catalog.revision.submitted"), reason=REASON
    ),
    "catalog.catalogue_import": lambda s: imported(
        catalog.catalogue_import, LAYOUTS["catalogue"],
        body=s.body.code, title_zh="公交站点分布", attribute="有条件开放", item_name="名称",
    ),
    "catalog.correction_confirm": lambda s: the(
        catalog.correction_confirm, correction=s.correction(s.city.clerk)
    ),
    "catalog.correction_confirm: of the examiner's": lambda s: the(
        catalog.correction_confirm, correction=s.correction(s.cast["examiner"])
    ),
    "catalog.derivation_add": lambda s: the(
        catalog.derivation_add, entry=s.dataset, source=s.listed()
    ),
    "catalog.derivation_drop": lambda s: the(catalog.derivation_drop, **s.derivation()),
    "catalog.duty_set": lambda s: the(
        catalog.duty_set, entry=s.dataset, unit="数据科", source_system="停车系统"
    ),
    "catalog.entry_create": lambda s: the(
        catalog.entry_create, body=s.body.id, metadata=METADATA, fields=FIELDS
    ),
    "catalog.entry_restore": lambda s: the(
        catalog.entry_restore, entry=s.sealed(s.city.clerk), **CLOSING
    ),
    "catalog.entry_restore: of what the examiner sealed": lambda s: the(
        catalog.entry_restore, entry=s.sealed(s.cast["examiner"]), **CLOSING
    ),
    "catalog.entry_seal": lambda s: the(catalog.entry_seal, entry=s.dataset, **CLOSING),
    "catalog.entry_withdraw": lambda s: the(catalog.entry_withdraw, entry=s.dataset, **CLOSING),
    "catalog.entry_withdraw: of a draft": lambda s: the(
        catalog.entry_withdraw, entry=s.draft(), **CLOSING
    ),
    "catalog.grouping_add": lambda s: the(
        catalog.grouping_add, grouping=s.grouping(), entry=s.dataset
    ),
    "catalog.grouping_change": lambda s: the(
        catalog.grouping_change, grouping=s.grouping(), words=WORDS
    ),
    "catalog.grouping_create": lambda s: the(catalog.grouping_create, **KEPT),
    "catalog.grouping_drop": lambda s: the(catalog.grouping_drop, **s.grouped()),
    "catalog.grouping_remove": lambda s: the(catalog.grouping_remove, grouping=s.grouping()),
    "catalog.item_source_decide": lambda s: the(
        catalog.item_source_decide, item=s.item(), body=s.body.id, reason=REASON
    ),
    "catalog.revision_draft": lambda s: the(
        catalog.revision_draft, entry=s.draft(), metadata=METADATA_OF_DRAFT
    ),
    "catalog.revision_pass_gate": lambda s: the(
        catalog.revision_pass_gate, revision=s.in_review()
    ),
    "catalog.revision_return": lambda s: the(
        catalog.revision_return, revision=s.in_review(), reasons=REASON
    ),
    "catalog.revision_submit": lambda s: the(catalog.revision_submit, revision=s.complete()),
    "catalog.series_add": lambda s: the(
        catalog.series_add, series=s.series(), entry=s.dataset, period="2023"
    ),
    "catalog.series_change": lambda s: the(catalog.series_change, series=s.series(), words=WORDS),
    "catalog.series_close": lambda s: the(catalog.series_close, series=s.series(), reasons=REASON),
    "catalog.series_drop": lambda s: the(catalog.series_drop, **s.in_series()),
    "catalog.series_list": lambda s: the(
        catalog.series_list, series=s.series(s.listed(), s.listed())
    ),
    "catalog.series_propose": lambda s: the(
        catalog.series_propose, body=s.body.id, words=WORDS
    ),
    "catalog.series_return": lambda s: the(
        catalog.series_return, series=s.series(), reasons=REASON
    ),
    "catalog.version_add": lambda s: the(catalog.version_add, entry=s.draft(), **VERSION),
    "dataplane.computed_delivered": lambda s: the(
        dataplane.computed_delivered, **s.computing(), version=None, columns=["编号"], rows=1
    ),
    "dataplane.granted_copy: of files that are not there": lambda s: partial(
        copy, s.computing()
    ),
    "dataplane.grant_extend": lambda s: the(
        dataplane.grant_extend, grant=s.grant(), basis=f"urn:uuid:{uuid4()}",
        valid_until=timezone.now() + timedelta(days=60),
    ),
    "dataplane.grant_restore": lambda s: the(
        dataplane.grant_restore, grant=s.taken_back(), basis=f"urn:uuid:{uuid4()}"
    ),
    "dataplane.grant_revoke": lambda s: the(
        dataplane.grant_revoke, grant=s.grant(), reason=REASON
    ),
    "dataplane.grant_write": lambda s: the(dataplane.grant_write, **s.terms()),
    "dataplane.grant_write: to oneself": lambda s: to_oneself(s.terms()),
    "dataplane.load_confirm": lambda s: the(dataplane.load_confirm, **s.found(), enqueue=False),
    "dataplane.load_redescribe": lambda s: the(
        dataplane.load_redescribe, load=s.found()["load"], encoding="gb18030", enqueue=False
    ),
    "dataplane.revision_list": lambda s: the(dataplane.revision_list, revision=s.in_review()),
    "dataplane.upload_receive": lambda s: lambda by: dataplane.upload_receive(
        actor=by, body=s.body.id, name="a.csv", stream=io.BytesIO(TABLE), enqueue=False
    ),
    "dataplane.watermark_trace": lambda s: partial(trace, s.dataset),
    "parties.account_activate": lambda s: the(parties.account_activate, account=s.clerk()),
    "parties.account_activate: of the authority": lambda s: the(
        parties.account_activate, account=s.examiner()
    ),
    "parties.account_create": lambda s: the(
        parties.account_create, username="newcomer", password=None,
        person=s.newcomer(Role.OPENING_BODY, s.body),
    ),
    "parties.account_create: of the authority": lambda s: the(
        parties.account_create, username="newcomer", password=None,
        person=s.newcomer(Role.DATA_AUTHORITY, s.bureau.authority),
    ),
    "parties.account_deactivate": lambda s: the(parties.account_deactivate, account=s.clerk()),
    "parties.account_deactivate: of the authority": lambda s: the(
        parties.account_deactivate, account=s.examiner()
    ),
    "parties.account_deactivate: one's own": lambda s: lambda by: parties.account_deactivate(
        actor=by, account=by.account or uuid4()
    ),
    "parties.account_end_sessions": lambda s: the(
        parties.account_end_sessions, account=s.clerk()
    ),
    "parties.account_end_sessions: of the authority": lambda s: the(
        parties.account_end_sessions, account=s.examiner()
    ),
    "parties.account_end_sessions: one's own": lambda s: lambda by: parties.account_end_sessions(
        actor=by, account=by.account or uuid4()
    ),
    "parties.account_set_password": lambda s: the(
        parties.account_set_password, account=s.clerk(), password=PASSWORD
    ),
    "parties.account_set_password: of the authority": lambda s: the(
        parties.account_set_password, account=s.examiner(), password=PASSWORD
    ),
    "parties.api_key_issue: of another": lambda s: the(
        parties.api_key_issue, account=s.clerk(), **KEY_ASKED
    ),
    "parties.api_key_revoke": lambda s: the(parties.api_key_revoke, key=s.key_of(s.clerk())),
    "parties.api_key_revoke: of the authority": lambda s: the(
        parties.api_key_revoke, key=s.key_of(s.examiner())
    ),
    "parties.attempts_forget": lambda s: the(parties.attempts_forget, before=timezone.now()),
    "parties.bodies_import": lambda s: imported(
        parties.bodies_import, LAYOUTS["bodies"],
        code=credit_code(), name_zh="教育局", division="320500",
    ),
    "parties.membership_end": lambda s: the(
        parties.membership_end, membership=membership_of(s.bureau.clerk.person)
    ),
    "parties.membership_end: of the authority": lambda s: the(
        parties.membership_end, membership=membership_of(person_of(s.examiner()))
    ),
    "parties.membership_end: one's own": lambda s: lambda by: parties.membership_end(
        actor=by, membership=membership_of(by.person)
    ),
    "parties.membership_grant": lambda s: the(
        parties.membership_grant, person=person_of(s.clerk()), organisation=s.body.id,
        role=Role.CHIEF_DATA_OFFICER,
    ),
    "parties.membership_grant: of the authority": lambda s: the(
        parties.membership_grant, person=person_of(s.clerk()),
        organisation=s.bureau.authority.id, role=Role.DATA_AUTHORITY,
    ),
    "parties.membership_grant: to oneself": lambda s: lambda by: parties.membership_grant(
        actor=by, person=by.person or person_of(s.clerk()), organisation=s.body.id,
        role=Role.CHIEF_DATA_OFFICER,
    ),
    "parties.organisation_place": lambda s: the(
        parties.organisation_place, organisation=s.body.id, above=s.bureau.authority.id
    ),
    "parties.organisation_register": lambda s: the(
        parties.organisation_register, kind=OrganisationKind.DEPARTMENT, code=credit_code(),
        name_zh="教育局", division="320500",
    ),
    "parties.organisation_update": lambda s: the(
        parties.organisation_update, organisation=s.body.id, name_zh="交通局"
    ),
    "parties.outside_link": lambda s: the(
        parties.outside_link, account=s.clerk(), subject="某人"
    ),
    "parties.outside_link: of the authority": lambda s: the(
        parties.outside_link, account=s.examiner(), subject="某人"
    ),
    "parties.outside_link_own: with another's ticket": lambda s: the(
        parties.outside_link_own, password=PASSWORD,
        ticket=parties.outside_ticket(actor=s.bureau.clerk, who=OUTSIDE),
    ),
    "parties.outside_ticket": lambda s: the(parties.outside_ticket, who=OUTSIDE),
    "parties.outside_unlink": lambda s: the(
        parties.outside_unlink, account=s.linked(s.clerk())
    ),
    "parties.outside_unlink: of the authority": lambda s: the(
        parties.outside_unlink, account=s.linked(s.examiner())
    ),
    "parties.password_link_issue": lambda s: the(
        parties.password_link_issue, account=s.clerk()
    ),
    "parties.password_link_issue: of the authority": lambda s: the(
        parties.password_link_issue, account=s.examiner()
    ),
    "parties.person_register": lambda s: the(parties.person_register, name="新人"),
    "parties.person_update": lambda s: the(
        parties.person_update, person=person_of(s.clerk()), name="改名"
    ),
    "parties.person_update: of the authority": lambda s: the(
        parties.person_update, person=person_of(s.examiner()), name="改名"
    ),
    "parties.person_update: oneself": lambda s: lambda by: parties.person_update(
        actor=by, person=by.person or uuid4(), name="改名"
    ),
    "parties.staff_import": lambda s: imported(
        parties.staff_import, LAYOUTS["staff"],
        body=s.body.code, name="新人", username="newcomer", roles="opening_body",
    ),
    "parties.staff_import: of the authority": lambda s: imported(
        parties.staff_import, LAYOUTS["staff"],
        body=s.bureau.authority.code, name="新人", username="newcomer", roles="data_authority",
    ),
    "parties.staff_succeed": lambda s: the(
        parties.staff_succeed, **s.leaving(Role.OPENING_BODY, s.body)
    ),
    "parties.staff_succeed: of the authority": lambda s: the(
        parties.staff_succeed, **s.leaving(Role.DATA_AUTHORITY, s.bureau.authority)
    ),
    "parties.totp_confirm: without having begun": lambda s: the(
        parties.totp_confirm, ticket="", code="000000"
    ),
    "parties.totp_remove": lambda s: the(parties.totp_remove, account=s.clerk()),
    "parties.totp_remove: of the authority": lambda s: the(
        parties.totp_remove, account=s.examiner()
    ),
    "harvest.source_activate": lambda s: the(
        harvest.source_activate, name=s.source(s.cast["operator"])
    ),
    "harvest.source_activate: of the examiner's": lambda s: the(
        harvest.source_activate, name=s.source(s.cast["examiner"])
    ),
    "harvest.source_harvest: not activated": lambda s: the(
        harvest.source_harvest, name=s.source(s.cast["operator"])
    ),
    "harvest.source_propose": lambda s: the(harvest.source_propose, **SOURCE),
    "harvest.source_run_ask": lambda s: the(harvest.source_run_ask, name=s.active()),
    "harvest.source_stop": lambda s: the(
        harvest.source_stop, name=s.active(), reason=REASON
    ),
    "evidence.losses_accept": lambda s: the(evidence.losses_accept, **DECISION),
    "evidence.salts_destroy": lambda s: the(
        evidence.salts_destroy, table="parties_person", row=str(uuid4()), **DECISION
    ),
}  # fmt: skip
LAYOUTS = {**IMPORT_LAYOUTS, **catalogued.IMPORT_LAYOUTS}
OUTSIDE = OutsideWho("https://id.example.org", "某人", "某人", is_strong=False, after={})


def to_oneself(terms: dict[str, Any]) -> Act:
    return lambda by: dataplane.grant_write(actor=by, **terms | {"grantee": by.person})


def copy(computing: dict[str, Any], by: Actor) -> None:
    with dataplane.granted_copy(actor=by, **computing, name="work"):
        pass


def trace(dataset: UUID, by: Actor) -> object:
    stream = io.BytesIO(TABLE)
    return dataplane.watermark_trace(actor=by, dataset=dataset, stream=stream, name="a.csv")


# Who may

NODE_ITSELF, OPERATOR = {"node"}, {"operator"}
CLERKS = {"filer", "clerk", "clerk's key", "head and clerk", "examiner in the body"}
"""Of the body; who filed a case is one too."""
EXAMINERS = {"examiner", "examiner's key", "province"}
"""Of the authority over the body and of another organisation."""
IN_THE_BODY = {"examiner in the body"}
AWAY = {"elsewhere", "county"}
"""Authorities of a place that the body does not lie in."""
WRITING_KEY = {"examiner's writing key"}
"""It reviews nothing."""
KEYS = {"filer's key", "clerk's key", "examiner's key"} | WRITING_KEY
AUTHORITIES = {"examiner", "examiner in the body", "province"}
"""At the desk."""
GOVERNING = AUTHORITIES | OPERATOR | NODE_ITSELF
GOVERNING_ANYWHERE = GOVERNING | AWAY | {"operator elsewhere"}
EVERYBODY = (
    CLERKS | EXAMINERS | KEYS | GOVERNING_ANYWHERE
    | {"head", "clerk next door", "colleague", "expert", "supervisor", "somebody"}
)  # fmt: skip
PEOPLE = EVERYBODY - KEYS - NODE_ITSELF


def only(who: set[str], name: str, **others: set[str]) -> Outcomes:
    """These may; ``others`` are refused as their names say, everybody else as ``name``."""
    named = {one.replace("_", "-"): several for one, several in others.items()}
    return {"": who, **named, name: EVERYBODY - who.union(*named.values())}


def gate(who: set[str] = EXAMINERS, **others: set[str]) -> Outcomes:
    """The second person (art. 16, 34): of the authority over the body, and not of the body."""
    return only(
        who, "reviewer-lacks-role", reviewer_of_own_body=IN_THE_BODY,
        reviewer_out_of_division=AWAY, **others,
    )  # fmt: skip


BY_CLERKS = only(CLERKS, "not-of-body")
BY_KEEPERS = only(EXAMINERS | IN_THE_BODY, "reviewer-lacks-role", reviewer_out_of_division=AWAY)
CLOSING_IS_EASY = only(CLERKS | EXAMINERS, "not-for-closing")
OVERSEEN = only(CLERKS | EXAMINERS, "grant-not-overseen")
LOADING = only(CLERKS, "not-permitted")
GOVERNED = only(GOVERNING, "not-governing", key_cannot_manage=KEYS)
ABOVE_OPERATOR = only(
    GOVERNING - OPERATOR, "not-governing", key_cannot_manage=KEYS, role_above_operator=OPERATOR
)
GRANTED = {"filer", "filer's key"}
"""Results of programs; to read rows is what the key is for."""
OWN = only(PEOPLE, "not-found", key_cannot_manage=KEYS)
AT_NODE = {"key_cannot_manage": KEYS}
HARVESTERS = (GOVERNING | WRITING_KEY) - NODE_ITSELF
"""Over the node's own place."""
ACTIVATORS = EXAMINERS | IN_THE_BODY
OUTCOMES: dict[str, Outcomes] = {
    "catalog.act_correct: of a listing": only(CLERKS | EXAMINERS, "not-for-correcting"),
    "catalog.act_correct: of a return": only(EXAMINERS, "not-for-correcting"),
    "catalog.act_correct: of a submission": only(CLERKS, "not-for-correcting"),
    "catalog.catalogue_import": only(
        CLERKS | OPERATOR | NODE_ITSELF | WRITING_KEY | {"examiner", "province"}, "import-not-for-body"
    ),
    "catalog.correction_confirm": gate(),
    "catalog.correction_confirm: of the examiner's": gate(
        {"province"}, correction_needs_another={"examiner", "examiner's key"}
    ),
    "catalog.derivation_add": BY_CLERKS,
    "catalog.derivation_drop": BY_CLERKS,
    "catalog.duty_set": BY_CLERKS,
    "catalog.entry_create": BY_CLERKS,
    "catalog.entry_restore": gate(),
    "catalog.entry_restore: of what the examiner sealed": gate(
        {"province"}, restorer_sealed_it={"examiner", "examiner's key"}
    ),
    "catalog.entry_seal": CLOSING_IS_EASY,
    "catalog.entry_withdraw": CLOSING_IS_EASY,
    "catalog.entry_withdraw: of a draft": only(CLERKS, "not-for-closing"),
    "catalog.grouping_add": BY_KEEPERS,
    "catalog.grouping_change": BY_KEEPERS,
    "catalog.grouping_create": BY_KEEPERS,
    "catalog.grouping_drop": BY_KEEPERS,
    "catalog.grouping_remove": BY_KEEPERS,
    "catalog.item_source_decide": gate(),
    "catalog.revision_draft": BY_CLERKS,
    "catalog.revision_pass_gate": gate(),
    "catalog.revision_return": gate(),
    "catalog.revision_submit": BY_CLERKS,
    "catalog.series_add": BY_CLERKS,
    "catalog.series_change": BY_CLERKS,
    "catalog.series_close": CLOSING_IS_EASY,
    "catalog.series_drop": BY_CLERKS,
    "catalog.series_list": gate(),
    "catalog.series_propose": BY_CLERKS,
    "catalog.series_return": gate(),
    "catalog.version_add": only(CLERKS | NODE_ITSELF, "not-of-body"),
    "dataplane.computed_delivered": only(GRANTED, "no-grant", key_lacks_scope=KEYS - GRANTED),
    "dataplane.granted_copy: of files that are not there": {
        "version-damaged": GRANTED, "key-lacks-scope": KEYS - GRANTED,
        "no-grant": EVERYBODY - GRANTED - KEYS,
    },
    "dataplane.grant_extend": only(CLERKS, "grant-by-body-only"),
    "dataplane.grant_restore": OVERSEEN,
    "dataplane.grant_revoke": OVERSEEN,
    "dataplane.grant_write": only(CLERKS, "grant-by-body-only"),
    "dataplane.grant_write: to oneself": {
        "grant-to-oneself": CLERKS, "grant-by-body-only": EVERYBODY - CLERKS,
    },
    "dataplane.load_confirm": LOADING,
    "dataplane.load_redescribe": LOADING,
    "dataplane.revision_list": gate(),
    "dataplane.upload_receive": LOADING,
    "dataplane.watermark_trace": {
        "watermark-not-delivered": CLERKS | EXAMINERS,
        "grant-not-overseen": EVERYBODY - CLERKS - EXAMINERS,
    },
    "parties.account_activate": GOVERNED,
    "parties.account_activate: of the authority": ABOVE_OPERATOR,
    "parties.account_create": GOVERNED,
    "parties.account_create: of the authority": ABOVE_OPERATOR,
    "parties.account_deactivate": GOVERNED,
    "parties.account_deactivate: of the authority": ABOVE_OPERATOR,
    "parties.account_deactivate: one's own": OWN,
    "parties.account_end_sessions": GOVERNED,
    "parties.account_end_sessions: of the authority": ABOVE_OPERATOR,
    "parties.account_end_sessions: one's own": OWN,
    "parties.account_set_password": GOVERNED,
    "parties.account_set_password: of the authority": ABOVE_OPERATOR,
    "parties.api_key_issue: of another": only(
        NODE_ITSELF, "not-own-account", key_cannot_manage=KEYS
    ),
    "parties.api_key_revoke": GOVERNED,
    "parties.api_key_revoke: of the authority": ABOVE_OPERATOR,
    "parties.attempts_forget": only(NODE_ITSELF, "node-only"),
    "parties.bodies_import": GOVERNED,
    "parties.membership_end": GOVERNED,
    "parties.membership_end: of the authority": ABOVE_OPERATOR,
    "parties.membership_end: one's own": OWN,
    "parties.membership_grant": GOVERNED,
    "parties.membership_grant: of the authority": ABOVE_OPERATOR,
    "parties.membership_grant: to oneself": only(
        NODE_ITSELF, "not-governing", key_cannot_manage=KEYS,
        role_for_oneself=GOVERNING - NODE_ITSELF,
    ),
    "parties.organisation_place": GOVERNED,
    "parties.organisation_register": GOVERNED,
    "parties.organisation_update": GOVERNED,
    "parties.outside_link": GOVERNED,
    "parties.outside_link: of the authority": ABOVE_OPERATOR,
    "parties.outside_link_own: with another's ticket": {
        "oidc-again": EVERYBODY - KEYS, "key-cannot-manage": KEYS,
    },
    "parties.outside_ticket": {"": EVERYBODY - KEYS, "key-cannot-manage": KEYS},
    "parties.outside_unlink": GOVERNED,
    "parties.outside_unlink: of the authority": ABOVE_OPERATOR,
    "parties.password_link_issue": GOVERNED,
    "parties.password_link_issue: of the authority": ABOVE_OPERATOR,
    "parties.person_register": only(GOVERNING_ANYWHERE, "not-governing", key_cannot_manage=KEYS),
    "parties.person_update": GOVERNED,
    "parties.person_update: of the authority": ABOVE_OPERATOR,
    "parties.person_update: oneself": OWN,
    "parties.staff_import": GOVERNED,
    "parties.staff_import: of the authority": ABOVE_OPERATOR,
    "parties.staff_succeed": GOVERNED,
    "parties.staff_succeed: of the authority": ABOVE_OPERATOR,
    "parties.totp_confirm: without having begun": {
        "totp-setup-expired": PEOPLE, "key-cannot-manage": KEYS, "not-own-account": NODE_ITSELF,
    },
    "parties.totp_remove": {**GOVERNED, "": set(), "totp-not-set": GOVERNING},
    "parties.totp_remove: of the authority": {
        **ABOVE_OPERATOR, "": set(), "totp-not-set": GOVERNING - OPERATOR,
    },
    "harvest.source_activate": only(ACTIVATORS, "activator-lacks-role"),
    "harvest.source_activate: of the examiner's": only(
        ACTIVATORS - {"examiner", "examiner's key"}, "activator-lacks-role",
        activator_is_proposer={"examiner", "examiner's key"},
    ),
    "harvest.source_harvest: not activated": {
        "source-state-wrong": HARVESTERS | NODE_ITSELF,
        "harvester-lacks-role": EVERYBODY - HARVESTERS - NODE_ITSELF,
    },
    "harvest.source_propose": only(HARVESTERS, "harvester-lacks-role"),
    "harvest.source_run_ask": only(HARVESTERS, "harvester-lacks-role"),
    "harvest.source_stop": only(HARVESTERS, "harvester-lacks-role"),
    "evidence.losses_accept": {
        "not-found": OPERATOR | NODE_ITSELF, "key-cannot-manage": KEYS,
        "not-permitted": EVERYBODY - OPERATOR - NODE_ITSELF - KEYS,
    },
    "evidence.salts_destroy": {
        "salts-in-use": OPERATOR | NODE_ITSELF, "key-cannot-manage": KEYS,
        "not-permitted": EVERYBODY - OPERATOR - NODE_ITSELF - KEYS,
    },
}  # fmt: skip
ELSEWHERE = {
    "parties.totp_begin": "tests/parties/test_totp.py::test_only_a_person_at_the_desk_sets_up_codes",
}
"""Services whose roles other tests try."""


@pytest.fixture
def scene(node: Any, settings: Any) -> Scene:
    settings.PASSWORD_HASHERS = ["tests.parties.hashers.CheapArgon2"]
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = OUTSIDE.issuer, "wushu"
    bureau = before_adoption()
    city = City(transport=bureau.transport, health=bureau.health, authority=bureau.authority)
    return Scene(bureau, city, everybody(bureau) | others(bureau))


def others(bureau: Bureau) -> dict[str, Actor]:
    """Who comes near: with a key that has the right scope, or in the right role at the wrong place."""

    def somebody(name: str, role: Role, body: OrganisationView) -> Actor:
        held = HeldRole(body.id, role, body.division)
        return replace(bureau.person(name, Role.DATA_USER), roles=(held,))

    clerk = somebody("经办人", Role.OPENING_BODY, bureau.transport)
    return {
        "clerk's key": replace(clerk, scopes=frozenset({Scope.CATALOG_WRITE})),
        "examiner's key": replace(bureau.examiner, scopes=frozenset({Scope.CATALOG_REVIEW})),
        "examiner's writing key": replace(bureau.examiner, scopes=frozenset({Scope.CATALOG_WRITE})),
        "county": somebody("区审查人", Role.DATA_AUTHORITY, department("区数据局", "320505")),
        "operator elsewhere": somebody(
            "外地平台", Role.PLATFORM_OPERATOR, department("外地信息中心", "510100")
        ),
        "supervisor": somebody("监督人", Role.SUPERVISOR, bureau.authority),
    }


def test_every_service_is_tried_by_everybody():
    offered = services_with_an_actor(*APPS.values())
    assert untried(offered, TRIES, OUTCOMES, ELSEWHERE) == []


def test_no_app_is_left_out():
    """Those of cases are tried in ``tests/opening/test_attempts.py``."""
    every = {app: import_module(f"wushu.{app}.services") for app in NAMES}
    acting = {app for app, services in every.items() if services_with_an_actor(services)}
    assert acting == APPS.keys() | {"casework", "opening"}


def test_a_service_that_nobody_tries_or_that_is_gone_is_named():
    offered = {"catalog.entry_create", "catalog.entry_burn"}
    tries = ["catalog.entry_create: twice", "catalog.entry_forget"]
    assert untried(offered, tries, tries[:1], {"catalog.entry_seal": "tests/none.py::test_it"}) == [
        "catalog.entry_burn: try it, or name the test that does",
        "catalog.entry_forget: is no service any more",
        "catalog.entry_seal: is no service any more",
        "catalog.entry_forget: has no attempt or no outcome",
        "tests/none.py::test_it: is no test any more",
    ]


def half_done(by: Actor) -> None:
    Person.objects.create(name=by.name, created_at=timezone.now())
    raise NODE_ONLY()


def test_what_a_refusal_leaves_behind_and_another_outcome_than_declared_are_named(node_home: Path):
    cast = {"node": NODE}
    for act, outcomes, wrong in (
        (half_done, {"node-only": {"node"}}, "node-only, and something is left"),
        (half_done, {"": {"node"}}, "ought to be done, was node-only"),
        (str, {"node-only": {"node"}}, "ought to be node-only, was done"),
        ({}.__getitem__, {"": {"node"}}, "ought to be done, was broke: KeyError"),
    ):
        (said,) = gone_wrong("it", act, cast, outcomes, "parties")
        assert said.startswith(f"it by node: {wrong}")
    assert gone_wrong("it", str, cast, {"": set()}) == ["it: not one outcome for each"]


@pytest.mark.parametrize("app", APPS)
def test_each_does_what_is_theirs_and_whatever_is_refused_leaves_nothing_behind(
    scene: Scene, app: str
):
    wrong = []
    for attempt, prepared in TRIES.items():
        if service_of(attempt).startswith(f"{app}."):
            act = prepared(scene)
            wrong += gone_wrong(attempt, act, scene.cast, OUTCOMES[attempt], app)
    assert not wrong, "\n".join(wrong)
