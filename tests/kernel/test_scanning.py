"""What is handed in is looked at by a real ClamAV before it is accepted, or it is not accepted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import clamav
from tests.support.bucket import free_port
from wushu.kernel import scanning
from wushu.kernel.errors import Refusal
from wushu.kernel.scanning import NoScanner
from wushu.kernel.scanning.clamd import CHUNK, Clamd

LIMIT = 8 * 1024 * 1024


@pytest.fixture(scope="module")
def daemon(tmp_path_factory) -> Iterator[tuple[str, str]]:
    with clamav.daemon(tmp_path_factory.mktemp("clamd"), stream_max=LIMIT) as addresses:
        yield addresses


def refused(scanner: Clamd, content: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        scanner.require_clean(io.BytesIO(content), "a.csv")
    return caught.value


@pytest.mark.clamav
@pytest.mark.parametrize("way", [0, 1], ids=["socket", "tcp"])
def test_the_real_daemon_finds_the_test_file_and_passes_a_table(daemon: tuple[str, str], way: int):
    scanner = Clamd(daemon[way], LIMIT)
    scanner.require_clean(io.BytesIO("编号,数量\n001,1\n".encode() * 50_000), "a.csv")
    scanner.require_clean(io.BytesIO(b""), "a.csv")
    found = refused(scanner, clamav.EICAR)
    assert (found.name, found.facts["signature"]) == ("malware-found", "Test.Eicar.UNOFFICIAL")
    assert scanner.version().startswith("ClamAV ")


@pytest.mark.clamav
def test_the_real_daemon_finds_it_across_pieces(daemon: tuple[str, str]):
    content = b"a,b\n" * (CHUNK // 4 - 5) + clamav.EICAR + b"\n1,2" * CHUNK
    assert refused(Clamd(daemon[0], LIMIT), content).name == "malware-found"


@pytest.mark.clamav
@pytest.mark.parametrize("way", [0, 1], ids=["socket", "tcp"])
def test_what_is_larger_than_the_real_daemon_takes_is_refused(daemon: tuple[str, str], way: int):
    content = b"a,b\n" * (LIMIT // 2)
    assert refused(Clamd(daemon[way], LIMIT), content).name == "scan-too-large"
    # Where the node's own limit is set too high, the daemon hangs up, and may not be heard.
    found = refused(Clamd(daemon[way], 10 * LIMIT), content)
    assert found.name in ("scan-too-large", "scan-unavailable")


def test_a_daemon_that_is_away_lets_nothing_in(tmp_path: Path):
    for url in (f"tcp://127.0.0.1:{free_port()}", f"unix://{tmp_path}/none.sock"):
        assert refused(Clamd(url, LIMIT), b"a").name == "scan-unavailable"


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (b"stream: OK\0", ""),
        (b"stream: Win.Test-1 FOUND\0", "malware-found"),
        (b"INSTREAM size limit exceeded. ERROR\0", "scan-too-large"),
        (b"INSTREAM: Can't allocate memory ERROR\0", "scan-unavailable"),
        (b"stream: Can't open file ERROR\0", "scan-unavailable"),
        (b"UNKNOWN COMMAND\0", "scan-unavailable"),
        (b"stream: OK", "scan-unavailable"),
        (b"stream: OK or not\0", "scan-unavailable"),
        (b"other: OK\0", "scan-unavailable"),
        (b"", "scan-unavailable"),
        (b"x" * 10_000, "scan-unavailable"),
    ],
)
def test_only_a_plain_ok_is_one(answer: bytes, name: str):
    content = b"a,b\n1,2\n" * CHUNK
    with clamav.scripted(answer) as (url, taken):
        scanner = Clamd(url, LIMIT)
        if name:
            assert refused(scanner, content).name == name
        else:
            scanner.require_clean(io.BytesIO(content), "a.csv")
    assert b"".join(taken) == content
    assert max(map(len, taken)) == CHUNK, "in pieces"


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK\0", b""])
def test_a_daemon_that_hangs_up_early_lets_nothing_in_unless_it_says_ok(answer: bytes):
    with clamav.scripted(answer, hang_up_after=CHUNK) as (url, _):
        try:
            Clamd(url, LIMIT).require_clean(io.BytesIO(b"a" * LIMIT), "a.csv")
        except Refusal as refusal:
            assert refusal.name in ("scan-too-large", "scan-unavailable")  # noqa: PT017
        else:
            pytest.fail("a daemon that has not read everything cannot say that it is clean")


@pytest.mark.parametrize("url", ["clamd", "tcp://host", "unix://host/x", "http://x:1", "unix://"])
def test_an_address_that_is_not_understood_is_an_error(url: str):
    with pytest.raises(ValueError, match="WUSHU_CLAMD_URL"):
        Clamd(url, 1)


def test_without_a_scanner_everything_passes_unread(monkeypatch):
    stream = io.BytesIO(clamav.EICAR)
    monkeypatch.setattr(scanning, "_factory", NoScanner)
    scanning.require_clean(stream, "a.csv")
    assert stream.tell() == 0
