"""QuestionForm in a browser: filled by keyboard, drafts, messages before it is sent."""

from __future__ import annotations

import contextlib
import threading

import pytest
import uvicorn

from mturk_mock.questions import (
    AnswerFormatRegex,
    FileUploadAnswer,
    FormattedContent,
    FreeTextAnswer,
    IsNumeric,
    Length,
    List,
    Overview,
    Question,
    QuestionForm,
    SelectionAnswer,
    Text,
    Title,
)
from tests.server.question_forms import Site

COLORS = {"r": "Red", "g": "Green", "b": "Blue"}
OTHER = FreeTextAnswer()

EVERYTHING = QuestionForm(
    Overview(
        [
            Title("Describe the animal"),
            Text("Look closely.\nThen answer."),
            List(["Only one animal", "No guessing"]),
            FormattedContent('<p>See the <a href="https://example.com/rules">rules</a>.</p>'),
        ]
    ),
    Question("name", "Its name", FreeTextAnswer(), required=True),
    Question("age", "Its age", FreeTextAnswer(IsNumeric(0, 30)), display_name="Years"),
    Question("story", "Its story", FreeTextAnswer(length=Length(None, 20), lines=3)),
    Question("color", "Its color", SelectionAnswer(COLORS), required=True),
    Question("coat", "Its coat", SelectionAnswer(["Fur", "Skin"], other=OTHER)),
    Question("eats", "It eats", SelectionAnswer(["Fish", "Grass", "Meat"], 1, 2)),
    Question("sounds", "Its sounds", SelectionAnswer(["Meow", "Moo"], 1, 3, other=OTHER)),
    Question("size", "Its size", SelectionAnswer(["Small", "Big"], style="dropdown")),
    Question("home", "Its home", SelectionAnswer(["House", "Barn"], style="list")),
    Question("mood", "Its mood", SelectionAnswer(["Calm"], style="combobox", other=OTHER)),
    Question("photo", "A photo", FileUploadAnswer(1, 1000)),
)
ANSWERS = {
    "name": "Tom",
    "age": "7",
    "story": "Once\nupon",
    "color": {"selections": ["g"]},
    "coat": {"selections": [], "other": "Scales"},
    "eats": {"selections": ["Fish", "Meat"]},
    "sounds": {"selections": ["Moo"], "other": "Purr"},
    "size": {"selections": ["Big"]},
    "home": {"selections": ["House"]},
    "mood": {"selections": [], "other": "Angry"},
    "photo": b"picture",
}


