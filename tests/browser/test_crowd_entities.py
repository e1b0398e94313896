"""crowd-entity-annotation: words of a text labeled by mouse, touch and keyboard."""

from __future__ import annotations

import json

import pytest

from tests.browser.crowd_pages import open_crowd_page
from tests.browser.drawing import press_keys

TAG = "crowd-entity-annotation"
TEXT = "Ada Lovelace met Charles Babbage in June 1833."
LABELS = """labels="[{'label': 'person', 'shortDisplayName': 'per', 'fullDisplayName': 'Person'},
    {'label': 'date', 'shortDisplayName': 'dat'}, 'place']" """
ADA = {"endOffset": 12, "label": "person", "startOffset": 0}
CHARLES = {"endOffset": 32, "label": "person", "startOffset": 17}
JUNE = {"endOffset": 45, "label": "date", "startOffset": 36}


class Text:
    """An element with a text, in a page."""

    def __init__(self, crowd_page):
        self.crowd_page = crowd_page
        self.page = crowd_page.page
        self.element = self.page.locator(TAG)
        self.box = self.element.get_by_role("application", name="Text to label")
        self.status = self.element.get_by_role("status")

    def label(self, name):
        """Return the button of a label."""
        return self.element.get_by_role("group", name="Labels").get_by_role("button", name=name)

    def entity(self, words):
        """Return an entity that is shown."""
        return self.box.locator("mark").filter(has_text=words)

    def place(self, words, is_end=False):
        """Return where words begin or end in the window."""
        return self.box.evaluate(
            """(box, [words, isEnd]) => {
                const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    const at = node.data.indexOf(words);
                    if (at >= 0) {
                        const range = document.createRange();
                        range.setStart(node, at);
                        range.setEnd(node, at + words.length);
                        const rect = range.getBoundingClientRect();
                        return [isEnd ? rect.right : rect.left, rect.top + rect.height / 2];
                    }
                }
            }""",
            [words, is_end],
        )

    def select(self, start, end):
        """Drag the mouse from the start of words to the end of words."""
        self.page.mouse.move(*self.place(start))
        self.page.mouse.down()
        self.page.mouse.move(*self.place(end, is_end=True), steps=4)
        self.page.mouse.up()
        self.page.evaluate("new Promise((resolve) => setTimeout(resolve))")

    def press(self, *keys):
        """Press keys, as `press_keys` does."""
        press_keys(self.page, *keys)

    @property
    def entities(self):
        """The entities in the value, as scripts of the page read it."""
        return self.element.evaluate("element => element.value.entities")

    def submit(self):
        """Submit; return what the requester gets under the element's name."""
        return self.crowd_page.submit()["annotation"]


def middle(locator):
    """Return the middle of an element in the window."""
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.fixture
def open_text(page):
    """A function that opens a page with an element, and returns it."""
    stack = []

    def open_element(text=TEXT, attributes=LABELS, inside="", around="{}"):
        element = f'<{TAG} name="annotation" text="{text}" {attributes}>{inside}</{TAG}>'
        manager = open_crowd_page(page, around.format(element))
        stack.append(manager)
        opened = Text(manager.__enter__())
        opened.box.wait_for()
        return opened

    yield open_element
    for manager in stack:
        manager.__exit__(None, None, None)


@pytest.fixture
def text(open_text):
    return open_text()


@pytest.fixture
def filled(open_text):
    """An element with ADA and JUNE as its initial value."""
    return open_text(attributes=f"{LABELS} initial-value='{json.dumps([ADA, JUNE])}'")


def test_mouse_selects_words_and_then_a_label(text):
    """Words that are selected with the mouse get the label that is pressed then."""
    text.select("Ada", "Lovelace")
    assert text.status.text_content() == "Selected: “Ada Lovelace”. Choose its label."
    text.label("Person").click()
    text.select("June", "1833")
    text.label("date").click()
    assert text.submit() == {"entities": [ADA, JUNE]}


