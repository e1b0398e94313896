"""The state of a mock: reset(), isolated(), report() and repr()."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from mturk_mock import mock_mturk
from tests.clients import balance_of
from tests.helpers import NOW, create_hit
from tests.qualify import TEST


@pytest.fixture
def mturk():
    """A mock whose output is predictable."""
    with mock_mturk(seed=1, now=NOW, balance="100.00") as mturk:
        yield mturk


@pytest.fixture
def client(mturk):
    """A client of the mock."""
    return mturk.client()


def busy(mturk, client):
    """Change every part of the state, and return it as `state_of` does."""
    hit = create_hit(client)
    worker = mturk.worker()
    worker.accept(hit["HITId"]).submit({"x": "1"})
    client.create_worker_block(WorkerId=worker.id, Reason="spam")
    mturk.clock.advance(days=2)
    return state_of(mturk, client)


def state_of(mturk, client):
    """Return the parts of the state that can be compared."""
    return {
        "now": mturk.clock.now,
        "upcoming": mturk.clock.upcoming,
        "balance": mturk.balance,
        "hits": [(hit.id, hit.status) for hit in mturk.hits],
        "assignments": [(work.id, work.status) for work in mturk.assignments],
        "emails": mturk.emails,
        "bonuses": mturk.bonuses,
        "spent": mturk.spent,
        "blocks": client.list_worker_blocks()["NumResults"],
    }


# reset() ----------------------------------------------------------------------------------


def test_reset_restores_the_initial_state(mturk, client):
    """reset() removes everything, sets the clock back, and keeps the options."""
    before = state_of(mturk, client)
    assert busy(mturk, client) != before

    mturk.reset()

    assert state_of(mturk, client) == before
    assert mturk.balance == Decimal("100.00")


def test_reset_forgets_calls(mturk, client):
    """reset() empties the call log."""
    balance_of(client)

    mturk.reset()

    assert mturk.calls == []


def test_reset_begins_the_seed_anew(mturk, client):
    """After reset() the same calls give the same IDs."""
    first = create_hit(client)

    mturk.reset()

    assert create_hit(client) == first


def test_reset_forgets_request_tokens(mturk, client):
    """After reset() a used request token can be used again."""
    create_hit(client, UniqueRequestToken="token")

    mturk.reset()

    assert create_hit(client, UniqueRequestToken="token")


def test_reset_forgets_chosen_ids(mturk, client):
    """reset() forgets IDs set by next_id()."""
    mturk.next_id("HIT", "3CHOSEN")

    mturk.reset()

    assert create_hit(client)["HITId"] != "3CHOSEN"


def test_reset_keeps_seed_that_was_drawn():
    """reset() keeps a random seed."""
    with mock_mturk(now=NOW) as mturk:
        first = create_hit(mturk.client())
        mturk.reset()
        assert create_hit(mturk.client()) == first


# isolated() -------------------------------------------------------------------------------


def test_isolated_begins_with_what_was_there(mturk, client):
    """The block starts with a copy of the state."""
    before = busy(mturk, client)

    with mturk.isolated():
        assert state_of(mturk, client) == before


def test_isolated_gives_the_same_handle(mturk):
    """isolated() returns the same handle."""
    with mturk.isolated() as inside:
        assert inside is mturk


def test_isolated_forgets_what_happened(mturk, client):
    """After the block the state is as before, including time and money."""
    create_hit(client)
    before = state_of(mturk, client)

    with mturk.isolated():
        assert busy(mturk, client) != before

    assert state_of(mturk, client) == before


def test_isolated_forgets_calls(mturk, client):
    """In the block the call log continues; afterwards it is as before."""
    balance_of(client)

    with mturk.isolated():
        balance_of(client)
        assert len(mturk.calls) == 2

    assert len(mturk.calls) == 1


def test_isolated_makes_the_same_ids_each_time(mturk, client):
    """Two blocks that start from the same state make the same IDs."""
    made = []
    for _ in range(2):
        with mturk.isolated():
            made.append(create_hit(client))

    assert made[0] == made[1]


def test_isolated_changes_of_old_things_are_forgotten(mturk, client):
    """An older handle shows the block's state inside, and the old state afterwards."""
    hit_id = create_hit(client)["HITId"]
    assignment = mturk.worker().accept(hit_id)

    with mturk.isolated():
        assignment.submit({"x": "1"})
        assert assignment.status == "Submitted"

    assert assignment.status == "Accepted"


