"""A process beside the server that is started again when it ends by itself.

Its end must not take the pages with it: a worker that the system killed for its memory would stop the
node, and be killed again by the same file at each start.
"""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds before the process is started again; each pause is twice the one before."""
SETTLED = 300.0
"""Seconds of life after which the pauses begin anew."""
STOP_SECONDS = 10.0
"""How long a process may take to end when it is asked to, before it is killed."""


class Kept:
    """``command`` as a child with its own process group, kept running from ``start`` to ``stop``."""

    def __init__(self, command: Sequence[str], say: Callable[[str], None]) -> None:
        self._command = list(command)
        self._say = say
        self._stopped = threading.Event()
        self._starting = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Start it and return."""
        self._keeper.start()

    def stop(self) -> None:
        """End it and wait until it has ended; it is not started again."""
        self._stopped.set()
        with self._starting:
            child = self._child
        if child is not None:
            end(child)
        self._keeper.join()

    def _keep(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopped.is_set():
            begun = time.monotonic()
            how = self._lived()
            if self._stopped.is_set():
                return
            if time.monotonic() - begun > SETTLED:
                pause = FIRST_PAUSE
            self._say(f"the background worker ended ({how}); it is started again in {pause:g} s")
            self._stopped.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _lived(self) -> str:
        """Run it to its end; the answer is how it ended."""
        with self._starting:
            if self._stopped.is_set():
                return ""
            try:
                self._child = subprocess.Popen(self._command, start_new_session=True)
            except OSError as error:  # no memory or no process left: there may be some later
                return str(error)
        code = self._child.wait()
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def end(child: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and kill it if it does not."""
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
