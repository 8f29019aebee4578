"""A neighbour's catalogue, read."""

from __future__ import annotations

import json

from tests.portal.scenes import HOSTILE, Scenes
from wushu.harvest import selectors, services
from wushu.harvest.types import SourceKind
from wushu.kernel.outgoing.client import Answer
from wushu.parties import selectors as parties


class _Neighbour:
    """Answers like the neighbour's CKAN; a run asks it instead of the network."""

    def __init__(self, *packages: dict[str, object]) -> None:
        self.packages = packages

    def get(self, url: str, *, headers: object) -> object:
        result = {"count": len(self.packages), "results": list(self.packages)}
        body = json.dumps({"success": True, "result": result}).encode()
        return Answer(url, 200, {"content-type": "application/json"}, body)


def harvest(made: Scenes) -> None:
    """A neighbour's catalogue, read twice: records, one gone, one hostile; and a proposal."""
    steward, reviewer = (parties.actor_for_username(one) for one in ("steward", "reviewer"))
    for name in ("neighbour", "asked"):
        services.source_propose(
            actor=steward, name=name, kind=SourceKind.CKAN, url=f"https://{name}.example",
            title_zh="邻市公共数据目录", title_en="The neighbour's open data",
            reason="两市共用的交通数据。",
        )  # fmt: skip
    services.source_activate(actor=reviewer, name="neighbour")

    def package(identifier: str, title: str, text: str, **more: object) -> dict[str, object]:
        return {
            "id": identifier, "name": identifier, "title": title, "notes": text,
            "author": "邻市交通局", "tags": ["路网"], "license_title": "CC BY 4.0",
            "license_url": "https://creativecommons.org/licenses/by/4.0/",
            "resources": [
                {"name": "路网.csv", "url": "https://neighbour.example/1.csv", "format": "CSV"},
                {"name": "路网.shp", "url": "", "format": "SHP"},
            ],
            **more,
        }  # fmt: skip

    roads = package("roads", "两市路网", "道路的名称、等级和里程。")
    gone = package("gone", "两市渡口", "渡口的位置。")
    hostile = package(
        "hostile", HOSTILE, HOSTILE, author=HOSTILE, tags=[HOSTILE], license_url="javascript:alert(1)",
        license_title=HOSTILE, title_translated={"en": HOSTILE}, url="javascript:window.taken=1",
        metadata_modified=HOSTILE, extras=[{"key": "identifier", "value": HOSTILE}],
        resources=[{"name": HOSTILE, "url": "javascript:window.taken=1", "format": HOSTILE}],
    )  # fmt: skip
    clients = (_Neighbour(roads, gone, hostile), _Neighbour(roads, hostile))
    for client in clients:
        services.source_harvest(actor=steward, name="neighbour", client=client)  # type: ignore[arg-type]
        for one in selectors.records(source="neighbour").items:
            made.records[one.description.identifier] = str(one.id)
    services.source_harvest(actor=steward, name="neighbour", client=_Neighbour())  # type: ignore[arg-type]
