"""`Rehearsal`: what the runs of a campaign have found."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mturk_mock.core.html_table import write_table
from mturk_mock.core.paths import check_path
from mturk_mock.core.quoting import list_names, quote
from mturk_mock.rehearsals import picture
from mturk_mock.rehearsals.designs import FIRST_COLUMN, LAST_COLUMNS, Design
from mturk_mock.rehearsals.run import Row
from mturk_mock.rehearsals.statistics import Summary, summarize

#: The format of files; files of a newer format are refused.
FORMAT: Final = 1
_SUMMARY: Final = ("runs", "mean", "sd", "low", "high")


class Rehearsal:
    """The runs of a campaign: one for each design and seed, in their order.

    `rehearse` returns it, and `Rehearsal.load` reads it from a file.
    """

    def __init__(self, names: Sequence[str], rows: Iterable[Row]) -> None:
        self._names = list(names)
        found = list(rows)
        outcomes = dict.fromkeys(
            name
            for row in found
            for name in row
            if name not in (*self._names, FIRST_COLUMN, *LAST_COLUMNS)
        )
        self._outcomes = list(outcomes)
        columns = (*self._names, FIRST_COLUMN, *self._outcomes, *LAST_COLUMNS)
        self._rows = [{name: row.get(name) for name in columns} for row in found]

    @property
    def rows(self) -> list[Row]:
        """A flat dict for each run, for `pandas.DataFrame`.

        It has the names of the design, ``seed``, the names that the campaign returned, then
        ``cost`` (rewards, bonuses and fees in dollars), ``fees``, ``virtual_seconds`` (of the
        mock's clock), and ``error``: None, or the error of the run in one line. What a run has
        not found is None.
        """
        return [dict(row) for row in self._rows]

    def summary(self) -> list[Row]:
        """Return the mean of each number, for each design.

        Each dict has the names of the design, ``outcome`` (its name), ``runs`` (how many have
        it), ``mean``, ``sd`` (the standard deviation of the runs), ``low`` and ``high`` (the 95 %
        interval of the mean, by Student's t distribution); of one run, the last three are None.
        True counts as 1, and False as 0. Runs with an error are left out.
        """
        return [
            {**design, "outcome": outcome, **summary._asdict()}
            for design, outcome, summary in self._summaries()
        ]

    def _summaries(self) -> Iterator[tuple[Design, str, Summary]]:
        for design, rows in self._by_design():
            for outcome in (*self._outcomes, *LAST_COLUMNS[:-1]):
                values = [row[outcome] for row in rows if row["error"] is None]
                numbers = [each for each in values if isinstance(each, (int, float))]
                if numbers:
                    yield design, outcome, summarize(numbers)

    def _by_design(self) -> list[tuple[Design, list[Row]]]:
        groups: list[tuple[Design, list[Row]]] = []
        for row in self._rows:
            design = {name: row[name] for name in self._names}
            if not groups or groups[-1][0] != design:
                groups.append((design, []))
            groups[-1][1].append(row)
        return groups

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
        - `x`: a name of the design; by default the first with several values.
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
        return picture.draw(points, across, up, path)

    def _choose_x(self, given: str | None) -> str:
        if given is not None:
            return _require_name("x", given, self._names)
        varied = [name for name in self._names if len({str(row[name]) for row in self._rows}) > 1]
        names = varied or self._names
        if not names:
            raise ValueError("plot() needs a design with a name, to plot its values")
        return names[0]

    def _choose_y(self, given: str | None, numbers: list[str]) -> str:
        if not numbers:
            raise ValueError("plot() has no numbers to plot: every run has an error")
        return numbers[0] if given is None else _require_name("y", given, numbers)

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write the rows to a CSV file, with a line of names."""
        check_path("to_csv()", path)
        columns = self._rows[0] if self._rows else ()
        with Path(path).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(row.values() for row in self._rows)

    # Files --------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the rehearsal to a file, which `load` reads, and `rehearse` goes on from."""
        check_path("save()", path)
        lines = [write_head(self._names), *map(write_line, self._rows)]
        write_file(Path(path), lines)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Rehearsal:
        """Read the rehearsal in a file of `save`, or of ``rehearse(..., path=...)``.

        Raises ValueError for another file.
        """
        check_path("load()", path)
        names, rows = read_file(Path(path))
        return cls(names, rows)

    # Shown --------------------------------------------------------------------------------

    def _repr_html_(self) -> str:
        rows = [{**each, **{name: each[name] for name in _SUMMARY}} for each in self.summary()]
        return f"<p>{self!r}</p>{write_table(rows)}"

    def __repr__(self) -> str:
        failed = sum(row["error"] is not None for row in self._rows)
        what = f"{len(self._by_design())} designs, {len(self._rows)} runs"
        return f"<Rehearsal: {what}{f', {failed} failed' if failed else ''}>"

    def __len__(self) -> int:
        return len(self._rows)


def _require_name(argument: str, given: str, names: Sequence[str]) -> str:
    if given not in names:
        raise ValueError(
            f"plot() takes {argument}= as {list_names(names, ' or ')}, not {quote(given)}"
        )
    return given


# Files ------------------------------------------------------------------------------------


def write_head(names: Sequence[str]) -> str:
    """Return the first line of a file."""
    return json.dumps({"mturk_mock rehearsal": FORMAT, "design": list(names)})


def write_line(row: Mapping[str, Any]) -> str:
    """Return the line of one run; a value of a design that JSON does not have becomes a text."""
    return json.dumps(row, default=show)


def write_file(path: Path, lines: Iterable[str]) -> None:
    """Write a file whole, or leave the one that is there."""
    part = path.with_name(f"{path.name}.part")
    part.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    part.replace(path)


def show(value: Any) -> str:
    """Return the text by which rows and files name a value of a design."""
    return str(getattr(value, "__qualname__", value))


def read_file(path: Path) -> tuple[list[str], list[Row]]:
    """Return the names of designs, and the rows, of a file. A last line that is cut is left out."""
    whole, _, _ = path.read_text(encoding="utf-8").rpartition("\n")
    head, *lines = whole.split("\n")
    try:
        found = json.loads(head)
        format_, names = found["mturk_mock rehearsal"], found["design"]
    except (ValueError, KeyError, TypeError):
        raise ValueError(
            f"{path} is not a rehearsal: name a file of Rehearsal.save(), or a new one"
        ) from None
    if format_ != FORMAT:
        raise ValueError(
            f"{path} has the format {format_} of a newer mturk_mock; this version reads {FORMAT}"
        )
    return names, [json.loads(line) for line in lines]
