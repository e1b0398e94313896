"""Names of operations and other things, as people write them."""

from __future__ import annotations

from collections.abc import Iterable

from botocore import xform_name

from mturk_mock.backend import service_model
from mturk_mock.core import spelling


def by_spelling(*others: str) -> dict[str, str]:
    """Return each operation by both its spellings, ``CreateHIT`` and ``create_hit``.

    `others`: operations that the service model does not know.
    """
    names = [*service_model.operation_names(), *others]
    return {xform_name(name): name for name in names} | {name: name for name in names}


def close_to(given: str, known: Iterable[str]) -> str:
    """Return the question whether a known name was meant, empty if none is like it."""
    found = spelling.closest(given, known)
    return f" (did you mean {found!r}?)" if found else ""
