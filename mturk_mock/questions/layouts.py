"""HIT layouts: pages with placeholders that each HIT fills with its own values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from mturk_mock.core import errors
from mturk_mock.core.quoting import list_names, quote
from mturk_mock.questions.html.check import Span, check_html
from mturk_mock.questions.question import check_document, write_html_question

#: Names and values, in the order of the request.
Parameters = tuple[tuple[str, str], ...]

#: ``${name}`` [doc]; the characters of a name are [assumed]. Other braces are plain text.
_PLACEHOLDER: Final = re.compile(r"\$\{([A-Za-z0-9_.-]+)\}")


def check_page(html: str) -> None:
    """Raise TypeError unless a layout is a str, ValueError if it is empty or an XML document."""
    if not isinstance(html, str):
        raise TypeError(f"add_layout() takes a page of HTML as a str, not {quote(html)}")
    if not html:
        raise ValueError("add_layout() takes a page of HTML, which cannot be empty")
    if html.lstrip().startswith("<HTMLQuestion"):
        raise ValueError("add_layout() takes the page itself, not the HTMLQuestion around it")


def read_parameters(given: Iterable[Mapping[str, str]] | None) -> Parameters:
    """Return the HITLayoutParameters of a request as pairs; an empty tuple for None."""
    return tuple((each["Name"], each["Value"]) for each in given or ())


def make_question(page: str, parameters: Parameters) -> str:
    """Return a HIT's question: the layout's page with its parameters, as an HTMLQuestion. [doc]

    Raises MTurkError for parameters that are missing, unknown or given twice, and for an
    invalid HTMLQuestion; the limit of 65,535 bytes applies to the filled page. [doc]
    FrameHeight is 0, the height of the window. [assumed]
    """
    _require_fitting(dict.fromkeys(find_placeholders(page)), parameters)
    html, filled = fill_placeholders(page, dict(parameters))
    check_html(html, filled)
    question = write_html_question(html)
    check_document(question)
    return question


def find_placeholders(page: str) -> list[str]:
    """Return the names of a page's placeholders, in the order of the page."""
    return list(dict.fromkeys(_PLACEHOLDER.findall(page)))


def _require_fitting(placeholders: Mapping[str, None], parameters: Parameters) -> None:
    """Require a parameter for each placeholder [doc], given once, and no others [assumed].

    The error lists missing parameters in the order of the page; unknown, badly named and
    repeated ones in the order of the request.
    """
    given = Counter(name for name, _ in parameters)
    missing = [name for name in placeholders if name not in given]
    if missing:
        raise errors.MISSING_LAYOUT_PARAMETERS(names=list_names(missing))
    wrong = [name for name, count in given.items() if count > 1 or name not in placeholders]
    if wrong:
        raise errors.INVALID_PARAMETER_VALUE(
            value=list_names(wrong), parameter="HITLayoutParameters"
        )


def fill_placeholders(page: str, values: Mapping[str, str]) -> tuple[str, list[Span]]:
    """Return a page with its placeholders replaced, and the spans of the values in it.

    Values are inserted unescaped [doc]; placeholders in values are not replaced [assumed].
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
