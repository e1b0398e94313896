"""Kill servers with a state file under load, and check what they have after each restart.

    python -m benchmarks.crashes --rounds 200 [--seed 7]

Exits with 1 and says what is lost at the first difference. The suite runs a few rounds of it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.crashes import Broken, Life

#: Rounds with the same state file.
ROUNDS_OF_A_LIFE = 10


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crashes")
    parser.add_argument("--rounds", type=int, default=200, help="default: 200")
    parser.add_argument("--seed", type=int, default=1, help="of what requesters do (default: 1)")
    options = parser.parse_args()
    done = answers = 0
    while done < options.rounds:
        number = done // ROUNDS_OF_A_LIFE
        rounds = min(ROUNDS_OF_A_LIFE, options.rounds - done)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "state.db")
            life = Life(path, options.seed + number, forgets=number % 2 == 1)
            try:
                life.run(rounds)
            except Broken as problem:
                print(f"seed {options.seed + number}: {problem}")
                return 1
        done, answers = done + rounds, answers + life.answers
        print(f"{done} kills, {answers} answers to requesters, nothing lost", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
