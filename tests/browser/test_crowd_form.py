"""crowd-form: what it posts, when, and what scripts of pages rely on."""

from __future__ import annotations

import json

import pytest

from tests.browser.crowd_pages import PREVIEW, SCRIPT, open_crowd_page

INPUT = '<crowd-input name="tag" label="Tag"></crowd-input>'


def press_submit(page):
    page.get_by_role("button", name="Submit", exact=True).click()


# What is posted ----------------------------------------------------------------------------------


def test_posted_fields(page):
    """The form posts assignmentId and taskAnswers, a JSON array of one object, and nothing else."""
    html = f'<crowd-form>{INPUT}<input name="native" value="y"></crowd-form>'
    with open_crowd_page(page, html) as task:
        page.get_by_label("Tag").fill("x")
        press_submit(page)
        task.wait()
        answers = '[{"tag":"x","native":"y"}]'
        assert task.fields == {"assignmentId": "ASSIGNMENT1", "taskAnswers": answers}


def test_recorded_document(page):
    """The content is moved into a real form that posts to externalSubmit, with a submit button."""
    with open_crowd_page(page, "<crowd-form><p>Content</p></crowd-form>") as task:
        form = page.locator("crowd-form > form")
        assert form.get_attribute("method") == "post"
        assert form.get_attribute("action") == f"{task.url}/mturk/externalSubmit"
        assert form.locator("> p").inner_text() == "Content"
        button = form.locator("crowd-button")
        assert button.get_attribute("form-action") == "submit"
        assert button.get_attribute("variant") == "primary"
        assert button.get_attribute("data-testid") == "crowd-submit"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<input name="a" value="text">', "text"),
        ('<input name="a">', ""),
        ('<input type="hidden" name="a" value="text">', "text"),
        ('<input type="number" name="a" value="4">', "4"),
        ('<textarea name="a">two\nlines</textarea>', "two\nlines"),
        ('<input type="checkbox" name="a">', {"on": False}),
        ('<input type="checkbox" name="a" value="x" checked>', {"x": True}),
        (
            '<input type="checkbox" name="a" value="x"><input type="checkbox" name="a" value="y">',
            {"x": False, "y": False},
        ),
        (
            '<input type="radio" name="a" value="Likely">'
            '<input type="radio" name="a" value="Unlikely" checked>',
            {"Likely": False, "Unlikely": True},
        ),
        (
            '<input type="checkbox" name="a" checked><input type="checkbox" name="a">',
            {"on": True},
        ),
        ('<select name="a"><option value="1">One<option value="2" selected>Two</select>', "2"),
        ('<select name="a"><option>One</select>', "One"),
        (
            '<select name="a" multiple><option selected>1<option>2<option selected>3</select>',
            ["1", "3"],
        ),
        ('<input name="a" value="first"><input name="a" value="">', "first"),
        ('<input name="a" value="first"><input name="a" value="last">', "last"),
        ('<crowd-checkbox name="a" value="x"></crowd-checkbox><input name="a" value="y">', "y"),
    ],
)
def test_native_inputs(page, html, expected):
    """HTML's own inputs send texts; radio buttons and checkboxes one object of booleans a name."""
    with open_crowd_page(page, f"<crowd-form>{html}</crowd-form>") as task:
        assert task.submit() == {"a": expected}


@pytest.mark.parametrize(
    "html",
    [
        '<input name="a" value="x" disabled>',
        '<fieldset disabled><input name="a" value="x"></fieldset>',
        '<input type="file" name="a">',
        '<select name="a" multiple><option>1</select>',
        '<input type="button" name="a" value="x">',
        '<input value="x">',
        '<input type="hidden" name="assignmentId" value="">',
        '<input type="hidden" name="workerId" value="x">',
        "<crowd-something-new>text</crowd-something-new>",
    ],
)
def test_what_sends_nothing(page, html):
    """Disabled, nameless, empty and unknown elements send nothing, nor do IDs of the assignment."""
    with open_crowd_page(page, f"<crowd-form>{html}</crowd-form>") as task:
        press_submit(page)
        task.wait()
        assert task.fields == {"assignmentId": "ASSIGNMENT1", "taskAnswers": "[{}]"}


def test_native_file_sends_its_name(page):
    """An input of the type file sends the name of its file: JSON cannot carry the file."""
    html = '<crowd-form><input type="file" name="a" aria-label="File"></crowd-form>'
    with open_crowd_page(page, html) as task:
        chosen = {"name": "cat.png", "mimeType": "image/png", "buffer": b"x"}
        page.get_by_label("File").set_input_files(chosen)
        assert task.submit() == {"a": "cat.png"}


