"""Mocks that hold much: filled past the wire, left, and asked again when it is their turn."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore import xform_name

from mturk_mock import MTurk, mock_mturk
from mturk_mock.core.environment import PRODUCTION
from mturk_mock.interception import botocore_send as interception
from mturk_mock.interception.active import Active
from mturk_mock.model import assignment_life
from mturk_mock.model.account import DEFAULT_REQUESTER
from mturk_mock.model.lags import Lags
from mturk_mock.operations import Call, answer

#: Asks for an operation with its parameters, and returns the result.
Ask = Callable[..., Any]

#: Dollars, for a hundred thousand of anything.
BALANCE = "1000000000"

AT_ONCE = itertools.repeat(0)


def new_mock(**options: Any) -> MTurk:
    """Return the handle of a mock that is off again, and keeps what it is filled with."""
    with mock_mturk(balance=BALANCE, **options) as mturk:
        return mturk


@contextmanager
def answering(mturk: MTurk) -> Iterator[None]:
    """Let a mock answer that was filled before: `mock_mturk` makes a new one each time."""
    active = Active(mturk._backend, mturk)
    interception.start(active)
    try:
        yield
    finally:
        interception.stop(active)


@contextmanager
def filling(mturk: MTurk) -> Iterator[Ask]:
    """Yield what asks for operations at one moment, without a wire and without the call log.

    It saves four fifths of the time of a boto3 call.
    """
    with mturk._backend.transaction() as (marketplace, now):
        account = marketplace.account(DEFAULT_REQUESTER, PRODUCTION)

        def ask(operation: str, **parameters: Any) -> Any:
            members = {xform_name(name): value for name, value in parameters.items()}
            return answer(Call(marketplace, account, now, operation, False, Lags()), members)

        yield ask


def submit(
    mturk: MTurk, hit_id: str, count: int, document: str, delays: Iterator[int] = AT_ONCE
) -> list[str]:
    """Let so many new people do a HIT, after delays in microseconds; return their ids."""
    workers = []
    with mturk._backend.transaction() as (marketplace, now):
        account, hit = marketplace.find_hit(hit_id)
        for delay in itertools.islice(delays, count):
            time = now + delay
            person = marketplace.person(marketplace.ids.worker())
            id_ = marketplace.ids.entity("Assignment")
            work = assignment_life.accept(account, hit, person, id_, time)
            assignment_life.submit(account, work, document, time)
            workers.append(person.id)
    return workers
