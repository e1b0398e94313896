"""HIT layouts: pages with placeholders, which each HIT fills with values of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from mturk_mock.core import errors
from mturk_mock.questions.question import check_document, check_html, write_html_question

if TYPE_CHECKING:
    from mturk_mock.questions.html.check import Span

#: Names and values, in the order of the request.
Parameters = tuple[tuple[str, str], ...]

#: ``${name}`` [doc]; what a name is made of is [assumed]. All else in braces stays.
_PLACEHOLDER: Final = re.compile(r"\$\{([A-Za-z0-9_.-]+)\}")


def check_page(html: str) -> None:
    """Refuse what can be no layout: TypeError if it is no str, ValueError if it is empty."""
    if not isinstance(html, str):
        raise TypeError(f"add_layout() takes a page of HTML as a str, not {html!r}")
    if not html:
        raise ValueError("add_layout() takes a page of HTML, which cannot be empty")
    if html.lstrip().startswith("<HTMLQuestion"):
        raise ValueError("add_layout() takes the page itself, not the HTMLQuestion around it")


def read_parameters(given: Iterable[Mapping[str, str]] | None) -> Parameters:
    """Return the HITLayoutParameters of a request as pairs; none is as good as no list."""
    return tuple((each["Name"], each["Value"]) for each in given or ())


def make_question(page: str, parameters: Parameters) -> str:
    """Return a HIT's question: the HTMLQuestion of a layout's page with its parameters. [doc]

    Raises MTurkError for parameters that are missing, unknown or given twice, and for what
    no HTMLQuestion may be, 65,535 bytes counted after filling. [doc] FrameHeight is 0, the
    height of the window. [assumed]
    """
    _require_fitting(dict.fromkeys(_PLACEHOLDER.findall(page)), parameters)
    html, filled = fill(page, dict(parameters))
    check_html(html, filled)
    question = write_html_question(html)
    check_document(question)
    return question


def _require_fitting(placeholders: Mapping[str, None], parameters: Parameters) -> None:
    """Refuse parameters that are not one for each placeholder. [assumed] all but missing ones

    Missing ones are named in the order of the page; what is unknown, badly named or given
    twice in the order of the request.
    """
    given = Counter(name for name, _ in parameters)
    missing = [name for name in placeholders if name not in given]
    if missing:
        raise errors.MISSING_LAYOUT_PARAMETERS(names=", ".join(missing))
    wrong = [name for name, count in given.items() if count > 1 or name not in placeholders]
    if wrong:
        raise errors.INVALID_PARAMETER_VALUE(
            value=", ".join(wrong), parameter="HITLayoutParameters"
        )


def fill(page: str, values: Mapping[str, str]) -> tuple[str, list[Span]]:
    """Return a page with the values in its placeholders, and where in it they are now.

    Values go in as they are [doc], and what looks like a placeholder in them stays. [assumed]
    """
    parts: list[str] = []
    filled: list[Span] = []
    length = end = 0
    for match in _PLACEHOLDER.finditer(page):
        before, value = page[end : match.start()], values[match[1]]
        start = length + len(before)
        length, end = start + len(value), match.end()
        parts += before, value
        filled.append((start, length))
    return "".join((*parts, page[end:])), filled
