"""Which encoding a file is in, and its text as UTF-8. Decoding never corrupts silently.

Order of evidence (decision 0007): what the person says; byte order mark; the NUL pattern of UTF-16;
strict UTF-8; then GB 18030 and Big5, each strict over the whole file and, since most Big5 lines are
valid GB 18030 too, ranked by character frequency. When the evidence is thin, the person is asked.
No decoder here ever replaces or drops a byte.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from wushu.dataplane.ingest import frequency
from wushu.dataplane.ingest.lines import bounded
from wushu.dataplane.ingest.refusals import (
    EMPTY_FILE,
    ENCODING_AMBIGUOUS,
    ENCODING_UNKNOWN,
    NOT_A_TABLE,
    UNDECODABLE,
)
from wushu.dataplane.types import EncodingCandidate, Evidence

CHUNK = 4 * 1024 * 1024
SAMPLE_BYTES = 256 * 1024
"""Lines beyond ASCII that are ranked by frequency."""
DECISIVE = 6.0
"""log10 odds from which one reading is taken without asking: a million to one."""
PLAUSIBLE = -4.3
"""Mean log10 frequency below which a text is not taken for Chinese."""
_UTF8_SHARE = 0.9
"""Share of foreign bytes in valid UTF-8 sequences from which a file is damaged UTF-8."""
_SAMPLE_LINES = 3
_SAMPLE_WIDTH = 80

_BOMS = (  # longest first: UTF-32's begins like UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ALIASES = {
    # GB 18030 contains GB 2312 and GBK; BOM handling is ours, so the endian is always named.
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "hz": "hz",
    "ascii": "utf-8",
    "utf-8-sig": "utf-8",
    "cp950": "cp950",
}
_BINARY = (
    (b"PK\x03\x04", "ZIP 压缩包或 Excel（XLSX）工作簿", "a ZIP archive or Excel workbook (XLSX)"),
    (b"PK\x05\x06", "空的 ZIP 压缩包", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "Excel（XLS）等旧版 Office 文档", "an old Office document such as XLS"),
    (b"%PDF", "PDF 文档", "a PDF document"),
    (b"\x1f\x8b", "gzip 压缩文件", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包", "a 7z archive"),
    (b"Rar!", "RAR 压缩包", "a RAR archive"),
    (b"PAR1", "Parquet 文件", "a Parquet file"),
    (b"SQLite format 3", "SQLite 数据库", "an SQLite database"),
    (b"\x89PNG", "PNG 图片", "a PNG image"),
    (b"\xff\xd8\xff", "JPEG 图片", "a JPEG image"),
    (b"\x7fELF", "可执行程序", "a program"),
    (b"MZ\x90\x00", "可执行程序", "a program"),
)
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype\s+html|html|\?xml)", re.IGNORECASE)
_JSON = re.compile(rb"(\xef\xbb\xbf)?\s*(\[\s*[\[{\]]|\{\s*[\"}])")
_ORDINARY = re.compile(
    "[\t\n\r -\x7e\xa0-\u05ff\u2000-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]"
)
"""Characters of tables in the scripts one may expect; binary content read as UTF-16 has others."""
_BREAKS = re.compile(rb"[\r\n]+")
_FOREIGN = re.compile(rb"[\x80-\xff]")
_ASCII = bytes(range(0x80))
_NOT_OF_FILES = frozenset(
    ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7")
)
"""Python's names of codecs in which no table is kept; some take time by the square of the length."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """How a file's bytes become text."""

    encoding: str
    evidence: Evidence
    bom: int
    """Bytes of the mark at the beginning, no part of the text."""
    candidates: tuple[EncodingCandidate, ...] = ()


def detect(path: Path, name: str, told: str = "") -> Decoding:
    """The encoding of the whole file, every byte of it tried.

    Refusals: ``empty-file``, ``not-a-table``, ``encoding-unknown``, ``undecodable``,
    ``encoding-ambiguous`` (facts: ``candidates``, ``samples``, ``options``: EncodingCandidate).
    """
    with path.open("rb") as stream:
        head = stream.read(CHUNK)
        if not head:
            raise EMPTY_FILE(name=name)
        refuse_binary(head, name)
        if told:
            return _told(stream, head, told, name)
        for mark, encoding in _BOMS:
            if head.startswith(mark):
                _require_decodable(stream, encoding, len(mark))
                return Decoding(encoding, Evidence.BOM, len(mark))
        if b"\0" in head:
            return _by_nul_pattern(stream, head, name)
        _refuse_nul(stream, name)
        if _fault(stream, "utf-8") is None:
            return Decoding("utf-8", Evidence.STRICT, 0)
        return _by_frequency(stream)


def reopened(path: Path, encoding: str) -> Decoding:
    """The decoding of a file whose encoding ``detect`` found earlier."""
    with path.open("rb") as stream:
        head = stream.read(4)
    marks = (mark for mark, marked in _BOMS if marked == encoding and head.startswith(mark))
    return Decoding(encoding, Evidence.TOLD, len(next(marks, b"")))


def refuse_binary(head: bytes, name: str) -> None:
    """Refuse what begins like something that is no text table (``not-a-table``)."""
    for magic, what_zh, what_en in _BINARY:
        if head.startswith(magic):
            raise NOT_A_TABLE(name=name, what_zh=f"它是{what_zh}", what_en=f"it is {what_en}")
    if _MARKUP.match(head):
        raise NOT_A_TABLE(
            name=name, what_zh="它是网页或 XML 文档", what_en="it is a web page or XML document"
        )
    if _JSON.match(head):
        raise NOT_A_TABLE(name=name, what_zh="它是 JSON 文档", what_en="it is a JSON document")


def canonical_name(encoding: str) -> str:
    """Python's name of an encoding, supersets for subsets; ``encoding-unknown``."""
    try:
        info = codecs.lookup(encoding.strip())
    except LookupError:
        raise ENCODING_UNKNOWN(encoding=encoding) from None
    if not getattr(info, "_is_text_encoding", True) or info.name in _NOT_OF_FILES:
        raise ENCODING_UNKNOWN(encoding=encoding)
    return _ALIASES.get(info.name, info.name)


