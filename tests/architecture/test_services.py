"""Every write asks whether the actor may, and says what it does."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.architecture.asking import asks
from tests.architecture.source import MAY_USE, SOURCE, Module, called, modules

WITHOUT_PERMISSION_CHECK: dict[str, str] = {
    "evidence.record": "the act's own service has asked; this writes what it did",
    "evidence.sequence": "background work of the node itself",
    "evidence.node_initialise": "before it there is nobody who could be asked; it runs only once",
    "evidence.recover": "for who holds the machine, at the command line",
    "parties.sign_in": "who signs in is nobody yet; the password is the check",
    "parties.sign_in_begin": "who signs in is nobody yet; the password is the check",
    "parties.sign_in_finish": "who signs in is nobody yet; ticket and code are the check",
    "parties.password_link_use": "who holds the link is nobody yet; the ticket is the check",
    "parties.device_token": "follows a sign-in; it gives nothing but a count of one's own",
    "parties.session_begin": "follows a sign-in; the account is the one that signed in",
    "parties.session_keep": "the session's own account",
    "parties.outside_begin": "who signs in is nobody yet",
    "parties.outside_finish": "who signs in is nobody yet; the provider's word is the check",
    "parties.outside_sign_in": "who signs in is nobody yet; the link is the check",
    "dataplane.load_inspect": "background work; who handed the upload in was asked then",
    "dataplane.load_run": "background work; who confirmed the load was asked then",
    "dataplane.loads_resume": "a worker that starts takes up what a stopped one left",
    "dataplane.objects_import": "a restore, for who holds the machine, at the command line",
    "dataplane.exports_measure": "background work of the node itself, for what everybody may read",
    "catalog.quality_refresh": "derived figures of the node itself, from what everybody may read",
    "catalog.quality_outdate": "derived figures of the node itself, from what everybody may read",
    "catalog.demand_replace": "derived figures of the node itself; they decide only an order",
    "opening.cases_end_due": "background work of the node itself, by the agreements' last days",
    "casework.case_begin": "an effect of a step of another case, whose actor was asked there",
    "casework.cases_lapse": "background work of the node itself, by the limits of who filed",
    "casework.turns_watch": "background work of the node itself, by the calendar",
    "casework.turns_recount": "background work of the node itself, by the calendar",
    "casework.answers_recount": "background work of the node itself, by the calendar",
    "opening.demand_refresh": "background work of the node itself",
    "catalog.popularity_replace": "derived figures of the node itself; they decide only an order",
    "dataplane.popularity_refresh": "background work of the node itself",
    "dataplane.usage_begin": "background work of a serving process",
    "dataplane.usage_end": "background work of a serving process",
    "dataplane.use_count": "counts in memory what was answered; who asked was decided before",
    "privacy.program_check": "knows no dataset and no grant; who calls has asked",
    "privacy.program_run": "knows no dataset and no grant; who calls has asked",
    "opening.computation_run": "background work; who submitted the program is asked for anew inside",
    "opening.computations_resume": "a worker that starts takes up what a stopped one left",
    "dataplane.receipts_seal": "background work of the node itself",
    "opening.belongings_sweep": "background work of the node itself",
    "opening.events_fan_out": "background work of the node itself",
    "opening.events_take": "background work of the node itself",
    "opening.case_notices_take": "background work of the node itself",
    "opening.notices_send": "background work of the node itself",
    "opening.subscription_confirm": "who holds the mailed link reads the mailbox; that is the check",
    "opening.subscription_end_by_link": "the same; a mail must be ended without signing in (RFC 8058)",
    "harvest.sources_harvest_due": "background work of the node itself",
    "dataplane.serving_rebuild": "for who holds the machine, at the command line",
}
"""Services that ask nobody, each with its reason. An entry that is not needed fails."""


class Service(NamedTuple):
    """A public function of an app's services."""

    name: str
    module: Module
    function: ast.FunctionDef


class App(NamedTuple):
    """Services of one app, and all its functions by name."""

    services: list[Service]
    functions: dict[str, list[ast.FunctionDef]]


