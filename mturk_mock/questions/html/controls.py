"""The controls of a page's form: their rules, and values that meet them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, Final

from mturk_mock.core.quoting import list_names, quote
from mturk_mock.questions.answers import write_field_value
from mturk_mock.questions.fields.file_upload import is_file
from mturk_mock.questions.html import crowd_elements, scales, switches, texts
from mturk_mock.questions.javascript.budget import Budget, TooManySteps, warn_unchecked

#: Kinds that send one of their options, or nothing.
CHOICES: Final = frozenset({"radio", "checkbox", "select", "select-multiple", "submit"})

#: Kinds that a worker types into and can leave empty.
EDITABLE: Final = (texts.TEXTS | scales.SCALES.keys()) - {"range", "color"}

#: Kinds that send their value if they are checked.
_CHECKED: Final = frozenset({"radio", "checkbox"})
#: Kinds that send their value only if they have one.
_WITH_VALUE: Final = frozenset({"select", "select-multiple", "crowd-slider"})

#: Kinds that always have a value, or for which browsers ignore `required`. [doc]
_NEVER_REQUIRED: Final = frozenset({"hidden", "range", "color", "submit"})

#: The maximum size of a random file, in bytes.
_LARGEST_FILE: Final = 100

_ONE_OF_A_NAME: Final = (
    "; the service keeps only one value of several fields with one name: submit that value"
)


@dataclass(frozen=True)
class Control:
    """A named control, or crowd element, of a page.

    ``kind``: the type attribute of an input, ``select``, ``textarea``, ``submit``, the name of
    a crowd element, or ``select-multiple``, which sends a list. ``options``: the values of a
    choice. ``group``: one control of each group is chosen; empty for controls without a group.
    ``is_switch``: whether it is one member of an object of booleans. ``omits_empty``: whether
    it sends no empty text. ``uploads``: whether it sends a file, and not only its name.
    """

    name: str
    kind: str
    attributes: Mapping[str, str]
    options: tuple[str, ...] | None = None
    group: str = ""
    is_switch: bool = False
    omits_empty: bool = False
    uploads: bool = False

    @property
    def is_required(self) -> bool:
        """Whether a browser asks for a value."""
        return "required" in self.attributes and self.kind not in _NEVER_REQUIRED

    @property
    def value(self) -> str:
        """The name of a switch's member."""
        return switches.switch_value(self.attributes)

    @property
    def untouched(self) -> str | None:
        """The text that is sent if the worker does nothing; None if nothing is. [doc]

        Browsers send every text field and hidden field, even an empty one, ranges and colors, a
        checked box and the selected option. Not for switches.
        """
        if self.kind in EDITABLE or self.kind == "hidden":
            return self.attributes.get("value", "")
        if self.kind in _CHECKED:
            return self.value if "checked" in self.attributes else None
        if self.kind == "range":
            return scales.read_range(self.attributes)
        if self.kind == "color":
            return texts.read_color(self.attributes)
        return self.attributes.get("value") if self.kind in _WITH_VALUE else None

    def find_error(self, text: str, budget: Budget) -> str | None:
        """Return what an HTML control accepts instead of this text; None if it accepts it.

        Raises TooManySteps if the pattern exceeds the budget.
        """
        if self.kind in CHOICES:
            options = self.options or ()
            return None if text in options else list_names(map(repr, options), " or ") or "nothing"
        if not text:
            return None
        if self.kind in scales.SCALES:
            return scales.find_scale_error(self.kind, self.attributes, text)
        if self.kind in texts.TEXTS:
            return texts.find_text_error(self.kind, self.attributes, text, budget)
        return None

    def make_value(self, random: Random, is_chosen: bool, budget: Budget) -> Any:
        """Return a valid value; None if the control sends nothing.

        `is_chosen`: whether it is the chosen control of its group. Raises TooManySteps if the
        pattern exceeds the budget.
        """
        if self.is_switch:
            is_on = is_chosen if self.group else random.random() < 0.5 or self.is_required
            return {self.value: is_on}
        if self.kind in crowd_elements.ELEMENTS:
            return crowd_elements.make_element_value(self.kind, self.attributes, random)
        if self.kind in CHOICES:
            return _pick(self.options or (), random) if is_chosen else None
        if self.kind in scales.SCALES:
            text = scales.make_scale_value(self.kind, self.attributes, random)
        elif self.kind in texts.TEXTS:
            text = texts.make_text(self.kind, self.attributes, random, budget)
        elif self.uploads:
            return random.randbytes(random.randint(1, _LARGEST_FILE))
        else:
            text = self.attributes.get("value", "") if self.kind == "hidden" else "file.txt"
        return text or (None if self.is_required else "")


def _pick(options: tuple[str, ...], random: Random) -> str | None:
    """Return a random option, the empty one only if there is no other. [assumed]"""
    return random.choice([each for each in options if each] or options or (None,))


