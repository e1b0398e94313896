"""Importing the package, each time in a new process, beside boto3."""

from __future__ import annotations

from argparse import Namespace

from benchmarks.measure import Block, Comparison, Result, run_rounds
from benchmarks.processes import seconds_of

ROUNDS = 20

TIMED_IMPORT = """
import time
{before}
began = time.process_time()
{statement}
print(time.process_time() - began)
"""


def first_import(statement: str, before: str = "") -> Block:
    """Return an import in a new process, after what comes before and does not count."""
    return seconds_of(TIMED_IMPORT.format(statement=statement, before=before))


def imports() -> list[Comparison]:
    """Return the comparisons of imports."""
    beside = first_import("import boto3")
    return [
        Comparison(f"{name}, beside import boto3", first_import(*import_), beside, goal, 1)
        for name, import_, goal in (
            ("import mturk_mock", ("import mturk_mock",), 0.15),
            (
                "from mturk_mock import mock_mturk, after boto3",
                ("from mturk_mock import mock_mturk", "import boto3"),
                0.15,
            ),
            ("from moto import mock_aws, after boto3", (MOTO, "import boto3"), None),
        )
    ]


MOTO = "from moto import mock_aws"


def run(arguments: Namespace) -> list[Result]:
    """Measure all imports."""
    return run_rounds(imports(), min(ROUNDS, arguments.rounds), arguments.seed)
