"""Invalid state files: the message starts with the location, and nothing is loaded."""

from __future__ import annotations

import pytest

from mturk_mock import Snapshot
from tests.notices import specification
from tests.policies import known_answers
from tests.states import OTHER, TIME, WORKER, load, of_hits, of_works
from tests.worlds import TEST

LATER, EARLIER = "2026-01-02T00:00:00Z", "2025-12-31T00:00:00Z"
AS_LATER = "2026-01-02T00:00:00.000000Z"
AS_NOW = "2026-01-01T00:00:00.000000Z"
AS_EARLIER = "2025-12-31T00:00:00.000000Z"
HIT = "accounts[0].hits[0]"
WORK = f"{HIT}.assignments[0]"
WORKER_FORM = "must be an ID such as 'A1B2C3D4E5F6G7' (an A, then capital letters and digits), not "
TIME_FORM = "must be a time with its zone, such as '2026-01-31T12:00:00Z', not "


def refusal(tmp_path, **content):
    """Return the message of the error for a state."""
    with pytest.raises(ValueError, match=r"^\S") as refused:
        load(tmp_path, **content)
    return without_path(tmp_path, refused.value)


def without_path(tmp_path, problem):
    """Return the message without the path of the file at its start."""
    start = f"{tmp_path / 'state.json'}: "
    assert str(problem).startswith(start)
    return str(problem).removeprefix(start)


def refusal_of_text(tmp_path, text):
    """Return the message of the error for the bytes of a file."""
    path = tmp_path / "state.json"
    path.write_bytes(text)
    with pytest.raises(ValueError, match=r"^\S") as refused:
        Snapshot.load(path)
    return without_path(tmp_path, refused.value)


TOO_DEEP = "lists and objects are nested more than 100 deep"
NO_MEMBER = (
    "unknown member; allowed are accounts, ahead_in_seconds, balance, emails, ids, "
    "layouts, notifications, now, order_of_events, qualification_requests, qualification_types, "
    "rate, rate_since, seed, version, workers"
)

# The file ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"{", "the file is not JSON: Expecting property name enclosed in double quotes: "
               "line 1 column 2 (char 1)"),
        (b"\xff", "the file is not JSON: 'utf-8' codec can't decode byte 0xff in position 0: "
                  "invalid start byte"),
        (b"[" * 100_000, f"the file is not JSON: {TOO_DEEP}"),
        (b'{"a":' * 100_000, f"the file is not JSON: {TOO_DEEP}"),
        (b'{"version": 1, "hits": ' + b"[" * 100 + b"]" * 100 + b"}",
         f"the file is not JSON: {TOO_DEEP}"),
        (b'{"version": 1, "hit": ' + b"[" * 99 + b"]" * 99 + b"}", f"hit: {NO_MEMBER}"),
        (b"[]", "the file: must be an object, not []"),
        (b"{}", "version: this is missing"),
        (b'{"version": 2}', "version: must be 1, not 2"),
        (b'{"version": "1"}', "version: must be a whole number, not '1'"),
        (b'{"version": 1, "version": 1}', "the member 'version' occurs twice in one object"),
        (b'{"version": 1, "ahead_in_seconds": NaN}',
         "ahead_in_seconds: must be a number below 100000000000, not nan"),
    ],
)  # fmt: skip
def test_refused_file(tmp_path, text, message):
    """A file must be a JSON object of version 1."""
    assert refusal_of_text(tmp_path, text) == message