def test_mouse_selects_a_label_and_then_words(text):
    """A label that is pressed first is for each selection until it is pressed again."""
    text.label("Person").click()
    text.select("Ada", "Lovelace")
    text.select("Charles", "Babbage")
    text.label("Person").click()
    text.select("June", "1833")
    assert text.submit() == {"entities": [ADA, CHARLES]}


def test_selection_can_end_below_the_text(text):
    """A selection whose mouse button is released below the text ends with the text."""
    text.page.mouse.move(*text.place("1833"))
    text.page.mouse.down()
    text.page.mouse.move(*middle(text.status))
    text.page.mouse.up()
    text.label("date").click()
    assert text.entities == [{"endOffset": 46, "label": "date", "startOffset": 41}]


def test_selection_can_begin_above_the_text(open_text):
    """A selection that begins above the text begins with the text."""
    text = open_text(attributes=f'{LABELS} header="Find names"')
    text.page.mouse.move(*middle(text.page.get_by_role("heading")))
    text.page.mouse.down()
    text.page.mouse.move(*text.place("Lovelace", is_end=True), steps=4)
    text.page.mouse.up()
    text.label("Person").click()
    assert text.entities == [ADA]


def test_press_outside_ends_the_selection(text):
    """After a press outside of the element, a label is for the next selection."""
    text.select("Ada", "Lovelace")
    text.page.mouse.click(700, 700)
    text.label("Person").click()
    assert text.entities == []
    text.select("Charles", "Babbage")
    assert text.entities == [CHARLES]


def test_double_click_selects_a_word(text):
    """A double click selects a word, without the spaces around it."""
    text.page.mouse.dblclick(*text.place("June"))
    text.label("date").click()
    assert text.entities == [{"endOffset": 40, "label": "date", "startOffset": 36}]


def test_keyboard_labels_words(text):
    """Arrow keys go from word to word, with Shift they select more, and a digit labels them."""
    text.box.focus()
    text.press("ArrowRight", "Shift+ArrowRight", "1", "End", "ArrowLeft*2", "Shift+ArrowRight", "2")
    assert text.submit() == {"entities": [ADA, JUNE]}


def test_keyboard_says_the_selected_words(text):
    """The words that the keyboard selects are told; a punctuation mark is one of them."""
    text.box.focus()
    text.press("End")
    assert text.status.text_content() == "“.”"
    text.press("Home", "Shift+ArrowRight*2")
    assert text.status.text_content() == "“Ada Lovelace met”"


def test_keyboard_can_shrink_a_selection(text):
    """Shift with an arrow key the other way takes a word from the selection."""
    text.box.focus()
    text.press("Home", "Shift+ArrowRight*2", "Shift+ArrowLeft", "1")
    assert text.entities == [ADA]


