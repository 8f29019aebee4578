"""Which rules apply in the invented city: real texts, adopted by invented decisions that say so.

Each step looks first whether it was done: what somebody published or adopted at the desk is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from wushu.casework import selectors as casework
from wushu.casework import services
from wushu.config.demo import region
from wushu.parties import selectors as parties
from wushu.parties.types import NODE


@dataclass(frozen=True, slots=True)
class DemoAdoption:
    """A place of the invented city applies a regulation from the day on which the demo is loaded."""

    key: str
    division: str
    decision: str
    years: int | None = None
    """For how long; None: until somebody ends it."""
    beyond: str = ""
    """Why it applies on days that the regulation does not give itself."""


ADOPTIONS = (
    DemoAdoption(
        "suzhou-public-data-opening-2023", region.DIVISION,
        "五数示范市数据局《关于参照苏州市公共数据开放实施细则（征求意见稿）试行的决定》，试行两年（虚构）",
        years=2,
        beyond="条文有效期至 2026 年 6 月 30 日，本决定在试行期内继续参照",
    ),
    DemoAdoption(
        "qingdao-public-data-management-2024", region.COUNTY,
        "五数示范市数据局《关于西山县参照青岛市公共数据管理办法办理公共数据校核的决定》（虚构）",
    ),
    DemoAdoption(
        "guizhou-data-sharing-opening-2020", region.SOUTH,
        "五数示范市数据局《关于南河县参照贵州省政府数据共享开放条例办理有条件开放数据申请的决定》（虚构）",
    ),
)  # fmt: skip
"""The counties follow other rules in what these have a procedure for, and the city's in all else."""


def apply() -> None:
    """Publish and adopt what is not yet."""
    for one in ADOPTIONS:
        if not casework.published(one.key):
            document = casework.read_folder(casework.REGULATIONS / one.key)
            services.regulation_publish(actor=NODE, document=document, file=one.key)
        if not casework.adoptions(one.division):
            begins = timezone.localdate()
            services.regulation_adopt(
                actor=parties.actor_for_username(region.REVIEWER),
                version=casework.published_version(one.key).id,
                division=one.division,
                begins=begins,
                ends=None if one.years is None else _last_day(begins, one.years),
                decision=one.decision,
                beyond=one.beyond,
            )


def _last_day(begins: date, years: int) -> date:
    """The day before the anniversary; of 29 February, 28 February."""
    if (begins.month, begins.day) == (2, 29):
        return begins.replace(year=begins.year + years, day=28)
    return begins.replace(year=begins.year + years) - timedelta(days=1)
