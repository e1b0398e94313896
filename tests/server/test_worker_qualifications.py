"""Qualifications on the worker site: lists, requests, and tests."""

from __future__ import annotations

import pytest

from tests.helpers import DAY, HOUR
from tests.qualify import APPROVED, EXAMINED, KEY, LOCALE, create_type
from tests.worker_pages import WORKER, Browser, links_of, text_of, titles_of

REASON = "Please finish the training first"


@pytest.fixture
def browser(server):
    with Browser(server) as browser:
        browser.sign_in()
        yield browser


@pytest.fixture
def client(server):
    return server.client()


def new_type(client, **overrides):
    """Create a qualification type; return its ID."""
    return create_type(client, **overrides)["QualificationTypeId"]


def path_of(type_id):
    return f"/qualifications/{type_id}"


def request(browser, type_id):
    """Open a qualification's page and press its button; return the page that follows."""
    assert "<button>Request" in browser.open(path_of(type_id)).text
    return browser.submit(f"{path_of(type_id)}/request")


def sections(page):
    """Return the titles below the headings of the list of qualifications."""
    found = {}
    for part in page.text.split("<h2")[1:]:
        heading = part.partition(">")[2].partition("<")[0]
        found[heading] = [
            each.partition("</a>")[0].rpartition(">")[2] for each in part.split("<h3>")[1:]
        ]
    return found


# Lists ------------------------------------------------------------------------------------


def test_list_for_a_new_worker(browser):
    """Without qualifications, the page says so."""
    text = text_of(browser.open("/qualifications"))
    assert "You have none from requesters yet." in text
    assert "There is none that you do not have or have not requested." in text


def test_types_that_can_be_requested(browser, client):
    """The active types of all requesters are listed, the newest first."""
    new_type(client, Name="Old", Description="About cats")
    new_type(client, Name="New", **EXAMINED)
    new_type(client, Name="Asleep", QualificationTypeStatus="Inactive")
    page = browser.open("/qualifications")
    assert sections(page)["Qualifications that you can get"] == ["New", "Old"]
    assert "New default · Test" in text_of(page)
    assert "About cats" in text_of(page)


def test_search_for_types(browser, client):
    """The search looks for all words in the name, description, keywords and requester."""
    new_type(client, Name="Cats", Keywords="feline,pets")
    new_type(client, Name="Dogs", Description="Good with pets")
    found = "Qualifications that you can get"
    assert sections(browser.open("/qualifications", search="PETS cats"))[found] == ["Cats"]
    assert sections(browser.open("/qualifications", search="default"))[found] == ["Dogs", "Cats"]
    page = browser.open("/qualifications", search="birds")
    assert "0 qualifications" in text_of(page)
    assert links_of(page)["Show all"] == "/qualifications"


def test_types_come_in_pages(browser, client):
    """A page has 20 types, and the links keep the search."""
    for number in range(21):
        new_type(client, Name=f"Type {number}")
    page = browser.open("/qualifications", search="type")
    assert links_of(page)["Next"] == "?search=type&page=2"
    assert titles_of(browser.open("/qualifications", page="2"), 3) == ["Type 0"]


def test_qualifications_that_the_worker_has(browser, client, server):
    """They are listed with the worker's value, the latest granted first, and nowhere else."""
    for name, value in (("First", 7), ("Second", 8)):
        type_id = new_type(client, Name=name)
        client.associate_qualification_with_worker(
            QualificationTypeId=type_id, WorkerId=WORKER, IntegerValue=value
        )
        server.mturk.clock.advance(seconds=1)
    page = browser.open("/qualifications")
    assert sections(page)["Your qualifications"] == ["Second", "First"]
    assert sections(page)["Qualifications that you can get"] == []
    assert "First default · Your value: 7" in text_of(page)


def test_many_qualifications(browser, client):
    """The page shows 20; another page shows all."""
    for number in range(21):
        type_id = new_type(client, Name=f"Type {number}")
        client.associate_qualification_with_worker(QualificationTypeId=type_id, WorkerId=WORKER)
    link = links_of(browser.open("/qualifications"))["All your qualifications (21)"]
    assert len(titles_of(browser.open(link), 3)) == 20
    assert len(titles_of(browser.open(link, page="2"), 3)) == 1


