"""crowd-* elements that send nothing: dialogs, tabs, notices, cards and buttons."""

from __future__ import annotations

import pytest

from tests.browser.crowd_pages import open_crowd_page

INSTRUCTIONS = """<crowd-form><crowd-instructions link-text="View instructions" link-type="button">
    <short-summary><p>Name three words.</p></short-summary>
    <detailed-instructions><p>Be specific.</p></detailed-instructions>
    <positive-example><p>Highway</p></positive-example>
    <negative-example><p>Outside</p></negative-example>
</crowd-instructions></crowd-form>"""
TABS = """<crowd-form><crowd-tabs>
    <crowd-tab header="First"><p>One</p></crowd-tab>
    <crowd-tab header="Second">
        <crowd-input label="Inside" name="in" required></crowd-input>
    </crowd-tab>
    <crowd-tab header="Third"><p>Three</p></crowd-tab>
</crowd-tabs></crowd-form>"""
MODAL = """<crowd-form><crowd-modal link-text="See examples">
    <p>An example</p><crowd-input label="Inside" name="in"></crowd-input>
</crowd-modal></crowd-form>"""


# Dialogs -----------------------------------------------------------------------------------------


def test_modal_by_mouse(page):
    """A crowd-modal opens by its link, and closes by its button or a click beside it."""
    with open_crowd_page(page, MODAL):
        text = page.get_by_text("An example")
        assert not text.is_visible()
        for close in (
            lambda: page.get_by_role("button", name="Close").click(),
            lambda: page.mouse.click(5, 5),
        ):
            page.get_by_role("button", name="See examples").click()
            assert page.get_by_role("dialog", name="See examples").is_visible()
            assert text.is_visible()
            close()
            assert not text.is_visible()


def test_modal_by_keyboard(page):
    """A crowd-modal keeps the focus inside, closes by escape, and gives the focus back."""
    with open_crowd_page(page, MODAL) as task:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator(":focus").last.get_attribute("aria-label") == "Close"
        page.keyboard.press("Tab")
        page.keyboard.type("x")
        page.keyboard.press("Tab")
        assert page.get_by_role("button", name="Submit").and_(page.locator(":focus")).count() == 0
        page.keyboard.press("Escape")
        assert page.locator("button:focus").inner_text() == "See examples"
        assert task.submit() == {"in": "x"}


def test_modal_by_a_script(page):
    """A script opens and closes a crowd-modal."""
    with open_crowd_page(page, MODAL):
        modal = page.locator("crowd-modal")
        for act, is_open in (
            ("open()", True),
            ("open()", True),
            ("close()", False),
            ("toggle()", True),
            ("opened = false", False),
        ):
            modal.evaluate(f"modal => {{ modal.{act}; }}")
            assert page.get_by_role("dialog").is_visible() == is_open
            assert modal.evaluate("modal => modal.opened") == is_open


def test_a_modal_with_an_error_opens(page):
    """A crowd-modal opens when a field in it has an error."""
    with open_crowd_page(page, MODAL.replace('name="in"', 'name="in" required')):
        page.get_by_role("button", name="Submit").click()
        assert page.get_by_role("dialog").is_visible()
        assert page.get_by_role("alert").inner_text() == "Fill in this field."


def test_instructions(page):
    """crowd-instructions have tabs for summary, details and examples, changed by arrow keys."""
    with open_crowd_page(page, INSTRUCTIONS):
        assert not page.get_by_text("Name three words.").is_visible()
        page.get_by_role("button", name="View instructions").click()
        assert page.get_by_role("dialog", name="Instructions").is_visible()
        tabs = page.get_by_role("tab")
        assert tabs.all_inner_texts() == ["Summary", "Detailed Instructions", "Examples"]
        assert page.get_by_text("Name three words.").is_visible()
        tabs.nth(1).click()
        assert not page.get_by_text("Name three words.").is_visible()
        assert page.get_by_text("Be specific.").is_visible()
        page.keyboard.press("ArrowRight")
        assert page.get_by_role("tabpanel", name="Examples").is_visible()
        for text in ("Good example", "Highway", "Bad example", "Outside"):
            assert page.get_by_text(text).is_visible()
        page.keyboard.press("ArrowRight")
        assert page.get_by_role("tab", selected=True).inner_text() == "Summary"


def test_instructions_without_a_page(page):
    """crowd-instructions have no tab for a region that the template leaves out."""
    html = """<crowd-form><crowd-instructions><short-summary>S</short-summary></crowd-instructions>
        </crowd-form>"""
    with open_crowd_page(page, html):
        page.get_by_role("button", name="Click for instructions").click()
        assert page.get_by_role("tab").all_inner_texts() == ["Summary"]


