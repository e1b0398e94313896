"""Programs in processes of their own, which print what they took."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.measure import Block

#: The checkout, whose packages the programs are to find.
ROOT = Path(__file__).parent.parent


def output_of(*arguments: str, given: str = "") -> str:
    """Return what a new Python prints that is given something to read."""
    command = [sys.executable, *arguments]
    run = subprocess.run(
        command, check=True, cwd=ROOT, input=given, stdout=subprocess.PIPE, text=True
    )
    return run.stdout


def seconds_of(program: str, given: str = "") -> Block:
    """Return a program in a new process, which tells how much processor time it took.

    What the process takes to start does not count, nor what others do at the same time.
    """

    def block(size: int) -> float:
        return sum(float(output_of("-c", program, given=given)) for _ in range(size))

    block(1)  # so that there is bytecode
    return block
