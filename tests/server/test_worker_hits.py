"""HITs on the worker site: the list, the preview, and work from accepting to submitting."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from mturk_mock.questions import FreeTextAnswer, Question, QuestionForm
from mturk_mock.server import MTurkServer
from tests.helpers import (
    DAY,
    HOUR,
    MINUTE,
    NOTHING,
    NOW,
    external_question,
    get_hit,
    html_question,
    publish,
    question_form,
)
from tests.qualify import create_type
from tests.worker_pages import WORKER, Browser, links_of, main_of, text_of, titles_of

QUESTION = html_question('<form><input name="a"></form>')


@pytest.fixture
def browser(server):
    with Browser(server) as browser:
        browser.sign_in()
        yield browser


@pytest.fixture
def client(server):
    return server.client()


@pytest.fixture
def worker(server, browser):
    return server.mturk.worker(WORKER)


def text_form():
    """Return a QuestionForm with one question that must be answered."""
    return str(QuestionForm(Question("a", "Is it a cat?", FreeTextAnswer(), required=True)))


def group_of(client, hit_id):
    return get_hit(client, hit_id)["HITGroupId"]


def path_of(client, hit_id):
    """Return the path of the preview of a HIT's group."""
    return f"/projects/{group_of(client, hit_id)}/tasks"


def requires(type_id, guarded="Accept"):
    """Return the parameters of a HIT that requires a qualification."""
    requirement = {
        "QualificationTypeId": type_id,
        "Comparator": "Exists",
        "ActionsGuarded": guarded,
    }
    return {"QualificationRequirements": [requirement]}


@pytest.fixture
def type_id(client):
    """A qualification that the worker does not have."""
    return create_type(client, Name="Cats")["QualificationTypeId"]


# The list ---------------------------------------------------------------------------------


def test_no_hits(browser):
    """Without HITs, the page says so."""
    text = text_of(browser.open("/projects"))
    assert "0 HIT groups" in text
    assert "There are no HITs for you now." in text


def test_group(browser, client):
    """A group is one entry, with its title, requester, reward, time, and number of HITs."""
    for text in ("1", "2"):
        publish(client, Title="<Cats>", Reward="0.05", Question=html_question(text))
    page = browser.open("/projects")
    assert titles_of(page) == ["<Cats>"]
    assert "default HITs 2 Reward $0.05 Time allotted 10 minutes" in text_of(page)
    assert "1 HIT group" in text_of(page)


def test_order(browser, client, server):
    """The newest group is first, unless the worker wants the reward or the number of HITs."""
    for title, reward, count in (("Old", "0.02", 1), ("Rich", "0.03", 1), ("Big", "0.01", 2)):
        for number in range(count):
            publish(client, Title=title, Reward=reward, Question=html_question(str(number)))
            server.mturk.clock.advance(seconds=1)
    assert titles_of(browser.open("/projects")) == ["Big", "Rich", "Old"]
    assert titles_of(browser.open("/projects", sort="newest")) == ["Big", "Rich", "Old"]
    assert titles_of(browser.open("/projects", sort="reward")) == ["Rich", "Old", "Big"]
    assert titles_of(browser.open("/projects", sort="number"))[0] == "Big"
    page = browser.open("/projects", sort="color")
    assert titles_of(page) == ["Big", "Rich", "Old"]
    assert 'value="newest" selected' in page.text


def test_search(browser, server):
    """The search looks for all words in the title, description, keywords and requester."""
    lab = server.mturk.requester("Lab").client()
    publish(lab, Title="Cats", Description="Look at animals", Keywords="feline")
    publish(lab, Title="Dogs", Description="Look at animals")
    assert titles_of(browser.open("/projects", search="FELINE cats")) == ["Cats"]
    assert titles_of(browser.open("/projects", search=" animals  lab ")) == ["Dogs", "Cats"]
    page = browser.open("/projects", search='birds"')
    assert "No HITs match." in text_of(page)
    assert links_of(page)["Show all HITs"] == "/projects"
    assert 'value="birds&#34;"' in page.text