def test_a_native_submit_button_sends_its_value(page):
    """A native button that submits the form sends its own value."""
    html = '<crowd-form><button name="choice" value="yes">Yes</button></crowd-form>'
    with open_crowd_page(page, html) as task:
        page.get_by_role("button", name="Yes").click()
        assert task.wait() == {"choice": "yes"}


def test_member_names_are_kept(page):
    """Names that mean something in JavaScript are members like others."""
    html = '<crowd-form><input name="__proto__" value="x"><input name="submit" value="y">'
    with open_crowd_page(page, html) as task:
        assert task.submit() == {"__proto__": "x", "submit": "y"}


# Scripts of pages --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "listen",
    [
        "form.onsubmit = listener",
        "form.addEventListener('submit', listener)",
        "document.addEventListener('submit', listener)",
        "window.addEventListener('submit', listener)",
    ],
)
def test_a_listener_can_prevent_the_submission(page, listen):
    """Listeners of submit on the crowd-form, the document or the window can prevent it."""
    html = f"""<crowd-form>{INPUT}</crowd-form><script>
        const form = document.querySelector("crowd-form");
        window.heard = 0;
        const listener = event => {{ heard += 1; if (heard == 1) event.preventDefault(); }};
        {listen};
    </script>"""
    with open_crowd_page(page, html) as task:
        press_submit(page)
        assert page.evaluate("heard") == 1
        assert task.posts == []
        assert task.submit() == {}


def test_listeners_do_not_hear_of_incomplete_answers(page):
    """A submit event is dispatched only when no field has an error."""
    html = """<crowd-form><crowd-input name="a" label="A" required></crowd-input></crowd-form>
        <script>
            window.heard = [];
            document.querySelector("crowd-form").onsubmit = event => {
                heard.push(document.querySelector("crowd-input").value);
                event.preventDefault();
            };
        </script>"""
    with open_crowd_page(page, html):
        press_submit(page)
        page.get_by_label("A").fill("x")
        press_submit(page)
        assert page.evaluate("heard") == ["x"]


@pytest.mark.parametrize("parent", ["crowd-form", "form"])
def test_hidden_inputs_appended_at_submit(page, parent):
    """Hidden inputs that a listener of submit appends, to either form, are sent."""
    html = f"""<crowd-form>{INPUT}</crowd-form><script>
        document.querySelector("crowd-form").onsubmit = () => {{
            const hidden = document.createElement("input");
            hidden.type = "hidden";
            hidden.name = "seconds";
            hidden.value = "12";
            document.querySelector("{parent}").appendChild(hidden);
        }};
    </script>"""
    with open_crowd_page(page, html) as task:
        assert task.submit() == {"seconds": "12"}


def test_submit_runs_the_checks_and_listeners(page):
    """`submit()` of a script shows errors; without any, it runs onsubmit, which fills fields."""
    html = """<crowd-form><crowd-input name="a" label="A" required></crowd-input>
        <input type="hidden" name="notes" id="notes"></crowd-form>
        <button type="button" id="own">Send</button><script>
            const form = document.querySelector("crowd-form");
            own.onclick = () => {
                form.onsubmit = () => { notes.value = "from onsubmit"; };
                form.submit();
            };
        </script>"""
    with open_crowd_page(page, html) as task:
        page.get_by_role("button", name="Send").click()
        assert page.get_by_role("alert").inner_text() == "Fill in this field."
        page.get_by_label("A").fill("x")
        page.get_by_role("button", name="Send").click()
        assert task.wait() == {"a": "x", "notes": "from onsubmit"}


def test_onsubmit_that_returns_false_prevents_submit(page):
    """A listener that returns false prevents the submission by `submit()`, each time."""
    html = f"""<crowd-form>{INPUT}</crowd-form><script>
        const form = document.querySelector("crowd-form");
        window.heard = 0;
        form.onsubmit = () => {{ heard += 1; return heard > 2; }};
    </script>"""
    with open_crowd_page(page, html) as task:
        page.evaluate("form.submit(); form.submit()")
        assert page.evaluate("heard") == 2
        assert task.posts == []
        page.evaluate("form.submit()")
        assert task.wait() == {}


def test_submit_in_a_listener_posts_at_once(page):
    """A listener of submit that prevents it can post by `submit()`, which it does not hear."""
    html = f"""<crowd-form>{INPUT}</crowd-form><script>
        const form = document.querySelector("crowd-form");
        let heard = 0;
        form.onsubmit = event => {{
            event.preventDefault();
            heard += 1;
            document.querySelector("crowd-input").value = `heard ${{heard}}`;
            form.submit();
        }};
    </script>"""
    with open_crowd_page(page, html) as task:
        assert task.submit() == {"tag": "heard 1"}


