"""The log of API calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mturk_mock.errors import MTurkError
from mturk_mock.protocol import service_model

_LONGEST_VALUE = 40  # characters of a parameter in a repr


@dataclass(frozen=True)
class APICall:
    """One API call as the mock answered it.

    ``operation``: as in ``ListHITs``. ``params``: the members of the request, as they were
    sent. ``error``: the refusal, None if there was none. ``requester``: who called.
    ``environment``: ``production`` or ``sandbox``. ``time``: when, an aware datetime.
    """

    operation: str
    params: Mapping[str, Any]
    requester: str
    environment: str
    time: datetime
    error: MTurkError | None = None
    body: bytes = field(default=b"", repr=False)

    @property
    def result(self) -> dict[str, Any] | None:
        """What the call returned, as boto3 shows it; None if it was refused."""
        if self.error is not None:
            return None
        if not self.body:  # of ExtendHIT, which the service model does not know
            return {}
        return service_model.parse_result(self.operation, self.body)

    def __repr__(self) -> str:
        params = ", ".join(f"{name}={_short(value)}" for name, value in self.params.items())
        refusal = "" if self.error is None else f" -> {self.error}"
        return f"<{self.operation}({params}) at {self.time:%Y-%m-%d %H:%M:%S}{refusal}>"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."
