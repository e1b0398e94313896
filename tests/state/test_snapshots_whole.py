"""A snapshot with every documented member is restored completely, from a file and from memory."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from decimal import Decimal

import pytest
from botocore import xform_name

from mturk_mock import Snapshot, mock_mturk
from mturk_mock.backend import service_model
from mturk_mock.core.ids import KINDS
from tests.helpers import NOW, OF_THE_HIT, create_hit, hit_params, work
from tests.helpers import refusal as refusal_of
from tests.policies import judged_hit
from tests.qualify import type_id_of
from tests.state.test_snapshots_documented import FOREIGN, TEXT
from tests.state.test_snapshots_refused import refusal
from tests.state.whole_state import OTHER_PROPERTIES, RUNNING, WHOLE


def objects_of(value, place=""):
    """Yield each object of a state with its location, such as `accounts[0].hits[1]`."""
    if isinstance(value, dict):
        yield place, value
        for name, each in value.items():
            if name not in FOREIGN:
                yield from objects_of(each, f"{place}.{name}" if place else name)
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from objects_of(each, f"{place}[{number}]")


def kind_of(place):
    """Return the location without numbers: all objects there have the same members."""
    return re.sub(r"\[\d+\]", "[]", place)


def members_by_kind(named):
    """Return the sets of names by kind, given pairs of a location and names."""
    found = {}
    for place, names in named:
        found.setdefault(kind_of(place), set()).update(names)
    return found


def allowed_in(tmp_path, place):
    """Return the allowed members of an object, from the error for an unknown one."""
    content = deepcopy(WHOLE)
    dict(objects_of(content))[place]["unknown"] = 1
    message = refusal(tmp_path, **content)
    start = f"{place}.unknown" if place else "unknown"
    assert message.startswith(f"{start}: unknown member; allowed are "), message
    return message.partition("allowed are ")[2].split(", ")


def test_whole_state_has_every_member_that_can_be_read(tmp_path):
    """The state of these tests has every member that a file can have."""
    places = [place for place, _ in objects_of(WHOLE)]
    allowed = members_by_kind((place, allowed_in(tmp_path, place)) for place in places)
    filled = members_by_kind([*objects_of(WHOLE), *objects_of(RUNNING)])

    missing = {f"{kind}.{name}" for kind, names in allowed.items() for name in names - filled[kind]}
    assert missing == set()


def test_whole_state_has_every_documented_member():
    """Each member in the first column of a table of docs/snapshots.md is in the file."""
    columns = re.findall(r"^\| (`[^|]*) \|", TEXT, re.MULTILINE)
    documented = {name for column in columns for name in re.findall(r"`(\w+)`", column)}
    filled = {name for state in (WHOLE, RUNNING) for _, each in objects_of(state) for name in each}

    assert len(documented) > 50
    assert documented - filled == set()


def test_whole_state_has_no_empty_member():
    """Every member has a value, so that losing it fails a test."""
    empty = [
        f"{place}.{name}"
        for place, each in objects_of(WHOLE)
        for name, value in each.items()
        if value in (None, "", [], {}) or (value == 0 and name not in FALSE)
    ]

    assert empty == []


#: Members of which false, or a zero, is not the default.
FALSE = {"notification_active", "has_test", "expired", "submission"}


def written_whole():
    """Return the content that `Snapshot.save` writes: HIT properties are in the HIT types."""
    content = deepcopy(WHOLE)
    for hit in content["accounts"][0]["hits"][1:]:
        for name in OTHER_PROPERTIES:
            del hit[name]
        hit["hit_type_id"] = "3OTHERTYPE"
    return content


def saved(snapshot, path):
    """Return the saved content, with balances in cents."""
    snapshot.save(path)
    content = json.loads(path.read_text(encoding="utf-8"))
    for account in content.get("accounts", ()):
        if "balance" in account:
            assert Decimal(account["balance"]) % Decimal("0.01") == 0
            account["balance"] = f"{Decimal(account['balance']):.2f}"
    return content


@pytest.fixture
def whole(tmp_path):
    """Return the path of the state file."""
    path = tmp_path / "whole.json"
    path.write_text(json.dumps(WHOLE), encoding="utf-8")
    return path


def test_whole_state_is_saved_as_it_was_loaded(tmp_path, whole):
    """Every member is saved with the value that was loaded."""
    with mock_mturk(seed=1, balance="5.00") as mturk:
        mturk.restore(Snapshot.load(whole))
        found = saved(mturk.snapshot(), tmp_path / "again.json")

    assert found == written_whole()


def test_whole_state_is_kept_in_memory(tmp_path, whole):
    """A snapshot in memory restores every member, whatever happened in between."""
    with mock_mturk(seed=1) as mturk:
        mturk.restore(Snapshot.load(whole))
        snapshot = mturk.snapshot()
        mturk.reset()
        mturk.restore(snapshot)
        found = saved(mturk.snapshot(), tmp_path / "again.json")

    assert found == written_whole()


def test_running_state_is_saved_as_it_was_loaded(tmp_path):
    """A running clock keeps its rate, and stays as far ahead of the machine's."""
    path = tmp_path / "running.json"
    path.write_text(json.dumps(RUNNING), encoding="utf-8")
    with mock_mturk() as mturk:
        mturk.restore(Snapshot.load(path))
        found = saved(mturk.snapshot(), path)

    assert {name: found[name] for name in RUNNING} == RUNNING