def read_app(app: str, root: Path = SOURCE) -> App:
    """``services.py`` or the package ``services``: what it defines and what it re-exports."""
    mine = [module for module in modules(root) if module.app == app]
    functions: dict[str, list[ast.FunctionDef]] = defaultdict(list)
    homes: dict[str, Module] = {}
    for module in mine:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef):
                functions[node.name].append(node)
                if node in module.tree.body:
                    homes.setdefault(node.name, module)
    public: list[Service] = []
    for module in mine:
        if module.rooms != ("services",):
            continue
        for name in _public_names(module, app):
            for function in functions.get(name, [])[:1]:
                public.append(Service(f"{app}.{name}", homes[name], function))
    return App(public, functions)


def _public_names(module: Module, app: str) -> list[str]:
    names = []
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef):
            names.append(node.name)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"wushu.{app}."):
            names.extend(alias.asname or alias.name for alias in node.names)
    listed = _listed(module)
    return [n for n in names if (n in listed if listed is not None else not n.startswith("_"))]


def _listed(module: Module) -> set[str] | None:
    """``__all__``; what a services module imports to use itself stays out of its face."""
    for node in module.tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List() | ast.Tuple()):
                return {e.value for e in node.value.elts if isinstance(e, ast.Constant)}
    defined = {n.name for n in module.tree.body if isinstance(n, ast.FunctionDef)}
    return {n for n in defined if not n.startswith("_")} if defined else None


def faults_of(app: App, excused: dict[str, str]) -> list[str]:
    faults = []
    for service in app.services:
        at = f"{service.module.at(service.function)} {service.name}"
        if not ast.get_docstring(service.function):
            faults.append(f"{at}: has no docstring")
        if service.name not in excused:
            faults += [f"{at}: {omission}" for omission in omissions(service.function, app)]
    return faults


def omissions(function: ast.FunctionDef, app: App) -> list[str]:
    """What a service leaves out of asking whether its actor may."""
    found = []
    if "actor" not in {argument.arg for argument in function.args.kwonlyargs}:
        found.append("takes no keyword-only `actor`")
    if not asks(function, "actor", {**everything(), **app.functions}):
        found.append("does not ask on every path whether the actor may (require_…(actor, …))")
    return found


NAMES = [app for app in MAY_USE if app not in ("kernel", "portal", "config")]


@cache
def apps() -> dict[str, App]:
    return {name: read_app(name) for name in NAMES}


@cache
def everything() -> dict[str, list[ast.FunctionDef]]:
    """All functions of all apps by name: of several with one name all must ask."""
    found: dict[str, list[ast.FunctionDef]] = defaultdict(list)
    for app in apps().values():
        for name, functions in app.functions.items():
            found[name] += functions
    return found


@pytest.mark.parametrize("app", NAMES)
def test_every_service_asks_whether_the_actor_may_and_says_what_it_does(app):
    faults = faults_of(apps()[app], WITHOUT_PERMISSION_CHECK)
    assert not faults, "\n".join(faults)


def test_services_are_found():
    assert {s.name for s in apps()["parties"].services} >= {
        "parties.organisation_register",
        "parties.account_create",
        "parties.sign_in",
    }
    assert "evidence.record" in {s.name for s in apps()["evidence"].services}


def test_no_excuse_outlives_its_service():
    existing = {s.name: (s, app) for app in apps().values() for s in app.services}
    built = {name.partition(".")[0] for name in existing}
    stale = [
        name
        for name in WITHOUT_PERMISSION_CHECK
        if name.partition(".")[0] in built
        and (name not in existing or not omissions(existing[name][0].function, existing[name][1]))
    ]
    assert not stale, f"not needed any more: {stale}"


LISTED_BY = "dataplane"
"""The one app whose services list: the gate and the public grant in one transaction."""


def callers_of_the_gate(found: Iterable[Module]) -> list[str]:
    """Where a name of the catalogue's half of listing is used outside the catalogue."""
    return [
        module.at(node)
        for module in found
        if module.app != "catalog" and (module.app, module.rooms) != (LISTED_BY, ("services",))
        for node in ast.walk(module.tree)
        if "revision_pass_gate" in (getattr(node, "attr", ""), getattr(node, "id", ""),
                                    getattr(node, "name", ""))
    ]  # fmt: skip


