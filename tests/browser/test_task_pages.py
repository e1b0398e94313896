"""Task pages in a browser: their forms, previews, the website's templates, ExternalQuestion."""

from __future__ import annotations

import http.server
import ssl
import threading
from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mturk_mock import ExternalQuestion
from mturk_mock.server import MTurkServer
from tests.browser.site import (
    answers_of,
    open_hit,
    open_preview,
    publish_page,
    sign_in,
    wait_until_submitted,
)
from tests.helpers import HIT_TYPE, publish

#: What a preview says to a worker who submits its form.
SENTENCE = "This is a preview. Accept the HIT first, then you can submit your work."


@pytest.fixture(scope="module")
def _server():
    with MTurkServer(seed=1) as server:
        yield server


@pytest.fixture
def server(_server):
    _server.mturk.reset()
    return _server


@pytest.fixture(scope="module")
def session(chromium, _server):
    """The cookies of a worker who is signed in."""
    with chromium.new_context() as context:
        sign_in(context.new_page(), _server)
        return context.storage_state()


@pytest.fixture
def worker(new_page, session):
    """A page whose worker is signed in."""
    return new_page(storage_state=session)


def document(body, head=""):
    return f"<!DOCTYPE html><html><head><title>T</title>{head}</head><body>{body}</body></html>"


def submit(frame, act):
    """Submit the form of a page by its button, or by a call of a method of the form."""
    if act == "click":
        frame.get_by_role("button", name="Send").click()
    else:
        frame.locator("form").evaluate(f"form => form.{act}")


def answer(page, url, body):
    """Answer requests of a page, and of those that it opens, with this HTML."""
    page.context.route(url, lambda route: route.fulfill(content_type="text/html", body=body))


AMAZON = 'method="post" action="https://www.mturk.com/mturk/externalSubmit"'
BUTTON = '<input name="a" value="1"><button>Send</button></form>'
SCRIPTED = '<input name="a" value="1"></form><button onclick="{}">Send</button>'


# Forms --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<form {AMAZON}>{BUTTON}", id="absent"),
        pytest.param(f'<form {AMAZON}><input name="assignmentId" value="">{BUTTON}', id="empty"),
        pytest.param(
            '<form method="post" action="//workersandbox.mturk.com/mturk/externalSubmit">' + BUTTON,
            id="sandbox",
        ),
        pytest.param(f'<form method="post" action="/mturk/externalSubmit">{BUTTON}', id="relative"),
        pytest.param(
            f'<form method="post" action="/sandbox/mturk/externalSubmit">{BUTTON}', id="other"
        ),
        pytest.param(
            f'<form action="https://worker.mturk.com/externalSubmit">{BUTTON}', id="by GET"
        ),
        pytest.param(f'<form {AMAZON} enctype="multipart/form-data">{BUTTON}', id="multipart"),
        pytest.param(f'<form {AMAZON} target="_top">{BUTTON}', id="top"),
        pytest.param(
            '<form method="post"><input name="a" value="1"><button '
            'formaction="https://www.mturk.com/mturk/externalSubmit">Send</button></form>',
            id="formaction",
        ),
        pytest.param(
            f'<form {AMAZON} onsubmit="event.stopPropagation()">{BUTTON}', id="stopPropagation"
        ),
        pytest.param(
            f"<form {AMAZON}>{SCRIPTED}".format("document.forms[0].submit()"), id="submit()"
        ),
        pytest.param(
            f"<form {AMAZON}>{SCRIPTED}".format("document.forms[0].requestSubmit()"),
            id="requestSubmit()",
        ),
        pytest.param(
            '<form method="post" onsubmit="this.action = '
            f"'https://www.mturk.com/mturk/externalSubmit'\">{BUTTON}",
            id="action set at submit",
        ),
        pytest.param(
            '<button onclick="send()">Send</button><script>function send() {'
            'const form = document.createElement("form"); form.method = "post";'
            'form.action = "https://www.mturk.com/mturk/externalSubmit";'
            'form.innerHTML = "<input name=a value=1>"; document.body.append(form);'
            "form.submit(); }</script>",
            id="made later",
        ),
    ],
)
def test_form_that_is_written_for_amazon(body, server, worker):
    """The form of a page submits the worker's assignment."""
    hit_id = publish_page(server, document(body))
    open_hit(worker, server, hit_id).get_by_role("button", name="Send").click()
    wait_until_submitted(worker)

    assert answers_of(server, hit_id) == {"a": "1"}


@pytest.mark.parametrize(
    "action", ["https://www.mturk.com/mturk/externalSubmit", "/mturk/externalSubmit"]
)
def test_form_in_the_sandbox(action, server, worker):
    """A form that is written for production submits the worker's assignment of the sandbox."""
    hit_id = publish_page(server, document(f'<form action="{action}">{BUTTON}'), sandbox=True)
    frame = open_hit(worker, server, hit_id, "/sandbox")
    frame.get_by_role("button", name="Send").click()
    wait_until_submitted(worker)

    assert answers_of(server, hit_id, sandbox=True) == {"a": "1"}


