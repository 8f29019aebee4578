"""Every "no" a trace may meet."""

from __future__ import annotations

from wushu.kernel.errors import kind

WATERMARK_COLUMNS_UNKNOWN = kind(
    "watermark-columns-unknown",
    422,
    zh="文件“{name}”的第一行没有该数据集的列名，无法比对。",
    en="The first line of “{name}” names no column of the dataset, so that it cannot be compared.",
    way_out_zh="请把文件各列的列名改为数据集的列名：{columns}。",
    way_out_en="Give the file's columns the names they have in the dataset: {columns}.",
)
WATERMARK_NOT_DELIVERED = kind(
    "watermark-not-delivered",
    409,
    zh="数据集“{dataset}”第 {version} 版没有按获取人排列行序的下载，没有可比对的对象。",
    en="No download of the dataset “{dataset}”, version {version}, was ordered for its recipient: there "
    "is nothing to compare with.",
    way_out_zh="请用 --version 指明另一版；以前的下载没有记号，只能查读取回执。",
    way_out_en="Name another version; downloads without the mark can only be looked up in the receipts.",
)
