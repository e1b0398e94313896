"""The list of HIT groups: search, order, pages."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from starlette.responses import Response

from mturk_mock.server.pages import PageRequest
from mturk_mock.server.worker.paging import read_paging
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
    def values(self) -> dict[str, str]:
        """What the addresses of its pages have in their query."""
        values = {"search": self.text, "sort": self.order}
        return {**values, "qualified": "on"} if self.only_qualified else values


def show_groups(site: WorkerSite, request: PageRequest) -> Response:
    """Show the HIT groups that the worker can see."""
    search = _read_search(request)
    worker_id = site.worker(request).id
    with site.backend.transaction() as (marketplace, _):
        person = marketplace.people[worker_id]
        found = [
            group
            for group in find_groups(marketplace, person, site.environment)
            if group.matches(search.text) and (group.is_qualified or not search.only_qualified)
        ]
        found.reverse()  # of groups that are equal, the newest is first
        found.sort(key=_SORT_KEYS[search.order], reverse=True)
        paging = read_paging(request.query, len(found), _GROUPS_ON_A_PAGE, **search.values)
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
