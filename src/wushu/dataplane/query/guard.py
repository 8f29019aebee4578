"""The guard against formulas in CSV: spreadsheets run cells that begin like one (OWASP, CSV injection).

A text cell that begins with ``= + - @``, one of these in full width (which Chinese and Japanese
spreadsheets read as the same), tab or carriage return gets an apostrophe before it; plain numbers such
as ``-12.5`` or ``+86`` are harmless and stay. ``guard=off`` delivers exact texts; JSON, NDJSON and
Parquet always do.
"""

from __future__ import annotations

from wushu.kernel.formulas import NUMBER, STARTS, guarded

__all__ = ["NUMBER", "STARTS", "guarded", "guarded_sql"]


def guarded_sql(cell: str) -> str:
    """The same as an expression of the batch engine; NULL stays NULL."""
    # Not IN (…): the engine makes a join of it, which loses the order of the rows
    begins = " OR ".join(f"starts_with({cell}, chr({ord(one)}))" for one in STARTS)
    return (
        f"CASE WHEN ({begins}) AND NOT regexp_full_match({cell}, '{NUMBER}') "
        f"THEN chr(39) || {cell} ELSE {cell} END"
    )
