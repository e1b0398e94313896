"""Values that crowd elements send, and refused values.

The forms of the values are documented [doc], the random values are [assumed].
"""

from __future__ import annotations

import base64
import json
from random import Random

import pytest

from tests.questions.forms import fillings, read_html_form, refusal

CLASSIFIER = """<crowd-classifier name="it" categories="['cat', 'dog']"></crowd-classifier>"""
SEVERAL = (
    """<crowd-classifier-multi-select name="it" categories='["cat", "dog"]'>"""
    "</crowd-classifier-multi-select>"
)
BOUNDING = """<crowd-bounding-box name="it" src="a.png" labels="['cat', 'dog']"/>"""
SIZE = {"height": 480, "width": 640}


def page(*elements):
    return f"<crowd-form>{''.join(elements)}</crowd-form>"


def form(*elements):
    return read_html_form(page(*elements))


# Switches -------------------------------------------------------------------------------------


@pytest.mark.parametrize("element", ["crowd-checkbox", "crowd-toggle-button"])
def test_switch_is_on_or_off_by_its_value(element):
    """A switch sends an object with one member, its value, "on" by default."""
    made = fillings(page(f"<{element} name=it>yes</{element}>", f"<{element} name=x value=y />"))
    assert {str(values["it"]) for values in made} == {"{'on': True}", "{'on': False}"}
    assert {str(values["x"]) for values in made} == {"{'y': True}", "{'y': False}"}


def test_switches_of_one_name_are_one_object():
    """Switches with the same name are members of one object."""
    boxes = [f"<crowd-checkbox name=it value={value}>" for value in "abc"]
    assert all(list(values["it"]) == ["a", "b", "c"] for values in fillings(page(*boxes)))
    assert len({str(values["it"]) for values in fillings(page(*boxes))}) == 8


def test_switch_required_is_on():
    """A required switch is on."""
    made = fillings(page("<crowd-checkbox name=it required>", "<crowd-checkbox name=it value=b>"))
    assert {values["it"]["on"] for values in made} == {True}
    assert {values["it"]["b"] for values in made} == {True, False}


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"on": False}, "True for 'on', which is required"),
        ({}, "True for 'on', which is required"),
        ({"off": True}, "True or False for 'on'"),
        ({"on": "yes"}, "True or False for 'on'"),
        (True, "'on', or an object such as {'on': True}"),
        ("off", "'on', or an object such as {'on': True}"),
    ],
)
def test_switch_refuses_other_values(value, says):
    """A switch is on or off; a required one is on."""
    message = refusal(page("<crowd-checkbox name=it required>"), {"it": value})
    assert message == f"field 'it' takes {says}, not {value!r}"


def test_switch_required_and_left_out_is_refused():
    """A required switch cannot be left out."""
    element = "<crowd-toggle-button name=it required>"
    message = "field 'it' is required, but missing"
    assert refusal(page(element), {}) == message


GROUP = (
    "<crowd-radio-group>"
    "<crowd-radio-button name=one value=x></crowd-radio-button>"
    "<crowd-radio-button name=two></crowd-radio-button>"
    "</crowd-radio-group>"
)


def test_radio_group_has_one_button_on():
    """Each button of a group sends its own object; one of them is on."""
    made = {json.dumps(values) for values in fillings(page(GROUP))}
    assert made == {
        '{"one": {"x": true}, "two": {"on": false}}',
        '{"one": {"x": false}, "two": {"on": true}}',
    }


def test_radio_group_holds_boxes_that_are_none_of_its_buttons():
    """A checkbox in a group is on or off independently of the buttons."""
    made = fillings(page("<crowd-radio-group><crowd-checkbox name=x>", GROUP[19:]))
    assert all(values["one"]["x"] != values["two"]["on"] for values in made)
    assert {values["x"]["on"] for values in made} == {True, False}


def test_radio_groups_are_chosen_from_separately():
    """Each group has one button on."""
    other = GROUP.replace("one", "three").replace("two", "four")
    assert len({json.dumps(values) for values in fillings(page(GROUP, other))}) == 4


def test_radio_buttons_without_a_group_are_one_by_their_name():
    """Of buttons with the same name outside of groups, one is on."""
    buttons = [f"<crowd-radio-button name=it value={value}>" for value in "ab"]
    made = {json.dumps(values) for values in fillings(page(GROUP, *buttons))}
    assert len(made) == 4
    assert all('"it": {"a": true, "b": false}' in each or '"b": true' in each for each in made)


def test_radio_group_refuses_two_buttons():
    """A group with two buttons on is refused."""
    values = {"one": {"x": True}, "two": {"on": True}}
    message = "only one radio button can be on, not both 'one' and 'two'"
    assert refusal(page(GROUP), values) == message


