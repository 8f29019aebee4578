"""Decisions of the harvest. Pure."""

from wushu.harvest.rules.identity import renamed
from wushu.harvest.rules.shrinking import is_suspicious
from wushu.harvest.rules.standing import (
    activation_obstacle,
    management_obstacle,
    require_activator,
    require_manager,
)

__all__ = [
    "activation_obstacle",
    "is_suspicious",
    "management_obstacle",
    "renamed",
    "require_activator",
    "require_manager",
]
