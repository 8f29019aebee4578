"""Writes the pages read out of the program: errors, commands, addresses, the API, regulations, decisions.

``python docs/_generate.py`` writes them; ``--check`` writes nothing and ends with 3 when one is
stale, naming it. ``bin/lint`` and ``bin/test`` run the check.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.urls import URLPattern, URLResolver, get_resolver

if TYPE_CHECKING:
    from wushu.casework.types import Regulation

HERE = Path(__file__).parent
_SURFACES = {
    "rows": "Rows of a dataset: filter, select, sort, page by cursor. Answered before Django's handler.",
    "delta": "What changed from one version to another, row by row. Answered before Django's handler.",
    "download": "The whole table, newest version or `?version=`. Answered before Django's handler.",
    "ckan": "Rows as CKAN's datastore gives them. Answered before Django's handler.",
}
_DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
NOTE = "<!-- Written by docs/_generate.py from the program; change it there. -->\n\n"


def _start_django() -> None:
    sys.path.insert(0, str(HERE.parent))  # what the articles say stands beside the tests
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushu.config.settings")
    os.environ.setdefault("WUSHU_HOME", tempfile.gettempdir() + "/wushu-docs")
    import django  # noqa: PLC0415  (only after the settings are named)

    django.setup()


def _import_everything() -> None:
    """Import every module, since each may declare refusals."""
    import wushu  # noqa: PLC0415  (only after Django is set up)

    for module in pkgutil.walk_packages(wushu.__path__, "wushu."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def errors_page() -> str:
    """Every refusal with its sentence and its way out in both languages."""
    from wushu.kernel.errors import vocabulary  # noqa: PLC0415

    parts = [
        "# Errors\n",
        NOTE,
        "Every “no” of a node is one of these. The name is stable: it stands in the page, in the API's\n"
        "problem document (RFC 9457, member `name`), in the command line's sentence and in the log.\n"
        "Words in braces are filled in.\n",
    ]
    for name, kind in sorted(vocabulary().items()):
        parts.append(
            f"\n## {name}\n\n"
            f"HTTP status {kind.status}\n\n"
            f"- {_plain(kind.zh)} {_plain(kind.way_out_zh)}\n"
            f"- {_plain(kind.en)} {_plain(kind.way_out_en)}\n"
        )
    return "".join(parts)


def _plain(text: str) -> str:
    """Text that Markdown must not read as markup."""
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)


def _commands(
    group: click.Group, context: click.Context
) -> Iterator[tuple[click.Command, click.Context]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        yield command, inner
        if isinstance(command, click.Group):
            yield from _commands(command, inner)


def _option_line(option: click.Parameter, context: click.Context) -> str:
    record = option.get_help_record(context)
    names, text = record if record else (", ".join([*option.opts, *option.secondary_opts]), "")
    return f"`{names}`\n: {_plain(text) or 'no description'}\n\n"


def _command_section(command: click.Command, context: click.Context) -> str:
    usage = " ".join(command.collect_usage_pieces(context))
    depth = "#" * min(2 + context.command_path.count(" ") - 1, 4)
    text = [f"\n{depth} {context.command_path}\n\n```text\n{context.command_path} {usage}\n```\n\n"]
    help_text = (command.help or "").replace("\b\n", "").strip()
    text.append(help_text + "\n\n")
    options = [p for p in command.get_params(context) if isinstance(p, click.Option)]
    text += [_option_line(option, context) for option in options if "--help" not in option.opts]
    return "".join(text).rstrip() + "\n"


def commands_page() -> str:
    """Every command of ``wushu`` with its options."""
    from wushu.config.cli import main  # noqa: PLC0415

    context = click.Context(main, info_name="wushu")
    sections = "".join(_command_section(*found) for found in _commands(main, context))
    return "# Commands\n\n" + NOTE + (HERE / "_commands_head.txt").read_text("utf-8") + sections


def _routes(
    patterns: list[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, str]]:
    """Each address with the first sentence of what its view says of itself."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            view = getattr(pattern.callback, "view_class", pattern.callback)
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route), _first_sentence(view)


def _first_sentence(thing: object) -> str:
    text = " ".join((getattr(thing, "__doc__", "") or "").split("\n\n")[0].split())
    return text.replace("``", "`").replace("|", "\\|")


