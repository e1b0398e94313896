"""The form of an HTML page: its fields, values that browsers refuse, and made values.

The rules are those of HTML's form controls. [doc]
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.questions.forms import fillings, read_html_form, refusal, values_of


def names(html):
    return [field.name for field in read_html_form(html).fields]


# Choices --------------------------------------------------------------------------------------

RADIO = "<input type=radio name=it value=a><input type=radio name=it value=b>"
BOXES = RADIO.replace("radio", "checkbox")
SELECT = "<select name=it><option value=a>A<option>b  &amp; c</option></select>"


@pytest.mark.parametrize(
    ("html", "values"),
    [
        (RADIO, {"a", "b"}),
        ("<input type=radio name=it>", {"on"}),
        (RADIO + "<input type=radio name=it value=c disabled>", {"a", "b"}),
        (BOXES, {"a", "b", None}),
        ("<input type=Checkbox name=it>", {"on", None}),
        ("<input type=checkbox name=it required>", {"on"}),
        (BOXES + "<input type=checkbox name=it value=c required>", {"c"}),
        ("<input type=checkbox name=it value=''>", {"", None}),
        ("<input type=hidden name=it value=0><input type=checkbox name=it value=1>", {"0", "1"}),
        (SELECT, {"a", "b & c"}),
        (SELECT.replace("name", "multiple name"), {"a", "b & c"}),
        ("<select name=it><option value=''>Choose<option>a</select>", {"a"}),
        ("<select name=it><option value=''>Choose</select>", {""}),
        ("<select name=it></select><option>a", {None}),
        ("<select name=it><option>a<option disabled>b</select><option>c", {"a"}),
        (
            "<select name=it><optgroup disabled><option>a</optgroup>"
            "<optgroup><option>b</optgroup></select>",
            {"b"},
        ),
        ("<select name=it><option>a<select name=x><option>b", {"a"}),
        ("<select name=x><optgroup disabled></select><select name=it><option>a", {"a"}),
    ],
)
def test_choice_sends_one_of_its_values(html, values):
    """One radio button or option is sent; checkboxes can all be off."""
    assert values_of(html) == values


@pytest.mark.parametrize(
    ("html", "says"),
    [
        (RADIO, "'a' or 'b'"),
        (BOXES, "'a' or 'b'"),
        (SELECT, "'a' or 'b & c'"),
        ("<select name=it></select>", "nothing"),
        ("<input type=submit name=it>", "'Submit'"),
    ],
)
@pytest.mark.parametrize("value", ["x", ""])
def test_choice_refuses_other_values(html, says, value):
    """A value that the page does not offer is refused."""
    assert refusal(html, {"it": value}) == f"field 'it' takes {says}, not {value!r}"


def test_choice_of_a_number_and_of_a_truth_is_their_text():
    """Numbers and booleans are converted to the text of answers."""
    form = read_html_form(
        "<input type=radio name=a value=1><input type=checkbox name=b value=true>"
    )
    form.check({"a": 1, "b": True})


def test_fields_know_their_choices():
    """A field has the choices of all its controls; free fields have none."""
    fields = read_html_form(f"{RADIO}{SELECT.replace('it', 's')}<input name=t size=5>").fields
    assert [(field.name, field.kind, field.choices) for field in fields] == [
        ("it", "radio", ("a", "b")),
        ("s", "select", ("a", "b & c")),
        ("t", "text", None),
    ]
    assert fields[2].controls[0].attributes == {"name": "t", "size": "5"}


# Buttons, text areas, files -------------------------------------------------------------------


def test_one_submit_button_is_sent():
    """One submit button is sent, as if clicked; other buttons are no fields."""
    html = (
        "<input type=submit name=a value=1><button name=b value=2>Go</button>"
        "<button name=c type=button></button><button name=d type=reset></button>"
        "<input type=image name=e><input type=button name=f><input type=reset name=g>"
        "<button type=menu name=h></button><button type=submit name=i></button>"
    )
    made = [dict(each) for each in {tuple(values.items()) for values in fillings(html)}]
    assert sorted(made, key=str) == [{"a": "1"}, {"b": "2"}, {"i": ""}]


def test_textarea_is_filled_within_its_lengths():
    """A textarea has minlength and maxlength, but no pattern."""
    html = "<textarea name=it minlength=20 maxlength=21 pattern=x required>old</textarea>"
    assert all(20 <= len(text) <= 21 for text in values_of(html))


@pytest.mark.parametrize(
    ("written", "text"), [("\na &amp; <b>", "a & <b>"), ("\n\na", "\na"), ("", "")]
)
def test_textarea_read_only_sends_its_own_text(written, text):
    """A read-only textarea is sent as it is, without an empty first line."""
    assert values_of(f"<textarea name=it readonly required>{written}</textarea>") == {text}


def test_textarea_without_an_end_takes_the_rest():
    """A textarea without end tag extends to the end of the page."""
    assert values_of("<textarea name=it readonly>a <input name=b>") == {"a <input name=b>"}


# Required -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "<input name=it required>",
        "<input name=it type=date required>",
        "<input name=it type=file required>",
        "<textarea name=it required></textarea>",
        "<select name=it required><option value=''>Choose<option>a</select>",
    ],
)
def test_required_field_is_refused_when_it_is_empty_or_out(html):
    """A required field that is empty or missing is refused."""
    assert refusal(html, {"it": ""}) == "field 'it' is required, but empty"
    assert refusal(html, {}) == "field 'it' is required, but missing"
    assert "" not in values_of(html)


@pytest.mark.parametrize("html", [RADIO, BOXES])
def test_required_choice_is_refused_when_it_is_out(html):
    """A required radio button requires one of its group; a required checkbox itself."""
    html = html.replace("value=b", "value=b required")
    assert refusal(html, {}) == "field 'it' is required, but missing"


@pytest.mark.parametrize("kind", ["hidden", "range", "color", "submit"])
def test_required_does_not_count_where_browsers_do_not_ask(kind):
    """Kinds of input that always have a value ignore `required`."""
    read_html_form(f"<input name=it type={kind} required>").check({})


def test_required_choice_may_have_an_empty_value():
    """A chosen option with an empty value satisfies `required`."""
    read_html_form("<input type=radio name=it value='' required>").check({"it": ""})


def test_required_select_that_offers_nothing_cannot_be_filled():
    """Filling a form that no worker can send raises an error."""
    with pytest.raises(ValueError, match="but no valid value was found"):
        read_html_form("<select name=it required></select>").fill(Random(1))


# Fields ---------------------------------------------------------------------------------------


def test_fields_are_those_with_a_name_that_are_sent():
    """Controls that are disabled, nameless or have a reserved name are no fields."""
    html = (
        "<input><input name><input name=''><input name=off disabled><input name=assignmentId>"
        "<input name=hitId><input name=workerId><input name=turkSubmitTo><select></select>"
        "<fieldset disabled><fieldset><input name=off></fieldset><input name=off></fieldset>"
        "<fieldset><input name=a></fieldset>"
        "<template><input name=off></template><noscript><input name=off></noscript>"
        "<textarea><input name=off></textarea><!-- <input name=off> --><INPUT NAME=b></input>"
    )
    assert names(html) == ["a", "b"]


@pytest.mark.parametrize(
    "html",
    [
        "<input name=b><form><input name=a></form><input name=b>",
        "<form><input name=b></form>"
        "<form action='https://www.mturk.com/mturk/externalSubmit'><input name=a></form>",
        "<form><input name=a></form><form><input name=b></form>",
        "<form action='externalSubmit'><input name=b></form>"
        "<crowd-form><input name=a></crowd-form><input name=b>",
        "<form><input name=a>",
        "<input name=a>",
    ],
)
def test_fields_are_those_of_the_form_that_is_sent(html):
    """Fields are of the crowd-form, else the externalSubmit form, the first form, the page."""
    assert names(html) == ["a"]


def test_field_of_several_texts_is_one():
    """One value per name is kept [doc]; a value for any of its controls is accepted."""
    html = "<input name=it type=number><input name=it type=date>"
    form = read_html_form(html)
    form.check({"it": "5"})
    form.check({"it": "2026-01-01"})
    message = "field 'it' takes a number or a date such as 2026-01-31, not 'x'"
    assert refusal(html, {"it": "x"}) == message
    assert names(html) == ["it"]


def test_field_of_several_texts_is_filled_if_one_can_be():
    """A control that cannot be filled does not hide another of the same name."""
    assert values_of("<input name=it maxlength=0><input name=it value=x readonly>") == {"x"}
    assert values_of("<input name=it value=x readonly><input name=it maxlength=0>") == {"x"}


def test_fill_goes_in_the_order_of_the_page():
    """Values are ordered by the first control of each name."""
    html = "<input name=b><input name=a type=radio><input name=b><textarea name=c></textarea>"
    assert [list(values) for values in fillings(html, 3)] == [["b", "a", "c"]] * 3


def test_fill_is_the_same_for_a_seed():
    """The same seed makes the same values, another seed different ones."""
    form = read_html_form("<input name=a><input name=b type=number>")
    assert form.fill(Random(1)) == form.fill(Random(1)) != form.fill(Random(2))


def test_page_is_read_once():
    """A page is parsed once for all workers."""
    assert read_html_form("<input name=once>") is read_html_form("<input name=once>")


# Complete forms -------------------------------------------------------------------------------

FIELD = "<input name=a><input name=b>"


@pytest.mark.parametrize(
    "html",
    [
        FIELD,
        FIELD + "<script src='https://s3.amazonaws.com/mturk-public/externalHIT_v1.js'></script>",
        FIELD + "<script>turkSetAssignmentID();</script>",
        FIELD + "<script language=Javascript>\n turkSetAssignmentID() \n</script>",
        FIELD + "<script></script>",
        "<script src=https://assets.crowd.aws/crowd-html-elements.js></script>" + FIELD,
    ],
)
def test_page_without_scripts_is_complete(html):
    """Amazon's scripts add no fields, so unknown fields are refused."""
    assert read_html_form(html).is_complete
    assert refusal(html, {"c": 1}) == "the page has no field 'c'; its form has a, b"


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>no field</p>",
        FIELD + "<script src=other.js></script>",
        FIELD + "<script>add('c')</script>",
        FIELD + "<script>add('c')",
        FIELD + "<p onclick='add()'>",
        "<body OnLoad=add()>" + FIELD,
    ],
)
def test_page_with_scripts_may_have_other_fields(html):
    """Pages with scripts or handlers, or without fields, accept unknown fields."""
    assert not read_html_form(html).is_complete
    read_html_form(html).check({"c": 1})


