"""The control API: workers, and what they do with HITs."""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta, timezone

import httpx
import pytest

from mturk_mock import parse_answers
from mturk_mock.server import MTurkServer
from tests.helpers import (
    DAY,
    NOBODY,
    NOTHING,
    NOW,
    answers,
    external_question,
    free_text,
    html_question,
    publish,
    question_form,
)
from tests.servers import control_client, refusal

START = "2026-01-01T00:00:00+00:00"
FILE_FORM = question_form(q=None).replace(
    "<FreeTextAnswer/>",
    "<FileUploadAnswer><MaxFileSizeInBytes>9</MaxFileSizeInBytes>"
    "<MinFileSizeInBytes>1</MinFileSizeInBytes></FileUploadAnswer>",
)


@pytest.fixture
def client(server):
    return server.client()


@pytest.fixture
def worker(control):
    """The ID of a worker."""
    return control.post("/workers", json={}).json()["id"]


@pytest.fixture
def do(control, worker):
    """Make the worker act; return the response."""

    def act(what, **members):
        return control.post(f"/workers/{worker}/{what}", json=members)

    return act


def test_new_worker(control):
    """Without members, a new worker has a new ID and the defaults."""
    shown = control.post("/workers").json()

    assert shown.pop("id").startswith("A")
    assert shown == {
        "country": "US",
        "subdivision": None,
        "approved": 0,
        "rejected": 0,
        "masters": False,
        "adult": False,
        "earnings": "0.00",
        "qualifications": {},
    }


TRAITS = {
    "id": "A1B2C3D4E5F6G7",
    "country": "CA",
    "subdivision": "ON",
    "approved": 100,
    "rejected": 2,
    "masters": True,
    "adult": True,
}


def test_worker_with_traits(control):
    """Traits are set as given, and are there later."""
    control.post("/workers", json=TRAITS)
    shown = control.get(f"/workers/{TRAITS['id']}").json()

    assert shown == {**TRAITS, "earnings": "0.00", "qualifications": {}}


def test_traits_that_are_left_out(control):
    """They stay as they are."""
    control.post("/workers", json=TRAITS)
    shown = control.post("/workers", json={"id": TRAITS["id"], "approved": 5}).json()

    assert shown == {**TRAITS, "approved": 5, "earnings": "0.00", "qualifications": {}}


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (
            {"id": "worker1"},
            "id takes a worker ID such as 'A1B2C3D4E5F6G7' (an A, then capital letters and digits, "
            "at most 64 characters), not 'worker1'.",
        ),
        ({"approved": -1}, "approved takes a whole number from 0 to 1000000000, not -1."),
        ({"adult": "yes"}, "adult takes true or false, not 'yes'."),
        (
            {"subdivision": None},
            "subdivision takes a subdivision code of ISO 3166-2, such as 'NY', not None.",
        ),
    ],
)
def test_invalid_traits(members, message, control):
    """The message says what was given and what is allowed; no worker is added."""
    assert refusal(control.post("/workers", json=members)) == (400, "InvalidInput", message)
    assert control.get("/workers").json() == {"workers": [], "total": 0}


@pytest.mark.parametrize("country", ["ZZ", "us", 5])
def test_invalid_country(country, control):
    """A country is a code of the list."""
    status, code, message = refusal(control.post("/workers", json={"country": country}))

    assert (status, code) == (400, "InvalidInput")
    assert message.startswith("country takes one of AD, AE, ")


def test_list_of_workers(control, client):
    """It comes in pages, in the order in which the server has seen the IDs."""
    ids = [control.post("/workers").json()["id"] for _ in range(3)]
    client.create_worker_block(WorkerId=NOBODY, Reason="?")
    page = control.get("/workers?limit=2&offset=2").json()

    assert [worker["id"] for worker in page["workers"]] == [ids[2], NOBODY]
    assert page["total"] == 4
    assert len(control.get("/workers").json()["workers"]) == 4


@pytest.mark.parametrize("path", ["", "/hits", f"/hits/{NOTHING}", "/assignments"])
def test_unknown_worker(path, control):
    """A GET creates no worker."""
    message = f"There is no worker '{NOBODY}'; POST /_mturk/workers adds one."

    assert refusal(control.get(f"/workers/{NOBODY}{path}")) == (404, "NotFound", message)
    assert control.get("/workers").json()["total"] == 0


