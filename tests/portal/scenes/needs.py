"""A call for needs: one need to look at, one declined, one handed over, one answered."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tests.portal.scenes import HOSTILE, Scenes
from tests.portal.scenes.people import People
from wushu.catalog import selectors as catalog
from wushu.opening import services
from wushu.opening.types import NeedAnswer, NeedGiven
from wushu.parties import selectors as parties


def needs(people: People, made: Scenes) -> None:
    """Asked for by the citizen."""
    today, citizen = timezone.localdate(), parties.actor_for_username("citizen")
    call = services.call_open(
        actor=people.reviewer, division="329900", title=f"需求征集 {HOSTILE}",
        text="您需要哪些公共数据？\n请写明用途。", begins=today, ends=today + timedelta(days=30),
    )  # fmt: skip
    made.needs["call"] = str(call.id)
    for name in ("waiting", "declined", "handed", "answered"):
        given = NeedGiven(
            f"停车场泊位 {HOSTILE}", "每个停车场的空余泊位", "停车诱导应用", people.transport
        )
        need = services.need_submit(actor=citizen, call=call.id, given=given).id
        made.needs[name] = str(need)
        if name == "declined":
            services.need_decline(actor=people.reviewer, need=need, reasons="含个人电话")
        elif name != "waiting":
            services.need_publish(actor=people.reviewer, need=need)
            services.need_hand_over(actor=people.reviewer, need=need, body=people.transport)
        if name == "answered":
            services.need_support(actor=people.clerk, need=need)
            listed = catalog.entry_by_slug(made.datasets["stops"]).id
            services.need_answer(
                actor=people.clerk, need=need, answer=NeedAnswer("已经开放。", dataset=listed)
            )
