"""Lists in pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

_LONGEST_NUMBER: Final = 6  # digits


@dataclass(frozen=True)
class Paging:
    """One page of a list, and the links to those beside it.

    ``values``: what the addresses of all pages have in their query.
    """

    page: int
    total: int
    size: int
    values: Mapping[str, str]

    @property
    def pages(self) -> int:
        """How many pages there are, also for an empty list."""
        return max(1, -(-self.total // self.size))

    @property
    def start(self) -> int:
        """The position of the page's first item."""
        return (self.page - 1) * self.size

    def select(self, items: Iterable[Any]) -> list[Any]:
        """Return the items of this page."""
        return list(islice(items, self.start, self.start + self.size))

    def link(self, page: int) -> str:
        """Return the query of another page of the list."""
        return "?" + urlencode({**self.values, "page": page})


def read_paging(query: Mapping[str, str], total: int, size: int, **values: str) -> Paging:
    """Return the page that a query asks for, at most the last."""
    asked = Paging(read_page(query), total, size, values)
    return Paging(min(asked.page, asked.pages), total, size, values)


def read_page(query: Mapping[str, str]) -> int:
    """Return the number of the page that a query asks for: 1 if it is none."""
    given = query.get("page", "")
    is_number = given.isascii() and given.isdigit() and len(given) <= _LONGEST_NUMBER
    return max(1, int(given)) if is_number else 1
