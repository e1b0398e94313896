"""Pages of the list operations.

A NextToken contains the last item's number, not how many items came before it, so a program
that deletes items between two pages skips none. [assumed]
"""

from __future__ import annotations

import base64
import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic

from mturk_mock.core import errors
from mturk_mock.core.indexes import ItemT, Listed

#: The number of items on a page if MaxResults is omitted. [doc, legacy]
DEFAULT_RESULTS: Final = 10

_NUMBER_BYTES: Final = 8
_SEAL_BYTES: Final = 40


@dataclass(frozen=True)
class Page(Generic[ItemT]):
    """One page: the items, and the token of the next page.

    Every page with items has a token, even the last one; an empty page has none. [observed]
    """

    items: list[ItemT]
    next_token: str | None


def paginate(
    items: Listed[ItemT],
    *,
    scope: str,
    wanted: Callable[[ItemT], bool] | None = None,
    newest_first: bool = False,
    next_token: str | None,
    max_results: int,
) -> Page[ItemT]:
    """Return the page of `items` to which `next_token` points; the first page for None.

    `wanted`: a filter for the items. `scope`: the operation and its filters; a NextToken of
    another scope raises InvalidParameterValue. [assumed]
    """
    last = None if next_token is None else _open_token(next_token, scope)
    left = items.before(last) if newest_first else items.after(last)
    if wanted is not None:
        left = filter(wanted, left)
    found = list(itertools.islice(left, max_results))
    return Page(found, _seal_token(found[-1].number, scope) if found else None)


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
    return hashlib.blake2b(
        place + scope.encode(errors="surrogatepass"), digest_size=_SEAL_BYTES
    ).digest()
