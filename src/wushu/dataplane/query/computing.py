"""What a grant of results covers, as a file that a program is run over and its holder never sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from wushu.catalog.types import FieldType
from wushu.dataplane.access import decide
from wushu.dataplane.ingest.store import working
from wushu.dataplane.models import Grant
from wushu.dataplane.query.database import DjangoDatabase
from wushu.dataplane.query.formats import of_version, parquet
from wushu.dataplane.query.receipts import receipt_write
from wushu.dataplane.query.types import Access, Surface
from wushu.dataplane.query.versions import readable_names, version_of
from wushu.dataplane.types import Delivery, GranteeKind
from wushu.parties.types import Actor


@dataclass(frozen=True, slots=True)
class Computable:
    """A grant of results, for who holds it."""

    access: Access
    columns: tuple[tuple[str, FieldType], ...]
    """Names and types of what a program sees."""
    organisation: UUID | None
    """The grant is for it; None: for a person."""
    purpose: str


@dataclass(frozen=True, slots=True)
class GrantedCopy:
    """The granted columns and rows, masked as the grant says, in a file for a program."""

    access: Access
    table: Path
    """Parquet."""
    folder: Path
    """For work beside it; it goes when the copy does."""


def computable(
    dataset: UUID,
    actor: Actor,
    now: datetime,
    *,
    version: int | None = None,
    grant: UUID | None = None,
) -> Computable:
    """The grant of results under which the actor may have a program run now.

    Refusals: those of ``access.decide``, among them ``grant-delivers-rows`` for who may read the rows
    themselves; ``version-damaged``, ``grant-does-not-fit``.
    """
    access = _decided(dataset, actor, now, version=version, grant=grant)
    opened = version_of(access)
    held = Grant.objects.get(pk=access.grant)
    names = readable_names(access, opened)
    return Computable(
        access=access,
        columns=tuple((name, opened.types[name]) for name in names),
        organisation=held.grantee if held.grantee_kind == GranteeKind.ORGANISATION.value else None,
        purpose=held.purpose,
    )


@contextmanager
def granted_copy(
    *, actor: Actor, dataset: UUID, grant: UUID, query: str, name: str
) -> Iterator[GrantedCopy]:
    """What a program is to see, while it runs; a receipt with the program is left first.

    By the same way as a download: the one selector, its columns, its rows and its masks. ``name`` is
    that of the work: it is done once at a time. Refusals: those of ``computable``, ``query-too-long``,
    ``quota-used-up``, ``disk-full``.
    """
    with working(name) as folder:
        access = _decided(dataset, actor, timezone.now(), grant=grant)
        opened = version_of(access)
        names = readable_names(access, opened)
        # No row is delivered by it: of a quota it takes the request alone.
        receipt_write(access, surface=Surface.COMPUTATION, columns=names, query=query, rows=0)
        path = folder / "granted.parquet"
        with path.open("wb") as out:
            out.writelines(
                parquet.chunks(of_version(access.slug, opened, names, access.row_filter))
            )
        yield GrantedCopy(access, path, folder)


def computed_delivered(
    *,
    actor: Actor,
    dataset: UUID,
    version: int | None,
    grant: UUID,
    columns: Sequence[str],
    rows: int,
    query: str,
) -> None:
    """Leave the receipt of a result that goes out now, if its grant still lets it; refusals as ``computable``."""
    access = _decided(dataset, actor, timezone.now(), version=version, grant=grant)
    receipt_write(access, surface=Surface.COMPUTATION, columns=columns, query=query, rows=rows)


def _decided(
    dataset: UUID,
    actor: Actor,
    now: datetime,
    *,
    version: int | None = None,
    grant: UUID | None = None,
) -> Access:
    return decide(
        DjangoDatabase(), dataset, actor, now, version=version, grant=grant,
        delivery=Delivery.COMPUTED,
    )  # fmt: skip
