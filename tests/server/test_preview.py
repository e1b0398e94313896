"""`mturk-mock preview`: what it prints and answers."""

from __future__ import annotations

import html
import re
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from mturk_mock import ExternalQuestion, HTMLQuestion, QuestionForm
from mturk_mock.__main__ import main
from mturk_mock.questions import FreeTextAnswer, Question
from mturk_mock.server.preview.preview_server import PreviewServer
from tests.previews import previewing

PAGE = "<!DOCTYPE html><html><head><title>?</title></head><body>{}</body></html>"
FORM = (
    '<form action="https://www.mturk.com/mturk/externalSubmit">'
    '<input type="hidden" name="assignmentId"><input name="animal"></form>'
)
TAKEN = "  CreateHIT takes the page, as an HTMLQuestion."
ON_WEBSITE = "  The requester website takes the page, as a template."
REFUSED = "  CreateHIT refuses the page, as an HTMLQuestion. "


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder, which the commands run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Shown:
    """A preview in this process, which looks at its files when a test says so.

    ``lines``: what was printed.
    """

    def __init__(self, server, lines):
        self._server = server
        self.lines = lines
        self.url, self.site = server.preview_url, server.url

    def wait_for(self, text):
        """Look at the files and the answers; return what is printed, which has a text in it."""
        del self.lines[:]
        self._server.preview.look()
        self._server.preview.collect()
        assert text in "\n".join(self.lines)
        return [*self.lines]


@contextmanager
def showing(page, rows=None):
    """Show a page in this process."""
    lines = []

    def tell(text):
        lines.extend(text.splitlines())

    with PreviewServer(Path(page), rows and Path(rows), 0, tell) as server:
        server.preview.show(1)
        yield Shown(server, lines)


def checks(folder, name, content, rows=None):
    """Return what a preview of a file prints about it."""
    (folder / name).write_text(content, encoding="utf-8")
    arguments = [name]
    if rows is not None:
        (folder / "rows.csv").write_text(rows, encoding="utf-8")
        arguments.append("rows.csv")
    with showing(*arguments) as preview:
        return preview.lines


def get(preview, **query):
    """Return the page of a preview."""
    return httpx.get(preview.url, params=query, trust_env=False)


def frame_of(page):
    """Return the address of the frame in a page."""
    return html.unescape(re.search('<iframe [^>]*src="([^"]*)"', page.text)[1])


def task_of(page):
    """Return the page of the HIT."""
    return send_to_frame("GET", page)


def send_to_frame(method, page):
    """Send a request to the frame's address; names are not looked up in tests."""
    url = httpx.URL(frame_of(page))
    headers = {"Host": url.netloc.decode()}
    return httpx.request(method, url.copy_with(host="127.0.0.1"), headers=headers, trust_env=False)


# Checks -------------------------------------------------------------------------------------


def test_page_with_a_form(folder):
    """A page with a whole form is good for CreateHIT and for the website."""
    assert checks(folder, "page.html", PAGE.format(FORM)) == ["page.html:", TAKEN, ON_WEBSITE]


def test_page_with_two_bodies(folder):
    """A page that is not HTML5 is good for the website only; the page itself is not printed."""
    assert checks(folder, "page.html", PAGE.format(f"{FORM}<body>")) == [
        "page.html:",
        f"{REFUSED}ParameterValidationError: There was an error parsing the HTML5 data in your "
        "request.  Please make sure the data is well-formed and validates as HTML5. Details: "
        "Errors: <! [1,189] An “body” start tag seen but an element of the same type was already "
        "open. !>",
        ON_WEBSITE,
    ]


def test_page_that_is_too_long(folder):
    """A page of more than 65,535 bytes is good for the website only."""
    lines = checks(folder, "page.html", PAGE.format(f"{FORM}{'x' * 70_000}"))

    assert lines[1].startswith(f"{REFUSED}ParameterValidationError: ")
    assert lines[2:] == [ON_WEBSITE]


def test_page_without_a_form(folder):
    """A page without a form has none on Mechanical Turk, except for a template of the website."""
    assert checks(folder, "page.html", PAGE.format("<input name=animal>"))[3:] == [
        "  The page has no form, so workers cannot submit it. The website adds one; with the API "
        "there is none."
    ]


