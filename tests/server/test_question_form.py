"""QuestionForm on the worker's page: what is shown, and how the posted form is read."""

from __future__ import annotations

from random import Random

import lxml.html
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mturk_mock.questions import (
    AnswerFormatRegex,
    Binary,
    EmbeddedBinary,
    FileUploadAnswer,
    Flash,
    FormattedContent,
    FreeTextAnswer,
    IsNumeric,
    JavaApplet,
    Length,
    List,
    Overview,
    Question,
    QuestionForm,
    SelectionAnswer,
    Text,
    Title,
)
from mturk_mock.questions.answering import fill_page, read_work
from mturk_mock.questions.fields.selection import STYLES
from mturk_mock.questions.question import read_question
from mturk_mock.server.worker.question_form import number_choices
from tests.helpers import SCHEMAS
from tests.server.question_forms import Site, by_ids, described, name_of, render, text_of

PICTURE = Binary("https://example.com/cat.png", "A cat")
COLORS = {"r": "Red", "g": "Green", "b": "Blue"}
MB = 2_000_000


def form(answer, content="What is it?", **more):
    """Return a form with one question."""
    return str(QuestionForm(Question("q", content, answer, **more)))


def shown(document, **options):
    """Return the page of a form."""
    return lxml.html.fromstring(render(document, **options))


def overview(*content):
    """Return the part of a page that shows an overview."""
    document = str(QuestionForm(Overview(list(content)), Question("q", "?", FreeTextAnswer())))
    return shown(document).find_class("qf-overview")[0]


def formatted(text):
    """Return the element that shows a FormattedContent, which is not checked."""
    document = str(QuestionForm(Question("q", FormattedContent("PLACE"), FreeTextAnswer())))
    return shown(document.replace("PLACE", text)).find_class("qf-formatted")[0]


def control(document, number=1):
    """Return the control of a question that has one."""
    (found,) = shown(document).xpath(f"//*[@name='answer-{number}']")
    return found


def group(document):
    """Return the element of the first question."""
    return shown(document).get_element_by_id("question-1")


# Content ----------------------------------------------------------------------------------


def test_content_in_order():
    """An overview shows headings, paragraphs and lists in the order of the document."""
    part = overview(Title("Rules <b>"), Text("One\ntwo & three"), List(["a", "b"]), Title("End"))
    assert [(each.tag, text_of(each)) for each in part] == [
        ("h2", "Rules <b>"),
        ("p", "One two & three"),
        ("ul", "a b"),
        ("h2", "End"),
    ]


def test_line_breaks_of_text():
    """The line breaks of a Text are kept for the style sheet to show, without those around it."""
    (text,) = overview(Text("\n One\nTwo\n")).find_class("qf-text")
    assert text.text == "One\nTwo"


def test_image():
    """A Binary image has its alternative text."""
    (image,) = overview(PICTURE).iter("img")
    assert dict(image.attrib) == {
        "class": "qf-image",
        "src": "https://example.com/cat.png",
        "alt": "A cat",
    }


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_media(kind):
    """Sounds and films can be played, and opened in a new tab by their alternative text."""
    part = overview(Binary("https://example.com/a", "A song", kind))
    (media,) = part.iter(kind)
    assert (media.get("src"), media.get("aria-label")) == ("https://example.com/a", "A song")
    assert "controls" in media.attrib
    (link,) = part.iter("a")
    assert (text_of(link), link.get("href"), link.get("target"), link.get("rel")) == (
        "A song",
        "https://example.com/a",
        "_blank",
        "noopener noreferrer",
    )


def test_media_without_alternative_text():
    """A sound without an alternative text has a name and a link all the same."""
    part = overview(Binary("https://example.com/a", "", "audio"))
    assert next(part.iter("audio")).get("aria-label") == "audio"
    assert text_of(next(part.iter("a"))) == "Open the audio"


def test_embedded_image():
    """An EmbeddedBinary of an image is an image of the given size."""
    part = overview(EmbeddedBinary("https://example.com/a", "A map", "300", "50%", "Image"))
    (image,) = part.iter("img")
    assert [image.get(name) for name in ("alt", "width", "height")] == ["A map", "300", "50%"]


