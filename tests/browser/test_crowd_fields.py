"""crowd-* elements that are fields: filled by mouse and by keyboard, and what they send."""

from __future__ import annotations

import re

import pytest

from tests.browser.crowd_pages import open_crowd_page

CHECKBOXES = """
    <crowd-checkbox name="image" value="blurry">Blurry</crowd-checkbox>
    <crowd-checkbox name="image" value="dim">Too dim</crowd-checkbox>
    <crowd-checkbox name="image" value="exposed" checked>Too bright</crowd-checkbox>
"""
SWITCHES = """
    <crowd-toggle-button name="mail">By mail</crowd-toggle-button>
    <crowd-toggle-button name="phone" value="sms" checked>By SMS</crowd-toggle-button>
"""
RADIOS = """
    <crowd-radio-group>
        <crowd-radio-button name="tech" value="yes">Technology</crowd-radio-button>
        <crowd-radio-button name="politics">Politics</crowd-radio-button>
        <crowd-radio-button name="sports" value="yes" disabled>Sports</crowd-radio-button>
        <crowd-radio-button name="arts" value="yes">Arts</crowd-radio-button>
    </crowd-radio-group>
"""
SLIDER = '<crowd-slider name="much" label="How much?" min="1" max="5" {}></crowd-slider>'


def form(content):
    return f"<crowd-form>{content}</crowd-form>"


# Texts -------------------------------------------------------------------------------------------


def test_input_filled_by_mouse(page):
    """A crowd-input sends its text under its name."""
    html = form('<crowd-input name="tag" label="First word"></crowd-input>')
    with open_crowd_page(page, html) as task:
        page.get_by_label("First word").click()
        page.keyboard.insert_text("café")
        assert task.submit() == {"tag": "café"}


def test_input_filled_by_keyboard(page):
    """A crowd-input and the submit button are reached by the tab key."""
    html = form('<crowd-input name="tag" label="First word"></crowd-input>')
    with open_crowd_page(page, html) as task:
        page.keyboard.press("Tab")
        page.keyboard.type("two words")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert task.wait() == {"tag": "two words"}


@pytest.mark.parametrize("tag", ["crowd-input", "crowd-text-area"])
def test_an_empty_text_is_left_out(page, tag):
    """A crowd-input or crowd-text-area without text sends nothing."""
    with open_crowd_page(page, form(f'<{tag} name="tag"></{tag}>')) as task:
        assert task.submit() == {}


@pytest.mark.parametrize("tag", ["crowd-input", "crowd-text-area"])
def test_a_preset_text_is_sent(page, tag):
    """A crowd-input or crowd-text-area sends its value attribute unless the worker changes it."""
    with open_crowd_page(page, form(f'<{tag} name="tag" value="preset"></{tag}>')) as task:
        assert task.submit() == {"tag": "preset"}


def test_input_type_number_sends_text(page):
    """A crowd-input of the type number sends text."""
    html = form('<crowd-input name="age" label="Age" type="number"></crowd-input>')
    with open_crowd_page(page, html) as task:
        page.get_by_role("spinbutton", name="Age").fill("41")
        assert task.submit() == {"age": "41"}


def test_input_type_file_sends_the_name(page):
    """A crowd-input of the type file sends the name of the chosen file."""
    html = form('<crowd-input name="photo" label="Photo" type="file"></crowd-input>')
    with open_crowd_page(page, html) as task:
        chosen = {"name": "cat.png", "mimeType": "image/png", "buffer": b"x"}
        page.get_by_label("Photo").set_input_files(chosen)
        assert task.submit() == {"photo": "cat.png"}


def test_text_area_filled_by_keyboard(page):
    """A crowd-text-area takes several lines, and sends them with line feeds."""
    html = form('<crowd-text-area name="essay" label="Essay" rows="3"></crowd-text-area>')
    with open_crowd_page(page, html) as task:
        page.keyboard.press("Tab")
        page.keyboard.type("One\nTwo")
        assert task.submit() == {"essay": "One\nTwo"}


