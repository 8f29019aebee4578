"""Programs go to the data: submitted by who holds a grant of results, released by an official, or not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.casework.conftest import AGREED, bureau, node
from tests.casework.exploring import cast_of, outcome, undone
from tests.catalog.conftest import actor as somebody
from tests.opening.conftest import _Inbox
from tests.opening.test_cases import Office, office, refused
from tests.opening.test_cases_api import ask, key, slug
from wushu.casework import selectors as casework
from wushu.casework.types import CaseView
from wushu.dataplane import selectors as dataplane
from wushu.dataplane import services as dataplane_services
from wushu.dataplane.models import Receipt
from wushu.evidence.models import Entry
from wushu.kernel.canonical import canonical_json, sha256_hex
from wushu.opening import links, selectors, services, tasks
from wushu.opening.computed import file_of, table_of
from wushu.opening.models import Computation, ComputationTurn, ComputedContent
from wushu.opening.rules import computations as rules
from wushu.opening.types import Channel, ComputationState, ComputationView, Target, TargetKind
from wushu.parties.models import Account
from wushu.parties.types import NODE, Actor, HeldRole, Role, Scope
from wushu.privacy import services as privacy

__all__ = ["bureau", "node", "office"]

pytestmark = pytest.mark.django_db

COUNTS = "SELECT count(*) AS 处数, sum(泊位数) AS 泊位数 FROM data"


def in_use(office: Office, user: Actor | None = None, **agreed: Any) -> CaseView:
    """The application of a user, agreed to and signed, for results alone."""
    user = user or office.bureau.user
    case = office.take(office.apply(user), "pass", office.bureau.examiner)
    case = office.take(
        case, "agree", office.bureau.clerk, **{**AGREED, "delivery": "computed", **agreed}
    )
    case = office.take(case, "sign", user, credit=True)
    return office.take(case, "countersign", office.bureau.clerk)


def submitted(office: Office, program: str = COUNTS, user: Actor | None = None) -> ComputationView:
    return services.computation_submit(
        actor=user or office.bureau.user, dataset=office.dataset, program=program
    )


def ran(office: Office, program: str = COUNTS, user: Actor | None = None) -> ComputationView:
    """A program that was handed in and run, as who handed it in sees it."""
    user = user or office.bureau.user
    made = submitted(office, program, user)
    services.computation_run(made.id)
    return selectors.computation(made.id, actor=user)


def sign_in(client: Client, actor: Actor) -> None:
    client.force_login(
        Account.objects.get(pk=actor.account), backend="wushu.parties.backends.AccountBackend"
    )


def test_the_agreement_says_that_programs_go_to_the_data_and_the_grant_does(office: Office) -> None:
    user = office.bureau.user
    case = in_use(office)
    document = selectors.agreement(case.id, actor=user).document
    said = {one["title"]: one for one in document["clauses"]}
    assert "原始数据不出域" in said["交付方式"]["text"]
    assert said["交付方式"]["ground"] == "第二十四条"
    permission = document["odrl"]["permission"][0]
    assert permission["action"] == "derive"
    assert permission["duty"][-1]["action"] == "obtainConsent"
    assert "read" in {one["action"] for one in document["odrl"]["prohibition"]}
    with refused("grant-delivers-results"):
        office.access(user)
    assert [name for name, _ in selectors.computable_columns(office.dataset, actor=user)] == list(
        AGREED["columns"]
    )


def test_the_case_leads_its_applicant_to_where_programs_are_handed_in(
    office: Office, client: Client
) -> None:
    number, address = in_use(office).number, f"/datasets/{slug(office)}/compute"
    for who, leads in ((office.bureau.user, True), (office.bureau.clerk, False)):
        sign_in(client, who)
        assert (address in client.get(f"/cases/{number}").content.decode()) is leads


def test_who_may_read_the_rows_hands_in_no_program(office: Office) -> None:
    office.in_use()
    with refused("grant-delivers-rows"):
        submitted(office)
    with refused("no-grant"):
        submitted(office, user=office.bureau.other_user)


def test_a_result_is_delivered_once_an_official_has_released_it_and_not_before(
    office: Office,
) -> None:
    user, clerk = office.bureau.user, office.bureau.clerk
    in_use(office)
    one = ran(office)
    assert one.state is ComputationState.WAITING
    assert (one.rows, one.columns, one.smallest_group) == (None, (), None), "it is not released"
    with refused("computation-not-released"):
        services.computation_download(actor=user, computation=one.id)
    with refused("not-permitted"):
        selectors.computation_shown(one.id, actor=user)
    assert Receipt.objects.count() == 1
    (waiting,) = selectors.computations_waiting(actor=clerk).items
    assert (waiting.id, waiting.rows, waiting.smallest_group) == (one.id, 1, 2)
    shown = selectors.computation_shown(one.id, actor=clerk)
    assert shown is not None
    assert selectors.computed_cells(shown) == [["2", "37"]]
    with refused("reason-missing"):
        services.computation_release(actor=clerk, computation=one.id, reason=" ")
    services.computation_release(actor=clerk, computation=one.id, reason="分组汇总，可放行")

    document = services.computation_download(actor=user, computation=one.id)
    after = selectors.computation(one.id, actor=user)
    assert after.state is ComputationState.RELEASED
    assert sha256_hex(document) == after.result_sha256
    kept = json.loads(document)
    assert kept["program"] == COUNTS
    assert (
        sha256_hex(canonical_json({"program": COUNTS, "salt": kept["salt"]}))
        == after.program_sha256
    )
    file = selectors.computed_file(document, "csv")
    assert file.content.decode().splitlines() == ["处数,泊位数", "2,37"]
    assert selectors.computed_file(document, "json").content == document

    receipts = list(Receipt.objects.order_by("at").values_list("surface", "query"))
    assert [surface for surface, _ in receipts] == ["computation", "computation"]
    assert receipts[0][1] == COUNTS
    assert after.result_sha256 in receipts[1][1]
    logged = b"".join(bytes(one) for one in Entry.objects.values_list("leaf", flat=True))
    assert logged.count(after.result_sha256.encode()) == len(("ran", "released"))
    assert after.manifest_sha256.encode() in logged
    assert COUNTS.encode() not in logged, "a program can name people"


def test_what_is_withheld_is_erased_and_its_reason_is_told(office: Office) -> None:
    in_use(office)
    one = ran(office, "SELECT * FROM data")
    assert selectors.computations_waiting(actor=office.bureau.clerk).items[0].smallest_group is None
    services.computation_withhold(
        actor=office.bureau.clerk, computation=one.id, reason="结果就是原表的行"
    )
    assert not ComputedContent.objects.exists()
    assert selectors.computation(one.id, actor=office.bureau.user).reason == "结果就是原表的行"
    with refused("computation-not-released"):
        services.computation_download(actor=office.bureau.user, computation=one.id)
    with refused("computation-stands-otherwise"):
        services.computation_release(actor=office.bureau.clerk, computation=one.id, reason="再想")


def test_only_another_official_of_the_body_decides_and_only_who_submitted_it_is_delivered(
    office: Office,
) -> None:
    cast = cast_of(office.bureau, Role.DATA_USER, None)
    filer = cast["filer"]  # who works in the body too, which gives them nothing
    in_use(office, filer)
    one = ran(office, user=filer)
    decides = {"clerk", "head and clerk", "examiner in the body"}
    tries: tuple[Callable[[Actor], object], ...] = (
        lambda by: services.computation_release(actor=by, computation=one.id, reason="可"),
        lambda by: services.computation_withhold(actor=by, computation=one.id, reason="不可"),
        lambda by: selectors.computation_shown(one.id, actor=by),
    )
    for who, actor in cast.items():
        if who == "filer":
            expected = "computation-of-ones-own"
        elif who == "filer's key":
            expected = "key-lacks-scope"
        else:
            expected = "" if who in decides else "not-permitted"
        for number, done in enumerate(tries):
            with undone():
                assert outcome(lambda by=actor, do=done: do(by))[1] == expected, (who, number)
    services.computation_release(actor=cast["clerk"], computation=one.id, reason="可")
    for who, actor in cast.items():
        name = outcome(
            lambda by=actor: services.computation_download(actor=by, computation=one.id)
        )[1]
        expected = "" if who.startswith("filer") else "not-found"
        assert name == ("sign-in-first" if who == "node" else expected), who


def test_the_database_refuses_a_release_by_who_submitted_it(office: Office) -> None:
    in_use(office)
    one = ran(office)
    mine = {"state": "released", "decided_by": office.bureau.user.person}
    for changed in (mine, {**mine, "decided_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Computation.objects.filter(pk=one.id).update(**changed)


def test_a_suspension_stops_runs_and_downloads_at_once_and_restoring_gives_them_back(
    office: Office,
) -> None:
    user, clerk = office.bureau.user, office.bureau.clerk
    case = in_use(office)
    released, queued = ran(office), submitted(office)
    services.computation_release(actor=clerk, computation=released.id, reason="可")
    office.take(case, "suspend", office.bureau.examiner, reasons="疑似转让")
    with refused("grant-revoked"):
        services.computation_download(actor=user, computation=released.id)
    with refused("grant-revoked"):
        submitted(office)
    services.computation_run(queued.id)
    stopped = selectors.computation(queued.id, actor=user)
    assert stopped.state is ComputationState.FAILED
    assert stopped.refusal is not None
    assert stopped.refusal["name"] == "grant-revoked"
    case = casework.case(case.id, actor=office.bureau.examiner)
    office.take(case, "restore", office.bureau.examiner, reasons="已核实，未转让")
    assert services.computation_download(actor=user, computation=released.id)


def test_a_program_sees_only_the_granted_columns_rows_and_masks(office: Office) -> None:
    in_use(
        office, rows=[{"column": "泊位数", "op": "ge", "values": ["20"]}], masks=["编号:keep:1:0"]
    )
    one = ran(office, "SELECT * FROM data")
    shown = selectors.computation_shown(one.id, actor=office.bureau.clerk)
    assert shown is not None
    assert [name for name, _ in shown.columns] == AGREED["columns"]
    assert shown.rows == (("0***", 22),)


def test_a_run_that_fails_is_named_without_a_word_of_the_data(office: Office) -> None:
    in_use(office)
    one = ran(office, "SELECT (编号 || '甲')::INTEGER FROM data")
    assert one.state is ComputationState.FAILED
    assert one.refusal is not None
    assert one.refusal["name"] == "program-failed"
    assert "001甲" not in json.dumps(one.refusal, ensure_ascii=False)


def test_programs_come_by_key_and_nobody_sees_anothers(office: Office, client: Client) -> None:
    in_use(office)
    reads = key(office.bureau.user, Scope.ROWS_READ)
    path, asked = "/api/v1/computations", {"dataset": slug(office), "program": COUNTS}
    escape = {**asked, "program": "COPY data TO '/tmp/x.csv'"}
    answer = ask(client, "post", path, reads, escape)
    assert (answer.status_code, answer.json()["name"]) == (422, "program-not-a-query")
    fails = ask(client, "post", path, reads, {**asked, "program": "SELECT 编号::DATE FROM data"})
    made = ask(client, "post", path, reads, asked)
    assert made.status_code == 202
    mine = f"{path}/{made.json()['id']}"
    services.computation_run(UUID(made.json()["id"]))
    assert ask(client, "get", path, reads).json()["items"][0]["state"] == "waiting"
    others = key(office.bureau.other_user, Scope.ROWS_READ)
    for address in (mine, f"{mine}/result"):
        assert ask(client, "get", address, others).json()["name"] == "not-found"
    official = key(office.bureau.clerk, Scope.CASES_HANDLE)
    assert ask(client, "get", f"{path}/waiting", official).json()["items"][0]["result"]["rows"] == 1
    services.computation_run(UUID(fails.json()["id"]))
    (failed,) = ask(client, "get", f"{path}/failed", official).json()["items"]
    assert (failed["id"], failed["refusal"]["name"]) == (fails.json()["id"], "program-failed")
    assert ask(client, "get", f"{path}/failed", reads).json()["name"] == "key-lacks-scope"
    step = ask(client, "post", f"{mine}/steps/release", official, {"reason": "汇总"})
    assert step.json()["state"] == "released"
    file = ask(client, "get", f"{mine}/result?format=csv", reads)
    assert file.content.decode().splitlines()[1] == "2,37"
    assert (
        ask(client, "get", f"{mine}/result", key(office.bureau.user, Scope.CASES_FILE)).status_code
        == 403
    )


def test_there_are_only_so_many_in_a_day(office: Office, settings: Any) -> None:
    """A failed run tells a little that nobody released."""
    in_use(office)
    settings.COMPUTATIONS_PER_DAY = 1
    submitted(office)
    with refused("computations-full"):
        submitted(office)


def test_too_many_are_refused_before_a_process_reads_the_program(
    office: Office, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_use(office)
    settings.COMPUTATIONS_PER_DAY = 0
    monkeypatch.setattr("wushu.privacy.sandbox.running.check", lambda *given: pytest.fail("read"))
    with refused("computations-full"):
        submitted(office)


def test_what_is_no_query_is_not_handed_in(office: Office) -> None:
    in_use(office)
    with refused("program-not-a-query"):
        submitted(office, "COPY data TO '/tmp/x.csv'")
    assert not Computation.objects.exists()


def test_there_are_only_so_many_that_wait(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    in_use(office)
    monkeypatch.setattr(rules, "OPEN_MOST", 1)
    one = submitted(office)
    with refused("computations-full"):
        submitted(office)
    services.computation_run(one.id)
    assert submitted(office)


def test_what_is_handed_in_while_another_is_read_counts(
    office: Office, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_use(office)
    settings.COMPUTATIONS_PER_DAY = 1

    def overtaken(*given: Any) -> None:
        """Stands in for reading the program, so long that another is handed in."""
        monkeypatch.undo()
        submitted(office)

    monkeypatch.setattr(privacy, "program_check", overtaken)
    with refused("computations-full"):
        submitted(office)
    assert Computation.objects.count() == 1


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Something happens while a program runs, at the end of the run."""
    real = privacy.program_run

    def run(*given: Any, **more: Any) -> object:
        found = real(*given, **more)
        act()
        return found

    monkeypatch.setattr(privacy, "program_run", run)