def test_radio_group_accepts_one_button_and_none():
    """A group with one button given, or with all buttons off, is accepted."""
    form(GROUP).check({"one": {"x": True}})
    form(GROUP).check({"one": {"x": False}, "two": {"on": False}})


@pytest.mark.parametrize("value", ["a", ["a", "b"], {"b"}, [], {"a": True}, {}])
def test_switches_accept_their_values(value):
    """Switches of one name accept one of their values, several, and an object of booleans."""
    form(*(f"<crowd-checkbox name=it value={each}>" for each in "ab")).check({"it": value})


def test_switches_refuse_a_value_that_they_do_not_have():
    """A refusal names the values of the switches, and both ways to give them."""
    html = page(*(f"<crowd-checkbox name=it value={each}>" for each in "ab"))
    says = "'a', 'b', a list of them, or an object such as {'a': True}"
    assert refusal(html, {"it": ["a", "c"]}) == f"field 'it' takes {says}, not ['a', 'c']"


def test_switches_refuse_what_is_no_value():
    """A value that is no text in a list of values is a TypeError."""
    with pytest.raises(TypeError, match=r"^field 'it' takes text or a number, not \[\]$"):
        form("<crowd-checkbox name=it>").check({"it": [[]]})


# Radio buttons and checkboxes of HTML -----------------------------------------------------------

RADIOS = "".join(f"<input type=radio name=it value={value}>" for value in "ab")
BOXES = RADIOS.replace("radio", "checkbox")


def test_html_radio_buttons_are_one_object():
    """In a crowd-form, radio buttons of HTML are an object of booleans with one on. [observed]"""
    made = {json.dumps(values) for values in fillings(page(RADIOS))}
    assert made == {'{"it": {"a": true, "b": false}}', '{"it": {"a": false, "b": true}}'}


def test_html_checkboxes_are_one_object():
    """In a crowd-form, checkboxes of HTML are an object of booleans. [assumed]"""
    made = {json.dumps(values) for values in fillings(page(BOXES))}
    assert len(made) == 4
    assert '{"it": {"a": true, "b": true}}' in made


def test_html_checkbox_required_is_on():
    """A required checkbox of HTML is on, and only this one has to be."""
    html = page(BOXES.replace("value=b", "value=b required"))
    assert {values["it"]["b"] for values in fillings(html)} == {True}
    assert {values["it"]["a"] for values in fillings(html)} == {True, False}
    says = "True for 'b', which is required"
    assert refusal(html, {"it": "a"}) == f"field 'it' takes {says}, not 'a'"


def test_html_radio_buttons_required_need_one_of_them():
    """If one radio button of a name is required, any one of the name satisfies it. [doc]"""
    html = page(RADIOS.replace("value=b", "value=b required"))
    read_html_form(html).check({"it": "a"})
    says = "True for 'b', which is required"
    assert refusal(html, {"it": {"a": False}}) == f"field 'it' takes {says}, not {{'a': False}}"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("c", "'a' or 'b', or an object such as {'a': True}"),
        ({"c": True}, "True or False for 'a' and 'b'"),
        ({"a": "yes"}, "True or False for 'a' and 'b'"),
        (["a", "b"], "only one of 'a' and 'b'"),
        ({"a": True, "b": True}, "only one of 'a' and 'b'"),
    ],
)
def test_html_radio_buttons_refuse_other_values(value, says):
    """Radio buttons of HTML in a crowd-form take one of their values, or an object with one on."""
    assert refusal(page(RADIOS), {"it": value}) == f"field 'it' takes {says}, not {value!r}"


def test_html_radio_buttons_outside_of_a_crowd_form_take_a_text():
    """Without a crowd-form, radio buttons of HTML send the text of one."""
    with pytest.raises(TypeError, match=r"^field 'it' takes text or a number, not \{'a': True\}$"):
        read_html_form(f"<form>{RADIOS}</form>").check({"it": {"a": True}})


# Choices --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["crowd-classifier", "crowd-image-classifier"])
def test_classifier_sends_one_label(kind):
    """A classifier sends the chosen label."""
    made = fillings(page(CLASSIFIER.replace("crowd-classifier", kind)))
    assert {json.dumps(values) for values in made} == {
        '{"it": {"label": "cat"}}',
        '{"it": {"label": "dog"}}',
    }


@pytest.mark.parametrize(
    "kind", ["crowd-classifier-multi-select", "crowd-image-classifier-multi-select"]
)
def test_multi_select_sends_some_labels(kind):
    """A multi-select classifier sends one or more labels, in their order."""
    made = fillings(page(SEVERAL.replace("crowd-classifier-multi-select", kind)))
    assert {json.dumps(values["it"]) for values in made} == {
        '{"labels": ["cat"]}',
        '{"labels": ["dog"]}',
        '{"labels": ["cat", "dog"]}',
    }


