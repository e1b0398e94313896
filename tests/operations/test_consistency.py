"""The option `consistency`: delays until the API shows and allows changes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from mturk_mock import mock_mturk
from tests.helpers import (
    DAY,
    HOUR,
    NOW,
    accept,
    create_hit,
    create_hit_type,
    error_of,
    expire,
    get_hit,
    hit_ids,
    out_of_range,
    request_error,
    state_of,
    work,
    wrong_hit_state,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW, consistency="eventual")

MOMENT = timedelta(microseconds=1)
RECORDED = {"lists": 15, "search": 60, "changes": 15, "counters": 15, "approvals": 420}

each_lag = pytest.mark.parametrize("lag", RECORDED)


@pytest.fixture(params=["production", "sandbox"])
def client(request, mturk):
    """Return a client of either environment: both have the same delays. [assumed]"""
    return mturk.client(sandbox=request.param == "sandbox")


def create_type(client, name="Reads Latin", **params):
    """Return the ID of a new qualification type."""
    response = client.create_qualification_type(
        Name=name, Description="?", QualificationTypeStatus="Active", **params
    )
    return response["QualificationType"]["QualificationTypeId"]


def requiring(type_id):
    """Return a requirement to have a qualification."""
    return [{"QualificationTypeId": type_id, "Comparator": "Exists"}]


def extend(client, hit_id, **params):
    """Add one assignment to a HIT."""
    client.create_additional_assignments_for_hit(
        HITId=hit_id, NumberOfAdditionalAssignments=1, **params
    )


def too_new(hit_id):
    """Return the refusal of a change to a HIT that is too new."""
    return request_error(
        "InvalidHITState",
        f"Hit {hit_id} was created just now and cannot be changed yet. Please try again later.",
    )


#: The refusal of an approval that comes too early. [observed]
NULL = request_error(
    "InvalidAssignmentState", "This operation can be called with a status of: null"
)


def succeeds(call, **params):
    """Return whether a call succeeds."""
    try:
        call(**params)
    except ClientError:
        return False
    return True


# Each lag by itself -----------------------------------------------------------------------
# A probe starts a change; it returns a function that tells whether the change is visible.


def probe_lists(mturk, client):
    hit_id = create_hit(client)["HITId"]
    return lambda: hit_ids(client.list_hits()) == [hit_id]


def probe_search(mturk, client):
    create_type(client)

    def is_there():
        found = client.list_qualification_types(MustBeRequestable=True, Query="latin")
        return found["NumResults"] == 1

    return is_there


def probe_changes(mturk, client):
    hit_id = create_hit(client)["HITId"]
    return lambda: succeeds(extend, client=client, hit_id=hit_id)


def probe_counters(mturk, client):
    hit_id = create_hit(client, MaxAssignments=2)["HITId"]
    accept(mturk, hit_id)
    return lambda: state_of(client, hit_id).pending == 1


def probe_approvals(mturk, client):
    (assignment,) = work(mturk, create_hit(client)["HITId"])
    return lambda: succeeds(client.approve_assignment, AssignmentId=assignment.id)


PROBES = {
    "lists": probe_lists,
    "search": probe_search,
    "changes": probe_changes,
    "counters": probe_counters,
    "approvals": probe_approvals,
}


def lasts(mturk, client, lag, length):
    """Return whether a delay lasts exactly as long as the positive timedelta."""
    is_over = PROBES[lag](mturk, client)
    at_once = is_over()
    mturk.clock.advance(length - MOMENT)
    before = is_over()
    mturk.clock.advance(MOMENT)
    return (at_once, before, is_over()) == (False, False, True)


@each_lag
def test_eventual_lags_as_recorded(mturk, client, lag):
    """15 s for lists and changes, 60 s for searches, 7 minutes for approvals. [observed]

    15 s for counters. [assumed]
    """
    assert lasts(mturk, client, lag, timedelta(seconds=RECORDED[lag]))


@each_lag
@pytest.mark.parametrize("options", [{}, {"consistency": None}, {"consistency": {}}], ids=str)
def test_nothing_lags_unless_asked_for(lag, options):
    """By default there are no delays. [assumed]"""
    with mock_mturk(now=NOW, **options) as mturk:
        assert PROBES[lag](mturk, mturk.client())()


@each_lag
@pytest.mark.parametrize("length", [90, 0.25, timedelta(hours=2)], ids=str)
def test_lag_is_set_by_seconds_or_timedelta(lag, length):
    """Each delay is a number of seconds or a timedelta of any length."""
    seconds = length if isinstance(length, timedelta) else timedelta(seconds=length)
    with mock_mturk(now=NOW, consistency={lag: length}) as mturk:
        assert lasts(mturk, mturk.client(), lag, seconds)


@each_lag
@pytest.mark.parametrize("nothing", [0, 0.0, timedelta(0)], ids=str)
def test_lag_of_nothing_is_none(lag, nothing):
    """A delay of 0 is allowed, with any other delays."""
    with mock_mturk(now=NOW, consistency={**RECORDED, lag: nothing}) as mturk:
        assert PROBES[lag](mturk, mturk.client())()


@each_lag
def test_lag_left_out_is_none(lag):
    """A delay that the mapping leaves out is 0."""
    others = {name: HOUR for name in RECORDED if name != lag}
    with mock_mturk(now=NOW, consistency=others) as mturk:
        assert PROBES[lag](mturk, mturk.client())()


@each_lag
def test_reset_keeps_the_lags(mturk, mturk_client, lag):
    """reset() keeps the delays."""
    mturk.reset()
    assert not PROBES[lag](mturk, mturk_client)()


@pytest.mark.parametrize("lag", ["lists", "search", "approvals", "changes"])
def test_time_that_goes_back_hides_nothing_without_lags(lag, monkeypatch):
    """Without delays, nothing is hidden if the machine's clock goes back."""
    with mock_mturk() as mturk:
        is_over = PROBES[lag](mturk, mturk.client())
        monkeypatch.setattr("time.time", lambda: 0.0)
        assert is_over()


