"""What the node ends by itself: cases whose period of use is over."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from wushu.casework import selectors as casework
from wushu.casework import services as cases
from wushu.casework.services import Given
from wushu.casework.types import NODE_SEAT
from wushu.opening.models import Agreement
from wushu.opening.services.effects import EFFECTS
from wushu.parties.types import NODE


def cases_end_due(now: datetime | None = None) -> int:
    """End the cases whose agreement's last day has passed, by the step that is the node's; how many.

    Their grants have ended by themselves: nobody reads a moment longer, whenever this runs. A renewal
    counts once both have signed it; one that still waits for somebody ends with its case.
    """
    moment = now or timezone.now()
    renewals = Agreement.objects.filter(
        case=OuterRef("case"), number__gt=OuterRef("number"), grant__isnull=False
    )
    over = Agreement.objects.filter(
        ~Exists(renewals), ends_at__lte=moment, grant__isnull=False, ended_at=None
    )
    ended = 0
    for key in list(over.values_list("case", flat=True)):
        case = casework.case(key, actor=NODE)
        step = next((one for one in case.steps if NODE_SEAT in one.seats), None)
        if step is not None:
            cases.case_step(actor=NODE, case=key, step=step.id, given=Given({}),
                effects=EFFECTS[case.procedure.subject],
            )  # fmt: skip
            ended += 1
    return ended
