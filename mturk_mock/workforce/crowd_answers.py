"""The answers of a crowd: right, wrong, or any valid values."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any, Final, NamedTuple

from mturk_mock.core.quoting import list_names
from mturk_mock.questions import answering
from mturk_mock.questions.fields.selection import SelectionAnswer
from mturk_mock.questions.html.form import read_html_form
from mturk_mock.questions.javascript.budget import Budget
from mturk_mock.questions.question import QuestionPage, read_question
from mturk_mock.workforce.crowd_habits import Fields, Habits
from mturk_mock.workforce.hit import HIT
from mturk_mock.workforce.skills import Knack, Skill
from mturk_mock.workforce.worker import Worker

#: The names of the fields that are chosen together: one, or the buttons of a crowd-radio-group.
Choice = tuple[str, ...]

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
        if skill.never_errs and not difficulty:
            return Given(right, True)
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
    fields, choices = _require_choices(page, right, hit)
    wrong = [choice for choice in choices if random.random() >= accuracy]
    others = _other_choices(page, wrong, fields, random)
    if len(others) < len(wrong):
        raise _no_wrong_answer(hit)
    changed = {name for choice in wrong for name in choice}
    sent = {name: value for name, value in fields.items() if name not in changed}
    for choice in wrong:
        sent |= others[choice]
    return Given(sent, not wrong)


def _answer_by_skill(
    skill: Skill, accuracy: float, difficulty: float, hit: HIT, right: Fields, random: Random
) -> Given:
    """Answer each field with choices by the skill, or by a guess if the item is too difficult."""
    page = read_question(hit.question)
    fields, choices = _require_choices(page, right, hit)
    asked = {name for choice in choices for name in choice}
    sent = {name: value for name, value in fields.items() if name not in asked}
    for choice in choices:
        if skill.spams or random.random() < difficulty:
            sent |= _guess(skill.label, page, choice, fields, hit, random)
        elif skill.confusion is not None:
            value = fields[_only_name(choice, hit)]
            sent[choice[0]] = _with_label(value, skill.draw_answer(_label_of(value), random))
        elif random.random() < accuracy:
            sent |= {name: fields[name] for name in choice if name in fields}
        else:
            sent |= _draw_other(page, choice, fields, hit, random)
    return Given(sent, all(_is_equal(sent, fields, choice) for choice in choices))


def _guess(
    label: str | None,
    page: QuestionPage,
    choice: Choice,
    right: Mapping[str, Any],
    hit: HIT,
    random: Random,
) -> dict[str, Any]:
    """Return the label, or a random value; no field for an unchecked box."""
    if label is not None:
        name = _only_name(choice, hit)
        return {name: _with_label(right[name], label)}
    filled = answering.fill_page(page, random)
    return {name: filled[name] for name in choice if name in filled}


def _only_name(choice: Choice, hit: HIT) -> str:
    """Return the name of the field; ValueError for a group of buttons with names of their own."""
    if len(choice) > 1:
        raise ValueError(
            f"a skill with labels needs a field for them, and HIT {hit.id} has a crowd-radio-group "
            f"with the fields {list_names(choice)}: use Skill.one_coin() or Skill.spammer()"
        )
    return choice[0]


def _draw_other(
    page: QuestionPage, choice: Choice, right: Mapping[str, Any], hit: HIT, random: Random
) -> dict[str, Any]:
    others = _other_choices(page, [choice], right, random)
    if choice not in others:
        raise _no_wrong_answer(hit)
    return others[choice]


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


def _is_equal(given: Mapping[str, Any], right: Mapping[str, Any], choice: Choice) -> bool:
    return all(
        _comparable(given.get(name, ())) == _comparable(right.get(name, ())) for name in choice
    )


def _no_wrong_answer(hit: HIT) -> ValueError:
    return ValueError(
        f"a wrong answer needs a field with other choices, and answer= returned none for HIT "
        f"{hit.id}: pass accuracy= and wrong= to crowd(), without skills=; wrong= is a function of "
        "the HIT and the worker that returns a wrong answer"
    )


def _choices(page: QuestionPage) -> dict[str, Choice]:
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


def _require_choices(
    page: QuestionPage, right: Fields, hit: HIT
) -> tuple[Mapping[str, Any], list[Choice]]:
    """Return the right fields, and those with choices.

    Raises the errors of `read_work` if they cannot be submitted, ValueError if none has choices.
    """
    choices = _choices(page) if isinstance(right, Mapping) else {}
    asked = list(dict.fromkeys(choices[name] for name in right if name in choices))
    if not isinstance(right, Mapping) or not asked:
        answering.read_work(page, right)
        raise _no_wrong_answer(hit)
    return right, asked


def _other_choices(
    page: QuestionPage, wrong: list[Choice], right: Mapping[str, Any], random: Random
) -> dict[Choice, dict[str, Any]]:
    """Return wrong values of fields that are chosen together, where some are found.

    They are a dict of the fields to submit, which is empty for an unchecked box. All fields
    together have the budget of one answer.
    """
    budget = Budget()
    found: dict[Choice, dict[str, Any]] = {}
    for _ in range(_TRIES):
        missing = [choice for choice in wrong if choice not in found]
        if not missing:
            break
        filled = answering.fill_page(page, random, budget)
        for choice in missing:
            if not _is_equal(filled, right, choice):
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
