"""NotifyWorkers: workers that get a message, and failure statuses of the others."""

from __future__ import annotations

import pytest

from tests.helpers import (
    NOBODY,
    NOW,
    STAMP,
    invalid_value,
    publish,
    refusal,
    rejected,
    submitted,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

STRANGER = "Cannot send a notification to a worker who has not done any work for you"


@pytest.fixture
def notify(mturk_client):
    def call(*worker_ids, subject="Hello", text="More work for you"):
        return mturk_client.notify_workers(
            Subject=subject, MessageText=text, WorkerIds=list(worker_ids)
        )["NotifyWorkersFailureStatuses"]

    return call


@pytest.fixture
def acquaintance(mturk, mturk_client):
    """A worker whose work was reviewed."""
    worker = mturk.worker("A1FRIEND")
    mturk_client.approve_assignment(AssignmentId=submitted(mturk_client, worker).id)
    return worker


def test_notify_workers_without_failures_is_an_empty_list(notify, acquaintance):
    """NotifyWorkersFailureStatuses is present even if empty. [observed]"""
    assert notify(acquaintance.id) == []


def test_email_has_its_origin(mturk, notify, acquaintance):
    """An email tells who sent it, in which environment, and when."""
    notify(acquaintance.id)

    (email,) = mturk.emails
    assert (email.requester, email.environment) == ("default", "production")
    assert email.time == NOW


def test_notify_workers_sends_emails(mturk, notify, acquaintance):
    """Each worker gets the message, and `mturk.emails` shows it. [doc]"""
    notify(acquaintance.id)

    (email,) = mturk.emails
    assert (email.worker_id, email.subject, email.text) == (
        "A1FRIEND",
        "Hello",
        "More work for you",
    )
    assert email.to == "a1friend@workers.example"


def test_notify_workers_to_strangers_is_a_failure_status(mturk, notify, acquaintance):
    """A worker without reviewed work is a HardFailure in the response, not an error. [observed]"""
    known_stranger = mturk.worker()

    failures = notify(NOBODY, acquaintance.id, known_stranger.id)

    assert failures == [
        {
            "NotifyWorkersFailureCode": "HardFailure",
            "NotifyWorkersFailureMessage": STRANGER,
            "WorkerId": worker_id,
        }
        for worker_id in (NOBODY, known_stranger.id)
    ]
    assert [email.worker_id for email in mturk.emails] == [acquaintance.id]


def by_rejection(mturk, client, worker):
    rejected(client, worker)


def by_auto_approval(mturk, client, worker):
    submitted(client, worker, AutoApprovalDelayInSeconds=60)
    mturk.clock.advance(minutes=1)


@pytest.mark.parametrize("review", [by_rejection, by_auto_approval])
def test_notify_workers_reaches_workers_with_reviewed_work(mturk, mturk_client, notify, review):
    """Rejected work counts as well [doc], and so does auto-approved work. [assumed]"""
    worker = mturk.worker()
    review(mturk, mturk_client, worker)

    assert notify(worker.id) == []


def of_accepted(client, worker):
    worker.accept(publish(client))


def of_submitted(client, worker):
    submitted(client, worker)


@pytest.mark.parametrize("work", [of_accepted, of_submitted])
def test_notify_workers_before_a_review_is_a_failure_status(mturk, mturk_client, notify, work):
    """Submitted work must be approved or rejected first. [doc]"""
    worker = mturk.worker()
    work(mturk_client, worker)

    assert [failure["WorkerId"] for failure in notify(worker.id)] == [worker.id]


def test_notify_workers_counts_the_callers_reviews_alone(mturk, mturk_client, notify):
    """Work for another requester, or environment, does not count. [doc]"""
    worker = mturk.worker()
    for client in (mturk.requester("other").client(), mturk.client(sandbox=True)):
        rejected(client, worker)

    assert [failure["WorkerId"] for failure in notify(worker.id)] == [worker.id]


def test_notify_workers_reaches_the_blocked(mturk_client, notify, acquaintance):
    """Blocked workers get messages. [assumed]"""
    mturk_client.create_worker_block(WorkerId=acquaintance.id, Reason="Spam")

    assert notify(acquaintance.id) == []


def test_notify_workers_at_the_limits(mturk, notify, acquaintance):
    """100 workers, 200 characters of Subject and 4096 of MessageText are accepted. [doc]"""
    strangers = [f"A{number}" for number in range(99)]

    failures = notify(acquaintance.id, *strangers, subject="s" * 200, text="t" * 4096)

    assert len(failures) == 99
    assert len(mturk.emails) == 1


@pytest.mark.parametrize(
    ("params", "parameter"),
    [({"subject": "s" * 201}, "Subject"), ({"text": "t" * 4097}, "MessageText")],
)
def test_notify_workers_with_too_long_a_message_is_refused(
    mturk, notify, acquaintance, params, parameter
):
    """Longer texts are InvalidParameterValue, and no message is sent. [doc] [assumed] text"""
    (value,) = params.values()

    def call():
        notify(acquaintance.id, **params)

    assert refusal(call) == invalid_value(value, parameter).stamped()
    assert mturk.emails == []


@pytest.mark.parametrize(
    ("params", "parameter"), [({"subject": ""}, "Subject"), ({"text": ""}, "MessageText")]
)
def test_notify_workers_with_an_empty_message_is_refused(notify, acquaintance, params, parameter):
    """An empty Subject or MessageText is refused. [assumed]"""
    told = refusal(lambda: notify(acquaintance.id, **params))

    assert told == (
        "ParameterValidationError",
        None,
        f"Your request parameter {parameter}  has a minimum length of 1.{STAMP}",
    )


@pytest.mark.parametrize("count", [0, 101])
def test_notify_workers_with_a_wrong_number_of_ids_is_refused(mturk, notify, acquaintance, count):
    """WorkerIds has 1 to 100 IDs. [doc] [assumed] text"""
    ids = [acquaintance.id, *(f"A{number}" for number in range(count))][:count]

    assert refusal(lambda: notify(*ids)) == (
        "ParameterValidationError",
        None,
        f"The value {count} is invalid for WorkerIds. Valid values range from 1 to 100.{STAMP}",
    )
    assert mturk.emails == []


def test_notify_workers_with_one_malformed_id_is_refused(mturk, notify, acquaintance):
    """One malformed WorkerId fails the whole call. [observed]"""
    assert refusal(lambda: notify(acquaintance.id, "nobody")) == (
        "ValidationException",
        None,
        "1 validation error detected: Value '[A1FRIEND, nobody]' at 'workerIds' failed to satisfy "
        "constraint: Member must satisfy regular expression pattern: ^A[A-Z0-9]+$",
    )
    assert mturk.emails == []