def test_submit_reads_the_fields_at_once(page):
    """`submit()` reads the fields before it returns: a page can rename them for the moment."""
    html = """<crowd-form><input type="radio" name="r" value="x" checked></crowd-form><script>
        function send() {
            const form = document.querySelector("crowd-form");
            const hidden = document.createElement("input");
            const radio = document.querySelector("input[type=radio]");
            hidden.type = "hidden";
            hidden.name = "all";
            hidden.value = "answers";
            form.appendChild(hidden);
            radio.removeAttribute("name");
            form.submit();
            radio.setAttribute("name", "r");
            hidden.remove();
        }
    </script>"""
    with open_crowd_page(page, html) as task:
        page.evaluate("send()")
        assert task.wait() == {"all": "answers"}


def test_a_submit_button_outside_the_form(page):
    """A crowd-button with form-action "submit" outside the form submits it; none is added."""
    html = f"""<crowd-form>{INPUT}</crowd-form>
        <crowd-button form-action="submit">Done</crowd-button>"""
    with open_crowd_page(page, html) as task:
        assert page.get_by_role("button").count() == 1
        page.get_by_role("button", name="Done").click()
        assert task.wait() == {}


def test_a_hidden_submit_button_clicked_by_a_script(page):
    """A hidden crowd-button submits the form, with its checks, when a script clicks it."""
    html = """<crowd-form><crowd-input name="a" label="A" required></crowd-input>
        <crowd-button id="auto" form-action="submit" style="display: none"></crowd-button>
        <button type="button" onclick="auto.click()">Next</button></crowd-form>"""
    with open_crowd_page(page, html) as task:
        page.get_by_role("button", name="Next").click()
        assert page.get_by_role("alert").inner_text() == "Fill in this field."
        page.get_by_label("A").fill("x")
        page.get_by_role("button", name="Next").click()
        assert task.wait() == {"a": "x"}


def test_a_click_on_a_submit_button_can_be_prevented(page):
    """A listener of click on a crowd-button can prevent its action."""
    html = f"""<crowd-form>{INPUT}
        <crowd-button form-action="submit">Submit</crowd-button></crowd-form><script>
            window.heard = 0;
            document.querySelector("crowd-button").addEventListener("click", event => {{
                heard += 1;
                if (heard == 1) event.preventDefault();
            }});
        </script>"""
    with open_crowd_page(page, html) as task:
        press_submit(page)
        assert page.evaluate("heard") == 1
        assert task.posts == []
        assert task.submit() == {}


def test_elements_created_by_a_script(page):
    """Elements that a script creates after the page is loaded are set up and sent."""
    with open_crowd_page(page, "<crowd-form></crowd-form>") as task:
        page.evaluate(
            """() => {
                const made = document.createElement("crowd-input");
                made.name = "made";
                made.value = "early";
                document.querySelector("crowd-form").append(made);
                made.setAttribute("label", "Made");
                const box = document.createElement("div");
                box.innerHTML = '<crowd-checkbox name="box" checked>Box</crowd-checkbox>';
                document.querySelector("form").append(box);
            }"""
        )
        assert page.get_by_label("Made").input_value() == "early"
        assert task.submit() == {"made": "early", "box": {"on": True}}


def test_a_form_created_by_a_script(page):
    """A whole crowd-form that a script creates works like others."""
    with open_crowd_page(page, "<main></main>") as task:
        page.evaluate(f"document.querySelector('main').innerHTML = '<crowd-form>{INPUT}'")
        page.get_by_label("Tag").fill("x")
        assert task.submit() == {"tag": "x"}


@pytest.mark.parametrize("kind", ["", "defer", 'type="module"'])
def test_the_script_after_the_form(page, kind):
    """The script can be loaded after the elements, at once or deferred."""
    script = SCRIPT.replace("<script", f"<script {kind}")
    html = f"<!DOCTYPE html><!-- {SCRIPT} --><crowd-form>{INPUT}</crowd-form>{script}"
    with open_crowd_page(page, html) as task:
        page.get_by_label("Tag").fill("x")
        assert task.submit() == {"tag": "x"}