def test_form_without_assignment_id(folder):
    """A form without the field assignmentId is told that Mechanical Turk needs it."""
    assert checks(folder, "page.html", PAGE.format("<form><input name=animal></form>"))[3:] == [
        "  The form has no field assignmentId. This server adds it, but on Mechanical Turk nobody "
        "could submit the form."
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<crowd-form><crowd-input name=animal></crowd-input></crowd-form>",
        "<script>document.write('<form>')</script>",
        "<form></form><script>addField()</script>",
    ],
)
def test_forms_that_are_complete_or_scripted(body, folder):
    """A crowd-form has its assignment, and a script can add what is missing."""
    assert checks(folder, "page.html", PAGE.format(body))[3:] == []


TEMPLATE = f"{FORM}<p>${{name}} ${{url}} ${{name}}</p>"


def test_template_with_rows(folder):
    """A template is filled with the columns of the first row."""
    assert checks(folder, "page.html", TEMPLATE, "name,url\nTom,a\nRex,b\n") == [
        "page.html, row 1 of 2:",
        "  CreateHIT takes the page, as a HIT layout with this row.",
        ON_WEBSITE,
    ]


def test_template_without_rows(folder):
    """Placeholders are named if there is no file of rows."""
    assert checks(folder, "page.html", TEMPLATE) == [
        "page.html:",
        TAKEN,
        "  The requester website refuses the page, as a template. name, url: there are "
        "placeholders, but no file of rows.",
    ]


def test_missing_and_unused_columns(folder):
    """Placeholders without a column are named, and columns without a placeholder too."""
    lines = checks(folder, "page.html", TEMPLATE, "id,name\n1,Tom\n")

    assert lines[1].startswith(
        "  CreateHIT refuses the page, as a HIT layout with this row. ParameterValidationError: "
    )
    assert lines[1].endswith("Missing parameter names: url")
    assert lines[2:] == [
        "  The requester website refuses the page, as a template. url: no column has the name of "
        "the placeholder.",
        "  No placeholder has the name of the column: id.",
    ]


def test_columns_without_placeholders(folder):
    """Rows can be given for a page without placeholders."""
    lines = checks(folder, "page.html", PAGE.format(FORM), "id\n1\n")

    assert lines[1:3] == ["  CreateHIT takes the page, as a HIT layout with this row.", ON_WEBSITE]


@pytest.mark.parametrize(
    "document",
    [
        HTMLQuestion(PAGE.format(FORM)),
        ExternalQuestion("https://example.com/task"),
        QuestionForm(Question("animal", "The animal", FreeTextAnswer())),
    ],
)
def test_documents(document, folder):
    """A document is recognized by its root, whatever the file is called."""
    assert checks(folder, "question.txt", f"<?xml version='1.0'?>\n{document}") == [
        "question.txt:",
        "  CreateHIT takes the document.",
    ]


def test_document_with_rows(folder):
    """Documents have no placeholders."""
    lines = checks(folder, "question.xml", str(HTMLQuestion(PAGE.format(FORM))), "id\n1\n")

    assert lines[2:] == [
        "  The rows are not used: only pages of HTML have placeholders, not documents."
    ]


@pytest.mark.parametrize("content", ["<Question", "<QuestionForm/>"])
def test_invalid_document(content, folder):
    """A document that CreateHIT cannot read is not shown."""
    (folder / "question.xml").write_text(content)
    with showing("question.xml") as preview:
        page = get(preview)

    assert preview.lines[1].startswith("  CreateHIT refuses the document. ParameterValidationError")
    assert "This document cannot be shown: its checks say why." in page.text
    assert "<iframe" not in page.text


def test_question_form_that_is_too_long(folder):
    """A QuestionForm that is valid, but too long, is not shown."""
    form = QuestionForm(Question("animal", "The animal", FreeTextAnswer()))
    (folder / "form.xml").write_text(str(form).replace("The animal", "x" * 70_000))
    with showing("form.xml") as preview:
        assert "This document cannot be shown" in get(preview).text


# The page -----------------------------------------------------------------------------------


