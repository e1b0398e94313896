"""Inputs of free text: their lengths, patterns, and the forms of some kinds.

The rules are those of HTML's input element [doc]; nothing here asks whether an empty text
is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from random import Random
from string import ascii_lowercase, digits
from typing import Final

from mturk_mock.questions.javascript.regex import Regex, compile_regex

#: Where a text is typed in, by the type attribute, and a textarea.
TEXTS: Final = frozenset({"text", "search", "tel", "password", "email", "url", "color", "textarea"})

_LABEL: Final = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_EMAIL: Final = rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*"

#: What the texts of a kind look like. The URLs are any with a scheme. [assumed]
_FORMS: Final = {
    "email": ("an e-mail address", re.compile(_EMAIL)),
    "url": ("a URL with its scheme", re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:/*[^/\s]\S*")),
    "color": ("a colour as #00ff00", re.compile("#[0-9a-fA-F]{6}")),
}

#: What stands around the letters of a made text, the second where there is little room.
_AROUND: Final = {
    "email": (("", "@example.com"), ("", "@a")),
    "url": (("https://example.com/", ""), ("a:", "")),
}

#: How many texts are made in search of one that fits, and the longest of them.
_TRIES: Final = 50
_LONGEST: Final = 65_535

_COUNT: Final = re.compile(r"\s*\+?([0-9]{1,15})\s*", re.ASCII)


def fault(kind: str, attributes: Mapping[str, str], text: str) -> str | None:
    """Return what the control takes instead of this text, None if it takes it."""
    what, form = _FORMS.get(kind, ("", None))
    parts = text.split(",") if kind == "email" and "multiple" in attributes else [text]
    if form is not None and not all(form.fullmatch(part.strip(" ")) for part in parts):
        return what
    low, high = _lengths(attributes)
    if _length(text) < low:
        return f"at least {low} letters"
    if high is not None and _length(text) > high:
        return f"at most {high} letters"
    pattern = _pattern(attributes.get("pattern", ""))
    if pattern is not None and not pattern.matches(text):
        return f"what the pattern {attributes['pattern']} matches"
    return None


def example(kind: str, attributes: Mapping[str, str], random: Random) -> str | None:
    """Return a text that the control takes, None if none was found."""
    pattern = _pattern(attributes.get("pattern", ""))
    for attempt in range(_TRIES):
        if pattern is None or attempt % 4 == 3:
            text = _made_up(kind, attributes, random)
        else:
            text = pattern.propose(random, _any_length(attributes, random))
        if text and fault(kind, attributes, text) is None:
            return text
    return None


@lru_cache(maxsize=256)
def _pattern(source: str) -> Regex | None:
    """Return the pattern for whole texts; None for none, and for what is no pattern. [doc]"""
    if not source or compile_regex(source) is None:
        return None
    return compile_regex(f"^(?:{source})$")


def _made_up(kind: str, attributes: Mapping[str, str], random: Random) -> str:
    """Return a word, an address, a number to call or a colour. [assumed] which"""
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


def _any_length(attributes: Mapping[str, str], random: Random) -> int | None:
    """Return how many letters a text may have, None where nothing is said of it."""
    low, high = _lengths(attributes)
    if not low and high is None:
        return None
    shortest = min(max(low, 1), _LONGEST)
    longest = min(shortest + 20, _LONGEST if high is None else high)
    return random.randint(shortest, max(shortest, longest))


def _length(text: str) -> int:
    """Return the length as browsers count it, in units of UTF-16. [doc]"""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
