"""Counts of instructions, to see what became slower: ``python -m benchmarks.instructions``.

Counts do not depend on what else a machine does, so a ratio of two of them is the same to a part
in a thousand each time, on the same Python and botocore. Needs valgrind.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
import botocore

from benchmarks.counted import COUNTED, FEW, MANY
from benchmarks.processes import ROOT

FILE = Path(__file__).with_name("instructions.json")
TOLERANCE = 0.02
WRITE = "python -m benchmarks.instructions --write"
MISSING = (
    "valgrind is missing, which counts instructions: install it (apt-get install valgrind, "
    "dnf install valgrind), or leave this check out."
)
#: What cachegrind is told to do: the caches do not matter here.
CACHEGRIND = ("valgrind", "-q", "--tool=cachegrind", "--cache-sim=no")

Ratios = Mapping[str, float]


def count() -> dict[str, float]:
    """Return the ratio of each call to its floor, in instructions."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*CACHEGRIND, f"--cachegrind-out-file={folder}/%p", sys.executable]
        subprocess.run(
            [*command, "-m", "benchmarks.counted", folder],
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
        return {name: ratio(Path(folder), name) for name in COUNTED}


def ratio(folder: Path, name: str) -> float:
    """Return what a call costs over its floor, by the counts of four processes."""
    processes = json.loads((folder / f"{name}.json").read_text())
    ours, floor = (slope(folder, processes[side]) for side in ("ours", "floor"))
    return ours / floor


def slope(folder: Path, processes: Sequence[int]) -> float:
    """Return the instructions of one call: what many calls took more than a few."""
    few, many = (instructions((folder / str(process)).read_text()) for process in processes)
    return (many - few) / (MANY - FEW)


def instructions(counts: str) -> int:
    """Return the sum of a file of cachegrind's."""
    found = re.search(r"^summary:\s*(\d+)", counts, re.MULTILINE)
    assert found is not None, "cachegrind has written no summary"
    return int(found[1])


# Comparing --------------------------------------------------------------------------------


def versions() -> dict[str, str]:
    """Return what the ratios depend on besides the package."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"python": python, "boto3": boto3.__version__, "botocore": botocore.__version__}


def complaints(found: Ratios, written: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each call that costs more than is written down."""
    if written["versions"] != versions():
        return [
            f"the ratios in {FILE.name} were counted with {written['versions']}, and this is "
            f"{versions()}: use those versions, or write the file anew by `{WRITE}`"
        ]
    return [
        f"{name} costs {found[name]:.3f} times its floor, and {ratio:.3f} is written down in "
        f"{FILE.name}: more than {TOLERANCE:.0%} over it. If that is meant to be, write the "
        f"file anew by `{WRITE}`"
        for name, ratio in written["ratios"].items()
        if found[name] > ratio * (1 + TOLERANCE)
    ]


def write(found: Ratios) -> None:
    """Write the ratios down, to be compared with later."""
    rounded = {name: round(ratio, 4) for name, ratio in found.items()}
    FILE.write_text(json.dumps({"versions": versions(), "ratios": rounded}, indent=2) + "\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Count, print, and compare or write; the status is 1 if something costs more."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.instructions", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the ratios down")
    arguments = parser.parse_args(argv)
    if shutil.which("valgrind") is None:
        print(MISSING, file=sys.stderr)
        return 1
    found = count()
    for name, ratio in found.items():
        print(f"{name:<{max(map(len, found))}}  {ratio:.3f}")
    if arguments.write:
        write(found)
        return 0
    wrong = complaints(found, json.loads(FILE.read_text()))
    print(*wrong, sep="\n", file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
