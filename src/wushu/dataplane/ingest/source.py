"""The text of an upload as a UTF-8 file, and what its bytes say before any parser sees them."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wushu.dataplane.ingest.decode import CHUNK, Decoding, line_of, write_utf8
from wushu.dataplane.ingest.dialect import newline_of
from wushu.dataplane.ingest.lines import bounded
from wushu.dataplane.types import Newline

SNIFF_BYTES = 1024 * 1024
"""What the dialect is judged by."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """UTF-8 text on disk."""

    path: Path
    start: int
    """Bytes of a byte order mark before the text."""
    size: int
    """Bytes of the file."""

    def beginning(self) -> str:
        """About the first megabyte, cut after a whole line."""
        with self.path.open("rb") as stream:
            stream.seek(self.start)
            head = stream.read(SNIFF_BYTES)
        if self.start + len(head) < self.size:
            cut = max(head.rfind(b"\n"), head.rfind(b"\r"))
            head = head[: cut + 1] if cut > 0 else head
        # Only the last, cut character may be incomplete: the whole file was decoded before.
        return codecs.getincrementaldecoder("utf-8")("strict").decode(head)

    def chunks(self, offset: int) -> Iterator[bytes]:
        """The bytes from an offset on."""
        with self.path.open("rb", buffering=0) as stream:
            stream.seek(offset)
            while chunk := stream.read(CHUNK):
                yield chunk


@dataclass(frozen=True, slots=True)
class Scan:
    """Counts of the bytes from the first data line on."""

    bytes: int
    lines: int
    """Physical lines; a last one without line end counts."""
    line_end_bytes: int
    quotes: int
    breaks_in_quotes: bool
    """Whether some line end stands between quotes, so that a line is not a row."""


def text_of(original: Path, decoding: Decoding, work: Path, name: str) -> TextFile:
    """The original itself when it is UTF-8, else its text written to ``work``; constant memory."""
    if decoding.encoding == "utf-8":
        return TextFile(original, decoding.bom, original.stat().st_size)
    target = work / "text.csv"
    write_utf8(original, decoding, target, name)
    return TextFile(target, 0, target.stat().st_size)


def newline(text: TextFile) -> Newline:
    """The kind of line ends of the whole text; ``line-too-long``."""
    if not any(b"\r" in chunk for chunk in _bounded(text)):
        return Newline.LF
    feeds = returns = pairs = 0
    last = b""
    for chunk in _bounded(text):
        feeds += chunk.count(b"\n")
        returns += chunk.count(b"\r")
        pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk.startswith(b"\n"))
        last = chunk[-1:]
    return newline_of(feeds, returns, pairs)


def _bounded(text: TextFile) -> Iterator[bytes]:
    def line_at(offset: int) -> int:
        with text.path.open("rb") as stream:
            return line_of(stream, "utf-8", text.start + offset)

    return bounded(text.chunks(text.start), line_at)


def offset_of_line(text: TextFile, line: int) -> int:
    """Byte offset at which a physical line begins (LF and CRLF files); the end if there is none."""
    offset, left = text.start, line - 1
    for chunk in text.chunks(text.start):
        if not left:
            break
        place = -1
        while left and (place := chunk.find(b"\n", place + 1)) >= 0:
            left -= 1
        if not left:
            return offset + place + 1
        offset += len(chunk)
    return offset


def scan(text: TextFile, offset: int, kind: Newline, quote: str) -> Scan:
    """Count from ``offset`` to the end, for LF and CRLF files.

    Everything but quotes and line ends is deleted from each chunk, then neighbouring quotes, which
    leaves quotes only around line ends: a gigabyte a second, and exact.
    """
    mark = quote.encode()[:1]
    others = bytes(byte for byte in range(256) if byte not in (mark + b"\n"))
    size = feeds = quotes = 0
    is_open = broken = False
    last = b""
    for chunk in text.chunks(offset):
        size += len(chunk)
        last = chunk[-1:]
        feeds_here = chunk.count(b"\n")
        feeds += feeds_here
        kept = chunk.translate(None, others) if mark else b""
        quotes += len(kept) - feeds_here if mark else 0
        parts = (mark * is_open + kept).replace(mark * 2, b"").split(mark) if mark else [b""]
        broken = broken or any(b"\n" in inside for inside in parts[1::2])
        is_open = len(parts) % 2 == 0
    lines = feeds + (size > 0 and last != b"\n")
    width = 2 if kind is Newline.CRLF else 1
    return Scan(size, lines, feeds * width, quotes, broken or is_open)
