"""Files as answers: FileUploadAnswer, which QuestionForm 2005-10-01 has. [doc]"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from xml.etree.ElementTree import Element

from mturk_mock.questions import xml

#: The largest size that a form can name, in bytes. [doc]
LARGEST_SIZE: Final = 2_000_000_000

_FORM: Final = xml.SCHEMAS + "2005-10-01/QuestionForm.xsd"


@dataclass(frozen=True)
class SizeLimits:
    """How many bytes a file may have, both included."""

    smallest: int
    largest: int


class Upload(NamedTuple):
    """What an answer document says of a file: its size in bytes, and its key."""

    size: str
    key: str


def read_limits(element: Element) -> SizeLimits:
    """Return what a FileUploadAnswer allows.

    Raises XMLParseError unless the largest size comes first [observed] and both are whole
    numbers from 1 to 2,000,000,000 [doc], and in forms of 2017-11-06, which have none. [doc]
    """
    if xml.split_tag(element)[0] != _FORM:
        raise xml.refused(
            "cvc-complex-type.2.4.a: Invalid content was found starting with element "
            "'FileUploadAnswer'."
        )
    largest, smallest = map(
        _size, xml.child_texts(element, "MaxFileSizeInBytes", "MinFileSizeInBytes")
    )
    return SizeLimits(smallest, largest)


def _size(text: str) -> int:
    digits = text.strip().removeprefix("+")
    if not (digits.isascii() and digits.isdecimal() and 1 <= int(digits) <= LARGEST_SIZE):
        raise xml.refused(
            f"cvc-datatype-valid.1.2.1: '{text}' is not a valid value for 'positiveInteger'."
        )
    return int(digits)


def take_files(
    limits: Mapping[str, SizeLimits], fields: Mapping[str, Any], assignment_id: str
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the files among a form's fields, and the fields with an `Upload` for each.

    `limits`: of the questions that ask for a file, by their identifiers. Raises TypeError
    for what is no file, ValueError for a size that the form refuses. The key is that of
    the assignment with that of the question. [assumed]
    """
    files = {
        name: _checked(name, fields[name], limits[name])
        for name in limits
        if fields.get(name) is not None
    }
    uploads = {
        name: Upload(str(len(content)), f"{assignment_id}/{name}")
        for name, content in files.items()
    }
    return files, {**fields, **uploads}


def _checked(name: str, content: Any, limits: SizeLimits) -> bytes:
    if not isinstance(content, (bytes, bytearray)):
        raise TypeError(f"question {name!r} asks for a file: it takes its bytes, not {content!r}")
    if not limits.smallest <= len(content) <= limits.largest:
        raise ValueError(
            f"question {name!r} takes a file of {limits.smallest} to {limits.largest} bytes, "
            f"not one of {len(content)}"
        )
    return bytes(content)