@contextlib.contextmanager
def serving(site):
    """Serve a site on a port of loopback; yields its address."""
    config = uvicorn.Config(site.app, port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    started = threading.Event()

    async def main_loop(run=server.main_loop):
        started.set()
        await run()

    server.main_loop = main_loop
    thread.start()
    try:
        assert started.wait(10)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def show(page):
    """A function that opens the page of a form; returns the site."""
    with contextlib.ExitStack() as stack:

        def call(*parts, **options):
            document = str(parts[0] if isinstance(parts[0], QuestionForm) else QuestionForm(*parts))
            site = Site(document, **options)
            page.goto(stack.enter_context(serving(site)))
            return site

        yield call


def submit(page):
    page.get_by_role("button", name="Submit").click()


def test_filled_by_keyboard(page, show, tmp_path):
    """Each type of answer can be given with the keyboard alone."""
    photo = tmp_path / "photo.bin"
    photo.write_bytes(b"picture")
    site = show(EVERYTHING)
    page.on("filechooser", lambda chooser: None)  # the browser opens no dialog of its own
    press = page.keyboard.press
    page.get_by_label("Its name").focus()
    page.keyboard.type("Tom")
    press("Tab")
    page.keyboard.type("7")
    press("Tab")
    page.keyboard.type("Once\nupon")
    press("Tab")  # the radio buttons of the color
    press("2")
    press("Tab")  # the coat
    press("ArrowUp")  # from the first to the last: another text
    press("Tab")  # the button that clears the selection
    press("Tab")
    page.keyboard.type("Scales")
    press("Tab")  # what it eats
    press("Space")
    press("Tab")
    press("Tab")
    press("Space")
    press("Tab")  # the sounds
    press("Tab")
    press("Space")
    press("Tab")
    page.keyboard.type("Purr")
    press("Tab")
    page.keyboard.type("Big")
    press("Tab")
    press("ArrowDown")
    press("Tab")
    press("Tab")
    page.keyboard.type("Angry")
    with page.expect_file_chooser() as chosen:
        press("Tab")
        press("Enter")
    chosen.value.set_files(photo)
    press("Tab")
    press("Enter")
    page.get_by_role("heading", name="Submitted").wait_for()
    assert site.posted[0].answer == ANSWERS


def test_reload_keeps_the_work(page, show):
    """A reload keeps what was entered, except for files."""
    site = show(EVERYTHING)
    page.get_by_label("Its name").fill('Tom "the" cat')
    page.get_by_label("Its story").fill("Once\nupon")
    page.get_by_label("Green").check()
    page.get_by_label("Fish").check()
    page.get_by_label("Meat").check()
    page.get_by_label("Its size").select_option("Big")
    page.get_by_role("group", name="Its mood").get_by_label("Other answer").fill("Angry")
    page.reload()
    submit(page)
    page.get_by_role("heading", name="Submitted").wait_for()
    answer = site.posted[0].answer
    assert answer["name"] == 'Tom "the" cat'
    assert answer["story"] == "Once\nupon"
    assert answer["color"] == {"selections": ["g"]}
    assert answer["eats"] == {"selections": ["Fish", "Meat"]}
    assert answer["size"] == {"selections": ["Big"]}
    assert answer["mood"] == {"selections": [], "other": "Angry"}


def test_reload_keeps_what_was_cleared(page, show):
    """A reload keeps that a default text was removed."""
    show(Question("q", "Text", FreeTextAnswer(default_text="default")))
    page.get_by_label("Text").fill("")
    page.reload()
    assert page.get_by_label("Text").input_value() == ""


def test_draft_dropped_after_submission(page, show):
    """After the form was accepted, nothing of it is kept in the browser."""
    show(Question("q", "Text", FreeTextAnswer()))
    page.get_by_label("Text").fill("x")
    assert page.evaluate("sessionStorage.length") == 1
    submit(page)
    page.get_by_role("heading", name="Submitted").wait_for()
    page.wait_for_load_state("load")
    assert page.evaluate("sessionStorage.length") == 0


def test_draft_kept_if_the_server_finds_mistakes(page, show):
    """A form that the server does not accept is kept, also through another reload."""
    strict = FreeTextAnswer(formats=(AnswerFormatRegex("^[a-z]+$", "Enter small letters."),))
    show(Question("q", "Text", strict))
    page.get_by_label("Text").fill("ABC")
    submit(page)
    link = page.get_by_role("alert").get_by_role("link")
    assert link.inner_text() == "Text Enter small letters."
    page.goto(page.url)
    assert page.get_by_label("Text").input_value() == "ABC"


def test_no_drafts_without_storage(page, show):
    """The form works in a browser that keeps nothing."""
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('off'); }})"
    )
    site = show(Question("q", "Text", FreeTextAnswer()))
    page.get_by_label("Text").fill("x")
    submit(page)
    page.get_by_role("heading", name="Submitted").wait_for()
    assert site.posted[0].answer == {"q": "x"}


# Messages before the form is sent ---------------------------------------------------------


def errors(page):
    """Return the links of the summary, as text and ID."""
    links = page.get_by_role("alert").get_by_role("link").all()
    return [(link.inner_text(), link.get_attribute("href")) for link in links]


def test_all_mistakes_before_sending(page, show, tmp_path):
    """All mistakes are told before the form is sent, in the words of the server."""
    big = tmp_path / "big.bin"
    big.write_bytes(b"x" * 1001)
    site = show(EVERYTHING)
    page.get_by_label("Its age").fill("31")
    page.get_by_label("Its story").fill("x" * 21)
    for food in ("Fish", "Grass", "Meat"):
        page.get_by_label(food).check()
    page.get_by_role("radiogroup", name="Its coat").get_by_label("Other", exact=True).check()
    page.get_by_label("A photo").set_input_files(big)
    submit(page)
    told = errors(page)
    assert told == [
        ("Its name Enter an answer.", "#answer-1"),
        ("Years Enter a whole number from 0 to 30.", "#answer-2"),
        ("Its story Enter up to 20 characters.", "#answer-3"),
        ("Its color Choose an answer.", "#answer-4-1"),
        ("Its coat Enter the other answer, or choose another one.", "#answer-5-other"),
        ("It eats Choose up to 2.", "#answer-6-1"),
        ("A photo Choose a file of up to 1 KB (1,000 bytes).", "#answer-11"),
    ]
    assert site.posted == []
    assert page.evaluate("document.activeElement.className") == "qf-summary"


