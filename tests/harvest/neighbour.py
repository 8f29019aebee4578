"""Fills and changes a node of its own, in a process of its own: the neighbour that is harvested.

``python -m tests.harvest.neighbour`` fills the node of ``WUSHU_HOME``; with ``change`` it then gives
one dataset a new title, withdraws one, seals one and lists a new one.
"""

from __future__ import annotations

import sys
from dataclasses import replace

DATASETS = 60
"""More than one page of DCAT and of OAI-PMH."""


def fill() -> None:
    from tests.catalog.conftest import METADATA, make_city
    from wushu.catalog.types import Attribute

    city = make_city()
    for number in range(DATASETS):
        changes = {"title_zh": f"数据集 {number:03}", "title_en": f"Dataset {number:03}"}
        if number % 10 == 1:
            changes |= {"attribute": Attribute.NONE, "attribute_basis": "《示例办法》第七条"}
        city.listed(replace(METADATA, **changes))


def change() -> None:
    from tests.catalog.conftest import METADATA, City
    from wushu.catalog import selectors, services
    from wushu.parties import selectors as parties

    bodies = {one.name_en: one for one in parties.organisations()}
    city = City(
        *(bodies[name] for name in ("Transport Bureau", "Health Commission", "Data Bureau"))
    )
    listed = {one.title_zh: one for one in selectors.entries_of_bodies(actor=city.clerk)}
    retitled = listed["数据集 003"]
    assert retitled.revision is not None
    services.revision_draft(
        actor=city.clerk, entry=retitled.id,
        metadata=replace(retitled.revision.metadata, title_zh="改了名的数据集"),
    )  # fmt: skip
    services.revision_submit(actor=city.clerk, revision=city.newest(retitled))
    services.revision_pass_gate(actor=city.reviewer, revision=city.newest(retitled))
    for name, close in (
        ("数据集 005", services.entry_withdraw), ("数据集 007", services.entry_seal),
    ):  # fmt: skip
        close(actor=city.clerk, entry=listed[name].id, reason="已停止采集", basis="第十二条")
    city.listed(replace(METADATA, title_zh="新增的数据集"))


def main() -> None:
    import django

    django.setup()
    from wushu.evidence import services as evidence

    if sys.argv[1:] == ["change"]:
        change()
    else:
        from tests.portal.scenes.people import initialise

        initialise()
        fill()
    evidence.sequence()
    sys.stdout.write("{}")


if __name__ == "__main__":
    main()
