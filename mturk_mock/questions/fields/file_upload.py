"""FileUploadAnswer: questions answered with a file, in QuestionForm 2005-10-01. [doc]"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

from mturk_mock.questions.fields.problem import Problem

#: The maximum file size that a form can allow, in bytes. [doc]
LARGEST_SIZE: Final = 2_000_000_000

#: The maximum size of files from simulated workers, in bytes.
_LARGEST_MADE: Final = 10_000_000


@dataclass(frozen=True)
class FileUploadAnswer:
    """An uploaded file of ``smallest`` to ``largest`` bytes, both inclusive."""

    smallest: int
    largest: int


class Upload(NamedTuple):
    """The file in an answer document: its size in bytes, and its key."""

    size: str
    key: str


def is_file(value: object) -> bool:
    """Return whether a value is the content of a file."""
    return isinstance(value, (bytes, bytearray))


def find_file_problem(answer: FileUploadAnswer, content: bytes) -> Problem | None:
    """Return why the worker's page rejects a file; None if the page accepts it."""
    if answer.smallest <= len(content) <= answer.largest:
        return None
    sizes = f"{answer.smallest} to {answer.largest} bytes"
    return Problem(f"takes a file of {sizes}, not of {len(content)}", answer)


def fill_file_upload(answer: FileUploadAnswer, random: Random) -> bytes:
    """Return a random file of an allowed size, at most 100 bytes above the minimum.

    Raises ValueError if no size is allowed, or only sizes over 10 MB.
    """
    if answer.smallest > min(answer.largest, _LARGEST_MADE):
        raise ValueError(
            f"the mock makes no files of {answer.smallest} to {answer.largest} bytes; "
            "submit one for this question instead"
        )
    size = random.randint(answer.smallest, min(answer.largest, answer.smallest + 100))
    return random.randbytes(size)