@dataclass(frozen=True)
class HTMLField:
    """All controls of one name. The service keeps one value for each name. [doc]"""

    name: str
    controls: tuple[Control, ...]

    @cached_property
    def lead(self) -> Control:
        """The control that decides what is sent: the first whose value is no text, if any."""
        objects = (
            each for each in self.controls if each.is_switch or each.kind in crowd_elements.ELEMENTS
        )
        return next(objects, self.controls[0])

    @cached_property
    def kind(self) -> str:
        """The kind of the first control."""
        return self.controls[0].kind

    @cached_property
    def choices(self) -> tuple[str, ...] | None:
        """The values of radio buttons, checkboxes, options and buttons; None for other fields."""
        options = [option for each in self.controls for option in each.options or ()]
        is_choice = any(each.options is not None for each in self.controls)
        return tuple(dict.fromkeys(options)) if is_choice else None

    @cached_property
    def untouched(self) -> str | None:
        """The text that is sent if the worker does nothing; None if the field is not sent.

        Of several controls it is the last text that is not empty. [assumed]
        """
        sent = [each.untouched for each in self.controls if each.untouched is not None]
        return next(filter(None, reversed(sent)), "") if sent else None

    @cached_property
    def is_required(self) -> bool:
        """Whether a browser asks for a value."""
        return any(each.is_required for each in self.controls)

    @property
    def needs_input(self) -> bool:
        """Whether a browser asks for a value if the worker does nothing."""
        if not self.lead.is_switch:
            return self.is_required and not self.untouched
        at_first = {each.value: "checked" in each.attributes for each in self._switches}
        return self.is_required and self._find_switch_error(at_first) is not None

    @property
    def _switches(self) -> list[Control]:
        return [each for each in self.controls if each.is_switch]

    def _find_switch_error(self, value: Any) -> str | None:
        options = [each.value for each in self._switches]
        required = [each.value for each in self._switches if each.is_required]
        return switches.find_switch_error(self.name, self.lead.kind, options, required, value)

    def check(self, value: Any, budget: Budget) -> None:
        """Raise ValueError for a rejected value, TypeError for a value of the wrong type.

        Accepts a value, with a warning, if the pattern exceeds the budget.
        """
        lead = self.lead
        if lead.is_switch:
            allowed = self._find_switch_error(value)
        elif lead.kind in crowd_elements.ELEMENTS:
            sources = [each.attributes for each in self.controls if each.kind == lead.kind]
            allowed = crowd_elements.find_element_error(lead.kind, sources, value)
        elif is_file(value) and any(each.kind == "file" for each in self.controls):
            allowed = None
            if self.is_required and not value:
                raise self._is_empty()
        elif lead.kind == "select-multiple":
            if self.is_required and not value:
                raise self._is_empty()
            allowed = next(
                filter(None, (self._find_error(each, budget) for each in self._list(value))), None
            )
        else:
            hint = _ONE_OF_A_NAME if isinstance(value, (list, tuple)) else ""
            value = write_field_value(self.name, value, hint)
            # Radio buttons and checkboxes can have the empty text as their value.
            if self.is_required and not value and self.kind not in ("radio", "checkbox"):
                raise self._is_empty()
            allowed = self._find_error(value, budget)
        if allowed is not None:
            raise ValueError(f"field {quote(self.name)} takes {allowed}, not {quote(value)}")

    def _is_empty(self) -> ValueError:
        return ValueError(f"field {quote(self.name)} is required, but empty")

    def read_states(self, value: Any) -> dict[str, Any]:
        """Return the states that a value gives to the switches of this name."""
        return switches.read_states(self.name, value)

    def make_object(self, value: Any) -> Mapping[str, Any]:
        """Return the object of switches for a value. A given object stays as it is."""
        if isinstance(value, Mapping):
            return value
        return {**dict.fromkeys(self.choices or (), False), **self.read_states(value)}

    def make_member(self, value: Any) -> Any:
        """Return what a crowd-form sends for a value; None if nothing. Not for switches."""
        lead = self.lead
        if lead.kind == "crowd-slider":
            return crowd_elements.read_slider(lead.attributes, value)
        if lead.kind in crowd_elements.ELEMENTS or value is None:
            return value
        if lead.kind == "select-multiple":
            return self._list(value) or None
        text = write_field_value(self.name, value)
        return None if lead.omits_empty and not text else text

    def _list(self, value: Any) -> list[str]:
        """Return the texts of a list of values, or of one value."""
        values = value if isinstance(value, (list, tuple)) else [value]
        return [write_field_value(self.name, each) for each in values]

    def _find_error(self, text: str, budget: Budget) -> str | None:
        """Return what the controls accept instead of this text; None if one of them accepts it."""
        found: dict[str, None] = {}
        try:
            for each in self.controls:
                error = each.find_error(text, budget)
                if error is None:
                    return None
                found[error] = None
        except TooManySteps as problem:
            warn_unchecked(problem)
            return None
        return list_names(found, " or ")
