r"""A reader of the parts of a JavaScript regular expression that begin with ``\`` or ``[``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mturk_mock.questions.javascript import characters as chars

_CLASSES: Final = {"d": chars.DIGITS, "s": chars.SPACES, "w": chars.WORD}
_CONTROLS: Final = {"f": 0x0C, "n": 0x0A, "r": 0x0D, "t": 0x09, "v": 0x0B}

_CLASS: Final = re.compile(r"\\([dDsSwW])")
_REFERENCE: Final = re.compile(r"\\([1-9][0-9]*)")
_NAMED_REFERENCE: Final = re.compile(r"\\k<([^>]{0,99})>")
_CONTROL: Final = re.compile(r"\\c([A-Za-z])")
_CONTROL_IN_CLASS: Final = re.compile(r"\\c([A-Za-z0-9_])")
_HEXADECIMAL: Final = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4}))")
_OCTAL: Final = re.compile(r"\\([0-3][0-7]{0,2}|[4-7][0-7]?)")


class PatternError(Exception):
    """An invalid or unsupported pattern."""


class Source:
    """A pattern, and the position of its next unit."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._position = 0

    @property
    def peek(self) -> str:
        """The next unit; empty at the end."""
        return self._pattern[self._position : self._position + 1]

    @property
    def at_end(self) -> bool:
        """Whether the whole pattern has been read."""
        return not self.peek

    def next(self) -> str:
        """Read one unit; empty at the end."""
        unit = self.peek
        self._position += 1
        return unit

    def skip(self, text: str) -> bool:
        """Read `text` if it comes next; return whether it did."""
        found = self._pattern.startswith(text, self._position)
        self._position += len(text) if found else 0
        return found

    def look(self, form: re.Pattern[str]) -> re.Match[str] | None:
        """Return a match of `form` at the position, without reading it."""
        return form.match(self._pattern, self._position)

    def take(self, form: re.Pattern[str]) -> re.Match[str] | None:
        """Read a match of `form`, if there is one."""
        found = self.look(form)
        if found:
            self._position = found.end()
        return found


def read_class(source: Source, has_names: bool) -> tuple[chars.Ranges, bool]:
    """Read a class in brackets; return its ranges, and whether it is negated.

    Raises PatternError if it has no end or a range is out of order.
    """
    source.next()
    negated = source.skip("^")
    ranges: list[tuple[int, int]] = []
    while not source.skip("]"):
        ranges.extend(_read_range(source, has_names))
    return tuple(ranges), negated


def _read_range(source: Source, has_names: bool) -> chars.Ranges:
    first = _read_member(source, has_names)
    if source.peek != "-":
        return first
    source.next()
    if source.peek == "]":
        return (*first, _range("-"))
    last = _read_member(source, has_names)
    if not (_is_unit(first) and _is_unit(last)):  # in [\w-.] the hyphen is a member
        return (*first, _range("-"), *last)
    if last < first:
        raise PatternError
    return ((first[0][0], last[0][0]),)


def _is_unit(ranges: chars.Ranges) -> bool:
    r"""Return whether the ranges are one unit, not a class like ``\d``."""
    return len(ranges) == 1 and ranges[0][0] == ranges[0][1]


def _range(unit: str) -> tuple[int, int]:
    return (ord(unit), ord(unit))


def _read_member(source: Source, has_names: bool) -> chars.Ranges:
    if source.at_end:
        raise PatternError
    if source.peek != "\\":
        return (_range(source.next()),)
    ranges = read_class_escape(source)
    if ranges is not None:
        return ranges
    if source.skip("\\b"):
        return (_range("\b"),)
    if control := source.take(_CONTROL_IN_CLASS):
        return ((ord(control[1]) % 32, ord(control[1]) % 32),)
    unit = read_unit(source, has_names)
    return ((unit, unit),)


def read_class_escape(source: Source) -> chars.Ranges | None:
    r"""Read ``\d``, ``\s``, ``\w`` or their negations, if one comes next."""
    found = source.take(_CLASS)
    if not found:
        return None
    ranges = _CLASSES[found[1].lower()]
    return ranges if found[1].islower() else chars.complement(ranges)


def read_reference(source: Source, names: Sequence[str | None]) -> int | None:
    r"""Read ``\1`` or ``\k<name>``, if one comes next; return the group's number.

    `names`: the names of all groups, None for groups without a name. ``\1`` is no reference
    if there are fewer groups. Raises PatternError for an unknown name.
    """
    found = source.look(_NAMED_REFERENCE)
    if found and any(names):
        source.take(_NAMED_REFERENCE)
        if found[1] not in names:
            raise PatternError
        return names.index(found[1]) + 1
    found = source.look(_REFERENCE)
    if not found or len(found[1]) > 5 or int(found[1]) > len(names):
        return None
    source.take(_REFERENCE)
    return int(found[1])


def read_unit(source: Source, has_names: bool) -> int:
    r"""Read an escape of one code unit; return the unit.

    ``\c`` without a letter is a backslash, and the c remains to be read. Raises PatternError for
    a backslash at the end, and for ``\k`` in patterns with named groups.
    """
    if found := source.take(_CONTROL):
        return ord(found[1]) % 32
    if found := source.take(_HEXADECIMAL):
        return int(found[1] or found[2], 16)
    if found := source.take(_OCTAL):
        return int(found[1], 8)
    source.next()
    unit = source.peek
    if unit == "c":
        return ord("\\")
    if not unit or (unit == "k" and has_names):
        raise PatternError
    source.next()
    return _CONTROLS.get(unit, ord(unit))
