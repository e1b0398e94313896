"""Load for a server: connections that send one request again and again.

    python -m benchmarks.load PORT CONNECTIONS SECONDS RATE < REQUEST

Prints a JSON object: requests per second, and the latencies at the median and at 99%, in
milliseconds. With a RATE other than 0, requests are sent at that rate, and latencies count from the
moment at which a request was to be sent. A connection that the server closes is opened again.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time


async def repeat(port: int, request: bytes, end: float, period: float, phase: float) -> list[float]:
    """Send the request until the end, on one connection; return the latencies in seconds."""
    latencies: list[float] = []
    due = time.perf_counter() + phase
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < end:
        if period:
            await asyncio.sleep(due - time.perf_counter())
        began = due if period else time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"the server answered {head!r}")
        _, _, length = head.lower().partition(b"content-length: ")
        await reader.readexactly(int(length.split(b"\r\n", 1)[0]))
        latencies.append(time.perf_counter() - began)
        due += period
        if b"\r\nconnection: close" in head.lower():
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    return latencies


async def load(port: int, connections: int, seconds: float, rate: float) -> dict[str, float]:
    """Send the request of stdin on all connections, and return the figures."""
    request = sys.stdin.buffer.read()
    period = connections / rate if rate else 0.0
    began = time.perf_counter()
    found = await asyncio.gather(
        *(
            repeat(port, request, began + seconds, period, period * number / connections)
            for number in range(connections)
        )
    )
    latencies = [each for of_connection in found for each in of_connection]
    percentiles = statistics.quantiles(latencies, n=100)
    return {
        "rate": len(latencies) / (time.perf_counter() - began),
        "median": percentiles[49] * 1000,
        "p99": percentiles[98] * 1000,
    }


if __name__ == "__main__":
    port, connections, seconds, rate = map(float, sys.argv[1:])
    print(json.dumps(asyncio.run(load(int(port), int(connections), seconds, rate))))