def test_act_of_an_unknown_worker(control, client):
    """Only POST /workers adds workers."""
    hit_id = publish(client)
    response = control.post(f"/workers/{NOBODY}/accept", json={"hit_id": hit_id})

    assert response.status_code == 404


def test_worker_in_a_state_file(tmp_path):
    """What the control API changes is kept in the state file."""
    options = {"state": tmp_path / "state", "now": NOW}
    with MTurkServer(**options) as server, control_client(server) as control:
        control.post("/workers", json=TRAITS)
        hit_id = publish(server.client())
        done = control.post(f"/workers/{TRAITS['id']}/answer", json={"hit_id": hit_id}).json()
        control.put("/requesters/lab", json={"balance": "3.00"})
        control.post("/clock/advance", json={"hours": 1})
    with MTurkServer(**options) as server, control_client(server) as control:
        shown = control.get(f"/workers/{TRAITS['id']}").json()
        kept = control.get(f"/workers/{TRAITS['id']}/assignments/{done['id']}").json()
        balance = control.get("/requesters/lab").json()["balance"]
        now = control.get("/clock").json()["now"]

    assert (shown["approved"], kept["status"]) == (100, "Submitted")
    assert (balance, now) == ("3.00", "2026-01-01T01:00:00+00:00")


# HITs ---------------------------------------------------------------------------------------


def test_hits(control, client, worker):
    """A worker finds the HITs of the marketplace."""
    hit = client.create_hit(
        Title="Label a picture",
        Description="Say what it shows",
        Keywords="label, picture",
        Reward="0.05",
        MaxAssignments=3,
        LifetimeInSeconds=3600,
        AssignmentDurationInSeconds=600,
        Question=html_question(),
    )["HIT"]

    assert control.get(f"/workers/{worker}/hits").json() == {
        "hits": [
            {
                "id": hit["HITId"],
                "hit_type_id": hit["HITTypeId"],
                "hit_group_id": hit["HITGroupId"],
                "requester": "default",
                "environment": "production",
                "title": "Label a picture",
                "description": "Say what it shows",
                "keywords": "label, picture",
                "reward": "0.05",
                "assignment_duration_in_seconds": 600,
                "status": "Assignable",
                "created": START,
                "expires": "2026-01-01T01:00:00+00:00",
                "max_assignments": 3,
                "available": 3,
            }
        ],
        "total": 1,
    }


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Three", "Two", "One"]),
        ("?sandbox=true", ["Three"]),
        ("?sandbox=false", ["Two", "One"]),
        ("?query=TWO", ["Two"]),
        ("?limit=1&offset=1", ["Two"]),
    ],
)
def test_hits_that_are_wanted(query, titles, control, client, server, worker):
    """A worker can search, and choose the environment; the newest HIT comes first."""
    for title, maker in (("One", client), ("Two", client), ("Three", server.client(sandbox=True))):
        publish(maker, Title=title)
        server.mturk.clock.advance(seconds=1)
    hits = control.get(f"/workers/{worker}/hits{query}").json()["hits"]

    assert [hit["title"] for hit in hits] == titles


def test_invalid_flag(control, worker):
    """A flag of a query is true or false."""
    response = control.get(f"/workers/{worker}/hits?sandbox=1")

    assert refusal(response)[2] == "sandbox takes true or false, not '1'."


def test_preview(control, client, worker):
    """A preview has the page, and tells whether the worker qualifies."""
    question = html_question()
    hit_id = publish(client, Question=question)
    shown = control.get(f"/workers/{worker}/hits/{hit_id}").json()

    assert (shown["id"], shown["question"], shown["url"]) == (hit_id, question, None)
    assert shown["html"].startswith("<!DOCTYPE html>")
    assert shown["qualifies"] is True


def test_preview_of_an_external_question(control, client, worker):
    """Its URL is that of a preview."""
    hit_id = publish(client, Question=external_question("https://example.com/task"))
    shown = control.get(f"/workers/{worker}/hits/{hit_id}").json()

    assert shown["html"] is None
    assert shown["url"] == (
        f"https://example.com/task?assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&hitId={hit_id}"
    )


