"""The node's log: one JSON object a line, a file a day, kept as long as the settings say.

Three kinds of lines: ``request``, one for each answer; ``command``, what was refused at the command
line; and ``record``, what the program says by Python's logging. None holds personal data, an address of a client, or what a reader asked for: a request is
told by the template of its address.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wushu.kernel import noting
from wushu.kernel.noting import Noted

STDERR = "-"
"""As WUSHU_LOG_DIR: write to standard error, and leave keeping to who collects it."""
FLUSH_SECONDS = 0.2
_NAME = re.compile(r"wushu-(\d{4}-\d{2}-\d{2})\.jsonl\Z")


class Lines:
    """Where lines go. Request lines are gathered and written by a thread, so that no answer waits.

    Each write is whole lines at the end of the file, so several processes may share it. What is
    gathered at the moment of a crash, at most a fifth of a second, is lost.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gathered: list[bytes] = []
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._day = ""
        self._complained = False

    def gather(self, line: bytes) -> None:
        """Write soon."""
        with self._lock:
            self._gathered.append(line)
            if len(self._gathered) > 1:
                return  # the thread is awake already
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="log", daemon=True)
                self._thread.start()
                atexit.register(self.flush)
        self._wake.set()

    def flush(self) -> None:
        """Write what was gathered."""
        with self._lock:
            gathered, self._gathered = self._gathered, []
        if gathered:
            self.write(b"".join(gathered))

    def write(self, lines: bytes) -> None:
        """Write now; a place that cannot be written is told on standard error, once."""
        if settings.LOG_DIR == STDERR:
            sys.stderr.buffer.write(lines)
            sys.stderr.buffer.flush()
            return
        try:
            self._append(lines)
            self._complained = False
        except OSError as error:
            if not self._complained:
                sys.stderr.write(f"the log in {settings.LOG_DIR} cannot be written: {error}\n")
            self._complained = True

    def _append(self, lines: bytes) -> None:
        folder = Path(settings.LOG_DIR)
        if not folder.parent.is_dir():
            return  # before `wushu init` there is no node to tell of; standard error has it
        today = f"{datetime.now(UTC).astimezone():%Y-%m-%d}"
        if today != self._day:
            folder.mkdir(exist_ok=True, mode=0o750)
            forget(folder, settings.LOG_DAYS, today)
            self._day = today
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        descriptor = os.open(folder / f"wushu-{today}.jsonl", flags, 0o640)
        try:
            while lines:
                lines = lines[os.write(descriptor, lines) :]
        finally:
            os.close(descriptor)

    def _work(self) -> None:
        pause = threading.Event()
        while True:
            self._wake.wait()
            pause.wait(FLUSH_SECONDS)
            self._wake.clear()  # before the lines are taken: what comes after wakes it again
            try:
                self.flush()
            except Exception:  # of any kind: the thread would end, and all later lines be lost
                sys.stderr.write(f"lines of the log were lost:\n{traceback.format_exc()}")


def forget(folder: Path, days: int, today: str) -> list[str]:
    """Remove files of days that are more than ``days`` days past; their names."""
    oldest = datetime.fromisoformat(today) - timedelta(days=days)
    gone = []
    for path in sorted(folder.iterdir()):
        dated = _NAME.match(path.name)
        if dated and datetime.fromisoformat(dated[1]) < oldest:
            with contextlib.suppress(FileNotFoundError):  # another process was quicker
                path.unlink()
            gone.append(path.name)
    return gone


LINES = Lines()


def tell_request(noted: Noted, method: str, status: int, seconds: float) -> None:
    """One line for one answer; status 0 when the client left before it began."""
    line: dict[str, Any] = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": "ERROR" if status >= 500 else "INFO",
        "kind": "request",
        "request": noted.id,
        "method": method,
        "route": noted.route,
        "status": status,
        "ms": round(seconds * 1000, 2),
    }
    if noted.actor:
        line["actor"] = noted.actor
    if refused := noted.refused_as(status):
        line["refusal"] = refused
    if noted.rows:
        line["rows"] = noted.rows
    LINES.gather(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def tell_refused_command(command: str, actor: str, refusal: str) -> None:
    """One line for what was refused at the command line; what was typed stays out of it."""
    line = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": "INFO",
        "kind": "command",
        "command": command,
        "refusal": refusal,
    }
    LINES.write(
        orjson.dumps(line | ({"actor": actor} if actor else {}), option=orjson.OPT_APPEND_NEWLINE)
    )


class JsonHandler(logging.Handler):
    """What the program says by Python's logging, as lines of the log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write at once: it may be the last thing that is said."""
        try:
            line = {
                "time": datetime.fromtimestamp(record.created, UTC).isoformat(
                    timespec="milliseconds"
                ),
                "level": record.levelname,
                "kind": "record",
                "request": noting.request_id(),
                "logger": record.name,
                "message": record.getMessage(),
            }
            if record.exc_info:
                line["traceback"] = logging.Formatter().formatException(record.exc_info)
            LINES.write(orjson.dumps(line, default=str, option=orjson.OPT_APPEND_NEWLINE))
        except Exception:  # logging's own rule: what is said must not break what is done
            self.handleError(record)


class NotingMiddleware:
    """Notes which route Django answered with, and who was signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        from wushu.config.health import PROBES  # noqa: PLC0415  (logging is set up before models are)

        self.get_response = get_response
        self._probes = PROBES

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Asks nothing of the database that the view has not asked."""
        response = self.get_response(request)
        if request.resolver_match is not None:
            noting.note_route("/" + request.resolver_match.route)
        elif request.path in self._probes:  # answered before addresses are looked up
            noting.note_route(request.path)
        elif request.path.startswith(settings.STATIC_URL):
            noting.note_route(settings.STATIC_URL)
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated:
            noting.note_actor(f"urn:uuid:{user.pk}")
        return response
