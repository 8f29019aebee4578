"""The datasets of the demonstration region, in the order in which they are filed."""

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
    "work-calendar": work_calendar.dataset,
    "division-codes": divisions.dataset,
    "airports": airports.dataset,
    "cities": cities.dataset,
    "hanzi-readings": hanzi.dataset,
    "currencies": currencies.dataset,
    "bus-taps": bus_taps.dataset,
    "marriage-registrations": marriages.dataset,
}
"""Name in the address -> its table. Functions, since building one imports the package it is from."""

GRANTS: Mapping[str, tuple[DemoGrant, ...]] = {"bus-taps": bus_taps.GRANTS}
"""Name in the address -> who may read it besides its own body."""
