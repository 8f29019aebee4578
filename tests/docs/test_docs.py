"""The documentation says what the program is: nothing missing, nothing stale, no dead link."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from wushu.config.cli import main
from wushu.dataplane.asgi import ROUTES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def _text(*pages: Path) -> str:
    return "\n".join(page.read_text("utf-8") for page in pages)


def _without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", re.sub(r"(?ms)^( *)```.*?^\1```", "", text))


def _pages() -> list[Path]:
    inside = [p for p in DOCS.rglob("*.md") if "_build" not in p.parts]
    return sorted([*inside, ROOT / "README.md", ROOT / "README.zh.md"])


def test_the_generated_pages_are_what_the_program_says_now(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(DOCS / "_generate.py"), "--check"],
        env=os.environ | {"WUSHU_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_setting_read_from_the_environment_is_described() -> None:
    named = re.compile(r"\bWUSHU_[A-Z0-9_]+\b")
    places = [ROOT / "src", ROOT / "bin", ROOT / "tests", ROOT / ".ci"]
    files = [p for place in places for p in place.rglob("*") if p.is_file()]
    read = {
        name
        for path in files
        if path.suffix in {".py", ".sh", ""} and "__pycache__" not in path.parts
        for name in named.findall(path.read_text("utf-8"))
        if not name.endswith("_")
    }
    described = set(re.findall(r"(?m)^`(WUSHU_[A-Z0-9_]+)`$", _text(REFERENCE / "settings.md")))
    assert read - described == set(), "read, but not in docs/reference/settings.md"
    assert described - read == set(), "described, but nothing reads it"


def _commands(group: click.Group, context: click.Context) -> Iterator[click.Context]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        yield inner
        if isinstance(command, click.Group):
            yield from _commands(command, inner)


def test_every_command_has_its_heading_and_every_option_its_words() -> None:
    page = _text(REFERENCE / "commands.md")
    sections = dict(re.findall(r"(?ms)^#+ (wushu [^\n]+)\n(.*?)(?=^#+ |\Z)", page))
    for context in _commands(main, click.Context(main, info_name="wushu")):
        body = sections.pop(context.command_path)
        assert context.command.help, f"{context.command_path} says nothing of itself"
        for option in context.command.params:
            if isinstance(option, click.Option):
                assert option.opts[0] in body, f"{context.command_path} {option.opts[0]}"
                assert option.help, f"{context.command_path} {option.opts[0]} has no description"
    assert not sections, "commands that do not exist"


def _routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def test_every_address_is_in_the_reference() -> None:
    page = _text(REFERENCE / "addresses.md")
    served = [*_routes(get_resolver().url_patterns), *(route.template for route in ROUTES)]
    assert [route for route in served if f"`{route}`" not in page] == []
    assert not re.findall(r"(?m)^\|[^|]+\| +\|$", page), "an address that says nothing of itself"


def test_every_refusal_has_its_heading() -> None:
    from wushu.kernel.errors import vocabulary

    headings = set(re.findall(r"(?m)^## (\S+)$", _text(REFERENCE / "errors.md")))
    own = {name for name in vocabulary() if not name.startswith("test-")}
    assert own <= headings


def test_every_decision_is_in_the_list() -> None:
    listed = _text(DOCS / "decisions" / "README.md")
    pages = [p.name for p in (DOCS / "decisions").glob("*.md") if p.name != "README.md"]
    assert pages
    for name in pages:
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", name), name
        assert f"]({name})" in listed


def test_decisions_are_numbered_once() -> None:
    numbers = [p.name[:4] for p in (DOCS / "decisions").glob("[0-9]*.md")]
    assert len(set(numbers)) == len(numbers)


def _anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, made as GitHub makes them."""
    headings = re.findall(r"(?m)^#+ +(.+?) *$", _without_fences(page.read_text("utf-8")))
    slugs = (re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)
    return set(slugs)


def _without_fences(text: str) -> str:
    return re.sub(r"(?ms)^( *)```.*?^\1```", "", text)


def test_every_page_that_the_program_names_exists() -> None:
    named = re.compile(r"\bdocs/[a-z-]+/[A-Za-z0-9_-]+\.\w+")
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "src").rglob("README.md")]
    pages = {page for source in sources for page in named.findall(source.read_text("utf-8"))}
    assert {page for page in pages if not (ROOT / page).exists()} == set()


@pytest.mark.parametrize("page", _pages(), ids=lambda p: str(p.relative_to(ROOT)))
def test_links_inside_the_repository_hold(page: Path) -> None:
    for target in LINK.findall(_without_code(page.read_text("utf-8"))):
        path, _, anchor = target.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{page.relative_to(ROOT)} -> {target}"
        if anchor:
            assert anchor in _anchors(found), f"{page.relative_to(ROOT)} -> {target}"


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_every_command_of_the_readme_exists(name: str) -> None:
    blocks = re.findall(r"(?ms)^```sh\n(.*?)^```", (ROOT / name).read_text("utf-8"))
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    assert lines
    known = {c.command_path: c for c in _commands(main, click.Context(main, info_name="wushu"))}
    for line in lines:
        words = line.split()
        if not words:
            continue
        if words[0].startswith("bin/"):
            assert (ROOT / words[0]).is_file(), line
        if words[0].endswith("wushu"):
            path = max(
                (p for p in known if f"wushu {' '.join(words[1:])} ".startswith(f"{p} ")), key=len
            )
            options = {o for p in known[path].command.params for o in p.opts}
            assert {w for w in words if w.startswith("--")} <= options | {"--help"}, line