@pytest.mark.parametrize(
    ("content", "text", "url"),
    [
        (
            EmbeddedBinary("https://example.com/a.swf", "A game", "1", "1", "application"),
            "A game (Browsers cannot show this type of file in a page.) Open it in a new tab",
            "https://example.com/a.swf",
        ),
        (
            EmbeddedBinary("https://example.com/a.swf", "", "1", "1", "application"),
            "A file belongs here. (Browsers cannot show this type of file in a page.) "
            "Open it in a new tab",
            "https://example.com/a.swf",
        ),
        (
            Flash("https://example.com/b.swf", "1", "1"),
            "A Flash movie belongs here. Browsers cannot play it any more. Open it in a new tab",
            "https://example.com/b.swf",
        ),
        (
            JavaApplet("https://example.com/java/", "Game.class", "1", "1"),
            "The Java applet “Game.class” belongs here. Browsers cannot run it any more. "
            "Open it in a new tab",
            "https://example.com/java/",
        ),
    ],
)
def test_content_that_browsers_cannot_run(content, text, url):
    """Content for plug-ins is described, with a link to it."""
    part = overview(content)
    assert text_of(part) == text
    assert next(part.iter("a")).get("href") == url


# FormattedContent -------------------------------------------------------------------------


def markup(text):
    """Return the HTML that shows a FormattedContent, without the elements around it."""
    inner = formatted(text)[0]
    return (inner.text or "") + "".join(
        lxml.html.tostring(each, encoding="unicode") for each in inner
    )


def test_formatted_content():
    """The elements and attributes of the subset are shown."""
    text = (
        '<h2 align="center" title="T" lang="en">A &amp; &eacute;</h2>'
        '<table border="1"><tr><td colspan="2" bgcolor="red">x<br/></td></tr></table>'
    )
    assert markup(text) == (
        '\n<h2 align="center" title="T" lang="en">A &amp; é</h2>'
        '<table border="1"><tr><td colspan="2" bgcolor="red">x<br></td></tr></table>'
    )


@pytest.mark.parametrize("url", ["http://example.com/?a=1&amp;b=2", "mailto:a@example.com"])
def test_links_of_formatted_content(url):
    """Links to pages and mail addresses open in a new tab, which cannot reach the page."""
    (link,) = formatted(f'<a href="{url}" target="_top" rel="opener">x</a>').iter("a")
    assert dict(link.attrib) == {
        "href": url.replace("&amp;", "&"),
        "target": "_blank",
        "rel": "noopener noreferrer",
    }


@pytest.mark.parametrize(
    "url",
    ["ftp://example.com", "javascript:alert(1)", " http://example.com", "data:text/html,x", "//x"],
)
def test_links_elsewhere(url):
    """Links to other addresses become text."""
    assert markup(f'<a href="{url}">x</a>') == "\n<a>x</a>"


@pytest.mark.parametrize("source", ["ftp://example.com/a.png", "javascript:alert(1)"])
def test_images_from_elsewhere(source):
    """Images from other addresses than web pages show their alternative text."""
    assert markup(f'<img src="{source}" alt="A cat"/>') == '\n<img alt="A cat">'


def test_frames_become_links():
    """A frame of a FormattedContent is a link to its page."""
    assert markup('<iframe src="https://example.com/" name="a">A page</iframe>') == (
        '\n<a href="https://example.com/" target="_blank" rel="noopener noreferrer">A page</a>'
    )


def test_names_of_maps():
    """Image maps work, and their names are apart from those of the page."""
    text = (
        '<img src="http://e.org/a" alt="" usemap="#submit"/><map id="form" name="submit">'
        '<area alt="A" href="https://e.org/" coords="0,0,1,1" accesskey="s" tabindex="1"/></map>'
    )
    assert markup(text) == (
        '\n<img src="http://e.org/a" alt="" usemap="#content-submit"><map name="content-submit">'
        '<area alt="A" href="https://e.org/" coords="0,0,1,1" target="_blank" '
        'rel="noopener noreferrer"></map>'
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("<script>alert(1)</script>", "<span>alert(1)</span>"),
        ("<p onclick='a()' style='x' class='qf-error' id='question-1'>x</p>", "<p>x</p>"),
        ("<b><!-- a -->x</b>", "<b></b>"),
        ("<pre xml:space='preserve'>x</pre>", "<pre>x</pre>"),
        ("<form action='https://e.org'><input name='token'/></form>", "<span><span></span></span>"),
        ("<svg xmlns='http://www.w3.org/2000/svg' onload='a()'><p/></svg>", "<span><p></p></span>"),
    ],
)
def test_hostile_content(text, written):
    """No markup beyond the subset is written, even if the document was never checked."""
    assert markup(text) == f"\n{written}"