def test_all_qualifications_of_a_new_worker(browser):
    """The page of all says that there are none."""
    assert "You have none" in text_of(browser.open("/qualifications/yours"))


def test_system_qualifications(browser, server):
    """The system's qualifications are listed with the worker's values, and cannot be requested."""
    worker = server.mturk.worker(WORKER, country="DE", approved=12)
    text = text_of(browser.open("/qualifications"))
    assert (
        "NumberHITsApproved The number of the worker's assignments that were approved. 12" in text
    )
    assert "Masters The worker has done well for many requesters. none" in text
    page = browser.open(path_of(LOCALE))
    assert "Your value DE" in text_of(page)
    assert "Mechanical Turk works this value out from your account." in text_of(page)
    assert worker.qualifications == {}
    refused = browser.submit(f"{path_of(APPROVED)}/request")
    assert refused.status_code == 400
    assert "This user is not authorized to perform the requested operation." in text_of(refused)


# One qualification ------------------------------------------------------------------------


def test_page_of_a_type(browser, client):
    """The page says what the qualification is, and how it is got."""
    type_id = new_type(client, Name="Cats", Description="Knows <cats>", RetryDelayInSeconds=HOUR)
    text = text_of(browser.open(path_of(type_id)))
    assert text == (
        "Qualifications Cats Knows <cats> Requester default Your value none Test none "
        "Granted by the requester Can be requested again after 1 hour Request"
    )


def test_page_of_a_type_with_a_test(browser, client):
    """The page says how much time there is for the test, before it begins."""
    type_id = new_type(client, RetryDelayInSeconds=0, **EXAMINED)
    text = text_of(browser.open(path_of(type_id)))
    assert "Test 1 minute Granted by the result of the test or the requester" in text
    assert "Can be requested again at any time" in text
    assert "Request The test begins at once. You have 1 minute for it" in text


@pytest.mark.parametrize("path", ["3NOTYPE", "3NOTYPE/request"])
def test_unknown_type(path, browser):
    """An unknown qualification is a page that says so, with the status 404."""
    page = browser.open if "/" not in path else browser.submit
    page = page(f"/qualifications/{path}")
    assert page.status_code == 404
    assert "There is no such qualification" in text_of(page)


def test_type_of_the_other_environment(browser, server):
    """The sandbox's qualifications are on the sandbox's site only."""
    type_id = new_type(server.client(sandbox=True), Name="Sand")
    assert browser.open(path_of(type_id)).status_code == 404
    browser.root = "/sandbox"
    assert titles_of(browser.open(path_of(type_id)), 1) == ["Sand"]


def test_deleted_type(browser, client):
    """A type that was deleted is unknown."""
    type_id = new_type(client)
    client.delete_qualification_type(QualificationTypeId=type_id)
    assert browser.open(path_of(type_id)).status_code == 404


def test_inactive_type(browser, client):
    """A type that is not Active cannot be requested, and the page says so."""
    type_id = new_type(client, QualificationTypeStatus="Inactive")
    text = text_of(browser.open(path_of(type_id)))
    assert "The requester takes no requests for this qualification now." in text
    refused = browser.submit(f"{path_of(type_id)}/request")
    assert "This operation can be called with a status of: Active" in text_of(refused)


# Requests ---------------------------------------------------------------------------------


def test_request_that_waits(browser, client):
    """A request without a test waits for the requester, who sees it."""
    type_id = new_type(client, Name="Cats")
    page = request(browser, type_id)
    assert "Your request waits for the requester, who decides about it." in text_of(page)
    assert "<button>Request" not in page.text
    (found,) = client.list_qualification_requests()["QualificationRequests"]
    assert (found["WorkerId"], found["QualificationTypeId"]) == (WORKER, type_id)
    listed = browser.open("/qualifications")
    assert sections(listed)["Requests that wait for the requester"] == ["Cats"]
    assert sections(listed)["Qualifications that you can get"] == []


