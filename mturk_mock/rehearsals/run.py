"""One run: a campaign with one design and one seed, in a mock of its own."""

from __future__ import annotations

import inspect
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from decimal import Decimal
from numbers import Integral, Real
from typing import Any, Final, NamedTuple

from mturk_mock.core.quoting import list_names, quote, shorten
from mturk_mock.mock.mock import mock_mturk
from mturk_mock.mock.mturk import MTurk
from mturk_mock.rehearsals.designs import RESERVED, Design, plain_number

#: A function that publishes a campaign, and returns its outcomes by name.
Campaign = Callable[..., Mapping[str, Any]]
#: What a run has found: the outcomes, then the columns that each run has.
Row = dict[str, Any]

#: When each campaign begins, unless the option `now` says so.
START: Final = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)

#: A mock answers every client of its process, so that runs of one process take turns. A campaign
#: may rehearse others itself, one after the other.
_TURN: Final = threading.RLock()
_TAKEN: Final = (
    f"an outcome cannot have the name {{}}: {list_names(RESERVED)} and the names of designs are "
    "columns of the rows. Give it another name"
)
#: The maximum number of characters of an error's message.
_LONGEST: Final = 1000
IS_ASYNC: Final = (
    "an async function cannot be a campaign: define the campaign with def, and call asyncio.run() "
    "in it"
)
_PLAIN: Final = (int, float, str, bool, type(None))


class Run(NamedTuple):
    """A run to do. ``number``: its place in the order of designs and seeds."""

    number: int
    design: Design
    seed: int
    attempt: int = 1


def run_campaign(campaign: Campaign, run: Run, options: Mapping[str, Any]) -> Row:
    """Run a campaign, and return its row without the names of the design.

    An error of the campaign is the row's ``error``, also `SystemExit`. KeyboardInterrupt is
    raised.
    """
    with _TURN, mock_mturk(**{"now": START, **options, "seed": run.seed}) as mturk:
        start = mturk.clock.now
        outcomes: Row = {}
        error = None
        try:
            outcomes = check_outcomes(campaign(mturk, **run.design), run.design)
        except KeyboardInterrupt:
            raise
        except BaseException as problem:
            error = _describe(problem)
        virtual = (mturk.clock.now - start).total_seconds()
        return {**outcomes, **_costs(mturk), "virtual_seconds": virtual, "error": error}


def failed_row(error: str) -> Row:
    """Return the row of a run without outcomes."""
    return {"cost": None, "fees": None, "virtual_seconds": None, "error": error}


def _costs(mturk: MTurk) -> Row:
    spent = mturk.spent
    return {"cost": float(spent.rewards + spent.bonuses + spent.fees), "fees": float(spent.fees)}


def check_outcomes(outcomes: Any, design: Design) -> Row:
    """Return what a campaign has returned; raise TypeError or ValueError if it cannot be a row."""
    if inspect.iscoroutine(outcomes):
        outcomes.close()
        raise TypeError(IS_ASYNC)
    if not isinstance(outcomes, Mapping):
        raise TypeError(f"a campaign returns a dict of its outcomes, not {quote(outcomes)}")
    for name in outcomes:
        if not isinstance(name, str):
            raise TypeError(f"the names of outcomes are str, not {quote(name)}")
        if name in design or name in RESERVED:
            raise ValueError(_TAKEN.format(quote(name)))
    return {name: _plain(name, value) for name, value in outcomes.items()}


def check_names(row: Row, names: Iterable[str]) -> Row:
    """Return a row, or that of an error if an outcome has a name of another run's design."""
    taken = next((name for name in names if name in row), None)
    return row if taken is None else failed_row(f"ValueError: {_TAKEN.format(quote(taken))}")


def _plain(name: str, value: Any) -> Any:
    """Return a number or a text of Python, also for those of other libraries and a Decimal."""
    plain = plain_number(value)
    if type(plain) in _PLAIN:
        return plain
    if isinstance(plain, str):
        return str.__str__(plain)
    if isinstance(plain, Integral):
        return int(plain)
    if isinstance(plain, (Real, Decimal)):
        return float(plain)
    raise TypeError(f"an outcome is a number or a text, and {quote(name)} is {quote(value)}")


def describe_error(problem: BaseException) -> str:
    """Return the name and the message of an error in one line, cut if it is long."""
    message = shorten(" ".join(str(problem).split()), _LONGEST)
    return f"{type(problem).__name__}: {message}" if message else type(problem).__name__


def _describe(problem: BaseException) -> str:
    """Return an error in one line, with the line of the campaign's file that raised it."""
    text = describe_error(problem)
    _, *frames = traceback.extract_tb(problem.__traceback__)
    if not frames or frames[0].filename == __file__:  # the call itself, or what it returned
        return text
    last = [frame for frame in frames if frame.filename == frames[0].filename][-1]
    name = last.filename.replace("\\", "/").rpartition("/")[2]
    where = "" if name.startswith("<") else f"{name}, "  # the code of a cell has no file
    return f"{text} ({where}line {last.lineno})"
