"""``wushu mcp``: lets agents search, read and cite a node's data."""

from __future__ import annotations

from pathlib import Path

import click

from wushu.config.refusals import AGENTS_NOT_INSTALLED


@click.command()
@click.option(
    "--node", default="http://127.0.0.1:8000", show_default=True, envvar="WUSHU_BASE_URL",
    help="Address of the node that is read.",
)  # fmt: skip
@click.option(
    "--key-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with an API key; without one only open data are read.",
)  # fmt: skip
def mcp(node: str, key_file: Path | None) -> None:
    """Speak the Model Context Protocol on standard input and output until the client goes.

    For an agent's configuration: command `wushu`, arguments `mcp --node URL`.
    """
    try:
        from wushu.config import agents  # noqa: PLC0415  (an extra)
    except ModuleNotFoundError as missing:
        raise AGENTS_NOT_INSTALLED(package=missing.name) from missing
    key = key_file.read_text("utf-8").strip() if key_file else ""
    agents.server(agents.client(node, key)).run("stdio")
