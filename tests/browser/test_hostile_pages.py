"""Task pages that attack: the worker stays signed in, and nothing is accepted or changed."""

from __future__ import annotations

import json

import pytest

from mturk_mock.server import MTurkServer
from tests.browser.site import open_hit, publish_page, sign_in

TITLE = "Name the animal"


@pytest.fixture(scope="module")
def _server():
    with MTurkServer(seed=1) as server:
        yield server


@pytest.fixture
def server(_server):
    _server.mturk.reset()
    return _server


@pytest.fixture
def worker(page, server):
    """A page whose worker is signed in."""
    sign_in(page, server)
    return page


class Attack:
    """A HIT whose page runs a script, opened by a worker; another HIT that is to stay open.

    ``result``: what the script has returned, or the name of its error.
    """

    def __init__(self, worker, server, script):
        self.worker, self.server = worker, server
        self.other = publish_page(server, "<p>Another</p>", Title="Another HIT")
        values = {"site": server.worker_url, "other": self.other, "group": self._group}
        html = (
            "<!DOCTYPE html><html><head><title>T</title></head><body><script>(async () => {"
            f"const {{site, other, group}} = {json.dumps(values)};"
            "const wait = (ms) => new Promise((done) => setTimeout(done, ms));"
            "let result; try { result = await (async () => {"
            f"{script}"
            "})(); } catch (error) { result = error.name; }"
            "document.body.dataset.result = JSON.stringify(result === undefined ? null : result);"
            "})();</script></body></html>"
        )
        self.hit_id = publish_page(server, html, Title=TITLE)
        self.requests = []
        worker.context.on("request", lambda request: self.requests.append(request))
        frame = open_hit(worker, server, self.hit_id)
        body = frame.locator("body[data-result]")
        body.wait_for(state="attached")
        self.result = json.loads(body.get_attribute("data-result"))

    @property
    def _group(self):
        return self.server.mturk.hit(self.other).hit_group_id

    def has_changed_nothing(self):
        """Whether the page stands, the worker is signed in, and the HITs are as they were."""
        mine, other = (self.server.mturk.hit(each) for each in (self.hit_id, self.other))
        (assignment,) = mine.assignments
        assert self.worker.get_by_role("heading", name=TITLE).is_visible()
        self.worker.reload()
        assert self.worker.get_by_role("button", name="Sign out").is_visible()
        assert self.worker.get_by_role("button", name="Return").is_visible()
        assert (assignment.status, other.status) == ("Accepted", "Assignable")
        assert (other.assignments, other.max_assignments) == ([], 1)
        return True


