"""Anyone finds it: Chinese without word boundaries, pinyin by every reading, first letters, typos."""

from __future__ import annotations

import csv
import fcntl
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.catalog.conftest import CITY, METADATA, City
from wushu.catalog import selectors, services
from wushu.catalog.models import Entry, Revision
from wushu.catalog.search import index as search_index
from wushu.catalog.search import parts, queries, terms
from wushu.catalog.selectors import finding
from wushu.catalog.types import Attribute, EntryState, RevisionState
from wushu.kernel.cursors import CURSOR_INVALID, CURSOR_OF_ANOTHER_QUERY
from wushu.kernel.errors import Refusal
from wushu.kernel.text import normalise
from wushu.parties import services as parties
from wushu.parties.types import NODE


def found(query: str, **choices: Any) -> list[str]:
    """Titles, best first."""
    return [one.title_zh for one in selectors.entries(query=query, **choices).items]


def titled(*titles: str, body: UUID, changed: datetime | None = None) -> None:
    """Listed entries with these titles, written at once: for catalogues too large to review here."""
    now = changed or timezone.now()
    entries, revisions = [], []
    for number, title in enumerate(titles):
        entry = Entry(
            slug=f"e-{uuid4()}", body_id=body, state=EntryState.DRAFT.value, created_at=now,
            changed_at=now + timedelta(microseconds=number),
        )  # fmt: skip
        revisions.append(
            Revision(
                entry=entry,
                number=1,
                state=RevisionState.LISTED.value,
                title_zh=title,
                attribute=Attribute.UNCONDITIONAL.value,
                theme="REGI",
                update_cycle="ANNUAL",
                spatial="32",
                created_by="urn:uuid:1",
                submitted_by="urn:uuid:1",
                listed_by="urn:uuid:2",
                created_at=now,
            )
        )
        entries.append(entry)
    Entry.objects.bulk_create(entries)
    Revision.objects.bulk_create(revisions)
    for entry, revision in zip(entries, revisions, strict=True):
        entry.state, entry.listed_revision, entry.listed_at = "listed", revision, entry.changed_at
    Entry.objects.bulk_update(entries, ["state", "listed_revision", "listed_at"])
    selectors.index_refresh(everything=True)


# What is found


@pytest.mark.parametrize(
    "query",
    [
        "朝阳区", "朝阳", "阳区公", "停车场",  # parts, wherever they begin
        "zhaoyang", "chaoyang", "ChaoYangQu", "tingchechang", "chao yang", "ting'che",
        "zhaoyan", "tingchech",  # not typed to the end
        "cyq", "zyq", "tcc",  # first letters, by either reading
        "car", "parks", "CAR PARKS",
        "朝阳停车",  # neither a phrase: most of its pairs are there
        "停", "场",
        "２０２６",  # full width
        "车位", "parking",  # keyword
        "共享单车接驳",  # only in the description
        "车位数",  # a column
        "交通",  # a word for its theme
    ],
)  # fmt: skip
def test_a_dataset_is_found_as_people_type(city: City, query: str) -> None:
    services_ = replace(
        METADATA,
        title_zh="朝阳区公共停车场名录2026",
        title_en="Public car parks of Chaoyang",
        keywords=("车位", "parking"),
        description_zh="供市民查询，含共享单车接驳点。",
    )
    entry = city.listed(services_)
    services.revision_draft(
        actor=city.clerk,
        entry=entry.id,
        fields=[replace(one, title_zh="车位数") for one in entry.revision.fields[:1]],  # type: ignore[union-attr]
    )
    services.revision_submit(actor=city.clerk, revision=city.newest(entry))
    services.revision_pass_gate(actor=city.reviewer, revision=city.newest(entry))
    city.listed(replace(METADATA, title_zh="医院名单", theme="HEAL", title_en="", keywords=(),
                        description_zh="医院", description_en=""), by=city.stranger)  # fmt: skip
    assert found(query) == ["朝阳区公共停车场名录2026"]
    assert selectors.entries(query=query).approximate is False


