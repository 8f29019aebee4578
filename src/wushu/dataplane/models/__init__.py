"""Tables of the data plane."""

from wushu.dataplane.models.derived import DailyKeyUse, DailyUse, Export
from wushu.dataplane.models.grants import Grant, GrantUse, Receipt, Trace
from wushu.dataplane.models.uploads import Load, Upload

__all__ = [
    "DailyKeyUse",
    "DailyUse",
    "Export",
    "Grant",
    "GrantUse",
    "Load",
    "Receipt",
    "Trace",
    "Upload",
]
