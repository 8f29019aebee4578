"""How the log says no. A refusal of the sequencer protects what was published: it never guesses."""

from __future__ import annotations

from wushu.kernel.errors import kind

NODE_NOT_INITIALISED = kind(
    "node-not-initialised",
    409,
    zh="本节点尚未初始化。",
    en="This node has not been initialised.",
    way_out_zh="请先运行 wushu init。",
    way_out_en="Run `wushu init` first.",
)
NODE_ALREADY_INITIALISED = kind(
    "node-already-initialised",
    409,
    zh="本节点已初始化为 {origin}，标识与密钥不可再定。",
    en="This node was initialised as {origin}; its identity and key are fixed.",
    way_out_zh="如需另建节点，请使用新的 WUSHU_HOME 和空数据库。",
    way_out_en="For another node use a new WUSHU_HOME and an empty database.",
)
NODE_ALTERED = kind(
    "node-altered",
    503,
    zh="数据库里的节点信息被改动：{reason_zh}。",
    en="What the database says of the node was altered: {reason_en}.",
    way_out_zh="请运行 wushu evidence audit 查明，再从可信备份恢复 evidence_node 表。",
    way_out_en="Run `wushu evidence audit`, then restore the table evidence_node from a sound backup.",
)
ACTS_BEFORE_INITIALISATION = kind(
    "acts-before-initialisation",
    409,
    zh="数据库里已有 {count} 条记录，不能再作为新节点初始化。",
    en="The database already holds {count} acts; a node begins with its initialisation.",
    way_out_zh="请使用空数据库初始化。",
    way_out_en="Initialise with an empty database.",
)
BAD_ORIGIN = kind(
    "bad-origin",
    422,
    zh="日志名称“{origin}”不能用：不得为空，不得含空白、加号或控制字符，最长 255 字节。",
    en="The origin “{origin}” cannot be used: no white space, plus sign or controls, 1-255 bytes.",
    way_out_zh="请使用不带协议的网址，例如 data.example.gov.cn/evidence。",
    way_out_en="Use an address without its scheme, such as data.example.gov.cn/evidence.",
)
LOG_KEY_MISSING = kind(
    "log-key-missing",
    503,
    zh="找不到日志签名密钥 {path}。",
    en="The log's signing key {path} is missing.",
    way_out_zh="请从备份恢复该文件；没有它日志不能继续，但已有内容仍可核验。",
    way_out_en="Restore the file from a backup; without it the log cannot grow, but still verifies.",
)
LOG_KEY_FOREIGN = kind(
    "log-key-foreign",
    503,
    zh="{path} 里的密钥不是本节点初始化时确定的密钥。",
    en="The key in {path} is not the one this node was initialised with.",
    way_out_zh="请从备份恢复原密钥；更换密钥会使日志成为另一个日志。",
    way_out_en="Restore the original key from a backup; another key would make another log.",
)
CHECKPOINT_MISSING = kind(
    "checkpoint-missing",
    503,
    zh="找不到库外检查点 {path}，无法确认数据库是否是旧备份。",
    en="The published checkpoint {path} is missing; the database may be an old backup.",
    way_out_zh=(
        "请取最近一次公布的检查点（备份、镜像或核验者保存的副本），"
        "运行 wushu evidence recover --checkpoint 文件。"
    ),
    way_out_en=(
        "Take the newest checkpoint known anywhere (backup, mirror, a verifier's state) and run "
        "`wushu evidence recover --checkpoint FILE`."
    ),
)
CHECKPOINT_INVALID = kind(
    "checkpoint-invalid",
    503,
    zh="检查点 {path} 无效：{reason_zh}。",
    en="The checkpoint {path} is not valid: {reason_en}.",
    way_out_zh="请恢复原文件，或用 wushu evidence recover --checkpoint 文件 放回正确的检查点。",
    way_out_en="Restore the file, or put a valid one back: `wushu evidence recover --checkpoint FILE`.",
)
CHECKPOINT_OLDER = kind(
    "checkpoint-older",
    409,
    zh="给出的检查点有 {given} 条，早于已知的 {known} 条。",
    en="The given checkpoint has {given} entries, fewer than the {known} already known.",
    way_out_zh="请使用更新的检查点。",
    way_out_en="Use a newer checkpoint.",
)
DATABASE_BEHIND = kind(
    "database-behind",
    503,
    zh="数据库只到第 {database} 条，而已公布的日志有 {published} 条：数据库是从旧备份恢复的。",
    en=(
        "The database holds {database} published entries, the published log has {published}: "
        "the database was restored from an older backup."
    ),
    way_out_zh="为避免日志分叉，已停止签发。请运行 wushu evidence recover，再运行 wushu evidence audit。",
    way_out_en=(
        "Signing has stopped so that the log does not fork. Run `wushu evidence recover`, then "
        "`wushu evidence audit`."
    ),
)
DATABASE_DIVERGED = kind(
    "database-diverged",
    503,
    zh="数据库第 {index} 条与已公布的日志不一致。",
    en="Entry {index} of the database differs from the published log.",
    way_out_zh="数据库被改动过。请运行 wushu evidence audit 查明，再从可信备份恢复。",
    way_out_en="The database was altered. Run `wushu evidence audit`, then restore a sound backup.",
)
ENTRY_UNREADABLE = kind(
    "entry-unreadable",
    503,
    zh="有一条待入日志的记录读不懂：{reason_zh}。",
    en="An act that waits for its place in the log cannot be read: {reason_en}.",
    way_out_zh="数据库被改动过。请运行 wushu evidence audit 查明，再从可信备份恢复。",
    way_out_en="The database was altered. Run `wushu evidence audit`, then restore a sound backup.",
)
ENTRIES_MISSING = kind(
    "entries-missing",
    503,
    zh="数据库缺少第 {first} 至 {last} 条中的记录。",
    en="The database lacks some of the entries {first} to {last}.",
    way_out_zh="请运行 wushu evidence audit 查明，再运行 wushu evidence recover 或恢复备份。",
    way_out_en="Run `wushu evidence audit`, then `wushu evidence recover` or restore a backup.",
)
DETAIL_LOST = kind(
    "detail-lost",
    503,
    zh="数据库里的明细 {sha256} 丢失或被改动。",
    en="The detail {sha256} is missing from the database or was altered.",
    way_out_zh="请从可信备份恢复 evidence_detail 表的这一行。",
    way_out_en="Restore that row of the table evidence_detail from a sound backup.",
)
TILES_DISAGREE = kind(
    "tiles-disagree",
    503,
    zh="{folder} 里的树与已公布的 {size} 条检查点不一致或不完整。",
    en="The tree in {folder} is incomplete or differs from the published checkpoint of {size}.",
    way_out_zh="请运行 wushu evidence audit 查明；wushu evidence recover 可由数据库重建树文件。",
    way_out_en="Run `wushu evidence audit`; `wushu evidence recover` rebuilds tiles from the database.",
)
NOTHING_TO_RECOVER_FROM = kind(
    "nothing-to-recover-from",
    503,
    zh="树文件和数据库都不能还原已公布的 {size} 条日志。",
    en="Neither tiles nor database give back the published log of {size} entries.",
    way_out_zh="请从较新的备份或镜像恢复 {folder}，再运行 wushu evidence recover。",
    way_out_en="Restore {folder} from a newer backup or a mirror, then run this command again.",
)
ENTRY_NOT_PUBLISHED = kind(
    "entry-not-published",
    404,
    zh="日志里没有第 {index} 条，现有 {size} 条。",
    en="The log has no entry {index}; it has {size}.",
    way_out_zh="新记录几秒后进入日志，请稍后再查。",
    way_out_en="New acts enter the log within seconds; ask again shortly.",
)
PROOF_OUT_OF_RANGE = kind(
    "proof-out-of-range",
    422,
    zh="不能给出从 {first} 到 {second} 的证明：日志现有 {size} 条。",
    en="There is no proof from {first} to {second}: the log has {size} entries.",
    way_out_zh="序号须小于树的大小，树的大小不超过现有条数。",
    way_out_en="The index must lie below the tree's size, the size within the log.",
)
LOG_UNREACHABLE = kind(
    "log-unreachable",
    502,
    zh="读不到 {url}：{reason_zh}。",
    en="{url} cannot be read: {reason_en}.",
    way_out_zh="请核对网址和网络后重试。",
    way_out_en="Check the address and the network, then try again.",
)
LOG_KEY_UNKNOWN = kind(
    "log-key-unknown",
    422,
    zh="不知道该用哪个公钥核验 {url}。",
    en="It is not known with which key {url} is to be verified.",
    way_out_zh="请从可信渠道取得公钥并用 --key 给出；或用 --trust-key 首次信任对方公布的公钥。",
    way_out_en="Give the key you have from a trusted source with --key, or use --trust-key once.",
)
VERIFIER_STATE_INVALID = kind(
    "verifier-state-invalid",
    422,
    zh="核验状态文件 {path} 读不懂：{reason_zh}。",
    en="The verifier's state {path} cannot be read: {reason_en}.",
    way_out_zh="请恢复该文件；删除它就失去与上次核验结果的对照。",
    way_out_en="Restore the file; without it the comparison with the last check is lost.",
)
SALTS_IN_USE = kind(
    "salts-in-use",
    409,
    zh="{table} {row} 没有可销毁的盐：当前内容的盐须保留，先记录改写或删除。",
    en="{table} {row} has no salt to destroy: that of its present content must stay.",
    way_out_zh="请先改写或删除该行并记录，再销毁旧内容的盐。",
    way_out_en="Overwrite or delete the row in a recorded act first, then destroy the old salts.",
)
DECISION_NOT_NAMED = kind(
    "decision-not-named",
    422,
    zh="“{decision}”不是决定的编号。",
    en="“{decision}” is no reference of a decision.",
    way_out_zh="请写发文字号、案号或 URN，例如 {examples}；文字理由另写，不会公开。",
    way_out_en=(
        "Give the number of the document or the case, or a URN, such as {examples}; the reason in"
        " words is given apart and is not made public."
    ),
)
WAIVER_WITHOUT_REASON = kind(
    "waiver-without-reason",
    422,
    zh="没有写明理由。",
    en="No reason is given.",
    way_out_zh="请用文字写明理由；它只留在本节点的数据库里，不进入公开日志。",
    way_out_en="Say why, in words; they stay in this node's database and never enter the public log.",
)
RECORD_UNREADABLE = kind(
    "record-unreadable",
    422,
    zh="{path} 不是带存证的记录。",
    en="{path} is no record that carries acts of the log.",
    way_out_zh="请给出履职记录等导出的 JSON 文件。",
    way_out_en="Give the JSON of such a record, as of due care.",
)