WORLD = [
    ({"hit": []}, f"hit: {NO_MEMBER}"),
    ({"now": "2026-01-01"}, f"now: {TIME_FORM}'2026-01-01'"),
    ({"now": "soon"}, f"now: {TIME_FORM}'soon'"),
    ({"now": 5}, "now: must be a time such as '2026-01-31T12:00:00Z', not 5"),
    ({"ahead_in_seconds": 1}, "ahead_in_seconds: allowed only if now is null"),
    ({"ahead_in_seconds": "1"}, "ahead_in_seconds: must be a number, not '1'"),
    ({"ahead_in_seconds": True}, "ahead_in_seconds: must be a number, not True"),
    ({"seed": True}, "seed: must be a whole number, not True"),
    ({"balance": 5}, "balance: must be dollars as a text, such as '12.50', not 5"),
    ({"balance": "-5"}, "balance: must be dollars as a text, such as '12.50', not '-5'"),
    ({"balance": "NaN"}, "balance: must be dollars as a text, such as '12.50', not 'NaN'"),
    ({"balance": "1000000000000000.01"}, "balance: must be 1,000,000,000,000,000 dollars at "
     "most, not '1000000000000000.01'"),
    ({"accounts": [{"balance": "1000000000000001"}]}, "accounts[0].balance: must be "
     "1,000,000,000,000,000 dollars at most, not '1000000000000001'"),
    ({"ids": {"drawn": {"HIT": -1}}}, "ids.drawn.HIT: must be 0 or more, not -1"),
    ({"ids": {"drawn": {"HIT": 10_000_001}}},
     "ids.drawn.HIT: must be at most 10000000, not 10000001"),
    ({"ids": {"drawn": {"Hit": 1}}},
     "ids.drawn.Hit: unknown member; allowed are Assignment, EventDocument, HIT, "
     "HITLayout, HITType, QualificationRequest, QualificationType, Request, Worker"),
    ({"ids": {"chosen": {"HIT": ["3A", 5]}}},
     "ids.chosen.HIT[1]: must be an ID of at most 64 capital letters and digits, not 5"),
    ({"ids": {"chosen": {"HIT": ["3A"], "Assignment": ["3A"]}}},
     "ids.chosen.Assignment: the ID 3A is already taken"),
    ({"layouts": {"id": "<p/>"}},
     "layouts.id: the name must be an ID of capital letters and digits"),
    ({"layouts": {"3A": 5}}, "layouts.3A: must be a text, not 5"),
    ({"workers": {}}, "workers: must be a list, not {}"),
    ({"workers": [5]}, "workers[0]: must be an object, not 5"),
    ({"workers": [{}]}, "workers[0].id: this is missing"),
    ({"workers": [{"id": "bob"}]}, f"workers[0].id: {WORKER_FORM}'bob'"),
    ({"workers": [{"id": WORKER}, {"id": WORKER}]},
     "workers[1].id: there is already a worker A1WORKER"),
    ({"workers": [{"id": WORKER, "country": "XX"}]},
     "workers[0].country: this takes a country code of ISO 3166, such as 'DE', not 'XX'"),
    ({"workers": [{"id": WORKER, "subdivision": "New York"}]},
     "workers[0].subdivision: this takes a subdivision code of ISO 3166-2, such as 'NY', "
     "not 'New York'"),
    ({"emails": [{}]}, "emails[0].to: this is missing"),
    ({"notifications": [{}]}, "notifications[0].event_type: this is missing"),
    ({"order_of_events": [{"what": "HIT expires", "id": "3A"}]},
     "order_of_events[0]: no event 'HIT expires' is due for 3A"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "message"), WORLD)
def test_refused_world(tmp_path, content, message):
    """Invalid members outside accounts are refused."""
    assert refusal(tmp_path, **content) == message


# Accounts ---------------------------------------------------------------------------------

PING = {**specification(), "EventTypes": ["Ping"]}
ACCOUNTS = [
    ([{}, {}], "accounts[1]: there is already an account of default in production"),
    ([{"environment": "prod"}],
     "accounts[0].environment: must be one of production, sandbox, not 'prod'"),
    ([{"environment": "sandbox", "balance": "1.00"}],
     "accounts[0].balance: unknown member; allowed are blocks, blocks_made, bonuses, "
     "environment, hit_types, hits, request_tokens, requester"),
    ([{"spent": {"money": "1"}}],
     "accounts[0].spent.money: unknown member; allowed are bonuses, fees, rewards"),
    ([{"blocks": [{"worker_id": WORKER}, {"worker_id": WORKER}]}],
     "accounts[0].blocks[1]: A1WORKER is already blocked, or number is not above the "
     "numbers before"),
    ([{"bonuses": [{"assignment_id": "3W", "amount": "1.00"}]}],
     "accounts[0].bonuses[0].assignment_id: the account has no submitted assignment 3W"),
    ([{"request_tokens": [{"operation": "CreateHIT", "token": "t", "result": "3H"}]}],
     "accounts[0].request_tokens[0].result: no object has the ID 3H"),
    ([{"hit_types": [{"id": "3A"}, {"id": "3B"}]}],
     "accounts[0].hit_types[1]: the HIT type 3A has the same properties"),
    ([{"hit_types": [{"title": 5}]}],
     "accounts[0].hit_types[0].title: must be a text, not 5"),
    ([{"hit_types": [{"reward": "0.00"}]}],
     'accounts[0].hit_types[0]: The value "0.00" is not valid for the parameter Reward.'),
    ([{"hit_types": [{"notification": PING}]}],
     "accounts[0].hit_types[0].notification: a HIT type cannot have the event type Ping"),
    ([{"hit_types": [{"id": "3A"}], "hits": [{"id": "3A"}]}],
     "accounts[0].hits[0].id: the ID 3A is already taken"),
]  # fmt: skip


