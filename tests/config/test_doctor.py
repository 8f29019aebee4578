"""The doctor: what it names, what it merely notes, and that nothing keeps it from looking on."""

from __future__ import annotations

import json
import shutil
import socket
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone

from tests.catalog.conftest import City, city, node
from wushu.catalog import selectors as catalog
from wushu.catalog.search.index import catalogue_index
from wushu.config.backup.upgrading import _keep_marks_key
from wushu.config.cli import main
from wushu.config.commands import doctor
from wushu.config.commands.doctor import Finding
from wushu.dataplane import services as dataplane
from wushu.dataplane.models import Grant, Receipt
from wushu.dataplane.query import marked
from wushu.evidence import services as evidence
from wushu.kernel.errors import Said

__all__ = ["city", "node"]
pytestmark = pytest.mark.django_db(transaction=True)


def findings() -> tuple[int, dict[str, str]]:
    """Exit code, and the level of each kind of finding."""
    result = CliRunner().invoke(main, ["doctor", "--json"])
    return result.exit_code, {one["kind"]: one["level"] for one in json.loads(result.stdout)}


@pytest.fixture
def healthy(city: City, node_home: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> City:
    """A node that only its own host reaches, with nothing wrong."""
    settings.BASE_URL = "http://127.0.0.1:8000"
    # The suite's SQLite lives in memory, where no journal is kept.
    monkeypatch.delitem(doctor.CHECKS, "database settings")
    for name in ("django.key", "cursor.key", "marks.key"):
        (node_home / "secrets" / name).write_text("0" * 64)
        (node_home / "secrets" / name).chmod(0o600)
    evidence.sequence()
    return city


def test_a_check_that_breaks_off_is_a_finding_and_the_others_still_run(
    healthy: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Iterator[Finding]:
        yield Finding("found-before", "here", Said("早已发现", "it was found before"))
        raise KeyError("entries")

    monkeypatch.setitem(doctor.CHECKS, "secrets", broken)
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 3
    assert "错误     密钥" in result.output
    assert "found-before" in result.output
    assert "check-failed: secrets: 检查中断：KeyError" in result.output
    assert "正常     存证" in result.output
    assert "Traceback" in caplog.text


def test_a_checkpoint_inside_the_home_of_a_local_node_is_only_a_note(healthy: City) -> None:
    assert findings() == (0, {"checkpoint-beside-database": "note", "scanner-missing": "note"})
    assert "注意     检查点" in CliRunner().invoke(main, ["doctor"]).output


@pytest.mark.parametrize(
    ("url", "level"),
    [
        ("http://localhost:8000", "note"), ("http://[::1]:8000", "note"),
        ("http://127.9.0.1", "note"), ("https://data.example.gov.cn", "fault"),
        ("http://10.0.0.1", "fault"), ("https://localhost.example", "fault"),
    ],
)  # fmt: skip
def test_a_checkpoint_inside_the_home_of_a_public_node_is_a_fault(
    healthy: City, settings: Any, url: str, level: str
) -> None:
    settings.BASE_URL = url
    assert findings() == (
        3 if level == "fault" else 0,
        {"checkpoint-beside-database": level, "scanner-missing": "note"},
    )


def test_a_checkpoint_elsewhere_is_in_order(
    healthy: City, settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.move(settings.CHECKPOINT_DIR / "checkpoint", elsewhere / "checkpoint")
    settings.CHECKPOINT_DIR = elsewhere
    settings.BASE_URL = "https://data.example.gov.cn"
    assert findings() == (0, {"scanner-missing": "note"})


def test_receipts_that_pile_up_unsealed_are_named(healthy: City) -> None:
    now = timezone.now()
    grant = Grant.objects.create(
        dataset=uuid.uuid4(), grantee_kind="public", basis="urn:a", valid_from=now, created_at=now
    )
    receipt = Receipt.objects.create(
        grant=grant, actor="urn:a", surface="rows", version=uuid.uuid4(), columns=[], at=now
    )
    assert list(doctor.check_worker()) == []
    Receipt.objects.filter(pk=receipt.pk).update(at=now - timedelta(hours=1))
    assert [one.kind for one in doctor.check_worker()] == ["receipts-backlog"]
    dataplane.receipts_seal()
    assert list(doctor.check_worker()) == []


def test_a_search_index_that_is_not_there_is_a_note_once_something_is_listed(healthy: City) -> None:
    assert catalog.index_faults() == []
    healthy.listed()
    evidence.sequence()
    shutil.rmtree(catalogue_index().folder, ignore_errors=True)
    assert [(one.kind, one.level) for one in doctor.check_search()] == [("search-missing", "note")]
    catalog.entries(query="停车")
    assert catalog.index_faults() == []


def test_a_search_index_that_lacks_an_entry_is_named(healthy: City) -> None:
    entry = healthy.listed()
    catalog.index_refresh(everything=True)
    assert catalog.index_faults() == []
    index = catalogue_index()
    with index.writing(wait=True):
        import tantivy

        from wushu.catalog.search.schema import schema

        writer = tantivy.Index(schema(), str(index.folder)).writer(20_000_000, 1)
        writer.delete_documents_by_term("id", str(entry.id))
        writer.commit()
        writer.wait_merging_threads()
    assert [one.kind for one in doctor.check_search()] == ["search-damaged"]
    shutil.rmtree(index.folder)
    catalog.entries(query="停车")
    assert list(doctor.check_search()) == []


def test_an_index_that_has_not_read_the_newest_entry_yet_is_in_order(healthy: City) -> None:
    catalog.index_refresh(everything=True)
    healthy.listed()
    assert list(doctor.check_search()) == []


def test_a_folder_that_every_user_can_look_into_is_a_fault(healthy: City, settings: Any) -> None:
    with TemporaryDirectory() as open_to_all:
        settings.OBJECTS_DIR = Path(open_to_all) / "objects"
        settings.OBJECTS_DIR.mkdir()
        Path(open_to_all).chmod(0o755)
        settings.OBJECTS_DIR.chmod(0o755)
        found = list(doctor.check_folders())
        assert [(one.kind, one.where, one.level) for one in found] == [
            ("folder-readable", str(settings.OBJECTS_DIR), doctor.Level.FAULT)
        ]
        Path(open_to_all).chmod(0o700)
        assert not list(doctor.check_folders()), "nobody comes through the folder above"


def test_an_identity_provider_that_is_away_or_half_set_is_named(
    healthy: City, settings: Any
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.OIDC_ISSUER = f"http://127.0.0.1:{taken.getsockname()[1]}"
    assert [(one.kind, one.where) for one in doctor.check_sign_in()] == [
        ("oidc-setting", "WUSHU_OIDC_CLIENT_ID")
    ]
    settings.OIDC_CLIENT_ID = "wushu"
    assert [(one.kind, one.where) for one in doctor.check_sign_in()] == [
        ("oidc-provider-failed", settings.OIDC_ISSUER)
    ]
    settings.OIDC_ISSUER = settings.OIDC_CLIENT_ID = ""
    assert list(doctor.check_sign_in()) == []


def test_every_secret_that_others_can_read_is_named(healthy: City, node_home: Path) -> None:
    secret = node_home / "secrets" / "oidc.secret"
    secret.write_text("word")
    secret.chmod(0o640)
    assert [(one.kind, one.where) for one in doctor.check_secrets()] == [
        ("secret-readable", str(secret))
    ]
    (node_home / "secrets" / "cursor.key").unlink()
    assert [one.kind for one in doctor.check_secrets()] == ["secret-missing", "secret-readable"]


def test_the_doctor_speaks_chinese_unless_it_is_told_english(node: Any, monkeypatch: Any) -> None:
    """Whatever it finds here; its JSON has both languages."""
    said = {}
    for language in ("zh", "en"):
        monkeypatch.setenv("WUSHU_LANG", language)
        said[language] = CliRunner().invoke(main, ["doctor", "--quick"]).stdout
    assert "密钥" in said["zh"]
    assert "secrets" in said["en"]
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in said["en"])
    found = json.loads(CliRunner().invoke(main, ["doctor", "--quick", "--json"]).stdout)
    assert all(one["message"].isascii() and not one["zh"].isascii() for one in found)


def test_every_check_has_a_name_in_chinese() -> None:
    assert set(doctor.CHECKS) <= set(doctor.NAMES)
    assert {"database", "migrations", "initialisation"} <= set(doctor.NAMES)


def test_the_orders_have_a_key_of_their_own_which_an_upgrade_copies_from_the_cursors(
    tmp_path: Path, settings: Any
) -> None:
    def secrets(name: str, **keys: str) -> bytes:
        settings.SECRETS_DIR = tmp_path / name
        settings.SECRETS_DIR.mkdir()
        for key, text in keys.items():
            (settings.SECRETS_DIR / f"{key}.key").write_text(text)
        _keep_marks_key()
        return marked.key_for(uuid.UUID(int=1), uuid.UUID(int=2))

    delivered = secrets("before", cursor="1" * 64)
    assert secrets("cursors changed since", cursor="2" * 64, marks="1" * 64) == delivered
    assert secrets("another", cursor="1" * 64, marks="3" * 64) != delivered
    assert (tmp_path / "before" / "marks.key").read_text() == "1" * 64
    secrets("no node yet")
    assert not (tmp_path / "no node yet" / "marks.key").exists()
