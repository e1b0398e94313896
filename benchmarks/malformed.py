"""Send malformed requests to a server with a state file, and measure its memory.

    python -m benchmarks.malformed --requests 50000 [--seed 7]

Exits with 1 at the first answer of 500 or more, and if there is none within a minute. The server
runs in this process. The memory can grow during the first fifth, while the list of the latest calls
and the caches fill up. The suite sends 2,000 such requests.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path

from benchmarks.server import resident
from mturk_mock.server import MTurkServer
from tests.malformed import Hang, Malformed, exchange, known_values


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.malformed")
    parser.add_argument("--requests", type=int, default=50_000, help="default: 50000")
    parser.add_argument("--seed", type=int, default=1, help="default: 1")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    statuses: Counter[int] = Counter()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, MTurkServer(state=Path(folder, "db")) as server:
        values = known_values(server.client(), server.mturk.worker())
        requests = islice(Malformed(options.seed, values), options.requests)
        for number, request in enumerate(requests, 1):
            try:
                status = exchange(server.url, request)
            except Hang as problem:
                print(f"no answer: {problem}")
                return 1
            if status >= 500:
                print(f"{status}: {request.content[:2000]!r}")
                return 1
            statuses[status] += 1
            if number % max(1, options.requests // 5) == 0:
                memory = resident(os.getpid()) / 1024
                seconds = time.perf_counter() - began
                print(f"{number} requests in {seconds:.0f} s, {memory:.1f} MB", flush=True)
    print(*(f"{status or 'closed'}: {count}" for status, count in sorted(statuses.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
