"""Encode responses by their output shapes.

One encoder is compiled for each shape; it raises for members the shape does not have.
Times are microseconds since 1970 inside, whole seconds on the wire. [observed]
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from json.encoder import encode_basestring_ascii as encode_string
from typing import Any, Final

from botocore.model import ListShape, Shape, StructureShape

from mturk_mock.backend import service_model
from mturk_mock.core.clock import LATEST, SECOND

Encoder = Callable[[Any], str]

#: The JSON of strings of this length or more is cached, because questions repeat.
_LONG: Final = 256


class ContractError(Exception):
    """A result of the mock that does not have the shape in the service model."""


def encode_result(operation: str, result: Mapping[str, Any]) -> str:
    """Return the JSON of a result; raise ContractError if it has another shape."""
    return _compiled(operation)(result)


@functools.cache
def _compiled(operation: str) -> Encoder:
    return _encoder(service_model.load().operation_model(operation).output_shape)


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

    def encode(value: Mapping[str, Any]) -> str:
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
    return encode_string(value) if len(value) < _LONG else _long_string(value)


_long_string = functools.lru_cache(maxsize=128)(encode_string)


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
    return java_double(min(value, LATEST) // SECOND)


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