def write_utf8(source: Path, decoding: Decoding, target: Path, name: str) -> None:
    """The file's text as UTF-8 without a mark, line ends untouched; constant memory.

    The file was decoded whole by ``detect``, so a ``UnicodeDecodeError`` here means that it changed.
    Refusal: ``not-a-table`` for U+0000, which only the wide encodings can hold unnoticed till here.
    """
    decoder = codecs.getincrementaldecoder(decoding.encoding)(errors="strict")
    with source.open("rb") as stream, target.open("wb") as out:
        stream.seek(decoding.bom)
        written = 0
        while chunk := stream.read(CHUNK):
            text = decoder.decode(chunk).encode("utf-8")
            if (place := text.find(0)) >= 0:
                raise _holds_nul(name, written + place)
            written += out.write(text)
        out.write(decoder.decode(b"", final=True).encode("utf-8"))


def _told(stream: BinaryIO, head: bytes, told: str, name: str) -> Decoding:
    encoding = canonical_name(told)
    if not encoding.startswith(("utf-16", "utf-32")):
        _refuse_nul(stream, name)
    for mark, marked in _BOMS:
        # "utf-16" leaves the byte order to the mark; a mark of the told encoding is no text.
        if head.startswith(mark) and (marked == encoding or encoding + "-" == marked[:-2]):
            encoding, bom = marked, len(mark)
            break
    else:
        bom = 0
        if encoding in ("utf-16", "utf-32"):
            encoding += "-le"
    _require_decodable(stream, encoding, bom)
    return Decoding(encoding, Evidence.TOLD, bom)


