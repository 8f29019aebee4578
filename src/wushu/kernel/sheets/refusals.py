"""Why a spreadsheet, or one cell of it, is not taken."""

from __future__ import annotations

from wushu.kernel.errors import kind

SHEET_FORMAT = kind(
    "sheet-format",
    422,
    zh="文件 {name} 不是 CSV 或 XLSX 表格。",
    en="The file {name} is neither CSV nor an XLSX workbook.",
    way_out_zh="请下载模板填写，或在电子表格软件中另存为 XLSX（不加密码）或 CSV。",
    way_out_en="Fill in the template, or save it as XLSX without a password or as CSV.",
)
SHEET_DAMAGED = kind(
    "sheet-damaged",
    422,
    zh="文件 {name} 读到第 {row} 行之后无法继续：文件已损坏。",
    en="The file {name} cannot be read after row {row}: it is damaged.",
    way_out_zh="请在电子表格软件中打开并重新保存。",
    way_out_en="Open it in a spreadsheet program and save it again.",
)
SHEET_ENCODING = kind(
    "sheet-encoding",
    422,
    zh="文件 {name} 既不是 UTF-8 也不是 GBK（GB 18030）编码。",
    en="The file {name} is neither in UTF-8 nor in GBK (GB 18030).",
    way_out_zh="请另存为 UTF-8 编码的 CSV，或另存为 XLSX。",
    way_out_en="Save it as CSV in UTF-8, or as XLSX.",
)
SHEET_TOO_LARGE = kind(
    "sheet-too-large",
    413,
    zh="文件 {name} 有 {size} MB（解压后计），超过 {limit} MB。",
    en="The file {name} has {size} MB once unpacked, more than {limit} MB.",
    way_out_zh="请分成几个文件导入；删去图片和空白的工作表。",
    way_out_en="Import it in several files; leave out pictures and empty sheets.",
)
SHEET_TOO_MANY_ROWS = kind(
    "sheet-too-many-rows",
    413,
    zh="文件 {name} 超过 {limit} 行。",
    en="The file {name} has more than {limit} rows.",
    way_out_zh="请分成几个文件导入。",
    way_out_en="Import it in several files.",
)
SHEET_EMPTY = kind(
    "sheet-empty",
    422,
    zh="文件 {name} 没有数据行。",
    en="The file {name} has no rows of data.",
    way_out_zh="请在表头之下填写；以 # 开头的行是说明，不会导入。",
    way_out_en="Fill in rows under the heading; those that begin with # explain and are not imported.",
)
SHEET_COLUMNS_MISSING = kind(
    "sheet-columns-missing",
    422,
    zh="表头缺少：{missing}。",
    en="The heading lacks: {missing}.",
    way_out_zh="请使用模板的表头；第一行必须是表头。",
    way_out_en="Use the template's heading; the first row must be the heading.",
)
SHEET_COLUMN_UNKNOWN = kind(
    "sheet-column-unknown",
    422,
    zh="表头 {cell} 的“{heading}”不在模板中。",
    en="The heading “{heading}” in {cell} is not in the template.",
    way_out_zh="请改为模板的列名，或删去这一列：不在模板中的内容（例如身份证号）不会收下。",
    way_out_en="Use a heading of the template or remove the column: nothing else is taken, no numbers"
    " of identity cards.",
)
SHEET_COLUMN_TWICE = kind(
    "sheet-column-twice",
    422,
    zh="表头“{heading}”出现了两次（{cell}）。",
    en="The heading “{heading}” stands there twice ({cell}).",
    way_out_zh="请删去多余的一列。",
    way_out_en="Remove one of the columns.",
)
SHEET_FORMULA = kind(
    "sheet-formula",
    422,
    zh="单元格 {cell} 是公式。",
    en="The cell {cell} holds a formula.",
    way_out_zh="请复制该列，选择性粘贴为“数值”后再导入。",
    way_out_en="Copy the column and paste it as values, then import again.",
)
SHEET_CELL_ERROR = kind(
    "sheet-cell-error",
    422,
    zh="单元格 {cell} 是错误值 {value}。",
    en="The cell {cell} holds the error {value}.",
    way_out_zh="请改为正确的内容。",
    way_out_en="Put the right text there.",
)
SHEET_NUMBER_LOST = kind(
    "sheet-number-lost",
    422,
    zh="单元格 {cell} 是超过 15 位的数字，电子表格已丢失其末尾几位。",
    en="The cell {cell} is a number of more than 15 digits, whose last ones the spreadsheet has lost.",
    way_out_zh="请先把该列设为“文本”格式，再重新录入。",
    way_out_en="Format the column as text first, then enter it anew.",
)
SHEET_CELL_TOO_LONG = kind(
    "sheet-cell-too-long",
    422,
    zh="单元格 {cell} 超过 {limit} 个字。",
    en="The cell {cell} has more than {limit} characters.",
    way_out_zh="请缩短。",
    way_out_en="Shorten it.",
)
SHEET_CELL_OUTSIDE = kind(
    "sheet-cell-outside",
    422,
    zh="单元格 {cell} 上方没有表头。",
    en="The cell {cell} has no heading above it.",
    way_out_zh="请删去它，或把它移到有表头的列；CSV 中含逗号的内容要加双引号。",
    way_out_en="Remove it or move it under a heading; in CSV quote what holds a comma.",
)
CELL_EMPTY = kind(
    "cell-empty",
    422,
    zh="“{field}”没有填写。",
    en="{field} is empty.",
    way_out_zh="请填写后重新导入。",
    way_out_en="Fill it in and import again.",
)
CELL_CHOICE = kind(
    "cell-choice",
    422,
    zh="“{field}”的值“{value}”不在可选范围内：{allowed}。",
    en="{field} is “{value}”, which is none of: {allowed}.",
    way_out_zh="请改为其中之一。",
    way_out_en="Use one of them.",
)
