"""Texts that fit what a FreeTextAnswer allows: found by trying likely ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from random import Random
from string import ascii_lowercase, digits
from typing import Final

from mturk_mock.questions.fields.free_text import FreeTextAnswer, IsNumeric, Length, checker
from mturk_mock.questions.javascript.regex import Regex
from mturk_mock.questions.xml.tree import NOT_XML

#: How many texts are tried of the likely kinds, and then of all kinds.
TRIES: Final = 200

#: No longer texts are made, in characters; documents of this service are no longer, in bytes.
LONGEST_TEXT: Final = 65_535

#: How many characters a text may have more than it must.
_SPREAD: Final = 30

_SOME_ENGLISH: Final = (
    "a and any are at big blue book can cat day dog door each find fine for good green hand "
    "here house it kind light like line long many more name new of old one page part people "
    "picture place plain read red same see side small some street table text that the thing "
    "time to tree two use very water way we well white word work year yes"
)
_WORDS: Final = tuple(_SOME_ENGLISH.split())

#: Makes a text that may fit, of so many characters if the number is not None.
_Maker = Callable[[Random, int | None], str]


def _is_carried(text: str) -> bool:
    """Tell whether XML brings a text as it is; readers turn carriage returns into line feeds."""
    return "\r" not in text and not NOT_XML.search(text)


def fill(answer: FreeTextAnswer, random: Random) -> str:
    """Return a text that `refusal` takes, never an empty one; the same for the same `random`.

    Raises ValueError if no text was found that meets all constraints, none of more than
    65,535 characters.
    """
    check = checker(answer)
    for text in _candidates(answer, random):
        if text and check(text) is None and _is_carried(text):
            return text
    given = [answer.numeric, answer.length, *answer.formats]
    constraints = " and ".join(repr(constraint) for constraint in given if constraint is not None)
    raise ValueError(
        f"no text was found that meets {constraints}; submit a text for this question instead"
    )


def _candidates(answer: FreeTextAnswer, random: Random) -> Iterator[str]:
    """Yield texts to try: likely ones first, since a wrong one can take a pattern for ever."""
    regexes = [regex for regex in (form.compile() for form in answer.formats) if regex]
    likely: list[_Maker] = [regex.propose for regex in regexes]
    if answer.numeric is not None:
        likely.append(partial(_number, answer.numeric))
    if not likely:
        likely = [_words]
    mixed: list[_Maker] = [*likely, partial(_joined, regexes)] if regexes else likely
    if answer.length is not None and (answer.length.min_length or 0) > LONGEST_TEXT:
        return
    for makers in (likely, mixed):
        for make in islice(cycle(makers), TRIES):
            yield make(random, _wanted(answer.length, random))


def _wanted(length: Length | None, random: Random) -> int | None:
    """Return how many characters a text should have, None if it does not matter."""
    if length is None:
        return None
    low = max(length.min_length or 1, 1)
    high = low + _SPREAD
    return random.randint(low, max(low, min(high, length.max_length or high)))


def _words(random: Random, length: int | None) -> str:
    """Return words with spaces between them, the last one perhaps cut off."""
    if length is None:
        return " ".join(random.choices(_WORDS, k=random.randint(3, 6)))
    # A word and its space have two characters at least.
    text = " ".join(random.choices(_WORDS, k=length // 2 + 1))[:length]
    return text[:-1] + "s" if text.endswith(" ") else text


def _number(numeric: IsNumeric, random: Random, length: int | None) -> str:
    """Return a whole number within the bounds, with zeros before it if it is to be longer."""
    low, high = numeric.min_value, numeric.max_value
    if low is None and high is None and length is not None:
        return "".join(random.choices("123456789", k=length))
    small = random.randint(0, 10 ** random.randint(1, 6))
    if low is None:
        low = 0 if high is None or high >= 0 else high - small
    if high is None:
        high = max(low, 0) + small
    # Small numbers half the time: they are the likelier ones where the bounds are wide.
    number = random.choice((min(max(small, low), high), random.randint(low, max(low, high))))
    return str(number).zfill(length or 0)


def _joined(regexes: list[Regex], random: Random, length: int | None) -> str:
    """Return a text with something that each expression matches, and words between them."""
    parts = [regex.propose(random) for regex in regexes]
    random.shuffle(parts)
    joint = random.choice(("", " "))
    missing = (length or 0) - len(joint.join([*parts, ""]))
    if missing > 0:
        parts.insert(random.randint(0, len(parts)), _filling(random, missing))
    return joint.join(parts)


def _filling(random: Random, length: int) -> str:
    kind = random.choice((None, ascii_lowercase, digits))
    if kind is None:
        return _words(random, length)
    return "".join(random.choices(kind, k=length))