def test_form_with_fields_named_like_its_properties(server, worker):
    """Fields that hide the properties of a form do no harm."""
    names = "".join(f'<input name="{name}" value="1">' for name in ("action", "target", "submit"))
    hit_id = publish_page(server, document(f"<form {AMAZON}>{names}<button>Send</button></form>"))
    open_hit(worker, server, hit_id).get_by_role("button", name="Send").click()
    wait_until_submitted(worker)

    assert answers_of(server, hit_id) == {"action": "1", "target": "1", "submit": "1"}


def test_base_of_a_page(server, worker):
    """A page with a base gets our scripts, and its form is sent to this server."""
    head = (
        '<base href="https://cdn.example.com/">'
        '<script src="https://s3.amazonaws.com/mturk-public/externalHIT_v1.js"></script>'
    )
    body = (
        '<form id="mturk_form" method="post"><input type="hidden" id="assignmentId" '
        f'name="assignmentId">{BUTTON}<script>turkSetAssignmentID()</script>'
    )
    hit_id = publish_page(server, document(body, head))
    open_hit(worker, server, hit_id).get_by_role("button", name="Send").click()
    wait_until_submitted(worker)

    assert answers_of(server, hit_id) == {"a": "1"}


def test_form_that_is_right_is_sent_as_it_is(server, worker):
    """The fields of a form that has its assignment are sent in their order, and no others."""
    fill = (
        "<script>document.forms[0].elements.assignmentId.value = "
        'new URLSearchParams(location.search).get("assignmentId")</script>'
    )
    form = f'<form {AMAZON}><input name="b" value="2"><input name="assignmentId">{BUTTON}{fill}'
    hit_id = publish_page(server, document(form))
    frame = open_hit(worker, server, hit_id)
    with worker.expect_request("**/mturk/externalSubmit") as sent:
        frame.get_by_role("button", name="Send").click()
    wait_until_submitted(worker)
    (assignment,) = server.mturk.hit(hit_id).assignments

    assert sent.value.post_data == f"b=2&assignmentId={assignment.id}&a=1"


@pytest.mark.parametrize("act", ["click", "submit()"])
def test_forms_of_other_sites(act, server, worker):
    """A form that goes elsewhere is not changed, even in a preview."""
    answer(worker, "https://survey.example.org/**", "Hello")
    action = "https://survey.example.org/externalSubmit"
    body = f'<form method="post" target="_blank" action="{action}">{BUTTON}'
    frame = open_preview(worker, server, publish_page(server, document(body)))
    with worker.context.expect_event("request", lambda request: request.method == "POST") as sent:
        submit(frame, act)

    assert (sent.value.url, sent.value.post_data) == (action, "a=1")


def test_form_without_an_action(server, worker):
    """A form that is sent to its own page says which action it needs."""
    frame = open_hit(worker, server, publish_page(server, document(f"<form method=post>{BUTTON}")))
    frame.get_by_role("button", name="Send").click()

    frame.get_by_role("heading", name="Nothing was submitted").wait_for()


@pytest.mark.parametrize(
    ("doctype", "mode"), [("<!DOCTYPE html>", "CSS1Compat"), ("", "BackCompat")]
)
def test_page_is_as_written(doctype, mode, server, worker):
    """Our script changes neither the rules by which a browser lays out a page, nor its scripts."""
    html = f"{doctype}<html><head><title>T</title></head><body><script></script></body></html>"
    frame = open_hit(worker, server, publish_page(server, html))

    page = "[document.compatMode, document.scripts.length, document.head.childElementCount]"
    assert frame.locator("html").evaluate(f"() => {page}") == [mode, 1, 1]


# Previews -----------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["click", "submit()", "requestSubmit()"])
def test_preview_submits_nothing(act, server, worker):
    """In a preview, a form says that the HIT must be accepted first, however it is submitted."""
    sent = []
    worker.on("request", lambda request: sent.append(request.url))
    frame = open_preview(worker, server, publish_page(server, document(f"<form {AMAZON}>{BUTTON}")))
    for _ in range(2):
        submit(frame, act)

    assert frame.get_by_role("alert").inner_text() == SENTENCE
    assert not [url for url in sent if url.endswith("externalSubmit")]


def test_preview_with_the_script_of_amazon(server, worker):
    """The script's turkSetAssignmentID disables the button of a preview, and its text says why."""
    head = '<script src="https://s3.amazonaws.com/mturk-public/externalHIT_v1.js"></script>'
    body = (
        '<form id="mturk_form"><input id="assignmentId" name="assignmentId">'
        '<input type="submit" id="submitButton"></form><script>turkSetAssignmentID()</script>'
    )
    frame = open_preview(worker, server, publish_page(server, document(body, head)))
    button = frame.get_by_role("button", name="You must ACCEPT the HIT before you can submit")

    assert button.is_disabled()
    assert frame.locator("#assignmentId").input_value() == "ASSIGNMENT_ID_NOT_AVAILABLE"


