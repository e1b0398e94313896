"""Task pages over HTTP: tickets, our scripts, the website's form, externalSubmit, refusals."""

from __future__ import annotations

import html as html_entities
import re
from contextlib import contextmanager
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from mturk_mock import HTMLQuestion
from mturk_mock.server import MTurkServer
from mturk_mock.server.tasks import tickets
from mturk_mock.server.tasks.page import prepare_page, wrap_template
from tests.helpers import HIT_TYPE, NOW, external_question, publish

WORKER = "A2WORKER"
SCRIPT = '<script src="/static/task.js"></script>'
FIELD = '<input type="hidden" name="assignmentId" id="assignmentId" value="3ASSIGNMENT">'
FORM = (
    '<form name="mturk_form" id="mturk_form" method="post" '
    f'action="http://127.0.0.1:5780/mturk/externalSubmit">{FIELD}'
)
BUTTON = '<p><input type="submit" id="submitButton" value="Submit"></p>'


@pytest.fixture
def browser(server):
    """An HTTP client that is signed in to the worker site, as a browser would be."""
    with sign_in(server) as browser:
        yield browser


@contextmanager
def sign_in(server, path=""):
    with httpx.Client(
        base_url=server.worker_url, follow_redirects=True, trust_env=False
    ) as browser:
        headers = {"Origin": server.worker_url}
        browser.post(f"{path}/sign_in", data={"worker_id": WORKER}, headers=headers)
        yield browser


def request(method, url, **options):
    """Send a request to the port of a URL on loopback, whatever its host is."""
    parts = urlsplit(url)
    headers = {"Host": parts.netloc, **options.pop("headers", {})}
    local = parts._replace(scheme="http", netloc=f"127.0.0.1:{parts.port}").geturl()
    return httpx.request(method, local, headers=headers, trust_env=False, **options)


def accept(server, browser, hit_id, path=""):
    """Accept a HIT on the worker site, and return the page."""
    group = server.mturk.hit(hit_id).hit_group_id
    page = browser.get(f"{path}/projects/{group}/tasks")
    token = re.search(r'name="token" value="(\w+)"', page.text)[1]
    return browser.post(
        f"{path}/projects/{group}/tasks/accept",
        data={"token": token, "hit_id": hit_id},
        headers={"Origin": server.worker_url},
    )


def preview(server, browser, hit_id):
    return browser.get(f"/projects/{server.mturk.hit(hit_id).hit_group_id}/tasks")


def frame_of(page):
    """Return the attributes of the frame of a page."""
    (tag,) = re.findall(r"<iframe ([^>]*)>", page.text)
    found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
    return {name: html_entities.unescape(value) for name, value in found.items()}


def path_of(frame):
    return urlsplit(frame["src"])._replace(scheme="", netloc="").geturl()


def open_frame(page):
    """Return the response for the frame of a page, without a cookie."""
    return request("GET", frame_of(page)["src"])


def html_hit(server, html, **members):
    return publish(server.client(), Question=str(HTMLQuestion(html)), **members)


PAGE = "<!DOCTYPE html><html><head><title>T</title></head><body><form></form></body></html>"


# Frames -------------------------------------------------------------------------------------


def test_frame_address(server, browser):
    """The frame is on the other host, and its parameters are in the recorded order."""
    hit_id = html_hit(server, PAGE)
    page = accept(server, browser, hit_id)
    address = urlsplit(frame_of(page)["src"])
    (assignment_id,) = re.findall(r"assignment_id=(\w+)", str(page.url))

    assert address.netloc == server.worker_url.replace("http://127.0.0.1", "localhost")
    assert re.fullmatch(r"/tasks/[\w-]{22}/dynamic/hit", address.path)
    assert list(parse_qs(address.query).items()) == [
        ("assignmentId", [assignment_id]),
        ("hitId", [hit_id]),
        ("workerId", [WORKER]),
        ("turkSubmitTo", [server.worker_url]),
    ]


def test_frame_of_a_preview(server, browser):
    """A preview has no assignment."""
    address = urlsplit(frame_of(preview(server, browser, html_hit(server, PAGE)))["src"])

    assert parse_qs(address.query)["assignmentId"] == ["ASSIGNMENT_ID_NOT_AVAILABLE"]


def test_task_page(server, browser):
    """The page is the requester's, with one more script; only the site can show it."""
    response = open_frame(accept(server, browser, html_hit(server, PAGE)))
    static = server.worker_url.replace("127.0.0.1", "localhost") + "/static"

    assert response.text == PAGE.replace(
        "<head>", f'<head><script src="{static}/task.js"></script>'
    )
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"] == f"frame-ancestors {server.worker_url}"
    assert response.headers["cache-control"] == "no-store"
    assert "set-cookie" not in response.headers