def test_quoted_content():
    """Characters of markup stay text in texts and attributes."""
    (paragraph,) = formatted("<p title='&quot; onload=&quot;a()'>&lt;img&gt;</p>").iter("p")
    assert (paragraph.text, dict(paragraph.attrib)) == ("<img>", {"title": '" onload="a()'})


# Labels -----------------------------------------------------------------------------------

LONG = "word " * 100


@pytest.mark.parametrize(
    ("content", "more", "name"),
    [
        ("What is it?", {}, "What is it?"),
        ([Title("The cat"), "What is it?"], {}, "The cat"),
        ("What is it?", {"display_name": "Question 7"}, "Question 7 What is it?"),
        ([PICTURE, "What is it?"], {}, "What is it?"),
        ([PICTURE, "What is it?"], {"display_name": "Cats"}, "Cats What is it?"),
        (FormattedContent("<p>What <b>is</b> it?</p>"), {}, "What is it?"),
        (PICTURE, {}, "Question 1"),
        (LONG, {}, "Question 1"),
        (LONG, {"display_name": "Cats"}, "Cats"),
    ],
)
@pytest.mark.parametrize(
    "answer", [FreeTextAnswer(), SelectionAnswer(COLORS, style="dropdown"), FileUploadAnswer(1, MB)]
)
def test_names_of_controls(content, more, name, answer):
    """A control is named by the question's heading and the first short text of its content."""
    assert name_of(control(form(answer, content, **more))) == name


@pytest.mark.parametrize(
    ("content", "name"),
    [("Which?", "Which?"), ([PICTURE, "Which?"], "Which?"), (LONG, "Question 1")],
)
@pytest.mark.parametrize("style", ["radiobutton", "checkbox"])
def test_names_of_groups(content, name, style):
    """A group of buttons is named like a single control, and its buttons by their labels."""
    fieldset = group(form(SelectionAnswer(COLORS, style=style), content))
    assert (fieldset.tag, name_of(fieldset)) == ("fieldset", name)
    assert [name_of(each) for each in fieldset.iter("input")] == ["Red", "Green", "Blue"]


def test_labels_with_content():
    """Choices are labelled by images and formatted content too; menus cannot show them."""
    answer = SelectionAnswer({"a": PICTURE, "b": FormattedContent("<b>Bold</b>")}, style="dropdown")
    labels = group(form(answer)).iter("label")
    first, second = labels
    assert next(first.iter("img")).get("alt") == "A cat"
    assert text_of(next(second.iter("b"))) == "Bold"


# Controls ---------------------------------------------------------------------------------


def test_line_of_text():
    """A text of one line has a field with the default text."""
    field = control(form(FreeTextAnswer(default_text='"><b>')))
    assert (field.tag, field.get("type"), field.get("value")) == ("input", "text", '"><b>')


def test_lines_of_text():
    """NumberOfLinesSuggestion sets the height; the default text keeps its first line break."""
    field = control(form(FreeTextAnswer(lines=5, default_text="\n</textarea><b>&amp;")))
    assert (field.tag, field.get("rows")) == ("textarea", "5")
    # A browser drops the first line break after the tag.
    assert field.text == "\n\n</textarea><b>&amp;"


def test_most_lines():
    """A field has 30 lines at most."""
    assert control(form(FreeTextAnswer(lines=100_000))).get("rows") == "30"


@pytest.mark.parametrize("text", ["a\nb", "a\rb"])
def test_default_text_of_several_lines(text):
    """A default text of several lines has a field that can hold them."""
    assert control(form(FreeTextAnswer(default_text=text))).tag == "textarea"


@pytest.mark.parametrize(
    ("numeric", "mode"),
    [
        (IsNumeric(0, 9), "numeric"),
        (IsNumeric(-1, 9), None),
        (IsNumeric(None, 9), None),
        (IsNumeric(), None),
    ],
)
def test_keyboard_of_numbers(numeric, mode):
    """A phone shows digits alone if the number has neither sign nor point."""
    assert control(form(FreeTextAnswer(numeric))).get("inputmode") == mode


@pytest.mark.parametrize(
    ("answer", "more"),
    [
        (FreeTextAnswer(), {"required": True}),
        (FreeTextAnswer(length=Length(1)), {}),
        (SelectionAnswer(COLORS, style="dropdown"), {"required": True}),
        (FileUploadAnswer(1, MB), {"required": True}),
    ],
)
def test_required_controls(answer, more):
    """A control whose question must be answered is required, and says so."""
    field = control(form(answer, **more))
    assert "required" in field.attrib
    assert described(field).startswith("Required.")


