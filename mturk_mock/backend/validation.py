"""Check requests by their input shapes, and report problems in the service's words.

botocore checks types, required members and minima before it sends; maxima, patterns
and enums reach the service. One checker is compiled for each input shape.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from typing import Any, Final

from botocore import xform_name
from botocore.model import ListShape, Shape, StructureShape

from mturk_mock.backend import service_model
from mturk_mock.core import errors
from mturk_mock.core.quoting import shorten

#: Adds a sentence to a list for each constraint that a value at a path does not satisfy.
Check = Callable[[Any, str, list[str]], None]
#: A test of a value, and the constraint in the service's words.
Constraint = tuple[Callable[[Any], bool], str]


#: The most characters of a value that a message quotes. [assumed]
_LONGEST_VALUE: Final = 1000


class _WrongType(Exception):
    """A value that does not have the type of its shape."""


@functools.cache
def _compiled(operation: str) -> tuple[Check, dict[str, str]]:
    shape = service_model.load().operation_model(operation).input_shape
    return _structure(shape), {name: xform_name(name) for name in shape.members}


def check_request(operation: str, params: Any) -> dict[str, Any]:
    """Check a request by the service model; return its members as keyword arguments.

    Raises ValidationException for violated constraints, SerializationException for wrong types.
    Unknown members of a request are ignored. [assumed]
    """
    check, names = _compiled(operation)
    _require_valid(check, params, "")
    return {names[key]: params[key] for key in names if params.get(key) is not None}


def check_member(operation: str, name: str, value: Any) -> None:
    """Raise what `check_request` raises for one member of a request."""
    shape = service_model.load().operation_model(operation).input_shape.members[name]
    _require_valid(_checker(shape), value, _lower(name))


def _require_valid(check: Check, value: Any, path: str) -> None:
    problems: list[str] = []
    try:
        check(value, path, problems)
    except _WrongType as wrong:
        raise errors.SERIALIZATION(problem=wrong) from None
    if problems:
        plural = "" if len(problems) == 1 else "s"
        raise errors.VALIDATION(count=len(problems), s=plural, problems="; ".join(problems))


def _checker(shape: Shape) -> Check:
    if isinstance(shape, StructureShape):
        return _structure(shape)
    if isinstance(shape, ListShape):
        return _list(shape)
    return _scalar(shape)


def _structure(shape: StructureShape) -> Check:
    members = [(name, _lower(name), _checker(member)) for name, member in shape.members.items()]
    required = frozenset(shape.required_members)

    def check(value: Any, path: str, problems: list[str]) -> None:
        _require_type(value, dict, path, _STRUCTURE_EXPECTED)
        prefix = f"{path}." if path else ""
        for name, lower_name, check_member in members:
            member = value.get(name)
            if member is not None:
                check_member(member, prefix + lower_name, problems)
            elif name in required:
                rule = "Member must not be null"
                problems.append(_sentence("null", prefix + lower_name, rule))

    return check


def _list(shape: ListShape) -> Check:
    if not isinstance(shape.member, (StructureShape, ListShape)):
        return _plain_list(shape.member)
    check_member = _checker(shape.member)

    def check(value: Any, path: str, problems: list[str]) -> None:
        _require_type(value, list, path, _LIST_EXPECTED)
        for index, member in enumerate(value, 1):
            check_member(member, f"{path}.{index}.member", problems)

    return check


def _plain_list(member_shape: Shape) -> Check:
    """Check a list of strings or numbers as a whole. [observed] the path, [assumed] the value"""
    types, expected = _TYPES[member_shape.type_name]
    constraints = _constraints(member_shape)

    def check(value: Any, path: str, problems: list[str]) -> None:
        _require_type(value, list, path, _LIST_EXPECTED)
        for member in value:
            _require_type(member, types, path, expected)
        for satisfied, rule in constraints:
            if not all(map(satisfied, value)):
                shown = f"'[{', '.join(map(str, value))}]'"
                problems.append(_sentence(shown, path, rule))

    return check


_LIST_EXPECTED: Final = "A list was expected."
_STRUCTURE_EXPECTED: Final = "A structure was expected."
_TYPES: Final[dict[str, tuple[Any, str]]] = {
    "string": (str, "A string was expected."),
    "integer": (int, "A number was expected."),
    "long": (int, "A number was expected."),
    "boolean": (bool, "A boolean was expected."),
    "timestamp": ((int, float), "A timestamp in seconds was expected."),
}


def _scalar(shape: Shape) -> Check:
    types, expected = _TYPES[shape.type_name]
    constraints = _constraints(shape)

    def check(value: Any, path: str, problems: list[str]) -> None:
        _require_type(value, types, path, expected)
        for satisfied, rule in constraints:
            if not satisfied(value):
                problems.append(_sentence(f"'{value}'", path, rule))

    return check


def _require_type(value: Any, types: Any, path: str, expected: str) -> None:
    if type(value) is types:  # nearly always
        return
    is_bool = isinstance(value, bool)
    if isinstance(value, types) and is_bool == (types is bool):
        if not isinstance(value, float) or math.isfinite(value):
            return
    where = f" at '{path}'" if path else ""
    raise _WrongType(f"{expected} Found {type(value).__name__}{where}.")


def _constraints(shape: Shape) -> tuple[Constraint, ...]:
    """Return a shape's constraints, each with the service's words for it.

    [observed] for patterns, [doc] for IDs of at most 64 characters, [assumed] for the others.
    """
    facts = service_model.facts(shape)
    found: list[Constraint] = []
    is_text = shape.type_name == "string"
    size: Callable[[Any], int] = len if is_text else int
    quantity = "length" if is_text else "value"
    if "max" in facts:
        most = facts["max"]
        rule = f"Member must have {quantity} less than or equal to {most}"
        found.append((lambda value: size(value) <= most, rule))
    if "min" in facts:
        least = facts["min"]
        rule = f"Member must have {quantity} greater than or equal to {least}"
        found.append((lambda value: size(value) >= least, rule))
    if "pattern" in facts:
        pattern = re.compile(facts["pattern"].removeprefix("^").removesuffix("$"), re.ASCII)
        rule = f"Member must satisfy regular expression pattern: {facts['pattern']}"
        found.append((lambda value: pattern.fullmatch(value) is not None, rule))
    if "enum" in facts:
        allowed = facts["enum"]
        rule = f"Member must satisfy enum value set: [{', '.join(allowed)}]"
        found.append((lambda value: value in allowed, rule))
    return tuple(found)


def _lower(name: str) -> str:
    """Return a member's name with a lower-case first letter, as AWS's frameworks write it.

    [observed] for names like `bonusAmount`; [assumed] for `hITId`.
    """
    return name[0].lower() + name[1:]


def _sentence(value: str, path: str, rule: str) -> str:
    return (
        f"Value {shorten(value, _LONGEST_VALUE)} at '{path}' failed to satisfy constraint: {rule}"
    )