def test_the_script_loaded_by_a_script(page):
    """The script can be loaded when the page is complete, after a script has set properties."""
    html = f"""<!DOCTYPE html><!-- {SCRIPT} --><crowd-form>{INPUT}
        <crowd-checkbox name="box">Box</crowd-checkbox></crowd-form><script>
        document.querySelector("crowd-input").value = "early";
        document.querySelector("crowd-checkbox").checked = true;
        window.onload = () => {{
            const script = document.createElement("script");
            script.src = "/crowd-html-elements.js";
            document.addEventListener("all-crowd-elements-ready", () => {{ window.ready = true; }});
            document.head.append(script);
        }};
    </script>"""
    with open_crowd_page(page, html) as task:
        page.wait_for_function("window.ready")
        assert task.submit() == {"tag": "early", "box": {"on": True}}


@pytest.mark.parametrize(
    ("html", "value", "submittable"),
    [
        ('<crowd-input name="a" value="x">', "x", "x"),
        ('<crowd-input name="a">', "", None),
        ('<crowd-text-area name="a" value="x">', "x", "x"),
        ('<crowd-checkbox name="a" value="x" checked>', "x", {"x": True}),
        ('<crowd-toggle-button name="a">', "on", {"on": False}),
        ('<crowd-radio-button name="a" value="x">', "x", {"x": False}),
        ('<crowd-slider name="a" min="2" value="7">', 7, 7),
        ('<crowd-classifier name="a" categories="[\'A\']">', {}, None),
        ('<crowd-classifier-multi-select name="a" categories="[\'A\']">', {"labels": []}, None),
        ('<crowd-semantic-segmentation name="a">', {}, None),
    ],
)
def test_values_that_scripts_read(page, html, value, submittable):
    """`value` and `_submittableValue` of an element are there for scripts."""
    with open_crowd_page(page, f"<crowd-form>{html}</crowd-form>"):
        element = page.locator("[name=a]").first
        assert element.evaluate("element => element.value") == value
        assert element.evaluate("element => element._submittableValue") == submittable


@pytest.mark.parametrize(
    ("tag", "value", "expected"),
    [
        ("crowd-input", "x", "x"),
        ("crowd-text-area", "x", "x"),
        ("crowd-slider", 7, 7),
        ("crowd-classifier", "B", {"label": "B"}),
        ("crowd-image-classifier", {"label": "A"}, {"label": "A"}),
        ("crowd-classifier-multi-select", ["B", "A"], {"labels": ["A", "B"]}),
    ],
)
@pytest.mark.parametrize("is_early", [True, False])
def test_values_that_scripts_set(page, tag, value, expected, is_early):
    """A script can set the `value` of an element, while the page is loading and later."""
    setting = f"document.querySelector('{tag}').value = {json.dumps(value)}"
    html = f"""<crowd-form><{tag} name="a" categories="['A', 'B']"></{tag}></crowd-form>
        <script>{setting if is_early else ""}</script>"""
    with open_crowd_page(page, html) as task:
        page.evaluate("" if is_early else setting)
        assert task.submit() == {"a": expected}


def test_a_script_empties_an_input(page):
    """A script empties a crowd-input by setting its value to null."""
    html = '<crowd-form><crowd-input name="a" value="x"></crowd-input></crowd-form>'
    with open_crowd_page(page, html) as task:
        page.evaluate("document.querySelector('crowd-input').value = null")
        assert task.submit() == {}


@pytest.mark.parametrize(
    ("html", "act"),
    [
        ('<crowd-input name="a" label="A">', lambda page: page.get_by_label("A").press("x")),
        ('<crowd-checkbox name="a">A', lambda page: page.get_by_role("checkbox").click()),
        ('<crowd-slider name="a">', lambda page: page.get_by_role("slider").press("ArrowRight")),
        (
            '<crowd-classifier name="a" categories="[\'A\']">',
            lambda page: page.get_by_role("radio").click(),
        ),
    ],
)
def test_changes_are_events(page, html, act):
    """A change by the worker dispatches input and change events that bubble from the element."""
    listening = """<script>
        window.heard = [];
        for (const type of ["input", "change"]) {
            document.addEventListener(type, event => heard.push([type, event.target.name]));
        }
    </script>"""
    with open_crowd_page(page, f"{listening}<crowd-form>{html}</crowd-form>"):
        act(page)
        page.keyboard.press("Tab")
        assert sorted(page.evaluate("heard")) == [["change", "a"], ["input", "a"]]


def test_serialized_form(page):
    """`_serializeForm` returns the fields that the form would post, without posting them."""
    html = '<crowd-form><input name="a" value="x"></crowd-form>'
    with open_crowd_page(page, html) as task:
        fields = page.evaluate("document.querySelector('crowd-form')._serializeForm()")
        assert fields == {"assignmentId": "ASSIGNMENT1", "taskAnswers": '[{"a":"x"}]'}
        assert task.posts == []


