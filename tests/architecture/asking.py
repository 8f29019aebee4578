"""Whether a function asks what its actor may on every path, before it comes to an end.

A path asks where it meets ``if <question about the actor>: raise``, or calls a function of the product
that does, with the actor. What is asked in one branch only, in a loop's body or behind ``and`` does not
count, and a ``return`` before the question is a way around it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.architecture.source import called

_QUESTION = re.compile(r"_?(may|is|holds|allows|governs|manages|oversees)(_\w+)?|\w*obstacle")
"""Functions and methods that answer what somebody may."""

Functions = Mapping[str, Sequence[ast.FunctionDef]]


@dataclass(frozen=True)
class _Flow:
    """How statements end."""

    falls: bool
    """Whether a path goes on behind them."""
    asked: bool
    """Whether all paths that go on have asked."""
    around: bool = False
    """Whether a path returned without having asked."""


@dataclass
class _Reader:
    """Follows one function in which the actor has a name."""

    functions: Functions
    seen: frozenset[str]
    actors: set[str]
    answers: set[str] = field(default_factory=set)
    """Variables that hold an answer about the actor."""

    def run(self, statements: Sequence[ast.stmt], asked: bool) -> _Flow:
        around = False
        for statement in statements:
            flow = self._one(statement, asked)
            around = around or flow.around
            asked = flow.asked
            if not flow.falls:
                return _Flow(False, asked, around)
        return _Flow(True, asked, around)

    def _one(self, statement: ast.stmt, asked: bool) -> _Flow:
        match statement:
            case ast.If():
                return self._branch(statement, asked)
            case ast.With(items=items, body=body):
                asked = asked or any(self._asks(item.context_expr) for item in items)
                return self.run(body, asked)
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
                whole = self.run([*body, *orelse, *final], asked)
                caught = [self.run(handler.body, asked) for handler in handlers]
                on = [flow for flow in (whole, *caught) if flow.falls]
                return _Flow(
                    bool(on),
                    all(flow.asked for flow in on),
                    any(flow.around for flow in (whole, *caught)),
                )
            case ast.For(iter=over, body=body):
                inside = self.run(body, asked)
                return _Flow(True, asked or self._asks(over), inside.around)
            case ast.While(test=test, body=body):
                return _Flow(True, asked or self._asks(test), self.run(body, asked).around)
            case ast.Raise():
                return _Flow(False, asked)
            case ast.Return(value=value):
                asked = asked or (value is not None and self._asks(value))
                return _Flow(False, asked, around=not asked)
            case ast.Assign(targets=targets, value=value):
                if self._answers(value):
                    self.answers |= {one.id for one in targets if isinstance(one, ast.Name)}
        return _Flow(True, asked or self._asks(statement))

    def _branch(self, statement: ast.If, asked: bool) -> _Flow:
        asked = asked or self._asks(statement.test)
        branches = [self.run(statement.body, asked), self.run(statement.orelse, asked)]
        on = [flow for flow in branches if flow.falls]
        is_answer = self._answers(statement.test)
        # A branch that an answer leads to refuses or asks on; one that only returns does neither.
        decided = is_answer and any(
            flow.asked if flow.falls else not flow.around for flow in branches
        )
        return _Flow(
            bool(on),
            asked or decided or (bool(on) and all(flow.asked for flow in on)),
            any(flow.around for flow in branches) and not is_answer,
        )

    def _asks(self, node: ast.AST) -> bool:
        return any(self._refuses(call) for call in _always(node) if isinstance(call, ast.Call))

    def _refuses(self, call: ast.Call) -> bool:
        """Whether the function called, given the actor, asks on all its paths."""
        name = called(call)
        found = self.functions.get(name, [])
        if name in self.seen or not found:
            return False
        return all(
            parameter is not None and asks(one, parameter, self.functions, self.seen | {name})
            for one in found
            for parameter in [self._parameter(call, one)]
        )

    def _parameter(self, call: ast.Call, function: ast.FunctionDef) -> str | None:
        """The parameter of the function that gets the actor."""
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        for name, given in zip(names, call.args, strict=False):
            if self._is_actor(given):
                return name
        return next((one.arg for one in call.keywords if self._is_actor(one.value)), None)

    def _is_actor(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and node.id in self.actors

    def _answers(self, node: ast.AST) -> bool:
        """Whether the expression is an answer about the actor: by a question, or by comparing."""
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and part.id in self.answers:
                return True
            if isinstance(part, ast.Call) and _QUESTION.fullmatch(called(part)):
                target = part.func.value if isinstance(part.func, ast.Attribute) else None
                given = [*part.args, *(one.value for one in part.keywords), target]
                if any(one is not None and self._is_actor(one) for one in given):
                    return True
            if isinstance(part, ast.Compare) and any(
                self._is_actor(getattr(one, "value", one)) for one in (part.left, *part.comparators)
            ):
                return True
        return False


def _always(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of an expression that are evaluated whatever happens."""
    yield node
    skipped: tuple[ast.AST, ...] = ()
    match node:
        case ast.Lambda() | ast.FunctionDef() | ast.ClassDef() | ast.GeneratorExp():
            return
        case ast.ListComp() | ast.SetComp() | ast.DictComp():
            return
        case ast.BoolOp(values=values):
            skipped = tuple(values[1:])
        case ast.IfExp(body=first, orelse=second):
            skipped = (first, second)
    for child in ast.iter_child_nodes(node):
        if child not in skipped:
            yield from _always(child)


def asks(
    function: ast.FunctionDef,
    actor: str,
    functions: Functions,
    seen: frozenset[str] = frozenset(),
) -> bool:
    """Whether the function asks what ``actor`` (its parameter's name) may, on every path."""
    reader = _Reader(functions, seen | {function.name}, {actor})
    flow = reader.run(function.body, asked=False)
    return not flow.around and (flow.asked or not flow.falls)
