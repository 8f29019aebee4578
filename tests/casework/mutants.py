"""Guards taken out of functions, one at a time, to see that a test notices each."""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any, TypeAlias

import pytest
from django.conf import settings

from tests.casework.exploring import undone


@dataclass(frozen=True)
class Mutant:
    """A function with one of its guards taken out."""

    function: FunctionType
    code: CodeType
    what: str

    def __str__(self) -> str:
        return f"{self.function.__name__}: {self.what}"


def guards_of(module: ModuleType) -> Iterator[Mutant]:
    """Every guard of a module's functions: what is left early by, and each call that may refuse."""
    for function in vars(module).values():
        if isinstance(function, FunctionType) and function.__module__ == module.__name__:
            yield from _guards_of(function)


def _guards_of(function: FunctionType) -> Iterator[Mutant]:
    source = textwrap.dedent(inspect.getsource(function))
    for number in range(sum(1 for one in ast.walk(ast.parse(source)) if _is_guard(one))):
        tree = ast.parse(source)
        guard = [one for one in ast.walk(tree) if _is_guard(one)][number]
        what = ast.unparse(guard.test if isinstance(guard, ast.If) else guard)
        if isinstance(guard, ast.If):
            guard.test = ast.Constant(False)
        elif isinstance(guard, ast.Expr):
            guard.value = ast.Constant(None)
        yield Mutant(function, compiled(tree, function), what)


def reasons_of(module: ModuleType) -> Iterator[Mutant]:
    """Guards that are left by for one reason or another, without each of the reasons."""
    for function in vars(module).values():
        if isinstance(function, FunctionType) and function.__module__ == module.__name__:
            source = textwrap.dedent(inspect.getsource(function))
            for number, guard in enumerate(_several(ast.parse(source))):
                for at, reason in enumerate(guard.values):
                    tree = ast.parse(source)
                    _several(tree)[number].values[at] = ast.Constant(False)
                    what = f"without the reason {ast.unparse(reason)}"
                    yield Mutant(function, compiled(tree, function), what)


def _several(tree: ast.AST) -> list[ast.BoolOp]:
    asked = (one.test for one in ast.walk(tree) if isinstance(one, ast.If) and _is_guard(one))
    return [one for one in asked if isinstance(one, ast.BoolOp) and isinstance(one.op, ast.Or)]


def _is_guard(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return isinstance(node.body[-1], ast.Raise | ast.Return) and not node.orelse
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return "require" in ast.unparse(node.value.func).rpartition(".")[2].split("_")
    return False


def without(
    function: Callable[..., object], words: str, instead: str = "", what: str = ""
) -> Mutant:
    """A function with some of its words replaced, for what is part of an expression."""
    assert isinstance(function, FunctionType)
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(words) == 1, words
    tree = ast.parse(source.replace(words, instead))
    return Mutant(function, compiled(tree, function), f"without {(what or words).strip()}")


def compiled(tree: ast.Module, function: FunctionType) -> CodeType:
    """The function's new code, to be put in place of its own: whoever imported it has it too."""
    future = ast.parse("from __future__ import annotations").body
    made: dict[str, object] = {}
    whole = ast.fix_missing_locations(ast.Module([*future, *tree.body], []))
    exec(compile(whole, function.__code__.co_filename, "exec"), dict(function.__globals__), made)
    found = made[function.__name__]
    assert isinstance(found, FunctionType)
    return found.__code__


# Noticed by tests of the suite, each called as it stands
#
# An exploration notices whatever it comes by, and takes long. What it does not come by names here the
# test that notices it, which costs no more than that test.

Check: TypeAlias = Callable[..., object]
"""A test, or a ``partial`` of one that says its parameters; its fixtures are those of who calls it."""
_A_FEW = 6


def all_of(module: ModuleType, more: Iterable[Mutant] = ()) -> dict[str, Mutant]:
    """All that may refuse in a module, or leave a function early, and ``more`` of it; by their names.

    Of several with one name the later ones are numbered.
    """
    found: dict[str, Mutant] = {}
    those = (one for one in more if one.function.__module__ == module.__name__)
    for one in (*guards_of(module), *reasons_of(module), *those):
        alike = sum(1 for name in found if name.rpartition(" #")[0] == str(one) or name == str(one))
        found[f"{one} #{alike + 1}" if alike else str(one)] = one
    return found


def parts(noticed: Mapping[ModuleType, Mapping[str, Check]]) -> list[Any]:
    """Parameters for tests of a few guards each: one city, some seconds."""
    return [
        pytest.param(
            module, dict(list(checks.items())[at : at + _A_FEW]), id=f"{module.__name__}-{at}"
        )
        for module, checks in noticed.items()
        for at in range(0, len(checks), _A_FEW)
    ]


def unnoticed(
    mutants: Mapping[str, Mutant], checks: Mapping[str, Check], request: pytest.FixtureRequest
) -> list[str]:
    """Mutants with which their checks pass too. As it is the code passes each, after all the others."""
    left: list[str] = []
    for check in dict.fromkeys(checks.values()):
        for name in (one for one, its in checks.items() if its is check):
            with pytest.MonkeyPatch.context() as changed:
                changed.setattr(mutants[name].function, "__code__", mutants[name].code)
                if _passes(check, request):
                    left.append(name)
        _call(check, request)
    return left


def _passes(check: Check, request: pytest.FixtureRequest) -> bool:
    try:
        _call(check, request)
    except (Exception, pytest.fail.Exception):
        return False
    return True


class _AsInATest(undone):
    """What must be the outermost transaction may begin inside, as it may in a test."""

    def __enter__(self) -> None:
        super().__enter__()
        self.atomic._from_testcase = True  # type: ignore[attr-defined]


class _Settings:
    """What a test changes of the settings, over with the call."""

    def __init__(self, changed: pytest.MonkeyPatch) -> None:
        self.__dict__["_changed"] = changed

    def __getattr__(self, name: str) -> Any:
        return getattr(settings, name)

    def __setattr__(self, name: str, value: object) -> None:
        self._changed.setattr(settings, name, value)


def _call(check: Check, request: pytest.FixtureRequest) -> None:
    asked = inspect.signature(check).parameters.values()
    names = {one.name for one in asked if one.default is one.empty}
    own = {"monkeypatch", "settings"} & names
    fixtures = {name: request.getfixturevalue(name) for name in names - own}
    with (
        pytest.MonkeyPatch.context() as patched,
        pytest.MonkeyPatch.context() as changed,
        _AsInATest(),
    ):
        mine = {"monkeypatch": patched, "settings": _Settings(changed)}
        # Copies: what a test changes in a city of its own the next one does not see.
        copies = {name: copy.copy(one) for name, one in fixtures.items()}
        check(**copies, **{name: mine[name] for name in own})
