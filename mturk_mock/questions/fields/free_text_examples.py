"""Example texts for a FreeTextAnswer, found by trying random texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from random import Random
from string import ascii_lowercase, digits
from typing import Final

from mturk_mock.core.quoting import quote
from mturk_mock.questions.fields import free_text
from mturk_mock.questions.javascript.budget import Budget, TooManySteps
from mturk_mock.questions.javascript.regex import Regex
from mturk_mock.questions.xml.tree import NOT_XML

#: The number of likely texts to try, and then of texts of all kinds.
TRIES: Final = 200

#: The maximum length of an example, in characters; a document has at most as many bytes.
LONGEST_TEXT: Final = 65_535

#: How many characters longer than the minimum an example can be.
_SPREAD: Final = 30

_SOME_ENGLISH: Final = (
    "a and any are at big blue book can cat day dog door each find fine for good green hand "
    "here house it kind light like line long many more name new of old one page part people "
    "picture place plain read red same see side small some street table text that the thing "
    "time to tree two use very water way we well white word work year yes"
)
_WORDS: Final = tuple(_SOME_ENGLISH.split())

_INSTEAD: Final = "submit a text for this question instead"

#: Returns a text that may meet the constraints, of the given length unless that is None.
_Maker = Callable[[Random, int | None], str]


def _is_kept_by_xml(text: str) -> bool:
    """Return whether XML keeps a text unchanged; parsers replace carriage returns."""
    return "\r" not in text and not NOT_XML.search(text)


def fill_free_text(
    answer: free_text.FreeTextAnswer, random: Random, budget: Budget | None = None
) -> str:
    """Return a non-empty text that meets the constraints; the same for the same `random`.

    Raises ValueError if no text of at most 65,535 characters is found within the budget, by
    default a new one.
    """
    budget = budget or Budget()
    try:
        for text in _candidates(answer, random, budget):
            budget.spend_on_text(text)
            if (
                text
                and free_text.find_free_text_error(answer, text, budget) is None
                and _is_kept_by_xml(text)
            ):
                return text
    except TooManySteps as problem:
        raise ValueError(f"{problem}; {_INSTEAD}") from None
    given = [answer.numeric, answer.length, *answer.formats]
    constraints = " and ".join(quote(constraint) for constraint in given if constraint is not None)
    raise ValueError(f"no text was found that meets {constraints}; {_INSTEAD}")


def _candidates(answer: free_text.FreeTextAnswer, random: Random, budget: Budget) -> Iterator[str]:
    """Yield texts to try, likely ones first."""
    regexes = [regex for regex in map(free_text.compile_format, answer.formats) if regex]
    likely: list[_Maker] = [partial(regex.propose, budget=budget) for regex in regexes]
    if answer.numeric is not None:
        likely.append(partial(_make_number, answer.numeric))
    if not likely:
        likely = [_make_words]
    mixed: list[_Maker] = [*likely, partial(_make_joined, regexes, budget)] if regexes else likely
    if answer.length is not None and (answer.length.min_length or 0) > LONGEST_TEXT:
        return
    for makers in (likely, mixed):
        for make in islice(cycle(makers), TRIES):
            yield make(random, _choose_length(answer.length, random))


def _choose_length(length: free_text.Length | None, random: Random) -> int | None:
    """Return a length that meets the constraint; None if there is no constraint."""
    if length is None:
        return None
    low = max(length.min_length or 1, 1)
    high = low + _SPREAD
    return random.randint(low, max(low, min(high, length.max_length or high)))


def _make_words(random: Random, length: int | None) -> str:
    """Return words with spaces between them, cut off at `length`."""
    if length is None:
        return " ".join(random.choices(_WORDS, k=random.randint(3, 6)))
    # A word and its space are at least two characters.
    text = " ".join(random.choices(_WORDS, k=length // 2 + 1))[:length]
    return text[:-1] + "s" if text.endswith(" ") else text


def _make_number(numeric: free_text.IsNumeric, random: Random, length: int | None) -> str:
    """Return a whole number within the bounds, padded with zeros to `length`."""
    low, high = numeric.min_value, numeric.max_value
    if low is None and high is None and length is not None:
        return "".join(random.choices("123456789", k=length))
    small = random.randint(0, 10 ** random.randint(1, 6))
    if low is None:
        low = 0 if high is None or high >= 0 else high - small
    if high is None:
        high = max(low, 0) + small
    # Half of the numbers are small, like most answers even within wide bounds.
    number = random.choice((min(max(small, low), high), random.randint(low, max(low, high))))
    return str(number).zfill(length or 0)


def _make_joined(regexes: list[Regex], budget: Budget, random: Random, length: int | None) -> str:
    """Return a text with an example of each expression, padded to `length`."""
    parts = [regex.propose(random, budget=budget) for regex in regexes]
    random.shuffle(parts)
    joint = random.choice(("", " "))
    missing = (length or 0) - len(joint.join([*parts, ""]))
    if missing > 0:
        parts.insert(random.randint(0, len(parts)), _make_padding(random, missing))
    return joint.join(parts)


def _make_padding(random: Random, length: int) -> str:
    kind = random.choice((None, ascii_lowercase, digits))
    return "".join(random.choices(kind, k=length)) if kind else _make_words(random, length)
