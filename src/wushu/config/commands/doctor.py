"""``wushu doctor``: checks a deployment and says what is wrong and what to do."""

from __future__ import annotations

import json
import logging
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import click
from django.conf import settings
from django.db import connection
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.config import health, heartbeat, providers, saying
from wushu.config.commands.options import as_json
from wushu.dataplane import selectors as dataplane
from wushu.evidence import selectors as evidence
from wushu.harvest import selectors as harvest
from wushu.kernel.errors import Refusal, Said
from wushu.kernel.scanning.clamd import Clamd
from wushu.opening import selectors as opening

logger = logging.getLogger(__name__)

WRONG, NOTE, FINE = Said("错误", "WRONG"), Said("注意", "note"), Said("正常", "ok")
LOW_DISK_SHARE = 0.05
"""Below this free share of a disk the next load may fail."""
BACKLOG_AGE = timedelta(minutes=5)
"""An act older than this that is not in the tree means that no worker runs. Receipts likewise."""


class Level(StrEnum):
    """What a finding asks for."""

    FAULT = "fault"
    """Something is wrong: the doctor ends with 3."""
    NOTE = "note"
    """Something to know, that needs no hand now or only before the node is a real one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or worth knowing."""

    kind: str
    where: str
    message: Said
    way_out: Said | None = None
    level: Level = Level.FAULT

    def as_json(self) -> dict[str, str]:
        """For ``--json``: English, with the Chinese beside it."""
        way_out = self.way_out or Said("", "")
        return {
            "kind": self.kind, "where": self.where, "level": self.level.value,
            "message": self.message.en, "way_out": way_out.en,
            "zh": self.message.zh, "way_out_zh": way_out.zh,
        }  # fmt: skip


Check = Callable[[], Iterator[Finding]]


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
    """Keys exist and only their owner can read them."""
    for name in ("django.key", "cursor.key", "log.key"):
        path = settings.SECRETS_DIR / name
        if not path.is_file():
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
    for folder in {
        settings.HOME,
        settings.OBJECTS_DIR,
        settings.EVIDENCE_DIR,
        settings.SERVING_DIR,
    }:
        place = Path(folder)
        while not place.exists():
            place = place.parent
        usage = shutil.disk_usage(place)
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


def check_storage() -> Iterator[Finding]:
    """The object storage, where one is named, answers and puts no object over another."""
    try:
        kept = dataplane.bucket()
    except ValueError as error:
        yield Finding(
            "storage-setting", "WUSHU_STORAGE_URL", Said(f"无法识别：{error}", f"not understood: {error}"),
            Said("按 docs/how-to/storage.md 填写", "write it as docs/how-to/storage.md says"),
        )  # fmt: skip
        return
    if kept is not None and not kept.keeps_the_first():
        yield Finding(
            "storage-overwrites", "WUSHU_STORAGE_URL",
            Said(
                "对象存储不支持“不存在才写入”（If-None-Match: *）",
                "the object storage does not honour “put if absent” (If-None-Match: *)",
            ),
            Said("换用支持条件写入的对象存储", "use a store that supports conditional writes"),
        )  # fmt: skip


def check_providers() -> Iterator[Finding]:
    """Adapters that the settings name can be made."""
    for variable, name in (
        ("WUSHU_SMS_PROVIDER", settings.SMS_PROVIDER),
        ("WUSHU_REAL_NAME_PROVIDER", settings.REAL_NAME_PROVIDER),
    ):
        try:
            if name:
                providers.made(name)
        except Exception as error:  # whatever somebody else's code does
            logger.exception("the provider %r cannot be made", name)
            kind = type(error).__name__
            yield Finding(
                "provider-broken", variable,
                Said(f"无法装入 {name}：{kind}", f"{name} cannot be loaded: {kind}"),
                Said("核对名称，查看日志", "check the name and look at the log"),
            )  # fmt: skip


