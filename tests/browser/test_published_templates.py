"""Templates in the style in which requesters publish them run unchanged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mturk_mock.server import MTurkServer
from tests.browser.site import answers_of, open_hit, publish_page, sign_in, wait_until_submitted
from tests.helpers import HIT_TYPE

FOLDER = Path(__file__).parent / "templates"


def fill_survey_link(page, frame):
    frame.get_by_role("textbox", name="Provide the survey code here:").fill("A7-42")
    frame.get_by_role("button", name="Submit").click()


def fill_image_choice(page, frame):
    frame.get_by_label("I am not sure").check()
    page.keyboard.press("2")
    frame.get_by_role("button", name="Submit").click()


def fill_gup_rating(page, frame):
    frame.get_by_label("3").check()
    frame.locator("#language").select_option("German")
    frame.get_by_role("button", name="Submit").click()


def fill_transcription(page, frame):
    frame.get_by_label("Text").fill("Total\n  12.50 €")
    page.reload()  # the draft is kept
    frame.get_by_role("button", name="Send").click()


def fill_boxes_on_canvas(page, frame):
    canvas = frame.locator("canvas")
    for start, end in (((10, 20), (110, 70)), ((200, 150), (150, 100)), ((1, 1), (2, 2))):
        canvas.hover(position={"x": start[0], "y": start[1]})
        page.mouse.down()
        canvas.hover(position={"x": end[0], "y": end[1]})
        page.mouse.up()
    frame.get_by_role("button", name="Undo").click()
    frame.get_by_role("button", name="Done").click()


def fill_reaction_times(page, frame):
    frame.get_by_role("button", name="Begin").click()
    for key in "fxjf":
        page.keyboard.press(key)


def fill_likert_table(page, frame):
    frame.get_by_role("radio", name="is talkative 1").check()
    frame.get_by_role("radio", name="does a thorough job 3").check()
    frame.get_by_role("button", name="Submit").click()
    frame.get_by_text("1 answers are missing.").wait_for()
    frame.get_by_role("radio", name="is reserved 2").check()
    frame.get_by_role("button", name="Submit").click()


def fill_two_steps(page, frame):
    frame.get_by_role("button", name="Next").click()
    page.keyboard.type("Short")
    frame.get_by_role("button", name="Submit").click()
    frame.get_by_text("Write at least 10 letters.").wait_for()
    frame.get_by_label("Summary").fill("“Die Katze” saß auf <der> Matte & schlief — 猫")
    frame.get_by_label("cats").check()
    frame.get_by_label("mats").check()
    frame.get_by_role("button", name="Submit").click()


def fill_translation_with_timer(page, frame):
    frame.get_by_label("Translation").fill("Good morning & good night")
    frame.get_by_label("yes").check()
    frame.get_by_role("button", name="Submit translation").click()


TEMPLATES = {
    "survey_link": (fill_survey_link, {"surveycode": "A7-42"}),
    "image_choice": (fill_image_choice, {"choice": "dog", "unsure": "yes"}),
    "gup_rating": (fill_gup_rating, {"rating": "3", "language": "German", "Submit": "Submit"}),
    "transcription": (
        fill_transcription,
        {"text": "Total\r\n  12.50 €", "words": "3", "tookTime": "true"},
    ),
    "boxes_on_canvas": (
        fill_boxes_on_canvas,
        {
            "boxes": json.dumps(
                [
                    {"x": 10, "y": 20, "w": 100, "h": 50},
                    {"x": 150, "y": 100, "w": 50, "h": 50},
                ],
                separators=(",", ":"),
            )
        },
    ),
    "reaction_times": (
        fill_reaction_times,
        {
            "data": '[{"stimulus":"XOXO","key":"f"},{"stimulus":"OOOO","key":"j"},'
            '{"stimulus":"XXXX","key":"f"}]',
            "trials": "3",
        },
    ),
    "likert_table": (fill_likert_table, {"item1": "1", "item2": "3", "item3": "2"}),
    "two_steps": (
        fill_two_steps,
        {
            "summary": "“Die Katze” saß auf <der> Matte & schlief — 猫",
            "topics": "mats",
            "browser": '{"online":true}',
        },
    ),
    "translation_with_timer": (
        fill_translation_with_timer,
        {"translation": "Good morning & good night", "hard": "yes", "events": "focus,change"},
    ),
}


@pytest.fixture(scope="module")
def _server():
    with MTurkServer(seed=1) as server:
        yield server


@pytest.fixture
def server(_server):
    _server.mturk.reset()
    return _server


@pytest.fixture
def worker(page_with_storage, server):
    """A page whose worker is signed in, with the errors of scripts in `errors`."""
    page = page_with_storage
    sign_in(page, server)
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    return page


def read_template(name):
    return (FOLDER / f"{name}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TEMPLATES)
def test_template(name, server, worker):
    """A worker fills and submits a template, and the requester reads the answers."""
    fill, expected = TEMPLATES[name]
    hit_id = publish_page(server, read_template(name))
    fill(worker, open_hit(worker, server, hit_id))
    wait_until_submitted(worker)

    assert answers_of(server, hit_id) == expected
    assert worker.errors == []


def test_template_of_the_website(server, worker):
    """A template without a form is a layout, whose placeholders each HIT fills."""
    hit = server.client().create_hit(
        **HIT_TYPE,
        LifetimeInSeconds=3600,
        HITLayoutId=server.mturk.add_layout(read_template("website_layout")),
        HITLayoutParameters=[{"Name": "company", "Value": "Smith &amp; Sons"}],
    )["HIT"]
    frame = open_hit(worker, server, hit["HITId"])
    frame.get_by_role("textbox", name="Notes on Smith & Sons").fill("It has two.")
    frame.get_by_role("textbox", name="Website Address:").fill("smith.example")
    frame.get_by_role("button", name="Submit").click()
    wait_until_submitted(worker)

    assert answers_of(server, hit["HITId"]) == {"web_url": "smith.example", "notes": "It has two."}
    assert worker.errors == []


def test_every_template_is_run():
    """No file of the folder is left out."""
    names = {path.stem for path in FOLDER.glob("*.html")}

    assert names == {*TEMPLATES, "website_layout"}
