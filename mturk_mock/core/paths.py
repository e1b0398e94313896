"""Check the paths of files that methods are given."""

from __future__ import annotations

import os


def check_path(taker: str, path: object) -> None:
    """Raise TypeError unless `path` is a text or an `os.PathLike`.

    Python's `open` would take a number for the number of an open file.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"{taker} takes the path of a file as a str or Path, not {path!r}")
