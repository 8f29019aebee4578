"""The seam by which ``parties``, which lies below the evidence log, records what it does.

``evidence`` binds its recorder here when the program starts. An unbound seam refuses, so that an
act can never go unrecorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol


class Acting(Protocol):
    """Who acts, as the log names it."""

    @property
    def urn(self) -> str:
        """The account's or the node's name in the log."""

    @property
    def channel(self) -> str | None:
        """By which way they came; None: the node by itself."""


class Recorder(Protocol):
    """Appends one act to the evidence log inside the caller's transaction."""

    def __call__(
        self,
        act: str,
        *,
        actor: Acting | str,
        subject: str,
        data: Mapping[str, Any],
        rows: Iterable[Any],
        deleted: Iterable[Any] = (),
    ) -> Any:
        """``actor`` as text is a name whose way is not known. ``rows`` are the model instances the act wrote, ``deleted`` those it removed."""


_recorder: Recorder | None = None


def bind(recorder: Recorder) -> None:
    """Called once, by the app that keeps the log."""
    global _recorder  # noqa: PLW0603  (one log per process)
    _recorder = recorder


def record(
    act: str,
    *,
    actor: Acting | str,
    subject: str,
    data: Mapping[str, Any],
    rows: Iterable[Any],
    deleted: Iterable[Any] = (),
) -> Any:
    """Append an act; ``RuntimeError`` when no log is bound."""
    if _recorder is None:
        raise RuntimeError("no evidence log is bound: an act must not go unrecorded")
    return _recorder(act, actor=actor, subject=subject, data=data, rows=rows, deleted=deleted)