def test_clock_that_was_never_moved_is_not_ahead(tmp_path):
    """A running clock that was never moved is saved with 0 seconds ahead."""
    with mock_mturk() as mturk:
        found = saved(mturk.snapshot(), tmp_path / "state.json")

    assert (found["now"], found["ahead_in_seconds"]) == (None, 0)


def test_agreement_threshold_of_zero_is_kept(tmp_path):
    """QuestionAgreementThreshold has no limits [doc]: 0 is kept, not dropped as a default."""
    with mock_mturk(now=NOW) as mturk:
        judged_hit(mturk.client(), QuestionAgreementThreshold=0)
        found = saved(mturk.snapshot(), tmp_path / "state.json")

    (account,) = found["accounts"]
    parameters = account["hits"][0]["hit_review_policy"]["Parameters"]
    assert {"Key": "QuestionAgreementThreshold", "Values": ["0"]} in parameters


# What a program said, and what it will be given ---------------------------------------------


def through_file(mturk, tmp_path):
    """Save the state to a file, load it in another mock, and yield that mock."""
    path = tmp_path / "state.json"
    mturk.snapshot().save(path)
    with mock_mturk() as other:
        other.restore(Snapshot.load(path))
        yield other


def through_memory(mturk, tmp_path):
    """Restore a snapshot of the state after a reset, and yield the mock."""
    snapshot = mturk.snapshot()
    mturk.reset()
    mturk.restore(snapshot)
    yield mturk


@pytest.fixture(params=[through_file, through_memory])
def carried(request, tmp_path):
    """Return a function that carries the state of a mock through a snapshot."""
    with ExitStack() as stack:
        yield lambda mturk: stack.enter_context(contextmanager(request.param)(mturk, tmp_path))


def requests_with_tokens(hit, assignment):
    """Return the requests that take a UniqueRequestToken, with the same token each."""
    requests = {
        "create_hit": hit_params(),
        "create_hit_with_hit_type": {"HITTypeId": hit["HITTypeId"], **OF_THE_HIT},
        "create_additional_assignments_for_hit": {
            "HITId": hit["HITId"],
            "NumberOfAdditionalAssignments": 1,
        },
        "send_bonus": {
            "WorkerId": assignment.worker_id,
            "AssignmentId": assignment.id,
            "BonusAmount": "0.05",
            "Reason": "Thanks",
        },
    }
    return {name: {**params, "UniqueRequestToken": "once"} for name, params in requests.items()}


def test_requests_with_tokens_are_all_that_there_are():
    """The test below sends every request that takes a UniqueRequestToken."""
    model = service_model.load()
    taking = {
        xform_name(name)
        for name in model.operation_names
        if "UniqueRequestToken" in model.operation_model(name).input_shape.members
    }

    with mock_mturk(now=NOW) as mturk:
        hit = create_hit(mturk.client())
        (assignment,) = work(mturk, hit["HITId"])
        assert requests_with_tokens(hit, assignment).keys() == taking


def refusals_of(mturk, requests):
    """Return the error of each request."""
    client = mturk.client()
    return {name: refusal_of(getattr(client, name), **requests[name]) for name in requests}


def test_request_tokens_are_kept(carried):
    """A request repeated after a snapshot is recognized by its token for a day. [doc]"""
    with mock_mturk(now=NOW, seed=1) as first:
        hit = create_hit(first.client())
        (assignment,) = work(first, hit["HITId"])
        requests = requests_with_tokens(hit, assignment)
        for name, params in requests.items():
            getattr(first.client(), name)(**params)
        first.clock.advance(hours=23)
        expected = refusals_of(first, requests)
        mturk = carried(first)

        assert refusals_of(mturk, requests) == expected
        assert {told.turk_error_code for told in expected.values()} == {
            "AWS.MechanicalTurk.HitAlreadyExists",
            "AWS.MechanicalTurk.DuplicateRequest",
        }
        mturk.clock.advance(hours=1)
        mturk.client().send_bonus(**requests["send_bonus"])
        assert len(mturk.bonuses) == 2


def test_chosen_ids_are_kept(carried):
    """IDs of `next_id` that were not used before a snapshot are used after it, in order."""
    with mock_mturk(now=NOW, seed=1) as first:
        for kind in KINDS:
            for number in (1, 2):
                first.next_id(kind, f"3{kind.upper()}{number}")
        mturk = carried(first)

        drawn = [list(draw_chosen(mturk, f"r{number}")) for number in (1, 2)]

    assert drawn == [[f"3{kind.upper()}{number}" for kind in KINDS] for number in (1, 2)]


def draw_chosen(mturk, requester):
    """Yield a new ID of each kind that can be chosen, in the order of KINDS."""
    client = mturk.requester(requester).client()
    hit = create_hit(client)
    yield hit["HITId"]
    yield hit["HITTypeId"]
    yield mturk.worker().accept(hit["HITId"]).id
    type_id = type_id_of(client)
    yield type_id
    yield mturk.worker().request_qualification(type_id).id
    yield mturk.add_layout("<p></p>")
