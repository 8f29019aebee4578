"""``wushu doctor``: checks a deployment and says what is wrong and what to do."""

from __future__ import annotations

import json
import logging

import click

from wushu.config import saying
from wushu.config.checks import host
from wushu.config.checks.finding import Check, Finding, Level
from wushu.config.checks.host import (
    check_checkpoint_place,
    check_database_settings,
    check_disk,
    check_folders,
    check_log,
    check_readiness,
    check_secrets,
)
from wushu.config.checks.others import (
    check_harvests,
    check_notices,
    check_providers,
    check_scanner,
    check_sign_in,
    check_storage,
)
from wushu.config.checks.work import (
    check_computed,
    check_evidence,
    check_files,
    check_papers,
    check_receipts,
    check_search,
    check_worker,
)
from wushu.config.commands.options import as_json
from wushu.kernel.errors import Refusal, Said

logger = logging.getLogger(__name__)

WRONG, NOTE, FINE = Said("错误", "WRONG"), Said("注意", "note"), Said("正常", "ok")
NAMES = {
    "readiness": "就绪", "secrets": "密钥", "folders": "文件夹", "database settings": "数据库设置",
    "disk": "磁盘", "storage": "对象存储", "scanner": "恶意代码检查", "providers": "外部服务", "sign-in": "统一身份认证",
    "checkpoint": "检查点", "log": "日志", "worker": "后台工作", "notices": "通知", "harvests": "采集", "files": "文件",
    "papers": "办件材料", "computed": "计算结果", "receipts": "读取回执", "search": "检索索引", "evidence": "存证",
    **host.NAMES,
}  # fmt: skip
"""What checks and what makes a node ready are called in Chinese."""

CHECKS: dict[str, Check] = {
    "readiness": check_readiness,
    "secrets": check_secrets,
    "folders": check_folders,
    "database settings": check_database_settings,
    "disk": check_disk,
    "storage": check_storage,
    "scanner": check_scanner,
    "providers": check_providers,
    "sign-in": check_sign_in,
    "checkpoint": check_checkpoint_place,
    "log": check_log,
    "worker": check_worker,
    "notices": check_notices,
    "harvests": check_harvests,
    "files": check_files,
    "papers": check_papers,
    "computed": check_computed,
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
