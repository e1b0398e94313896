"""Pagination, which is the same for all list operations."""

from __future__ import annotations

import re

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from tests.helpers import NOW, constraint, create_hit, error_of, expire, invalid_value, work
from tests.listings import of_assignments, of_blocks, of_bonuses, of_hits, of_reviewable_hits

pytestmark = pytest.mark.mock_mturk(now=NOW, seed=1)


LISTS = [of_hits, of_reviewable_hits, of_assignments, of_bonuses, of_blocks]


@pytest.fixture(params=LISTS, ids=lambda make: make.__name__)
def listing(request, mturk, mturk_client):
    """Create a list with this many items."""
    return lambda count: request.param(mturk, mturk_client, count)


# Pages ------------------------------------------------------------------------------------


def test_page_has_ten_items_unless_said(mturk_client, listing):
    """MaxResults is 10 by default; NumResults is the page's length. [doc, legacy] [observed]"""
    list_ = listing(11)
    page = list_.page(mturk_client)

    assert page["NumResults"] == 10
    assert list_.ids(page) == list_.made[:10]


@pytest.mark.parametrize("most", [1, 3, 100])
def test_page_has_max_results_at_most(mturk_client, listing, most):
    """MaxResults can be 1 to 100. [doc]"""
    list_ = listing(5)
    page = list_.page(mturk_client, MaxResults=most)

    assert page["NumResults"] == min(most, 5)
    assert list_.ids(page) == list_.made[:most]


def test_page_of_more_than_a_hundred(mturk_client, listing):
    """MaxResults above 100 is a ValidationException. [assumed] text"""
    list_ = listing(0)

    assert error_of(lambda: list_.page(mturk_client, MaxResults=101)) == constraint(
        101, "maxResults", "Member must have value less than or equal to 100"
    )


def test_page_of_nothing_at_all(mturk_client, listing):
    """boto3 itself refuses MaxResults below 1. [observed]"""
    list_ = listing(0)

    with pytest.raises(ParamValidationError, match="MaxResults"):
        list_.page(mturk_client, MaxResults=0)


def test_pages_one_after_the_other(mturk_client, listing):
    """Every page with items has a NextToken, even the last; the next page is empty. [observed]"""
    list_ = listing(5)
    first = list_.page(mturk_client, MaxResults=3)
    second = list_.page(mturk_client, MaxResults=3, NextToken=first["NextToken"])
    third = list_.page(mturk_client, MaxResults=3, NextToken=second["NextToken"])

    assert list_.ids(first) + list_.ids(second) == list_.made
    assert second["NumResults"] == 2
    assert third == {"NumResults": 0, list_.key: []}


def test_page_that_is_exactly_full_has_a_token(mturk_client, listing):
    """The last page has a NextToken even if it is full. [observed]"""
    list_ = listing(2)
    page = list_.page(mturk_client, MaxResults=2)

    assert list_.page(mturk_client, NextToken=page["NextToken"])["NumResults"] == 0


def test_empty_list_has_no_token(mturk_client, listing):
    """An empty page has an empty list and no NextToken. [observed]"""
    list_ = listing(0)

    assert list_.page(mturk_client) == {"NumResults": 0, list_.key: []}


def test_token_looks_as_recorded(mturk_client, listing):
    """A token is "p1:" and 64 characters of base64. [observed]"""
    token = listing(1).page(mturk_client)["NextToken"]

    assert re.fullmatch(r"p1:[A-Za-z0-9+/]{62,64}={0,2}", token)
    assert len(token) == 67


def test_token_with_another_page_size(mturk_client, listing):
    """MaxResults can differ from page to page. [assumed]"""
    list_ = listing(5)
    first = list_.page(mturk_client, MaxResults=1)
    second = list_.page(mturk_client, MaxResults=100, NextToken=first["NextToken"])

    assert list_.ids(second) == list_.made[1:]


def test_token_can_be_used_again(mturk_client, listing):
    """A token returns the same page each time. [assumed]"""
    list_ = listing(4)
    token = list_.page(mturk_client, MaxResults=2)["NextToken"]
    pages = [list_.page(mturk_client, NextToken=token) for _ in range(2)]

    assert pages[0] == pages[1]
    assert list_.ids(pages[0]) == list_.made[2:]


