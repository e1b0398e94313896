"""The state file of a server: an SQLite database of changes, checkpoints and uploaded files."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from mturk_mock.backend.recording import Change
from mturk_mock.state.checkpoint import FORMAT as CHECKPOINT_FORMAT

#: The format of the tables; files of a newer format are refused.
FORMAT: Final = 1
#: Marks the file as ours, as SQLite's application_id: "MTrk".
APPLICATION_ID: Final = 0x4D54726B

_ROWS: Final = 1000  # that are read at a time
_TABLES: Final = f"""
    BEGIN;
    CREATE TABLE journal (
        n INTEGER PRIMARY KEY, at INTEGER NOT NULL, events INTEGER NOT NULL, kind TEXT NOT NULL,
        actor TEXT NOT NULL, body TEXT NOT NULL, digest TEXT NOT NULL
    );
    CREATE TABLE checkpoint (
        n INTEGER PRIMARY KEY, at INTEGER NOT NULL, events INTEGER NOT NULL,
        format INTEGER NOT NULL, version TEXT NOT NULL, sha256 TEXT NOT NULL, body BLOB NOT NULL
    );
    CREATE TABLE blob (sha256 TEXT PRIMARY KEY, body BLOB NOT NULL);
    CREATE TABLE pass (
        sha256 TEXT PRIMARY KEY, kind TEXT NOT NULL, worker_id TEXT NOT NULL, name TEXT NOT NULL,
        expires INTEGER NOT NULL
    );
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    PRAGMA application_id = {APPLICATION_ID};
    PRAGMA user_version = {FORMAT};
    COMMIT;
