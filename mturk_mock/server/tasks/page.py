"""What is done to the page of a HIT before it is served; the rest of it stays as written.

Pages load Amazon's scripts and name its hosts. They get scripts of this package instead, and one
more script, which sends their forms to this server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final, NamedTuple

from mturk_mock.questions.html.scanner import (
    ATTRIBUTE,
    Tag,
    read_attributes,
    scan_tags,
    scan_tokens,
)
from mturk_mock.web import external_submit

#: Amazon's scripts by their addresses, and the files of this package in their place.
_AMAZON: Final = (
    (r"assets\.crowd\.aws/crowd-html-elements\.js", "crowd-html-elements.js"),
    (r"s3[a-z0-9.-]*\.amazonaws\.com/mturk-public/externalHIT_v1\.js", "externalHIT_v1.js"),
    (r"mturk-public\.s3[a-z0-9.-]*\.amazonaws\.com/externalHIT_v1\.js", "externalHIT_v1.js"),
)
_ADDRESSES: Final = tuple(
    (re.compile(rf"\s*(?:https?:)?//{address}(?:[?#].*)?\s*", re.IGNORECASE | re.DOTALL), name)
    for address, name in _AMAZON
)
_ANY_NAME: Final = re.compile("|".join({re.escape(name) for _, name in _AMAZON}), re.IGNORECASE)
#: What may stand before the head of a page: spaces, and a byte order mark.
_BLANK: Final = "\ufeff \t\n\f\r"
_DOCTYPE: Final = "<!DOCTYPE html>"
_SUBMIT_TYPES: Final = ("submit", "image")
_SUBMIT_BUTTON: Final = '<p><input type="submit" id="submitButton" value="Submit"></p>'


class _Edit(NamedTuple):
    """A part of a page, by its offsets, and what replaces it."""

    start: int
    end: int
    text: str


def prepare_page(html: str, static: str = "/static") -> str:
    """Return a page with our scripts. `static`: the URL of the folder with the scripts."""
    begin = _find_beginning(html)
    ours = _Edit(begin, begin, f'<script src="{escape(static)}/task.js"></script>')
    return _apply(html, [ours, *_replace_scripts(html, static)])


def wrap_template(html: str, submit_to: str, assignment_id: str) -> str:
    """Return a page of the requester website with a form around it, as that site made it.

    A page with a form of its own stays as it is. `submit_to`: the worker site, `turkSubmitTo`.
    """
    tags = list(scan_tags(html))
    if any(_opens(tag, "form", "crowd-form") for tag in tags):
        return html
    start, end = _find_content(html, tags)
    action = escape(f"{submit_to}{external_submit.PATH}")
    head = (
        f'<form name="mturk_form" id="mturk_form" method="post" action="{action}">'
        '<input type="hidden" name="assignmentId" id="assignmentId" '
        f'value="{escape(assignment_id)}">'
    )
    button = "" if any(map(_submits, tags)) else _SUBMIT_BUTTON
    edits = [_Edit(start, start, head), _Edit(end, end, f"{button}</form>")]
    if not any(_opens(tag, "html", "head", "body") for tag in tags) and not _has_doctype(html):
        edits.insert(0, _Edit(0, 0, _DOCTYPE))  # the site put fragments into a page of its own
    return _apply(html, edits)


def _apply(html: str, edits: Sequence[_Edit]) -> str:
    """Return a page with edits, which are in order."""
    parts: list[str] = []
    position = 0
    for edit in edits:
        parts += html[position : edit.start], edit.text
        position = edit.end
    return "".join((*parts, html[position:]))


def _opens(tag: Tag, *names: str) -> bool:
    return not tag.closing and tag.name in names


def _find_beginning(html: str) -> int:
    """Return the offset of the first thing in the head.

    A script before the doctype would make browsers use other rules for the page.
    """
    position = 0
    for token in scan_tokens(html):
        is_before = not token.name or _opens(token, "html", "head")
        if not is_before or html[position : token.start].strip(_BLANK):
            break
        position = token.end
        if token.name == "head":
            break
    return position


def _replace_scripts(html: str, static: str) -> Iterator[_Edit]:
    if not _ANY_NAME.search(html):  # most pages: their tags need not be read
        return
    for tag in scan_tags(html):
        if not _opens(tag, "script"):
            continue
        name = _ours_for(read_attributes(tag.source).get("src", ""))
        if name is None:
            continue
        source = next(each for each in ATTRIBUTE.finditer(tag.source) if each[1].lower() == "src")
        offset = tag.start + 1 + len(tag.name)
        text = f'src="{escape(static)}/{name}"'
        yield _Edit(offset + source.start(), offset + source.end(), text)


def _ours_for(address: str) -> str | None:
    """Return the file that takes the place of a script of Amazon's; None for another script."""
    return next((name for known, name in _ADDRESSES if known.fullmatch(address)), None)


def _find_content(html: str, tags: Sequence[Tag]) -> tuple[int, int]:
    """Return where the body's content starts and ends."""
    start = next((tag.end for tag in tags if _opens(tag, "body")), None)
    if start is None:
        heads = (tag.end for tag in tags if tag.closing and tag.name == "head")
        start = next(heads, _find_beginning(html))
    ends = {tag.name: tag.start for tag in tags if tag.closing and tag.start >= start}
    return start, ends.get("body", ends.get("html", len(html)))


def _submits(tag: Tag) -> bool:
    """Tell whether a tag is a button that submits, as the website looked for one. [assumed]"""
    found = read_attributes(tag.source)
    if found.get("id") == "submitButton":
        return True
    return _opens(tag, "input", "button") and found.get("type", "").lower() in _SUBMIT_TYPES


def _has_doctype(html: str) -> bool:
    return html.lstrip(_BLANK).lower().startswith("<!doctype")
