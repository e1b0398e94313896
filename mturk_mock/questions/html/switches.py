"""Elements of a crowd-form that are on or off, and the object of booleans that they send.

Each element sends one member, its value and whether it is on; elements of one name share an
object. So do crowd-checkbox, crowd-toggle-button and crowd-radio-button [doc], and HTML's radio
buttons [observed] and checkboxes [assumed] in a crowd-form. If none of a name is on, all its
members are False: crowd elements [doc], those of HTML [assumed].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mturk_mock.core.quoting import list_names, quote
from mturk_mock.questions.answers import write_field_value

#: Crowd elements that are on or off.
SWITCHES: Final = frozenset({"crowd-checkbox", "crowd-radio-button", "crowd-toggle-button"})

#: Kinds of which one in a group can be on.
RADIOS: Final = frozenset({"radio", "crowd-radio-button"})

#: Elements of HTML that are on or off in a crowd-form.
HTML_SWITCHES: Final = frozenset({"radio", "checkbox"})


def switch_value(attributes: Mapping[str, str]) -> str:
    """Return the name of an element's member in the object sent under its name."""
    return attributes.get("value", "on")


def read_states(name: str, value: Any) -> dict[str, Any]:
    """Return the states that a value gives to the elements of one name.

    It is an object of booleans, the value of the one that is on, or a list of such values.
    Raises TypeError for other values.
    """
    if isinstance(value, Mapping):
        return dict(value)
    chosen = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    return {write_field_value(name, each): True for each in chosen}


def find_switch_error(
    name: str, kind: str, options: Sequence[str], required: Sequence[str], value: Any
) -> str | None:
    """Return what the elements of one name take instead of this value; None if they take it.

    `options`: their values; `required`: those of the required ones. A required radio button
    requires one of its name, another element itself. [doc]
    """
    states = read_states(name, value)
    if not all(each in options and isinstance(is_on, bool) for each, is_on in states.items()):
        return _describe(kind, options, value)
    on = [each for each, is_on in states.items() if is_on]
    if kind in RADIOS and len(on) > 1:
        return f"only one of {list_names(map(repr, options), ' and ')}"
    missing = [] if kind in RADIOS and on else [each for each in required if each not in on]
    return f"True for {quote(missing[0])}, which is required" if missing else None


def _describe(kind: str, options: Sequence[str], value: Any) -> str:
    if isinstance(value, Mapping):
        return f"True or False for {list_names(map(repr, options), ' and ')}"
    several = ", a list of them" if kind not in RADIOS and len(options) > 1 else ""
    names = list_names(map(repr, options), ", " if several else " or ")
    return f"{names}{several}, or an object such as {{{quote(options[0])}: True}}"