def test_required_radios():
    """Radio buttons of a required question are required, also that of another text."""
    fieldset = group(form(SelectionAnswer(COLORS, other=FreeTextAnswer()), required=True))
    assert fieldset.get("aria-required") == "true"
    assert ["required" in each.attrib for each in fieldset.xpath(".//input[@type='radio']")] == (
        [True] * 4
    )


@pytest.mark.parametrize("answer", [FreeTextAnswer(), FileUploadAnswer(1, MB)])
def test_optional_controls(answer):
    """A control whose question need not be answered is not required."""
    assert "required" not in control(form(answer)).attrib


def kinds(answer):
    """Return the kinds of the controls of a selection."""
    elements = group(form(answer)).xpath(".//input | .//select | .//textarea")
    return [each.get("type", each.tag) for each in elements]


@pytest.mark.parametrize("most", [1, 2])
@pytest.mark.parametrize("style", [None, *STYLES])
def test_styles(style, most):
    """Menus and radio buttons are for one choice; several are made by checkboxes."""
    single = {
        None: ["radio"] * 3,
        "radiobutton": ["radio"] * 3,
        "checkbox": ["checkbox"] * 3,
        "list": ["select"],
        "dropdown": ["select"],
        "combobox": ["select"],
        "multichooser": ["checkbox"] * 3,
    }
    expected = single[style] if most == 1 else ["checkbox"] * 3
    assert kinds(SelectionAnswer(COLORS, 1, most, style)) == expected


def test_dropdown():
    """A dropdown begins with an empty entry."""
    menu = control(form(SelectionAnswer(COLORS, style="dropdown")))
    assert [(each.get("value"), text_of(each)) for each in menu] == [
        ("", "Choose…"),
        ("1", "Red"),
        ("2", "Green"),
        ("3", "Blue"),
    ]
    assert "size" not in menu.attrib


def test_listbox():
    """A list of one choice shows up to eight entries at once."""
    menu = control(form(SelectionAnswer([str(each) for each in range(20)], style="list")))
    assert (menu.get("size"), len(menu)) == ("8", 20)


@pytest.mark.parametrize(
    ("style", "layout"), [("list", "qf-scrolling"), ("multichooser", "qf-columns")]
)
def test_layout_of_checkboxes(style, layout):
    """Checkboxes in place of a list are scrolled; those of a multichooser are in columns."""
    assert group(form(SelectionAnswer(COLORS, 1, 2, style))).find_class(layout)


@pytest.mark.parametrize("style", ["radiobutton", "list", "dropdown"])
def test_another_text_beside_single_choices(style):
    """Another text is a choice of its own, with a field below."""
    fieldset = group(form(SelectionAnswer(COLORS, style=style, other=FreeTextAnswer())))
    assert fieldset.tag == "fieldset"
    assert len(fieldset.xpath(".//*[@value='other']")) == 1
    (field,) = fieldset.xpath(".//input[@name='answer-1-other']")
    assert name_of(field) == "Other answer"


def test_another_text_below_checkboxes():
    """Below checkboxes, another text is only a field; it has its own constraints."""
    other = FreeTextAnswer(length=Length(None, 5), lines=2, default_text="x")
    fieldset = group(form(SelectionAnswer(COLORS, 1, 2, other=other)))
    assert not fieldset.xpath(".//*[@value='other']")
    (field,) = fieldset.iter("textarea")
    assert (described(field), field.text) == ("Enter up to 5 characters.", "\nx")


@pytest.mark.parametrize("style", ["radiobutton", "dropdown"])
def test_names_of_controls_in_a_group(style):
    """A menu with another text is named by the legend of its group."""
    fieldset = group(form(SelectionAnswer(COLORS, style=style, other=FreeTextAnswer())))
    assert name_of(fieldset) == "What is it?"
    assert {name_of(each) for each in fieldset.iter("select")} <= {"What is it?"}


def test_file():
    """A file upload has a field for a file."""
    assert control(form(FileUploadAnswer(1, MB))).get("type") == "file"


# Constraints ------------------------------------------------------------------------------

