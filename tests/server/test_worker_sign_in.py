"""Signing in to the worker site: names, invitations, sessions, and who may send its forms."""

from __future__ import annotations

import re

import httpx
import pytest

from mturk_mock.server import MTurkServer, access
from tests.helpers import NOW, publish
from tests.servers import control_client, send
from tests.worker_pages import SAME_ORIGIN, WORKER, Browser, text_of, titles_of

PUBLIC = "https://turk.example.org"
CREDENTIALS = {"AKIAIOSFODNN7EXAMPLE": {"secret": "x" * 20, "requester": "lab"}}
NO_NAME = "Enter your worker ID, or a name of up to 60 characters."
TOO_MANY = "Too many attempts to sign in came from your address. Try again in a minute."
FORGED = "The form was not sent by a page of this site. Go back, reload it, try again."
MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE


@pytest.fixture
def browser(server):
    with Browser(server) as browser:
        yield browser


@pytest.fixture
def at(monkeypatch):
    """Set the machine's time for sessions, in microseconds after a certain minute."""

    def set_time(moment):
        monkeypatch.setattr(access, "read_machine", lambda: 1_800_000_000_000_000 + moment)

    set_time(0)
    return set_time


def public_browser(server):
    """Return a browser that reaches a server by its public URL, as through a proxy."""
    return Browser(server, base_url=server._local_url, headers={"Host": "turk.example.org"})


# Names and IDs ----------------------------------------------------------------------------


def test_worker_id(browser, server):
    """A worker ID signs in as that worker, and leads to the HITs."""
    page = browser.sign_in(WORKER)
    assert titles_of(page, 1) == ["HITs"]
    assert f"<span>{WORKER}</span>" in page.text
    assert WORKER in [each.id for each in server.mturk.workers]


def test_name(browser, server):
    """A name gives the same worker each time, in any case and spacing, and is shown."""
    page = browser.sign_in("Ada  Lovelace ")
    (worker,) = server.mturk.workers
    assert re.fullmatch("A[A-Z2-7]{13}", worker.id)
    assert f'Ada Lovelace <span class="muted">{worker.id}</span>' in page.text
    with Browser(server) as other:
        other.sign_in("ADA LOVELACE")
        other.sign_in("Grace")
    assert len(server.mturk.workers) == 2


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "nul\0"])
def test_wrong_name(name, browser, server):
    """Without a name that can be shown, the form comes again with what was entered."""
    page = browser.sign_in(name)
    assert (page.status_code, NO_NAME in page.text) == (400, True)
    assert f'value="{name.strip()}"' in page.text
    assert server.mturk.workers == []


def test_page_needs_sign_in(browser):
    """A page leads to the form, and the form back to the page with its query."""
    page = browser.open("/projects?search=cats&sort=reward")
    assert titles_of(page, 1) == ["Sign in"]
    following = re.search('name="next" value="([^"]*)"', page.text)[1].replace("&amp;", "&")
    assert following == "/projects?search=cats&sort=reward"
    assert str(browser.sign_in(next=following).url).endswith(following)


def test_form_needs_sign_in(browser):
    """A form that is sent without a session leads to the form, and then to the HITs."""
    page = browser.submit("/projects/3GROUP/tasks/accept")
    assert titles_of(page, 1) == ["Sign in"]
    assert 'name="next" value="/projects"' in page.text


@pytest.mark.parametrize(
    "following",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "\\",
        "index.html",
    ],
)
def test_other_sites_are_no_target(following, browser):
    """After the sign-in, no address leads to another site."""
    assert browser.sign_in(next=following).url.path == "/projects"
    browser.cookies.clear()
    assert following not in browser.open("/sign_in", next=following).text


def test_target_with_other_letters(browser):
    """A path with letters outside ASCII is a target like others."""
    assert browser.sign_in(next="/projects?search=Käse").url.query == b"search=K%C3%A4se"


def test_sign_in_twice(browser):
    """A worker who is signed in gets on, instead of the form."""
    browser.sign_in()
    assert browser.open("/sign_in").url.path == "/projects"
    assert browser.open("/sign_in", next="/dashboard").url.path == "/dashboard"


def test_another_name_ends_the_session(browser, server):
    """Signing in with another name ends the session before."""
    browser.sign_in()
    before = dict(browser.cookies)
    browser.sign_in("A3OTHER")
    assert dict(browser.cookies) != before
    with Browser(server, cookies=before) as other:
        assert other.open("/projects").url.path == "/sign_in"


