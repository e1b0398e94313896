"""What Mechanical Turk says about a page: CreateHIT of the API, and the requester website."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from botocore.exceptions import ClientError

from mturk_mock.backend.clients import MTurkClient
from mturk_mock.core.errors import MTurkError
from mturk_mock.core.quoting import list_names, shorten
from mturk_mock.mock.mturk import MTurk
from mturk_mock.questions.html.page import is_static
from mturk_mock.questions.html.scanner import Tag, read_attributes, scan_tags
from mturk_mock.questions.layouts import fill_placeholders, find_placeholders
from mturk_mock.questions.question import (
    QuestionPage,
    check_document,
    read_question,
    write_html_question,
)
from mturk_mock.server.preview.files import Source

_YEAR: Final = 31_536_000
#: A page that CreateHIT accepts, in place of one that it refuses.
_STAND_IN: Final = (
    "<!DOCTYPE html><html><head><title>?</title></head><body><form></form></body></html>"
)
_LONGEST: Final = 1000  # characters of an error, which can have the whole page in it
#: The end of a message: the time in milliseconds.
_STAMP: Final = re.compile(r" \(\d+( s)?\)$")
_HTML: Final = "CreateHIT takes the page, as an HTMLQuestion"
_LAYOUT: Final = "CreateHIT takes the page, as a HIT layout with this row"
_DOCUMENT: Final = "CreateHIT takes the document"
_WEBSITE: Final = "The requester website takes the page, as a template"


class Remark(NamedTuple):
    """A sentence about a page. ``kind``: good, problem or hint."""

    kind: str
    text: str


class Checked(NamedTuple):
    """A page with the values of a row, and what is said about it.

    ``page``: None if it cannot be shown. ``hit_id``: a HIT with it, or a stand-in for it.
    """

    page: QuestionPage | None
    hit_id: str
    remarks: tuple[Remark, ...]


def check(mturk: MTurk, client: MTurkClient, source: Source, row: int, title: str) -> Checked:
    """Create a HIT with a page. `row`: counted from 1."""
    values = source.values_of(row)
    try:
        hit_id, refusal = _create(client, title, **_question_of(mturk, source, values)), ""
    except ClientError as error:
        hit_id = _create(client, title, Question=write_html_question(_STAND_IN))
        refusal = _write_error(error)
    page = _page_of(source, values)
    return Checked(page, hit_id, tuple(_remarks(source, page, refusal)))


def _create(client: MTurkClient, title: str, **question: Any) -> str:
    response = client.create_hit(
        Title=title,
        Description="A preview",
        Reward="0.01",
        LifetimeInSeconds=_YEAR,
        AssignmentDurationInSeconds=_YEAR,
        MaxAssignments=1,
        **question,
    )
    return response["HIT"]["HITId"]


def _question_of(mturk: MTurk, source: Source, values: Mapping[str, str]) -> dict[str, Any]:
    """Return the arguments of CreateHIT for a page: by a layout, if it is filled with a row."""
    if source.is_document:
        return {"Question": source.page}
    if source.table is None:
        return {"Question": write_html_question(source.page)}
    given = [name for name in find_placeholders(source.page) if name in values]
    parameters = [{"Name": name, "Value": values[name]} for name in given]
    return {
        "HITLayoutId": mturk.add_layout(source.page),
        **({"HITLayoutParameters": parameters} if parameters else {}),
    }


def _write_error(error: ClientError) -> str:
    found = error.response["Error"]
    text = _STAMP.sub("", found["Message"]).partition(" Invalid content: ")[0]
    return f"{found['Code']}: {shorten(text, _LONGEST)}"


def _page_of(source: Source, values: Mapping[str, str]) -> QuestionPage | None:
    """Return what a worker sees; None for a document that cannot be shown."""
    if not source.is_document:
        return QuestionPage(html=fill(source.page, values))
    try:
        check_document(source.page)
    except MTurkError:
        return None
    return read_question(source.page)


def fill(page: str, values: Mapping[str, str]) -> str:
    """Return a page with the values of a row; placeholders without a column stay."""
    kept = {name: f"${{{name}}}" for name in find_placeholders(page)}
    return fill_placeholders(page, {**kept, **values})[0]


# Remarks ----------------------------------------------------------------------------------


def _remarks(source: Source, page: QuestionPage | None, refusal: str) -> Iterator[Remark]:
    way = _DOCUMENT if source.is_document else _HTML if source.table is None else _LAYOUT
    if refusal:
        way = way.replace("takes", "refuses")
        yield Remark("problem", f"{way}. {refusal}")
    else:
        yield Remark("good", f"{way}.")
    if source.is_document:
        yield from _find_unused_rows(source)
    else:
        yield from _remarks_on_website(source)
    if page is not None and page.html is not None:
        yield from _remarks_on_form(page.html, by_website=not source.is_document)


def _find_unused_rows(source: Source) -> Iterator[Remark]:
    if source.table is not None:
        text = "The rows are not used: only pages of HTML have placeholders, not documents."
        yield Remark("hint", text)


def _remarks_on_website(source: Source) -> Iterator[Remark]:
    names = find_placeholders(source.page)
    columns = source.table.columns if source.table else ()
    if missing := [name for name in names if name not in columns]:
        text = f"{list_names(missing)}: no column has the name of the placeholder."
        if source.table is None:
            text = f"{list_names(missing)}: there are placeholders, but no file of rows."
        yield Remark("problem", f"{_WEBSITE.replace('takes', 'refuses')}. {text}")
    else:
        yield Remark("good", f"{_WEBSITE}.")
    if unused := [name for name in columns if name not in names]:
        yield Remark("hint", f"No placeholder has the name of the column: {list_names(unused)}.")


def _remarks_on_form(html: str, *, by_website: bool) -> Iterator[Remark]:
    """Say what a page lacks that its answers need."""
    tags = [tag for tag in scan_tags(html) if not tag.closing]
    forms = [tag for tag in tags if tag.name in ("form", "crowd-form")]
    scripted = not is_static(html, list(scan_tags(html)))
    if not forms and not scripted:
        added = " The website adds one; with the API there is none." if by_website else ""
        yield Remark("hint", f"The page has no form, so workers cannot submit it.{added}")
    elif forms and not scripted and _lacks_assignment(tags, forms):
        yield Remark(
            "hint",
            "The form has no field assignmentId. This server adds it, but on Mechanical Turk "
            "nobody could submit the form.",
        )


def _lacks_assignment(tags: list[Tag], forms: list[Tag]) -> bool:
    if any(form.name == "crowd-form" for form in forms):
        return False
    return all(read_attributes(tag.source).get("name") != "assignmentId" for tag in tags)
