"""``wushu init``, ``wushu serve``, ``wushu worker``: a node's life."""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import FrameType

import click
from django.conf import settings
from django.core.management import call_command

from wushu.config.backup.upgrading import upgrade
from wushu.config.commands.options import as_json
from wushu.config.keeping import Kept, end
from wushu.config.refusals import DEMO_LISTENS_OPENLY, HOST_UNUSABLE, PORT_TAKEN
from wushu.config.saying import fact, said
from wushu.evidence import selectors as evidence_selectors
from wushu.evidence import services as evidence

_HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (dialled, not listened on)
"""Where a server that listens on all addresses is asked."""


def _write_secret(path: Path, text: str) -> None:
    """Create a file that only its owner reads; keep one that is there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def prepare_database() -> None:
    """Write the node's secrets where they are missing and bring the tables up to date."""
    settings.HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.HOME.chmod(0o700)  # one made before us: what lies in it was perhaps written openly
    _write_secret(settings.SECRETS_DIR / "django.key", secrets.token_urlsafe(48))
    if not (settings.SECRETS_DIR / "cursor.key").is_file():  # else the upgrade below sees to it
        _write_secret(settings.SECRETS_DIR / "marks.key", secrets.token_hex(32))
    _write_secret(settings.SECRETS_DIR / "cursor.key", secrets.token_hex(32))
    # This process began with a key of its own; from here on it uses the written one.
    settings.SECRET_KEY = (settings.SECRETS_DIR / "django.key").read_text().strip()
    upgrade()
    call_command("collectstatic", verbosity=0, interactive=False)


