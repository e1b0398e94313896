"""SelectionAnswer: questions with choices to select from. [doc]"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from mturk_mock.core.quoting import list_names, quote
from mturk_mock.questions.fields.free_text import FreeTextAnswer, find_free_text_problem
from mturk_mock.questions.fields.free_text_examples import fill_free_text
from mturk_mock.questions.fields.problem import Problem
from mturk_mock.questions.fields.shown import ChoiceLabel
from mturk_mock.questions.javascript.budget import Budget

#: The styles of a StyleSuggestion. A style is only a suggestion: it changes no rule. [assumed]
STYLES: Final = ("radiobutton", "checkbox", "list", "dropdown", "combobox", "multichooser")


@dataclass(frozen=True)
class SelectionAnswer:
    """An answer selected from choices. [doc]

    ``choices``: a dict of labels (str, `Binary` or `FormattedContent`) by SelectionIdentifier,
    or a list of identifiers that are their own labels. ``least`` and ``most``:
    MinSelectionCount and MaxSelectionCount. ``style``: the StyleSuggestion. ``other``: adds a
    text that counts as one more choice, with these constraints.
    """

    choices: Mapping[str, ChoiceLabel] | Sequence[str]
    least: int = 1
    most: int = 1
    style: str | None = None
    other: FreeTextAnswer | None = None


def find_selection_problem(
    answer: SelectionAnswer, selected: Sequence[str], other: str | None, budget: Budget
) -> Problem | None:
    """Return why the worker's page rejects a selection; None if the page accepts it.

    The other text counts as one selection. [assumed] Raises TooManySteps if its formats exceed
    the budget.
    """
    if reason := _find_choice_error(answer, selected, other):
        return Problem(reason, answer)
    if other is None or answer.other is None:
        return None
    problem = find_free_text_problem(answer.other, other, budget)
    if problem is None:
        return None
    return problem._replace(reason=f"has a field for another text, which {problem.reason}")


def _find_choice_error(
    answer: SelectionAnswer, selected: Sequence[str], other: str | None
) -> str | None:
    unknown = [choice for choice in selected if choice not in answer.choices]
    if unknown:
        return f"has no choice {quote(unknown[0])}; it has {list_names(answer.choices)}"
    if len(set(selected)) < len(selected):
        return f"takes each choice only once, not {list_names(selected)}"
    count = len(selected) + (other is not None)
    if count and not answer.least <= count <= answer.most:
        return f"takes {_numbers(answer)}, not {count}"
    return "offers no other text" if other is not None and answer.other is None else None


def _numbers(answer: SelectionAnswer) -> str:
    if answer.least == answer.most:
        return f"{answer.most} selection{'s' * (answer.most != 1)}"
    return f"{answer.least} to {answer.most} selections"


def fill_selection(answer: SelectionAnswer, random: Random, budget: Budget) -> dict[str, Any]:
    """Return a valid value for `submit`: a dict of `selections`, and sometimes `other`."""
    choices = list(answer.choices)
    # Equal identifiers count once, so `offered` can be less than `least`.
    offered = len(choices) + (answer.other is not None)
    least = min(max(answer.least, 1), offered)
    count = random.randint(least, min(answer.most, offered))
    with_other = answer.other is not None and (count > len(choices) or random.random() < 0.1)
    chosen = random.sample(choices, count - with_other)
    filled: dict[str, Any] = {"selections": sorted(chosen, key=choices.index)}
    if answer.other is not None and with_other:
        filled["other"] = fill_free_text(answer.other, random, budget)
    return filled
