"""Files as departments hand them in: written row by row, never held whole."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO

_HELD_BYTES = 4 * 1024**2
"""Above this a file goes to the disk while it is written."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A text table: what stands in it and how it is written.

    ``rows`` begins anew at each call, so a file can be written twice. None becomes an empty cell.
    """

    name: str
    header: Sequence[str]
    rows: Callable[[], Iterable[Sequence[object]]]
    encoding: str = "utf-8"
    delimiter: str = ","
    newline: str = "\r\n"

    def open(self) -> IO[bytes]:
        """The file's bytes, from the first; closing it removes it.

        ``UnicodeEncodeError`` when a character has no place in the encoding.
        """
        held: IO[bytes] = tempfile.SpooledTemporaryFile(_HELD_BYTES)  # noqa: SIM115  (handed out)
        text = io.TextIOWrapper(held, encoding=self.encoding, newline="")
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator=self.newline)
        writer.writerow(self.header)
        writer.writerows(self.rows())
        text.flush()
        text.detach()
        held.seek(0)
        return held