def test_isolated_within_isolated(mturk, client):
    """isolated() can be nested."""
    with mturk.isolated():
        create_hit(client)
        with mturk.isolated():
            create_hit(client)
            assert len(mturk.hits) == 2
        assert len(mturk.hits) == 1
    assert mturk.hits == []


def test_isolated_exception_passes_and_state_is_back(mturk, client):
    """An exception in the block propagates, and the state is restored."""

    def program():
        with mturk.isolated():
            create_hit(client)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        program()
    assert mturk.hits == []


def test_isolated_clock_that_follows_the_machine_is_back():
    """The block's advance() is undone even if the clock follows the machine."""
    with mock_mturk() as mturk:
        with mturk.isolated():
            mturk.clock.advance(days=400)
            inside = mturk.clock.now
        assert inside - mturk.clock.now > timedelta(days=399)


# report() ---------------------------------------------------------------------------------


def test_report_says_seed_clock_and_calls(mturk, client):
    """report() shows the seed, the clock and the calls."""
    with pytest.raises(client.exceptions.RequestError):
        client.get_hit(HITId="3NONE")
    balance_of(client)

    assert mturk.report() == (
        "mock_mturk(seed=1), clock at 2026-01-01 00:00:00+00:00\n"
        "<GetHIT(HITId='3NONE') at 2026-01-01 00:00:00 -> "
        "Hit 3NONE does not exist. [AWS.MechanicalTurk.HITDoesNotExist]>\n"
        "<GetAccountBalance() at 2026-01-01 00:00:00>"
    )


def test_report_without_calls_says_so(mturk):
    """report() says that there were no calls."""
    assert mturk.report().endswith("\nno API calls")


def test_report_shows_the_last_ten_calls(mturk, client):
    """report() shows the last ten calls, and the number of earlier ones."""
    for _ in range(12):
        balance_of(client)

    lines = mturk.report().splitlines()

    assert lines[1] == "... 2 before these"
    assert len(lines) == 12


def lines_of(mturk):
    """Return the lines of the report, without the time at which all of it happened."""
    return [line.replace(" at 2026-01-01 00:00:00", "") for line in mturk.report().splitlines()[1:]]


def test_report_shows_what_workers_did_between_the_calls(mturk, client):
    """Calls and actions are one list in the order in which they happened."""
    hit = create_hit(client, MaxAssignments=2)["HITId"]
    first, second = mturk.worker("A1FIRST"), mturk.worker("A2SECOND")
    left = first.accept(hit)
    balance_of(client)
    left.return_hit()
    work = second.accept(hit).submit({"x": "1"})
    client.approve_assignment(AssignmentId=work.id)

    lines = lines_of(mturk)

    assert lines[0].startswith("<CreateHIT(")
    assert lines[1:] == [
        f"<worker A1FIRST accepted assignment {left.id} of HIT {hit}>",
        "<GetAccountBalance()>",
        f"<worker A1FIRST returned assignment {left.id} of HIT {hit}>",
        f"<worker A2SECOND accepted assignment {work.id} of HIT {hit}>",
        f"<worker A2SECOND submitted assignment {work.id} of HIT {hit}>",
        f"<ApproveAssignment(AssignmentId='{work.id}')>",
    ]


def test_report_shows_moves_of_the_clock_and_abandoned_assignments(mturk, client):
    """Moves of the clock without a call or an action between them are one line."""
    hit = create_hit(client, AssignmentDurationInSeconds=60)["HITId"]
    work = mturk.worker("A1FIRST").accept(hit)
    mturk.clock.advance(seconds=10)
    mturk.clock.advance(seconds=10)
    mturk.clock.advance_until(lambda: work.status == "Abandoned")
    balance_of(client)
    mturk.clock.advance(days=1)

    assert lines_of(mturk)[1:] == [
        f"<worker A1FIRST accepted assignment {work.id} of HIT {hit}>",
        "<clock moved to 2026-01-01 00:00:20>",
        f"<worker A1FIRST abandoned assignment {work.id} of HIT {hit} at 2026-01-01 00:01:00>",
        "<clock moved to 2026-01-01 00:01:00>",
        "<GetAccountBalance() at 2026-01-01 00:01:00>",
        "<clock moved to 2026-01-02 00:01:00>",
    ]


