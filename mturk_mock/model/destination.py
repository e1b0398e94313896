"""Destinations of notifications: email addresses, SQS queues and SNS topics."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

EMAIL: Final = "Email"
SQS: Final = "SQS"
SNS: Final = "SNS"

_MAIL: Final = r"[^@\s]+@[^@\s]+"
_ACCOUNT: Final = r"(?P<account>\d{12})"
_NAME: Final = r"(?P<name>[A-Za-z0-9_-]+(\.fifo)?)"
_QUEUE: Final = (
    r"https?://(sqs\.(?P<region>[a-z0-9-]+)|((?P<old_region>[a-z0-9-]+)\.)?queue)"
    rf"\.amazonaws\.com(\.cn)?/{_ACCOUNT}/{_NAME}"
)
_TOPIC: Final = rf"arn:aws[a-z-]*:sns:(?P<region>[a-z0-9-]+):{_ACCOUNT}:{_NAME}"
_FORMS: Final = {EMAIL: re.compile(_MAIL), SQS: re.compile(_QUEUE), SNS: re.compile(_TOPIC)}
_FIRST_REGION: Final = "us-east-1"  # of queues whose URL names none
_PARTITIONS: Final = {"cn": "aws-cn", "us-gov": "aws-us-gov"}


class Address(NamedTuple):
    """A queue or a topic: `service` (SQS or SNS), region, account and name."""

    service: str
    region: str
    account: str
    name: str

    @property
    def arn(self) -> str:
        """The Amazon Resource Name."""
        place = f"{self.service.lower()}:{self.region}:{self.account}"
        return f"arn:{self._partition}:{place}:{self.name}"

    @property
    def endpoint(self) -> str:
        """The URL of the service in the region."""
        china = ".cn" if self._partition == "aws-cn" else ""
        return f"https://{self.service.lower()}.{self.region}.amazonaws.com{china}"

    @property
    def _partition(self) -> str:
        area = self.region.rsplit("-", 2)[0]
        return _PARTITIONS.get(area, "aws")


def is_valid(transport: str, destination: str) -> bool:
    """Tell whether the destination has the form that the transport needs. [doc]"""
    return _FORMS[transport].fullmatch(destination) is not None


def read_address(transport: str, destination: str) -> Address:
    """Return the queue of a URL or the topic of an ARN; ValueError if it is neither."""
    found = _FORMS[transport].fullmatch(destination)
    if found is None or transport == EMAIL:
        raise ValueError(f"{destination!r} is no destination of the transport {transport}")
    parts = found.groupdict()
    region = parts["region"] or parts.get("old_region") or _FIRST_REGION
    return Address(transport, region, parts["account"], parts["name"])