def check_scanner() -> Iterator[Finding]:
    """The malware scanner answers; where none is named, that is something to know."""
    if not settings.CLAMD_URL:
        yield Finding(
            "scanner-missing", "WUSHU_CLAMD_URL",
            Said("上传的文件不做恶意代码检查", "what is handed in is not scanned for malware"),
            Said("按 docs/how-to/malware.md 设置", "set one up as docs/how-to/malware.md says"),
            Level.NOTE,
        )  # fmt: skip
        return
    try:
        Clamd(settings.CLAMD_URL, settings.CLAMD_MAX_BYTES).version()
    except (OSError, ValueError) as error:
        yield Finding(
            "scanner-away", settings.CLAMD_URL,
            Said(
                f"恶意代码检查服务没有应答，所有上传都会被拒绝：{error}",
                f"the malware scanner does not answer, so every upload is refused: {error}",
            ),
            Said("启动 clamd，核对 WUSHU_CLAMD_URL", "start clamd and check WUSHU_CLAMD_URL"),
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


def check_worker() -> Iterator[Finding]:
    """A worker lives, acts enter the tree, and roots of receipts enter the log."""
    way_out = Said("启动 wushu worker，或查看它的输出", "start `wushu worker`, or see what it says")
    for name, seconds in heartbeat.silent():
        yield Finding(
            "worker-silent", name,
            Said(
                f"已有 {seconds:.0f} 秒没有动静，也没有正常结束",
                f"it gave no sign of life for {seconds:.0f} s and did not end as it was told to",
            ),
            way_out,
        )  # fmt: skip
    before = timezone.now() - BACKLOG_AGE
    act = evidence.oldest_unsequenced()
    if act is not None and act < before:
        yield Finding(
            "log-backlog", "evidence",
            Said(
                f"{act:%Y-%m-%d %H:%M} 的一项行为还没有进入存证树",
                f"an act of {act:%Y-%m-%d %H:%M} is not in the tree",
            ),
            way_out,
        )  # fmt: skip
    receipt = dataplane.oldest_unsealed_receipt()
    if receipt is not None and receipt < before:
        yield Finding(
            "receipts-backlog", "dataplane_receipt",
            Said(
                f"{receipt:%Y-%m-%d %H:%M} 的读取回执还没有封存，其根哈希不在日志中：此前被改动不会被发现",
                f"a receipt of {receipt:%Y-%m-%d %H:%M} is in no batch whose root is in the log:"
                " until then it can be changed unnoticed",
            ),
            way_out,
        )  # fmt: skip


def check_notices() -> Iterator[Finding]:
    """The mail server of the settings answers, and no notice waits that could be sent."""
    trouble = opening.mail_trouble()
    if trouble:
        yield Finding(
            "mail-unreachable", settings.EMAIL_HOST,
            Said(f"邮件服务器不能用：{trouble}", f"the mail server cannot be used: {trouble}"),
            Said("核对 WUSHU_SMTP_* 各项设置", "check the settings WUSHU_SMTP_*"),
        )  # fmt: skip
    waits = opening.longest_untried()
    if waits > BACKLOG_AGE.total_seconds():
        yield Finding(
            "notices-backlog", "opening_delivery",
            Said(
                f"有通知等了 {waits:.0f} 秒还没有试着发送",
                f"a notice has waited for {waits:.0f} s and nobody tried to send it",
            ),
            Said("启动 wushu worker，或查看它的输出", "start `wushu worker`, or see what it says"),
        )  # fmt: skip


def check_harvests() -> Iterator[Finding]:
    """Catalogues of others are read when they are due, and were read to their end the last time."""
    for one in harvest.troubles():
        if one.overdue_since is not None:
            yield Finding(
                "harvest-overdue", one.name,
                Said(
                    f"{one.overdue_since:%Y-%m-%d %H:%M} 起就该采集，一直没有",
                    f"it should have been read since {one.overdue_since:%Y-%m-%d %H:%M} and was not",
                ),
                Said("启动 wushu worker，或查看它的输出", "start `wushu worker`, or see what it says"),
            )  # fmt: skip
        elif one.refused is not None:
            yield Finding(
                one.refused.refusal, one.name,
                Said(one.refused.refusal_zh, one.refused.refusal_en),
                Said(
                    "之后运行 wushu harvest run；不再需要的来源，运行 wushu harvest stop",
                    "then run `wushu harvest run`, or `wushu harvest stop` where it is needed no more",
                ),
                Level.NOTE,
            )  # fmt: skip


def check_files() -> Iterator[Finding]:
    """Originals, manifests, Parquet and serving files are what was recorded."""
    for fault in dataplane.file_faults():
        serving = fault.where.startswith(f"{settings.SERVING_DIR.name}/")
        is_derived = serving and fault.kind in ("missing", "changed")
        yield Finding(
            fault.kind, fault.where, fault.message,
            Said("运行 wushu rebuild --serving", "run `wushu rebuild --serving`")
            if is_derived else None,
        )  # fmt: skip


def check_log() -> Iterator[Finding]:
    """What the node does can be written down."""
    if settings.LOG_DIR == "-":
        return
    place = Path(settings.LOG_DIR)
    while not place.exists():
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        yield Finding(
            "log-unwritable", str(settings.LOG_DIR),
            Said("请求得到答复，但没有写入日志", "requests are answered and not written down"),
            Said(
                "让节点的用户能写这个文件夹，或用 WUSHU_LOG_DIR 另指一个",
                "give the node's user the folder, or name another with WUSHU_LOG_DIR",
            ),
        )  # fmt: skip


def check_receipts() -> Iterator[Finding]:
    """Receipts of reads are those whose roots are in the log."""
    for sentence in dataplane.receipt_faults():
        yield Finding("receipts-changed", "dataplane_receipt", sentence)


_SEARCH_WAYS_OUT = {
    "search-missing": Said("下一次检索会建立它", "the next search builds it"),
    "search-damaged": Said("运行 wushu rebuild --search", "run `wushu rebuild --search`"),
    "synonyms-wrong": Said(
        "改正同义词文件；其余各组照常使用", "mend the file of synonyms; its other groups are in use"
    ),
}


def check_search() -> Iterator[Finding]:
    """The search index is whole and holds what is listed; the node's own synonyms can be read."""
    for fault in catalog.index_faults():
        damaged = fault.kind == "search-damaged"
        yield Finding(
            fault.kind, fault.where, fault.message, _SEARCH_WAYS_OUT[fault.kind],
            Level.FAULT if damaged else Level.NOTE,
        )  # fmt: skip


def check_evidence() -> Iterator[Finding]:
    """The whole of `wushu evidence audit`."""
    for fault in evidence.audit():
        message = Said(fault.sentence("zh"), fault.sentence("en"))
        yield Finding(fault.kind, fault.where, message)


NAMES = {
    "readiness": "就绪", "secrets": "密钥", "folders": "文件夹", "database settings": "数据库设置",
    "disk": "磁盘", "storage": "对象存储", "scanner": "恶意代码检查", "providers": "外部服务",
    "checkpoint": "检查点", "log": "日志", "worker": "后台工作", "notices": "通知", "harvests": "采集", "files": "文件",
    "receipts": "读取回执", "search": "检索索引", "evidence": "存证",
    "database": "数据库", "migrations": "数据表", "initialisation": "初始化",
}  # fmt: skip
"""What checks and what makes a node ready are called in Chinese."""


def _command(text: str) -> Said:
    """A way out that is a command: the same in both languages."""
    return Said(text, text)


CHECKS: dict[str, Check] = {
    "readiness": check_readiness,
    "secrets": check_secrets,
    "folders": check_folders,
    "database settings": check_database_settings,
    "disk": check_disk,
    "storage": check_storage,
    "scanner": check_scanner,
    "providers": check_providers,
    "checkpoint": check_checkpoint_place,
    "log": check_log,
    "worker": check_worker,
    "notices": check_notices,
    "harvests": check_harvests,
    "files": check_files,
    "receipts": check_receipts,
    "search": check_search,
    "evidence": check_evidence,
}


THOROUGH = ("files", "search", "evidence")
"""Checks that read every file or every row."""


def examine(name: str) -> list[Finding]:
    """What a check finds. One that is refused or breaks off says so and keeps none of the others."""
    found: list[Finding] = []
    try:
        found.extend(CHECKS[name]())
    except Refusal as refusal:
        sentence = Said(refusal.sentence("zh"), refusal.sentence("en"))
        way_out = Said(refusal.way_out("zh"), refusal.way_out("en"))
        found.append(Finding(refusal.name, name, sentence, way_out))
    except Exception as error:  # whatever somebody did to the data: the rest is still looked at
        logger.exception("the check %r broke off", name)
        found.append(
            Finding(
                "check-failed", name,
                Said(
                    f"检查中断：{type(error).__name__}",
                    f"the check broke off: {type(error).__name__}",
                ),
                Said(
                    "查看程序日志中的回溯信息并报告", "see the traceback in the program's log, and report it"
                ),
            )
        )  # fmt: skip
    return found


@click.command()
@click.option("--quick", is_flag=True, help="Leave out what reads every file and every row.")
@as_json
@click.pass_context
def doctor(context: click.Context, quick: bool, as_json: bool) -> None:
    """Check this deployment; exit with 3 and name each fault when something is wrong.

    Notes are worth knowing and leave the exit code 0.
    """
    findings: list[Finding] = []
    for name in CHECKS:
        if quick and name in THOROUGH:
            continue
        found = examine(name)
        findings += found
        if not as_json:
            _say(name, found)
        if name == "readiness" and found:
            break  # without tables the other checks would only repeat it
    if as_json:
        click.echo(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False))
    context.exit(3 if _has_fault(findings) else 0)


def _has_fault(findings: list[Finding]) -> bool:
    return any(finding.level is Level.FAULT for finding in findings)


def _say(name: str, found: list[Finding]) -> None:
    """What one check found, in the language of the command line."""
    language = saying.language()
    word = WRONG if _has_fault(found) else NOTE if found else FINE
    click.echo(f"{word(language):6} {Said(NAMES[name], name)(language)}")
    for finding in found:
        click.echo(f"       {finding.kind}: {finding.where}: {finding.message(language)}")
        if finding.way_out is not None:
            click.echo(f"       -> {finding.way_out(language)}")
