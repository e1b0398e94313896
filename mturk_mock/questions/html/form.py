"""The form of an HTML page: its fields, their checks, and valid values.

The rules are those of HTML's form controls [doc], without any that scripts add.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any, Final

from mturk_mock.core.quoting import list_names, quote
from mturk_mock.core.spelling import close_to
from mturk_mock.questions.html.controls import Control, HTMLField
from mturk_mock.questions.html.page import RESERVED_FIELDS, is_static, read_controls
from mturk_mock.questions.html.scanner import read_attributes, scan_tags
from mturk_mock.questions.javascript.budget import Budget, TooManySteps

_INSTEAD: Final = "pass the fields yourself"

#: An answer-format of crowd-forms, which changes the results file but not the answer. [doc]
_FLATTENED: Final = "flatten-objects"


@dataclass(frozen=True)
class HTMLForm:
    """The form of a page.

    ``controls``: the named controls in page order; ``fields``: the same by name.
    ``is_crowd_form``: whether the page has a crowd-form element, which sends all fields in
    one answer. ``is_flattened``: whether its answer-format is "flatten-objects", which
    spreads that answer over the columns of the results file. ``is_complete``: whether these
    are certainly all fields: there is at least one, and no script that may add others.
    """

    controls: tuple[Control, ...]
    fields: tuple[HTMLField, ...]
    is_crowd_form: bool
    is_flattened: bool
    is_complete: bool

    def check(self, values: Mapping[str, Any]) -> None:
        """Raise ValueError if a browser would not send these values, TypeError for wrong types.

        Unknown fields are rejected if the form `is_complete`. The `taskAnswers` of a
        crowd-form are not checked. Accepts a value, with a warning, if its pattern takes too long.
        """
        budget = Budget()
        given = {name: value for name, value in values.items() if name not in RESERVED_FIELDS}
        if self.is_crowd_form and "taskAnswers" in given:
            return
        names = {field.name: None for field in self.fields}
        unknown = [name for name in given if name not in names]
        if unknown and self.is_complete:
            raise ValueError(
                f"the page has no field {quote(unknown[0])}{close_to(unknown[0], names)}; "
                f"its form has {list_names(names)}"
            )
        for field in self.fields:
            if field.name in given:
                field.check(given[field.name], budget)
            elif field.is_required:
                raise ValueError(f"field {quote(field.name)} is required, but missing")
        self._check_groups(given)

    def _check_groups(self, given: Mapping[str, Any]) -> None:
        """Reject two buttons of a crowd-radio-group that are both on."""
        on: dict[str, str] = {}
        for each in self.controls:
            if each.is_on(given.get(each.name)):
                if each.group in on:
                    raise ValueError(
                        f"only one radio button can be on, not both {quote(on[each.group])} "
                        f"and {quote(each.name)}"
                    )
                on[each.group] = each.name

    def complete(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the page sends: these values and untouched text fields, in page order."""
        sent = {field.name: values.get(field.name, field.untouched) for field in self.fields}
        return {**{name: value for name, value in sent.items() if value is not None}, **values}

    def write_task_answers(self, values: Mapping[str, Any]) -> str:
        """Return what a crowd-form sends: one object with all fields, as JSON. [observed]

        Raises ValueError for values that are nested too deep.
        """
        members = dict(values)
        for field in self.fields:
            if field.name in values:
                members[field.name] = field.make_member(values[field.name])
        try:
            return json.dumps([members])
        except RecursionError:
            raise ValueError("the fields are nested too deep for JSON") from None

    def fill(self, random: Random, budget: Budget | None = None) -> dict[str, Any]:
        """Return values that `check` accepts, in page order; the same for the same `random`.

        Raises ValueError if no value is found for a required field, or if the patterns exceed
        the budget, by default a new one.
        """
        budget = budget or Budget()
        chosen = self._choose(random)
        values: dict[str, Any] = {}
        for index, control in enumerate(self.controls):
            is_chosen = not control.group or index in chosen
            try:
                _add_value(values, control.name, control.make_value(random, is_chosen, budget))
            except TooManySteps as problem:
                raise ValueError(f"field {quote(control.name)}: {problem}; {_INSTEAD}") from None
        for field in self.fields:
            if field.is_required and field.name not in values:
                raise ValueError(
                    f"field {quote(field.name)} is required, but no valid value was found; "
                    f"{_INSTEAD}"
                )
        return values

    def _choose(self, random: Random) -> set[int | None]:
        """Choose a control of each group, by index; None if a group's checkboxes are all off."""
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


def _add_value(values: dict[str, Any], name: str, value: Any) -> None:
    """Add a control's value: merge objects of one name, or keep the last non-empty value."""
    if isinstance(values.get(name), dict):
        values[name].update(value if isinstance(value, dict) else {})
    elif value is not None and (value != "" or name not in values):
        values[name] = value


@lru_cache(maxsize=64)
def read_html_form(html: str) -> HTMLForm:
    """Return the form of a page; cached, because many workers answer the same page."""
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
