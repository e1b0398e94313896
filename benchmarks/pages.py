"""Pages of long lists, compared with the page of a short list, for every list operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Final, NamedTuple

from benchmarks import filling
from benchmarks.filling import HIT_ID, QUALIFICATION_TYPE_ID
from benchmarks.measure import Comparison, Result, run_rounds, timed
from mturk_mock import Snapshot, mock_mturk

ROUNDS = 40
PAGE = 100
GOAL = 1.1

Parameters = dict[str, Any]
Rows = list[Comparison]


class Lists(NamedTuple):
    """A function that returns a snapshot with a number of items, and the calls that list them."""

    fill: Callable[[int], Snapshot]
    calls: Mapping[str, Parameters]


OF_HIT: Final = {"HITId": HIT_ID}
OF_TYPE: Final = {"QualificationTypeId": QUALIFICATION_TYPE_ID}
LISTS = (
    Lists(
        filling.expired_hits,
        {"list_hits": {}, "list_reviewable_hits": {}, "list_hits_for_qualification_type": OF_TYPE},
    ),
    Lists(filling.work, {"list_assignments_for_hit": OF_HIT, "list_bonus_payments": OF_HIT}),
    Lists(
        filling.workers,
        {
            "list_worker_blocks": {},
            "list_workers_with_qualification_type": OF_TYPE,
            "list_qualification_requests": OF_TYPE,
        },
    ),
    Lists(
        filling.qualification_types,
        {"list_qualification_types": {"MustBeRequestable": False, "MustBeOwnedByCaller": True}},
    ),
    Lists(filling.review_results, {"list_review_policy_results_for_hit": OF_HIT}),
)


def walk(client: Any, method: str, parameters: Parameters) -> Iterator[Parameters]:
    """Yield the parameters of the call for each full page."""
    page = {**parameters, "MaxResults": PAGE}
    while token := getattr(client, method)(**page).get("NextToken"):
        yield page
        page = {**page, "NextToken": token}


def compare_pages(client: Any, method: str, parameters: Parameters, short: Snapshot) -> Rows:
    """Compare the first, middle and last page of a long list with the page of a short list."""
    pages = list(walk(client, method, parameters))
    call = getattr(client, method)

    def reference(size: int) -> float:
        with mock_mturk() as mturk:  # the inner mock answers
            mturk.restore(short)
            return timed(lambda: call(**pages[0]), size)

    def row(place: str, page: Parameters) -> Comparison:
        name = f"{method}, the {place} of {len(pages):,} pages"
        return Comparison(name, lambda size: timed(lambda: call(**page), size), reference, GOAL, 2)

    middle = pages[len(pages) // 2]
    return [row("first", pages[0]), row("middle", middle), row("last", pages[-1])]


def measure_lists(lists: Lists, items: int, rounds: int) -> list[Result]:
    """Return the slowest page of each list."""
    long, short = lists.fill(items), lists.fill(PAGE)
    with mock_mturk() as mturk:
        mturk.restore(long)
        client = mturk.client()
        rows = [compare_pages(client, *call, short) for call in lists.calls.items()]
        mturk.restore(long)  # without the calls that found the pages
        results = iter(run_rounds(list(chain(*rows)), rounds))
    return [max(islice(results, len(of_list)), key=lambda row: row.ratio) for of_list in rows]


def run(rounds: int, items: int = 100_000) -> list[Result]:
    """Measure every list operation."""
    return [result for lists in LISTS for result in measure_lists(lists, items, rounds)]
