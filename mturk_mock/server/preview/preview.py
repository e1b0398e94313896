"""The state of a preview: what the files have now, the HITs made of them, and their answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from pprint import pformat
from typing import Any, Final
from uuid import uuid4

from mturk_mock.backend.clients import MTurkClient
from mturk_mock.mock.mturk import MTurk
from mturk_mock.model.assignment import ACCEPTED
from mturk_mock.questions.answers import parse_answers
from mturk_mock.questions.question import QuestionPage
from mturk_mock.server.preview.checking import Checked, Remark, check
from mturk_mock.server.preview.files import Source, Unreadable, read_source, stamp_of
from mturk_mock.workforce.hit import Assignment

#: The most tasks that can be submitted at a time: each load of the page makes one.
_MOST: Final = 200


@dataclass(frozen=True)
class Task:
    """A HIT that a worker has accepted, with the page that is shown for it."""

    key: str
    row: int
    page: QuestionPage
    assignment: Assignment


@dataclass(frozen=True)
class View:
    """What the page of the preview shows.

    ``error``: why the files cannot be shown; then there is no task. ``row``: counted from 1, 0
    without rows. ``values``: those of the row.
    """

    version: str
    row: int = 0
    count: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    task: Task | None = None
    error: str = ""


@dataclass(frozen=True)
class Submitted:
    """An answer. ``shown``: the assignment as boto3 returns it. ``fields``: its answers by name."""

    row: int
    shown: str
    fields: Mapping[str, Any]


class Preview:
    """A page that is previewed. Methods can be called from several threads.

    `tell`: takes the lines for the terminal.
    """

    def __init__(
        self,
        page: Path,
        rows: Path | None,
        tell: Callable[[str], object],
    ) -> None:
        self.page, self.rows = page, rows
        self.submitted: list[Submitted] = []
        self._tell = tell
        self._begun = threading.Event()
        self._lock = threading.RLock()
        self._tasks: dict[str, Task] = {}
        self._keys = (f"{uuid4().hex[:8]}-{number}" for number in count(1))
        self._told = ""
        self._read()

    def begin(self, mturk: MTurk, client: MTurkClient) -> None:
        """Make HITs on this mock from now on."""
        self._mturk, self._client = mturk, client
        self._begun.set()

    def _read(self) -> None:
        self._stamps = self._read_stamps()
        self.version = next(self._keys)
        self._source: Source | Unreadable
        try:
            self._source = read_source(self.page, self.rows)
        except Unreadable as problem:
            self._source = problem

    def _read_stamps(self) -> list[Any]:
        return [stamp_of(self.page), stamp_of(self.rows)]

    def look(self) -> None:
        """Read the files again if they were saved."""
        with self._lock:
            if self._read_stamps() != self._stamps:
                self._read()
                self._told = ""
                self.show(1)

    def show(self, row: int) -> View:
        """Return a view with a new task, for a row from 1; waits for `begin`."""
        self._begun.wait()
        with self._lock:
            if isinstance(self._source, Unreadable):
                self._say(f"{self._source}\n")
                return View(self.version, error=str(self._source))
            source = self._source
            row = min(max(row, 1), source.count) if source.count else 0
            checked = check(self._mturk, self._client, source, row, self.page.name)
            self._say("".join(self._lines(row, source.count, checked)))
            task = None if checked.page is None else self._accept(checked.page, checked.hit_id, row)
            values = source.values_of(row)
            return View(self.version, row, source.count, values, checked.remarks, task)

    def show_again(self, task: Task) -> View:
        """Return a view with a task that was shown before."""
        with self._lock:
            source = self._source
            if isinstance(source, Unreadable):
                return View(self.version, error=str(source))
            row = min(task.row, source.count)
            return View(self.version, row, source.count, source.values_of(row), (), task)

    def _accept(self, page: QuestionPage, hit_id: str, row: int) -> Task:
        assignment = self._mturk.worker().accept(hit_id)
        task = Task(next(self._keys), row, page, assignment)
        self._tasks[task.key] = task
        if len(self._tasks) > _MOST:
            del self._tasks[next(iter(self._tasks))]
        return task

    def find_task(self, key: str) -> Task | None:
        """Return a task that was not submitted yet."""
        return self._tasks.get(key)

    def _say(self, text: str) -> None:
        """Print a text that was not the last one."""
        if text != self._told:
            self._told = text
            self._tell(text)

    def _lines(self, row: int, rows: int, checked: Checked) -> Iterator[str]:
        where = f", row {row} of {rows}" if rows else ""
        yield f"{self.page}{where}:\n"
        yield from (f"  {remark.text}\n" for remark in checked.remarks)

    def collect(self) -> None:
        """Print the tasks that were submitted, as boto3 returns them."""
        with self._lock:
            done = [each for each in self._tasks.values() if each.assignment.status != ACCEPTED]
            for task in done:
                del self._tasks[task.key]
                listed = self._client.list_assignments_for_hit(HITId=task.assignment.hit_id)
                (found,) = listed["Assignments"]
                shown = pformat(found, sort_dicts=False)
                fields = parse_answers(found["Answer"])
                self.submitted.append(Submitted(task.row, shown, fields))
                where = f", row {task.row}" if task.row else ""
                self._tell(f"Submitted{where}:\n{shown}\n")