SCRIPTS = {
    "parent": ("return parent.document.title;", "SecurityError"),
    "address of the parent": ("return top.location.href;", "SecurityError"),
    "top.location": ("top.location = 'https://evil.example/'; await wait(300);", "SecurityError"),
    "link to _top": (
        "document.body.innerHTML = `<a href='${site}/sign_in' target=_top>a</a>`;"
        "document.links[0].click(); await wait(300);",
        None,
    ),
    "opener": ("return String(window.opener);", "null"),
    "cookies of the site": ("return document.cookie;", ""),
    "forged message": (
        "parent.postMessage('mturk_mock submitted', '*'); await wait(300);",
        None,
    ),
    "long page": (
        "document.body.style.cssText = 'height: 10000000px; width: 10000000px';"
        "scrollTo(0, 9000000); await wait(100);",
        None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SCRIPTS)
def test_script(name, server, worker):
    """A script of a task page reaches nothing of the page around it."""
    script, result = SCRIPTS[name]
    attack = Attack(worker, server, script)

    assert attack.result == result
    assert attack.has_changed_nothing()


PATHS = (
    "{site}/projects/{group}/tasks/accept",
    "{site}/sign_out",
    "{site}/sign_in",
    "{site}/_mturk/reset",
    "/projects/{group}/tasks/accept",
    "/_mturk/reset",
)
FORMS = """
    document.body.innerHTML = "<iframe name=inner></iframe>";
    for (const [i, path] of %s.entries()) {
        const form = document.createElement("form");
        form.method = "post"; form.target = "%s";
        form.action = path.replace("{site}", site).replace("{group}", group) + `?${i}`;
        form.innerHTML = `<input name=hit_id value=${other}><input name=worker_id value=A2EVIL>`;
        document.body.append(form);
        form.submit();
        await wait(200);
    }
"""


@pytest.mark.parametrize(
    ("target", "is_sent"), [("_top", False), ("inner", True), ("_blank", True)]
)
def test_forms(target, is_sent, server, worker):
    """A form of a task page does nothing on the site, in the frame or in a new window."""
    attack = Attack(worker, server, FORMS % (json.dumps(PATHS), target))
    sent = {each.url[-2:] for each in attack.requests if "?" in each.url and each.post_data}

    assert sent == ({f"?{i}" for i in range(len(PATHS))} if is_sent else set())
    assert attack.has_changed_nothing()


CALL = """
    const answer = async (url, options) => {
        try { return (await fetch(url, options)).status; } catch (error) { return error.name; }
    };
    const json = {method: "POST", body: "{}", credentials: "include", headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "MTurkRequesterServiceV20170117.GetAccountBalance",
    }};
    const plain = {method: "POST", mode: "no-cors", credentials: "include", body: "{}"};
    const get = {mode: "no-cors", credentials: "include"};
    const results = {};
    for (const [name, host] of Object.entries({site, own: location.origin})) {
        results[name] = [
            await answer(`${host}/`, json),
            await answer(`${host}/sandbox`, json),
            await answer(`${host}/_mturk/reset`, {...json, headers: {}}),
            await answer(`${host}/_mturk/calls`, {}),
            await answer(`${host}/projects`, {credentials: "include"}),
        ];
        await answer(`${host}/_mturk/reset`, plain);
        await answer(`${host}/projects/${group}/tasks/accept`, plain);
        await answer(`${host}/projects`, get);
    }
    return results;
"""


def test_calls(server, worker):
    """The API and the control API of both hosts refuse a page, with and without CORS."""
    attack = Attack(worker, server, CALL)

    assert attack.result == {"site": ["TypeError"] * 5, "own": [403] * 5}
    assert attack.has_changed_nothing()
    assert [call.operation for call in server.mturk.calls] == ["CreateHIT", "CreateHIT"]


EXTEND = """
    const query = new URLSearchParams({
        Operation: "ExtendHIT", Version: "2008-04-01", Service: "AWSMechanicalTurkRequester",
        AWSAccessKeyId: "AKIAIOSFODNN7EXAMPLE", Signature: "c2lnbmF0dXJl", HITId: other,
        Timestamp: "2026-01-01T00:00:00Z", MaxAssignmentsIncrement: "1",
    });
    for (const host of [site, location.origin]) {
        for (const path of ["/", "/onca/xml", "/sandbox/onca/xml"]) {
            const post = {method: "POST", mode: "no-cors", body: query};
            await fetch(host + path, post).catch(() => null);
            const image = new Image();
            image.src = `${host}${path}?${query}`;
            await new Promise((done) => { image.onload = image.onerror = done; });
        }
    }
"""


def test_queries_of_the_2008_api(server, worker):
    """A page cannot extend a HIT by the old API, whose requests need no special header."""
    attack = Attack(worker, server, EXTEND)

    assert attack.result is None
    assert len([each for each in attack.requests if "HITId" in each.url]) >= 6
    assert attack.has_changed_nothing()


WINDOW = """
    const opened = window.open(`${site}/projects`);
    while (!opened.closed) await wait(50);  // so it seems when the site has cut the connection
    return opened.document.title;
"""


def test_window_of_the_site(server, worker):
    """A window of the site that a task page opens is out of the page's reach."""
    with worker.expect_popup() as popup:
        attack = Attack(worker, server, WINDOW)
    popup.value.get_by_role("link", name="Another HIT").wait_for()

    assert popup.value.evaluate("String(window.opener)") == "null"
    assert attack.result == "TypeError"
    assert attack.has_changed_nothing()


@pytest.mark.parametrize("scope", ["location.pathname", "'/'"])
@pytest.mark.parametrize("script", ["location.href", "'/static/task.js'"])
def test_service_worker(script, scope, server, page_with_storage):
    """A task page cannot register a service worker, which would outlast it."""
    sign_in(page_with_storage, server)
    register = f"navigator.serviceWorker.register({script}, {{scope: {scope}}})"
    attack = Attack(page_with_storage, server, f"await {register}")

    assert attack.result == "TypeError"
    assert attack.has_changed_nothing()


STORE = """
    document.cookie = "mturk_session=forged; path=/; SameSite=None; Secure";
    document.cookie = "mturk_session=forged; path=/; domain=127.0.0.1";
    localStorage.setItem("mturk_session", "forged");
    await fetch("/static/task.js");
    return document.cookie;
"""


def test_cookies(server, page_with_storage):
    """No cookie of the site goes to a task page, and none of a task page to the site."""
    worker = page_with_storage
    sign_in(worker, server)
    attack = Attack(worker, server, STORE)
    (cookie,) = [each for each in worker.context.cookies() if each["domain"] == "127.0.0.1"]
    sent = {each.url: each.all_headers().get("cookie", "") for each in attack.requests}
    of_frame = [cookies for url, cookies in sent.items() if url.startswith("http://localhost")]
    of_site = [cookies for url, cookies in sent.items() if url.startswith(server.worker_url)]

    assert attack.result == "mturk_session=forged"
    assert not [each for each in of_frame if cookie["value"] in each]
    assert len(of_frame) >= 3
    assert not [each for each in of_site if "forged" in each]
    assert worker.evaluate("localStorage.length") == 0
    assert attack.has_changed_nothing()


SUBMIT = """
    const form = document.createElement("form");
    form.method = "post"; form.action = %s;
    document.body.append(form);
    HTMLFormElement.prototype.submit.call(form);
    await wait(300);
"""


@pytest.mark.parametrize("host", ["site", "location.origin"])
def test_cookies_of_external_submit(host, server, worker):
    """A form to externalSubmit of either host brings no cookie of the site."""
    hit_id = publish_page(
        server,
        "<!DOCTYPE html><form method=post action=/mturk/externalSubmit><button>Send</button></form>"
        f"<script>const site = {json.dumps(server.worker_url)};"
        "const iframe = document.createElement('iframe'); document.body.append(iframe);"
        # The form of another frame has methods that our script has not replaced.
        f"document.forms[0].action = {host} + '/mturk/externalSubmit';"
        "document.forms[0].innerHTML += `<input name=assignmentId value=${"
        "new URLSearchParams(location.search).get('assignmentId')}>`;"
        "document.forms[0].onsubmit = () => {"
        "iframe.contentWindow.HTMLFormElement.prototype.submit.call(document.forms[0]);"
        "return false; };</script>",
    )
    frame = open_hit(worker, server, hit_id)
    with worker.expect_request("**/mturk/externalSubmit") as sent:
        frame.get_by_role("button", name="Send").click()
    worker.get_by_role("heading", name="Submitted", exact=True).wait_for()

    assert "cookie" not in sent.value.all_headers()


OPAQUE = (
    '<!DOCTYPE html><form method="post" action="https://www.mturk.com/mturk/externalSubmit">'
    '<input name="a" value="1"><button>Send</button></form><output></output><script>'
    "let stored; try { stored = localStorage.length; } catch (error) { stored = error.name; }"
    "document.querySelector('output').textContent = `${self.origin} ${stored}`;</script>"
)


def test_page_without_a_host_of_its_own(new_page):
    """Off loopback, without a content URL, a task page has no origin, and its form is submitted."""
    with MTurkServer(seed=1, host="0.0.0.0", insecure=True) as server:
        page = new_page()
        sign_in(page, server)
        hit_id = publish_page(server, OPAQUE)
        frame = open_hit(page, server, hit_id)
        assert frame.get_by_role("status").inner_text() == "null SecurityError"
        with page.expect_request("**/mturk/externalSubmit") as sent:
            frame.get_by_role("button", name="Send").click()
        page.get_by_role("heading", name="Submitted", exact=True).wait_for()

        assert "cookie" not in sent.value.all_headers()
        assert [each.status for each in server.mturk.hit(hit_id).assignments] == ["Submitted"]
