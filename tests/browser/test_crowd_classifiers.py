"""crowd-classifier, crowd-image-classifier, and both with several choices."""

from __future__ import annotations

import pytest

from tests.browser.crowd_pages import open_crowd_page

IMAGE = b'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"></svg>'
FILES = {"/cat.svg": IMAGE}
CLASSIFIER = """<crowd-form>
    <crowd-classifier name="category" categories="['Positive', 'Negative', 'N/A']"
        header="What sentiment does this text convey?">
        <classification-target>The soup was cold.</classification-target>
        <full-instructions header="Sentiment Analysis Instructions">
            <p>Positive: joy, excitement, delight</p>
        </full-instructions>
        <short-instructions>Choose the primary sentiment.</short-instructions>
    </crowd-classifier>
</crowd-form>"""
SEVERAL = """<crowd-form>
    <crowd-classifier-multi-select name="category" categories="['Positive', 'Negative', 'Neutral']"
        header="Select the relevant categories" exclusion-category="{ text: 'None of the above' }">
        <classification-target>The soup was cold.</classification-target>
    </crowd-classifier-multi-select>
</crowd-form>"""
PICTURE = """<crowd-form>
    <crowd-image-classifier name="animal" src="/cat.svg" categories='["Cat", "Dog"]'
        header="Choose the correct category for the image" {attributes}>{content}
    </crowd-image-classifier>
</crowd-form>"""
PICTURES = """<crowd-form>
    <crowd-image-classifier-multi-select name="animals" src="/cat.svg"
        categories="['Cat', 'Dog', 'Bird']" header="Identify the animals">
    </crowd-image-classifier-multi-select>
</crowd-form>"""


def picture(content="", attributes=""):
    return PICTURE.format(content=content, attributes=attributes)


# One choice --------------------------------------------------------------------------------------


def test_classifier_filled_by_mouse(page):
    """A crowd-classifier sends an object with the chosen label."""
    with open_crowd_page(page, CLASSIFIER) as task:
        page.get_by_text("Positive", exact=True).click()
        page.get_by_role("radio", name="N/A").click()
        assert task.submit() == {"category": {"label": "N/A"}}


def test_classifier_filled_by_keyboard(page):
    """Arrow keys choose in a crowd-classifier; the enter key submits."""
    with open_crowd_page(page, CLASSIFIER) as task:
        page.keyboard.press("Tab")
        assert page.get_by_role("button", name="View full instructions").is_visible()
        for key in ("Tab", "Space", "ArrowDown", "Enter"):
            page.keyboard.press(key)
        assert task.wait() == {"category": {"label": "Negative"}}


def test_classifier_filled_by_digits(page):
    """The keys 1 to 9 choose a category, without a click before; enter submits."""
    with open_crowd_page(page, CLASSIFIER) as task:
        page.keyboard.press("3")
        assert page.get_by_role("radio", name="N/A").is_checked()
        page.keyboard.press("1")
        page.keyboard.press("8")
        page.keyboard.press("Enter")
        assert task.wait() == {"category": {"label": "Positive"}}


def test_digits_that_are_typed_choose_nothing(page):
    """Digits typed into a text field, and those pressed with other keys, choose no category."""
    html = CLASSIFIER.replace("</crowd-form>", '<crowd-input name="n" label="Age"></crowd-input>')
    with open_crowd_page(page, html):
        page.get_by_label("Age").press("1")
        page.get_by_role("radio", name="N/A").focus()
        page.keyboard.press("Alt+1")
        assert page.get_by_label("Age").input_value() == "1"
        assert page.get_by_role("radio", checked=True).count() == 0


def test_digits_go_to_the_first_classifier_without_an_answer(page):
    """On a page with several classifiers, digits go to the focused or first unanswered one."""
    one = "<crowd-classifier name=\"{}\" categories=\"['A', 'B']\"></crowd-classifier>"
    html = f"<crowd-form>{one.format('x')}{one.format('y')}</crowd-form>"
    with open_crowd_page(page, html) as task:
        page.keyboard.press("2")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("1")
        assert task.submit() == {"x": {"label": "B"}, "y": {"label": "A"}}


@pytest.mark.parametrize(
    ("html", "message"),
    [(CLASSIFIER, "Choose a category."), (SEVERAL, "Choose at least one category.")],
)
def test_a_category_must_be_chosen(page, html, message):
    """A classifier without a choice is an error; the focus moves to its first category."""
    with open_crowd_page(page, html) as task:
        page.get_by_role("button", name="Submit").click()
        assert page.get_by_role("alert").inner_text() == message
        assert page.locator("input:focus").get_attribute("value") == "Positive"
        assert task.posts == []
        page.keyboard.press("Space")
        assert page.get_by_role("alert").count() == 0


