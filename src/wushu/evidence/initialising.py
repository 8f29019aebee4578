"""The first entry of a log, and what it fixes for ever."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from wushu.evidence import refusals, signers
from wushu.evidence.models import Entry, Node
from wushu.evidence.recording import record
from wushu.evidence.rules import leaves, merkle, notes
from wushu.evidence.sequencing import sequence
from wushu.evidence.store import Store
from wushu.evidence.types import NodeView
from wushu.kernel.errors import INVALID_VALUE
from wushu.kernel.identifiers.division import parse_division
from wushu.kernel.identifiers.oid import oid_of_uuid, parse_oid
from wushu.parties.types import NODE

GENESIS = "evidence.node.initialised"


def node_initialise(
    *,
    origin: str,
    identifier_base: str,
    oid_arc: str = "",
    region_zh: str,
    region_en: str = "",
    division: str,
) -> NodeView:
    """Fix what is permanent of this node: its names, its key, and the first entry of its log.

    ``oid_arc`` empty: the node's own arc under 2.25 (X.667). Refusals: node-already-initialised,
    acts-before-initialisation, bad-origin, invalid-value and those of the kernel's identifiers. An
    interrupted call is simply repeated.
    """
    _may_initialise()
    if not notes.is_key_name(origin) or len(origin.encode()) > 255:
        raise refusals.BAD_ORIGIN(origin=origin)
    _check_base(identifier_base)
    place = parse_division(division).code
    node_uuid = uuid.uuid4()
    arc = parse_oid(oid_arc) if oid_arc else oid_of_uuid(node_uuid)
    signer = signers.load_or_create(origin)
    _publish_empty_tree(signer)
    with transaction.atomic(durable=True):
        _may_initialise()
        node = Node.objects.create(
            node_uuid=node_uuid,
            origin=origin,
            verifier_key=str(signer.key),
            oid_arc=str(arc),
            identifier_base=identifier_base.rstrip("/"),
            region_zh=region_zh,
            region_en=region_en,
            division=place,
            initialised_at=timezone.now(),
        )
        record(
            GENESIS,
            actor=NODE.urn,
            subject=f"urn:uuid:{node.node_uuid}",
            data=node_facts(node),
            rows=[],
        )
    sequence()
    return node_view(node)


def _may_initialise() -> None:
    node = Node.objects.first()
    if node is not None:
        raise refusals.NODE_ALREADY_INITIALISED(origin=node.origin)
    acts = Entry.objects.count()
    if acts:
        raise refusals.ACTS_BEFORE_INITIALISATION(count=acts)


def _check_base(url: str) -> None:
    """Identifiers are this address and more: it is whole, and nothing follows its path."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise INVALID_VALUE(
            field="identifier-base",
            value=url,
            reason_zh="应为完整的 http 或 https 网址，不带查询和片段",
            reason_en="a whole http or https address is needed, without query or fragment",
        )


def _publish_empty_tree(signer: signers.Signer) -> None:
    """Publish a checkpoint of size 0, so that from now on a missing file is a loss, never a start.

    Where a checkpoint with entries lies already, the database is the one that was lost.
    """
    store = Store.of_node()
    existing = store.checkpoint()
    if existing is not None:
        try:
            size = notes.parse_checkpoint(existing.decode().rpartition("\n\n")[0] + "\n").size
        except UnicodeDecodeError as error:
            raise refusals.CHECKPOINT_INVALID(
                path=store.checkpoint_path, reason_zh="不是 UTF-8", reason_en="it is not UTF-8"
            ) from error
        except notes.NoteError as error:
            raise refusals.CHECKPOINT_INVALID(path=store.checkpoint_path, **error.facts) from error
        if size:
            raise refusals.DATABASE_BEHIND(database=0, published=size)
    text = notes.Checkpoint(signer.key.name, 0, merkle.EMPTY_ROOT).text
    line = notes.signature_line(signer.key.name, signer.key.key_id, signer.sign(text.encode()))
    store.publish(notes.signed_note(text, [line]))


def node_facts(node: Node) -> dict[str, Any]:
    """What the first entry says of the node: every column but its constant key."""
    return {
        str(field.column): leaves.plain(field.value_from_object(node))
        for field in Node._meta.concrete_fields
        if not field.primary_key
    }


def node_view(node: Node) -> NodeView:
    """The node as others see it."""
    return NodeView(
        node_uuid=node.node_uuid,
        origin=node.origin,
        verifier_key=node.verifier_key,
        oid_arc=node.oid_arc,
        identifier_base=node.identifier_base,
        region_zh=node.region_zh,
        region_en=node.region_en,
        division=node.division,
        initialised_at=node.initialised_at,
    )
