"""Request tokens: a token cannot be used again for 24 hours. [doc]"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from mturk_mock.core import errors
from mturk_mock.core.clock import DAY

LIFETIME: Final = DAY


@dataclass
class Tokens:
    """The used request tokens of one requester; each operation has its own. [assumed]

    A call that fails does not use its token, and other parameters of a repeated request do not
    matter. [assumed]
    """

    _used: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)

    def result_of(self, operation: str, token: str | None, now: int) -> str | None:
        """Return the result of the call with this token, None if the token is free."""
        if token is None:
            return None
        used, result = self._used.get((operation, token), (None, None))
        return result if used is not None and now - used < LIFETIME else None

    def require_new(self, operation: str, token: str | None, now: int) -> None:
        """Raise DuplicateRequest if the token is used."""
        if self.result_of(operation, token, now):
            raise errors.TOKEN_ALREADY_PROCESSED(token=token)

    def entries(self) -> list[tuple[str, str, int, str]]:
        """Return operation, token, time of use and result of each, in order of use."""
        return [(*key, *use) for key, use in self._used.items()]

    def use(self, operation: str, token: str | None, now: int, result: str) -> None:
        """Store the result of the call with this token."""
        if token is not None:
            self._used[operation, token] = (now, result)
