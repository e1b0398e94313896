"""Files as answers: FileUploadAnswer, which QuestionForm 2005-10-01 has. [doc]"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

#: The largest size that a form can name, in bytes. [doc]
LARGEST_SIZE: Final = 2_000_000_000

#: The largest file that is made to answer a form, in bytes.
_LARGEST_MADE: Final = 10_000_000


@dataclass(frozen=True)
class FileUploadAnswer:
    """A file, of so many bytes, both included."""

    smallest: int
    largest: int


class Upload(NamedTuple):
    """What an answer document says of a file: its size in bytes, and its key."""

    size: str
    key: str


def refusal(answer: FileUploadAnswer, content: bytes) -> str | None:
    """Return why the worker's page refuses a file; None if it takes it."""
    if answer.smallest <= len(content) <= answer.largest:
        return None
    return f"takes a file of {answer.smallest} to {answer.largest} bytes, not of {len(content)}"


def fill(answer: FileUploadAnswer, random: Random) -> bytes:
    """Return a file of an allowed size, the smallest or a little more.

    Raises ValueError where only files of more than 10 MB are allowed, or none at all.
    """
    if answer.smallest > min(answer.largest, _LARGEST_MADE):
        raise ValueError(
            f"no file of {answer.smallest} to {answer.largest} bytes is made; "
            "submit one for this question instead"
        )
    size = random.randint(answer.smallest, min(answer.largest, answer.smallest + 100))
    return random.randbytes(size)
