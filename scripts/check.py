"""Run all checks that a change must pass: formatting, lint, types, tests, coverage."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

COMMANDS = (
    ["ruff", "format", "--check", "."],
    ["ruff", "check", "."],
    ["mypy"],
    ["coverage", "erase"],
    ["coverage", "run", "-m", "pytest", "-n", "auto"],
    ["coverage", "combine", "--quiet"],
    ["coverage", "report", "--fail-under=100"],
)


def main() -> int:
    """Run the commands in order, stop at the first failure, and return its exit status."""
    for command in COMMANDS:
        print("$", *command, flush=True)
        failed = subprocess.run(
            [sys.executable, "-m", *command], cwd=Path(__file__).parent.parent, check=False
        ).returncode
        if failed:
            return failed
    return 0


if __name__ == "__main__":
    sys.exit(main())
