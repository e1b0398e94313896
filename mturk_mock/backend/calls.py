"""The log of API calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mturk_mock.backend import service_model
from mturk_mock.backend.faults import BEFORE, Failure, Fault
from mturk_mock.backend.serializer import encode_result
from mturk_mock.core import errors
from mturk_mock.core.clock import to_datetime
from mturk_mock.core.errors import MTurkError
from mturk_mock.model.notification import Message

_LONGEST_VALUE = 40  # characters of a parameter in a repr


@dataclass(slots=True, repr=False)
class APICall:
    """One API call as the mock answered it.

    - ``operation``: its name, such as ``ListHITs``.
    - ``params``: the members of the request, as sent.
    - ``requester``: the requester who called.
    - ``environment``: ``production`` or ``sandbox``.
    - ``moment``: the time of the call, in microseconds since 1970.
    - ``error``: the service's error, or botocore's exception for an injected connection failure;
      None if the call succeeded.
    - ``answer``: the operation's result, empty after an error; it shares its texts with the HITs.
    - ``fault``: the injected fault that made the call fail, as `MTurk.fail` returned it.
    - ``warning``: the mock's warning about a likely mistake of the program.
    """

    operation: str
    params: Mapping[str, Any]
    requester: str
    environment: str
    moment: int
    error: Failure | None = None
    answer: Mapping[str, Any] = field(default_factory=dict)
    fault: Fault | None = None
    warning: str | None = None

    def note_warning(self, text: str) -> None:
        """Set the warning to emit when the call is over."""
        self.warning = text

    def note_delivery(self, tests: Iterable[Message]) -> None:
        """Set the error if a test event that the call sent could not be delivered."""
        failed = next((test for test in tests if test.failed), None)
        if failed is not None and self.error is None:
            self.error = errors.TEST_EVENT_NOT_DELIVERED(
                destination=failed.specification.destination, reason=failed.reason
            )

    @property
    def time(self) -> datetime:
        """The time of the call, as an aware datetime."""
        return to_datetime(self.moment)

    @property
    def error_code(self) -> str | None:
        """The code of the service's error, or the name of botocore's exception."""
        if isinstance(self.error, MTurkError):
            return self.error.code
        return None if self.error is None else type(self.error).__name__

    @property
    def body(self) -> bytes:
        """The JSON of the result; empty after an error, and for ExtendHIT (XML)."""
        if self.error is not None or self.operation == service_model.EXTEND_HIT:
            return b""
        return encode_result(self.operation, self.answer).encode()

    @property
    def result(self) -> dict[str, Any] | None:
        """What the call returned, as boto3 shows it; None after an error."""
        if self.error is not None:
            return None
        body = self.body
        return service_model.parse_result(self.operation, body) if body else {}

    def __repr__(self) -> str:
        params = ", ".join(f"{name}={_short(value)}" for name, value in self.params.items())
        refusal = "" if self.error is None else f" -> {_describe_fault(self.fault)}{self.error}"
        return f"<{self.operation}({params}) at {self.time:%Y-%m-%d %H:%M:%S}{refusal}>"


def _describe_fault(fault: Fault | None) -> str:
    if fault is None:
        return ""
    return "injected: " if fault.when == BEFORE else "done, then injected: "


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."
