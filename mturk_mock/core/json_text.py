"""A reader of untrusted JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

#: The maximum depth to which lists and objects can be nested.
DEEPEST: Final = 100

_TOO_DEEP: Final = f"lists and objects are nested more than {DEEPEST} deep"


def read_json(
    text: str | bytes, make_object: Callable[[list[tuple[str, Any]]], Any] | None = None
) -> Any:
    """Return the value of a JSON text; raise ValueError if it is invalid or nested too deep.

    `make_object`: converts the pairs of each object, by default to a dict.
    """
    try:
        value = json.loads(text, object_pairs_hook=make_object)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    level, depth = _containers([value]), 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise ValueError(_TOO_DEEP)
        level = [inner for each in level for inner in _containers(each)]
    return value


def _containers(container: Any) -> list[Any]:
    """Return the lists and objects directly inside a list or an object."""
    members = container.values() if isinstance(container, dict) else container
    return [member for member in members if isinstance(member, (dict, list))]