def test_only_the_data_plane_lists_so_that_rows_open_and_close_with_the_attribute():
    assert callers_of_the_gate(modules()) == []
    services = next(m for m in modules() if (m.app, m.rooms) == (LISTED_BY, ("services",)))
    assert "revision_pass_gate" in services.path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "from wushu.catalog import services\nservices.revision_pass_gate(actor=a, revision=r)",
        "from wushu.catalog.services import revision_pass_gate",
        "from wushu.catalog.services import revision_pass_gate as lister\nlister()",
    ],
)
def test_a_listing_past_the_data_plane_is_caught(tmp_path, text):
    planted(tmp_path, "")
    other = tmp_path / "src" / "wushu" / "portal" / "views.py"
    other.parent.mkdir()
    other.write_text(text, encoding="utf-8")
    assert callers_of_the_gate(modules(tmp_path / "src" / "wushu"))


def planted(tmp_path: Path, text: str) -> App:
    root = tmp_path / "src" / "wushu"
    (root / "catalog").mkdir(parents=True)
    (root / "catalog" / "services.py").write_text(text, encoding="utf-8")
    return read_app("catalog", root)


_WITHOUT = [
    "save()",
    "require_period(begin)",
    "other.holds(role)",
    "if dry:\n        require_node(actor)\n    save()",
    "for one in many:\n        require_node(one, actor)",
    "if not many:\n        return None\n    require_node(actor)",
    "dry and require_node(actor)",
    "check_period(actor)",
    "actor.holds(role)",
    "if actor.holds(role):\n        log()\n    save()",
    "if many is None:\n        raise NOT_PERMITTED(who=actor.name)",
    "run(lambda: require_node(actor))",
    "if actor.channel is None:\n        return None\n    save()",
    "_sometimes(actor)\n\ndef _sometimes(actor):\n    if dry:\n        require_node(actor)",
]
_WITH = [
    "require_node(actor)\n    save()",
    "rules.require_node(actor=actor)",
    "if not actor.holds(r):\n        raise X",
    "if actor != NODE and not may_load(actor, body):\n        raise X",
    "obstacle = gate_obstacle(actor, entry)\n    if obstacle is not None:\n        raise obstacle",
    "if not is_own(actor, account):\n        require_node(actor)\n    save()",
    "if actor == NODE:\n        return save()\n    require_own(actor, account)",
    "if dry:\n        require_node(actor)\n    else:\n        require_node(actor)",
    "with atomic():\n        row = locked(key)\n        require_node(actor)\n        save(row)",
    "row = locked(key)\n    if row is None:\n        raise NOT_FOUND()\n    require_node(actor)",
    "_inner(actor)\n\ndef _inner(who):\n    _must(whom=who)\n\ndef _must(whom):\n"
    "    if not whom.holds(r):\n        raise X",
]


def service(body: str) -> str:
    return f"def entry_create(*, actor):\n    '''Makes.'''\n    {body}"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("def entry_create(*, actor):\n    require_node(actor)", "no docstring"),
        ("def entry_create(actor):\n    '''Makes.'''\n    require_node(actor)", "keyword-only"),
        *((service(body), "does not ask") for body in _WITHOUT),
    ],
)
def test_a_service_that_does_not_ask_on_every_path_is_caught(tmp_path, text, fault):
    assert any(fault in found for found in faults_of(planted(tmp_path, text), {}))


@pytest.mark.parametrize("body", _WITH)
def test_a_service_that_asks_on_every_path_is_accepted(tmp_path, body):
    assert faults_of(planted(tmp_path, service(body)), {}) == []


def test_an_excuse_still_needs_a_docstring(tmp_path):
    app = planted(tmp_path, "def entry_count():\n    return 1")
    assert len(faults_of(app, {"catalog.entry_count": "counts"})) == 1


def test_every_act_is_recorded_with_its_actor_and_not_with_a_name_alone():
    """By the name alone the log could not say by which way the actor came."""
    nameless = [
        module.at(node)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and called(node) in ("record", "record_act")
        for word in node.keywords
        if word.arg == "actor"
        and isinstance(word.value, ast.Attribute)
        and word.value.attr == "urn"
        and not (isinstance(word.value.value, ast.Name) and word.value.value.id == "NODE")
    ]
    assert nameless == []
