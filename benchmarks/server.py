"""Measures the server: requests per second beside moto_server, commits, replay and memory.

    python -m benchmarks.server [--seconds 3] [--rounds 3] [--records 20000] [--hits 100000]

Servers and clients are processes of their own, and take turns within each round. It is no group of
``python -m benchmarks``, because most of its goals are rates, times and sizes. Needs
``moto[server]`` and Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.samples import EXTERNAL_QUESTION, HIT
from mturk_mock import mock_mturk
from mturk_mock.backend.recording import CALL, Change
from mturk_mock.server import MTurkServer
from mturk_mock.server.state_file import Entry, StateFile

CONNECTIONS = 32
THREADS = 16  # that write the records to replay
RECORDS_OF_A_HIT = 5
COMMITS = 200
PYTHON = sys.executable


class Figure(NamedTuple):
    """One row of the table. `goal`: a number to reach, or with `is_limit` not to exceed."""

    name: str
    value: float
    unit: str = ""
    goal: float | None = None
    is_limit: bool = True

    def __str__(self) -> str:
        told = ""
        if self.goal is not None:
            missed = self.value > self.goal if self.is_limit else self.value < self.goal
            word = "at most" if self.is_limit else "at least"
            told = f"   goal: {word} {self.goal:g}{', missed' * missed}"
        return f"{self.name:<58}{self.value:10.2f} {self.unit}{told}"


class Target(NamedTuple):
    """A request to a server. `of_moto`: the goal for the ratio to moto's rate."""

    name: str
    port: int
    request: bytes
    of_moto: float | None = None

    def load(self, seconds: float, connections: int = CONNECTIONS, rate: float = 0) -> Any:
        """Send the request from a process of its own, and return the figures."""
        command = [PYTHON, "-m", "benchmarks.load"]
        numbers = map(str, (self.port, connections, seconds, rate))
        done = subprocess.run(
            [*command, *numbers],
            input=self.request,
            stdout=subprocess.PIPE,
            check=True,
            timeout=10 * seconds + 60,
        )
        return json.loads(done.stdout)


# Servers ----------------------------------------------------------------------------------