def test_frame_of_a_page(folder):
    """The frame has the recorded parameters, and its page is served on another host."""
    (folder / "page.html").write_text(PAGE.format(FORM))
    with showing("page.html") as preview:
        page = get(preview)
        task = task_of(page)
        site = preview.site

    content = site.replace("127.0.0.1", "localhost")
    assert re.fullmatch(
        f"{content}/tasks/preview/[0-9a-f]+-[0-9]+/dynamic/hit\\?assignmentId=3[A-Z0-9]+"
        f"&hitId=3[A-Z0-9]+&workerId=A[A-Z0-9]+&turkSubmitTo=http%3A%2F%2F127.0.0.1%3A[0-9]+",
        frame_of(page),
    )
    assert task.headers["content-security-policy"] == f"frame-ancestors {site}"
    assert FORM in task.text
    assert "/static/task.js" in task.text
    policy = page.headers["content-security-policy"]
    assert f"frame-src {content} {site}/mturk/externalSubmit" in policy


def test_values_of_a_row(folder):
    """Values are filled in once and as they are; placeholders without a column stay."""
    (folder / "page.html").write_text("<p>${a} ${b}</p>")
    (folder / "rows.csv").write_text('a\n1\n\n"<b>${a}"\n')
    with showing("page.html", "rows.csv") as preview:
        page = get(preview, row=2)
        assert "<p><b>${a} ${b}</p>" in task_of(page).text
        assert "page.html, row 2 of 2:" in preview.lines
    assert "Row 2 of 2" in page.text
    assert "<dt>a</dt><dd>&lt;b&gt;${a}</dd>" in page.text


@pytest.mark.parametrize(("asked", "shown"), [("0", 1), ("9", 2), ("x", 1)])
def test_row_that_is_not_there(asked, shown, folder):
    """The nearest row is shown, or the first."""
    (folder / "page.html").write_text("${a}")
    (folder / "rows.csv").write_text("a\n1\n2\n")
    with showing("page.html", "rows.csv") as preview:
        assert f"Row {shown} of 2" in get(preview, row=asked).text


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ({}, "assignmentId=3[A-Z0-9]+&hitId=3[A-Z0-9]+&workerId=A[A-Z0-9]+&turkSubmitTo=http.*"),
        ({"show": "preview"}, "assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&hitId=3[A-Z0-9]+"),
    ],
)
def test_external_question(query, parameters, folder):
    """The frame shows the page of an ExternalQuestion, also of a URL that CreateHIT refuses."""
    document = str(ExternalQuestion("https://localhost:1/task?n=1", 450))
    (folder / "question.xml").write_text(document.replace("https:", "http:"))
    with showing("question.xml") as preview:
        page = get(preview, **query)

    assert preview.lines[1].startswith("  CreateHIT refuses the document. ParameterValidationError")
    assert re.fullmatch(f"http://localhost:1/task\\?n=1&{parameters}", frame_of(page))
    assert 'height="450"' in page.text


def submit(preview, page, **fields):
    """Submit the form of a task page."""
    query = httpx.URL(frame_of(page)).params
    fields = {"assignmentId": query["assignmentId"], **fields}
    return httpx.post(f"{preview.site}/mturk/externalSubmit", data=fields, trust_env=False)


def test_submitted_answer(folder):
    """An answer is printed as list_assignments_for_hit returns it, also that of a refused page."""
    (folder / "page.html").write_text("<body><body>")
    with showing("page.html") as preview:
        assert submit(preview, get(preview), animal="cat").status_code == 200
        first, *lines = preview.wait_for("}")
        page = get(preview)

    assert first == "Submitted:"
    assert [line.split("'")[1] for line in lines[:8]] == [
        "AssignmentId",
        "WorkerId",
        "HITId",
        "AssignmentStatus",
        "AutoApprovalTime",
        "AcceptTime",
        "SubmitTime",
        "Answer",
    ]
    assert lines[3] == " 'AssignmentStatus': 'Submitted',"
    assert "<QuestionIdentifier>animal</QuestionIdentifier><FreeText>cat</FreeText>" in lines[-1]
    assert "<dt>animal</dt><dd>cat</dd>" in page.text


