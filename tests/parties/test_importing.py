"""Bodies and staff from spreadsheets: what a dry run says is what a run does, and a second changes nothing."""

from __future__ import annotations

import csv
import io

import pytest

from tests.parties.conftest import CITY, COUNTY, OTHER_CITY, PASSWORD, credit_code
from tests.parties.refused import refused
from wushu.evidence.models import Entry
from wushu.kernel.sheets import Outcome, read, template_csv, template_xlsx
from wushu.parties import selectors, services
from wushu.parties.models import Account, Membership, Organisation, Person, Subordination
from wushu.parties.types import Actor, OrganisationKind, Role

BODIES, STAFF = (selectors.IMPORT_LAYOUTS[name] for name in ("bodies", "staff"))


def rows(layout, *records, heading=None):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heading or [one.heading.zh for one in layout.columns])
    writer.writerows(records)
    return read(io.BytesIO(text.getvalue().encode("gb18030")), "表.csv", layout)


def bodies(actor, *records, dry_run=False):
    heading = ["统一社会信用代码*", "中文名称*", "行政区划代码", "上级单位代码", "联系电话"]
    found = rows(BODIES, *records, heading=heading)
    return list(
        services.bodies_import(actor=actor, rows=found, file_sha256="0" * 64, dry_run=dry_run)
    )


def staff(actor, *records, dry_run=False):
    heading = ["单位代码", "姓名", "用户名", "角色", "初始密码"]
    found = rows(STAFF, *records, heading=heading)
    return list(services.staff_import(actor=actor, rows=found, dry_run=dry_run))


def outcomes(lines):
    return [line.outcome.value for line in lines]


def stored():
    return [model.objects.count() for model in (Organisation, Person, Membership, Account, Entry)]


def test_a_dry_run_says_what_a_run_does_and_changes_nothing(operator, world):
    known = world.department(COUNTY)
    top, new = credit_code(), credit_code()
    records = [
        (top, "市教育局", CITY, "", ""),
        (new, "区教育局", COUNTY, top, "0512"),
        (known.code, "改名的局", COUNTY, top, ""),
        (world.department(CITY).code, world.department(CITY).name_zh, CITY, "", ""),
        ("11320500MB000000XX", "错码", CITY, "", ""),
    ]
    before = stored()
    planned = bodies(operator, *records, dry_run=True)
    assert stored() == before
    done = bodies(operator, *records)
    assert outcomes(planned) == outcomes(done)
    assert outcomes(done) == ["created", "created", "changed", "same", "refused"]
    assert [one.words("zh") for one in planned] == [one.words("zh") for one in done]
    assert selectors.above(selectors.organisation_by_code(new).id).code == top
    assert selectors.organisation_by_code(known.code).name_zh == "改名的局"
    assert done[4].cell == "A6"


def test_a_second_run_changes_nothing_and_is_not_recorded(operator):
    top = credit_code()
    records = [(top, "市教育局", CITY, "", ""), (credit_code(), "区教育局", COUNTY, top, "")]
    bodies(operator, *records)
    before = stored()
    assert outcomes(bodies(operator, *records)) == ["same", "same"]
    assert stored() == before


def test_the_log_names_the_file_and_how_many_rows_came_to_what(operator):
    bodies(operator, (credit_code(), "市教育局", CITY, "", ""))
    assert Entry.objects.get(act="parties.import.done").actor == operator.urn


def test_a_body_outside_the_division_is_refused_and_the_others_are_taken(operator):
    lines = bodies(
        operator,
        (credit_code(), "邻市教育局", OTHER_CITY, "", ""),
        (credit_code(), "市教育局", CITY, "", ""),
    )
    assert outcomes(lines) == ["refused", "created"]
    assert (lines[0].refusal.name, lines[0].cell) == ("not-governing", "C2")


def test_nobody_without_a_governing_role_imports(clerk):
    with refused("not-governing"):
        bodies(clerk, (credit_code(), "局", CITY, "", ""))


def test_what_identifies_a_body_does_not_change(operator, world):
    [line] = bodies(operator, (world.department(COUNTY).code, "局", CITY, "", ""))
    assert (line.refusal.name, line.cell) == ("import-body-differs", "C2")


def test_no_body_is_under_itself_by_whatever_rows(operator):
    one, two = credit_code(), credit_code()
    bodies(operator, (one, "甲", CITY, "", ""), (two, "乙", CITY, one, ""))
    lines = bodies(operator, (one, "甲", CITY, two, ""), (two, "乙", CITY, two, ""))
    assert [line.refusal.name for line in lines] == ["organisation-under-itself"] * 2
    assert Subordination.objects.count() == 1


def test_an_unknown_body_above_is_refused_at_its_cell(operator):
    [line] = bodies(operator, (credit_code(), "甲", CITY, credit_code(), ""))
    assert (line.refusal.name, line.cell) == ("import-parent-unknown", "D2")


