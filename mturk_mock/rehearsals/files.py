"""Files of rehearsals: a line of JSON about the whole, then one for each run."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO

from mturk_mock.core.paths import check_path
from mturk_mock.core.quoting import quote
from mturk_mock.rehearsals.designs import key_of, show
from mturk_mock.rehearsals.run import Row, Run

#: The format of files; files of a newer format are refused.
FORMAT: Final = 1
_KIND: Final = "mturk_mock rehearsal"


class Head(NamedTuple):
    """What all runs have in common: the names of the designs, the campaign, the mocks' options."""

    names: list[str]
    campaign: str
    options: dict[str, str]


def require_file(taker: str, path: str | os.PathLike[str]) -> Path:
    """Return the path of a file to write. Raises TypeError, ValueError or OSError if it is none."""
    check_path(taker, path)
    if not os.fspath(path):
        raise ValueError(f"{taker} takes the path of a file, not an empty one: name a file")
    found = Path(path)
    target = _follow_links(found)
    leads_to_itself = target.is_symlink()
    if leads_to_itself or (target.exists() and not target.is_file()):
        raise ValueError(
            f"{taker} writes a regular file, and {path} is something else: name a file, which may "
            "be a new one"
        )
    for folder in (found.parent, target.parent):
        if not folder.is_dir():
            raise FileNotFoundError(
                f"{taker} cannot write {path}, because there is no folder {folder}: make the "
                "folder first, or name another file"
            )
    return found


def _follow_links(path: Path) -> Path:
    return Path(os.path.realpath(path))


@contextmanager
def naming(path: object) -> Iterator[None]:
    """Raise errors of writing, such as that of a full disk, with the path that the user gave."""
    try:
        yield
    except OSError as problem:
        raise OSError(problem.errno, problem.strerror, str(path)) from None


def write_file(path: Path, head: Head, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a file whole, or leave the one that is there. Of a symbolic link, write the target."""
    members = {
        _KIND: FORMAT,
        "campaign": head.campaign,
        "options": head.options,
        "design": head.names,
    }
    lines = [json.dumps(members), *map(_write_row, rows)]
    target = _follow_links(path)
    part = target.with_name(f"{target.name}.part")
    with naming(path):
        try:
            with part.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{line}\n" for line in lines)
            part.replace(target)
        except BaseException:  # also Ctrl-C
            part.unlink(missing_ok=True)
            raise


def _write_row(row: Mapping[str, Any]) -> str:
    """Return the line of one run; a value of a design that JSON does not have becomes a text."""
    return json.dumps(row, default=show)


def read_file(path: Path) -> tuple[Head, list[Row]]:
    """Return the head and the rows of a file, without a last line that is cut.

    Raises ValueError for another file, for a newer format, and for a line that is not a row.
    """
    whole, _, _ = path.read_text(encoding="utf-8", errors="replace").rpartition("\n")
    first, *lines = whole.split("\n")
    head = _read_head(path, first)
    return head, [_read_row(path, number, line) for number, line in enumerate(lines, 2)]


def _read_head(path: Path, line: str) -> Head:
    try:
        found = json.loads(line)
        format_ = found[_KIND]
        if format_ == FORMAT:
            return Head(list(found["design"]), str(found["campaign"]), dict(found["options"]))
    except (ValueError, KeyError, TypeError):
        raise ValueError(
            f"{path} is not a rehearsal: name a file of Rehearsal.save(), or a new one"
        ) from None
    raise ValueError(
        f"{path} has the format {quote(format_)} of a newer mturk_mock; this version reads {FORMAT}"
    )


def _read_row(path: Path, number: int, line: str) -> Row:
    try:
        row = json.loads(line)
        if {"seed", "error"} <= row.keys():
            return dict(row)
    except (ValueError, AttributeError):
        pass
    raise ValueError(f"{path}, line {number}: not a run of a rehearsal. Remove the line")


def by_run(rows: Iterable[Row], names: Sequence[str]) -> dict[tuple[int, str], Row]:
    """Return rows by seed and design: of two rows about one run the last, in the first's place."""
    return {(row["seed"], key_of(row, names)): row for row in rows}


class RowFile:
    """The file that a rehearsal goes on from, and that gets each row when its run is done.

    Rows with an error are left out, so that their runs are done again. Without a path there is no
    file.
    """

    def __init__(self, path: str | os.PathLike[str] | None, head: Head) -> None:
        self._head = head
        self._found: dict[tuple[int, str], Row] = {}
        self._file: TextIO | None = None
        if path is not None:
            self._path = require_file("rehearse()", path)
            self._file = self._open()

    def _open(self) -> TextIO:
        rows: Sequence[Row] = ()
        if self._path.exists() and self._path.stat().st_size:
            found, rows = read_file(self._path)
            _check_same(self._path, found, self._head)
        kept = [row for row in rows if row["error"] is None]
        self._found = by_run(kept, self._head.names)
        write_file(self._path, self._head, self._found.values())
        return self._path.open("a", encoding="utf-8", newline="\n")

    def find(self, run: Run) -> Row | None:
        """Return the row of a run that is done, or None."""
        if not self._found:
            return None
        return self._found.get((run.seed, key_of(run.design, self._head.names)))

    def add(self, row: Row) -> None:
        """Add the row of a run. Raises RuntimeError if another rehearsal writes the file."""
        if self._file is not None:
            _check_own(self._path, self._file)
            with naming(self._path):
                self._file.write(f"{_write_row(row)}\n")
                self._file.flush()

    def finish(self, rows: Iterable[Row]) -> None:
        """Write these rows in their order, then the others that the file had."""
        if self._file is not None:
            _check_own(self._path, self._file)
            self._file.close()
            kept = by_run([*rows, *self._found.values()], self._head.names)
            write_file(self._path, self._head, kept.values())

    def __enter__(self) -> RowFile:
        return self

    def __exit__(self, *error: object) -> None:
        if self._file is not None:
            with suppress(OSError):  # again that of `add`, whose row the file cannot take
                self._file.close()


def _check_own(path: Path, file: TextIO) -> None:
    """Raise RuntimeError if the path is no longer that of the file, so that rows would be lost."""
    if path.exists() and not os.path.samestat(os.fstat(file.fileno()), path.stat()):
        raise RuntimeError(
            f"{path} was replaced while rehearse() wrote it, as a second rehearsal with the same "
            "path= does: rehearse the same again when that one is done, or name another file"
        )


def _check_same(path: Path, found: Head, head: Head) -> None:
    """Raise ValueError if the file is about other designs, another campaign or other mocks."""
    pairs: dict[str, tuple[object, object]] = {
        "designs with the names": (sorted(found.names), sorted(head.names)),
        "the campaign": (found.campaign, head.campaign),
        "the options of mocks": (found.options, head.options),
    }
    for what, (theirs, ours) in pairs.items():
        if theirs != ours:
            raise ValueError(
                f"{path} has {what} {quote(theirs)}, not {quote(ours)}: name a new file, or "
                "rehearse the same again"
            )
