"""A call for needs of the invented city: one need answered, one that waits for the authority."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.config.demo import region
from wushu.opening import selectors, services
from wushu.opening.types import NeedAnswer, NeedGiven
from wushu.parties import selectors as parties

_ASKED = (
    NeedGiven("机场名录", "全国机场的名称、代码和位置", "出行应用的地点检索（虚构）"),
    NeedGiven("公共自行车站点实时车位", "每个站点的空余车位，每五分钟一次", "换乘导航（虚构）"),
)


def ask(answered_by: str) -> None:
    """Open a call, and let the analyst need two things; the dataset ``answered_by`` meets the first."""
    if selectors.need_calls():
        return
    reviewer = parties.actor_for_username(region.REVIEWER)
    analyst, today = parties.actor_for_username("analyst"), timezone.localdate()
    call = services.call_open(
        actor=reviewer, division=region.DIVISION, title="公共数据开放需求征集（虚构）",
        text="您需要哪些公共数据？请写明需要什么、做什么用。", begins=today,
        ends=today + timedelta(days=60),
    )  # fmt: skip
    met, _waiting = [
        services.need_submit(actor=analyst, call=call.id, given=one).id for one in _ASKED
    ]
    services.need_publish(actor=reviewer, need=met)
    answer = NeedAnswer("已经开放。", dataset=catalog.entry_by_slug(answered_by).id)
    services.need_answer(actor=reviewer, need=met, answer=answer)
