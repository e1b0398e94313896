"""Entering and leaving the mock beside moto's, and importing the package beside boto3."""

from __future__ import annotations

import subprocess
import sys

from moto import mock_aws

from benchmarks.measure import Block, Comparison, timed
from mturk_mock import mock_mturk

TIMED_IMPORT = """
import time
began = time.process_time()
{statement}
print(time.process_time() - began)
"""


def enter_and_leave_ours() -> None:
    with mock_mturk():
        pass


def enter_and_leave_motos() -> None:
    with mock_aws():
        pass


def first_import(statement: str) -> Block:
    """Return an import in a new process, which tells how much processor time it took.

    What the process takes to start does not count, nor what others do at the same time.
    """
    command = [sys.executable, "-c", TIMED_IMPORT.format(statement=statement)]

    def block(size: int) -> float:
        runs = [subprocess.run(command, check=True, stdout=subprocess.PIPE) for _ in range(size)]
        return sum(float(run.stdout) for run in runs)

    block(1)  # so that there is bytecode
    return block


def entering() -> Comparison:
    """Return the comparison of entering and leaving."""
    return Comparison(
        "enter and leave, beside moto's mock_aws",
        lambda size: timed(enter_and_leave_ours, size),
        lambda size: timed(enter_and_leave_motos, size),
        goal=1 / 8,
    )


def imports() -> list[Comparison]:
    """Return the comparisons of imports."""
    boto3 = first_import("import boto3")
    return [
        Comparison(f"{statement}, beside import boto3", first_import(statement), boto3, goal, 1)
        for statement, goal in (
            ("import mturk_mock", 1 / 4),
            ("from mturk_mock import mock_mturk", None),
        )
    ]