def test_classifier_for_screen_readers(page):
    """A crowd-classifier reads as instructions, a heading, the target, and a named group."""
    with open_crowd_page(page, CLASSIFIER):
        snapshot = page.locator("crowd-classifier").aria_snapshot()
        for line in (
            '- region "Instructions":',
            "Choose the primary sentiment.",
            '- button "View full instructions"',
            '- heading "What sentiment does this text convey?" [level=2]',
            "- text: The soup was cold.",
            '- group "What sentiment does this text convey?":',
            '- radio "Positive"',
        ):
            assert line in snapshot


def test_full_instructions_open_in_a_dialog(page):
    """Full instructions are in a dialog with their header; escape closes it, the focus returns."""
    with open_crowd_page(page, CLASSIFIER):
        text = page.get_by_text("Positive: joy")
        assert not text.is_visible()
        page.get_by_role("button", name="View full instructions").click()
        dialog = page.get_by_role("dialog", name="Sentiment Analysis Instructions")
        assert dialog.is_visible()
        assert text.is_visible()
        page.keyboard.press("1")
        page.keyboard.press("Escape")
        assert not text.is_visible()
        assert page.get_by_role("radio", checked=True).count() == 0
        assert page.locator("button:focus").inner_text() == "View full instructions"


def test_categories_set_by_a_script(page):
    """A script can set the categories of a classifier, as a property or as an attribute."""
    with open_crowd_page(page, CLASSIFIER) as task:
        page.keyboard.press("1")
        page.evaluate("document.querySelector('crowd-classifier').categories = ['New', 'Positive']")
        assert page.get_by_role("radio", name="Positive").is_checked()
        page.get_by_role("radio", name="New").click()
        assert task.submit() == {"category": {"label": "New"}}


def test_categories_that_are_objects(page):
    """Categories can be objects with a label."""
    html = """<crowd-form><crowd-classifier name="c" categories='[{"label": "A"}, {"label": "B"}]'>
        </crowd-classifier></crowd-form>"""
    with open_crowd_page(page, html) as task:
        page.get_by_role("radio", name="B").click()
        assert task.submit() == {"c": {"label": "B"}}


def test_fields_in_the_instructions_are_sent(page):
    """Fields in regions of a classifier, and beside them, are sent with the rest."""
    inner = '<crowd-input label="Issue" name="issue"></crowd-input></short-instructions>'
    html = CLASSIFIER.replace("</short-instructions>", inner)
    html = html.replace("</crowd-classifier>", '<input name="b" value="x"></crowd-classifier>')
    with open_crowd_page(page, html) as task:
        page.get_by_label("Issue").fill("none")
        page.get_by_role("radio", name="Positive").click()
        expected = {"category": {"label": "Positive"}, "issue": "none", "b": "x"}
        assert task.submit() == expected


# Several choices ---------------------------------------------------------------------------------


def test_several_choices_by_mouse(page):
    """A crowd-classifier-multi-select sends its chosen labels in the order of the categories."""
    with open_crowd_page(page, SEVERAL) as task:
        page.get_by_role("checkbox", name="Neutral").click()
        page.get_by_text("Positive").click()
        assert task.submit() == {"category": {"labels": ["Positive", "Neutral"]}}


def test_several_choices_by_keyboard(page):
    """Space and digits switch the categories of a crowd-classifier-multi-select."""
    with open_crowd_page(page, SEVERAL) as task:
        for key in ("Tab", "Space", "Tab", "Space", "3", "1", "Enter"):
            page.keyboard.press(key)
        assert task.wait() == {"category": {"labels": ["Negative", "Neutral"]}}


def test_exclusion_category(page):
    """The exclusion category and the others switch each other off."""
    with open_crowd_page(page, SEVERAL) as task:
        exclusion = page.get_by_role("checkbox", name="None of the above")
        page.get_by_role("checkbox", name="Positive").click()
        exclusion.click()
        assert not page.get_by_role("checkbox", name="Positive").is_checked()
        page.get_by_role("checkbox", name="Negative").click()
        assert not exclusion.is_checked()
        exclusion.click()
        assert task.submit() == {"category": {"labels": ["None of the above"]}}


# Images ------------------------------------------------------------------------------------------


def test_image_classifier_filled_by_mouse(page):
    """A crowd-image-classifier shows its image and sends the chosen label, without a comment."""
    with open_crowd_page(page, picture(), files=FILES) as task:
        image = page.get_by_role("img", name="Image to classify")
        image.evaluate("image => image.decode()")
        assert image.evaluate("image => image.naturalWidth") == 80
        page.get_by_text("Dog").click()
        assert task.submit() == {"animal": {"label": "Dog"}}


