"""Operations on the state file of the server: its entries, checkpoints and copies."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from mturk_mock.core import errors
from mturk_mock.core.clock import to_datetime
from mturk_mock.server.control.kinds import Whole
from mturk_mock.server.control.schemas import (
    ANYTHING,
    TEXT,
    TIME,
    WHOLE,
    a_list,
    an_object,
    write_time,
)
from mturk_mock.server.control.table import Control, Given, Member, limit, operation, read_limit
from mturk_mock.server.journal import Journal

_NO_FILE: Final = (
    "This server keeps its state in memory. Start it with --state FILE, or MTurkServer(state=FILE)."
)

_ENTRY: Final = an_object(number=WHOLE, time=TIME, kind=TEXT, actor=TEXT, body=ANYTHING)


@operation(
    "GET",
    "/journal",
    an_object(entries=a_list(_ENTRY), total=WHOLE),
    query=(
        limit("entries to return"),
        Member("after", Whole(), "Only entries with higher numbers.", default=0),
    ),
    conflicts=(RuntimeError,),
)
def list_journal(control: Control, given: Given) -> Any:
    """List the changes that the state file has recorded, oldest first.

    ``actor``: a worker ID, or the name of a requester. ``sha256`` in a body stands for a file.
    ``total``: the number of the last entry. For the next page, give the number of the last entry
    as ``after``.
    """
    file = _journal(control).file
    entries = file.entries(given.query.get("after", 0), limit=read_limit(given), with_files=False)
    shown = [
        {
            "number": entry.n,
            "time": write_time(to_datetime(entry.at)),
            "kind": entry.kind,
            "actor": entry.actor,
            "body": entry.body,
        }
        for entry in entries
    ]
    return {"entries": shown, "total": file.last}


@operation("POST", "/checkpoint", an_object(number=WHOLE), conflicts=(RuntimeError,))
def write_checkpoint(control: Control, given: Given) -> Any:
    """Write a checkpoint now, so that the next start is quick.

    ``number``: that of the last entry before it.
    """
    try:
        return {"number": _journal(control).write_checkpoint()}
    except (sqlite3.Error, OSError) as problem:
        raise errors.NOT_STORED(problem=problem) from None


@operation("POST", "/backup", an_object(file=TEXT, bytes=WHOLE), conflicts=(RuntimeError,))
def back_up(control: Control, given: Given) -> Any:
    """Write a consistent copy of the state file beside it.

    Another server can start from the copy. ``file``: its path on the server's machine.
    """
    try:
        path = _journal(control).back_up()
    except (sqlite3.Error, OSError) as problem:
        raise errors.NOT_STORED(problem=problem) from None
    return {"file": str(path.resolve()), "bytes": path.stat().st_size}


def _journal(control: Control) -> Journal:
    if control.journal is None:
        raise RuntimeError(_NO_FILE)
    return control.journal
