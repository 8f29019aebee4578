"""Writes of this app."""

from __future__ import annotations

from wushu.opening.services.delivering import notices_send
from wushu.opening.services.events import events_fan_out, events_take
from wushu.opening.services.favourites import favourite_add, favourite_remove
from wushu.opening.services.incidents import incident_close, incident_open, incident_update
from wushu.opening.services.subscriptions import (
    subscription_ask_again,
    subscription_confirm,
    subscription_end,
    subscription_end_by_link,
    subscription_open,
)
from wushu.opening.services.sweeping import belongings_sweep, demand_refresh
from wushu.opening.services.transfer import staff_transfer

__all__ = [
    "belongings_sweep",
    "demand_refresh",
    "events_fan_out",
    "events_take",
    "favourite_add",
    "favourite_remove",
    "incident_close",
    "incident_open",
    "incident_update",
    "notices_send",
    "staff_transfer",
    "subscription_ask_again",
    "subscription_confirm",
    "subscription_end",
    "subscription_end_by_link",
    "subscription_open",
]
