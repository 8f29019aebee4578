"""A filled node in this process, everybody who might try something on it, and what they are answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.db.utils import load_backend
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone

from tests.catalog.conftest import credit_code
from tests.portal.scenes import Scenes
from tests.portal.scenes.cases import answers
from wushu.casework import selectors as casework
from wushu.casework import services as cases
from wushu.casework.types import Step
from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalogue
from wushu.catalog.selectors import finding
from wushu.config import logs
from wushu.kernel import noting
from wushu.opening import selectors as opening
from wushu.parties import selectors as parties
from wushu.parties import services as people
from wushu.parties.models import Account
from wushu.parties.types import NODE, Actor, OrganisationKind, Role, Scope

SUZHOU = "suzhou-public-data-opening-2023"
CAST = {
    "citizen": "nobody's official, with needs, marks, a computation and a returned result of theirs",
    "reader": "a data user for themselves",
    "analyst": "a data user for a company, who filed the cases and the results",
    "clerk": "of the transport bureau, whose most datasets, plans and grants are",
    "head": "chief data officer of the transport bureau",
    "keeper": "clerk of the parks bureau, another body of the city",
    "forester": "clerk of a county's body, where the rules apply",
    "reviewer": "examiner of the city's data authority",
    "elsewhere": "examiner of another city's data authority",
    "steward": "operator of the platform",
    "expert": "of the panel that was asked in a case",
}
"""Accounts by username. Beside them: nobody at all, and a key that lacks the scope."""
ALL = frozenset(CAST)
AS_JSON = {"Accept": "application/json"}
"""Spares the rendering of most refusals; as what somebody is refused does not depend on it."""
STRANGER = "stranger"
"""Has an account and nothing else."""
NOBODY, WEAK = "", "(a key without the scope)"


@dataclass(frozen=True)
class Attempt:
    """One thing to try: who may, and what is sent."""

    may: frozenset[str]
    path: str
    """With the scenes' names in braces, as the texts of ``sent`` are written."""
    sent: Any = None
    """Fields or a document; of a dict, a dict or the name of one of the scene's forms, with a ``@``."""
    method: str = "post"
    weak: Scope = Scope.ROWS_READ
    """The one scope of a key that is not enough."""
    stands: str = ""
    """What even who may is refused as, since things stand so; empty: it is done."""


def may(names: str, path: str, sent: Any = None, **more: Any) -> Attempt:
    """``names``: members of the cast, with spaces between."""
    chosen = frozenset(names.split())
    assert chosen <= ALL, chosen - ALL
    return Attempt(chosen, path, {} if sent is None else sent, **more)


@dataclass
class Answer:
    """What came back, and what the node's log tells of it."""

    status: int
    where: str
    """Where a redirect leads."""
    line: dict[str, Any]
    """Of the log."""

    @property
    def refusal(self) -> str:
        """Name, empty where none is told."""
        return str(self.line.get("refusal", ""))


