"""Loads one HTTP server over keep-alive connections and prints what it measured, as JSON.

``python -m benchmarks.loader PORT SECONDS CLIENTS < asked.json``, where the input names the request
targets, taken in turn, and an API key or none. A process of its own, so that measuring does not run inside what is measured; its
parser does the least that keeps answers apart.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import uvloop


class Client(asyncio.Protocol):
    """One connection: asks, waits for the whole answer, asks again."""

    def __init__(
        self, requests: list[bytes], first: int, until: float, done: asyncio.Event
    ) -> None:
        self.requests, self.turn, self.until, self.done = requests, first, until, done
        self.buffer = bytearray()
        self.latencies: list[float] = []
        self.failures = 0
        self.bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._ask()

    def _ask(self) -> None:
        self.asked = time.perf_counter()
        if self.asked >= self.until:
            self.transport.close()
            return
        self.transport.write(self.requests[self.turn % len(self.requests)])
        self.turn += 1

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        size = answer_size(self.buffer)
        if size is None or len(self.buffer) < size:
            return
        self.latencies.append(time.perf_counter() - self.asked)
        self.failures += not self.buffer.startswith(b"HTTP/1.1 200")
        self.bytes += size
        del self.buffer[:size]
        self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        self.done.set()


def answer_size(buffer: bytearray) -> int | None:
    """Bytes of the first whole answer; None while that cannot be said."""
    head = buffer.find(b"\r\n\r\n")
    if head < 0:
        return None
    headers = bytes(buffer[:head]).lower()
    place = headers.find(b"\r\ncontent-length:")
    if place >= 0:
        end = headers.find(b"\r\n", place + 2)
        return head + 4 + int(headers[place + 17 : end if end > 0 else None])
    end = buffer.find(b"0\r\n\r\n", head + 4)  # chunked: the last chunk ends it
    return end + 5 if end >= 0 else None


async def load(
    port: int, seconds: float, clients: int, targets: list[str], key: str
) -> dict[str, object]:
    """Requests a second and latencies over all connections."""
    headers = "Host: 127.0.0.1\r\nAccept: application/json\r\n"
    headers += f"Authorization: Bearer {key}\r\n" if key else ""
    requests = [f"GET {target} HTTP/1.1\r\n{headers}\r\n".encode() for target in targets]
    until = time.perf_counter() + seconds
    loop = asyncio.get_running_loop()
    made = []
    for n in range(clients):
        done = asyncio.Event()
        _, client = await loop.create_connection(
            lambda n=n, done=done: Client(requests, n * 7, until, done), "127.0.0.1", port
        )
        made.append(client)
    for client in made:
        await client.done.wait()
    times = sorted(t for client in made for t in client.latencies)
    return {
        "answers": len(times),
        "requests_per_second": round(len(times) / seconds, 1),
        "p50_ms": round(times[len(times) // 2] * 1000, 2),
        "p99_ms": round(times[len(times) * 99 // 100] * 1000, 2),
        "failures": sum(client.failures for client in made),
        "bytes_per_answer": sum(client.bytes for client in made) // max(1, len(times)),
    }


if __name__ == "__main__":
    port_, seconds_, clients_ = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    asked_ = json.load(sys.stdin)
    print(json.dumps(uvloop.run(load(port_, seconds_, clients_, **asked_))))