def test_text_area_filled_by_mouse(page):
    """A crowd-text-area is named by its label for screen readers, and takes text after a click."""
    html = form('<crowd-text-area name="essay" label="Essay"></crowd-text-area>')
    with open_crowd_page(page, html) as task:
        page.get_by_role("textbox", name="Essay").click()
        page.keyboard.insert_text("Short")
        assert task.submit() == {"essay": "Short"}


def test_text_area_counts_characters(page):
    """A crowd-text-area with char-counter shows how many characters it has and may have."""
    html = form('<crowd-text-area name="e" char-counter max-length="20"></crowd-text-area>')
    with open_crowd_page(page, html):
        page.get_by_role("textbox").fill("seven c")
        assert page.get_by_text("7 / 20 characters").is_visible()


def test_text_area_grows_up_to_max_rows(page):
    """A crowd-text-area grows with its text, up to max-rows."""
    html = form('<crowd-text-area name="e" rows="2" max-rows="4"></crowd-text-area>')
    with open_crowd_page(page, html):
        field = page.get_by_role("textbox")
        heights = []
        for lines in (1, 3, 4, 9):
            field.fill("\n".join("x" * lines))
            heights.append(field.bounding_box()["height"])
        assert heights[0] < heights[1] < heights[2] == heights[3]


def test_max_length_ignores_further_characters(page):
    """Characters beyond the max-length of a crowd-input are ignored."""
    html = form('<crowd-input name="zip" label="ZIP" max-length="5"></crowd-input>')
    with open_crowd_page(page, html) as task:
        page.get_by_label("ZIP").press_sequentially("1234567")
        assert task.submit() == {"zip": "12345"}


def test_allowed_pattern_ignores_other_characters(page):
    """With auto-validate, a crowd-input ignores characters that its allowed-pattern lacks."""
    html = form(
        '<crowd-input name="zip" label="ZIP" auto-validate allowed-pattern="[0-9]"></crowd-input>'
    )
    with open_crowd_page(page, html) as task:
        field = page.get_by_label("ZIP")
        field.press_sequentially("1a2")
        field.press("Home")
        field.press_sequentially("-9x8")
        assert task.submit() == {"zip": "9812"}


def test_an_allowed_pattern_of_a_whole_text_lets_the_worker_type(page):
    """An allowed-pattern that no single character matches is for the whole text."""
    html = form(
        '<crowd-input name="zip" label="ZIP" auto-validate allowed-pattern="\\d{5}"></crowd-input>'
    )
    with open_crowd_page(page, html) as task:
        page.get_by_label("ZIP").fill("123456")
        page.get_by_role("button", name="Submit").click()
        error = page.get_by_role("alert")
        assert error.inner_text() == r"Write text that matches the pattern \d{5}."
        page.get_by_label("ZIP").fill("12345")
        assert task.submit() == {"zip": "12345"}


def test_allowed_pattern_does_nothing_without_auto_validate(page):
    """Without auto-validate, a crowd-input takes characters that its allowed-pattern lacks."""
    html = form('<crowd-input name="zip" label="ZIP" allowed-pattern="[0-9]"></crowd-input>')
    with open_crowd_page(page, html) as task:
        page.get_by_label("ZIP").press_sequentially("1a")
        assert task.submit() == {"zip": "1a"}


def test_auto_focus(page):
    """A crowd-input with auto-focus has the focus when the page is loaded."""
    html = form('<crowd-input name="a"></crowd-input><crowd-input name="b" auto-focus>')
    with open_crowd_page(page, html) as task:
        page.keyboard.type("typed")
        assert task.submit() == {"b": "typed"}


# Checkboxes and switches -------------------------------------------------------------------------


def test_checkboxes_filled_by_mouse(page):
    """Checkboxes of one name send one object of booleans by their values."""
    with open_crowd_page(page, form(CHECKBOXES)) as task:
        page.get_by_text("Blurry").click()
        page.get_by_role("checkbox", name="Too bright").click()
        assert task.submit() == {"image": {"blurry": True, "dim": False, "exposed": False}}


