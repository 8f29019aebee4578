"""The command ``wushu``. Each command lives in ``wushu.config.commands``."""

from __future__ import annotations

import importlib
import json
import os
import sys
from keyword import iskeyword
from typing import Any

import click

COMMANDS = {
    # name: module in wushu.config.commands with a click command of the same name
    "init": "node",
    "serve": "node",
    "worker": "node",
    "doctor": "doctor",
    "evidence": "evidence",
    "publish": "publish",
    "review": "review",
    "ingest": "publish",
    "demo": "demo",
    "import": "importing",
    "computation": "computation",
    "contest": "contest",
    "correction": "correction",
    "account": "account",
    "calendar": "calendar",
    "case": "case",
    "mcp": "mcp",
    "need": "need",
    "plan": "plan",
    "regulation": "regulation",
    "dataset": "dataset",
    "grant": "grant",
    "watermark": "watermark",
    "grouping": "arranging",
    "ledger": "arranging",
    "series": "arranging",
    "harvest": "harvest",
    "incident": "incident",
    "rating": "result",
    "result": "result",
    "assessment": "assessment",
    "backup": "backup",
    "restore": "backup",
    "rebuild": "backup",
    "upgrade": "backup",
}


class Lazy(click.Group):
    """Imports a command's module (and Django) only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, as documented in ``docs/reference/commands.md``."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None when there is no such name."""
        if cmd_name not in COMMANDS:
            return None
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushu.config.settings")
        import django  # noqa: PLC0415
        from django.apps import apps  # noqa: PLC0415

        if not apps.ready:
            django.setup()
        module = importlib.import_module(f"wushu.config.commands.{COMMANDS[cmd_name]}")
        command = getattr(module, f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Say a refusal in one plain sentence (``--json``: as a problem) and exit with 1."""
        from django.db import DatabaseError  # noqa: PLC0415

        from wushu.config import saying  # noqa: PLC0415
        from wushu.kernel.errors import Refusal  # noqa: PLC0415

        try:
            return super().invoke(ctx)
        except (Refusal, DatabaseError) as error:
            refusal = error if isinstance(error, Refusal) else _unreachable(error)
            if isinstance(error, Refusal):
                from wushu.config.commands.options import tell_refused  # noqa: PLC0415

                tell_refused(ctx, refusal.name)
            if "--json" in sys.argv:
                click.echo(json.dumps(refusal.as_problem("en"), ensure_ascii=False))
            else:
                language = saying.language()
                gap = " " if language == "en" else ""
                text = (
                    f"{refusal.sentence(language)}{gap}{refusal.way_out(language)} [{refusal.name}]"
                )
                click.echo(text, err=True)
            ctx.exit(1)


def _unreachable(error: Exception) -> Any:
    """The refusal that says where the database was looked for; a fault inside it stays a traceback."""
    from django.conf import settings  # noqa: PLC0415
    from django.db import OperationalError, ProgrammingError  # noqa: PLC0415

    from wushu.config.refusals import DATABASE_UNREACHABLE  # noqa: PLC0415

    if not isinstance(error, OperationalError | ProgrammingError):
        raise error
    return DATABASE_UNREACHABLE(home=settings.HOME, reason=str(error).strip().replace("\n", " "))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wushu")
def main() -> None:
    """Run a Wushu node: publish, review, serve and prove public data.

    Exit codes: 0 done, 1 refused (the sentence says why), 2 wrong usage, 3 a check found faults.
    """
    # Rows, passwords' hashes and receipts lie in files: they are the node's user's alone.
    os.umask(0o077)
