"""The datasets of the demonstration region, in the order in which they are filed.

The home page shows the newest first, so the tables most people know come last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wushu.config.demo import (
    airports,
    bus_taps,
    cities,
    currencies,
    divisions,
    hanzi,
    marriages,
    work_calendar,
)
from wushu.config.demo.dataset import DemoDataset, DemoGrant

DATASETS: Mapping[str, Callable[[], DemoDataset]] = {
    "marriage-registrations": marriages.dataset,
    "bus-taps": bus_taps.dataset,
    "currencies": currencies.dataset,
    "hanzi-readings": hanzi.dataset,
    "cities": cities.dataset,
    "airports": airports.dataset,
    "division-codes": divisions.dataset,
    "work-calendar": work_calendar.dataset,
}
"""Name in the address -> its table. Functions, since building one imports the package it is from."""

GRANTS: Mapping[str, tuple[DemoGrant, ...]] = {"bus-taps": bus_taps.GRANTS}
"""Name in the address -> who may read it besides its own body."""