def test_sandbox_has_its_own_pages(server):
    """Signing in to the sandbox's site leads to its HITs; the session is for both."""
    with Browser(server, sandbox=True) as browser:
        page = browser.sign_in()
        assert page.url.path == "/sandbox/projects"
        assert "Worker Sandbox" in page.text
        browser.root = ""
        assert browser.open("/projects").url.path == "/projects"


def test_start_page(browser):
    """In a browser, the address of the API leads to the HITs."""
    browser.sign_in()
    for start, path in (("/", "/projects"), ("/sandbox", "/sandbox/projects")):
        assert browser.get(start, headers={"Accept": "text/html"}).url.path == path


# Cookies ----------------------------------------------------------------------------------


def cookie_of(server, base_url):
    """Return the Set-Cookie header of a sign-in, without the token."""
    headers = {**SAME_ORIGIN, "Host": base_url.partition("//")[2]}
    response = httpx.post(
        f"{server._local_url}/sign_in",
        data={"worker_id": WORKER},
        headers=headers,
        trust_env=False,
    )
    return re.sub("=[^;]{43};", "=TOKEN;", response.headers["set-cookie"])


def test_cookie(server):
    """The cookie of a session cannot be read by scripts, and goes to this site only."""
    assert cookie_of(server, server.url) == (
        "mturk_session=TOKEN; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax"
    )


def test_cookie_with_https():
    """With https, the cookie is for this host and for https only."""
    with MTurkServer(public_url=PUBLIC, insecure=True) as server:
        assert cookie_of(server, PUBLIC) == (
            "__Host-mturk_session=TOKEN; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax; Secure"
        )


def test_sign_out(browser, server):
    """Signing out ends the session, also for a copy of its cookie."""
    browser.sign_in()
    copied = dict(browser.cookies)
    page = browser.submit("/sign_out")
    assert (page.url.path, dict(browser.cookies)) == ("/sign_in", {})
    with Browser(server, cookies=copied) as other:
        assert other.open("/projects").url.path == "/sign_in"


def test_session_expires(browser, at):
    """A session lasts for 30 days, and is forgotten after them."""
    browser.sign_in()
    at(30 * DAY)
    assert browser.open("/projects").url.path == "/projects"
    at(30 * DAY + 1)
    assert browser.open("/projects").url.path == "/sign_in"
    browser.sign_in()


def test_session_and_restart(tmp_path):
    """A session and an invitation outlive the server that has a state file."""
    path = tmp_path / "state.sqlite"
    with MTurkServer(state=path) as server:
        port = server.url.rpartition(":")[2]
        link = server.invite("A3OTHER", "Grace").removeprefix(server.url)
        with Browser(server) as browser:
            browser.sign_in("Ada")
            session = dict(browser.cookies)
        content = path.read_bytes() + path.with_name("state.sqlite-wal").read_bytes()
        assert session["mturk_session"].encode() not in content
    with MTurkServer(state=path, port=int(port)) as server, Browser(server) as browser:
        browser.cookies.update(session)
        assert "<span>Ada <span" in browser.open("/projects").text
        browser.submit("/sign_out")
        assert "Grace" in browser.open(link).text
    with MTurkServer(state=path) as server, Browser(server, cookies=session) as browser:
        assert browser.open("/projects").url.path == "/sign_in"


@pytest.mark.parametrize("path", ["/projects", "/tasks", "/dashboard", "/qualifications"])
def test_session_after_a_reset(path, browser, server):
    """After a reset of the state, a session goes on with a worker who has done nothing."""
    browser.sign_in()
    server.mturk.reset()
    assert browser.open(path).status_code == 200
    assert [each.id for each in server.mturk.workers] == [WORKER]


# Invitations ------------------------------------------------------------------------------


@pytest.fixture
def closed(at):
    """A server that other machines can reach."""
    with MTurkServer(public_url=PUBLIC, credentials=CREDENTIALS, now=NOW) as server:
        yield server


@pytest.fixture
def guest(closed):
    with public_browser(closed) as browser:
        yield browser


def path_of(link):
    assert link.startswith(f"{PUBLIC}/invitations/")
    return link.removeprefix(PUBLIC)


def test_names_need_an_invitation_elsewhere(guest):
    """A server that other machines can reach takes no names."""
    page = guest.open("/projects")
    assert "This server needs an invitation." in text_of(page)
    assert "Worker ID" not in page.text
    page = guest.sign_in()
    assert (page.status_code, dict(guest.cookies)) == (403, {})


