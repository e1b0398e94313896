"""worker.answer() fills in forms with valid values."""

from __future__ import annotations

import re
from random import Random

import pytest

from mturk_mock import mock_mturk, parse_answers
from mturk_mock.questions import (
    AnswerFormatRegex,
    FileUploadAnswer,
    FreeTextAnswer,
    IsNumeric,
    Length,
    Question,
    QuestionForm,
    SelectionAnswer,
    answering,
)
from mturk_mock.questions.question import read_question
from tests.helpers import NOW, external_question, html_question, publish, question_form, refused

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

LETTERS = list("abcdef")
EVERYTHING = QuestionForm(
    Question("words", "?", FreeTextAnswer()),
    Question("number", "?", FreeTextAnswer(IsNumeric(10, 99))),
    Question("short", "?", FreeTextAnswer(length=Length(3, 5))),
    Question("code", "?", FreeTextAnswer(formats=(AnswerFormatRegex("^[A-Z]{2}-[0-9]{3}$"),))),
    Question("one", "?", SelectionAnswer(LETTERS), required=True),
    Question("some", "?", SelectionAnswer(LETTERS, 2, 4)),
    Question("other", "?", SelectionAnswer(LETTERS, 0, 3, other=FreeTextAnswer())),
    Question("file", "?", FileUploadAnswer(3, 2_000_000_000)),
)


def fields_of(document, seed):
    """Return the fields of a form filled in with a seed."""
    return answering.fill_page(read_question(document), Random(seed))


# Filled values ----------------------------------------------------------------------------


def test_answer_accepts_and_submits(mturk, mturk_client):
    """answer() accepts the HIT and submits valid fields."""
    worker = mturk.worker()
    hit_id = publish(mturk_client, Question=str(EVERYTHING))

    assignment = worker.answer(hit_id)

    assert (assignment.worker_id, assignment.hit_id) == (worker.id, hit_id)
    assert (assignment.status, assignment.submit_time) == ("Submitted", NOW)
    assert list(parse_answers(assignment.answer)) == [
        *("words", "number", "short", "code", "one", "some", "other", "file")
    ]


@pytest.mark.parametrize("seed", range(40))
def test_filled_form_is_what_the_page_takes(seed):
    """The fields satisfy every constraint of the form, for every seed."""
    fields = fields_of(str(EVERYTHING), seed)

    assert re.fullmatch("[a-z]+( [a-z]+)+", fields["words"])
    assert 10 <= int(fields["number"]) <= 99
    assert 3 <= len(fields["short"]) <= 5
    assert re.fullmatch("[A-Z]{2}-[0-9]{3}", fields["code"])
    assert fields["one"].keys() == {"selections"}
    assert len(fields["one"]["selections"]) == 1
    assert 2 <= len(set(fields["some"]["selections"])) <= 4
    assert set(fields["some"]["selections"]) < set(LETTERS)
    assert 3 <= len(fields["file"]) <= 103
    assert answering.read_work(read_question(str(EVERYTHING)), fields).answers


def test_filled_selections_are_in_the_pages_order():
    """Selections are in the order of the page, as browsers send them."""
    for seed in range(20):
        selections = fields_of(question_form(q=LETTERS), seed)["q"]["selections"]
        assert selections == sorted(selections)


def test_filled_selections_are_all_sorts():
    """Each allowed number of selections, and each choice, occurs for some seed."""
    some = [fields_of(str(EVERYTHING), seed)["some"]["selections"] for seed in range(40)]

    assert {len(selections) for selections in some} == {2, 3, 4}
    assert {choice for selections in some for choice in selections} == set(LETTERS)


def test_filled_selection_where_identifiers_are_the_same():
    """Two choices with the same identifier count as one. [assumed]"""
    form = str(QuestionForm(Question("q", "?", SelectionAnswer(["a", "b"], 2, 2))))
    form = form.replace("Identifier>b<", "Identifier>a<")

    assert fields_of(form, 1) == {"q": {"selections": ["a"]}}


def test_filled_selection_is_never_empty():
    """At least one choice is selected, even if none is required."""
    assert all(fields_of(question_form(q=["a"]), seed)["q"]["selections"] for seed in range(20))


def test_another_text_is_filled_in_at_times():
    """The other text is used for some seeds, and always if there are too few choices."""
    offered = [fields_of(str(EVERYTHING), seed)["other"] for seed in range(40)]
    with_other = [fields for fields in offered if "other" in fields]

    assert 0 < len(with_other) < 40
    assert all(fields["other"] for fields in with_other)
    all_of_it = QuestionForm(
        Question("q", "?", SelectionAnswer(["a", "b"], 3, 3, other=FreeTextAnswer(IsNumeric())))
    )
    filled = fields_of(str(all_of_it), 1)["q"]
    assert filled["selections"] == ["a", "b"]
    assert filled["other"].isdigit()