# Lists ------------------------------------------------------------------------------------


def all_hits(client, type_id):
    return client.list_hits()


def hits_to_review(client, type_id):
    return client.list_reviewable_hits()


def hits_that_require(client, type_id):
    return client.list_hits_for_qualification_type(QualificationTypeId=type_id)


@pytest.mark.parametrize("listed", [all_hits, hits_to_review, hits_that_require])
def test_new_hit_is_missing_in_every_list(mturk, client, listed):
    """GetHIT shows a new HIT at once, lists do not. [observed]"""
    type_id = create_type(client)
    hit_id = create_hit(client, QualificationRequirements=requiring(type_id))["HITId"]
    expire(client, hit_id)
    assert get_hit(client, hit_id)["HITStatus"] == "Reviewable"
    mturk.clock.advance(timedelta(seconds=15) - MOMENT)
    assert hit_ids(listed(client, type_id)) == []
    mturk.clock.advance(MOMENT)
    assert hit_ids(listed(client, type_id)) == [hit_id]


def test_list_hits_shows_older_ones_meanwhile(mturk, mturk_client):
    """Only new HITs are missing."""
    old = create_hit(mturk_client)["HITId"]
    mturk.clock.advance(seconds=15)
    new = create_hit(mturk_client)["HITId"]
    assert hit_ids(mturk_client.list_hits()) == [old]
    mturk.clock.advance(seconds=15)
    assert hit_ids(mturk_client.list_hits()) == [new, old]


def test_list_hits_page_is_filled_with_visible_hits(mturk, mturk_client):
    """HITs that are not visible yet do not count toward MaxResults."""
    old = [create_hit(mturk_client)["HITId"] for _ in range(2)]
    mturk.clock.advance(seconds=15)
    create_hit(mturk_client)
    page = mturk_client.list_hits(MaxResults=2)
    assert (hit_ids(page), page["NumResults"]) == (old[::-1], 2)


