"""The datasets of the demonstration region, in the order in which they are filed."""

from __future__ import annotations

from collections.abc import Callable

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
from wushu.config.demo.dataset import DemoDataset

DATASETS: tuple[Callable[[], DemoDataset], ...] = (
    work_calendar.dataset,
    divisions.dataset,
    airports.dataset,
    cities.dataset,
    hanzi.dataset,
    currencies.dataset,
    bus_taps.dataset,
    marriages.dataset,
)
"""Functions, since building a table imports the package it comes from."""
