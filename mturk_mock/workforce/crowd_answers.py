"""The answers of a crowd: right, wrong, or any valid values."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any, Final, NamedTuple

from mturk_mock.questions import answering
from mturk_mock.questions.fields.selection import SelectionAnswer
from mturk_mock.questions.html.form import read_html_form
from mturk_mock.questions.javascript.budget import Budget
from mturk_mock.questions.question import QuestionPage, read_question
from mturk_mock.workforce.crowd_habits import Fields, Habits
from mturk_mock.workforce.hit import HIT
from mturk_mock.workforce.worker import Worker

#: Crowd elements whose value is one or more of given labels.
_CLASSIFIERS: Final = ("crowd-classifier", "crowd-classifier-multi-select")
#: The maximum number of forms to fill in while looking for other choices.
_TRIES: Final = 50


class Given(NamedTuple):
    """An answer, and whether it is right: None if unknown."""

    fields: Fields
    is_right: bool | None


def choose_answer(habits: Habits, hit: HIT, worker: Worker, random: Random) -> Given:
    """Return a worker's answer to a HIT.

    Raises ValueError for an ExternalQuestion if the crowd has no `answer`, and for a wrong answer
    to a form without other choices.
    """
    if habits.answer is None:
        return Given(_fill_form(hit, random), None)
    right = habits.answer(hit, worker)
    if habits.accuracy is None:
        return Given(right, None)
    if habits.wrong is None:
        return _answer_by_accuracy(habits.accuracy, hit, right, random)
    if random.random() < habits.accuracy:
        return Given(right, True)
    return Given(habits.wrong(hit, worker), False)


def _fill_form(hit: HIT, random: Random) -> dict[str, Any]:
    try:
        return answering.fill_page(read_question(hit.question), random)
    except ValueError as problem:
        raise ValueError(
            f"a crowd without answer= cannot answer HIT {hit.id}: {problem}. Pass "
            "answer= to crowd(): a function of the HIT and the worker that returns the fields"
        ) from None


def _answer_by_accuracy(accuracy: float, hit: HIT, right: Fields, random: Random) -> Given:
    """Change each field with choices to another choice, with probability 1 - accuracy. [assumed]"""
    page = read_question(hit.question)
    if not isinstance(right, Mapping):
        raise _no_wrong_answer(hit)
    choices = _choices(page)
    asked = list(dict.fromkeys(choices[name] for name in right if name in choices))
    if not asked:
        raise _no_wrong_answer(hit)
    wrong = [choice for choice in asked if random.random() >= accuracy]
    others = _other_choices(page, wrong, right, random)
    if len(others) < len(wrong):
        raise _no_wrong_answer(hit)
    changed = {name for choice in wrong for name in choice}
    fields = {name: value for name, value in right.items() if name not in changed}
    for choice in wrong:
        fields |= others[choice]
    return Given(fields, not wrong)


def _no_wrong_answer(hit: HIT) -> ValueError:
    return ValueError(
        f"accuracy= needs other choices for a wrong answer, and finds none in HIT {hit.id}: pass "
        "wrong= to crowd(), a function of the HIT and the worker that returns a wrong answer"
    )


def _choices(page: QuestionPage) -> dict[str, tuple[str, ...]]:
    """Return the fields with choices, each with those that are chosen together with it.

    These are itself or, in a crowd-radio-group, all buttons of the group.
    """
    if page.html is None:
        fields = page.fields or ()
        names = [each.identifier for each in fields if isinstance(each.answer, SelectionAnswer)]
        return {name: (name,) for name in names}
    form = read_html_form(page.html)
    found = {
        field.name: (field.name,)
        for field in form.fields
        if field.choices is not None or field.kind in _CLASSIFIERS
    }
    return {**found, **form.linked_names}


def _other_choices(
    page: QuestionPage, wrong: list[tuple[str, ...]], right: Mapping[str, Any], random: Random
) -> dict[tuple[str, ...], dict[str, Any]]:
    """Return wrong values of fields that are chosen together, where some are found.

    They are a dict of the fields to submit, which is empty for an unchecked box. All fields
    together have the budget of one answer.
    """
    budget = Budget()
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for _ in range(_TRIES):
        missing = [choice for choice in wrong if choice not in found]
        if not missing:
            break
        filled = answering.fill_page(page, random, budget)
        for choice in missing:
            if any(
                _comparable(filled.get(name, ())) != _comparable(right.get(name, ()))
                for name in choice
            ):
                found[choice] = {name: filled[name] for name in choice if name in filled}
    return found


def _comparable(value: Any) -> Any:
    """Return a value in a canonical form, so that equal selections compare equal."""
    if isinstance(value, Mapping) and "selections" in value:
        value, other = value["selections"], value.get("other")
        return _comparable(value) if other is None else (_comparable(value), other)
    if isinstance(value, Mapping) and all(isinstance(each, bool) for each in value.values()):
        value = [name for name, is_on in value.items() if is_on]
    if isinstance(value, (list, tuple, set, frozenset)):
        return tuple(sorted(map(str, value)))
    return (str(value),) if isinstance(value, (str, int, float)) else value
