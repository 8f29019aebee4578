"""Every "no" of the way in: what is wrong with a file, and what the person can do."""

from __future__ import annotations

from wushu.kernel.errors import kind

_KEEP_ZH = "原文件已保存，未作任何改动。"
_KEEP_EN = "The original is kept, unchanged."

UNSAFE_FILE_NAME = kind(
    "unsafe-file-name",
    422,
    zh="文件名“{name}”不能使用：{reason_zh}。",
    en="The file name “{name}” cannot be used: {reason_en}.",
    way_out_zh="请改用不含路径和控制字符的短文件名，例如“许可信息.csv”。",
    way_out_en="Rename the file: a short name without path or control characters, such as permits.csv.",
)
EMPTY_FILE = kind(
    "empty-file",
    422,
    zh="文件 {name} 没有内容。",
    en="The file {name} is empty.",
    way_out_zh="请选择有表头和数据行的文件。",
    way_out_en="Choose a file with a header and rows.",
)
FILE_TOO_LARGE = kind(
    "file-too-large",
    413,
    zh="文件 {name} 超过单个文件上限 {limit} 字节。",
    en="The file {name} is larger than the limit of {limit} bytes.",
    way_out_zh="请分成几个文件，或请管理员调高 WUSHU_UPLOAD_MAX_BYTES。",
    way_out_en="Split the file, or ask the operator to raise WUSHU_UPLOAD_MAX_BYTES.",
)
NOT_A_TABLE = kind(
    "not-a-table",
    422,
    zh="文件 {name} 不是文本表格：{what_zh}。",
    en="The file {name} is not a text table: {what_en}.",
    way_out_zh="请在原来的软件中另存为 CSV 再上传。" + _KEEP_ZH,
    way_out_en="Save it as CSV in the program it comes from, then upload that. " + _KEEP_EN,
)
NO_DATA_ROWS = kind(
    "no-data-rows",
    422,
    zh="文件 {name} 只有表头，没有数据行。",
    en="The file {name} has a header but no rows.",
    way_out_zh="请选择有数据行的文件。" + _KEEP_ZH,
    way_out_en="Choose a file with rows. " + _KEEP_EN,
)
TOO_MANY_COLUMNS = kind(
    "too-many-columns",
    422,
    zh="表有 {columns} 列，超过上限 {limit} 列。",
    en="The table has {columns} columns, more than the limit of {limit}.",
    way_out_zh="请把宽表改成长表（每个指标一行），或请管理员调高 WUSHU_MAX_COLUMNS。" + _KEEP_ZH,
    way_out_en="Turn columns into rows, or ask the operator to raise WUSHU_MAX_COLUMNS. "
    + _KEEP_EN,
)
ENCODING_AMBIGUOUS = kind(
    "encoding-ambiguous",
    422,
    zh="文件的编码不能确定，可能是：{candidates}。示例：{samples}",
    en="The encoding cannot be told; it may be {candidates}. As they would read: {samples}",
    way_out_zh="请看哪一种读法正确，选定它（命令行用 --encoding）。" + _KEEP_ZH,
    way_out_en="See which one reads right and choose it (--encoding on the command line). "
    + _KEEP_EN,
)
ENCODING_UNKNOWN = kind(
    "encoding-unknown",
    422,
    zh="没有名为“{encoding}”的文本编码。",
    en="There is no text encoding named “{encoding}”.",
    way_out_zh="请使用 utf-8、gb18030、big5、utf-16 等名称。",
    way_out_en="Use a name such as utf-8, gb18030, big5 or utf-16.",
)
UNDECODABLE = kind(
    "undecodable",
    422,
    zh="按 {encoding} 读到第 {line} 行、第 {offset} 字节（十六进制 {bytes}）时无法解码。",
    en="Read as {encoding}, the file cannot be decoded at byte {offset} on line {line} (hex {bytes}).",
    way_out_zh="请核对编码，或在原系统中重新导出；本平台不会用替代字符掩盖损坏。" + _KEEP_ZH,
    way_out_en="Check the encoding or export the file again; damage is never hidden behind "
    "replacement characters. " + _KEEP_EN,
)
QUOTE_NOT_CLOSED = kind(
    "quote-not-closed",
    422,
    zh="第 {line} 行开始的引号没有结束，此后的内容无法分行。",
    en="The quote opened on line {line} is never closed, so the rest cannot be divided into rows.",
    way_out_zh="请补上或去掉该引号后重新上传。" + _KEEP_ZH,
    way_out_en="Close or remove that quote and upload again. " + _KEEP_EN,
)
LINE_TOO_LONG = kind(
    "line-too-long",
    422,
    zh="第 {line} 行超过 {limit} 字节，不像表格的一行。",
    en="Line {line} is longer than {limit} bytes, which is no line of a table.",
    way_out_zh="请核对文件的换行（导出时是否丢失了行尾），改正后重新上传。" + _KEEP_ZH,
    way_out_en="See whether the export lost its line ends, and upload the corrected file. "
    + _KEEP_EN,
)
DISK_FULL = kind(
    "disk-full",
    507,
    zh="磁盘空间不足，{what_zh}没有完成。",
    en="The disk is full; {what_en} was not completed.",
    way_out_zh="请管理员清理或扩充磁盘后重试；已有数据未受影响。",
    way_out_en="Ask the operator to free or add disk space and try again; existing data are untouched.",
)
EMPTY_HEADER = kind(
    "empty-header",
    422,
    zh="第 {positions} 列没有列名。",
    en="Columns without a name: {positions}.",
    way_out_zh="请为这些列填写名称，或不载入它们。" + _KEEP_ZH,
    way_out_en="Name these columns, or leave them out. " + _KEEP_EN,
)
DUPLICATE_HEADER = kind(
    "duplicate-header",
    422,
    zh="列名重复：{names}。",
    en="Columns have the same name: {names}.",
    way_out_zh="请让每一列的名称各不相同。" + _KEEP_ZH,
    way_out_en="Give each column a name of its own. " + _KEEP_EN,
)
BAD_COLUMN_NAME = kind(
    "bad-column-name",
    422,
    zh="列名“{name}”不能使用：{reason_zh}。",
    en="The column name “{name}” cannot be used: {reason_en}.",
    way_out_zh="请改名后再确认。",
    way_out_en="Rename it and confirm again.",
)
BAD_FORMAT = kind(
    "bad-format",
    422,
    zh="列“{column}”的格式“{format}”不能使用：{reason_zh}。",
    en="The format “{format}” of column {column} cannot be used: {reason_en}.",
    way_out_zh="请参照文档“装载”一章的格式写法。",
    way_out_en="See the formats in the reference on ingest.",
)
WRONG_COLUMNS = kind(
    "wrong-columns",
    422,
    zh="确认的列与文件的列不符：{reason_zh}。",
    en="The confirmed columns do not fit the file: {reason_en}.",
    way_out_zh="请按识别结果逐列确认。",
    way_out_en="Confirm column by column what was found.",
)
LOAD_ALTERED = kind(
    "load-altered",
    409,
    zh="装载任务 {load} 与确认时的存证不符：数据库里的记录被改动过，没有装载。",
    en="The load {load} differs from what was recorded when it was confirmed; nothing was loaded.",
    way_out_zh="请运营方运行 wushu doctor 查明，再重新上传并确认。",
    way_out_en="Have the operator run `wushu doctor`, then upload and confirm again.",
)
NOT_THE_BODY = kind(
    "not-the-body-of-the-dataset",
    422,
    zh="上传文件的单位不是该数据集的开放主体。",
    en="The upload belongs to another body than the dataset.",
    way_out_zh="请以该数据集的开放主体名义上传。",
    way_out_en="Upload the file for the body that opens the dataset.",
)
WRONG_STATE = kind(
    "wrong-load-state",
    409,
    zh="该上传现在的状态是“{state}”，不能{what}。",
    en="The upload is in the state “{state}”; it cannot be {what} now.",
    way_out_zh="请刷新页面查看进度。",
    way_out_en="Reload the page to see how far it is.",
)
ALL_REJECTED = kind(
    "all-rows-rejected",
    422,
    zh="全部 {rows} 行都被退回，最常见的原因：列“{column}”{reason}。",
    en="All {rows} rows were rejected, mostly because of column {column}: {reason}.",
    way_out_zh="请更正列的类型或格式后重新确认。" + _KEEP_ZH,
    way_out_en="Correct the types or formats and confirm again. " + _KEEP_EN,
)
ROWS_NOT_ACCOUNTED = kind(
    "rows-not-accounted",
    500,
    zh="声明 {declared} 行，载入 {loaded} 行，退回 {rejected} 行，数目不符，未发布任何内容。",
    en="{declared} rows declared, {loaded} loaded, {rejected} rejected: they do not add up, "
    "so nothing was published.",
    way_out_zh="这是程序错误，请把文件的 SHA-256 报告给维护者。" + _KEEP_ZH,
    way_out_en="This is a bug: report the file's SHA-256 to the maintainers. " + _KEEP_EN,
)
ORIGINAL_DAMAGED = kind(
    "original-damaged",
    500,
    zh="原文件 {sha256} 的内容与其指纹不符。",
    en="The stored original {sha256} no longer has that hash.",
    way_out_zh="请运行 wushu doctor，并从备份恢复该文件。",
    way_out_en="Run wushu doctor, and restore the file from a backup.",
)
INGEST_FAILED = kind(
    "ingest-failed",
    500,
    zh="装载中断：{reason}",
    en="The load broke off: {reason}",
    way_out_zh="请重试；若再次发生，请报告给维护者。" + _KEEP_ZH,
    way_out_en="Try again; if it happens again, report it to the maintainers. " + _KEEP_EN,
)
LOAD_ABORTED = kind(
    "load-aborted",
    500,
    zh="处理文件 {name} 的后台进程已有 {tries} 次中途退出，不再自动重试。",
    en="The background process ended {tries} times while it worked on {name}; it is not tried again.",
    way_out_zh="请重新上传再试；若仍然如此，请分成较小的文件，或请管理员查看日志和内存。"
    + _KEEP_ZH,
    way_out_en="Upload it once more; if that fails too, split the file, or ask the operator to look at "
    "the node's log and memory. " + _KEEP_EN,
)
GRANTEE_WRONG = kind(
    "grantee-wrong",
    422,
    zh="没有写明授权给谁。",
    en="It is not clear whom the grant is for.",
    way_out_zh="请写明授权对象。",
    way_out_en="Name the organisation or person.",
)
GRANT_WITHOUT_BASIS = kind(
    "grant-without-basis",
    422,
    zh="授权没有写明依据的决定。",
    en="The grant names no decision as its basis.",
    way_out_zh="请写明准予开放的决定。",
    way_out_en="Name the decision that allows it.",
)
GRANT_BASIS_NOT_A_URN = kind(
    "grant-basis-not-a-urn",
    422,
    zh="授权的依据不是决定的标识（urn:uuid:…）。依据会写入公开存证，不能是文字。",
    en="The basis of the grant is not the identifier of a decision (urn:uuid:…). It enters the public "
    "log and cannot be words.",
    way_out_zh="请填写决定或上架审核的标识；文号、姓名写在“用途”里，用途不公开。",
    way_out_en="Give the identifier of the decision or of the reviewed listing; a document number or a "
    "name belongs in the purpose, which is not public.",
)
GRANT_BY_BODY_ONLY = kind(
    "grant-by-body-only",
    403,
    zh="{who}不是该开放主体的经办人，不能授予数据访问：是否同意由数据开放主体答复（第二十二条）。",
    en="{who} is no clerk of the opening body and cannot grant access: the body answers (art. 22).",
    way_out_zh="请由该单位的经办人办理；用密钥时，密钥须有 catalog:write 范围。",
    way_out_en="Let a clerk of the body do it; an API key needs the scope catalog:write.",
)
GRANT_TO_ONESELF = kind(
    "grant-to-oneself",
    403,
    zh="{who}不能把数据授权给自己或自己所在的单位。",
    en="{who} cannot grant data to themselves or to an organisation of theirs.",
    way_out_zh="请由开放主体中与被授权人无关的另一位经办人办理。",
    way_out_en="Let another clerk of the body, who has nothing to do with the grantee, do it.",
)
GRANT_NOT_OVERSEEN = kind(
    "grant-not-overseen",
    403,
    zh="{who}既不是该开放主体的经办人，也不是它的主管部门，不能查看或撤销它的授权。",
    en="{who} is neither a clerk of the opening body nor its authority and can neither see nor revoke "
    "its grants.",
    way_out_zh="请联系该单位或主管部门。",
    way_out_en="Ask the body or its authority.",
)
PERIOD_WRONG = kind(
    "grant-period-wrong",
    422,
    zh="授权的结束时间不晚于开始时间。",
    en="The grant ends before it begins.",
    way_out_zh="请更正期限。",
    way_out_en="Correct the period.",
)
PUBLIC_GRANT_REFUSED = kind(
    "public-grant-refused",
    422,
    zh="面向公众的授权随审核上架产生和终止，不能单独授予或撤销。",
    en="The grant to the public comes and goes with a reviewed listing; it is neither written nor "
    "revoked alone.",
    way_out_zh="请提交开放属性不同的新稿；需要立即停止开放的，请封存。",
    way_out_en="Submit a revision with another opening attribute; to stop opening at once, seal it.",
)
GRANT_COLUMNS_UNKNOWN = kind(
    "grant-columns-unknown",
    422,
    zh="数据集没有这些列：{columns}。",
    en="The dataset has no columns named {columns}.",
    way_out_zh="请按数据字典中的列名填写。",
    way_out_en="Use the names of the data dictionary.",
)
GRANT_MASK_WRONG = kind(
    "grant-mask-wrong",
    422,
    zh="列“{column}”不能这样遮盖：{reason}。",
    en="The column “{column}” cannot be masked so: {reason}.",
    way_out_zh="方法有：{methods}。",
    way_out_en="The methods are: {methods}.",
)
GRANT_QUOTA_WRONG = kind(
    "grant-quota-wrong",
    422,
    zh="每天的额度须为正整数。",
    en="What may be read in a day is a whole number above 0.",
    way_out_zh="不限额的，请留空。",
    way_out_en="Leave it empty for no limit.",
)
GRANT_ALREADY_REVOKED = kind(
    "grant-already-revoked",
    409,
    zh="该授权已被撤销。",
    en="The grant was revoked before.",
    way_out_zh="不需要再做什么。",
    way_out_en="Nothing needs to be done.",
)
GRANT_NOT_EXTENDED = kind(
    "grant-not-extended",
    409,
    zh="该授权不能延长：{reason}。",
    en="The grant cannot be extended: {reason}.",
    way_out_zh="请重新申请。",
    way_out_en="Apply anew.",
)
REASON_MISSING = kind(
    "revocation-reason-missing",
    422,
    zh="没有写明撤销授权的理由。",
    en="The revocation gives no reason.",
    way_out_zh="请写明理由。",
    way_out_en="Give the reason.",
)
