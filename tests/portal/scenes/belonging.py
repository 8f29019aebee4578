"""What people marked and follow, and what the operator told everybody."""

from __future__ import annotations

from uuid import UUID

from tests.portal.scenes import HOSTILE, Scenes
from wushu.catalog import selectors as catalog
from wushu.opening import links, services
from wushu.opening.types import Channel, Component, IncidentStage, Target, TargetKind
from wushu.parties import selectors as parties
from wushu.parties.types import NODE


def belongings(made: Scenes) -> None:
    """What the citizen marked and follows: a mailbox that agreed, one that has not, a webhook."""
    citizen = parties.actor_for_username("citizen")
    for scene in ("stops", "sealed", "withdrawn", "hostile"):
        dataset = catalog.entry_by_slug(made.datasets[scene]).id
        services.favourite_add(actor=citizen, dataset=dataset)

    def follow(target: Target, channel: Channel, address: str) -> UUID:
        view, _secret = services.subscription_open(
            actor=citizen, channel=channel, target=target, address=address
        )
        return view.id

    body = Target(TargetKind.BODY, parties.organisation_by_code(made.code).id)
    stops = Target(TargetKind.DATASET, catalog.entry_by_slug(made.datasets["stops"]).id)
    search = Target(TargetKind.SEARCH, search={"q": HOSTILE[:60], "theme": "TRAN"})
    agreed = follow(stops, Channel.MAIL, "citizen@scenes.example")
    services.subscription_confirm(links.confirm_link(agreed).rpartition("/")[2])
    waiting = follow(body, Channel.MAIL, "other@scenes.example")
    follow(search, Channel.WEBHOOK, "https://hooks.scenes.example/wushu")
    made.subscriptions["stops"] = str(agreed)
    made.links["confirm"] = links.confirm_link(waiting).rpartition("/")[2]
    made.links["end"] = links.end_link(waiting).rpartition("/")[2]
    made.links["ended"] = links.end_link(UUID(int=1)).rpartition("/")[2]


def incidents(made: Scenes) -> None:
    """One that lasts, and one that is over."""
    for scene, title in (("open", HOSTILE[:90]), ("over", "检索暂停服务")):
        one = services.incident_open(
            actor=NODE, title_zh=title, title_en="", text_zh=f"{HOSTILE}\n正在排查。",
            components=[Component.SEARCH, Component.ROWS],
        )  # fmt: skip
        services.incident_update(
            actor=NODE, incident=one.id, stage=IncidentStage.WATCHING, text_zh="已修复，观察中。",
            text_en="Mended, being watched.",
        )  # fmt: skip
        made.incidents[scene] = str(one.id)
    services.incident_close(actor=NODE, incident=one.id, text_zh="恢复正常。")
