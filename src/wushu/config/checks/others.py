"""What the node needs of others: storage, scanner, providers, mail, catalogues it reads."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from django.conf import settings

from wushu.config import providers
from wushu.config.checks.finding import START_THE_WORKER, Finding, Level
from wushu.config.checks.work import BACKLOG_AGE
from wushu.dataplane import selectors as dataplane
from wushu.harvest import selectors as harvest
from wushu.kernel.errors import Said
from wushu.kernel.scanning.clamd import Clamd
from wushu.opening import selectors as opening
from wushu.parties import selectors as parties

logger = logging.getLogger(__name__)


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


def check_sign_in() -> Iterator[Finding]:
    """The identity provider, where one is named, answers; its settings are whole."""
    named = {
        "WUSHU_OIDC_ISSUER": settings.OIDC_ISSUER, "WUSHU_OIDC_CLIENT_ID": settings.OIDC_CLIENT_ID,
    }  # fmt: skip
    if len(missing := [name for name, value in named.items() if not value]) == 1:
        yield Finding(
            "oidc-setting", missing[0],
            Said(
                "没有设置，统一身份认证登录没有启用",
                "it is not set, so nobody signs in by the identity provider",
            ),
            Said("按 docs/how-to/oidc.md 填写", "set it as docs/how-to/oidc.md says"),
        )  # fmt: skip
    trouble = parties.outside_sign_in_trouble()
    if trouble is not None:
        yield Finding(
            trouble.name, settings.OIDC_ISSUER,
            Said(trouble.sentence("zh"), trouble.sentence("en")),
            Said(
                "核对 WUSHU_OIDC_* 各项设置和平台是否正常；本节点的账号仍可登录",
                "check the settings WUSHU_OIDC_* and the provider; accounts of this node still sign in",
            ),
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
            START_THE_WORKER,
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
                START_THE_WORKER,
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
