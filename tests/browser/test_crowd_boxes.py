"""crowd-bounding-box, and what all elements that draw on images share."""

from __future__ import annotations

import json

import pytest

from tests.browser.crowd_pages import open_crowd_page
from tests.browser.drawing import FILES, SIZE, open_picture

TAG = "crowd-bounding-box"
LABELS = """labels="['Cat', 'Dog', &quot;Kid's toy&quot;]" """
CAT = {"height": 60, "label": "Cat", "left": 20, "top": 30, "width": 100}
DOG = {"height": 80, "label": "Dog", "left": 200, "top": 100, "width": 120}
INITIAL = f"{LABELS} initial-value='{json.dumps([CAT, DOG])}'"


@pytest.fixture
def picture(page):
    with open_picture(page, TAG, LABELS) as picture:
        yield picture


@pytest.fixture
def filled(page):
    """An element with CAT and DOG as its initial value."""
    with open_picture(page, TAG, INITIAL) as picture:
        yield picture


def boxes(picture):
    """Return the boxes in the value."""
    return picture.value["boundingBoxes"]


def test_mouse_draws_boxes(picture):
    """Dragging draws a box with the chosen label; the answer has boxes in the order of drawing."""
    picture.drag((20, 30), (120, 90))
    picture.label("Dog").click()
    picture.drag((320, 180), (200, 100))
    assert picture.submit() == {"boundingBoxes": [CAT, DOG], "inputImageProperties": SIZE}


def test_members_are_sorted_by_name(picture):
    """The members of the answer are in the order of the documentation's examples."""
    picture.drag((20, 30), (120, 90))
    text = picture.element.evaluate("element => JSON.stringify(element._submittableValue)")
    assert text == (
        '{"boundingBoxes":[{"height":60,"label":"Cat","left":20,"top":30,"width":100}],'
        '"inputImageProperties":{"height":300,"width":400}}'
    )


def test_two_clicks_draw_a_box(picture):
    """Pressing two opposite corners draws a box, without dragging."""
    picture.click((20, 90), (120, 30))
    assert boxes(picture) == [CAT]


def test_second_press_at_a_corner_draws_nothing(picture):
    """A press beside the first corner, as in a shaky double click, sets no second corner."""
    picture.click((20, 30), (22, 32), (120, 90))
    assert boxes(picture) == [CAT]


def test_double_click_draws_nothing(picture):
    """A double click on the image begins no box."""
    picture.page.mouse.dblclick(*picture.place(20, 30))
    assert picture.submit() == {"boundingBoxes": [], "inputImageProperties": SIZE}


def test_keyboard_draws_boxes(picture):
    """A digit chooses the label, arrow keys move the cross from the middle, Space sets corners."""
    picture.sheet.focus()
    picture.press("2", "ArrowUp*5", "Space", "ArrowRight*12", "ArrowDown*8", "Enter")
    assert picture.submit() == {"boundingBoxes": [DOG], "inputImageProperties": SIZE}


def test_shift_moves_the_cross_by_one_pixel(picture):
    """With Shift, an arrow key moves the cross by one pixel of the image."""
    picture.sheet.focus()
    picture.press("Space", "Shift+ArrowRight*3", "Shift+ArrowDown*2", "Space")
    assert boxes(picture) == [{"height": 2, "label": "Cat", "left": 200, "top": 150, "width": 3}]


@pytest.fixture
def phone(new_page):
    """A page on a phone."""
    return new_page(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})


def touch(picture, *steps):
    """Move fingers over points: each step has a point for each finger."""
    fingers = picture.page.context.new_cdp_session(picture.page)
    kind = "touchStart"
    for points in steps:
        places = [picture.place(*point) for point in points]
        touches = [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(places)]
        kind = kind if touches else "touchEnd"
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
        kind = "touchMove"


def test_page_follows_the_cross(new_page):
    """In a window that is lower than the image, the page scrolls to the cross."""
    page = new_page(viewport={"width": 800, "height": 200})
    with open_picture(page, TAG, LABELS) as picture:
        picture.sheet.focus()
        picture.press("ArrowDown*15")
        bottom = picture.sheet.evaluate("sheet => sheet.getBoundingClientRect().bottom")
        assert bottom == pytest.approx(200 - 24, abs=1)