def test_invitation(closed, guest):
    """An invitation shows who is invited, and signs in at the press of the button, repeatedly."""
    link = path_of(closed.invite(WORKER, "Ada"))
    for _ in range(2):
        page = guest.open(link)
        assert f"You work here as Ada , worker {WORKER}. Nobody" in text_of(page)
        response = guest.post(link, headers=SAME_ORIGIN, follow_redirects=False)
        assert (response.status_code, response.headers["location"]) == (303, "/projects")
        assert "__Host-mturk_session=" in response.headers["set-cookie"]


def test_invitation_without_a_name(closed, guest):
    """Without a name, the worker ID is shown."""
    page = guest.open(path_of(closed.invite(WORKER)))
    assert f"You work here as {WORKER} . Nobody is paid" in text_of(page)


def test_invitation_that_has_ended(guest, closed):
    """An invitation that was taken back signs nobody in."""
    link = path_of(closed.invite(WORKER))
    assert closed._door.passes.end_all(WORKER) == 1
    for page in (guest.open(link), guest.post(link, headers=SAME_ORIGIN)):
        assert page.status_code == 404
        assert "This invitation is not valid, or no longer." in text_of(page)


def test_invitation_expires(guest, closed, at):
    """An invitation is valid for 14 days."""
    link = path_of(closed.invite(WORKER))
    at(14 * DAY)
    assert guest.open(link).status_code == 200
    at(14 * DAY + 1)
    assert guest.open(link).status_code == 404


def test_session_is_no_invitation(closed, guest):
    """The token of a session is no invitation, and that of an invitation is no session."""
    link = path_of(closed.invite(WORKER))
    guest.cookies.set("__Host-mturk_session", link.rpartition("/")[2])
    assert guest.open("/projects").url.path == "/sign_in"


def test_revoked_session(browser, server):
    """The control API signs a worker out everywhere."""
    browser.sign_in()
    with control_client(server) as control:
        control.delete(f"/workers/{WORKER}/sessions")
    assert browser.open("/projects").url.path == "/sign_in"


# Attempts ---------------------------------------------------------------------------------


def test_guessed_invitations(guest, closed, at):
    """After 21 wrong invitations an address gets no more answers in the same minute."""
    link = path_of(closed.invite(WORKER))
    for number in range(21):
        assert guest.open(f"/invitations/{number}").status_code == 404
    for page in (guest.open(link), guest.post(link, headers=SAME_ORIGIN)):
        assert (page.status_code, TOO_MANY in text_of(page)) == (429, True)
    at(MINUTE)
    assert guest.open(link).status_code == 200


def test_guesses_by_post(guest, closed):
    """Wrong invitations count in the same way if they are sent by POST."""
    for number in range(21):
        guest.post(f"/invitations/{number}", headers=SAME_ORIGIN)
    assert guest.open(path_of(closed.invite(WORKER))).status_code == 429


def test_many_names(at):
    """An address can sign in 300 times in a minute."""
    with MTurkServer() as server, Browser(server, follow_redirects=False) as browser:
        statuses = [browser.sign_in("").status_code for _ in range(301)]
        assert statuses == [400] * 300 + [429]
        assert TOO_MANY in text_of(browser.sign_in())
        at(MINUTE)
        assert browser.sign_in().status_code == 303


# Forms of other sites ---------------------------------------------------------------------


def returns(browser, headers, **fields):
    """Return the status of a form that the browser sends with these headers and fields."""
    page = browser.post("/sign_out", headers=headers, data=fields, follow_redirects=False)
    if page.status_code == 403:
        assert FORGED in text_of(page)
        assert browser.open("/projects").url.path == "/projects"
    return page.status_code


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_form_without_its_token(token, browser):
    """A form must have the token of its session."""
    browser.sign_in()
    assert returns(browser, SAME_ORIGIN, token=token) == 403


def test_form_with_the_token_of_another_session(browser, server):
    """The token of another session is refused."""
    browser.sign_in()
    with Browser(server) as other:
        other.sign_in("A3OTHER")
        assert returns(browser, SAME_ORIGIN, token=other.token) == 403


@pytest.mark.parametrize("fetch_site", ["cross-site", "same-site", "none", ""])
def test_form_of_another_site(fetch_site, browser, server):
    """A form that a browser says to be of another site is refused, with the right token too."""
    browser.sign_in()
    headers = {"Sec-Fetch-Site": fetch_site, "Origin": server.url}
    assert returns(browser, headers, token=browser.token) == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_form_of_another_origin(origin, browser):
    """Without Sec-Fetch-Site, the Origin must be that of the site."""
    browser.sign_in()
    headers = {"Origin": origin} if origin else {}
    assert returns(browser, headers, token=browser.token) == 403


