"""The log tells of every answer, of nobody's data, and forgets when it is told to."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.parties.conftest import World
from wushu.config import logs
from wushu.config.cli import main
from wushu.config.observing import observed
from wushu.kernel.errors import NOT_FOUND
from wushu.kernel.noting import (
    Noted,
    current,
    note_actor,
    note_refused,
    note_route,
    note_rows,
    request_id,
)


@pytest.fixture
def folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty log of this test's own."""
    settings.LOG_DIR = str(tmp_path / "logs")
    monkeypatch.setattr(logs, "LINES", logs.Lines())
    return tmp_path / "logs"


def lines(folder: Path) -> list[dict[str, Any]]:
    logs.LINES.flush()
    return [
        json.loads(line)
        for path in sorted(folder.glob("*"))
        for line in path.read_text().splitlines()
    ]


def ask(answer: Any, **scope: Any) -> list[dict[str, Any]]:
    """What one request is answered, message by message."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(dict(message))

    async def receive() -> Any:
        return {"type": "http.request"}

    asked = {"type": "http", "method": "GET", "headers": [], "path": "/x", **scope}
    asyncio.run(observed(answer, asked, receive, send))  # type: ignore[arg-type]
    return sent


async def refusing(scope: Any, receive: Any, send: Any) -> None:
    note_route("/datasets/{slug}")
    note_actor("urn:uuid:7")
    refusal = NOT_FOUND(what="王小明 110105194912310021")
    await send({"type": "http.response.start", "status": refusal.status, "headers": []})
    await send({"type": "http.response.body", "body": b"no"})


def test_an_answer_is_told_once_by_its_route_with_the_number_the_reader_got(
    folder: Path,
) -> None:
    start, _ = ask(refusing, path="/datasets/secret", query_string=b"filter=x")
    (line,) = lines(folder)
    assert dict(start["headers"]) == {b"x-request-id": line["request"].encode()}
    assert datetime.now(UTC) - datetime.fromisoformat(line["time"]) < timedelta(minutes=1)
    assert line.items() >= {
        "level": "INFO", "kind": "request", "method": "GET", "route": "/datasets/{slug}",
        "status": 404, "actor": "urn:uuid:7", "refusal": "not-found",
    }.items()  # fmt: skip
    assert line["ms"] >= 0
    said = (next(folder.glob("*"))).read_text()
    assert not any(word in said for word in ("secret", "filter", "王小明", "110105"))


def test_a_refusal_that_was_overcome_is_not_told(folder: Path) -> None:
    async def overcoming(scope: Any, receive: Any, send: Any) -> None:
        NOT_FOUND(what="first try")
        note_rows(100)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"yes"})

    ask(overcoming)
    (line,) = lines(folder)
    assert "refusal" not in line
    assert line["rows"] == 100


def test_an_act_that_was_refused_is_told_whatever_its_page_asks_and_answers(folder: Path) -> None:
    async def refusing_on_a_form(scope: Any, receive: Any, send: Any) -> None:
        note_refused("own-case")
        NOT_FOUND(what="something the page looked for")
        await send({"type": "http.response.start", "status": 302, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    ask(refusing_on_a_form, method="POST")
    (line,) = lines(folder)
    assert line["refusal"] == "own-case"


@pytest.mark.django_db
def test_what_is_refused_at_the_command_line_is_told_with_who_and_what_and_nothing_typed(
    folder: Path, settings: Any
) -> None:
    settings.SECRETS_DIR = folder.parent  # there is a node
    account = World().actor("clerk")
    done = CliRunner().invoke(main, ["case", "show", "秘密-0001", "--as", "clerk"])
    assert done.exit_code == 1
    (line,) = lines(folder)
    assert line.items() >= {
        "kind": "command", "command": "case show", "actor": account.urn, "refusal": "not-found",
    }.items()  # fmt: skip
    assert "秘密" not in next(folder.glob("*")).read_text()


def test_an_answer_that_broke_off_is_an_error_in_the_log(folder: Path) -> None:
    async def breaking(scope: Any, receive: Any, send: Any) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask(breaking)
    (line,) = lines(folder)
    assert (line["status"], line["level"]) == (500, "ERROR")
    assert request_id() == ""


def test_what_the_program_says_carries_the_number_of_the_request(folder: Path) -> None:
    logger = logging.Logger("wushu.test")
    logger.addHandler(logs.JsonHandler())
    noted = Noted()
    token = current.set(noted)
    try:
        try:
            raise ValueError("not so")
        except ValueError:
            logger.exception("it broke off: %s", "here")
    finally:
        current.reset(token)
    (line,) = lines(folder)
    assert (line["request"], line["level"], line["message"]) == (
        noted.id, "ERROR", "it broke off: here",
    )  # fmt: skip
    assert "ValueError: not so" in line["traceback"]


def test_days_that_are_past_the_setting_are_forgotten_and_nothing_else_is(
    folder: Path, settings: Any
) -> None:
    settings.LOG_DAYS = 184
    folder.mkdir()
    today = datetime.now(UTC).astimezone()
    kept = folder / f"wushu-{today - timedelta(days=184):%Y-%m-%d}.jsonl"
    gone = folder / f"wushu-{today - timedelta(days=185):%Y-%m-%d}.jsonl"
    foreign = folder / "somebody-elses.txt"
    for path in (kept, gone, foreign):
        path.write_text("{}\n")
    logs.LINES.write(b"{}\n")
    assert sorted(folder.iterdir()) == sorted(
        [kept, foreign, folder / f"wushu-{today:%Y-%m-%d}.jsonl"]
    )


def test_a_file_a_day_that_others_cannot_read(folder: Path) -> None:
    logs.LINES.write(b"{}\n")
    (path,) = folder.iterdir()
    assert path.stat().st_mode & 0o007 == 0


def test_a_folder_that_cannot_be_written_is_told_once_and_breaks_no_answer(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write_text("a file stands where the folder should be")
    logs.LINES.write(b"{}\n")
    logs.LINES.write(b"{}\n")
    assert capsys.readouterr().err.count("cannot be written") == 1


def test_a_dash_writes_to_standard_error(
    settings: Any, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    settings.LOG_DIR = "-"
    taken = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr("sys.stderr", taken)
    logs.LINES.write(b'{"a":1}\n')
    assert taken.buffer.getvalue() == b'{"a":1}\n'  # type: ignore[attr-defined]
    assert not folder.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "route"),
    [
        ("/datasets/no-such", "/datasets/<slug:slug>"), ("/en/datasets", "/en/datasets"),
        ("/healthz", "/healthz"), ("/static/portal/paper.css", "/static/"), ("/no-such-page", ""),
    ],
)  # fmt: skip
def test_a_page_is_told_by_its_route(client: Client, address: str, route: str) -> None:
    noted = Noted()
    token = current.set(noted)
    try:
        client.get(address).close()
    finally:
        current.reset(token)
    assert noted.route == route


def test_the_doctor_names_a_log_that_cannot_be_written(folder: Path) -> None:
    from wushu.config.commands import doctor

    assert list(doctor.check_log()) == []
    folder.write_text("a file stands where the folder should be")
    assert [one.kind for one in doctor.check_log()] == ["log-unwritable"]


@pytest.mark.django_db
def test_an_error_page_shows_the_number_to_quote(client: Client) -> None:
    noted = Noted()
    token = current.set(noted)
    try:
        page = client.get("/no-such-page").content.decode()
    finally:
        current.reset(token)
    assert f"<code>{noted.id}</code>" in page


@pytest.mark.django_db
def test_where_there_is_no_node_nothing_is_written_of_a_refusal(
    folder: Path, settings: Any
) -> None:
    settings.SECRETS_DIR = folder / "not-there"
    done = CliRunner().invoke(main, ["case", "show", "X-1", "--as", "nobody"])
    assert (done.exit_code, "[not-found]" in done.output) == (1, True)
    assert not folder.exists()
