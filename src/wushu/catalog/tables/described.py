"""What both descriptions are made of."""

from __future__ import annotations

from dataclasses import dataclass

from wushu.catalog.types import EntryView, FileFacts, Metadata, RevisionView, VersionView


@dataclass(frozen=True, slots=True)
class Described:
    """A listed entry with data, the addresses of this node, and what is known of the files."""

    entry: EntryView
    revision: RevisionView
    version: VersionView
    files: tuple[FileFacts, ...]
    """Of the version; none where its rows are not everybody's."""
    base_url: str
    identifier_base: str

    @property
    def metadata(self) -> Metadata:
        """What the catalogue says of the dataset."""
        return self.revision.metadata

    @property
    def identifier(self) -> str:
        """The dataset's permanent address."""
        return f"{self.identifier_base}/id/{self.entry.id}"

    def facts(self, suffix: str, variant: str = "") -> FileFacts | None:
        """Size and digest of a file, where they are known."""
        for one in self.files:
            if (one.suffix, one.variant) == (suffix, variant):
                return one
        return None