class Kept(logs.Lines):
    """Stands in for the log's files: keeps what is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[dict[str, Any]] = []

    def gather(self, line: bytes) -> None:
        self.told.append(json.loads(line))

    write = gather

    def last(self) -> dict[str, Any]:
        """The line of the last answer or of the last refused command."""
        return next(one for one in reversed(self.told) if one["kind"] != "record")


@dataclass
class Scene:
    """The node, and how each member of the cast asks it."""

    scenes: Scenes
    log: Kept
    actors: dict[str, Actor] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)
    """What the tables write in braces."""
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What a step of the rules asks for, by the step's name."""

    @property
    def stranger(self) -> Actor:
        """Who has an account and nothing else."""
        return parties.actor_for_username(STRANGER)

    def private(self) -> list[str]:
        """Names of what is somebody's and not public."""
        made = self.scenes
        return [
            *made.cases.values(), *made.computations.values(), *made.grants.values(),
            *made.subscriptions.values(), made.needs["waiting"], made.needs["declined"],
            *(made.results[name] for name in ("waiting", "returned", "own", "comment")),
            *(made.datasets[name] for name in ("draft", "returned", "waiting")), *CAST,
        ]  # fmt: skip

    def written(self, text: str) -> str:
        return text.format_map(self.names)

    def said(self, given: Any) -> Any:
        """What is sent, with names filled in."""
        if isinstance(given, str) and given.startswith("@"):
            return self.forms[given[1:]]
        if isinstance(given, str):
            return self.written(given)
        if isinstance(given, Mapping):
            return {name: self.said(value) for name, value in given.items()}
        if isinstance(given, list):
            return [self.said(one) for one in given]
        return given

    def by_page(self, who: str, attempt: Attempt) -> Answer:
        """A form sent from the browser in which somebody is signed in."""
        return self.open(who, "post", attempt.path, self.fields(attempt.sent))

    def fields(self, given: Any) -> dict[str, Any]:
        """A form's fields; what is named ``file`` becomes one."""
        said = dict(self.said(given))
        if "file" in said:
            said["file"] = SimpleUploadedFile("表.csv", said["file"].encode())
        return said

    def open(self, who: str, method: str, path: str, fields: Any = None) -> Answer:
        """Ask for a page, or send to it."""
        return self._told(
            getattr(self.browsers[who], method), self.written(path), data=fields or {}
        )

    def by_program(self, who: str, attempt: Attempt) -> Answer:
        """A document sent with somebody's key; ``WEAK``: a key of one who may, without the scope."""
        key = self.keys.get(f"{min(attempt.may)} {attempt.weak}" if who == WEAK else who, "")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return self._told(
            getattr(Client(), attempt.method), self.written(attempt.path),
            data=json.dumps(self.said(attempt.sent)), content_type="application/json",
            headers=headers,
        )  # fmt: skip

    def _told(self, ask: Callable[..., HttpResponse], path: str, **sent: Any) -> Answer:
        """The answer, and its line in the log, as the server's own wrapper has it written."""
        noted = noting.Noted()
        token = noting.current.set(noted)
        try:
            answer = ask(path, **sent)
        finally:
            noting.current.reset(token)
        logs.tell_request(noted, "POST", answer.status_code, 0)
        return Answer(answer.status_code, answer.headers.get("Location", ""), self.log.last())


def _key(actor: Actor, *scopes: Scope) -> str:
    _view, secret = people.api_key_issue(
        actor=NODE, account=actor.account, name="program", scopes=scopes
    )
    return secret


def cast(scenes: Scenes, log: Kept) -> Scene:
    """Let in who the scenes lack, and give everybody a browser and a key."""
    made = Scene(scenes, log)
    bodies = {
        "transport": parties.organisation_by_code(scenes.code),
        "parks": parties.organisation_by_code("11329900DEM0000739"),
        "forests": parties.organisation_by_code("11329902DEM0000811"),
        "authority": parties.organisation_by_code("11329900DEM0000146"),
        "enterprise": parties.organisation_by_code("91329900DEM001017E"),
        "elsewhere": people.organisation_register(
            actor=NODE, kind=OrganisationKind.DEPARTMENT, code=credit_code(),
            name_zh="外地数据局", division="110105",
        ),
    }  # fmt: skip
    for username, role, body in (
        ("reader", Role.DATA_USER, None),
        ("head", Role.CHIEF_DATA_OFFICER, "transport"),
        ("elsewhere", Role.DATA_AUTHORITY, "elsewhere"),
        ("expert", Role.EXPERT, "authority"),
    ):
        person = people.person_register(actor=NODE, name=username)
        people.membership_grant(
            actor=NODE, person=person, organisation=bodies[body].id if body else None, role=role
        )
        people.account_create(actor=NODE, username=username, password=None, person=person)
    stranger = people.person_register(actor=NODE, name="stranger")
    people.account_create(actor=NODE, username=STRANGER, password=None, person=stranger)
    made.browsers[NOBODY] = Client(headers=AS_JSON)
    for username in CAST:
        actor = made.actors[username] = parties.actor_for_username(username)
        made.keys[username] = _key(actor, *Scope)
        for scope in (Scope.ROWS_READ, Scope.SUBSCRIPTIONS_MANAGE):
            made.keys[f"{username} {scope}"] = _key(actor, scope)
        browser = made.browsers[username] = Client(headers=AS_JSON)
        browser.force_login(
            Account.objects.get(pk=actor.account), backend="wushu.parties.backends.AccountBackend"
        )
    _name(made, {name: body.id for name, body in bodies.items()})
    return made


