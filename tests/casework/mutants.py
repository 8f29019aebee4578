"""Guards taken out of functions, one at a time, to see that a test notices each."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType


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


def _is_guard(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return isinstance(node.body[-1], ast.Raise | ast.Return) and not node.orelse
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return ast.unparse(node.value.func).rpartition(".")[2].lstrip("_").startswith("require_")
    return False


def without(function: FunctionType, words: str, instead: str = "") -> Mutant:
    """A function with some of its words replaced, for what is part of an expression."""
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(words) == 1, words
    tree = ast.parse(source.replace(words, instead))
    return Mutant(function, compiled(tree, function), f"without {words.strip()}")


def compiled(tree: ast.Module, function: FunctionType) -> CodeType:
    """The function's new code, to be put in place of its own: whoever imported it has it too."""
    future = ast.parse("from __future__ import annotations").body
    made: dict[str, object] = {}
    whole = ast.fix_missing_locations(ast.Module([*future, *tree.body], []))
    exec(compile(whole, function.__code__.co_filename, "exec"), dict(function.__globals__), made)
    code = made[function.__name__].__code__  # type: ignore[attr-defined]
    assert isinstance(code, CodeType)
    return code
