"""SelectionAnswer: questions with choices to select from. [doc]"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Final

from mturk_mock.questions.fields import free_text, free_text_examples
from mturk_mock.questions.fields.free_text import FreeTextAnswer

if TYPE_CHECKING:
    from mturk_mock.questions.form_parts import Shown

#: How a page may show the choices; it is a suggestion, and checks nothing. [assumed]
STYLES: Final = ("radiobutton", "checkbox", "list", "dropdown", "combobox", "multichooser")


@dataclass(frozen=True)
class SelectionAnswer:
    """Choices, of which a worker selects some.

    ``choices``: what is shown for each SelectionIdentifier: a text, a `Binary` or a
    `FormattedContent`; or only the identifiers, which are shown then. ``least`` and
    ``most``: MinSelectionCount and MaxSelectionCount. ``style``: the StyleSuggestion.
    ``other``: what may be written instead of a choice, or besides. [doc]
    """

    choices: Mapping[str, Shown] | Sequence[str]
    least: int = 1
    most: int = 1
    style: str | None = None
    other: FreeTextAnswer | None = None


def refusal(answer: SelectionAnswer, selected: Sequence[str], other: str | None) -> str | None:
    """Return why the worker's page refuses a selection; None if it takes it.

    Another text counts as one selection. [assumed]
    """
    unknown = [choice for choice in selected if choice not in answer.choices]
    if unknown:
        return f"has no choice {unknown[0]!r}; it has {', '.join(answer.choices)}"
    if len(set(selected)) < len(selected):
        return f"takes each choice once, not {', '.join(selected)}"
    count = len(selected) + (other is not None)
    if count and not answer.least <= count <= answer.most:
        return f"takes {_numbers(answer)}, not {count}"
    return None if other is None else _other_refusal(answer, other)


def _numbers(answer: SelectionAnswer) -> str:
    if answer.least == answer.most:
        return f"{answer.most} selection{'s' * (answer.most != 1)}"
    return f"{answer.least} to {answer.most} selections"


def _other_refusal(answer: SelectionAnswer, other: str) -> str | None:
    if answer.other is None:
        return "offers no other text"
    problem = free_text.refusal(answer.other, other)
    return problem and f"has a field for another text, which {problem}"


def fill(answer: SelectionAnswer, random: Random) -> dict[str, Any]:
    """Return a valid selection, as a field of `submit`: `selections`, and `other` at times."""
    choices = list(answer.choices)
    offered = len(choices) + (answer.other is not None)  # fewer than asked for, if some are equal
    least = min(max(answer.least, 1), offered)
    count = random.randint(least, min(answer.most, offered))
    with_other = answer.other is not None and (count > len(choices) or random.random() < 0.1)
    chosen = random.sample(choices, count - with_other)
    filled: dict[str, Any] = {"selections": sorted(chosen, key=choices.index)}
    if answer.other is not None and with_other:
        filled["other"] = free_text_examples.fill(answer.other, random)
    return filled