def test_list_reviewable_hits_shows_old_ones_as_they_are(mturk, mturk_client):
    """An old HIT is listed as soon as it becomes Reviewable. [assumed]"""
    hit_id = create_hit(mturk_client)["HITId"]
    mturk.clock.advance(seconds=15)
    assert hit_ids(mturk_client.list_reviewable_hits()) == []
    expire(mturk_client, hit_id)
    assert hit_ids(mturk_client.list_reviewable_hits()) == [hit_id]


def test_deleted_hit_leaves_lists_at_once(mturk, mturk_client):
    """A deleted HIT is not listed any more; only new HITs are delayed. [assumed]"""
    hit_id = create_hit(mturk_client)["HITId"]
    mturk.clock.advance(seconds=15)
    expire(mturk_client, hit_id)
    mturk_client.delete_hit(HITId=hit_id)
    assert hit_ids(mturk_client.list_hits()) == []


def test_assignments_are_listed_at_once(mturk, mturk_client):
    """Submitted work is listed at once, although it cannot be approved yet. [assumed]"""
    hit_id = create_hit(mturk_client)["HITId"]
    (assignment,) = work(mturk, hit_id)
    (listed,) = mturk_client.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    got = mturk_client.get_assignment(AssignmentId=assignment.id)["Assignment"]
    assert listed == got
    assert got["AssignmentStatus"] == "Submitted"


# Qualification types ----------------------------------------------------------------------


def names(client, **params):
    """Return the names of the caller's types, as a list or a search finds them."""
    response = client.list_qualification_types(
        MustBeRequestable=True, MustBeOwnedByCaller=True, **params
    )
    return [each["Name"] for each in response["QualificationTypes"]]


@pytest.mark.parametrize(
    ("params", "seconds"), [({}, 15), ({"Query": ""}, 15), ({"Query": "Latin"}, 60)], ids=str
)
def test_new_type_is_listed_before_it_is_found(mturk, client, params, seconds):
    """Lists take 15 s, searches 60 s. [observed]; [assumed] that a list is no search"""
    create_type(client)
    mturk.clock.advance(timedelta(seconds=seconds) - MOMENT)
    assert names(client, **params) == []
    mturk.clock.advance(MOMENT)
    assert names(client, **params) == ["Reads Latin"]


def test_new_type_can_be_read_and_used_at_once(mturk_client):
    """A new type can be read, granted and required at once by its ID. [assumed]"""
    type_id = create_type(mturk_client)
    shown = mturk_client.get_qualification_type(QualificationTypeId=type_id)["QualificationType"]
    assert shown["Name"] == "Reads Latin"
    mturk_client.associate_qualification_with_worker(
        QualificationTypeId=type_id, WorkerId="A2YUCJ28XANFOX"
    )
    create_hit(mturk_client, QualificationRequirements=requiring(type_id))


def test_new_type_has_its_name_at_once(mturk_client):
    """A duplicate name is refused even before the first type can be found. [assumed]"""
    create_type(mturk_client)
    assert names(mturk_client, Query="Reads Latin") == []
    assert error_of(lambda: create_type(mturk_client)).turk_error_code == (
        "AWS.MechanicalTurk.QualificationTypeAlreadyExists"
    )


def test_type_is_found_by_its_new_description_at_once(mturk, mturk_client):
    """Only new types are delayed, not changes to a type. [assumed]"""
    type_id = create_type(mturk_client)
    mturk.clock.advance(seconds=60)
    mturk_client.update_qualification_type(QualificationTypeId=type_id, Description="Horace")
    assert names(mturk_client, Query="horace") == ["Reads Latin"]


def test_systems_types_are_always_listed(mturk_client):
    """System types are never delayed."""
    response = mturk_client.list_qualification_types(MustBeRequestable=False, Query="locale")
    assert [each["Name"] for each in response["QualificationTypes"]] == ["Worker_Locale"]


# Changes to a new HIT ---------------------------------------------------------------------


def add_assignment(client, hit_id):
    extend(client, hit_id)


def add_time(client, hit_id):
    client.update_expiration_for_hit(HITId=hit_id, ExpireAt=NOW + timedelta(days=2))


