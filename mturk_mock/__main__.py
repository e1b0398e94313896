"""The command line: ``python -m mturk_mock demo``."""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Final

import mturk_mock
from mturk_mock import demo

RESULTS: Final = Path("species_labels.csv")


def make_parser() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    parser = argparse.ArgumentParser(
        prog="python -m mturk_mock", description="Amazon Mechanical Turk, in the process."
    )
    parser.add_argument("--version", action="version", version=f"mturk_mock {version()}")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser(
        "demo",
        help="run a labelling campaign of two days, in a second",
        description="Run examples/label_species.py, a labelling campaign, with simulated workers.",
    )
    command.add_argument(
        "--seed", type=int, default=1, help="the same seed gives the same campaign (default: 1)"
    )
    command.add_argument(
        "--results",
        type=new_file,
        metavar="PATH",
        help=f"the CSV file to write, which must not exist (default: {RESULTS}, numbered if taken)",
    )
    return parser


def version() -> str:
    """Return the version; a checkout that is not installed has none."""
    try:
        return str(mturk_mock.__version__)
    except PackageNotFoundError:
        return "(not installed)"


def new_file(text: str) -> Path:
    """Return the path of a file that can be written without loss of another."""
    path = Path(text)
    if path.exists():
        raise argparse.ArgumentTypeError(f"{path} exists already, and is not overwritten")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.parent}")
    return path


def unused(path: Path) -> Path:
    """Return the path, with a number in its name if it is taken."""
    numbered = (path.with_stem(f"{path.stem}_{number}") for number in itertools.count(2))
    return next(each for each in itertools.chain([path], numbered) if not each.exists())


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments say, and return the exit status."""
    arguments = make_parser().parse_args(argv)
    try:
        demo.run(arguments.seed, arguments.results or unused(RESULTS))
    except OSError as problem:
        print(f"python -m mturk_mock: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