def test_finger_selects_words(new_page):
    """Words that a phone has selected get the label that is tapped then."""
    page = new_page(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    html = f'<{TAG} name="annotation" text="{TEXT}" {LABELS}></{TAG}>'
    with open_crowd_page(page, html) as crowd_page:
        text = Text(crowd_page)
        text.box.evaluate(
            """(box) => {
                const node = box.firstChild;
                document.getSelection().setBaseAndExtent(node, 17, node, 33);
            }"""
        )
        text.page.wait_for_function(f"document.querySelector('{TAG}').range")
        text.label("Person").tap()
        assert text.entities == [CHARLES]


def test_spaces_at_the_ends_do_not_count(text):
    """Spaces at the ends of a selection are left out."""
    text.select(" met ", " met ")
    text.label("place").click()
    assert text.entities == [{"endOffset": 16, "label": "place", "startOffset": 13}]


def test_offsets_count_characters(open_text):
    """Offsets count characters as Python does: one for an emoji."""
    source = "😀 Zoë 👍🏽 met Ada"
    start = source.index("Ada")
    initial = [{"endOffset": 5, "label": "person", "startOffset": 2}]
    text = open_text(source, f"{LABELS} initial-value='{json.dumps(initial)}'")
    assert text.entity("Zoë").count() == 1
    text.select("Ada", "Ada")
    text.label("Person").click()
    added = {"endOffset": start + 3, "label": "person", "startOffset": start}
    assert text.submit() == {"entities": [*initial, added]}


def test_offsets_count_line_breaks_and_markup(open_text):
    """Line breaks count, and HTML in the text is shown as it is."""
    source = "One &lt;b&gt;\n\n  two"
    text = open_text(source)
    assert text.box.text_content() == "One <b>\n\n  two"
    text.select("two", "two")
    text.label("Person").click()
    assert text.entities == [{"endOffset": 14, "label": "person", "startOffset": 11}]


def test_entities_are_in_the_order_of_the_text(filled):
    """The answer has the entities in the order of the text."""
    filled.select("Charles", "Babbage")
    filled.label("Person").click()
    assert filled.submit() == {"entities": [ADA, CHARLES, JUNE]}


def test_members_are_sorted_by_name(filled):
    """The members of the answer are in the order of the documentation's example."""
    text = filled.element.evaluate("element => JSON.stringify(element._submittableValue)")
    assert text == json.dumps({"entities": [ADA, JUNE]}, separators=(",", ":"))


def test_initial_value_is_part_of_the_answer(filled):
    """Entities of initial-value are shown, and are in the answer."""
    assert filled.entity("Ada Lovelace").is_visible()
    assert filled.submit() == {"entities": [ADA, JUNE]}


def test_pressed_entity_gets_another_label(filled):
    """A press on an entity and then on a label changes its label; the next selection has none."""
    filled.page.mouse.click(*filled.place("Ada"))
    filled.label("place").click()
    assert filled.entities == [{**ADA, "label": "place"}, JUNE]
    filled.page.mouse.click(*filled.place(" met"))
    filled.select("Charles", "Babbage")
    assert filled.entities == [{**ADA, "label": "place"}, JUNE]


def test_keyboard_relabels_and_removes_entities(filled):
    """Tab goes to each entity: a digit changes its label, Delete removes it."""
    filled.box.focus()
    filled.press("Tab", "3")
    assert filled.entities == [{**ADA, "label": "place"}, JUNE]
    filled.press("Delete")
    assert filled.entities == [JUNE]
    assert (
        filled.status.text_content() == "Entity 1, place, “Ada Lovelace”: removed. 1 entity left."
    )
    assert filled.box.evaluate("box => box.getRootNode().activeElement === box")


def test_cross_removes_an_entity(filled):
    """The button beside an entity's short label removes the entity."""
    filled.box.get_by_role("button", name="Remove “Ada Lovelace”, Person").click()
    assert filled.entities == [JUNE]


def test_enter_presses_the_cross(filled):
    """Enter on the button beside an entity removes the entity, and submits nothing."""
    filled.box.get_by_role("button", name="Remove “Ada Lovelace”, Person").focus()
    filled.press("Enter")
    assert filled.entities == [JUNE]
    assert filled.crowd_page.posts == []


def test_enter_labels_the_selected_words(text):
    """Enter gives the selected words the chosen label, and does not submit the form."""
    text.label("Person").click()
    text.box.focus()
    text.press("Enter", "Home", "Shift+ArrowRight", "Enter")
    assert text.entities == [ADA]
    assert text.crowd_page.posts == []


def test_all_of_an_entity_gets_another_label(filled):
    """A selection of all of an entity changes its label."""
    filled.box.focus()
    filled.press("Home", "Shift+ArrowRight", "2")
    assert filled.entities == [{**ADA, "label": "date"}, JUNE]


def test_part_of_an_entity_cannot_be_selected(filled):
    """A selection that overlaps an entity is refused; the status says what to do."""
    filled.box.focus()
    filled.press("Home", "ArrowRight", "Shift+ArrowRight", "2")
    assert filled.status.text_content() == (
        "This overlaps “Ada Lovelace”, which is labeled. Remove that label first."
    )
    assert filled.entities == [ADA, JUNE]


def test_overlapping_entities_of_initial_value(open_text):
    """Of entities of initial-value that overlap, the first one stays."""
    other = {"endOffset": 7, "label": "place", "startOffset": 4}
    initial = json.dumps([ADA, other, {**ADA, "label": "who"}, {**ADA, "endOffset": 0}])
    text = open_text(attributes=f"{LABELS} initial-value='{initial}'")
    assert text.entities == [ADA]


def test_undo_and_redo(filled):
    """Ctrl+Z undoes each change, and Ctrl+Y does it again."""
    filled.box.focus()
    filled.press("Tab", "2", "Delete", "Control+z")
    assert filled.entities == [{**ADA, "label": "date"}, JUNE]
    filled.press("Control+z", "Control+y")
    assert filled.entities == [{**ADA, "label": "date"}, JUNE]


def test_escape_ends_the_selection(text):
    """After Escape, a digit labels nothing."""
    text.box.focus()
    text.press("Home", "Escape", "1")
    assert text.entities == []
    assert text.status.text_content() == "Label: Person. Select the words that get it."


def test_element_has_a_form_of_its_own(open_text):
    """The element has a Submit button; pages add questions to its form as documented."""
    inside = """<div id="additionalQuestions"><input name="subject" value="history"></div>
        <script>
            document.addEventListener("all-crowd-elements-ready", () => {
                document.querySelector("crowd-entity-annotation").shadowRoot
                    .querySelector("crowd-form").form.appendChild(additionalQuestions);
            });
        </script>"""
    text = open_text(inside=inside)
    text.page.locator("#additionalQuestions input").fill("technology")
    text.box.focus()
    text.press("Home", "Shift+ArrowRight", "1")
    text.page.get_by_role("button", name="Submit").click()
    assert text.crowd_page.wait() == {"annotation": {"entities": [ADA]}, "subject": "technology"}


def test_element_in_a_form(open_text):
    """In a crowd-form, the element is one answer of that form, which has the only Submit button."""
    text = open_text(around='<crowd-form>{}<input name="note" value="x"></crowd-form>')
    text.box.focus()
    text.press("Home", "Shift+ArrowRight", "1")
    text.page.get_by_role("button", name="Submit").click()
    assert text.crowd_page.wait() == {"annotation": {"entities": [ADA]}, "note": "x"}


def test_labels_show_their_names(filled):
    """Labels have their full names; entities their short ones, which are no part of the text."""
    assert filled.label("Person").is_visible()
    assert filled.label("date").is_visible()
    badge = filled.entity("Ada Lovelace").locator(".badge")
    content = badge.evaluate("node => getComputedStyle(node, '::before').content")
    assert content == '"per"'
    assert filled.box.text_content() == TEXT


def test_script_changes_text(filled):
    """A script can set text: the new text is shown, without entities that are beyond its end."""
    filled.element.evaluate("element => { element.text = 'Ada Lovelace'; }")
    assert filled.box.text_content() == "Ada Lovelace"
    assert filled.entities == [ADA]


def test_missing_text_is_told(open_text):
    """An element without a text says so."""
    text = open_text("")
    assert text.element.get_by_role("alert").text_content() == (
        "This task has no text: its attribute “text” is empty."
    )


def test_screen_reader_hears_the_entities(filled):
    """The text, entities and their buttons have roles and names."""
    tree = filled.element.aria_snapshot()
    assert '- application "Text to label":' in tree
    assert '- group "Entity 1, Person, “Ada Lovelace”"' in tree
    assert '- button "Remove “June 1833”, date"' in tree
