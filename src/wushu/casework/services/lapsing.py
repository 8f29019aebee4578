"""What the node does where who filed has let their time pass."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.utils import timezone

from wushu.casework.selectors.telling import cases_left
from wushu.casework.services.cases import Given, case_step
from wushu.kernel.errors import Refusal
from wushu.parties.types import NODE


def cases_lapse(now: datetime | None = None) -> int:
    """Take the node's step in each case whose filer neither completed, signed nor asked in time; how many.

    Background work. Until it comes by, who filed can still act.
    """
    lapsed = 0
    for case, step in list(cases_left(now or timezone.now())):
        with suppress(Refusal):  # who filed has acted since
            case_step(actor=NODE, case=case, step=step, given=Given({}), effects={})
            lapsed += 1
    return lapsed