def test_image_classifier_filled_by_keyboard(page):
    """A crowd-image-classifier is filled by keys alone, its comment included."""
    content = """<worker-comment header="Why this one?" link-text="Tell us why"
        placeholder="Because">In one sentence.</worker-comment>"""
    with open_crowd_page(page, picture(content), files=FILES) as task:
        for key in ("1", "Tab", "Enter"):
            page.keyboard.press(key)
        dialog = page.get_by_role("dialog", name="Why this one?")
        assert dialog.is_visible()
        assert page.get_by_text("In one sentence.").is_visible()
        page.keyboard.press("Tab")
        assert page.locator("textarea:focus").get_attribute("placeholder") == "Because"
        page.keyboard.type("It has whiskers, 4.")
        page.keyboard.press("Escape")
        expected = {"animal": {"label": "Cat", "workerComment": "It has whiskers, 4."}}
        assert task.submit() == expected


def test_image_classifier_without_a_comment(page):
    """A comment that the worker leaves empty is not sent; its words have defaults."""
    content = "<worker-comment></worker-comment>"
    with open_crowd_page(page, picture(content), files=FILES) as task:
        page.get_by_role("button", name="Add a comment").click()
        page.get_by_role("dialog", name="Add a comment").get_by_text("Done").click()
        page.get_by_role("radio", name="Cat").click()
        assert task.submit() == {"animal": {"label": "Cat"}}


def test_an_image_that_cannot_be_loaded(page):
    """An image classifier says so if its image cannot be loaded."""
    with open_crowd_page(page, picture()):
        page.get_by_text("The image cannot be loaded.").wait_for()


def test_boxes_over_an_image(page):
    """The overlay of a box task is drawn over the image, in its scale, with a legend."""
    attributes = """overlay='{"boundingBox": {labels: ["bird", "cat"], value: [
        {height: 500, label: "bird", left: 250, top: 125, width: 1000},
        {height: 20, label: "cat", left: 10, top: 10, width: 20},]},}'"""
    files = {"/cat.svg": IMAGE.replace(b"80", b"2000").replace(b"40", b"1000")}
    with open_crowd_page(page, picture(attributes=attributes), files=files):
        drawing = page.get_by_role("img", name="Box: bird, Box: cat")
        drawing.wait_for()
        image = page.get_by_role("img", name="Image to classify").bounding_box()
        box = page.locator("rect").first.bounding_box()
        scale = image["width"] / 2000
        assert scale < 0.9
        for side, start, length, extent in (("x", 250, "width", 1000), ("y", 125, "height", 500)):
            assert box[side] - image[side] == pytest.approx(start * scale, abs=3)
            assert box[length] == pytest.approx(extent * scale, abs=5)
        legend = page.get_by_role("list", name="Labels")
        assert legend.get_by_role("listitem").all_inner_texts() == ["bird", "cat"]


@pytest.mark.parametrize(
    "overlay",
    [
        '{"semanticSegmentation": {"labelMappings": {"Cat": {"color": "#2ca02c"}}, "src": "/o"}}',
        '{"instanceSegmentation": {"instances": [{"color": "#2ca02c", "label": "Cat"}], '
        '"src": "/o"}}',
    ],
)
def test_a_colored_image_over_an_image(page, overlay):
    """The overlay of a segmentation task is an image over the image, with a legend of colors."""
    files = {**FILES, "/o": IMAGE}
    with open_crowd_page(page, picture(attributes=f"overlay='{overlay}'"), files=files):
        over = page.locator("img.over")
        over.wait_for()
        assert over.bounding_box() == page.get_by_role("img").first.bounding_box()
        item = page.get_by_role("listitem")
        assert item.inner_text() == "Cat"
        color = "item => getComputedStyle(item.firstChild).backgroundColor"
        assert item.evaluate(color) == "rgb(44, 160, 44)"


def test_images_with_several_choices_by_mouse(page):
    """A crowd-image-classifier-multi-select sends the chosen labels."""
    with open_crowd_page(page, PICTURES, files=FILES) as task:
        page.get_by_role("checkbox", name="Bird").click()
        page.get_by_role("checkbox", name="Cat").click()
        assert task.submit() == {"animals": {"labels": ["Cat", "Bird"]}}


def test_images_with_several_choices_by_keyboard(page):
    """Digits switch the categories of a crowd-image-classifier-multi-select."""
    with open_crowd_page(page, PICTURES, files=FILES) as task:
        for key in ("1", "2", "1", "Enter"):
            page.keyboard.press(key)
        assert task.wait() == {"animals": {"labels": ["Dog"]}}


def test_an_image_set_by_a_script(page):
    """A script can set the src of an image classifier."""
    html = picture().replace("/cat.svg", "")
    with open_crowd_page(page, html, files=FILES):
        page.evaluate("document.querySelector('crowd-image-classifier').src = '/cat.svg'")
        image = page.get_by_role("img", name="Image to classify")
        image.evaluate("image => image.decode()")
        assert image.evaluate("image => image.naturalWidth") == 80