def test_preview_without_the_qualification(control, client, worker):
    """A worker who does not qualify can preview a HIT whose requirement guards acceptance."""
    requirement = {
        "QualificationTypeId": "00000000000000000040",
        "Comparator": "GreaterThan",
        "IntegerValues": [10],
    }
    hit_id = publish(client, QualificationRequirements=[requirement])

    assert control.get(f"/workers/{worker}/hits/{hit_id}").json()["qualifies"] is False


def test_unknown_hit(control, worker):
    """The code is the service's."""
    message = f"Hit {NOTHING} does not exist."

    assert refusal(control.get(f"/workers/{worker}/hits/{NOTHING}")) == (
        404,
        "AWS.MechanicalTurk.HITDoesNotExist",
        message,
    )


# Work ---------------------------------------------------------------------------------------


def test_accept(client, worker, do):
    """The result is the assignment, with the page to work on."""
    hit_id = publish(client, AssignmentDurationInSeconds=600)
    response = do("accept", hit_id=hit_id)
    shown = response.json()

    assert response.status_code == 200
    assert shown.pop("id").startswith("3")
    assert shown.pop("question") == html_question()
    assert shown.pop("html").startswith("<!DOCTYPE html>")
    assert shown == {
        "hit_id": hit_id,
        "worker_id": worker,
        "status": "Accepted",
        "accepted": START,
        "deadline": "2026-01-01T00:10:00+00:00",
        "submitted": None,
        "auto_approved": None,
        "approved": None,
        "rejected": None,
        "feedback": None,
        "answer": None,
        "url": None,
    }


def test_accept_of_an_external_question(client, server, worker, do):
    """The URL has the IDs, and turkSubmitTo names the server."""
    hit_id = publish(client, Question=external_question("https://example.com/task"))
    shown = do("accept", hit_id=hit_id).json()

    submit_to = server.url.replace(":", "%3A").replace("/", "%2F")
    assert shown["url"] == (
        f"https://example.com/task?assignmentId={shown['id']}&hitId={hit_id}"
        f"&workerId={worker}&turkSubmitTo={submit_to}"
    )


def test_accept_twice(client, do):
    """What the service would refuse is a conflict, with the service's code."""
    hit_id = publish(client, MaxAssignments=2)
    do("accept", hit_id=hit_id)
    status, code, _ = refusal(do("accept", hit_id=hit_id))

    assert (status, code) == (409, "AWS.MechanicalTurk.AssignmentAlreadyExists")


def test_accept_of_an_unknown_hit(do):
    """It is not found."""
    status, code, message = refusal(do("accept", hit_id=NOTHING))

    assert (status, code) == (404, "AWS.MechanicalTurk.HITDoesNotExist")
    assert message == f"Hit {NOTHING} does not exist."


@pytest.mark.parametrize("hit_id", ["", "abc", 5, None])
def test_accept_of_what_is_no_id(hit_id, do):
    """An ID has capital letters and digits."""
    message = f"hit_id takes an ID of capital letters and digits, not {hit_id!r}."

    assert refusal(do("accept", hit_id=hit_id)) == (400, "InvalidInput", message)


@pytest.fixture
def accepted(client, do):
    """The ID of an accepted assignment of a QuestionForm."""
    hit_id = publish(client, Question=question_form(size=["big", "small"], note=None))
    return do("accept", hit_id=hit_id).json()["id"]


def test_submit(accepted, client, do):
    """The requester reads what the worker submits."""
    shown = do("submit", assignment_id=accepted, answer={"size": "big", "note": "é"}).json()
    document = client.get_assignment(AssignmentId=accepted)["Assignment"]["Answer"]

    assert (shown["status"], shown["submitted"]) == ("Submitted", START)
    assert shown["answer"] == document
    assert parse_answers(document) == {"size": ["big"], "note": "é"}


def test_submit_a_document(accepted, do):
    """An answer can be a document."""
    document = answers(free_text("note", "yes"))
    shown = do("submit", assignment_id=accepted, answer=document).json()

    assert parse_answers(shown["answer"])["note"] == "yes"