@pytest.mark.parametrize("query", ["地铁", "cheng", "xyz", "医", "ditie", "parkinson"])
def test_what_is_not_there_is_not_found(city: City, query: str) -> None:
    city.listed(replace(METADATA, description_zh="停车。", description_en=""))
    assert found(query) == []


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ("公共停东场分布", "a character wrong"),
        ("公共亭车场分布", "a character of the same sound"),
        ("公共停场分布", "a character missing"),
        ("公共停的车场分布", "a character too many"),
        ("公共车停场分布", "two exchanged"),
        ("龚供亭车厂", "all of the same sound"),
        ("Publik car", "a letter wrong"),
        ("Pubilc car", "two letters exchanged"),
        ("prak", "two letters exchanged in a word's beginning"),
    ],
)
def test_a_slip_still_finds_and_says_that_it_is_near(city: City, wrong: str, what: str) -> None:
    city.listed()
    page = selectors.entries(query=wrong)
    assert [one.title_zh for one in page.items] == ["公共停车场分布"], what


def test_near_spellings_are_said_to_be_near(city: City) -> None:
    city.listed()
    assert selectors.entries(query="龚供亭车厂").approximate is True
    assert selectors.entries(query="停车场").approximate is False


def test_near_spellings_do_not_crowd_out_exact_ones(city: City) -> None:
    titled(*(f"公共停车场{n}" for n in "一二三四五六"), body=city.transport.id)
    titled("公共停东场", body=city.transport.id)
    assert "公共停东场" not in found("公共停车场")


def test_another_character_of_the_same_sound_may_have_it_as_its_second(city: City) -> None:
    titled("虫虫虫虫", "停车场", body=city.transport.id)
    assert found("重重重重") == ["虫虫虫虫"], "重 is read zhong first, and chong as 虫 is"


