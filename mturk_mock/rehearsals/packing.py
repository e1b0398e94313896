"""Campaigns on their way to other processes: by name, or by value with cloudpickle."""

from __future__ import annotations

import importlib
import pickle
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mturk_mock.core.quoting import quote
from mturk_mock.rehearsals.designs import Design
from mturk_mock.rehearsals.run import Campaign, Row, Run, run_campaign

_CURE: Final = "define it in a module"


def pack_campaign(campaign: Campaign) -> bytes:
    """Return a campaign as bytes, which `run_packed` reads in another process.

    A function that other processes cannot import, such as one of a notebook, needs cloudpickle.
    Raises TypeError if the campaign cannot be sent.
    """
    if _is_importable(campaign):
        return pickle.dumps(campaign)
    try:
        cloudpickle = importlib.import_module("cloudpickle")
    except ImportError:
        raise TypeError(
            f"rehearse() cannot send the campaign {_name(campaign)} to other processes: {_CURE} "
            "that they can import, or pip install cloudpickle"
        ) from None
    try:
        packed: bytes = cloudpickle.dumps(campaign)
    except Exception as problem:
        raise TypeError(
            f"rehearse() cannot send the campaign {_name(campaign)} to other processes: {_CURE} "
            f"without what cannot be pickled ({problem})"
        ) from None
    return packed


def _is_importable(campaign: Any) -> bool:
    """Tell whether another process finds the function in a module."""
    module = getattr(campaign, "__module__", None)
    found: Any = None if module in (None, "__main__") else sys.modules.get(str(module))
    for name in str(getattr(campaign, "__qualname__", "")).split("."):
        found = getattr(found, name, None)
    return found is campaign


def _name(campaign: Any) -> str:
    return quote(getattr(campaign, "__qualname__", None) or repr(campaign))


def check_designs_packable(designs: Sequence[Design]) -> None:
    """Raise TypeError if a value of a design cannot be sent to other processes."""
    for design in designs:
        for name, value in design.items():
            try:
                pickle.dumps(value)
            except Exception as problem:
                raise TypeError(
                    f"rehearse() cannot send the design's {name}={quote(value)} to other "
                    f"processes ({problem}): give a number or a text, or, for a function, "
                    f"{_CURE}"
                ) from None


def run_packed(packed: bytes, run: Run, options: Mapping[str, Any]) -> Row:
    """Run a campaign that `pack_campaign` has packed."""
    return run_campaign(pickle.loads(packed), run, options)
