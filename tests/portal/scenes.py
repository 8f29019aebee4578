"""One small node with every standing a page can show, made through the real services.

Run as a program it fills the node of ``WUSHU_HOME`` and prints where each scene stands, as JSON.
"""

from __future__ import annotations

import io
import json
import sys
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

PASSWORD = "paper-ink-and-a-seal"
HOSTILE = "<script>window.taken=1</script>\"'><img src=x onerror=window.taken=1>{{ 7|add:7 }}"

STOPS = (
    "编号,站名,线路数,票价,启用日期,等级\n"
    "0101,火车站,12,2.00,2019-05-01,a\n"
    "0102,人民路,7,2.00,2020-01-15,b\n"
    "0103,市政府,9,2.00,,b\n"
    "0104,科技园,3,3.50,2021-09-30,c\n"
    "0105,湖滨,2,3.50,不详,c\n"
)
TAPS = "时间,线路,卡号\n2026-03-02 06:00,1,c0ffee\n2026-03-02 06:01,K2,decade\n"


@dataclass
class Scenes:
    """Addresses of what was made: slugs, and ids as text."""

    code: str = ""
    datasets: dict[str, str] = field(default_factory=dict)
    loads: dict[str, str] = field(default_factory=dict)
    revisions: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)
    subscriptions: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    incidents: dict[str, str] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)


def fill() -> Scenes:
    """Fill an initialised, empty node."""
    from wushu.evidence import services as evidence

    made = Scenes()
    people = _people(made)
    _Desk(people, made).all()
    harvest(made)
    _belongings(made)
    _incidents(made)
    evidence.sequence()
    _corrections(made, people)
    evidence.sequence()
    return made


def _corrections(made: Scenes, people: _People) -> None:
    """A correction in force, and one that waits for its second person."""
    from wushu.catalog import selectors, services
    from wushu.evidence import selectors as evidence

    for name, act, by in (
        ("stops", "catalog.revision.listed", people.clerk),
        ("sealed", "catalog.entry.sealed", people.reviewer),
    ):
        entry = selectors.entry_by_slug(made.datasets[name])
        note = evidence.entry_of_act(entry.urn, act)
        assert note is not None
        assert note.index is not None
        done = services.act_correct(
            actor=by,  # type: ignore[arg-type]
            entry=entry.id,
            index=note.index,
            reason=f"名称写错了 {HOSTILE}",
            right="公交站点",
        )
        made.keys[f"act-{name}"] = str(note.index)
        made.keys[f"correction-{name}"] = str(done.id)


def initialise() -> None:
    from wushu.config.commands.node import prepare_database
    from wushu.evidence import services as evidence

    prepare_database()
    evidence.node_initialise(
        origin="scenes.example/log",
        identifier_base="http://scenes.example",
        region_zh="示例市",
        region_en="Sample City",
        division="329900",
    )


@dataclass
class _People:
    transport: UUID
    enterprise: UUID
    clerk: object
    reviewer: object