def test_a_result_is_not_kept_when_the_access_ended_while_it_was_worked_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = in_use(office)
    one = submitted(office)
    meanwhile(
        monkeypatch,
        lambda: office.take(case, "suspend", office.bureau.examiner, reasons="疑似转让"),
    )
    services.computation_run(one.id)
    seen = selectors.computation(one.id, actor=office.bureau.user)
    assert seen.refusal is not None
    assert (seen.state, seen.refusal["name"]) == (ComputationState.FAILED, "grant-revoked")
    assert not ComputedContent.objects.exists()


@pytest.mark.parametrize("program", [COUNTS, "SELECT 编号::DATE FROM data"])
def test_what_was_given_up_stays_so_when_its_worker_comes_back(
    office: Office, settings: Any, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    in_use(office)
    one = submitted(office, program)
    long_ago = timezone.now() - timedelta(seconds=settings.COMPUTATION_SECONDS) - rules.GRACE

    def give_up(*given: Any) -> None:
        turn = ComputationTurn.objects.filter(pk=one.id)
        turn.update(tries=rules.TRIES, since=long_ago - timedelta(1))
        services.computations_resume()

    @contextmanager
    def copied(**asked: Any) -> Iterator[object]:
        with granted_copy(**asked) as copy:
            give_up()
            yield copy

    granted_copy = dataplane_services.granted_copy
    monkeypatch.setattr(dataplane_services, "granted_copy", copied)
    services.computation_run(one.id)
    seen = selectors.computation(one.id, actor=office.bureau.user)
    assert seen.refusal is not None
    assert (seen.state.value, seen.refusal["name"]) == ("failed", "computation-given-up")
    assert not ComputedContent.objects.exists()
    assert len(told(office.bureau.user)) == 1


def test_who_is_not_signed_in_or_has_another_key_hands_in_nothing_and_is_delivered_nothing(
    office: Office,
) -> None:
    in_use(office)
    one = submitted(office)
    other_key = replace(office.bureau.user, scopes=frozenset({Scope.CASES_FILE}))
    for who, name in ((NODE, "sign-in-first"), (other_key, "key-lacks-scope")):
        with refused(name):
            submitted(office, user=who)
        with refused(name):
            services.computation_download(actor=who, computation=one.id)


def test_what_waits_to_run_is_decided_on_by_nobody_and_delivered_to_nobody(office: Office) -> None:
    bureau, gone = office.bureau, office.dataset
    in_use(office)
    one = submitted(office)
    for decide in (services.computation_release, services.computation_withhold):
        with refused("computation-stands-otherwise"):
            decide(actor=bureau.clerk, computation=one.id, reason="可")
        with refused("not-permitted"):
            decide(actor=bureau.examiner, computation=one.id, reason="可")
        with refused("not-found"):
            decide(actor=bureau.clerk, computation=gone, reason="可")
    with refused("computation-not-released"):
        services.computation_download(actor=bureau.user, computation=one.id)
    with refused("not-found"):
        services.computation_download(actor=bureau.other_user, computation=one.id)
    with refused("not-found"):
        services.computation_download(actor=bureau.user, computation=gone)


BODY, OTHER_BODY, ENTERPRISE, SUBMITTER = (uuid4() for _ in range(4))


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ({}, ""),
        ({"scopes": frozenset({Scope.CASES_HANDLE})}, ""),
        ({"scopes": frozenset({Scope.ROWS_READ})}, "key-lacks-scope"),
        ({"role": Role.DATA_USER}, "not-permitted"),
        ({"body": OTHER_BODY}, "not-permitted"),
        ({"person": SUBMITTER}, "computation-of-ones-own"),
        ({"also": ENTERPRISE}, "computation-of-ones-own"),
    ],
)
def test_a_result_is_decided_on_by_officials_of_the_body_who_are_not_to_get_it(
    who: dict[str, Any], name: str
) -> None:
    asked: dict[str, Any] = {
        "role": Role.OPENING_BODY, "body": BODY, "person": uuid4(), "also": None, **who,
    }  # fmt: skip
    roles = [HeldRole(asked["body"], asked["role"])]
    roles += [HeldRole(asked["also"], Role.DATA_USER)] if asked["also"] else []
    official = somebody("经办人", *roles, person=asked["person"], scopes=who.get("scopes"))
    found = rules.decision_obstacle(
        official, body=BODY, submitter=SUBMITTER, organisation=ENTERPRISE
    )
    assert (found.name if found else "") == name
    if name in ("key-lacks-scope", "not-permitted") and "body" not in who:
        with refused(name):
            rules.decided_bodies(official)


