"""Handles: the objects by which tests read and use workers, HITs and assignments."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast

from mturk_mock.backend.backend import Backend
from mturk_mock.core.errors import MTurkError
from mturk_mock.core.html_table import Cells, write_card
from mturk_mock.model.marketplace import Marketplace


class Stateful(Protocol):
    """An object of a marketplace."""

    id: str
    generation: int | None


OwnerT = TypeVar("OwnerT")
ObjectT = TypeVar("ObjectT", bound=Stateful)
InitT = TypeVar("InitT", bound=Callable[..., None])


def created_by_mock(init: InitT) -> InitT:
    """Make `__init__` raise TypeError, with advice, if a program creates the object itself."""

    @wraps(init)
    def checked(self: Any, *args: Any, **kwargs: Any) -> None:
        if not (args and isinstance(args[0], Backend)):
            raise TypeError(
                f"{type(self).__name__} objects are created by a mock: get one from {self._advice}"
            )
        init(self, *args, **kwargs)

    return cast(InitT, checked)


class Handle(ABC, Generic[OwnerT, ObjectT]):
    """A reference to an object of a mock by its ID, which always shows the current state.

    A handle is valid in every state that has the object: in copies of the state, and after
    `restore()`. In a state without the object, each use raises RuntimeError, even if another
    object has the same ID.
    """

    __slots__ = ("__weakref__", "_backend", "_generation", "_id")

    _advice: ClassVar[str]  # an expression that returns handles, for error messages

    @created_by_mock
    def __init__(self, backend: Backend, object_: ObjectT) -> None:
        self._backend = backend
        self._id = object_.id
        self._generation = object_.generation

    @property
    def id(self) -> str:
        """The ID."""
        return self._id

    @abstractmethod
    def _look_up(self, marketplace: Marketplace) -> tuple[OwnerT, ObjectT]:
        """Return the owner and the object; KeyError or MTurkError for an unknown ID."""

    @abstractmethod
    def _describe(self, owner: OwnerT, object_: ObjectT) -> str:
        """Return the text that `repr()` shows after the ID."""

    @abstractmethod
    def _summarize(self, owner: OwnerT, object_: ObjectT) -> Cells:
        """Return the values that a notebook shows after the ID, by attribute name."""

    def _find(self, marketplace: Marketplace) -> tuple[OwnerT, ObjectT]:
        """Return the owner and the object; RuntimeError if the marketplace does not have it."""
        with suppress(KeyError, MTurkError):
            owner, object_ = self._look_up(marketplace)
            if object_.generation in (None, self._generation):  # None: from a file
                return owner, object_
        raise RuntimeError(
            f"{type(self).__name__} {self._id} is not in this mock: the mock has gone back to a "
            "state without it, by reset(), restore() or the end of isolated(), or it belongs to "
            f"another mock. Get it again, e.g. from {self._advice}"
        )

    @property
    def _found(self) -> tuple[OwnerT, ObjectT]:
        with self._backend.transaction() as (marketplace, _):
            return self._find(marketplace)

    @property
    def _object(self) -> ObjectT:
        return self._found[1]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Handle):
            return NotImplemented
        return self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[object, ...]:
        return type(self), self._backend, self._id, self._generation

    def __repr__(self) -> str:
        name = f"{type(self).__name__} {self._id}"
        if self._backend.is_forked:
            return f"<{name}, of another process>"
        with self._backend.peek() as marketplace, suppress(RuntimeError):
            return f"<{name} {self._describe(*self._find(marketplace))}>"
        return f"<{name}, gone>"

    def _cells(self) -> Cells:
        """Return a row of a table, without running due events."""
        if not self._backend.is_forked:
            with self._backend.peek() as marketplace, suppress(RuntimeError):
                return {"id": self._id, **self._summarize(*self._find(marketplace))}
        return {"id": self._id, "status": "not in this mock"}

    def _repr_html_(self) -> str:
        return write_card(type(self).__name__, self._cells())


def id_in(marketplace: Marketplace, given: Any) -> Any:
    """Return a handle's ID, or another value as it is; RuntimeError if the object is gone."""
    return given._find(marketplace)[1].id if isinstance(given, Handle) else given