def test_instructions_of_a_form(page):
    """Instructions directly in a crowd-form come first; the full ones are in a dialog."""
    html = """<crowd-form><p>Content</p><short-instructions>Shortly.</short-instructions>
        <full-instructions header="All of it">At length.</full-instructions></crowd-form>"""
    with open_crowd_page(page, html):
        lines = page.locator("body").aria_snapshot().splitlines()
        expected = ["- text: Shortly.", '- button "View full instructions"', "- paragraph: Content"]
        assert lines[:3] == expected
        page.get_by_role("button", name="View full instructions").click()
        assert page.get_by_role("dialog", name="All of it").is_visible()
        assert page.get_by_text("At length.").is_visible()


# Tabs --------------------------------------------------------------------------------------------


def test_tabs_by_mouse(page):
    """crowd-tabs show one crowd-tab at a time, which is a tabpanel with its header as name."""
    with open_crowd_page(page, TABS):
        assert page.get_by_role("tabpanel", name="First").is_visible()
        page.get_by_role("tab", name="Third").click()
        assert page.get_by_role("tabpanel").all_inner_texts() == ["Three"]


def test_tabs_by_keyboard(page):
    """Arrow keys, home and end choose a tab; the tab key goes into it."""
    with open_crowd_page(page, TABS):
        page.keyboard.press("Tab")
        for key, header in (
            ("ArrowLeft", "Third"),
            ("ArrowRight", "First"),
            ("End", "Third"),
            ("Home", "First"),
            ("ArrowRight", "Second"),
        ):
            page.keyboard.press(key)
            assert page.get_by_role("tab", selected=True).inner_text() == header
            assert page.locator("button:focus").inner_text() == header
        page.keyboard.press("Tab")
        page.keyboard.type("x")
        assert page.get_by_label("Inside").input_value() == "x"


def test_a_tab_with_an_error_is_shown(page):
    """The tab with the first error is shown, and its field has the focus."""
    with open_crowd_page(page, TABS) as task:
        page.get_by_role("button", name="Submit").click()
        assert page.get_by_role("tab", selected=True).inner_text() == "Second"
        page.keyboard.type("x")
        assert task.submit() == {"in": "x"}


def test_tabs_added_by_a_script(page):
    """A script can add a crowd-tab, change its header, and select it."""
    with open_crowd_page(page, TABS):
        page.evaluate(
            """() => {
                const tab = document.createElement("crowd-tab");
                tab.textContent = "Four";
                document.querySelector("crowd-tabs").append(tab);
                tab.setAttribute("header", "Fourth");
                document.querySelector("crowd-tabs").selected = 3;
            }"""
        )
        page.get_by_role("tab", name="Fourth", selected=True).wait_for()
        assert page.get_by_text("Four", exact=True).is_visible()


# Notices -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "role"),
    [
        ('type="error"', "alert"),
        ('type="warning"', "alert"),
        ('type="success"', "status"),
        ("", "status"),
    ],
)
def test_alert(page, attributes, role):
    """A crowd-alert is announced: errors and warnings at once, others when there is time."""
    with open_crowd_page(page, f"<crowd-alert {attributes}>Look here</crowd-alert>"):
        assert page.locator("body").aria_snapshot() == f"- {role}: Look here"
        assert page.get_by_role("button").count() == 0


def test_a_dismissible_alert(page):
    """A dismissible crowd-alert, written into the page by a script, has a button to remove it."""
    with open_crowd_page(page, '<div id="errorBox"></div>'):
        page.evaluate(
            "errorBox.innerHTML = '<crowd-alert type=\"error\" dismissible>No</crowd-alert>'"
        )
        page.get_by_role("button", name="Dismiss").click()
        assert page.locator("crowd-alert").count() == 0


def test_card(page):
    """A crowd-card shows its heading, image and content."""
    html = '<crowd-card heading="A card" image="/cat.svg">Content</crowd-card>'
    with open_crowd_page(page, html, files={"/cat.svg": b"<svg/>"}):
        assert page.get_by_role("heading", name="A card").is_visible()
        assert page.locator("crowd-card img").get_attribute("src") == "/cat.svg"
        assert page.get_by_text("Content").is_visible()


def test_badge(page):
    """A crowd-badge is over the top right corner of the element that it is for."""
    html = """<p>Above</p><div id="box" style="width: 100px; height: 50px">Box</div>
        <crowd-badge for="box" label="3"></crowd-badge>"""
    with open_crowd_page(page, html):
        badge = page.get_by_text("3", exact=True)
        badge.wait_for()
        place, box = badge.bounding_box(), page.locator("#box").bounding_box()
        assert place["x"] + place["width"] / 2 == pytest.approx(box["x"] + box["width"], abs=1)
        assert place["y"] + place["height"] / 2 == pytest.approx(box["y"], abs=1)