def test_paginator_of_boto3(mturk_client, listing):
    """boto3's paginators return every item once, and end. [observed]"""
    list_ = listing(7)
    paginator = mturk_client.get_paginator(list_.operation)
    pages = list(paginator.paginate(**list_.parameters, PaginationConfig={"PageSize": 3}))

    assert [page["NumResults"] for page in pages] == [3, 3, 1, 0]
    assert [id_ for page in pages for id_ in list_.ids(page)] == list_.made


def test_paginator_of_boto3_resumes(mturk_client, listing):
    """A paginator resumes from a token. [observed]"""
    list_ = listing(5)
    paginator = mturk_client.get_paginator(list_.operation)
    begun = paginator.paginate(
        **list_.parameters, PaginationConfig={"PageSize": 2, "MaxItems": 3}
    ).build_full_result()
    rest = paginator.paginate(
        **list_.parameters, PaginationConfig={"StartingToken": begun["NextToken"]}
    ).build_full_result()

    assert list_.ids(begun) + list_.ids(rest) == list_.made


# Tokens that are refused ------------------------------------------------------------------


@pytest.mark.parametrize(
    "token", ["garbage", "p1:", "p1:é", "p1:garbage", "p1:" + "A" * 64, "p2:" + "A" * 64]
)
def test_token_of_garbage(mturk_client, listing, token):
    """A token that no response had is refused. [assumed]"""
    list_ = listing(1)
    refusal = error_of(lambda: list_.page(mturk_client, NextToken=token))

    assert refusal == invalid_value(token, "NextToken")


def test_token_that_was_changed(mturk_client, listing):
    """A token with one changed letter is refused. [assumed]"""
    list_ = listing(2)
    token = list_.page(mturk_client)["NextToken"]
    place = len("p1:") + 3
    other = token[:place] + ("B" if token[place] == "A" else "A") + token[place + 1 :]

    refusal = error_of(lambda: list_.page(mturk_client, NextToken=other))
    assert refusal == invalid_value(other, "NextToken")


def test_token_without_its_prefix(mturk_client, listing):
    """A token without its prefix is refused. [assumed]"""
    list_ = listing(1)
    token = list_.page(mturk_client)["NextToken"].removeprefix("p1:")

    refusal = error_of(lambda: list_.page(mturk_client, NextToken=token))
    assert refusal == invalid_value(token, "NextToken")


def test_token_too_long(mturk_client, listing):
    """A token has 255 characters at most. [doc] length, [assumed] error"""
    list_ = listing(0)

    assert error_of(lambda: list_.page(mturk_client, NextToken="x" * 256)) == constraint(
        "x" * 256, "nextToken", "Member must have length less than or equal to 255"
    )


def test_token_of_another_operation(mturk, mturk_client):
    """A token is refused by other operations. [assumed]"""
    lists = [make(mturk, mturk_client, 1) for make in LISTS]
    tokens = [list_.page(mturk_client)["NextToken"] for list_ in lists]

    for list_ in lists:
        for other, token in zip(lists, tokens, strict=True):
            if other is not list_:
                refusal = error_of(lambda t=token, lst=list_: lst.page(mturk_client, NextToken=t))
                assert refusal == invalid_value(token, "NextToken")


@pytest.mark.parametrize(
    ("operation", "filters"),
    [
        ("list_reviewable_hits", {"Status": "Reviewing"}),
        ("list_reviewable_hits", {"HITTypeId": "3OTHER"}),
        ("list_assignments_for_hit", {"AssignmentStatuses": ["Approved"]}),
    ],
)
def test_token_of_another_filter(mturk, mturk_client, operation, filters):
    """A token is refused with another filter. [assumed]"""
    make = of_reviewable_hits if operation == "list_reviewable_hits" else of_assignments
    list_ = make(mturk, mturk_client, 2)
    token = list_.page(mturk_client)["NextToken"]

    refusal = error_of(lambda: list_.page(mturk_client, NextToken=token, **filters))
    assert refusal == invalid_value(token, "NextToken")


def test_token_of_another_hit(mturk, mturk_client):
    """A token of one HIT's assignments is refused for another HIT. [assumed]"""
    list_, other = (of_assignments(mturk, mturk_client, 1) for _ in range(2))
    token = list_.page(mturk_client)["NextToken"]

    refusal = error_of(lambda: other.page(mturk_client, NextToken=token))
    assert refusal == invalid_value(token, "NextToken")


