"""Lists of cases at a size, through the services that pages and API ask, as JSON lines.

``bin/bench cases [--cases N] [--entries N] [--rounds N] [--home DIR] [--postgresql]`` makes a node with N
open cases (10,000 by default), a third as many that have ended, 200 bodies and 25,000 entries, under
every regulation that comes with the program, and times what people do: the inbox of an authority and of
a clerk, all cases of their offices, the public ledger, one's own list, one case with its clocks, and whole pages. Cases go through
random steps of their procedure, on days of the last year; their rows are written directly, in batches,
and whose turn it is, is counted by the code that counts it for every step.

The goal is a 95th percentile under 200 ms. Beside each list stands the bare statement that brings the
same rows (``bare_…``, and ``ratio`` of the medians), asked in turns with it. ``--postgresql`` starts a
server of its own from the installed package.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from benchmarks.search import Rows, fill

GOAL_MS = 200.0
FILERS = 500
CITY = "320500"
_BATCH = 500
_PAGE = 51
_YEAR_DAYS = 364

Question = Callable[[], object]


def main() -> None:
    """Make the node, ask, print one line a question."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=10_000, help="open ones")
    parser.add_argument("--entries", type=int, default=25_000)
    parser.add_argument("--rounds", type=int, default=3, help="how often all questions are asked")
    parser.add_argument("--home", type=Path, help="folder of the node, kept; else a temporary one")
    parser.add_argument("--postgresql", action="store_true", help="else SQLite")
    given = parser.parse_args()
    with ExitStack() as opened:
        if given.postgresql:
            from tests.support import postgres

            os.environ["WUSHU_DATABASE_URL"] = opened.enter_context(postgres.cluster())
        home = given.home or Path(
            opened.enter_context(tempfile.TemporaryDirectory(prefix="wushu-cases-"))
        )
        run(home, given.cases, given.entries, given.rounds)


