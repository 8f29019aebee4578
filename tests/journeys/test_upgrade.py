"""A node of an earlier release is brought up to date, all of it or nothing, and its log stays whole."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.node import ROOT
from tests.journeys.test_backup import Home
from tests.support import release_fixture

pytestmark = pytest.mark.once
FIXTURES = sorted((ROOT / "tests" / "upgrade").glob("*.tar.xz"))
MIGRATION = """
from django.db import migrations, models
from wushu.kernel.migrating import Rerecorded

class Migration(migrations.Migration):
    dependencies = [("parties", "{last}"), ("evidence", "{log}")]
    operations = [
        Rerecorded(
            "parties.9001_telephone", "organisation",
            [migrations.AddField("organisation", "telephone", models.CharField(max_length=20, default="110"))],
        ),
    ]
"""
BROKEN = """
from django.db import migrations, models

def fail(apps, schema_editor):
    apps.get_model("parties", "Organisation").objects.update(name_en="half done")
    raise ValueError("this migration does not work")

class Migration(migrations.Migration):
    dependencies = [("parties", "9001_telephone")]
    operations = [
        migrations.AddField("organisation", "fax", models.CharField(max_length=20, default="")),
        migrations.RunPython(fail),
    ]
"""
LATER_RELEASE = '''
"""This release with migrations of a later one: their folder is taken first."""
import os
from wushu.config.settings import *

MIGRATION_MODULES = {"parties": "later_parties"}
INSTALLED_APPS = [*INSTALLED_APPS, "later_models"]
'''
LATER_MODELS = """
from django.apps import AppConfig
from django.db import models

class Later(AppConfig):
    name = "later_models"

    def ready(self):
        from wushu.parties.models import Organisation
        field = models.CharField(max_length=20, default="110")
        field.contribute_to_class(Organisation, "telephone")