def change_type(client, hit_id):
    type_id = create_hit_type(client, Title="Another")
    client.update_hit_type_of_hit(HITId=hit_id, HITTypeId=type_id)


CHANGES = [add_assignment, add_time, change_type]


@pytest.mark.parametrize("change", CHANGES)
def test_new_hit_cannot_be_changed(mturk, client, change):
    """A HIT cannot be extended or given another type for 15 s. [observed]

    The error is a RequestError. [doc] that, [assumed] code and text
    """
    hit = create_hit(client)
    mturk.clock.advance(timedelta(seconds=15) - MOMENT)
    assert error_of(lambda: change(client, hit["HITId"])) == too_new(hit["HITId"])
    assert get_hit(client, hit["HITId"]) == hit
    mturk.clock.advance(MOMENT)
    change(client, hit["HITId"])
    assert get_hit(client, hit["HITId"]) != hit


@pytest.mark.parametrize("expire_at", [0, NOW - timedelta(days=30), NOW], ids=str)
def test_new_hit_can_be_expired(client, expire_at):
    """A new HIT can be expired at once. [doc]"""
    hit_id = create_hit(client)["HITId"]
    client.update_expiration_for_hit(HITId=hit_id, ExpireAt=expire_at)
    assert state_of(client, hit_id).status == "Reviewable"


def test_new_hit_can_be_deleted_and_set_reviewing(mturk_client):
    """DeleteHIT and UpdateHITReviewStatus are not delayed. [assumed]"""
    hit_id = create_hit(mturk_client)["HITId"]
    expire(mturk_client, hit_id)
    mturk_client.update_hit_review_status(HITId=hit_id)
    assert state_of(mturk_client, hit_id).status == "Reviewing"
    mturk_client.delete_hit(HITId=hit_id)
    assert state_of(mturk_client, hit_id).status == "Disposed"


def test_change_refused_uses_no_token_up(mturk, mturk_client):
    """A refused change does not use up its request token. [assumed]"""
    hit_id = create_hit(mturk_client)["HITId"]
    refused = error_of(lambda: extend(mturk_client, hit_id, UniqueRequestToken="once"))
    assert refused == too_new(hit_id)
    mturk.clock.advance(seconds=15)
    extend(mturk_client, hit_id, UniqueRequestToken="once")
    assert get_hit(mturk_client, hit_id)["MaxAssignments"] == 2


def test_change_of_wrong_value_is_refused_for_that(mturk_client):
    """Values are checked before the delay. [assumed]"""
    hit_id = create_hit(mturk_client)["HITId"]
    soon = NOW + timedelta(days=1, seconds=59)
    refused = error_of(lambda: mturk_client.update_expiration_for_hit(HITId=hit_id, ExpireAt=soon))
    assert refused == out_of_range(59, "ExpirationIncrementInSeconds", 60, 365 * DAY)


def test_change_of_deleted_hit_is_too_soon_first(mturk, mturk_client):
    """The delay is checked before the status of the HIT. [assumed]"""
    hit_id = create_hit(mturk_client)["HITId"]
    expire(mturk_client, hit_id)
    mturk_client.delete_hit(HITId=hit_id)
    assert error_of(lambda: extend(mturk_client, hit_id)) == too_new(hit_id)
    mturk.clock.advance(seconds=15)
    allowed = "Assignable, Unassignable, Reviewable, Reviewing"
    assert error_of(lambda: extend(mturk_client, hit_id)) == wrong_hit_state("Disposed", allowed)


@pytest.mark.parametrize("validate", ["false", "true"])
def test_extend_hit_of_2008_is_refused_too(mturk, mturk_client, validate):
    """The ExtendHIT of 2008 is delayed like CreateAdditionalAssignmentsForHIT. [assumed]"""
    requests = pytest.importorskip("requests")
    hit_id = create_hit(mturk_client)["HITId"]

    def answer():
        parameters = {
            **dict.fromkeys(("Service", "AWSAccessKeyId", "Signature", "Timestamp"), "any"),
            "Operation": "ExtendHIT",
            "HITId": hit_id,
            "MaxAssignmentsIncrement": 1,
            "Validate": validate,
        }
        return requests.get("http://mechanicalturk.amazonaws.com/", params=parameters).text

    mturk.clock.advance(timedelta(seconds=15) - MOMENT)
    assert f"{too_new(hit_id).message} (" in answer()
    assert get_hit(mturk_client, hit_id)["MaxAssignments"] == 1
    mturk.clock.advance(MOMENT)
    assert "<IsValid>True</IsValid>" in answer()


