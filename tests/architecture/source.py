"""Reads the product's source as syntax trees. Nothing is imported, so nothing hides."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "wushu"

EVERYBODY = frozenset(
    {"parties", "evidence", "casework", "catalog", "privacy", "dataplane", "opening", "harvest"}
)
MAY_USE: dict[str, frozenset[str]] = {
    "kernel": frozenset(),
    "parties": frozenset(),
    "evidence": frozenset({"parties"}),
    "casework": frozenset({"parties", "evidence"}),
    "catalog": frozenset({"parties", "evidence"}),
    "privacy": frozenset({"evidence"}),
    "dataplane": frozenset({"catalog", "privacy", "evidence", "parties"}),
    "harvest": frozenset({"evidence", "parties"}),
    "opening": frozenset({"casework", "catalog", "dataplane", "privacy", "evidence", "parties"}),
    "portal": EVERYBODY,
    "config": EVERYBODY | {"portal"},
}
"""Which apps an app may use besides the kernel: the table of the architecture."""


@dataclass(frozen=True)
class Module:
    """One source file."""

    path: Path
    root: Path = SOURCE

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"), str(self.path))

    @property
    def dotted(self) -> str:
        """``wushu.catalog.types``; a package's ``__init__`` has the package's name."""
        parts = self.path.relative_to(self.root).with_suffix("").parts
        return ".".join(("wushu", *(parts[:-1] if parts[-1] == "__init__" else parts)))

    @property
    def app(self) -> str:
        """Name of the package below ``wushu``; empty for ``wushu`` itself."""
        return (*self.dotted.split("."), "")[1]

    @property
    def rooms(self) -> tuple[str, ...]:
        """What follows the app in the dotted name: ``("rules", "merkle")``."""
        return tuple(self.dotted.split(".")[2:])

    def at(self, node: ast.AST) -> str:
        """Where, for people: path and line."""
        return f"{self.path.relative_to(self.root.parents[1])}:{getattr(node, 'lineno', 0)}"


def modules(root: Path = SOURCE) -> list[Module]:
    """All source files except migrations, which Django writes."""
    return [
        Module(path, root)
        for path in sorted(root.rglob("*.py"))
        if "migrations" not in path.relative_to(root).parts
    ]


def apps(root: Path = SOURCE) -> list[str]:
    """Packages below ``wushu``."""
    return sorted(path.parent.name for path in root.glob("*/__init__.py"))


@dataclass(frozen=True)
class Import:
    """One imported dotted name, ``wushu.catalog.types.Attribute``, and its place."""

    dotted: str
    node: ast.AST


def imports(module: Module) -> Iterator[Import]:
    """Imports at any depth, relative ones resolved, and modules imported by name."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node)
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            for alias in node.names:
                yield Import(f"{base}.{alias.name}", node)
        elif isinstance(node, ast.Call) and called(node) in ("import_module", "import_string"):
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield Import(argument.value, node)


def _base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.dotted.split(".")
    if module.path.name != "__init__.py":
        package = package[:-1]
    package = package[: len(package) - node.level + 1]
    return ".".join((*package, node.module) if node.module else package)


def called(node: ast.Call) -> str:
    """The last name of what is called: ``require`` of ``rules.require(...)``."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