def _name(made: Scene, bodies: Mapping[str, Any]) -> None:
    """What the tables call things."""
    today, plans = timezone.localdate(), made.scenes.plans
    found = {
        name: casework.case_by_number(number, actor=made.actors["reviewer"])
        for name, number in made.scenes.cases.items()
    }
    cases.case_refer(actor=made.actors["reviewer"], case=found["review"].id, question="请论证")
    entry = catalog.entry_by_slug(made.scenes.datasets["returned"], actor=made.actors["clerk"])
    assert entry.revision is not None
    mended = replace(entry.revision.metadata, source_note="客流系统")
    catalogue.revision_draft(actor=made.actors["clerk"], entry=entry.id, metadata=mended)
    returned = opening.plan(
        bodies["transport"], int(plans["next"]), actor=made.actors["clerk"]
    ).working
    assert returned is not None
    made.names = {
        **asdict(made.scenes),
        "bodies": bodies,
        "codes": {
            "parks": "11329900DEM0000739",
            "forests": "11329902DEM0000811",
            "new": credit_code(),
        },
        "people": {name: actor.person for name, actor in made.actors.items()},
        "ids": {name: case.id for name, case in found.items()},
        "known": {"next": returned.revised},
        "today": today,
        "later": today + timedelta(days=20),
        "year": today.year,
        "adoption": casework.adoptions()[0].id,
    }
    planned = opening.plan(bodies["transport"], int(plans["year"])).in_force
    assert planned is not None
    made.names["planned_item"] = planned.content.items[1].key
    made.names["stops_id"] = catalog.entry_by_slug(made.scenes.datasets["stops"]).id
    shared = next(
        one
        for one in catalog.shared_items(actor=made.actors["reviewer"], division="329900")
        if one.name == "站名"
    )
    made.names["choice"] = f"{shared.key}@{bodies['parks']}"
    rules = casework.regulation(casework.published_version(SUZHOU).id)
    for step in ("submit", "pass"):
        made.forms[step] = as_sent(rules.procedure("conditional-access").step(step))


def as_sent(step: Step, **given: Any) -> dict[str, Any]:
    """Something in every field of a step, as a browser sends it."""
    return {
        name: "on" if value is True else value for name, value in answers(step, **given).items()
    }


@contextmanager
def node_in(home: Path) -> Iterator[None]:
    """This process works on the node whose home that is: its settings, its database."""
    before = connections["default"]
    file = {**before.settings_dict, "NAME": str(home / "wushu.db")}
    with override_settings(**_settings(home)):
        connections["default"] = load_backend(file["ENGINE"]).DatabaseWrapper(file, "default")
        finding._bodies.cache_clear()
        try:
            yield
        finally:
            connections["default"].close()
            connections["default"] = before
            finding._bodies.cache_clear()


def _settings(home: Path) -> dict[str, Any]:
    return {
        "HOME": home, "SECRETS_DIR": home / "secrets", "EVIDENCE_DIR": home / "evidence",
        "CHECKPOINT_DIR": home / "checkpoint", "OBJECTS_DIR": home / "objects",
        "SERVING_DIR": home / "serving", "SEARCH_DIR": home / "search",
        "PASSWORD_HASHERS": ["tests.parties.hashers.CheapArgon2"], "EMAIL_HOST": "127.0.0.1",
        "DEFAULT_FROM_EMAIL": "data@scenes.example",
    }  # fmt: skip