def test_check_passes_over_the_names_that_the_service_reads():
    """Fields that the service reads, such as assignmentId, are not checked. [doc]"""
    read_html_form(FIELD).check({"assignmentId": "1", "hitId": [], "a": "x"})


def test_check_refuses_what_is_no_value():
    """A field takes a text or a number."""
    with pytest.raises(TypeError) as caught:
        read_html_form(FIELD).check({"a": ["x"]})
    assert str(caught.value) == (
        "field 'a' takes text or a number, not ['x']; the service keeps only one value of several "
        "fields with one name: submit that value"
    )


# Random forms ---------------------------------------------------------------------------------

TYPES = [
    "text", "search", "tel", "password", "email", "url", "number", "range", "date", "month",
    "week", "time", "datetime-local", "color", "radio", "checkbox", "hidden", "submit", "file",
]  # fmt: skip
CONTROL = st.one_of(
    st.sampled_from(TYPES).map(lambda kind: f"<input type={kind} name={{}} {{}}>"),
    st.sampled_from(
        [
            "<textarea name={} {}></textarea>",
            "<select name={} {}><option value=''>?<option>a<option>b</select>",
            "<button name={} {}>Go</button>",
            "<input type=radio name={} {} value=1><input type=radio name=same value=2>",
            "<input type=checkbox name={} {} value=1><input type=checkbox name=also value=2>",
        ]
    ),
)
ATTRIBUTES = st.sampled_from(
    ["", "required", "minlength=5", "maxlength=7", "pattern=[a-z]+", "min=3", "max=80", "step=2"]
)


@given(controls=st.lists(st.tuples(CONTROL, ATTRIBUTES), max_size=8), seed=st.integers(0, 99))
def test_filled_forms_are_accepted(controls, seed):
    """A form accepts the values made for it."""
    filled_in = (html.format(f"n{i}", more) for i, (html, more) in enumerate(controls))
    form = read_html_form("".join(filled_in))
    values = form.fill(Random(seed))
    form.check(values)
    assert set(values) <= {field.name for field in form.fields}
