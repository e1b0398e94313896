"""QuestionForm on the worker's page: what its template shows, and the form that is posted.

Controls are named by the number of their question, `answer-1`, and choices by their number,
because identifiers can be any text. Answers are read as the page sends them; `questions/` has
the rules about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from starlette.datastructures import FormData, UploadFile

from mturk_mock.core.quoting import shorten
from mturk_mock.questions.answering import find_problems
from mturk_mock.questions.fields.file_upload import FileUploadAnswer
from mturk_mock.questions.fields.free_text import (
    AnswerFormatRegex,
    FreeTextAnswer,
    requires_text,
)
from mturk_mock.questions.fields.problem import Problem
from mturk_mock.questions.fields.selection import SelectionAnswer
from mturk_mock.questions.form_reader import read_question_form
from mturk_mock.questions.form_writer import Overview, Question
from mturk_mock.questions.question import QuestionPage
from mturk_mock.questions.question_form import Field
from mturk_mock.questions.xml.tree import NOT_XML
from mturk_mock.server.worker.constraints import (
    Constraint,
    write_bounds,
    write_demand,
    write_size,
)
from mturk_mock.server.worker.shown_content import Piece, show_content, show_part

#: The sources that the Content-Security-Policy of a page with a QuestionForm must allow.
CONTENT_SOURCES: Final = "img-src 'self' http: https:; media-src http: https:"

#: The value of the choice to enter another text.
OTHER: Final = "other"

#: The layout of many choices, by style.
_LAYOUTS: Final = {"list": "scrolling", "multichooser": "columns"}

_MISSING_OTHER: Final = "Enter the other answer, or choose another one."

#: The longest text that names a question, and the longest name in a list, in characters.
_LONGEST_CAPTION: Final = 300
_LONGEST_NAME: Final = 80

#: The most lines of a field at first; the worker can enlarge it.
_MOST_LINES: Final = 30
_FEW: Final = 8


# Showing ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class TextInput:
    """A field for text. ``lines``: its height; a field of one line sends no line breaks."""

    name: str
    default: str
    lines: int
    mode: str | None
    demands: tuple[str, ...]
    rules: tuple[dict[str, Any], ...]

    def holds_lines(self, text: str) -> bool:
        """Return whether the field must have lines to show a text."""
        return self.lines > 1 or "\n" in text or "\r" in text


@dataclass(frozen=True)
class Choice:
    """A choice: the value that its control sends, and its label."""

    value: str
    label: Piece


@dataclass(frozen=True)
class ShownAnswer:
    """How a question is answered.

    - ``control``: text, file, radios, checkboxes, dropdown or listbox.
    - ``demands``: what to enter, in sentences. ``rules``: the same for the script.
    - ``text``: the field of a text, or the one for another text than the choices.
    - ``rows``: the height of a listbox. ``layout``: "scrolling", "columns" or "".
    """

    control: str
    required: bool
    demands: tuple[str, ...] = ()
    rules: tuple[dict[str, Any], ...] = ()
    choices: tuple[Choice, ...] = ()
    text: TextInput | None = None
    rows: int = 0
    layout: str = ""

    @property
    def is_group(self) -> bool:
        """Whether there are several controls."""
        has_buttons = self.control in ("radios", "checkboxes")
        return has_buttons or (self.text is not None and self.control != "text")


@dataclass(frozen=True)
class ShownQuestion:
    """A question of the form.

    - ``number``: counts from 1. ``name``: the question in a few words, for lists.
    - ``display_name``: the heading, or None. ``caption``: the text that labels the control, if
      the content begins with it. ``pieces``: the other content; ``labelled_by``: the piece
      that names the control if nothing above does.
    """

    number: int
    name: str
    display_name: str | None
    caption: Piece | None
    pieces: tuple[Piece, ...]
    labelled_by: Piece | None
    answer: ShownAnswer

    @property
    def field(self) -> str:
        """The name of the question's control."""
        return control_name(self.number)


@dataclass(frozen=True)
class ShownForm:
    """A QuestionForm as the template takes it: overviews, as tuples of pieces, and questions."""

    parts: tuple[tuple[Piece, ...] | ShownQuestion, ...]

    @property
    def questions(self) -> list[ShownQuestion]:
        """The questions, in order."""
        return [part for part in self.parts if isinstance(part, ShownQuestion)]


def show_form(document: str) -> ShownForm:
    """Return what the page shows of a QuestionForm, a valid document of either version."""
    return ShownForm(tuple(_show_parts(read_question_form(document))))


def _show_parts(
    parts: Iterable[Overview | Question],
) -> Iterator[tuple[Piece, ...] | ShownQuestion]:
    number = 0
    for part in parts:
        if isinstance(part, Overview):
            yield tuple(show_content(part.content))
        else:
            number += 1
            yield _show_question(number, part)


