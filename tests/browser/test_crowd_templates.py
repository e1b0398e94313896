"""Task pages as requesters publish them, filled and submitted."""

from __future__ import annotations

from tests.browser.crowd_pages import SCRIPT, open_crowd_page

IMAGE = b'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"></svg>'

SURVEY = f"""<!-- You must include this JavaScript file -->
{SCRIPT}

<!-- You must include crowd-form so that your task submits answers to MTurk -->
<crowd-form answer-format="flatten-objects">

  <crowd-instructions link-text="View instructions" link-type="button">
    <short-summary>
      <p>Tell us about birds</p>
    </short-summary>

    <detailed-instructions>
      <h3>What we want to know</h3>
      <p>Answer as you like</p>
    </detailed-instructions>

    <positive-example>
      <p>Pink</p>
    </positive-example>

    <negative-example>
      <p>None</p>
    </negative-example>
  </crowd-instructions>

  <div>
    <p>What is your favorite color for a bird?</p>
    <crowd-input name="favoriteColor" placeholder="example: pink" required></crowd-input>
  </div>

  <div>
    <p>Check this box if you like birds</p>
    <crowd-checkbox name="likeBirds" checked="true" required></crowd-checkbox>
  </div>

  <div>
    <p>On a scale of 1-10, how much do you like birds?</p>
    <crowd-slider name="howMuch" min="1" max="10" step="1" pin="true" required></crowd-slider>
  </div>

  <div>
    <p>Write a short essay describing your favorite bird</p>
    <crowd-text-area name="essay" rows="4" placeholder="Lorem ipsum..." required></crowd-text-area>
  </div>
</crowd-form>
"""

DOCUMENT = f"""<!DOCTYPE html>
<html>
<head>
    <meta http-equiv="Content-Type" content="text/html; charset=UTF-8"/>
    <title>Which is more likely?</title>
    <link rel="stylesheet" href="https://cdn.example/bootstrap.min.css">
    <script src="https://cdn.example/jquery.min.js"></script>
    {SCRIPT}
    <style>
        .option {{ border: 1px solid #ccc; padding: 10px; }}
        crowd-button[form-action=submit] {{ display: none; }}
    </style>
</head>
<body onload="start()">
<crowd-form>
    <div id="errorBox"></div>
    <input type="hidden" name="began" id="began">
    <div class="option">
        <p>The glass fell from the table. It broke.</p>
        <label><input type="radio" name="option0" value="Likely">Likely</label>
        <label><input type="radio" name="option0" value="Unlikely">Unlikely</label>
    </div>
    <div class="option">
        <p>The feather fell from the table. It broke.</p>
        <label><input type="radio" name="option1" value="Likely">Likely</label>
        <label><input type="radio" name="option1" value="Unlikely">Unlikely</label>
    </div>
    <label>Comments <textarea name="comments" rows="2"></textarea></label>
    <crowd-button form-action="submit" variant="primary"></crowd-button>
    <button type="button" id="go">Send answers</button>
</crowd-form>
<script>
    function start() {{
        document.getElementById("began").value = "now";
    }}
    document.querySelector("crowd-form").onsubmit = function (event) {{
        if (document.querySelectorAll("input[type=radio]:checked").length < 2) {{
            event.preventDefault();
            errorBox.innerHTML = '<crowd-alert type="error" dismissible>Answer both.</crowd-alert>';
            errorBox.scrollIntoView();
            return;
        }}
        const extra = document.createElement("input");
        extra.type = "hidden";
        extra.name = "clicks";
        extra.value = JSON.stringify([1, 2]);
        document.querySelector("crowd-form").appendChild(extra);
    }};
    document.getElementById("go").addEventListener("click", function () {{
        document.querySelector("crowd-button").click();
    }});
</script>
</body>
</html>
"""

IMAGES = f"""{SCRIPT}
<crowd-form>
    <crowd-image-classifier
        src="/cat.svg"
        categories="['Cat', 'Dog', 'Bird', 'None of the Above']"
        header="Choose the correct category for the image"
        name="category">

        <short-instructions>
            <p>Read the task carefully and inspect the image.</p>
            <p>If there is an issue, describe it and press the button below.</p>
            <crowd-input label="Report an Issue" name="template-issues"></crowd-input>
            <crowd-fab id="button1" icon="report-problem" title="Issue"/>
        </short-instructions>

        <full-instructions header="Classification Instructions">
            <p>Choose the appropriate label that best suits the image.</p>
        </full-instructions>

    </crowd-image-classifier>
</crowd-form>

<script>
  [
    button1,
  ].forEach(function(button) {{
    button.addEventListener('click', function() {{
      document.querySelector('crowd-form').submit();
    }});
  }});
</script>
"""