# Counters ---------------------------------------------------------------------------------


def counts(hit):
    """Return a HIT's shown numbers of available, pending and completed assignments."""
    return tuple(
        hit[f"NumberOfAssignments{kind}"] for kind in ("Available", "Pending", "Completed")
    )


def test_counters_are_those_of_a_while_ago(mturk, client):
    """Shown counters follow the real ones, in the same steps. [assumed]"""
    hit_id = create_hit(client, MaxAssignments=2)["HITId"]
    (assignment,) = accept(mturk, hit_id)
    mturk.clock.advance(seconds=5)
    assignment.submit({})
    mturk.clock.advance(seconds=5)
    client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback="No")
    seen = []
    for _ in range(4):
        seen.append(counts(get_hit(client, hit_id)))
        mturk.clock.advance(seconds=5)
    assert seen == [(2, 0, 0), (1, 1, 0), (1, 0, 0), (1, 0, 1)]


def test_counters_of_a_new_hit_are_its_first(mturk, client):
    """GetHIT right after CreateHIT shows the initial counters. [observed]"""
    hit = create_hit(client, MaxAssignments=3)
    accept(mturk, hit["HITId"], 3)
    assert counts(hit) == (3, 0, 0)
    assert counts(get_hit(client, hit["HITId"])) == (3, 0, 0)


def by_list(client, hit_id, type_id, assignment_id):
    return client.list_hits()["HITs"][0]


def by_type(client, hit_id, type_id, assignment_id):
    return client.list_hits_for_qualification_type(QualificationTypeId=type_id)["HITs"][0]


def by_assignment(client, hit_id, type_id, assignment_id):
    return client.get_assignment(AssignmentId=assignment_id)["HIT"]


def by_id(client, hit_id, type_id, assignment_id):
    return get_hit(client, hit_id)


@pytest.mark.parametrize("view", [by_id, by_list, by_type, by_assignment])
def test_counters_are_late_wherever_they_are_shown(mturk, client, view):
    """Every operation delays the counters, but not HITStatus and MaxAssignments. [assumed]"""
    type_id = create_type(client)
    guards = [{**requiring(type_id)[0], "Comparator": "DoesNotExist"}]
    hit_id = create_hit(client, QualificationRequirements=guards)["HITId"]
    mturk.clock.advance(seconds=15)
    extend(client, hit_id)
    assignment, _ = work(mturk, hit_id, 2)
    mturk.clock.advance(timedelta(seconds=15) - MOMENT)
    hit = view(client, hit_id, type_id, assignment.id)
    assert counts(hit) == (1, 0, 0)
    assert (hit["MaxAssignments"], hit["HITStatus"]) == (2, "Reviewable")
    mturk.clock.advance(MOMENT)
    assert counts(view(client, hit_id, type_id, assignment.id)) == (0, 0, 0)


def test_counters_of_what_happened_by_itself_lag_from_then(mturk, mturk_client):
    """The delay of an abandonment starts at the deadline."""
    hit_id = create_hit(mturk_client)["HITId"]
    (assignment,) = accept(mturk, hit_id)
    mturk.clock.move_to(assignment.deadline + timedelta(seconds=15) - MOMENT)
    assert counts(get_hit(mturk_client, hit_id)) == (0, 1, 0)
    mturk.clock.advance(MOMENT)
    assert counts(get_hit(mturk_client, hit_id)) == (1, 0, 0)


def past_of(mturk, hit_id):
    """Return the past counters that a HIT keeps."""
    with mturk._backend.transaction() as (marketplace, _):
        return marketplace.find_hit(hit_id)[1].past_counts


