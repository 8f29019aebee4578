"""The node on its host: database, keys, folders, disks, log."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from wushu.config import health
from wushu.config.checks.finding import Finding, Level
from wushu.config.folders import standing, written_to
from wushu.kernel.errors import Said

LOW_DISK_SHARE = 0.05
"""Below this free share of a disk the next load may fail."""

NAMES = {"database": "数据库", "migrations": "数据表", "initialisation": "初始化"}
"""What makes a node ready is called in Chinese."""


def check_readiness() -> Iterator[Finding]:
    """Database, tables, initialisation."""
    ways_out = {
        "database": Said(
            "核对 WUSHU_DATABASE_URL，确认数据库在运行",
            "check WUSHU_DATABASE_URL and that the server runs",
        ),
        "migrations": Said("用这个版本运行 wushu upgrade", "run `wushu upgrade` with this release"),
        "initialisation": Said("运行 wushu init", "run `wushu init`"),
    }
    for name in health.unready():
        message = Said(f"{NAMES[name]}缺失或未更新", f"{name} is missing or out of date")
        yield Finding("not-ready", name, message, ways_out[name])


def check_secrets() -> Iterator[Finding]:
    """Keys exist, and only their owner can read them and whatever else is secret."""
    folder = Path(settings.SECRETS_DIR)
    needed = {folder / name for name in ("django.key", "cursor.key", "marks.key", "log.key")}
    others = {one for one in folder.iterdir() if one.is_file()} if folder.is_dir() else set()
    for path in sorted(needed | others):
        if path in needed and not path.is_file():
            yield Finding(
                "secret-missing",
                str(path),
                Said("缺少密钥", "the key is missing"),
                Said("从备份中恢复", "restore it from a backup"),
            )
        elif path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(
                "secret-readable",
                str(path),
                Said("其他用户可以读取密钥", "others can read the key"),
                _command(f"chmod 600 {path}"),
            )


def check_folders() -> Iterator[Finding]:
    """No other user of the machine reaches the folders with rows, hashes and receipts."""
    folders = {Path(settings.HOME), Path(settings.OBJECTS_DIR), Path(settings.SERVING_DIR)}
    if connection.vendor == "sqlite" and Path(connection.settings_dict["NAME"]).is_file():
        folders.add(Path(connection.settings_dict["NAME"]).parent)
    for folder in sorted(folder for folder in folders if folder.is_dir()):
        if _is_open_to_others(folder):
            yield Finding(
                "folder-readable", str(folder),
                Said("本机任何用户都能查看其中内容", "every user of this machine can look into it"),
                _command(f"chmod 700 {folder}"),
            )  # fmt: skip


def _is_open_to_others(folder: Path) -> bool:
    """Whether the folder lets others in and none of those above it keeps them out."""
    above = (place.stat().st_mode & stat.S_IXOTH for place in folder.resolve().parents)
    return bool(folder.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH)) and all(above)


def check_database_settings() -> Iterator[Finding]:
    """SQLite runs with the settings without which acts are lost."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for pragma, wanted in (("journal_mode", "wal"), ("synchronous", 2)):
            cursor.execute(f"PRAGMA {pragma}")
            value = cursor.fetchone()[0]
            if value != wanted:
                yield Finding(
                    "database-setting", pragma,
                    Said(f"{pragma} 是 {value}，应为 {wanted}", f"{pragma} is {value}, not {wanted}"),
                    Said(
                        "保留 wushu.config.settings 中的 OPTIONS",
                        "keep the OPTIONS of wushu.config.settings",
                    ),
                )  # fmt: skip


def check_disk() -> Iterator[Finding]:
    """Every folder the node writes to has room."""
    for folder in set(written_to().values()):
        usage = shutil.disk_usage(standing(folder))
        if usage.free < usage.total * LOW_DISK_SHARE:
            yield Finding(
                "disk-low", str(folder),
                Said(
                    f"只剩 {usage.free // 2**20} MiB 可用空间", f"{usage.free // 2**20} MiB are free"
                ),
                Said(
                    "清出空间，或移走文件夹并在设置中写明新位置",
                    "make room, or move the folder and name its new place in the settings",
                ),
            )  # fmt: skip


def check_checkpoint_place() -> Iterator[Finding]:
    """The checkpoint's copy survives the loss of the database.

    A note only for a node that nobody but its own host can reach, a demonstration say.
    """
    if settings.CHECKPOINT_DIR.resolve().is_relative_to(settings.HOME.resolve()):
        yield Finding(
            "checkpoint-beside-database", str(settings.CHECKPOINT_DIR),
            Said(
                "检查点放在 WUSHU_HOME 里：两者会一起丢失或一起恢复，日志重新开始也没有人会发现",
                "the checkpoint lies in WUSHU_HOME: both are lost or restored together, and then"
                " nobody notices that the log began again",
            ),
            Said(
                "把 WUSHU_CHECKPOINT_DIR 设为另一块磁盘上的文件夹，并把文件移过去",
                "set WUSHU_CHECKPOINT_DIR to a folder on another disk, and move the file there",
            ),
            Level.NOTE if _is_local(settings.BASE_URL) else Level.FAULT,
        )  # fmt: skip


def _is_local(url: str) -> bool:
    """Whether an address is of the host itself."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def check_log() -> Iterator[Finding]:
    """What the node does can be written down."""
    if settings.LOG_DIR == "-":
        return
    place = standing(Path(settings.LOG_DIR))
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        yield Finding(
            "log-unwritable", str(settings.LOG_DIR),
            Said("请求得到答复，但没有写入日志", "requests are answered and not written down"),
            Said(
                "让节点的用户能写这个文件夹，或用 WUSHU_LOG_DIR 另指一个",
                "give the node's user the folder, or name another with WUSHU_LOG_DIR",
            ),
        )  # fmt: skip


def _command(text: str) -> Said:
    """A way out that is a command: the same in both languages."""
    return Said(text, text)
