"""Error messages quote only a part of long values, so their length is bounded."""

from __future__ import annotations

import json

import pytest

from mturk_mock import MTurkError, Snapshot, parse_answers
from mturk_mock.questions import HTMLQuestion
from tests.helpers import (
    NOW,
    accepted,
    create_hit,
    error_of,
    external_question,
    html_question,
    question_form,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

LONG = "x" * 60_000
CUT = "x" * 200 + "…"
RADIOS = "".join(f"<input type=radio name=a value={n}>" for n in range(1_500))
BOXES = "".join(f"<input name=f{n}>" for n in range(2_000))
NAMES = ", ".join(f"f{n}" for n in range(2_000))[:200] + "…"


# The service's errors -----------------------------------------------------------------------


@pytest.mark.parametrize("value", ["&", "&<", "<body>", "<form>", '<p a="b"c>'])
def test_message_of_a_layout_value_is_bounded(mturk, mturk_client, value):
    """A layout's value of 60,000 characters gives a message of at most 10,000."""
    layout = mturk.add_layout("<body>${a}")
    text = value * (60_000 // len(value))
    refusal = error_of(
        lambda: create_hit(
            mturk_client,
            Question=None,
            HITLayoutId=layout,
            HITLayoutParameters=[{"Name": "a", "Value": text}],
        )
    )

    assert len(refusal.message) < 10_000
    assert refusal.message.endswith(f" Invalid content: <body>{text[:4994]}…")


def test_message_of_missing_layout_parameters_is_bounded(mturk, mturk_client):
    """The names of missing parameters are listed up to 200 characters."""
    layout = mturk.add_layout("".join(f"${{f{n}}}" for n in range(2_000)))
    refusal = error_of(lambda: create_hit(mturk_client, Question=None, HITLayoutId=layout))

    assert refusal.message.endswith(f" Missing parameter names: {NAMES}")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (f"<{LONG}/>", f"Cannot find the declaration of element '{CUT}'. At line 1, column 1: "),
        (
            external_question().replace("<FrameHeight>", f"<FrameHeight>{LONG}"),
            f"'{CUT}' is not a valid value for 'integer'. At line 1, column ",
        ),
        (
            external_question().replace("<FrameHeight>", f"<{LONG}/><FrameHeight>"),
            f"Invalid content was found starting with element '{CUT}'. One of ",
        ),
        (
            external_question().replace("<FrameHeight>", f'<FrameHeight {LONG}="">'),
            f"the attribute, '{CUT}' was found. At line 1, column ",
        ),
    ],
    ids=["root", "value", "element", "attribute"],
)
def test_message_of_a_document_is_bounded(mturk_client, question, told):
    """A name or a value in a document is quoted up to 200 characters."""
    refusal = error_of(lambda: create_hit(mturk_client, Question=question))

    assert told in refusal.message
    assert len(refusal.message) < 2_000


def test_message_of_an_invalid_value_is_bounded(mturk_client):
    """A value that the service refuses is quoted up to 5,000 characters."""
    url = "http://" + LONG
    refusal = error_of(lambda: create_hit(mturk_client, Question=external_question(url)))

    assert f'The value "{url[:5000]}…" is not valid for' in refusal.message


def test_message_of_validation_is_bounded(mturk_client):
    """A value that breaks a constraint is quoted up to 1,000 characters."""
    refusal = error_of(lambda: mturk_client.get_hit(HITId=LONG))

    assert f"Value '{LONG[:999]}… at 'hITId' failed to satisfy" in refusal.message


# Our own errors -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "fields", "message"),
    [
        (BOXES, {LONG: "1"}, f"the page has no field 'xxx; its form has {NAMES}"),
        (RADIOS, {"a": LONG}, "field 'a' takes "),
        ("<input type=email name=a>", {"a": LONG}, "field 'a' takes an e-mail address, not 'xxx"),
        ("<input name=a>", {"a": [LONG]}, "field 'a' takes text or a number, not ['xxx"),
        (f"<input name={LONG} required>", {}, "field 'xxx is required, but missing"),
    ],
    ids=["names", "choices", "value", "type", "required"],
)
def test_message_of_a_form_is_bounded(mturk, mturk_client, page, fields, message):
    """A field's name, its value and its choices are quoted up to 200 characters."""
    assignment = accepted(
        mturk_client, mturk.worker(), Question=html_question(f"<form>{page}</form>")
    )
    with pytest.raises((TypeError, ValueError)) as refused:
        assignment.submit(fields)

    told = str(refused.value).replace("x" * 199 + "…", "xxx").replace("x" * 198 + "…", "xxx")
    assert told.startswith(message)
    assert len(told) < 1_000


def test_message_of_a_question_form_is_bounded(mturk, mturk_client):
    """The name of an unknown question is quoted up to 200 characters."""
    assignment = accepted(mturk_client, mturk.worker(), Question=question_form(name=None))
    with pytest.raises(ValueError, match=r"^the QuestionForm has no question 'x{199}…; it has"):
        assignment.submit({LONG: "1"})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({LONG: 1}, f"{CUT}: unknown member; allowed are "),
        ({"now": LONG}, f"now: must be a time with its zone, such as '2026-01-31T12:00:00Z', "
                        f"not '{CUT[1:]}"),
        ({"seed": [1] * 20_000}, "seed: must be a whole number, not [1, 1, "),
    ],
    ids=["member", "text", "list"],
)  # fmt: skip
def test_message_of_a_snapshot_is_bounded(tmp_path, content, message):
    """A snapshot's member and its value are quoted up to 200 characters."""
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"version": 1, **content}))
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        Snapshot.load(path)

    assert str(refused.value).startswith(f"{path}: {message}")
    assert len(str(refused.value)) < 500 + len(str(path))


@pytest.mark.parametrize("make", [HTMLQuestion, parse_answers])
def test_message_about_a_nested_value_is_bounded(make):
    """A value that is nested too deep for `repr()` is named by its type."""
    value: list = []
    for _ in range(200_000):
        value = [value]

    with pytest.raises(TypeError, match=r"not a list that is nested too deep$"):
        make(value)


def test_message_of_an_unknown_assignment_is_bounded(mturk):
    """The errors that workers get are bounded, too."""
    with pytest.raises(MTurkError) as refused:
        mturk.worker().accept(LONG)

    assert len(str(refused.value)) < 6_000