def test_a_decision_is_made_once(office: Office) -> None:
    clerk = office.bureau.clerk
    in_use(office)
    one = ran(office)
    services.computation_release(actor=clerk, computation=one.id, reason="汇总，可放行")
    for decide in (services.computation_release, services.computation_withhold):
        with refused("computation-stands-otherwise"):
            decide(actor=clerk, computation=one.id, reason="再想")
    assert ComputedContent.objects.count() == 1


def test_whichever_worker_takes_it_first_runs_it_and_no_other_does(office: Office) -> None:
    """A second run would be a second receipt, and a second read of the grant's quota."""
    in_use(office)
    one = submitted(office)
    turn = ComputationTurn.objects.filter(pk=one.id)
    turn.update(is_taken=True)
    tasks.computation_run.call(str(one.id))
    assert selectors.computation(one.id, actor=office.bureau.user).state is ComputationState.QUEUED
    turn.update(is_taken=False)
    tasks.computation_run.call(str(one.id))
    tasks.computation_run.call(str(one.id))
    assert Receipt.objects.count() == ComputedContent.objects.count() == 1
    assert not turn.exists()


def test_what_a_worker_that_is_gone_had_taken_is_queued_again_and_given_up_in_the_end(
    office: Office, settings: Any
) -> None:
    in_use(office)
    one = submitted(office)
    turn = ComputationTurn.objects.filter(pk=one.id)
    long_ago = timezone.now() - timedelta(seconds=settings.COMPUTATION_SECONDS) - rules.GRACE
    turn.update(is_taken=True)
    assert services.computations_resume() == 0, "a worker may be at it"
    for tries in range(1, rules.TRIES):
        turn.update(is_taken=True, tries=tries, since=long_ago)
        assert services.computations_resume() == 1
        assert services.computations_resume() == 0
        assert not turn.get().is_taken
    queued = DBTaskResult.objects.filter(task_path="wushu.opening.tasks.computation_run")
    assert [task.args_kwargs["args"] for task in queued] == [[str(one.id)]] * rules.TRIES
    turn.update(is_taken=True, tries=rules.TRIES, since=long_ago)
    assert services.computations_resume() == 0
    ended = selectors.computation(one.id, actor=office.bureau.user)
    assert ended.refusal is not None
    assert (ended.state.value, ended.refusal["name"]) == ("failed", "computation-given-up")