def test_token_with_a_default_said(mturk, mturk_client):
    """Passing the default filter explicitly is the same as leaving it out. [assumed]"""
    list_ = of_reviewable_hits(mturk, mturk_client, 2)
    token = list_.page(mturk_client, MaxResults=1)["NextToken"]
    page = list_.page(mturk_client, NextToken=token, Status="Reviewable")

    assert list_.ids(page) == list_.made[1:]


def test_token_of_another_requester(mturk, mturk_client, mturk_sandbox_client):
    """A token is refused for another requester or in the other environment. [assumed]"""
    list_ = of_hits(mturk, mturk_client, 1)
    token = list_.page(mturk_client)["NextToken"]

    for client in (mturk_sandbox_client, mturk.requester("other").client()):
        refusal = error_of(lambda client=client: list_.page(client, NextToken=token))
        assert refusal == invalid_value(token, "NextToken")


# Lists that change ------------------------------------------------------------------------


@pytest.mark.parametrize("make", [of_hits, of_reviewable_hits], ids=lambda make: make.__name__)
def test_deleting_what_a_page_showed_misses_nothing(mturk, mturk_client, make):
    """Deleting the items of a page does not skip items on the next page. [assumed]"""
    list_ = make(mturk, mturk_client, 7)
    seen: list[str] = []
    page = list_.page(mturk_client, MaxResults=3)
    while page["NumResults"]:
        for hit_id in list_.ids(page):
            seen.append(hit_id)
            expire(mturk_client, hit_id)
            mturk_client.delete_hit(HITId=hit_id)
        page = list_.page(mturk_client, MaxResults=3, NextToken=page["NextToken"])

    assert seen == list_.made


def test_deleting_while_a_paginator_reads_misses_nothing(mturk, mturk_client):
    """Deleting HITs while a boto3 paginator reads the list skips none. [assumed]"""
    list_ = of_reviewable_hits(mturk, mturk_client, 25)
    for page in mturk_client.get_paginator("list_reviewable_hits").paginate():
        for hit_id in list_.ids(page):
            mturk_client.delete_hit(HITId=hit_id)

    assert mturk_client.list_hits()["NumResults"] == 0


def test_new_hits_do_not_move_the_pages(mturk, mturk_client):
    """HITs created while a list is read do not appear on later pages. [assumed]"""
    list_ = of_hits(mturk, mturk_client, 4)
    first = list_.page(mturk_client, MaxResults=2)
    create_hit(mturk_client)
    second = list_.page(mturk_client, MaxResults=2, NextToken=first["NextToken"])

    assert list_.ids(first) + list_.ids(second) == list_.made


def test_new_work_is_on_the_pages_to_come(mturk, mturk_client):
    """Assignments submitted while a list is read appear at its end. [assumed]"""
    list_ = of_assignments(mturk, mturk_client, 2)
    first = list_.page(mturk_client)
    (new,) = work(mturk, list_.parameters["HITId"])
    second = list_.page(mturk_client, NextToken=first["NextToken"])

    assert list_.ids(second) == [new.id]


def test_work_that_changes_its_status_does_not_move_the_pages(mturk, mturk_client):
    """Approving submitted assignments page by page skips none. [assumed]"""
    list_ = of_assignments(mturk, mturk_client, 5)
    seen: list[str] = []
    filters = {"AssignmentStatuses": ["Submitted"], "MaxResults": 2}
    page = list_.page(mturk_client, **filters)
    while page["NumResults"]:
        for assignment_id in list_.ids(page):
            seen.append(assignment_id)
            mturk_client.approve_assignment(AssignmentId=assignment_id)
        page = list_.page(mturk_client, **filters, NextToken=page["NextToken"])

    assert seen == list_.made


def test_pages_of_a_search_for_a_surrogate(mturk_client):
    """A query that is no valid Unicode finds nothing, and is no error."""
    found = mturk_client.list_qualification_types(Query="\ud800", MustBeRequestable=True)
    system = mturk_client.list_qualification_types(MustBeRequestable=False)
    token = system["NextToken"]
    with pytest.raises(ClientError, match="NextToken"):
        mturk_client.list_qualification_types(
            Query="\ud800", MustBeRequestable=False, NextToken=token
        )

    assert found["NumResults"] == 0
