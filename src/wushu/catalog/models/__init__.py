"""Tables of the catalogue."""

from wushu.catalog.models.arrangements import (
    Derivation,
    Duty,
    Grouping,
    GroupingMember,
    ItemSource,
    Series,
    SeriesMember,
)
from wushu.catalog.models.corrections import Correction
from wushu.catalog.models.entries import Entry, Review, Revision, Version, new_salt
from wushu.catalog.models.figures import Assessed, Demand, Popularity

__all__ = [
    "Assessed",
    "Correction",
    "Demand",
    "Derivation",
    "Duty",
    "Entry",
    "Grouping",
    "GroupingMember",
    "ItemSource",
    "Popularity",
    "Review",
    "Revision",
    "Series",
    "SeriesMember",
    "Version",
    "new_salt",
]