TABS = f"""{SCRIPT}
<crowd-form>
  <crowd-tabs>
    <crowd-tab header="Tab 1"><h2>Image</h2></crowd-tab>
    <crowd-tab header="Tab 2">
      <div style="width: 40%; display: inline-block">
        <crowd-input label="Input inside tab" name="inputInsideTab"></crowd-input>
        <input type="checkbox" name="checkbox" value="foo">Foo
        <input type="checkbox" name="checkbox" value="bar">Bar
        <crowd-button>Some button</crowd-button>
      </div>
    </crowd-tab>
  </crowd-tabs>

  <crowd-input label="Input outside tabs" name="inputOutsideTab"></crowd-input>

  <short-instructions>
    <p>Sed risus ultricies.</p>
</short-instructions>

<full-instructions header="Classification Instructions">
    <p>Lorem ipsum dolor sit amet.</p>
</full-instructions>

</crowd-form>
"""


def test_survey(page):
    """A survey of crowd elements, with instructions, is filled by keyboard alone."""
    with open_crowd_page(page, SURVEY) as task:
        for key in ("Tab", "Enter", "Escape", "Tab"):
            page.keyboard.press(key)
        page.keyboard.type("blue")
        for key in ("Tab", "Tab", "ArrowRight", "ArrowRight", "Tab"):
            page.keyboard.press(key)
        page.keyboard.type("Owls.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert task.wait() == {
            "favoriteColor": "blue",
            "likeBirds": {"on": True},
            "howMuch": 3,
            "essay": "Owls.",
        }


def test_document_with_native_fields_and_its_own_checks(page):
    """A whole document works, with CDN scripts that do not load, own checks and an own button."""
    with open_crowd_page(page, DOCUMENT) as task:
        page.get_by_role("radio", name="Likely", exact=True).first.check()
        page.get_by_role("button", name="Send answers").click()
        assert page.get_by_text("Answer both.").is_visible()
        assert task.posts == []
        page.get_by_role("radio", name="Unlikely").last.check()
        page.get_by_role("button", name="Send answers").click()
        assert task.wait() == {
            "began": "now",
            "option0": {"Likely": True, "Unlikely": False},
            "option1": {"Likely": False, "Unlikely": True},
            "comments": "",
            "clicks": "[1,2]",
        }


def test_issue_reported_instead_of_an_answer(page):
    """A button that is not closed, in instructions, submits the form by a script."""
    with open_crowd_page(page, IMAGES, files={"/cat.svg": IMAGE}) as task:
        page.get_by_role("radio", name="None of the Above").check()
        page.get_by_label("Report an Issue").fill("Blank image")
        page.get_by_role("button", name="Issue").click()
        expected = {"category": {"label": "None of the Above"}, "template-issues": "Blank image"}
        assert task.wait() == expected


def test_fields_in_tabs(page):
    """Fields inside tabs and outside of them are sent together, also those of tabs not shown."""
    with open_crowd_page(page, TABS) as task:
        page.get_by_role("tab", name="Tab 2").click()
        page.get_by_label("Input inside tab").fill("in")
        page.get_by_role("checkbox").last.check()
        page.get_by_role("tab", name="Tab 1").click()
        page.get_by_label("Input outside tabs").fill("out")
        assert task.submit() == {
            "inputInsideTab": "in",
            "checkbox": {"foo": False, "bar": True},
            "inputOutsideTab": "out",
        }


def test_a_form_in_the_shadow_root_of_an_element(page):
    """Questions that a page adds to the form in the shadow root of an element are sent too.

    A documented template appends them to `element.shadowRoot.querySelector('crowd-form').form`.
    """
    define = """<script>
        class Marker extends mturkMockCrowd.CrowdElement {
            setUp() { this.draw("", document.createElement("crowd-form")); }
            get _submittableValue() { return {marks: 1}; }
        }
        mturkMockCrowd.define("crowd-marker", Marker);
        document.addEventListener("all-crowd-elements-ready", () => {
            document.querySelector("crowd-marker").shadowRoot.querySelector("crowd-form").form
                .appendChild(additionalQuestions);
        });
    </script>"""
    element = """<crowd-marker name="marked"><div id="additionalQuestions"><crowd-radio-group>
        <crowd-radio-button name="tech" value="tech">Technology</crowd-radio-button>
        <crowd-radio-button name="politics" value="politics">Politics</crowd-radio-button>
    </crowd-radio-group></div></crowd-marker>"""
    for html in (element, f"<crowd-form>{element}</crowd-form>"):
        with open_crowd_page(page, define + html) as task:
            page.get_by_role("radio", name="Politics").click()
            assert page.get_by_role("button", name="Submit").count() == 1
            assert task.submit() == {
                "marked": {"marks": 1},
                "tech": {"tech": False},
                "politics": {"politics": True},
            }