@pytest.mark.parametrize(
    ("written", "labels"),
    [
        ("""'["cat", "dog"]'""", ("cat", "dog")),
        ('''"['cat', 'a dog']"''', ("cat", "a dog")),
        ("""'["cat", 5]'""", ("cat",)),
        ("""'[{"label": "cat", "shortDisplayName": "c"}, {"name": "dog"}]'""", ("cat",)),
        ("""'["caf\\u00e9"]'""", ("café",)),
        ("""' [&quot;cat&quot;] '""", ("cat",)),
        ("""'[]'""", None),
        ("""'{"cat": 1}'""", None),
        ("'{{ task.input.labels | to_json }}'", None),
        ("cat", None),
        ("'" + "[" * 9999 + "]'", None),
        ("'[" + '"' * 9999 + "]'", None),
        ("""'["cat", "dog'""", None),
    ],
)
def test_labels_are_read_as_they_are_written(written, labels):
    """Labels are a JSON array of texts or objects, or a list in single quotes."""
    field = form(f"<crowd-entity-annotation name=it labels={written}>").fields[0]
    assert field.choices == labels


@pytest.mark.parametrize(
    ("element", "value"),
    [
        (CLASSIFIER, {"label": "cow"}),
        (SEVERAL, {"labels": ["cat", "cow"]}),
        (BOUNDING, {"boundingBoxes": [{"label": "cat"}, {"label": "cow"}]}),
        (BOUNDING.replace("bounding-box", "semantic-segmentation"), {"labelMappings": {"cow": {}}}),
    ],
)
def test_labels_that_are_not_offered_are_refused(element, value):
    """Each label must be one that the element offers."""
    message = f"field 'it' takes labels that are 'cat' or 'dog', not {value!r}"
    assert refusal(page(element), {"it": value}) == message


def test_labels_are_not_looked_at_where_they_are_not_known():
    """Any label is accepted with exclusion-category, or if the labels cannot be read."""
    form("<crowd-classifier name=it>").check({"it": {"label": "cow"}})
    element = CLASSIFIER.replace("name=", """exclusion-category='{"text": "None"}' name=""")
    form(element).check({"it": {"label": "None"}})


EXCLUSIVE = SEVERAL.replace("name=", """exclusion-category="{ text: 'None of them' }" name=""")


@pytest.mark.parametrize(
    "written",
    [
        """"{ text: 'None of them' }\"""",
        """'{"text": "None of them"}'""",
        """"{'text': 'None of them'}\"""",
    ],
)
def test_exclusion_category_is_one_of_the_labels(written):
    """The text of an exclusion-category can be chosen like a category; it need not be JSON."""
    html = SEVERAL.replace("name=", f"exclusion-category={written} name=")
    assert form(html).fields[0].choices == ("cat", "dog", "None of them")
    form(html).check({"it": {"labels": ["None of them"]}})
    says = "labels that are 'cat' or 'dog' or 'None of them'"
    value = {"labels": ["cow"]}
    assert refusal(page(html), {"it": value}) == f"field 'it' takes {says}, not {value!r}"


def test_exclusion_category_is_chosen_alone():
    """The exclusion-category excludes the other labels. [assumed]"""
    made = [values["it"]["labels"] for values in fillings(page(EXCLUSIVE))]
    assert ["None of them"] in made
    assert ["cat", "dog"] in made
    assert all("None of them" not in labels or len(labels) == 1 for labels in made)
    value = {"labels": ["cat", "None of them"]}
    says = "'None of them' alone, or other labels"
    assert refusal(page(EXCLUSIVE), {"it": value}) == f"field 'it' takes {says}, not {value!r}"


COMMENT = {"label": "cat", "workerComment": "because"}
IMAGE = CLASSIFIER.replace("crowd-classifier", "crowd-image-classifier")


def test_worker_comment_is_sent_from_its_region():
    """A crowd-image-classifier with a worker-comment can send a workerComment. [doc]"""
    form(IMAGE.replace("></", "><worker-comment>Why?</worker-comment></")).check({"it": COMMENT})


@pytest.mark.parametrize("html", [IMAGE, IMAGE + "<worker-comment></worker-comment>", CLASSIFIER])
def test_worker_comment_without_its_region_is_refused(html):
    """Without that region within the element there is no workerComment."""
    message = f"field 'it' takes an object such as {{'label': 'dog'}}, not {COMMENT!r}"
    assert refusal(page(html), {"it": COMMENT}) == message


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("crowd-classifier", {"category": "cat"}),
        ("crowd-classifier", {"label": ["cat"]}),
        ("crowd-classifier-multi-select", {"labels": "cat"}),
        ("crowd-bounding-box", {"inputImageProperties": SIZE}),
        ("crowd-bounding-box", {"boundingBoxes": [], "boxes": []}),
        ("crowd-polygon", {"polygons": {}}),
        ("crowd-semantic-segmentation", {"labelMappings": {}, "initialValueModified": "no"}),
        ("crowd-entity-annotation", {"entities": [], "inputImageProperties": SIZE}),
    ],
)
def test_object_with_other_members_is_refused(kind, value):
    """An object has the member of its element, and no member that the element does not send."""
    message = refusal(page(f"<{kind} name=it labels=\"['cat']\">"), {"it": value})
    assert message.startswith("field 'it' takes an object such as {")
    assert message.endswith(f", not {value!r}")