def addresses_page() -> str:
    """Every address the node answers."""
    from wushu.dataplane.asgi import ROUTES  # noqa: PLC0415

    fast = [(route.template, _SURFACES[route.surface.value]) for route in ROUTES]
    rows = sorted({*fast, *_routes(get_resolver().url_patterns)})
    table = "".join(f"| `{route}` | {text} |\n" for route, text in rows)
    head = (HERE / "_addresses_head.txt").read_text("utf-8")
    return f"# Addresses\n\n{NOTE}{head}\n| address | what |\n|---|---|\n{table}"


def openapi_page() -> str:
    """The description of the API, for a node at the default address."""
    from wushu.config.openapi import document  # noqa: PLC0415

    return json.dumps(document("http://127.0.0.1:8000"), ensure_ascii=False, indent=1) + "\n"


def demo_page() -> str:
    """The tables of the demonstration region, in the order of filing."""
    from wushu.catalog import vocabulary  # noqa: PLC0415
    from wushu.config.demo import region  # noqa: PLC0415
    from wushu.config.demo.catalogue import DATASETS  # noqa: PLC0415

    names = {one.uri: one.en for one in vocabulary.licences().concepts.values()}
    lines = [
        "# The demonstration region\n\n",
        NOTE,
        (HERE / "_demo_head.txt").read_text("utf-8"),
        "| dataset | title | body | package | licence | versions | file |\n|---|---|---|---|---|---|---|\n",
    ]
    for build in DATASETS.values():
        dataset = build()
        text, file = dataset.metadata, dataset.file
        licence = names.get(text.licence) or (f"<{text.licence}>" if text.licence else "–")
        written = f"{file.encoding}, {_DELIMITERS[file.delimiter]}" if file else "–"
        lines.append(
            f"| `{dataset.slug}` | {text.title_zh} {text.title_en} "
            f"| {region.organisation(dataset.body).name_zh.removeprefix(region.NAME_ZH)} "
            f"| {dataset.package or '–'} | {licence} "
            f"| {len(dataset.editions) if file else 0} | {written} |\n"
        )
    return "".join(lines)


def decisions_page() -> str:
    """The list of decision pages, by number."""
    lines = [
        "# Decisions\n\n",
        NOTE,
        "One page for each design decision that was hard to make: context, choice, consequence.\n\n",
    ]
    pages = sorted(p for p in (HERE / "decisions").glob("*.md") if p.name[0].isdigit())
    for page in pages:
        title = page.read_text("utf-8").partition("\n")[0].lstrip("# ").strip()
        title = re.sub(r"^\d{4}[.:：]?\s*", "", title)
        lines.append(f"- [{page.stem[:4]} {title}]({page.name})\n")
    lines.append("\n```{toctree}\n:hidden:\n\n")
    lines += [f"{page.stem}\n" for page in pages]
    lines.append("```\n")
    return "".join(lines)


def regulation_page(folder: Path) -> str:
    """A shipped regulation: where each article lives, and the test that holds it.

    A test that is named and not there is a fault of the page.
    """
    from tests.casework.articles import guards, items, missing  # noqa: PLC0415

    from wushu.casework.selectors import read_folder, regulation_of  # noqa: PLC0415

    rule, said = regulation_of(read_folder(folder), folder.name), items(folder.name)
    rows, parts = [], []
    for one in rule.articles:
        tests = guards(rule.id, one.number, said)
        if gone := missing(tests):
            sys.exit(f"{folder.name}, article {one.number}: there is no {', '.join(gone)}")
        homes = [f"`{home.partition(':')[2]}`" for home in one.lives] + _limits(rule, one.number)
        why = one.not_software.en if one.not_software else "not there yet"
        rows.append(
            f"| {one.number} | {one.heading.zh} {one.heading.en} | {'<br>'.join(homes) or why} "
            f"| {'<br>'.join(f'`{test}`' for test in tests)} |\n"
        )
        mine = {key: item for key, item in said.items() if key.split("(")[0] == str(one.number)}
        parts += [_article(key, item.text, item.says) for key, item in mine.items()]
    return "".join(
        [
            f"# {rule.title.zh}\n\n{NOTE}",
            f"{rule.title.en}. {rule.issuer.zh} {rule.number}. `{rule.id}`, {rule.status.value}, "
            f"from {rule.valid_from}{f' to {rule.valid_until}' if rule.valid_until else ''}.\n\n",
            "Where each article lives in the program, or why it is no software, and the tests that hold it. What the\n"
            "first of them holds is below, beside the article's words; `tests/casework/test_articles.py` changes every\n"
            "parameter of the files that stands on an article and fails where that goes unseen. How the files are\n"
            "written: [regulation files](../regulation-files.md).\n\n",
            "| article | heading | lives in | held by |\n|---|---|---|---|\n",
            *rows,
            "\n## Procedures\n\nEach drawn, with its time limits and steps: what `wushu regulation draw` writes, and\n"
            "`/regulations` shows of the version that a place adopted.\n\n```{toctree}\n:maxdepth: 1\n\n",
            *(f"{rule.id}/{one.id}\n" for one in rule.procedures),
            "```\n\n## What the articles say\n\nSteps are written `who; from -> to`.\n",
            *parts,
        ]
    )


