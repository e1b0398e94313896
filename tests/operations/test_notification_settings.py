"""UpdateNotificationSettings: accepted, replaced and refused settings."""

from __future__ import annotations

import pytest

from tests.helpers import (
    NOTHING,
    NOW,
    Refusal,
    constraint,
    create_hit_type,
    error_of,
    invalid_value,
    request_error,
    value_error,
)
from tests.notices import EVENTS, MAIL, publish, specification, tell, telling_type, told

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


@pytest.fixture
def hit_type_id(mturk_client):
    """A HIT type without notifications."""
    return create_hit_type(mturk_client)


@pytest.fixture
def update(mturk_client, hit_type_id):
    def call(**params):
        response = mturk_client.update_notification_settings(**{"HITTypeId": hit_type_id, **params})
        del response["ResponseMetadata"]
        return response

    return call


def missing(parameter: str) -> Refusal:
    return value_error(
        f"Your request is missing required parameters. Required parameters include {parameter}."
    )


def test_update_notification_settings_answers_nothing(update):
    """The response is empty. [doc]"""
    assert update(Notification=specification(), Active=True) == {}


def test_first_specification_is_active(mturk, mturk_client, update, hit_type_id):
    """The first specification is active by default. [assumed]"""
    update(Notification=specification())

    publish(mturk_client, hit_type_id)

    assert told(mturk) == ["HITCreated"]


def test_inactive_specification_tells_nothing(mturk, mturk_client, update, hit_type_id):
    """A specification with Active=False is kept, and no event is sent. [doc]"""
    update(Notification=specification(), Active=False)

    publish(mturk_client, hit_type_id)

    assert told(mturk) == []


def test_active_alone_switches_the_specification(mturk, mturk_client, update, hit_type_id):
    """Active alone stops and resumes the same specification. [doc]"""
    update(Notification=specification("HITCreated"))

    for active in (False, True):
        update(Active=active)
        publish(mturk_client, hit_type_id)

    (notification,) = mturk.notifications
    assert (notification.event_type, notification.destination) == ("HITCreated", MAIL)


def test_specification_alone_leaves_active_as_it_was(mturk, mturk_client, update, hit_type_id):
    """A new specification does not change Active. [assumed]"""
    update(Notification=specification(), Active=False)
    update(Notification=specification("HITCreated", destination="other@example.com"))

    publish(mturk_client, hit_type_id)

    assert told(mturk) == []


def test_new_specification_replaces_the_old(mturk, mturk_client, update, hit_type_id):
    """A type has one specification: a new one replaces it. [doc]"""
    update(Notification=specification())
    update(Notification=specification("HITCreated", destination="other@example.com"))

    publish(mturk_client, hit_type_id)

    assert [notification.destination for notification in mturk.notifications] == [
        "other@example.com"
    ]


def test_setting_applies_to_hits_that_were_there(mturk, mturk_client, update, hit_type_id):
    """Existing HITs of the type send later events, not past ones. [doc]"""
    hit_id = publish(mturk_client, hit_type_id)
    update(Notification=specification())

    mturk.worker().accept(hit_id)

    assert told(mturk) == ["AssignmentAccepted"]


def test_hits_of_another_type_tell_nothing(mturk, mturk_client, update):
    """HITs of other types send no events. [doc]"""
    update(Notification=specification())

    publish(mturk_client, create_hit_type(mturk_client, Title="Another"))

    assert told(mturk) == []


def test_settings_of_another_requester_tell_nothing(mturk, update):
    """Equal HIT types of two requesters have separate settings. [assumed]"""
    update(Notification=specification())
    stranger = mturk.requester("other").client()

    publish(stranger, create_hit_type(stranger))

    assert told(mturk) == []


def test_sandbox_has_settings_of_its_own(mturk, mturk_sandbox_client, update):
    """Production and sandbox have separate settings. [doc]"""
    update(Notification=specification())
    publish(mturk_sandbox_client, create_hit_type(mturk_sandbox_client))
    assert told(mturk) == []

    publish(mturk_sandbox_client, telling_type(mturk_sandbox_client))
    assert told(mturk) == ["HITCreated"]


def test_hit_moved_to_another_type_tells_by_that_one(mturk, mturk_client, hit_type_id):
    """Events of a HIT follow the settings of its current type. [assumed]"""
    quiet = create_hit_type(mturk_client, Title="Another")
    tell(mturk_client, hit_type_id)
    hit_id = publish(mturk_client, hit_type_id)
    mturk_client.update_hit_type_of_hit(HITId=hit_id, HITTypeId=quiet)

    mturk.worker().accept(hit_id)

    assert told(mturk) == ["HITCreated"]


def test_setting_of_an_isolated_block_is_forgotten(mturk, mturk_client, update, hit_type_id):
    """A copy of the state has its own settings and notifications."""
    with mturk.isolated():
        update(Notification=specification())
        publish(mturk_client, hit_type_id)
        assert told(mturk) == ["HITCreated"]

    publish(mturk_client, hit_type_id)

    assert told(mturk) == []


def test_reset_forgets_what_was_sent(mturk, mturk_client):
    """reset() removes the sent notifications."""
    publish(mturk_client, telling_type(mturk_client))

    mturk.reset()

    assert (mturk.notifications, mturk.emails) == ([], [])


