"""What a read is made of: conditions, queries, access, and every "no" a reader may meet."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import accumulate
from typing import Any
from uuid import UUID

from wushu.dataplane.types import NO_QUOTA, Delivery, Quota, Watermark
from wushu.kernel.errors import Said, kind
from wushu.privacy.types import Mask


class Op(StrEnum):
    """Comparisons of a filter. Empty values match only ``null``."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    IN = "in"
    PREFIX = "prefix"  # text only
    CONTAINS = "contains"  # text only
    NULL = "null"  # the value is "true" or "false"


OP_WORDS: Mapping[Op, Said] = {
    Op.EQ: Said("等于", "is"),
    Op.NE: Said("不等于", "is not"),
    Op.LT: Said("小于", "is less than"),
    Op.LE: Said("不大于", "is at most"),
    Op.GT: Said("大于", "is more than"),
    Op.GE: Said("不小于", "is at least"),
    Op.IN: Said("为其中之一：", "is one of"),
    Op.PREFIX: Said("开头是", "begins with"),
    Op.CONTAINS: Said("包含", "contains"),
    Op.NULL: Said("为空", "is empty"),
}


class Format(StrEnum):
    """Forms in which rows are delivered."""

    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"
    XML = "xml"
    ARROW = "arrow"
    TURTLE = "ttl"
    GEOJSON = "geojson"