def _people(made: Scenes) -> _People:
    from wushu.parties import selectors, services
    from wushu.parties.types import NODE, OrganisationKind, Role

    def register(kind: OrganisationKind, code: str, zh: str, en: str, **more: str) -> UUID:
        return services.organisation_register(
            actor=NODE, kind=kind, code=code, name_zh=zh, name_en=en, division="329900", **more
        ).id

    department = OrganisationKind.DEPARTMENT
    authority = register(department, "11329900DEM0000146", "示例市数据局", "Data Bureau")
    transport = register(
        department, "11329900DEM000057K", "示例市交通运输局", "Transport Bureau",
        contact_name="综合运输科", contact_email="transport@scenes.example",
    )  # fmt: skip
    enterprise = register(
        OrganisationKind.ENTERPRISE, "91329900DEM001017E", "示例出行公司", "Sample Mobility"
    )
    services.organisation_place(actor=NODE, organisation=enterprise, above=transport)
    made.code = "11329900DEM000057K"

    def admit(username: str, name: str, organisation: UUID | None, role: Role | None) -> None:
        person = services.person_register(actor=NODE, name=name)
        if organisation is not None and role is not None:
            services.membership_grant(
                actor=NODE, person=person, organisation=organisation, role=role
            )
        services.account_create(actor=NODE, username=username, password=PASSWORD, person=person)

    admit("clerk", "陈路", transport, Role.OPENING_BODY)
    admit("reviewer", "周正", authority, Role.DATA_AUTHORITY)
    admit("steward", "孙理", authority, Role.PLATFORM_OPERATOR)
    admit("analyst", "冯远", enterprise, Role.DATA_USER)
    admit("citizen", "白雪", None, None)
    admit("besieged", "魏困", None, None)
    admit("careful", "沈慎", transport, Role.OPENING_BODY)
    _codes("careful", made)
    newcomer = services.person_register(actor=NODE, name="新来")
    begun = services.account_create(actor=NODE, username="newcomer", password=None, person=newcomer)
    ticket = services.password_link_issue(actor=NODE, account=begun)
    made.keys["begin"] = f"{begun}/{ticket}"
    clerk = selectors.actor_for_username("clerk")
    key, _secret = services.api_key_issue(
        actor=clerk, name="夜间报表", scopes=["rows:read"], password=PASSWORD
    )
    made.keys["live"] = str(key.id)
    gone, _secret = services.api_key_issue(
        actor=clerk, name=HOSTILE[:90], scopes=["rows:read"], password=PASSWORD
    )
    services.api_key_revoke(actor=clerk, key=gone.id)
    return _People(transport, enterprise, clerk, selectors.actor_for_username("reviewer"))


def _codes(username: str, made: Scenes) -> None:
    """Give an account one-time codes, with a code of the past minute so that the next one is new."""
    from datetime import UTC, datetime

    import pyotp

    from wushu.parties import selectors, services

    actor = selectors.actor_for_username(username)
    setup = services.totp_begin(actor=actor, password=PASSWORD)
    earlier = datetime.now(UTC) - timedelta(seconds=30)
    services.totp_confirm(
        actor=actor, ticket=setup.ticket, code=pyotp.TOTP(setup.secret).at(earlier)
    )
    made.secrets[username] = setup.secret


def _incidents(made: Scenes) -> None:
    """One that lasts, and one that is over."""
    from wushu.opening import services
    from wushu.opening.types import Component, IncidentStage
    from wushu.parties.types import NODE

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


def _belongings(made: Scenes) -> None:
    """What the citizen marked and follows: a mailbox that agreed, one that has not, a webhook."""
    from wushu.catalog import selectors as catalog
    from wushu.opening import links, services
    from wushu.opening.types import Channel, Target, TargetKind
    from wushu.parties import selectors as parties

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