def _show_question(number: int, question: Question) -> ShownQuestion:
    pieces = show_content(question.content)
    named_by = next(filter(_can_name, pieces), None)
    leads = named_by is pieces[0] and named_by.kind != "formatted"
    words = question.display_name or (named_by.words if named_by else f"Question {number}")
    return ShownQuestion(
        number,
        shorten(words, _LONGEST_NAME),
        question.display_name,
        named_by if leads else None,
        tuple(pieces[1:] if leads else pieces),
        None if leads else named_by,
        _show_answer(number, question),
    )


def _can_name(piece: Piece) -> bool:
    return 0 < len(piece.words) <= _LONGEST_CAPTION


def _show_answer(number: int, question: Question) -> ShownAnswer:
    match answer := question.answer:
        case FreeTextAnswer():
            required = question.required or requires_text(answer)
            missing = _write_missing(answer) if required else None
            text = _show_text(control_name(number), answer, missing)
            return ShownAnswer("text", required, text.demands, text=text)
        case SelectionAnswer():
            return _show_selection(number, answer, question.required)
    missing = _write_missing(answer) if question.required else None
    return ShownAnswer(
        "file", question.required, (write_demand(answer),), _write_rules([answer], missing)
    )


def _show_text(name: str, answer: FreeTextAnswer, missing: str | None) -> TextInput:
    """Return a field. `missing`: the message if it is empty; None if it can be."""
    given = [answer.numeric, answer.length, *answer.formats]
    constraints = [each for each in given if each is not None]
    return TextInput(
        name,
        answer.default_text or "",
        min(answer.lines or 1, _MOST_LINES),
        _choose_keyboard(answer),
        tuple(_write_hint(each) for each in constraints),
        _write_rules(constraints, missing),
    )


def _choose_keyboard(answer: FreeTextAnswer) -> str | None:
    """Return the keyboard of a phone: digits alone, unless the number can have more."""
    low = None if answer.numeric is None else answer.numeric.min_value
    return "numeric" if low is not None and low >= 0 else None


def _write_hint(constraint: Constraint) -> str:
    """Return a constraint as told before the worker answers."""
    if isinstance(constraint, AnswerFormatRegex) and not constraint.error_text:
        return "The format is checked when you submit."
    return write_demand(constraint)


def _write_rules(
    constraints: Iterable[Constraint], missing: str | None
) -> tuple[dict[str, Any], ...]:
    rules = [bounds for each in constraints if (bounds := write_bounds(each))]
    if missing:
        rules.insert(0, {"kind": "required", "message": missing})
    return tuple(rules)


def _show_selection(number: int, answer: SelectionAnswer, required: bool) -> ShownAnswer:
    choices = tuple(
        Choice(value, show_part(answer.choices[identifier]))  # type: ignore[call-overload]
        for value, identifier in number_choices(answer).items()
    )
    constraints = [] if is_single(answer) else [answer]
    return ShownAnswer(
        _choose_control(answer, choices),
        required,
        tuple(map(write_demand, constraints)),
        _write_rules(constraints, _write_missing(answer) if required else None),
        choices,
        _show_other(number, answer),
        min(len(choices) + (answer.other is not None), _FEW),
        _LAYOUTS.get(answer.style or "", ""),
    )


def _show_other(number: int, answer: SelectionAnswer) -> TextInput | None:
    if answer.other is None:
        return None
    missing = _MISSING_OTHER if is_single(answer) else None
    return _show_text(other_name(number), answer.other, missing)


def is_single(answer: SelectionAnswer) -> bool:
    """Return whether the control allows no second choice."""
    return answer.most == 1 and answer.style not in ("checkbox", "multichooser")


def _choose_control(answer: SelectionAnswer, choices: Iterable[Choice]) -> str:
    """Return the control of a style. Menus take texts alone, and are for single choices.

    Lists in which several entries can be selected need the Ctrl key, so checkboxes take their
    place. [assumed]
    """
    if not is_single(answer):
        return "checkboxes"
    if any(choice.label.kind != "label" for choice in choices):
        return "radios"
    styles = {"dropdown": "dropdown", "combobox": "dropdown", "list": "listbox"}
    return styles.get(answer.style or "", "radios")


# Names ------------------------------------------------------------------------------------


def control_name(number: int) -> str:
    """Return the name of a question's control; questions count from 1."""
    return f"answer-{number}"


def other_name(number: int) -> str:
    """Return the name of the field for another text."""
    return f"{control_name(number)}-other"


def number_choices(answer: SelectionAnswer) -> dict[str, str]:
    """Return the identifiers of the choices by the values that their controls send."""
    return {str(number): identifier for number, identifier in enumerate(answer.choices, 1)}