def test_only_qualified(browser, client, type_id):
    """HITs for which the worker does not qualify are marked, and can be left out."""
    publish(client, Title="Closed", **requires(type_id))
    publish(client, Title="Open")
    page = browser.open("/projects")
    assert titles_of(page) == ["Open", "Closed"]
    assert "Closed default · Not qualified" in text_of(page)
    page = browser.open("/projects", qualified="on")
    assert titles_of(page) == ["Open"]
    assert 'name="qualified" checked' in page.text
    assert "No HITs match." in text_of(browser.open("/projects", qualified="on", search="closed"))


def test_hidden_group(browser, client, type_id, worker):
    """A group that only qualified workers discover is shown to them alone."""
    hit_id = publish(client, Title="Secret", **requires(type_id, "DiscoverPreviewAndAccept"))
    assert titles_of(browser.open("/projects")) == []
    page = browser.open(path_of(client, hit_id))
    assert "<iframe" not in page.text
    client.associate_qualification_with_worker(QualificationTypeId=type_id, WorkerId=WORKER)
    assert titles_of(browser.open("/projects")) == ["Secret"]


def test_blocked_worker(browser, client, worker):
    """The list leaves out a requester who has blocked the worker; the preview says so."""
    hit_id = publish(client)
    client.create_worker_block(WorkerId=WORKER, Reason="Guesses")
    assert titles_of(browser.open("/projects")) == []
    page = browser.open(path_of(client, hit_id))
    assert "This requester has blocked you, so you cannot work on this HIT." in text_of(page)
    assert "<button disabled>Accept" in page.text
    assert "<iframe" not in page.text
    refused = browser.submit(f"{path_of(client, hit_id)}/accept", hit_id=hit_id)
    assert refused.status_code == 409
    assert titles_of(refused, 1) == ["You cannot accept this HIT"]
    assert worker.assignments == []


def test_taken_hits_are_left_out(browser, client, worker):
    """A group has only the HITs that the worker can still take."""
    first = publish(client, MaxAssignments=2, Question=html_question("1"))
    publish(client, MaxAssignments=2, Question=html_question("2"))
    worker.accept(first)
    assert "HITs 1 " in text_of(browser.open("/projects"))
    page = browser.open(links_of(browser.open("/projects"))["A title"])
    worker.accept(parameters(page)["hitId"])
    assert titles_of(browser.open("/projects")) == []


def test_pages_of_groups(browser, client):
    """A page has 20 groups, and the links keep the search."""
    for number in range(21):
        publish(client, Title=f"Task {number}")
    page = browser.open("/projects", search="task", sort="reward", qualified="on")
    assert len(titles_of(page)) == 20
    assert "21 HIT groups" in text_of(page)
    assert "Page 1 of 2" in text_of(page)
    assert links_of(page)["Next"] == "?search=task&sort=reward&qualified=on&page=2"
    page = browser.open("/projects", page="2")
    assert titles_of(page) == ["Task 0"]
    assert links_of(page)["Previous"] == "?search=&sort=newest&page=1"


def test_sandbox_is_separate(browser, server):
    """Each site has the HITs of its environment only."""
    real = publish(server.client(), Title="Real")
    publish(server.client(sandbox=True), Title="Practice")
    assert titles_of(browser.open("/projects")) == ["Real"]
    browser.root = "/sandbox"
    assert titles_of(browser.open("/projects")) == ["Practice"]
    assert browser.open(path_of(server.client(), real)).status_code == 404


# The preview ------------------------------------------------------------------------------


def frame_of(page):
    """Return the address of the page's frame."""
    return re.search('<iframe [^>]*src="([^"]*)"', page.text)[1].replace("&amp;", "&")


def parameters(page):
    return dict(parse_qsl(urlsplit(frame_of(page)).query))


