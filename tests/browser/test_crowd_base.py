"""What all crowd-* elements share."""

from __future__ import annotations

import pytest

from tests.browser.crowd_pages import SCRIPT, open_crowd_page

READY = """
<script>
    window.heard = [];
    document.addEventListener("all-crowd-elements-ready", () => heard.push("document"));
    window.addEventListener("all-crowd-elements-ready", () => heard.push("window"));
</script>
"""


@pytest.mark.parametrize("target", ["document", "window"])
def test_all_crowd_elements_ready_is_heard_once(page, target):
    """The event all-crowd-elements-ready is dispatched once, on the document and the window."""
    with open_crowd_page(page, f"{READY}<crowd-form></crowd-form>"):
        page.wait_for_function("heard.length")
        assert page.evaluate("heard").count(target) == 1


def test_all_crowd_elements_ready_is_heard_by_a_listener_added_when_the_document_is_loaded(page):
    """A listener that is added at DOMContentLoaded hears all-crowd-elements-ready."""
    script = f"""<script>
        document.addEventListener("DOMContentLoaded", () => {{ {READY[10:-11]} }});
    </script>"""
    with open_crowd_page(page, script):
        page.wait_for_function("window.heard && heard.length == 2")


def test_a_script_that_is_loaded_twice_changes_nothing(page):
    """A page that loads the script twice has no errors and hears the event once."""
    with open_crowd_page(page, f"{SCRIPT}{SCRIPT}{READY}") as task:
        page.wait_for_function("heard.length")
        assert page.evaluate("heard") == ["document", "window"]
        assert task.problems == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('["a", "b"]', ["a", "b"]),
        ("['a', 'b']", ["a", "b"]),
        ("['it\\'s', \"don't\"]", ["it's", "don't"]),
        ("['a \"b\"',]", ['a "b"']),
        ("['back\\\\slash']", ["back\\slash"]),
        ("['two\nlines']", ["two\nlines"]),
        ("{ text: 'None: of these', }", {"text": "None: of these"}),
        ("{'a': ['b']}", {"a": ["b"]}),
        ("", []),
        ("a, b", []),
    ],
)
def test_lists_in_attributes_are_json_or_javascript(page, text, expected):
    """Lists in attributes are JSON or objects of JavaScript; others are empty."""
    with open_crowd_page(page, ""):
        assert page.evaluate("text => mturkMockCrowd.parseList(text)", text) == expected