def test_link_of_a_mistake_moves_the_focus(page, show):
    """A link of the summary moves the focus to its control, which is described by the mistake."""
    show(EVERYTHING)
    submit(page)
    page.get_by_role("alert").get_by_role("link", name="Its name").click()
    field = page.get_by_label("Its name")
    assert field.evaluate("each => each === document.activeElement")
    assert field.get_attribute("aria-invalid") == "true"
    ids = field.get_attribute("aria-describedby").split()
    assert [page.locator(f"#{each}").inner_text() for each in ids] == [
        "Required.",
        "Enter an answer.",
    ]


def test_corrected_mistake_disappears(page, show):
    """A message disappears when the answer is corrected."""
    show(Question("q", "Number", FreeTextAnswer(IsNumeric(1, 9))))
    field = page.get_by_label("Number")
    field.fill("10")
    submit(page)
    message = page.locator("#question-1-error")
    assert message.inner_text() == "Enter a whole number from 1 to 9."
    field.fill("9")
    assert message.is_hidden()
    assert field.get_attribute("aria-invalid") is None


@pytest.mark.parametrize(
    ("answer", "text", "accepted"),
    [
        (FreeTextAnswer(IsNumeric()), "-1.5", True),
        (FreeTextAnswer(IsNumeric()), "1e3", False),
        (FreeTextAnswer(IsNumeric(1, 9)), "1.0", False),
        (FreeTextAnswer(IsNumeric(1, 9)), "", True),
        (FreeTextAnswer(IsNumeric(1)), "0", False),
        (FreeTextAnswer(length=Length(None, 2)), "😀😀", True),
        (FreeTextAnswer(length=Length(None, 2)), "😀😀😀", False),
        (FreeTextAnswer(length=Length(2)), "", False),
        (FreeTextAnswer(length=Length(2)), "  ", True),
    ],
)
def test_script_and_server_agree(page, show, answer, text, accepted):
    """The script accepts the texts that the server accepts."""
    site = show(Question("q", "Text", answer))
    page.get_by_label("Text").fill(text)
    submit(page)
    if accepted:
        page.get_by_role("heading", name="Submitted").wait_for()
    else:
        page.get_by_role("alert").wait_for()
    assert len(site.posted) == accepted


def test_without_script(new_page):
    """Without scripts the form works, and the server tells the mistakes."""
    page = new_page(java_script_enabled=False)
    coat = SelectionAnswer(["Fur", "Skin"], other=FreeTextAnswer(IsNumeric()))
    site = Site(str(QuestionForm(Question("q", "Its coat", coat))))
    with serving(site) as url:
        page.goto(url)
        page.get_by_label("Other answer").fill("x")
        submit(page)
        assert errors(page) == [("Its coat Enter a number.", "#answer-1-other")]
        page.get_by_label("Other answer").fill("7")
        submit(page)
        page.get_by_role("heading", name="Submitted").wait_for()
    assert site.posted[1].answer == {"q": {"selections": [], "other": "7"}}


# Choices and keys -------------------------------------------------------------------------


def test_keys_choose_in_the_only_question(page, show):
    """The keys 1 to 9 choose in the only question, wherever the focus is."""
    show(Question("q", "Which?", SelectionAnswer(COLORS)))
    page.keyboard.press("3")
    assert page.get_by_label("Blue").is_checked()
    page.keyboard.press("1")
    assert page.get_by_label("Red").is_checked()


def test_keys_choose_in_the_question_with_the_focus(page, show):
    """With several questions, the keys choose in the one that has the focus, else nowhere."""
    show(
        Question("a", "One?", SelectionAnswer(["x", "y"])),
        Question("b", "Two?", SelectionAnswer(["u", "v"])),
    )
    page.keyboard.press("2")
    assert page.locator(":checked").count() == 0
    page.get_by_label("u").focus()
    page.keyboard.press("2")
    assert page.locator(":checked").get_attribute("id") == "answer-2-2"