DATE = AnswerFormatRegex("^[0-9-]+$", "Enter a date, such as 2026-01-31.")
HINTS = [
    (FreeTextAnswer(), ""),
    (FreeTextAnswer(IsNumeric()), "Enter a number."),
    (FreeTextAnswer(IsNumeric(1, 10)), "Enter a whole number from 1 to 10."),
    (FreeTextAnswer(IsNumeric(1)), "Enter a whole number of at least 1."),
    (FreeTextAnswer(IsNumeric(None, 10)), "Enter a whole number of at most 10."),
    (FreeTextAnswer(length=Length(None, 5000)), "Enter up to 5,000 characters."),
    (FreeTextAnswer(length=Length(0, 1)), "Enter up to 1 character."),
    (FreeTextAnswer(length=Length(2)), "Required. Enter at least 2 characters."),
    (FreeTextAnswer(length=Length(2, 3)), "Required. Enter 2 to 3 characters."),
    (FreeTextAnswer(length=Length(3, 3)), "Required. Enter exactly 3 characters."),
    (FreeTextAnswer(length=Length()), "Enter at least 0 characters."),
    (FreeTextAnswer(formats=(DATE,)), "Enter a date, such as 2026-01-31."),
    (FreeTextAnswer(formats=(AnswerFormatRegex("a"),)), "The format is checked when you submit."),
    (SelectionAnswer(COLORS, style="dropdown"), ""),
    (FileUploadAnswer(1, MB), "Choose a file of up to 2 MB (2,000,000 bytes)."),
    (FileUploadAnswer(500, 1536), "Choose a file of 500 bytes to 1.54 KB (1,536 bytes)."),
    (FileUploadAnswer(2, 2 * 10**9), "Choose a file of 2 bytes to 2 GB (2,000,000,000 bytes)."),
    (FileUploadAnswer(1, 1), "Choose a file of up to 1 byte."),
]


@pytest.mark.parametrize(("answer", "hint"), HINTS)
def test_constraints_told(answer, hint):
    """The constraints of an answer are told before the worker submits."""
    assert described(control(form(answer))) == hint


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (SelectionAnswer(COLORS), ""),
        (SelectionAnswer(COLORS, style="checkbox"), "Choose 1."),
        (SelectionAnswer(COLORS, 2, 2), "Choose exactly 2."),
        (SelectionAnswer(COLORS, 0, 3), "Choose up to 3."),
        (SelectionAnswer(COLORS, 2, 3), "Choose 2 to 3."),
        (
            SelectionAnswer(COLORS, 2, 3, other=FreeTextAnswer()),
            "Choose 2 to 3. Another answer counts as one.",
        ),
    ],
)
def test_numbers_of_choices_told(answer, hint):
    """The number of choices is told for those that allow several."""
    assert described(group(form(answer))) == hint


# The page ---------------------------------------------------------------------------------


def test_form_element():
    """The form posts its files, its hidden fields and its button."""
    (element,) = shown(form(FreeTextAnswer()), action="/there", submit="Submit test").forms
    assert (element.method, element.get("enctype"), element.action) == (
        "POST",
        "multipart/form-data",
        "/there",
    )
    assert element.fields["token"] == "secret"
    assert [text_of(button) for button in element.iter("button")] == ["Submit test"]


def test_preview():
    """A preview shows everything, but nothing can be entered; it says what to do first."""
    page = shown(form(FreeTextAnswer()), preview=True)
    (around,) = page.find_class("qf-all")
    assert "disabled" in around.attrib
    assert [text_of(each) for each in page.find_class("notice")] == [
        "This is a preview. Accept the HIT to work on it."
    ]
    assert "disabled" in next(page.iter("button")).attrib
    assert not page.find_class("qf-summary")
    assert page.forms[0].get("data-draft") == ""


def test_hostile_identifiers():
    """Identifiers and texts of any characters are only text on the page."""
    name = "\"'><script>é\u2028\n{{ 1 }}"
    question = Question(name, name, SelectionAnswer({name: name}), display_name=name)
    page = shown(str(QuestionForm(question)))
    assert [script.get("src") for script in page.iter("script")] == ["/static/question_form.js"]
    assert text_of(next(page.iter("legend"))).count("<script>") == 2
    assert [each.get("name") for each in page.xpath("//input[@type='radio']")] == ["answer-1"]


# Reading ----------------------------------------------------------------------------------


def read(document, *fields, **files):
    """Return what is read from a posted form without mistakes."""
    site = Site(document)
    page = site.post(*fields, **files)
    (posted,) = site.posted
    assert not posted.errors
    assert text_of(next(page.iter("h1"))) == "Submitted"
    return posted.answer


def test_text_read():
    """A text is read as it was entered, with line breaks as in documents."""
    answer = read(form(FreeTextAnswer(lines=2)), ("answer-1", " a\n\nb "), ("token", "x"))
    assert answer == {"q": " a\n\nb "}


