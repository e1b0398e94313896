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
from mturk_mock.workforce.skills import Knack, Skill
from mturk_mock.workforce.worker import Worker

#: Crowd elements whose value is one or more of given labels.
_CLASSIFIERS: Final = ("crowd-classifier", "crowd-classifier-multi-select")
#: The maximum number of forms to fill in while looking for other choices.
_TRIES: Final = 50


class Given(NamedTuple):
    """An answer, and whether it is right: None if unknown."""

    fields: Fields
    is_right: bool | None


def choose_answer(
    habits: Habits, hit: HIT, worker: Worker, random: Random, knack: Knack | None = None
) -> Given:
    """Return a worker's answer to a HIT. `knack`: that of the worker, in a crowd with skills.

    Raises ValueError for an ExternalQuestion if the crowd has no `answer`, and for a wrong answer
    to a form without other choices.
    """
    if habits.answer is None:
        return Given(_fill_form(hit, random), None)
    right = habits.answer(hit, worker)
    if knack is not None and habits.skills is not None:
        skill, difficulty = habits.skills[knack.skill], habits.find_difficulty(hit)
        return _answer_by_skill(skill, knack.accuracy, difficulty, hit, right, random)
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
    right = _require_choices(page, right, hit)
    choices = _chosen_fields(page, right)
    wrong = [name for name in choices if random.random() >= accuracy]
    others = _other_choices(page, {name: right[name] for name in wrong}, random)
    if len(others) < len(wrong):
        raise _no_wrong_answer(hit)
    fields = {name: value for name, value in right.items() if name not in others}
    for name in wrong:
        fields |= others[name]
    return Given(fields, not wrong)


def _answer_by_skill(
    skill: Skill, accuracy: float, difficulty: float, hit: HIT, right: Fields, random: Random
) -> Given:
    """Answer each field with choices by the skill, or by a guess if the item is too difficult."""
    page = read_question(hit.question)
    right = _require_choices(page, right, hit)
    choices = _chosen_fields(page, right)
    fields = {name: value for name, value in right.items() if name not in choices}
    for name in choices:
        if skill.spams or random.random() < difficulty:
            fields |= _guess(skill.label, page, name, right[name], random)
        elif skill.confusion is not None:
            drawn = skill.draw_answer(_label_of(right[name]), random)
            fields[name] = _with_label(right[name], drawn)
        elif random.random() < accuracy:
            fields[name] = right[name]
        else:
            fields |= _draw_other(page, name, right[name], hit, random)
    return Given(fields, all(_is_equal(fields, right, name) for name in choices))


def _guess(
    label: str | None, page: QuestionPage, name: str, right: Any, random: Random
) -> dict[str, Any]:
    """Return the label, or a random value; no field for an unchecked box."""
    if label is not None:
        return {name: _with_label(right, label)}
    filled = answering.fill_page(page, random)
    return {name: filled[name]} if name in filled else {}


def _draw_other(
    page: QuestionPage, name: str, right: Any, hit: HIT, random: Random
) -> dict[str, Any]:
    others = _other_choices(page, {name: right}, random)
    if name not in others:
        raise _no_wrong_answer(hit)
    return others[name]


def _label_of(value: Any) -> str:
    """Return the label in the value of a classifier, the only choice of a list, or the value."""
    if isinstance(value, (list, tuple)) and len(value) == 1:
        return str(value[0])
    return str(value["label"] if _has_label(value) else value)


def _with_label(value: Any, label: str) -> Any:
    """Return a label as a value of the same kind."""
    return {**value, "label": label} if _has_label(value) else label


def _has_label(value: Any) -> bool:
    return isinstance(value, Mapping) and "label" in value


def _is_equal(given: Mapping[str, Any], right: Mapping[str, Any], name: str) -> bool:
    return name in given and _comparable(given[name]) == _comparable(right[name])


def _no_wrong_answer(hit: HIT) -> ValueError:
    return ValueError(
        f"accuracy= needs other choices for a wrong answer, and finds none in HIT {hit.id}: pass "
        "wrong= to crowd(), a function of the HIT and the worker that returns a wrong answer"
    )


def _require_choices(page: QuestionPage, right: Fields, hit: HIT) -> Mapping[str, Any]:
    """Return the right fields; raise ValueError if none of them has choices."""
    if not isinstance(right, Mapping) or not _chosen_fields(page, right):
        raise _no_wrong_answer(hit)
    return right


def _chosen_fields(page: QuestionPage, right: Mapping[str, Any]) -> list[str]:
    """Return the names of the right fields that have choices, in their order."""
    names = _choice_fields(page)
    return [name for name in right if name in names]


def _choice_fields(page: QuestionPage) -> set[str]:
    """Return the names of the fields with choices."""
    if page.html is not None:
        return {
            field.name
            for field in read_html_form(page.html).fields
            if field.choices is not None or field.kind in _CLASSIFIERS
        }
    fields = page.fields or ()
    return {field.identifier for field in fields if isinstance(field.answer, SelectionAnswer)}


def _other_choices(
    page: QuestionPage, right: Mapping[str, Any], random: Random
) -> dict[str, dict[str, Any]]:
    """Return wrong values by field, for each field for which one is found.

    A value is a dict of the fields to submit, which is empty for an unchecked box. All fields
    together have the budget of one answer.
    """
    budget = Budget()
    found: dict[str, dict[str, Any]] = {}
    for _ in range(_TRIES):
        missing = [name for name in right if name not in found]
        if not missing:
            break
        filled = answering.fill_page(page, random, budget)
        for name in missing:
            if name not in filled:
                found[name] = {}
            elif _comparable(filled[name]) != _comparable(right[name]):
                found[name] = {name: filled[name]}
    return found


def _comparable(value: Any) -> Any:
    """Return a value in a canonical form, so that equal selections compare equal."""
    if isinstance(value, Mapping) and "selections" in value:
        value, other = value["selections"], value.get("other")
        return _comparable(value) if other is None else (_comparable(value), other)
    if isinstance(value, (list, tuple, set, frozenset)):
        return tuple(sorted(map(str, value)))
    return (str(value),) if isinstance(value, (str, int, float)) else value