def test_preview(browser, client, server):
    """A preview shows the HIT's details, and its page without an assignment."""
    hit_id = publish(client, Title="Cats", Description="Name <them>", Keywords="a, b")
    page = browser.open(path_of(client, hit_id))
    assert titles_of(page, 1) == ["Cats"]
    assert (
        "Requester default Reward $1.00 HITs 1 Time allotted 10 minutes Expires 2026-01-01 01:00 "
        "UTC Keywords a, b Name <them>"
    ) in text_of(page)
    assert parameters(page) == {
        "assignmentId": "ASSIGNMENT_ID_NOT_AVAILABLE",
        "hitId": hit_id,
        "workerId": WORKER,
        "turkSubmitTo": server.url,
    }
    assert "Skip" not in main_of(page)


def test_frame_comes_from_another_host(browser, client, server):
    """The page of a HIT comes from another host, which the policy of the page allows."""
    page = browser.open(path_of(client, publish(client)))
    content = server.url.replace("127.0.0.1", "localhost")
    assert frame_of(page).startswith(f"{content}/tasks/")
    policy = page.headers["content-security-policy"]
    assert policy.endswith(f"; frame-src {content} {server.url}/mturk/externalSubmit")


def test_frame_of_the_sandbox(server):
    """In the sandbox, the page submits to the sandbox's site."""
    client = server.client(sandbox=True)
    with Browser(server, sandbox=True) as browser:
        browser.sign_in()
        page = browser.open(path_of(client, publish(client)))
    assert parameters(page)["turkSubmitTo"] == server.sandbox_url


def test_preview_of_an_external_question(browser, client, server):
    """The frame of an ExternalQuestion is the requester's own page."""
    question = external_question("https://example.com/task?item=1")
    page = browser.open(path_of(client, publish(client, Question=question)))
    hit_id = parameters(page)["hitId"]
    assert frame_of(page) == (
        f"https://example.com/task?item=1&assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&hitId={hit_id}"
    )
    assert 'height="600"' in page.text
    assert "credentialless" not in page.text
    policy = page.headers["content-security-policy"]
    assert policy.endswith(f"; frame-src {server.url}/mturk/externalSubmit http: https:")


def test_external_question_on_the_same_host(browser, client):
    """A page of another program on the site's own host gets no cookie."""
    question = external_question("https://127.0.0.1:9/task")
    page = browser.open(path_of(client, publish(client, Question=question)))
    assert re.search("<iframe [^>]* credentialless", page.text)


def test_preview_of_a_question_form(browser, client):
    """A QuestionForm has no frame."""
    page = browser.open(path_of(client, publish(client, Question=question_form(q=None))))
    assert "<iframe" not in page.text
    assert "This is a preview. Accept the HIT to work on it." in text_of(page)
    assert "frame-src 'none'" in page.headers["content-security-policy"]


def test_qualifications_in_the_preview(browser, client, type_id, server):
    """The preview has each requirement with the worker's value, and a link to get it."""
    server.mturk.worker(WORKER, country="DE")
    requirements = [
        *requires(type_id)["QualificationRequirements"],
        {
            "QualificationTypeId": "00000000000000000071",
            "Comparator": "EqualTo",
            "LocaleValues": [{"Country": "DE"}],
        },
    ]
    page = browser.open(path_of(client, publish(client, QualificationRequirements=requirements)))
    text = text_of(page)
    assert re.search("Cats .* none, not met Locale .* DE, met", text)
    assert links_of(page)["Cats"] == f"/qualifications/{type_id}"
    assert "You do not have the qualifications that this HIT requires." in text
    assert "<button disabled>Accept" in page.text
    assert "<iframe" in page.text


def test_preview_that_requires_a_qualification(browser, client, type_id):
    """Without the qualification, the task itself is not shown."""
    hit_id = publish(client, **requires(type_id, "PreviewAndAccept"))
    page = browser.open(path_of(client, hit_id))
    assert "Only qualified workers can see the task." in text_of(page)
    assert "<iframe" not in page.text


