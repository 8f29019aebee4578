"""Every regulation in the tree can be read and has no fault, and each fault is named with its place."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeAlias

import click
import pytest
from django.urls import resolve

from wushu.casework.files import REGULATIONS, read_folder, regulation_folders
from wushu.casework.rules.regulations import document_of, faults, frozen, regulation_of
from wushu.casework.types import (
    Article,
    Choice,
    ClockMove,
    ClockRule,
    EventKind,
    FieldKind,
    FormField,
    Ground,
    PaperRule,
    Procedure,
    Regulation,
    RegulationStatus,
    Seat,
    SeatOf,
    Silence,
    State,
    Step,
    SubjectKind,
    Supplement,
)
from wushu.config.cli import main
from wushu.kernel.errors import Refusal, Said

SUZHOU = "suzhou-public-data-opening-2023"
QINGDAO = "qingdao-public-data-management-2024"
GUIZHOU = "guizhou-data-sharing-opening-2020"
ROOT = Path(__file__).parents[2]
FOLDERS = regulation_folders()
each_regulation = pytest.mark.parametrize("folder", FOLDERS, ids=lambda one: one.name)
Document: TypeAlias = dict[str, Any]


def regulation(key: str) -> Regulation:
    return regulation_of(read_folder(REGULATIONS / key), key)


def test_there_are_regulations_of_more_than_one_place():
    assert {SUZHOU, QINGDAO, GUIZHOU} <= {one.name for one in FOLDERS}


@each_regulation
def test_a_regulation_can_be_read_and_has_no_fault(folder: Path):
    read = regulation_of(read_folder(folder), folder.name)
    assert [one.sentence("en") for one in faults(read, folder.name)] == []


@each_regulation
def test_its_document_is_the_same_bytes_each_time_it_is_read(folder: Path):
    assert frozen(read_folder(folder)) == frozen(read_folder(folder))


def test_the_order_in_which_the_files_name_things_does_not_change_the_bytes():
    plain = {"b": 1, "a": {"y": [1, 2], "x": "字"}}
    turned = {"a": {"x": "字", "y": [1, 2]}, "b": 1}
    assert frozen(document_of(plain, [])) == frozen(document_of(turned, []))


@each_regulation
def test_every_word_stands_in_chinese_and_in_english(folder: Path):
    read = regulation_of(read_folder(folder), folder.name)
    one_sided = [said for said in words(read) if not (is_chinese(said.zh) and latin(said.en))]
    assert one_sided == []


@each_regulation
def test_every_decision_it_refers_to_has_its_page(folder: Path):
    read = regulation_of(read_folder(folder), folder.name)
    for silence in read.silences:
        assert (ROOT / "docs" / "decisions" / f"{silence.decision}.md").is_file(), silence.decision


@each_regulation
def test_what_an_article_lives_in_is_there(folder: Path):
    read = regulation_of(read_folder(folder), folder.name)
    for article in read.articles:
        assert not (article.lives and article.not_software), article.number
        for place in article.lives:
            kind, _, name = place.partition(":")
            assert LIVES[kind](read, name), f"article {article.number}: {place}"


@each_regulation
def test_a_procedure_named_after_an_article_is_where_that_article_lives(folder: Path):
    read = regulation_of(read_folder(folder), folder.name)
    for procedure in read.procedures:
        number = procedure.ground.article.partition("(")[0]
        if number:
            (article,) = (one for one in read.articles if one.number == int(number))
            assert f"procedure:{procedure.id}" in article.lives, procedure.id


@each_regulation
def test_what_closes_or_returns_a_dataset_says_why(folder: Path):
    because = {"seal-dataset", "restore-dataset", "withdraw-dataset", "return-dataset"}
    for step in steps(folder):
        if step.effect in because:
            assert "reasons" in {one.id for one in step.fields if one.required}, step.id


@each_regulation
def test_an_agreement_is_drawn_from_a_purpose_data_items_and_a_last_day(folder: Path):
    asked = {"purpose": FieldKind.TEXT, "columns": FieldKind.COLUMNS, "until": FieldKind.DATE}
    for step in steps(folder):
        if step.effect in ("require-longer", "draw-renewal"):
            assert ("until", FieldKind.DATE) in {(one.id, one.kind) for one in step.fields}
        if step.effect == "draw-agreement":
            assert {
                one.id: one.kind for one in step.fields if one.required
            }.items() >= asked.items()


def test_a_place_without_a_compliance_review_asks_the_department_alone():
    here = regulation(SUZHOU).procedure("conditional-access")
    there = regulation(GUIZHOU).procedure("conditional-access")
    applicants = {"completing", "signing", "asking-review"}
    assert {one.id for one in here.clocks} - applicants == {
        "compliance-review",
        "answer",
        "refusal-review",
        "renewal",
        "countersigning",
    }
    assert {one.id for one in there.clocks} - applicants == {"answer"}
    assert (here.clock("answer").working_days, there.clock("answer").working_days) == (10, 15)
    assert (here.clock("answer").extension_in_all, there.clock("answer").extension_in_all) == (
        None,
        30,
    )
    assert there.step("extend").seats == ("head",)


def test_a_correction_is_extended_by_the_authority_here_and_by_the_bodys_own_head_there():
    here = regulation(SUZHOU).procedure("correction")
    there = regulation(QINGDAO).procedure("correction")
    assert here.clock("handle").extension_in_all == 30
    assert here.step("approve-extension").seats == ("authority",)
    assert there.clock("verify").extension_in_all == 10
    assert there.step("extend").seats == ("head",)
    assert {one.id for one in there.steps if one.starts} == {
        "report-to-body",
        "report-to-authority",
    }


# Faults


def suzhou(change: Callable[[Document], None]) -> Document:
    changed = copy.deepcopy(DOCUMENT)
    change(changed)
    return changed


def procedure_of(document: Document, key: str) -> Document:
    found: Document = next(one for one in document["procedures"] if one["id"] == key)
    return found


def named(procedure: Document, kind: str, key: str) -> Document:
    found: Document = next(one for one in procedure[kind] if one["id"] == key)
    return found


def access(document: Document) -> Document:
    return procedure_of(document, "conditional-access")


def correction(document: Document) -> Document:
    return procedure_of(document, "correction")


def setting(kind: str, key: str, **values: Any) -> Callable[[Document], None]:
    """A change of one state, step or clock of the procedure for conditional data."""

    def change(document: Document) -> None:
        named(access(document), kind, key).update(values)

    return change


def without(kind: str, key: str, name: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        del named(access(document), kind, key)[name]

    return change


def _lives_in(places: list[str], **more: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        document["articles"][10].update(lives=places, **more)

    return change


def _state_nobody_reaches(document: Document) -> None:
    lost = {"id": "lost", "label": {"zh": "无处", "en": "nowhere"}, "ground": {"article": "21"}}
    access(document)["states"].append({**lost, "end": True})


def _no_first_step(document: Document) -> None:
    submit = named(access(document), "steps", "submit")
    submit.update(starts=False, at=["compliance"])


def _extension_with_no_number(document: Document) -> None:
    step = named(correction(document), "steps", "approve-extension")
    step["fields"] = [one for one in step["fields"] if one["kind"] != "working-days"]


def _extension_that_adds_nothing(document: Document) -> None:
    named(correction(document), "clocks", "handle")["extension_in_all"] = 5


def _extension_without_ground(document: Document) -> None:
    del named(correction(document), "clocks", "handle")["extension_ground"]


def _extension_twice(document: Document) -> None:
    named(correction(document), "steps", "approve-extension")["once"] = False


def _article_beyond_the_last(document: Document) -> None:
    access(document)["ground"] = {"article": "44"}


def _article_left_out(document: Document) -> None:
    document["articles"].pop(3)


def _seat_twice(document: Document) -> None:
    document["seats"].append(document["seats"][0])


def _code_twice(document: Document) -> None:
    correction(document)["code"] = "YT"


def _ends_before_it_begins(document: Document) -> None:
    document["valid_until"] = "2023-06-30"


def _mask_invented(document: dict[str, Any]) -> None:
    agree = next(one for one in access(document)["steps"] if one["id"] == "agree")
    masks = next(one for one in agree["fields"] if one["id"] == "masks")
    masks["choices"][0]["id"] = "altered"


def _choice_without_values(document: Document) -> None:
    submit = named(access(document), "steps", "submit")
    named(submit, "fields", "kind")["choices"] = []


def _choice_after_a_step_that_is_not_there(document: Document) -> None:
    submit = named(access(document), "steps", "submit")
    named(submit, "fields", "kind")["choices"][0]["after"] = ["dreamt"]


def _mask_after_a_step(document: Document) -> None:
    agree = named(access(document), "steps", "agree")
    named(agree, "fields", "masks")["choices"][0]["after"] = ["submit"]


def _reminder(**changes: Any) -> Callable[[Document], None]:
    return lambda document: document["reminder"].update(changes)


STATED = {"zh": "平台规则", "en": "a rule of the platform"}
FAULTS: dict[str, tuple[Callable[[Document], None], str, str]] = {
    "a state that no case reaches": (_state_nobody_reaches, "states[lost]", "no case comes there"),
    "a case that cannot end": (
        setting("states", "refusal-upheld", end=False),
        "states[refusal-upheld]",
        "no case that is there can end",
    ),
    "a step after an end": (
        setting("states", "in-use", end=True),
        "states[in-use]",
        "nothing follows an end",
    ),
    "nothing to do for whose turn it is": (
        setting("states", "answering", turn="expert"),
        "states[answering]",
        "whose turn it is has nothing to do",
    ),
    "a seat that is not there": (
        setting("steps", "pass", seats=["mayor"]),
        "steps[pass].seats",
        "there is no seat “mayor”",
    ),
    "a turn of a seat that is not there": (
        setting("states", "answering", turn="mayor"),
        "states[answering].turn",
        "there is no seat “mayor”",
    ),
    "a step to a state that is not there": (
        setting("steps", "pass", to="elsewhere"),
        "steps[pass].to",
        "there is no state “elsewhere”",
    ),
    "a step at a state that is not there": (
        setting("steps", "pass", at=["elsewhere"]),
        "steps[pass].at",
        "there is no state “elsewhere”",
    ),
    "four eyes on a step that is not there": (
        setting("steps", "pass", unlike=["dance"]),
        "steps[pass].unlike",
        "there is no step “dance”",
    ),
    "a clock that is not there": (
        setting("steps", "fail", clocks=[{"clock": "sundial", "event": "finished"}]),
        "steps[fail].clocks",
        "there is no clock “sundial”",
    ),
    "a step that nobody does": (
        setting("steps", "pass", seats=[]),
        "steps[pass].seats",
        "nobody does it",
    ),
    "a case begun by who has not filed it": (
        setting("steps", "submit", seats=["authority"]),
        "steps[submit].seats",
        "a seat of the filer",
    ),
    "no first step": (_no_first_step, "steps", "none begins a case"),
    "a step that says nowhere when": (
        setting("steps", "pass", at=[]),
        "steps[pass]",
        "name the states it is done at",
    ),
    "a clock ended before it began": (
        setting("steps", "submit", clocks=[]),
        "steps[return].clocks",
        "“compliance-review” cannot be returned then",
    ),
    "a clock begun twice": (
        setting(
            "steps",
            "pass",
            clocks=[{"clock": "compliance-review", "event": "started"}],
        ),
        "steps[pass].clocks",
        "“compliance-review” cannot be started then",
    ),
    "a clock that nothing starts": (
        setting("steps", "ask-review", clocks=[]),
        "clocks[refusal-review]",
        "no step starts it",
    ),
    "a limit of no day": (
        setting("clocks", "answer", working_days=0),
        "clocks[answer]",
        "at least 1 working day",
    ),
    "a supplement without its ground": (
        without("clocks", "compliance-review", "supplement_ground"),
        "clocks[compliance-review]",
        "how it goes on after a supplement needs its ground",
    ),
    "an extension of a clock that has none": (
        setting("steps", "agree", clocks=[{"clock": "answer", "event": "extended"}], once=True),
        "steps[agree].clocks",
        "“answer” cannot be extended",
    ),
    "an extension that asks for no number": (
        _extension_with_no_number,
        "steps[approve-extension]",
        "an extension asks for one number of working days",
    ),
    "an extension that adds nothing": (
        _extension_that_adds_nothing,
        "clocks[handle]",
        "extended it must be longer in all",
    ),
    "an extension without its ground": (
        _extension_without_ground,
        "clocks[handle]",
        "an extension needs its ground",
    ),
    "an extension given twice": (
        _extension_twice,
        "steps[approve-extension]",
        "an extension is given once",
    ),
    "an unknown article": (
        _article_beyond_the_last,
        "conditional-access.ground",
        "there is no article 44",
    ),
    "a ground that is no article": (
        setting("steps", "pass", ground={"article": "twenty"}),
        "steps[pass].ground",
        "there is no article twenty",
    ),
    "an article and a platform rule at once": (
        setting("steps", "pass", ground={"article": "21", "platform_rule": STATED}),
        "steps[pass].ground",
        "name an article, or a rule of the platform",
    ),
    "neither an article nor a platform rule": (
        setting("steps", "pass", ground={}),
        "steps[pass].ground",
        "name an article, or a rule of the platform",
    ),
    "an article left out": (_article_left_out, "articles", "they are not all there"),
    "a seat written twice": (_seat_twice, "seats", "“user” stands 2 times"),
    "two procedures with one code": (_code_twice, "procedures.code", "“YT” stands 2 times"),
    "a code in small letters": (
        lambda document: access(document).update(code="yt"),
        "conditional-access.code",
        "two or three capital letters",
    ),
    "a name with a blank": (
        setting("steps", "lapse", id="close it"),
        "conditional-access.steps",
        "small letters, digits and hyphens",
    ),
    "an end before the beginning": (
        _ends_before_it_begins,
        "valid_until",
        "it ends before it begins",
    ),
    "a choice without values": (
        _choice_without_values,
        "steps[submit].fields[kind]",
        "rows and masks have choices",
    ),
    "a choice after a step that is not there": (
        _choice_after_a_step_that_is_not_there,
        "steps[submit].fields[kind].choices",
        "there is no step “dreamt”",
    ),
    "a way of masking after a step": (
        _mask_after_a_step,
        "steps[agree].fields[masks].choices",
        "only values of a choice have after",
    ),
    "a way of masking that nobody knows": (
        _mask_invented,
        "steps[agree].fields[masks].choices",
        "there is no “altered”",
    ),
    "an article that lives in a step that is not there": (
        _lives_in(["procedure:correction.shred"]),
        "articles[11]",
        "there is no “procedure:correction.shred”",
    ),
    "an article that lives in a test": (
        _lives_in(["test:tests/casework/test_cases.py::test_something"]),
        "articles[11]",
        "there is no “test:",
    ),
    "an article that lives somewhere and is no software": (
        _lives_in(["procedure:correction"], not_software={"zh": "不用", "en": "not needed"}),
        "articles[11]",
        "say where it lives or why it does not",
    ),
    "a reminder after the day": (_reminder(before=-1), "reminder.before", "it is at least 0"),
    "a reminder of an article that is not there": (
        _reminder(ground={"article": "99"}),
        "reminder",
        "there is no article 99",
    ),
    "words in one language": (
        setting("steps", "pass", label={"zh": "合规", "en": " "}),
        "steps[pass].label",
        "it must be said in Chinese and in English",
    ),
}


@pytest.mark.parametrize(("change", "place", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_place(
    change: Callable[[Document], None], place: str, words: str
):
    found = faults(regulation_of(suzhou(change), SUZHOU), SUZHOU)
    said = [(str(one.facts["where"]), one.facts["reason"].en) for one in found]
    assert any(where.endswith(place) and words in reason for where, reason in said), said
    assert all(one.name == "regulation-faulty" for one in found)


def test_an_effect_that_nobody_offers_is_a_fault():
    named_here = {one.effect for folder in FOLDERS for one in steps(folder)}
    offered = dict.fromkeys(("dataset", "body", "grant"), named_here)
    changed = suzhou(setting("steps", "agree", effect="make-rain"))
    found = faults(regulation_of(changed, SUZHOU), SUZHOU, offered)
    (rain,) = found
    assert rain.facts["reason"].en == "nothing offers the effect “make-rain”"
    assert rain.facts["where"] == "conditional-access.steps[agree].effect"


def test_where_only_parts_were_read_nothing_stands_on_an_article_that_was_not():
    document = read_folder(REGULATIONS / QINGDAO)
    named(document["procedures"][0], "steps", "urge")["ground"] = {"article": "6"}
    (found,) = faults(regulation_of(document, QINGDAO), QINGDAO)
    assert found.facts["reason"].en == "there is no article 6"
    document = read_folder(REGULATIONS / QINGDAO)
    document["articles"].reverse()
    (found,) = faults(regulation_of(document, QINGDAO), QINGDAO)
    assert found.facts["where"] == "articles"


def _unknown_entry(document: Document) -> None:
    named(access(document), "steps", "pass")["colour"] = "red"


def _unknown_entry_above(document: Document) -> None:
    document["colour"] = "red"


def _label_in_one_language(document: Document) -> None:
    named(access(document), "steps", "pass")["label"] = "合规"


def _no_states(document: Document) -> None:
    del access(document)["states"]


def _unknown_subject(document: Document) -> None:
    access(document)["subject"] = "weather"


def _limit_as_text(document: Document) -> None:
    named(access(document), "clocks", "answer")["working_days"] = "10"


def _once_as_text(document: Document) -> None:
    named(access(document), "steps", "return")["once"] = "yes"


def _no_reminder(document: Document) -> None:
    del document["reminder"]


def _no_day(document: Document) -> None:
    document["valid_from"] = "soon"


UNREADABLE: dict[str, tuple[Callable[[Document], None], str, str]] = {
    "an entry that nobody reads": (
        _unknown_entry,
        "procedures[conditional-access].steps[pass].colour",
        "nobody reads this",
    ),
    "an entry of the regulation that nobody reads": (
        _unknown_entry_above,
        "colour",
        "nobody reads this",
    ),
    "a label in one language": (
        _label_in_one_language,
        "procedures[conditional-access].steps[pass].label",
        "it must be said in Chinese and in English",
    ),
    "no states": (_no_states, "procedures[conditional-access].states", "it is not said"),
    "a step without a ground": (
        without("steps", "pass", "ground"),
        "procedures[conditional-access].steps[pass].ground",
        "it is not said",
    ),
    "an unknown subject": (
        _unknown_subject,
        "procedures[conditional-access].subject",
        "it is none of the values",
    ),
    "a limit that is no number": (
        _limit_as_text,
        "procedures[conditional-access].clocks[answer].working_days",
        "it is no whole number",
    ),
    "a yes where true is meant": (
        _once_as_text,
        "procedures[conditional-access].steps[return].once",
        "it is neither true nor false",
    ),
    "no reminder": (_no_reminder, "reminder", "it is not said"),
    "a day that is none": (_no_day, "valid_from", "it is no date"),
}


@pytest.mark.parametrize(("change", "place", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_refused_with_its_place(
    change: Callable[[Document], None], place: str, words: str
):
    with pytest.raises(Refusal) as refused:
        regulation_of(suzhou(change), SUZHOU)
    assert refused.value.facts["where"] == place
    assert refused.value.facts["reason"].en == words
    assert is_chinese(refused.value.facts["reason"].zh)


def test_a_folder_must_have_the_regulations_name(tmp_path: Path):
    other = tmp_path / "another-name"
    other.mkdir()
    for name in ("regulation.toml", "articles.toml"):
        (other / name).write_bytes((REGULATIONS / QINGDAO / name).read_bytes())
    with pytest.raises(Refusal) as refused:
        read_folder(other)
    assert refused.value.facts["where"] == "id"


def test_a_file_that_is_no_toml_is_named(tmp_path: Path):
    other = tmp_path / QINGDAO
    other.mkdir()
    (other / "regulation.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        read_folder(other)
    assert refused.value.facts["file"] == f"{QINGDAO}/regulation.toml"


def test_a_field_without_a_ground_stands_on_its_steps():
    submit = regulation(SUZHOU).procedure("conditional-access").step("submit")
    grounds = {one.id: one.ground.article for one in submit.fields}
    assert (grounds["title"], grounds["cite"]) == ("21(1)", "23(2)")


def test_every_entry_of_the_files_is_in_the_reference():
    page = (ROOT / "docs" / "reference" / "regulation-files.md").read_text(encoding="utf-8")
    kinds = (Regulation, Seat, Article, Silence, Procedure, ClockRule, State, Step, ClockMove,
             FormField, PaperRule, Choice, Ground)  # fmt: skip
    entries = {one.name for kind in kinds for one in fields(kind)}
    values = {
        str(one)
        for enum in (FieldKind, EventKind, SeatOf, Supplement, SubjectKind, RegulationStatus)
        for one in enum
    }
    assert {one for one in entries | values if not re.search(rf"\b{one}\b", page)} == set()


# What the tests ask with

DOCUMENT = read_folder(REGULATIONS / SUZHOU)


def steps(folder: Path) -> Iterator[Step]:
    read = regulation_of(read_folder(folder), folder.name)
    return (step for procedure in read.procedures for step in procedure.steps)


def words(given: Any) -> Iterator[Said]:
    """Every word of a regulation, wherever it stands."""
    if isinstance(given, Said):
        yield given
    elif isinstance(given, tuple):
        for one in given:
            yield from words(one)
    elif is_dataclass(given):
        for one in fields(given):
            yield from words(getattr(given, one.name))


def is_chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


def latin(text: str) -> bool:
    return re.search("[A-Za-z]", text) is not None


def _procedure_there(read: Regulation, name: str) -> bool:
    key, _, step = name.partition(".")
    return any(
        one.id == key and (not step or any(step == other.id for other in one.steps))
        for one in read.procedures
    )


def _page_there(read: Regulation, name: str) -> bool:
    del read
    return bool(resolve(name.format(slug="parking")).func)


def _command_there(read: Regulation, name: str) -> bool:
    del read
    command: click.Command | None = main
    for part in name.removeprefix("wushu ").split():
        assert isinstance(command, click.Group), name
        command = command.get_command(click.Context(command), part)
    return command is not None


LIVES: dict[str, Callable[[Regulation, str], bool]] = {
    "procedure": _procedure_there,
    "page": _page_there,
    "command": _command_there,
}
