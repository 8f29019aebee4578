"""No file is stored that the node's scanner has not passed, whichever way it comes in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dataplane.ingest.conftest import Desk, desk
from tests.support import clamav
from tests.support.bucket import free_port
from wushu.config.commands import doctor
from wushu.dataplane.models import Upload
from wushu.kernel.errors import Refusal

__all__ = ["desk"]
TABLE = "编号,数量\n001,1\n".encode()


@pytest.fixture(scope="module")
def daemon(tmp_path_factory) -> Iterator[str]:
    with clamav.daemon(tmp_path_factory.mktemp("clamd")) as (socket, _):
        yield socket


def nothing_is_stored(settings) -> bool:
    files = [path for path in Path(settings.OBJECTS_DIR).rglob("*") if path.is_file()]
    return not files and not Upload.objects.exists()


@pytest.mark.clamav
def test_an_upload_with_malware_is_refused_and_nothing_is_left(desk: Desk, daemon, settings):
    settings.CLAMD_URL = daemon
    with pytest.raises(Refusal) as refused:
        desk.receive(TABLE + clamav.EICAR)
    assert refused.value.name == "malware-found"
    assert nothing_is_stored(settings)
    desk.receive(TABLE)
    assert Upload.objects.count() == 1
    assert list(doctor.check_scanner()) == []


def test_while_the_scanner_is_away_nothing_is_accepted(desk: Desk, settings):
    settings.CLAMD_URL = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(Refusal) as refused:
        desk.receive(TABLE)
    assert refused.value.name == "scan-unavailable"
    assert nothing_is_stored(settings)
    assert [found.kind for found in doctor.check_scanner()] == ["scanner-away"]


def test_a_file_larger_than_is_scanned_is_refused(desk: Desk, settings):
    settings.CLAMD_URL, settings.CLAMD_MAX_BYTES = f"tcp://127.0.0.1:{free_port()}", 10
    with clamav.scripted(b"stream: OK\0") as (url, _):
        settings.CLAMD_URL = url
        with pytest.raises(Refusal) as refused:
            desk.receive(TABLE)
    assert (refused.value.name, refused.value.facts["limit"]) == ("scan-too-large", 10)
    assert nothing_is_stored(settings)