def test_question_form(folder):
    """The answers to a QuestionForm are checked, then printed."""
    form = QuestionForm(Question("animal", "The animal", FreeTextAnswer(), required=True))
    (folder / "form.xml").write_text(str(form))
    with showing("form.xml") as preview:
        url = preview.site + re.search('action="([^"]*)"', get(preview).text)[1]

        def send(animal, **headers):
            headers = headers or {"Origin": preview.site}
            return httpx.post(url, data={"answer-1": animal}, headers=headers, trust_env=False)

        forged = send("cat", Origin="http://example.com")
        mistaken = send("")
        sent = send("cat")
        preview.wait_for("<FreeText>cat</FreeText>")
        gone = send("cat")

    assert (forged.status_code, forged.text) == (
        403,
        "The form was not sent by the page of the preview.\n",
    )
    assert (mistaken.status_code, "Enter an answer." in mistaken.text) == (422, True)
    assert (sent.status_code, sent.headers["location"]) == (303, "/preview?row=0&show=submitted")
    assert (gone.status_code, gone.text) == (
        410,
        "This task is over. Reload the preview for a new one.\n",
    )


def test_mistakes_in_a_form_that_was_spoilt(folder):
    """Answers with mistakes to a form that is no longer valid show what is wrong with the file."""
    path = folder / "form.xml"
    path.write_text(str(QuestionForm(Question("a", "A", FreeTextAnswer(), required=True))))
    with showing("form.xml") as preview:
        url = preview.site + re.search('action="([^"]*)"', get(preview).text)[1]
        path.write_text("")
        preview.wait_for("form.xml is empty")
        headers = {"Origin": preview.site}
        answer = httpx.post(url, data={"answer-1": ""}, headers=headers, trust_env=False)

    assert "form.xml is empty" in answer.text


def test_old_task(folder):
    """The page of a task that was submitted is gone, and a page that posts to itself is told."""
    (folder / "page.html").write_text(PAGE.format(FORM))
    with showing("page.html") as preview:
        page = get(preview)
        posted = send_to_frame("POST", page)
        submit(preview, page, animal="cat")
        preview.wait_for("Submitted:")
        shown = httpx.get(f"{preview.url}/submitted", trust_env=False).text
        assert task_of(page).status_code == 410
    assert (posted.status_code, "Nothing was submitted" in posted.text) == (405, True)
    assert "<dt>animal</dt><dd>cat</dd>" in shown


@pytest.mark.parametrize(
    ("name", "status"), [("preview.js", 200), ("preview.css", 200), ("x.js", 404)]
)
def test_files_of_the_page(name, status, folder):
    """The script and the stylesheet of the page are there."""
    (folder / "page.html").write_text(PAGE.format(FORM))
    with showing("page.html") as preview:
        assert httpx.get(f"{preview.url}/{name}", trust_env=False).status_code == status


def test_many_tasks(folder):
    """Of the tasks that were not submitted, the latest 200 can be."""
    (folder / "page.html").write_text(PAGE.format(FORM))
    with showing("page.html") as preview, httpx.Client(trust_env=False) as client:
        pages = [client.get(preview.url) for _ in range(201)]
        assert task_of(pages[0]).status_code == 410
        assert task_of(pages[1]).status_code == 200


# Saving -------------------------------------------------------------------------------------


def state(preview):
    return httpx.get(f"{preview.url}/state", trust_env=False).json()


