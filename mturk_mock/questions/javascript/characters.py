"""UTF-16 code units, the characters of JavaScript's regular expressions, and sets of them.

A unit is a str of one character up to U+FFFF. A character beyond is two units.
"""

from __future__ import annotations

import functools
import struct
from bisect import bisect_left, bisect_right
from typing import Final

#: Code units from the first number to the second, both included.
Ranges = tuple[tuple[int, int], ...]

LAST_UNIT: Final = 0xFFFF

DIGITS: Final[Ranges] = ((0x30, 0x39),)
WORD: Final[Ranges] = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
#: ECMAScript's WhiteSpace and LineTerminator.
SPACES: Final[Ranges] = (
    (0x09, 0x0D),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
)
LINE_ENDS: Final[Ranges] = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))


def to_units(text: str) -> str:
    """Return the code units of a text."""
    if text.isascii():
        return text
    content = text.encode("utf-16-le", "surrogatepass")
    return "".join(map(chr, struct.unpack(f"<{len(content) // 2}H", content)))


def to_text(units: str) -> str:
    """Return the text of code units; lone surrogates are kept."""
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def fold(unit: str) -> str:
    """Return the unit to compare when case is ignored: ECMAScript's Canonicalize."""
    upper = unit.upper()
    if len(upper) > 1 or (upper.isascii() and not unit.isascii()):
        return unit
    return upper


@functools.lru_cache(maxsize=1)
def _folds() -> tuple[list[int], list[int]]:
    """Return the units that fold to another unit, in order, and the other units."""
    pairs = [(unit, ord(fold(chr(unit)))) for unit in range(LAST_UNIT + 1)]
    changed = [(unit, other) for unit, other in pairs if unit != other]
    return [unit for unit, _ in changed], [other for _, other in changed]


def fold_ranges(ranges: Ranges) -> Ranges:
    """Return the ranges, extended by the units to which their units fold."""
    folded: list[int] = []
    for low, high in merge(ranges):
        if low == high:
            folded.append(ord(fold(chr(low))))
        else:
            units, others = _folds()
            found = others[bisect_left(units, low) : bisect_right(units, high)]
            folded.extend([other for other in found if not low <= other <= high])
    return merge((*ranges, *((unit, unit) for unit in folded)))


def merge(ranges: Ranges) -> Ranges:
    """Return the same units as sorted ranges that do not touch."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def complement(ranges: Ranges) -> Ranges:
    """Return the ranges of all other units."""
    missing = []
    start = 0
    for low, high in merge(ranges):
        if start < low:
            missing.append((start, low - 1))
        start = high + 1
    if start <= LAST_UNIT:
        missing.append((start, LAST_UNIT))
    return tuple(missing)


def contains(ranges: Ranges, unit: int) -> bool:
    """Return whether a unit is in one of the sorted ranges."""
    index = bisect_right(ranges, (unit, LAST_UNIT)) - 1
    return index >= 0 and unit <= ranges[index][1]