@contextmanager
def running(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a server, and kill it at the end."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def serving(*options: str) -> Iterator[tuple[int, int]]:
    """Run `mturk-mock serve`; yield its port and its process ID."""
    with running([PYTHON, "-m", "mturk_mock", "serve", "--port", "0", *options]) as process:
        lines: list[str] = []
        while not lines or lines[-1] != "Ready.":
            lines.append(next(process.stdout or iter(())).strip())
        yield int(re.findall(r":(\d+)", lines[0])[0]), process.pid


@contextmanager
def serving_moto() -> Iterator[int]:
    """Run moto_server; yield its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [PYTHON, "-c", "from moto.server import main; main()", "-p", str(port)]
    with running(command) as process:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
            except ConnectionRefusedError:
                if process.poll() is not None:
                    raise SystemExit("moto_server did not start: install moto[server]") from None
                time.sleep(0.1)
                continue
            break
        yield port


def request(service: str, target: str, members: Any) -> bytes:
    """Return the bytes of a call."""
    body = json.dumps(members).encode()
    head = (
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-amz-json-1.1\r\n"
        f"X-Amz-Target: {target}\r\nContent-Length: {len(body)}\r\n"
        "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/"
        f"{service}/aws4_request, SignedHeaders=host, Signature=0\r\n\r\n"
    )
    return head.encode() + body


def call_of_mturk(operation: str, **members: Any) -> bytes:
    return request("mturk-requester", f"MTurkRequesterServiceV20170117.{operation}", members)


BALANCE, CREATE = call_of_mturk("GetAccountBalance"), call_of_mturk("CreateHIT", **HIT)
PARAMETER = request("ssm", "AmazonSSM.GetParameter", {"Name": "balance"})
PUT_PARAMETER = request(
    "ssm", "AmazonSSM.PutParameter", {"Name": "balance", "Value": "10000.00", "Type": "String"}
)
MOTO = "moto_server, GetParameter of SSM"


@contextmanager
def targets(folder: Path) -> Iterator[list[Target]]:
    """Run all servers, and yield the requests to compare."""
    with ExitStack() as stack:
        moto = stack.enter_context(serving_moto())
        memory, _ = stack.enter_context(serving("--seed-data", rich(folder)))
        options = ("--seed-data", rich(folder), "--state", str(folder / "load.db"))
        disk, _ = stack.enter_context(serving(*options))
        with socket.create_connection(("127.0.0.1", moto)) as connection:
            connection.sendall(PUT_PARAMETER)
            connection.recv(65536)
        yield [
            Target(MOTO, moto, PARAMETER),
            Target("GetAccountBalance", memory, BALANCE, 10),
            Target("CreateHIT", memory, CREATE, 10),
            Target("GetAccountBalance with --state", disk, BALANCE, 5),
            Target("CreateHIT with --state", disk, CREATE, 5),
        ]


def rich(folder: Path) -> str:
    """Return a snapshot file with a balance for all HITs."""
    path = folder / "rich.json"
    if not path.exists():
        with mock_mturk(balance=10**12) as mturk:
            mturk.snapshot().save(path)
    return str(path)


# Requests ---------------------------------------------------------------------------------


def measure_requests(folder: Path, seconds: float, rounds: int) -> Iterator[Figure]:
    """Measure rates, ratios to moto's, latencies at half the rate, and a single client."""
    rates: dict[str, list[float]] = defaultdict(list)
    with targets(folder) as all_:
        for _ in range(rounds):
            for target in all_:
                rates[target.name].append(target.load(seconds)["rate"])
        middle = {name: statistics.median(found) for name, found in rates.items()}
        for target in all_:
            yield Figure(target.name, middle[target.name], "requests/s")
        for target in all_[1:]:
            ratio = middle[target.name] / middle[MOTO]
            yield Figure(f"{target.name}, beside moto", ratio, "x", target.of_moto, False)
        for target in all_:
            half = target.load(2 * seconds, rate=middle[target.name] / 2)
            goal = None if target.name == MOTO else 20
            yield Figure(f"{target.name}, half load: median", half["median"], "ms")
            yield Figure(f"{target.name}, half load: 99%", half["p99"], "ms")
            yield Figure(
                f"{target.name}, half load: 99% / median", half["p99"] / half["median"], "x", goal
            )
        for target in (all_[2], all_[4]):
            alone = target.load(seconds, connections=1)["median"]
            yield Figure(f"{target.name}, one client: median", alone, "ms")


def measure_commits(folder: Path) -> Iterator[Figure]:
    """Measure the time of a commit of one record."""
    file = StateFile(folder / "commits.db")
    body = {"operation": "CreateHIT", "body": CREATE.decode()}
    seconds = []
    for number in range(1, COMMITS + 1):
        began = time.perf_counter()
        file.add_entries([Entry.of(number, 0, Change(CALL, "", 0, body))])
        seconds.append(time.perf_counter() - began)
    file.release()
    yield Figure("a commit of one record: median", statistics.median(seconds) * 1000, "ms")


# Replay -----------------------------------------------------------------------------------


def record(path: Path, records: int) -> None:
    """Write a state file with the records of HITs that are created, done and approved."""
    with MTurkServer(state=path, balance=10**9) as server, ThreadPoolExecutor(THREADS) as threads:
        client, mturk = server.client(), server.mturk

        def work(number: int) -> None:
            hit = client.create_hit(**{**HIT, "MaxAssignments": 1})
            assignment = mturk.worker().accept(hit).submit({"label": "mammal"})
            client.approve_assignment(AssignmentId=assignment.id)

        list(threads.map(work, range(records // RECORDS_OF_A_HIT)))


def measure_replay(folder: Path, records: int) -> Iterator[Figure]:
    """Replay the records in two processes with other hash seeds; require the same outcomes."""
    path, snapshots = folder / "replay.db", []
    print(f"writing {records} records ...", file=sys.stderr)
    record(path, records)
    for seed in ("1", "2"):
        snapshot = folder / f"{seed}.json"
        seconds, told = replay(path, seed)
        yield Figure(f"replay of {told} records, PYTHONHASHSEED={seed}", seconds, "s", 10)
        replay(path, seed, "--snapshot", str(snapshot))
        snapshots.append(snapshot.read_bytes())
    yield Figure("snapshots after both replays that differ", len(set(snapshots)) - 1, "", 0)


def replay(path: Path, seed: str, *options: str) -> tuple[float, str]:
    """Run `mturk-mock replay`; return the seconds, and how many records had their outcomes."""
    began = time.perf_counter()
    done = subprocess.run(
        [PYTHON, "-m", "mturk_mock", "replay", str(path), *options],
        env={**os.environ, "PYTHONHASHSEED": seed},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return time.perf_counter() - began, done.stdout.splitlines()[-1].split()[0]


# Memory -----------------------------------------------------------------------------------


def measure_memory(folder: Path, hits: int) -> Iterator[Figure]:
    """Measure the resident memory of an idle server, for one of many HITs of one question."""
    sizes = []
    for name, count in (("empty", 1), ("full", hits)):
        path = folder / f"{name}.db"
        print(f"creating {count} HITs ...", file=sys.stderr)
        with mock_mturk() as mturk:
            for _ in range(count):
                mturk.add_hit(title="Which class of animals is this?", question=EXTERNAL_QUESTION)
            snapshot = mturk.snapshot()
        with MTurkServer(state=path, seed_data=snapshot):
            pass
        with serving("--state", str(path)) as (_, process):
            sizes.append(resident(process))
    yield Figure(f"memory of one of {hits} HITs", (sizes[1] - sizes[0]) / hits, "KB", 1.5)


def resident(process: int) -> int:
    """Return the resident memory of a process, in KB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.findall(r"VmRSS:\s*(\d+) kB", status)[0])


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server")
    parser.add_argument("--seconds", type=float, default=3, help="of a load (default: 3)")
    parser.add_argument("--rounds", type=int, default=3, help="default: 3")
    parser.add_argument("--records", type=int, default=20_000, help="default: 20000")
    parser.add_argument("--hits", type=int, default=100_000, help="default: 100000")
    parts = ("requests", "commits", "replay", "memory")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts, help="default: all")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measures: dict[str, Callable[[], Iterator[Figure]]] = {
            "requests": lambda: measure_requests(folder, options.seconds, options.rounds),
            "commits": lambda: measure_commits(folder),
            "replay": lambda: measure_replay(folder, options.records),
            "memory": lambda: measure_memory(folder, options.hits),
        }
        for part in options.only:
            for figure in measures[part]():
                print(figure, flush=True)


if __name__ == "__main__":
    main()
