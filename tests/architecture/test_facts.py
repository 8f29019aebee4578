"""No sentence of a refusal mixes two languages: its facts are values, or words in both."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import Module, called, modules

_CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_VALUES = re.compile(r"[^\s,]*(, ?[^\s,]+)*")
"""Names, codes and numbers, several by commas: read the same in every language."""


def kinds(among: list[Module]) -> frozenset[str]:
    """Names under which kinds of refusals are declared."""
    return frozenset(
        target.id
        for module in among
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and called(node.value) == "kind"
        for target in node.targets
        if isinstance(target, ast.Name)
    )


def facts(module: Module, names: frozenset[str]) -> Iterator[tuple[str, ast.expr]]:
    """Every fact given to a kind: its name and what is given."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and called(node) in names:
            yield from ((word.arg, word.value) for word in node.keywords if word.arg)


def literals(node: ast.expr) -> list[str]:
    """What of the fact is written in the source; words inside ``Said`` are in both languages."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return [one for part in parts for one in literals(part)]
        case ast.IfExp(body=first, orelse=second):
            return [*literals(first), *literals(second)]
        case ast.BoolOp(values=parts):
            return [one for part in parts for one in literals(part)]
        case ast.BinOp(left=first, right=second):
            return [*literals(first), *literals(second)]
    return []


def mixtures(module: Module, names: frozenset[str]) -> list[str]:
    """Facts that would stand in one language within a sentence of the other."""
    found = []
    for name, given in facts(module, names):
        for text in literals(given):
            if name.endswith("_zh"):
                continue  # may hold values alone
            if _CHINESE.search(text):
                found.append(f"{module.at(given)}: {name} is Chinese: {text!r}")
            elif not name.endswith("_en") and not _VALUES.fullmatch(text.strip()):
                found.append(f"{module.at(given)}: {name} is English: {text!r}; use Said(zh, en)")
    return found


ALL = modules()


def test_no_refusal_is_given_words_in_one_language():
    names = kinds(ALL)
    assert {"NOT_PERMITTED", "NOT_FOUND", "SIGN_IN_LOCKED"} <= names
    faults = [fault for module in ALL for fault in mixtures(module, names)]
    assert not faults, "\n".join(faults)


def planted(tmp_path: Path, line: str) -> Module:
    path = tmp_path / "src" / "wushu" / "catalog" / "services.py"
    path.parent.mkdir(parents=True)
    path.write_text(line, encoding="utf-8")
    return Module(path, tmp_path / "src" / "wushu")


@pytest.mark.parametrize(
    "line",
    [
        "raise NOT_PERMITTED(who=actor.name, what='load data')",
        "raise NOT_PERMITTED(who=actor.name, what='load data / 装载数据')",
        "raise NOT_FOUND(what='目录')",
        "raise NOT_FOUND(what=f'the entry {name}')",
        "raise no.NOT_FOUND(what=name or 'no name given')",
        "raise INVALID_VALUE(field='x', value='', reason_zh='错', reason_en='错了')",
    ],
)
def test_words_in_one_language_are_caught(tmp_path, line):
    assert mixtures(planted(tmp_path, line), kinds(ALL))


@pytest.mark.parametrize(
    "line",
    [
        "raise NOT_PERMITTED(who=actor.name, what=Said('装载数据', 'load data'))",
        "raise NOT_FOUND(what=str(entry))",
        "raise NOT_FOUND(what=f'{first}-{last}')",
        "raise METHOD_NOT_ALLOWED(method='PUT', allowed='GET, HEAD')",
        "raise INVALID_VALUE(field='--type', value='', reason_zh='错', reason_en='it is wrong')",
        "say('load data', what='目录')",
    ],
)
def test_values_and_words_in_both_languages_are_allowed(tmp_path, line):
    assert mixtures(planted(tmp_path, line), kinds(ALL)) == []
