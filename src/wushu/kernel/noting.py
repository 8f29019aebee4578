"""What is worth telling of the request being answered: noted deep inside, read where it ends.

Outside a request nothing is noted and nothing costs more than one look.
"""

from __future__ import annotations

import itertools
import os
import secrets
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

_count = itertools.count(1)


@lru_cache(maxsize=1)
def _beginning(process: int) -> str:
    return secrets.token_hex(5)


def _request_id() -> str:
    """Unique among processes and restarts; made without asking the system for chance each time."""
    return f"{_beginning(os.getpid())}{next(_count) & 0xFFFFFFFF:08x}"


@dataclass(slots=True)
class Noted:
    """One request. Never holds personal data, nor anything a reader asked for."""

    id: str = field(default_factory=_request_id)
    """Ours, never the client's: it is quoted to the operator and found in the log."""
    route: str = ""
    """Template of the address, never the address."""
    actor: str = ""
    """URN of who acts; empty for nobody."""
    refusal: str = ""
    """Name of the last refusal that was made, and its status."""
    refusal_status: int = 0
    refused: str = ""
    """Name of what an act was refused as, where the answer says it in its own way, as a form does."""
    rows: int = 0
    """Rows that went out in pages."""
    dataset: UUID | None = None
    """Whose use the statistics count; None for what they do not count."""
    use: str = ""
    """The kind of use."""
    key: str = ""
    """SHA-256 of the API key, for its owner's own figures; never told in a log."""

    def refused_as(self, status: int) -> str:
        """Name of the refusal that an answer with this status told; empty where none was."""
        return self.refused or (self.refusal if self.refusal_status == status else "")


current: ContextVar[Noted | None] = ContextVar("wushu_noted", default=None)


def request_id() -> str:
    """Of the request being answered; empty outside one."""
    noted = current.get()
    return "" if noted is None else noted.id


def note_refusal(name: str, status: int) -> None:
    """A refusal was made; it is told if the answer has its status."""
    noted = current.get()
    if noted is not None:
        noted.refusal, noted.refusal_status = name, status


def note_refused(name: str) -> None:
    """An act was refused: told whatever status the answer has, and whatever its page asks meanwhile."""
    noted = current.get()
    if noted is not None:
        noted.refused = name


def note_actor(urn: str) -> None:
    """Who acts."""
    noted = current.get()
    if noted is not None:
        noted.actor = urn


def note_route(template: str) -> None:
    """Which address was asked for, without its values."""
    noted = current.get()
    if noted is not None:
        noted.route = template


def note_rows(rows: int) -> None:
    """Rows that go out."""
    noted = current.get()
    if noted is not None:
        noted.rows += rows


def note_use(dataset: UUID, use: str) -> None:
    """Something that is everybody's was read of a dataset."""
    noted = current.get()
    if noted is not None:
        noted.dataset, noted.use = dataset, use


def note_key(digest: str) -> None:
    """A good API key was used."""
    noted = current.get()
    if noted is not None:
        noted.key = digest
