"""Starts the process a program runs in, watches it, and takes what it answers."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wushu.kernel.errors import Refusal, RefusalKind
from wushu.privacy import refusals as no
from wushu.privacy.types import Computed, ProgramLimits

CHECK_SECONDS = 20.0
"""How long saying whether a text is a program may take."""
LOOK_EVERY = 1.0
"""Seconds between two looks at whether a program may still run, as long streams are asked."""
_KINDS: dict[str, RefusalKind] = {
    one.name: one
    for one in (
        no.PROGRAM_NOT_UNDERSTOOD, no.PROGRAM_NOT_ONE_STATEMENT, no.PROGRAM_NOT_A_QUERY,
        no.PROGRAM_OTHER_TABLE, no.PROGRAM_FUNCTION_REFUSED, no.PROGRAM_TOO_LARGE,
        no.COMPUTED_TOO_LARGE, no.PROGRAM_FAILED,
    )
}  # fmt: skip
_COMMAND = (sys.executable, "-I", "-m", "wushu.privacy.sandbox.child")
_SAID = 300
"""Characters of an engine's message, or of a name, that a refusal repeats."""


def check(program: str, limits: ProgramLimits) -> None:
    """Refuse what is no program to run, as far as its text tells."""
    if not program.strip():
        raise no.PROGRAM_EMPTY()
    if len(program) > limits.characters:
        raise no.PROGRAM_TOO_LONG(length=len(program), limit=limits.characters)
    asked = {"check": True, "program": program, **_taking(limits, CHECK_SECONDS)}
    _answered(asked, limits, folder=None, seconds=CHECK_SECONDS, may_run=lambda: True)


def run(
    program: str,
    *,
    table: Path,
    folder: Path,
    limits: ProgramLimits,
    may_run: Callable[[], bool],
) -> Computed:
    """What a program makes of the table in a Parquet file; ``folder`` is for work, the caller's to remove."""
    asked = {
        "check": False, "program": program, "table": str(table), "folder": str(folder),
        "rows": limits.rows, "bytes": limits.bytes, **_taking(limits, limits.seconds),
    }  # fmt: skip
    found = _answered(asked, limits, folder=folder, seconds=limits.seconds, may_run=may_run)
    return Computed(
        columns=tuple((name, type_) for name, type_ in found["columns"]),
        rows=tuple(tuple(row) for row in found["rows"]),
        smallest_group=found["behind"],
    )


def _taking(limits: ProgramLimits, seconds: float) -> dict[str, Any]:
    """What the process limits itself to."""
    return {"memory": limits.memory_mb, "threads": limits.threads, "seconds": seconds}


def _answered(
    asked: dict[str, Any],
    limits: ProgramLimits,
    *,
    folder: Path | None,
    seconds: float,
    may_run: Callable[[], bool],
) -> dict[str, Any]:
    """The process's answer; it has no environment, no terminal, and no files of the node's open."""
    with subprocess.Popen(
        _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8"}, cwd=folder or "/", close_fds=True, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            content = _watched(process, json.dumps(asked).encode(), seconds, may_run)
        finally:
            process.kill()
    try:
        answer: dict[str, Any] = json.loads(content)
    except ValueError:  # it ended before it had said anything
        raise no.PROGRAM_BROKE() from None
    if answer["fault"] is not None:
        name, what = answer["fault"]
        raise _refusal(name, what, limits)
    return answer


def _watched(
    process: subprocess.Popen[bytes], request: bytes, seconds: float, may_run: Callable[[], bool]
) -> bytes:
    over = time.monotonic() + seconds
    sending: bytes | None = request
    while True:
        left = over - time.monotonic()
        if left <= 0:
            raise no.PROGRAM_TOO_SLOW(seconds=f"{seconds:g}")
        try:
            return process.communicate(sending, timeout=min(left, LOOK_EVERY))[0]
        except subprocess.TimeoutExpired:
            sending = None
        if not may_run():
            raise no.PROGRAM_STOPPED()


def _refusal(name: str, what: str, limits: ProgramLimits) -> Refusal:
    return _KINDS[name](
        what=what[:_SAID], memory=limits.memory_mb, rows=limits.rows, bytes=limits.bytes
    )
