"""Pages of the list operations.

A page says where it ended, not how many items came before: what a program deletes
while it reads page after page makes it miss nothing. [assumed]
"""

from __future__ import annotations

import base64
import bisect
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from mturk_mock import errors

#: Items on a page when the request does not say. [doc, legacy]
DEFAULT_RESULTS: Final = 10

_NUMBER_BYTES: Final = 8
_SEAL_BYTES: Final = 40


class Numbered(Protocol):
    """Anything that is listed: its number tells its place, and never changes."""

    @property
    def number(self) -> int:
        """Its place, counted from the oldest."""
        ...


ItemT = TypeVar("ItemT", bound=Numbered)


@dataclass(frozen=True)
class Page(Generic[ItemT]):
    """One page: the items, and the token of the next page.

    A token comes with every page that has items, the last one too; the page after
    it is empty and has none. [observed]
    """

    items: list[ItemT]
    next_token: str | None


def paginate(
    items: Sequence[ItemT],
    *,
    scope: str,
    wanted: Callable[[ItemT], bool],
    newest_first: bool = False,
    next_token: str | None = None,
    max_results: int = DEFAULT_RESULTS,
) -> Page[ItemT]:
    """Return the page of the `wanted` items that `next_token` points to.

    `items` must be in the order of their numbers. `scope` names the operation and its
    filters: a token of another scope is refused with InvalidParameterValue. [assumed]
    """
    last = None if next_token is None else _open_token(next_token, scope)
    found: list[ItemT] = []
    for index in _places(items, last, newest_first):
        if len(found) == max_results:
            break
        if wanted(items[index]):
            found.append(items[index])
    return Page(found, _seal_token(found[-1].number, scope) if found else None)


def _places(items: Sequence[Numbered], last: int | None, newest_first: bool) -> range:
    if newest_first:
        end = len(items) if last is None else bisect.bisect_left(items, last, key=_number)
        return range(end - 1, -1, -1)
    return range(0 if last is None else bisect.bisect_right(items, last, key=_number), len(items))


def _number(item: Numbered) -> int:
    return item.number


def _seal_token(number: int, scope: str) -> str:
    place = number.to_bytes(_NUMBER_BYTES, "big")
    return "p1:" + base64.b64encode(place + _seal(place, scope)).decode()


def _open_token(token: str, scope: str) -> int:
    try:
        content = base64.b64decode(token.removeprefix("p1:"), validate=True)
    except ValueError:
        content = b""
    place, seal = content[:_NUMBER_BYTES], content[_NUMBER_BYTES:]
    if not token.startswith("p1:") or seal != _seal(place, scope):
        raise errors.INVALID_PARAMETER_VALUE(value=token, parameter="NextToken")
    return int.from_bytes(place, "big")


def _seal(place: bytes, scope: str) -> bytes:
    return hashlib.blake2b(place + scope.encode(), digest_size=_SEAL_BYTES).digest()