def _by_nul_pattern(stream: BinaryIO, head: bytes, name: str) -> Decoding:
    """UTF-16 without a mark: separators, digits and line ends have their NULs on one side.

    Some characters (一 is U+4E00) have theirs on the other, so both orders are read and judged.
    """
    readings = []
    for encoding in ("utf-16-le", "utf-16-be"):
        if _fault(stream, encoding) is None:
            text = head[: len(head) // 2 * 2].decode(encoding, "ignore")
            ends = text.count("\n") + text.count("\r")
            if ends and "\0" not in text and len(_ORDINARY.findall(text)) >= 0.95 * len(text):
                readings.append((ends, encoding))
    if not readings:
        raise _holds_nul(name, head.index(0))
    return Decoding(max(readings)[1], Evidence.NUL_PATTERN, 0)


def _refuse_nul(stream: BinaryIO, name: str) -> None:
    offset = 0
    for chunk in _chunks(stream, 0):
        if (place := chunk.find(0)) >= 0:
            raise _holds_nul(name, offset + place)
        offset += len(chunk)


def _holds_nul(name: str, offset: int) -> Exception:
    return NOT_A_TABLE(
        name=name,
        what_zh=f"第 {offset} 字节是空字符，是二进制内容",
        what_en=f"byte {offset} is NUL, so the content is binary",
    )


def _by_frequency(stream: BinaryIO) -> Decoding:
    """GB 18030 or Big5, by which of them the characters speak for."""
    damaged = _fault(stream, "utf-8")
    assert damaged is not None
    sample = _foreign_lines(stream)
    if _utf8_share(sample) >= _UTF8_SHARE:
        raise _refusal(stream, "utf-8", damaged)
    faults = {encoding: _fault(stream, encoding) for encoding in ("gb18030", "big5")}
    open_to = [encoding for encoding, fault in faults.items() if fault is None]
    if not open_to:
        furthest = max(faults, key=lambda encoding: faults[encoding] or 0)
        raise _refusal(stream, furthest, faults[furthest] or 0)
    weighed = sorted(((_weigh(sample, encoding), encoding) for encoding in open_to), reverse=True)
    candidates = tuple(_candidate(sample, encoding) for _, encoding in weighed)
    lead = weighed[0][0] - weighed[1][0] if len(weighed) > 1 else DECISIVE
    if candidates[0].score < PLAUSIBLE:
        raise ambiguous((*candidates, *_western(stream, sample)))
    if lead < DECISIVE:
        raise ambiguous(candidates)
    evidence = Evidence.FREQUENCY if len(weighed) > 1 else Evidence.STRICT
    return Decoding(candidates[0].encoding, evidence, 0, candidates)


def _western(stream: BinaryIO, sample: Sequence[bytes]) -> Iterator[EncodingCandidate]:
    """Latin encodings to choose from when the text does not look Chinese; never taken unasked."""
    for encoding in ("cp1252", "mac-roman"):
        if _fault(stream, encoding) is None:
            yield _candidate(sample, encoding)


def ambiguous(candidates: tuple[EncodingCandidate, ...]) -> Exception:
    """The refusal that asks which of the candidates reads right."""
    return ENCODING_AMBIGUOUS(
        candidates="、".join(candidate.encoding for candidate in candidates),
        samples="；".join(
            f"{candidate.encoding}: {' / '.join(candidate.sample)}" for candidate in candidates
        ),
        options=candidates,
    )


def _weigh(sample: Sequence[bytes], encoding: str) -> float:
    return frequency.log_likelihood(_read(sample, encoding), encoding)


def _candidate(sample: Sequence[bytes], encoding: str) -> EncodingCandidate:
    text = _read(sample, encoding)
    lines = [line[:_SAMPLE_WIDTH] for line in text.splitlines() if not line.isascii()]
    score = frequency.plausibility(text, encoding)
    return EncodingCandidate(encoding, round(score, 2), tuple(lines[:_SAMPLE_LINES]))


def _foreign_lines(stream: BinaryIO) -> list[bytes]:
    """The first lines that hold bytes beyond ASCII, clipped, up to SAMPLE_BYTES; ``line-too-long``."""
    found: list[bytes] = []
    size, rest = 0, b""
    for chunk in bounded(_chunks(stream, 0), lambda offset: line_of(stream, "ascii", offset)):
        *lines, rest = _BREAKS.split(rest + chunk)
        for line in map(_clipped, lines):
            if line:
                found.append(line)
                size += len(line)
                if size >= SAMPLE_BYTES:
                    return found
    return [*found, _clipped(rest)]


def _clipped(line: bytes) -> bytes:
    """A line with bytes beyond ASCII, at most SAMPLE_BYTES of it; nothing of a line without.

    What stands before its first foreign byte is ASCII, so that byte begins a character. The last
    character may be cut.
    """
    first = _FOREIGN.search(line)
    if first is None:
        return b""
    return line if len(line) <= SAMPLE_BYTES else line[first.start() :][:SAMPLE_BYTES]


def _read(sample: Sequence[bytes], encoding: str) -> str:
    """The lines of a sample as they read in an encoding, without characters cut at their ends."""
    decoder = codecs.getincrementaldecoder(encoding)
    return "\n".join(decoder("strict").decode(line) for line in sample)


def _utf8_share(sample: Sequence[bytes]) -> float:
    """Share of the bytes beyond ASCII that stand in valid UTF-8 sequences."""
    text = b"\n".join(sample)
    kept = text.decode("utf-8", "ignore").encode()
    foreign = len(text.translate(None, _ASCII))
    return len(kept.translate(None, _ASCII)) / foreign if foreign else 0.0


def _require_decodable(stream: BinaryIO, encoding: str, start: int) -> None:
    fault = _fault(stream, encoding, start)
    if fault is not None:
        raise _refusal(stream, encoding, fault)


def _fault(stream: BinaryIO, encoding: str, start: int = 0) -> int | None:
    """Offset of the first byte that does not decode; None when all do."""
    if encoding == "utf-8":
        start = _valid_utf8(stream, start)
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    offset = start
    for chunk in _chunks(stream, start):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return offset - pending + error.start
        offset += len(chunk)
    pending = len(decoder.getstate()[0])
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return offset - pending + error.start
    return None


def _valid_utf8(stream: BinaryIO, start: int) -> int:
    """Offset up to which chunks are valid UTF-8, by Arrow's check, four times as fast as decoding."""
    offset, rest = start, b""
    for chunk in _chunks(stream, start):
        text = rest + chunk
        whole = len(text) - _cut_bytes(text)
        offsets = pa.py_buffer(struct.pack("<qq", 0, whole))
        column = pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, pa.py_buffer(text)])
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            break
        offset, rest = offset + whole, text[whole:]
    return offset


def _cut_bytes(text: bytes) -> int:
    """How many bytes at the end may be the beginning of a longer character."""
    for length in range(1, min(3, len(text)) + 1):
        byte = text[-length]
        if byte >= 0xC0:
            wanted = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return length if wanted > length else 0
        if byte < 0x80:
            return 0
    return 0


def _refusal(stream: BinaryIO, encoding: str, offset: int) -> Exception:
    stream.seek(offset)
    shown = stream.read(4).hex(" ")
    return UNDECODABLE(
        encoding=encoding, offset=offset, line=line_of(stream, encoding, offset), bytes=shown
    )


def line_of(stream: BinaryIO, encoding: str, offset: int) -> int:
    """Physical line of a byte, from 1."""
    feed, back = "\n".encode(encoding), "\r".encode(encoding)
    feeds = backs = seen = 0
    for chunk in _chunks(stream, 0):
        part = chunk[: offset - seen]
        feeds, backs = feeds + part.count(feed), backs + part.count(back)
        seen += len(part)
        if seen >= offset:
            break
    return 1 + (feeds or backs)


def _chunks(stream: BinaryIO, start: int) -> Iterator[bytes]:
    stream.seek(start)
    while chunk := stream.read(CHUNK):
        yield chunk
