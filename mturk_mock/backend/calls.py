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
from mturk_mock.model.notification import Message

_LONGEST_VALUE = 40  # characters of a parameter in a repr


@dataclass(slots=True, repr=False)
class APICall:
    """One API call as the mock answered it.

    ``operation``: as in ``ListHITs``. ``params``: the members of the request, as they were
    sent. ``requester``: who called. ``environment``: ``production`` or ``sandbox``.
    ``moment``: when, in microseconds since 1970. ``error``: the refusal, or botocore's
    exception if the connection failed on purpose; None if there was none. ``fault``: the
    fault that made it fail on purpose, as `MTurk.fail` returned it. ``answer``: what the
    operation returned, empty for a refusal; it shares its texts with the HITs. ``warning``: of
    the mock, about a likely mistake of the program.
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
        """Give a warning when the call is over."""
        self.warning = text

    def note_delivery(self, tests: Iterable[Message]) -> None:
        """Refuse the call if a test event that it sent could not be delivered."""
        failed = next((test for test in tests if test.failed), None)
        if failed is not None and self.error is None:
            self.error = errors.TEST_EVENT_NOT_DELIVERED(
                destination=failed.specification.destination, reason=failed.reason
            )

    @property
    def time(self) -> datetime:
        """When it was, an aware datetime."""
        return to_datetime(self.moment)

    @property
    def body(self) -> bytes:
        """The JSON of the answer; empty if it was refused or lost, and for ExtendHIT (XML)."""
        if self.error is not None or self.operation == service_model.EXTEND_HIT:
            return b""
        return encode_result(self.operation, self.answer).encode()

    @property
    def result(self) -> dict[str, Any] | None:
        """What the call returned, as boto3 shows it; None if it was refused or lost."""
        if self.error is not None:
            return None
        body = self.body
        return service_model.parse_result(self.operation, body) if body else {}

    def __repr__(self) -> str:
        params = ", ".join(f"{name}={_short(value)}" for name, value in self.params.items())
        refusal = "" if self.error is None else f" -> {_on_purpose(self.fault)}{self.error}"
        return f"<{self.operation}({params}) at {self.time:%Y-%m-%d %H:%M:%S}{refusal}>"


def _on_purpose(fault: Fault | None) -> str:
    if fault is None:
        return ""
    return "on purpose: " if fault.when == BEFORE else "done, and then on purpose: "


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."