def test_reset(page):
    """A crowd-button with form-action "reset" restores all fields and takes away their errors."""
    html = """<crowd-form>
        <crowd-input name="text" value="before" label="Text" min-length="3"></crowd-input>
        <crowd-text-area name="area"></crowd-text-area>
        <crowd-checkbox name="box" checked>Box</crowd-checkbox>
        <crowd-slider name="much" value="4"></crowd-slider>
        <crowd-classifier name="class" categories="['A', 'B']"></crowd-classifier>
        <input name="native" value="before" aria-label="Native">
        <crowd-button form-action="reset">Reset</crowd-button></crowd-form>"""
    with open_crowd_page(page, html):
        get = "JSON.parse(document.querySelector('crowd-form')._serializeForm().taskAnswers)[0]"
        before = page.evaluate(get)
        page.get_by_label("Text").fill("x")
        page.get_by_label("Native").fill("x")
        page.get_by_role("checkbox", name="Box").click()
        page.get_by_role("slider").press("ArrowRight")
        page.get_by_role("radio", name="A").click()
        press_submit(page)
        assert page.get_by_role("alert").is_visible()
        assert page.evaluate(get) != before
        page.get_by_role("button", name="Reset").click()
        assert page.evaluate(get) == before
        assert page.get_by_role("alert").count() == 0


def test_a_second_click_does_not_submit_again(page):
    """While the answers are being sent, a further click on the submit button does nothing."""
    html = f"""<crowd-form>{INPUT}</crowd-form><script>
        window.heard = 0;
        document.querySelector("crowd-form").addEventListener("submit", () => {{ heard += 1; }});
    </script>"""
    with open_crowd_page(page, html):
        page.route("**/externalSubmit", lambda route: None)
        heard = page.evaluate(
            """async () => {
                const button = document.querySelector("crowd-button");
                button.click();
                await new Promise(resolve => setTimeout(resolve));
                button.click();
                return heard;
            }"""
        )
        assert heard == 1


# Previews ----------------------------------------------------------------------------------------


def test_a_preview_cannot_be_submitted(page):
    """In a preview, the submit button is disabled and a text says that the HIT must be accepted."""
    html = f"<crowd-form>{INPUT}<button>Native</button></crowd-form>"
    with open_crowd_page(page, html, assignment_id=PREVIEW) as task:
        assert page.get_by_role("button", name="Submit").is_disabled()
        note = page.get_by_role("note")
        assert note.inner_text() == "This is a preview. Accept the HIT before you submit your work."
        page.get_by_role("button", name="Native").click()
        page.evaluate("document.querySelector('crowd-form').submit()")
        page.evaluate("document.querySelector('crowd-button').click()")
        page.keyboard.press("Enter")
        assert task.posts == []


# Keys --------------------------------------------------------------------------------------------


def test_enter_submits_where_no_text_field_has_the_focus(page):
    """The enter key submits the form unless the worker writes a text or presses a button."""
    html = f"""<crowd-form>{INPUT}
        <crowd-text-area name="area" label="Area"></crowd-text-area>
        <crowd-modal link-text="Help">Text</crowd-modal>
        <crowd-checkbox name="box">Box</crowd-checkbox></crowd-form>"""
    with open_crowd_page(page, html) as task:
        page.get_by_label("Tag").press("Enter")
        page.get_by_label("Area").press("Enter")
        page.get_by_role("button", name="Help").press("Enter")
        page.keyboard.press("Escape")
        assert task.posts == []
        page.get_by_role("checkbox").press("Enter")
        assert task.wait() == {"area": "\n", "box": {"on": False}}


def test_enter_does_nothing_if_the_submit_button_is_hidden(page):
    """The enter key does not submit a form whose submit button the page hides."""
    html = f"""<crowd-form>{INPUT}<crowd-button form-action="submit" style="display: none">
        </crowd-button></crowd-form><div tabindex="0" id="step">Step 1</div><script>
            window.heard = 0;
            document.onsubmit = () => {{ heard += 1; }};
        </script>"""
    with open_crowd_page(page, html):
        page.locator("#step").press("Enter")
        assert page.evaluate("heard") == 0


def test_enter_in_another_form_is_left_alone(page):
    """The enter key in a form beside the crowd-form does not submit the crowd-form."""
    html = f"""<crowd-form>{INPUT}</crowd-form>
        <form onsubmit="event.preventDefault(); window.other = true">
        <input type="checkbox" aria-label="Other"><button>Go</button></form>"""
    with open_crowd_page(page, html) as task:
        page.get_by_label("Other").press("Enter")
        assert page.evaluate("window.other")
        assert task.posts == []
