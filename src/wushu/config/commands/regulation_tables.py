"""Tables of ``wushu regulation show``."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table

from wushu.casework import selectors
from wushu.casework.types import Procedure, Regulation
from wushu.config.saying import language, said


def seats(found: Regulation) -> Table:
    """Who is who."""
    rows = (
        (one.id, one.label(language()), selectors.ground_words(one.ground)(language()))
        for one in found.seats
    )
    return _table(
        said("各方", "seats"), (said("名称", "name"), said("称谓", "called"), _ground()), rows
    )


def articles(found: Regulation) -> Table:
    """The articles, and where each lives in the program."""
    head = (said("条", "article"), said("条名", "heading"), said("落实之处", "where it lives"))
    rows = (
        (
            str(one.number),
            one.heading(language()),
            "\n".join(one.lives) or (one.not_software(language()) if one.not_software else ""),
        )
        for one in found.articles
    )
    return _table(said("条文", "articles"), head, rows)


def states(found: Regulation, one: Procedure) -> Table:
    """Where a case of a procedure can stand."""
    head = (said("状态", "state"), said("轮到", "whose turn"), said("在此计时", "limits"), said("可做", "steps"), _ground())  # fmt: skip
    rows = (
        (row.label, row.turn, row.limits, "\n".join(row.steps), row.ground)
        for row in selectors.state_rows(found, one, language())
    )
    return _table(said("状态", "states"), head, rows)


def limits(found: Regulation, one: Procedure) -> Table:
    """The time limits of a procedure."""
    head = (said("期限", "limit"), said("工作日", "working days"), said("可延至合计", "extended to, in all"), said("补正后", "after a supplement"), said("轮到", "whose turn"), _ground())  # fmt: skip
    rows = (
        (row.label, str(row.working_days), row.extended, row.supplement, row.turn, row.ground)
        for row in selectors.limit_rows(found, one, language())
    )
    return _table(said("期限", "limits"), head, rows)


def steps(found: Regulation, one: Procedure) -> Table:
    """What can be done in a procedure, by whom."""
    head = (said("步骤", "step"), said("由谁办理", "by whom"), said("从", "from"), said("到", "to"), said("要求", "asked"), _ground())  # fmt: skip
    rows = (
        (row.label, row.who, "\n".join(row.origins), row.to, "\n".join(row.asked), row.ground)
        for row in selectors.step_rows(found, one, language())
    )
    return _table(said("步骤", "steps"), head, rows)


def _ground() -> str:
    return said("依据", "ground")


def _table(title: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    table = Table(title=title, title_justify="left", show_lines=True)
    for column in head:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
