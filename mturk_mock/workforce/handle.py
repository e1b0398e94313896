"""What the public views of things have in common."""

from __future__ import annotations

from mturk_mock.backend.backend import Backend


class Handle:
    """A thing of a mock, known by its id and looked up anew each time it is asked.

    So a handle shows the present, and works in a copy of its mock's state as well.
    """

    def __init__(self, backend: Backend, id_: str) -> None:
        self._backend = backend
        self._id = id_

    @property
    def id(self) -> str:
        """The id."""
        return self._id

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Handle):
            return NotImplemented
        same_kind = type(self) is type(other)
        return same_kind and self._backend is other._backend and self._id == other._id

    def __hash__(self) -> int:
        return hash(self._id)
