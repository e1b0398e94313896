"""Request tokens: what was said once is not done again for 24 hours. [doc]"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from mturk_mock.core import errors
from mturk_mock.core.clock import DAY

LIFETIME: Final = DAY


@dataclass
class Tokens:
    """The request tokens of one requester; each operation has its own. [assumed]

    A call that failed does not use its token up, and what else the repeated request
    says does not matter. [assumed]
    """

    _used: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)

    def result_of(self, operation: str, token: str | None, now: int) -> str | None:
        """Return what the call with this token made, None if it is free."""
        if token is None:
            return None
        used, result = self._used.get((operation, token), (None, None))
        return result if used is not None and now - used < LIFETIME else None

    def require_new(self, operation: str, token: str | None, now: int) -> None:
        """Raise DuplicateRequest if the token was used already."""
        if self.result_of(operation, token, now):
            raise errors.TOKEN_ALREADY_PROCESSED(token=token)

    def entries(self) -> list[tuple[str, str, int, str]]:
        """Return every operation, token, time of use and result, the first used first."""
        return [(*key, *use) for key, use in self._used.items()]

    def use(self, operation: str, token: str | None, now: int, result: str) -> None:
        """Remember that the call with this token made `result`."""
        if token is not None:
            self._used[operation, token] = (now, result)
