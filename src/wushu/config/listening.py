"""The serving processes: ``python -m wushu.config.listening --host HOST --port PORT …``.

Uvicorn's own command cannot be given a protocol (``wushu.config.protocol``).
"""

from __future__ import annotations

import argparse

import uvicorn

PROTOCOL = "wushu.config.protocol:BoundedProtocol"
GRACE_SECONDS = 5
"""Answers that run may take so long to end when the server stops."""


def listen(host: str, port: int, workers: int, proxies: str) -> None:
    """Serve until a signal ends it; ``proxies`` may say for whom they ask."""
    uvicorn.run(
        "wushu.config.asgi:application",
        host=host,
        port=port,
        workers=workers,
        http=PROTOCOL,
        ws="none",
        proxy_headers=True,
        forwarded_allow_ips=proxies,
        log_level="warning",
        server_header=False,
        access_log=False,  # `observing` tells of every answer
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="wushu.config.listening", description=__doc__)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--forwarded-allow-ips", default="127.0.0.1")
    given = parser.parse_args()
    listen(given.host, given.port, given.workers, given.forwarded_allow_ips)


if __name__ == "__main__":
    main()
