"""The form of an HTML page: its fields, their checks, and valid values.

The rules are those of HTML's form controls [doc], without any that scripts add.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from random import Random
from typing import Any, Final

from mturk_mock.core.quoting import list_names, quote
from mturk_mock.core.spelling import close_to
from mturk_mock.questions.fields.file_upload import is_file
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

    @cached_property
    def linked_names(self) -> dict[str, tuple[str, ...]]:
        """The names of radio buttons, each with the names of all buttons of its group."""
        groups: dict[str, dict[str, None]] = {}
        for each in self.controls:
            if each.is_switch and each.group:
                groups.setdefault(each.group, {})[each.name] = None
        return {name: tuple(names) for names in groups.values() for name in names}

    def check(self, values: Mapping[str, Any]) -> None:
        """Raise ValueError if a browser would not send these values, TypeError for wrong types.

        Unknown fields are rejected if the form `is_complete`. The `taskAnswers` of a
        crowd-form are not checked. Accepts a value, with a warning, if its pattern takes too long.
        """
        given = {name: value for name, value in values.items() if name not in RESERVED_FIELDS}
        if self.is_crowd_form and "taskAnswers" in given:
            return
        if self.is_complete:
            self._check_names(given)
        if self.is_crowd_form:
            _check_no_files(given)
        budget = Budget()
        for field in self.fields:
            if field.name in given:
                field.check(given[field.name], budget)
            elif field.needs_input:
                raise ValueError(f"field {quote(field.name)} is required, but missing")
        if self.linked_names:
            self._check_groups(given)

    def _check_names(self, given: Mapping[str, Any]) -> None:
        """Reject unknown fields."""
        names = self._names
        for name in given:
            if name not in names:
                raise ValueError(
                    f"the page has no field {quote(name)}{close_to(name, names)}; "
                    f"its form has {list_names(names)}"
                )

    @cached_property
    def _names(self) -> dict[str, None]:
        return {field.name: None for field in self.fields}

    def _check_groups(self, given: Mapping[str, Any]) -> None:
        """Reject two buttons of a crowd-radio-group that are both on."""
        on: dict[str, str] = {}
        for each in self._switched_on(given):
            if on.setdefault(each.group, each.name) != each.name:
                raise ValueError(
                    f"only one radio button can be on, not both {quote(on[each.group])} "
                    f"and {quote(each.name)}"
                )

    def _switched_on(self, given: Mapping[str, Any]) -> list[Control]:
        """Return the controls with a group that the given values switch on."""
        states = self._read_states(given)
        return [
            each
            for each in self.controls
            if each.is_switch and each.group and states.get(each.name, {}).get(each.value) is True
        ]

    def _read_states(self, given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Return the given states of switches, by name."""
        return {
            field.name: field.read_states(given[field.name])
            for field in self.fields
            if field.name in given and field.lead.is_switch
        }

    def complete(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the page sends: these values and untouched fields, in page order."""
        sent = {field.name: values.get(field.name, field.untouched) for field in self.fields}
        others = {name: value for name, value in values.items() if name not in sent}
        if self.is_crowd_form:
            states = self._complete_states(values)
            for field in self.fields:
                member = states.get(field.name)
                sent[field.name] = member or field.make_member(sent[field.name])
        return {**{name: value for name, value in sent.items() if value is not None}, **others}

    def _complete_states(self, given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Return the objects of all switches, by name.

        An untouched switch is as it was at first, but off if another one of its group is on.
        """
        states = self._read_states(given)
        groups = {each.group for each in self._switched_on(given)}
        sent: dict[str, dict[str, Any]] = {
            field.name: {} for field in self.fields if field.lead.is_switch
        }
        for each in self.controls:
            if each.is_switch and each.name in sent:
                untouched = "checked" in each.attributes and each.group not in groups
                is_on = (
                    states[each.name].get(each.value, False) if each.name in states else untouched
                )
                sent[each.name][each.value] = is_on
        return sent

    def write_task_answers(self, values: Mapping[str, Any]) -> str:
        """Return what a crowd-form sends: one object with all fields, as JSON. [observed]

        Raises ValueError for values that are nested too deep.
        """
        members = dict(values)
        for field in self.fields:
            if field.name in values and field.lead.is_switch:
                members[field.name] = field.make_object(values[field.name])
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


def _check_no_files(given: Mapping[str, Any]) -> None:
    """Reject files, which a crowd-form does not send."""
    for name, value in given.items():
        if is_file(value):
            raise ValueError(
                f"field {quote(name)} takes the name of a file as text, because a crowd-form "
                f"sends no files, not {quote(value)}"
            )


@lru_cache(maxsize=1000)
def read_html_form(html: str) -> HTMLForm:
    """Return the form of a page; cached, because many workers answer the same pages."""
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
