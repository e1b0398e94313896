"""Measures the pages of the worker site, in bytes and milliseconds.

    python -m benchmarks.worker_site [--hits 10000] [--rounds 15]

It is no group of ``python -m benchmarks``, because its goals are times and sizes instead of ratios.
Times are processor time, without that of a request for ``/livez``; of the rounds, the median.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
from collections.abc import Iterator, Sequence
from time import process_time
from typing import Any

import httpx

from benchmarks.checkpoints import Figure
from benchmarks.filling import snapshot
from benchmarks.samples import HTML_QUESTION
from mturk_mock.server import MTurkServer

WORKER = "A2WORKER"
KILOBYTE = 1024
GOAL_KB, GOAL_MS = 60, 50
#: The pages to measure; ``group`` stands for the group of an open HIT.
PAGES = {
    "HITs": "/projects",
    "HITs, page 2": "/projects?page=2",
    "HITs, search": "/projects?search=animal&sort=reward",
    "HITs, only qualified": "/projects?qualified=on&sort=number",
    "preview": "/projects/{group}/tasks",
    "queue": "/tasks",
    "dashboard": "/dashboard",
    "work": "/dashboard/work?page=2",
    "work, rejected": "/dashboard/work?status=Rejected&page=2",
    "earnings": "/dashboard/earnings",
    "qualifications": "/qualifications",
}


def open_hits(count: int, size: int) -> Iterator[dict[str, Any]]:
    """Yield the open HITs of a snapshot, in groups of a size."""
    for number in range(count):
        title = f"Which class of animals is this? Part {number // size}"
        yield {"title": title, "question": HTML_QUESTION, "description": "Look at a picture"}


def done_hits(count: int) -> Iterator[dict[str, Any]]:
    """Yield HITs that the worker has done, one after another, every tenth without success."""
    for number in range(count):
        status = "Rejected" if number % 10 == 0 else "Approved"
        day, second = divmod(number, 400)
        start = f"2025-{1 + day // 28:02}-{1 + day % 28:02}T{second // 60:02}:{second % 60:02}:00Z"
        done = {"worker_id": WORKER, "status": status, "requester_feedback": "Thank you"}
        times = {"accept_time": start, "submit_time": start}
        yield {
            "title": "Done before",
            "question": HTML_QUESTION,
            "creation_time": "2025-01-01T00:00:00Z",
            "assignments": [{**done, **times}],
        }


def measure(name: str, content: dict[str, Any], rounds: int) -> Iterator[Figure]:
    """Yield the size and the time of each page of a site with this content."""
    with (
        MTurkServer(seed_data=snapshot(now="2026-01-01T00:00:00Z", **content)) as server,
        httpx.Client(base_url=server.url, follow_redirects=True, trust_env=False) as browser,
    ):
        headers = {"Sec-Fetch-Site": "same-origin"}
        page = browser.post("/sign_in", data={"worker_id": WORKER}, headers=headers)
        found = re.search("/projects/([^/]+)/tasks", page.text)
        idle = time_of(browser, "/livez", rounds)
        for title, path in PAGES.items():
            path = path.format(group=found[1] if found else "")
            size = len(browser.get(path).raise_for_status().content) / KILOBYTE
            spent = time_of(browser, path, rounds) - idle
            yield Figure(f"{name}: {title}", size, "KB", GOAL_KB)
            yield Figure(f"{name}: {title}", spent, "ms", GOAL_MS)


def time_of(browser: httpx.Client, path: str, rounds: int) -> float:
    """Return the processor time of a request, in milliseconds."""
    times = []
    for _ in range(rounds):
        began = process_time()
        browser.get(path)
        times.append((process_time() - began) * 1000)
    return statistics.median(times)


def worlds(hits: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the names and contents of the sites."""
    for size in (10, hits, 1):
        name = {1: f"{hits:,} groups", hits: f"a group of {hits:,}"}.get(size, "groups of 10")
        yield name, {"accounts": [{"hits": list(open_hits(hits, size))}]}
    yield "10 HITs", {"accounts": [{"hits": list(open_hits(10, 10))}]}
    done = [*done_hits(hits), *open_hits(10, 10)]
    yield f"{hits:,} assignments done", {"accounts": [{"hits": done}]}


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worker_site")
    parser.add_argument("--hits", type=int, default=10_000, help="default: 10,000")
    parser.add_argument("--rounds", type=int, default=15, help="default: 15")
    arguments = parser.parse_args(argv)
    for name, content in worlds(arguments.hits):
        print(f"measuring {name} ...", file=sys.stderr)
        for figure in measure(name, content, arguments.rounds):
            print(figure, flush=True)


if __name__ == "__main__":
    main()
