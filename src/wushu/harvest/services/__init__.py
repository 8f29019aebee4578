"""Writes of the harvest: may they? -> rules -> save -> evidence."""

from wushu.harvest.services.running import source_harvest, source_run_ask, sources_harvest_due
from wushu.harvest.services.sources import source_activate, source_propose, source_stop

__all__ = [
    "source_activate",
    "source_harvest",
    "source_propose",
    "source_run_ask",
    "source_stop",
    "sources_harvest_due",
]
