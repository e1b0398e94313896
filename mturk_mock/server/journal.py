"""The journal: writes the changes of a marketplace to its state file before they are answered.

One thread writes whatever is waiting in one transaction of the database, so that many requests
share one wait for the disk. Another one writes checkpoints, from which the next start goes on.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import mturk_mock
from mturk_mock.backend import recording
from mturk_mock.backend.backend import Backend
from mturk_mock.backend.recording import Change
from mturk_mock.core import errors
from mturk_mock.core.clock import read_machine, to_datetime
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.server.copying import Copy, copy_state, size_of
from mturk_mock.server.replay import Replay, start_body
from mturk_mock.server.state_file import Checkpoint, Entry, StateFile, StateFileError
from mturk_mock.state.checkpoint import write_checkpoint

#: Entries after a checkpoint before the next one is written.
CHECKPOINT_EVERY: Final = 20_000
#: HITs and assignments up to which a stopping server writes a last checkpoint, in about a second.
QUICK: Final = 30_000
_UNUSABLE: Final = "{path} cannot be used: {problem}"
_SPOILED: Final = "a change was made in part"
_STOPPED: Final = "the server has stopped"
#: Seconds between two attempts if a checkpoint cannot be written now.
LATER: Final = 1.0

log: Final = logging.getLogger("mturk_mock.server")


class Batch:
    """Entries that are written in one transaction of the database."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._calls: list[Callable[[], object]] = []
        self._problem: Exception | None = None

    def finish(self, problem: Exception | None) -> None:
        """Note that the entries are on disk, or why they are not."""
        with self._lock:
            self._problem = problem
            self._done.set()
        for call in self._calls:
            call()

    def when_done(self, call: Callable[[], object]) -> None:
        """Call a function when the entries are on disk, or cannot be; from any thread."""
        with self._lock:
            if not self._done.is_set():
                self._calls.append(call)
                return
        call()

    def end(self) -> None:
        """Return when the entries are on disk, or when that has failed."""
        self._done.wait()

    def wait(self) -> None:
        """Return when the entries are on disk; raise NOT_STORED if they cannot be written."""
        self.end()
        if self._problem is not None:
            raise errors.NOT_STORED(problem=self._problem)


