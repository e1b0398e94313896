"""The errors of the control API: ``{"error": {"code": ..., "message": ...}}``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


def invalid_input(message: str, code: str = "InvalidInput") -> Refused:
    """Return the error for input that is not valid."""
    return Refused(400, code, message)


def not_found(message: str, code: str = "NotFound") -> Refused:
    """Return the error for something that does not exist."""
    return Refused(404, code, message)


def conflict(message: str, code: str = "Conflict") -> Refused:
    """Return the error for what the present state does not allow."""
    return Refused(409, code, message)


def wrong_method(method: str, allowed: Iterable[str]) -> Refused:
    """Return the error for a method that a path does not have."""
    names = ", ".join(allowed)
    message = f"This address takes {names}, not {method}."
    return Refused(405, "MethodNotAllowed", message, {"Allow": names})
