"""Translates a JavaScript regular expression to an equivalent one for Python's `re`.

Two differences remain. JavaScript clears a group's capture at each repetition around it,
Python keeps it; references after the repetition show this. And each alternative of a
lookbehind must have a fixed length.
"""

from __future__ import annotations

from typing import Final

from mturk_mock.questions.javascript.characters import LAST_UNIT, Ranges, complement
from mturk_mock.questions.javascript.tree import (
    BackReference,
    Capture,
    CharSet,
    Choice,
    Look,
    Node,
    Repeat,
    Sequence,
)

#: Equivalents for Python's ASCII mode. ``\B`` of older Pythons does not match empty texts.
_BOUNDARIES: Final = {"^": r"\A", "$": r"\Z", "b": r"\b", "B": r"(?!\b)"}


def write(tree: Node) -> str:
    """Return the pattern, for the flag ASCII and texts as code units."""
    return _Writer().write(tree)


class _Writer:
    def __init__(self) -> None:
        self._closed: set[int] = set()  # groups that have ended

    def write(self, node: Node) -> str:
        match node:
            case CharSet(ranges):
                return _write_set(ranges)
            case Sequence(parts):
                return "".join([self.write(part) for part in parts])
            case Choice(options):
                return f"(?:{'|'.join([self.write(option) for option in options])})"
            case Capture(body, number):
                return self._write_capture(body, number)
            case Repeat(body, least, most, lazy):
                bounds = f"{least},{'' if most is None else most}"
                return f"(?:{self.write(body)}){{{bounds}}}{'?' if lazy else ''}"
            case BackReference(number):
                return self._write_reference(number)
            case Look():
                return self._write_look(node)
        return _BOUNDARIES[node.kind]

    def _write_capture(self, body: Node, number: int) -> str:
        written = self.write(body)
        self._closed.add(number)
        return f"(?P<g{number}>{written})"

    def _write_reference(self, number: int) -> str:
        """Write a reference, which JavaScript reads as empty before the group has matched."""
        return f"(?(g{number})(?P=g{number}))" if number in self._closed else ""

    def _write_look(self, look: Look) -> str:
        sign = f"(?{'<' if look.behind else ''}{'!' if look.negative else '='}"
        if not (look.behind and isinstance(look.body, Choice)):
            return f"{sign}{self.write(look.body)})"
        looks = [f"{sign}{self.write(option)})" for option in look.body.options]
        return "".join(looks) if look.negative else f"(?:{'|'.join(looks)})"


def _write_set(ranges: Ranges) -> str:
    if not ranges:
        return "(?!)"
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return f"\\u{ranges[0][0]:04x}"
    if ranges[-1][1] < LAST_UNIT:
        return f"[{_write_ranges(ranges)}]"
    # Negated, because `re` compiles a set up to the last unit slowly.
    others = complement(ranges)
    return f"[^{_write_ranges(others)}]" if others else "(?s:.)"


def _write_ranges(ranges: Ranges) -> str:
    return "".join([f"\\u{low:04x}-\\u{high:04x}" for low, high in ranges])
