"""What an audit can find wrong, by name, in two languages."""

from __future__ import annotations

from dataclasses import dataclass

from wushu.kernel.errors import Language


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as the log says."""

    kind: str
    """Stable name, ``words-with-hyphens``."""
    where: str
    """What is wrong: a row, an entry, a file."""
    message: str
    """English sentence."""
    message_zh: str = ""

    def sentence(self, language: Language = "zh") -> str:
        """The sentence in the language."""
        return self.message_zh if language == "zh" and self.message_zh else self.message

    def as_json(self) -> dict[str, str]:
        """For ``--json``."""
        return {
            "kind": self.kind, "where": self.where, "en": self.message, "zh": self.message_zh,
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.message}"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One word of the audit's vocabulary; calling it makes the fault."""

    name: str
    zh: str
    en: str

    def __call__(self, where: str, **facts: object) -> Fault:
        """Say the fault of a place; ``KeyError`` when a fact is missing."""
        return Fault(self.name, where, self.en.format_map(facts), self.zh.format_map(facts))


NODE_CHANGED = FaultKind(
    "node-changed",
    "节点的“{field}”与初始化记录不一致。",
    "{field} of the node differs from the act of its initialisation.",
)
NODE_MISSING = FaultKind(
    "node-missing",
    "找不到节点的初始化记录。",
    "the node or the act of its initialisation is missing.",
)
KEY_WRONG = FaultKind("key-wrong", "{zh}", "{en}")
CHECKPOINT_WRONG = FaultKind("checkpoint-wrong", "检查点有误：{reason_zh}。", "{reason_en}.")
CHECKPOINT_LOST = FaultKind(
    "checkpoint-lost",
    "检查点的次序断了：{previous} 条之后应是 {expected} 条。",
    "the row says {previous} came before it, the database has {expected}.",
)
ROOT_DIFFERS = FaultKind(
    "root-differs",
    "前 {size} 条记录算出的根与检查点不同。",
    "the first {size} entries give another root than the checkpoint.",
)
ENTRY_MISSING = FaultKind(
    "entry-missing", "数据库里没有这条记录。", "the database lacks this entry of the log."
)
ENTRY_CHANGED = FaultKind(
    "entry-changed", "数据库里的记录与日志不同。", "the database's entry differs from the log."
)
ENTRY_MALFORMED = FaultKind(
    "entry-malformed", "记录读不懂：{reason_zh}。", "the entry cannot be read: {reason_en}."
)
ENTRY_FIELD_CHANGED = FaultKind(
    "entry-field-changed",
    "列“{field}”与记录内容不一致。",
    "the column {field} differs from what the entry says.",
)
TILE_MISSING = FaultKind("tile-missing", "缺少树文件。", "the file is missing.")
TILE_CHANGED = FaultKind(
    "tile-changed",
    "树文件与记录不符（第 {first} 至 {last} 条）。",
    "the file does not fit the entries {first} to {last}.",
)
FILE_UNKNOWN = FaultKind(
    "file-unknown", "这个文件不属于日志。", "the file does not belong to the log."
)
DETAIL_MISSING = FaultKind(
    "detail-missing",
    "缺少第 {entry} 条记录的明细。",
    "the detail of entry {entry} is missing.",
)
DETAIL_CHANGED = FaultKind(
    "detail-changed",
    "明细内容与其散列值不符。",
    "the content does not have the hash it is kept under.",
)
SALT_MISSING = FaultKind(
    "salt-missing",
    "第 {entry} 条记录的盐不在，也没有销毁记录。",
    "the salt of entry {entry} is gone and no act says it was destroyed.",
)
SALT_CHANGED = FaultKind(
    "salt-changed", "第 {entry} 条记录的盐被改动。", "the salt of entry {entry} was changed."
)
SALT_UNKNOWN = FaultKind(
    "salt-unknown",
    "第 {entry} 条记录没有提到这一行。",
    "entry {entry} says nothing of this row.",
)
ROW_CHANGED = FaultKind(
    "row-changed",
    "这一行与第 {entry} 条记录（{act}）不符。",
    "the row differs from what entry {entry} ({act}) recorded.",
)
ROW_MISSING = FaultKind(
    "row-missing",
    "第 {entry} 条记录（{act}）写过这一行，库里没有，也没有删除记录。",
    "entry {entry} ({act}) recorded the row; it is gone and no act deleted it.",
)
ROW_REAPPEARED = FaultKind(
    "row-reappeared",
    "第 {entry} 条记录（{act}）删除了这一行，它又出现了。",
    "entry {entry} ({act}) deleted the row; it is there again.",
)
ROW_UNRECORDED = FaultKind(
    "row-unrecorded", "没有任何记录写过这一行。", "no act of the log wrote this row."
)
ROW_LOST = FaultKind(
    "row-lost",
    "第 {entry} 条记录（{act}）对这一行的改动随旧备份丢失。",
    "what entry {entry} ({act}) did to the row was lost with a restored backup.",
)
ROW_UNPROVABLE = FaultKind(
    "row-unprovable",
    "第 {entry} 条记录（{act}）的盐不在，这一行无法核对。",
    "the salt of entry {entry} ({act}) is gone, so the row cannot be checked.",
)
ROW_UNREADABLE = FaultKind("row-unreadable", "这一行读不出来：{reason}。", "unreadable: {reason}.")
LOG_SHRANK = FaultKind(
    "log-shrank",
    "日志有 {size} 条，而上次核验时有 {before} 条。",
    "the log has {size} entries; it had {before} when it was last verified.",
)
LOG_REWRITTEN = FaultKind(
    "log-rewritten",
    "前 {before} 条记录与上次核验时不同。",
    "the first {before} entries are not those that were verified last time.",
)
PROOF_MISSING = FaultKind(
    "proof-missing",
    "这一行没有带存证。",
    "the line carries no act of the log.",
)
PROOF_WRONG = FaultKind("proof-wrong", "存证不成立：{reason_zh}。", "{reason_en}.")
TOLD_OTHERWISE = FaultKind(
    "told-otherwise",
    "这一行所写的“{field}”与存证第 {entry} 条不符。",
    "what the line says of {field} is not what entry {entry} says.",
)