def test_ticket_is_used_once(server, browser):
    """The second request for a task page is told to reload the page around it."""
    page = accept(server, browser, html_hit(server, PAGE))
    open_frame(page)
    again = open_frame(page)

    assert again.status_code == 410
    assert "This page was opened before, and each address of a task works once." in again.text
    assert open_frame(browser.get(page.url)).status_code == 200


def test_expired_ticket(server, browser, monkeypatch):
    """A ticket that was not used for five minutes opens nothing."""
    monkeypatch.setattr(tickets, "LIFETIME", 0)
    response = open_frame(accept(server, browser, html_hit(server, PAGE)))

    assert response.status_code == 410
    assert "This address is more than 5 minutes old" in response.text


def test_wrong_ticket(server):
    """An address without a ticket of the server opens nothing."""
    response = request("GET", f"{server.worker_url}/tasks/invented/dynamic/hit")

    assert response.status_code == 410
    assert "There is no page of a HIT at this address." in response.text
    assert f"frame-ancestors {server.worker_url}" in response.headers["content-security-policy"]


def test_oldest_ticket_is_dropped(monkeypatch):
    """Tickets take a bounded amount of memory."""
    monkeypatch.setattr(tickets, "MOST", 2)
    with MTurkServer(seed=1, now=NOW) as server, sign_in(server) as browser:
        hit_id = html_hit(server, PAGE)
        pages = [preview(server, browser, hit_id) for _ in range(3)]

        assert [open_frame(page).status_code for page in pages] == [410, 200, 200]


def test_page_of_a_hit_that_is_gone(server, browser):
    """The frame of a HIT that a reset has removed says so."""
    page = preview(server, browser, html_hit(server, PAGE))
    server.mturk.reset()
    response = open_frame(page)

    assert (response.status_code, "no longer available" in response.text) == (410, True)


def test_form_that_is_sent_to_its_own_page(server, browser):
    """A form without an action is told which action it needs; its page can still be opened."""
    page = accept(server, browser, html_hit(server, PAGE))
    response = request("POST", frame_of(page)["src"], data={"a": "1"})

    assert response.status_code == 405
    assert "The action of the form must be the value of turkSubmitTo" in response.text
    assert open_frame(page).status_code == 200


def test_frame_off_loopback():
    """Without a host of their own, task pages get no origin, by the frame and by their policy."""
    address = "http://turk.example.org"
    with MTurkServer(seed=1, now=NOW, public_url=address, insecure=True) as server:
        local = server._local_url
        client = server.client(endpoint_url=local)
        hit_id = publish(client, Question=str(HTMLQuestion(PAGE)))
        headers = {"Host": "turk.example.org", "Origin": address}
        with httpx.Client(base_url=local, headers=headers, trust_env=False) as browser:
            invitation = urlsplit(server.invite(WORKER)).path
            signed_in = browser.post(invitation)
            cookie = signed_in.headers["set-cookie"].partition(";")[0]
            browser.headers["Cookie"] = cookie
            frame = frame_of(preview(server, browser, hit_id))
            shown = browser.get(path_of(frame))

    assert frame["src"].startswith(f"{address}/tasks/")
    assert "allow-same-origin" not in frame["sandbox"]
    assert "sandbox allow-downloads allow-forms" in shown.headers["content-security-policy"]
    assert f'src="{address}/static/task.js"' in shown.text


def test_scripts_of_pages_without_an_origin():
    """A page of no origin gets its scripts, and nothing of the API."""
    with MTurkServer(seed=1, now=NOW, host="0.0.0.0", insecure=True) as server:
        headers = {"Origin": "null"}
        script = request("GET", f"{server.url}/static/task.js", headers=headers)
        api = request("POST", server.url, headers=headers)

    assert (script.status_code, api.status_code) == (200, 403)


def test_content_url():
    """With a content URL, task pages come from there, and the site from its own host only."""
    content = "https://hits.example.net"
    with MTurkServer(seed=1, now=NOW, content_url=content) as server:
        hit_id = html_hit(server, PAGE)
        with sign_in(server) as browser:
            frame = frame_of(preview(server, browser, hit_id))
        host = {"Host": "hits.example.net"}
        shown = request("GET", server.worker_url + path_of(frame), headers=host)
        api = request("POST", server.worker_url, headers=host)

    assert frame["src"].startswith(f"{content}/tasks/")
    assert shown.status_code == 200
    assert (api.status_code, api.text) == (
        404,
        "Pages of HITs may open task pages and submit to externalSubmit only.\n",
    )


