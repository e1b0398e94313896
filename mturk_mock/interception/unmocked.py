"""Recognize calls that were sent to the real Mechanical Turk because no mock was active.

Nothing is patched while no mock is active, so this module inspects the exception of a failed
test. It does not import botocore.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from typing import Any, Final

from mturk_mock.core.hosts import is_of_service

_ENDPOINT_PREFIX: Final = "mturk-requester"  # as in backend.service_model, which loads botocore
_SENDER: Final = (
    "mturk_mock.interception.botocore_send"  # in the traceback of each call that a mock answers
)
_CLIENTS: Final = ("botocore.client", "aiobotocore.client")

_ADVICE: Final = """\
{what} was sent while no mock of Mechanical Turk was active.
- To start a mock for a test, use the fixture mturk or mturk_client in it, or mark it with
  @pytest.mark.mock_mturk.
- A fixture that makes calls must use the fixture mturk too, because fixtures run in the order of
  their dependencies. The marker starts the mock before the other fixtures of the test.
- A mock ends with its test or `with` block. Calls that a client makes later are sent.
- With `mturk_block = true` in pytest's configuration, such a call raises an error at once."""

_REGION: Final = """\
boto3.client("mturk") was given no region. Pass region_name="us-east-1", or set AWS_DEFAULT_REGION
for the tests. Clients of mturk.client() and the fixture mturk_client need none."""


def explain(error: BaseException) -> str | None:
    """Return advice on the exception of a call that no mock answered, None for others.

    Also on a client for Mechanical Turk that boto3 could not create without a region.
    """
    if any(map(_is_about_region, _chain(error))):
        return _REGION
    called = next(filter(None, map(_find_call, _chain(error))), None)
    return None if called is None else _ADVICE.format(what=called)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _is_about_region(error: BaseException) -> bool:
    if type(error).__name__ != "NoRegionError":
        return False
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return any(
        frame.f_code.co_name == "create_client" and frame.f_locals.get("service_name") == "mturk"
        for frame in frames
    )


def _find_call(error: BaseException) -> str | None:
    """Return a description of the call if botocore or `requests` raised the exception for it."""
    if type(error).__module__ == "requests.exceptions":
        url = getattr(getattr(error, "request", None), "url", None) or ""
        return f"A request to {url}" if is_of_service(url) else None
    return _find_operation(error) if type(error).__module__ == "botocore.exceptions" else None


def _find_operation(error: BaseException) -> str | None:
    """Return the operation whose call raised the exception; None if a mock answered the call."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    names = [frame.f_globals.get("__name__") for frame in frames]
    if _SENDER in names:
        return None
    for frame, name in zip(frames, names, strict=True):
        if name in _CLIENTS and frame.f_code.co_name == "_make_api_call":
            return _operation_of(frame.f_locals)
    return None


def _operation_of(call: dict[str, Any]) -> str | None:
    is_ours = call["self"].meta.service_model.endpoint_prefix == _ENDPOINT_PREFIX
    return str(call["operation_name"]) if is_ours else None
