"""Tables of the data plane."""

from wushu.dataplane.models.derived import DailyKeyUse, DailyUse, Export
from wushu.dataplane.models.grants import Grant, Receipt
from wushu.dataplane.models.uploads import Load, Upload

__all__ = ["DailyKeyUse", "DailyUse", "Export", "Grant", "Load", "Receipt", "Upload"]