def test_touch_draws_boxes(phone):
    """A finger draws a box."""
    with open_picture(phone, TAG, LABELS, src="/large.svg") as picture:
        touch(picture, [(400, 400)], [(600, 500)], [(800, 700)], [])
        (box,) = boxes(picture)
        assert box.pop("label") == "Cat"
        expected = {"height": 300, "left": 400, "top": 400, "width": 400}
        assert box == pytest.approx(expected, abs=5)


def test_two_fingers_move_the_image(phone):
    """Two fingers move an enlarged image, and draw nothing."""
    with open_picture(phone, TAG, LABELS, src="/large.svg") as picture:
        for _ in range(3):
            picture.button("Zoom in").click()
        viewport = picture.element.locator(".viewport")
        before = viewport.evaluate("node => node.scrollLeft")
        touch(picture, [(700, 400)], [(700, 400), (800, 400)], [(600, 450), (700, 450)], [])
        picture.page.wait_for_function(
            "document.querySelector('crowd-bounding-box').fingers.size === 0"
        )
        assert viewport.evaluate("node => node.scrollLeft") > before + 50
        assert boxes(picture) == []
        assert picture.element.evaluate("element => element.draft") == []


@pytest.mark.parametrize(
    "options",
    [
        {"viewport": {"width": 390, "height": 844}},
        {"viewport": {"width": 1280, "height": 800}, "device_scale_factor": 2},
        {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2},
    ],
)
def test_coordinates_are_those_of_the_natural_size(new_page, options):
    """In an image that is scaled to the window, coordinates are pixels of its natural size."""
    page = new_page(**options)
    with open_picture(page, TAG, LABELS, src="/large.svg") as picture:
        picture.drag((160, 240), (1440, 960))
        (box,) = boxes(picture)
        scale = picture.element.locator("img").bounding_box()["width"] / 1600
        assert scale < 0.8
        close = pytest.approx(0, abs=1 / scale)
        assert box["left"] - 160 == close
        assert box["top"] - 240 == close
        assert box["left"] + box["width"] - 1440 == close
        assert box["top"] + box["height"] - 960 == close
        assert picture.value["inputImageProperties"] == {"height": 1200, "width": 1600}


def test_coordinates_in_a_zoomed_and_scrolled_image(picture):
    """In an image that is enlarged and scrolled, coordinates are pixels of its natural size."""
    for _ in range(4):
        picture.button("Zoom in").click()
    picture.element.locator(".viewport").evaluate("node => node.scrollTo(300, 200)")
    assert picture.element.locator("img").bounding_box()["width"] == pytest.approx(2025)
    picture.page.evaluate("window.scrollTo(0, 60)")
    picture.drag((100, 80), (160, 120))
    assert boxes(picture) == [{"height": 40, "label": "Cat", "left": 100, "top": 80, "width": 60}]


def test_coordinates_after_the_window_has_changed(page):
    """When the window gets narrower, so does the image, and coordinates stay right."""
    with open_picture(page, TAG, LABELS, src="/large.svg") as picture:
        page.set_viewport_size({"width": 416, "height": 800})
        image = "document.querySelector('crowd-bounding-box').image"
        page.wait_for_function(f"{image}.getBoundingClientRect().width === 400")
        picture.drag((400, 200), (800, 600))
        expected = {"height": 400, "label": "Cat", "left": 400, "top": 200, "width": 400}
        assert boxes(picture) == [expected]


def test_fit_shows_the_whole_image(picture):
    """The button "Fit the image to the window" ends the zoom."""
    picture.button("Zoom in").click()
    picture.button("Fit the image to the window").click()
    assert picture.element.locator("img").bounding_box()["width"] == 400


def test_box_ends_at_the_edge_of_the_image(picture):
    """A box that is dragged beyond the image ends at its edge."""
    picture.drag((350, 250), (450, 320))
    assert boxes(picture) == [{"height": 50, "label": "Cat", "left": 350, "top": 250, "width": 50}]