@pytest.mark.parametrize(("accounts", "message"), ACCOUNTS)
def test_refused_account(tmp_path, accounts, message):
    """Invalid members of accounts and HIT types are refused."""
    assert refusal(tmp_path, accounts=accounts) == message


# HITs -------------------------------------------------------------------------------------

HITS = [
    ({"hit_type_id": "3T"}, f"{HIT}.hit_type_id: the account has no HIT type 3T"),
    ({"hit_type_id": "3T", "reward": "1.00"},
     f"{HIT}.reward: not allowed with hit_type_id, which sets it"),
    ({"question": "no"}, f"{HIT}.question: There was an error parsing the XML question or answer "
     "data in your request.  Please make sure the data is well-formed and validates against the "
     "appropriate schema. Details: syntax error. At line 1, column 1: near 'no'."),
    ({"hit_layout_id": "3NONE"}, f"{HIT}.hit_layout_id: there is no layout 3NONE"),
    ({"hit_layout_parameters": {"a": 1}},
     f"{HIT}.hit_layout_parameters.a: must be a text, not 1"),
    ({"requester_annotation": "x" * 256},
     f'{HIT}.requester_annotation: The value "{"x" * 256}" is not valid for the parameter '
     "RequesterAnnotation."),
    ({"max_assignments": 0},
     f"{HIT}.max_assignments: The value 0 is invalid for MaxAssignments. "
     "Valid values range from 1 to 1000000000."),
    ({"max_assignments": 1, "assignments": [{"worker_id": WORKER}, {"worker_id": OTHER}]},
     f"{HIT}.assignments: 2 are taken, but max_assignments is 1"),
    ({"creation_time": LATER}, f"{HIT}.creation_time: {AS_LATER} is in the future"),
    ({"expiration": EARLIER},
     f"{HIT}.expiration: {AS_EARLIER} is before the HIT was created, at {AS_NOW}"),
    ({"expired": True, "expiration": LATER},
     f"{HIT}.expired: the expiration, {AS_LATER}, is in the future"),
    ({"status": "Open"},
     f"{HIT}.status: must be one of Assignable, Unassignable, Reviewable, Reviewing, Disposed, "
     "not 'Open'"),
    ({"status": "Unassignable"},
     f"{HIT}.status: a HIT that has expired, with 1 assignments left, 0 being worked on and "
     "0 to review, is Reviewable or Reviewing or Disposed, not Unassignable"),
    ({"status": "Reviewable", "expiration": LATER},
     f"{HIT}.status: a HIT that has not expired, with 1 assignments left, 0 being worked on and "
     "0 to review, is Assignable, not Reviewable"),
    ({"status": "Disposed", "assignments": [{"worker_id": WORKER, "accept_time": TIME}]},
     f"{HIT}.status: a HIT that has expired, with 0 assignments left, 0 being worked on and "
     "1 to review, is Reviewable or Reviewing, not Disposed"),
    ({"disposal_time": LATER}, f"{HIT}.disposal_time: not allowed for a HIT that is Assignable"),
    ({"assignment_review_policy": {"PolicyName": "Mine"}},
     f'{HIT}: The value "Mine" is not valid for the parameter PolicyName.'),
    ({"review_log": [{"kind": "idea"}]},
     f"{HIT}.review_log[0].kind: must be one of action, finding, not 'idea'"),
    ({"review_log": [{}]}, f"{HIT}.review_log[0].level: this is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("hit", "message"), HITS)
def test_refused_hit(tmp_path, hit, message):
    """Invalid members of HITs are refused."""
    assert refusal(tmp_path, **of_hits({"id": "3HIT", **hit})) == message


def test_refused_hit_with_unknown_member(tmp_path):
    """A misspelt member is refused."""
    message = refusal(tmp_path, **of_hits({"titel": "x"}))

    assert message.startswith(f"{HIT}.titel: unknown member; allowed are ")


# Assignments ------------------------------------------------------------------------------

WORKS = [
    ({"worker_id": None}, f"{WORK}.worker_id: this is missing"),
    ({"worker_id": "bob"}, f"{WORK}.worker_id: {WORKER_FORM}'bob'"),
    ({"worker_id": 5}, f"{WORK}.worker_id: must be an ID such as 'A1B2C3D4E5F6G7' (an A, then "
                       "capital letters and digits), not 5"),
    ({"status": "Done"}, f"{WORK}.status: must be one of Accepted, Submitted, Approved, Rejected, "
                         "Returned, Abandoned, not 'Done'"),
    ({"approval_time": TIME},
     f"{WORK}.approval_time: not allowed for an assignment that is Submitted"),
    ({"accept_time": EARLIER},
     f"{WORK}.accept_time: {AS_EARLIER} is before the HIT was created, at {AS_NOW}"),
    ({"deadline": EARLIER}, f"{WORK}.deadline: {AS_EARLIER} is before the assignment was accepted, "
                            f"at {AS_NOW}"),
    ({"accept_time": TIME, "submit_time": EARLIER},
     f"{WORK}.submit_time: {AS_EARLIER} is before the assignment was accepted, at {AS_NOW}"),
    ({"status": "Approved", "submit_time": TIME, "approval_time": EARLIER},
     f"{WORK}.approval_time: {AS_EARLIER} is before the assignment was submitted, at {AS_NOW}"),
    ({"status": "Rejected", "submit_time": TIME, "rejection_time": EARLIER},
     f"{WORK}.rejection_time: {AS_EARLIER} is before the assignment was submitted, at {AS_NOW}"),
    ({"status": "Approved", "submit_time": TIME, "approval_time": TIME,
      "rejection_time": LATER},
     f"{WORK}.approval_time: {AS_NOW} is before the assignment was rejected, at {AS_LATER}"),
    ({"accept_time": "2026-02-01T00:00:00Z"},
     f"{WORK}.accept_time: 2026-02-01T00:00:00.000000Z is after the HIT has expired, "
     f"at {AS_LATER}"),
    ({"accept_time": TIME, "submit_time": LATER},
     f"{WORK}.submit_time: {AS_LATER} is after the deadline, at 2026-01-01T01:00:00.000000Z"),
    ({"accept_time": LATER}, f"{WORK}.accept_time: {AS_LATER} is after now, at {AS_NOW}"),
    ({"answer": 5}, f"{WORK}.answer: must be the form's fields as an object, or a "
                    "QuestionFormAnswers document, not 5"),
    ({"answer": {"q": None}}, f"{WORK}.answer: field 'q' takes text or a number, not None"),
    ({"answer": {"q": "\x01"}},
     f"{WORK}.answer: field 'q' contains '\\x01', which XML does not allow"),
    ({"files": {"q": "*"}}, f"{WORK}.files.q: must be a file in base64, not '*'"),
    ({"files": {"q": 5}}, f"{WORK}.files.q: must be a file in base64, not 5"),
    ({"status": "Approved", "requester_feedback": "\x01"},
     f'{WORK}.requester_feedback: The value "\x01" is not valid for the parameter '
     "RequesterFeedback."),
    ({"score": 50}, f"{WORK}.score: the HIT has no review policy with known answers"),
]  # fmt: skip


@pytest.mark.parametrize(("work", "message"), WORKS)
def test_refused_work(tmp_path, work, message):
    """Invalid members of assignments are refused."""
    assert refusal(tmp_path, **of_works({"worker_id": WORKER, **work})) == message


def test_refused_work_of_the_same_worker(tmp_path):
    """A worker can have each HIT once. [doc]"""
    works = [{"id": "3W", "worker_id": WORKER}, {"worker_id": WORKER}]

    assert refusal(tmp_path, **of_works(*works)) == (
        f"{HIT}.assignments[1].worker_id: A1WORKER already has assignment 3W of the HIT"
    )


def test_refused_work_of_a_worker_with_ten_open(tmp_path):
    """A worker can have at most 10 open assignments. [doc, for 2008]"""
    work = {"worker_id": WORKER, "status": "Accepted"}
    message = refusal(tmp_path, **of_hits(*[{"assignments": [work]}] * 11))

    assert message == (
        "accounts[0].hits[10].assignments[0].worker_id: A1WORKER already has 10 open assignments"
    )


@pytest.mark.parametrize("places", [(0, None), (0, 0)])
def test_refused_order_of_submissions(tmp_path, places):
    """Either all submissions have different positions, or none has one."""
    works = [{"worker_id": f"A{n}{n}", "submission": place} for n, place in enumerate(places)]

    assert refusal(tmp_path, **of_works(*works)) == (
        f"{HIT}.assignments: each submitted one must have a submission of its own, "
        "or none may have one"
    )


def test_refused_score_is_a_number_of_percent(tmp_path):
    """A score cannot be negative."""
    policy = {"assignment_review_policy": known_answers()}
    content = of_works({"worker_id": WORKER, "score": -1}, **policy)

    assert refusal(tmp_path, **content) == f"{WORK}.score: must be 0 or more, not -1"


# Qualifications ---------------------------------------------------------------------------

TYPES = [
    ([{"name": ""}],
     "qualification_types[0]: Your request parameter Name  has a minimum length of 1."),
    ([{"name": "Q"}, {"name": "Q"}],
     "qualification_types[1]: You have already created a QualificationType with this name."),
    ([{"status": "On"}],
     "qualification_types[0].status: must be one of Active, Inactive, not 'On'"),
    ([{"qualifications": [{"worker_id": WORKER}, {"worker_id": WORKER}]}],
     "qualification_types[0].qualifications[1].worker_id: A1WORKER already has the qualification"),
    ([{"deleted": 1}], "qualification_types[0].deleted: must be true or false, not 1"),
]  # fmt: skip


@pytest.mark.parametrize(("types", "message"), TYPES)
def test_refused_qualification_type(tmp_path, types, message):
    """Invalid members of qualification types are refused, with the service's own messages."""
    assert refusal(tmp_path, qualification_types=types).startswith(message)


REQUEST = "qualification_requests[0]"
REQUESTS = [
    ({"qualification_type_id": "3NO"},
     f"{REQUEST}.qualification_type_id: no requester has created a qualification type 3NO"),
    ({"qualification_type_id": "00000000000000000071"},
     f"{REQUEST}.qualification_type_id: no requester has created a qualification type "
     "00000000000000000071"),
    ({"status": "Expired"}, f"{REQUEST}.status: a request that is Expired has a test and "
     "no submit_time"),
    ({"qualification_type_id": "3TEST", "status": "Open", "submit_time": TIME},
     f"{REQUEST}.status: a request that is Open has a test and no submit_time"),
    ({"qualification_type_id": "3GONE", "status": "Submitted"},
     f"{REQUEST}.status: a request for a deleted type cannot be Submitted"),
    ({"submit_time": EARLIER},
     f"{REQUEST}.submit_time: {AS_EARLIER} is before request_time, {AS_NOW}"),
    ({"answer": {}}, f"{REQUEST}.answer: not allowed if no test was submitted"),
    ({"qualification_type_id": "3TEST", "status": "Submitted", "answer": {"q1": []}},
     f"{REQUEST}.answer: field 'q1' takes text or a number, not []"),
    ({"qualification_type_id": "3TEST", "test": TEST},
     f"{REQUEST}.test: Your request is missing required parameters. Required parameters include "
     "TestDurationInSeconds."),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "message"), REQUESTS)
def test_refused_qualification_request(tmp_path, request_, message):
    """Invalid members of qualification requests are refused."""
    types = [
        {"id": "3Q", "name": "Q"},
        {"id": "3TEST", "name": "T", "test": TEST, "test_duration_in_seconds": 60},
        {"id": "3GONE", "name": "G", "deleted": True},
    ]
    request = {"qualification_type_id": "3Q", "worker_id": WORKER, **request_}
    content = {"qualification_types": types, "qualification_requests": [request]}

    assert refusal(tmp_path, **content) == message