def test_skip(browser, client):
    """Skip shows the next HIT of the group; after the last one the group begins again."""
    hits = [publish(client, Question=html_question(str(number))) for number in range(2)]
    path = path_of(client, hits[0])
    page = browser.open(path)
    assert parameters(page)["hitId"] == hits[0]
    page = browser.open(path + links_of(page)["Skip"])
    assert parameters(page)["hitId"] == hits[1]
    page = browser.open(path + links_of(page)["Skip"])
    assert parameters(page)["hitId"] == hits[0]
    assert parameters(browser.open(path, after=NOTHING))["hitId"] == hits[0]


@pytest.mark.parametrize("name", ["HITGroupId", "HITTypeId"])
def test_address_that_programs_print(name, browser, client):
    """The address with groupId= leads to the group, by its ID or that of its type."""
    hit = get_hit(client, publish(client, Title="Cats"))
    page = browser.open("/mturk/preview", groupId=hit[name])
    assert (page.url.path, titles_of(page, 1)) == (f"/projects/{hit[name]}/tasks", ["Cats"])


@pytest.mark.parametrize("query", [{}, {"groupId": "../ä\n"}])
def test_preview_address_of_nothing(query, browser):
    """Without a group, the site says that there is nothing."""
    assert browser.open("/mturk/preview", **query).status_code == 404


def test_group_without_hits(browser, client, server):
    """When the last HIT is gone, its page says so."""
    path = path_of(client, publish(client))
    server.mturk.clock.advance(seconds=HOUR)
    for page in (browser.open(path), browser.open("/projects/3GROUP/tasks")):
        assert page.status_code == 404
        assert titles_of(page, 1) == ["This HIT is no longer available"]


# Accepting --------------------------------------------------------------------------------


def accept(browser, client, hit_id, **fields):
    """Accept a HIT from its preview; return the page that follows."""
    path = path_of(client, hit_id)
    browser.open(path)
    return browser.submit(f"{path}/accept", hit_id=hit_id, **fields)


def test_accept(browser, client, worker, server):
    """Accepting leads to the work, with its clock and the page of the assignment."""
    hit_id = publish(client, Title="Cats")
    page = accept(browser, client, hit_id)
    (assignment,) = worker.assignments
    assert page.url.path == f"{path_of(client, hit_id)}/{hit_id}"
    assert page.url.query.decode() == f"assignment_id={assignment.id}&auto_accept=false"
    assert "Time Elapsed 0:00 of 10 minutes" in text_of(page)
    assert parameters(page) == {
        "assignmentId": assignment.id,
        "hitId": hit_id,
        "workerId": WORKER,
        "turkSubmitTo": server.url,
    }
    assert main_of(page).count("<iframe") == 1
    assert '<button class="second">Return</button>' in page.text


def test_accept_without_a_preview(browser, client, worker):
    """Without the ID of a HIT, the worker gets the first of the group."""
    first = publish(client, Question=html_question("1"))
    publish(client, Question=html_question("2"))
    browser.submit(f"{path_of(client, first)}/accept")
    assert worker.assignments[0].hit_id == first


def test_accept_a_hit_that_is_gone(browser, client, worker, server):
    """If another worker was faster, the worker gets another HIT of the group."""
    first, second = (publish(client, Question=html_question(each)) for each in "12")
    server.mturk.worker("A3OTHER").accept(first)
    accept(browser, client, first)
    assert worker.assignments[0].hit_id == second


def test_accept_a_hit_of_another_group(browser, client, worker):
    """The HIT must be of the group; otherwise the first of the group is taken."""
    first, other = publish(client, Title="Cats"), publish(client, Title="Dogs")
    browser.submit(f"{path_of(client, first)}/accept", hit_id=other)
    assert worker.assignments[0].hit_id == first