def test_second_request_while_one_waits(browser, client):
    """Another click on the button makes no second request."""
    type_id = new_type(client, RetryDelayInSeconds=0)
    request(browser, type_id)
    browser.submit(f"{path_of(type_id)}/request")
    assert len(client.list_qualification_requests()["QualificationRequests"]) == 1


def test_request_that_is_granted_at_once(browser, client):
    """An automatic grant is shown with its value."""
    type_id = new_type(client, AutoGranted=True, AutoGrantedValue=5)
    assert "Granted at once" in text_of(browser.open(path_of(type_id)))
    assert "Granted. Your value is 5." in text_of(request(browser, type_id))


def test_request_that_the_requester_accepts(browser, client):
    """The value that the requester gives is shown."""
    type_id = new_type(client)
    request(browser, type_id)
    (found,) = client.list_qualification_requests()["QualificationRequests"]
    client.accept_qualification_request(
        QualificationRequestId=found["QualificationRequestId"], IntegerValue=90
    )
    assert "Granted. Your value is 90." in text_of(browser.open(path_of(type_id)))


def test_request_that_the_requester_rejects(browser, client):
    """The requester's reason is shown, and that the type can be requested only once."""
    type_id = new_type(client)
    request(browser, type_id)
    (found,) = client.list_qualification_requests()["QualificationRequests"]
    client.reject_qualification_request(
        QualificationRequestId=found["QualificationRequestId"], Reason=REASON
    )
    page = browser.open(path_of(type_id))
    assert f"The requester has rejected your request. Reason: {REASON}" in text_of(page)
    assert "can be requested only once, so you cannot request it again" in text_of(page)
    refused = browser.submit(f"{path_of(type_id)}/request")
    assert f"QualificationType {type_id} can be requested only once." in text_of(refused)


def test_rejection_without_a_reason(browser, client):
    """A rejection without a reason is shown alone."""
    type_id = new_type(client)
    request(browser, type_id)
    (found,) = client.list_qualification_requests()["QualificationRequests"]
    client.reject_qualification_request(QualificationRequestId=found["QualificationRequestId"])
    text = text_of(browser.open(path_of(type_id)))
    assert "The requester has rejected your request. This qualification" in text


def test_qualification_that_was_taken_back(browser, client):
    """A revoked qualification is shown as such, and the worker has no value."""
    type_id = new_type(client, AutoGranted=True)
    request(browser, type_id)
    client.disassociate_qualification_from_worker(QualificationTypeId=type_id, WorkerId=WORKER)
    text = text_of(browser.open(path_of(type_id)))
    assert "Your value none" in text
    assert "The requester has taken this qualification back." in text
    assert "Granted." not in text


def test_retry_delay(browser, client, server):
    """The page tells when the type can be requested again, and has the button then."""
    type_id = new_type(client, AutoGranted=True, RetryDelayInSeconds=DAY)
    request(browser, type_id)
    server.mturk.clock.advance(seconds=HOUR)
    page = browser.open(path_of(type_id))
    assert "You can request it again from 2026-01-02 00:00 UTC on, in 23 hours." in text_of(page)
    assert "<button>Request" not in page.text
    server.mturk.clock.advance(seconds=23 * HOUR)
    request(browser, type_id)


# Tests ------------------------------------------------------------------------------------


@pytest.fixture
def type_id(client):
    return new_type(client, Name="Cats", AnswerKey=KEY, RetryDelayInSeconds=HOUR, **EXAMINED)


def test_test_begins_at_once(browser, type_id):
    """The button leads to the test, with its clock and the button to submit it."""
    page = request(browser, type_id)
    assert titles_of(page, 1) == ["Cats"]
    assert "Time Elapsed 0:00 of 1 minute" in text_of(page)
    assert "Submit test</button>" in page.text


