"""Checks for the values of members of placed objects.

An invalid value raises WrongMember. Each enclosing object adds its location to the error, as in
``accounts[0].hits[3].assignments[0].worker_id: ...``. None, or null in a file, counts as
omitted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final, Protocol, TypeVar

from mturk_mock.core.clock import POSSIBLE, from_datetime, is_possible, to_datetime
from mturk_mock.core.errors import MTurkError
from mturk_mock.core.ids import ENTITY_ID, WORKER_ID
from mturk_mock.core.quoting import quote, shorten
from mturk_mock.model.ledger import MOST_FUNDS

T = TypeVar("T")

_LARGEST: Final = 10**11  # seconds: later times have no date
_MONEY: Final = re.compile(r"[0-9]+(\.[0-9]+)?")


class WrongMember(ValueError):
    """An invalid value: the `problem`, and its location `member`, "" for the object itself."""

    def __init__(self, member: str, problem: str) -> None:
        super().__init__(f"{shorten(member)}: {problem}" if member else problem)
        self.member = member
        self.problem = problem


class WrongType(WrongMember):
    """A value of a type that is not allowed."""


def wrong_type(member: str, allowed: str, value: object) -> WrongType:
    """Return the error for a value of another type than `allowed` describes."""
    return WrongType(member, f"must be {allowed}, not {quote(value)}")


@contextmanager
def locate_problems(place: str) -> Iterator[None]:
    """Prefix a WrongMember with the location of the object that has the member."""
    try:
        yield
    except WrongMember as wrong:
        member = f"{place}.{wrong.member}" if wrong.member else place
        raise type(wrong)(member, wrong.problem) from None


@contextmanager
def convert_refusals(member: str) -> Iterator[None]:
    """Convert an error of the service or of a form to a WrongMember."""
    try:
        yield
    except WrongMember:
        raise
    except MTurkError as refusal:
        raise WrongMember(member, refusal.message) from None
    except TypeError as refusal:
        raise WrongType(member, str(refusal)) from None
    except ValueError as refusal:
        raise WrongMember(member, str(refusal)) from None


# Kinds of values --------------------------------------------------------------------------


def require(member: str, value: T | None) -> T:
    """Return a required value."""
    if value is None:
        raise WrongMember(member, "this is missing")
    return value


def _read_typed(member: str, value: Any, type_: type[T], allowed: str) -> T | None:
    if value is None:
        return None
    if not isinstance(value, type_) or isinstance(value, bool) != (type_ is bool):
        raise wrong_type(member, allowed, value)
    return value


def read_list(member: str, value: Any, allowed: str = "a list") -> list[Any]:
    """Return a list; empty if it is omitted."""
    return _read_typed(member, value, list, allowed) or []


def read_object(member: str, value: Any) -> dict[str, Any]:
    """Return an object; empty if it is omitted."""
    return dict(_read_typed(member, value, dict, "an object") or {})


read_text: Final = partial(_read_typed, type_=str, allowed="a text")
read_flag: Final = partial(_read_typed, type_=bool, allowed="true or false")
read_whole: Final = partial(_read_typed, type_=int, allowed="a whole number")


def read_count(member: str, value: Any) -> int | None:
    """Return a whole number, 0 or more."""
    number = read_whole(member, value)
    if number is not None and number < 0:
        raise WrongMember(member, f"must be 0 or more, not {number}")
    return number


def read_number(member: str, value: Any) -> float | None:
    """Return a number, whole or not, below 10**11."""
    if value is None:
        return None
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise wrong_type(member, "a number", value)
    if not abs(value) < _LARGEST:
        raise WrongMember(member, f"must be a number below {_LARGEST}, not {value}")
    return value


def read_choice(member: str, value: Any, allowed: Collection[str]) -> str | None:
    """Return a text, which must be one of `allowed`."""
    text = read_text(member, value)
    if text is not None and text not in allowed:
        raise WrongMember(member, f"must be one of {', '.join(allowed)}, not {quote(text)}")
    return text


def read_time(member: str, value: Any) -> int | None:
    """Return a time, given in ISO 8601 with its zone, in microseconds since 1970."""
    text = _read_typed(member, value, str, "a time such as '2026-01-31T12:00:00Z'")
    if text is None:
        return None
    moment: datetime | None = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(re.sub("Z$", "+00:00", text))
    if moment is None or moment.tzinfo is None:
        allowed = "a time with its zone, such as '2026-01-31T12:00:00Z'"
        raise WrongMember(member, f"must be {allowed}, not {quote(text)}")
    if not is_possible(from_datetime(moment)):
        raise WrongMember(member, f"must be {POSSIBLE}, not {quote(text)}")
    return from_datetime(moment)


def _read_form(member: str, value: Any, form: re.Pattern[str], allowed: str) -> str | None:
    text = _read_typed(member, value, str, allowed)
    if text is not None and not form.fullmatch(text):
        raise WrongMember(member, f"must be {allowed}, not {quote(text)}")
    return text


read_id: Final = partial(
    _read_form, form=ENTITY_ID, allowed="an ID of at most 64 capital letters and digits"
)
read_worker_id: Final = partial(
    _read_form,
    form=WORKER_ID,
    allowed="an ID such as 'A1B2C3D4E5F6G7' (an A, then capital letters and digits)",
)


def read_dollars(member: str, value: Any) -> Decimal | None:
    """Return an amount in dollars, given as a text."""
    text = _read_form(member, value, _MONEY, "dollars as a text, such as '12.50'")
    return None if text is None else Decimal(text)


def read_balance(member: str, value: Any) -> Decimal | None:
    """Return the funds of a requester, given as a text."""
    amount = read_dollars(member, value)
    if amount is not None and amount > MOST_FUNDS:
        raise WrongMember(member, f"must be {MOST_FUNDS:,} dollars at most, not {value!r}")
    return amount


class Submitted(Protocol):
    """An object with a submit time, which is None if it was not submitted."""

    submit_time: int | None


SubmittedT = TypeVar("SubmittedT", bound=Submitted)


def sort_submissions(
    things: Sequence[SubmittedT], places: Sequence[int | None], member: str
) -> list[SubmittedT]:
    """Return the submitted things, ordered by `places`, or by time if no place is given."""
    found = [pair for pair in zip(things, places, strict=True) if pair[0].submit_time is not None]
    given = {place for _, place in found if place is not None}
    if len(given) not in (0, len(found)):
        problem = "each submitted one must have a submission of its own, or none may have one"
        raise WrongMember(member, problem)
    found.sort(key=lambda pair: (pair[0].submit_time or 0) if pair[1] is None else pair[1])
    return [thing for thing, _ in found]


# Writing ----------------------------------------------------------------------------------


def write_time(moment: int | None) -> str | None:
    """Return a time in microseconds since 1970 as a text in ISO 8601, None for None."""
    if moment is None:
        return None
    return to_datetime(moment).isoformat(timespec="microseconds").replace("+00:00", "Z")


def write_members(thing: object, *names: str, times: Collection[str] = ()) -> dict[str, Any]:
    """Return the attributes of a thing as members of the same names; `times` come last."""
    moments = {name: write_time(getattr(thing, name)) for name in times}
    return {name: getattr(thing, name) for name in names} | moments


def drop_empty(**members: Any) -> dict[str, Any]:
    """Return the members of an object, without those that are None or empty."""
    return {
        name: value
        for name, value in members.items()
        if value is not None and value != {} and value != []
    }
