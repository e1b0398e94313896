"""Access to the members of JSON objects in a state file; unknown members are refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from typing import Any, TypeVar, cast

from mturk_mock.state import values
from mturk_mock.state.values import WrongMember

T = TypeVar("T")


class Members:
    """The members of an object in a state file."""

    def __init__(self, value: Any, name: str = "") -> None:
        if not isinstance(value, Mapping):
            raise values.wrong_type(name, "an object", value)
        self._values = value
        self._asked: set[str] = set()

    @property
    def names(self) -> list[str]:
        """The names of the members that are present."""
        return list(self._values)

    def any(self, name: str) -> Any:
        """Return a member of any type, unchecked; None if it is omitted."""
        self._asked.add(name)
        return self._values.get(name)

    def take(self, name: str, read: Callable[..., T | None], *args: Any) -> T | None:
        """Return a member, read by a function of `values`; None if it is omitted."""
        return read(name, self.any(name), *args)

    def need(self, name: str, read: Callable[..., T | None], *args: Any) -> T:
        """Return a required member, read by a function of `values`."""
        return values.require(name, self.take(name, read, *args))

    def inside(self, name: str, read: Callable[[Members], T]) -> T:
        """Read an object; an omitted object counts as empty."""
        value = self.any(name)
        return _read_members({} if value is None else value, name, read, whole=True)

    def each(self, name: str, read: Callable[[Members], T], *, whole: bool = True) -> list[T]:
        """Read a list of objects; `whole=False` allows members that `read` does not ask for."""
        things = enumerate(values.read_list(name, self.any(name)))
        return [_read_members(thing, f"{name}[{i}]", read, whole=whole) for i, thing in things]

    def fill(self, entry: type[T], times: Collection[str] = (), **others: Any) -> T:
        """Return a dataclass whose fields are the members; `others` are already read."""
        names = [each.name for each in fields(cast(Any, entry)) if each.name not in others]
        given = {n: self.take(n, values.read_time) if n in times else self.any(n) for n in names}
        return entry(**given, **others)

    def finish(self) -> None:
        """Raise WrongMember for a member that no method was asked for."""
        for name in self._values:
            if name not in self._asked:
                allowed = ", ".join(sorted(self._asked))
                raise WrongMember(name, f"unknown member; allowed are {allowed}")


def _read_members(value: Any, place: str, read: Callable[[Members], T], *, whole: bool) -> T:
    with values.locate_problems(place):
        members = Members(value)
        found = read(members)
        if whole:
            members.finish()
        return found