def told(actor: Actor) -> list[tuple[str, UUID | None]]:
    found = selectors.case_notices(actor=actor).notices
    return [(one.words.en, one.computation) for one in found if one.computation]


def test_who_handed_it_in_is_told_what_became_of_it_and_nobody_else_is(
    office: Office, inbox: _Inbox
) -> None:
    user, clerk = office.bureau.user, office.bureau.clerk
    view, _ = services.subscription_open(
        actor=user, channel=Channel.MAIL, target=Target(TargetKind.CASES), address="u@mail.example"
    )
    services.subscription_confirm(links.confirm_link(view.id).rsplit("/", 1)[1])
    in_use(office)
    released, withheld = ran(office), ran(office, "SELECT * FROM data")
    assert told(user) == [], "it waits for an official"
    failed = ran(office, "SELECT 编号::DATE FROM data")
    services.computation_release(actor=clerk, computation=released.id, reason="汇总")
    services.computation_withhold(actor=clerk, computation=withheld.id, reason="逐行")
    assert told(user) == [
        ("result withheld", withheld.id),
        ("result released", released.id),
        ("did not run to its end", failed.id),
    ]
    assert told(clerk) == []
    services.notices_send()
    text = inbox.mails[-1].get_content()
    assert f"/computations/{released.id}" in text
    assert "结果已放行" in text
    assert "汇总" not in text, "the reason is on the page"