def test_submit_an_invalid_document(accepted, do):
    """The code is the service's."""
    status, code, message = refusal(do("submit", assignment_id=accepted, answer="<x/>"))

    assert (status, code) == (400, "AWS.MechanicalTurk.XMLParseError")
    assert message.startswith("There was an error parsing the XML question or answer data")


def test_submit_what_the_page_rejects(accepted, do, control, worker):
    """The message names the field, and nothing is submitted."""
    response = do("submit", assignment_id=accepted, answer={"sise": "big"})

    assert refusal(response) == (
        400,
        "InvalidInput",
        "the QuestionForm has no question 'sise' (did you mean 'size'?); it has size, note; pass "
        "check=False to submit it anyway",
    )
    shown = control.get(f"/workers/{worker}/assignments/{accepted}").json()
    assert shown["status"] == "Accepted"


def test_submit_without_a_check(accepted, do):
    """Any values are submitted."""
    shown = do("submit", assignment_id=accepted, answer={"x": "1"}, check=False).json()

    assert parse_answers(shown["answer"])["x"] == "1"


def test_submit_a_number(accepted, do):
    """A value that no form can send is refused."""
    response = do("submit", assignment_id=accepted, answer={"note": None, "size": 5})

    assert refusal(response)[:2] == (400, "InvalidInput")


@pytest.mark.parametrize("answer", [None, 5, ["a"]])
def test_submit_no_answer(answer, accepted, do):
    """An answer is an object or a text."""
    response = do("submit", assignment_id=accepted, answer=answer)

    message = f"answer takes an object, or a text, not {answer!r}."
    assert refusal(response) == (400, "InvalidInput", message)


def test_submit_twice(accepted, do):
    """The second time is a conflict."""
    do("submit", assignment_id=accepted, answer={"size": "big"})
    status, code, _ = refusal(do("submit", assignment_id=accepted, answer={"size": "big"}))

    assert (status, code) == (409, "AWS.MechanicalTurk.InvalidAssignmentState")


def test_submit_a_file(client, do, control):
    """A file is sent as base64, and the requester downloads its bytes."""
    hit_id = publish(client, Question=FILE_FORM)
    accepted = do("accept", hit_id=hit_id).json()["id"]
    content = base64.b64encode(b"\x00\xff").decode()
    do("submit", assignment_id=accepted, answer={"q": {"base64": content}})
    place = client.get_file_upload_url(AssignmentId=accepted, QuestionIdentifier="q")

    assert control.get(place["FileUploadURL"]).content == b"\x00\xff"


@pytest.mark.parametrize("content", ["?", "AA", 5, None])
def test_submit_a_file_that_is_not_base64(content, accepted, do):
    """The message names the field."""
    response = do("submit", assignment_id=accepted, answer={"note": {"base64": content}})

    message = f"the field 'note' takes a file as base64, not {content!r}"
    assert refusal(response) == (400, "InvalidInput", message)


def test_return(accepted, do, client):
    """The HIT is available again."""
    shown = do("return", assignment_id=accepted).json()

    assert shown["status"] == "Returned"
    assert client.get_hit(HITId=shown["hit_id"])["HIT"]["NumberOfAssignmentsAvailable"] == 1


def test_return_twice(accepted, do):
    """The second time is a conflict."""
    do("return", assignment_id=accepted)
    status, code, _ = refusal(do("return", assignment_id=accepted))

    assert (status, code) == (409, "AWS.MechanicalTurk.InvalidAssignmentState")


@pytest.mark.parametrize("what", ["submit", "return"])
def test_assignment_of_another_worker(what, accepted, control):
    """A worker has only the own assignments."""
    other = control.post("/workers").json()["id"]
    members = {"assignment_id": accepted, "answer": {}}
    if what == "return":
        del members["answer"]
    response = control.post(f"/workers/{other}/{what}", json=members)

    message = f"The worker {other} has no assignment '{accepted}'."
    assert refusal(response) == (404, "NotFound", message)


def test_unknown_assignment(control, worker):
    """It is not found."""
    message = f"The worker {worker} has no assignment '{NOTHING}'."
    response = control.get(f"/workers/{worker}/assignments/{NOTHING}")

    assert refusal(response) == (404, "NotFound", message)


