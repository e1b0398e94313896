"""JSON Schemas of what the control API returns."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final, get_args

from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.model.ledger import shown
from mturk_mock.server.control.kinds import Schema

TEXT: Final[Schema] = {"type": "string"}
TEXT_OR_NULL: Final[Schema] = {"type": ["string", "null"]}
WHOLE: Final[Schema] = {"type": "integer"}
FLAG: Final[Schema] = {"type": "boolean"}
TIME: Final[Schema] = {"type": "string", "format": "date-time"}
TIME_OR_NULL: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
MONEY: Final[Schema] = {"type": "string", "examples": ["12.50"]}
ENVIRONMENT: Final[Schema] = {"type": "string", "enum": [PRODUCTION, SANDBOX]}
ANYTHING: Final[Schema] = {"type": "object"}


def one_of(literal: Any) -> Schema:
    """Return the schema of the values of a Literal."""
    return {"type": "string", "enum": list(get_args(literal))}


def an_object(**members: Schema) -> dict[str, Any]:
    """Return the schema of an object that has exactly these members."""
    return {
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }


def a_list(item: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": item}


def write_time(moment: datetime | None) -> str | None:
    """Return a time as the control API writes it."""
    return None if moment is None else moment.isoformat()


def write_money(amount: Decimal) -> str:
    """Return an amount in dollars as the control API writes it: with two decimals or more."""
    return f"{shown(amount):f}"
