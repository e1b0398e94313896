"""The answers of a crowd: valid, right or wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mturk_mock import HIT, MTurkError, Worker, parse_answers
from mturk_mock.questions import answering
from tests.crowds import CLASSIFIER, DAY, FORM, RADIO, cat, failure, publish_hits, statuses
from tests.helpers import NOW, external_question, html_question, question_form

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW, balance="100000.00")

MULTIPLE = html_question(
    "<form><crowd-form><crowd-classifier-multi-select name='a' categories=\"['x', 'y']\">"
    "</crowd-classifier-multi-select></crowd-form></form>"
)
BOX = html_question("<form><input type='checkbox' name='a' value='x'></form>")
ONE = BOX.replace("checkbox", "radio")
NO_WAY = (
    "a wrong answer needs a field with other choices, and answer= returned none for HIT {}: pass "
    "accuracy= and wrong= to crowd(), without skills=; wrong= is a function of the HIT and the "
    "worker that returns a wrong answer"
)


def answers(mturk):
    """Return the answers, in the order in which their assignments were accepted."""
    return [parse_answers(assignment.answer) for assignment in mturk.assignments]


def test_answers_are_the_form_s_own_without_a_function(mturk, mturk_client):
    """Without answer= the workers fill the form with different valid values."""
    publish_hits(mturk_client, 5, 4)
    mturk.crowd(5).finish()

    assert {answer["label"] for answer in answers(mturk)} == {"cat", "dog", "fox"}


def test_answer_is_the_function_s(mturk, mturk_client):
    """The function gets the HIT and the worker, as public handles, and returns the fields."""
    publish_hits(mturk_client, 3, RequesterAnnotation="note")

    def answer(hit, worker):
        assert (type(hit), type(worker)) == (HIT, Worker)
        return {"label": "cat", "comment": f"{hit.requester_annotation} {worker.id}"}

    mturk.crowd(3, answer=answer).finish()

    assert answers(mturk) == [
        {"label": "cat", "comment": f"note {each.worker_id}"} for each in mturk.assignments
    ]


def test_answer_may_be_a_document(mturk, mturk_client):
    """The function can return a QuestionFormAnswers document, as for Assignment.submit()."""
    first, _ = publish_hits(mturk_client, 2)
    document = mturk.worker().answer(first).answer
    mturk.crowd(1, answer=lambda hit, worker: document).finish()

    assert mturk.hits[1].assignments[0].answer == document


def test_answer_is_given_when_the_work_is_submitted(mturk, mturk_client):
    """The function is called at the time of submission, and can call the API."""
    publish_hits(mturk_client, 3)
    seen = []

    def answer(hit, worker):
        seen.append((mturk.clock.now, mturk_client.get_hit(HITId=hit.id)["HIT"]["HITId"]))
        return {"label": "cat"}

    mturk.crowd(3, answer=answer)
    mturk.clock.advance(days=1)

    times = [(each.submit_time, each.hit_id) for each in mturk.assignments]
    assert sorted(seen) == sorted(times)


def test_answer_that_the_page_refuses_is_an_error(mturk, mturk_client):
    """An invalid answer raises ValueError where the clock was moved; other workers continue."""
    publish_hits(mturk_client)
    fields = [{"label": "cow"}, {"label": "cat"}]
    crowd = mturk.crowd(3, answer=lambda hit, worker: fields.pop(0), work_time=60)
    with pytest.raises(ValueError, match="field 'label' takes 'cat' or 'dog' or 'fox', not 'cow'"):
        crowd.finish()

    (assignment,) = mturk.assignments
    assert (mturk.clock.now - assignment.accept_time).total_seconds() == 60
    crowd.finish()
    assert statuses(mturk) == ["Abandoned", "Submitted"]
    assert repr(crowd) == "<crowd of 3, 0 at work, 1 of 1 assignments submitted>"


def test_answer_is_not_checked_with_check_false(mturk, mturk_client):
    """With check=False a crowd submits answers that the form does not allow."""
    publish_hits(mturk_client)
    mturk.crowd(3, answer=lambda hit, worker: {"label": "cow"}, check=False).finish()

    assert answers(mturk) == [{"label": "cow"}]


def test_answer_that_is_none_is_refused(mturk, mturk_client):
    """A function that returns None is a TypeError."""
    publish_hits(mturk_client)
    with pytest.raises(TypeError, match="an answer is a dict of the form's fields"):
        mturk.crowd(3, answer=lambda hit, worker: None).finish()


def test_external_question_needs_a_function(mturk, mturk_client):
    """Without answer= a HIT with an ExternalQuestion is a ValueError."""
    url = "https://example.com/task"
    (hit_id,) = publish_hits(mturk_client, Question=external_question(url))
    with pytest.raises(ValueError) as refusal:  # noqa: PT011
        mturk.crowd(3).finish()

    assert str(refusal.value) == failure(
        f"a crowd without answer= cannot answer HIT {hit_id}: the mock does not know the page of "
        f"an ExternalQuestion, here {url}: accept the HIT, and submit the fields that the page "
        "would post. "
        "Pass answer= to crowd(): a function of the HIT and the worker that returns the fields"
    )


def test_clock_is_not_moved_by_an_answer(mturk, mturk_client):
    """Moving the clock in a function of the crowd raises RuntimeError."""
    publish_hits(mturk_client)

    def advance(hit, worker):
        mturk.clock.advance(hours=1)

    def wait(hit, worker):
        mturk.clock.advance_until(lambda: False)

    message = (
        "the clock cannot move, and the state cannot be saved or restored, while a crowd's worker "
        "acts, such as in answer=: do that afterwards"
    )
    for answer in (advance, wait):
        with mturk.isolated(), pytest.raises(RuntimeError) as refusal:
            mturk.crowd(3, answer=answer).finish()
        assert str(refusal.value) == failure(message)


def test_answers_at_one_moment_are_given_one_by_one(mturk, mturk_client):
    """Reading the clock in an answer does not start another answer due at the same time."""
    publish_hits(mturk_client, 20, AssignmentDurationInSeconds=DAY)
    noon = NOW + timedelta(hours=12)
    answering = []

    def answer(hit, worker):
        answering.append(worker.id)
        assert mturk.clock.now == noon
        assert answering == [worker.id]
        answering.clear()
        return {"label": "cat"}

    mturk.crowd(
        20,
        answer=answer,
        work_time=lambda random, hit: (noon - mturk.clock.now).total_seconds(),
        arrivals=lambda now: 20 if now < noon - timedelta(hours=1) else 0,
    )
    mturk.clock.advance(hours=13)

    assert [each.submit_time for each in mturk.assignments] == [noon] * 20


def test_what_an_answer_brings_about_comes_after_it(mturk, mturk_client):
    """With an approval delay of 0, work is approved right after its submission."""
    publish_hits(mturk_client, 5, AutoApprovalDelayInSeconds=0)
    seen = []

    def answer(hit, worker):
        seen.append([each.status for each in worker.assignments])
        return {"label": "cat"}

    mturk.crowd(1, answer=answer).finish(days=0.9)

    assert seen == [["Approved"] * count + ["Accepted"] for count in range(5)]


# Accuracy -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "right", "others"),
    [
        (RADIO, {"label": "cat"}, [{"label": "dog"}, {"label": "fox"}]),
        (CLASSIFIER, {"animal": {"label": "cat"}}, [{"animal": {"label": "dog"}}]),
        (FORM, {"label": "cat"}, [{"label": ["dog"]}, {"label": ["cat", "dog"]}]),
        (FORM, {"label": ["dog", "cat"]}, [{"label": ["cat"]}, {"label": ["dog"]}]),
        (FORM, {"label": {"selections": ["cat"]}}, [{"label": ["dog"]}, {"label": ["cat", "dog"]}]),
        (
            MULTIPLE,
            {"a": {"labels": ["x"]}},
            [{"a": {"labels": ["y"]}}, {"a": {"labels": ["x", "y"]}}],
        ),
    ],
)
def test_wrong_answer_is_another_choice(mturk, mturk_client, question, right, others):
    """With accuracy=0 every answer is wrong, and each of the other choices occurs."""
    publish_hits(mturk_client, 8, 5, Question=question)
    crowd = mturk.crowd(5, answer=lambda hit, worker: {**right}, accuracy=0).finish()

    given = [{name: each[name] for name in right} for each in answers(mturk)]
    assert len(given) == 40
    assert all(each in others for each in given)
    assert all(each in given for each in others)
    assert {row.right for row in crowd.results} == {False}


@pytest.mark.parametrize("right", ["x", ["x"], {"x": True}, {"x": True, "y": False}])
@pytest.mark.parametrize("kind", ["radio", "checkbox"])
def test_wrong_answer_is_another_choice_of_html_in_a_crowd_form(mturk, mturk_client, kind, right):
    """A wrong choice of HTML in a crowd-form differs, in whichever way the right one is given."""
    boxes = "".join(f"<input type={kind} name=a value={value}>" for value in "xy")
    question = html_question(f"<crowd-form>{boxes}</crowd-form>")
    publish_hits(mturk_client, 8, 5, Question=question)
    mturk.crowd(5, answer=lambda hit, worker: {"a": right}, accuracy=0).finish()

    given = [each["a"] for each in answers(mturk)]
    assert len(given) == 40
    assert {"x": True, "y": False} not in given
    assert {"x": False, "y": True} in given


@pytest.mark.parametrize("right", [{"a": "yes"}, {"a": {"yes": True}, "b": {"no": False}}])
def test_wrong_answer_is_another_button_of_a_group(mturk, mturk_client, right):
    """A wrong choice in a crowd-radio-group is another button, whose names differ."""
    buttons = "".join(
        f"<crowd-radio-button name={name} value={value}></crowd-radio-button>"
        for name, value in (("a", "yes"), ("b", "no"), ("c", "maybe"))
    )
    page = f"<crowd-form><crowd-radio-group>{buttons}</crowd-radio-group></crowd-form>"
    publish_hits(mturk_client, 8, 5, Question=html_question(page))
    mturk.crowd(5, answer=lambda hit, worker: right, accuracy=0.5).finish()

    given = [
        [name for name, value in each.items() if True in value.values()] for each in answers(mturk)
    ]
    assert len(given) == 40
    assert {*map(tuple, given)} == {("a",), ("b",), ("c",)}


def test_wrong_answers_are_drawn_together(mturk, mturk_client, monkeypatch):
    """The page is filled in at most 50 times for one answer, however many fields are wrong."""
    fields = "".join(f"<input type=radio name=q{n // 2} value={n % 2}>" for n in range(1_000))
    publish_hits(mturk_client, Question=html_question(f"<form>{fields}</form>"))
    right = {f"q{n}": "0" for n in range(500)}
    fills = []
    original = answering.fill_page
    monkeypatch.setattr(answering, "fill_page", lambda *args: fills.append(1) or original(*args))
    mturk.crowd(1, answer=lambda hit, worker: right, accuracy=0).finish()

    assert answers(mturk) == [dict.fromkeys(right, "1")]
    assert len(fills) <= 50


def test_wrong_box_is_not_ticked(mturk, mturk_client):
    """A wrong answer to a single checkbox leaves it unchecked."""
    publish_hits(mturk_client, Question=BOX)
    mturk.crowd(3, answer=lambda hit, worker: {"a": "x"}, accuracy=0).finish()

    assert answers(mturk) == [{}]


def test_accuracy_is_the_share_of_right_answers(mturk, mturk_client):
    """90 % of 2000 answers are right, within three deviations, and `right` shows which."""
    publish_hits(mturk_client, 400, 5)
    crowd = mturk.crowd(100, answer=cat, accuracy=0.9).finish()

    right = [answer == {"label": "cat", "comment": ""} for answer in answers(mturk)]
    assert abs(sum(right) / 2000 - 0.9) < 0.02
    of = {each.id: is_right for each, is_right in zip(mturk.assignments, right, strict=True)}
    assert {row.assignment_id: row.right for row in crowd.results} == of


def test_accuracy_of_1_is_always_right(mturk, mturk_client):
    """With accuracy=1 every answer is right."""
    publish_hits(mturk_client, 5, 3)
    crowd = mturk.crowd(5, answer=cat, accuracy=1).finish()

    assert answers(mturk) == [{"label": "cat", "comment": ""}] * 15
    assert {row.right for row in crowd.results} == {True}


def test_fields_go_wrong_one_by_one(mturk, mturk_client):
    """Each field with choices is wrong independently; text fields stay as they are."""
    question = question_form(a=["x", "y"], b=["x", "y"], why=None)
    publish_hits(mturk_client, 40, 5, Question=question)
    right = {"a": ["x"], "b": ["x"], "why": "so"}
    crowd = mturk.crowd(10, answer=lambda hit, worker: right, accuracy=0.5).finish()

    given = answers(mturk)
    assert {(each["a"] == ["x"], each["b"] == ["x"]) for each in given} == {
        (True, True),
        (True, False),
        (False, True),
        (False, False),
    }
    assert {each["why"] for each in given} == {"so"}
    both = [each["a"] == ["x"] == each["b"] for each in given]
    assert sum(both) == sum(row.right for row in crowd.results)


def test_other_text_is_part_of_a_selection(mturk, mturk_client):
    """The other text of a selection is part of the choice."""
    form = FORM.replace("</Selections>", "<OtherSelection/></Selections>")
    publish_hits(mturk_client, 5, 3, Question=form)
    right = {"label": {"selections": ["cat"], "other": "lion"}}
    mturk.crowd(3, answer=lambda hit, worker: right, accuracy=0).finish()

    assert all(
        answer["label"] != {"selections": ["cat"], "other": "lion"} for answer in answers(mturk)
    )


def test_wrong_answer_of_a_function(mturk, mturk_client):
    """If the form has no choices, the answer is the right one or the result of wrong=."""
    publish_hits(mturk_client, 50, 4, Question=external_question())
    crowd = mturk.crowd(
        10,
        answer=lambda hit, worker: {"text": "right"},
        wrong=lambda hit, worker: {"text": f"wrong {worker.id}"},
        accuracy=0.75,
    ).finish()

    given = {each.id: parse_answers(each.answer)["text"] for each in mturk.assignments}
    assert {row.assignment_id: row.right for row in crowd.results} == {
        id_: text == "right" for id_, text in given.items()
    }
    assert 120 < sum(row.right for row in crowd.results) < 180
    assert any(text == f"wrong {mturk.assignments[0].worker_id}" for text in given.values())


@pytest.mark.parametrize(
    ("question", "right"),
    [
        (external_question(), {"label": "cat"}),
        (question_form(why=None), {"why": "so"}),
        (RADIO.replace("required", ""), {"comment": "so"}),
        (ONE, {"a": "x"}),
    ],
)
def test_form_without_other_choices_needs_a_function(mturk, mturk_client, question, right):
    """Without other choices and without wrong=, a wrong answer is a ValueError."""
    (hit_id,) = publish_hits(mturk_client, Question=question)
    with pytest.raises(ValueError) as refusal:  # noqa: PT011
        mturk.crowd(3, answer=lambda hit, worker: right, accuracy=0).finish()

    assert str(refusal.value) == failure(NO_WAY.format(hit_id))


def test_document_has_no_other_choices(mturk, mturk_client):
    """A document has no other choices, so a wrong answer without wrong= is a ValueError."""
    first, second = publish_hits(mturk_client, 2)
    document = mturk.worker().answer(first).answer
    with pytest.raises(ValueError) as refusal:  # noqa: PT011
        mturk.crowd(3, answer=lambda hit, worker: document, accuracy=0.5).finish()

    assert str(refusal.value) in [failure(NO_WAY.format(each)) for each in (first, second)]


def test_nothing_was_judged_without_accuracy(mturk, mturk_client):
    """Without accuracy=, `right` is None."""
    publish_hits(mturk_client, 2)
    crowd = mturk.crowd(2, answer=cat).finish()

    assert {row.right for row in crowd.results} == {None}


def test_error_of_the_service_in_an_answer_comes_out(mturk, mturk_client):
    """An invalid document raises RuntimeError, with the service's error as its cause."""
    publish_hits(mturk_client)
    with pytest.raises(RuntimeError, match="MTurkError: There was an error parsing") as error:
        mturk.crowd(3, answer=lambda hit, worker: "<no>").finish()

    assert isinstance(error.value.__cause__, MTurkError)


@pytest.mark.parametrize("name", ["snapshot", "reset", "isolated", "restore"])
def test_answer_neither_keeps_the_state_nor_takes_it_back(mturk, mturk_client, name):
    """Calling snapshot(), reset(), isolated() or restore() in an answer raises RuntimeError."""
    publish_hits(mturk_client)
    before = mturk.snapshot()

    def act(hit, worker):
        if name == "isolated":
            with mturk.isolated():
                pass
        getattr(mturk, name)(*([before] if name == "restore" else []))

    with pytest.raises(
        RuntimeError, match="has failed: the clock cannot move, and the state cannot be saved"
    ):
        mturk.crowd(3, answer=act).finish()


def test_retries_in_an_answer_take_no_time(mturk, mturk_client):
    """Botocore's retries inside an answer do not move the clock."""
    publish_hits(mturk_client)
    fault = mturk.fail("ListHITs")

    def ask(hit, worker):
        mturk_client.list_hits()
        return {"label": "cat"}

    mturk.crowd(3, answer=ask).finish()

    assert fault.happened == 1
