"""The members of the objects in a file: taken one by one, none unknown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from typing import Any, TypeVar, cast

from mturk_mock.state import values
from mturk_mock.state.values import WrongMember

T = TypeVar("T")


class Members:
    """The members of an object in a file."""

    def __init__(self, value: Any, name: str = "") -> None:
        if not isinstance(value, Mapping):
            raise values.wrong_type(name, "an object", value)
        self._values = value
        self._asked: set[str] = set()

    @property
    def names(self) -> list[str]:
        """The members that are there."""
        return list(self._values)

    def any(self, name: str) -> Any:
        """Return a member of any kind, None if it is left out."""
        self._asked.add(name)
        return self._values.get(name)

    def take(self, name: str, read: Callable[..., T | None], *args: Any) -> T | None:
        """Return a member as a function of `values` reads it."""
        return read(name, self.any(name), *args)

    def need(self, name: str, read: Callable[..., T | None], *args: Any) -> T:
        """Return a member that may not be left out."""
        return values.require(name, self.take(name, read, *args))

    def inside(self, name: str, read: Callable[[Members], T]) -> T:
        """Read an object; one that is left out is empty."""
        value = self.any(name)
        return _read_members({} if value is None else value, name, read, whole=True)

    def each(self, name: str, read: Callable[[Members], T], *, whole: bool = True) -> list[T]:
        """Read a list of objects; if they are not read as a `whole`, other members may be there."""
        things = enumerate(values.read_list(name, self.any(name)))
        return [_read_members(thing, f"{name}[{i}]", read, whole=whole) for i, thing in things]

    def fill(self, entry: type[T], times: Collection[str] = (), **others: Any) -> T:
        """Return a dataclass whose fields are the members; `others` are read already."""
        names = [each.name for each in fields(cast(Any, entry)) if each.name not in others]
        given = {n: self.take(n, values.read_time) if n in times else self.any(n) for n in names}
        return entry(**given, **others)

    def finish(self) -> None:
        """Raise WrongMember for a member that was not asked for."""
        for name in self._values:
            if name not in self._asked:
                there = ", ".join(sorted(self._asked))
                raise WrongMember(name, f"there is no such member; there are {there}")


def _read_members(value: Any, place: str, read: Callable[[Members], T], *, whole: bool) -> T:
    with values.locate_problems(place):
        members = Members(value)
        found = read(members)
        if whole:
            members.finish()
        return found
