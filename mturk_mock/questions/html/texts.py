"""Text inputs: the constraints on their values, and values that meet them.

The rules are those of HTML's input element. [doc] `HTMLField.check` decides whether an empty
text is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from random import Random
from string import ascii_lowercase, digits
from typing import Final

from mturk_mock.questions.javascript.budget import Budget
from mturk_mock.questions.javascript.regex import Regex, compile_regex

#: The type attributes of text inputs, and textarea.
TEXTS: Final = frozenset({"text", "search", "tel", "password", "email", "url", "color", "textarea"})

_LABEL: Final = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_EMAIL: Final = rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*"

#: The syntax of some kinds. A URL is any text with a scheme. [assumed]
_FORMS: Final = {
    "email": ("an e-mail address", re.compile(_EMAIL)),
    "url": ("a URL with its scheme", re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:/*[^/\s]\S*")),
    "color": ("a color such as #00ff00", re.compile("#[0-9a-fA-F]{6}")),
}

#: The number of characters checked by the syntax of a kind in one step of the budget.
_READ_PER_STEP: Final = 6

#: Text before and after a random word; the second pair is for a small maxlength.
_AROUND: Final = {
    "email": (("", "@example.com"), ("", "@a")),
    "url": (("https://example.com/", ""), ("a:", "")),
}

#: The maximum number of texts to try, and the maximum length of a text.
_TRIES: Final = 50
_LONGEST: Final = 65_535

_COUNT: Final = re.compile(r"\s*\+?([0-9]{1,15})\s*", re.ASCII)


def find_text_error(
    kind: str, attributes: Mapping[str, str], text: str, budget: Budget
) -> str | None:
    """Return what the input accepts instead of this text; None if it accepts it.

    Raises TooManySteps if the syntax and the pattern exceed the budget.
    """
    if kind in _FORMS:
        what, form = _FORMS[kind]
        budget.start(f"type={kind}")
        budget.spend(len(text) // _READ_PER_STEP)
        parts = text.split(",") if kind == "email" and "multiple" in attributes else [text]
        if not all(form.fullmatch(part.strip(" ")) for part in parts):
            return what
    low, high = _lengths(attributes)
    if _length(text) < low:
        return f"at least {low} characters"
    if high is not None and _length(text) > high:
        return f"at most {high} characters"
    budget.start(attributes.get("pattern", ""))
    pattern = _pattern(attributes.get("pattern", ""))
    if pattern is not None and not pattern.matches(text, budget):
        return f"a text that matches the pattern {attributes['pattern']}"
    return None


def read_color(attributes: Mapping[str, str]) -> str:
    """Return the color that a color input has at first: its value, or else black. [doc]"""
    value = attributes.get("value", "")
    return value.lower() if _FORMS["color"][1].fullmatch(value) else "#000000"


def make_text(
    kind: str, attributes: Mapping[str, str], random: Random, budget: Budget
) -> str | None:
    """Return a text that the input accepts; None if none is found.

    Raises TooManySteps if the text and the pattern exceed the budget.
    """
    pattern = _pattern(attributes.get("pattern", ""))
    for attempt in range(_TRIES):
        if pattern is None or attempt % 4 == 3:
            text = _make_up(kind, attributes, random)
            budget.spend_on_text(text)
        else:
            text = pattern.propose(random, _choose_length(attributes, random), budget)
        if text and find_text_error(kind, attributes, text, budget) is None:
            return text
    return None


@lru_cache(maxsize=256)
def _pattern(source: str) -> Regex | None:
    """Return the regular expression of a pattern attribute; None if empty or invalid. [doc]"""
    return compile_regex(source, whole=True) if source else None


def _make_up(kind: str, attributes: Mapping[str, str], random: Random) -> str:
    """Return a random word, e-mail address, URL, phone number or color, as [assumed]."""
    if kind == "color":
        return f"#{random.randrange(1 << 24):06x}"
    low, high = _lengths(attributes)
    most = _LONGEST if high is None else high
    before, after = next(
        (each for each in _AROUND.get(kind, ()) if most >= len("".join(each)) + 3),
        _AROUND.get(kind, (("", ""),))[-1],
    )
    room = most - len(before + after)
    shortest = max(low - len(before + after), min(room, 3), 1)
    longest = min(room, shortest + 7)
    if shortest > min(longest, _LONGEST):
        return ""
    letters = digits if kind == "tel" else ascii_lowercase
    word = random.choices(letters, k=random.randint(shortest, longest))
    return before + "".join(word) + after


def _lengths(attributes: Mapping[str, str]) -> tuple[int, int | None]:
    low = _COUNT.fullmatch(attributes.get("minlength", ""))
    high = _COUNT.fullmatch(attributes.get("maxlength", ""))
    return int(low[1]) if low else 0, int(high[1]) if high else None


def _choose_length(attributes: Mapping[str, str], random: Random) -> int | None:
    """Return a random allowed length; None if there are no bounds."""
    low, high = _lengths(attributes)
    if not low and high is None:
        return None
    shortest = min(max(low, 1), _LONGEST)
    longest = min(shortest + 20, _LONGEST if high is None else high)
    return random.randint(shortest, max(shortest, longest))


def _length(text: str) -> int:
    """Return the length as browsers count it: in UTF-16 code units. [doc]"""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
