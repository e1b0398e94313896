"""`mturk-mock preview` in a browser."""

from __future__ import annotations

import pytest

from mturk_mock import QuestionForm
from mturk_mock.questions import FreeTextAnswer, Question
from tests.previews import previewing

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect

TEMPLATE = "<h1>Which animal is ${name}?</h1><p><label>Animal <input name=animal></label></p>"
ROWS = "name\nTom\n<i>Rex</i>\n${name}\n"


@pytest.fixture
def files(tmp_path):
    """A template and a file of rows."""
    (tmp_path / "page.html").write_text(TEMPLATE)
    (tmp_path / "rows.csv").write_text(ROWS)
    return tmp_path / "page.html", tmp_path / "rows.csv"


@pytest.fixture
def template(files):
    """A preview of a template with rows."""
    with previewing(*files) as preview:
        yield preview


def task(page):
    """Return the frame of the task."""
    return page.frame_locator("iframe")


def heading(page):
    """Return the heading in the task."""
    return task(page).get_by_role("heading")


def test_arrow_keys_choose_the_row(template, page):
    """The right arrow key shows the next row, the left one the previous; both stop at the ends."""
    page.goto(template.url)
    for key, row in (("Left", 1), ("Right", 2), ("Right", 3), ("Right", 3), ("Left", 2)):
        page.keyboard.press(f"Arrow{key}")
        expect(page.get_by_text(f"Row {row} of 3", exact=True)).to_be_visible()
        page.wait_for_load_state()  # only then the page hears keys


def test_arrow_keys_in_the_task(template, page):
    """After a click into the task, the keys work too; in a field they move the cursor."""
    page.goto(template.url)
    heading(page).click()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Row 2 of 3", exact=True)).to_be_visible()
    task(page).get_by_label("Animal").click()
    page.keyboard.press("ArrowRight")
    page.get_by_role("link", name="Next row").click()
    expect(page.get_by_text("Row 3 of 3", exact=True)).to_be_visible()


def test_values_are_kept_as_written(template, page):
    """HTML of a value is HTML in the task, and a placeholder in a value stays one."""
    page.goto(f"{template.url}?row=2")
    expect(heading(page).locator("i")).to_have_text("Rex")
    page.get_by_role("link", name="Next row").click()
    expect(heading(page)).to_have_text("Which animal is ${name}?")


def test_submitted_answer(template, page):
    """An answer is shown beside the task and printed, as boto3 returns it."""
    page.goto(template.url)
    task(page).get_by_label("Animal").fill("cat")
    task(page).get_by_role("button", name="Submit").click()
    expect(page.get_by_text("'AssignmentStatus': 'Submitted'")).to_be_visible()
    expect(page.locator(".submitted dd")).to_have_text("cat")
    template.wait_for("Submitted, row 1:")
    printed = "\n".join(template.wait_for("}"))

    assert page.locator(".submitted pre").inner_text() == printed


def test_reload_when_the_page_is_saved(template, files, page):
    """A saved page is shown without a reload by hand, at the same row."""
    page.goto(f"{template.url}?row=2")
    files[0].write_text(TEMPLATE.replace("Which animal", "What kind of animal"))

    expect(heading(page)).to_have_text("What kind of animal is Rex?")


def test_reload_when_the_rows_are_saved(template, files, page):
    """Saved rows are shown too."""
    page.goto(template.url)
    files[1].write_text("name\nPussy\n")

    expect(heading(page)).to_have_text("Which animal is Pussy?")


def test_half_written_rows(template, files, page):
    """While the rows are invalid the page says why, and it goes on when they are valid again."""
    page.goto(template.url)
    files[1].write_text('name\nTom,"')
    alert = page.get_by_role("alert")
    expect(alert).to_have_text(f"{files[1]}, line 2: 2 values for 1 columns")
    files[1].write_text(ROWS)

    expect(heading(page)).to_have_text("Which animal is Tom?")


def test_before_accepting(template, page):
    """A worker who has not accepted the HIT sees the page, and cannot submit it."""
    page.goto(template.url)
    page.get_by_role("link", name="Before accepting").click()
    src = page.locator("iframe").get_attribute("src")
    task(page).get_by_role("button", name="Submit").click()

    assert "assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&" in src
    expect(task(page).get_by_role("alert")).to_contain_text("This is a preview")


def test_question_form(tmp_path, page):
    """A QuestionForm is shown with its button; mistakes are named, and an answer is printed."""
    path = tmp_path / "form.xml"
    path.write_text(str(QuestionForm(Question("animal", "The animal", FreeTextAnswer()))))
    with previewing(path) as preview:
        page.goto(preview.url)
        page.get_by_label("The animal").fill("cow")
        page.get_by_role("button", name="Submit").click()
        expect(page.get_by_role("status").filter(has_text="Submitted")).to_be_visible()
        preview.wait_for("Submitted:")
        expect(page.locator(".submitted dd")).to_have_text("cow")


def test_end_of_the_preview(template, page):
    """When the command has ended, the page says so."""
    page.goto(template.url)
    template.end()

    expect(page.get_by_text("The preview has ended")).to_be_visible()
