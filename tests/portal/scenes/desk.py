"""What officials work on: drafts, a return, files in each state, corrections."""

from __future__ import annotations

from uuid import UUID

from tests.portal.scenes import HOSTILE
from tests.portal.scenes.datasets import STOPS
from tests.portal.scenes.steps import Steps
from wushu.catalog import selectors, services
from wushu.evidence import selectors as evidence


class Desk(Steps):
    def at_work(self) -> None:
        """Drafts, a return, and loads in each state."""
        draft = self.create("draft", self.metadata("夜班线路", attribute_reason=""))
        self.made.datasets["draft"] = draft.slug
        returned = self.create("returned", self.metadata("公交专用道"))
        self.load(self.look("lanes.csv", STOPS.encode()), returned)
        revision = self.submit(returned)
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
        # Nobody goes on with this one: it waits in the inbox whatever other tests confirm.
        self.made.loads["waiting"] = str(self.look("线路.csv", "编号,线路\n1,K2\n".encode()))
        self.made.loads["columns"] = str(self.look("列.csv", "编号,日期\n1,2026-01-02\n".encode()))
        self.made.loads["headers"] = str(self.look("表头.csv", b"a,a,\n1,2,3\n"))
        self.made.loads["queued"] = str(self.confirm(self.look("a.csv", STOPS.encode()), draft))
        self.made.loads["failed"] = str(self.look("图片.csv", bytes(range(256)) * 8))

    def corrections(self) -> None:
        """A correction in force, and one that waits for its second person."""
        for name, act, by in (
            ("stops", "catalog.revision.listed", self.people.clerk),
            ("sealed", "catalog.entry.sealed", self.people.reviewer),
        ):
            entry = selectors.entry_by_slug(self.made.datasets[name])
            note = evidence.entry_of_act(entry.urn, act)
            assert note is not None
            assert note.index is not None
            done = services.act_correct(
                actor=by, entry=entry.id, index=note.index, reason=f"名称写错了 {HOSTILE}",
                right="公交站点",
            )  # fmt: skip
            self.made.keys[f"act-{name}"] = str(note.index)
            self.made.keys[f"correction-{name}"] = str(done.id)
