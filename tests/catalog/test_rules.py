"""What may be written, what follows what, and who may decide: pure, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalog.conftest import CITY, COUNTY, FIELDS, METADATA, OTHER_CITY, actor
from wushu.catalog import rules, vocabulary
from wushu.catalog.rules import Standing
from wushu.catalog.types import (
    Attribute,
    Change,
    EntryAct,
    EntryState,
    FieldSpec,
    FieldType,
    Metadata,
    RevisionState,
)
from wushu.kernel.errors import Refusal
from wushu.parties.types import NODE, HeldRole, Role, Scope

COMPLETE = replace(METADATA, spatial=CITY)
BODY = UUID(int=1)
AUTHORITY = UUID(int=2)


def problems(
    metadata: Metadata = COMPLETE,
    fields: tuple[FieldSpec, ...] = FIELDS,
    *,
    listed: Metadata | None = None,
    has_version: bool = True,
) -> list[str]:
    """Names of everything that keeps a revision from being submitted."""
    found = rules.submission_problems(
        metadata, fields, codes=vocabulary.codes(), listed=listed, has_version=has_version
    )
    return [one.name for one in found]


# Content


def test_a_complete_revision_may_be_submitted() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"title_zh": " "}, "title-missing"),
        ({"description_zh": ""}, "description-missing"),
        ({"title_zh": "长" * 201}, "text-too-long"),
        ({"keywords": ("长" * 101,)}, "text-too-long"),
        ({"title_en": "bell\x07"}, "text-unprintable"),
        ({"title_zh": "换\n行"}, "text-unprintable"),
        ({"description_zh": "\ud800"}, "text-unprintable"),
        ({"attribute_reason": ""}, "attribute-reason-missing"),
        ({"theme": ""}, "code-unknown"),
        ({"theme": "OP_DATPRO"}, "code-unknown"),
        ({"update_cycle": "SOMETIMES"}, "code-unknown"),
        ({"spatial": ""}, "spatial-unknown"),
        ({"spatial": "990000"}, "spatial-unknown"),
        ({"spatial": "US"}, "spatial-unknown"),
        ({"licence": "CC BY"}, "uri-invalid"),
        ({"licence": "javascript:alert(1)"}, "uri-invalid"),
        ({"source_url": "https://exa mple.org/"}, "uri-invalid"),
        ({"source_url": 'https://example.org/"><script>'}, "uri-invalid"),
        ({"source_url": "https://[bad"}, "uri-invalid"),
        ({"contact_email": "", "contact_phone": ""}, "contact-missing"),
        ({"contact_email": "nobody"}, "email-invalid"),
        (
            {"temporal_start": date(2026, 2, 1), "temporal_end": date(2026, 1, 1)},
            "temporal-order",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_named(change: dict[str, Any], name: str) -> None:
    assert problems(replace(COMPLETE, **change)) == [name]


def test_everything_wrong_is_told_at_once() -> None:
    empty = Metadata(title_zh="", attribute=Attribute.UNCONDITIONAL, attribute_reason="")
    assert set(problems(empty, (), has_version=False)) == {
        "title-missing", "description-missing", "code-unknown", "attribute-reason-missing",
        "spatial-unknown", "contact-missing", "fields-missing", "version-missing",
    }  # fmt: skip


def test_a_draft_may_be_incomplete() -> None:
    unfinished = Metadata(title_zh="名", attribute=Attribute.NONE, attribute_reason="")
    assert rules.draft_problems(unfinished, ()) == []


def test_a_paragraph_may_have_lines() -> None:
    assert problems(replace(COMPLETE, description_zh="第一段\n\n\t第二段")) == []


@pytest.mark.parametrize(
    "spatial", ["CN", "32", "3205", "320500", "320505001", "320505001001", "WORLD"]
)
def test_coverage_is_a_division_of_any_level_the_country_or_the_world(spatial: str) -> None:
    assert problems(replace(COMPLETE, spatial=spatial)) == []


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("名称", ""), ["field-name-wrong"]),
        (("名称", "名称"), ["field-name-wrong"]),
        (("Name", "NAME"), ["field-name-wrong"]),
        (("Straße", "STRASSE"), ["field-name-wrong"]),
        (("名称", " 名"), ["field-name-wrong"]),
        (("名称", "a\x00b"), ["text-unprintable"]),
        (("名称", "备注"), []),
    ],
)
def test_columns_have_names_that_differ(names: tuple[str, ...], expected: list[str]) -> None:
    assert problems(fields=tuple(FieldSpec(name) for name in names)) == expected


def test_a_code_occurs_once_in_a_code_list() -> None:
    twice = FieldSpec("等级", code_list=(("1", "高"), ("2", "低"), ("1", "中")))
    assert problems(fields=(twice,)) == ["field-codes-twice"]


def test_unconditional_data_are_there_when_they_are_submitted() -> None:
    assert problems(has_version=False) == ["version-missing"]
    conditional = replace(COMPLETE, attribute=Attribute.CONDITIONAL, conditions="研究机构")
    assert problems(conditional, has_version=False) == []


# Opening attribute, art. 7 and 8


def test_conditional_data_state_their_conditions() -> None:
    assert problems(replace(COMPLETE, attribute=Attribute.CONDITIONAL)) == ["conditions-missing"]


def test_what_is_not_opened_states_its_legal_basis() -> None:
    assert problems(replace(COMPLETE, attribute=Attribute.NONE)) == ["attribute-basis-missing"]


STRICTER = replace(
    COMPLETE,
    attribute=Attribute.CONDITIONAL,
    conditions="研究机构",
    attribute_reason="位置数据被用于踩点，安全管理需要。",
)


def test_unconditional_becomes_stricter_only_with_a_filing() -> None:
    assert problems(STRICTER, listed=COMPLETE) == ["attribute-tightened"]
    filed = replace(STRICTER, attribute_basis="苏数备〔2026〕3 号，2026-03-01")
    assert problems(filed, listed=COMPLETE) == []


def test_an_old_basis_is_no_filing() -> None:
    listed = replace(COMPLETE, attribute_basis="细则第七条")
    again = replace(STRICTER, attribute_basis="细则第七条")
    assert problems(again, listed=listed) == ["attribute-tightened"]


def test_who_changes_the_attribute_says_why_anew() -> None:
    looser = replace(COMPLETE, attribute_reason=STRICTER.attribute_reason)
    assert problems(looser, listed=STRICTER) == ["attribute-change-unexplained"]
    assert problems(replace(looser, attribute_reason="评估后可以公开。"), listed=STRICTER) == []


def test_an_attribute_that_stays_needs_no_new_reason() -> None:
    assert problems(COMPLETE, listed=COMPLETE) == []


# States


def test_a_dataset_becomes_public_only_by_listing_or_restoring() -> None:
    into = {act for (_, act), after in rules.TRANSITIONS.items() if after is EntryState.LISTED}
    before = {
        state
        for (state, act), after in rules.TRANSITIONS.items()
        if after is EntryState.LISTED and act not in (EntryAct.LIST, EntryAct.RESTORE)
    }
    assert {EntryAct.LIST, EntryAct.RESTORE} <= into
    assert before == {EntryState.LISTED}


def test_restoring_starts_from_what_was_listed() -> None:
    restoring = [state for state, act in rules.TRANSITIONS if act is EntryAct.RESTORE]
    sealing = [state for state, act in rules.TRANSITIONS if act is EntryAct.SEAL]
    assert (restoring, sealing) == ([EntryState.SEALED], [EntryState.LISTED])


def test_what_was_withdrawn_stays_withdrawn() -> None:
    assert not [act for state, act in rules.TRANSITIONS if state is EntryState.WITHDRAWN]


def test_every_state_can_be_reached_and_left() -> None:
    assert set(rules.TRANSITIONS.values()) == set(EntryState)
    ending = set(EntryState) - {state for state, _ in rules.TRANSITIONS}
    assert ending == {EntryState.WITHDRAWN}


def test_an_act_that_does_not_fit_is_refused_in_words() -> None:
    with pytest.raises(Refusal) as refused:
        rules.entry_after(EntryState.WITHDRAWN, EntryAct.RESTORE)
    assert refused.value.name == "act-not-possible"
    assert "已撤下" in refused.value.sentence("zh")
    assert "withdrawn" in refused.value.sentence("en")


def test_only_drafts_change_and_are_submitted() -> None:
    for state in set(RevisionState) - {RevisionState.DRAFT}:
        with pytest.raises(Refusal, match="revision-frozen"):
            rules.require_draft(state, 1)
        with pytest.raises(Refusal, match="nothing-to-submit"):
            rules.require_draft(state, 1, to_submit=True)


# The gate


def obstacle(who: Any, *, division: str = CITY, authors: tuple[Any, ...] = ()) -> str | None:
    found = rules.gate_obstacle(
        who,
        author_urns={one.urn for one in authors},
        author_persons={one.person for one in authors},
        body=BODY,
        body_division=division,
    )
    return None if found is None else found.name


def reviewer(division: str = CITY, *more: HeldRole, **changes: Any) -> Any:
    return actor("审核人", HeldRole(AUTHORITY, Role.DATA_AUTHORITY, division), *more, **changes)


def test_a_reviewer_of_the_authority_may_decide() -> None:
    assert obstacle(reviewer()) is None


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DATA_AUTHORITY}))
def test_no_other_role_decides(role: Role) -> None:
    assert obstacle(actor("某人", HeldRole(AUTHORITY, role, CITY))) == "reviewer-lacks-role"


def test_the_node_itself_decides_nothing() -> None:
    assert obstacle(NODE) == "reviewer-lacks-role"


def test_a_key_decides_only_with_its_scope() -> None:
    assert obstacle(reviewer(scopes=frozenset({Scope.CATALOG_WRITE}))) == "reviewer-lacks-role"
    assert obstacle(reviewer(scopes=frozenset({Scope.CATALOG_REVIEW}))) is None


def test_an_author_does_not_review_their_own_work() -> None:
    who = reviewer()
    assert obstacle(who, authors=(who,)) == "reviewer-is-author"


def test_a_second_account_is_not_a_second_person() -> None:
    who = reviewer()
    second_account = replace(who, urn="urn:uuid:other", account=uuid4())
    assert obstacle(second_account, authors=(who,)) == "reviewer-is-author"


def test_a_body_does_not_review_itself() -> None:
    insider = reviewer(CITY, HeldRole(BODY, Role.CHIEF_DATA_OFFICER, CITY))
    assert obstacle(insider) == "reviewer-of-own-body"


@pytest.mark.parametrize(
    ("of_reviewer", "of_body", "expected"),
    [
        (CITY, COUNTY, None),
        ("320000", COUNTY, None),
        (COUNTY, CITY, "reviewer-out-of-division"),
        (OTHER_CITY, CITY, "reviewer-out-of-division"),
        (CITY, "", None),
        ("", CITY, "reviewer-out-of-division"),
        ("", "", "reviewer-out-of-division"),
    ],
)
def test_an_authority_reviews_its_own_division_and_those_below(
    of_reviewer: str, of_body: str, expected: str | None
) -> None:
    assert obstacle(reviewer(of_reviewer), division=of_body) == expected


# Who sees what


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (None, Standing.PUBLIC),
        (actor("市民"), Standing.PUBLIC),
        (actor("外单位", HeldRole(UUID(int=9), Role.OPENING_BODY)), Standing.PUBLIC),
        (actor("利用人", HeldRole(BODY, Role.DATA_USER)), Standing.PUBLIC),
        (actor("经办人", HeldRole(BODY, Role.OPENING_BODY)), Standing.BODY),
        (actor("首席数据官", HeldRole(BODY, Role.CHIEF_DATA_OFFICER)), Standing.BODY),
        (reviewer(), Standing.AUTHORITY),
        (reviewer(CITY, HeldRole(BODY, Role.OPENING_BODY)), Standing.BODY),
        (reviewer("320000"), Standing.AUTHORITY),
        (reviewer(OTHER_CITY), Standing.PUBLIC),
        (reviewer(COUNTY), Standing.PUBLIC),
        (reviewer(""), Standing.PUBLIC),
        (reviewer(scopes=frozenset({Scope.ROWS_READ})), Standing.PUBLIC),
        (NODE, Standing.BODY),
    ],
)
def test_standing_follows_from_roles_and_scopes(who: Any, expected: Standing) -> None:
    assert rules.standing(who, BODY, CITY) is expected


DIVISIONS = ("320000", "320500", "320505", "320505003", "320600", "441900", "441900003", "110105")


@pytest.mark.parametrize("of_reviewer", [*DIVISIONS, ""])
def test_a_query_finds_the_divisions_that_the_rule_allows(of_reviewer: str) -> None:
    who = reviewer(of_reviewer)
    beginnings = rules.divisions_examined(who)
    found = {one for one in DIVISIONS if one.startswith(beginnings)}
    assert found == {one for one in DIVISIONS if rules.may_examine(who, one)}


def test_drafts_are_seen_inside_only() -> None:
    assert RevisionState.DRAFT in rules.visible_states(Standing.BODY)
    assert RevisionState.DRAFT not in rules.visible_states(Standing.AUTHORITY)
    assert rules.visible_states(Standing.PUBLIC) == {
        RevisionState.LISTED, RevisionState.SUPERSEDED,
    }  # fmt: skip


# Names in addresses


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("朝阳区停车场 2026", "chao-yang-qu-ting-che-chang-2026"),
        ("ＡＰＩ目录（试行）", "api-mu-lu-shi-xing"),
        ("Crème brûlée", "creme-brulee"),
        ("！！！", "dataset"),
        ("x", "dataset"),
    ],
)
def test_a_title_becomes_a_slug(title: str, slug: str) -> None:
    assert rules.slug_of(title) == slug


@given(st.text(max_size=300))
def test_every_slug_of_a_title_is_a_slug(title: str) -> None:
    assert rules.require_slug(rules.slug_of(title))


@given(st.text(alphabet="abc1", min_size=2, max_size=80))
def test_numbered_slugs_differ_and_are_slugs(slug: str) -> None:
    candidates = list(islice(rules.slug_candidates(slug), 200))
    assert len(set(candidates)) == 200
    assert all(rules.require_slug(one) for one in candidates)


@pytest.mark.parametrize(
    "slug", ["a", "-ab", "ab-", "a--b", "A1", "a_b", "a.b", "a/b", "名", "a" * 81]
)
def test_a_slug_that_breaks_addresses_is_refused(slug: str) -> None:
    with pytest.raises(Refusal, match="slug-wrong"):
        rules.require_slug(slug)


# Changes


def test_every_change_of_a_column_is_told() -> None:
    before = (COMPLETE, FIELDS, 1)
    renamed = (
        FIELDS[0],
        replace(FIELDS[2], type=FieldType.TEXT, unit="位"),
        FieldSpec("备注"),
    )
    changes = rules.revision_changes(before, (replace(COMPLETE, theme="HEAL"), renamed, 2))
    assert changes == [
        Change("theme", "TRAN", "HEAL"),
        Change("fields.名称", FIELDS[1], None),
        Change("fields.泊位数.type", FieldType.INTEGER, FieldType.TEXT),
        Change("fields.泊位数.unit", "个", "位"),
        Change("fields.备注", None, FieldSpec("备注")),
        Change("version", 1, 2),
    ]


def test_a_new_order_of_columns_is_a_change() -> None:
    turned = (FIELDS[1], FIELDS[0], FIELDS[2])
    changes = rules.revision_changes((COMPLETE, FIELDS, 1), (COMPLETE, turned, 1))
    assert [one.field for one in changes] == ["fields"]


def test_a_first_listing_shows_what_is_filled_in() -> None:
    changes = rules.revision_changes(None, (COMPLETE, FIELDS, 1))
    told = [one.field for one in changes]
    assert "title_zh" in told
    assert "conditions" not in told
    assert told[-1] == "version"
    assert all(one.old is None for one in changes)


def test_the_same_content_has_no_change_and_the_same_digest() -> None:
    content = (COMPLETE, FIELDS, 1)
    assert rules.revision_changes(content, content) == []
    digest = rules.content_digest(COMPLETE, FIELDS, None, salt="a")
    assert digest == rules.content_digest(replace(COMPLETE), tuple(FIELDS), None, salt="a")
    other = replace(COMPLETE, theme="HEAL")
    assert digest != rules.content_digest(other, FIELDS, None, salt="a")


def test_who_guesses_the_content_cannot_try_it_against_the_log() -> None:
    digest = rules.content_digest(COMPLETE, FIELDS, None, salt="a")
    assert digest != rules.content_digest(COMPLETE, FIELDS, None, salt="b")


def test_nothing_of_a_person_enters_the_log_even_as_a_digest() -> None:
    moved = replace(
        COMPLETE, contact_name="王五", contact_phone="0512-1234567", contact_email="wang@x.example"
    )
    digest = rules.content_digest(COMPLETE, FIELDS, None, salt="a")
    assert digest == rules.content_digest(moved, FIELDS, None, salt="a")