"""


@pytest.fixture(scope="module")
def present(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fixture of the present release, so that the way itself is always gone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("WUSHU_DATABASE_URL", raising=False)
        return release_fixture.make(tmp_path_factory.mktemp("fixtures"))


def restored(fixture: Path, folder: Path, url: str = "") -> tuple[Home, dict[str, Any]]:
    """The node that a fixture holds, and what its release told of it."""
    with tarfile.open(fixture) as archive:
        archive.extractall(folder / "fixture", filter="data")
    home = Home(folder / "home", url)
    home.wushu(
        "restore", str(folder / "fixture" / "backup"), "--home", str(home.path),
        "--secrets", str(folder / "fixture" / "secrets.tar"), "--checkpoint-of-backup",
    )  # fmt: skip
    return home, json.loads((folder / "fixture" / "told.json").read_text())


def with_later_migrations(home: Home, folder: Path, *, broken: bool = False) -> Home:
    """The same home under a release whose ``parties`` has more migrations."""
    package = folder / "later" / "later_parties"
    package.mkdir(parents=True)
    source = ROOT / "src/wushu/parties/migrations"
    for path in source.glob("*.py"):
        (package / path.name).write_text(path.read_text())
    last = max(path.stem for path in source.glob("0*.py"))
    log = max(path.stem for path in (ROOT / "src/wushu/evidence/migrations").glob("0*.py"))
    (package / "9001_telephone.py").write_text(MIGRATION.format(last=last, log=log))
    if broken:
        (package / "9002_broken.py").write_text(BROKEN)
    (folder / "later" / "later_settings.py").write_text(LATER_RELEASE)
    (folder / "later" / "later_models").mkdir()
    (folder / "later" / "later_models" / "__init__.py").write_text("")
    (folder / "later" / "later_models" / "apps.py").write_text(LATER_MODELS)
    more = {
        "DJANGO_SETTINGS_MODULE": "later_settings",
        "PYTHONPATH": f"{folder / 'later'}:{ROOT / 'src'}:{ROOT}",
    }
    return Home(home.path, home.url, {**home.more, **more})


def row_digests(home: Home) -> tuple[str, ...]:
    """Everything the SQLite database holds, as text."""
    with sqlite3.connect(home.path / "wushu.db") as database:
        return tuple(database.iterdump())


def test_every_migration_can_be_taken_back_with_its_transaction() -> None:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    found = MigrationLoader(connection, load=False)
    found.load_disk()
    assert found.disk_migrations
    assert [key for key, one in found.disk_migrations.items() if not one.atomic] == []


@pytest.mark.parametrize("fixture", [*FIXTURES, None], ids=lambda one: one.stem if one else "now")
def test_a_node_of_an_earlier_release_is_brought_up_to_date(
    fixture: Path | None, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = ""
    if fixture is not None and "postgres" in fixture.name:
        url = request.getfixturevalue("postgres_url")
    home, told = restored(fixture or request.getfixturevalue("present"), tmp_path, url)
    home.wushu("upgrade")
    home.wushu("rebuild")
    assert home.faults() == []
    home.wushu("evidence", "audit")
    now = home.busy("tell")
    assert {name: now[name] for name in told} == told
    assert home.wushu("upgrade")["migrations"] == []


def test_rows_whose_table_changes_are_recorded_anew_and_tampering_is_not_forgotten(
    present: Path, tmp_path: Path
) -> None:
    home, _ = restored(present, tmp_path)
    with sqlite3.connect(home.path / "wushu.db") as database:
        (changed,) = database.execute("SELECT id FROM parties_organisation LIMIT 1").fetchone()
        database.execute("UPDATE parties_organisation SET name_zh = '改' WHERE id = ?", [changed])
    later = with_later_migrations(home, tmp_path)
    done = later.wushu("upgrade")
    assert done["migrations"] == ["parties.9001_telephone"]
    assert Path(done["copy"]).is_file()
    with sqlite3.connect(home.path / "wushu.db") as database:
        acts = [
            json.loads(leaf)
            for (leaf,) in database.execute(
                "SELECT leaf FROM evidence_entry WHERE act = 'config.schema.migrated'"
            )
        ]
        total = database.execute("SELECT count(*) FROM parties_organisation").fetchone()[0]
        (journal,) = database.execute("PRAGMA journal_mode").fetchone()
    assert [(act["data"]["rows"], act["data"]["left_out"]) for act in acts] == [(total - 1, 1)]
    assert acts[0]["data"]["migration"] == "parties.9001_telephone"
    assert journal == "wal"
    faults = later.wushu("evidence", "audit", code=3)["faults"]
    assert [one["kind"] for one in faults] == ["row-changed"]


def test_a_migration_that_fails_half_way_leaves_every_table_as_it_was(
    present: Path, tmp_path: Path
) -> None:
    home, told = restored(present, tmp_path)
    before = row_digests(home)
    said = with_later_migrations(home, tmp_path, broken=True).wushu("upgrade", code=1)
    assert said["name"] == "upgrade-failed"
    assert "this migration does not work" in said["en"]
    assert row_digests(home) == before
    assert home.busy("tell")["rows"] == told["rows"]
    (copy,) = (home.path / "upgrades").glob("*/wushu.db")
    assert str(copy) in said["way_out"]


@pytest.mark.rota(4)
@pytest.mark.slow
@pytest.mark.parametrize("point", ["upgrade.migrated", "upgrade.committed"])
def test_an_upgrade_that_is_killed_has_happened_or_has_not(
    present: Path, tmp_path: Path, point: str
) -> None:
    home, _ = restored(present, tmp_path)
    before = row_digests(home)
    later = with_later_migrations(home, tmp_path)
    killed = Home(later.path, later.url, {**later.more, "WUSHU_FAILPOINT": point})
    killed.wushu("upgrade", code=-signal.SIGKILL)
    if point == "upgrade.migrated":
        assert row_digests(home) == before
    done = later.wushu("upgrade")
    assert bool(done["migrations"]) == (point == "upgrade.migrated")
    assert later.wushu("evidence", "audit")["faults"] == []


@pytest.mark.slow
def test_two_processes_that_upgrade_at_once_take_turns(present: Path, tmp_path: Path) -> None:
    home, _ = restored(present, tmp_path)
    later = with_later_migrations(home, tmp_path)
    both = [later.start("wushu.config", "upgrade", "--json") for _ in range(2)]
    said = []
    for process in both:
        out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors[-2000:]
        said.append(json.loads(out)["migrations"])
    assert sorted(said) == [[], ["parties.9001_telephone"]]


@pytest.mark.slow
def test_a_release_refuses_the_tables_of_a_later_one(present: Path, tmp_path: Path) -> None:
    home, _ = restored(present, tmp_path)
    with_later_migrations(home, tmp_path).wushu("upgrade")
    said = home.wushu("upgrade", code=1)
    assert said["name"] == "release-older"
    assert "parties.9001_telephone" in said["en"]


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgresql_a_changed_table_is_recorded_anew_or_nothing_is(
    tmp_path: Path, postgres_url: str
) -> None:
    home = Home(tmp_path / "home", postgres_url)
    home.busy("prepare")
    home.wushu("evidence", "sequence")
    broken = with_later_migrations(home, tmp_path / "one", broken=True)
    assert broken.wushu("upgrade", code=1)["name"] == "upgrade-failed"
    home.wushu("evidence", "audit")
    later = with_later_migrations(home, tmp_path / "two")
    done = later.wushu("upgrade")
    assert done["migrations"] == ["parties.9001_telephone"]
    listed = subprocess.run(
        ["pg_restore", "--list", done["copy"]], check=True, capture_output=True, text=True
    )
    assert "parties_organisation" in listed.stdout
    assert later.wushu("evidence", "audit")["faults"] == []
    later.wushu("evidence", "sequence")
    assert later.wushu("evidence", "audit")["faults"] == []