def test_toast_disappears(page):
    """A crowd-toast with opened disappears after its duration, 3 seconds by default."""
    page.clock.install()
    html = """<crowd-toast opened duration="100000">Look</crowd-toast>"""
    with open_crowd_page(page, html):
        toast = page.get_by_text("Look")
        assert toast.is_visible()
        page.clock.run_for(90000)
        assert toast.is_visible()
        page.clock.run_for(10000)
        toast.wait_for(state="hidden")
        page.evaluate("document.querySelector('crowd-toast').removeAttribute('duration')")
        page.evaluate("document.querySelector('crowd-toast').show('Again')")
        assert page.get_by_text("Again").is_visible()
        page.clock.run_for(3000)
        page.get_by_text("Again").wait_for(state="hidden")


def test_one_toast_at_a_time(page):
    """Opening a crowd-toast closes another one."""
    html = """<crowd-toast id="a" opened duration="0">First</crowd-toast>
        <crowd-toast id="b" text="Second"></crowd-toast>"""
    with open_crowd_page(page, html):
        assert page.get_by_text("First").is_visible()
        assert not page.get_by_text("Second").is_visible()
        page.evaluate("b.open()")
        page.get_by_text("First").wait_for(state="hidden")
        assert page.get_by_text("Second").is_visible()


# Buttons -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ("<crowd-button>Press</crowd-button>", "Press"),
        ('<crowd-button variant="icon" icon="search">Find</crowd-button>', "Find"),
        ('<crowd-button title="Find"><iron-icon icon="search"/></crowd-button>', "Find"),
        ('<crowd-fab icon="report-problem" title="Issue"/>', "Issue"),
        ('<crowd-fab label="A"></crowd-fab>', "A"),
        ('<crowd-icon-button icon="icons:thumb-up"></crowd-icon-button>', "thumb up"),
        ('<crowd-icon-button icon="/own.svg" title="Own"></crowd-icon-button>', "Own"),
    ],
)
def test_buttons(page, html, name):
    """Buttons have names, are pressed by mouse and by keyboard, and do not submit the form."""
    files = {"/own.svg": b"<svg/>"}
    listen = """() => {
        window.pressed = 0;
        document.querySelector("form").children[0].onclick = () => { pressed += 1; };
    }"""
    with open_crowd_page(page, f"<crowd-form>{html}</crowd-form>", files=files) as task:
        page.evaluate(listen)
        button = page.get_by_role("button", name=name, exact=True)
        button.click()
        button.press("Enter")
        assert page.evaluate("pressed") == 2
        assert task.posts == []


@pytest.mark.parametrize("state", ["disabled", "loading"])
def test_a_button_that_cannot_be_pressed(page, state):
    """A disabled or loading crowd-button is not pressed by anybody, not even by a script."""
    html = f"""<crowd-form><crowd-button form-action="submit" {state}>Submit</crowd-button>
        </crowd-form><script>window.pressed = 0;
        document.querySelector("crowd-button").onclick = () => {{ pressed += 1; }};</script>"""
    with open_crowd_page(page, html) as task:
        button = page.get_by_role("button", name="Submit")
        assert button.is_disabled()
        button.click(force=True)
        page.evaluate("document.querySelector('crowd-button').click()")
        assert page.evaluate("pressed") == 0
        page.evaluate(f"document.querySelector('crowd-button').removeAttribute('{state}')")
        assert task.submit() == {}


def test_a_button_that_is_a_link(page):
    """A crowd-button with href is a link."""
    html = '<crowd-button href="/other" target="_blank">Guide</crowd-button>'
    with open_crowd_page(page, html):
        link = page.get_by_role("link", name="Guide")
        assert link.get_attribute("href") == "/other"
        assert link.get_attribute("target") == "_blank"


# What is not there -------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["crowd-semantic-segmentation", "crowd-instance-segmentation"])
def test_unsupported_elements(page, tag):
    """An element that is not supported says so in the page; the other fields are submitted."""
    html = f"""<crowd-form><{tag} name="colored" src="/x.png" header="Color the cat"
        labels="['Cat']"><short-instructions>Use the tools.</short-instructions></{tag}>
        <crowd-input name="tag" label="Tag"></crowd-input></crowd-form>"""
    with open_crowd_page(page, html) as task:
        note = (
            f'This part of the task ({tag}) is not supported here. Nothing is sent for "colored".'
        )
        for text in (note, "All other fields of this page work and are submitted."):
            assert page.get_by_role("note").get_by_text(text).is_visible()
        assert page.get_by_role("heading", name="Color the cat").is_visible()
        assert page.get_by_text("Use the tools.").is_visible()
        page.get_by_label("Tag").fill("x")
        assert task.submit() == {"tag": "x"}