def test_race_for_the_last_hit(browser, client, worker, server):
    """Of two workers who want the last HIT, the second gets a page that says so."""
    hit_id = publish(client)
    server.mturk.worker("A3OTHER").accept(hit_id)
    page = accept(browser, client, hit_id)
    assert page.status_code == 409
    assert titles_of(page, 1) == ["This HIT is no longer available"]
    assert browser.submit("/projects/3GROUP/tasks/accept").status_code == 409
    assert worker.assignments == []


def test_accept_without_the_qualification(browser, client, worker, type_id):
    """A worker who does not qualify is told what is missing."""
    page = accept(browser, client, publish(client, **requires(type_id)))
    assert page.status_code == 409
    assert "'Cats'" in text_of(page)
    assert worker.assignments == []


def test_accept_too_many(browser, client, worker):
    """A worker who has 10 HITs open is told to submit or return one."""
    for number in range(10):
        worker.accept(publish(client, Question=html_question(str(number))))
    page = accept(browser, client, publish(client))
    assert page.status_code == 409
    assert "submit or return one before accepting another" in text_of(page)


# Work -------------------------------------------------------------------------------------


@pytest.fixture
def assignment(browser, client, worker):
    """An assignment of the worker, with a form that can be submitted."""
    accept(browser, client, publish(client, Title="Cats", Question=QUESTION))
    return worker.assignments[0]


def work_path(client, assignment):
    return f"{path_of(client, assignment.hit_id)}/{assignment.hit_id}"


def open_work(browser, client, assignment, **query):
    path = work_path(client, assignment)
    return browser.open(path, assignment_id=assignment.id, **query)


def test_reload_keeps_the_work(browser, client, assignment, server):
    """A reload shows the same work, with the time that has passed."""
    server.mturk.clock.advance(seconds=61)
    page = open_work(browser, client, assignment)
    assert "Time Elapsed 1:01 of 10 minutes" in text_of(page)
    assert parameters(page)["assignmentId"] == assignment.id


def test_long_time(browser, client, worker, server):
    """A clock of more than an hour has hours; the allotted time is in words."""
    hit_id = publish(client, AssignmentDurationInSeconds=DAY + HOUR + MINUTE)
    page = accept(browser, client, hit_id)
    server.mturk.clock.advance(seconds=HOUR + 2 * MINUTE + 3)
    page = browser.open(str(page.url).removeprefix(server.url))
    assert "Time Elapsed 1:02:03 of 1 day 1 hour" in text_of(page)


def test_work_of_an_external_question(browser, client, worker, server):
    """The requester's own page gets all parameters, in the recorded order."""
    page = accept(browser, client, publish(client, Question=external_question()))
    (assignment,) = worker.assignments
    assert list(parameters(page).items()) == [
        ("assignmentId", assignment.id),
        ("hitId", assignment.hit_id),
        ("workerId", WORKER),
        ("turkSubmitTo", server.url),
    ]


def test_return(browser, client, assignment, server):
    """Returning gives the HIT back, and the page says so; doing it twice changes nothing."""
    for _ in range(2):
        path = f"{work_path(client, assignment)}/return"
        page = browser.submit(path, assignment_id=assignment.id)
        assert titles_of(page, 1) == ["Returned"]
        assert "Nothing was submitted." in text_of(page)
        assert assignment.status == "Returned"
    assert "1 more HIT of this kind" in text_of(page)


def test_form_for_another_question(browser, client, assignment):
    """What is posted for a page of HTML, which submits itself, submits nothing."""
    page = browser.submit(work_path(client, assignment), assignment_id=assignment.id)
    assert (page.status_code, assignment.status) == (200, "Accepted")


def test_form_for_an_unknown_assignment(browser, client, assignment):
    """What is posted for no assignment of the worker submits nothing."""
    page = browser.submit(work_path(client, assignment), assignment_id="3UNKNOWN")
    assert (page.status_code, assignment.status) == (404, "Accepted")