def test_empty_text_read():
    """A text that the worker has emptied is empty, in spite of the default text."""
    assert read(form(FreeTextAnswer(default_text="x")), ("answer-1", "")) == {"q": ""}


def test_text_missing():
    """A form without a field says nothing about its question."""
    assert read(form(FreeTextAnswer(default_text="x"))) == {}


def test_characters_that_xml_rejects():
    """Control characters, which a paste can contain, are left out."""
    assert read(form(FreeTextAnswer()), ("answer-1", "a\x0bb\x00\uffffc")) == {"q": "abc"}


def selected(answer, *values, other=None):
    """Return what is read of a selection."""
    fields = [("answer-1", value) for value in values]
    more = [] if other is None else [("answer-1-other", other)]
    return read(form(answer), *fields, *more)["q"]


WITH_OTHER = SelectionAnswer(COLORS, other=FreeTextAnswer(default_text="or"))
SEVERAL = SelectionAnswer(COLORS, 1, 3, other=FreeTextAnswer())


@pytest.mark.parametrize(
    ("answer", "values", "other", "expected"),
    [
        (SelectionAnswer(COLORS), ["2"], None, {"selections": ["g"]}),
        (SelectionAnswer(COLORS), [], None, {"selections": []}),
        (SelectionAnswer(COLORS, style="dropdown"), [""], None, {"selections": []}),
        (SelectionAnswer(COLORS), ["7", "x", "other", "-1"], None, {"selections": []}),
        (SelectionAnswer(COLORS, 1, 3), ["3", "1", "3"], None, {"selections": ["b", "r"]}),
        (SelectionAnswer(COLORS), ["1"], "x", {"selections": ["r"]}),
        (WITH_OTHER, ["1"], "or", {"selections": ["r"]}),
        (WITH_OTHER, ["1"], "x", {"selections": ["r"]}),
        (WITH_OTHER, ["other"], "or", {"selections": [], "other": "or"}),
        (WITH_OTHER, [], "or", {"selections": []}),
        (WITH_OTHER, [], "x", {"selections": [], "other": "x"}),
        (WITH_OTHER, [], "", {"selections": []}),
        (SEVERAL, ["1", "2"], "", {"selections": ["r", "g"]}),
        (SEVERAL, ["1", "2"], "x", {"selections": ["r", "g"], "other": "x"}),
        (SEVERAL, [], "x", {"selections": [], "other": "x"}),
    ],
)
def test_selections_read(answer, values, other, expected):
    """Choices are read by their numbers; another text counts if it was chosen, or alone."""
    assert selected(answer, *values, other=other) == expected


def test_file_read():
    """A file is read as bytes."""
    answer = read(form(FileUploadAnswer(1, MB)), answer_1=("a.bin", b"\x00\xff\r\n"))
    assert answer == {"q": b"\x00\xff\r\n"}


def test_no_file_read():
    """Without a file, browsers send an empty one without a name, which is no answer."""
    assert read(form(FileUploadAnswer(1, MB)), answer_1=("", b"")) == {}


def test_long_text_read():
    """A text of 1 MB is read, and shown again if it is too long."""
    text = "x" * 1_000_000
    site = Site(form(FreeTextAnswer(length=Length(None, 10), lines=3)))
    page = site.post(("answer-1", text))
    assert next(page.iter("textarea")).text == "\n" + text


# Mistakes ---------------------------------------------------------------------------------


def mistake(answer, *fields, required=False, **files):
    """Return the only error on the page that follows a posted form."""
    page = Site(form(answer, required=required)).post(*fields, **files)
    (error,) = page.find_class("qf-error")
    (link,) = page.find_class("qf-summary")[0].iter("a")
    assert text_of(link) == f"What is it? {text_of(error)}"
    return text_of(error)


@pytest.mark.parametrize(
    ("answer", "text", "message"),
    [
        (FreeTextAnswer(length=Length(1)), "", "Enter an answer."),
        (FreeTextAnswer(IsNumeric()), "x", "Enter a number."),
        (FreeTextAnswer(IsNumeric(1, 10)), "11", "Enter a whole number from 1 to 10."),
        (FreeTextAnswer(length=Length(None, 2)), "abc", "Enter up to 2 characters."),
        (FreeTextAnswer(formats=(DATE,)), "x", "Enter a date, such as 2026-01-31."),
        (FreeTextAnswer(formats=(AnswerFormatRegex("a"),)), "x", "Invalid input supplied."),
    ],
)
def test_mistakes_in_texts(answer, text, message):
    """A text that the form rejects is shown again, with what it demands."""
    assert mistake(answer, ("answer-1", text)) == message


