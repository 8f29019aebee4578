"""What may be done to a series in which state."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from wushu.catalog.arranging_refusals import SERIES_EMPTY, SERIES_STATE
from wushu.catalog.types import SeriesState

LEAST_MEMBERS = 2
"""Listed datasets, without which it is no series."""


class SeriesAct(StrEnum):
    """What is done to a series."""

    CHANGE = "change"
    LIST = "list"
    RETURN = "return"
    FILL = "fill"
    CLOSE = "close"


_S = SeriesState
_ALIVE = frozenset({_S.PROPOSED, _S.RETURNED, _S.LISTED})
_POSSIBLE: Mapping[SeriesAct, frozenset[SeriesState]] = MappingProxyType(
    {
        SeriesAct.CHANGE: frozenset({_S.PROPOSED, _S.RETURNED}),
        SeriesAct.LIST: frozenset({_S.PROPOSED}),
        SeriesAct.RETURN: frozenset({_S.PROPOSED}),
        SeriesAct.FILL: _ALIVE,
        SeriesAct.CLOSE: _ALIVE,
    }
)
_STATE_WORDS: Mapping[SeriesState, tuple[str, str]] = MappingProxyType(
    {
        _S.PROPOSED: ("待审核", "waiting for review"),
        _S.RETURNED: ("已退回", "returned"),
        _S.LISTED: ("已上架", "listed"),
        _S.CLOSED: ("已关闭", "closed"),
    }
)
_ACT_WORDS: Mapping[SeriesAct, tuple[str, str]] = MappingProxyType(
    {
        SeriesAct.CHANGE: ("改动", "change"),
        SeriesAct.LIST: ("上架", "list"),
        SeriesAct.RETURN: ("退回", "return"),
        SeriesAct.FILL: ("编入数据集", "add to"),
        SeriesAct.CLOSE: ("关闭", "close"),
    }
)


def require_possible(act: SeriesAct, state: SeriesState, series: str) -> None:
    """Refuse what a series in this state does not allow (``series-state``)."""
    if state not in _POSSIBLE[act]:
        state_zh, state_en = _STATE_WORDS[state]
        act_zh, act_en = _ACT_WORDS[act]
        raise SERIES_STATE(
            series=series, state_zh=state_zh, state_en=state_en, act_zh=act_zh, act_en=act_en
        )


def require_members(listed: int, series: str) -> None:
    """Refuse to list a series with too few listed datasets (``series-empty``)."""
    if listed < LEAST_MEMBERS:
        raise SERIES_EMPTY(series=series)
