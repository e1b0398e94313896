"""The files that a preview shows: the page, and the rows that fill it."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: A Question document, by its root element; other pages are HTML.
_DOCUMENT: Final = re.compile(
    r"\s*(<\?xml.*?\?>)?(\s|<!--.*?-->)*<(HTMLQuestion|ExternalQuestion|QuestionForm)\b", re.DOTALL
)


class Unreadable(ValueError):
    """A file that cannot be shown now; the message says why. Its author may be saving it."""


@dataclass(frozen=True)
class Table:
    """The rows of a CSV file, by column."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Source:
    """The files as they were read. ``table``: None without a file of rows."""

    page: str
    is_document: bool
    table: Table | None

    @property
    def count(self) -> int:
        """The number of rows."""
        return len(self.table.rows) if self.table else 0

    def values_of(self, row: int) -> Mapping[str, str]:
        """Return the values of a row, counted from 1; none without rows."""
        return self.table.rows[row - 1] if self.table else {}


def read_source(page: Path, rows: Path | None) -> Source:
    """Read the files. Raises Unreadable."""
    text = _read_text(page)
    if not text.strip():
        raise Unreadable(f"{page} is empty")
    is_document = page.suffix.lower() == ".xml" or _DOCUMENT.match(text) is not None
    return Source(text, is_document, None if rows is None else read_table(rows))


def read_table(path: Path) -> Table:
    """Read a CSV file, as the requester website did. Raises Unreadable."""
    lines = _lines(path)
    columns = next(lines, (0, ()))[1]
    if not columns:
        raise Unreadable(f"{path} has no line with the names of its columns")
    repeated = [name for name in columns if columns.count(name) > 1]
    if repeated:
        raise Unreadable(f"{path} has several columns {repeated[0]!r}")
    rows = []
    for number, values in lines:
        if len(values) != len(columns):
            raise Unreadable(
                f"{path}, line {number}: {len(values)} values for {len(columns)} columns"
            )
        rows.append(dict(zip(columns, values, strict=True)))
    if not rows:
        raise Unreadable(f"{path} has no row below the names of its columns")
    return Table(columns, tuple(rows))


def _lines(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the lines of a CSV file that are not empty, with their numbers."""
    reader = csv.reader(io.StringIO(_read_text(path), newline=""))
    try:
        for values in reader:
            if values:
                yield reader.line_num, tuple(values)
    except csv.Error as problem:
        raise Unreadable(f"{path}, line {reader.line_num}: {problem}") from None


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise Unreadable(f"cannot read {path}: {problem.strerror or problem}") from None
    except UnicodeDecodeError as problem:
        raise Unreadable(f"{path} is not UTF-8 at byte {problem.start}") from None


def stamp_of(path: Path | None) -> tuple[int, ...] | None:
    """Return what changes when a file is saved; None for a file that is not there."""
    try:
        found = os.stat(path) if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found else None