class Surface(StrEnum):
    """Where rows can be read; receipts name it."""

    ROWS = "rows"
    DOWNLOAD = "download"
    DELTA = "delta"
    CKAN = "ckan"
    PAGE = "page"
    COMPUTATION = "computation"


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison: ``values`` has one text, for ``in`` one or more. Texts are in JSON form."""

    column: str
    op: Op
    values: tuple[str, ...]

    @property
    def words(self) -> Said:
        """The condition as a sentence says it: 区 等于 姑苏区."""
        if self.op is Op.NULL:
            empty = self.values == ("true",)
            zh, en = ("为空", "is empty") if empty else ("不为空", "is not empty")
            return Said(f"{self.column}{zh}", f"{self.column} {en}")
        op = OP_WORDS[self.op]
        zh, en = "、".join(self.values), ", ".join(self.values)
        return Said(f"{self.column}{op.zh}{zh}", f"{self.column} {op.en} {en}")

    def as_json(self) -> dict[str, Any]:
        """The form stored in a grant's ``row_filter``."""
        return {"column": self.column, "op": self.op.value, "values": list(self.values)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Condition:
        """Read the stored form; ``KeyError`` or ``ValueError`` when it is none."""
        return cls(str(stored["column"]), Op(stored["op"]), tuple(str(v) for v in stored["values"]))


@dataclass(frozen=True, slots=True)
class SortKey:
    """One column of the order. Empty values come last in both directions."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class RowsQuery:
    """What is asked of one version; an empty ``columns`` means all that the grant allows."""

    columns: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    order: tuple[SortKey, ...] = ()
    limit: int = 100
    offset: int = 0
    text: str = ""
    """Rows in which some text column contains this, whatever the case of Latin letters."""


@dataclass(frozen=True, slots=True)
class Access:
    """The selector's yes: which version, which of its columns and rows, by which grant."""

    dataset: UUID
    slug: str
    title: str
    version: UUID
    number: int
    manifest_sha256: str
    grant: UUID
    public: bool
    """The grant is for everybody: no receipt, caches may keep the answer."""
    columns: tuple[str, ...] | None
    """Names the grant allows; None: all."""
    row_filter: tuple[Condition, ...]
    """Conditions every row delivered fulfils."""
    actor: str = ""
    """URN of who reads; empty: nobody in particular."""
    watermark: Watermark = Watermark.NONE
    """How a download under the grant is marked."""
    masks: tuple[Mask, ...] = ()
    """Columns that are shown otherwise than they are."""
    reading: str = ""
    """Who reads for what: pseudonyms are the same for the same reader and purpose."""
    quota: Quota = NO_QUOTA

    @property
    def whole(self) -> bool:
        """All columns and all rows, as they are."""
        return self.columns is None and not self.row_filter and not self.masks

    @property
    def content(self) -> tuple[Any, ...]:
        """What decides which values are read, and how they are shown."""
        return (self.version, self.columns, self.row_filter, self.masks, self.reading)

    @property
    def content_json(self) -> list[Any]:
        """The same for a validator (RFC 9110, 8.8): plain values that outlive the process."""
        masked = [[one.as_json() for one in self.masks], self.reading] if self.masks else []
        filtered = [one.as_json() for one in self.row_filter]
        return [self.manifest_sha256, self.columns, filtered, *masked]


@dataclass(frozen=True, slots=True)
class RowsPage:
    """Rows of one page, each as JSON text in the order asked for."""

    rows: list[bytes | memoryview]
    positions: list[int]
    """Places of the rows in the version, from 0."""
    more: bool
    """There are rows after the last one."""
    total: int | None
    """Rows that match, where that was cheap to know."""
    exact: bool = True
    """False: there are more rows than ``total``."""
    cut: bool = False
    """It ends before ``limit`` because its rows are long."""

    @property
    def size(self) -> int:
        """Bytes of its rows."""
        return sum(map(len, self.rows))

    def within(self, most: int) -> RowsPage:
        """The page, or its beginning of at most so many bytes, one row at least."""
        if self.size <= most:
            return self
        kept = max(1, bisect_right(list(accumulate(map(len, self.rows))), most))
        if kept == len(self.rows):
            return self
        return replace(
            self, rows=self.rows[:kept], positions=self.positions[:kept], more=True, cut=True
        )


@dataclass(frozen=True, slots=True)
class CandidateGrant:
    """A grant that is in force and is for this reader; one of them is chosen."""

    id: UUID
    public: bool
    columns: tuple[str, ...] | None
    row_filter: tuple[Condition, ...] = ()
    valid_until: datetime | None = None
    watermark: Watermark = Watermark.NONE
    masks: tuple[Mask, ...] = ()
    reading: str = ""
    quota: Quota = NO_QUOTA
    delivery: Delivery = Delivery.ROWS


DATASET_NOT_FOUND = kind(
    "dataset-not-found",
    404,
    zh="目录中没有已公布的数据集“{dataset}”。",
    en="The catalogue lists no dataset “{dataset}”.",
    way_out_zh="请在 /datasets 中查找名称。",
    way_out_en="Look up the name at /datasets.",
)
DATASET_HAS_NO_DATA = kind(
    "dataset-has-no-data",
    404,
    zh="数据集“{dataset}”目前只有目录信息，没有数据。",
    en="The dataset “{dataset}” has only a catalogue entry so far, no data.",
    way_out_zh="请联系其页面上的数据开放主体。",
    way_out_en="Ask the body named on its page.",
)
VERSION_NOT_FOUND = kind(
    "version-not-found",
    404,
    zh="数据集“{dataset}”没有已公布的第 {version} 版。",
    en="The dataset “{dataset}” has no published version {version}.",
    way_out_zh="请在数据集页面查看各版本，或去掉 version 参数取最新版。",
    way_out_en="See its versions on the dataset's page, or leave version out for the newest.",
)
VERSION_NOT_PUBLIC = kind(
    "version-not-public",
    403,
    zh="数据集“{dataset}”第 {version} 版公布时不是无条件开放，后来的开放决定不包括它。",
    en="Version {version} of the dataset “{dataset}” was not listed as open to everybody; the later "
    "decision to open the dataset does not cover it.",
    way_out_zh="请去掉 version 参数取最新版；需要这一版的，请向数据开放主体申请。",
    way_out_en="Leave version out for the newest; if you need this one, apply to the body that opens it.",
)
DATASET_SEALED = kind(
    "dataset-sealed",
    451,
    zh="数据集“{dataset}”已封存，暂不能读取：{reason}",
    en="The dataset “{dataset}” is sealed and cannot be read: {reason}",
    way_out_zh="依据见数据集页面；可向公共数据主管部门询问何时恢复。",
    way_out_en="The basis is on its page; ask the data authority when it will be restored.",
)
DATASET_WITHDRAWN = kind(
    "dataset-withdrawn",
    410,
    zh="数据集“{dataset}”已撤回：{reason}",
    en="The dataset “{dataset}” was withdrawn: {reason}",
    way_out_zh="依据见数据集页面；请改用其他数据集。",
    way_out_en="The basis is on its page; use another dataset.",
)
NO_GRANT = kind(
    "no-grant",
    403,
    zh="读取数据集“{dataset}”需要授权，{who}没有。",
    en="Reading the dataset “{dataset}” needs a grant, and {who} has none.",
    way_out_zh="{conditions_zh}请以获得授权的账号登录或使用其 API 密钥，或向数据开放主体申请。",
    way_out_en="{conditions_en}Sign in with or use the API key of an account that holds a grant, or "
    "apply to the body that opens it.",
)
GRANT_UNKNOWN = kind(
    "grant-unknown",
    403,
    zh="您可用的授权中没有 {grant}。",
    en="Among the grants that are yours to use there is no {grant}.",
    way_out_zh="请核对授权编号，或去掉 grant 参数，使用您范围最大的授权。",
    way_out_en="Check its number, or leave grant out: the widest of your grants is then used.",
)
GRANT_DELIVERS_RESULTS = kind(
    "grant-delivers-results",
    403,
    zh="{who}对数据集“{dataset}”的授权只交付计算结果，数据行不出域。",
    en="The grant of {who} for the dataset “{dataset}” delivers results of computations; its rows stay "
    "where they are.",
    way_out_zh="请在 /datasets/{dataset}/compute 提交计算程序，结果经数据开放主体审核后下载。",
    way_out_en="Hand in a program at /datasets/{dataset}/compute; its result is downloaded once an "
    "official of the opening body has released it.",
)
GRANT_DELIVERS_ROWS = kind(
    "grant-delivers-rows",
    409,
    zh="{who}对数据集“{dataset}”的授权直接交付数据行，不用提交计算程序。",
    en="The grant of {who} for the dataset “{dataset}” delivers its rows: no program is handed in.",
    way_out_zh="请在数据页直接下载，或用接口读取。",
    way_out_en="Take it from its page, or read it by the API.",
)
GRANT_EXPIRED = kind(
    "grant-expired",
    403,
    zh="{who}对数据集“{dataset}”的授权已于 {at} 到期。",
    en="The grant of {who} for the dataset “{dataset}” expired at {at}.",
    way_out_zh="请向数据开放主体申请续期。",
    way_out_en="Apply for a new one to the body that opens the dataset.",
)
GRANT_REVOKED = kind(
    "grant-revoked",
    403,
    zh="{who}对数据集“{dataset}”的授权已于 {at} 撤销：{reason}",
    en="The grant of {who} for the dataset “{dataset}” was revoked at {at}: {reason}",
    way_out_zh="请与数据开放主体联系；理由消除后可重新申请。",
    way_out_en="Talk to the body that opens the dataset; apply again once the reason is gone.",
)
GRANT_DOES_NOT_FIT = kind(
    "grant-does-not-fit",
    403,
    zh="对数据集“{dataset}”的授权所用的列，第 {version} 版里已没有。",
    en="The grant for the dataset “{dataset}” speaks of columns that version {version} does not have.",
    way_out_zh="请向数据开放主体申请按新版的列授权，或用 version 参数读取旧版。",
    way_out_en="Ask the body that opens it for a grant by the new columns, or read an older version.",
)
COLUMN_NOT_GRANTED = kind(
    "column-not-granted",
    403,
    zh="授权不包括列“{column}”，不能选取，也不能用它筛选或排序。",
    en="The grant does not cover the column “{column}”: it can be neither selected nor filtered nor "
    "sorted by.",
    way_out_zh="可用的列：{columns}。",
    way_out_en="Columns you may use: {columns}.",
)
UNKNOWN_COLUMN = kind(
    "unknown-column",
    400,
    zh="数据集没有列“{column}”。",
    en="The dataset has no column “{column}”.",
    way_out_zh="它的列：{columns}。",
    way_out_en="Its columns: {columns}.",
)
FILTER_NOT_UNDERSTOOD = kind(
    "filter-not-understood",
    400,
    zh="筛选条件“{filter}”无法理解：{reason_zh}。",
    en="The filter “{filter}” was not understood: {reason_en}.",
    way_out_zh="写法是 filter=列:比较:值，比较有 eq ne lt le gt ge in prefix contains null。",
    way_out_en="Write filter=column:comparison:value, with eq ne lt le gt ge in prefix contains null.",
)
PARAMETER_NOT_UNDERSTOOD = kind(
    "parameter-not-understood",
    400,
    zh="参数 {parameter} 的值“{value}”无法理解。",
    en="The parameter {parameter} has a value that was not understood: “{value}”.",
    way_out_zh="允许的是：{allowed}。",
    way_out_en="Allowed: {allowed}.",
)
FORMAT_NOT_OFFERED = kind(
    "format-not-offered",
    406,
    zh="这里不提供所要的格式“{format}”。",
    en="The format “{format}” is not offered here.",
    way_out_zh="请改用：{offered}。",
    way_out_en="Use one of: {offered}.",
)
METHOD_NOT_ALLOWED = kind(
    "method-not-allowed",
    405,
    zh="这里不接受 {method} 请求。",
    en="{method} is not accepted here.",
    way_out_zh="请使用：{allowed}。",
    way_out_en="Use: {allowed}.",
)
QUERY_TOO_SLOW = kind(
    "query-too-slow",
    503,
    zh="查询超过 {seconds} 秒，已停止。",
    en="The query ran longer than {seconds} seconds and was stopped.",
    way_out_zh="请按代码列筛选、缩小范围，或下载整表：/data/{dataset}.parquet。",
    way_out_en="Filter by a code column, ask for less, or download the table: /data/{dataset}.parquet.",
)
QUERY_TOO_LARGE = kind(
    "query-too-large",
    503,
    zh="查询需要的内存超过了限额，已停止。",
    en="The query needed more memory than it may have and was stopped.",
    way_out_zh="请减少排序列或行数，或下载整表：/data/{dataset}.parquet。",
    way_out_en="Sort by fewer columns, ask for less, or download the table: /data/{dataset}.parquet.",
)
QUOTA_USED_UP = kind(
    "quota-used-up",
    429,
    zh="授权每天最多 {limit} {what}，今天还剩 {left}，这次需要 {needed}。",
    en="The grant allows {limit} {what} a day; {left} are left today and this needs {needed}.",
    way_out_zh="请少取一些，或等额度在 {renews} 更新后再取。",
    way_out_en="Ask for less, or wait until the quota renews at {renews}.",
)
DOWNLOADS_WAITING = kind(
    "downloads-waiting",
    503,
    zh="此刻正在进行的下载太多。",
    en="Too many downloads are going out at this moment.",
    way_out_zh="请过几分钟再试；这一次没有留下读取记录。",
    way_out_en="Try again in a few minutes; no receipt was written for this one.",
)
READERS_WAITING = kind(
    "readers-waiting",
    503,
    zh="此刻扫描全表的查询太多。",
    en="Too many queries are scanning tables at this moment.",
    way_out_zh="请过几秒再试，或按代码列筛选。",
    way_out_en="Try again in a few seconds, or filter by a code column.",
)
TOO_MANY_SCANS = kind(
    "too-many-scans",
    429,
    zh="您已有 {limit} 个扫描全表的查询在进行。",
    en="{limit} queries of yours are scanning tables already.",
    way_out_zh="请等它们结束，或按代码列筛选。",
    way_out_en="Wait for them to end, or filter by a code column.",
)
RANGE_NOT_THERE = kind(
    "range-not-there",
    416,
    zh="文件有 {size} 字节，所请求的范围不在其中。",
    en="The file has {size} bytes; the range asked for is not within it.",
    way_out_zh="请去掉 Range 下载全部，或请求文件之内的范围。",
    way_out_en="Leave out Range for the whole file, or ask for a range within it.",
)
GRANT_CHANGED = kind(
    "grant-changed",
    409,
    zh="准备文件期间，对数据集 {dataset} 的授权有变化。",
    en="The grant for {dataset} changed while the file was being made.",
    way_out_zh="请重新下载，所得为现在授权的内容。",
    way_out_en="Download again: you get what is granted now.",
)
TOO_MANY_DOWNLOADS = kind(
    "too-many-downloads",
    429,
    zh="您已有 {limit} 个整表下载在进行。",
    en="{limit} downloads of yours are running already.",
    way_out_zh="请等其中一个结束再开始。",
    way_out_en="Start the next when one of them has ended.",
)
QUERY_TOO_LONG = kind(
    "query-too-long",
    413,
    zh="查询有 {length} 个字符；读取须授权的数据时，回执要记下全文，最多 {limit} 个字符。",
    en="The query has {length} characters; a read of data that are not public is noted whole, and at "
    "most {limit} characters of it.",
    way_out_zh="请分几次查询。",
    way_out_en="Ask in several shorter queries.",
)
TOO_MANY_REQUESTS = kind(
    "too-many-requests",
    429,
    zh="请求过于频繁：每分钟最多 {limit} 次。",
    en="Too many requests: at most {limit} a minute.",
    way_out_zh="请在 {seconds} 秒后再试；大量数据请用整表下载。",
    way_out_en="Try again in {seconds} seconds; for much data download the whole table.",
)
BODY_TOO_LARGE = kind(
    "body-too-large",
    413,
    zh="请求正文超过 {limit} 字节。",
    en="The request body is larger than {limit} bytes.",
    way_out_zh="请缩短查询。",
    way_out_en="Ask a shorter question.",
)
VERSION_DAMAGED = kind(
    "version-damaged",
    503,
    zh="数据集“{dataset}”第 {version} 版的文件缺失或与清单不符，暂不提供。",
    en="Files of the dataset “{dataset}”, version {version}, are missing or are not those of its "
    "manifest; it is not served.",
    way_out_zh="请通知节点运维人员运行 wushu doctor。",
    way_out_en="Tell the node's operator to run wushu doctor.",
)
ANSWER_FAILED = kind(
    "answer-failed",
    500,
    zh="节点在作答时出错，错误已记入日志。",
    en="The node failed while it made the answer; the fault is in its log.",
    way_out_zh="请再试一次；若仍如此，请把地址和时间告诉节点运维人员。",
    way_out_en="Try again; if it stays so, tell the node's operator the address and the time.",
)