@pytest.mark.parametrize(("smallest", "largest"), [(5, 5), (1, 3), (10_000_000, 2_000_000_000)])
def test_filled_file_has_an_allowed_size(smallest, largest):
    """A file has the smallest allowed size, or up to 100 bytes more."""
    form = QuestionForm(Question("q", "?", FileUploadAnswer(smallest, largest)))

    sizes = {len(fields_of(str(form), seed)["q"]) for seed in range(10)}

    assert smallest <= min(sizes) <= max(sizes) <= min(largest, smallest + 100)


def test_answer_of_a_page(mturk, mturk_client):
    """answer() also fills in the fields of an HTML form."""
    page = html_question("<form><input name='age' type='number' min='18' max='20' required></form>")

    assignment = mturk.worker().answer(publish(mturk_client, Question=page))

    assert parse_answers(assignment.answer)["age"] in ("18", "19", "20")


# Repeatability ----------------------------------------------------------------------------


def answers_with(seed):
    with mock_mturk(seed=seed, now=NOW) as mturk:
        hit_id = publish(mturk.client(), Question=str(EVERYTHING), MaxAssignments=2)
        return [mturk.worker().answer(hit_id).answer for _ in range(2)]


def test_answer_is_the_same_with_the_same_seed():
    assert answers_with(1) == answers_with(1)


def test_answer_is_another_one_with_another_seed():
    assert answers_with(1) != answers_with(2)


def test_workers_answer_differently():
    first, second = map(parse_answers, answers_with(1))

    assert first["words"] != second["words"]


def test_worker_answers_hits_differently(mturk, mturk_client):
    worker = mturk.worker()
    first, second = (
        parse_answers(worker.answer(publish(mturk_client, Question=str(EVERYTHING))).answer)
        for _ in range(2)
    )

    assert first["words"] != second["words"]


# Errors -----------------------------------------------------------------------------------

NOT_MADE = "bytes; submit one for this question instead"


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        (
            external_question(),
            "the mock does not know the page of an ExternalQuestion, here "
            "https://example.com/task: accept the HIT, and submit the fields that the page would "
            "post",
        ),
        (
            str(QuestionForm(Question("q", "?", FileUploadAnswer(10_000_001, 2_000_000_000)))),
            f"question 'q': the mock makes no files of 10000001 to 2000000000 {NOT_MADE}",
        ),
        (
            str(QuestionForm(Question("q", "?", FileUploadAnswer(3, 2)))),
            f"question 'q': the mock makes no files of 3 to 2 {NOT_MADE}",
        ),
        (
            str(
                QuestionForm(
                    Question(
                        "q",
                        "?",
                        FreeTextAnswer(IsNumeric(), Length(1, 1), (AnswerFormatRegex("^x$"),)),
                    )
                )
            ),
            "question 'q': no text was found that meets IsNumeric(min_value=None, max_value=None) "
            "and Length(min_length=1, max_length=1) and AnswerFormatRegex(regex='^x$', "
            "error_text=None, flags=None); submit a text for this question instead",
        ),
    ],
    ids=["external", "large file", "no file", "no text"],
)
def test_answer_of_a_form_that_cannot_be_filled_in(mturk, mturk_client, question, problem):
    """If answer() cannot fill in the form, it raises ValueError and accepts nothing."""
    worker = mturk.worker()
    hit_id = publish(mturk_client, Question=question)

    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        worker.answer(hit_id)

    assert worker.assignments == []
    assert mturk_client.get_hit(HITId=hit_id)["HIT"]["NumberOfAssignmentsAvailable"] == 1


def test_answer_of_a_hit_that_cannot_be_accepted(mturk, mturk_client):
    """answer() raises the errors of accept() before its own."""
    worker = mturk.worker()
    hit_id = publish(mturk_client, Question=external_question())
    worker.accept(hit_id)

    assert refused(worker.answer, hit_id)[0] == "AssignmentAlreadyExists"
    assert refused(mturk.worker().answer, hit_id)[0] == "NoHITsAvailableInGroupException"
    assert refused(worker.answer, "3NOTHING")[0] == "HITDoesNotExist"


def test_answer_that_fails_uses_up_no_id(mturk, mturk_client):
    """If answer() raises, it uses up no ID."""
    worker = mturk.worker()
    hit_id = publish(mturk_client, Question=external_question())
    mturk.next_id("Assignment", "3FIRST")

    with pytest.raises(ValueError, match="ExternalQuestion"):
        worker.answer(hit_id)

    assert worker.accept(hit_id).id == "3FIRST"
