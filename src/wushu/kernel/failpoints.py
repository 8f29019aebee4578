"""Places where a test may kill the process, to prove that nothing half-written survives.

``WUSHU_FAILPOINT=evidence.assigned:3`` kills this process (SIGKILL, no clean-up) the third time the
point ``evidence.assigned`` is passed. Without the variable a point costs one comparison.
"""

from __future__ import annotations

import os
import signal

_armed, _, _count = os.environ.get("WUSHU_FAILPOINT", "").partition(":")
_left = int(_count or 1)


def failpoint(name: str) -> None:
    """Die here if the environment says so."""
    global _left  # noqa: PLW0603  (a process has one countdown)
    if name != _armed:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
