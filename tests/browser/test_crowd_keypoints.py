"""crowd-keypoint: points set by mouse, touch and keyboard."""

from __future__ import annotations

import json

import pytest

from tests.browser.drawing import SIZE, open_picture

TAG = "crowd-keypoint"
LABELS = """labels="['Left Eye', 'Beak']" """
EYE = {"label": "Left Eye", "x": 100, "y": 50}
BEAK = {"label": "Beak", "x": 140, "y": 60}


@pytest.fixture
def picture(page):
    with open_picture(page, TAG, LABELS) as picture:
        yield picture


@pytest.fixture
def filled(page):
    """An element with EYE and BEAK as its initial value, in single quotes."""
    initial = json.dumps([EYE, BEAK]).replace('"', "'")
    with open_picture(page, TAG, f'{LABELS} initial-value="{initial}"') as picture:
        yield picture


def keypoints(picture):
    """Return the keypoints in the value."""
    return picture.value["keypoints"]


def test_mouse_sets_keypoints(picture):
    """A click sets a keypoint with the chosen label."""
    picture.click((100, 50))
    picture.label("Beak").click()
    picture.click((140, 60))
    assert picture.submit() == {"inputImageProperties": SIZE, "keypoints": [EYE, BEAK]}


def test_keyboard_sets_keypoints(picture):
    """Space and Enter set a keypoint at the cross."""
    picture.sheet.focus()
    picture.press("Space", "2", "ArrowLeft*2", "Shift+ArrowUp", "Enter")
    assert picture.submit() == {
        "inputImageProperties": SIZE,
        "keypoints": [
            {"label": "Left Eye", "x": 200, "y": 150},
            {"label": "Beak", "x": 180, "y": 149},
        ],
    }


def test_finger_sets_a_keypoint(new_page):
    """A tap sets a keypoint."""
    page = new_page(has_touch=True, is_mobile=True, viewport={"width": 420, "height": 800})
    with open_picture(page, TAG, LABELS) as picture:
        page.touchscreen.tap(*picture.place(100, 50))
        assert keypoints(picture) == [EYE]


def test_members_are_sorted_by_name(filled):
    """The members of the answer are in the order of the documentation's examples."""
    text = filled.element.evaluate("element => JSON.stringify(element._submittableValue)")
    assert text == json.dumps(
        {"inputImageProperties": SIZE, "keypoints": [EYE, BEAK]}, separators=(",", ":")
    )


def test_initial_value_is_part_of_the_answer(filled):
    """Keypoints of initial-value are in the answer."""
    assert filled.submit() == {"inputImageProperties": SIZE, "keypoints": [EYE, BEAK]}


def test_mouse_moves_a_keypoint(filled):
    """Dragging a keypoint moves it."""
    filled.drag((140, 60), (160, 90))
    assert keypoints(filled) == [EYE, {"label": "Beak", "x": 160, "y": 90}]


def test_keyboard_moves_relabels_and_removes_keypoints(filled):
    """A keypoint with the focus is moved by arrow keys, relabeled by digits, removed by Delete."""
    filled.sheet.focus()
    filled.press("Tab", "Shift+ArrowLeft", "2")
    assert keypoints(filled) == [{"label": "Beak", "x": 99, "y": 50}, BEAK]
    filled.press("Delete")
    assert keypoints(filled) == [BEAK]
    filled.press("Control+z", "Control+z", "Control+z")
    assert keypoints(filled) == [EYE, BEAK]


def test_click_near_a_keypoint_selects_it(filled):
    """A click on a keypoint selects it, so that a label can be chosen for it."""
    filled.click((102, 51))
    filled.label("Beak").click()
    assert keypoints(filled) == [{**EYE, "label": "Beak"}, BEAK]


def test_script_of_the_documentation(picture):
    """A script in onsubmit reads the keypoints as the documentation's example does."""
    picture.page.evaluate(
        """() => {
            document.querySelector("crowd-form").onsubmit = (event) => {
                const element = document.querySelector("crowd-keypoint");
                const keypoints = element.value.keypoints || element._submittableValue.keypoints;
                if (keypoints.length !== 1) {
                    event.preventDefault();
                    document.title = `${keypoints.length} keypoints`;
                }
            };
        }"""
    )
    picture.page.get_by_role("button", name="Submit", exact=True).click()
    picture.page.wait_for_function("document.title === '0 keypoints'")
    picture.click((100, 50))
    assert picture.submit() == {"inputImageProperties": SIZE, "keypoints": [EYE]}