def run(home: Path, cases: int, entries: int, rounds: int) -> None:
    """Everything, in one process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushu.config.settings")
    os.environ["WUSHU_HOME"] = str(home)
    os.environ["WUSHU_RATE_LIMIT_PER_MINUTE"] = "0"
    import django

    django.setup()
    from django.db import connection

    from wushu.casework.models import Case
    from wushu.catalog import selectors as catalog

    began = time.perf_counter()
    made = fill(entries)
    if not Case.objects.exists():
        fill_cases(cases)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    catalog.index_refresh(everything=True)
    counts = {
        "open": Case.objects.filter(closed_at=None).count(),
        "closed": Case.objects.exclude(closed_at=None).count(),
    }
    tell(step="made", entries=made, **counts, engine=connection.vendor,
         seconds=round(time.perf_counter() - began, 1))  # fmt: skip
    several = list(questions())
    times: dict[str, list[tuple[float, float]]] = {}
    gc.collect()
    gc.freeze()  # as the serving processes do
    for turn in range(rounds + 1):
        for name, question, bare in several:
            taken = timed(question), timed(bare)
            if turn:  # the first round warms what every process keeps
                times.setdefault(name, []).append(taken)
    for name, both in times.items():
        report(name, both, connection.vendor)


def timed(question: Question) -> float:
    """Seconds that it took."""
    began = time.perf_counter()
    question()
    return time.perf_counter() - began


def report(name: str, both: Sequence[tuple[float, float]], engine: str) -> None:
    """Median and 95th percentile of a question and of the bare statement beside it."""
    ours, bare = (sorted(each) for each in zip(*both, strict=True))
    tell(
        question=name, engine=engine, asked=len(both), p50_ms=_milliseconds(ours, 0.5),
        p95_ms=_milliseconds(ours, 0.95), bare_p50_ms=_milliseconds(bare, 0.5),
        bare_p95_ms=_milliseconds(bare, 0.95),
        ratio=round(_milliseconds(ours, 0.5) / _milliseconds(bare, 0.5), 1),
        within_goal=_milliseconds(ours, 0.95) < GOAL_MS,
    )  # fmt: skip


def _milliseconds(ordered: Sequence[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2)


def tell(**figures: Any) -> None:
    """One line."""
    print(json.dumps({"bench": "cases", **figures}), flush=True)


# The node


@dataclass(frozen=True, slots=True)
class Rule:
    """A procedure of a published version."""

    version: UUID
    regulation: Any
    procedure: Any


def fill_cases(wanted: int) -> None:
    """So many open cases, and a third as many that have ended."""
    from django.db import transaction

    from wushu.casework.models import Case
    from wushu.casework.presenting import happened_of
    from wushu.casework.rules.cases import is_filing_office
    from wushu.casework.services import answers_recount
    from wushu.casework.services.turns import turn_keep

    chance = random.Random(20_261_121)
    rules, people, entries = publish(), persons(), datasets()
    numbers: dict[str, int] = {}
    still, ended = wanted, wanted // 3
    now = datetime.now().astimezone()
    while still or ended:
        open_rows, closed_rows, lines = [], [], []
        while len(open_rows) + len(closed_rows) < _BATCH and (still or ended):
            rule = chance.choice(rules)
            entry, body = chance.choice(entries)
            about = entry if rule.procedure.subject.value == "dataset" else body
            number = numbers[rule.procedure.code] = numbers.get(rule.procedure.code, 0) + 1
            row = Case(
                id=UUID(int=chance.getrandbits(128), version=4), version_id=rule.version,
                number=f"{CITY}-{rule.procedure.code}-2026-{number:05d}",
                procedure=rule.procedure.id, subject=about, body_id=body,
                filer_id=chance.choice(people), title=f"停车诱导研究（第{number}号）",
            )  # fmt: skip
            happened = list(walk(rule, row, now, chance, to_end=not still))
            if happened[0].seat in {o.id for o in rule.regulation.seats if is_filing_office(o)}:
                row.filer_organisation_id = body
            if (row.closed_at is None and not still) or (row.closed_at and not ended):
                continue
            (open_rows if row.closed_at is None else closed_rows).append(row)
            still, ended = still - (row.closed_at is None), ended - bool(row.closed_at)
            lines.append((row, happened))
        with transaction.atomic():
            write(Case, [row for row, _ in lines])
            write(type(lines[0][1][0]), [one for _, happened in lines for one in happened])
            for row in Case.objects.filter(pk__in=[one.pk for one in open_rows]).select_related(
                "body", "version"
            ):
                history = next(happened for known, happened in lines if known.pk == row.pk)
                turn_keep(row, [happened_of(one) for one in history], now)
    answers_recount()


def write(model: Any, rows: Sequence[Any]) -> None:
    """Straight to the table: it is the reading that is measured."""
    several = Rows(rows[0])
    for one in rows:
        several.add(
            **{field.name: getattr(one, field.attname) for field in model._meta.concrete_fields}
        )
    several.insert()


def walk(
    rule: Rule, row: Any, now: datetime, chance: random.Random, *, to_end: bool
) -> Iterator[Any]:
    """Random steps of a procedure, some days apart; the row stands afterwards where they led."""
    from wushu.casework.models import CaseEvent
    from wushu.casework.types import EventKind, FieldKind

    procedure = rule.procedure
    row.opened_at = at = now - timedelta(
        days=chance.uniform(10, _YEAR_DAYS) if to_end else chance.uniform(0, 60)
    )
    step = chance.choice([one for one in procedure.steps if one.starts])
    done: set[str] = set()
    for number in range(1, 30 if to_end else chance.choice((2, 3, 4, 6))):
        row.state = step.to or row.state
        done.add(step.id)
        yield CaseEvent(
            case=row, number=number, kind="step", at=at, actor="urn:uuid:a", actor_name="经办人",
            person=uuid4(), seat=step.seats[0], step=step.id, state=row.state,
            values={"reasons": "按规定办理"},
        )  # fmt: skip
        if procedure.state(row.state).end:
            row.closed_at = at
            return
        possible = [
            one for one in procedure.steps
            if row.state in one.at and not (one.once and one.id in done)
            and not any(move.event is EventKind.EXTENDED for move in one.clocks)
            and not any(field.kind is FieldKind.WORKING_DAYS for field in one.fields)
        ]  # fmt: skip
        at += timedelta(days=chance.expovariate(1 / 3))
        if not possible or at > now:
            return
        step = chance.choice(possible)


def publish() -> list[Rule]:
    """Every procedure of every regulation that comes with the program."""
    from wushu.casework import selectors, services
    from wushu.parties.types import NODE

    found = []
    for folder in selectors.regulation_folders():
        version = services.regulation_publish(
            actor=NODE, document=selectors.read_folder(folder), file=folder.name
        )
        regulation = selectors.regulation(version.id)
        found += [Rule(version.id, regulation, one) for one in regulation.procedures]
    return found


def persons() -> list[UUID]:
    """Who files."""
    from wushu.parties.models import Person

    now = datetime.now().astimezone()
    made = [Person(name=f"申请人{number}", created_at=now) for number in range(FILERS)]
    Person.objects.bulk_create(made)
    return [one.pk for one in made]


def departments() -> list[UUID]:
    """The bodies that the entries are of."""
    from wushu.parties import selectors

    return [one.id for one in selectors.organisations()]


def datasets() -> list[tuple[UUID, UUID]]:
    """Entries, each with its body."""
    from wushu.catalog.models import Entry

    return list(Entry.objects.order_by("slug").values_list("pk", "body_id"))


# What people ask


def questions() -> Iterator[tuple[str, Question, Question]]:
    """Name, question, and the bare statement that brings the same rows."""
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from wushu.casework import selectors
    from wushu.casework.models import Case, CaseEvent
    from wushu.parties.types import Role

    settings.ALLOWED_HOSTS = ["*"]
    bodies = departments()
    authority = somebody("主管部门", Role.DATA_AUTHORITY, bodies[0])
    clerks = [somebody(f"经办人{n}", Role.OPENING_BODY, bodies[n]) for n in range(1, 11)]
    moments = list(
        Case.objects.order_by("-opened_at", "-id").values_list("opened_at", flat=True)[:5001:500]
    )
    procedures = [one for one, _ in selectors.procedures_known()]
    handled = [one.id for one in selectors.inbox(actor=authority, limit=20)]
    overdue = selectors.OfficeFilter(overdue=True)
    filers = list(Case.objects.order_by("pk").values_list("filer", flat=True)[:10])

    def ledger(more: str = "1 = 1", *values: Any) -> Question:
        return bare(
            f"{LEDGER} WHERE {more} ORDER BY c.opened_at DESC, c.id DESC LIMIT {_PAGE}", values
        )

    for _ in range(10):
        yield (
            "inbox, authority", lambda: selectors.inbox(actor=authority, limit=_PAGE),
            bare(f"{INBOX} WHERE t.seat = 'authority' {BY_DUE}", ()),
        )  # fmt: skip
        yield (
            "office, authority", lambda: selectors.office_page(actor=authority, limit=_PAGE), ledger(),
        )  # fmt: skip
        yield (
            "office, authority, overdue",
            lambda: selectors.office_page(actor=authority, narrowed=overdue, limit=_PAGE),
            ledger("t.due < %s", selectors.local_day(timezone.now())),
        )
        yield "ledger, first page", lambda: selectors.public_cases(limit=_PAGE), ledger()
        yield "figures of a year", selectors.case_figures, bare(FIGURES, ())
    after = selectors.inbox_page(actor=authority, limit=1000).cursor
    yield (
        "inbox, authority, later page",
        lambda: selectors.inbox_page(actor=authority, cursor=after, limit=_PAGE),
        bare(f"{INBOX} WHERE t.seat = 'authority' {BY_DUE} OFFSET 1000", ()),
    )
    for clerk in clerks:
        (body,) = clerk.organisations
        yield (
            "inbox, clerk", lambda clerk=clerk: selectors.inbox(actor=clerk, limit=_PAGE),
            bare(f"{INBOX} WHERE t.seat = 'body' AND t.body = %s {BY_DUE}", (key(body),)),
        )  # fmt: skip
        yield (
            "office, clerk", lambda clerk=clerk: selectors.office_page(actor=clerk, limit=_PAGE),
            ledger("c.body_id = %s", key(body)),
        )  # fmt: skip
        yield (
            "ledger, body",
            lambda body=body: selectors.public_page(body=body, limit=_PAGE),
            ledger("c.body_id = %s", key(body)),
        )
    for number, moment in enumerate(moments):
        later = selectors.public_page(limit=1 + number * 500).cursor
        yield (
            "ledger, later page",
            lambda later=later: selectors.public_page(cursor=later, limit=_PAGE),
            ledger("c.opened_at < %s", moment),
        )
    for name in procedures:
        yield (
            "ledger, procedure", lambda name=name: selectors.public_cases(procedure=name, limit=_PAGE),
            ledger("c.procedure = %s", name),
        )  # fmt: skip
    for one in filers:
        yield (
            "one's own",
            lambda own=one: selectors.cases_filed(actor=filer(own)),
            ledger("c.filer_id = %s", key(one)),
        )
    for one in handled:
        yield (
            "one case", lambda one=one: selectors.case(one, actor=authority),
            bare(f"SELECT * FROM {CaseEvent._meta.db_table} WHERE case_id = %s", (key(one),)),
        )  # fmt: skip
    public, official = Client(), Client()
    official.force_login(account(authority), backend="wushu.parties.backends.AccountBackend")
    for _ in range(10):
        yield "page /cases", lambda: get(public, "/cases"), ledger()
        yield (
            "page /desk/cases", lambda: get(official, "/desk/cases"),
            bare(f"{INBOX} WHERE t.seat = 'authority' {BY_DUE}", ()),
        )  # fmt: skip
        yield "page /desk/cases/all", lambda: get(official, "/desk/cases/all"), ledger()
        yield "page /", lambda: get(public, "/"), ledger()


_COLUMNS = "c.id, c.number, c.procedure, c.state, c.opened_at, c.closed_at, c.title, t.seat, t.due"
LEDGER = f"SELECT {_COLUMNS} FROM casework_case c LEFT JOIN casework_caseturn t ON t.case_id = c.id"
INBOX = f"SELECT {_COLUMNS} FROM casework_caseturn t JOIN casework_case c ON t.case_id = c.id"
FIGURES = (
    "SELECT procedure, working_days, in_time, COUNT(*) FROM casework_caseanswer"
    " GROUP BY procedure, working_days, in_time"
)
BY_DUE = f"ORDER BY t.due NULLS LAST, t.case_id LIMIT {_PAGE}"


def bare(statement: str, values: Sequence[Any]) -> Question:
    """The statement without anything around it."""
    from django.db import connection

    def ask() -> object:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    return ask


def key(one: UUID) -> str | UUID:
    """An id as the database keeps it."""
    from django.db import connection

    return one if connection.features.has_native_uuid_field else one.hex


def get(client: Any, address: str) -> object:
    """A whole page; anything but a page ends the run."""
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    return answer.content


def somebody(name: str, role: Any, body: UUID) -> Any:
    """An official with an account."""
    from wushu.parties import selectors, services
    from wushu.parties.types import NODE

    person = services.person_register(actor=NODE, name=name)
    services.membership_grant(actor=NODE, person=person, organisation=body, role=role)
    made = services.account_create(
        actor=NODE, username=f"bench-{person.hex[:12]}", password=None, person=person
    )
    return selectors.actor_for_account(made)


def filer(person: UUID) -> Any:
    """Who filed, as an actor."""
    from wushu.parties.types import Actor

    return Actor(urn=f"urn:uuid:{person}", name="申请人", person=person)


def account(actor: Any) -> Any:
    """The account of an official."""
    from wushu.parties.models import Account

    return Account.objects.get(pk=actor.account)


if __name__ == "__main__":
    main()
