"""Designs: the arguments that a campaign is tried with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, Final

from mturk_mock.core.quoting import list_names, quote

Design = dict[str, Any]

#: Columns of rows that are not arguments of a campaign, nor what it returns.
FIRST_COLUMN: Final = "seed"
LAST_COLUMNS: Final = ("cost", "fees", "virtual_seconds", "error")
RESERVED: Final = (FIRST_COLUMN, *LAST_COLUMNS)


def grid(**values: Iterable[Any]) -> list[Design]:
    """Return every combination of these values as a list of designs.

    ``grid(redundancy=[1, 3, 5], reward=["0.05", "0.10"])`` has six designs. The last name varies
    fastest.

    Raises TypeError for a value that is not a list, ValueError for an empty one.
    """
    for name, given in values.items():
        if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
            raise TypeError(f"grid() takes {name}= as a list of values, not {quote(given)}")
    lists = {name: list(given) for name, given in values.items()}
    for name, given in lists.items():
        if not given:
            raise ValueError(f"grid() takes one value of {name} or more, not an empty list")
    return [dict(zip(lists, chosen, strict=True)) for chosen in product(*lists.values())]


def check_designs(designs: Any) -> list[Design]:
    """Return the designs; raise TypeError or ValueError if they are not a list of dicts."""
    if isinstance(designs, Mapping) or not isinstance(designs, Iterable):
        raise TypeError(f"rehearse() takes designs as a list of dicts, not {quote(designs)}")
    found = [_check_design(each) for each in designs]
    if not found:
        raise ValueError("rehearse() takes one design or more, not an empty list")
    for number, each in enumerate(found):
        if each in found[:number]:
            raise ValueError(f"rehearse() takes each design once, and {quote(each)} is there twice")
    return found


def _check_design(design: Any) -> Design:
    if not isinstance(design, Mapping) or not all(isinstance(name, str) for name in design):
        raise TypeError(f"a design is a dict of a campaign's arguments, not {quote(design)}")
    taken = [name for name in design if name in RESERVED]
    if taken:
        raise ValueError(
            f"a design cannot have the name {quote(taken[0])}: {list_names(RESERVED)} are columns "
            "of each row"
        )
    return dict(design)


def check_seeds(seeds: Any) -> list[int]:
    """Return the seeds; raise TypeError or ValueError if they are not different whole numbers."""
    if isinstance(seeds, (str, bytes)) or not isinstance(seeds, Iterable):
        raise TypeError(f"rehearse() takes seeds as a list of ints or a range, not {quote(seeds)}")
    found = list(seeds)
    for each in found:
        if isinstance(each, bool) or not isinstance(each, int):
            raise TypeError(f"rehearse() takes seeds as ints, not {quote(each)}")
    if not found:
        raise ValueError("rehearse() takes one seed or more, not an empty list")
    if len(set(found)) < len(found):
        raise ValueError("rehearse() takes each seed once")
    return found


def names_of(designs: Sequence[Design]) -> list[str]:
    """Return the names of all designs, in the order of their first use."""
    return list(dict.fromkeys(name for design in designs for name in design))