def test_form_is_submitted(browser, client, worker):
    """A QuestionForm is posted to the address of its task; a mistake is told at its question."""
    hit_id = publish(client, Title="Cats", Question=text_form())
    assignment = worker.accept(hit_id)
    path = work_path(client, assignment)
    wrong = browser.submit(path, assignment_id=assignment.id, **{"answer-1": ""})
    assert (wrong.status_code, assignment.status) == (422, "Accepted")
    assert "Enter an answer." in text_of(wrong)
    page = browser.submit(path, assignment_id=assignment.id, **{"answer-1": "yes"})
    assert (titles_of(page, 1), assignment.status) == (["Submitted"], "Submitted")


def test_submitted(browser, client, assignment):
    """After the submission, the work's page says so."""
    assignment.submit({"a": "1"})
    page = open_work(browser, client, assignment)
    assert titles_of(page, 1) == ["Submitted"]
    assert "Cats, default Thank you. The requester will review your work." in text_of(page)
    assert "Accept the next HIT" not in page.text


def test_next_hit_after_the_end(browser, client, assignment, worker):
    """The end's page offers the next HITs of the group."""
    for number in range(2):
        publish(client, Title="Cats", Question=html_question(str(number)))
    assignment.submit({"a": "1"})
    page = open_work(browser, client, assignment)
    assert "Accept the next HIT 2 more HITs of this kind" in text_of(page)
    browser.submit(f"{path_of(client, assignment.hit_id)}/accept")
    assert len(worker.assignments) == 2


def test_no_next_hit_for_a_blocked_worker(browser, client, assignment):
    """A worker who was blocked meanwhile is offered no further HIT."""
    publish(client, Title="Cats", Question=html_question("2"))
    assignment.submit({"a": "1"})
    client.create_worker_block(WorkerId=WORKER, Reason="Guesses")
    assert "Accept the next HIT" not in open_work(browser, client, assignment).text


def test_deadline(browser, client, assignment, server):
    """When the time is over, the page says so, and the HIT is free again."""
    server.mturk.clock.advance(seconds=10 * MINUTE)
    page = open_work(browser, client, assignment)
    assert titles_of(page, 1) == ["The time for this HIT is over"]
    assert "It was not submitted before its deadline" in text_of(page)


def test_go_on(browser, client, assignment):
    """When the task's own page has submitted, going on leads to the end."""
    assignment.submit({"a": "1"})
    page = browser.submit(f"{work_path(client, assignment)}/next", assignment_id=assignment.id)
    assert titles_of(page, 1) == ["Submitted"]


def go_on(browser, client, assignment):
    """Go on as the page's script does, with "Auto-accept next HIT" on."""
    return browser.submit(
        f"{work_path(client, assignment)}/next", assignment_id=assignment.id, auto_accept="true"
    )


def test_auto_accept(browser, client, assignment, worker):
    """With auto-accept, the next HIT follows, and the page tells that the last was submitted."""
    publish(client, Title="Cats", Question=html_question("2"))
    assignment.submit({"a": "1"})
    page = go_on(browser, client, assignment)
    assert "Submitted. Here is the next HIT." in text_of(page)
    assert 'name="auto_accept" value="true" checked' in page.text
    assert parameters(page)["assignmentId"] == worker.assignments[1].id


def test_auto_accept_after_the_last_hit(browser, client, assignment):
    """If there is no next HIT, auto-accept leads to the end."""
    assignment.submit({"a": "1"})
    assert titles_of(go_on(browser, client, assignment), 1) == ["Submitted"]


def test_auto_accept_when_refused(browser, client, assignment, worker):
    """If the worker may not accept the next HIT, auto-accept leads to the end."""
    publish(client, Title="Cats", Question=html_question("2"))
    assignment.submit({"a": "1"})
    client.create_worker_block(WorkerId=WORKER, Reason="Guesses")
    assert titles_of(go_on(browser, client, assignment), 1) == ["Submitted"]
    assert len(worker.assignments) == 1


