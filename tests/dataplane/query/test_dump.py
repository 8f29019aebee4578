"""``ckanapi dump`` takes the whole catalogue away, descriptions and files, from a node that serves."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.dataplane.query import support
from tests.evidence.conftest import initialise
from wushu.catalog import selectors as catalog
from wushu.dataplane.services import exports_measure

SLUGS = ["a-streets", "b-taps", "c-closed", "d-wells"]


@pytest.fixture
def address(node, settings):
    settings.BASE_URL = node
    initialise()
    for slug in SLUGS[:3]:
        dataset = support.publish(slug, rows=support.table(30), conditions="研究" * ("c-" in slug))
        if "c-" not in slug:
            support.grant(dataset)
    sealed = support.publish(SLUGS[3], rows=support.table(5))
    sealed.entry.state = "sealed"
    sealed.entry.save()
    exports_measure()
    catalog.index_rebuild()
    return node


def dumped(address: str, *arguments: str) -> list[dict[str, Any]]:
    programs = Path(sys.executable).parent  # it starts itself anew, by name
    command = [str(programs / "ckanapi"), "dump", *arguments, "--all", "-q", "-r", address]
    path = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, check=False, capture_output=True, env=path)
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("how", [(), ("-g",), ("-p", "2", "-d")])
def test_every_listed_dataset_is_dumped_with_all_its_files(address, how):
    packages = dumped(address, "datasets", *how)
    assert [one["name"] for one in packages] == SLUGS[:3]  # not what is sealed
    for package in packages:
        assert package["num_resources"] == len(package["resources"]) >= 3
    sizes = {one["format"]: one["size"] for one in packages[0]["resources"]}
    assert all(sizes.values())


@pytest.mark.parametrize("what", ["organizations", "groups"])
def test_bodies_and_themes_are_dumped(address, what):
    names = {one["name"] for one in dumped(address, what)}
    (package, *_) = dumped(address, "datasets")
    used = [package["organization"]] if what == "organizations" else package["groups"]
    assert {one["name"] for one in used} <= names


def test_the_files_that_a_dump_names_are_there_with_the_size_and_hash_it_names(address, client):
    (package, *_) = dumped(address, "datasets")
    for resource in package["resources"]:
        content = client.get(resource["url"]).content
        assert len(content) == resource["size"]
        if resource["format"] != "PARQUET":  # published here without its digest
            assert hashlib.sha256(content).hexdigest() == resource["hash"]
