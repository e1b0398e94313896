"""Reading what somebody has written: members of an object, each checked, none unknown.

Whatever is wrong is a ValueError that begins with the place, as in
``accounts[0].hits[3].assignments[0].worker_id: ...``. A member that is null counts as
left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

from mturk_mock.core.clock import from_datetime, to_datetime
from mturk_mock.core.errors import MTurkError
from mturk_mock.core.ids import ENTITY_ID, WORKER_ID

T = TypeVar("T")

_LARGEST: Final = 10**11  # seconds: what is later has no date
_MONEY: Final = re.compile(r"[0-9]+(\.[0-9]+)?")


class WrongType(ValueError):
    """Something of another type than is allowed there."""


def refuse(path: str, problem: str) -> ValueError:
    """Return the error that says what is wrong where."""
    return ValueError(_said(path, problem))


def wrong_type(path: str, what: str, value: object) -> WrongType:
    """Return the error that says what should be where."""
    return WrongType(_said(path, f"this takes {what}, not {value!r}"))


def _said(path: str, problem: object) -> str:
    return f"{path}: {problem}" if path else str(problem)


@contextmanager
def refusals_at(path: str) -> Iterator[None]:
    """Let what the service, or a form, would refuse be wrong at this place."""
    try:
        yield
    except MTurkError as refusal:
        raise refuse(path, refusal.message) from None
    except TypeError as refusal:
        raise WrongType(_said(path, refusal)) from None
    except ValueError as refusal:
        raise refuse(path, str(refusal)) from None


class Members:
    """An object whose members are taken out one by one; `finish` refuses all others."""

    def __init__(self, value: Any, path: str, names: Mapping[str, str] | None = None) -> None:
        if not isinstance(value, Mapping):
            raise wrong_type(path or "the file", "an object", value)
        self._values = value
        self._path = path
        self._names = names or {}  # by which others are told of members
        self._asked: list[str] = []

    @property
    def path(self) -> str:
        """The place of the object itself."""
        return self._path

    @property
    def names(self) -> list[str]:
        """The members that are there."""
        return list(self._values)

    def at(self, name: str) -> str:
        """Return the place of a member."""
        name = self._names.get(name, name)
        return f"{self._path}.{name}" if self._path else name

    def any(self, name: str) -> Any:
        """Return whatever the member is, None if it is left out."""
        self._asked.append(name)
        return self._values.get(name)

    def finish(self) -> None:
        """Raise ValueError for a member that nobody has asked for."""
        for name in self._values:
            if name not in self._asked:
                there = ", ".join(sorted(set(self._asked)))
                raise refuse(self.at(name), f"there is no such member; there are {there}")

    def _typed(self, name: str, type_: type[T], what: str) -> T | None:
        value = self.any(name)
        if value is None:
            return None
        if not isinstance(value, type_) or isinstance(value, bool) != (type_ is bool):
            raise wrong_type(self.at(name), what, value)
        return value

    def needed(self, name: str, value: T | None) -> T:
        """Return what was found, ValueError if the member is left out."""
        if value is None:
            raise refuse(self.at(name), "this is missing")
        return value

    # Kinds of members ---------------------------------------------------------------------

    def text(self, name: str) -> str | None:
        """Return a text."""
        return self._typed(name, str, "a text")

    def flag(self, name: str) -> bool | None:
        """Return true or false."""
        return self._typed(name, bool, "true or false")

    def whole(self, name: str) -> int | None:
        """Return a whole number, be it less than nothing."""
        return self._typed(name, int, "a whole number")

    def count(self, name: str) -> int | None:
        """Return a whole number, 0 or more."""
        number = self.whole(name)
        if number is not None and number < 0:
            raise refuse(self.at(name), f"this takes 0 or more, not {number}")
        return number

    def number(self, name: str) -> float | None:
        """Return a number, whole or not, of less than a hundred thousand million."""
        value = self.any(name)
        if value is None:
            return None
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise wrong_type(self.at(name), "a number", value)
        if not abs(value) < _LARGEST:
            raise refuse(self.at(name), f"this takes a number below {_LARGEST}, not {value}")
        return value

    def choice(self, name: str, allowed: Iterable[str]) -> str | None:
        """Return one of the texts that are allowed."""
        text = self.text(name)
        if text is not None and text not in allowed:
            raise refuse(self.at(name), f"this takes {', '.join(allowed)}, not {text!r}")
        return text

    def money(self, name: str) -> Decimal | None:
        """Return dollars, which are written as a text."""
        text = self._typed(name, str, "dollars as a text, as '12.50'")
        if text is None:
            return None
        if not _MONEY.fullmatch(text):
            raise refuse(self.at(name), f"this takes dollars as a text, as '12.50', not {text!r}")
        return Decimal(text)

    def time(self, name: str) -> int | None:
        """Return a time in microseconds since 1970."""
        text = self._typed(name, str, "a time, as '2026-01-31T12:00:00Z'")
        if text is None:
            return None
        moment: datetime | None = None
        with suppress(ValueError):
            moment = datetime.fromisoformat(re.sub("Z$", "+00:00", text))
        if moment is None or moment.tzinfo is None:
            raise refuse(
                self.at(name),
                f"this takes a time with its zone, as '2026-01-31T12:00:00Z', not {text!r}",
            )
        return from_datetime(moment)

    def id(self, name: str) -> str | None:
        """Return an id in the form of those of HITs and assignments."""
        return self._form(name, ENTITY_ID, "an id of capitals and digits, 64 characters at most")

    def worker_id(self, name: str) -> str | None:
        """Return an id in the form of those of workers."""
        return self._form(
            name, WORKER_ID, "an id as 'A1B2C3D4E5F6G7' (an A, then capitals and digits)"
        )

    def _form(self, name: str, form: re.Pattern[str], what: str) -> str | None:
        text = self._typed(name, str, what)
        if text is not None and not form.fullmatch(text):
            raise refuse(self.at(name), f"this takes {what}, not {text!r}")
        return text

    def object(self, name: str) -> Members:
        """Return an object, an empty one if it is left out."""
        value = self.any(name)
        return Members({} if value is None else value, self.at(name))

    def mapping(self, name: str) -> dict[str, Any]:
        """Return an object whose members have any names."""
        return dict(self._typed(name, dict, "an object") or {})

    def ids(self, name: str) -> list[str]:
        """Return a list of ids, an empty one if it is left out."""
        values = self._typed(name, list, "a list of ids") or []
        inner = Members({f"{name}[{i}]": value for i, value in enumerate(values)}, self._path)
        return [inner.needed(each, inner.id(each)) for each in inner._values]

    def texts(self, name: str) -> dict[str, str]:
        """Return an object of texts by ids, an empty one if it is left out."""
        inner = self.object(name)
        for id_ in inner._values:
            if not ENTITY_ID.fullmatch(id_):
                raise refuse(inner.at(id_), "this is no id of capitals and digits")
        return {id_: inner.needed(id_, inner.text(id_)) for id_ in inner._values}

    def objects(self, name: str) -> list[Members]:
        """Return a list of objects, an empty one if it is left out."""
        values = self._typed(name, list, "a list") or []
        return [Members(value, f"{self.at(name)}[{i}]") for i, value in enumerate(values)]


@dataclass(frozen=True)
class Submission(Generic[T]):
    """Something that was submitted: when, and its place among the others if that is said."""

    thing: T
    time: int
    place: int | None


def in_order(submissions: list[Submission[T]], path: str) -> list[T]:
    """Return what was submitted in the order that is said, or in that of the times."""
    places = {each.place for each in submissions if each.place is not None}
    if len(places) not in (0, len(submissions)):
        raise refuse(path, "each that was submitted has a submission of its own, or none has one")
    submissions = sorted(
        submissions, key=lambda each: each.time if each.place is None else each.place
    )
    return [each.thing for each in submissions]


def written(moment: int | None) -> str | None:
    """Return microseconds since 1970 as a file has them, None for None."""
    if moment is None:
        return None
    return to_datetime(moment).isoformat(timespec="microseconds").replace("+00:00", "Z")


def some(**members: Any) -> dict[str, Any]:
    """Return the members of an object, without those that say nothing (None, or empty)."""
    return {
        name: value
        for name, value in members.items()
        if value is not None and value != {} and value != []
    }
