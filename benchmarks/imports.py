"""Imports, compared with `import boto3`, each in a new process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import Block, Comparison, Result, run_rounds

ROUNDS = 30
CHECKOUT = Path(__file__).parents[1]

PROGRAM = """
import time
{before}
began = time.process_time()
{statements}
print(time.process_time() - began)
"""
FIRST_MOCK = "from mturk_mock import mock_mturk; mock_mturk().start()"


def in_new_process(statements: str, before: str = "") -> Block:
    """Return a block that times statements in new processes; `before` is not timed."""
    program = PROGRAM.format(statements=statements, before=before)
    return lambda size: sum(seconds_of(program) for _ in range(size))


def seconds_of(program: str) -> float:
    """Run a program and return the seconds that it prints. It can write bytecode."""
    environment = {**os.environ}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", program]
    return float(subprocess.check_output(command, cwd=CHECKOUT, env=environment, text=True))


def run(rounds: int) -> list[Result]:
    """Measure the imports."""
    boto3 = in_new_process("import boto3")
    package = in_new_process("import mturk_mock")
    first_mock = in_new_process(FIRST_MOCK, before="import boto3")
    for block in (boto3, package, first_mock):
        block(1)  # writes bytecode
    comparisons = [
        Comparison("import mturk_mock, beside import boto3", package, boto3, 0.05, 1),
        Comparison(
            "import mock_mturk and start a mock, beside import boto3", first_mock, boto3, 0.8, 1
        ),
    ]
    return run_rounds(comparisons, rounds)
