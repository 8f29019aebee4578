"""Procedures as people look at them: a flow chart, and tables with the same content."""

from wushu.casework.drawing.svg import flow_chart
from wushu.casework.drawing.tables import (
    LimitRow,
    StateRow,
    StepRow,
    limit_rows,
    state_rows,
    step_rows,
    tables_as_text,
)

__all__ = [
    "LimitRow",
    "StateRow",
    "StepRow",
    "flow_chart",
    "limit_rows",
    "state_rows",
    "step_rows",
    "tables_as_text",
]