def test_report_shows_requests_for_qualifications(mturk):
    """A request and the submission of its test are actions of workers."""
    plain = mturk.add_qualification_type(name="Plain")
    tested = mturk.add_qualification_type(name="Tested", test=TEST, test_duration_in_seconds=60)
    worker = mturk.worker("A1FIRST")
    worker.request_qualification(plain)
    worker.request_qualification(tested).submit({"a": "x"}, check=False)

    assert lines_of(mturk) == [
        f"<worker A1FIRST requested qualification type {plain}>",
        f"<worker A1FIRST requested qualification type {tested}>",
        f"<worker A1FIRST submitted the test of qualification type {tested}>",
        "no API calls",
    ]


def test_report_counts_actions_among_what_came_before(mturk, client):
    """Each action counts as each call does."""
    hit = create_hit(client, MaxAssignments=9)["HITId"]
    for _ in range(6):
        mturk.worker().accept(hit).submit({"x": "1"})
    balance_of(client)

    lines = lines_of(mturk)

    assert lines[0] == "... 4 before these"
    assert len(lines) == 11
    assert lines[-1] == "<GetAccountBalance()>"


def test_report_in_isolated_goes_back_with_the_state(mturk, client):
    """What was done in the block is not reported after it."""
    hit = create_hit(client, MaxAssignments=2)["HITId"]
    before = mturk.report()
    with mturk.isolated():
        mturk.worker().accept(hit)
        balance_of(client)

    assert mturk.report() == before


def test_report_does_not_count_as_a_call(mturk):
    """report() is not logged as a call."""
    assert mturk.report() == mturk.report()


# repr() -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({}, "<mock_mturk(), off>"),
        ({"seed": 1, "balance": "1.00"}, "<mock_mturk(seed=1, balance='1.00'), off>"),
    ],
)
def test_repr_of_mock_says_options(options, shown):
    """repr() of a mock shows the given options."""
    assert repr(mock_mturk(**options)) == shown


def test_repr_of_mock_says_whether_it_is_on():
    """repr() of a mock shows whether it is active."""
    mock = mock_mturk(seed=1)
    with mock:
        assert repr(mock) == "<mock_mturk(seed=1), on>"
    assert repr(mock) == "<mock_mturk(seed=1), off>"


def test_repr_of_handle_says_what_is_there(mturk, client):
    """repr() of the handle shows seed, time, numbers of objects, and balance."""
    hit = create_hit(client)
    mturk.worker().accept(hit["HITId"])

    assert repr(mturk) == (
        "<MTurk seed=1, 2026-01-01 00:00:00 UTC, 1 HITs, 1 assignments, balance $99.40>"
    )


def test_repr_of_requester_says_name_and_balance(mturk):
    """repr() of a requester shows its name and balance."""
    assert repr(mturk.requester("lab")) == "<Requester 'lab', balance $100.00>"


def test_repr_of_clock_says_what_comes_next(mturk, client):
    """repr() of the clock shows the time and the next event."""
    assert repr(mturk.clock) == "<clock at 2026-01-01 00:00:00 UTC, nothing to come>"
    hit = create_hit(client)

    assert repr(mturk.clock) == (
        "<clock at 2026-01-01 00:00:00 UTC, "
        f"next: <HIT expires at 2026-01-02 00:00:00: {hit['HITId']}>>"
    )


def test_repr_of_call_shortens_long_parameters(mturk, client):
    """repr() of a call shortens long parameters."""
    create_hit(client)

    (call,) = mturk.calls

    assert re.fullmatch(r"<CreateHIT\(.*\) at 2026-01-01 00:00:00>", repr(call))
    assert "Title='Label a picture'" in repr(call)
    assert "Question='<HTMLQuestion xmlns=\"http://mechanic...)" in repr(call)
