"""Delivery of notifications to queues and topics, by the mock's own boto3 clients.

If moto is active, it answers these clients. If nothing answers, the last handler of each client
ends the request before it can reach the network.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError

from mturk_mock.backend import access_policy
from mturk_mock.backend.clients import handlers_count, make_client
from mturk_mock.model.notification import SQS, Address, Message, read_address

#: The header by which moto finds the account of a queue or topic.
_ACCOUNT_HEADER: Final = "x-moto-account-id"
#: No retries, because they would wait.
_CONFIG: Final = Config(retries={"max_attempts": 0})


class Undelivered(Exception):
    """The reason why a notification cannot be delivered."""


class Delivery:
    """Delivers messages, in order for each thread, with a client for each address."""

    def __init__(self) -> None:
        self._under_way = threading.local()
        self._clients: dict[tuple[Address, int], Any] = {}

    def deliver(self, messages: Iterable[Message]) -> list[Message]:
        """Deliver the messages, set the outcome in each, and return them; never raise.

        If a delivery leads to a call with messages of its own, they are delivered afterwards, by
        the same `deliver`.
        """
        waiting: deque[Message] | None = getattr(self._under_way, "messages", None)
        if waiting is not None:
            waiting.extend(messages)
            return []
        self._under_way.messages = waiting = deque(messages)
        delivered = []
        try:
            while waiting:
                delivered.append(waiting.popleft())
                self._deliver_one(delivered[-1])
        finally:
            self._under_way.messages = None
        return delivered

    def _deliver_one(self, message: Message) -> None:
        try:
            self._send(message)
        except Undelivered as refusal:
            message.reason = str(refusal)
        except ClientError as error:
            answered = error.response["Error"]
            message.reason = f"{answered.get('Code')}: {answered.get('Message')}"
        except Exception as problem:  # a failed delivery must not stop the program under test
            message.reason = f"{type(problem).__name__}: {problem}"
        else:
            message.mark_delivered()

    def _send(self, message: Message) -> None:
        specification = message.specification
        address = read_address(specification.transport, specification.destination)
        key = (address, handlers_count())  # a new client if moto has been imported since
        if key not in self._clients:
            self._clients[key] = _make_client(address)
        send = _send_to_queue if address.service == SQS else _publish_to_topic
        send(self._clients[key], address, message)


def _make_client(address: Address) -> Any:
    service = address.service.lower()
    client = make_client(
        service, region_name=address.region, endpoint_url=address.endpoint, config=_CONFIG
    )

    def add_account(params: dict[str, Any], **event: Any) -> None:
        params["headers"][_ACCOUNT_HEADER] = address.account

    client.meta.events.register("before-call", add_account)
    client.meta.events.register_last("before-send", _answer_unreachable)
    return client


def _answer_unreachable(request: Any, **event: Any) -> AWSResponse:
    """Answer a request that no other handler has answered; botocore uses the first answer."""
    return _Unreachable(request.url, 503, {}, None)


class _Unreachable(AWSResponse):  # type: ignore[misc]
    @property
    def content(self) -> bytes:
        """The body, which botocore reads only if no other handler has answered."""
        raise Undelivered(
            f"nothing answers at {urlsplit(self.url).hostname}: start moto's mock_aws in the "
            "same test (mturk_mock sends nothing over the network)"
        )


def _send_to_queue(client: Any, address: Address, message: Message) -> None:
    url = message.specification.destination
    found = client.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
    policy = found.get("Attributes", {}).get("Policy")
    _require_access(policy, access_policy.SEND_MESSAGE, f"the queue {address.name}", address.arn)
    client.send_message(QueueUrl=url, MessageBody=message.document)


def _publish_to_topic(client: Any, address: Address, message: Message) -> None:
    arn = message.specification.destination
    policy = client.get_topic_attributes(TopicArn=arn)["Attributes"].get("Policy")
    _require_access(policy, access_policy.PUBLISH, f"the topic {address.name}", arn)
    client.publish(TopicArn=arn, Message=message.document, Subject=message.subject)


def _require_access(policy: str | None, access: access_policy.Access, place: str, arn: str) -> None:
    reason = access_policy.why_refused(policy, access, arn)
    if reason is not None:
        raise Undelivered(f"{place} refused it: {reason}")
