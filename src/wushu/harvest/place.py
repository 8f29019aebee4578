"""The place whose node this is."""

from __future__ import annotations

from wushu.evidence import selectors as evidence


def node_place() -> str:
    """Division code of the node's region (GB/T 2260); empty before its initialisation."""
    node = evidence.node_or_none()
    return "" if node is None else node.division
