"""The results file of the requester website: its columns and their content."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from mturk_mock.core.clock import from_datetime
from mturk_mock.web.results_file import pacific_time
from tests.crowds import CLASSIFIER, DAY, FORM
from tests.helpers import external_question, hit_params, html_question, publish, question_form

#: 08:41:39 in Seattle, on a Wednesday.
START = datetime(2016, 2, 10, 16, 41, 39, tzinfo=timezone.utc)

pytestmark = pytest.mark.mock_mturk(seed=1, now=START)

HEADER = (
    "HITId,HITTypeId,Title,Description,Keywords,Reward,CreationTime,MaxAssignments,"
    "RequesterAnnotation,AssignmentDurationInSeconds,AutoApprovalDelayInSeconds,Expiration,"
    "NumberOfSimilarHITs,LifetimeInSeconds,AssignmentId,WorkerId,AssignmentStatus,AcceptTime,"
    "SubmitTime,AutoApprovalTime,ApprovalTime,RejectionTime,RequesterFeedback,WorkTimeInSeconds,"
    "LifetimeApprovalRate,Last30DaysApprovalRate,Last7DaysApprovalRate"
)
COLUMNS = HEADER.split(",")


def rows_of(mturk, hit_type_id=None):
    """Return the rows of the file of a HIT type, by default that of the first HIT."""
    text = mturk.results_csv(hit_type_id or mturk.hits[0].hit_type_id)
    return list(csv.DictReader(io.StringIO(text)))


def columns_of(mturk):
    """Return the names of the columns of inputs and answers."""
    text = mturk.results_csv(mturk.hits[0].hit_type_id)
    header = next(csv.reader(io.StringIO(text)))
    assert (header[: len(COLUMNS)], header[-2:]) == (COLUMNS, ["Approve", "Reject"])
    return header[len(COLUMNS) : -2]


def test_results_csv_has_the_columns_of_the_site(mturk, mturk_client):
    """The file has all columns, quotes every field, and has a line for each assignment."""
    ids = {"HIT": "3HIT", "HITType": "3TYPE", "Assignment": "3ASSIGNMENT"}
    for kind, id_ in ids.items():
        mturk.next_id(kind, id_)
    publish(
        mturk_client,
        Title='A "title", quoted',
        Keywords="one, two",
        Reward="0.05",
        MaxAssignments=2,
        RequesterAnnotation="BatchId:1;",
        LifetimeInSeconds=7 * 86400,
        AutoApprovalDelayInSeconds=3600,
        Question=external_question(),
    )
    assignment = mturk.worker("AWORKER").accept("3HIT")
    mturk.clock.advance(seconds=65.9)
    assignment.submit({"label": "cat", "comment": "a\nb"})
    mturk.clock.advance(minutes=1)
    mturk_client.approve_assignment(AssignmentId="3ASSIGNMENT", RequesterFeedback="Thanks")

    header = ",".join(f'"{name}"' for name in COLUMNS)
    assert mturk.results_csv("3TYPE") == (
        f'{header},"Answer.label","Answer.comment","Approve","Reject"\n'
        '"3HIT","3TYPE","A ""title"", quoted","A description","one, two","$0.05",'
        '"Wed Feb 10 08:41:39 PST 2016","2","BatchId:1;","600","3600",'
        '"Wed Feb 17 08:41:39 PST 2016","","","3ASSIGNMENT","AWORKER","Approved",'
        '"Wed Feb 10 08:41:39 PST 2016","Wed Feb 10 08:42:44 PST 2016",'
        '"Wed Feb 10 09:42:44 PST 2016","Wed Feb 10 08:43:44 PST 2016","","Thanks","65",'
        '"100% (1/1)","100% (1/1)","100% (1/1)","cat","a\nb","",""\n'
    )


def test_results_csv_of_rejected_work(mturk, mturk_client):
    """A rejected assignment has a RejectionTime and no ApprovalTime."""
    assignment = mturk.worker().accept(publish(mturk_client)).submit({"x": "1"})
    mturk_client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback="No")
    (row,) = rows_of(mturk)

    assert row["AssignmentStatus"] == "Rejected"
    assert (row["ApprovalTime"], row["RejectionTime"]) == ("", "Wed Feb 10 08:41:39 PST 2016")
    assert (row["RequesterFeedback"], row["LifetimeApprovalRate"]) == ("No", "0% (0/1)")


def test_results_csv_has_submitted_work_only(mturk, mturk_client):
    """Assignments that are Accepted, Returned or Abandoned are not in the file."""
    hit_id = publish(mturk_client, MaxAssignments=5)
    mturk.worker().accept(hit_id)
    mturk.worker().accept(hit_id).return_hit()
    submitted = mturk.worker().accept(hit_id).submit({"x": "1"})
    (row,) = rows_of(mturk)

    assert (row["AssignmentId"], row["AssignmentStatus"]) == (submitted.id, "Submitted")
    assert (row["RequesterAnnotation"], row["RequesterFeedback"]) == ("", "")


def test_results_csv_without_work_has_columns(mturk, mturk_client):
    """Without assignments the file has columns and no rows."""
    publish(mturk_client)

    assert rows_of(mturk) == []
    assert columns_of(mturk) == []


def test_results_csv_has_all_hits_of_the_type_and_no_other(mturk, mturk_client):
    """The oldest HIT and its first submission come first; deleted HITs are included."""
    ids = [publish(mturk_client, MaxAssignments=2) for _ in range(2)]
    other = publish(mturk_client, Title="Other", MaxAssignments=2)
    workers = [mturk.worker(), mturk.worker()]
    for hit_id in (*reversed(ids), other):
        for worker in workers:
            worker.accept(hit_id).submit({"x": "1"})
    for each in mturk.hits[0].assignments:
        mturk_client.approve_assignment(AssignmentId=each.id)
    mturk_client.delete_hit(HITId=ids[0])

    assert [(row["HITId"], row["WorkerId"]) for row in rows_of(mturk)] == [
        (hit_id, worker.id) for hit_id in ids for worker in workers
    ]


def test_results_csv_of_any_requester(mturk):
    """The HIT type can belong to any requester."""
    client = mturk.requester("other").client(sandbox=True)
    mturk.client().list_hits()
    mturk.worker().accept(publish(client)).submit({"x": "1"})

    assert len(rows_of(mturk)) == 1


def test_results_csv_of_an_unknown_type_is_refused(mturk):
    """The error says which operations return a HITTypeId."""
    with pytest.raises(ValueError) as refusal:  # noqa: PT011
        mturk.results_csv("3UNKNOWN")

    assert str(refusal.value) == (
        "results_csv() takes a HITTypeId, but there is no HIT type '3UNKNOWN'. "
        "CreateHITType and CreateHIT return the HITTypeId"
    )


def test_results_csv_is_written(mturk, mturk_client, tmp_path):
    """The file at `path` has the returned text, as UTF-8."""
    mturk.worker().accept(publish(mturk_client)).submit({"x": "Käfer\n"})
    path = tmp_path / "results.csv"
    text = mturk.results_csv(mturk.hits[0].hit_type_id, path=path)

    assert path.read_bytes() == text.encode()
    assert "Käfer" in text


# Input and answers ----------------------------------------------------------------------------


def test_results_csv_has_layout_parameters(mturk, mturk_client):
    """Each layout parameter has a column Input.*, in their order."""
    layout_id = mturk.add_layout("<!DOCTYPE html><html><body>${image_url} ${name}</body></html>")
    parameters = [{"Name": "image_url", "Value": "1.png"}, {"Name": "name", "Value": "Rex"}]
    params = hit_params(HITLayoutId=layout_id, HITLayoutParameters=parameters)
    del params["Question"]
    hit_id = mturk_client.create_hit(**params)["HIT"]["HITId"]
    mturk.worker().accept(hit_id).submit({"label": "dog"}, check=False)
    (row,) = rows_of(mturk)

    assert columns_of(mturk) == ["Input.image_url", "Input.name", "Answer.label"]
    assert (row["Input.image_url"], row["Input.name"], row["Answer.label"]) == (
        "1.png",
        "Rex",
        "dog",
    )


def answers_of(mturk, client, question, *answers):
    """Return the Answer.* columns of each row after workers have answered a question."""
    hit_id = publish(client, Question=question, MaxAssignments=9)
    for answer in answers:
        mturk.worker().accept(hit_id).submit(answer, check=False)
    names = columns_of(mturk)
    return [{name: row[name] for name in names} for row in rows_of(mturk)]


def test_results_csv_joins_selections(mturk, mturk_client):
    """Selections are joined by "|", followed by the other text."""
    rows = answers_of(
        mturk,
        mturk_client,
        FORM,
        {"label": ["cat", "dog"], "why": "so"},
        {"label": {"selections": ["cat"], "other": "cow"}, "why": ""},
        {"label": []},
    )

    assert rows == [
        {"Answer.label": "cat|dog", "Answer.why": "so"},
        {"Answer.label": "cat|cow", "Answer.why": ""},
        {"Answer.label": "", "Answer.why": ""},
    ]


def test_results_csv_has_a_column_for_each_answered_field(mturk, mturk_client):
    """A missing answer is empty; columns are in the order of their first answer."""
    rows = answers_of(mturk, mturk_client, external_question(), {"b": "1"}, {"a": "2", "b": "3"})

    assert rows == [{"Answer.b": "1", "Answer.a": ""}, {"Answer.b": "3", "Answer.a": "2"}]


def test_results_csv_has_the_fields_of_a_crowd_form(mturk, mturk_client):
    """With answer-format="flatten-objects": members of objects after a dot.

    Lists of texts are joined, all else is JSON.
    """
    sent = {
        "animal": {"label": "cat", "sure": True},
        "colours": {"labels": ["red", "blue"]},
        "boxes": {"boundingBoxes": [{"left": 1}], "inputImageProperties": {"width": 640}},
    }
    text = '[{"animal": {"label": "cat"}, "size": 3}]'
    flat = CLASSIFIER.replace("<crowd-form>", '<crowd-form answer-format="flatten-objects">')
    rows = answers_of(
        mturk, mturk_client, flat, {"taskAnswers": text}, {"animal": {"label": "dog"}}
    )
    assert rows == [
        {"Answer.animal.label": "cat", "Answer.size": "3"},
        {"Answer.animal.label": "dog", "Answer.size": ""},
    ]

    page = html_question("<crowd-form answer-format='flatten-objects'></crowd-form>")
    hit_id = publish(mturk_client, Question=page, Title="Boxes")
    mturk.worker().accept(hit_id).submit(sent, check=False)
    (row,) = rows_of(mturk, mturk.hits[1].hit_type_id)
    assert {name: value for name, value in row.items() if name.startswith("Answer.")} == {
        "Answer.animal.label": "cat",
        "Answer.animal.sure": "true",
        "Answer.colours.labels": "red|blue",
        "Answer.boxes.boundingBoxes": '[{"left": 1}]',
        "Answer.boxes.inputImageProperties.width": "640",
    }


@pytest.mark.parametrize("question", [CLASSIFIER, external_question()])
def test_results_csv_of_a_crowd_form_has_one_column(mturk, mturk_client, question):
    """Without answer-format="flatten-objects": "one column Answer.taskAnswers". [observed]"""
    text = '[{"animal": {"label": "cat"}}]'
    rows = answers_of(mturk, mturk_client, question, {"taskAnswers": text})

    assert rows == [{"Answer.taskAnswers": text}]


def test_results_csv_has_task_answers_that_are_none(mturk, mturk_client):
    """A field "taskAnswers" whose text is not JSON is an ordinary field."""
    rows = answers_of(mturk, mturk_client, external_question(), {"taskAnswers": "no JSON"})

    assert rows == [{"Answer.taskAnswers": "no JSON"}]


def test_results_csv_with_a_lone_surrogate(mturk, mturk_client, tmp_path):
    """A lone surrogate is a question mark, as in Java. [assumed]"""
    page = html_question("<crowd-form answer-format='flatten-objects'></crowd-form>")
    hit_id = publish(mturk_client, Question=page, RequesterAnnotation="a \ud800 \U0001f600")
    mturk.worker().accept(hit_id).submit({"it": "\udfff b"}, check=False)
    path = tmp_path / "results.csv"
    text = mturk.results_csv(mturk.hits[0].hit_type_id, path=path)

    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["RequesterAnnotation"], row["Answer.it"]) == ("a ? \U0001f600", "? b")
    assert path.read_text(encoding="utf-8") == text


def test_results_csv_has_the_key_of_a_file(mturk, mturk_client):
    """The answer with a file is its key."""
    form = question_form(photo=None).replace(
        "<FreeTextAnswer/>",
        "<FileUploadAnswer><MaxFileSizeInBytes>9</MaxFileSizeInBytes>"
        "<MinFileSizeInBytes>1</MinFileSizeInBytes></FileUploadAnswer>",
    )
    rows = answers_of(mturk, mturk_client, form, {"photo": b"123"})

    assert rows == [{"Answer.photo": f"{mturk.assignments[0].id}/photo"}]


# Approval rates -------------------------------------------------------------------------------


def rates(mturk, worker):
    """Return the three approval rates of a worker in the file."""
    row = next(row for row in rows_of(mturk) if row["WorkerId"] == worker.id)
    return tuple(row[f"{name}ApprovalRate"] for name in ("Lifetime", "Last30Days", "Last7Days"))


def test_results_csv_has_approval_rates(mturk, mturk_client):
    """The rates are over all reviews of the requester, and those of the last 30 and 7 days."""
    worker = mturk.worker(approved=100)

    def review(approve):
        work = worker.accept(publish(mturk_client)).submit({"x": "1"})
        if approve:
            mturk_client.approve_assignment(AssignmentId=work.id)
        else:
            mturk_client.reject_assignment(AssignmentId=work.id, RequesterFeedback="No")

    worker.accept(publish(mturk_client)).submit({"x": "1"})
    assert rates(mturk, worker) == ("0% (0/0)",) * 3
    review(False)
    mturk.clock.advance(days=23)
    review(True)
    mturk.clock.advance(seconds=7 * DAY - 1)
    review(True)
    assert rates(mturk, worker) == ("66% (2/3)", "66% (2/3)", "100% (2/2)")
    mturk.clock.advance(seconds=2)

    # The work of the first day was approved by itself a second ago.
    assert rates(mturk, worker) == ("75% (3/4)", "100% (3/3)", "100% (2/2)")


def test_results_csv_counts_the_requester_s_reviews_only(mturk, mturk_client):
    """Reviews of other requesters do not count."""
    worker = mturk.worker()
    worker.accept(publish(mturk_client)).submit({"x": "1"})
    other = mturk.requester("other").client()
    work = worker.accept(publish(other)).submit({"x": "1"})
    other.approve_assignment(AssignmentId=work.id)

    assert rates(mturk, worker) == ("0% (0/0)",) * 3


def test_results_csv_counts_an_override_as_approved(mturk, mturk_client):
    """An overridden rejection counts as an approval."""
    worker = mturk.worker()
    work = worker.accept(publish(mturk_client)).submit({"x": "1"})
    mturk_client.reject_assignment(AssignmentId=work.id, RequesterFeedback="No")
    mturk_client.approve_assignment(AssignmentId=work.id, OverrideRejection=True)

    assert rates(mturk, worker) == ("100% (1/1)",) * 3


# Times ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2016-02-10T16:41:39+00:00", "Wed Feb 10 08:41:39 PST 2016"),
        ("2016-07-04T07:00:00+00:00", "Mon Jul 04 00:00:00 PDT 2016"),
        ("2026-03-08T09:59:59+00:00", "Sun Mar 08 01:59:59 PST 2026"),
        ("2026-03-08T10:00:00+00:00", "Sun Mar 08 03:00:00 PDT 2026"),
        ("2026-11-01T08:59:59+00:00", "Sun Nov 01 01:59:59 PDT 2026"),
        ("2026-11-01T09:00:00+00:00", "Sun Nov 01 01:00:00 PST 2026"),
        ("2026-01-01T07:59:59+00:00", "Wed Dec 31 23:59:59 PST 2025"),
        ("2026-01-23T20:00:00+00:00", "Fri Jan 23 12:00:00 PST 2026"),
        ("2026-04-21T19:00:00+00:00", "Tue Apr 21 12:00:00 PDT 2026"),
        ("2026-05-14T19:00:00+00:00", "Thu May 14 12:00:00 PDT 2026"),
        ("2026-06-20T19:00:00+00:00", "Sat Jun 20 12:00:00 PDT 2026"),
        ("2026-08-30T19:00:00+00:00", "Sun Aug 30 12:00:00 PDT 2026"),
        ("2026-09-16T19:00:00+00:00", "Wed Sep 16 12:00:00 PDT 2026"),
        ("2026-10-26T19:00:00+00:00", "Mon Oct 26 12:00:00 PDT 2026"),
    ],
)
def test_time_of_the_site(moment, text):
    """Times are Pacific, with daylight saving time, in English."""
    assert pacific_time(from_datetime(datetime.fromisoformat(moment))) == text


def test_time_of_the_site_agrees_with_the_time_zone():
    """Times agree with the machine's time zone data for thirty years, every fifty hours."""
    try:
        zone = ZoneInfo("America/Los_Angeles")
    except ZoneInfoNotFoundError:
        pytest.skip("no time zone data")
    moment = datetime(2007, 1, 1, tzinfo=timezone.utc)
    while moment.year < 2037:
        local = moment.astimezone(zone)
        assert f" {local:%d %H:%M:%S %Z %Y}" in pacific_time(from_datetime(moment))
        moment += timedelta(hours=50)