@pytest.mark.parametrize(
    ("answer", "values", "message"),
    [
        (SelectionAnswer(COLORS), [], "Choose an answer."),
        (SelectionAnswer(COLORS, 2, 2), ["1"], "Choose exactly 2. You chose 1."),
        (SelectionAnswer(COLORS, 1, 2), ["1", "2", "3"], "Choose up to 2. You chose 3."),
    ],
)
def test_mistakes_in_selections(answer, values, message):
    """Too few or too many choices are told with the number that is allowed."""
    fields = [("answer-1", value) for value in values]
    assert mistake(answer, *fields, required=True) == message


def test_another_text_counts():
    """Another text counts as one choice."""
    answer = SelectionAnswer(COLORS, 1, 1, "checkbox", FreeTextAnswer())
    message = mistake(answer, ("answer-1", "1"), ("answer-1-other", "x"))
    assert message == "Choose 1. You chose 2."


@pytest.mark.parametrize("other", ["", "x"])
def test_mistakes_in_another_text(other):
    """A mistake in another text is linked to its field, and marks only that."""
    answer = SelectionAnswer(COLORS, other=FreeTextAnswer(IsNumeric()))
    page = Site(form(answer)).post(("answer-1", "other"), ("answer-1-other", other))
    assert [each.get("id") for each in page.xpath("//*[@aria-invalid]")] == ["answer-1-other"]
    (link,) = page.find_class("qf-summary")[0].iter("a")
    message = "Enter a number." if other else "Enter the other answer, or choose another one."
    assert (link.get("href"), text_of(link)) == ("#answer-1-other", f"What is it? {message}")


def test_missing_file():
    """A missing file is asked for."""
    message = mistake(FileUploadAnswer(1, MB), required=True, answer_1=("", b""))
    assert message == "Choose a file."


def test_size_of_file():
    """A file of a wrong size is told with its size."""
    message = mistake(FileUploadAnswer(1, 2), answer_1=("a", b"abc"))
    assert message == "Choose a file of up to 2 bytes. Yours has 3 bytes."


ALL = QuestionForm(
    Question("a", "Text?", FreeTextAnswer(IsNumeric(1, 10))),
    Question("b", "Radio?", SelectionAnswer(COLORS), required=True),
    Question("c", "Fine?", FreeTextAnswer()),
    Question("d", "Boxes?", SelectionAnswer(COLORS, 2, 2)),
    Question("e", "Menu?", SelectionAnswer(COLORS, style="dropdown"), required=True),
    Question("f", "File?", FileUploadAnswer(1, 2), required=True),
)


@pytest.fixture(scope="module")
def all_mistakes():
    """The page after a form in which all answers but one are wrong."""
    return Site(str(ALL)).post(
        ("answer-1", "eleven"), ("answer-3", "kept"), ("answer-4", "2"), ("answer-5", "")
    )


def test_all_mistakes_at_once(all_mistakes):
    """All mistakes are listed at the top, with links to their controls."""
    (summary,) = all_mistakes.find_class("qf-summary")
    assert [(each.get("href"), text_of(each)) for each in summary.iter("a")] == [
        ("#answer-1", "Text? Enter a whole number from 1 to 10."),
        ("#answer-2-1", "Radio? Choose an answer."),
        ("#answer-4-1", "Boxes? Choose exactly 2. You chose 1."),
        ("#answer-5", "Menu? Choose an answer."),
        ("#answer-6", "File? Choose a file."),
    ]
    assert "autofocus" in summary.attrib
    assert "hidden" not in summary.attrib


def test_links_of_mistakes(all_mistakes):
    """The links of the summary lead to controls."""
    links = all_mistakes.find_class("qf-summary")[0].iter("a")
    ids = [link.get("href").lstrip("#") for link in links]
    tags = {all_mistakes.get_element_by_id(each).tag for each in ids}
    assert tags == {"input", "select"}


def test_mistakes_marked(all_mistakes):
    """Wrong controls are marked, and described by their mistakes; others are not."""
    marked = all_mistakes.xpath("//*[@aria-invalid='true']")
    assert [each.get("id") for each in marked] == [
        "answer-1",
        "question-2",
        "answer-4-1",
        "answer-4-2",
        "answer-4-3",
        "answer-5",
        "answer-6",
    ]
    assert described(marked[0]).endswith("Enter a whole number from 1 to 10.")
    assert by_ids(all_mistakes, "question-3-error") == ""
    assert "hidden" in all_mistakes.get_element_by_id("question-3-error").attrib


