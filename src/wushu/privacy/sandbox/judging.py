"""What a program is, by its syntax tree as the engine gives it (``json_serialize_sql``). Pure.

The engine parses, this module walks: one query, no table and no function of tables but those named
here, no function that tells of the node. It is the first of two lines; the second is the process, which
cannot open a file or a socket whatever the program says.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TABLE = "data"
"""The one table of a program: what the grant covers."""
COUNTED = "wushu rows behind"
"""How the columns are named that count the rows behind each value of a result; a number follows."""

_TABLE_FUNCTIONS = frozenset({"generate_series", "range", "unnest"})
_FORBIDDEN = frozenset(
    {
        "current_setting", "current_user", "error", "getenv", "getvariable", "nextval", "currval",
        "query", "query_table", "read_blob", "read_csv", "read_csv_auto", "read_json",
        "read_json_auto", "read_parquet", "read_text", "parquet_scan", "set_config", "sleep",
        "sleep_ms", "write_log",
    }
)  # fmt: skip
"""Functions that say something of the node or of the process, or that do more than compute."""
_FORBIDDEN_BEGINNINGS = ("duckdb_", "pg_", "pragma_", "json_execute", "json_serialize_plan")
_STATISTICS = frozenset(
    {
        "approx_count_distinct", "avg", "corr", "count", "count_star", "covar_pop", "covar_samp",
        "mean", "regr_count", "regr_r2", "regr_slope", "stddev", "stddev_pop", "stddev_samp", "sum",
        "var_pop", "var_samp", "variance",
    }
)  # fmt: skip
"""Aggregates of which every value is made of all rows of its group; ``min`` hands on that of one."""
_ARITHMETIC = frozenset({"+", "-", "*", "/", "//", "%", "round", "ceil", "floor", "coalesce"})
_PLAIN = frozenset({"COLUMN_REF", "CONSTANT", "CAST"})
_RECURSIVE = "RECURSIVE_CTE_NODE"

Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a program is not run: the name of a refusal and what it says."""

    name: str
    what: str = ""


def fault_of(tree: Tree) -> Fault | None:
    """Why the engine's answer about a program is no program to run; None when it is one."""
    if tree.get("error"):
        if tree.get("error_type") == "not implemented":
            return Fault("program-not-a-query")
        return Fault("program-not-understood", str(tree.get("error_message", "")))
    statements = tree.get("statements") or []
    if len(statements) != 1:
        return Fault("program-not-one-statement", str(len(statements)))
    for node, known in _scoped(statements[0]):
        found = _fault_of_node(node, known)
        if found is not None:
            return found
    return None


def counting(tree: Tree) -> tuple[dict[str, Any], list[str]] | None:
    """The program that counts the rows behind each row of its result, and the columns that do.

    Only of a plain ``SELECT`` of group keys and statistics from the table itself: there every value
    is made of all the rows of its group in which its columns are filled in, for statistics pass over
    empty cells. None where nothing sound is said. The order and the limit are left out, so that
    what it finds holds for every row that the result could have.
    """
    node = tree["statements"][0]["node"]
    if node.get("type") != "SELECT_NODE" or not _is_plain(node):
        return None
    keys = [_bare(one) for one in node["group_expressions"]]
    if not any(_has_aggregate(one) for one in node["select_list"]) and not keys:
        return None
    if not all(_bare(one) in keys or _is_statistic(one) for one in node["select_list"]):
        return None
    made: dict[str, Any] = copy.deepcopy(dict(tree))
    changed = made["statements"][0]["node"]
    changed["modifiers"] = []
    counts = _counts(node["select_list"])
    names = [f"{COUNTED} {number}" for number in range(len(counts))]
    changed["select_list"] += [
        {**one, "alias": name} for one, name in zip(counts, names, strict=True)
    ]
    return made, names


_COUNT: dict[str, Any] = {
    "class": "FUNCTION", "type": "FUNCTION", "alias": "", "schema": "", "catalog": "",
    "filter": None, "order_bys": {"type": "ORDER_MODIFIER", "orders": []}, "distinct": False,
    "is_operator": False, "export_state": False, "query_location": 0, "query_location_length": 0,
}  # fmt: skip
_COUNTS = ("count_star", "count", "regr_count")
"""What counts the rows that a statistic of none, one or two columns is made of."""