# Reading ----------------------------------------------------------------------------------


class Mistake(NamedTuple):
    """What the worker has to change in an answer. ``in_other``: in the field for another text."""

    message: str
    in_other: bool = False


@dataclass(frozen=True)
class Posted:
    """A posted form.

    - ``answer``: the answers by question, for `questions.answering.read_work`.
    - ``values``: what the worker has entered, by control. ``errors``: by number of question.
      The template takes both to show the form again.
    """

    answer: dict[str, Any] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[int, Mistake] = field(default_factory=dict)


def read_files(form: FormData) -> dict[str, bytes]:
    """Return the contents of the files in a posted form, by control.

    Browsers send a file without a name if the worker has chosen none.
    """
    return {
        name: value.file.read()
        for name, value in form.multi_items()
        if isinstance(value, UploadFile) and value.filename
    }


def read_posted(
    page: QuestionPage, form_fields: Iterable[tuple[str, Any]], files: Mapping[str, bytes]
) -> Posted:
    """Read the posted form of a page, and find all mistakes in it.

    `form_fields`: names and values, such as `FormData.multi_items()`; values other than str are
    ignored. `files`: contents by name, from `read_files`.
    """
    posted = Posted()
    for name, value in form_fields:
        if isinstance(value, str):
            posted.values.setdefault(name, []).append(_clean(value))
    questions = page.fields or ()
    for number, question in enumerate(questions, 1):
        value = _read_answer(number, question, posted.values, files)
        if value is not None:
            posted.answer[question.identifier] = value
    posted.errors.update(_find_mistakes(questions, posted))
    return posted


def _clean(text: str) -> str:
    """Return a text with the line breaks of a document, without characters that XML rejects."""
    return NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _read_answer(
    number: int, question: Field, values: Mapping[str, Sequence[str]], files: Mapping[str, bytes]
) -> Any:
    """Return the value of an answer for `read_work`; None if the form has none."""
    name = control_name(number)
    match answer := question.answer:
        case FreeTextAnswer():
            return values.get(name, [None])[0]
        case SelectionAnswer():
            other = values.get(other_name(number), [""])[0]
            return _read_selection(answer, values.get(name, []), other)
    return files.get(name)


def _read_selection(answer: SelectionAnswer, values: Sequence[str], text: str) -> dict[str, Any]:
    identifiers = number_choices(answer)
    chosen = [identifiers[value] for value in dict.fromkeys(values) if value in identifiers]
    read: dict[str, Any] = {"selections": chosen}
    if text and answer.other is not None and _counts_other(answer, values, text):
        read["other"] = text
    return read


def _counts_other(answer: SelectionAnswer, values: Sequence[str], text: str) -> bool:
    """Return whether another text is part of the answer.

    Beside single choices it is if the worker has chosen it, or has entered it and chosen
    nothing; below checkboxes, always.
    """
    if not is_single(answer) or OTHER in values:
        return True
    default = answer.other.default_text if answer.other else None
    return not any(values) and text != default


def _find_mistakes(questions: Sequence[Field], posted: Posted) -> Iterator[tuple[int, Mistake]]:
    problems = find_problems(questions, posted.answer)
    for number, question in enumerate(questions, 1):
        value = posted.answer.get(question.identifier)
        problem = problems.get(question.identifier)
        if _lacks_other(question, posted.values.get(control_name(number), []), value):
            yield number, Mistake(_MISSING_OTHER, in_other=True)
        elif problem is not None:
            yield number, _write_mistake(question, problem, value)


def _lacks_other(question: Field, values: Sequence[str], value: Any) -> bool:
    """Return whether the worker has chosen to enter another text, but entered none."""
    answer = question.answer
    return (
        isinstance(answer, SelectionAnswer)
        and answer.other is not None
        and OTHER in values
        and "other" not in value
    )


def _write_mistake(question: Field, problem: Problem, value: Any) -> Mistake:
    """Return a problem in the worker's words."""
    match problem.broken:
        case None:
            return Mistake(_write_missing(question.answer))
        case SelectionAnswer() as broken:
            count = len(value["selections"]) + ("other" in value)
            return Mistake(f"{write_demand(broken)} You chose {count}.")
        case FileUploadAnswer() as broken:
            return Mistake(f"{write_demand(broken)} Yours has {write_size(len(value))}.")
    in_other = isinstance(question.answer, SelectionAnswer)
    return Mistake(write_demand(problem.broken), in_other)


def _write_missing(answer: object) -> str:
    match answer:
        case FreeTextAnswer():
            return "Enter an answer."
        case SelectionAnswer():
            return "Choose an answer."
    return "Choose a file."
