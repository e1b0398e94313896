"""The form of an HTML page: its fields, their checks, and valid values.

The rules are those of HTML's form controls [doc], without rules that scripts add.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any, Final

from mturk_mock.core.spelling import close_to
from mturk_mock.questions.html.controls import Control, HTMLField
from mturk_mock.questions.html.page import RESERVED_FIELDS, is_static, read_controls
from mturk_mock.questions.html.scanner import read_attributes, scan_tags
from mturk_mock.questions.javascript.budget import Budget, TooManySteps

_INSTEAD: Final = "give the fields yourself"

#: The answer-format of a crowd-form that changes the results file, and not the answer. [doc]
_FLATTENED: Final = "flatten-objects"


@dataclass(frozen=True)
class HTMLForm:
    """The form of a page.

    ``controls``: the named controls in page order; ``fields``: the same by name.
    ``is_crowd_form``: whether the page has a crowd-form element, which sends all fields in
    one answer. ``is_flattened``: whether its answer-format is "flatten-objects", which
    spreads that answer over the columns of the results file. ``is_complete``: whether these
    are certainly all fields: there is at least one, and no script might add others.
    """

    controls: tuple[Control, ...]
    fields: tuple[HTMLField, ...]
    is_crowd_form: bool
    is_flattened: bool
    is_complete: bool

    def check(self, values: Mapping[str, Any]) -> None:
        """Raise ValueError if a browser would not send these values, TypeError for bad types.

        Unknown fields are rejected if the form `is_complete`. The `taskAnswers` of a
        crowd-form are not checked. Warns of patterns that take too long, and accepts any value.
        """
        budget = Budget()
        given = {name: value for name, value in values.items() if name not in RESERVED_FIELDS}
        if self.is_crowd_form and "taskAnswers" in given:
            return
        names = [field.name for field in self.fields]
        unknown = [name for name in given if name not in names]
        if unknown and self.is_complete:
            raise ValueError(
                f"the page has no field {unknown[0]!r}{close_to(unknown[0], names)}; "
                f"its form has {', '.join(names)}"
            )
        for field in self.fields:
            if field.name in given:
                field.check(given[field.name], budget)
            elif field.is_required:
                raise ValueError(f"field {field.name!r} is required, and is left out")
        self._check_groups(given)

    def _check_groups(self, given: Mapping[str, Any]) -> None:
        """Reject two buttons of a crowd-radio-group that are both on."""
        on: dict[str, str] = {}
        for each in self.controls:
            if each.is_on(given.get(each.name)) and each.group in on:
                raise ValueError(
                    f"of radio buttons one is on, not both {on[each.group]!r} and {each.name!r}"
                )
            if each.is_on(given.get(each.name)):
                on[each.group] = each.name

    def complete(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the page sends: these values and untouched text fields, in page order."""
        sent = {field.name: values.get(field.name, field.untouched) for field in self.fields}
        return {**{name: value for name, value in sent.items() if value is not None}, **values}

    def write_task_answers(self, values: Mapping[str, Any]) -> str:
        """Return what a crowd-form sends: one object with all fields, as JSON. [observed]"""
        members = dict(values)
        for field in self.fields:
            if field.name in values:
                members[field.name] = field.make_member(values[field.name])
        return json.dumps([members])

    def fill(self, random: Random, budget: Budget | None = None) -> dict[str, Any]:
        """Return values that `check` accepts, in page order; the same for the same `random`.

        Raises ValueError if no value is found for a required field, or the budget, by default
        a new one, is not enough for the patterns.
        """
        budget = budget or Budget()
        chosen = self._choose(random)
        values: dict[str, Any] = {}
        for index, control in enumerate(self.controls):
            is_chosen = not control.group or index in chosen
            try:
                _put(values, control.name, control.make_value(random, is_chosen, budget))
            except TooManySteps as problem:
                raise ValueError(f"field {control.name!r}: {problem}; {_INSTEAD}") from None
        for field in self.fields:
            if field.is_required and field.name not in values:
                raise ValueError(
                    f"field {field.name!r} is required, and no value was found that it takes; "
                    f"{_INSTEAD}"
                )
        return values

    def _choose(self, random: Random) -> set[int | None]:
        """Return the index of each group's chosen control; None means no checkbox of a group."""
        groups: dict[str, list[int]] = {}
        for index, control in enumerate(self.controls):
            if control.group:
                groups.setdefault(control.group, []).append(index)
        return {random.choice(self._candidates(members)) for members in groups.values()}

    def _candidates(self, members: list[int]) -> list[int | None]:
        required = [index for index in members if self.controls[index].is_required]
        if self.controls[members[0]].kind != "checkbox":
            return [*members]
        return [*required] or [*members, None]


def _put(values: dict[str, Any], name: str, value: Any) -> None:
    """Add a control's value: merge objects of one name, else keep the last that is not empty."""
    if isinstance(values.get(name), dict):
        values[name].update(value if isinstance(value, dict) else {})
    elif value is not None and (value != "" or name not in values):
        values[name] = value


@lru_cache(maxsize=64)
def read_html_form(html: str) -> HTMLForm:
    """Return the form of a page, cached because many workers answer the same page."""
    tags = list(scan_tags(html))
    controls = tuple(read_controls(html, tags))
    by_name: dict[str, list[Control]] = {}
    for control in controls:
        by_name.setdefault(control.name, []).append(control)
    fields = tuple(HTMLField(name, tuple(members)) for name, members in by_name.items())
    starts = [tag for tag in tags if tag.name == "crowd-form" and not tag.closing]
    formats = [read_attributes(tag.source).get("answer-format") for tag in starts]
    is_complete = bool(fields) and is_static(html, tags)
    return HTMLForm(controls, fields, bool(formats), _FLATTENED in formats, is_complete)