def test_initial_value_is_part_of_the_answer(filled):
    """The answer has the boxes of initial-value, and tells that they are unchanged."""
    assert filled.submit() == {
        "boundingBoxes": [CAT, DOG],
        "initialValueModified": False,
        "inputImageProperties": SIZE,
    }


def test_initial_value_modified(filled):
    """The answer tells that a box of initial-value has changed."""
    filled.button("Remove box 2, Dog").click()
    assert filled.value == {
        "boundingBoxes": [CAT],
        "initialValueModified": True,
        "inputImageProperties": SIZE,
    }


def test_initial_value_as_templates_write_it(page):
    """initial-value can be an object of JavaScript with comments."""
    text = """[
        {label: 'Cat', left: 20, top: 30, width: 100, height: 60}, // a comment
        {label: 'Bird', left: 20, top: 30, width: 100, height: 60},
    ]"""
    with open_picture(page, TAG, f'{LABELS} initial-value="{text}"') as picture:
        assert boxes(picture) == [CAT]


def test_mouse_moves_a_box(filled):
    """Dragging the line of a box moves it, within the image."""
    filled.drag((70, 30), (100, 50))
    assert boxes(filled) == [{**CAT, "left": 50, "top": 50}, DOG]
    filled.drag((100, 50), (-200, 60))
    assert boxes(filled) == [{**CAT, "left": 0, "top": 60}, DOG]


def test_mouse_resizes_a_box(filled):
    """Dragging a corner of the selected box resizes it; the opposite corner stays."""
    filled.click((20, 60))
    filled.drag((120, 90), (150, 110))
    assert boxes(filled) == [{**CAT, "width": 130, "height": 80}, DOG]


def test_keyboard_moves_and_resizes_a_box(filled):
    """Tab goes to a box and to its corners, and arrow keys move them."""
    filled.sheet.focus()
    filled.press("Tab", "ArrowRight", "Shift+ArrowDown")
    assert boxes(filled)[0] == {**CAT, "left": 30, "top": 31}
    filled.press("Tab", "ArrowLeft", "ArrowUp*2")
    assert boxes(filled)[0] == {**CAT, "left": 20, "top": 11, "width": 110, "height": 80}


def test_selected_box_gets_another_label(filled):
    """Pressing a label changes the label of the selected box, and no other."""
    filled.click((320, 140))
    filled.label("Kid's toy").click()
    assert boxes(filled) == [CAT, {**DOG, "label": "Kid's toy"}]


def test_drawn_box_keeps_its_label(picture):
    """A box that has just been drawn is not selected: the next label is for the next box."""
    picture.drag((20, 30), (120, 90))
    picture.label("Dog").click()
    assert boxes(picture) == [CAT]


def test_digit_relabels_the_focused_box(filled):
    """A digit changes the label of the box that has the focus."""
    filled.sheet.focus()
    filled.press("Tab", "2")
    assert boxes(filled) == [{**CAT, "label": "Dog"}, DOG]
    assert filled.status.text_content() == "Box 1, Dog, 100 by 60 at 20, 30: label changed."


def test_delete_removes_the_focused_box(filled):
    """Delete removes the box that has the focus; the focus goes to the image."""
    filled.sheet.focus()
    filled.press("Tab", "Delete")
    assert boxes(filled) == [DOG]
    assert filled.status.text_content() == "Box 1, Cat, 100 by 60 at 20, 30: removed. 1 box left."
    assert filled.sheet.evaluate("sheet => sheet.getRootNode().activeElement === sheet")


def test_box_of_the_list_gets_the_focus(filled):
    """Pressing a box in the list below the image moves the focus to the box."""
    filled.element.get_by_role("list", name="Boxes").get_by_role(
        "button", name="Select box 2"
    ).click()
    filled.press("ArrowUp")
    assert boxes(filled) == [CAT, {**DOG, "top": 90}]