# Refusals ---------------------------------------------------------------------------------


def test_update_notification_settings_of_nothing_is_refused(update):
    """Notification or Active is required. [doc] that, [assumed] how it is said"""
    assert error_of(update) == missing("Notification or Active")


@pytest.mark.parametrize("active", [True, False])
def test_active_without_a_specification_is_refused(update, active):
    """Active alone requires an earlier specification. [doc] that, [assumed] how it is said"""
    assert error_of(lambda: update(Active=active)) == missing("Notification")


def test_ping_is_refused(update):
    """Ping is for SendTestEventNotification only. [doc] that, [assumed] how it is said"""
    refused = error_of(lambda: update(Notification=specification("HITCreated", "Ping")))

    assert refused == invalid_value("Ping", "EventTypes")


@pytest.mark.parametrize("version", ["2006-05-05", "2014-08-15"])
def test_both_versions_are_taken(mturk, mturk_client, update, hit_type_id, version):
    """The model's version and the common one are accepted; documents show it. [doc] [observed]"""
    update(Notification=specification(version=version))

    publish(mturk_client, hit_type_id)

    assert mturk.notifications[0].document["EventDocVersion"] == version


def test_another_version_is_refused(update):
    """Other versions are refused. [doc] that, [assumed] how it is said"""
    refused = error_of(lambda: update(Notification=specification(version="2017-01-17")))

    assert refused == invalid_value("2017-01-17", "Version")


GOOD = [
    ("Email", "requester@example.com"),
    ("Email", "first.last+mturk@mail.example.com"),
    ("SQS", "https://sqs.us-east-1.amazonaws.com/123456789012/Events_1-a"),
    ("SQS", "https://sqs.us-gov-west-1.amazonaws.com/123456789012/events.fifo"),
    ("SQS", "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/events"),
    ("SQS", "https://queue.amazonaws.com/123456789012/events"),
    ("SQS", "https://eu-west-1.queue.amazonaws.com/123456789012/events"),
    ("SNS", "arn:aws:sns:us-east-1:123456789012:Events_1-a"),
    ("SNS", "arn:aws-us-gov:sns:us-gov-west-1:123456789012:events"),
]
BAD = [
    ("Email", "requester"),
    ("Email", "two words@example.com"),
    ("Email", "arn:aws:sns:us-east-1:123456789012:events"),
    ("SQS", "events"),
    ("SQS", "arn:aws:sqs:us-east-1:123456789012:events"),
    ("SQS", "https://sqs.us-east-1.amazonaws.com/12345/events"),
    ("SQS", "https://sqs.us-east-1.amazonaws.com/123456789012/events/more"),
    ("SQS", "https://example.com/123456789012/events"),
    ("SQS", "requester@example.com"),
    ("SNS", "events"),
    ("SNS", "arn:aws:sqs:us-east-1:123456789012:events"),
    ("SNS", "arn:aws:sns:us-east-1:12345:events"),
    ("SNS", "https://sqs.us-east-1.amazonaws.com/123456789012/events"),
]


@pytest.mark.parametrize(("transport", "destination"), GOOD)
def test_destination_of_the_transport_is_taken(update, transport, destination):
    """Destinations are an email address, a queue URL, a topic ARN. [doc]"""
    given = specification(transport=transport, destination=destination)

    assert update(Notification=given) == {}


@pytest.mark.parametrize(("transport", "destination"), BAD)
def test_destination_of_another_form_is_refused(update, transport, destination):
    """Other destinations are InvalidTransportEndpoint. [observed] code, [assumed] text"""
    given = specification(transport=transport, destination=destination)

    assert error_of(lambda: update(Notification=given)) == request_error(
        "InvalidTransportEndpoint",
        f'The destination "{destination}" is not valid for the transport {transport}.',
    )


def test_refused_specification_leaves_the_old_one(mturk, mturk_client, hit_type_id):
    """A refused specification does not replace the old one."""
    tell(mturk_client, hit_type_id, "HITCreated")
    error_of(lambda: tell(mturk_client, hit_type_id, "HITCreated", destination="nowhere"))

    publish(mturk_client, hit_type_id)

    assert mturk.notifications[0].destination == MAIL


def test_unknown_hit_type_is_refused(update):
    """Existence of the HIT type is checked first. [assumed]"""
    refused = error_of(lambda: update(HITTypeId=NOTHING))

    assert refused == invalid_value(NOTHING, "HITTypeId")


def test_hit_type_of_another_requester_is_refused(mturk, hit_type_id):
    """Another requester's HIT type is refused. [assumed]"""
    stranger = mturk.requester("other").client()

    refused = error_of(lambda: tell(stranger, hit_type_id))

    assert refused == invalid_value(hit_type_id, "HITTypeId")


def test_unknown_transport_is_refused(update):
    """The framework checks Transport by the service model. [doc] enum, [assumed] text"""
    given = {**specification(), "Transport": "REST"}

    assert error_of(lambda: update(Notification=given)) == constraint(
        "REST",
        "notification.transport",
        "Member must satisfy enum value set: [Email, SQS, SNS]",
    )


def test_unknown_event_type_is_refused(update):
    """The framework checks the event types by the service model. [doc]"""
    refused = error_of(lambda: update(Notification=specification(*EVENTS, "HITDeleted")))

    assert refused.code == "ValidationException"