@pytest.mark.parametrize("key", ["4", "0", "Control+1", "a"])
def test_other_keys_choose_nothing(page, show, key):
    """Other keys, and those of the browser, choose nothing."""
    show(Question("q", "Which?", SelectionAnswer(COLORS)))
    page.keyboard.press(key)
    assert page.locator(":checked").count() == 0


def test_digits_in_text(page, show):
    """Digits that are typed into another text choose nothing but that text."""
    show(Question("q", "Which?", SelectionAnswer(COLORS, other=OTHER)))
    page.get_by_label("Other answer").focus()
    page.keyboard.type("12")
    assert page.get_by_label("Other", exact=True).is_checked()


def test_selection_cleared(page, show):
    """The choice of an optional question can be taken back."""
    site = show(Question("q", "Which?", SelectionAnswer(COLORS)))
    clear = page.get_by_role("button", name="Clear selection")
    assert clear.is_hidden()
    page.get_by_label("Red").check()
    clear.click()
    assert clear.is_hidden()
    submit(page)
    page.get_by_role("heading", name="Submitted").wait_for()
    assert site.posted[0].answer == {"q": {"selections": []}}


def test_counters(page, show):
    """Characters and choices are counted where their number is limited."""
    show(
        Question("a", "Text", FreeTextAnswer(length=Length(None, 5), default_text="ab")),
        Question("b", "Which?", SelectionAnswer(COLORS, 1, 2, other=OTHER)),
    )
    counters = page.locator(".qf-counter")
    assert counters.all_inner_texts() == ["2 of 5 characters", "0 of 2 chosen"]
    page.get_by_label("Text").fill("a😀b")
    page.get_by_label("Red").check()
    page.get_by_label("Other answer").fill("x")
    assert counters.all_inner_texts() == ["3 of 5 characters", "2 of 2 chosen"]


# The page ---------------------------------------------------------------------------------


def test_hostile_content(page, show):
    """Content of a form runs no script."""
    evil = "<img src=x onerror=alert(1)>"
    alerts = []
    page.on("dialog", lambda dialog: alerts.append(dialog.dismiss()))
    document = str(
        QuestionForm(
            Overview([Title(evil), Text(evil), FormattedContent("PLACE")]),
            Question(evil, evil, SelectionAnswer({evil: evil}), display_name=evil),
            Question("t", evil, FreeTextAnswer(default_text=f"</textarea>{evil}", lines=2)),
        )
    ).replace(
        "PLACE", "<img src='https://x.test/' alt='' onerror='alert(1)'/><script>alert(2)</script>"
    )
    site = Site(document)
    with serving(site) as url:
        page.goto(url)
        submit(page)
        page.get_by_role("heading", name="Submitted").wait_for()
    assert alerts == []
    assert site.posted[0].answer["t"] == f"</textarea>{evil}"


def test_links_open_in_a_new_tab(page, show):
    """A link of the content opens a new tab, which cannot reach the form's page."""
    show(EVERYTHING)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="rules").click()
    assert opened.value.evaluate("window.opener") is None


def test_preview(page, show):
    """In a preview nothing can be entered."""
    show(EVERYTHING, preview=True)
    controls = page.locator("input:not([type=hidden]), textarea, select, button")
    assert controls.count() == 22
    assert all(each.is_disabled() for each in controls.all())


def test_read_aloud(page, show):
    """The page reads as a person would tell it."""
    show(
        Overview([Title("Animals")]),
        Question("a", "Its name", FreeTextAnswer(), required=True),
        Question("b", "Its color", SelectionAnswer(["Red", "Green"]), required=True),
        Question("c", "It eats", SelectionAnswer(["Fish", "Meat"], 1, 2)),
        Question("d", "Its size", SelectionAnswer(["Small", "Big"], style="dropdown")),
    )
    assert page.locator("form").aria_snapshot() == READ_ALOUD


READ_ALOUD = """
- heading "Animals" [level=2]
- text: Its name
- paragraph: Required.
- textbox "Its name"
- radiogroup "Its color":
  - text: Its color
  - paragraph: Required.
  - radio "Red"
  - text: Red
  - radio "Green"
  - text: Green
- group "It eats":
  - text: It eats
  - paragraph: Choose up to 2.
  - checkbox "Fish"
  - text: Fish
  - checkbox "Meat"
  - text: Meat
  - paragraph: 0 of 2 chosen
- text: Its size
- combobox "Its size":
  - option "Choose…" [selected]
  - option "Small"
  - option "Big"
- button "Submit"
""".strip()