def test_form_of_this_origin(browser, server):
    """A browser that sends only the Origin can sign out."""
    browser.sign_in()
    assert returns(browser, {"Origin": server.url}, token=browser.token) == 303


def test_sign_in_from_another_site(browser):
    """Another site cannot sign a browser in, which has no token yet."""
    page = browser.post(
        "/sign_in", data={"worker_id": WORKER}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert (page.status_code, dict(browser.cookies)) == (403, {})


def test_form_that_cannot_be_read(browser):
    """A form that is no form has no fields, so it lacks its token."""
    browser.sign_in()
    headers = {**SAME_ORIGIN, "Content-Type": "multipart/form-data"}
    assert browser.post("/sign_out", content=b"x", headers=headers).status_code == 403


# Hosts and headers ------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["[::1]:1", "127.0.0.2"])
def test_other_name_of_this_machine(host, server):
    """Under another name of the machine, the site leads to its own address."""
    answer = send(server, "GET", "/projects/a%20b/tasks?x=%2F", Host=host)
    assert answer.status == 303
    assert answer.headers["location"] == f"{server.url}/projects/a%20b/tasks?x=%2F"


def test_proxy_that_sends_another_host():
    """Behind such a proxy, pages are shown: a redirection would lead to itself."""
    with MTurkServer(public_url="https://turk.example.org", insecure=True) as server:
        netloc = server._local_url.partition("//")[2]
        assert _get(server._local_url, "/sign_in", netloc).status_code == 200


def _get(base_url, path, host):
    with httpx.Client(base_url=base_url, headers={"Host": host}, trust_env=False) as client:
        return client.get(path)


def test_foreign_host(server):
    """A name that is not the machine's is refused."""
    assert send(server, "GET", "/projects", Host="evil.example").status == 421


def test_headers_of_a_page(browser):
    """Pages load nothing from elsewhere, are in no frame, and are not kept."""
    headers = browser.open("/sign_in").headers
    assert {name: headers[name] for name in headers if name not in ("date", "content-length")} == {
        "cache-control": "no-store",
        "content-security-policy": (
            "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
            "frame-ancestors 'none'"
        ),
        "content-type": "text/html; charset=utf-8",
        "cross-origin-opener-policy": "same-origin",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-mturk-mock": headers["x-mturk-mock"],
    }


def test_head(server):
    """HEAD has the headers of GET, and no body."""
    answer = send(server, "HEAD", "/sign_in")
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["content-length"]) > 1000


def test_other_methods(browser):
    """Another method is refused on a page that says so."""
    page = browser.request("DELETE", "/sign_in")
    assert (page.status_code, titles_of(page, 1)) == (405, ["This page takes no such request"])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("site.css", "text/css; charset=utf-8"),
        ("site.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
        ("crowd-html-elements.js", "text/javascript; charset=utf-8"),
    ],
)
def test_static_files(name, kind, browser):
    """Browsers ask each time whether a file has changed."""
    answer = browser.get(f"/static/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["cache-control"] == "no-cache"


def test_static_file_that_has_not_changed(browser):
    """The browser's copy of a file is used while it is right."""
    tag = browser.get("/static/site.css").headers["etag"]
    again = browser.get("/static/site.css", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_static_files_are_compressed(browser):
    """Scripts are sent as gzip to browsers that take it, and as they are to others."""
    packed = browser.get("/static/crowd-html-elements.js", headers={"Accept-Encoding": "gzip, br"})
    plain = browser.get("/static/crowd-html-elements.js", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < 60_000


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fpages.py"])
def test_unknown_static_file(name, browser):
    """Only the files of the folder are served."""
    answer = browser.get(f"/static/{name}")
    assert answer.status_code == 404


def test_bug(browser, server, monkeypatch, caplog):
    """A bug in a page is logged, and the page says that nothing was lost."""
    publish(server.client())
    browser.sign_in()
    monkeypatch.setattr("mturk_mock.server.worker.hit_groups.find_groups", None)
    page = browser.open("/projects")
    assert (page.status_code, titles_of(page, 1)) == (500, ["The server could not answer"])
    assert "This is a bug in mturk_mock, and its log says more. Nothing was lost." in text_of(page)
    assert "GET /projects failed" in caplog.text