class Journal:
    """The recorder of a backend whose changes are kept in a state file, `file`."""

    def __init__(self, file: StateFile, backend: Backend, *, forgets: bool = False) -> None:
        self.file = file
        self._forgets = forgets  # the entries before a checkpoint
        self._backend = backend
        self._problem: Exception | None = None  # why nothing can be written
        self.is_spoiled = False
        self._clock = (0, 0, 0)  # as it was recorded last
        self._taken = 0  # the events of the timeline that the last entry counted
        self._n = 0  # of the last entry
        self._since_checkpoint = 0
        self._is_ending = self._is_closing = False
        self._changed = threading.Condition()  # guards the two batches, and _is_closing
        self._waiting = Batch()
        self._writing: Batch | None = None  # after an error the one that failed, until a reload
        self._due = threading.Event()  # a checkpoint, or the end
        self._checkpoints = threading.Lock()  # one at a time
        self._copy: Copy | None = None  # of the latest checkpoint
        tasks = {"journal": self._write_all, "checkpoints": self._write_checkpoints}
        self._threads = [
            threading.Thread(target=task, name=f"mturk_mock {name}", daemon=True)
            for name, task in tasks.items()
        ]

    # Start and end ------------------------------------------------------------------------

    def start(self, begin: Callable[[], None]) -> None:
        """Take over the state of the file, or give a new file its first state, and record from now.

        `begin` sets up the first state. Raises StateFileError for a file that cannot be used.
        """
        try:
            if self.file.is_new:
                begin()
                with self._backend.peek() as marketplace:
                    content = write_checkpoint(marketplace)
                    self.file.add_checkpoint(_checkpoint(0, marketplace.clock.read(), 0, content))
            self._load()
        except sqlite3.Error as problem:
            raise self._unusable(problem) from problem
        for thread in self._threads:
            thread.start()
        self._backend.record_with(self)
        try:
            self._record_start()
        except BaseException as problem:
            self._close()
            raise self._unusable(self._problem or problem) from problem

    def _unusable(self, problem: BaseException) -> StateFileError:
        return StateFileError(_UNUSABLE.format(path=self.file.path, problem=problem))

    def _record_start(self) -> None:
        with self._backend.transaction() as (_, now):
            change = Change(recording.START, "", now)
            change.body = start_body(str(mturk_mock.__version__), self._backend.settings)
            self.record(change)

    def end(self) -> None:
        """Write what is waiting and, if that is quick, a last checkpoint; close the file."""
        self._is_ending = True
        if self._copy is not None:
            self._copy.give_up()
        with self._backend.peek() as marketplace:
            is_quick = size_of(marketplace) < QUICK
        if self._problem is None and is_quick:
            self._try_checkpoint()
        self._close()
        self.file.release()

    def _close(self) -> None:
        """Record nothing more, and end the threads when all is written."""
        with self._backend.peek(), self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self._due.set()
        for thread in self._threads:
            thread.join()

    def _load(self) -> None:
        """Use the state on disk."""
        start = self.file.checkpoint()
        backend = self._backend
        with backend.peek() as marketplace:
            generation = marketplace.generation
        replay = Replay(self.file, backend.settings, backend.sites, start, generation)
        backend.install(replay.run(), generation)
        self._n = replay.n
        self._since_checkpoint = replay.n - start.n
        self._taken = self._backend.timeline.taken - replay.events
        self._clock = replay.marketplace.clock.setting

    # As a recorder ------------------------------------------------------------------------

    @property
    def is_ready(self) -> bool:
        """Whether no error makes it necessary to read the state again."""
        return self._is_closing or (self._problem is None and not self.is_spoiled)

    def prepare(self, *, may_reload: bool) -> None:
        """Read the state again after an error; raise NOT_STORED if nothing can be written."""
        if self.is_ready:
            return
        if not may_reload:
            raise errors.NOT_STORED(problem=self._problem or _SPOILED)
        self._reload()

    def _reload(self) -> None:
        if (batch := self.latest()) is not None:
            batch.end()
        try:
            self.file.reopen()
            self._load()
        except (sqlite3.Error, StateFileError) as problem:
            self._problem = problem
            raise errors.NOT_STORED(problem=problem) from problem
        if self._problem is not None:
            log.warning("the state file %s can be written again", self.file.path)
        with self._changed:
            self._problem, self._writing, self.is_spoiled = None, None, False

    def record(self, change: Change) -> None:
        """Add a change to the waiting batch.

        Raises NOT_STORED after a change that was made in part, and after the end.
        """
        if self._is_closing or self.is_spoiled:
            raise errors.NOT_STORED(problem=_STOPPED if self._is_closing else _SPOILED)
        taken = self._backend.timeline.taken
        entry = Entry.of(self._n + 1, taken - self._taken, change)
        self._n, self._taken = entry.n, taken
        self._since_checkpoint += 1
        if self._since_checkpoint >= CHECKPOINT_EVERY:
            self._due.set()
        with self._changed:
            self._waiting.entries.append(entry)
            self._changed.notify_all()

    def record_state(self, marketplace: Marketplace) -> None:
        """Record the whole state."""
        content = write_checkpoint(marketplace)
        self.record(Change(recording.STATE, "", marketplace.clock.read(), {"content": content}))
        self._clock = marketplace.clock.setting

    def record_clock(self, marketplace: Marketplace) -> None:
        """Record the setting of the clock if it has changed."""
        setting = marketplace.clock.setting
        if setting != self._clock:
            self._clock = setting
            body = dict(zip(("rate", "offset", "since"), setting, strict=True))
            self.record(Change(recording.CLOCK, "", marketplace.clock.read(), body))

    def spoil(self) -> None:
        """Make the next transaction read the state again."""
        self.is_spoiled = True

    def latest(self) -> Batch | None:
        """Return the batch of the latest change, or the one that failed; None if all is on disk."""
        with self._changed:
            return self._waiting if self._waiting.entries else self._writing

    # Writing ------------------------------------------------------------------------------

    def _write_all(self) -> None:
        while (batch := self._next_batch()) is not None:
            problem = self._problem or self._write(batch)
            with self._changed:
                self._problem = problem
                if problem is None:
                    self._writing = None
            batch.finish(problem)

    def _write(self, batch: Batch) -> Exception | None:
        """Write a batch, and return why that is not possible; None if it is on disk."""
        try:
            self.file.add_entries(batch.entries)
        except Exception as problem:  # of any kind: requests wait for this thread
            log.error("the state file %s cannot be written: %s", self.file.path, problem)
            return problem
        return None

    def _next_batch(self) -> Batch | None:
        """Wait for entries, and return their batch; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting.entries or self._is_closing)
            if not self._waiting.entries:
                return None
            self._writing, self._waiting = self._waiting, Batch()
            return self._writing

    # Checkpoints --------------------------------------------------------------------------

    def _write_checkpoints(self) -> None:
        seconds = None
        while True:
            self._due.wait(seconds)
            if self._is_closing:
                return
            self._due.clear()
            seconds = None if self._try_checkpoint() else LATER

    def _try_checkpoint(self) -> bool:
        """Write a checkpoint, if that is possible now."""
        try:
            self.write_checkpoint()
        except Exception as problem:  # of any kind: the journal has what is missing in it
            if not self._is_ending:  # the end gives up the copy of a large state
                log.warning("no checkpoint can be written now: %s", problem)
            return False
        return True

    def write_checkpoint(self) -> int:
        """Write a checkpoint, and return the number of its entry.

        Requests are answered meanwhile, but for the moment in which the state is copied. Raises
        RuntimeError while a worker of a crowd acts, NOT_STORED, sqlite3.Error or OSError if the
        disk or the copy fails.
        """
        with self._checkpoints:
            with self._backend.at_rest():
                self.prepare(may_reload=True)
                with self._backend.peek() as marketplace:
                    now, self._copy = marketplace.clock.read(), copy_state(marketplace)
                n, events = self._n, self._backend.timeline.taken - self._taken
                batch, self._since_checkpoint = self.latest(), 0
            content = self._copy.finish()
            if batch is not None:
                batch.wait()
            self._keep(_checkpoint(n, now, events, content))
        return n

    def _keep(self, checkpoint: Checkpoint) -> None:
        self.file.add_checkpoint(checkpoint)
        if self._forgets:
            self.file.forget()

    def back_up(self) -> Path:
        """Write a consistent copy of the file beside it, and return its path."""
        time = to_datetime(read_machine())
        path = self.file.path.with_name(f"{self.file.path.name}.backup-{time:%Y%m%dT%H%M%S.%fZ}")
        self.file.copy_to(path)
        return path


def _checkpoint(n: int, now: int, events: int, content: bytes) -> Checkpoint:
    return Checkpoint(n, now, events, str(mturk_mock.__version__), content)
