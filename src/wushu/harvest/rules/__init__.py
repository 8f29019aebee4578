"""Decisions of the harvest. Pure."""

from wushu.harvest.rules.identity import renamed
from wushu.harvest.rules.schedule import changed_since, due_since, is_overdue
from wushu.harvest.rules.shrinking import is_suspicious
from wushu.harvest.rules.standing import (
    ACTIVATE,
    HARVEST,
    STATE_WORDS,
    STOP,
    activation_obstacle,
    management_obstacle,
    require_activator,
    require_manager,
    require_state,
)

__all__ = [
    "ACTIVATE",
    "HARVEST",
    "STATE_WORDS",
    "STOP",
    "activation_obstacle",
    "changed_since",
    "due_since",
    "is_overdue",
    "is_suspicious",
    "management_obstacle",
    "renamed",
    "require_activator",
    "require_manager",
    "require_state",
]
