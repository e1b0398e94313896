"""The list of HIT groups: search, order, pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from heapq import nlargest
from typing import Final

from starlette.responses import Response

from mturk_mock.server.pages import PageRequest
from mturk_mock.server.worker.paging import read_page, read_paging
from mturk_mock.server.worker.site import WorkerSite
from mturk_mock.workforce.hit_groups import HITGroup, find_groups

#: The orders of the list, and their names.
ORDERS: Final = {"newest": "Newest", "reward": "Highest reward", "number": "Most HITs"}
_GROUPS_ON_A_PAGE: Final = 20


@dataclass(frozen=True)
class Row:
    """One group in the list. ``minutes`` and so on are for people: see the template."""

    group_id: str
    title: str
    requester: str
    reward: Decimal
    size: int
    seconds: int
    is_qualified: bool


@dataclass(frozen=True)
class Search:
    """What the worker looks for."""

    text: str
    order: str
    only_qualified: bool

    @property
    def query(self) -> dict[str, str]:
        """What the addresses of its pages have in their query."""
        values = {"search": self.text, "sort": self.order}
        return {**values, "qualified": "on"} if self.only_qualified else values

    def select(self, groups: Iterator[HITGroup]) -> Iterator[HITGroup]:
        """Yield the groups that the worker looks for."""
        words = self.text.lower().split()
        for group in groups:
            is_wanted = not words or group.matches(words)
            if is_wanted and (not self.only_qualified or group.is_qualified):
                yield group


class _Counted:
    """Yields groups, and counts them. ``count``: how many it has yielded."""

    def __init__(self, groups: Iterator[HITGroup]) -> None:
        self._groups = groups
        self.count = 0

    def __iter__(self) -> Iterator[HITGroup]:
        for group in self._groups:
            self.count += 1
            yield group


def show_groups(site: WorkerSite, request: PageRequest) -> Response:
    """Show the HIT groups that the worker can see."""
    search = _read_search(request)
    worker_id = site.worker(request).id
    with site.backend.transaction() as (marketplace, _):
        person = marketplace.people[worker_id]
        groups = _Counted(search.select(find_groups(marketplace, person, site.environment)))
        # Only the first groups are kept: with many at a time, Python looks for garbage.
        most = _GROUPS_ON_A_PAGE * read_page(request.query)
        found = nlargest(most, groups, key=_SORT_KEYS[search.order])
        paging = read_paging(request.query, groups.count, _GROUPS_ON_A_PAGE, **search.query)
        rows = [_row(group) for group in paging.select(found)]
    return site.show(
        request,
        "hit_groups.html",
        rows=rows,
        paging=paging,
        search=search,
        orders=ORDERS,
    )


def _read_search(request: PageRequest) -> Search:
    """Return the search; wrong values, as of an old bookmark, count as the defaults."""
    query = request.query
    order = query.get("sort", "")
    return Search(
        query.get("search", "").strip(),
        order if order in ORDERS else "newest",
        query.get("qualified") == "on",
    )


_SORT_KEYS: Final = {
    "newest": lambda group: group.creation_time,
    "reward": lambda group: group.type.properties.reward,
    "number": lambda group: group.size,
}


def _row(group: HITGroup) -> Row:
    properties = group.type.properties
    return Row(
        group.type.group_id,
        properties.title,
        group.account.requester,
        properties.reward,
        group.size,
        properties.assignment_duration,
        group.is_qualified,
    )