def test_other_host_names_are_refused(server, browser):
    """A task page is not served under a name that the server does not have."""
    page = preview(server, browser, html_hit(server, PAGE))
    response = request("GET", frame_of(page)["src"], headers={"Host": "evil.example"})

    assert response.status_code == 421


def test_site_on_the_host_of_task_pages(server):
    """A browser that opens the site on the other host is redirected to the site's own."""
    url = server.worker_url.replace("127.0.0.1", "localhost")
    headers = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none"}
    response = request("GET", f"{url}/projects?sort=newest", headers=headers)

    assert response.status_code == 307
    assert response.headers["location"] == f"{server.worker_url}/projects?sort=newest"


def test_external_question(server, browser):
    """The page of an ExternalQuestion gets its parameters after its own."""
    question = external_question("https://survey.example.org/?form=7")
    page = accept(server, browser, publish(server.client(), Question=question))
    frame = frame_of(page)

    assert frame["src"].startswith("https://survey.example.org/?form=7&assignmentId=")
    assert list(parse_qs(urlsplit(frame["src"]).query)) == [
        "form",
        "assignmentId",
        "hitId",
        "workerId",
        "turkSubmitTo",
    ]
    assert (frame["height"], " credentialless" in page.text) == ("600", False)


def test_external_question_in_a_preview(server, browser):
    """A preview gets neither the worker nor the address for the form."""
    hit_id = publish(server.client(), Question=external_question())
    query = parse_qs(urlsplit(frame_of(preview(server, browser, hit_id))["src"]).query)

    assert query == {"assignmentId": ["ASSIGNMENT_ID_NOT_AVAILABLE"], "hitId": [hit_id]}


def test_external_question_on_the_host_of_the_site(server, browser):
    """A page on another port of the site's host is in a frame without cookies."""
    question = external_question("https://127.0.0.1:9/")
    page = accept(server, browser, publish(server.client(), Question=question))

    assert re.search(r"<iframe [^>]* credentialless[ >]", page.text)


# Scripts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "<!DOCTYPE html><html lang=en><head>|<title>",
        "<!doctype html>|\n<p>",
        "\ufeff<!-- a --> <!DOCTYPE html><!-- b -->\n<html>|\n",
        "<head>|<!-- a --><base href=x>",
        "|text <html>",
        "|<p>",
        "|",
    ],
)
def test_place_of_the_script(html):
    """The script is the first thing in the head, and never before a doctype."""
    assert prepare_page(html.replace("|", "")) == html.replace("|", SCRIPT)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("https://assets.crowd.aws/crowd-html-elements.js", "crowd-html-elements.js"),
        ("HTTP://assets.crowd.aws/crowd-html-elements.js?v=1&amp;w=2", "crowd-html-elements.js"),
        (" //assets.crowd.aws/crowd-html-elements.js ", "crowd-html-elements.js"),
        ("https://s3.amazonaws.com/mturk-public/externalHIT_v1.js", "externalHIT_v1.js"),
        ("//s3.amazonaws.com/mturk-public/externalHIT_v1.js#a", "externalHIT_v1.js"),
        ("https://mturk-public.s3.amazonaws.com/externalHIT_v1.js", "externalHIT_v1.js"),
    ],
)
def test_scripts_of_amazon(source, name):
    """Amazon's scripts are replaced by ours, and the rest of their tags is kept."""
    html = f"<script async SRC = '{source}' type=\"text/javascript\"></script>"

    assert prepare_page(html) == (
        f'{SCRIPT}<script async src="/static/{name}" type="text/javascript"></script>'
    )


@pytest.mark.parametrize(
    "html",
    [
        "<script src='https://code.jquery.com/jquery.js'></script>",
        "<script src='https://evil.example/assets.crowd.aws/crowd-html-elements.js'></script>",
        "<script data-src='https://assets.crowd.aws/crowd-html-elements.js'></script>",
        "<script>'<script src=\"https://assets.crowd.aws/crowd-html-elements.js\">'</script>",
        "<img src='https://assets.crowd.aws/crowd-html-elements.js'>",
        "<p><!-- <script src='https://assets.crowd.aws/crowd-html-elements.js'> -->",
    ],
)
def test_other_scripts_stay(html):
    """Other scripts, comments and texts stay as written."""
    assert prepare_page(html) == SCRIPT + html


