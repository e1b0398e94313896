"""Check arguments that are file paths."""

from __future__ import annotations

import os


def check_path(taker: str, path: object) -> None:
    """Raise TypeError unless `path` is a str or an `os.PathLike`.

    `taker`: the name of the method, for the message. An int is rejected because `open` would use it
    as a file descriptor.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"{taker} takes the path of a file as a str or Path, not {path!r}")
