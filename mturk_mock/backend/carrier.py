"""Carrying one notification to where it is sent: by a boto3 client of our own.

Our clients send what boto3 sends. Where moto's mock is on it answers them; where nothing
does, the last handler of each of them says so before anything can reach the network.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError

from mturk_mock.backend import access_policy
from mturk_mock.backend.clients import handlers_count, make_client
from mturk_mock.model.destination import SQS, Address, read_address
from mturk_mock.model.notification import Message

#: The header by which moto knows whose queues and topics are meant.
_ACCOUNT_HEADER: Final = "x-moto-account-id"
#: Nothing is tried again: that would wait.
_CONFIG: Final = Config(retries={"max_attempts": 0})


class Undelivered(Exception):
    """A notification that cannot be delivered, and why."""


class Carrier:
    """Carries messages, with a client for each place."""

    def __init__(self) -> None:
        self._clients: dict[tuple[Address, int], Any] = {}

    def carry(self, message: Message) -> None:
        """Deliver a message, and note what became of it; nothing is raised."""
        try:
            self._send(message)
        except Undelivered as refusal:
            message.reason = str(refusal)
        except ClientError as error:
            refusal_of = error.response["Error"]
            message.reason = f"{refusal_of.get('Code')}: {refusal_of.get('Message')}"
        except Exception as problem:  # whatever happens there, programs here go on
            message.reason = f"{type(problem).__name__}: {problem}"
        else:
            message.arrived()

    def _send(self, message: Message) -> None:
        specification = message.specification
        address = read_address(specification.transport, specification.destination)
        client = self._client(address)
        if address.service == SQS:
            _send_to_queue(client, address, message)
        else:
            _publish_to_topic(client, address, message)

    def _client(self, address: Address) -> Any:
        """Return a client for the place; a new one where moto was imported since."""
        key = (address, handlers_count())
        if key not in self._clients:
            self._clients[key] = _make_client(address)
        return self._clients[key]


def _make_client(address: Address) -> Any:
    service = address.service.lower()
    client = make_client(
        service, region_name=address.region, endpoint_url=address.endpoint, config=_CONFIG
    )

    def say_whose(params: dict[str, Any], **event: Any) -> None:
        params["headers"][_ACCOUNT_HEADER] = address.account

    client.meta.events.register("before-call", say_whose)
    client.meta.events.register_last("before-send", _nobody)
    return client


def _nobody(request: Any, **event: Any) -> AWSResponse:
    """Answer what nobody has answered before; the first answer counts."""
    return _Nobody(request.url, 503, {}, None)


class _Nobody(AWSResponse):  # type: ignore[misc]
    @property
    def content(self) -> bytes:
        """What botocore reads if no other answer was there."""
        raise Undelivered(
            f"nobody answers at {urlsplit(self.url).hostname}: start moto's mock_aws in the "
            "same test (the network is never asked)"
        )


def _send_to_queue(client: Any, address: Address, message: Message) -> None:
    url = message.specification.destination
    found = client.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
    policy = found.get("Attributes", {}).get("Policy")
    _require(policy, access_policy.SEND_MESSAGE, f"the queue {address.name}", address.arn)
    client.send_message(QueueUrl=url, MessageBody=message.document)


def _publish_to_topic(client: Any, address: Address, message: Message) -> None:
    arn = message.specification.destination
    policy = client.get_topic_attributes(TopicArn=arn)["Attributes"].get("Policy")
    _require(policy, access_policy.PUBLISH, f"the topic {address.name}", arn)
    client.publish(TopicArn=arn, Message=message.document, Subject=message.subject)


def _require(policy: str | None, access: access_policy.Access, whose: str, arn: str) -> None:
    reason = access_policy.why_refused(policy, access, arn)
    if reason is not None:
        raise Undelivered(f"{whose} refused it: {reason}")
