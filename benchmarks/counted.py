"""The calls whose instructions are counted, to be run under valgrind by `benchmarks.instructions`.

Starting Python and loading boto3 takes most of the time there, so it is done once: each count is
of a process that is forked after that, which makes its mock itself.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks import calls
from benchmarks.events import EACH, FIRST_DUE, due_tomorrow
from benchmarks.floor import Call, Prepare, new_client, prepare_canned
from mturk_mock import mock_mturk

#: Calls in the two processes whose difference counts.
FEW, MANY = 10, 30

#: Prepares something, and returns what does it so many times.
Start = Callable[[], Callable[[int], None]]


class Counted(NamedTuple):
    """Something whose instructions are counted, and what they are compared with."""

    ours: Start
    floor: Start


def times(call: Call) -> Callable[[int], None]:
    """Return what makes a call so many times."""

    def repeat(count: int) -> None:
        for _ in range(count):
            call()

    return repeat


def in_the_mock(prepare: Prepare) -> Start:
    def start() -> Callable[[int], None]:
        mock_mturk(seed=1).start()  # until the process ends
        return times(prepare(new_client()))

    return start


def canned(prepare: Prepare) -> Start:
    return lambda: times(prepare_canned(prepare, new_client()))


def auto_approvals() -> Callable[[int], None]:
    """Return what advances over so many auto-approvals, of those that there are."""
    mturk = due_tomorrow(MANY)
    mturk.clock.move_to(FIRST_DUE - EACH)
    return lambda count: mturk.clock.advance(count * EACH)


COUNTED = {
    "get_hit": Counted(in_the_mock(calls.get_hit), canned(calls.get_hit)),
    "create_hit": Counted(in_the_mock(calls.create_hit), canned(calls.create_hit)),
    "list_hits": Counted(in_the_mock(calls.list_100_hits), canned(calls.list_100_hits)),
    "refusal": Counted(in_the_mock(calls.refused_get_hit), canned(calls.refused_get_hit)),
    "auto_approval": Counted(auto_approvals, canned(calls.get_hit)),
}


def main(folder: Path) -> None:
    """Run everything, and write which processes have counted it."""
    new_client()  # loads what all clients share
    for name, counted in COUNTED.items():
        processes = {
            side: [forked(start, count) for count in (FEW, MANY)]
            for side, start in counted._asdict().items()
        }
        (folder / f"{name}.json").write_text(json.dumps(processes))


def forked(start: Start, count: int) -> int:
    """Start something in a new process and do it so many times; return the process's number."""
    process = os.fork()
    if not process:
        os._exit(succeeds(start, count))  # not to go on as the process that it was forked from
    _, status = os.waitpid(process, 0)
    assert status == 0, "what was to be counted has failed"
    return process


def succeeds(start: Start, count: int) -> int:
    """Start something, do it so many times, and return the status that this process ends with."""
    try:
        start()(count)
    except Exception:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    main(Path(sys.argv[1]))
