"""Designs: the arguments that a campaign is tried with."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Any, Final

from mturk_mock.core.quoting import list_names, quote

Design = dict[str, Any]

#: What the default `repr` of an object has, another one in each program.
_ADDRESS: Final = re.compile(r" at 0x[0-9A-Fa-f]+")
#: The name of a function that has none.
LAMBDA: Final = "<lambda>"

#: Columns of rows that are not arguments of a campaign, nor what it returns.
FIRST_COLUMN: Final = "seed"
LAST_COLUMNS: Final = ("cost", "fees", "virtual_seconds", "error")
RESERVED: Final = (FIRST_COLUMN, *LAST_COLUMNS)
#: Columns of `Rehearsal.summary`, beside those of the design.
SUMMARY_COLUMNS: Final = ("outcome", "runs", "mean", "sd", "low", "high")


def grid(**values: Iterable[Any]) -> list[Design]:
    """Return every combination of these values as a list of designs.

    ``grid(redundancy=[1, 3, 5], reward=["0.05", "0.10"])`` has six designs. The last name varies
    fastest.

    Raises TypeError for a value that is not a list, ValueError for an empty one.
    """
    lists = {name: _list_values(name, given) for name, given in values.items()}
    return [dict(zip(lists, chosen, strict=True)) for chosen in product(*lists.values())]


def _list_values(name: str, given: Any) -> list[Any]:
    found = _list_items(given)
    if found is None:
        raise TypeError(f"grid() takes {name}= as a list of values, not {quote(given)}")
    if not found:
        raise ValueError(f"grid() takes one value of {name} or more, not an empty list")
    return found


def _list_items(given: Any) -> list[Any] | None:
    """Return the items of a list or another iterable; None for a text and for a single value."""
    if isinstance(given, (str, bytes)):
        return None
    try:
        items = iter(given)
    except TypeError:  # also an array of numpy without dimensions
        return None
    return list(items)


def check_designs(designs: Any) -> list[Design]:
    """Return the designs; raise TypeError or ValueError if they are not a list of dicts."""
    given = None if isinstance(designs, Mapping) else _list_items(designs)
    if given is None:
        raise TypeError(f"rehearse() takes designs as a list of dicts, not {quote(designs)}")
    found = [_check_design(each) for each in given]
    if not found:
        raise ValueError("rehearse() takes one design or more, not an empty list")
    _check_different(found)
    return found


def _check_design(design: Any) -> Design:
    if not isinstance(design, Mapping) or not all(isinstance(name, str) for name in design):
        raise TypeError(f"a design is a dict of a campaign's arguments, not {quote(design)}")
    reserved = (*RESERVED, *SUMMARY_COLUMNS)
    taken = [name for name in design if name in reserved]
    if taken:
        raise ValueError(
            f"a design cannot have the name {quote(taken[0])}: {list_names(reserved)} are "
            "columns of the rows or of the summary"
        )
    return {name: plain_number(value) for name, value in design.items()}


def _check_different(designs: Sequence[Design]) -> None:
    """Raise ValueError if rows and files could not tell two designs apart."""
    names = names_of(designs)
    seen: dict[str, Design] = {}
    for each in designs:
        other = seen.setdefault(_require_key(each, names), each)
        if other is not each:
            raise ValueError(
                f"rehearse() takes each design once, and {quote(each)} is there twice"
                if repr(other) == repr(each)
                else f"rehearse() takes designs with different texts, and {quote(other)} and "
                f"{quote(each)} have the same: give their values different names"
            )


def _require_key(design: Design, names: Sequence[str]) -> str:
    try:
        return key_of(design, names)
    except (TypeError, ValueError) as problem:  # a dict with keys of its own, or a circle
        raise TypeError(
            f"a design takes values that files can name, not {quote(design)}: {problem}"
        ) from None


def check_seeds(seeds: Any) -> list[int]:
    """Return the seeds; raise TypeError or ValueError if they are not different whole numbers."""
    given = _list_items(seeds)
    if given is None:
        raise TypeError(f"rehearse() takes seeds as a list of ints or a range, not {quote(seeds)}")
    found = [plain_number(each) for each in given]
    for each in found:
        if isinstance(each, bool) or not isinstance(each, int):
            raise TypeError(f"rehearse() takes seeds as ints, not {quote(each)}")
    if not found:
        raise ValueError("rehearse() takes one seed or more, not an empty list")
    if twice := [each for each, times in Counter(found).items() if times > 1]:
        raise ValueError(f"rehearse() takes each seed once, and {twice[0]} is there twice")
    return found


def copy_design(design: Design) -> Design:
    """Return a copy, so that a campaign that changes a value changes it for no other run.

    A value that cannot be copied, such as a generator, is the same one.
    """
    return {name: _copy(value) for name, value in design.items()}


def _copy(value: Any) -> Any:
    try:
        return copy.deepcopy(value)
    except Exception:
        return value


def names_of(designs: Sequence[Design]) -> list[str]:
    """Return the names of all designs, in the order of their first use."""
    return list(dict.fromkeys(name for design in designs for name in design))


def key_of(design: Mapping[str, Any], names: Sequence[str]) -> str:
    """Return the text by which a design is found again in a file, where types may be lost."""
    return json.dumps([design.get(name) for name in names], default=show)


def show(value: Any) -> str:
    """Return the text by which files name a value that JSON does not have."""
    if isinstance(value, (set, frozenset)):  # whose order is another one in each program
        return f"{{{', '.join(sorted(map(repr, value)))}}}"
    return str(getattr(value, "__qualname__", value))


def check_lasting(name: str, value: Any) -> None:
    """Raise ValueError if a later program could not find this value of a design by its text."""
    json.dumps(value, default=partial(show_lasting, f"{name}={quote(value)} of a design"))


def show_lasting(what: str, value: Any) -> str:
    """Return what `show` does. Raises ValueError if a later program would find another text."""
    text = show(value)
    if problem := _why_lost(value, text):
        raise ValueError(
            f"rehearse() with path= cannot find {what} again, because {problem}: pass a name or a "
            "number, and make the object in the campaign"
        )
    return text


def _why_lost(value: Any, text: str) -> str | None:
    """Return why a text does not tell which value it is; None if it does."""
    if isinstance(value, str):
        return None
    if _ADDRESS.search(text):
        return f"its text {quote(text)} has an address, which is another one in each program"
    if LAMBDA in text:
        return "a lambda has no name of its own"
    if getattr(value, "ndim", 0) and "..." in text:
        return "the text of so large an array leaves out values"
    return None


def plain_number(value: Any) -> Any:
    """Return a single number of numpy as a number of Python, and other values as they are."""
    is_single = getattr(value, "ndim", None) == 0 and hasattr(value, "item")
    return value.item() if is_single else value
