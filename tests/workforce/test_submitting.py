"""Submitting: the Answer that the API shows for a form's fields or for a document."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest

from mturk_mock import MTurkError, parse_answers
from tests.helpers import (
    NOW,
    SCHEMAS,
    accepted,
    answers,
    external_question,
    free_text,
    html_question,
    publish,
    question_form,
    shown,
    told_apart,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

CROWD = html_question(
    "<crowd-form><crowd-input name='x'></crowd-input><crowd-input name='y'></crowd-input>"
    "</crowd-form>"
)
FORM = question_form(name=None, colours=["red", "green", "blue"], note=None)


@pytest.fixture
def answer_to(mturk, mturk_client):
    """Submit fields or a document to a question, and return the Answer that the API shows."""

    def call(question, fields, **options):
        assignment = accepted(mturk_client, mturk.worker(), Question=question)
        assert assignment.submit(fields, **options) is assignment
        assert shown(mturk_client, assignment)["Answer"] == assignment.answer
        return assignment.answer

    return call


def chosen(name, *choices):
    selections = "".join(f"<SelectionIdentifier>{each}</SelectionIdentifier>" for each in choices)
    return f"<QuestionIdentifier>{name}</QuestionIdentifier>{selections}"


# Status -----------------------------------------------------------------------------------


def test_submit_makes_it_submitted(mturk, mturk_client):
    """The assignment is Submitted, one less is Pending, and the HIT is Reviewable. [doc]"""
    assignment = accepted(mturk_client, mturk.worker())
    assert assignment.answer == ""
    mturk.clock.advance(minutes=2)

    assignment.submit({})

    hit = mturk_client.get_hit(HITId=assignment.hit_id)["HIT"]
    assert (hit["HITStatus"], hit["NumberOfAssignmentsPending"]) == ("Reviewable", 0)
    assert (hit["NumberOfAssignmentsAvailable"], hit["NumberOfAssignmentsCompleted"]) == (0, 0)
    assert assignment.submit_time == NOW + timedelta(minutes=2)


def test_submit_after_the_hit_has_expired(mturk, mturk_client):
    """An assignment accepted before the HIT expired can be submitted after it. [doc]"""
    assignment = accepted(mturk_client, mturk.worker(), MaxAssignments=2)
    mturk_client.update_expiration_for_hit(HITId=assignment.hit_id, ExpireAt=0)

    assignment.submit({})

    assert shown(mturk_client, assignment)["AssignmentStatus"] == "Submitted"


def test_submit_to_an_unassignable_hit_with_others_at_work(mturk, mturk_client):
    """A HIT with all assignments taken is Unassignable while a worker is at work. [doc]"""
    hit_id = publish(mturk_client, MaxAssignments=2)
    first, _second = (mturk.worker().accept(hit_id) for _ in range(2))

    first.submit({})

    hit = mturk_client.get_hit(HITId=hit_id)["HIT"]
    assert (hit["HITStatus"], hit["NumberOfAssignmentsPending"]) == ("Unassignable", 1)


# Fields of an HTML page -------------------------------------------------------------------


@pytest.mark.parametrize("question", [html_question(), external_question()])
class TestFieldsOfAPage:
    def test_fields_become_free_texts_in_their_order(self, answer_to, question):
        """The Answer is one line of ASCII, with a FreeText for each field in order. [observed]"""
        assert answer_to(question, {"b": "4", "a": "x y"}) == answers(
            free_text("b", "4"), free_text("a", "x y")
        )

    def test_empty_field_is_an_empty_element(self, answer_to, question):
        """An empty text is written as <FreeText/>. [observed]"""
        assert answer_to(question, {"a": ""}) == answers(free_text("a", ""))

    def test_no_fields_are_an_empty_document(self, answer_to, question):
        """A form without fields has no Answer elements. [assumed]"""
        assert answer_to(question, {}) == answers()

    def test_reserved_names_are_no_answers(self, answer_to, question):
        """Fields that identify the assignment, such as hitId, are not in the Answer. [doc]"""
        reserved = dict.fromkeys(("assignmentId", "hitId", "turkSubmitTo", "workerId"), "x")

        assert answer_to(question, {**reserved, "a": "1"}) == answers(free_text("a", "1"))

    @pytest.mark.parametrize(
        ("text", "written"),
        [
            ("é—😀", "&#233;&#8212;&#128512;"),
            ("<b> & ]]> \"'", "&lt;b&gt; &amp; ]]&gt; \"'"),
            ("a\tb\nc\rd", "a\tb\nc&#13;d"),
            (" ", " "),
        ],
        ids=["references", "markup", "line ends", "blank"],
    )
    def test_texts_are_written_in_ascii(self, answer_to, question, text, written):
        """Characters outside of ASCII are written as numeric references in texts. [observed]"""
        assert answer_to(question, {"a": text}) == answers(free_text("a", written))

    def test_names_are_written_in_ascii(self, answer_to, question):
        """Characters outside of ASCII are written as numeric references in names. [assumed]"""
        assert answer_to(question, {"<é>": "1"}) == answers(free_text("&lt;&#233;&gt;", "1"))

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (4, "4"),
            (0.5, "0.5"),
            (Decimal("1.50"), "1.50"),
            (True, "true"),
            (False, "false"),
        ],
    )
    def test_numbers_become_texts(self, answer_to, question, value, text):
        """Numbers are submitted as text."""
        assert answer_to(question, {"a": value}) == answers(free_text("a", text))


def test_submit_what_the_page_refuses(mturk, mturk_client):
    """Invalid fields are a ValueError without check=False. [doc] no constraint is sure to hold"""
    question = html_question("<form><input name='age' type='number' required></form>")
    assignment = accepted(mturk_client, mturk.worker(), Question=question)

    with pytest.raises(ValueError, match=r"'age'.*; pass check=False to submit it anyway$"):
        assignment.submit({"age": "old"})

    assert assignment.status == "Accepted"
    assert assignment.submit({"age": "old"}, check=False).answer == answers(free_text("age", "old"))


OPTIONS = "<option value=1>One<option value=2>Two</select>"


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("<input name=it type=hidden value=7>", "7"),
        ("<input name=it value=7 readonly>", "7"),
        ("<input name=it><input name=it value=7><input name=it>", "7"),
        ("<input name=it type=radio value=1 checked><input name=it type=radio value=2>", "1"),
        ("<input name=it type=checkbox checked>", "on"),
        ("<input name=it type=hidden value=0><input name=it type=checkbox value=1>", "0"),
        ("<input name=it type=hidden value=0><input name=it type=checkbox value=1 checked>", "1"),
        ("<input name=it type=color>", "#000000"),
        ("<input name=it type=color value=#FF0000>", "#ff0000"),
        ("<input name=it type=range>", "50"),
        ("<input name=it type=range min=1 max=10>", "6"),
        ("<input name=it type=range min=1 max=9 step=5>", "6"),
        ("<input name=it type=range max=1 step=any>", "0.5"),
        ("<input name=it type=range max=9 value=20>", "9"),
        ("<input name=it type=range min=5 max=2>", "5"),
        (f"<select name=it>{OPTIONS}", "1"),
        (f"<select name=it value=2>{OPTIONS}", "1"),
        (f"<select name=it>{OPTIONS.replace('=2', '=2 selected')}", "2"),
        (f"<select name=it><option disabled>?{OPTIONS}", "1"),
        (f"<select name=it><optgroup disabled><option selected>?</optgroup>{OPTIONS}", None),
        (f"<select name=it><option disabled selected>?{OPTIONS}", None),
        (f"<select name=it size=2>{OPTIONS}", None),
        (f"<select name=it multiple>{OPTIONS}", None),
        ("<select name=it></select>", None),
        ("<input name=it type=file>", None),
    ],
)
def test_submit_sends_untouched_fields(answer_to, field, sent):
    """Fields that a worker does not touch are sent as they are at first. [doc] HTML"""
    expected = {} if sent is None else {"it": sent}
    assert parse_answers(answer_to(html_question(f"<form>{field}</form>"), {})) == expected


@pytest.mark.parametrize(
    "field",
    [
        "<input name=it value=7 required>",
        "<input name=it type=checkbox checked required>",
        "<crowd-form><crowd-checkbox name=it checked required></crowd-checkbox></crowd-form>",
        "<crowd-form><crowd-slider name=it value=7 required></crowd-slider></crowd-form>",
        "<crowd-form><input type=radio name=it checked><input type=radio name=it required value=2>"
        "</crowd-form>",
    ],
)
def test_submit_without_a_required_field_that_is_filled_in(answer_to, field):
    """A required field that the page has filled in can be left untouched."""
    assert parse_answers(answer_to(html_question(field), {}))["it"]


@pytest.mark.parametrize(
    "field",
    [
        "<crowd-checkbox name=it required></crowd-checkbox>",
        "<crowd-slider name=it required min=1></crowd-slider>",
        "<input type=checkbox name=it checked><input type=checkbox name=it required value=2>",
        "<select name=it required><option value=''>?<option>1</select>",
    ],
)
def test_submit_crowd_form_without_a_required_field(mturk, mturk_client, field):
    """A required field that the page has not filled in cannot be left out."""
    assignment = accepted(mturk_client, mturk.worker(), Question=crowd_page(field))

    with pytest.raises(ValueError, match=r"^field 'it' is required, but missing; pass check"):
        assignment.submit({})


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        ({"it": ["1", 2]}, {"it": ["1", "2"]}),
        ({"it": "2"}, {"it": ["2"]}),
        ({"it": []}, {}),
        ({}, {}),
    ],
)
def test_submit_crowd_form_with_a_select_of_several(answer_to, fields, sent):
    """In a crowd-form, a select with `multiple` sends a list of its options. [assumed]"""
    page = crowd_page(f"<select name=it multiple>{OPTIONS}")
    assert parse_answers(answer_to(page, fields)) == sent


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (["1", "3"], "field 'it' takes '1' or '2', not ['1', '3']"),
        ([], "field 'it' is required, but empty"),
    ],
)
def test_submit_crowd_form_with_a_wrong_select_of_several(mturk, mturk_client, value, problem):
    """A list of options has options of the select only, and one of them if that is required."""
    page = crowd_page(f"<select name=it multiple required>{OPTIONS}")
    assignment = accepted(mturk_client, mturk.worker(), Question=page)

    with pytest.raises(ValueError, match=f"^{re.escape(problem)}; pass check=False"):
        assignment.submit({"it": value})


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("<input name=it>", answers(free_text("it", ""))),
        ("<textarea name=it></textarea>", answers(free_text("it", ""))),
        ("<textarea name=it>\na &amp; b</textarea>", answers(free_text("it", "a &amp; b"))),
        ("<input name=it type=date>", answers(free_text("it", ""))),
        ("<input name=it value=old>", answers(free_text("it", "old"))),
        ("<input name=it type=radio>", answers()),
        ("<input name=it type=checkbox>", answers()),
    ],
)
def test_submit_sends_text_fields_left_empty(answer_to, field, expected):
    """Browsers send every text field of a form, also empty ones. [doc]

    "`submit({})` on a page with a text field gives `<FreeText/>` for it"; "Untouched radios
    and checkboxes are not sent."
    """
    assert answer_to(html_question(f"<form>{field}</form>"), {}) == expected


def test_submit_sends_text_fields_in_page_order(answer_to):
    """Fields are sent in the order of the page. [doc]"""
    page = html_question("<form><input name=a><input name=b></form>")

    assert answer_to(page, {"b": "1"}) == answers(free_text("a", ""), free_text("b", "1"))


def test_submit_without_check_sends_what_is_given(answer_to):
    """With check=False no missing field is added. [assumed]"""
    assert answer_to(html_question("<form><input name=a></form>"), {}, check=False) == answers()


# Fields of crowd elements -----------------------------------------------------------------


def test_submit_crowd_form_is_one_answer_in_json(answer_to):
    """The Answer has one field, taskAnswers: a JSON array with one object. [observed]"""
    (written,) = re.findall("<FreeText>(.*)</FreeText>", answer_to(CROWD, {"x": "1", "y": "2"}))

    assert written == '[{"x": "1", "y": "2"}]'


@pytest.mark.parametrize("kind", ["radio", "checkbox"])
@pytest.mark.parametrize(
    ("value", "member"),
    [
        ("yes", {"yes": True, "no": False}),
        (1, {"yes": False, "no": False, "1": True}),
        ({"no": True}, {"no": True}),
    ],
)
def test_submit_crowd_form_with_native_choices(answer_to, kind, value, member):
    """Native radios in a crowd-form "are one object of booleans per name". [observed]

    Three published result files show it for radios. Checkboxes are the same. [assumed] With
    check=False a given object stays as it is.
    """
    button = "<input type={} name=it value={}>"
    page = CROWD.replace("<crowd-form>", "<crowd-form>" + button * 2).format(
        kind, "yes", kind, "no"
    )

    document = answer_to(page, {"it": value}, check=False)

    (written,) = re.findall("<FreeText>(.*)</FreeText>", document)
    assert json.loads(written) == [{"it": member}]


def crowd_page(elements: str) -> str:
    return CROWD.replace("<crowd-form>", f"<crowd-form>{elements}")


RADIOS = "".join(f"<input type=radio name=it value={each}>" for each in ("Likely", "Unlikely"))
BOXES = "".join(f"<input type=checkbox name=it value={each}>" for each in "abc")
GROUP = (
    "<crowd-radio-group><crowd-radio-button name=one value=x checked></crowd-radio-button>"
    "<crowd-radio-button name=two></crowd-radio-button></crowd-radio-group>"
)
CHECKED = "<crowd-checkbox name=it value={} {}></crowd-checkbox>"


@pytest.mark.parametrize(
    ("elements", "fields", "sent"),
    [
        (RADIOS, {"it": "Unlikely"}, {"it": {"Likely": False, "Unlikely": True}}),
        (RADIOS, {"it": {"Likely": True}}, {"it": {"Likely": True, "Unlikely": False}}),
        (RADIOS, {}, {"it": {"Likely": False, "Unlikely": False}}),
        (RADIOS.replace("><", " checked><"), {}, {"it": {"Likely": True, "Unlikely": False}}),
        (BOXES, {"it": ["a", "c"]}, {"it": {"a": True, "b": False, "c": True}}),
        (BOXES, {"it": "b"}, {"it": {"a": False, "b": True, "c": False}}),
        (BOXES, {"it": []}, {"it": {"a": False, "b": False, "c": False}}),
        ("<crowd-checkbox name=it></crowd-checkbox>", {}, {"it": {"on": False}}),
        (CHECKED.format("a", "checked"), {}, {"it": {"a": True}}),
        (CHECKED.format("a", "checked"), {"it": []}, {"it": {"a": False}}),
        (CHECKED.format("a", "") * 2, {"it": "a"}, {"it": {"a": True}}),
        ("<crowd-toggle-button name=it></crowd-toggle-button>", {"it": "on"}, {"it": {"on": True}}),
        (GROUP, {}, {"one": {"x": True}, "two": {"on": False}}),
        (GROUP, {"two": "on"}, {"one": {"x": False}, "two": {"on": True}}),
        ("<input type=hidden name=it value=0>" + RADIOS[:42], {}, {"it": {"Likely": False}}),
    ],
)  # fmt: skip
def test_submit_crowd_form_sends_each_switch(answer_to, elements, fields, sent):
    """A crowd-form sends every switch, on or off, in one object for each name. [doc]

    Radio buttons of HTML are such an object. [observed] So are its checkboxes, and both if nothing
    is chosen. [assumed]
    """
    assert parse_answers(answer_to(crowd_page(elements), fields)) == sent


@pytest.mark.parametrize("element", ["crowd-input", "crowd-text-area"])
@pytest.mark.parametrize("fields", [{}, {"it": ""}])
def test_submit_crowd_form_leaves_out_crowd_texts_without_input(answer_to, element, fields):
    """A crowd-input or crowd-text-area without input does "not appear in the output". [doc]"""
    page = crowd_page(f"<{element} name=it></{element}><input name=x value=1>")
    assert parse_answers(answer_to(page, fields)) == {"x": "1"}


@pytest.mark.parametrize(
    ("element", "fields", "sent"),
    [
        ("<crowd-input name=it value=old></crowd-input>", {}, "old"),
        ("<crowd-input name=it type=number></crowd-input>", {"it": 5}, "5"),
        ("<crowd-input name=it></crowd-input>", {"it": True}, "true"),
        ("<input name=it type=number step=any>", {"it": Decimal("1.50")}, "1.50"),
        ("<input name=it>", {}, ""),
        ("<input name=it type=hidden value=7>", {}, "7"),
        ("<select name=it><option>1<option>2</select>", {"it": 2}, "2"),
    ],
)
def test_submit_crowd_form_sends_texts(answer_to, element, fields, sent):
    """Texts, numbers, selections and hidden inputs are texts in a crowd-form."""
    assert parse_answers(answer_to(crowd_page(element), fields)) == {"it": sent}


@pytest.mark.parametrize(
    ("attributes", "fields", "number"),
    [
        ("", {"it": "5"}, "5"),
        ("", {"it": Decimal("7")}, "7"),
        ("step=any", {"it": 2.5}, "2.5"),
        ("", {}, "0"),
        ("min=1 max=9", {}, "1"),
        ("min=1 value=4", {}, "4"),
    ],
)
def test_submit_crowd_form_sends_a_slider_as_a_number(answer_to, attributes, fields, number):
    """A slider sends a number; an untouched one its value [doc], its min or 0. [assumed]"""
    page = crowd_page(f"<crowd-slider name=it {attributes}></crowd-slider>")
    (written,) = re.findall("<FreeText>(.*)</FreeText>", answer_to(page, fields))
    assert written == f'[{{"it": {number}}}]'


def test_submit_crowd_form_sends_several_texts_of_one_name_once(answer_to):
    """Several crowd inputs of one name are one member, the given text."""
    page = crowd_page("<crowd-input name=it></crowd-input>" * 2)
    assert parse_answers(answer_to(page, {"it": "x"})) == {"it": "x"}


def test_submit_crowd_form_takes_whatever_json_has(answer_to):
    """Fields of a crowd-form can have structured values and any characters. [doc]"""
    fields = {"boxes": [{"left": 1, "label": "é"}], "sure": True}

    document = answer_to(CROWD, {**fields, "workerId": "A1"}, check=False)

    (written,) = re.findall("<FreeText>(.*)</FreeText>", document)
    assert json.loads(written) == [fields]


def test_submit_crowd_form_of_values_that_are_nested_too_deep(answer_to):
    """A value that is nested too deep for JSON is a ValueError."""
    value: list = []
    for _ in range(200_000):
        value = [value]

    with pytest.raises(ValueError, match=r"^the fields are nested too deep for JSON$"):
        answer_to(CROWD, {"it": value}, check=False)


def test_submit_crowd_form_with_task_answers_is_taken_as_it_is(answer_to):
    """A given taskAnswers is submitted unchanged."""
    written = '[{"x":1}]'

    assert answer_to(CROWD, {"taskAnswers": written}) == answers(free_text("taskAnswers", written))


@pytest.mark.parametrize(
    ("fields", "text"), [({}, "as it was"), ({"it": ""}, ""), ({"it": "x"}, "x")]
)
def test_submit_sends_the_default_text(answer_to, fields, text):
    """DefaultText "is the answer if the worker does not change it". [doc]"""
    form = question_form(it=None).replace(
        "<FreeTextAnswer/>",
        "<FreeTextAnswer><DefaultText>as it was</DefaultText></FreeTextAnswer>",
    )

    assert answer_to(form, fields) == answers(free_text("it", text))


# Files of HTML pages -----------------------------------------------------------------------

UPLOAD = html_question(
    "<form method=post enctype=multipart/form-data>"
    "<input type=file name=photo><input name=note></form>"
)


@pytest.mark.parametrize("content", [b"\x89PNG", bytearray(b"\x89PNG")])
@pytest.mark.parametrize(
    "question", [UPLOAD, UPLOAD.replace("enctype", "x"), external_question()], ids=range(3)
)
def test_submit_a_file_of_a_page(mturk, mturk_client, question, content):
    """Bytes are an uploaded file, as in a QuestionForm. [assumed]"""
    assignment = accepted(mturk_client, mturk.worker(), Question=question)
    assignment.submit({"photo": content, "note": "x"})

    assert parse_answers(assignment.answer) == {
        "photo": {"key": f"{assignment.id}/photo", "size": 4},
        "note": "x",
    }
    assert "<UploadedFileSizeInBytes>4</UploadedFileSizeInBytes>" in assignment.answer


@pytest.mark.parametrize("fields", [{}, {"photo": b""}])
def test_submit_no_file_of_a_page(answer_to, fields):
    """A file input without a file, and an empty file, send nothing. [assumed]"""
    assert parse_answers(answer_to(UPLOAD, fields)) == {"note": ""}


def test_submit_the_name_of_a_file(answer_to):
    """A text for a file input is sent as text, as by a form that sends no files."""
    assert parse_answers(answer_to(UPLOAD, {"photo": "cat.png"}))["photo"] == "cat.png"


def test_submit_no_file_where_one_is_required(mturk, mturk_client):
    """A required file input takes no empty file."""
    question = UPLOAD.replace("name=photo", "name=photo required")
    assignment = accepted(mturk_client, mturk.worker(), Question=question)

    for fields, problem in (({"photo": b""}, "empty"), ({}, "missing")):
        with pytest.raises(ValueError, match=f"^field 'photo' is required, but {problem}; pass"):
            assignment.submit(fields)


def test_submit_a_file_for_another_input(mturk, mturk_client):
    """Only a file input takes bytes."""
    assignment = accepted(mturk_client, mturk.worker(), Question=UPLOAD)

    with pytest.raises(TypeError, match=r"^field 'note' takes text or a number, not b'x'$"):
        assignment.submit({"note": b"x"})


def test_submit_a_file_of_a_crowd_form(mturk, mturk_client):
    """A crowd-form sends the names of files. With check=False files are beside taskAnswers."""
    question = crowd_page("<crowd-input name=photo type=file></crowd-input>")
    assignment = accepted(mturk_client, mturk.worker(), Question=question)
    problem = (
        "field 'photo' takes the name of a file as text, because a crowd-form sends no files, "
        "not b'x'; pass check=False to submit it anyway"
    )

    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        assignment.submit({"photo": b"x"})

    assignment.submit({"photo": b"x", "x": "1"}, check=False)
    assert parse_answers(assignment.answer) == {
        "taskAnswers": '[{"x": "1"}]',
        "photo": {"key": f"{assignment.id}/photo", "size": 1},
    }


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        ("method=post enctype=multipart/form-data", dict),
        ("method=POST enctype='Multipart/Form-Data'", dict),
        ("enctype=multipart/form-data", str),
        ("method=post", str),
    ],
)
def test_answer_with_a_file(mturk, mturk_client, attributes, kind):
    """A form that sends files is answered with a file, another one with a name."""
    page = f"<form {attributes}><input type=file name=photo></form>"
    work = mturk.worker().answer(publish(mturk_client, Question=html_question(page)))

    assert isinstance(parse_answers(work.answer)["photo"], kind)


# Fields of a QuestionForm -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "name", "colours"),
    [
        ({"name": "Ann", "colours": "red"}, "Ann", ["red"]),
        ({"colours": ["blue", "red"], "name": 4}, "4", ["blue", "red"]),
        ({"name": "", "colours": []}, "", []),
        ({"name": None, "colours": None}, "", []),
        ({}, "", []),
    ],
)
def test_submit_question_form(answer_to, fields, name, colours):
    """Every question has an Answer, in the order of the form. [observed] [assumed]

    A missing text is <FreeText/> [observed]; a missing selection has no choices. [assumed]
    """
    assert answer_to(FORM, fields) == answers(
        free_text("name", name), chosen("colours", *colours), free_text("note", "")
    )


@pytest.mark.parametrize("version", ["2005-10-01", "2017-11-06"])
def test_submit_question_form_of_either_version(answer_to, version):
    """Both versions of the schema are accepted. [doc]"""
    assert answer_to(question_form(version, a=None), {"a": "1"}) == answers(free_text("a", "1"))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (
            {"colour": "red"},
            "the QuestionForm has no question 'colour' (did you mean 'colours'?); "
            "it has name, colours, note",
        ),
        (
            {"colours": "pink"},
            "question 'colours' has no choice 'pink'; it has red, green, blue",
        ),
        ({"colours": ["red", 5]}, "question 'colours' has no choice '5'; it has red, green, blue"),
    ],
)
def test_submit_question_form_with_unknown_question_or_choice_is_refused(
    mturk, mturk_client, fields, problem
):
    """An unknown question or choice is a ValueError that lists the existing ones."""
    assignment = accepted(mturk_client, mturk.worker(), Question=FORM)

    with pytest.raises(ValueError, match=f"^{re.escape(problem)}; pass check=False"):
        assignment.submit(fields)

    assert assignment.status == "Accepted"


# Values that no form can send -------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"a": None}, "field 'a' takes text or a number, not None"),
        ({"a": ["x"]}, "field 'a' takes text or a number, not ['x']"),
        ({"a": {"x": 1}}, "field 'a' takes text or a number, not {'x': 1}"),
        ({1: "x"}, "the name of a field is a str, not 1"),
        (
            [("a", "x")],
            "an answer is a dict of the form's fields or a QuestionFormAnswers document, "
            "not [('a', 'x')]",
        ),
        (
            None,
            "an answer is a dict of the form's fields or a QuestionFormAnswers document, not None",
        ),
    ],
)
def test_submit_wrong_types_are_refused(mturk, mturk_client, answer, problem):
    """A value that is neither text nor number is a TypeError, and nothing is submitted."""
    assignment = accepted(mturk_client, mturk.worker())

    with pytest.raises(TypeError, match=f"^{re.escape(problem)}$"):
        assignment.submit(answer)

    assert assignment.status == "Accepted"


@pytest.mark.parametrize("letter", ["\x00", "\x0b", "\x1f", "\ufffe", "\ud800"])
def test_submit_letters_that_xml_cannot_carry_are_refused(mturk, mturk_client, letter):
    """Characters that XML does not allow are refused in texts and names."""
    assignment = accepted(mturk_client, mturk.worker())
    problem = re.escape(f"{letter!r}, which XML does not allow")

    with pytest.raises(ValueError, match=rf"^field 'a' contains {problem}$"):
        assignment.submit({"a": f"x{letter}"})
    with pytest.raises(ValueError, match=rf"^the name of a field contains {problem}$"):
        assignment.submit({f"x{letter}": "1"})

    assert assignment.status == "Accepted"


# Documents --------------------------------------------------------------------------------

FULL = (
    free_text("text", "a &#233; &amp; b"),
    free_text("empty", ""),
    chosen("selected", "red", "blue"),
    chosen("nothing"),
    chosen("other", "red") + "<OtherSelectionText>mauve</OtherSelectionText>",
)


def test_submit_document_in_the_recorded_form_is_kept(answer_to):
    """A document in the recorded form is stored unchanged. [observed]"""
    assert answer_to(html_question(), answers(*FULL)) == answers(*FULL)


def test_submit_document_in_the_older_form_is_written_anew(answer_to):
    """A document as until 2017, UTF-8 with line feeds, becomes ASCII. [observed] both forms"""
    document = answers(*FULL).replace("&#233;", "é").replace("><", ">\n<")
    document = document.replace('encoding="ASCII"', 'encoding="UTF-8" standalone="no"')

    assert answer_to(html_question(), document) == answers(*FULL)


def test_submit_document_is_not_held_against_the_question(answer_to):
    """A document is not checked against the question. [doc]"""
    document = answers(free_text("never asked", "1"))

    assert answer_to(FORM, document) == document


def one_of(names):
    expected = ", ".join(f'"{SCHEMAS}2005-10-01/QuestionFormAnswers.xsd":{name}' for name in names)
    return f"One of '{{{expected}}}' is expected."


def unexpected(child, *names):
    begin = f"Invalid content was found starting with element '{child}'."
    return f"cvc-complex-type.2.4.a: {begin} {one_of(names)}"


def incomplete(parent, *names):
    begin = f"The content of element '{parent}' is not complete."
    return f"cvc-complex-type.2.4.b: {begin} {one_of(names)}"


@pytest.mark.parametrize(
    ("document", "details"),
    [
        ("<no XML", "unclosed token."),
        (
            "<QuestionFormAnswers/>",
            "cvc-elt.1: Cannot find the declaration of element 'QuestionFormAnswers'.",
        ),
        (html_question(), "cvc-elt.1: Cannot find the declaration of element 'HTMLQuestion'."),
        (answers(), incomplete("QuestionFormAnswers", "Answer")),
        (answers("<FreeText>1</FreeText>"), unexpected("FreeText", "QuestionIdentifier")),
        (answers().replace("></", "><Reply/></"), unexpected("Reply", "Answer")),
        (
            answers(chosen("a", "b") + "<FreeText>1</FreeText>"),
            unexpected("FreeText", "SelectionIdentifier", "OtherSelectionText"),
        ),
        (
            answers(chosen("a") + "<UploadedFileSizeInBytes>5</UploadedFileSizeInBytes>"),
            incomplete("Answer", "UploadedFileKey"),
        ),
        (
            answers(
                chosen("a") + "<UploadedFileSizeInBytes>0</UploadedFileSizeInBytes>"
                "<UploadedFileKey>k</UploadedFileKey>"
            ),
            "cvc-minInclusive-valid: Value '0' is not facet-valid with respect to minInclusive "
            "'1' for type 'positiveInteger'.",
        ),
        ("<\ud800", "not well-formed (invalid token)."),
    ],
)
def test_submit_wrong_document_is_refused(mturk, mturk_client, document, details):
    """A document that is not a QuestionFormAnswers is an XMLParseError. [assumed]"""
    assignment = accepted(mturk_client, mturk.worker())

    with pytest.raises(MTurkError) as caught:
        assignment.submit(document)

    assert caught.value.code == "AWS.MechanicalTurk.XMLParseError"
    assert told_apart(caught.value.message).words == details
    assert assignment.status == "Accepted"


def test_submit_a_text_that_is_no_document_is_refused(mturk, mturk_client):
    """A text without any element is a ValueError that says what is allowed."""
    assignment = accepted(mturk_client, mturk.worker())

    with pytest.raises(ValueError, match=r"^an answer is a dict of .*, not 'heron'$"):
        assignment.submit("heron")

    assert assignment.status == "Accepted"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"bird": "heron"}, "submit() has no argument 'bird'; its arguments are answer, check"),
        ({}, "submit() needs answer; its arguments are answer, check"),
    ],
)
def test_submit_with_wrong_arguments_lists_its_arguments(mturk, mturk_client, given, problem):
    """Fields given as keyword arguments, or no fields, are a TypeError."""
    assignment = accepted(mturk_client, mturk.worker())

    with pytest.raises(TypeError, match=f"^{re.escape(problem)}$"):
        assignment.submit(**given)


def test_submit_empty_document_is_refused(mturk, mturk_client):
    """An empty document is refused for its length. [assumed]"""
    assignment = accepted(mturk_client, mturk.worker())

    with pytest.raises(MTurkError, match="Your request parameter Answer  has a minimum length"):
        assignment.submit("")

    assert assignment.status == "Accepted"