class _Desk:
    def __init__(self, people: _People, made: Scenes) -> None:
        self.people = people
        self.made = made

    def all(self) -> None:
        self.stops()
        self.taps()
        self.bare()
        self.arranged()
        self.to_close()
        self.closed()
        self.hostile()
        self.at_work()

    def metadata(self, title: str, **more: object):  # type: ignore[no-untyped-def]
        from wushu.catalog.types import Attribute, Metadata

        plain = Metadata(
            title_zh=title,
            title_en=f"{title} (in English)",
            description_zh=f"{title}：全市公交站点的编号、名称和线路数，每月更新。",
            description_en="Bus stops of the city with their number, name and lines.",
            attribute=Attribute.UNCONDITIONAL,
            attribute_reason="公共服务信息，不涉及秘密和个人信息。",
            attribute_basis="《示例办法》第七条",
            keywords=("公交", "bus"),
            theme="TRAN",
            update_cycle="MONTHLY",
            spatial="329900",
            temporal_start=date(2026, 1, 1),
            licence="https://creativecommons.org/licenses/by/4.0/",
            source_note="公交调度系统",
        )
        return replace(plain, **more)

    def stops(self) -> None:
        """Listed in two versions, with rejected rows, empty cells, codes; and a change in review."""
        entry = self.create("stops", self.metadata("公交站点"))
        load = self.look("stops.csv", STOPS.encode("gb18030"))
        self.made.loads["loaded"] = str(self.load(load, entry))
        self.list(entry)
        self.load(
            self.look("站点 2.csv", (STOPS + "0106,会展中心,4,2.00,2026-01-01,a\n").encode()), entry
        )
        self.list(entry)
        self.made.revisions["decided"] = self.revision(entry)
        self.draft(entry, title_zh="公交站点（含夜班）", change_note="增加夜班线路")
        self.made.revisions["change"] = self.submit(entry)
        self.made.datasets["stops"] = entry.slug

    def taps(self) -> None:
        from django.utils import timezone

        from wushu.catalog.types import Attribute
        from wushu.dataplane import services
        from wushu.dataplane.types import GranteeKind

        entry = self.create(
            "taps",
            self.metadata(
                "公交刷卡", attribute=Attribute.CONDITIONAL, conditions="对象：研究单位。",
                synthetic=True,
            ),
        )  # fmt: skip
        self.load(self.look("taps.csv", TAPS.encode()), entry)
        self.list(entry)
        given = services.grant_write(
            actor=self.people.clerk, dataset=entry.id, grantee_kind=GranteeKind.ORGANISATION,
            grantee=self.people.enterprise, columns=["时间", "线路"], row_filter=[],
            purpose="客流研究", basis=f"urn:uuid:{entry.id}", valid_from=timezone.now(),
            valid_until=timezone.now() + timedelta(days=30),
        )  # fmt: skip
        self.made.grants["taps"] = str(given)
        self.made.datasets["taps"] = entry.slug

    def to_close(self) -> None:
        """Conditional, with rows that nobody holds a grant for: for a test to open and close."""
        from wushu.catalog.types import Attribute

        metadata = self.metadata(
            "公交卡发行", attribute=Attribute.CONDITIONAL, conditions="对象：研究单位。"
        )
        entry = self.create("passes", metadata)
        self.load(self.look("passes.csv", TAPS.encode()), entry)
        self.list(entry)
        self.made.datasets["passes"] = entry.slug

    def bare(self) -> None:
        """Entries without rows: not opened, and conditional with data to come."""
        from wushu.catalog.types import Attribute, FieldSpec

        for slug, attribute in (("marriages", Attribute.NONE), ("planned", Attribute.CONDITIONAL)):
            entry = self.create(
                slug,
                self.metadata("婚姻登记", attribute=attribute, conditions="对象：研究单位。"),
                [FieldSpec(name="登记机关", description="办理登记的机关")],
            )
            self.list(entry)
            self.made.datasets[slug] = entry.slug

    def arranged(self) -> None:
        """A listed series of two entries, one that waits, and a base database; with markup."""
        from wushu.catalog import selectors, services
        from wushu.catalog.types import GroupingKind, Words

        words = Words("婚姻登记历年", HOSTILE, "Marriages by year", HOSTILE)
        clerk, reviewer = self.people.clerk, self.people.reviewer
        series = services.series_propose(
            actor=clerk, body=self.people.transport, words=words, slug="by-year"
        )
        for year, slug in (("2024", "marriages"), ("2025", "planned")):
            entry = selectors.entry_by_slug(self.made.datasets[slug])
            services.series_add(actor=clerk, series=series.id, entry=entry.id, period=year)
        services.series_list(actor=reviewer, series=series.id)
        services.series_propose(
            actor=clerk, body=self.people.transport, words=words, slug="by-month"
        )
        grouping = services.grouping_create(
            actor=reviewer, division="329900", kind=GroupingKind.BASE, slug="population",
            words=replace(words, title_zh="人口基础库"),
        )  # fmt: skip
        services.grouping_add(actor=reviewer, grouping=grouping.id, entry=entry.id)

    def closed(self) -> None:
        from wushu.catalog import services

        for slug, close in (
            ("sealed", services.entry_seal),
            ("withdrawn", services.entry_withdraw),
        ):
            entry = self.create(slug, self.metadata("停车记录"))
            self.load(self.look("parking.csv", STOPS.encode()), entry)
            self.list(entry)
            close(
                actor=self.people.reviewer, entry=entry.id,
                reason="有人提出侵害隐私，正在核实", basis="《示例办法》第十二条",
            )  # fmt: skip
            self.made.datasets[slug] = entry.slug

    def hostile(self) -> None:
        """Markup in every text field that takes text."""
        from wushu.catalog.types import FieldSpec

        texts = (
            "title_zh", "title_en", "description_zh", "description_en", "attribute_reason",
            "attribute_basis", "conditions", "licence_note", "source_note", "change_note",
        )  # fmt: skip
        named = self.metadata("x", **dict.fromkeys(texts, HOSTILE))
        named = replace(
            named, keywords=(HOSTILE[:60],), contact_name=HOSTILE[:90],
            contact_phone="<i>1</i>",
        )  # fmt: skip
        column = FieldSpec(
            name=HOSTILE[:60], title_zh=HOSTILE, title_en=HOSTILE, unit=HOSTILE[:90],
            description=HOSTILE, null_meaning=HOSTILE, code_list=((HOSTILE[:30], HOSTILE),),
        )  # fmt: skip
        entry = self.create("hostile", named, [column])
        quoted = '"' + HOSTILE.replace('"', '""') + '"'
        header = '"' + HOSTILE[:60].replace('"', '""') + '"'
        upload = self.look("a'&amp;b.csv", f"{header}\n{quoted}\n".encode())
        self.load(upload, entry, [column])
        self.list(entry)
        self.made.datasets["hostile"] = entry.slug

    def at_work(self) -> None:
        """Drafts, a return, and loads in each state."""
        draft = self.create("draft", self.metadata("夜班线路", attribute_reason=""))
        self.made.datasets["draft"] = draft.slug
        returned = self.create("returned", self.metadata("公交专用道"))
        self.load(self.look("lanes.csv", STOPS.encode()), returned)
        revision = self.submit(returned)
        from wushu.catalog import services

        services.revision_return(
            actor=self.people.reviewer, revision=UUID(revision), reasons="一、请写明数据来源。"
        )
        self.made.datasets["returned"] = returned.slug
        waiting = self.create("waiting", self.metadata("公交场站"))
        self.load(self.look("depots.csv", STOPS.encode()), waiting)
        self.made.revisions["waiting"] = self.submit(waiting)
        self.made.datasets["waiting"] = waiting.slug
        phones = self.create("phones", self.metadata("服务点电话"))
        numbers = "编号,值班手机\n1,13812345678\n2,13987654321\n3,13711112222\n"
        self.load(self.look("phones.csv", numbers.encode()), phones)
        self.made.revisions["personal"] = self.submit(phones)
        self.made.loads["received"] = str(self.receive("新线路.csv", STOPS.encode()))
        self.made.loads["undecided"] = str(self.look("地名.csv", "name\n栲栳鎮\n".encode("big5")))
        people = "姓名,身份证号\n张三,11010519491231002X\n李四,440524188001010014\n"
        self.made.loads["found"] = str(self.look("人员.csv", people.encode()))
        self.made.loads["columns"] = str(self.look("列.csv", "编号,日期\n1,2026-01-02\n".encode()))
        self.made.loads["headers"] = str(self.look("表头.csv", b"a,a,\n1,2,3\n"))
        self.made.loads["queued"] = str(self.confirm(self.look("a.csv", STOPS.encode()), draft))
        self.made.loads["failed"] = str(self.look("图片.csv", bytes(range(256)) * 8))

    # Single steps

    def create(self, slug: str, metadata, fields=()):  # type: ignore[no-untyped-def]
        from wushu.catalog import services

        return services.entry_create(
            actor=self.people.clerk, body=self.people.transport, slug=slug, metadata=metadata,
            fields=list(fields),
        )  # fmt: skip

    def receive(self, name: str, content: bytes) -> UUID:
        from wushu.dataplane import services

        return services.upload_receive(
            actor=self.people.clerk, body=self.people.transport, name=name,
            stream=io.BytesIO(content), enqueue=False,
        ).load  # fmt: skip

    def look(self, name: str, content: bytes) -> UUID:
        from wushu.dataplane import services

        load = self.receive(name, content)
        services.load_inspect(load)
        return load

    def confirm(self, load: UUID, entry, fields=None) -> UUID:  # type: ignore[no-untyped-def]
        from wushu.catalog.types import FieldType
        from wushu.dataplane import selectors, services

        found = selectors.load(load, actor=self.people.clerk).found
        known = {
            "编号": {"key": True},
            "线路数": {"type": FieldType.INTEGER, "unit": "条"},
            "启用日期": {
                "type": FieldType.DATE, "format": "%Y-%m-%d", "null_meaning": "尚未启用 / not in use yet",
            },
            "等级": {"code_list": (("a", "枢纽站 / hub"), ("b", "干线站"), ("c", "支线站"))},
        }  # fmt: skip
        proposed = [
            replace(one.proposal, **known.get(one.proposal.name, {})) for one in found.columns
        ]
        services.load_confirm(
            actor=self.people.clerk, load=load, fields=list(fields or proposed), entry=entry.id,
            enqueue=False,
        )  # fmt: skip
        return load

    def load(self, load: UUID, entry, fields=None) -> UUID:  # type: ignore[no-untyped-def]
        from wushu.dataplane import selectors, services
        from wushu.dataplane.types import UploadState

        self.confirm(load, entry, fields)
        services.load_run(load)
        done = selectors.load(load, actor=self.people.clerk)
        if done.state is not UploadState.LOADED:
            raise RuntimeError(f"the scene {entry.slug} was not loaded: {done.refusal}")
        return load

    def draft(self, entry, **changes: object) -> None:  # type: ignore[no-untyped-def]
        from wushu.catalog import selectors, services

        newest = selectors.entry_by_id(entry.id, actor=self.people.clerk).revision
        services.revision_draft(
            actor=self.people.clerk, entry=entry.id, metadata=replace(newest.metadata, **changes)
        )

    def revision(self, entry) -> str:  # type: ignore[no-untyped-def]
        from wushu.catalog import selectors

        return str(selectors.entry_by_id(entry.id, actor=self.people.clerk).revision.id)

    def submit(self, entry) -> str:  # type: ignore[no-untyped-def]
        from wushu.catalog import services

        revision = self.revision(entry)
        services.revision_submit(actor=self.people.clerk, revision=UUID(revision))
        return revision

    def list(self, entry) -> None:  # type: ignore[no-untyped-def]
        from wushu.dataplane import services

        services.revision_list(actor=self.people.reviewer, revision=UUID(self.submit(entry)))


class _Neighbour:
    """Answers like the neighbour's CKAN; a run asks it instead of the network."""

    def __init__(self, *packages: dict[str, object]) -> None:
        self.packages = packages

    def get(self, url: str, *, headers: object) -> object:
        from wushu.kernel.outgoing.client import Answer

        result = {"count": len(self.packages), "results": list(self.packages)}
        body = json.dumps({"success": True, "result": result}).encode()
        return Answer(url, 200, {"content-type": "application/json"}, body)


def harvest(made: Scenes) -> None:
    """A neighbour's catalogue, read twice: records, one gone, one hostile; and a proposal."""
    from wushu.harvest import selectors, services
    from wushu.harvest.types import SourceKind
    from wushu.parties import selectors as parties

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


def main() -> None:
    import django

    django.setup()
    initialise()
    sys.stdout.write(json.dumps(asdict(fill())))


if __name__ == "__main__":
    main()