@click.command()
@click.option("--region", required=True, help="Name of the region in Chinese.")
@click.option("--region-en", default="", help="Name of the region in English.")
@click.option("--division", required=True, help="Division code of the region, GB/T 2260.")
@click.option(
    "--identifier-base",
    required=True,
    help="Web address under which identifiers live for ever; may differ from the node's address.",
)
@click.option(
    "--origin", default="", help="Origin of the log's checkpoints; default: from the base."
)
@click.option(
    "--oid-arc", default="", help="OID arc of the node; default: 2.25.<node UUID> (X.667)."
)
@as_json
def init(
    region: str,
    region_en: str,
    division: str,
    identifier_base: str,
    origin: str,
    oid_arc: str,
    as_json: bool,
) -> None:
    """Fix what is permanent of this node, once; a second call is refused."""
    prepare_database()
    node = evidence.node_initialise(
        origin=origin or f"{identifier_base.split('://', 1)[-1].strip('/')}/evidence",
        identifier_base=identifier_base.rstrip("/"),
        oid_arc=oid_arc,
        region_zh=region,
        region_en=region_en,
        division=division,
    )
    facts = {
        "node": str(node.node_uuid),
        "origin": node.origin,
        "verifier_key": node.verifier_key,
        "oid_arc": node.oid_arc,
        "identifier_base": node.identifier_base,
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for name, value in facts.items():
        click.echo(fact(name, value))


def _is_initialised() -> bool:
    return evidence_selectors.node_or_none() is not None


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--processes", default=1, show_default=True, help="Serving processes.")
@click.option("--worker/--no-worker", default=True, help="Run background work beside it.")
@click.option(
    "--forwarded-allow-ips", default="127.0.0.1", show_default=True, metavar="ADDRESSES",
    envvar="WUSHU_FORWARDED_ALLOW_IPS",
    help="Proxies whose X-Forwarded-For and -Proto are believed: addresses or networks, by commas.",
)  # fmt: skip
@click.option("--prepare", is_flag=True, help="Bring the tables up to date first.")
@click.option("--demo", is_flag=True, help="Load the demo region first (implies --prepare).")
def serve(
    host: str,
    port: int,
    processes: int,
    worker: bool,
    forwarded_allow_ips: str,
    prepare: bool,
    demo: bool,
) -> None:
    """Answer requests until stopped, with the background work beside it.

    Prints ``ready http://HOST:PORT`` when the first request can be answered. Ctrl-C or SIGTERM stops
    everything that was started. Refused: ``port-taken``, ``host-unusable``, ``demo-listens-openly``.
    """
    if demo:
        _require_closed_demo(host)
    _require_free(host, port)
    if prepare or demo:
        prepare_database()
    if demo:
        from wushu.config.commands.demo import load  # noqa: PLC0415  (its data are optional)

        load()
    elif not _is_initialised():
        raise click.UsageError("this node is not initialised: run `wushu init` first")
    _require_closed_demo(host, only_if_loaded=True)
    _supervise(server_command(host, port, processes, forwarded_allow_ips), host, port, worker)


def _require_closed_demo(host: str, *, only_if_loaded: bool = False) -> None:
    """Refuse to let others reach the demonstration accounts, whose passwords are public."""
    from wushu.config.demo import load  # noqa: PLC0415  (its data are optional)

    if not load.is_local(host) and (not only_if_loaded or load.is_loaded()):
        raise DEMO_LISTENS_OPENLY(host=host)


def _require_free(host: str, port: int) -> None:
    """Refuse an address the server could not listen on, before anything is started.

    Another node on the same port would otherwise answer for this one.
    """
    try:
        family, kind, *_, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise PORT_TAKEN(host=host, port=port) from error
        reason = getattr(error, "strerror", None) or str(error)
        raise HOST_UNUSABLE(host=host, port=port, reason=reason) from error


def server_command(host: str, port: int, processes: int, proxies: str) -> list[str]:
    """How the server is started; ``proxies`` may say for whom they ask.

    Believed from anybody, a header would let a guesser come from a new address with each guess.
    """
    return [
        sys.executable, "-m", "wushu.config.listening",
        "--host", host, "--port", str(port), "--workers", str(processes),
        "--forwarded-allow-ips", proxies,
    ]  # fmt: skip


def _supervise(server: list[str], host: str, port: int, worker: bool) -> None:
    """Run server and worker as children; when the server ends, or on a signal, end both.

    A worker that ends by itself is started again: pages are answered without it.
    """
    _share_counting()
    # Own process groups: Ctrl-C reaches this process alone, which then stops its children in turn.
    serving = subprocess.Popen(server, start_new_session=True)
    working = Kept(
        [sys.executable, "-m", "wushu.config", "worker"], lambda what: click.echo(what, err=True)
    )
    if worker:
        working.start()

    def stop(signum: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    code = 0
    try:
        _announce(serving, host, port)
        code = serving.wait()
        click.echo(
            said(
                "服务进程自行结束，正在停止其余部分",
                "the server ended by itself; stopping the rest",
            ),
            err=True,
        )
    except KeyboardInterrupt:
        code = 0
    finally:
        end(serving)
        if worker:
            working.stop()
    sys.exit(1 if code else 0)


def _share_counting() -> None:
    """An empty folder in which all serving processes count, so that each can answer for all."""
    folder = settings.HOME / "run" / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _announce(server: subprocess.Popen[bytes], host: str, port: int) -> None:
    """Print ``ready`` when the server answers; nothing if it ends before."""
    import http.client  # noqa: PLC0415  (only this command needs it)
    import select  # noqa: PLC0415

    while server.poll() is None:
        connection = http.client.HTTPConnection(_HERE.get(host, host), port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.client.OK:
                named = f"[{host}]" if ":" in host else host
                click.echo(f"ready http://{named}:{port}")
                sys.stdout.flush()
                return
        except OSError:
            pass  # not listening yet: asked again below, until it does or has ended
        finally:
            connection.close()
        select.select([], [], [], 0.1)


@click.command()
@click.option("--once", is_flag=True, help="Do what is waiting now, then end.")
def worker(once: bool) -> None:
    """Do background work: loads, sequencing of the evidence log, sealing of receipts."""
    from wushu.config.worker import run  # noqa: PLC0415  (only this command needs it)

    run(once=once)
