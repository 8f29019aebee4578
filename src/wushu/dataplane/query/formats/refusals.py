"""Every "no" of a format: what it cannot hold is said before the first byte."""

from wushu.kernel.errors import kind

TOO_LARGE_FOR_XLSX = kind(
    "too-large-for-xlsx",
    406,
    zh="表有 {rows} 行、{columns} 列、{megabytes} MB 文字，XLSX 工作表最多容纳 {rows_most} 行、"
    "{columns_most} 列，这里最多 {megabytes_most} MB 文字。",
    en="The table has {rows} rows, {columns} columns and {megabytes} MB of text; a sheet of XLSX holds "
    "{rows_most} rows and {columns_most} columns, and here {megabytes_most} MB of text.",
    way_out_zh="请下载 CSV 或 Parquet：/data/{dataset}.csv、/data/{dataset}.parquet。",
    way_out_en="Download CSV or Parquet: /data/{dataset}.csv, /data/{dataset}.parquet.",
)
TEXT_TOO_LONG_FOR_XLSX = kind(
    "text-too-long-for-xlsx",
    406,
    zh="列“{column}”里有 {length} 个字符的文字，XLSX 单元格最多 {most} 个字符。",
    en="The column “{column}” holds a text of {length} characters; a cell of XLSX holds {most}.",
    way_out_zh="请下载 CSV 或 Parquet：/data/{dataset}.csv、/data/{dataset}.parquet。",
    way_out_en="Download CSV or Parquet: /data/{dataset}.csv, /data/{dataset}.parquet.",
)