"""
_IN_USE: Final = (
    "{path} is in use by another server or program: end it first, or name another state file"
)
_FOREIGN: Final = "{path} is not a state file of mturk_mock: name another file, or a new one"
_NEWER: Final = (
    "{path} was written by a newer version of mturk_mock (format {found}, and this version reads "
    "{known}): use that version, or name another state file"
)
_DAMAGED: Final = "{path} is damaged: {problem}. Restore it from a backup"


class StateFileError(ValueError):
    """A state file that cannot be used; the message names the file and says what to do."""


class Entry(NamedTuple):
    """A change in the file.

    ``events``: how many scheduled events were taken since the entry before. ``digest``: that of
    the outcome.
    """

    n: int
    at: int
    events: int
    kind: str
    actor: str
    body: dict[str, Any]
    digest: str

    @classmethod
    def of(cls, n: int, events: int, change: Change) -> Entry:
        """Return the entry for a change."""
        return cls(n, change.at, events, change.kind, change.actor, change.body, change.fingerprint)


class Checkpoint(NamedTuple):
    """The whole state after entry `n` and `events` events after it.

    ``at``: the time of the mock then, in microseconds since 1970. ``body``: its content.
    """

    n: int
    at: int
    events: int
    version: str
    body: bytes


class StateFile:
    """An open state file, which no other process can open meanwhile.

    Methods can be called from several threads. They raise sqlite3.Error if the disk fails, and
    StateFileError if the file is damaged.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()
        self._connection = self._open()
        self.is_new = self.last == 0 and self._one("SELECT count(*) FROM checkpoint") == 0

    def _open(self) -> sqlite3.Connection:
        if self.path.is_dir() or not self.path.parent.is_dir():
            raise StateFileError(f"{self.path} cannot be a file: name one in a folder that exists")
        try:
            _create(self.path)
            connection = sqlite3.connect(
                self.path, timeout=0, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as problem:
            reason = getattr(problem, "strerror", None) or problem
            raise StateFileError(f"{self.path} cannot be opened: {reason}") from None
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")  # holds the lock until the file is closed
            connection.execute("COMMIT")
            is_empty = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (found,) = connection.execute("PRAGMA user_version").fetchone()
            if application != APPLICATION_ID and not is_empty:
                raise StateFileError(_FOREIGN.format(path=self.path))
            if found > FORMAT:
                raise StateFileError(_NEWER.format(path=self.path, found=found, known=FORMAT))
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            if is_empty:
                connection.executescript(_TABLES)
        except sqlite3.Error as problem:
            raise self._explain(problem) from None

    def _explain(self, problem: sqlite3.Error) -> StateFileError:
        if "locked" in str(problem):
            return StateFileError(_IN_USE.format(path=self.path))
        if "not a database" in str(problem):
            return StateFileError(_FOREIGN.format(path=self.path))
        return StateFileError(f"{self.path} cannot be used: {problem}")

    def reopen(self) -> None:
        """Open the file again after an error, and try to write to it."""
        with self._lock:
            self._connection.close()
            self._connection = self._open()
            self._connection.execute(
                "INSERT OR REPLACE INTO meta VALUES ('reopened', datetime('now'))"
            )

    def release(self) -> None:
        """Close the file, so that others can open it."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _one(self, query: str, *values: Any) -> Any:
        with self._lock:
            row = self._connection.execute(query, values).fetchone()
        return None if row is None else row[0]

    # Entries ------------------------------------------------------------------------------

    @property
    def last(self) -> int:
        """The number of the last entry, 0 if there is none."""
        return int(self._one("SELECT max(n) FROM journal") or 0)

    def add_entries(self, entries: Iterable[Entry]) -> None:
        """Write entries, all or none; they are on disk when this returns."""
        with self._transaction() as connection:
            for entry in entries:
                body = json.dumps(self._store_bytes(connection, entry.body))
                row = (*entry[:5], body, entry.digest)
                connection.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def _store_bytes(self, connection: sqlite3.Connection, value: Any) -> Any:
        """Return JSON in which a reference stands for each bytes object."""
        if isinstance(value, bytes):
            digest = hashlib.sha256(value).hexdigest()
            connection.execute("INSERT OR IGNORE INTO blob VALUES (?, ?)", (digest, value))
            return {"sha256": digest}
        if isinstance(value, dict):
            return {name: self._store_bytes(connection, each) for name, each in value.items()}
        return value

    def entries(
        self, after: int = 0, *, limit: int | None = None, with_files: bool = True
    ) -> Iterator[Entry]:
        """Yield the entries after entry number `after`, in order.

        `limit`: the largest number of entries. `with_files`: False leaves references to files.
        """
        left = self.last if limit is None else limit
        while rows := self._rows(after, min(left, _ROWS)):
            for n, at, events, kind, actor, text, digest in rows:
                body = json.loads(text)
                body = self._load_bytes(body) if with_files else body
                yield Entry(n, at, events, kind, actor, body, digest)
            after, left = rows[-1][0], left - len(rows)

    def _rows(self, after: int, limit: int) -> list[Any]:
        columns = "n, at, events, kind, actor, body, digest"
        query = f"SELECT {columns} FROM journal WHERE n > ? ORDER BY n LIMIT ?"
        with self._lock:
            return self._connection.execute(query, (after, limit)).fetchall()

    def _load_bytes(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        if value.keys() == {"sha256"} and isinstance(value["sha256"], str):  # not a field's name
            return self._read_blob(value["sha256"])
        return {name: self._load_bytes(each) for name, each in value.items()}

    def _read_blob(self, digest: str) -> bytes:
        content = self._one("SELECT body FROM blob WHERE sha256 = ?", digest)
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            raise StateFileError(
                _DAMAGED.format(path=self.path, problem=f"the file {digest[:12]} is lost")
            )
        return bytes(content)

    # Sessions and invitations ---------------------------------------------------------------

    def passes(self) -> dict[str, tuple[str, str, str, int]]:
        """Return kinds, worker IDs, names and ends of validity, by the digests of tokens."""
        with self._lock:
            rows = self._connection.execute("SELECT * FROM pass").fetchall()
        return {digest: tuple(row) for digest, *row in rows}

    def add_pass(self, digest: str, found: tuple[str, str, str, int]) -> None:
        """Write a session or an invitation."""
        with self._transaction() as connection:
            connection.execute("INSERT INTO pass VALUES (?, ?, ?, ?, ?)", (digest, *found))

    def remove_passes(self, digests: Iterable[str]) -> None:
        """Remove sessions and invitations by the digests of their tokens."""
        with self._transaction() as connection:
            for digest in digests:
                connection.execute("DELETE FROM pass WHERE sha256 = ?", (digest,))

    # Checkpoints --------------------------------------------------------------------------

    def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Write a checkpoint, and drop those between the first one and the two latest."""
        with self._transaction() as connection:
            self._insert(connection, checkpoint)
            connection.execute(
                "DELETE FROM checkpoint WHERE n > (SELECT min(n) FROM checkpoint) AND n NOT IN "
                "(SELECT n FROM checkpoint ORDER BY n DESC LIMIT 2)"
            )

    def _insert(self, connection: sqlite3.Connection, checkpoint: Checkpoint) -> None:
        digest = hashlib.sha256(checkpoint.body).hexdigest()
        row = (*checkpoint[:3], CHECKPOINT_FORMAT, checkpoint.version, digest, checkpoint.body)
        connection.execute("INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def checkpoint(self, *, first: bool = False) -> Checkpoint:
        """Return the latest checkpoint, or the first; StateFileError if it is damaged or newer."""
        order = "ASC" if first else "DESC"
        columns = "n, at, events, format, version, sha256, body"
        query = f"SELECT {columns} FROM checkpoint ORDER BY n {order} LIMIT 1"
        with self._lock:
            row = self._connection.execute(query).fetchone()
        if row is None:
            raise StateFileError(_DAMAGED.format(path=self.path, problem="it has no checkpoint"))
        n, at, events, found, version, digest, body = row
        if found > CHECKPOINT_FORMAT:
            known = CHECKPOINT_FORMAT
            raise StateFileError(_NEWER.format(path=self.path, found=found, known=known))
        if hashlib.sha256(body).hexdigest() != digest:
            raise StateFileError(_DAMAGED.format(path=self.path, problem="a checkpoint is changed"))
        return Checkpoint(n, at, events, version, body)

    def forget(self) -> int:
        """Drop the entries before the latest checkpoint; return how many were dropped."""
        latest = self.checkpoint().n
        with self._transaction() as connection:
            dropped = connection.execute("DELETE FROM journal WHERE n <= ?", (latest,)).rowcount
            connection.execute("DELETE FROM checkpoint WHERE n < ?", (latest,))
            self._drop_blobs(connection)
        return dropped

    def _drop_blobs(self, connection: sqlite3.Connection) -> None:
        """Drop the contents that no entry refers to any more."""
        connection.execute(
            "DELETE FROM blob WHERE NOT EXISTS "
            "(SELECT 1 FROM journal WHERE instr(journal.body, blob.sha256))"
        )

    def rewrite(
        self, checkpoints: Iterable[Checkpoint], entries: Iterable[Entry], worker_id: str
    ) -> None:
        """Replace all checkpoints, and the actors and bodies of some entries, without a trace.

        Removes the sessions and invitations of the worker.
        """
        with self._lock:
            self._connection.execute("PRAGMA secure_delete = ON")
        with self._transaction() as connection:
            connection.execute("DELETE FROM checkpoint")
            for checkpoint in checkpoints:
                self._insert(connection, checkpoint)
            for entry in entries:
                row = (entry.actor, json.dumps(entry.body), entry.n)
                connection.execute("UPDATE journal SET actor = ?, body = ? WHERE n = ?", row)
            connection.execute("DELETE FROM pass WHERE worker_id = ?", (worker_id,))
            self._drop_blobs(connection)
        self._clean_up()

    def _clean_up(self) -> None:
        with self._lock:
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy; FileExistsError if there is a file of that name."""
        _create(path, os.O_EXCL)
        with self._lock:
            copy = sqlite3.connect(path)
            try:
                self._connection.backup(copy)
            finally:
                copy.close()


def _create(path: Path, flags: int = 0) -> None:
    """Create a file that only its owner can read, unless there is one."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | flags, 0o600))
