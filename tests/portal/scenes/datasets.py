"""Datasets in every standing the public meets, and how they are arranged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from tests.portal.scenes import HOSTILE
from tests.portal.scenes.steps import Steps
from wushu.catalog import selectors
from wushu.catalog import services as catalog_services
from wushu.catalog.types import Attribute, FieldSpec, GroupingKind, Words
from wushu.dataplane import services
from wushu.dataplane.types import GranteeKind, Watermark

STOPS = (
    "编号,站名,线路数,票价,启用日期,等级\n"
    "0101,火车站,12,2.00,2019-05-01,a\n"
    "0102,人民路,7,2.00,2020-01-15,b\n"
    "0103,市政府,9,2.00,,b\n"
    "0104,科技园,3,3.50,2021-09-30,c\n"
    "0105,湖滨,2,3.50,不详,c\n"
)
TAPS = "时间,线路,卡号\n2026-03-02 06:00,1,c0ffee\n2026-03-02 06:01,K2,decade\n"


class Datasets(Steps):
    def all(self) -> None:
        self.stops()
        self.shared()
        self.taps()
        self.bare()
        self.arranged()
        self.to_close()
        self.closed()
        self.hostile()

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
        self.made.revisions["decided"] = str(self.newest(entry).id)
        self.draft(entry, title_zh="公交站点（含夜班）", change_note="增加夜班线路")
        self.made.revisions["change"] = self.submit(entry)
        self.made.datasets["stops"] = entry.slug

    def shared(self) -> None:
        """The same columns in a dataset of another body; whose one of them is has been decided."""
        parks = Steps(self.people, self.made)
        parks.clerk, parks.body = self.people.keeper, self.people.parks
        entry = parks.create("shelters", self.metadata("候车亭", keywords=("候车",), theme="REGI"))
        parks.load(parks.look("shelters.csv", STOPS.encode()), entry)
        parks.list(entry)
        self.made.datasets["shared"] = entry.slug
        forests = Steps(self.people, self.made)
        forests.clerk, forests.body = self.people.forester, self.people.forests
        trees = forests.create("trees", forests.metadata("古树巡查", attribute=Attribute.CONDITIONAL,
                                                     conditions="对象：研究单位。"))  # fmt: skip
        forests.load(forests.look("trees.csv", TAPS.encode()), trees)
        forests.list(trees)
        self.made.datasets["trees"] = trees.slug
        reviewer = self.people.reviewer
        found = selectors.shared_items(actor=reviewer, division="329900")
        item = next(one.key for one in found if one.name == "站名")
        catalog_services.item_source_decide(
            actor=reviewer, item=item, body=self.body, reason=f"公交站点由其管理 {HOSTILE}"
        )

    def taps(self) -> None:
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
            actor=self.clerk, dataset=entry.id, grantee_kind=GranteeKind.ORGANISATION,
            grantee=self.people.enterprise, columns=["时间", "线路"], row_filter=[],
            purpose="客流研究", basis=f"urn:uuid:{entry.id}", valid_from=timezone.now(),
            valid_until=timezone.now() + timedelta(days=30), watermark=Watermark.ORDER,
        )  # fmt: skip
        self.made.grants["taps"] = str(given)
        self.made.datasets["taps"] = entry.slug

    def to_close(self) -> None:
        """Conditional, with rows that nobody holds a grant for: for a test to open and close."""
        metadata = self.metadata(
            "公交卡发行", attribute=Attribute.CONDITIONAL, conditions="对象：研究单位。"
        )
        entry = self.create("passes", metadata)
        self.load(self.look("passes.csv", TAPS.encode()), entry)
        self.list(entry)
        self.made.datasets["passes"] = entry.slug

    def bare(self) -> None:
        """Entries without rows: not opened, and conditional with data to come."""
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
        words = Words("婚姻登记历年", HOSTILE, "Marriages by year", HOSTILE)
        clerk, reviewer = self.people.clerk, self.people.reviewer
        series = catalog_services.series_propose(
            actor=clerk, body=self.body, words=words, slug="by-year"
        )
        for year, slug in (("2024", "marriages"), ("2025", "planned")):
            entry = selectors.entry_by_slug(self.made.datasets[slug])
            catalog_services.series_add(actor=clerk, series=series.id, entry=entry.id, period=year)
        catalog_services.series_list(actor=reviewer, series=series.id)
        catalog_services.series_propose(actor=clerk, body=self.body, words=words, slug="by-month")
        grouping = catalog_services.grouping_create(
            actor=reviewer, division="329900", kind=GroupingKind.BASE, slug="population",
            words=replace(words, title_zh="人口基础库"),
        )  # fmt: skip
        catalog_services.grouping_add(actor=reviewer, grouping=grouping.id, entry=entry.id)

    def closed(self) -> None:
        for slug, close in (
            ("sealed", catalog_services.entry_seal),
            ("withdrawn", catalog_services.entry_withdraw),
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
