"""FileUploadAnswer: questions answered with a file, in QuestionForm 2005-10-01. [doc]"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

#: The largest size that a form can allow, in bytes. [doc]
LARGEST_SIZE: Final = 2_000_000_000

#: The largest file that simulated workers make, in bytes.
_LARGEST_MADE: Final = 10_000_000


@dataclass(frozen=True)
class FileUploadAnswer:
    """A file; its size lies between ``smallest`` and ``largest`` bytes, both included."""

    smallest: int
    largest: int


class Upload(NamedTuple):
    """An uploaded file in an answer document: its size in bytes, and its key."""

    size: str
    key: str


def find_file_error(answer: FileUploadAnswer, content: bytes) -> str | None:
    """Return why the worker's page rejects a file; None if it accepts it."""
    if answer.smallest <= len(content) <= answer.largest:
        return None
    return f"takes a file of {answer.smallest} to {answer.largest} bytes, not of {len(content)}"


def fill_file_upload(answer: FileUploadAnswer, random: Random) -> bytes:
    """Return a file of an allowed size: the smallest size, or up to 100 bytes more.

    Raises ValueError if no size is allowed, or only sizes over 10 MB.
    """
    if answer.smallest > min(answer.largest, _LARGEST_MADE):
        raise ValueError(
            f"no file of {answer.smallest} to {answer.largest} bytes is made; "
            "submit one for this question instead"
        )
    size = random.randint(answer.smallest, min(answer.largest, answer.smallest + 100))
    return random.randbytes(size)
