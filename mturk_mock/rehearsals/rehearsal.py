"""`Rehearsal`: what the runs of a campaign have found."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Any, Final

from mturk_mock.core.html_table import ROWS_SHOWN, write_table
from mturk_mock.core.paths import check_path
from mturk_mock.core.quoting import list_names, quote
from mturk_mock.rehearsals import picture
from mturk_mock.rehearsals.designs import FIRST_COLUMN, LAST_COLUMNS, Design, key_of, show
from mturk_mock.rehearsals.files import (
    Head,
    by_run,
    naming,
    read_file,
    require_file,
    write_file,
)
from mturk_mock.rehearsals.run import Row
from mturk_mock.rehearsals.statistics import Summary, summarize

_NUMBERS: Final = LAST_COLUMNS[:-1]
#: The largest number of a summary: the squares of larger ones overflow.
_LARGEST: Final = 1e150


class Rehearsal:
    """The runs of a campaign: one for each design and seed, in their order.

    `rehearse` returns it, and `Rehearsal.load` reads it from a file.
    """

    def __init__(self, head: Head, rows: Iterable[Row]) -> None:
        self._head = head
        self._names = head.names
        found = list(rows)
        others = (*self._names, FIRST_COLUMN, *LAST_COLUMNS)
        outcomes = dict.fromkeys(name for row in found for name in row if name not in others)
        self._outcomes = list(outcomes)
        self._columns = (*self._names, FIRST_COLUMN, *self._outcomes, *LAST_COLUMNS)
        self._rows = [{name: row.get(name) for name in self._columns} for row in found]

    @property
    def rows(self) -> list[Row]:
        """A flat dict for each run, for `pandas.DataFrame`.

        It has the names of the design, ``seed``, the names that the campaign returned, then
        ``cost`` (rewards, bonuses and fees that the mock's default requester has paid in
        production, in dollars), ``fees``, ``virtual_seconds`` (of the mock's clock), and
        ``error``: None, or the error of the run in one line. An outcome that a run has not returned
        is None.
        """
        return [dict(row) for row in self._rows]

    def summary(self) -> list[Row]:
        """Return the mean of each number, for each design.

        Each dict has the names of the design, ``outcome`` (its name), ``runs`` (how many have
        it), ``mean``, ``sd`` (the standard deviation of the runs), ``low`` and ``high`` (the 95 %
        interval of the mean, by Student's t distribution); of one run, the last three are None.
        True counts as 1, and False as 0. Runs with an error, and values that are not finite or
        beyond 1e150, are left out.
        """
        return [
            {**design, "outcome": outcome, **summary._asdict()}
            for design, outcome, summary in self._summaries()
        ]

    def _summaries(self) -> Iterator[tuple[Design, str, Summary]]:
        for design, rows in self._by_design():
            for outcome in (*self._outcomes, *_NUMBERS):
                values = [row[outcome] for row in rows if row["error"] is None]
                if numbers := [each for each in values if _can_be_summed(each)]:
                    yield design, outcome, summarize(numbers)

    def _by_design(self) -> Iterator[tuple[Design, list[Row]]]:
        for _, group in groupby(self._rows, lambda row: key_of(row, self._names)):
            rows = list(group)
            yield {name: rows[0][name] for name in self._names}, rows

    def plot(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        x: str | None = None,
        y: str | None = None,
    ) -> Any:
        """Plot the mean of an outcome with its 95 % interval, for each design.

        Returns a `matplotlib.figure.Figure`, which a notebook shows.

        - `path`: a file to write it to, as PNG, PDF or SVG by its extension.
        - `x`: a name of the design; by default the first with several values. The values are at
          equal distances, in the order of the designs, also if they are numbers.
        - `y`: a name of an outcome, ``cost``, ``fees`` or ``virtual_seconds``; by default the
          first outcome. There is a line for each combination of the design's other values.

        Raises ImportError if matplotlib is not installed, ValueError for an unknown name.
        """
        if path is not None:
            check_path("plot()", path)
        found = list(self._summaries())
        across = self._choose_x(x)
        up = self._choose_y(y, list(dict.fromkeys(outcome for _, outcome, _ in found)))
        points = [(design, summary) for design, outcome, summary in found if outcome == up]
        varied = [name for name in self._varied() if name != across]
        return picture.draw(points, across, varied, up, path)

    def _varied(self) -> list[str]:
        """Return the names of the designs that have several values."""
        return [name for name in self._names if len({show(row[name]) for row in self._rows}) > 1]

    def _choose_x(self, given: str | None) -> str:
        if given is not None:
            return _require_name("x", given, self._names)
        names = self._varied() or self._names
        if not names:
            raise ValueError("plot() needs a design with a name, to plot its values")
        return names[0]

    def _choose_y(self, given: str | None, numbers: list[str]) -> str:
        if not numbers:
            raise ValueError("plot() has no numbers to plot: no run is done without an error")
        names = [name for name in (*self._outcomes, *_NUMBERS) if name in numbers]
        return names[0] if given is None else _require_name("y", given, names)

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write the rows to a CSV file, with a line of names."""
        check_path("to_csv()", path)
        # A text may have a lone surrogate, as the names of files do, that UTF-8 does not have.
        with (
            naming(path),
            open(path, "w", newline="", encoding="utf-8", errors="backslashreplace") as file,
        ):
            writer = csv.writer(file)
            writer.writerow(self._columns)
            writer.writerows([_cell(value) for value in row.values()] for row in self._rows)

    # Files --------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the rehearsal to a file, which `load` reads, and `rehearse` goes on from."""
        write_file(require_file("save()", path), self._head, self._rows)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Rehearsal:
        """Read the rehearsal in a file of `save`, or of ``rehearse(..., path=...)``.

        The rows are in the order of the file, with those of one design together. Values of designs
        that JSON does not have, such as Decimals and functions, are texts. Raises ValueError for
        another file.
        """
        check_path("load()", path)
        head, rows = read_file(Path(path))
        by_design: dict[str, list[Row]] = {}
        for (_, design), row in by_run(rows, head.names).items():
            by_design.setdefault(design, []).append(row)
        return cls(head, chain.from_iterable(by_design.values()))

    # Shown --------------------------------------------------------------------------------

    def _repr_html_(self) -> str:
        lines: dict[str, dict[str, object]] = {}
        for design, outcome, summary in self._summaries():
            cells = {name: show(value) for name, value in design.items()}
            line = lines.setdefault(key_of(design, self._names), dict(cells))
            line[outcome] = _show_summary(summary)
        shown = write_table(list(lines.values())[:ROWS_SHOWN])
        more = f"<p>{len(lines)} designs in all</p>" if len(lines) > ROWS_SHOWN else ""
        return f"<p>{self._describe()}; means with 95 % intervals</p>{shown}{more}"

    def _describe(self) -> str:
        failed = sum(row["error"] is not None for row in self._rows)
        designs = sum(1 for _ in self._by_design())
        what = f"{designs} design{'s' * (designs != 1)}, {len(self)} run{'s' * (len(self) != 1)}"
        return f"{what}, {failed} failed" if failed else what

    def __repr__(self) -> str:
        return f"<Rehearsal: {self._describe()}>"

    def __len__(self) -> int:
        return len(self._rows)


def _can_be_summed(value: Any) -> bool:
    return isinstance(value, (int, float)) and abs(value) <= _LARGEST


def _cell(value: Any) -> Any:
    """Return a number as it is, and another value as the text by which files name it."""
    return value if value is None or isinstance(value, (int, float)) else show(value)


def _show_summary(summary: Summary) -> str:
    if summary.low is None:
        return f"{summary.mean:.4g}"
    return f"{summary.mean:.4g} ({summary.low:.4g} to {summary.high:.4g})"


def _require_name(argument: str, given: str, names: Sequence[str]) -> str:
    if given not in names:
        raise ValueError(
            f"plot() takes {argument}= as {list_names(names, ' or ')}, not {quote(given)}"
        )
    return given