def test_checkboxes_filled_by_keyboard(page):
    """The space key switches a crowd-checkbox."""
    with open_crowd_page(page, form(CHECKBOXES)) as task:
        for key in ("Tab", "Tab", "Space", "Tab", "Space", "Space"):
            page.keyboard.press(key)
        assert task.submit() == {"image": {"blurry": False, "dim": True, "exposed": True}}


def test_a_checkbox_without_value_sends_on(page):
    """A crowd-checkbox without a value sends its state as "on"."""
    html = form('<crowd-checkbox name="found">Website found</crowd-checkbox>')
    with open_crowd_page(page, html) as task:
        page.get_by_role("checkbox", name="Website found").check()
        assert task.submit() == {"found": {"on": True}}


def test_toggle_buttons_filled_by_mouse(page):
    """A crowd-toggle-button is a switch that sends an object with a boolean."""
    with open_crowd_page(page, form(SWITCHES)) as task:
        page.get_by_role("switch", name="By mail").click()
        assert task.submit() == {"mail": {"on": True}, "phone": {"sms": True}}


def test_toggle_buttons_filled_by_keyboard(page):
    """The space key switches a crowd-toggle-button."""
    with open_crowd_page(page, form(SWITCHES)) as task:
        for key in ("Tab", "Tab", "Space"):
            page.keyboard.press(key)
        assert task.submit() == {"mail": {"on": False}, "phone": {"sms": False}}


def test_a_label_of_the_page_switches_a_checkbox(page):
    """A label element of the page for a crowd-checkbox names and switches it."""
    html = form('<label for="c">Agree</label><crowd-checkbox id="c" name="agree"></crowd-checkbox>')
    with open_crowd_page(page, html) as task:
        page.get_by_text("Agree").click()
        assert page.get_by_role("checkbox", name="Agree").is_checked()
        assert task.submit() == {"agree": {"on": True}}


def test_a_disabled_element_sends_nothing(page):
    """An element that is disabled, by itself or by a fieldset, sends nothing."""
    html = form(
        '<crowd-checkbox name="a" disabled>A</crowd-checkbox>'
        '<fieldset disabled><crowd-input name="b" value="text" required></crowd-input></fieldset>'
        '<crowd-input name="c" value="text" required></crowd-input>'
    )
    with open_crowd_page(page, html) as task:
        assert page.get_by_role("checkbox", name="A").is_disabled()
        assert page.get_by_role("textbox").first.is_disabled()
        assert task.submit() == {"c": "text"}


# Radio buttons -----------------------------------------------------------------------------------


def test_radio_buttons_filled_by_mouse(page):
    """Each button of a crowd-radio-group sends its state; only one is on."""
    with open_crowd_page(page, form(RADIOS)) as task:
        page.get_by_role("radio", name="Technology").click()
        page.get_by_text("Politics").click()
        expected = {"tech": {"yes": False}, "politics": {"on": True}, "arts": {"yes": False}}
        assert task.submit() == expected


def test_radio_buttons_filled_by_keyboard(page):
    """Arrow keys choose in a crowd-radio-group, past disabled buttons and around its ends."""
    with open_crowd_page(page, form(RADIOS)) as task:
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        assert page.get_by_role("radio", name="Technology").is_checked()
        page.keyboard.press("ArrowUp")
        assert page.get_by_role("radio", name="Arts").is_checked()
        for key in ("ArrowDown", "ArrowRight"):
            page.keyboard.press(key)
        page.keyboard.press("Tab")
        assert page.get_by_role("button", name="Submit").and_(page.locator(":focus")).count() == 1
        page.keyboard.press("Enter")
        expected = {"tech": {"yes": False}, "politics": {"on": True}, "arts": {"yes": False}}
        assert task.wait() == expected


