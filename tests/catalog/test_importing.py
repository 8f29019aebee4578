"""An existing catalogue from a spreadsheet: drafts for the right bodies, nothing listed."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from openpyxl import Workbook

from tests.catalog.conftest import CITY, METADATA, OTHER_CITY, actor
from tests.parties.refused import refused
from wushu.catalog import selectors, services
from wushu.catalog.models import Entry, Revision
from wushu.catalog.types import Attribute, EntryState, FieldType
from wushu.evidence.models import Entry as Act
from wushu.kernel.sheets import read, template_xlsx
from wushu.parties.types import NODE_AT_THE_SHELL, HeldRole, Role

LAYOUT = selectors.IMPORT_LAYOUTS["catalogue"]
HEADING = (
    "开放主体代码", "标识", "名称（中文）", "开放属性", "主题", "更新周期", "关键词", "起始日期",
    "数据项", "数据类型", "单位", "代码表", "主键",
)  # fmt: skip


def csv_rows(*records, heading=HEADING):
    text = io.StringIO()
    csv.writer(text).writerows([heading, *records])
    return read(io.BytesIO(text.getvalue().encode()), "目录.csv", LAYOUT)


def run(by, *records, dry_run=False):
    found = csv_rows(*records)
    return list(services.catalogue_import(actor=by, rows=found, dry_run=dry_run))


def outcomes(lines):
    return [line.outcome.value for line in lines]


def parks(city, title="停车场", slug="parks"):
    code = city.transport.code
    return [
        (code, slug, title, "有条件开放", "交通", "每月", "停车、泊位", "2026/1/31",
         "名称", "", "", "", "是"),
        ("", "", "", "", "", "", "", "", "泊位", "整数", "个", "", ""),
        ("", "", "", "", "", "", "", "", "等级", "", "", "1=一级；2=二级", "否"),
    ]  # fmt: skip


@pytest.fixture
def operator(city):
    """Somebody of the platform operator of the same city, in another organisation."""
    return actor("运行人", HeldRole(city.health.id, Role.PLATFORM_OPERATOR, CITY))


def test_a_dataset_has_a_row_for_each_item_and_becomes_a_draft(city, operator):
    [line] = run(operator, *parks(city))
    entry = selectors.entry_by_slug("parks", actor=city.clerk)
    said = entry.revision.metadata
    assert line.outcome.value == "created"
    assert (entry.state, entry.body) == (EntryState.DRAFT, city.transport.id)
    assert (said.theme, said.attribute, said.keywords) == (
        "TRAN", Attribute.CONDITIONAL, ("停车", "泊位"),
    )  # fmt: skip
    assert said.temporal_start.isoformat() == "2026-01-31"
    assert [one.name for one in entry.revision.fields] == ["名称", "泊位", "等级"]
    assert entry.revision.fields[0].key
    assert entry.revision.fields[1].type is FieldType.INTEGER
    assert entry.revision.fields[2].code_list == (("1", "一级"), ("2", "二级"))


def test_a_workbook_with_merged_cells_reads_the_same(city, operator):
    book = Workbook()
    sheet = book.active
    for record in (HEADING, *parks(city)):
        sheet.append(record)
    for letter in "ABCDEFGH":
        sheet.merge_cells(f"{letter}2:{letter}4")
    stream = io.BytesIO()
    book.save(stream)
    rows = read(stream, "目录.xlsx", LAYOUT)
    [line] = services.catalogue_import(actor=operator, rows=rows)
    assert line.outcome.value == "created"
    assert len(selectors.entry_by_slug("parks", actor=city.clerk).revision.fields) == 3


def test_a_dry_run_says_the_same_and_changes_nothing(city, operator):
    records = [
        *parks(city),
        *parks(city, "另一个", "parks"),
        (city.transport.code, "", "道路", "开放"),
    ]
    before = (Entry.objects.count(), Act.objects.count())
    planned = run(operator, *records, dry_run=True)
    assert (Entry.objects.count(), Act.objects.count()) == before
    assert (
        outcomes(planned) == outcomes(run(operator, *records)) == ["created", "refused", "refused"]
    )
    assert [line.cell for line in planned[1:]] == ["B5", "D8"]


def test_a_second_run_changes_nothing_and_is_not_recorded(city, operator):
    records = [*parks(city), *parks(city, "无标识的目录", "")]
    assert outcomes(run(operator, *records)) == ["created", "created"]
    before = Act.objects.count()
    assert outcomes(run(operator, *records)) == ["same", "same"]
    assert Act.objects.count() == before


def test_what_the_file_says_otherwise_is_changed_and_empty_cells_change_nothing(city, operator):
    run(operator, *parks(city))
    [line] = run(operator, (city.transport.code, "parks", "停车场（新）", "有条件开放"))
    assert [one.what.key for one in line.changes] == ["title_zh"]
    entry = selectors.entry_by_slug("parks", actor=city.clerk)
    assert (entry.revision.metadata.title_zh, entry.revision.metadata.theme) == (
        "停车场（新）", "TRAN",
    )  # fmt: skip
    assert len(entry.revision.fields) == 3


def test_a_dry_run_foresees_that_a_title_stands_twice(city, operator):
    """Without a slug the second means the first, which only a real run would have made."""
    between = parks(city, "广场", "squares")
    records = [*parks(city), *between, *parks(city, slug="")]
    tried = run(operator, *records, dry_run=True)
    assert outcomes(tried) == outcomes(run(operator, *records)) == ["created", "created", "refused"]
    assert tried[2].refusal.name == "import-row-twice"


def test_who_imports_is_an_author_and_never_reviews(city):
    reviewer = city.reviewer
    [line] = run(reviewer, *parks(city))
    assert line.outcome.value == "created"
    assert Revision.objects.get(entry__slug="parks").authors == [str(reviewer.person)]


def test_nobody_reads_a_bodys_drafts_through_an_import(city, operator):
    draft = city.draft(replace(METADATA, description_zh="内部草稿"), slug="parks")
    [line] = run(operator, *parks(city), dry_run=True)
    assert (line.refusal.name, line.changes) == ("import-entry-exists", ())
    assert run(city.clerk, *parks(city))[0].outcome.value == "changed"
    assert selectors.entry_by_id(draft.id, actor=city.clerk).revision.metadata.title_zh == "停车场"


def test_a_listed_dataset_gets_a_draft_beside_it_and_stays_as_listed(city):
    listed = city.listed()
    [line] = run(city.clerk, (city.transport.code, listed.slug, "新名称", "无条件开放"))
    assert line.outcome.value == "changed"
    assert selectors.entry_by_slug(listed.slug).title_zh == METADATA.title_zh
    assert (
        selectors.entry_by_slug(listed.slug, actor=city.clerk).revision.metadata.title_zh
        == "新名称"
    )


def test_what_is_in_review_stays_as_it_was_submitted(city):
    entry = city.submitted()
    [line] = run(city.clerk, (city.transport.code, entry.slug, "新名称", "无条件开放"))
    assert line.refusal.name == "revision-frozen"


def test_columns_that_the_data_have_are_not_replaced(city):
    listed = city.listed()
    record = (
        city.transport.code,
        listed.slug,
        METADATA.title_zh,
        "无条件开放",
        *[""] * 4,
        "别的列",
    )
    [line] = run(city.clerk, record)
    assert line.refusal.name == "import-columns-of-data"


def test_another_citys_operator_and_another_bodys_clerk_are_refused(city):
    other = actor("邻市", HeldRole(city.health.id, Role.PLATFORM_OPERATOR, OTHER_CITY))
    for by in (other, city.stranger):
        [line] = run(by, *parks(city))
        assert (line.refusal.name, line.cell) == ("import-not-for-body", "A2")
    with refused("import-not-for-body"):
        run(actor("公众"), *parks(city))


@pytest.mark.parametrize(
    ("place", "text", "name", "cell"),
    [
        (1, "Not A Slug", "slug-wrong", "B2"),
        (3, "随便", "cell-choice", "D2"),
        (4, "没有的主题", "cell-choice", "E2"),
        (7, "去年", "invalid-value", "H2"),
        (9, "图片", "cell-choice", "J2"),
        (10, "长" * 101, "text-too-long", "K2"),
        (11, "一级", "invalid-value", "L2"),
        (8, "泊位", "field-name-wrong", "I3"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_and_nothing_is_written(city, operator, place, text, name, cell):
    records = [list(one) for one in parks(city)]
    records[0][place] = text
    [line] = run(operator, *records)
    assert (line.refusal.name, line.cell) == (name, cell)
    assert not Entry.objects.exists()


def test_the_nodes_administrator_imports_for_everybody(city):
    assert outcomes(run(NODE_AT_THE_SHELL, *parks(city))) == ["created"]


def test_the_template_imports_nothing(city):
    with refused("sheet-empty"):
        list(read(io.BytesIO(template_xlsx(LAYOUT)), "模板.xlsx", LAYOUT))