@pytest.mark.parametrize("lags", [None, {"lists": 15}], ids=str)
def test_counters_without_a_lag_are_not_remembered(lags):
    """Without a delay of counters a HIT keeps no past counters."""
    with mock_mturk(now=NOW, consistency=lags) as mturk:
        hit_id = create_hit(mturk.client())["HITId"]
        accept(mturk, hit_id)
        assert past_of(mturk, hit_id) is None


def test_counters_without_a_past_are_those_of_now(mturk, mturk_client):
    """A HIT without past counters shows the current ones."""
    hit_id = create_hit(mturk_client)["HITId"]
    with mturk._backend.transaction() as (marketplace, _):
        marketplace.find_hit(hit_id)[1].past_counts = None
    accept(mturk, hit_id)
    assert counts(get_hit(mturk_client, hit_id)) == (0, 1, 0)


def test_isolated_keeps_what_counters_were(mturk, mturk_client):
    """A copy of the state has the past counters."""
    hit_id = create_hit(mturk_client)["HITId"]
    with mturk.isolated():
        accept(mturk, hit_id)
        assert counts(get_hit(mturk_client, hit_id)) == (1, 0, 0)
    mturk.clock.advance(seconds=15)
    assert counts(get_hit(mturk_client, hit_id)) == (1, 0, 0)


# Approvals --------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [{}, {"OverrideRejection": False}, {"OverrideRejection": True}])
def test_fresh_work_cannot_be_approved(mturk, client, given):
    """Refused with `status of: null` for 7 minutes, whatever the parameters. [observed]"""
    (assignment,) = work(mturk, create_hit(client)["HITId"])
    approval = {"AssignmentId": assignment.id, **given}
    mturk.clock.advance(timedelta(minutes=7) - MOMENT)
    assert error_of(lambda: client.approve_assignment(**approval)) == NULL
    assert assignment.status == "Submitted"
    mturk.clock.advance(MOMENT)
    client.approve_assignment(**approval)
    assert assignment.status == "Approved"


def test_approval_waits_from_submission(mturk, mturk_client):
    """The delay starts at the submission, not at the acceptance."""
    (assignment,) = accept(mturk, create_hit(mturk_client)["HITId"])
    mturk.clock.advance(minutes=8)
    assignment.submit({})
    approve = {"AssignmentId": assignment.id}
    assert error_of(lambda: mturk_client.approve_assignment(**approve)) == NULL


def test_fresh_work_can_be_rejected_and_then_approved(mturk, mturk_client):
    """Only approvals of submitted work are delayed. [assumed]"""
    (assignment,) = work(mturk, create_hit(mturk_client)["HITId"])
    mturk_client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback="No")
    mturk_client.approve_assignment(AssignmentId=assignment.id, OverrideRejection=True)
    assert assignment.status == "Approved"


def test_open_work_is_fresh_too(mturk, mturk_client):
    """Work that is not submitted yet is refused as too early. [assumed]"""
    (assignment,) = accept(mturk, create_hit(mturk_client)["HITId"])
    approve = {"AssignmentId": assignment.id}
    assert error_of(lambda: mturk_client.approve_assignment(**approve)) == NULL


def test_auto_approval_is_not_late(mturk, mturk_client):
    """Auto-approval is not delayed. [assumed]"""
    hit_id = create_hit(mturk_client, AutoApprovalDelayInSeconds=10)["HITId"]
    (assignment,) = work(mturk, hit_id)
    mturk.clock.advance(seconds=10)
    assert assignment.status == "Approved"


# The real state ---------------------------------------------------------------------------


def test_workers_see_a_new_hit_at_once(mturk, client):
    """Simulated workers see a new HIT at once. [assumed]"""
    hit_id = create_hit(client)["HITId"]
    assert [hit.hit_id for hit in mturk.worker().find_hits()] == [hit_id]