def test_officials_of_the_body_see_what_failed_and_why(office: Office, client: Client) -> None:
    in_use(office)
    failed = ran(office, "SELECT 编号::DATE FROM data")
    (seen,) = selectors.computations_failed(actor=office.bureau.clerk).items
    assert seen.id == failed.id
    for other in (office.bureau.user, office.bureau.examiner):
        with refused("not-permitted"):
            selectors.computations_failed(actor=other)
    assert selectors.computations_failed(actor=office.bureau.stranger).items == ()
    sign_in(client, office.bureau.clerk)
    assert "program-failed" in client.get("/desk/computations?show=failed").content.decode()
    assert "program-failed" in client.get(f"/desk/computations/{failed.id}").content.decode()


@pytest.mark.parametrize("whose", ["own", "their organisation's"])
def test_an_official_learns_nothing_of_a_result_on_which_a_colleague_decides(
    office: Office, client: Client, whose: str
) -> None:
    """Who submitted it, and who works where the result is to go, are no officials here."""
    clerk, health = office.bureau.clerk, office.bureau.health
    in_use(office)
    one = ran(office)
    official = office.bureau.grant(clerk, Role.DATA_USER, health)
    Computation.objects.filter(pk=one.id).update(
        **{"submitter": clerk.person} if whose == "own" else {"organisation": health.id}
    )
    (listed,) = selectors.computations_waiting(actor=official).items
    for seen in (listed, selectors.computation(one.id, actor=official)):
        assert (seen.rows, seen.bytes, seen.columns, seen.smallest_group) == (None, None, (), None)
        assert selectors.computation_document(seen)["result"] is None
        assert not seen.is_decided_here
    with refused("computation-of-ones-own"):
        selectors.computation_shown(one.id, actor=official)
    sign_in(client, official)
    page = client.get("/desk/computations").content.decode()
    assert "由同事审核" in page
    assert (
        "泊位数"
        not in client.get(f"/desk/computations/{one.id}").content.decode().split("</pre>")[1]
    )
    (decided,) = selectors.computations_waiting(actor=office.bureau.colleague).items
    assert (decided.rows, decided.is_decided_here) == (1, True)


def test_csv_is_guarded_against_formulas_and_pages_show_what_is_there() -> None:
    kept = canonical_json(
        {"columns": [{"name": "=a", "type": "VARCHAR"}], "rows": [["=1+1"], [None], [[1, 2]]]}
    )
    assert file_of(kept, "csv").content.decode().splitlines() == ["'=a", "'=1+1", '""', '"[1, 2]"']
    assert selectors.computed_cells(table_of(kept)) == [["=1+1"], [""], ["[1, 2]"]]


def test_the_grant_says_how_it_delivers(office: Office) -> None:
    in_use(office)
    (grant,) = dataplane.grants_of(office.dataset, actor=office.bureau.clerk)
    assert grant.delivery.value == "computed"
    assert grant.standing(timezone.now()).value == "in_force"
