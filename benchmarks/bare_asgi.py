"""The least that answers a page of rows over HTTP: one ASGI function, indexed SQLite, json."""

from __future__ import annotations

import json
import os
import sqlite3
from urllib.parse import parse_qs

_db = sqlite3.connect(f"file:{os.environ['BARE_DB']}?mode=ro", uri=True, check_same_thread=False)
_db.row_factory = sqlite3.Row


async def application(scope, receive, send):  # type: ignore[no-untyped-def]
    """``/rows?cityCode=…&limit=100``."""
    if scope["type"] != "http":
        return
    asked = parse_qs(scope["query_string"].decode())
    rows = _db.execute(
        "SELECT * FROM streets WHERE cityCode = ? ORDER BY rowid LIMIT ?",
        (asked["cityCode"][0], int(asked["limit"][0])),
    )
    body = json.dumps({"rows": [dict(row) for row in rows]}, ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