def _counts(outputs: Any) -> list[dict[str, Any]]:
    """One count of all rows, and one for each choice of columns of which a statistic is made."""
    chosen: list[list[Any]] = [[]]
    for node in _nodes(outputs):
        if node.get("class") == "FUNCTION" and _function(node) in _STATISTICS:
            arguments = copy.deepcopy(node.get("arguments") or [])
            if _bare(arguments) not in map(_bare, chosen):
                chosen.append(arguments)
    return [
        {
            **_COUNT, "function_name": _COUNTS[len(arguments)], "arguments": arguments,
            "qualified_name": {"path": [_COUNTS[len(arguments)]]},
        }
        for arguments in chosen
    ]  # fmt: skip


def _fault_of_node(node: Tree, known: frozenset[str]) -> Fault | None:
    match node.get("type"):
        case "BASE_TABLE":
            path = _path(node, "table_name", "schema_name", "catalog_name")
            if len(path) != 1 or path[0].casefold() not in known:
                return Fault("program-other-table", ".".join(path))
        case "TABLE_FUNCTION":
            name = _function(node.get("function") or {})
            if name not in _TABLE_FUNCTIONS:
                return Fault("program-function-refused", name)
        case "SHOW_REF":
            return Fault("program-not-a-query")
        case "FUNCTION":
            name = _function(node)
            if name in _FORBIDDEN or name.startswith(_FORBIDDEN_BEGINNINGS):
                return Fault("program-function-refused", name)
    return None


def _function(node: Tree) -> str:
    """A function's own name, whatever schema stands before it."""
    return _path(node, "function_name", "schema", "catalog")[-1].casefold()


def _path(node: Tree, name: str, *before: str) -> list[str]:
    """A name with what stands before it, as releases of the engine write it."""
    given = (node.get("qualified_name") or {}).get("path")
    if given:
        return [str(one) for one in given]
    return [str(node[one]) for one in reversed(before) if node.get(one)] + [str(node.get(name, ""))]


def _nodes(tree: Any) -> Iterator[Tree]:
    """Every object of the tree, without recursion: a deep program must not end the walk."""
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _scoped(tree: Any) -> Iterator[tuple[Tree, frozenset[str]]]:
    """Every object with the names of the tables that are known at its place, without recursion.

    A name made by ``WITH`` is known in the query it stands before and in the names that follow; in
    itself only after the ``UNION`` of a recursive one. Everywhere else the engine would take it for one
    of its own tables.
    """
    waiting: list[tuple[Any, frozenset[str]]] = [(tree, frozenset({TABLE}))]
    while waiting:
        one, known = waiting.pop()
        if isinstance(one, list):
            waiting.extend((each, known) for each in one)
        if not isinstance(one, Mapping):
            continue
        yield one, known
        for made in (one.get("cte_map") or {}).get("map") or []:
            waiting.append((made["value"], known))
            known |= {str(made["key"]).casefold()}
        recursive = {str(one["cte_name"]).casefold()} if one.get("type") == _RECURSIVE else set()
        waiting.extend(
            (value, known | recursive if key == "right" else known)
            for key, value in one.items()
            if key != "cte_map"
        )


def _is_plain(node: Tree) -> bool:
    table = node.get("from_table") or {}
    return (
        table.get("type") == "BASE_TABLE"
        and not table.get("sample")
        and not (node.get("cte_map") or {}).get("map")
        and not node.get("sample")
        and not node.get("qualify")
        and len(node.get("group_sets") or []) <= 1
        and all(one.get("type") != "DISTINCT_MODIFIER" for one in node.get("modifiers") or [])
    )


def _is_statistic(tree: Any) -> bool:
    """Whether an output is made of statistics and constants alone."""
    for node in _nodes(tree):
        kind = node.get("class")
        if kind is None or kind in _PLAIN:
            continue
        if kind != "FUNCTION":
            return False
        name = _function(node)
        if name in _STATISTICS:
            if node.get("filter") or not all(map(_is_column, node.get("arguments") or [])):
                return False
        elif name not in _ARITHMETIC:
            return False
    return _has_aggregate(tree)


def _is_column(argument: Tree) -> bool:
    expression = argument.get("expression", argument)
    return bool(expression.get("class") == "COLUMN_REF")


def _has_aggregate(tree: Any) -> bool:
    return any(
        one.get("class") == "FUNCTION" and _function(one) in _STATISTICS for one in _nodes(tree)
    )


def _bare(tree: Any) -> Any:
    """An expression without its place in the text and the name it is given."""
    if isinstance(tree, Mapping):
        return {
            key: _bare(value)
            for key, value in tree.items()
            if key not in ("alias", "query_location", "query_location_length")
        }
    return [_bare(one) for one in tree] if isinstance(tree, list) else tree