def test_undo_and_redo(picture):
    """Ctrl+Z undoes each change, and Ctrl+Y does it again."""
    picture.drag((20, 30), (120, 90))
    picture.drag((200, 100), (320, 180))
    picture.press("Control+z")
    assert boxes(picture) == [CAT]
    picture.press("Control+z", "Control+z")
    assert boxes(picture) == []
    assert picture.status.text_content() == "Nothing to undo."
    picture.press("Control+y")
    assert boxes(picture) == [CAT]
    picture.press("Control+Shift+z")
    assert boxes(picture) == [CAT, {**DOG, "label": "Cat"}]


def test_undo_takes_moves_by_keyboard_together(filled):
    """Moves of one box by arrow keys are undone together."""
    filled.sheet.focus()
    filled.press("Tab", "ArrowRight*5", "Control+z")
    assert boxes(filled) == [CAT, DOG]


def test_undo_button(filled):
    """The button "Undo" undoes a change, too."""
    filled.button("Remove box 1, Cat").click()
    filled.button("Undo").click()
    assert boxes(filled) == [CAT, DOG]


def test_escape_cancels_the_box_being_drawn(picture):
    """Escape cancels a box that has one corner; the next Space begins another."""
    picture.sheet.focus()
    picture.press("Space", "ArrowRight*3", "Escape")
    assert picture.status.text_content() == "The box is canceled."
    picture.press("Space", "ArrowRight*2", "ArrowDown*2", "Space")
    assert boxes(picture) == [{"height": 20, "label": "Cat", "left": 230, "top": 150, "width": 20}]


def test_escape_cancels_a_drag(filled):
    """Escape while a box is dragged puts it back."""
    mouse = filled.page.mouse
    mouse.move(*filled.place(70, 30))
    mouse.down()
    mouse.move(*filled.place(170, 130), steps=3)
    filled.press("Escape")
    mouse.up()
    assert boxes(filled) == [CAT, DOG]


def test_box_without_height_is_refused(picture):
    """A box needs a width and a height; the status says so."""
    picture.sheet.focus()
    picture.press("Space", "ArrowRight*3", "Space")
    assert picture.status.text_content() == "A box needs a width and a height."
    assert boxes(picture) == []


def test_unfinished_box_is_told_at_submit(picture):
    """A form with a box that has one corner is not submitted; the element says what to do."""
    picture.click((20, 30))
    picture.button("Submit").or_(picture.page.get_by_role("button", name="Submit")).click()
    error = picture.element.get_by_role("alert")
    assert error.text_content() == (
        "One box is not finished: press Enter to finish it, or Escape to cancel it."
    )
    picture.press("Escape")
    assert picture.submit() == {"boundingBoxes": [], "inputImageProperties": SIZE}


def test_empty_answer_can_be_submitted(picture):
    """An image without boxes can be submitted: there may be nothing to mark."""
    assert picture.submit() == {"boundingBoxes": [], "inputImageProperties": SIZE}


def test_broken_image_is_told_and_can_be_submitted(page):
    """An image that cannot be loaded is told with its address; the form can be submitted."""
    html = f'<crowd-form><{TAG} name="drawing" src="/none.png" {LABELS}></{TAG}></crowd-form>'
    with open_crowd_page(page, html, files=FILES) as crowd_page:
        message = (
            "The image cannot be loaded: /none.png. You can submit without it, or return the task."
        )
        page.get_by_role("alert").get_by_text(message).wait_for()
        assert crowd_page.submit() == {
            "drawing": {"boundingBoxes": [], "inputImageProperties": {"height": 0, "width": 0}}
        }


def test_script_changes_src(picture):
    """A script can set src: the new image is shown, without the boxes of the old one."""
    picture.drag((20, 30), (120, 90))
    picture.element.evaluate("element => { element.src = '/large.svg'; }")
    picture.page.wait_for_function(
        f"document.querySelector('{TAG}').value.inputImageProperties.width === 1600"
    )
    assert boxes(picture) == []


def test_script_mends_a_broken_image(page):
    """After a broken image, a script can set src to one that can be loaded."""
    html = f'<crowd-form><{TAG} name="drawing" src="/none.png" {LABELS}></{TAG}></crowd-form>'
    with open_crowd_page(page, html, files=FILES):
        alert = page.get_by_role("alert").get_by_text("The image cannot be loaded")
        alert.wait_for()
        page.locator(TAG).evaluate("element => element.setAttribute('src', '/cat.svg')")
        page.locator(TAG).get_by_role("application").wait_for()
        assert alert.count() == 0