def test_handle_shows_the_real_state(mturk, client):
    """`mturk.hits` and `mturk.assignments` have no delay."""
    hit_id = create_hit(client, MaxAssignments=2)["HITId"]
    (assignment,) = accept(mturk, hit_id)
    (hit,) = mturk.hits
    assert (hit.hit_id, hit.available, hit.pending) == (hit_id, 1, 1)
    assert mturk.assignments == [assignment]


# Programs that retry ----------------------------------------------------------------------


def test_program_polls_until_a_hit_is_listed(mturk, mturk_client):
    """Polled every 5 seconds, a new HIT is listed at the fourth call."""
    hit_id = create_hit(mturk_client)["HITId"]
    looks = 1
    while hit_id not in hit_ids(mturk_client.list_hits()):
        looks += 1
        mturk.clock.advance(seconds=5)
    assert looks == 4
    assert mturk.clock.now == NOW + timedelta(seconds=15)


def test_program_tries_again_to_extend(mturk, mturk_client):
    """With waits that double from 2 seconds, the fifth attempt succeeds."""
    hit_id = create_hit(mturk_client)["HITId"]
    waits = [2, 4, 8, 16]
    attempts = 1
    while not succeeds(extend, client=mturk_client, hit_id=hit_id):
        mturk.clock.advance(seconds=waits[attempts - 1])
        attempts += 1
    assert (attempts, get_hit(mturk_client, hit_id)["MaxAssignments"]) == (5, 2)


def test_program_approves_as_soon_as_it_can(mturk, mturk_client):
    """With one attempt per minute, work is approved after seven minutes."""
    (assignment,) = work(mturk, create_hit(mturk_client)["HITId"])
    minutes = 0
    while not succeeds(mturk_client.approve_assignment, AssignmentId=assignment.id):
        mturk.clock.advance(minutes=1)
        minutes += 1
    assert (minutes, assignment.status) == (7, "Approved")


# Invalid values ---------------------------------------------------------------------------

ALLOWED = (
    'consistency takes \'eventual\', a dict such as {"lists": 15, "search": 60}, or None, not '
)
LENGTH = "consistency takes 'lists' as seconds, 0 or more, or a timedelta, not "
UNKNOWN = "; its lags are lists, search, changes, counters, approvals"

WRONG = [
    ("strong", ValueError, ALLOWED + "'strong'"),
    (True, TypeError, ALLOWED + "True"),
    (15, TypeError, ALLOWED + "15"),
    (["lists"], TypeError, ALLOWED + "['lists']"),
    ({"list": 15}, ValueError, "consistency has no lag 'list' (did you mean 'lists'?)" + UNKNOWN),
    ({"lists": 1, 2: 3}, ValueError, "consistency has no lag 2" + UNKNOWN),
    ({"lists": -1}, ValueError, LENGTH + "-1"),
    ({"lists": -0.5}, ValueError, LENGTH + "-0.5"),
    ({"lists": timedelta(-1)}, ValueError, LENGTH + "datetime.timedelta(days=-1)"),
    ({"lists": float("nan")}, ValueError, LENGTH + "nan"),
    ({"lists": float("inf")}, ValueError, LENGTH + "inf"),
    ({"lists": "15"}, TypeError, LENGTH + "'15'"),
    ({"lists": True}, TypeError, LENGTH + "True"),
    ({"lists": None}, TypeError, LENGTH + "None"),
]


@pytest.mark.parametrize(("consistency", "kind", "message"), WRONG, ids=str)
def test_wrong_consistency_says_what_is_allowed(consistency, kind, message):
    """An invalid `consistency` is rejected when the mock is created."""
    with pytest.raises(kind, match=f"^{re.escape(message)}$"):
        mock_mturk(consistency=consistency)


def test_counters_of_added_work_do_not_lag():
    """Work from add_assignment() is counted at once."""
    with mock_mturk(now=NOW, consistency={"counters": 15}) as mturk:
        client = mturk.client()
        hit_id = create_hit(client, MaxAssignments=2)["HITId"]
        mturk.add_assignment(hit_id, status="Approved")

        assert state_of(client, hit_id)[1:] == (1, 0, 1)