def test_labels_inside_of_a_figure_are_read_if_they_are_a_list():
    """A member "labels" of a figure that is no list has no labels."""
    form(BOUNDING).check({"it": {"boundingBoxes": [{"labels": 5, "label": "cat"}]}})


def test_elements_of_one_name_offer_the_labels_of_both():
    """Of two elements with the same name the last is filled; labels of both are accepted."""
    elements = (CLASSIFIER, CLASSIFIER.replace("'cat'", "'cow'"))
    assert {values["it"]["label"] for values in fillings(page(*elements))} == {"cow", "dog"}
    form(*elements).check({"it": {"label": "cat"}})
    assert form(*elements).fields[0].choices == ("cat", "dog", "cow")


def test_classifier_refuses_what_is_no_object():
    """A classifier takes an object, not a text."""
    message = "field 'it' takes an object such as {'label': 'dog'}, not 'cat'"
    assert refusal(page(CLASSIFIER), {"it": "cat"}) == message


# Pictures and texts ---------------------------------------------------------------------------


def one(element, seed=1):
    values = form(f"<{element} name=it labels=\"['cat']\"></{element}>").fill(Random(seed))
    return values["it"]


def test_bounding_box_is_inside_of_the_picture():
    """A bounding box has a label and lies within the image, in pixels."""
    for seed in range(100):
        sent = one("crowd-bounding-box", seed)
        assert list(sent) == ["boundingBoxes", "inputImageProperties"]
        (box,) = sent["boundingBoxes"]
        assert list(box) == ["height", "label", "left", "top", "width"]
        assert 0 <= box["left"] < box["left"] + box["width"] <= 640
        assert 0 <= box["top"] < box["top"] + box["height"] <= 480


@pytest.mark.parametrize(
    ("element", "figures", "points"),
    [
        ("crowd-line", "lines", 2),
        ("crowd-polygon", "polygons", 3),
        ("crowd-polyline", "polylines", 3),
    ],
)
def test_figures_have_their_points(element, figures, points):
    """Lines, polygons and polylines have a label and vertices."""
    sent = one(element)
    assert list(sent) == ["inputImageProperties", figures]
    assert sent["inputImageProperties"] == SIZE
    (figure,) = sent[figures]
    assert figure["label"] == "cat"
    assert [sorted(vertex) for vertex in figure["vertices"]] == [["x", "y"]] * points


def test_keypoint_has_its_place():
    """A keypoint has a label and coordinates."""
    (point,) = one("crowd-keypoint")["keypoints"]
    assert list(point) == ["label", "x", "y"]


def test_instance_segmentation_names_each_colour():
    """Instances have colors in an image."""
    sent = one("crowd-instance-segmentation")
    assert sent["instances"] == [{"color": "#2ca02c", "label": "cat"}]
    assert base64.b64decode(sent["labeledImage"]["pngImageData"]).startswith(b"\x89PNG")


def test_semantic_segmentation_names_each_label():
    """Labels have colors in an image."""
    sent = one("crowd-semantic-segmentation")
    assert sent["labelMappings"] == {"cat": {"color": "#2ca02c"}}
    assert list(sent) == ["inputImageProperties", "labelMappings", "labeledImage"]


def test_entities_are_words_of_the_text():
    """An entity has a start and an end offset, in characters."""
    text = "Die K&ouml;nigin <b>".replace("<b>", "schlief")
    element = f"<crowd-entity-annotation name=it text='{text}' labels='[\"x\"]'>"
    found = set()
    for values in fillings(page(element)):
        (entity,) = values["it"]["entities"]
        assert entity["label"] == "x"
        found.add("Die Königin schlief"[entity["startOffset"] : entity["endOffset"]])
    assert found == {"Die", "Königin", "schlief"}


def test_entities_of_no_text_are_none():
    """A text without words has no entities."""
    assert one("crowd-entity-annotation") == {"entities": []}


def test_pictures_are_objects_of_their_own():
    """Changing one answer does not change the next."""
    one("crowd-keypoint")["inputImageProperties"]["width"] = 1
    assert one("crowd-keypoint")["inputImageProperties"] == SIZE
