"""What is sent to a page waits on the disk of the originals, and a full disk is said by name.

Django keeps a large body in the system's folder for temporary files, often a small file system of its
own, and an upload in it once more; full, either breaks the connection off without an answer.
"""

from __future__ import annotations

import errno
import io
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class SpoolingHandler(ASGIHandler):
    """Django's handler, but for where it keeps what is being sent."""

    async def read_body(self, receive: Receive) -> IO[bytes]:
        """The whole body; one that cannot be read where the disk was full."""
        folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
        body = tempfile.SpooledTemporaryFile(  # noqa: SIM115  (Django closes it with the request)
            max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE, mode="w+b", dir=str(folder)
        )
        full: OSError | None = None
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                body.close()
                raise RequestAborted
            more = message.get("more_body", False)
            if full is None:
                full = _written(body, message.get("body", b""), folder, last=not more)
            # A client that is still sending would not hear the answer: the rest is let go.
        if full is not None:
            body.close()
            return cast("IO[bytes]", Unreadable(full))
        return cast("IO[bytes]", body)


def _written(
    body: tempfile.SpooledTemporaryFile[bytes], chunk: bytes, folder: Path, *, last: bool
) -> OSError | None:
    """Keep a chunk; the error when there is no room for it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        body.write(chunk)
        if last:
            body.seek(0)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        return error
    return None


class Unreadable(io.RawIOBase):
    """In the place of a body for which there was no room: whoever reads it learns why."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self._error = error

    def readable(self) -> bool:
        """It may be asked."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Raise what happened."""
        raise OSError(self._error.errno, self._error.strerror)