def test_radio_buttons_of_one_name_are_one_group(page):
    """Radio buttons of one name outside a group send one object, and only one is on."""
    html = form(
        '<crowd-radio-button name="mood" value="good">Good</crowd-radio-button>'
        '<crowd-radio-button name="mood" value="bad" checked>Bad</crowd-radio-button>'
        '<crowd-radio-button name="other" value="x" checked>Other</crowd-radio-button>'
    )
    with open_crowd_page(page, html) as task:
        page.get_by_role("radio", name="Good").click()
        assert task.submit() == {"mood": {"good": True, "bad": False}, "other": {"x": True}}


# Sliders -----------------------------------------------------------------------------------------


def test_slider_filled_by_mouse(page):
    """A crowd-slider sends a number."""
    with open_crowd_page(page, form(SLIDER.format("pin"))) as task:
        slider = page.get_by_role("slider", name="How much?")
        box = slider.bounding_box()
        page.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
        assert task.submit() == {"much": 5}


def test_slider_filled_by_keyboard(page):
    """Arrow keys move a crowd-slider by its step, and its pin shows the number."""
    with open_crowd_page(page, form(SLIDER.format('pin step="0.5"'))) as task:
        for key in ("Tab", "ArrowRight", "ArrowRight", "ArrowRight"):
            page.keyboard.press(key)
        assert page.locator(".pin").inner_text() == "2.5"
        assert task.submit() == {"much": 2.5}


def test_slider_edited(page):
    """A crowd-slider with editable has a number field that moves the knob."""
    with open_crowd_page(page, form(SLIDER.format("editable"))) as task:
        page.get_by_role("spinbutton", name="How much?").fill("4")
        assert page.get_by_role("slider").input_value() == "4"
        assert task.submit() == {"much": 4}


@pytest.mark.parametrize(
    ("attributes", "number"), [("", 1), ('value="3"', 3), ('value="3" required', 3)]
)
def test_an_untouched_slider_sends_its_preset_or_the_minimum(page, attributes, number):
    """A crowd-slider that the worker leaves alone sends its value, or else its minimum."""
    with open_crowd_page(page, form(SLIDER.format(attributes))) as task:
        assert task.submit() == {"much": number}


@pytest.mark.parametrize("attributes", ["required", 'required value="-1"'])
def test_a_required_slider_must_be_moved(page, attributes):
    """A required crowd-slider without a preset on its scale asks for an answer.

    A click on its knob is one.
    """
    with open_crowd_page(page, form(SLIDER.format(attributes))) as task:
        page.get_by_role("button", name="Submit").click()
        assert page.get_by_role("alert").inner_text() == "Move the slider to your answer."
        box = page.get_by_role("slider").bounding_box()
        page.mouse.click(box["x"] + 12, box["y"] + box["height"] / 2)
        assert task.submit() == {"much": 1}


# Errors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ('<crowd-input name="a" required></crowd-input>', "Fill in this field."),
        ('<crowd-text-area name="a" required></crowd-text-area>', "Fill in this field."),
        ('<crowd-input name="a" required error-message="A word."></crowd-input>', "A word."),
        (
            '<crowd-input name="a" value="ab" min-length="3"></crowd-input>',
            "Write at least 3 characters; now there are 2.",
        ),
        (
            '<crowd-input name="a" value="abc" max-length="2"></crowd-input>',
            "Write at most 2 characters; now there are 3.",
        ),
        ('<crowd-input name="a" type="email" value="x" error-message="Mail?">', "Mail?"),
        ('<crowd-checkbox name="a" required>A</crowd-checkbox>', "Check this box."),
        ('<crowd-checkbox name="a" required invalid-message="Agree.">A</crowd-checkbox>', "Agree."),
        ('<crowd-toggle-button name="a" required>A</crowd-toggle-button>', "Switch this on."),
        ('<crowd-radio-button name="a" required>A</crowd-radio-button>', "Choose one of these."),
        (
            '<crowd-radio-group required><crowd-radio-button name="a">A</crowd-radio-button>'
            '<crowd-radio-button name="b">B</crowd-radio-button></crowd-radio-group>',
            "Choose one of these.",
        ),
    ],
)
def test_an_error_is_shown_announced_and_focused(page, html, message):
    """An error is told in words at its element, which is focused; screen readers announce it."""
    with open_crowd_page(page, form(html)) as task:
        page.get_by_role("button", name="Submit").click()
        error = page.get_by_role("alert")
        assert error.inner_text() == message
        focused = page.locator(":focus").last
        assert focused.get_attribute("aria-invalid") == "true"
        assert focused.get_attribute("aria-describedby") == error.get_attribute("id")
        assert task.posts == []