@pytest.mark.parametrize("name", ["task.js", "externalHIT_v1.js", "crowd-html-elements.js"])
def test_scripts_are_served(name, server):
    """Both hosts serve the scripts of task pages."""
    for host in ("127.0.0.1", "localhost"):
        url = server.worker_url.replace("127.0.0.1", host)
        response = request("GET", f"{url}/static/{name}")

        assert response.status_code == 200
        assert response.headers["content-type"] == "text/javascript; charset=utf-8"


# The website's form -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "[<p>?</p>]",
        "<!-- a --><html><body class=b>[<p>?</p>]</body></html>\n",
        "<!DOCTYPE html><head><title>T</title></head>[<p>]",
        "<!DOCTYPE html>[\n<p>]</html>",
        "[<input type=submit>)",
        "[<button type='SUBMIT'>)",
        "[<a id=submitButton>)",
        "[<button>Next</button>]",
    ],
)
def test_website_template(html):
    """A template without a form gets the website's form, with a button unless it has one."""
    plain = re.sub(r"[][)]", "", html)
    wrapped = html.replace("[", FORM).replace("]", f"{BUTTON}</form>").replace(")", "</form>")
    if html.startswith("["):  # a fragment
        wrapped = f"<!DOCTYPE html>{wrapped}"

    assert wrap_template(plain, "http://127.0.0.1:5780", "3ASSIGNMENT") == wrapped


@pytest.mark.parametrize("html", ["<form></form>", "<body><crowd-form></crowd-form></body>"])
def test_website_template_with_a_form(html):
    """A template with a form of its own stays as it is."""
    assert wrap_template(html, "http://127.0.0.1:5780", "3ASSIGNMENT") == html


def test_website_template_escapes_its_values():
    """The address and the assignment are text, whatever is in them."""
    wrapped = wrap_template("<p>", 'http://a.example/?"', '"><script>')

    assert 'action="http://a.example/?&quot;/mturk/externalSubmit"' in wrapped
    assert 'value="&quot;&gt;&lt;script&gt;"' in wrapped


def test_hit_of_a_layout(server):
    """The page of a HIT that was made from a layout is wrapped, for its own environment."""
    layout = server.mturk.add_layout("<p>What is ${item}?</p><input name=answer>")
    hit = server.client(sandbox=True).create_hit(
        **HIT_TYPE,
        LifetimeInSeconds=3600,
        HITLayoutId=layout,
        HITLayoutParameters=[{"Name": "item", "Value": "this"}],
    )["HIT"]
    with sign_in(server, "/sandbox") as browser:
        page = accept(server, browser, hit["HITId"], "/sandbox")
    (assignment_id,) = re.findall(r"assignment_id=(\w+)", str(page.url))
    text = open_frame(page).text

    assert f'action="{server.worker_url}/sandbox/mturk/externalSubmit"' in text
    assert f'name="assignmentId" id="assignmentId" value="{assignment_id}">' in text
    assert "<p>What is this?</p><input name=answer><p><input type=" in text


def test_hit_without_a_layout_is_not_wrapped(server, browser):
    """The page of an HTMLQuestion keeps its lack of a form."""
    response = open_frame(accept(server, browser, html_hit(server, "<!DOCTYPE html><p>?")))

    assert "<form" not in response.text


# externalSubmit -----------------------------------------------------------------------------


def submit(server, fields, accept="text/html", host="localhost", path="", **headers):
    url = f"{server.worker_url.replace('127.0.0.1', host)}{path}/mturk/externalSubmit"
    headers = {"Accept": accept, **headers}
    return request("POST", url, data=fields, headers=headers)


def heading(response):
    return re.search(r"<h1>(.*)</h1>\s*<p>(.*)</p>", response.text).groups()


@pytest.fixture
def assignment(server):
    return server.mturk.worker(WORKER).accept(html_hit(server, PAGE))


def test_page_of_external_submit(server, assignment):
    """A browser gets a page that only the site and its task pages can show."""
    response = submit(server, {"assignmentId": assignment.id, "a": "1"})

    assert (response.status_code, assignment.status) == (200, "Submitted")
    assert heading(response) == (
        "Submitted",
        f"Assignment {assignment.id} was submitted. Thank you.",
    )
    assert '<script src="/static/submitted.js">' in response.text
    assert f"frame-ancestors {server.worker_url}" in response.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda assignment: assignment.submit({}, check=False), "Submitted"),
        (lambda assignment: assignment.return_hit(), "Returned"),
    ],
)
def test_page_of_a_second_submission(change, status, server, assignment):
    """The page says what became of the assignment, and lets the site show it."""
    change(assignment)
    response = submit(server, {"assignmentId": assignment.id})

    assert response.status_code == 409
    assert heading(response) == (
        f"Already {status.lower()}",
        f"Assignment {assignment.id} is already {status}.",
    )
    assert "submitted.js" in response.text