def test_answer(client, do):
    """A worker can accept a HIT and fill in its form with valid values, in one step."""
    hit_id = publish(client, Question=question_form(size=["big", "small"]))
    shown = do("answer", hit_id=hit_id).json()

    assert shown["status"] == "Submitted"
    assert set(parse_answers(shown["answer"])) == {"size"}


def test_answer_of_an_external_question(client, do, control, worker):
    """Its page is unknown, so the HIT is not accepted."""
    response = do("answer", hit_id=publish(client, Question=external_question()))

    assert refusal(response)[:2] == (400, "InvalidInput")
    assert control.get(f"/workers/{worker}/assignments").json()["total"] == 0


def test_assignments(control, client, worker, do):
    """A worker sees the reviews, with the feedback and the earnings."""
    done = [do("answer", hit_id=publish(client)).json()["id"] for _ in range(3)]
    client.approve_assignment(AssignmentId=done[0], RequesterFeedback="Thanks")
    client.reject_assignment(AssignmentId=done[1], RequesterFeedback="No")
    page = control.get(f"/workers/{worker}/assignments?limit=2").json()
    first, second = page["assignments"]

    assert page["total"] == 3
    assert (first["status"], first["approved"], first["feedback"]) == ("Approved", START, "Thanks")
    assert (second["status"], second["rejected"], second["feedback"]) == ("Rejected", START, "No")
    assert control.get(f"/workers/{worker}").json()["earnings"] == "1.00"


def test_assignment_is_abandoned(accepted, control, worker):
    """Time passes for workers, too."""
    control.post("/clock/advance", json={"seconds": DAY})
    shown = control.get(f"/workers/{worker}/assignments/{accepted}").json()

    assert shown["status"] == "Abandoned"


# The worker site --------------------------------------------------------------------------


def test_invitation(server, control, worker):
    """The link signs the worker in for 14 days, under the name that was given."""
    invited = control.post(f"/workers/{worker}/invitation", json={"name": "Ada"}).json()

    assert re.fullmatch(rf"{server.url}/invitations/[\w-]{{43}}", invited["url"])
    left = datetime.fromisoformat(invited["expires"]) - datetime.now(timezone.utc)
    assert timedelta(days=13, hours=23) < left < timedelta(days=14, seconds=1)
    assert f"Ada</strong>, worker {worker}" in httpx.get(invited["url"], trust_env=False).text


def test_invitation_of_unknown_worker(control):
    """An invitation creates no worker."""
    assert refusal(control.post(f"/workers/{NOBODY}/invitation")) == (
        404,
        "NotFound",
        f"There is no worker '{NOBODY}'; POST /_mturk/workers adds one.",
    )


@pytest.mark.parametrize("name", ["x" * 61, "two\nlines"])
def test_invitation_with_a_wrong_name(name, control, worker):
    """A name has one line, and a length that the site can show."""
    status, code, message = refusal(
        control.post(f"/workers/{worker}/invitation", json={"name": name})
    )

    assert (status, code) == (400, "InvalidInput")
    assert message.startswith("name takes a name of up to 60 characters, not '")


def test_end_of_sessions(server, control, worker):
    """The worker's sessions and invitations end at once, and those of others go on."""
    control.delete(f"/workers/{worker}/sessions")
    links = [server.invite(each) for each in (worker, worker, "A3OTHER")]

    assert control.delete(f"/workers/{worker}/sessions").json() == {"ended": 2}
    assert [httpx.get(each, trust_env=False).status_code for each in links] == [404, 404, 200]
    assert control.delete(f"/workers/{worker}/sessions").json() == {"ended": 0}


def test_end_of_sessions_of_unknown_worker(server, control):
    """A worker of whom nothing is known has no sessions to end."""
    assert refusal(control.delete(f"/workers/{NOBODY}/sessions"))[0] == 404
    link = server.invite("A4FORGOTTEN")
    server.mturk.reset()

    assert control.delete("/workers/A4FORGOTTEN/sessions").json() == {"ended": 1}
    assert httpx.get(link, trust_env=False).status_code == 404