def procedure_pages(folder: Path, regulations: Path) -> dict[Path, str]:
    """The procedures of a shipped regulation: pictures and tables in both languages, as it is drawn."""
    from wushu.casework.selectors import (  # noqa: PLC0415
        flow_chart,
        read_folder,
        regulation_of,
        tables_as_text,
    )

    rule, found = regulation_of(read_folder(folder), folder.name), {}
    here = regulations / folder.name
    for one in rule.procedures:
        for language in ("zh", "en"):
            found[here / f"{one.id}-{language}.svg"] = flow_chart(rule, one, language) + "\n"
        zh, en = (tables_as_text(rule, one, language) for language in ("zh", "en"))
        title, _, rest = zh.partition("\n")
        found[here / f"{one.id}.md"] = "".join(
            [
                f"{title} {one.title.en}\n\n{NOTE}![{one.title.zh}]({one.id}-zh.svg)\n{rest}",
                f"\n{re.sub('^#', '##', en, flags=re.MULTILINE)}",
                f"\n![{one.title.en}]({one.id}-en.svg)\n",
            ]
        )
    return found


def _limits(rule: Regulation, article: int) -> list[str]:
    """The limits that stand on an article, with their numbers."""
    return [
        f"{clock.label.zh} {clock.label.en}: {clock.working_days} working days"
        + (f", {clock.extension_in_all} in all" if clock.extension_in_all else "")
        for one in rule.procedures
        for clock in one.clocks
        if clock.ground.article.split("(")[0] == str(article)
    ]


def _article(key: str, text: str, says: Iterable[str]) -> str:
    quote = f"\n> {text}\n" if text else ""
    lines = "".join(f"- `{one}`\n" for one in says)
    return f"\n### {key}\n{quote}{chr(10) if lines else ''}{lines}"


def pages() -> dict[Path, str]:
    """What each generated page should hold."""
    _start_django()
    _import_everything()
    from wushu.casework.selectors import regulation_folders  # noqa: PLC0415

    regulations = HERE / "reference" / "regulations"
    procedures = [procedure_pages(one, regulations) for one in regulation_folders()]
    return {
        **{path: text for several in procedures for path, text in several.items()},
        **{regulations / f"{one.name}.md": regulation_page(one) for one in regulation_folders()},
        HERE / "reference" / "errors.md": errors_page(),
        HERE / "reference" / "commands.md": commands_page(),
        HERE / "reference" / "addresses.md": addresses_page(),
        HERE / "reference" / "openapi.json": openapi_page(),
        HERE / "reference" / "demo.md": demo_page(),
        HERE / "decisions" / "README.md": decisions_page(),
    }


def main() -> int:
    """Write or check; see the module's text."""
    checking = "--check" in sys.argv
    stale = {
        path: text
        for path, text in pages().items()
        if not path.exists() or path.read_text("utf-8") != text
    }
    for path, text in stale.items():
        if checking:
            sys.stderr.write(f"stale: {path.relative_to(HERE.parent)}; run docs/_generate.py\n")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            sys.stderr.write(f"written: {path.relative_to(HERE.parent)}\n")
    return 3 if checking and stale else 0


if __name__ == "__main__":
    sys.exit(main())
