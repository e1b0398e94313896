"""The command line: `mturk-mock demo`, or `python -m mturk_mock demo`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import mturk_mock
from mturk_mock import demo


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="mturk-mock", description="Test boto3 code that uses Mechanical Turk, without Amazon."
    )
    parser.add_argument("--version", action="version", version=f"mturk_mock {version()}")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser(
        "demo",
        help="run a labeling campaign of two simulated days, in a second or two",
        description="Run a requester's program that labels 84 species, with 12 simulated workers. "
        "Nothing is written unless you name a file with --results.",
    )
    command.add_argument(
        "--seed", type=int, default=1, help="the same seed gives the same campaign (default: 1)"
    )
    command.add_argument(
        "--results",
        type=new_file,
        metavar="PATH",
        help="write the labels to this CSV file, which must not exist yet",
    )
    return parser


def version() -> str:
    """Return the version, or "(not installed)" in a checkout that is not installed."""
    try:
        return str(mturk_mock.__version__)
    except PackageNotFoundError:
        return "(not installed)"


def new_file(text: str) -> Path:
    """Return the path of a file that does not exist yet, in a folder that exists."""
    path = Path(text)
    if path.exists():
        raise argparse.ArgumentTypeError(f"{path} exists; name a file that does not exist yet")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"the folder {path.parent} does not exist")
    return path


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line, and return the exit status."""
    arguments = make_parser().parse_args(argv)
    try:
        demo.run(arguments.seed, arguments.results)
    except OSError as problem:
        print(f"mturk-mock: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