def test_staff_get_accounts_roles_and_a_link_that_works_once(operator, world):
    body = world.department(CITY)
    record = (body.code, "李敏", "li.min", "数据开放主体、首席数据官", "")
    [planned] = staff(operator, record, dry_run=True)
    assert not Account.objects.filter(username="li.min").exists()
    [made] = staff(operator, record)
    assert planned.outcome is made.outcome is Outcome.CREATED
    assert {held.role for held in selectors.actor_for_username("li.min").roles} == {
        Role.OPENING_BODY, Role.CHIEF_DATA_OFFICER,
    }  # fmt: skip
    account, _, ticket = made.secret.partition("/")
    with refused("sign-in-failed"):
        services.sign_in(username="li.min", password=PASSWORD)
    services.password_link_use(account=account, ticket=ticket, password=PASSWORD)
    assert services.sign_in(username="li.min", password=PASSWORD)
    with refused("password-link-ended"):
        services.password_link_use(account=account, ticket=ticket, password=PASSWORD)


def test_a_link_to_set_a_password_ends_after_a_week(operator, world, clock):
    account = world.account("zhang.san", Role.EXPERT)
    ticket = services.password_link_issue(actor=operator, account=account)
    assert selectors.password_link_holds(account, ticket)
    assert not selectors.password_link_holds(account, ticket[:-4] + "AAA=")
    clock.forward(7 * 24 * 3600 + 1)
    assert not selectors.password_link_holds(account, ticket)


def test_a_link_is_issued_by_who_manages_the_person_only(clerk, world):
    account = world.account("wang.wu", Role.EXPERT)
    with refused("not-governing"):
        services.password_link_issue(actor=clerk, account=account)


def test_a_second_run_of_staff_changes_nothing_not_even_a_password(operator, world):
    body = world.department(CITY)
    first = (body.code, "李敏", "li.min", "数据开放主体", PASSWORD)
    assert outcomes(staff(operator, first)) == ["created"]
    before = stored()
    assert outcomes(staff(operator, (*first[:4], "another long sentence 9"))) == ["same"]
    assert stored() == before
    assert services.sign_in(username="li.min", password=PASSWORD)


def test_who_works_for_two_bodies_has_two_rows_and_one_account(operator, world):
    one, two = world.department(CITY), world.department(COUNTY)
    records = [
        (one.code, "李敏", "li.min", "数据开放主体", ""),
        (two.code, "李敏", "li.min", "expert", ""),
        (two.code, "王敏", "li.min", "expert", ""),
    ]
    planned = staff(operator, *records, dry_run=True)
    done = staff(operator, *records)
    assert outcomes(planned) == outcomes(done) == ["created", "changed", "refused"]
    assert (done[2].refusal.name, done[2].cell) == ("import-username-of-another", "B4")
    assert selectors.actor_for_username("li.min").organisations == {one.id, two.id}


@pytest.mark.parametrize(
    ("record", "name", "cell"),
    [
        (("{body}", "李敏", "li.min", "局长", ""), "cell-choice", "D2"),
        (("{body}", "李敏", "李敏", "expert", ""), "username-shape", "C2"),
        (("{body}", "李敏", "li.min", "expert", "12345"), "password-weak", "E2"),
        (("{body}", "", "li.min", "expert", ""), "cell-empty", "B2"),
        (("{body}", "李敏11010519491231002X", "li.min", "expert", ""), "import-personal-id", "B2"),
        (("{body}", "李敏", "li.min", "公共数据主管部门", ""), "role-above-operator", "D2"),
        (("91320500MB00000000", "李敏", "li.min", "expert", ""), "not-found", "A2"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_and_nothing_of_its_row_is_written(
    operator, world, record, name, cell
):
    code = world.department(CITY).code
    before = stored()
    [line] = staff(operator, tuple(one.format(body=code) for one in record))
    assert (line.refusal.name, line.cell) == (name, cell)
    assert stored() == before


def test_a_role_for_oneself_is_refused_in_a_file_too(operator: Actor, world):
    body = world.department(CITY)
    name = Person.objects.get(pk=operator.person).name
    [line] = staff(operator, (body.code, name, "operator", "opening_body", ""))
    assert line.refusal.name == "role-for-oneself"


@pytest.mark.parametrize("layout", [BODIES, STAFF], ids=["bodies", "staff"])
def test_the_templates_explain_every_column_and_import_nothing(layout):
    text = template_csv(layout)
    assert all(one.explanation.zh in text for one in layout.columns)
    for content in (text.encode(), template_xlsx(layout)):
        with refused("sheet-empty"):
            list(read(io.BytesIO(content), "模板", layout))


def test_enterprises_may_have_no_division(operator):
    heading = ["统一社会信用代码", "中文名称", "单位类型"]
    found = rows(BODIES, (credit_code("91320500"), "公交公司", "企业"), heading=heading)
    [line] = services.bodies_import(actor=operator, rows=found)
    assert line.outcome is Outcome.CREATED
    assert selectors.organisation_by_code(line.subject).kind is OrganisationKind.ENTERPRISE
