"""Reads the messages of code and templates, without the gettext programs.

``python -m tests.portal.messages APP`` adds to an app's catalogue what it lacks, untranslated, and
names what is no longer used.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2] / "src" / "wushu"
_KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


@dataclass(frozen=True, slots=True)
class Message:
    """One text to translate, and where it stands."""

    text: str
    plural: str
    context: str
    where: str

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text


def apps() -> list[Path]:
    return sorted(path.parent for path in ROOT.glob("*/apps.py"))


def messages(app: Path) -> Iterator[Message]:
    for path in sorted(app.rglob("*.py")):
        yield from _messages_in(path.read_bytes(), path)
    for path in sorted((app / "templates").rglob("*.html")):
        source = templatize(path.read_text("utf-8"), origin=str(path))
        yield from _messages_in(source.encode(), path)


def _messages_in(source: bytes, path: Path) -> Iterator[Message]:
    where = path.relative_to(ROOT).as_posix()
    found = extract_python(io.BytesIO(source), list(_KEYWORDS), [], {"encoding": "utf-8"})
    for line, name, values, _comments in found:
        parts = list(values) if isinstance(values, (tuple, list)) else [values]
        context = str(parts.pop(0)) if "pgettext" in name else ""
        if not parts or not isinstance(parts[0], str):
            continue  # a variable, not a message: `_(words)`
        plural = parts[1] if "ngettext" in name or "npgettext" in name else ""
        yield Message(parts[0], plural or "", context, f"{where}:{line}")


def catalogue_of(app: Path) -> Path:
    return app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def compile_catalogues() -> None:
    """What ``bin/_env.sh`` does before programs start: gettext reads the compiled form."""
    for app in apps():
        path = catalogue_of(app)
        made = path.with_suffix(".mo")
        if path.is_file() and (not made.exists() or made.stat().st_mtime < path.stat().st_mtime):
            polib.pofile(str(path)).save_as_mofile(str(made))


def main() -> None:
    app = ROOT / sys.argv[1]
    path = catalogue_of(app)
    catalogue = polib.pofile(str(path), wrapwidth=100)
    known = {(one.msgctxt or "", one.msgid) for one in catalogue}
    used = {one.key: one for one in messages(app)}
    for key, message in used.items():
        if key not in known:
            entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
            if message.plural:
                entry.msgid_plural, entry.msgstr_plural = message.plural, {0: ""}
            catalogue.append(entry)
    for entry in catalogue:
        if (entry.msgctxt or "", entry.msgid) not in used:
            sys.stdout.write(f"unused: {entry.msgid}\n")
    catalogue.save()


if __name__ == "__main__":
    main()