@pytest.mark.parametrize(
    ("fields", "status", "text"),
    [
        (
            {"assignmentId": "ASSIGNMENT_ID_NOT_AVAILABLE"},
            400,
            "This is a preview: accept the HIT first. Nothing was submitted.",
        ),
        ({"assignmentId": "3UNKNOWN"}, 404, "Assignment 3UNKNOWN does not exist."),
        ({}, 400, "The form has no field assignmentId, which names the assignment."),
        ({"text": "x" * 5_000_000}, 413, "The form is longer than 4194304 bytes, with its files."),
    ],
    ids=["preview", "unknown", "missing", "long"],
)
def test_page_of_a_refused_submission(fields, status, text, server):
    """The page says why nothing was submitted, and the site is not told."""
    response = submit(server, fields)
    title, found = heading(response)

    assert (response.status_code, title) == (status, "Not submitted")
    assert found.startswith(text)
    assert "submitted.js" not in response.text


def test_programs_get_text_from_external_submit(server, assignment):
    """A program that does not ask for HTML gets the text alone."""
    response = submit(server, {"assignmentId": assignment.id}, accept="*/*")

    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text == f"Assignment {assignment.id} was submitted. Thank you."


def test_page_of_external_submit_without_a_known_address():
    """A server that answers for every host lets the host of the request show the page."""
    with MTurkServer(seed=1, now=NOW, host="0.0.0.0", insecure=True) as server:
        response = submit(server, {}, host="127.0.0.1", Host="lab.example:80")

    policy = response.headers["content-security-policy"]
    assert "frame-ancestors http://lab.example:80" in policy


# What pages may not do ----------------------------------------------------------------------

QUERY = {
    "Operation": "ExtendHIT",
    "Version": "2008-04-01",
    "Service": "AWSMechanicalTurkRequester",
    "AWSAccessKeyId": "AKIAIOSFODNN7EXAMPLE",
    "Signature": "c2lnbmF0dXJl",
    "Timestamp": "2026-01-01T00:00:00Z",
    "MaxAssignmentsIncrement": "1",
}


@pytest.mark.parametrize("path", ["/", "/onca/xml"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
    ],
)
def test_pages_cannot_query_the_2008_api(headers, method, path, server):
    """A page in a browser cannot extend a HIT."""
    hit_id = publish(server.client())
    query = urlencode({**QUERY, "HITId": hit_id})
    if method == "GET":
        url = f"{server.url}{path}?{query}"
        response = request("GET", url, headers=headers)
    else:
        form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        response = request("POST", server.url + path, content=query, headers=form)

    assert (response.status_code, response.text) == (
        403,
        "Pages in a browser may not send queries of the 2008 API; programs may.\n",
    )
    assert server.mturk.hit(hit_id).max_assignments == 1


@pytest.mark.parametrize("path", ["/", "/sandbox/", "/_mturk/reset", "/sign_in", "/projects"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_task_pages_cannot_use_the_site(host, path, server):
    """A request from the origin of task pages is refused on both hosts."""
    origin = server.worker_url.replace("127.0.0.1", "localhost")
    url = server.worker_url.replace("127.0.0.1", host) + path
    response = request("POST", url, headers={"Origin": origin})

    assert (response.status_code, response.text) == (
        403,
        "Pages of HITs may open task pages and submit to externalSubmit only.\n",
    )


def test_task_pages_cannot_read_the_control_api(server):
    """GET from a task page to its own host, which has no Origin, is refused too."""
    url = server.worker_url.replace("127.0.0.1", "localhost")
    headers = {"Sec-Fetch-Site": "same-origin"}

    assert request("GET", f"{url}/_mturk/calls", headers=headers).status_code == 403


def test_task_pages_cannot_register_service_workers(server):
    """A script is not served as a service worker."""
    url = server.worker_url.replace("127.0.0.1", "localhost")
    headers = {"Service-Worker": "script"}
    response = request("GET", f"{url}/static/task.js", headers=headers)

    assert response.status_code == 403
    assert response.text == "A page of a HIT may not register a service worker.\n"
