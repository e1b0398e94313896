"""Request tokens: a token cannot be used again for 24 hours. [doc]"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from mturk_mock.core import errors
from mturk_mock.core.clock import DAY

LIFETIME: Final = DAY


@dataclass
class Tokens:
    """The used request tokens of one requester, separate for each operation. [assumed]

    A failed call does not use its token, and the other parameters of a repeated request are
    ignored. [assumed]
    """

    _used: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)

    def result_of(self, operation: str, token: str | None, now: int) -> str | None:
        """Return the result of the call that used this token; None if the token can be used."""
        if token is None:
            return None
        used, result = self._used.get((operation, token), (None, None))
        return result if used is not None and now - used < LIFETIME else None

    def require_new(self, operation: str, token: str | None, now: int) -> None:
        """Raise DuplicateRequest if the token was used in the last 24 hours."""
        if self.result_of(operation, token, now):
            raise errors.TOKEN_ALREADY_PROCESSED(token=token)

    def entries(self) -> list[tuple[str, str, int, str]]:
        """Return the operation, token, time and result of each use, in order."""
        return [(*key, *use) for key, use in self._used.items()]

    def use(self, operation: str, token: str | None, now: int, result: str) -> None:
        """Mark the token as used now, by a call with this result."""
        if token is not None:
            self._used[operation, token] = (now, result)