def test_beside_others_a_word_that_very_many_have_is_no_slip(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    titled("医院统计", *(f"停车场统计表{n}" for n in range(4)), body=city.transport.id)
    assert found("医院 统计表") == ["医院统计"]
    monkeypatch.setattr(queries, "WELL_KNOWN", 3)
    assert found("医院 统计表") == []
    assert len(found("停车厂 统计表")) == 4, "the other word may be one"
    assert found("医院统计表") == ["医院统计"], "and so may what stands alone"


def test_any_one_character_of_a_title_may_be_wrong(city: City) -> None:
    titles = ["道路运输企业名录", "空气质量监测", "公交线路", "公共充电桩分布情况", "学校名单"]
    titled(*titles, body=city.transport.id)
    for title in titles:
        for place in range(len(title)):
            slip = f"{title[:place]}翀{title[place + 1 :]}"
            assert title in found(slip), slip


@pytest.mark.data
def test_every_street_is_found_by_its_own_name_and_by_its_pinyin(
    city: City, test_data: Path
) -> None:
    from pypinyin import lazy_pinyin

    with (test_data / "public/admin-divisions/streets.csv").open(encoding="utf-8") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    sample = sorted(set(random.Random(20261121).sample(names, 300)))
    titled(*sample, body=city.transport.id)
    assert [name for name in sample if name not in found(name)[:1]] == []
    spelled = {name: "".join(lazy_pinyin(name)) for name in sample[::5]}
    assert [name for name, pinyin in spelled.items() if name not in found(pinyin)] == []


# In which order


def test_the_title_counts_more_than_keywords_the_body_and_the_description(city: City) -> None:
    water = city.clerk_of(city.body("水务局"))
    plain = replace(METADATA, keywords=(), description_zh="数据。", theme="ENVI")
    city.listed(replace(plain, title_zh="甲", description_zh="与水务局会商。"))
    city.listed(replace(plain, title_zh="乙"), by=water)
    city.listed(replace(plain, title_zh="丙", keywords=("水务局",)))
    city.listed(replace(plain, title_zh="水务局名录"))
    city.listed(replace(plain, title_zh="水务局"))
    assert found("水务局") == ["水务局", "水务局名录", "丙", "乙", "甲"]


def test_a_body_is_found_by_part_of_its_name_and_by_pinyin_also_after_renaming(city: City) -> None:
    city.listed(replace(METADATA, theme="HEAL"), by=city.stranger)
    for query in ("卫生健康", "weishengjiankang", "Health Comm"):
        assert found(query) == ["公共停车场分布"], query
    parties.organisation_update(actor=NODE, organisation=city.health.id, name_zh="爱国卫生局")
    finding._bodies.cache_clear()
    assert found("爱国卫生") == ["公共停车场分布"]


# Narrowed, counted, paged


def test_choices_narrow_what_was_found(city: City) -> None:
    city.listed(replace(METADATA, title_zh="停车场甲"))
    city.listed(
        replace(METADATA, title_zh="停车场乙", theme="HEAL", attribute=Attribute.NONE,
                attribute_basis="《数据安全法》第二十一条", update_cycle="ANNUAL",
                spatial="320505"), by=city.stranger,
    )  # fmt: skip
    for query in ("停车场", ""):
        assert found(query, theme="TRAN") == ["停车场甲"]
        assert found(query, body=city.health.id) == ["停车场乙"]
        assert found(query, attribute=Attribute.NONE) == ["停车场乙"]
        assert found(query, format="CSV") == ["停车场甲"]
        assert found(query, format="SHP") == []
        assert found(query, frequency="ANNUAL") == ["停车场乙"]
        assert found(query, region="320505000000") == ["停车场乙"]
        assert sorted(found(query, region=CITY)) == ["停车场乙", "停车场甲"]
        assert found(query, region="CN") == []
    assert found("", keyword="停车") == ["停车场乙", "停车场甲"]


def test_facets_count_each_choice_with_its_names(city: City) -> None:
    for number in range(3):
        city.listed(replace(METADATA, title_zh=f"停车场{number}"))
    city.listed(replace(METADATA, title_zh="医院", theme="HEAL", keywords=()), by=city.stranger)
    facets = selectors.facets()
    assert [(one.value, one.label("zh"), one.count) for one in facets.themes] == [
        ("TRAN", "交通运输", 3), ("HEAL", "健康", 1),
    ]  # fmt: skip
    assert [(one.label("en"), one.count) for one in facets.bodies] == [
        ("Transport Bureau", 3), ("Health Commission", 1),
    ]  # fmt: skip
    assert [(one.zh, one.count) for one in facets.attributes] == [("无条件开放", 4)]
    assert [(one.value, one.zh, one.count) for one in facets.frequencies] == [
        ("MONTHLY", "每月", 4)
    ]
    assert [(one.value, one.zh, one.count) for one in facets.regions] == [("3205", "示范市", 4)]
    assert [one.count for one in selectors.facets(query="医院").themes] == [1]
    assert [one.value for one in selectors.facets(theme="TRAN").bodies] == [str(city.transport.id)]


@pytest.mark.parametrize("query", ["", "停车场"])
def test_pages_hold_everything_once(city: City, query: str) -> None:
    titled(*(f"停车场{n}" for n in range(23)), body=city.transport.id)
    seen: list[str] = []
    page = selectors.entries(query=query, limit=10)
    assert (page.total, page.more_than_total) == (23, False)
    while True:
        seen += [one.title_zh for one in page.items]
        if page.cursor is None:
            break
        page = selectors.entries(query=query, limit=10, cursor=page.cursor)
    assert len(seen) == 23
    assert len(set(seen)) == 23


def test_who_pages_on_is_searched_for_once_until_something_changes(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    titled(*(f"停车场{n}" for n in range(30)), body=city.transport.id)
    asked = 0
    fitting = search_index.Index._fitting

    def counted(*given: Any, **how: Any) -> Any:
        nonlocal asked
        asked += 1
        return fitting(*given, **how)

    monkeypatch.setattr(search_index.Index, "_fitting", counted)
    once = [one.title_zh for one in selectors.entries(query="停车场", limit=30).items]
    asked = 0
    paged: list[str] = []
    cursor = None
    while not paged or cursor:
        page = selectors.entries(query="停车场", limit=5, cursor=cursor)
        paged += [one.title_zh for one in page.items]
        cursor = page.cursor
    assert paged == once
    assert asked == 2, "the first page, and all others"
    monkeypatch.setattr(search_index, "PAGED", 0)
    titled("停车场又一", body=city.transport.id)
    assert selectors.entries_at(query="停车场", offset=25, limit=10).total == 31
    assert asked == 3
    selectors.entries_at(query="停车场", offset=25, limit=10)
    assert asked == 4, "no more are kept than are allowed"


def test_without_words_the_last_changed_comes_first(city: City) -> None:
    first = city.listed(replace(METADATA, title_zh="第一"))
    city.listed(replace(METADATA, title_zh="第二"))
    assert found("") == ["第二", "第一"]
    services.entry_seal(actor=city.clerk, entry=first.id, reason="核实", basis="第十二条")
    services.entry_restore(actor=city.reviewer, entry=first.id, reason="无误", basis="结论")
    assert found("") == ["第一", "第二"]


@pytest.mark.parametrize("query", ["", "停车场"])
def test_nothing_is_counted_beyond_the_cap(
    city: City, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(finding, "COUNT_CAP", 7)
    titled(*(f"停车场{n}" for n in range(9)), body=city.transport.id)
    page = selectors.entries(query=query, limit=5)
    assert (page.total, page.more_than_total) == (7, True)
    assert page.cursor is not None


def test_words_that_very_many_have_are_looked_for_in_the_newest(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "GONE_THROUGH", 4)
    monkeypatch.setattr(search_index, "MANY", 3)
    titled("停车场", *(f"停车场{n}号" for n in range(15)), body=city.transport.id)
    best, *others = found("停车场", limit=10)
    assert best == "停车场", "what is called so is old and found"
    assert set(others) == {f"停车场{n}号" for n in range(11, 15)}
    facets = selectors.facets(query="停车场")
    assert facets.at_least
    assert [one.count for one in facets.themes] == [5]
    used = [one.id for one in selectors.entries(query="停车场0号").items]
    services.popularity_replace(used)
    first = selectors.entries_sorted(query="停车场", order=selectors.Order.USED).items[0]
    assert first.title_zh == "停车场0号", "what is used most is looked for everywhere"


def test_what_few_have_is_found_however_old_it_is(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "GONE_THROUGH", 4)
    monkeypatch.setattr(search_index, "MANY", 3)
    titled("医院停车场", "停车场医院", *(f"停车场{n}" for n in range(9)), *(f"医院{n}" for n in range(9)),
           body=city.transport.id)  # fmt: skip
    assert sorted(found("停车场 医院")) == ["停车场医院", "医院停车场"]
    assert not selectors.facets(query="停车场 医院").at_least


BESIDE = (
    "停车场 名录", "停车场 姑苏区", "姑苏区停车场 名录", "停东场 名录", "名录 亭车场", "tingche 名录", "gsq 医院",
    "hospital 吴中区", "公交 统计 2019", "公共汽车统计 吴中", "姑苏医院名录", "2019 吴江", "regster 统计",
    "停 名", "的 医院", "医院名绿", "吴中区 医院 统计 register", "卫生 名录", "bus 2019",
)  # fmt: skip


@pytest.mark.parametrize("choices", [{}, {"region": "32"}, {"body": True}])
def test_what_is_asked_beside_a_word_changes_neither_what_it_finds_nor_the_order(
    city: City, monkeypatch: pytest.MonkeyPatch, choices: dict[str, Any]
) -> None:
    names = [
        f"{area}{year}年{subject}{kind}"
        for area in ("姑苏区", "吴中区", "吴江")
        for subject in ("停车场", "医院", "公共汽车", "公交站点")
        for kind in ("名录", "统计 register")
        for year in (2018, 2019)
    ]
    titled(*names[::2], body=city.transport.id)
    titled(*names[1::2], body=city.health.id)
    if "body" in choices:
        choices = {"body": city.transport.id}

    def answers() -> list[tuple[list[str], int, bool]]:
        pages = [selectors.entries(query=words, limit=100, **choices) for words in BESIDE]
        return [
            ([one.title_zh for one in page.items], page.total, page.approximate) for page in pages
        ]

    monkeypatch.setattr(parts, "PAYS", 0)
    alone = answers()
    assert sum(bool(titles) for titles, _, _ in alone) > len(BESIDE) // 2
    monkeypatch.setattr(parts, "PAYS", 10**9)
    assert answers() == alone


@pytest.mark.parametrize("words", ["", "名录", "停车场"])
def test_the_most_used_precede_however_few_of_them_fit(city: City, words: str) -> None:
    titled(*(f"停车场{n}" for n in range(20)), *(f"医院名录{n}" for n in range(20)),
           body=city.transport.id)  # fmt: skip
    ids = {one.title_zh: one.id for one in selectors.entries(limit=100).items}
    ranked = [f"停车场{n}" for n in range(15)] + ["医院名录3", "医院名录1", "停车场17", "医院名录2"]
    services.popularity_replace([ids[title] for title in ranked])
    seen: list[str] = []
    cursor = None
    while True:
        page = selectors.entries_sorted(
            query=words, order=selectors.Order.USED, cursor=cursor, limit=2
        )
        seen += [one.title_zh for one in page.items]
        cursor = page.cursor
        if cursor is None:
            break
    first = [title for title in ranked if words in title]
    assert seen[: len(first)] == first
    assert sorted(seen) == sorted(title for title in ids if words in title)


def test_nobody_pages_deeper_than_the_cap(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "DEPTH_CAP", 6)
    titled(*(f"停车场{n}" for n in range(9)), body=city.transport.id)
    page = selectors.entries(query="停车场", limit=3)
    page = selectors.entries(query="停车场", limit=3, cursor=page.cursor)
    assert len(page.items) == 3
    assert page.cursor is None
    with pytest.raises(Refusal, match="page-too-deep"):
        selectors.entries_at(query="停车场", offset=6)


def test_a_cursor_belongs_to_its_query(city: City) -> None:
    titled(*(f"停车场{n}" for n in range(5)), body=city.transport.id)
    cursor = selectors.entries(query="停车场", limit=2).cursor
    for other in ({"query": "停车"}, {"query": "停车场", "theme": "REGI"}, {"query": ""}):
        with pytest.raises(Refusal, match=CURSOR_OF_ANOTHER_QUERY.name):
            selectors.entries(**other, cursor=cursor)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match=CURSOR_INVALID.name):
        selectors.entries(query="停车场", cursor="x" * 60)


# Kept up to date


def test_what_was_just_listed_is_found_and_what_was_just_sealed_is_not(city: City) -> None:
    entry = city.listed()
    assert found("停车") == ["公共停车场分布"]
    services.entry_seal(actor=city.clerk, entry=entry.id, reason="核实", basis="第十二条")
    assert found("停车") == []


def test_a_new_title_replaces_the_old_one(city: City) -> None:
    entry = city.listed()
    assert found("停车")
    draft = services.revision_draft(
        actor=city.clerk,
        entry=entry.id,
        metadata=replace(METADATA, title_zh="泊位一览", keywords=()),
    )
    services.revision_submit(actor=city.clerk, revision=draft.id)
    assert found("一览") == []
    services.revision_pass_gate(actor=city.reviewer, revision=draft.id)
    assert found("一览") == ["泊位一览"]
    assert found("停车场分布") == []


def test_one_request_brings_only_a_bounded_piece_up_to_date(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "BATCH", 3)
    monkeypatch.setattr(search_index.Index.refresh, "__defaults__", (3,))
    monkeypatch.setattr(selectors, "index_refresh", lambda **_: None)
    titled(*(f"停车场{n}" for n in range(7)), body=city.transport.id)
    assert [selectors.entries(query="停车场").total for _ in range(4)] == [3, 6, 7, 7]


def damage_remove(folder: Path) -> None:
    shutil.rmtree(folder)


def damage_meta(folder: Path) -> None:
    (folder / "meta.json").write_text("{")


def damage_segments(folder: Path) -> None:
    for file in list(folder.iterdir()):
        if file.suffix in (".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm"):
            # In a file of its own: to cut one that is mapped would end the process (SIGBUS).
            (folder / "damaged").write_bytes(b"\0" * 16)
            (folder / "damaged").replace(file)


def damage_missing_segment(folder: Path) -> None:
    for file in folder.glob("*.store"):
        file.unlink()


@pytest.mark.parametrize(
    "damage", [damage_remove, damage_meta, damage_segments, damage_missing_segment]
)
@pytest.mark.parametrize("reopened", [False, True])
def test_a_lost_or_damaged_index_is_built_anew(
    city: City, damage: Callable[[Path], None], reopened: bool
) -> None:
    city.listed()
    assert found("停车") == ["公共停车场分布"]
    index = search_index.catalogue_index()
    damage(index.folder)
    if reopened:
        search_index._index_of.cache_clear()
    city.listed(replace(METADATA, title_zh="停车场乙"))
    assert sorted(found("停车")) == ["停车场乙", "公共停车场分布"]


def test_who_asks_while_another_thread_builds_the_index_is_answered(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.listed()
    assert found("停车") == ["公共停车场分布"]
    index = search_index.catalogue_index()
    index._mended_at = time.monotonic()
    states = iter([search_index._Broken(), index._state()])

    def state() -> Any:
        found = next(states)
        if isinstance(found, search_index._Broken):
            raise found
        return found

    monkeypatch.setattr(index, "_keep_up", lambda: None)
    monkeypatch.setattr(index, "_state", state)
    assert index.find(search_index.Wanted(text="停车"), {}, limit=5).total == 1


def test_an_index_of_another_database_is_built_anew(city: City) -> None:
    entry = city.listed()
    assert found("停车")
    # A backup from before the last change: the entry is there, but not as the index knows it.
    Entry.objects.filter(pk=entry.id).update(changed_at=entry.created_at - timedelta(days=1))
    Revision.objects.filter(entry=entry.id).update(title_zh="备份里的名称", keywords=[])
    assert found("备份里的名称") == ["备份里的名称"]
    assert found("停车场分布") == []


def test_while_another_process_writes_the_others_answer_from_what_is_there(city: City) -> None:
    city.listed()
    assert found("停车")
    index = search_index.catalogue_index()
    lock = index.folder.with_name(index.folder.name + ".lock")
    with lock.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        city.listed(replace(METADATA, title_zh="停车场乙"))
        assert found("停车") == ["公共停车场分布"]
    assert sorted(found("停车")) == ["停车场乙", "公共停车场分布"]


def test_another_process_sees_what_this_one_wrote(city: City) -> None:
    city.listed()
    assert found("停车")
    ours = search_index.catalogue_index()
    theirs = search_index.Index(ours.folder)
    assert theirs.rebuild() == 1
    city.listed(replace(METADATA, title_zh="停车场乙"))
    theirs.refresh()
    assert sorted(found("停车")) == ["停车场乙", "公共停车场分布"]


def test_an_empty_catalogue_is_searched_without_writing_each_time(city: City) -> None:
    assert found("停车") == []
    index = search_index.catalogue_index()
    before = (index.folder / "meta.json").stat().st_mtime_ns
    assert found("停车") == []
    assert (index.folder / "meta.json").stat().st_mtime_ns == before


def test_a_folder_that_cannot_be_written_is_a_named_refusal(
    city: City, settings: Any, tmp_path: Path
) -> None:
    city.listed()
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")
    settings.SEARCH_DIR = in_the_way
    with pytest.raises(Refusal, match="search-unavailable"):
        selectors.entries(query="停车")
    assert [one.title_zh for one in selectors.entries().items] == ["公共停车场分布"]


def test_rebuilding_says_how_many_entries_there_are(city: City) -> None:
    titled(*(f"停车场{n}" for n in range(5)), body=city.transport.id)
    assert selectors.index_rebuild() == 5
    assert len(found("停车场")) == 5


# Whatever is typed


@pytest.mark.parametrize(
    "query",
    ["a" * 200, "停" * 200, "\x00", "'", '"', "title:停车", "*", "(", "+-&&||!{}[]^~?:\\/",
     "AND OR NOT", "👍", "\ud800", "%", "ﷺ", "é", "zh" * 60, "xi" * 60, "　"],
)  # fmt: skip
def test_no_query_breaks_the_search(city: City, query: str) -> None:
    city.listed()
    assert selectors.entries(query=query).total >= 0
    assert found("停车") == ["公共停车场分布"]


@pytest.mark.parametrize("given", [{"query": "停" * 201}, {"keyword": "zh" * 101}])
def test_words_longer_than_any_title_are_refused_by_name(city: City, given: dict[str, str]) -> None:
    for asked in (selectors.entries, selectors.entries_at, selectors.facets):
        with pytest.raises(Refusal) as refused:
            asked(**given)  # type: ignore[arg-type]
        assert refused.value.name == "search-too-long"


@given(st.text(max_size=60))
def test_a_text_contains_the_terms_of_its_parts(text: str) -> None:
    """What is searched for as part of a name is indexed under the name."""
    whole = {term for term, _ in terms.placed_bigrams([text])}
    for run in terms.query_runs(text):
        part = [term for term, _ in terms.placed_bigrams([run])]
        assert set(part) <= whole


@given(st.text(alphabet="abcxyzian", max_size=24), st.integers(1, 8))
def test_segmentations_give_the_text_back(text: str, limit: int) -> None:
    known = {"a", "xi", "an", "xian", "b", "ian"}
    cuts = terms.segmentations(text, known, limit)
    assert len(cuts) <= limit
    assert all("".join(cut) == text and set(cut) <= known for cut in cuts)


def test_a_spelling_with_two_readings_is_cut_both_ways() -> None:
    assert terms.segmentations("xian", {"xi", "an", "xian"}, 8) == [["xian"], ["xi", "an"]]


def test_every_reading_of_a_character_stands_at_its_place() -> None:
    placed = terms.placed_syllables(["朝阳5G"])
    assert {term for term, place in placed if place == 0} >= {"zhao", "chao"}
    assert ("yang", 1) in placed
    assert (normalise("5G"), 2) in placed


def test_no_phrase_reaches_from_one_text_into_the_next() -> None:
    placed = dict(terms.placed_bigrams(["停车", "场地"]))
    assert placed["场地"] - placed["停车"] > 2
