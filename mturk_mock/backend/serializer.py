"""Encoding responses through their output shapes.

One encoder is compiled for each shape; it cannot write what the shape does not have.
HITs are sent again and again: their JSON is kept, see `Kept`.
Times are microseconds since 1970 inside, whole seconds on the wire. [observed]
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterator, Mapping
from json.encoder import encode_basestring_ascii as encode_string
from typing import Any, Final

from botocore.model import ListShape, Shape, StructureShape

from mturk_mock.backend import service_model
from mturk_mock.backend.wire import LONG
from mturk_mock.core.clock import SECOND
from mturk_mock.operations.views import Shown

Encoder = Callable[[Any], str]

#: Stands in an encoder's text for a `Shown`; JSON has no such character.
_PLACE: Final = "\0"


class ContractError(Exception):
    """An answer of ours that is not of the shape that the service model promises."""


class Kept:
    """The JSON of what a mock has shown, by all that it shows, so that it is never out of date.

    To encode the 100 HITs of a page takes 13 times as long as to find their JSON here. A HIT's
    is in three parts, the middle one is its question: equal questions are one text, here and in
    the log of calls, if they are long and among the last 128. Dropped whole when it comes to 16
    million characters, some 25 MB; it goes with its mock.
    """

    _MOST_CHARACTERS: Final = 16_000_000

    def __init__(self) -> None:
        self._parts: dict[tuple[Hashable, ...], tuple[str, ...]] = {}
        self._characters = 0

    def parts(self, shown: Shown) -> tuple[str, ...]:
        """Return the texts that the JSON of a structure is made of."""
        found = self._parts.get(shown.shows)
        return self._keep(shown) if found is None else found

    def _keep(self, shown: Shown) -> tuple[str, ...]:
        json = _of_shape(shown.shape)(shown.make_view())
        parts = json.partition(_string(shown.text))
        self._characters += len(json)
        if self._characters > self._MOST_CHARACTERS:
            self._parts.clear()
            self._characters = len(json)
        self._parts[shown.shows] = parts
        return parts


@functools.cache
def _compiled(operation: str) -> Encoder:
    return _encoder(service_model.load().operation_model(operation).output_shape)


@functools.cache
def _of_shape(name: str) -> Encoder:
    return _encoder(service_model.load().shape_for(name))


def encode_result(
    operation: str, result: Mapping[str, Any], kept: Kept | None = None
) -> tuple[str, ...]:
    """Return the texts of which the body of a successful response is made.

    Raises ContractError if it is not of its shape.
    """
    kept = kept or Kept()
    own, *others = _compiled(operation)(result).split(_PLACE)
    answer = [own]
    for shown, text in zip(_shown_in(result), others, strict=True):
        answer += kept.parts(shown)
        answer.append(text)
    return tuple(answer)


def _shown_in(result: Mapping[str, Any]) -> Iterator[Shown]:
    """Yield what stands for a structure in a result, in the order of its JSON."""
    for value in result.values():
        if isinstance(value, Shown):
            yield value
        elif isinstance(value, list):
            yield from (member for member in value if isinstance(member, Shown))


def _encoder(shape: Shape) -> Encoder:
    if isinstance(shape, StructureShape):
        return _structure(shape)
    if isinstance(shape, ListShape):
        return _list(shape)
    if "enum" in shape.metadata:
        return _enum(shape)
    return _SCALARS[shape.type_name]


def _structure(shape: StructureShape) -> Encoder:
    members = {
        name: (encode_string(name) + ":", _encoder(member))
        for name, member in shape.members.items()
    }

    def encode(value: Mapping[str, Any] | Shown) -> str:
        if isinstance(value, Shown):
            return _PLACE
        parts = []
        for name, member in value.items():
            try:
                prefix, encode_member = members[name]
            except KeyError:
                raise ContractError(f"{shape.name} has no member {name}") from None
            parts.append(prefix + encode_member(member))
        return "{" + ",".join(parts) + "}"

    return encode


def _list(shape: ListShape) -> Encoder:
    encode_member = _encoder(shape.member)
    return lambda value: "[" + ",".join(map(encode_member, value)) + "]"


def _enum(shape: Shape) -> Encoder:
    encoded = {value: encode_string(value) for value in shape.metadata["enum"]}

    def encode(value: str) -> str:
        if value not in encoded:
            raise ContractError(f"{shape.name} has no value {value!r}")
        return encoded[value]

    return encode


def _string(value: str) -> str:
    if not isinstance(value, str):
        raise ContractError(f"{value!r} is not a string")
    return encode_string(value) if len(value) < LONG else _long_string(value)


@functools.lru_cache(maxsize=128)  # a question of 10 KB is found in a hundredth of the time
def _long_string(value: str) -> str:
    """Return the JSON of a text, for equal texts the same one."""
    return encode_string(value)


def _integer(value: int) -> str:
    if type(value) is not int:
        raise ContractError(f"{value!r} is not an integer")
    return str(value)


def _boolean(value: bool) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    raise ContractError(f"{value!r} is not a boolean")


def _timestamp(value: int) -> str:
    if type(value) is not int:
        raise ContractError(f"{value!r} is not an integer")
    return java_double(value // SECOND)


_SCALARS: Final[dict[str, Encoder]] = {
    "string": _string,
    "integer": _integer,
    "long": _integer,
    "boolean": _boolean,
    "timestamp": _timestamp,
}


def java_double(value: int) -> str:
    """Write a whole number as Java writes a double, e.g. ``1.558393704E9``. [observed]"""
    digits = str(abs(value))
    sign = "-" if value < 0 else ""
    if len(digits) < 8:  # Java's scientific form begins at ten million
        return f"{sign}{digits}.0"
    return f"{sign}{digits[0]}.{digits[1:].rstrip('0') or '0'}E{len(digits) - 1}"