def test_auto_accept_of_work_that_is_open(browser, client, assignment, worker):
    """Without a submission, going on stays with the work."""
    publish(client, Title="Cats", Question=html_question("2"))
    assert parameters(go_on(browser, client, assignment))["assignmentId"] == assignment.id
    assert len(worker.assignments) == 1


def test_auto_accept_from_the_preview(browser, client):
    """The choice of the preview is that of the work."""
    page = accept(browser, client, publish(client), auto_accept="true")
    assert page.url.query.endswith(b"auto_accept=true")
    assert 'value="true" checked' in page.text


@pytest.mark.parametrize("path", ["", "/return", "/next", "/status"])
@pytest.mark.parametrize("case", ["another worker", "the sandbox", "unknown"])
def test_work_of_others(path, case, browser, client, assignment, server):
    """Nobody else can see, return or follow an assignment, and its ID works on its site only."""
    address = work_path(client, assignment) + path
    root = "/sandbox" if case == "the sandbox" else ""
    name = "A3OTHER" if case == "another worker" else WORKER
    given = NOTHING if case == "unknown" else assignment.id
    with Browser(server, sandbox=bool(root)) as other:
        other.sign_in(name)
        send = other.submit if path in ("/return", "/next") else other.open
        answer = send(address, assignment_id=given)
    assert answer.status_code == 404
    if path == "/status":
        assert answer.json() == {"status": "Unknown"}
    else:
        assert "You have no HIT with this address." in text_of(answer)
    assert assignment.status == "Accepted"


def test_status(browser, client, assignment, server):
    """The page's script asks for the status and the time."""
    server.mturk.clock.advance(seconds=15)
    answer = open_work_status(browser, client, assignment)
    timer = {"elapsed": 15, "allotted": 600, "rate": 0}
    assert (answer.json(), answer.headers["cache-control"]) == (
        {"status": "Accepted", **timer},
        "no-store",
    )
    server.mturk.clock.advance(seconds=HOUR)
    assert open_work_status(browser, client, assignment).json() == {
        "status": "Abandoned",
        **timer,
        "elapsed": 600,
    }


def open_work_status(browser, client, assignment):
    return browser.open(f"{work_path(client, assignment)}/status", assignment_id=assignment.id)


def test_queue(browser, client, worker, server):
    """The queue has the accepted HITs of this site, the next deadline first."""
    assert "You have accepted no HITs." in text_of(browser.open("/tasks"))
    worker.accept(publish(client, Title="Later"))
    worker.accept(publish(client, Title="Sooner", AssignmentDurationInSeconds=MINUTE))
    worker.accept(publish(client, Title="Returned")).return_hit()
    worker.accept(publish(server.client(sandbox=True), Title="Practice"))
    page = browser.open("/tasks")
    assert titles_of(page) == ["Sooner", "Later"]
    assert "Reward $1.00 Time left 1 minute Deadline 2026-01-01 00:01 UTC" in text_of(page)
    assert "Time Elapsed" in text_of(browser.open(links_of(page)["Sooner"]))
    server.mturk.clock.advance(seconds=MINUTE)
    assert titles_of(browser.open("/tasks")) == ["Later"]


def test_task_pages_without_a_host_of_their_own():
    """Without another host for task pages, their frames have no origin."""
    public = "http://turk.example.org"
    with (
        MTurkServer(public_url=public, insecure=True, now=NOW) as server,
        Browser(
            server, base_url=server._local_url, headers={"Host": "turk.example.org"}
        ) as browser,
    ):
        client = server.client(endpoint_url=server._local_url)
        path = path_of(client, publish(client))
        session = server._door.passes.issue("session", WORKER)[0]
        page = browser.get(path, headers={"Cookie": f"mturk_session={session}"})
    assert frame_of(page).startswith(f"{public}/tasks/")
    assert "allow-same-origin" not in page.text