def test_saved_page(folder):
    """A file that is saved gets a new version, and its checks are printed."""
    path = folder / "page.html"
    path.write_text(PAGE.format(FORM))
    with showing("page.html") as preview:
        before = state(preview)
        path.write_text(PAGE.format(f"{FORM}<body>"))
        lines = preview.wait_for("website takes")
        after = state(preview)

    assert lines[0] == "page.html:"
    assert lines[1].startswith(REFUSED)
    assert before["version"] != after["version"]
    assert before["submitted"] == after["submitted"] == 0


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("page.html", b" \n", "page.html is empty"),
        ("page.html", b"caf\xe9", "page.html is not UTF-8 at byte 3"),
        ("page.html", None, "cannot read page.html: No such file or directory"),
        ("rows.csv", b"", "rows.csv has no line with the names of its columns"),
        ("rows.csv", b"a,b,a\n", "rows.csv has several columns 'a'"),
        ("rows.csv", b"a\n", "rows.csv has no row below the names of its columns"),
        ("rows.csv", b"a\n1\n\n1,2\n", "rows.csv, line 4: 2 values for 1 columns"),
        (
            "rows.csv",
            b"a\n" + b"x" * 200_000,
            "rows.csv, line 2: field larger than field limit (131072)",
        ),
    ],
)
def test_file_that_cannot_be_read(name, content, problem, folder):
    """The page and the terminal say why, and go on when the file is good again."""
    good = {"page.html": "${a}", "rows.csv": "a\n1\n"}
    for path, text in good.items():
        (folder / path).write_text(text)
    with showing("page.html", "rows.csv") as preview:
        (folder / name).unlink() if content is None else (folder / name).write_bytes(content)
        printed = preview.wait_for(problem)
        page = get(preview)
        (folder / name).write_text(good[name])
        preview.wait_for("page.html, row 1 of 1:")
        assert "Row 1 of 1" in get(preview).text

    assert printed[-1] == problem
    assert problem in html.unescape(page.text)


# The command --------------------------------------------------------------------------------


def test_preview(tmp_path):
    """It prints its address, the checks, saved files and answers, and ends on Ctrl-C."""
    (tmp_path / "page.html").write_text(PAGE.format(FORM))
    path = tmp_path / "page.html"
    with previewing(path) as preview:
        lines = [f"mturk_mock preview of {path} at {preview.url}", f"{path}:", TAKEN]
        assert preview.lines == [*lines, ON_WEBSITE, "Ready."]
        submit(preview, get(preview), animal="cat")
        preview.wait_for("Submitted:")
        preview.wait_for("<FreeText>cat</FreeText>")
        (tmp_path / "page.html").write_text("")
        preview.wait_for("page.html is empty")
        assert preview.end() == (0, "")


def refused(capsys, *arguments):
    """Run a command that fails; return its exit status and what it says."""
    status = main(["preview", *arguments])
    return status, capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [(["nowhere.html"], "nowhere.html"), (["page.html", "nowhere.csv"], "nowhere.csv")],
)
def test_file_that_is_not_there(arguments, missing, tmp_path, capsys):
    """One line names the file."""
    (tmp_path / "page.html").write_text(PAGE.format(FORM))
    paths = [str(tmp_path / name) for name in arguments]

    problem = f"cannot read {tmp_path / missing}: No such file or directory"
    assert refused(capsys, *paths) == (2, f"mturk-mock preview: {problem}\n")


def test_port_in_use(tmp_path, capsys):
    """One line names the address."""
    (tmp_path / "page.html").write_text(PAGE.format(FORM))
    with previewing(tmp_path / "page.html") as preview:
        port = preview.site.rpartition(":")[2]
        said = refused(capsys, str(tmp_path / "page.html"), "--port", port)

    message = f"mturk-mock preview: cannot listen on 127.0.0.1:{port}: Address already in use\n"
    assert said == (2, message)


def test_browser_is_opened(tmp_path):
    """Without --no-open the browser of the machine shows the page."""
    (tmp_path / "page.html").write_text(PAGE.format(FORM))
    opened = tmp_path / "opened"
    browser = f"{sys.executable} -c \"open({str(opened)!r}, 'w').write('%s')\""
    with previewing(tmp_path / "page.html", BROWSER=browser) as preview:
        assert preview.end() == (0, "")
    assert opened.read_text() == preview.url


def test_end(tmp_path):
    """SIGTERM ends it with status 0, without a word."""
    (tmp_path / "page.html").write_text(PAGE.format(FORM))
    with previewing(tmp_path / "page.html") as preview:
        preview.process.send_signal(signal.SIGTERM)
        written = preview.process.communicate(timeout=60)
        assert (preview.process.returncode, written) == (0, ("", ""))


def test_help(capsys):
    """--help tells what PAGE and ROWS.csv are."""
    with pytest.raises(SystemExit):
        main(["preview", "--help"])
    shown = " ".join(capsys.readouterr().out.split())

    assert "ROWS.csv has the values of the placeholders ${name} in it." in shown
