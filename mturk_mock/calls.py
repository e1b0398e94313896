"""The log of API calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mturk_mock.fault_errors import BEFORE, Failure
from mturk_mock.faults import Fault
from mturk_mock.protocol import service_model

_LONGEST_VALUE = 40  # characters of a parameter in a repr


@dataclass(frozen=True)
class APICall:
    """One API call as the mock answered it.

    ``operation``: as in ``ListHITs``. ``params``: the members of the request, as they were
    sent. ``error``: the refusal, or botocore's exception where the connection failed on
    purpose; None if there was none. ``fault``: what made it fail on purpose, if anything did,
    as `MTurk.fail` returned it. ``requester``: who called.
    ``environment``: ``production`` or ``sandbox``. ``time``: when, an aware datetime.
    """

    operation: str
    params: Mapping[str, Any]
    requester: str
    environment: str
    time: datetime
    error: Failure | None = None
    body: bytes = field(default=b"", repr=False)
    fault: Fault | None = None

    @property
    def result(self) -> dict[str, Any] | None:
        """What the call returned, as boto3 shows it; None if it was refused or lost."""
        if self.error is not None:
            return None
        if not self.body:  # of ExtendHIT, which the service model does not know
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
