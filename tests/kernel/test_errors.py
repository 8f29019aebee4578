"""The vocabulary of refusals: every "no" can be said, in both languages, and travels."""

from __future__ import annotations

import copy
import importlib
import pickle
import pkgutil
import re
import string

import pytest

import wushu
from wushu.kernel.errors import (
    NOT_FOUND,
    NOT_PERMITTED,
    Refusal,
    RefusalKind,
    Said,
    kind,
    vocabulary,
)

LAYERS_WITH_REFUSALS = ("types", "refusals", "errors")


_UNIMPORTABLE: dict[str, str] = {}


def _whole_vocabulary() -> list[RefusalKind]:
    """Import every module of the product that may declare refusals."""
    for module in pkgutil.walk_packages(wushu.__path__, "wushu."):
        last = module.name.rpartition(".")[2]
        if last in LAYERS_WITH_REFUSALS or module.name.startswith("wushu.kernel."):
            try:
                importlib.import_module(module.name)
            except (ImportError, ValueError) as error:  # named by a test below
                _UNIMPORTABLE[module.name] = str(error)
    return list(vocabulary().values())


def _facts_of(*sentences: str) -> dict[str, str]:
    names = {
        field.partition(".")[0].partition("[")[0]
        for sentence in sentences
        for _, field, _, _ in string.Formatter().parse(sentence)
        if field is not None
    }
    return dict.fromkeys(names, "事实 fact")


@pytest.fixture(params=_whole_vocabulary(), ids=lambda kind: kind.name)
def declared(request) -> RefusalKind:
    return request.param


def _instance(declared: RefusalKind) -> Refusal:
    return declared(**_facts_of(declared.zh, declared.en, declared.way_out_zh, declared.way_out_en))


def test_every_module_with_refusals_can_be_imported_beside_the_others():
    assert _UNIMPORTABLE == {}


def test_its_name_is_lower_case_words_with_hyphens(declared):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", declared.name)


def test_it_is_a_client_or_server_error(declared):
    assert 400 <= declared.status <= 599


def test_it_says_what_is_wrong_and_what_to_do_in_both_languages(declared):
    refusal = _instance(declared)
    for said in (refusal.sentence("zh"), refusal.way_out("zh")):
        assert re.search(r"[\u4e00-\u9fff]", said)
        assert said.endswith(("。", "？", "！", "fact"))  # a fact may be a sentence
    for said in (refusal.sentence("en"), refusal.way_out("en")):
        assert not re.search(r"[\u4e00-\u9fff]", said.replace("事实 fact", ""))
        assert said.endswith((".", "?", "!", "fact"))


def test_a_fact_that_one_language_names_the_other_names_too(declared):
    def shared(text: str) -> set[str]:
        return {re.sub(r"_(zh|en)$", "", name) for name in _facts_of(text)}

    assert shared(declared.zh) == shared(declared.en)
    assert shared(declared.way_out_zh) == shared(declared.way_out_en)


def test_it_survives_pickling_and_copying(declared):
    refusal = _instance(declared)
    for twin in (pickle.loads(pickle.dumps(refusal)), copy.copy(refusal)):
        assert isinstance(twin, Refusal)
        assert (twin.kind, dict(twin.facts)) == (refusal.kind, dict(refusal.facts))
        assert str(twin) == str(refusal)


def test_a_name_is_declared_only_once():
    with pytest.raises(ValueError, match="declared twice"):
        kind("not-found", 404, zh="。", en=".", way_out_zh="。", way_out_en=".")


def test_a_refusal_that_cannot_be_said_is_found_when_it_is_made():
    with pytest.raises(KeyError):
        NOT_FOUND()


def test_facts_cannot_be_changed_afterwards():
    with pytest.raises(TypeError):
        NOT_FOUND(what="目录").facts["what"] = "other"  # type: ignore[index]


def test_a_problem_document_carries_name_status_and_way_out():
    problem = NOT_FOUND(what="dataset").as_problem("en")
    assert problem["name"] == "not-found"
    assert problem["status"] == 404
    assert problem["detail"] == "dataset was not found."
    assert problem["way_out"].startswith("Check the name")
    assert "找不到" in problem["zh"]


def test_the_title_of_a_problem_is_its_kinds_and_never_varies():
    problems = [
        NOT_FOUND(what=what).as_problem(language)
        for what in ("a.csv", Said("目录", "the catalogue"))
        for language in ("zh", "en")
    ]
    assert {one["title"] for one in problems} == {"Not found"}
    assert len({one["detail"] for one in problems}) == 4


def test_a_fact_in_words_is_said_in_the_language_of_its_sentence():
    refusal = NOT_PERMITTED(who="李敏", what=Said("装载数据", "load data"))
    assert refusal.sentence("zh") == "李敏没有“装载数据”的权限。"
    assert refusal.sentence("en") == "李敏 may not load data."
    problem = refusal.as_problem("en")
    assert (problem["zh"], problem["en"]) == (refusal.sentence("zh"), refusal.sentence("en"))
    assert pickle.loads(pickle.dumps(refusal)).sentence("en") == refusal.sentence("en")


def test_a_problem_with_one_field_names_the_field_for_programs():
    wrong = kind("test-field", 422, zh="{field}。", en="{field}.", way_out_zh="。", way_out_en=".")
    assert wrong(field=Said("名称", "The name", "name_zh")).as_problem()["field"] == "name_zh"
    assert "field" not in wrong(field=Said("名称", "The name")).as_problem()
    assert "field" not in wrong(field="--type").as_problem()


def test_the_english_text_ends_with_the_name_to_quote():
    assert str(NOT_FOUND(what="x")).endswith("[not-found]")