def test_entries_kept(all_mistakes):
    """What was entered is shown again."""
    (element,) = all_mistakes.forms
    assert element.fields["answer-1"] == "eleven"
    assert element.fields["answer-3"] == "kept"
    assert list(element.fields["answer-4"]) == ["2"]


@pytest.mark.parametrize("style", ["radiobutton", "list", "dropdown"])
@pytest.mark.parametrize("value", ["2", "other"])
def test_single_choices_kept(style, value):
    """The choice is shown again, also that of another text."""
    answer = SelectionAnswer(COLORS, style=style, other=FreeTextAnswer(IsNumeric()))
    document = QuestionForm(Question("a", "?", answer), Question("b", "?", FreeTextAnswer(), True))
    page = Site(str(document)).post(("answer-1", value), ("answer-1-other", "7"), ("answer-2", ""))
    assert page.forms[0].fields["answer-1"] == value
    assert page.forms[0].fields["answer-1-other"] == "7"


def test_long_question_in_the_summary():
    """The summary names a question by its first 80 characters."""
    page = Site(form(FreeTextAnswer(), "word " * 30, required=True)).post(("answer-1", ""))
    (link,) = page.find_class("qf-summary")[0].iter("a")
    assert text_of(link) == ("word " * 30)[:80] + "… Enter an answer."


def test_no_summary_at_first():
    """Before the form is sent, the list of mistakes is hidden."""
    (summary,) = shown(str(ALL)).find_class("qf-summary")
    assert "hidden" in summary.attrib
    assert "autofocus" not in summary.attrib


# Round trip -------------------------------------------------------------------------------

TEXTS = st.builds(
    FreeTextAnswer,
    st.none() | st.builds(IsNumeric, st.integers(0, 5), st.integers(5, 99)),
    st.none() | st.builds(Length, st.integers(0, 2), st.none() | st.integers(2, 40)),
    default_text=st.none() | st.sampled_from(["x", "a\nb"]),
    lines=st.integers(1, 3),
)
CHOICES = st.lists(st.text("ab'\"<é \n", max_size=4), min_size=2, max_size=4, unique=True)


@st.composite
def selections(draw):
    choices = draw(CHOICES)
    most = draw(st.integers(1, len(choices)))
    least = draw(st.integers(0, most))
    other = draw(st.none() | TEXTS)
    return SelectionAnswer(choices, least, most, draw(st.sampled_from([None, *STYLES])), other)


FILES = st.builds(FileUploadAnswer, st.integers(1, 5), st.integers(5, 50))
FORMS = st.lists(TEXTS | selections() | FILES, min_size=1, max_size=5)


def enter(page, values):
    """Return the fields and files that a browser sends when a worker enters these values."""
    fields, files = [], {}
    for number, question in enumerate(page.fields, 1):
        name, value = f"answer-{number}", values[question.identifier]
        match question.answer:
            case FreeTextAnswer():
                fields.append((name, value))
            case FileUploadAnswer():
                files[name.replace("-", "_")] = ("a.bin", value)
            case SelectionAnswer() as answer:
                numbers = {each: n for n, each in number_choices(answer).items()}
                fields += [(name, numbers[each]) for each in value["selections"]]
                if "other" in value:
                    fields += [(name, "other"), (f"{name}-other", value["other"])]
    return fields, files


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(FORMS, st.integers(0, 2**32))
def test_answers_of_simulated_workers(answers, seed):
    """What a simulated worker answers gives the same document when it is posted by a browser."""
    questions = [Question(f"{n}", f"{n}?", each, True) for n, each in enumerate(answers)]
    document = str(QuestionForm(*questions))
    page = read_question(document)
    values = fill_page(page, Random(seed))
    fields, files = enter(page, values)
    site = Site(document)
    site.post(*fields, **files)
    assert site.posted[0].errors == {}
    assert read_work(page, site.posted[0].answer, "3A") == read_work(page, values, "3A")


def test_versions():
    """Forms of both versions are shown."""
    texts = []
    for version in ("2005-10-01", "2017-11-06"):
        document = form(FreeTextAnswer()).replace("2017-11-06", version)
        assert f'xmlns="{SCHEMAS}{version}/QuestionForm.xsd"' in document
        texts.append(render(document))
    assert texts[0] == texts[1]
