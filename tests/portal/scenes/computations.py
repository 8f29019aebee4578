"""Programs that went to the data: one released, one that waits for an official, one that failed."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tests.portal.scenes import HOSTILE, Scenes
from tests.portal.scenes.people import People
from wushu.catalog import selectors as catalog
from wushu.dataplane import services as dataplane
from wushu.dataplane.types import Delivery, GranteeKind
from wushu.opening import services
from wushu.parties import selectors as parties


def computations(people: People, made: Scenes) -> None:
    """Of a citizen to whom the taps are open as results alone."""
    citizen = parties.actor_for_username("citizen")
    taps = catalog.entry_by_slug(made.datasets["taps"])
    dataplane.grant_write(
        actor=people.clerk, dataset=taps.id, grantee_kind=GranteeKind.PERSON,
        grantee=citizen.person, columns=None, row_filter=[], purpose=f"客流研究 {HOSTILE}",
        basis=f"urn:uuid:{taps.id}", valid_from=timezone.now() - timedelta(minutes=1),
        valid_until=timezone.now() + timedelta(days=30), delivery=Delivery.COMPUTED,
    )  # fmt: skip
    quoted = HOSTILE.replace("'", "''")
    for name, program in (
        ("released", "SELECT count(*) AS 次数 FROM data"),
        ("waiting", f"SELECT *, '{quoted}' AS 说明 FROM data"),
        ("failed", "SELECT 没有的列 FROM data"),
    ):
        one = services.computation_submit(actor=citizen, dataset=taps.id, program=program)
        services.computation_run(one.id)
        made.computations[name] = str(one.id)
        if name == "released":
            services.computation_release(
                actor=people.clerk, computation=one.id, reason=f"只有总数，可放行。{HOSTILE}"
            )
