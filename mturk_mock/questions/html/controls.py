"""The controls of a page's form: what each of them sends, and what it cannot send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from mturk_mock.questions.fields.field_values import as_text
from mturk_mock.questions.html import crowd_elements, scales, texts

#: Kinds that send one of given values, or nothing.
CHOICES: Final = frozenset({"radio", "checkbox", "select", "submit"})

#: Kinds that always have a value, or that browsers do not ask for one. [doc]
_NEVER_REQUIRED: Final = frozenset({"hidden", "range", "color", "submit"})

_ONE_OF_A_NAME: Final = "; of several fields of one name the service kept one value: submit that"


@dataclass(frozen=True)
class Control:
    """One named control, or crowd element, of a page.

    ``kind``: the type attribute of an input, ``select``, ``textarea``, ``submit``, or the
    name of a crowd element. ``options``: the values that a choice has. ``group``: one of
    the controls of a group is chosen; empty for those that stand alone.
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
        """Whether it is a crowd-radio-button that the value of its name has switched on."""
        return (
            self.kind == "crowd-radio-button"
            and isinstance(value, Mapping)
            and value.get(crowd_elements.switch_value(self.attributes)) is True
        )

    def fault(self, text: str) -> str | None:
        """Return what a control of HTML takes instead of this text, None if it takes it."""
        if self.kind in CHOICES:
            options = self.options or ()
            return None if text in options else " or ".join(map(repr, options)) or "nothing"
        if not text:
            return None
        if self.kind in scales.SCALES:
            return scales.fault(self.kind, self.attributes, text)
        if self.kind in texts.TEXTS:
            return texts.fault(self.kind, self.attributes, text)
        return None

    def example(self, random: Random, is_chosen: bool) -> Any:
        """Return a value that it takes, None if it sends nothing.

        `is_chosen`: whether it is the one of its group.
        """
        if self.kind in crowd_elements.ELEMENTS:
            return crowd_elements.example(self.kind, self.attributes, random, is_chosen)
        if self.kind in CHOICES:
            return _pick(self.options or (), random) if is_chosen else None
        if self.kind in scales.SCALES:
            text = scales.example(self.kind, self.attributes, random)
        elif self.kind in texts.TEXTS:
            text = texts.example(self.kind, self.attributes, random)
        else:
            text = self.attributes.get("value", "") if self.kind == "hidden" else "file.txt"
        return text or (None if self.is_required else "")


def _pick(options: tuple[str, ...], random: Random) -> str | None:
    """Return an option; one that says something, if there is one. [assumed]"""
    return random.choice([each for each in options if each] or options or (None,))


@dataclass(frozen=True)
class HTMLField:
    """All controls of one name. The service keeps one value of a name. [doc]"""

    name: str
    controls: tuple[Control, ...]

    @property
    def kind(self) -> str:
        """The kind of the first control."""
        return self.controls[0].kind

    @property
    def choices(self) -> tuple[str, ...] | None:
        """The values of radio buttons, boxes, options and buttons; None for other fields."""
        options = [option for each in self.controls for option in each.options or ()]
        is_choice = any(each.options is not None for each in self.controls)
        return tuple(dict.fromkeys(options)) if is_choice else None

    @property
    def constraints(self) -> Mapping[str, str]:
        """The attributes of the first control, as they are written."""
        return self.controls[0].attributes

    @property
    def is_required(self) -> bool:
        """Whether a browser asks for a value."""
        return any(each.is_required for each in self.controls)

    def check(self, value: Any) -> None:
        """Raise ValueError for what cannot be sent, TypeError for what is no text or number."""
        elements = [each for each in self.controls if each.kind in crowd_elements.ELEMENTS]
        if elements:
            sources = [each.attributes for each in elements]
            allowed = crowd_elements.fault(elements[0].kind, sources, value)
        else:
            value = _text(self.name, value)
            self._check_emptiness(value)
            allowed = self._fault(value)
        if allowed is not None:
            raise ValueError(f"field {self.name!r} takes {allowed}, not {value!r}")

    def _fault(self, text: str) -> str | None:
        """Return what the controls take, None if one of them takes this."""
        faults = [each.fault(text) for each in self.controls]
        found = [each for each in faults if each is not None]
        return " or ".join(dict.fromkeys(found)) if len(found) == len(faults) else None

    def _check_emptiness(self, text: str) -> None:
        """Refuse what is left empty; a button or box without a value is chosen all the same."""
        if self.is_required and not text and self.kind not in ("radio", "checkbox"):
            raise ValueError(f"field {self.name!r} is required, and is left empty")


def _text(name: str, value: Any) -> str:
    """Return the text that answers are written with."""
    return as_text(name, value, _ONE_OF_A_NAME if isinstance(value, (list, tuple)) else "")
