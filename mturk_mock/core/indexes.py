"""Lists sorted by number, which find the start of a page in O(log n)."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Collection, Hashable, Iterator
from operator import attrgetter
from typing import Any, Final, Generic, Protocol, TypeVar

#: The maximum length of a block. An insertion or deletion shifts the items of one block.
_MOST: Final = 512


class Numbered(Protocol):
    """An item of a sorted list."""

    @property
    def number(self) -> int:
        """The sort key, counted from the oldest item; 0 or more, and constant."""


ItemT = TypeVar("ItemT", bound=Numbered)
ItemT_co = TypeVar("ItemT_co", bound=Numbered, covariant=True)


class Listed(Protocol[ItemT_co]):
    """A sorted list, read from any number on, in both directions."""

    def after(self, number: int | None = None) -> Iterator[ItemT_co]:
        """Yield the items with larger numbers, in order; all items if `number` is None."""

    def before(self, number: int | None = None) -> Iterator[ItemT_co]:
        """Yield the items with smaller numbers, in reverse order; all if `number` is None."""


_number: Final[Any] = attrgetter("number")


class Ordered(Generic[ItemT]):
    """A sorted list, in blocks. No two items have the same number; most are added at the end."""

    __slots__ = ("_blocks",)

    def __init__(self) -> None:
        self._blocks: list[list[ItemT]] = [[]]  # a block is empty only if it is the only one

    def __bool__(self) -> bool:
        return bool(self._blocks[0])

    def __len__(self) -> int:
        return sum(map(len, self._blocks))

    @property
    def last(self) -> ItemT:
        """The item with the largest number; IndexError if there is none."""
        return self._blocks[-1][-1]

    def add(self, item: ItemT) -> None:
        """Add an item, or replace the one with the same number."""
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
        """Remove the item with this number, if there is one."""
        place, index = self._find(number)
        block = self._blocks[place]
        if index < len(block) and block[index].number == number:
            del block[index]
            if not block and len(self._blocks) > 1:
                del self._blocks[place]

    def _find(self, number: int) -> tuple[int, int]:
        """Return the block and the index in it of the first item with at least this number."""
        last = len(self._blocks) - 1
        place = bisect_left(self._blocks, number, 0, last, key=lambda block: block[-1].number)
        return place, bisect_left(self._blocks[place], number, key=_number)

    def after(self, number: int | None = None) -> Iterator[ItemT]:
        """Yield the items with larger numbers, in order; all items if `number` is None."""
        place, index = (0, 0) if number is None else self._find(number + 1)
        for block in self._blocks[place:]:
            yield from block[index:]
            index = 0

    def before(self, number: int | None = None) -> Iterator[ItemT]:
        """Yield the items with smaller numbers, in reverse order; all if `number` is None."""
        place, index = (len(self._blocks), None) if number is None else self._find(number)
        for block in reversed(self._blocks[: place + 1]):
            yield from reversed(block[:index])
            index = None


class _Merged(Generic[ItemT]):
    """Several sorted lists, read as one."""

    def __init__(self, parts: Collection[Ordered[ItemT]]) -> None:
        self._parts = parts

    def after(self, number: int | None = None) -> Iterator[ItemT]:
        """Yield the items with larger numbers, in order; all items if `number` is None."""
        return heapq.merge(*(part.after(number) for part in self._parts), key=_number)

    def before(self, number: int | None = None) -> Iterator[ItemT]:
        """Yield the items with smaller numbers, in reverse order; all if `number` is None."""
        parts = (part.before(number) for part in self._parts)
        return heapq.merge(*parts, key=_number, reverse=True)


class Index(Generic[ItemT]):
    """Sorted lists by key; a key without items has no list."""

    __slots__ = ("_lists",)

    def __init__(self) -> None:
        self._lists: dict[Hashable, Ordered[ItemT]] = {}

    def of(self, *keys: Hashable) -> Listed[ItemT]:
        """Return the items of all these keys; no item may be listed under two of them."""
        found = [self._lists[key] for key in keys if key in self._lists]
        return found[0] if len(found) == 1 else _Merged(found)

    def size_of(self, key: Hashable) -> int:
        """Return the number of a key's items."""
        return len(self._lists.get(key, ()))

    def last_of(self, key: Hashable) -> ItemT | None:
        """Return the item of a key with the largest number; None if it has none."""
        found = self._lists.get(key)
        return None if found is None else found.last

    def add(self, key: Hashable, item: ItemT) -> None:
        """Add an item to a key's list, or replace the one with the same number."""
        if key not in self._lists:
            self._lists[key] = Ordered()
        self._lists[key].add(item)

    def discard(self, key: Hashable, number: int) -> None:
        """Remove the item with this number from a key's list, if there is one."""
        if key in self._lists:
            self._lists[key].discard(number)
            if not self._lists[key]:
                del self._lists[key]

    def move(self, item: ItemT, before: Collection[Hashable], after: Collection[Hashable]) -> None:
        """Move an item from the lists of the keys `before` to those of the keys `after`."""
        for key in before:
            if key not in after:
                self.discard(key, item.number)
        for key in after:
            if key not in before:
                self.add(key, item)