CALLS = """() => [
    turkGetParam("hitId"), turkGetParam("none", "default"), turkGetParam("none"),
    turkGetSubmitToHost(), decode("a+b%26"), document.forms.other.getAttribute("action"),
    document.getElementById("send").textContent, document.getElementById("send").disabled,
]"""


def test_functions_of_the_script_of_amazon(server, worker):
    """The functions of externalHIT_v1.js return what its pages expect, also with other IDs."""
    head = '<script src="https://s3.amazonaws.com/mturk-public/externalHIT_v1.js"></script>'
    body = (
        '<form id="other"><button id="send">Send</button></form>'
        '<script>turkSetAssignmentID("other", "send"); turkSetAssignmentID("none", "none")</script>'
    )
    hit_id = publish_page(server, document(body, head))
    frame = open_preview(worker, server, hit_id)

    assert frame.locator("body").evaluate(CALLS) == [
        hit_id,
        "default",
        None,
        server.worker_url,
        "a b&",
        f"{server.worker_url}/mturk/externalSubmit",
        "You must ACCEPT the HIT before you can submit the results.",
        True,
    ]


# Website templates --------------------------------------------------------------------------


def test_template_of_the_website(server, worker):
    """A template without a form is submitted by the button that the website added."""
    layout = server.mturk.add_layout("<label>What is a ${item}? <input name=answer></label>")
    hit = server.client().create_hit(
        **HIT_TYPE,
        LifetimeInSeconds=3600,
        HITLayoutId=layout,
        HITLayoutParameters=[{"Name": "item", "Value": "cat"}],
    )["HIT"]
    frame = open_hit(worker, server, hit["HITId"])
    frame.get_by_role("textbox", name="What is a cat?").fill("an animal")
    frame.get_by_role("button", name="Submit").click()
    wait_until_submitted(worker)

    assert answers_of(server, hit["HITId"]) == {"answer": "an animal"}


# ExternalQuestion ---------------------------------------------------------------------------

EXTERNAL = (
    '<!DOCTYPE html><form id="f" method="post"><label>Code <input name="code"></label>'
    '<input type="hidden" name="assignmentId"><button>Send</button></form><script>'
    "const query = new URLSearchParams(location.search);"
    'const form = document.getElementById("f");'
    'form.elements.assignmentId.value = query.get("assignmentId");'
    'form.action = query.get("turkSubmitTo") + "/mturk/externalSubmit";</script>'
)


@pytest.mark.parametrize("sandbox", [False, True])
def test_external_question(sandbox, server, session, new_page):
    """The page of another site submits its form, after the worker has allowed that."""
    page = new_page(storage_state=session, permissions=["local-network-access"])
    answer(page, "https://survey.example.org/**", EXTERNAL)
    path = "/sandbox" if sandbox else ""
    question = str(ExternalQuestion("https://survey.example.org/?form=7"))
    hit_id = publish(server.client(sandbox=sandbox), Question=question)
    frame = open_hit(page, server, hit_id, path)
    frame.get_by_role("textbox", name="Code").fill("abc")
    frame.get_by_role("button", name="Send").click()
    wait_until_submitted(page)

    assert answers_of(server, hit_id, sandbox=sandbox) == {"code": "abc"}


class Survey(http.server.BaseHTTPRequestHandler):
    """The page of an ExternalQuestion, which sets a cookie with the name of the site's."""

    cookies: list[str | None]

    def do_GET(self):
        """Answer with the page."""
        self.cookies.append(self.headers["Cookie"])
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Set-Cookie", "mturk_session=forged; SameSite=None; Secure")
        self.end_headers()
        self.wfile.write(EXTERNAL.encode())

    def log_message(self, *args):
        """Print nothing."""


def write_certificate(path):
    """Write a certificate of 127.0.0.1 with its key, and return its path."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    key_format = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(certificate.public_bytes(pem) + key.private_bytes(pem, *key_format))
    return path


@pytest.fixture
def survey(tmp_path):
    """A server of `Survey` on another port of the site's host, by https."""
    handler = type("Handler", (Survey,), {"cookies": []})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(write_certificate(tmp_path / "survey.pem"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_external_question_on_the_host_of_the_site(survey, server, session, new_page):
    """Cookies pass neither from the site to a page on another port of its host, nor back."""
    page = new_page(storage_state=session, ignore_https_errors=True)
    question = str(ExternalQuestion(f"https://127.0.0.1:{survey.server_port}/"))
    hit_id = publish(server.client(), Question=question)
    frame = open_hit(page, server, hit_id)
    frame.get_by_role("textbox", name="Code").fill("abc")
    with page.expect_request("**/mturk/externalSubmit") as sent:
        frame.get_by_role("button", name="Send").click()
    wait_until_submitted(page)

    assert survey.RequestHandlerClass.cookies == [None, None]  # a preview, and the page itself
    assert "cookie" not in sent.value.all_headers()
    assert [each["value"] for each in page.context.cookies()] != ["forged"]
    assert answers_of(server, hit_id) == {"code": "abc"}
