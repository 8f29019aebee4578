"""The examples of deploy/ speak of settings, commands, addresses and metrics that exist."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from django.urls import Resolver404, resolve
from django.utils import translation

from wushu.config import metrics, settings
from wushu.config.cli import main
from wushu.dataplane.asgi import route

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
UNITS = sorted([*DEPLOY.rglob("*.service"), *DEPLOY.rglob("*.timer")])


def text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def unit(path: Path) -> configparser.RawConfigParser:
    # systemd repeats keys; here the last of them is enough
    read = configparser.RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(path.read_text("utf-8"))
    return read


@pytest.mark.parametrize("path", FILES, ids=lambda one: str(one.relative_to(DEPLOY)))
def test_every_setting_named_is_one(path: Path) -> None:
    known = set(
        re.findall(r"(?m)^`(WUSHU_\w+)`$", (ROOT / "docs/reference/settings.md").read_text())
    )
    named = set(re.findall(r"\bWUSHU_[A-Z_]+\b", path.read_text("utf-8")))
    assert named <= known


def check_command(words: list[str]) -> None:
    """Fails unless the words are a command of ``wushu`` with options it knows."""
    command: click.Command = main
    context = click.Context(main, info_name="wushu")
    rest = list(words)
    while isinstance(command, click.Group):
        found = command.get_command(context, rest.pop(0))
        assert found is not None, words
        command = found
    options = {name for one in command.params for name in one.opts}
    assert {word for word in rest if word.startswith("--")} <= options, words


def test_commands_that_are_run_exist() -> None:
    compose = yaml.safe_load(text("compose.yaml"))
    check_command(compose["services"]["node"]["command"])
    container = text("Containerfile")
    (given,) = re.findall(r"(?m)^CMD (\[.*\])$", container)
    check_command(yaml.safe_load(given))
    check_command(re.findall(r"run --rm node (.*?)\n.*services", text("compose.yaml"), re.S)[0]
                  .replace("\\\n#", "").split())  # fmt: skip
    started = unit(DEPLOY / "systemd/wushu.service")["Service"]["ExecStart"].split()
    assert started[0].endswith("/wushu")
    check_command(started[1:])
    for line in re.findall(r"(?m)^\s*wushu (.*)$", text("systemd/wushu-nightly")):
        check_command(line.split())


def test_the_nightly_script_finds_the_program_that_it_calls() -> None:
    nightly = text("systemd/wushu-backup.service")
    (path,) = re.findall(r"(?m)^Environment=PATH=(\S+)$", nightly)
    (script,) = re.findall(r"(?m)^ExecStart=(\S+)$", nightly)
    started = unit(DEPLOY / "systemd/wushu.service")["Service"]["ExecStart"].split()[0]
    assert str(Path(started).parent) in path.split(":"), "as the unit of the node starts it"
    assert Path(script).name == "wushu-nightly"


def test_translations_are_compiled_wherever_the_program_is_installed() -> None:
    """The compiled form is in no repository; a page without it speaks English alone."""
    for place in (DEPLOY / "Containerfile", ROOT / "docs/how-to/deploy.md"):
        installing = place.read_text("utf-8")
        assert installing.index("compile -D django") < installing.index("--no-deps"), place


def test_the_container_runs_as_nobody_and_writes_in_its_volumes_alone() -> None:
    container = text("Containerfile")
    assert re.search(r"(?m)^USER wushu$", container)
    (volumes,) = re.findall(r"(?m)^VOLUME (\[.*\])$", container)
    node = yaml.safe_load(text("compose.yaml"))["services"]["node"]
    assert [one.partition(":")[2] for one in node["volumes"]] == yaml.safe_load(volumes)
    assert node["read_only"] is True
    assert node["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in node["ports"])
    for copied in re.findall(r"(?m)^COPY (?!--from)(.*) \S+$", container):
        for name in copied.split():
            assert (ROOT / name).exists(), name


def test_a_compose_file_names_what_it_defines() -> None:
    compose = yaml.safe_load(text("compose.yaml"))
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            assert volume.partition(":")[0] in compose["volumes"]
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
        assert set(service.get("depends_on", {})) <= set(compose["services"])


@pytest.mark.parametrize("path", UNITS, ids=lambda one: one.name)
def test_units_are_read_by_systemd(path: Path, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        assert unit(path).sections()
        return
    # The programs are installed elsewhere: everything but their presence is verified.
    for one in UNITS:
        content = one.read_text().replace("/opt/wushu/bin/wushu-nightly", "/bin/true")
        (tmp_path / one.name).write_text(content.replace("/opt/wushu/bin/wushu", "/bin/true"))
    done = subprocess.run(
        [program, "verify", "--man=no", str(tmp_path / path.name)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    mine = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "wushu" in line]
    assert mine == []


def addresses() -> list[str]:
    nginx = text("proxy/nginx.conf")
    exact = re.findall(r"location = (\S+)", nginx) + re.findall(
        r"respond (\S+)", text("proxy/Caddyfile")
    )
    return [*exact, "/metrics", "/sign-in", "/en/sign-in", "/desk/upload", "/en/desk/upload"]


@pytest.mark.parametrize("address", sorted(set(addresses())))
def test_addresses_that_a_proxy_treats_apart_exist(address: str) -> None:
    with translation.override("en" if address.startswith("/en/") else "zh-hans"):
        try:
            assert resolve(address)
        except Resolver404:
            pytest.fail(address)


@pytest.mark.parametrize("address", ["/data/a.csv", "/api/v1/datasets/a/rows"])
def test_streams_go_through_the_proxy_unbuffered(address: str) -> None:
    assert route(address) is not None
    apart = re.findall(r"location ~ (\S+) \{\s+proxy_buffering off", text("proxy/nginx.conf"))
    assert any(re.search(pattern, address) for pattern in apart)


def test_proxies_take_uploads_as_large_as_the_node_does() -> None:
    (nginx,) = re.findall(r"client_max_body_size (\d+)m;", text("proxy/nginx.conf"))
    assert int(nginx) * 2**20 > settings.UPLOAD_MAX_BYTES
    (caddy,) = re.findall(r"max_size (\d+)MB", text("proxy/Caddyfile"))
    assert int(caddy) * 10**6 > settings.UPLOAD_MAX_BYTES


def test_the_address_of_a_client_is_the_proxy_s_word_alone() -> None:
    said = re.findall(r"X-Forwarded-(\w+)\s+(\S+);", text("proxy/nginx.conf"))
    assert said == [("For", "$remote_addr"), ("Proto", "$scheme")]


@pytest.mark.django_db
def test_alerts_watch_metrics_that_are_told(tmp_path: Path, settings: Any) -> None:
    rules = yaml.safe_load(text("proxy/alerts.yml"))["groups"][0]["rules"]
    named = set(re.findall(r"\bwushu_\w+", " ".join(rule["expr"] for rule in rules)))
    from wushu.config import heartbeat

    settings.HOME = tmp_path
    heartbeat.Heartbeat().beat()
    told = metrics.text().decode()
    assert all(f"# TYPE {name} " in told for name in named), named
    scraped = yaml.safe_load(text("proxy/prometheus.yml"))["scrape_configs"][0]["metrics_path"]
    assert resolve(scraped).func is metrics.view
