"""The log of API calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from mturk_mock.backend import service_model
from mturk_mock.backend.fault_list import BEFORE
from mturk_mock.core.clock import to_datetime

if TYPE_CHECKING:
    from mturk_mock.backend.faults import Fault
    from mturk_mock.mock.fault_errors import Failure

_LONGEST_VALUE = 40  # characters of a parameter in a repr


class APICall(NamedTuple):
    """One API call as the mock answered it.

    ``operation``: as in ``ListHITs``. ``params``: the members of the request, as they were
    sent. ``error``: the refusal, or botocore's exception where the connection failed on
    purpose; None if there was none. ``fault``: what made it fail on purpose, if anything did,
    as `MTurk.fail` returned it. ``requester``: who called.
    ``environment``: ``production`` or ``sandbox``. ``moment``: when, in microseconds since
    1970. ``answer``: the texts that the body of the result is made of; calls that answered
    a HIT that had not changed have the same texts, so a program that polls does not fill the
    memory.
    """

    operation: str
    params: Mapping[str, Any]
    requester: str
    environment: str
    moment: int
    error: Failure | None = None
    answer: tuple[str, ...] = ()
    fault: Fault | None = None

    @property
    def time(self) -> datetime:
        """When it was, an aware datetime."""
        return to_datetime(self.moment)

    @property
    def body(self) -> bytes:
        """The JSON that was answered, empty for a refusal."""
        return "".join(self.answer).encode()

    @property
    def result(self) -> dict[str, Any] | None:
        """What the call returned, as boto3 shows it; None if it was refused or lost."""
        if self.error is not None:
            return None
        if not self.answer:  # of ExtendHIT, which the service model does not know
            return {}
        return service_model.parse_result(self.operation, self.body)

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