def test_script_sets_value(picture):
    """A script can set the value."""
    value = {"boundingBoxes": [DOG]}
    picture.element.evaluate("(element, value) => { element.value = value; }", value)
    assert picture.value == {"boundingBoxes": [DOG], "inputImageProperties": SIZE}


def test_element_made_by_a_script(page):
    """A script can make the element after the page has been loaded, with a value."""
    with open_crowd_page(page, "<crowd-form></crowd-form>", files=FILES):
        page.evaluate(
            """(value) => {
                const made = document.createElement("crowd-bounding-box");
                made.labels = ["Cat"];
                made.src = "/cat.svg";
                made.value = value;
                made.focus();
                document.querySelector("crowd-form form").append(made);
            }""",
            {"boundingBoxes": [CAT]},
        )
        page.get_by_role("application").wait_for()
        assert page.locator(TAG).evaluate("element => element.value") == {
            "boundingBoxes": [CAT],
            "inputImageProperties": SIZE,
        }


def test_changes_dispatch_input_and_change(picture):
    """Each change dispatches input and change, which bubble to the page."""
    picture.page.evaluate(
        """() => {
            window.heard = [];
            const hear = (event) => heard.push(`${event.type} ${event.target.localName}`);
            document.addEventListener("input", hear);
            document.addEventListener("change", hear);
        }"""
    )
    picture.drag((20, 30), (120, 90))
    assert picture.page.evaluate("heard") == [f"input {TAG}", f"change {TAG}"]


def test_missing_labels_are_told(page):
    """An element without labels says so."""
    with open_picture(page, TAG, 'labels="{{ labels }}"') as picture:
        assert picture.element.get_by_role("alert").text_content() == (
            "This task has no labels: its attribute “labels” is empty or cannot be read."
        )


def test_script_sets_labels(filled):
    """A script can set labels: boxes with other labels go."""
    filled.element.evaluate("element => { element.labels = ['Dog', 'Bird']; }")
    assert filled.label("Bird").is_visible()
    assert boxes(filled) == [DOG]


def test_labels_can_have_quotes(page):
    """Labels can have quotes, as JSON and in single quotes."""
    texts = ['5" screw', "it's"]
    labels = json.dumps(texts).replace('"', "&quot;")
    with open_picture(page, TAG, f'labels="{labels}"') as picture:
        buttons = picture.element.get_by_role("group", name="Labels").get_by_role("button")
        assert [text.rstrip("12") for text in buttons.all_text_contents()] == texts


def test_instructions_are_shown(page):
    """The page's instructions are shown: the full ones after a press on their header."""
    inside = """<short-instructions>Draw tight boxes.</short-instructions>
        <full-instructions header="Rules">Leave no margin.</full-instructions>"""
    with open_picture(page, TAG, f'{LABELS} header="Find cats"', inside=inside) as picture:
        assert page.get_by_role("heading", name="Find cats").is_visible()
        assert page.get_by_text("Draw tight boxes.").is_visible()
        assert not page.get_by_text("Leave no margin.").is_visible()
        picture.element.get_by_text("Rules").click()
        assert page.get_by_text("Leave no margin.").is_visible()


def test_screen_reader_hears_the_boxes(filled):
    """Labels, the image and each box have roles and names."""
    tree = filled.element.aria_snapshot()
    assert '- group "Labels":' in tree
    assert '- button "Cat" [pressed]' in tree
    assert '- application "Image to draw boxes on":' in tree
    assert '- group "Boxes":' in tree
    assert '- button "Box 1, Cat, 100 by 60 at 20, 30"' in tree
    assert '- button "Remove box 2, Dog"' in tree


def test_disabled_element_cannot_be_drawn_in(page):
    """In a disabled element nothing can be drawn or removed."""
    with open_picture(page, TAG, f"{INITIAL} disabled") as picture:
        picture.drag((130, 200), (180, 260))
        assert picture.button("Remove box 1, Cat").is_disabled()
        assert boxes(picture) == [CAT, DOG]
