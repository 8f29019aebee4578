"""The datasets of the demonstration region, in the order in which they are filed.

The home page shows the newest first, so the tables most people know come last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from wushu.config.demo import (
    airports,
    bus_taps,
    cities,
    currencies,
    divisions,
    hanzi,
    holidays_abroad,
    lunar,
    marriages,
    phones,
    rates,
    readings,
    scenic_visits,
    small,
    work_calendar,
    world,
    writing,
)
from wushu.config.demo.dataset import DemoDataset, DemoGrant

DATASETS: Mapping[str, Callable[[], DemoDataset]] = {
    "marriage-registrations": marriages.dataset,
    "bus-taps": bus_taps.dataset,
    "scenic-visits": scenic_visits.dataset,
    "division-codes-2019": divisions.withdrawn,
    "work-calendar-2024": partial(work_calendar.of_year, 2024),
    "work-calendar-2025": partial(work_calendar.of_year, 2025),
    "work-calendar-2026": partial(work_calendar.of_year, 2026),
    "carrier-prefixes": phones.carriers,
    "calling-codes-abroad": phones.abroad,
    "holidays-abroad": holidays_abroad.abroad,
    "world-airports": world.world_airports,
    "world-cities": world.world_cities,
    "time-zones": small.time_zones,
    "languages": small.languages,
    "countries": world.countries,
    "currencies": currencies.dataset,
    "exchange-rates": rates.exchange_rates,
    "yuan-rates": rates.yuan_rates,
    "polyphone-words": readings.polyphone_words,
    "word-readings": readings.cedict_words,
    "standard-characters": readings.standard_characters,
    "traditional-characters": writing.traditional,
    "simplified-characters": writing.simplified,
    "simplified-traditional-words": writing.words,
    "hanzi-readings": hanzi.dataset,
    "emoji": small.emoji,
    "cities": cities.dataset,
    "airports": airports.dataset,
    "holidays-hong-kong-macao": holidays_abroad.nearby,
    "solar-terms": lunar.solar_terms,
    "lunar-calendar": lunar.days,
    "area-codes": phones.area_codes,
    "mobile-prefixes": phones.mobile_prefixes,
    "division-codes": divisions.dataset,
    "work-calendar": work_calendar.dataset,
}
"""Name in the address -> its table. Functions, since building one imports the package it is from."""

GRANTS: Mapping[str, tuple[DemoGrant, ...]] = {"bus-taps": bus_taps.GRANTS}
"""Name in the address -> who may read it besides its own body."""
