"""The controls of a page's form: their rules, and values that meet them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, Final

from mturk_mock.core.quoting import list_names, quote
from mturk_mock.questions.answers import write_field_value
from mturk_mock.questions.html import crowd_elements, scales, texts
from mturk_mock.questions.javascript.budget import Budget, TooManySteps, warn_unchecked

#: Kinds that send one of their options, or nothing.
CHOICES: Final = frozenset({"radio", "checkbox", "select", "submit"})

#: Kinds that a worker types into and can leave empty.
EDITABLE: Final = (texts.TEXTS | scales.SCALES.keys()) - {"range", "color"}

#: Kinds that always have a value, or for which browsers ignore `required`. [doc]
_NEVER_REQUIRED: Final = frozenset({"hidden", "range", "color", "submit"})

_ONE_OF_A_NAME: Final = (
    "; the service keeps only one value of several fields with one name: submit that value"
)


@dataclass(frozen=True)
class Control:
    """A named control, or crowd element, of a page.

    ``kind``: the type attribute of an input, ``select``, ``textarea``, ``submit``, or the
    name of a crowd element. ``options``: the values of a choice. ``group``: one control of
    each group is chosen; empty for controls without a group.
    """

    name: str
    kind: str
    attributes: Mapping[str, str]
    options: tuple[str, ...] | None = None
    group: str = ""

    @property
    def is_required(self) -> bool:
        """Whether a browser asks for a value."""
        return "required" in self.attributes and self.kind not in _NEVER_REQUIRED

    def is_on(self, value: Any) -> bool:
        """Return whether this is a crowd-radio-button that the value of its name switches on."""
        return (
            self.kind == "crowd-radio-button"
            and isinstance(value, Mapping)
            and value.get(crowd_elements.switch_value(self.attributes)) is True
        )

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
        if self.kind in crowd_elements.ELEMENTS:
            return crowd_elements.make_element_value(self.kind, self.attributes, random, is_chosen)
        if self.kind in CHOICES:
            return _pick(self.options or (), random) if is_chosen else None
        if self.kind in scales.SCALES:
            text = scales.make_scale_value(self.kind, self.attributes, random)
        elif self.kind in texts.TEXTS:
            text = texts.make_text(self.kind, self.attributes, random, budget)
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

        Browsers send every text field, even an empty one, but no untouched radio buttons and
        checkboxes. [doc]
        """
        sent = [each.attributes.get("value", "") for each in self.controls if each.kind in EDITABLE]
        return sent[0] if sent else None

    @cached_property
    def is_required(self) -> bool:
        """Whether a browser asks for a value."""
        return any(each.is_required for each in self.controls)

    def check(self, value: Any, budget: Budget) -> None:
        """Raise ValueError for a rejected value, TypeError for a value of the wrong type.

        Accepts a value, with a warning, if the pattern exceeds the budget.
        """
        elements = [each for each in self.controls if each.kind in crowd_elements.ELEMENTS]
        if elements:
            sources = [each.attributes for each in elements]
            allowed = crowd_elements.find_element_error(elements[0].kind, sources, value)
        else:
            hint = _ONE_OF_A_NAME if isinstance(value, (list, tuple)) else ""
            value = write_field_value(self.name, value, hint)
            # Radio buttons and checkboxes can have the empty text as their value.
            if self.is_required and not value and self.kind not in ("radio", "checkbox"):
                raise ValueError(f"field {quote(self.name)} is required, but empty")
            allowed = self._find_error(value, budget)
        if allowed is not None:
            raise ValueError(f"field {quote(self.name)} takes {allowed}, not {quote(value)}")

    def make_member(self, value: Any) -> Any:
        """Return the field's member of a crowd-form's object, for a value that it takes.

        HTML's radio buttons [observed] and checkboxes [assumed] of one name become an object of
        booleans by their values; other values stay as they are.
        """
        if self.kind not in ("radio", "checkbox") or isinstance(value, Mapping):
            return value
        chosen = write_field_value(self.name, value)
        return {**dict.fromkeys(self.choices or (), False), chosen: True}

    def _find_error(self, text: str, budget: Budget) -> str | None:
        """Return what the controls accept instead of this text; None if one of them accepts it."""
        try:
            errors = [each.find_error(text, budget) for each in self.controls]
        except TooManySteps as problem:
            warn_unchecked(problem)
            return None
        found = [each for each in errors if each is not None]
        return list_names(dict.fromkeys(found), " or ") if len(found) == len(errors) else None
