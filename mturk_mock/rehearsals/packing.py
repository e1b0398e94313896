"""Campaigns and designs on their way to other processes."""

from __future__ import annotations

import importlib
import pickle
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from mturk_mock.core.quoting import quote
from mturk_mock.rehearsals.designs import show
from mturk_mock.rehearsals.run import (
    Campaign,
    Row,
    Run,
    describe_error,
    failed_row,
    run_campaign,
)

_MAIN: Final = "__main__"
_INSTALL: Final = (
    "Install the modules of the campaign and its designs where runs are done; with Dask, "
    "client.upload_file() can send one"
)


def name_of(campaign: Any) -> str:
    """Return the name of a campaign, also of a `functools.partial`."""
    function = getattr(campaign, "func", campaign)
    return str(getattr(function, "__qualname__", type(function).__name__))


def describe_campaign(campaign: Any) -> str:
    """Return the name of a campaign for files, with the arguments of a `functools.partial`."""
    if not isinstance(campaign, partial):
        return name_of(campaign)
    named = [f"{name}={show(value)}" for name, value in campaign.keywords.items()]
    return f"{name_of(campaign)}({', '.join([*map(show, campaign.args), *named])})"


class Packer:
    """Packs values for other processes.

    With cloudpickle, functions that other processes cannot import, such as those of a notebook,
    are packed by value. `reads_script`: whether the processes import the program's script, so
    that they know its functions.
    """

    def __init__(self, *, reads_script: bool) -> None:
        self._reads_script = reads_script
        self._dumps: Callable[[Any], bytes] = pickle.dumps
        self._by_value = True
        try:
            self._dumps = importlib.import_module("cloudpickle").dumps
        except ImportError:
            self._by_value = False

    def pack_campaign(self, campaign: Campaign) -> bytes:
        """Return a campaign as bytes. Raises TypeError if it cannot be sent."""
        what = f"the campaign {quote(name_of(campaign))}"
        is_lost = getattr(campaign, "__module__", None) == _MAIN and not self._knows_main()
        if is_lost and not self._by_value:
            raise TypeError(
                f"rehearse() cannot send {what} to other processes: define it in a module that "
                "they can import, or pip install cloudpickle"
            )
        return self._pack(what, campaign)

    def _knows_main(self) -> bool:
        return self._reads_script and hasattr(sys.modules[_MAIN], "__file__")

    def pack_design(self, design: Mapping[str, Any]) -> bytes:
        """Return a design as bytes. Raises TypeError if a value cannot be sent."""
        for name, value in design.items():
            self._pack(f"{name}={quote(value)} of a design", value)
        return self._pack(f"the design {quote(design)}", dict(design))

    def _pack(self, what: str, value: Any) -> bytes:
        try:
            return self._dumps(value)
        except Exception as problem:
            if self._knows_main() and (packed := _pack_by_name(value)) is not None:
                return packed
            raise TypeError(
                f"rehearse() cannot send {what} to other processes ({problem}): define it in a "
                "module, without what cannot be pickled"
            ) from None


def _pack_by_name(value: Any) -> bytes | None:
    """Return a value as bytes, with the names of its functions; None if it cannot be pickled.

    cloudpickle packs a function of a script with the script's variables, such as a client of boto3,
    which cannot be pickled.
    """
    try:
        return pickle.dumps(value)
    except Exception:
        return None


def find_lost(campaign: bytes, designs: Sequence[bytes]) -> str | None:
    """Return the error if this process cannot unpack the campaign or a design, else None."""
    try:
        for packed in (campaign, *designs):
            pickle.loads(packed)
    except Exception as problem:
        return describe_error(problem)
    return None


def run_packed(
    campaign: bytes, design: bytes, seed: int, attempt: int, options: Mapping[str, Any]
) -> Row:
    """Run a campaign that a `Packer` has packed.

    `attempt` makes a call different from an earlier one that failed: Dask returns the result of an
    equal call again.
    """
    try:
        function, arguments = pickle.loads(campaign), pickle.loads(design)
    except Exception as problem:  # such as a module that this process cannot import
        return failed_row(f"{describe_error(problem)}. {_INSTALL}")
    return run_campaign(function, Run(0, arguments, seed, attempt), options)
