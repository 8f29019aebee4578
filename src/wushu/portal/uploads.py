"""Files that a form sends, while they come in."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse

from wushu.dataplane import selectors as dataplane
from wushu.portal.views.errors import refused

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class SpoolHandler(FileUploadHandler):
    """Keeps a large file beside the originals, under no name, so that nothing is left of it."""

    _spool: IO[bytes]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin the next file."""
        super().new_file(*args, **kwargs)
        folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        self._spool = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (the upload closes it)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a chunk; no handler after this one sees it."""
        self._spool.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        """The file, open at its beginning."""
        self._spool.seek(0)
        return UploadedFile(
            file=self._spool,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
        )

    def upload_interrupted(self) -> None:
        """Let go of the file that was not finished."""
        if hasattr(self, "_spool"):
            self._spool.close()


class UploadMiddleware:
    """Reads what a form sends before anything else asks for it: a full disk is refused by name.

    Asked first by Django's check of forms, it would be an error of the server.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page, or ``disk-full``."""
        try:
            if request.content_type == "multipart/form-data":
                request.FILES  # noqa: B018  (asking for them reads them)
        except OSError as error:
            if error.errno in _FULL:
                return refused(request, dataplane.DISK_FULL(what_zh="上传", what_en="the upload"))
            raise
        return self.get_response(request)
