"""The changelog page shows the changelog of the running release."""

from __future__ import annotations

from pathlib import Path

from tests.portal.conftest import Visitor
from wushu.portal import changelog
from wushu.portal.changelog import Piece, read

ROOT = Path(__file__).parents[2]
TEXT = """# Changelog

An introduction.

## Unreleased

## 0.2.0 - 2027-01-01

### Added
- One thing with `code <b>` in it,
  over two lines.
- Another.

### Fixed
- A fault.
"""


def test_releases_groups_and_items_are_read():
    (release,) = read(TEXT)
    assert release.title == "0.2.0 - 2027-01-01"
    assert [(group.title, len(group.items)) for group in release.groups] == [
        ("Added", 2), ("Fixed", 1),
    ]  # fmt: skip
    assert release.groups[0].items[0] == [
        Piece("One thing with ", code=False),
        Piece("code <b>", code=True),
        Piece(" in it, over two lines.", code=False),
    ]


def test_the_file_beside_the_code_is_the_repositorys():
    """A link, which the build of a wheel follows: an installed node has the text itself."""
    beside = Path(changelog.__file__).parent / "CHANGELOG.md"
    assert beside.read_text("utf-8") == (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_item_of_the_real_file_is_shown(visitor: Visitor):
    page = visitor.get("/changelog").text
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert page.count("<li>", page.index("<main"), page.index('id="api"')) == text.count("\n- ")
    assert "Deprecation" in page
