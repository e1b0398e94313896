"""The kinds of values that the control API takes. Each has its JSON Schema and checks values."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from mturk_mock.core.arguments import is_number
from mturk_mock.core.quoting import list_names, quote
from mturk_mock.core.spelling import close_to

Schema: TypeAlias = Mapping[str, Any]

#: The largest whole number that every program's JSON keeps exactly.
MOST: Final = 2**53 - 1
_FLAGS: Final = {"true": True, "false": False}
_TIME: Final = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)", re.ASCII
)


class WrongValue(ValueError):
    """A value of another kind; the message says what is allowed."""


class Kind(ABC):
    """A kind of values. ``allowed``: what error messages call it."""

    allowed: str

    @property
    @abstractmethod
    def schema(self) -> Schema:
        """The JSON Schema."""

    @abstractmethod
    def read(self, value: Any) -> Any:
        """Return a value of JSON, as handlers take it; raise WrongValue if it is not allowed."""

    def read_text(self, text: str) -> Any:
        """Return a value that was given in a query."""
        return self.read(text)

    def refuse(self, value: Any, hint: str = "") -> WrongValue:
        """Return the error for a value."""
        return WrongValue(f"takes {self.allowed}, not {quote(value)}{hint}")


@dataclass(frozen=True)
class Text(Kind):
    """A text; with `pattern`, one that matches it as a whole."""

    allowed: str = "a text"
    pattern: str | None = None

    @property
    def schema(self) -> Schema:
        """The JSON Schema."""
        return {"type": "string"} | ({"pattern": f"^{self.pattern}$"} if self.pattern else {})

    def read(self, value: Any) -> str:
        """Return the text."""
        if not isinstance(value, str) or not re.fullmatch(self.pattern or "(?s:.*)", value):
            raise self.refuse(value)
        return value


class Choice(Kind):
    """One of several texts."""

    def __init__(self, choices: Iterable[str]) -> None:
        self._choices = sorted(choices)
        self.allowed = f"one of {list_names(self._choices)}"

    @property
    def schema(self) -> Schema:
        """The JSON Schema."""
        return {"type": "string", "enum": self._choices}

    def read(self, value: Any) -> str:
        """Return the text."""
        if not isinstance(value, str):
            raise self.refuse(value)
        if value not in self._choices:
            raise self.refuse(value, close_to(value, self._choices))
        return value


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number."""

    least: int = 0
    most: int = MOST

    @property
    def allowed(self) -> str:  # type: ignore[override]
        """What error messages call it."""
        return f"a whole number from {self.least} to {self.most}"

    @property
    def schema(self) -> Schema:
        """The JSON Schema."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def read(self, value: Any) -> int:
        """Return the number; 1.0 is a whole number too, as in JSON Schema."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if not is_number or not self.least <= value <= self.most:
            raise self.refuse(value)
        return int(value)

    def read_text(self, text: str) -> int:
        """Return a number that was given in a query, in ASCII digits."""
        if not re.fullmatch("[0-9]{1,16}", text):
            raise self.refuse(text)
        return self.read(int(text))


@dataclass(frozen=True)
class Number(Kind):
    """A number."""

    least: float = 0

    @property
    def allowed(self) -> str:  # type: ignore[override]
        """What error messages call it."""
        return f"a number from {self.least} to {MOST}"

    @property
    def schema(self) -> Schema:
        """The JSON Schema."""
        return {"type": "number", "minimum": self.least, "maximum": MOST}

    def read(self, value: Any) -> float:
        """Return the number."""
        if not is_number(value) or not self.least <= value <= MOST:
            raise self.refuse(value)
        return float(value)


class Flag(Kind):
    """True or false."""

    allowed = "true or false"

    @property
    def schema(self) -> Schema:
        """The JSON Schema."""
        return {"type": "boolean"}

    def read(self, value: Any) -> bool:
        """Return the flag."""
        if not isinstance(value, bool):
            raise self.refuse(value)
        return value

    def read_text(self, text: str) -> bool:
        """Return a flag that was given in a query."""
        if text not in _FLAGS:
            raise self.refuse(text)
        return _FLAGS[text]


class Time(Kind):
    """A time with its zone, by RFC 3339."""

    allowed = "a time with its zone, such as '2026-01-31T12:00:00Z'"

    @property
    def schema(self) -> Schema:
        """The JSON Schema."""
        return {"type": "string", "format": "date-time", "examples": ["2026-01-31T12:00:00Z"]}

    def read(self, value: Any) -> datetime:
        """Return the time."""
        found = _TIME.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise self.refuse(value)
        second, fraction, zone = found.groups()
        text = f"{second}.{(fraction or '').ljust(6, '0')}{zone.replace('Z', '+00:00')}"
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise self.refuse(value) from None


class Fields(Kind):
    """An object with any members."""

    allowed = "an object"

    @property
    def schema(self) -> Schema:
        """The JSON Schema."""
        return {"type": "object"}

    def read(self, value: Any) -> dict[str, Any]:
        """Return the object."""
        if not isinstance(value, dict):
            raise self.refuse(value)
        return value


@dataclass(frozen=True)
class Several(Kind):
    """A list of one or more values of a kind."""

    kind: Kind

    @property
    def allowed(self) -> str:  # type: ignore[override]
        """What error messages call it."""
        return f"a list of one or more, each {self.kind.allowed}"

    @property
    def schema(self) -> Schema:
        """The JSON Schema."""
        return {"type": "array", "items": self.kind.schema, "minItems": 1}

    def read(self, value: Any) -> list[Any]:
        """Return the list."""
        if not isinstance(value, list) or not value:
            raise self.refuse(value)
        return [self.kind.read(each) for each in value]


class Null(Kind):
    """null."""

    allowed = "null"

    @property
    def schema(self) -> Schema:
        """The JSON Schema."""
        return {"type": "null"}

    def read(self, value: Any) -> None:
        """Return None."""
        if value is not None:
            raise self.refuse(value)


class Either(Kind):
    """A value of one of several kinds."""

    def __init__(self, *kinds: Kind) -> None:
        self._kinds = kinds
        self.allowed = ", or ".join(kind.allowed for kind in kinds)

    @property
    def schema(self) -> Schema:
        """The JSON Schema."""
        return {"anyOf": [kind.schema for kind in self._kinds]}

    def read(self, value: Any) -> Any:
        """Return the value as its kind reads it."""
        for kind in self._kinds:
            try:
                return kind.read(value)
            except WrongValue:
                continue
        raise self.refuse(value)