def test_test_can_be_resumed(browser, type_id, server):
    """The test is open on another device, with the time that has passed; no second one begins."""
    page = request(browser, type_id)
    server.mturk.clock.advance(seconds=20)
    with Browser(server) as other:
        other.sign_in()
        assert sections(other.open("/qualifications"))["Tests that you have begun"] == ["Cats"]
        text = text_of(other.open(path_of(type_id)))
        assert "You have begun the test. Submit it before 2026-01-01 00:01 UTC." in text
        again = other.submit(f"{path_of(type_id)}/request")
        assert again.url == page.url
        assert "Time Elapsed 0:20 of 1 minute" in text_of(again)
        assert links_of(other.open(path_of(type_id)))["Go on with the test"] == page.url.path


def test_test_scored_by_its_key(browser, type_id, server):
    """The answer key scores a test at once, and the page shows the score."""
    page = request(browser, type_id)
    done = browser.submit(page.url.path, **{"answer-1": "1", "answer-2": ["2", "3"]})
    assert "Granted. Your score is 5." in text_of(done)
    assert server.mturk.worker(WORKER).qualifications == {type_id: 5}


def test_test_scored_by_the_requester(browser, client):
    """Without an answer key, a test waits for the requester, who gets its answers."""
    type_id = new_type(client, **EXAMINED)
    page = request(browser, type_id)
    done = browser.submit(page.url.path, **{"answer-1": "1", "answer-2": "2"})
    assert "waits for the requester, who decides about it by your answers." in text_of(done)
    (found,) = client.list_qualification_requests()["QualificationRequests"]
    assert "<SelectionIdentifier>b</SelectionIdentifier>" in found["Answer"]


def test_wrong_answers_are_told(browser, client):
    """A wrong answer is told at its question, and nothing that was entered is lost."""
    required = "<IsRequired>true</IsRequired><QuestionContent>"
    test = EXAMINED["Test"].replace("<QuestionContent>", required, 1)
    type_id = new_type(client, Test=test, TestDurationInSeconds=60)
    page = request(browser, type_id)
    again = browser.submit(page.url.path, **{"answer-2": "2"})
    assert again.status_code == 422
    assert "Please check your answers" in text_of(again)
    assert 'name="answer-2" value="2" checked' in again.text
    assert client.list_qualification_requests()["QualificationRequests"] == []


def test_deadline_passes(browser, type_id, server):
    """After its time a test is not taken, and the page says so and when there is a next one."""
    page = request(browser, type_id)
    server.mturk.clock.advance(seconds=61)
    late = browser.submit(page.url.path, **{"answer-1": "1"})
    assert late.url.path == path_of(type_id)
    assert (
        "The time for the test is over. You did not submit it before 2026-01-01 00:01 UTC, so it "
        "does not count. You can request it again from 2026-01-01 01:00 UTC on, in 58 minutes"
    ) in text_of(late)
    assert browser.open(page.url.path).url.path == path_of(type_id)


def test_test_of_another_worker(browser, type_id, server):
    """Nobody else can open, submit or follow a test."""
    page = request(browser, type_id)
    with Browser(server) as other:
        other.sign_in("A3OTHER")
        for answer in (other.open(page.url.path), other.submit(page.url.path)):
            assert answer.status_code == 404
            assert "You have no such test" in text_of(answer)
        assert other.open(f"{page.url.path}/status").json() == {"status": "Unknown"}


def test_request_without_a_test_has_no_page_of_one(browser, client, server):
    """A request for a type without a test has no test to open."""
    type_id = new_type(client)
    asked = server.mturk.worker(WORKER).request_qualification(type_id)
    assert browser.open(f"{path_of(type_id)}/tests/{asked.id}").status_code == 404


def test_status_of_a_test(browser, type_id, server):
    """The page's script asks for the status and the time."""
    status = f"{request(browser, type_id).url.path}/status"
    server.mturk.clock.advance(seconds=15)
    timer = {"elapsed": 15, "allotted": 60, "rate": 0}
    answer = browser.open(status)
    assert answer.json() == {"status": "Open", **timer}
    assert answer.headers["cache-control"] == "no-store"
    server.mturk.clock.advance(seconds=60)
    assert browser.open(status).json() == {"status": "Expired", **timer, "elapsed": 60}