def test_an_error_goes_when_it_is_mended(page):
    """An error disappears while the worker mends it."""
    html = form('<crowd-input name="a" label="A" required min-length="2"></crowd-input>')
    with open_crowd_page(page, html) as task:
        page.get_by_role("button", name="Submit").click()
        field = page.get_by_label("A")
        field.press("x")
        message = "Write at least 2 characters; now there are 1."
        assert page.get_by_role("alert").inner_text() == message
        field.press("y")
        assert page.get_by_role("alert").count() == 0
        assert field.get_attribute("aria-invalid") is None
        assert task.submit() == {"a": "xy"}


def test_a_chosen_radio_button_mends_the_error_of_its_group(page):
    """The error of a crowd-radio-group disappears when any of its buttons is chosen."""
    html = form(RADIOS.replace("<crowd-radio-group>", "<crowd-radio-group required>"))
    with open_crowd_page(page, html):
        page.get_by_role("button", name="Submit").click()
        assert page.get_by_role("alert").inner_text() == "Choose one of these."
        page.get_by_role("radio", name="Politics").click()
        assert page.get_by_role("alert").count() == 0


def test_all_errors_are_shown_and_the_first_is_focused(page):
    """All errors are shown at once; the focus moves to the first field in page order."""
    html = form(
        '<crowd-input name="a" value="fine"></crowd-input>'
        '<input name="b" required aria-label="B">'
        '<crowd-input name="c" label="C" required></crowd-input>'
        '<crowd-text-area name="d" required></crowd-text-area>'
    )
    with open_crowd_page(page, html) as task:
        page.get_by_role("button", name="Submit").click()
        assert page.get_by_role("alert").count() == 2
        assert page.evaluate("document.activeElement.name") == "b"
        page.get_by_label("B").fill("b")
        page.get_by_role("button", name="Submit").click()
        assert page.evaluate("document.activeElement.name") == "c"
        assert task.posts == []


def test_a_field_that_the_page_hides_is_not_checked(page):
    """Required fields that the page hides do not block the form."""
    html = form('<div style="display: none"><crowd-input name="a" required></crowd-input></div>')
    with open_crowd_page(page, html) as task:
        assert task.submit() == {}


# Names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ('<crowd-input label="Label" placeholder="Hint" name="n"></crowd-input>', "Label"),
        ('<label for="x">Page</label><crowd-input id="x" name="n"></crowd-input>', "Page"),
        ('<label>Around <crowd-input name="n"></crowd-input></label>', "Around"),
        ('<crowd-input aria-label="Aria" name="n"></crowd-input>', "Aria"),
        ('<crowd-input placeholder="Hint" name="n"></crowd-input>', "Hint"),
        ('<crowd-input name="n"></crowd-input>', "n"),
    ],
)
def test_accessible_name_of_an_input(page, html, name):
    """A crowd-input is named by its label, a label of the page, its placeholder or its name."""
    with open_crowd_page(page, form(html)):
        assert page.get_by_role("textbox", name=re.compile(f"^{name}$")).is_visible()


def test_radio_buttons_are_in_a_group(page):
    """A crowd-radio-group is a radiogroup for screen readers."""
    with open_crowd_page(page, form(RADIOS)):
        assert page.get_by_role("radiogroup").get_by_role("radio").count() == 4
