"""Requests that botocore would not send."""

from __future__ import annotations

import json
from typing import Any

from mturk_mock import MTurk
from mturk_mock.backend.wire import Request, Response


def raw(
    mturk: MTurk, operation: str, content: object = b"", environment: str = "production"
) -> tuple[Response, dict[str, Any]]:
    """Send a request whose body is given bytes, or a value encoded as JSON.

    Return the response, and its body decoded from JSON.
    """
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    response = mturk._backend.handle(Request(operation, body, environment, "default"))
    return response, json.loads(response.body)
